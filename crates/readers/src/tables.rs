//! A database gone through table by table, so that none is forgotten: each is read, known to be housekeeping,
//! or told as not understood.
//!
//! Helps the readers of what systems keep: messages, calls, contacts. Stands on `database`, which opens,
//! counts and tells damage. WhatsApp's databases are gone through by `whatsapp`: there 0 is no value, gaps
//! begin at the first row, and what is no time keeps its raw value. Deliberately knows nothing of any app.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use memchr::memmem;
use model::record::{Extra, FileNumber, Place, Precision, ProblemKind, TimeReading};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Database, Limits, Row, Table, Value};

use crate::database::{self, Became, condition, each_row};
use crate::troubles::Troubles;
use crate::{Certainty, Claim, Flow, Sink};

/// A database and which of its tables were read.
pub(crate) struct Tables<'d> {
    /// The database.
    pub(crate) database: &'d Database,
    /// Its file.
    pub(crate) file: FileNumber,
    read: BTreeSet<String>,
}

impl<'d> Tables<'d> {
    /// None read yet. Says what of the database as a whole could not be read.
    pub(crate) fn new(
        database: &'d Database,
        file: FileNumber,
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Self> {
        condition(database, file, sink)?;
        ControlFlow::Continue(Self { database, file, read: BTreeSet::new() })
    }

    /// A table that is now read; none if the database has none of this name.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'d Table> {
        let table = self.database.table(name)?;
        self.read.insert(name.to_ascii_lowercase());
        Some(table)
    }

    /// Goes over the rows of a table. `row` gets each with the part under which it is told: 0, unless damage
    /// gave a number again or out of order.
    pub(crate) fn each(
        &self,
        table: &Table,
        sink: &mut dyn Sink,
        mut row: impl FnMut(&Row<'_>, u16, &mut dyn Sink) -> ControlFlow<(), Became>,
    ) -> Flow {
        let mut highest: Option<i64> = None;
        let mut disordered: u16 = 0;
        each_row((self.database, table, self.file), sink, &mut |next, sink| {
            if highest.is_none_or(|highest| next.rowid() > highest) {
                highest = Some(next.rowid());
                return row(next, 0, sink);
            }
            // That the order is broken was told; more than fit into a part are counted with it.
            let Some(part) = disordered.checked_add(1) else { return ControlFlow::Continue(Became::Problem) };
            disordered = part;
            row(next, part, sink)
        })
    }

    /// The tables that were not read: those named here, SQLite's own and those of its indexes are
    /// housekeeping, any other is said not to be understood. Free pages were told at the beginning.
    pub(crate) fn finish(self, housekeeping: &[&str], sink: &mut dyn Sink) -> Flow {
        let is_read = |name: &str| self.read.contains(&name.to_ascii_lowercase());
        let is_housekeeping = |name: &str| housekeeping.iter().any(|known| known.eq_ignore_ascii_case(name));
        let words = ("a table that this reader knows; it does not know", "how many rows it has");
        database::rest((self.database, self.file), (&is_read, &is_housekeeping), words, sink)
    }
}

/// Recognises a database by one of the names it has, or by the name of a table in its first bytes, and then
/// by tables that it must have.
pub(crate) fn recognise(
    candidate: &Candidate<'_>,
    names: &[&str],
    mark: &str,
    must: &[&str],
) -> Option<Claim> {
    let fits_by_name = names.iter().any(|name| candidate.entry().name().eq_ignore_ascii_case(name));
    if !candidate.is_sqlite() || !fits_by_name && memmem::find(candidate.head(), mark.as_bytes()).is_none() {
        return None;
    }
    let bytes = candidate.entry().content().random().ok()?;
    let log = database::write_ahead_log(candidate.tree(), candidate.number());
    let log = log.and_then(|log| candidate.tree().entry(log)?.content().random().ok());
    let database = Database::open(bytes, log, Limits::DEFAULT).ok()?;
    let fits = must.iter().all(|table| database.table(table).is_some());
    fits.then(|| Claim { certainty: Certainty::Certain, with: database::companions(candidate) })
}

/// Numbers of rows that are missing between the first and the last that was ever given.
pub(crate) struct Gaps {
    table: String,
    next: i64,
    troubles: Troubles,
}

impl Gaps {
    /// From number 1 on.
    pub(crate) fn new(file: FileNumber, table: &str) -> Self {
        Self { table: table.to_owned(), next: 1, troubles: Troubles::new(file) }
    }

    /// A number that is there; numbers come in order.
    pub(crate) fn seen(&mut self, row: i64, sink: &mut dyn Sink) -> Flow {
        let missing = row.checked_sub(self.next).and_then(|missing| u64::try_from(missing).ok());
        let from = self.next;
        self.next = self.next.max(row.saturating_add(1));
        match missing {
            Some(missing @ 1..) => {
                let words = ("the rows of this number and those that follow it", "the rows beside them");
                let place = Place::row(&self.table, from);
                self.troubles.say_units(sink, place, ProblemKind::Gap, words, missing)
            }
            _ => Flow::Continue(()),
        }
    }

    /// The highest number that was ever given, if the database tells it.
    pub(crate) fn finish(mut self, database: &Database, sink: &mut dyn Sink) -> Flow {
        if let Some(last) = last_given(database, &self.table) {
            self.seen(last.saturating_add(1), sink)?;
        }
        self.troubles.finish(sink)
    }
}

/// The highest row number that SQLite ever gave in a table with AUTOINCREMENT.
fn last_given(database: &Database, table: &str) -> Option<i64> {
    let sequence = database.table("sqlite_sequence")?;
    let (name, number) = (sequence.column("name"), sequence.column("seq"));
    let mut rows = database.rows(sequence);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        if row.text(name).is_some_and(|name| name.eq_ignore_ascii_case(table)) {
            return row.integer(number).filter(|number| *number < i64::MAX);
        }
    }
    None
}

/// A text that is not empty; a number or bytes that stand in its place as text.
pub(crate) fn text(row: &Row<'_>, column: Option<ColumnNumber>) -> Option<String> {
    match row.get(column) {
        Value::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned()).filter(|text| !text.is_empty())
        }
        value => shown(value),
    }
}

/// A value as text: none for null, an empty text, and bytes.
pub(crate) fn shown(value: Value<'_>) -> Option<String> {
    match value {
        Value::Integer(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::Text(text) => Some(text.lossy().into_owned()).filter(|text| !text.is_empty()),
        Value::Null | Value::Blob(_) => None,
    }
}

/// Columns whose values are kept as they are, with those values that say nothing.
pub(crate) struct Kept {
    columns: Vec<(&'static str, ColumnNumber)>,
}

impl Kept {
    /// No columns.
    pub(crate) fn none() -> Self {
        Self { columns: Vec::new() }
    }

    /// Those of these columns that the table has.
    pub(crate) fn of(table: &Table, names: &[&'static str]) -> Self {
        let columns = names.iter().filter_map(|name| Some((*name, table.column(name)?)));
        Self { columns: columns.collect() }
    }

    /// Adds the values of a row that are not null, empty or 0.
    pub(crate) fn add(&self, row: &Row<'_>, extra: &mut Extra) {
        for (name, column) in &self.columns {
            match row.get(*column) {
                Value::Null | Value::Integer(0) => {}
                value => extra.extend(shown(value).map(|value| ((*name).to_owned(), value))),
            }
        }
    }
}

/// A time as Apple counts it in a database, nanoseconds or seconds since 2001; none for null and 0, which
/// mean that there is none.
pub(crate) fn apple(value: Value<'_>) -> Option<TimeReading> {
    match value {
        Value::Integer(0) | Value::Null | Value::Blob(_) => None,
        Value::Integer(number) => Some(apple_integer(number)),
        Value::Real(number) => (number != 0.0).then(|| TimeReading::apple(number)),
        Value::Text(text) => {
            let text = text.lossy();
            let number: Option<f64> = text.trim().parse().ok();
            let reading = TimeReading::apple(number.unwrap_or(f64::NAN));
            (!text.is_empty() && number != Some(0.0))
                .then(|| TimeReading { raw: text.into_owned(), ..reading })
        }
    }
}

/// As [`TimeReading::apple`], for whole numbers: the raw value stays exact.
fn apple_integer(raw: i64) -> TimeReading {
    const APPLE_SECONDS: i64 = 978_307_200;
    if raw.unsigned_abs() < 1_000_000_000_000 {
        let seconds = raw.checked_add(APPLE_SECONDS);
        let ms = seconds.and_then(|seconds| seconds.checked_mul(1000));
        return TimeReading::utc(raw.to_string(), ms.filter(|ms| fits(*ms)), Precision::Second);
    }
    let ms = raw.div_euclid(1_000_000).checked_add(APPLE_SECONDS * 1000);
    TimeReading::utc(raw.to_string(), ms.filter(|ms| fits(*ms)), Precision::Millisecond)
}

/// Whether a moment lies in the years that can be shown.
fn fits(ms: i64) -> bool {
    ms.unsigned_abs() < 253_402_300_800_000
}

/// A count of milliseconds since 1970; none for null and 0.
pub(crate) fn unix_ms(value: Value<'_>) -> Option<TimeReading> {
    counted(value, Some, Precision::Millisecond)
}

/// A count of seconds since 1970; none for null and 0.
pub(crate) fn unix_seconds(value: Value<'_>) -> Option<TimeReading> {
    counted(value, |number| number.checked_mul(1000), Precision::Second)
}

fn counted(value: Value<'_>, ms: impl Fn(i64) -> Option<i64>, precision: Precision) -> Option<TimeReading> {
    let raw = shown(value)?;
    let number: Option<i64> = raw.trim().parse().ok();
    let ms = number.and_then(ms).filter(|ms| fits(*ms));
    (number != Some(0)).then(|| TimeReading::utc(raw, ms, precision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apple_counts_seconds_and_nanoseconds_exactly() {
        let seconds = apple(Value::Integer(469_908_586)).unwrap();
        assert_eq!(seconds.first_ms, Some(1_448_215_786_000));
        let nanoseconds = apple(Value::Integer(469_908_586_123_456_789)).unwrap();
        assert_eq!(nanoseconds.first_ms, Some(1_448_215_786_123));
        assert_eq!(nanoseconds.raw, "469908586123456789");
        assert_eq!(apple(Value::Integer(0)), None);
        assert_eq!(apple(Value::Integer(i64::MIN)).unwrap().first_ms, Some(-8_245_064_836_855));
        assert_eq!(apple(Value::Integer(999_999_999_999)).unwrap().first_ms, None);
    }

    #[test]
    fn a_time_that_cannot_be_keeps_its_raw_value() {
        let time = unix_seconds(Value::Integer(i64::MAX)).unwrap();
        assert_eq!((time.raw.as_str(), time.first_ms), ("9223372036854775807", None));
        assert_eq!(unix_ms(Value::Null), None);
    }
}
