//! The rest of a database: what is wrong with it as a whole, tables that are known and not needed, tables
//! that nobody knows.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use model::record::{Counted, FileNumber, Place, Problem, ProblemKind};
use sqlite::{Database, Table, TableKind};

use crate::database::{self, Became};
use crate::{Flow, Sink};

/// Tells what could not be read of a database as a whole, and whether its end is missing.
pub(crate) fn condition(database: &Database, file: FileNumber, sink: &mut dyn Sink) -> Flow {
    for problem in database.problems() {
        let place = (file, Place::bytes(problem.offset_bytes, 0));
        let expected = format!("a whole description of the tables: {problem}");
        sink.trouble(place, ProblemKind::Damaged, &expected, "the tables that can be read")?;
    }
    let (claimed, there) = (database.page_count(), database.file_pages());
    if there < claimed && database.wal() == sqlite::WalReport::default() {
        let expected = format!("{claimed} pages; the file ends after {there}");
        sink.trouble((file, Place::Whole), ProblemKind::Truncated, &expected, "what lies before")?;
    }
    if database.wal().header == sqlite::WalHeaderState::Unusable {
        let expected = "a write-ahead log that fits the database";
        sink.trouble((file, Place::Whole), ProblemKind::Damaged, expected, "the database without it")?;
    }
    let older = database.wal().left_out();
    if older > 0 {
        let expected = format!("{older} pages of the write-ahead log that do not count may hold older rows");
        sink.trouble((file, Place::Whole), ProblemKind::Unsupported, &expected, "the pages that count")?;
    }
    database::free_pages(database, file, sink)
}

/// What is known about a table that no reader has read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is housekeeping of the program.
    Housekeeping,
    /// Nothing.
    Nothing,
}

/// Counts every table that was not read. Rows of one that is not known are one problem.
pub(crate) fn rest(
    (database, file): (&Database, FileNumber),
    read: &BTreeSet<&str>,
    known: fn(&str) -> Known,
    sink: &mut dyn Sink,
) -> Flow {
    for table in database.tables() {
        let stores = !matches!(table.kind(), TableKind::View | TableKind::Virtual);
        if !stores || read.contains(table.name()) {
            continue;
        }
        let own = table.name().starts_with("sqlite_") || table.shadow_of().is_some();
        if own || known(table.name()) == Known::Housekeeping {
            database::each_row((database, table, file), sink, &mut |_, _| {
                ControlFlow::Continue(Became::System)
            })?;
            continue;
        }
        unknown((database, table, file), sink)?;
    }
    Flow::Continue(())
}

fn unknown((database, table, file): (&Database, &Table, FileNumber), sink: &mut dyn Sink) -> Flow {
    let mut units = 0_u64;
    database::each_row((database, table, file), sink, &mut |_, _| {
        units = units.saturating_add(1);
        ControlFlow::Continue(Became::Problem)
    })?;
    if units == 0 {
        return Flow::Continue(());
    }
    let expected = format!("a table that is known, not {}", table.name());
    let kept = "the rows in the database".to_owned();
    sink.problem(Problem {
        file,
        place: Place::Whole,
        kind: ProblemKind::NotUnderstood,
        expected,
        kept,
        units,
    })
}

/// Passes everything on but holds the reckonings back: what became of a row is known only later.
pub(crate) struct Holding<'s> {
    /// Where the rest goes.
    pub(crate) sink: &'s mut dyn Sink,
    /// What is held back.
    pub(crate) held: Vec<Counted>,
}

impl Sink for Holding<'_> {
    fn record(&mut self, record: model::record::Record) -> Flow {
        self.sink.record(record)
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.sink.problem(problem)
    }

    fn counted(&mut self, counted: Counted) -> Flow {
        self.held.push(counted);
        Flow::Continue(())
    }
}
