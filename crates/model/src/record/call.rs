//! A call as a source has it.

use serde::{Deserialize, Serialize};

use super::{Direction, Extra, Party, TimeReading};

/// A call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The service: `phone`, `whatsapp`, `facetime`, `viber` …
    pub app: String,
    /// Which way.
    pub direction: Direction,
    /// The others on the call, as far as they are named.
    pub others: Vec<Party>,
    /// The group it was in.
    pub group: Option<Party>,
    /// When it began.
    pub began: Option<TimeReading>,
    /// How long it lasted.
    pub duration_seconds: Option<u64>,
    /// How it ended.
    pub outcome: CallOutcome,
    /// With or without picture.
    pub medium: CallMedium,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// How a call ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CallOutcome {
    /// The source does not say.
    #[default]
    Unknown,
    /// They spoke.
    Answered,
    /// Not answered by the owner.
    Missed,
    /// Not answered by the other.
    NotAnswered,
    /// Turned down.
    Declined,
    /// Given up by the caller.
    Cancelled,
    /// Turned down because the number is blocked.
    Blocked,
    /// Went to a mailbox.
    Voicemail,
    /// A value of the source whose meaning is not known.
    Other(String),
}

/// With or without picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CallMedium {
    /// Not said.
    #[default]
    Unknown,
    /// Voice.
    Voice,
    /// Video.
    Video,
}
