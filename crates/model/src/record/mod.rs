//! What a reader says about what a client brought: one record for each message, call, contact and so on.
//!
//! A record never stands alone: it names the file and the place in it that it was read from
//! (its locator), and keeps raw values beside what was made of them. Unknown stays unknown:
//! an `Option` that is `None` means that the source does not say. Types only; deliberately no reading, no
//! judging, no identifiers that depend on a machine.

mod accounts;
mod call;
mod counted;
mod json;
mod message;
mod parties;
mod place;
mod point;
mod problem;
mod time_reading;
mod traces;

pub use accounts::{Account, Contact, Identifier, IdentifierKind};
pub use call::{Call, CallMedium, CallOutcome};
pub use counted::{Counted, Unit};
pub use json::{json, without_empty};
pub use message::{
    Attachment, AttachmentState, Direction, Inside, MediaKind, Message, PollOption, Quoted, Reaction, State,
    Version,
};
pub use parties::{ChatKind, ChatRef, Party};
pub use place::{FileNumber, Place};
pub use point::Point;
pub use problem::{Problem, ProblemKind};
pub use time_reading::{Precision, TimeReading, Zone, wall_ms};
pub use traces::{AppFact, Event, FileFact, LocationFix, MediaFact, WebVisit};

use serde::{Deserialize, Serialize};

/// One thing that a source says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The file it was read from.
    pub file: FileNumber,
    /// Where in the file.
    pub place: Place,
    /// Counts the records that one place gave, from 0.
    pub part: u16,
    /// What it is.
    pub what: What,
}

/// What a record is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// A message in a chat, a text message, a mail.
    Message(Box<Message>),
    /// A call.
    Call(Box<Call>),
    /// An entry of an address book.
    Contact(Box<Contact>),
    /// An account of the device's owner, or the identity a chat program gave.
    Account(Box<Account>),
    /// Where a device was.
    Location(Box<LocationFix>),
    /// A program on the device.
    App(Box<AppFact>),
    /// A page that was opened.
    Visit(Box<WebVisit>),
    /// What a picture, video or sound file says about itself.
    Media(Box<MediaFact>),
    /// Anything else with a time or a name of its own.
    Event(Box<Event>),
    /// A file that no reader understands, kept as it is.
    File(Box<FileFact>),
}

impl What {
    /// The word for the kind in tables, JSON and identifiers; stable.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Call(_) => "call",
            Self::Contact(_) => "contact",
            Self::Account(_) => "account",
            Self::Location(_) => "location",
            Self::App(_) => "app",
            Self::Visit(_) => "visit",
            Self::Media(_) => "media",
            Self::Event(_) => "event",
            Self::File(_) => "file",
        }
    }

    /// The time that orders it, if the source gives one.
    pub fn time(&self) -> Option<&TimeReading> {
        match self {
            Self::Message(message) => message.sent.as_ref(),
            Self::Call(call) => call.began.as_ref(),
            Self::Location(fix) => fix.at.as_ref(),
            Self::Visit(visit) => visit.at.as_ref(),
            Self::Media(fact) => fact.taken.as_ref(),
            Self::Event(event) => event.at.as_ref(),
            Self::App(fact) => fact.installed.as_ref(),
            Self::Contact(contact) => contact.changed.as_ref(),
            Self::Account(account) => account.since.as_ref(),
            Self::File(fact) => fact.modified.as_ref(),
        }
    }
}

/// What a source says beyond the fields of a record: the source's own names and values, as text.
pub type Extra = Vec<(String, String)>;
