//! `note`, `stop`, `hold`: acts that are an entry and nothing else.

use std::fmt;
use std::str::FromStr;

use custody::Fields;
use model::EntryNumber;
use vault::Act;

use crate::{Desk, DeskError, ItemName, OpenCase};

impl Desk<'_> {
    /// Writes a note into the log; notes live nowhere else. `about` names an item or record if the note is
    /// about one.
    pub fn note(
        &mut self,
        case: &mut OpenCase,
        text: &str,
        about: Option<NoteSubject>,
    ) -> Result<EntryNumber, DeskError> {
        if text.trim().is_empty() {
            return Err(DeskError::BadInput("empty-note"));
        }
        let about = about.map_or(custody::Value::Null, |subject| subject.to_string().into());
        self.append(case, "note", Fields::new().with("text", text).with("about", about))
    }

    /// Stops an item for good: never again shown, indexed, copied or exported. The entry names it by
    /// numbers only.
    pub fn stop(&mut self, case: &mut OpenCase, item: ItemName) -> Result<EntryNumber, DeskError> {
        item.find(case.state()?)?;
        let leaf = item.leaf.map_or(custody::Value::Null, Into::into);
        let fields = Fields::new().with("capsule", item.capsule.0).with("leaf", leaf);
        // The index may hold what was read from it; it is made again without.
        let remove = vault::INDEX_FILES.map(str::to_owned).to_vec();
        self.append_act(case, "item.stopped", Act { remove, ..Act::entry(fields) })
    }

    /// Puts the case under a legal hold, or lifts it: under hold nothing is erased.
    pub fn hold(&mut self, case: &mut OpenCase, hold: Hold, reason: &str) -> Result<EntryNumber, DeskError> {
        if reason.trim().is_empty() {
            return Err(DeskError::BadInput("hold-reason"));
        }
        let kind = match hold {
            Hold::On => "hold.on",
            Hold::Off => "hold.off",
        };
        self.append(case, kind, Fields::new().with("reason", reason))
    }
}

/// What a note is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteSubject {
    /// A capsule or a file of it.
    Item(ItemName),
    /// A record, by its identifier or at least the first twelve digits of it, in small letters. No capsule
    /// has a number of twelve digits. A note is written without the case's key, so nobody looks whether
    /// there is such a record.
    Record(String),
}

impl fmt::Display for NoteSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(item) => item.fmt(f),
            Self::Record(record) => f.write_str(record),
        }
    }
}

impl FromStr for NoteSubject {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_record = (12..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_record {
            return Ok(Self::Record(text.to_ascii_lowercase()));
        }
        let wrong = "numbers name an item (17, 17:3), at least twelve digits of its identifier a record";
        text.parse().map(Self::Item).map_err(|_| wrong)
    }
}

/// Whether a hold begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It begins.
    On,
    /// It ends.
    Off,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_records_are_told_apart() {
        for text in ["17", "17:3", "18c653877c40", "180653877040", "18c653877c40084d36dca6c0cf93187c"] {
            assert_eq!(text.parse::<NoteSubject>().map(|subject| subject.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("180653877040".parse(), Ok(NoteSubject::Record("180653877040".to_owned())));
        for bad in ["", "18c653", "18c653877c40084d36dca6c0cf93187c0", "x", "18C653877c4g"] {
            assert!(bad.parse::<NoteSubject>().is_err(), "{bad}");
        }
    }
}
