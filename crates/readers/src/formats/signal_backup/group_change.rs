//! What a message about a change in a group says: which fields of the change are set, and whom they name.
//!
//! `DecryptedGroupV2Context`: 2 change; field numbers of `DecryptedGroupChange` from DecryptedGroups.proto
//! of Signal (2020 to 2024). Members are 16 bytes of an account id. Only who is named and the new title are
//! read out; the raw bytes stay in the message's body.

use model::record::Extra;

use crate::wire::{Fields, Value, find};

/// A change.
#[derive(Default)]
pub(super) struct Change {
    /// The fields that are set, in Signal's words.
    pub(super) words: Vec<&'static str>,
    /// The accounts they name.
    pub(super) about: Vec<String>,
    /// A new title.
    pub(super) extra: Extra,
}

/// The fields of a change, from number 3 on.
const WORDS: [&str; 22] = [
    "newMembers",
    "deleteMembers",
    "modifyMemberRoles",
    "modifiedProfileKeys",
    "newPendingMembers",
    "deletePendingMembers",
    "promotePendingMembers",
    "newTitle",
    "newAvatar",
    "newTimer",
    "newAttributeAccess",
    "newMemberAccess",
    "newInviteLinkAccess",
    "newRequestingMembers",
    "deleteRequestingMembers",
    "promoteRequestingMembers",
    "newInviteLinkPassword",
    "newDescription",
    "newIsAnnouncementGroup",
    "newBannedMembers",
    "deleteBannedMembers",
    "promotePendingPniAciMembers",
];

/// Most accounts that are named.
const ABOUT_MAX: usize = 1024;

/// Reads the context of a message.
pub(super) fn read(context: &[u8]) -> Change {
    let mut change = Change::default();
    let Some(message) = find(context, 2).and_then(Value::bytes) else { return change };
    for field in Fields::new(message).map_while(Result::ok) {
        let at = field.number.checked_sub(3).and_then(|at| usize::try_from(at).ok());
        let Some(word) = at.and_then(|at| WORDS.get(at)) else { continue };
        // An enumeration that is 0 says nothing.
        if field.value == Value::Varint(0) {
            continue;
        }
        if !change.words.contains(word) {
            change.words.push(word);
        }
        let Some(bytes) = field.value.bytes() else { continue };
        if field.number == 10 {
            let title = find(bytes, 1).and_then(Value::text).unwrap_or_default();
            change.extra.push(((*word).to_owned(), title.into_owned()));
        }
        let whom = account(bytes).or_else(|| find(bytes, 1)?.bytes().and_then(account));
        if let Some(whom) = whom.filter(|whom| !change.about.contains(whom))
            && change.about.len() < ABOUT_MAX
        {
            change.about.push(whom);
        }
    }
    change
}

/// An account id as Signal writes it in its tables.
pub(super) fn account(bytes: &[u8]) -> Option<String> {
    let number = u128::from_be_bytes(bytes.try_into().ok()?);
    let hex = format!("{number:032x}");
    let parts = [hex.get(..8)?, hex.get(8..12)?, hex.get(12..16)?, hex.get(16..20)?, hex.get(20..)?];
    Some(parts.join("-"))
}
