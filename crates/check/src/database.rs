//! Databases of phones as checks meet them: opened with their write-ahead log, rows within limits, damage
//! told.
//!
//! Rows are read by our own reader of SQLite files (crate `sqlite`), which runs no SQL. It knows of no value
//! what it means. Deliberately not read: deleted rows in free pages, rollback journals.

use std::ops::ControlFlow;

use model::record::{FileNumber, Place, Precision, Problem, ProblemKind, TimeReading};
use source::tree::Candidate;
use sqlite::{
    ColumnNumber, Database, Limits, Lost, OpenError, Row, RowProblem, Table, Value, WalHeaderState, WalReport,
};

use crate::{FactSink, Flow, Input, Seen, Wholly};

/// Longest text of evidence that goes into a fact.
pub(crate) const TEXT_BYTES_MOST: usize = 1024;
/// Most rows of one table that are gone through.
const ROWS_MOST: u64 = 20_000_000;
/// Longest row.
const ROW_BYTES_MOST: u64 = 16 << 20;
/// Most damaged pieces of one table that are told one by one.
const TOLD_MOST: u64 = 50;

/// Whether a candidate has this name and is a database. Its name is asked first: bytes cost a decryption.
pub(crate) fn is_named(candidate: &Candidate<'_>, names: &[&str]) -> bool {
    let name = candidate.entry().name();
    names.iter().any(|known| name.eq_ignore_ascii_case(known)) && candidate.is_sqlite()
}

/// Opens the database that is read, with the write-ahead log beside it; what stands in the way is told.
pub(crate) fn open(input: &Input<'_>, sink: &mut dyn FactSink) -> ControlFlow<(), Option<Database>> {
    open_file(input, input.file, sink)
}

/// Opens another database of the tree in the same way.
pub(crate) fn open_file(
    input: &Input<'_>,
    file: FileNumber,
    sink: &mut dyn FactSink,
) -> ControlFlow<(), Option<Database>> {
    let tree = input.tree;
    let whole = Seen { file, place: Place::Whole };
    let Some((entry, bytes)) =
        tree.entry(file).and_then(|entry| Some((entry, entry.content().random().ok()?)))
    else {
        sink.trouble(&whole, ProblemKind::Unreadable, "bytes of a database that can be had", "")?;
        return ControlFlow::Continue(None);
    };
    let log = tree.sibling(file, &format!("{}-wal", entry.name())).and_then(|log| tree.entry(log));
    let log = log.and_then(|log| log.content().random().ok());
    let payload_bytes = input.limits.unit_bytes.min(ROW_BYTES_MOST);
    let limits = Limits { payload_bytes, rows: ROWS_MOST, ..Limits::DEFAULT };
    let (kind, expected) = match Database::open(bytes, log, limits) {
        Ok(database) => return ControlFlow::Continue(Some(database)),
        Err(OpenError::NotSqlite) => (ProblemKind::Damaged, "a database of SQLite"),
        Err(_) => (ProblemKind::Unreadable, "a database of SQLite that can be opened"),
    };
    sink.trouble(&whole, kind, expected, "")?;
    ControlFlow::Continue(None)
}

/// What became of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableRead {
    /// How many rows were given.
    pub(crate) rows: u64,
    /// Whether every row could be read.
    pub(crate) wholly: Wholly,
}

/// Goes over the rows of a table. Damage is told, and counted where there is much of it.
pub(crate) fn each_row(
    (database, table, file): (&Database, &Table, FileNumber),
    sink: &mut dyn FactSink,
    take: &mut dyn FnMut(&Row<'_>, &mut dyn FactSink) -> Flow,
) -> ControlFlow<(), TableRead> {
    let mut read = TableRead { rows: 0, wholly: Wholly::Yes };
    let (mut told, mut untold) = (0_u64, 0_u64);
    let mut rows = database.rows(table);
    while let Some(next) = rows.next() {
        match next {
            Ok(row) => {
                read.rows = read.rows.saturating_add(1);
                take(&row, sink)?;
            }
            Err(problem) => {
                if problem.lost() != Lost::Nothing {
                    read.wholly = Wholly::No;
                }
                if told >= TOLD_MOST {
                    untold = untold.saturating_add(1);
                    continue;
                }
                told = told.saturating_add(1);
                tell(file, table, &problem, sink)?;
            }
        }
    }
    if untold > 0 {
        let expected = "fewer damaged pieces in one table".to_owned();
        let kept = "their number".to_owned();
        let (place, kind, units) = (Place::Whole, ProblemKind::Limit, untold);
        sink.problem(Problem { file, place, kind, expected, kept, units })?;
    }
    ControlFlow::Continue(read)
}

fn tell(file: FileNumber, table: &Table, problem: &RowProblem, sink: &mut dyn FactSink) -> Flow {
    let seen = Seen { file, place: Place::bytes(problem.offset_bytes, 0) };
    let expected = format!("a whole row of {}: {problem}", clipped(table.name()));
    sink.trouble(&seen, ProblemKind::Damaged, &expected, "what else can be reached")
}

/// Tells what could not be read of a database as a whole: its description, its end, its log.
pub(crate) fn condition(
    database: &Database,
    file: FileNumber,
    sink: &mut dyn FactSink,
) -> ControlFlow<(), Wholly> {
    let whole = Seen { file, place: Place::Whole };
    let mut wholly = Wholly::Yes;
    for problem in database.problems().iter().take(20) {
        wholly = Wholly::No;
        let seen = Seen { file, place: Place::bytes(problem.offset_bytes, 0) };
        let expected = format!("a whole description of the tables: {problem}");
        sink.trouble(&seen, ProblemKind::Damaged, &expected, "the tables that can be read")?;
    }
    let (claimed, there) = (database.page_count(), database.file_pages());
    if there < claimed && database.wal() == WalReport::default() {
        wholly = Wholly::No;
        let expected = format!("{claimed} pages; the file ends after {there}");
        sink.trouble(&whole, ProblemKind::Truncated, &expected, "what lies before")?;
    }
    if database.wal().header == WalHeaderState::Unusable {
        wholly = Wholly::No;
        let expected = "a write-ahead log that fits the database";
        sink.trouble(&whole, ProblemKind::Damaged, expected, "the database without it")?;
    }
    ControlFlow::Continue(wholly)
}

/// Both together: whole only if both are.
pub(crate) fn both(one: Wholly, other: Wholly) -> Wholly {
    one.min(other)
}

/// A text cut to what goes into a fact, at the border of a character.
pub(crate) fn clipped(text: &str) -> &str {
    if text.len() <= TEXT_BYTES_MOST {
        return text;
    }
    let end = (0..=TEXT_BYTES_MOST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// A text of a row, clipped; none for null, numbers and an empty text. Bytes are taken as text.
pub(crate) fn text(row: &Row<'_>, column: Option<ColumnNumber>) -> Option<String> {
    let text = match row.get(column) {
        Value::Text(text) => {
            // What is clipped away need not be decoded; four bytes make at most one character.
            let text = text.lossy();
            clipped(&text).to_owned()
        }
        Value::Blob(bytes) => {
            let bytes = bytes.get(..TEXT_BYTES_MOST).unwrap_or(bytes);
            String::from_utf8_lossy(bytes).into_owned()
        }
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// A time as Apple counts it in a database, seconds since 2001; none for null and 0.
pub(crate) fn apple_time(row: &Row<'_>, column: Option<ColumnNumber>) -> Option<TimeReading> {
    row.real(column).filter(|seconds| *seconds != 0.0).map(TimeReading::apple)
}

/// A time in whole seconds since 1970; none for null, 0, and what cannot be shown.
pub(crate) fn unix_time(row: &Row<'_>, column: Option<ColumnNumber>) -> Option<TimeReading> {
    const LAST_SECOND: i64 = 253_402_300_799;
    let seconds = row.integer(column).filter(|seconds| *seconds != 0)?;
    let ms = seconds.checked_mul(1000).filter(|_| seconds.abs() <= LAST_SECOND);
    Some(TimeReading::utc(seconds.to_string(), ms, Precision::Second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(clipped("kurz"), "kurz");
        let long = format!("a{}", "ü".repeat(600));
        assert_eq!(clipped(&long).len(), 1023);
    }
}
