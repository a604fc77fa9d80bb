//! Databases of phones as readers meet them: opened with their write-ahead log, rows counted, damage told.
//!
//! This is what every reader of a database needs, and it knows of no value what it means: that stands in
//! `tables` for the databases of systems and in `whatsapp` for WhatsApp's. Rows are read by our own reader of
//! SQLite files (crate `sqlite`), which runs no SQL. Deliberately not read: deleted rows in free pages; how
//! many free pages there are is said.

use std::ops::ControlFlow;

use model::record::{Counted, FileNumber, Place, Problem, ProblemKind, Unit};
use source::tree::{Candidate, Tree};
use sqlite::{
    Database, InFile, Limits, Lost, OpenError, Row, RowProblem, Table, TableKind, WalHeaderState, WalReport,
};

use crate::{Flow, Input, Sink};

/// The write-ahead log beside a database, if there is one.
pub(crate) fn write_ahead_log(tree: &Tree, file: FileNumber) -> Option<FileNumber> {
    let name = tree.entry(file)?.name();
    tree.sibling(file, &format!("{name}-wal"))
}

/// The files that belong to a database and are nothing of their own: `-wal`, `-shm`, `-journal`.
pub(crate) fn companions(candidate: &Candidate<'_>) -> Vec<FileNumber> {
    let name = candidate.entry().name();
    let beside = |end: &str| candidate.tree().sibling(candidate.number(), &format!("{name}{end}"));
    ["-wal", "-shm", "-journal"].into_iter().filter_map(beside).collect()
}

/// A database of this name beside the one that is read, or the only one of this name.
pub(crate) fn beside_or_only(input: &Input<'_>, name: &str) -> Option<FileNumber> {
    input.tree.sibling(input.file, name).or_else(|| {
        let mut all = input.tree.entries().filter(|(_, entry)| entry.name() == name);
        all.next().filter(|_| all.next().is_none()).map(|(number, _)| number)
    })
}

/// Opens the database that is read, with its write-ahead log; what stands in the way is told to the sink.
pub(crate) fn open(input: &Input<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Option<Database>> {
    open_file(input, input.file, sink)
}

/// Opens another database of the tree, one that names or adds to what is read.
pub(crate) fn open_file(
    input: &Input<'_>,
    file: FileNumber,
    sink: &mut dyn Sink,
) -> ControlFlow<(), Option<Database>> {
    let place = || (file, Place::Whole);
    let tell = |kind, expected: &str, sink: &mut dyn Sink| {
        sink.trouble(place(), kind, expected, "")?;
        ControlFlow::Continue(None)
    };
    let Some(bytes) = input.tree.entry(file).and_then(|entry| entry.content().random().ok()) else {
        return tell(ProblemKind::Unreadable, "bytes of a database that can be had", sink);
    };
    let log = write_ahead_log(input.tree, file).and_then(|log| input.tree.entry(log));
    let log = log.and_then(|entry| entry.content().random().ok());
    match Database::open(bytes, log, Limits { payload_bytes: input.limits.unit_bytes, ..Limits::DEFAULT }) {
        Ok(database) => ControlFlow::Continue(Some(database)),
        Err(OpenError::NotSqlite) => tell(ProblemKind::Damaged, "a database of SQLite", sink),
        Err(_) => tell(ProblemKind::Unreadable, "a database of SQLite that can be opened", sink),
    }
}

/// Where a row is found again. A table without row numbers gives the bytes of the row in the database file;
/// what lies in the write-ahead log of such a table can only be named by its table.
pub(crate) fn place_of(table: &Table, row: &Row<'_>) -> Place {
    let at = row.place();
    if table.kind() == TableKind::WithoutRowid && at.file == InFile::Main {
        return Place::bytes(at.offset_bytes, at.length_bytes);
    }
    Place::row(table.name(), row.rowid())
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// A record of its own.
    Record,
    /// A part of a record that another row began.
    Continuation,
    /// Something the program itself wrote, or housekeeping that says nothing about anybody.
    System,
    /// It could not be read as it should and was told as a problem.
    Problem,
}

/// Most problems of one sort that are told one by one.
const TOLD_MOST: u64 = 1000;

/// What is done with a row.
pub(crate) type TakeRow<'t> = &'t mut dyn FnMut(&Row<'_>, &mut dyn Sink) -> ControlFlow<(), Became>;

/// Goes over all rows of a table, counts them, and tells what could not be read. `take` says what became of
/// each row.
pub(crate) fn each_row(
    input: (&Database, &Table, FileNumber),
    sink: &mut dyn Sink,
    take: TakeRow<'_>,
) -> Flow {
    let (database, table, file) = input;
    let mut counted = Counted::new(file, Unit::Row, table.name());
    let mut untold = 0_u64;
    let mut doubts = 0_u64;
    let mut rows = database.rows(table);
    while let Some(next) = rows.next() {
        if let Err(problem) = &next
            && matches!(problem.lost(), Lost::Nothing | Lost::EndOfRow)
        {
            // The row itself comes next and is counted then.
            if doubts < TOLD_MOST {
                tell(file, table, problem, sink)?;
            }
            doubts = doubts.saturating_add(1);
            continue;
        }
        counted.in_source = counted.in_source.saturating_add(1);
        let became = match next {
            Ok(row) => take(&row, sink)?,
            Err(problem) if counted.problems < TOLD_MOST => {
                tell(file, table, &problem, sink)?;
                Became::Problem
            }
            Err(_) => {
                untold = untold.saturating_add(1);
                Became::Problem
            }
        };
        let count = match became {
            Became::Record => &mut counted.records,
            Became::Continuation => &mut counted.continuations,
            Became::System => &mut counted.system,
            Became::Problem => &mut counted.problems,
        };
        *count = count.saturating_add(1);
    }
    if untold > 0 {
        let expected = format!("fewer damaged pieces in one table; {untold} more were counted, not told");
        sink.trouble((file, Place::Whole), ProblemKind::Limit, &expected, "")?;
    }
    sink.counted(counted)
}

fn tell(file: FileNumber, table: &Table, problem: &RowProblem, sink: &mut dyn Sink) -> Flow {
    let place = (file, Place::bytes(problem.offset_bytes, 0));
    let expected = format!("a whole row of {}: {problem}", table.name());
    sink.trouble(place, ProblemKind::Damaged, &expected, "what else can be reached")
}

/// Tells what could not be read of a database as a whole, and whether its end is missing.
pub(crate) fn condition(database: &Database, file: FileNumber, sink: &mut dyn Sink) -> Flow {
    for problem in database.problems() {
        let place = (file, Place::bytes(problem.offset_bytes, 0));
        let expected = format!("a whole description of the tables: {problem}");
        sink.trouble(place, ProblemKind::Damaged, &expected, "the tables that can be read")?;
    }
    let (claimed, there) = (database.page_count(), database.file_pages());
    if there < claimed && database.wal() == WalReport::default() {
        let expected = format!("{claimed} pages; the file ends after {there}");
        sink.trouble((file, Place::Whole), ProblemKind::Truncated, &expected, "what lies before")?;
    }
    if database.wal().header == WalHeaderState::Unusable {
        let expected = "a write-ahead log that fits the database";
        sink.trouble((file, Place::Whole), ProblemKind::Damaged, expected, "the database without it")?;
    }
    let older = database.wal().left_out();
    if older > 0 {
        let expected = format!("{older} pages of the write-ahead log that do not count may hold older rows");
        sink.trouble((file, Place::Whole), ProblemKind::Unsupported, &expected, "the pages that count")?;
    }
    free_pages(database, file, sink)
}

/// Whether a table is one of these, by its name.
type IsTable<'t> = &'t dyn Fn(&str) -> bool;

/// Counts the tables that were not read. SQLite's own, those of its indexes and those that are housekeeping
/// say nothing about anybody; the rows of any other are one problem, and its name follows what was expected.
pub(crate) fn rest(
    (database, file): (&Database, FileNumber),
    (is_read, is_housekeeping): (IsTable<'_>, IsTable<'_>),
    (expected, kept): (&str, &str),
    sink: &mut dyn Sink,
) -> Flow {
    for table in database.tables() {
        if matches!(table.kind(), TableKind::View | TableKind::Virtual) || is_read(table.name()) {
            continue;
        }
        let own = table.name().starts_with("sqlite_") || table.shadow_of().is_some();
        let is_known = own || is_housekeeping(table.name());
        let became = if is_known { Became::System } else { Became::Problem };
        let mut units = 0_u64;
        each_row((database, table, file), sink, &mut |_, _| {
            units = units.saturating_add(1);
            ControlFlow::Continue(became)
        })?;
        if !is_known && units > 0 {
            sink.problem(Problem {
                file,
                place: Place::Whole,
                kind: ProblemKind::NotUnderstood,
                expected: format!("{expected} {}", table.name()),
                kept: kept.to_owned(),
                units,
            })?;
        }
    }
    Flow::Continue(())
}

/// Says how many pages of a database are free: they may hold deleted rows, and are not read.
fn free_pages(database: &Database, file: FileNumber, sink: &mut dyn Sink) -> Flow {
    let free = database.freelist_pages();
    if free == 0 {
        return Flow::Continue(());
    }
    let expected = format!("{free} free pages may hold deleted rows; they are not read");
    sink.trouble((file, Place::Whole), ProblemKind::Unsupported, &expected, "everything that is not deleted")
}
