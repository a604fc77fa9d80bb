//! Exit codes by meaning; `docs/exit-codes.md` lists them for people, and a test compares.

use std::process::ExitCode;

/// How the program ended. The number is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Something differs from what was signed.
    Differs = 1,
    /// Wrong usage.
    Usage = 2,
    /// An answer, a consent or a decision is missing; nothing was done.
    Missing = 3,
    /// The key does not open.
    Key = 4,
    /// Reading or writing failed.
    Medium = 5,
    /// Busy, or this copy is for reading only, older or parted.
    Copy = 6,
    /// Held or stopped: a decision taken earlier forbids it.
    Held = 7,
    /// Damaged input, or none of ours.
    Damaged = 8,
    /// A fault of the program.
    Fault = 70,
}

impl Exit {
    /// Every one, ascending.
    pub(crate) const ALL: [Self; 10] = [
        Self::Done,
        Self::Differs,
        Self::Usage,
        Self::Missing,
        Self::Key,
        Self::Medium,
        Self::Copy,
        Self::Held,
        Self::Damaged,
        Self::Fault,
    ];

    /// The number.
    pub(crate) fn number(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
