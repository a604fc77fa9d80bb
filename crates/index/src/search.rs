//! Finds the records that fit a query, in the order of the sources, beginning behind any of them.
//!
//! Nothing is ranked. A record found by the tables is looked at again unless the word table alone has
//! answered, so that every hit fits the whole query. Parts of a filter that leave few records are drawn
//! together with the query; the rest is looked at record by record.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};
use text::{Form, Leaf, Node, Query, Rule, find_numbers};

use crate::error::IndexError;
use crate::filter::Filter;
use crate::found::{Hits, hit, means, share_a_field};
use crate::page::LONGEST_PAGE;
use crate::plan::{Check, near, plan};
use crate::reader::steps;
use crate::row::{Line, RecordNumber};
use crate::streams::Source;
use crate::wanted::{Condition, Wanted, Way};

/// Most records that one search looks at; then it gives what it has, and where to go on.
const MOST_LOOKED_AT: usize = 50_000;
/// Most records of a filter that are drawn at once.
const MOST_GIVEN: i64 = 100_000;

/// The hits behind a record.
pub(crate) fn search(
    db: &Connection,
    query: &Query,
    filter: &Filter,
    after: Option<RecordNumber>,
    limit: usize,
) -> Result<Hits, IndexError> {
    let limit = limit.clamp(1, LONGEST_PAGE);
    let Some(root) = &query.root else { return Ok(Hits::default()) };
    let Some(wanted) = Wanted::new(db, filter)? else { return Ok(Hits::default()) };
    let plan = plan(root);
    let (mut source, filtered) = match few(db, &wanted)? {
        Some(numbers) => (Source::Both(vec![Source::Given(numbers), plan.source]), true),
        None => (plan.source, wanted.is_everything()),
    };
    let conditions = if filtered {
        Condition::all([&wanted.once], "record")
    } else {
        let of_time = wanted.of_time();
        Condition::all(wanted.conditions().chain([&of_time, &wanted.once]), "record")
    };
    let mut candidates = Candidates { db, checks: plan.checks, conditions };
    let mut hits = Hits::default();
    let mut from = after.map_or(i64::MIN, |after| after.0.saturating_add(1));
    let mut looked_at: usize = 0;
    while let Some(number) = source.first_from(db, from)? {
        from = number.saturating_add(1);
        looked_at = looked_at.saturating_add(1);
        if looked_at > MOST_LOOKED_AT {
            hits.next = Some(RecordNumber(number.saturating_sub(1)));
            break;
        }
        if !candidates.fits(number)? {
            continue;
        }
        let line = line(db, number)?;
        let steps = steps(db, line.file.0)?;
        hits.hits.push(hit(line, &steps, query));
        if hits.hits.len() >= limit {
            hits.next = Some(RecordNumber(number));
            break;
        }
    }
    Ok(hits)
}

fn line(db: &Connection, number: i64) -> Result<Line, IndexError> {
    let select = format!("SELECT order_ms, id, {} FROM record WHERE id = ?", Line::COLUMNS);
    let mut statement = db.prepare_cached(&select)?;
    let mut rows = statement.query([number])?;
    rows.next()?.map_or(Err(IndexError::Damaged), Line::from_row)
}

/// The records of a filter in ascending order, if they are few.
fn few(db: &Connection, wanted: &Wanted) -> Result<Option<Vec<i64>>, IndexError> {
    let narrow = wanted.at_most <= MOST_GIVEN;
    if wanted.is_everything() || !(narrow || wanted.time.is_some()) {
        return Ok(None);
    }
    let mut numbers: Vec<i64> = Vec::new();
    for (from, number, condition) in readings(wanted) {
        let most = MOST_GIVEN.saturating_add(1);
        let select = format!("SELECT {number} FROM {from} WHERE {} LIMIT {most}", condition.sql);
        let mut statement = db.prepare_cached(&select)?;
        let rows = statement.query_map(params_from_iter(condition.values), |row| row.get(0))?;
        for number in rows {
            numbers.push(number?);
        }
        if numbers.len() as u64 > MOST_GIVEN.unsigned_abs() {
            return Ok(None);
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(Some(numbers))
}

/// The ways of a filter. A time that can be read in two ways may lie in the range with either; each has its
/// index.
fn readings(wanted: &Wanted) -> Vec<(&'static str, &'static str, Condition)> {
    let mut readings = Vec::new();
    for way in &wanted.ways {
        let first = wanted.time.map(|range| way.within(range)).unwrap_or_default();
        let conditions = [&way.condition, &first].into_iter().chain(&wanted.beside);
        readings.push((way.from, way.number, Condition::all(conditions, "record")));
    }
    if let Some(range) = wanted.time {
        let sql = "record.second_ms >= ? AND record.second_ms < ?".to_owned();
        let values = [range.from_ms, range.until_ms].map(Value::Integer).to_vec();
        let (way, second) = (Way::by_second(), Condition { sql, values });
        let conditions = std::iter::once(&second).chain(wanted.conditions());
        readings.push((way.from, way.number, Condition::all(conditions, "record")));
    }
    readings
}

/// Looks at candidates.
struct Candidates<'a> {
    db: &'a Connection,
    checks: Vec<Check<'a>>,
    /// What of the filter must still hold.
    conditions: Condition,
}

impl Candidates<'_> {
    fn fits(&mut self, number: i64) -> Result<bool, IndexError> {
        if !self.conditions.is_empty() {
            let select = format!("SELECT 1 FROM record WHERE record.id = ? AND {}", self.conditions.sql);
            let values = std::iter::once(Value::Integer(number)).chain(self.conditions.values.clone());
            let mut statement = self.db.prepare_cached(&select)?;
            if !statement.exists(params_from_iter(values))? {
                return Ok(false);
            }
        }
        if self.checks.is_empty() {
            return Ok(true);
        }
        let mut select = self.db.prepare_cached("SELECT text FROM shadow WHERE id = ?")?;
        let mut rows = select.query([number])?;
        let Some(row) = rows.next()? else { return Ok(false) };
        let shadow = row.get_ref(0)?.as_str().map_err(|_| IndexError::Damaged)?;
        let record = Looked { db: self.db, number, shadow };
        for check in &self.checks {
            let holds = match check {
                Check::Whole(node) => record.holds(node)?,
                Check::OneField(left, right) => share_a_field(record.shadow, left, right),
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A record being looked at.
struct Looked<'a> {
    db: &'a Connection,
    number: i64,
    shadow: &'a str,
}

impl Looked<'_> {
    fn holds(&self, node: &Node) -> Result<bool, IndexError> {
        match node {
            Node::Leaf(leaf) => self.any_form(leaf),
            Node::And(nodes) => {
                for node in nodes {
                    if !self.holds(node)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Node::Or(nodes) => {
                for node in nodes {
                    if self.holds(node)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Node::Not(node) => Ok(!self.holds(node)?),
            Node::Near(left, right, words) => match near(left, right, *words) {
                Some(expression) => {
                    Ok(share_a_field(self.shadow, left, right) && self.has_words(&expression)?)
                }
                None => Ok(self.any_form(left)? && self.any_form(right)?),
            },
        }
    }

    fn any_form(&self, leaf: &Leaf) -> Result<bool, IndexError> {
        for form in &leaf.forms {
            if self.form(leaf, form)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn form(&self, leaf: &Leaf, form: &Form) -> Result<bool, IndexError> {
        match (form.rule, form.fts(), &leaf.number) {
            (Rule::Word, Some(expression), _) => self.has_words(&expression),
            (Rule::Number, _, Some(number)) => {
                Ok(find_numbers(self.shadow).iter().any(|(_, key)| means(leaf, number, key)))
            }
            _ => Ok(self.shadow.contains(&form.text)),
        }
    }

    fn has_words(&self, expression: &str) -> Result<bool, IndexError> {
        let select = "SELECT 1 FROM words WHERE words MATCH ?1 AND rowid = ?2";
        let mut statement = self.db.prepare_cached(select)?;
        Ok(statement.query_row(params![expression, self.number], |_| Ok(())).optional()?.is_some())
    }
}
