//! Hints by structure: repetition, escalation, a new number after a block; described rules, no score.
//!
//! The rules and their thresholds stand in `rules/structure.toml`, with what else such a pattern can mean.
//! They see one [`Moment`] after the other in the order of time and keep little: of each chat and sender
//! the last ones. A moment without a time is left out and counted. Hours and days are those of the source's
//! clock.

mod calls;
mod escalation;
mod new_number;
mod night;
mod proof;
mod recent;
mod repetition;
mod texts;

use index::{ChatNumber, Cursor, PartyNumber};
use serde::Serialize;

pub use texts::{RuleText, RuleWords, STRUCTURE, asks};

/// What a rule sees of a record.
#[derive(Clone, Debug)]
pub struct Moment<'m> {
    /// The record.
    pub cursor: Cursor,
    /// When, in milliseconds since 1970 by the source's clock.
    pub at_ms: Option<i64>,
    /// The chat; calls have none.
    pub chat: Option<ChatNumber>,
    /// Who sent it or called.
    pub sender: Option<PartyNumber>,
    /// What it is.
    pub sort: MomentSort,
    /// Whether it asks for the whereabouts in plain words.
    pub asks: Asks,
    /// The codes of the hints in it.
    pub codes: &'m [&'m str],
}

/// What a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentSort {
    /// A message of words.
    Words,
    /// A message with a picture, video or place.
    Shows,
    /// A call that nobody took.
    UnansweredCall,
    /// The program says that somebody was blocked.
    Block,
    /// Anything else.
    Other,
}

/// Whether a message asks where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// A hint by structure, beside its first record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructureHint {
    /// The tactic.
    pub code: String,
    /// The rule, as it is called in `rules/structure.toml`.
    pub rule: &'static str,
    /// The first record.
    pub cursor: Cursor,
    /// What it rests on.
    pub facts: Facts,
}

/// What a hint by structure rests on: numbers and records, no weights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// How often.
    pub count: u64,
    /// From when, in milliseconds since 1970.
    pub from_ms: i64,
    /// Until when.
    pub until_ms: i64,
    /// The numbers of the first records in the index.
    pub records: Vec<i64>,
}

/// Records that facts name at most.
const MOST_NAMED: usize = 20;

/// A rule.
trait Rule {
    /// Sees the next moment, which has this time.
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>);
}

/// All rules, watching one case.
pub struct Watch {
    rules: Vec<Box<dyn Rule>>,
    /// Moments without a time.
    without_time: u64,
}

impl Default for Watch {
    fn default() -> Self {
        let rules: Vec<Box<dyn Rule>> = vec![
            Box::<repetition::Repetition>::default(),
            Box::<calls::Calls>::default(),
            Box::<night::Night>::default(),
            Box::<proof::Proof>::default(),
            Box::<escalation::Escalation>::default(),
            Box::<new_number::NewNumber>::default(),
        ];
        Self { rules, without_time: 0 }
    }
}

impl Watch {
    /// Sees the next moment.
    pub fn see(&mut self, moment: &Moment<'_>, found: &mut Vec<StructureHint>) {
        let Some(at_ms) = moment.at_ms else {
            self.without_time = self.without_time.saturating_add(1);
            return;
        };
        for rule in &mut self.rules {
            rule.see(moment, at_ms, found);
        }
    }

    /// How many moments had no time and were not looked at.
    pub fn without_time(&self) -> u64 {
        self.without_time
    }
}

impl Moment<'_> {
    /// Whether it asks or demands to know where somebody is, in plain words or by a hint.
    fn wants_whereabouts(&self) -> bool {
        self.asks == Asks::Yes
            || self.codes.iter().any(|code| matches!(*code, "monitor.location" | "monitor.proof"))
    }

    /// The chat and who writes in it.
    fn voice(&self) -> Option<(ChatNumber, PartyNumber)> {
        self.chat.zip(self.sender)
    }
}
