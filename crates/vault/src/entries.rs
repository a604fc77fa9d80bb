//! Reading the log with a key: entries in order, what they add up to, and the branches that were joined.
//!
//! Every body is checked against its leaf. A branch does not become part of the state of the case, with one
//! exception: stops, withdrawals and holds in it count from the moment it is joined, because ignoring them
//! could hurt.

use custody::{CaseState, Entry};
use model::{Digest, EntryNumber, Limits};

use crate::case::CaseVault;
use crate::error::VaultError;
use crate::keyring::Keyring;
use crate::layout::{self, RECIPIENT_NOTE};
use crate::log;
use crate::store::StoreError;

/// What reading an entry gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryRead {
    /// The entry.
    Body(Entry),
    /// Its body was erased; its leaf stays.
    Erased,
}

/// A branch that was joined, as its own writers left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The entry that joined it.
    pub joined_by: EntryNumber,
    /// How many entries both have in common; the branch's own count from there.
    pub common: u64,
    /// The entries of the branch after the common ones.
    pub entries: Vec<(EntryNumber, EntryRead)>,
    /// What all its entries add up to. Capsules numbered from `common` on are the branch's own.
    pub state: CaseState,
}

impl CaseVault {
    /// Reads one entry.
    pub fn entry(&self, number: EntryNumber, keyring: &Keyring) -> Result<EntryRead, VaultError> {
        if let Some(entry) = self.loaded.clear.get(&number) {
            return Ok(EntryRead::Body(entry.clone()));
        }
        if number.0 < self.head().size && self.is_body_erased(number) {
            return Ok(EntryRead::Erased);
        }
        match self.loaded.log.entry(self.view(), number, &keyring.open_with())? {
            Some(entry) => Ok(EntryRead::Body(entry)),
            None => Err(VaultError::EntryMissing { number }),
        }
    }

    /// Reads all entries in order.
    pub fn entries<'a>(
        &'a self,
        keyring: &'a Keyring,
    ) -> impl Iterator<Item = Result<(EntryNumber, EntryRead), VaultError>> + 'a {
        (0..self.head().size).map(move |number| {
            let number = EntryNumber(number);
            self.entry(number, keyring).map(|entry| (number, entry))
        })
    }

    /// What the entries add up to; an error if `keys/recipient.note` is not the one that the log commits to
    /// last.
    pub fn state(&self, keyring: &Keyring) -> Result<CaseState, VaultError> {
        let mut state = CaseState::default();
        for entry in self.entries(keyring) {
            let (number, entry) = entry?;
            take_in(&mut state, number, &entry);
            if let EntryRead::Body(entry) = &entry
                && entry.fields.kind() == Some("forked")
            {
                match self.branch(entry, keyring) {
                    Ok(branch) => take_in_branch(&mut state, &branch),
                    // The branch was sealed to others; that it is there is all that can be said.
                    Err(VaultError::WrongKey) => {
                        state.not_understood.insert(number);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        if !state.erased.whole_case && state.recipient_sha256 != Some(self.recipient_sha256()) {
            return Err(VaultError::NotSigned { name: RECIPIENT_NOTE.to_owned() });
        }
        Ok(state)
    }

    /// The branches that were joined, in the order of joining.
    pub fn branches(&self, keyring: &Keyring) -> Result<Vec<Branch>, VaultError> {
        let mut branches = Vec::new();
        for entry in self.entries(keyring) {
            if let (_, EntryRead::Body(entry)) = entry?
                && entry.fields.kind() == Some("forked")
            {
                branches.push(self.branch(&entry, keyring)?);
            }
        }
        Ok(branches)
    }

    fn branch(&self, forked: &Entry, keyring: &Keyring) -> Result<Branch, VaultError> {
        let damaged = || VaultError::EntryDamaged { number: forked.number };
        let common = forked.fields.number("common").ok_or_else(damaged)?;
        let leaves = forked.fields.get("leaves").and_then(|leaves| leaves.as_array()).ok_or_else(damaged)?;
        let mut state = CaseState::default();
        for number in 0..common.min(forked.number.0) {
            take_in(&mut state, EntryNumber(number), &self.entry(EntryNumber(number), keyring)?);
        }
        let hold_before = state.hold.take();
        let mut entries = Vec::new();
        for (number, leaf) in (common..).map(EntryNumber).zip(leaves) {
            let leaf = leaf.as_str().and_then(|hex| hex.parse().ok()).ok_or_else(damaged)?;
            let entry = self.branch_entry(forked.number, number, leaf, keyring)?;
            take_in(&mut state, number, &entry);
            entries.push((number, entry));
        }
        let lifted = entries.iter().any(
            |(_, entry)| matches!(entry, EntryRead::Body(entry) if entry.fields.kind() == Some("hold.off")),
        );
        if !lifted {
            state.hold = state.hold.or(hold_before);
        }
        Ok(Branch { joined_by: forked.number, common, entries, state })
    }

    fn branch_entry(
        &self,
        joined_by: EntryNumber,
        number: EntryNumber,
        leaf: Digest,
        keyring: &Keyring,
    ) -> Result<EntryRead, VaultError> {
        let folder = layout::fork(joined_by);
        let stem = number.file_stem();
        match self.view().get(&format!("{folder}open/{stem}.json"), Limits::DEFAULT.entry_body_bytes) {
            Ok(body) => return log::check_body(&body, number, leaf).map(EntryRead::Body),
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let name = format!("{folder}entries/{stem}.age");
        match log::read_entry(self.view(), &name, number, leaf, &keyring.open_with())? {
            Some(entry) => Ok(EntryRead::Body(entry)),
            None if self.is_erased() || self.is_erased_in_branch(&folder, number)? => Ok(EntryRead::Erased),
            None => Err(VaultError::EntryMissing { number }),
        }
    }

    /// Whether an open body of a branch says that this entry was erased there.
    fn is_erased_in_branch(&self, folder: &str, number: EntryNumber) -> Result<bool, VaultError> {
        for name in self.view().list(&format!("{folder}open"))? {
            let body = self.view().get(&name, Limits::DEFAULT.entry_body_bytes)?;
            let erased = Entry::parse(&body).is_ok_and(|entry| match entry.fields.text("what") {
                Some("case") => true,
                Some("entry") => entry.fields.number("which") == Some(number.0),
                _ => false,
            });
            if erased {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn take_in(state: &mut CaseState, number: EntryNumber, entry: &EntryRead) {
    match entry {
        EntryRead::Body(entry) => state.apply(entry),
        EntryRead::Erased => state.mark_erased(number),
    }
}

/// What protects somebody counts on whichever branch it was said.
fn take_in_branch(state: &mut CaseState, branch: &Branch) {
    let is_common = |(capsule, _): &&(EntryNumber, Option<u64>)| capsule.0 < branch.common;
    state.stopped.extend(branch.state.stopped.iter().filter(is_common));
    for (id, consent) in &branch.state.consents {
        if let Some(ours) = state.consents.get_mut(id)
            && consent.withdrawn.is_some()
            && ours.given == consent.given
        {
            ours.withdrawn.get_or_insert(branch.joined_by);
        }
    }
    let put_on = branch.entries.iter().rev().find_map(|(_, entry)| match entry {
        EntryRead::Body(entry) => entry.fields.kind().filter(|kind| kind.starts_with("hold.")),
        EntryRead::Erased => None,
    });
    if put_on == Some("hold.on") && state.hold.is_none() {
        state.hold.clone_from(&branch.state.hold);
    }
}
