//! Erasing a capsule, the body of an entry, or the secret of the whole case; the log stays and still
//! verifies.
//!
//! Follows docs/format.md, sections 4 and 9. That something was erased lies open in `log/open/`, with the
//! reason, so the reason must tell nothing about a person. What cannot be reached from here is listed, never
//! passed over.

use custody::{CaseState, Fields, Signer, Value, kinds};
use model::EntryNumber;

use crate::act::Act;
use crate::case::CaseVault;
use crate::create::RECOVERY;
use crate::entries::EntryRead;
use crate::error::VaultError;
use crate::keyring::Keyring;
use crate::layout::{self, INDEX};
use crate::log::ClearBody;

/// What is to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erase {
    /// Keyrings, all bodies, all capsules.
    Case,
    /// The capsule that this entry sealed.
    Capsule(EntryNumber),
    /// The body of this entry.
    Entry(EntryNumber),
}

/// An erasure that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The entry that records it.
    pub number: EntryNumber,
    /// Where the same may still be; the person must be told.
    pub unreachable: Vec<Unreachable>,
}

/// Where erased data may still be, out of reach of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unreachable {
    /// Copies of the case on other media, backups.
    Copies,
    /// Keys that former holders of this case kept.
    FormerHoldersKeys,
    /// Printed shares of a recovery split.
    PrintedShares,
    /// Packages that were handed over.
    HandedOverPackages,
    /// Cells of flash memory that overwriting does not reach.
    FlashRemnants,
}

impl CaseVault {
    /// Erases. `fields` has `at`, `reason` (open to everybody), and `clock_back` if so; the rest is filled
    /// in.
    ///
    /// With [`VaultError::NotCarriedOut`] the erasure is recorded but files are still there: try
    /// [`CaseVault::finish`] or open the case for writing again.
    pub fn erase(
        &mut self,
        what: Erase,
        fields: Fields,
        keyring: &Keyring,
        signer: &Signer,
    ) -> Result<Erasure, VaultError> {
        self.prepare()?;
        let state = self.state(keyring)?;
        if state.hold.is_some() {
            return Err(VaultError::OnHold);
        }
        let mut remove = match what {
            Erase::Case => self.everything()?,
            Erase::Capsule(number) => vec![capsule_of(number, &state)?],
            Erase::Entry(number) => {
                self.check_erasable(number, &state, keyring)?;
                vec![layout::entry(number)]
            }
        };
        // The index is a cache of the very content that goes.
        for name in INDEX {
            if self.store.size_bytes(name)?.is_some() {
                remove.push(name.to_owned());
            }
        }
        let unreachable = self.unreachable(what, &state, keyring)?;
        let (word, which) = match what {
            Erase::Case => ("case", Value::Null),
            Erase::Capsule(number) => ("capsule", number.0.into()),
            Erase::Entry(number) => ("entry", number.0.into()),
        };
        let fields = fields
            .with("kind", "erased")
            .with("program", model::PROGRAM)
            .with("key", signer.vkey().fingerprint().to_string())
            .with("what", word)
            .with("which", which);
        let act = Act { fields, files: Vec::new(), upload: None, remove, clear_body: ClearBody::Yes };
        let number = self.append(act, signer)?;
        self.finish()?;
        Ok(Erasure { number, unreachable })
    }

    /// Everything that says something: keyrings, bodies (also of the erasure itself, which lies open),
    /// capsules.
    fn everything(&self) -> Result<Vec<String>, VaultError> {
        let view = self.view();
        let mut names = view.list("keys")?;
        names.retain(|name| layout::is_key(name));
        let mut bodies = view.list("log/entries")?;
        bodies.push(layout::entry(self.loaded.log.next()));
        let mut in_branches = view.list("log/forks")?;
        in_branches.retain(|name| name.contains("/entries/"));
        for more in [bodies, in_branches, view.list("capsules")?] {
            names.extend(more);
        }
        names.retain(|name| crate::check_name(name).is_ok());
        Ok(names)
    }

    fn check_erasable(
        &self,
        number: EntryNumber,
        state: &CaseState,
        keyring: &Keyring,
    ) -> Result<(), VaultError> {
        let EntryRead::Body(entry) = self.entry(number, keyring)? else {
            return Err(VaultError::AlreadyErased);
        };
        let kind = entry.fields.kind().and_then(kinds::find);
        let erasable = kind.is_some_and(|kind| kind.erasable == kinds::Erasable::Yes);
        // A capsule without the entry that says what it is would be of use to nobody.
        let needed = state.capsules.contains_key(&number) && !state.erased.capsules.contains(&number);
        if erasable && !needed { Ok(()) } else { Err(VaultError::NotErasable { number }) }
    }

    fn unreachable(
        &self,
        what: Erase,
        state: &CaseState,
        keyring: &Keyring,
    ) -> Result<Vec<Unreachable>, VaultError> {
        let (mut handed_over, mut split) = (false, state.holders.contains_key(RECOVERY));
        for entry in self.entries(keyring) {
            match entry? {
                (_, EntryRead::Body(entry)) => {
                    handed_over |= entry.fields.kind() == Some("handed.over");
                    split |= entry.fields.text("name") == Some(RECOVERY);
                }
                // What an erased entry said is not known; a hand-over may have been it.
                (_, EntryRead::Erased) => handed_over = true,
            }
        }
        handed_over &= !matches!(what, Erase::Entry(_));
        let possible = [
            (Unreachable::Copies, true),
            (Unreachable::FormerHoldersKeys, self.epoch() > 0),
            (Unreachable::PrintedShares, split),
            (Unreachable::HandedOverPackages, handed_over),
            (Unreachable::FlashRemnants, true),
        ];
        Ok(possible.into_iter().filter_map(|(place, there)| there.then_some(place)).collect())
    }
}

fn capsule_of(number: EntryNumber, state: &CaseState) -> Result<String, VaultError> {
    if state.erased.capsules.contains(&number) {
        return Err(VaultError::AlreadyErased);
    }
    let facts = state.capsules.get(&number).ok_or(VaultError::NoSuchEntry { number })?;
    Ok(format!("capsules/{}", facts.file_name))
}
