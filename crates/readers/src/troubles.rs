//! Says problems that can repeat a million times: the first thousand of one sort singly, the rest summed up.
//!
//! One for each file that is read. Deliberately keeps no places beyond the last one, so it stays small.

use std::collections::BTreeMap;

use model::record::{FileNumber, Place, Problem, ProblemKind};

use crate::{Flow, Sink};

/// How many problems of one sort are said singly.
const SINGLY: u64 = 1000;

/// The problems of one file, counted by sort.
pub(crate) struct Troubles {
    file: FileNumber,
    sorts: BTreeMap<(ProblemKind, &'static str, &'static str), (u64, u64)>,
}

impl Troubles {
    /// None yet.
    pub(crate) fn new(file: FileNumber) -> Self {
        Self { file, sorts: BTreeMap::new() }
    }

    /// One more that costs one unit.
    pub(crate) fn say(
        &mut self,
        sink: &mut dyn Sink,
        place: Place,
        kind: ProblemKind,
        (expected, kept): (&'static str, &'static str),
    ) -> Flow {
        self.say_units(sink, place, kind, (expected, kept), 1)
    }

    /// One more that costs so many units.
    pub(crate) fn say_units(
        &mut self,
        sink: &mut dyn Sink,
        place: Place,
        kind: ProblemKind,
        (expected, kept): (&'static str, &'static str),
        units: u64,
    ) -> Flow {
        let (said, unsaid) = self.sorts.entry((kind, expected, kept)).or_default();
        if *said >= SINGLY {
            *unsaid = unsaid.saturating_add(units);
            return Flow::Continue(());
        }
        *said = said.saturating_add(1);
        sink.problem(problem(self.file, place, kind, (expected, kept), units))
    }

    /// Sums up what was not said singly.
    pub(crate) fn finish(self, sink: &mut dyn Sink) -> Flow {
        for ((kind, expected, kept), (_, unsaid)) in self.sorts {
            if unsaid > 0 {
                sink.problem(problem(self.file, Place::Whole, kind, (expected, kept), unsaid))?;
            }
        }
        Flow::Continue(())
    }
}

fn problem(
    file: FileNumber,
    place: Place,
    kind: ProblemKind,
    (expected, kept): (&str, &str),
    units: u64,
) -> Problem {
    Problem { file, place, kind, expected: expected.to_owned(), kept: kept.to_owned(), units }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kept;

    #[test]
    fn a_million_of_one_sort_are_a_thousand_and_a_sum() {
        let mut kept = Kept::default();
        let sink: &mut dyn Sink = &mut kept;
        let mut troubles = Troubles::new(FileNumber(0));
        for at in 0..1_000_000 {
            let place = Place::bytes(at, 1);
            assert!(troubles.say(sink, place, ProblemKind::Damaged, ("an object", "")).is_continue());
        }
        assert!(troubles.finish(sink).is_continue());
        assert_eq!(kept.problems.len(), 1001);
        assert_eq!(kept.problems.iter().map(|problem| problem.units).sum::<u64>(), 1_000_000);
    }
}
