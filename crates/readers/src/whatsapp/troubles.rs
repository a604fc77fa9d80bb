//! Says problems that can repeat without end: the first thousand of one sort singly, the rest summed up.

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

    /// One more, that stands for so many units; `text` says what was expected and what was kept.
    pub(crate) fn say(
        &mut self,
        (place, units): (Place, u64),
        kind: ProblemKind,
        text: (&'static str, &'static str),
        sink: &mut dyn Sink,
    ) -> Flow {
        let (said, unsaid) = self.sorts.entry((kind, text.0, text.1)).or_default();
        if *said >= SINGLY {
            *unsaid = unsaid.saturating_add(units);
            return Flow::Continue(());
        }
        *said = said.saturating_add(1);
        sink.problem(problem((self.file, place), kind, text, units))
    }

    /// Sums up what was not said singly.
    pub(crate) fn finish(self, sink: &mut dyn Sink) -> Flow {
        for ((kind, expected, kept), (_, unsaid)) in self.sorts {
            if unsaid > 0 {
                sink.problem(problem((self.file, Place::Whole), kind, (expected, kept), unsaid))?;
            }
        }
        Flow::Continue(())
    }
}

fn problem(
    (file, place): (FileNumber, Place),
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
    fn many_of_one_sort_are_a_thousand_and_a_sum() {
        let mut kept = Kept::default();
        let mut troubles = Troubles::new(FileNumber(0));
        for at in 0..5000 {
            let told = troubles.say((Place::row("t", at), 2), ProblemKind::Gap, ("rows", ""), &mut kept);
            assert!(told.is_continue());
        }
        assert!(troubles.finish(&mut kept).is_continue());
        assert_eq!(kept.problems.len(), 1001);
        assert_eq!(kept.problems.iter().map(|problem| problem.units).sum::<u64>(), 10_000);
    }
}
