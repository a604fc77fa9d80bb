//! Where a reader puts what it reads.

use std::ops::ControlFlow;

use model::record::{Counted, FileNumber, Place, Problem, ProblemKind, Record};

/// Go on, or stop because nobody listens any more.
pub type Flow = ControlFlow<()>;

/// Takes what a reader gives, in order.
pub trait Sink {
    /// A record.
    fn record(&mut self, record: Record) -> Flow;

    /// Something that could not be read.
    fn problem(&mut self, problem: Problem) -> Flow;

    /// The reckoning of a file, or of a table in it.
    fn counted(&mut self, counted: Counted) -> Flow;
}

impl dyn Sink + '_ {
    /// Something that could not be read; `expected` and `kept` in technical words, nothing from the content.
    pub fn trouble(
        &mut self,
        (file, place): (FileNumber, Place),
        kind: ProblemKind,
        expected: &str,
        kept: &str,
    ) -> Flow {
        let (expected, kept) = (expected.to_owned(), kept.to_owned());
        self.problem(Problem { file, place, kind, expected, kept, units: 1 })
    }
}

/// Keeps everything in memory; for tests and small files.
#[derive(Debug, Default)]
pub struct Kept {
    /// The records.
    pub records: Vec<Record>,
    /// The problems.
    pub problems: Vec<Problem>,
    /// The reckonings.
    pub counted: Vec<Counted>,
}

impl Sink for Kept {
    fn record(&mut self, record: Record) -> Flow {
        self.records.push(record);
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.problems.push(problem);
        Flow::Continue(())
    }

    fn counted(&mut self, counted: Counted) -> Flow {
        self.counted.push(counted);
        Flow::Continue(())
    }
}
