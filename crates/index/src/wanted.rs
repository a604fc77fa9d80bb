//! A filter as SQL, and which way through the tables finds its records soonest.
//!
//! Every way gives its records in the order of time, so a page costs what stands on it, not what lies before.
//! The ways chosen are those of the member of the filter with the fewest records by the figures of the index;
//! what else is asked for is then looked at record by record. Conditions are templates in which `$` stands
//! for the record.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::IndexError;
use crate::filter::{Attachments, Doubles, Filter, Located, NearPoint, TimeRange};
use crate::places;
use crate::schema::KINDS;

/// Most ways that are walked side by side.
const MOST_WAYS: usize = 96;

/// A way through the tables in the order of time.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// The tables; `record` is one of them.
    pub(crate) from: &'static str,
    /// The column with the time that orders it.
    pub(crate) order_ms: &'static str,
    /// The column with the number of the record.
    pub(crate) number: &'static str,
    /// What keeps to the way, with its values.
    pub(crate) condition: Condition,
}

/// A condition with its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Condition {
    /// SQL with `$` for the record; empty if there is none.
    pub(crate) sql: String,
    /// The values, in order.
    pub(crate) values: Vec<Value>,
}

/// One thing that is asked for.
struct Member {
    condition: Condition,
    /// Ways that together give every record that fits it.
    ways: Vec<Way>,
    /// At most so many records lie on them.
    at_most: i64,
}

/// A filter as SQL.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The ways to go; a record may lie on several.
    pub(crate) ways: Vec<Way>,
    /// What the ways do not see to.
    pub(crate) beside: Vec<Condition>,
    /// What the ways see to, as a condition.
    pub(crate) seen_to: Condition,
    /// That a message with several sources comes once.
    pub(crate) once: Condition,
    /// The range of time, which pages and searches put into SQL each in their way.
    pub(crate) time: Option<TimeRange>,
    /// At most so many records are gone through.
    pub(crate) at_most: i64,
}

impl Condition {
    fn of(sql: &str, values: Vec<Value>) -> Self {
        Self { sql: sql.to_owned(), values }
    }

    /// Whether everything fits.
    pub(crate) fn is_empty(&self) -> bool {
        self.sql.is_empty() || self.sql == "1"
    }

    /// All of these for a record under this name; `1` if there is nothing to hold.
    pub(crate) fn all<'c>(conditions: impl IntoIterator<Item = &'c Self>, record: &str) -> Self {
        let (mut parts, mut values) = (Vec::new(), Vec::new());
        for condition in conditions.into_iter().filter(|condition| !condition.sql.is_empty()) {
            parts.push(format!("({})", condition.sql.replace('$', record)));
            values.extend(condition.values.iter().cloned());
        }
        if parts.is_empty() { Self::of("1", values) } else { Self { sql: parts.join(" AND "), values } }
    }
}

impl Way {
    /// All records.
    fn everything() -> Self {
        Self::index("record INDEXED BY record_by_time", Condition::default())
    }

    /// Records with a point on the earth.
    fn points(condition: Condition) -> Self {
        Self {
            from: "point CROSS JOIN record ON record.id = point.record",
            order_ms: "point.order_ms",
            number: "point.record",
            condition,
        }
    }

    /// That the first reading lies in a range.
    pub(crate) fn within(&self, range: TimeRange) -> Condition {
        let sql = format!("{0} >= ? AND {0} < ?", self.order_ms);
        Condition { sql, values: [range.from_ms, range.until_ms].map(Value::Integer).to_vec() }
    }

    /// Records by the second reading of a time.
    pub(crate) fn by_second() -> Self {
        Self::index("record INDEXED BY record_by_second", Condition::default())
    }

    /// An index of the records.
    fn index(from: &'static str, condition: Condition) -> Self {
        Self { from, order_ms: "record.order_ms", number: "record.id", condition }
    }
}

impl Wanted {
    /// Looks the filter up in the index; nothing if it fits no record.
    pub(crate) fn new(db: &Connection, filter: &Filter) -> Result<Option<Self>, IndexError> {
        let select = "SELECT ifnull(sum(records), 0) FROM tally";
        let all: i64 = db.prepare_cached(select)?.query_row([], |row| row.get(0))?;
        let mut members = Members { db, all, list: Vec::new() };
        let fits = members.rows(filter)?
            && members.names(filter)?
            && members.attachments(filter)?
            && members.parties(filter)?
            && members.located(filter)?
            && members.certain(filter)?
            && members.insights(filter)?;
        if !fits || all == 0 {
            return Ok(None);
        }
        let mut wanted = Self::chosen(members.list, filter, all);
        let twins = "SELECT EXISTS (SELECT 1 FROM twin)";
        if filter.doubles == Doubles::Once && db.prepare_cached(twins)?.query_row([], |row| row.get(0))? {
            wanted.once = wanted.no_better_twin();
        }
        Ok(Some(wanted))
    }

    /// That no record that says the same and comes before it fits as well.
    fn no_better_twin(&self) -> Condition {
        let of_time = self.of_time();
        let Condition { sql, values } = Condition::all(self.conditions().chain([&of_time]), "better");
        let sql = format!(
            "NOT EXISTS (SELECT 1 FROM twin AS own CROSS JOIN twin AS other
                 ON other.first = own.first AND other.place < own.place
                 CROSS JOIN record AS better ON better.id = other.record
             WHERE own.record = $.id AND {sql})"
        );
        Condition { sql, values }
    }

    /// Whether nothing is left out.
    pub(crate) fn is_everything(&self) -> bool {
        self.beside.is_empty() && self.seen_to.sql.is_empty() && self.time.is_none()
    }

    /// Every condition but that on time.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.beside.iter().chain([&self.seen_to])
    }

    /// The condition on time: either reading lies in the range.
    pub(crate) fn of_time(&self) -> Condition {
        let Some(range) = self.time else { return Condition::default() };
        let ends = [range.from_ms, range.until_ms, range.from_ms, range.until_ms];
        let sql = "$.order_ms >= ? AND $.order_ms < ? OR $.second_ms >= ? AND $.second_ms < ?";
        Condition::of(sql, ends.map(Value::Integer).to_vec())
    }

    fn chosen(mut members: Vec<Member>, filter: &Filter, all: i64) -> Self {
        let best = (0..).zip(&members).filter(|(_, member)| !member.ways.is_empty());
        let best = best.min_by_key(|(_, member)| member.at_most).map(|(place, _)| place);
        let best = best.filter(|place: &usize| *place < members.len()).map(|place| members.remove(place));
        let (ways, seen_to, at_most) = match best {
            Some(best) => (best.ways, best.condition, best.at_most),
            None => (vec![Way::everything()], Condition::default(), all),
        };
        let beside = members.into_iter().map(|member| member.condition).collect();
        Self { ways, beside, seen_to, once: Condition::default(), time: filter.time, at_most }
    }
}

/// Looks up what is asked for, member by member. Each step says whether any record can fit.
struct Members<'d> {
    db: &'d Connection,
    all: i64,
    list: Vec<Member>,
}

impl Members<'_> {
    /// What names one row of another table.
    fn rows(&mut self, filter: &Filter) -> Result<bool, IndexError> {
        for (id, select, condition, from) in [
            (
                filter.file.map(|file| file.0),
                "SELECT records FROM file WHERE id = ?",
                "$.file = ?",
                "record INDEXED BY record_by_file",
            ),
            (
                filter.chat.map(|chat| chat.0),
                "SELECT records FROM chat WHERE id = ?",
                "$.chat = ?",
                "record INDEXED BY record_by_chat",
            ),
            (
                filter.sender.map(|sender| sender.0),
                "SELECT sent FROM party WHERE id = ?",
                "$.sender = ?",
                "record INDEXED BY record_by_sender",
            ),
        ] {
            let Some(id) = id else { continue };
            let records: Option<i64> =
                self.db.prepare_cached(select)?.query_row([id], |row| row.get(0)).optional()?;
            match records {
                None | Some(0) => return Ok(false),
                Some(records) => self.indexed(condition, Value::Integer(id), from, records),
            }
        }
        Ok(true)
    }

    /// What is named by a word, and the capsule.
    fn names(&mut self, filter: &Filter) -> Result<bool, IndexError> {
        if let Some(word) = &filter.kind {
            let place = KINDS.iter().position(|kind| kind == word);
            let Some(kind) = place.and_then(|place| i64::try_from(place).ok()) else { return Ok(false) };
            let records = self.sum("SELECT sum(records) FROM tally WHERE kind = ?", kind)?;
            self.indexed("$.kind = ?", Value::Integer(kind), "record INDEXED BY record_by_kind", records);
        }
        if let Some(word) = &filter.app {
            let mut select = self.db.prepare_cached("SELECT id FROM app WHERE word = ?")?;
            let app: Option<i64> = select.query_row(params![word], |row| row.get(0)).optional()?;
            let Some(app) = app else { return Ok(false) };
            let records = self.sum("SELECT sum(records) FROM tally WHERE app = ?", app)?;
            self.indexed("$.app = ?", Value::Integer(app), "record INDEXED BY record_by_app", records);
        }
        if let Some(number) = filter.capsule {
            let Ok(number) = i64::try_from(number.0) else { return Ok(false) };
            let records = self.sum("SELECT sum(records) FROM tally WHERE capsule = ?", number)?;
            self.looked_at("$.capsule = ?", vec![Value::Integer(number)], records);
        }
        if let Some(reader) = &filter.reader {
            let condition = "$.file IN (SELECT id FROM file WHERE reader = ?)";
            self.looked_at(condition, vec![Value::Text(reader.clone())], self.all);
        }
        Ok(self.any())
    }

    fn attachments(&mut self, filter: &Filter) -> Result<bool, IndexError> {
        match filter.attachments {
            Attachments::Any => {}
            Attachments::None => self.looked_at("$.attachments = 0", Vec::new(), self.all),
            Attachments::Some => {
                let select = "SELECT ifnull(sum(with_attachment), 0) FROM tally";
                let records: i64 = self.db.prepare_cached(select)?.query_row([], |row| row.get(0))?;
                let condition = Condition::of("$.attachments > 0", Vec::new());
                let ways = vec![Way::index(
                    "record INDEXED BY record_with_attachment",
                    Condition::of("record.attachments > 0", Vec::new()),
                )];
                self.list.push(Member { condition, ways, at_most: records });
            }
        }
        Ok(self.any())
    }

    /// Everything around some people.
    fn parties(&mut self, filter: &Filter) -> Result<bool, IndexError> {
        if filter.parties.is_empty() {
            return Ok(true);
        }
        let parties: BTreeSet<i64> = filter.parties.iter().map(|party| party.0).collect();
        let listed = parties.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let of_indexed = |from, column: &str, id| {
            Way::index(from, Condition::of(&format!("{column} = ?"), vec![Value::Integer(id)]))
        };
        let (mut ways, mut at_most) = (Vec::new(), 0_i64);
        for party in &parties {
            let mut select = self.db.prepare_cached("SELECT sent, named FROM party WHERE id = ?")?;
            let found = select.query_row([party], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((sent, named)): Option<(i64, i64)> = found else { continue };
            at_most = at_most.saturating_add(sent).saturating_add(named);
            if sent > 0 {
                ways.push(of_indexed("record INDEXED BY record_by_sender", "record.sender", *party));
            }
            if named > 0 {
                ways.push(Way {
                    from: "seen CROSS JOIN record ON record.id = seen.record",
                    order_ms: "seen.order_ms",
                    number: "seen.record",
                    condition: Condition::of("seen.party = ?", vec![Value::Integer(*party)]),
                });
            }
        }
        let select = format!(
            "SELECT DISTINCT chat.id, chat.records FROM partner JOIN chat ON chat.id = partner.chat
             WHERE partner.party IN ({listed}) AND chat.records > 0"
        );
        let mut select = self.db.prepare(&select)?;
        let mut chats = select.query([])?;
        while let Some(chat) = chats.next()? {
            at_most = at_most.saturating_add(chat.get(1)?);
            // Of somebody who stands in very many chats most records are theirs: all are looked at.
            if ways.len() <= MOST_WAYS {
                ways.push(of_indexed("record INDEXED BY record_by_chat", "record.chat", chat.get(0)?));
            }
        }
        if ways.len() > MOST_WAYS {
            ways.clear();
        }
        let condition = format!(
            "$.sender IN ({listed}) OR EXISTS (SELECT 1 FROM partner WHERE partner.party IN ({listed})
                                              AND partner.chat = $.chat)
             OR EXISTS (SELECT 1 FROM seen WHERE seen.party IN ({listed}) AND seen.order_ms = $.order_ms
                        AND seen.record = $.id)"
        );
        self.list.push(Member { condition: Condition::of(&condition, Vec::new()), ways, at_most });
        Ok(self.any())
    }

    /// What has a place on the earth.
    fn located(&mut self, filter: &Filter) -> Result<bool, IndexError> {
        let Some(located) = filter.located else { return Ok(true) };
        if !places::is_sound(&located) {
            return Ok(false);
        }
        let mut select = self.db.prepare_cached("SELECT ifnull(sum(records), 0) FROM located")?;
        let all: i64 = select.query_row([], |row| row.get(0))?;
        let of_point = "SELECT 1 FROM point WHERE point.order_ms = $.order_ms AND point.record = $.id";
        let member = match &located {
            Located::Somewhere => {
                let condition = Condition::of(&format!("EXISTS ({of_point})"), Vec::new());
                Member { condition, ways: vec![Way::points(Condition::default())], at_most: all }
            }
            Located::Within(near) => {
                let (sql, values) = places::within("point", near);
                let here = Condition { sql, values: values.map(Value::Real).to_vec() };
                let condition =
                    Condition::of(&format!("EXISTS ({of_point} AND {})", here.sql), here.values.clone());
                let (ways, at_most) = match places::cells(near) {
                    None => (vec![Way::points(here)], all),
                    Some(cells) => self.cells(near, &cells)?,
                };
                Member { condition, ways, at_most }
            }
        };
        self.list.push(member);
        Ok(self.any())
    }

    fn cells(&self, near: &NearPoint, cells: &[i64]) -> Result<(Vec<Way>, i64), IndexError> {
        /// Counting more would cost more than it tells: the figure only chooses between ways.
        const MOST_POINTS: i64 = 1_000;
        let (mut ways, mut at_most) = (Vec::new(), 0_i64);
        for cell in cells {
            let select = "SELECT count(*) FROM (SELECT 1 FROM cell WHERE cell = ? LIMIT ?)";
            let mut select = self.db.prepare_cached(select)?;
            let points: i64 = select.query_row([*cell, MOST_POINTS], |row| row.get(0))?;
            if points == 0 {
                continue;
            }
            at_most = at_most.saturating_add(points);
            let (sql, values) = places::within("cell", near);
            let sql = format!("cell.cell = ? AND {sql}");
            let values = std::iter::once(Value::Integer(*cell)).chain(values.map(Value::Real)).collect();
            ways.push(Way {
                from: "cell CROSS JOIN record ON record.id = cell.record",
                order_ms: "cell.order_ms",
                number: "cell.record",
                condition: Condition { sql, values },
            });
        }
        Ok((ways, at_most))
    }

    /// Certain records.
    fn certain(&mut self, filter: &Filter) -> Result<bool, IndexError> {
        let Some(keys) = &filter.records else { return Ok(true) };
        let mut numbers: Vec<i64> = Vec::new();
        for key in keys {
            let select = "SELECT id FROM record INDEXED BY record_by_key WHERE key = ?";
            let mut select = self.db.prepare_cached(select)?;
            for number in select.query_map([key.0], |row| row.get(0))? {
                numbers.push(number?);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        let at_most = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        let listed = numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let values = vec![Value::Text(format!("[{listed}]"))];
        let condition = Condition::of("$.id IN (SELECT value FROM json_each(?))", values.clone());
        let way = Way {
            from: "json_each(?) AS given CROSS JOIN record ON record.id = given.value",
            order_ms: "record.order_ms",
            number: "record.id",
            condition: Condition::of("1", values),
        };
        self.list.push(Member { condition, ways: vec![way], at_most });
        Ok(self.any())
    }

    /// What the second cache knows.
    fn insights(&mut self, filter: &Filter) -> Result<bool, IndexError> {
        if (filter.hint.is_some() || filter.identifier.is_some()) && !has_insights(self.db)? {
            return Err(IndexError::NoInsights);
        }
        if let Some(code) = &filter.hint {
            let mut select = self.db.prepare_cached("SELECT id, hints FROM insight.code WHERE word = ?")?;
            let found = select.query_row([code], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((code, hints)) = found else { return Ok(false) };
            let values = vec![Value::Integer(code)];
            let condition = "EXISTS (SELECT 1 FROM insight.marked WHERE marked.code = ?
                             AND marked.order_ms = $.order_ms AND marked.record = $.id)";
            let way = Way {
                from: "insight.marked CROSS JOIN record ON record.id = marked.record",
                order_ms: "marked.order_ms",
                number: "marked.record",
                condition: Condition::of("marked.code = ?", values.clone()),
            };
            let condition = Condition::of(condition, values);
            self.list.push(Member { condition, ways: vec![way], at_most: hints });
        }
        if let Some(identifier) = filter.identifier {
            let select = "SELECT occurrences FROM insight.identifier WHERE id = ?";
            let mut select = self.db.prepare_cached(select)?;
            let found = select.query_row([identifier.0], |row| row.get(0)).optional()?;
            let Some(occurrences) = found else { return Ok(false) };
            let values = vec![Value::Integer(identifier.0)];
            let condition = "EXISTS (SELECT 1 FROM insight.occurrence WHERE occurrence.identifier = ?
                             AND occurrence.order_ms = $.order_ms AND occurrence.record = $.id)";
            let way = Way {
                from: "insight.occurrence CROSS JOIN record ON record.id = occurrence.record",
                order_ms: "occurrence.order_ms",
                number: "occurrence.record",
                condition: Condition::of("occurrence.identifier = ?", values.clone()),
            };
            let condition = Condition::of(condition, values);
            self.list.push(Member { condition, ways: vec![way], at_most: occurrences });
        }
        Ok(self.any())
    }

    /// A column with an index of its own.
    fn indexed(&mut self, condition: &str, value: Value, from: &'static str, records: i64) {
        let condition = Condition::of(condition, vec![value]);
        let ways = vec![Way::index(from, Condition::all([&condition], "record"))];
        self.list.push(Member { condition, ways, at_most: records });
    }

    /// What can only be looked at, record by record.
    fn looked_at(&mut self, condition: &str, values: Vec<Value>, at_most: i64) {
        self.list.push(Member { condition: Condition::of(condition, values), ways: Vec::new(), at_most });
    }

    fn any(&self) -> bool {
        self.list.iter().all(|member| member.at_most > 0)
    }

    fn sum(&self, select: &str, of: i64) -> Result<i64, IndexError> {
        let sum: Option<i64> = self.db.prepare_cached(select)?.query_row([of], |row| row.get(0))?;
        Ok(sum.unwrap_or(0))
    }
}

/// Whether the second cache is attached.
pub(crate) fn has_insights(db: &Connection) -> Result<bool, IndexError> {
    let select = "SELECT EXISTS (SELECT 1 FROM pragma_database_list WHERE name = 'insight')";
    Ok(db.prepare_cached(select)?.query_row([], |row| row.get(0))?)
}
