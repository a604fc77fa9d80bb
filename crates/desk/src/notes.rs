//! `note`, `stop`, `hold`: acts that are an entry and nothing else.

use custody::Fields;
use model::EntryNumber;
use vault::Act;

use crate::{Desk, DeskError, ItemName, OpenCase};

impl Desk<'_> {
    /// Writes a note into the log; notes live nowhere else. `about` names an item if the note is about one.
    pub fn note(
        &mut self,
        case: &mut OpenCase,
        text: &str,
        about: Option<ItemName>,
    ) -> Result<EntryNumber, DeskError> {
        if text.trim().is_empty() {
            return Err(DeskError::BadInput("empty-note"));
        }
        let about = about.map_or(custody::Value::Null, |item| item.to_string().into());
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

/// Whether a hold begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It begins.
    On,
    /// It ends.
    Off,
}
