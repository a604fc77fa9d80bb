//! What a reader could not read, said and counted.

use serde::{Deserialize, Serialize};

use super::{FileNumber, Place};

/// Something that could not be read as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file.
    pub file: FileNumber,
    /// Where in it.
    pub place: Place,
    /// What sort.
    pub kind: ProblemKind,
    /// What was expected, in technical words and without anything from the evidence's content.
    pub expected: String,
    /// What of it was kept, in technical words; empty if nothing.
    pub kept: String,
    /// How many units (lines, rows, elements) it stands for.
    pub units: u64,
}

/// What sort of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProblemKind {
    /// The bytes could not be had.
    Unreadable,
    /// The bytes contradict the format.
    Damaged,
    /// It ends before it should.
    Truncated,
    /// A form that this reader does not know.
    NotUnderstood,
    /// A version or feature that this reader does not read.
    Unsupported,
    /// It is encrypted and no key was given.
    NeedsKey,
    /// It is encrypted and no given key fits.
    WrongKey,
    /// A limit stopped it.
    Limit,
    /// Two readings are possible.
    Ambiguous,
    /// Numbers are missing in a row of numbers: something was there and is not.
    Gap,
    /// The worker that read it ended; what it gave before is kept.
    WorkerEnded,
}

impl ProblemKind {
    /// All of them, for texts and tests.
    pub const ALL: [Self; 11] = [
        Self::Unreadable,
        Self::Damaged,
        Self::Truncated,
        Self::NotUnderstood,
        Self::Unsupported,
        Self::NeedsKey,
        Self::WrongKey,
        Self::Limit,
        Self::Ambiguous,
        Self::Gap,
        Self::WorkerEnded,
    ];

    /// The word in tables, JSON and text ids; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Damaged => "damaged",
            Self::Truncated => "truncated",
            Self::NotUnderstood => "not-understood",
            Self::Unsupported => "unsupported",
            Self::NeedsKey => "needs-key",
            Self::WrongKey => "wrong-key",
            Self::Limit => "limit",
            Self::Ambiguous => "ambiguous",
            Self::Gap => "gap",
            Self::WorkerEnded => "worker-ended",
        }
    }
}
