//! The tables of WhatsApp's databases that no reader has read, and reckonings that are held back.

use std::collections::BTreeSet;

use model::record::{Counted, FileNumber, Problem, Record};
use sqlite::Database;

use crate::{Flow, Sink, database};

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
    of: (&Database, FileNumber),
    read: &BTreeSet<&str>,
    known: fn(&str) -> Known,
    sink: &mut dyn Sink,
) -> Flow {
    let (is_read, is_housekeeping) =
        (|name: &str| read.contains(name), |name: &str| known(name) == Known::Housekeeping);
    let words = ("a table that is known, not", "the rows in the database");
    database::rest(of, (&is_read, &is_housekeeping), words, sink)
}

/// Passes everything on but holds the reckonings back: what became of a row is known only later.
pub(crate) struct Holding<'s> {
    /// Where the rest goes.
    pub(crate) sink: &'s mut dyn Sink,
    /// What is held back.
    pub(crate) held: Vec<Counted>,
}

impl Sink for Holding<'_> {
    fn record(&mut self, record: Record) -> Flow {
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
