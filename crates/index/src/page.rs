//! Records page by page, in the order of time; those without a time come last, and what has the same time
//! comes in the order of the sources.
//!
//! A page begins behind a cursor, never after so many records, so the last page costs what the first one
//! does. A record whose time can be read in two ways stands at the first reading, also when only the second
//! lies in the range asked for.

use rusqlite::types::Value;
use rusqlite::{Connection, Rows, params_from_iter};

use crate::error::IndexError;
use crate::filter::Filter;
use crate::row::{Line, RecordNumber};
use crate::wanted::{Condition, Wanted, Way};

/// Most records of a page.
pub(crate) const LONGEST_PAGE: usize = 10_000;

/// A place between two records in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Cursor {
    /// The time of the record before it; the greatest number for one without time.
    pub order_ms: i64,
    /// The record before it.
    pub number: RecordNumber,
}

/// A page of records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records.
    pub lines: Vec<Line>,
    /// Where the next page begins; nothing if this is the last.
    pub next: Option<Cursor>,
}

/// The page behind a cursor.
pub(crate) fn page(
    db: &Connection,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page, IndexError> {
    let limit = limit.clamp(1, LONGEST_PAGE);
    let Some(wanted) = Wanted::new(db, filter)? else { return Ok(Page::default()) };
    // One more than asked for shows whether there is a next page.
    let mut found = merged(db, &walks(&wanted, after, limit.saturating_add(1)), limit.saturating_add(1))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(cursor, _)| *cursor);
    Ok(Page { lines: found.into_iter().map(|(_, line)| line).collect(), next })
}

/// One statement for each way, and for each reading of a time.
fn walks(wanted: &Wanted, after: Option<Cursor>, most: usize) -> Vec<Condition> {
    let mut walks: Vec<Condition> = Vec::new();
    for way in &wanted.ways {
        let (order_ms, mut of_time) = (way.order_ms, Condition::default());
        if let Some(range) = wanted.time {
            // One lower end, or the database may begin at the lower of two.
            let from = after.map_or(range.from_ms, |cursor| cursor.order_ms.max(range.from_ms));
            of_time.sql = format!("{order_ms} >= ? AND {order_ms} < ?");
            of_time.values = [from, range.until_ms].map(Value::Integer).to_vec();
        }
        let conditions = [&way.condition, &of_time].into_iter().chain(&wanted.beside);
        walks.push(walk(way, conditions, after, most));
    }
    if let Some(range) = wanted.time {
        let way = Way::by_second();
        let outside = "record.second_ms >= ? AND record.second_ms < ?
                       AND NOT (record.order_ms >= ? AND record.order_ms < ?)";
        let ends = [range.from_ms, range.until_ms, range.from_ms, range.until_ms];
        let outside = Condition { sql: outside.to_owned(), values: ends.map(Value::Integer).to_vec() };
        walks.push(walk(&way, std::iter::once(&outside).chain(wanted.conditions()), after, most));
    }
    walks
}

/// The lines of a way behind a cursor.
fn walk<'c>(
    way: &Way,
    conditions: impl Iterator<Item = &'c Condition>,
    after: Option<Cursor>,
    most: usize,
) -> Condition {
    let Way { from, order_ms, number, .. } = way;
    let mut behind = Condition::default();
    if let Some(cursor) = after {
        behind.sql = format!("({order_ms}, {number}) > (?, ?)");
        behind.values = [cursor.order_ms, cursor.number.0].map(Value::Integer).to_vec();
    }
    let all: Vec<Condition> = conditions.cloned().chain([behind]).collect();
    let mut walk = Condition::all(&all, "record");
    walk.sql = format!(
        "SELECT {}, {order_ms} FROM {from} WHERE {} ORDER BY {order_ms}, {number} LIMIT {most}",
        Line::COLUMNS,
        walk.sql
    );
    walk
}

/// What several walks give, in order, each record once. A walk is stepped only as far as it is needed.
fn merged(db: &Connection, walks: &[Condition], most: usize) -> Result<Vec<(Cursor, Line)>, IndexError> {
    let mut statements = Vec::with_capacity(walks.len());
    for walk in walks {
        statements.push((db.prepare_cached(&walk.sql)?, walk));
    }
    let mut heads = Vec::with_capacity(walks.len());
    for (statement, walk) in &mut statements {
        let mut rows = statement.query(params_from_iter(&walk.values))?;
        let head = next(&mut rows)?;
        heads.push((head, rows));
    }
    let mut lines: Vec<(Cursor, Line)> = Vec::new();
    while lines.len() < most {
        let least = heads.iter().filter_map(|(head, _)| head.as_ref().map(|(cursor, _)| *cursor)).min();
        let Some(least) = least else { break };
        for (head, rows) in &mut heads {
            if head.as_ref().is_some_and(|(cursor, _)| *cursor == least) {
                let next = next(rows)?;
                let line = std::mem::replace(head, next);
                if lines.last().is_none_or(|(last, _)| *last != least) {
                    lines.extend(line);
                }
            }
        }
    }
    Ok(lines)
}

fn next(rows: &mut Rows<'_>) -> Result<Option<(Cursor, Line)>, IndexError> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let line = Line::from_row(row)?;
    Ok(Some((Cursor { order_ms: row.get(7)?, number: line.number }, line)))
}
