//! Puts what the units of a file became where it belongs: records, problems and the reckoning of each list.

use std::collections::BTreeMap;

use model::record::{Counted, FileNumber, ProblemKind, Record, Unit, What};

use crate::part::At;
use crate::troubles::Troubles;
use crate::{Flow, Sink};

/// What a unit became.
pub(crate) enum Became {
    /// A record.
    Record(What),
    /// A record that the program itself wrote.
    System(What),
    /// Nothing: a problem, and what was expected.
    Problem(ProblemKind, &'static str),
}

/// The reckoning of a file.
pub(crate) struct Tally {
    file: FileNumber,
    counted: BTreeMap<&'static str, Counted>,
    troubles: Troubles,
}

impl Tally {
    /// Nothing yet.
    pub(crate) fn new(file: FileNumber) -> Self {
        Self { file, counted: BTreeMap::new(), troubles: Troubles::new(file) }
    }

    /// Whether nothing was counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.counted.is_empty()
    }

    /// One unit of a list.
    pub(crate) fn put(&mut self, list: &'static str, at: At, became: Became, sink: &mut dyn Sink) -> Flow {
        let file = self.file;
        let counted = self.counted.entry(list).or_insert_with(|| Counted::new(file, Unit::Element, list));
        counted.in_source = counted.in_source.saturating_add(1);
        let (sort, what) = match became {
            Became::Record(what) => (&mut counted.records, what),
            Became::System(what) => (&mut counted.system, what),
            Became::Problem(kind, expected) => {
                counted.problems = counted.problems.saturating_add(1);
                return self.troubles.say(sink, at.place(), kind, (expected, ""));
            }
        };
        *sort = sort.saturating_add(1);
        sink.record(Record { file, place: at.place(), part: 0, what })
    }

    /// Everything is read.
    pub(crate) fn finish(self, sink: &mut dyn Sink) -> Flow {
        self.troubles.finish(sink)?;
        if self.counted.is_empty() {
            // Nothing in it is a reckoning, too.
            return sink.counted(Counted::new(self.file, Unit::Element, "elements"));
        }
        for counted in self.counted.into_values() {
            sink.counted(counted)?;
        }
        Flow::Continue(())
    }
}
