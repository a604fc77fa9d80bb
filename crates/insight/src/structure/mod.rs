//! Hints by structure: repetition, escalation, a new number after a block; described rules, no score.
//!
//! The rules and their thresholds stand in `rules/structure.toml`, with what else such a pattern can mean.
//! They see one [`Moment`] after the other in the order of time and keep little: of each chat and sender
//! the last ones. A moment without a time, or with one that can be read in two ways, is left out and
//! counted. Hours, days and weeks are those of the source's clock: a wall clock where it shows one, UTC
//! where it counts in UTC. Only talk between two people is looked at, except for calls, threats and new
//! numbers: who is meant by a question in a group, nobody can say.

mod calls;
mod deleted;
mod escalation;
mod new_number;
mod night;
mod pairs;
mod proof;
mod questions;
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
    /// When.
    pub at: When,
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

/// When a moment was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In milliseconds since 1970 by the source's clock.
    At(i64),
    /// The source's time can be read in two ways.
    Either,
    /// The source has no time that can be read.
    Unknown,
}

/// What a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentSort {
    /// A message of words.
    Words,
    /// A message with a picture, video or place.
    Shows,
    /// A message that its sender deleted.
    Deleted,
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
    /// How often the other one did the same, where that is what the rule looks at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<u64>,
}

/// Records that facts name at most.
const MOST_NAMED: usize = 20;

/// A rule.
trait Rule {
    /// Sees the next moment, which has this time.
    fn see(&mut self, moment: &Moment<'_>, at_ms: i64, found: &mut Vec<StructureHint>);

    /// In which chats it looks.
    fn looks_at(&self) -> LooksAt {
        LooksAt::Two
    }
}

/// Talk between whom a rule looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LooksAt {
    /// Two people.
    Two,
    /// Groups, too.
    Everybody,
}

/// All rules, watching one case.
pub struct Watch {
    rules: Vec<Box<dyn Rule>>,
    pairs: pairs::Pairs,
    left_out: LeftOut,
}

/// What the rules did not look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Moments without a time.
    pub without_time: u64,
    /// Moments whose time can be read in two ways.
    pub either_time: u64,
    /// Moments in groups, which only some rules look at.
    pub in_groups: u64,
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
            Box::<questions::Questions>::default(),
            Box::<deleted::Deleted>::default(),
        ];
        Self { rules, pairs: pairs::Pairs::default(), left_out: LeftOut::default() }
    }
}

impl Watch {
    /// Sees the next moment.
    pub fn see(&mut self, moment: &Moment<'_>, found: &mut Vec<StructureHint>) {
        let left_out = &mut self.left_out;
        let at_ms = match moment.at {
            When::At(at_ms) => at_ms,
            When::Either => {
                left_out.either_time = left_out.either_time.saturating_add(1);
                return;
            }
            When::Unknown => {
                left_out.without_time = left_out.without_time.saturating_add(1);
                return;
            }
        };
        let among_many = self.pairs.is_among_many(moment);
        left_out.in_groups = left_out.in_groups.saturating_add(u64::from(among_many));
        for rule in &mut self.rules {
            if !among_many || rule.looks_at() == LooksAt::Everybody {
                rule.see(moment, at_ms, found);
            }
        }
    }

    /// What was not looked at.
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }
}

impl Moment<'_> {
    /// Whether it asks or demands to know where somebody is, in plain words or by a hint.
    fn wants_whereabouts(&self) -> bool {
        self.asks == Asks::Yes || self.demands_whereabouts()
    }

    /// Whether a hint in it says that it demands to know or to see where somebody is.
    fn demands_whereabouts(&self) -> bool {
        self.codes.iter().any(|code| matches!(*code, "monitor.location" | "monitor.proof"))
    }

    /// The chat and who writes in it.
    fn voice(&self) -> Option<(ChatNumber, PartyNumber)> {
        self.chat.zip(self.sender)
    }
}
