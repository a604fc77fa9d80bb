//! Which records are wanted.

use model::EntryNumber;

use crate::insights::IdentifierNumber;
use crate::row::{ChatNumber, FileId, PartyNumber};

/// Which records are wanted: those for which all of it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this capsule.
    pub capsule: Option<EntryNumber>,
    /// Of this file.
    pub file: Option<FileId>,
    /// Read by this reader.
    pub reader: Option<String>,
    /// Of this kind: one of [`crate::KINDS`]. Any other word fits nothing.
    pub kind: Option<String>,
    /// Of this program.
    pub app: Option<String>,
    /// In this chat.
    pub chat: Option<ChatNumber>,
    /// Sent by them.
    pub sender: Option<PartyNumber>,
    /// With a time in this range; a time that can be read in two ways counts with both.
    pub time: Option<TimeRange>,
    /// With or without attachments.
    pub attachments: Attachments,
    /// With a hint of this code, or of one that begins with it up to a dot: `debt` finds `debt.owed`. Needs
    /// [`crate::Index::attach_insights`].
    pub hint: Option<String>,
    /// In which this identifier occurs. Needs [`crate::Index::attach_insights`].
    pub identifier: Option<IdentifierNumber>,
}

/// A range of time, in milliseconds since 1970: of UTC, or of a wall clock for records without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// The first millisecond of it.
    pub from_ms: i64,
    /// The first one after it.
    pub until_ms: i64,
}

/// With or without attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attachments {
    /// Either.
    #[default]
    Any,
    /// At least one.
    Some,
    /// None.
    None,
}
