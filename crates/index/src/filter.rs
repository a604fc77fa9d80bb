//! Which records are wanted.

use model::EntryNumber;
use model::record::Point;

use crate::insights::IdentifierNumber;
use crate::record_key::RecordKey;
use crate::row::{ChatNumber, FileId, PartyNumber};

/// Which records are wanted: those for which all of it holds.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Everything they sent, are named in (called, written to, in an address book), or that stands in a chat
    /// of two with them; of any of these. Empty means all.
    pub parties: Vec<PartyNumber>,
    /// With a time in this range; a time that can be read in two ways counts with both.
    pub time: Option<TimeRange>,
    /// With or without attachments.
    pub attachments: Attachments,
    /// With a hint of this code, or of one that begins with it up to a dot: `debt` finds `debt.owed`. Needs
    /// [`crate::Index::attach_insights`].
    pub hint: Option<String>,
    /// In which this identifier occurs. Needs [`crate::Index::attach_insights`].
    pub identifier: Option<IdentifierNumber>,
    /// With a point on the earth.
    pub located: Option<Located>,
    /// One of these records: those of a tag, rather few, for they are sorted.
    pub records: Option<Vec<RecordKey>>,
    /// Whether the same message from two sources comes once or as often as it is there.
    pub doubles: Doubles,
}

/// With a point on the earth: where a device was, where a picture was made, a place that was shared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Located {
    /// Anywhere.
    Somewhere,
    /// Near a point.
    Within(NearPoint),
}

/// A circle around a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearPoint {
    /// The middle.
    pub point: Point,
    /// How far around it.
    pub metres: f64,
}

/// The same message from two sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Doubles {
    /// Comes once: of those that fit everything else the one whose time is the most exact.
    #[default]
    Once,
    /// Comes as often as it is there.
    All,
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
