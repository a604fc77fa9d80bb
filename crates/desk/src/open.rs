//! Opening a case: which copy it is, whether this installation may write, and with which key it is read.

use std::path::{Path, PathBuf};

use custody::{CaseState, Fields, Note};
use model::{EntryNumber, HolderName, Timestamp};
use seal::OpenWith;
use vault::disk::OsDisk;
use vault::{Act, CaseVault, EntryRead, FolderStore, Keyring, Standing, assess};

use crate::{Desk, DeskError};

/// What the caller wants to do with the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Look only; works on a read-only stick and on copies.
    Read,
    /// Act; takes the lock, and only in the writing copy.
    Write,
    /// Act even though this is a copy or older than seen: it becomes the writing copy.
    Claim,
}

/// A holder's key.
pub struct Unlock<'a> {
    /// Which holder; `None` tries every keyring.
    pub holder: Option<HolderName>,
    /// Passphrase or identities.
    pub with: OpenWith<'a>,
}

/// A case that is open.
pub struct OpenCase {
    /// The case on its store.
    pub(crate) vault: CaseVault,
    /// What this installation knows of it.
    pub(crate) standing: Standing,
    /// Where it lies.
    pub(crate) folder: PathBuf,
    unlocked: Option<(Keyring, CaseState)>,
}

impl OpenCase {
    /// The keys; an error if the case was opened without.
    pub(crate) fn keyring(&self) -> Result<&Keyring, DeskError> {
        self.unlocked
            .as_ref()
            .map(|(keyring, _)| keyring)
            .ok_or(DeskError::BadInput("this needs a holder's key"))
    }

    /// The state as the entries tell it; an error if the case was opened without a key.
    pub(crate) fn state(&self) -> Result<&CaseState, DeskError> {
        self.unlocked.as_ref().map(|(_, state)| state).ok_or(DeskError::BadInput("this needs a holder's key"))
    }

    /// Forgets the keys.
    pub(crate) fn lock_up(&mut self) {
        self.unlocked = None;
    }

    /// Takes a new entry into the state.
    fn take_in(&mut self, number: EntryNumber) -> Result<(), DeskError> {
        if let Some((keyring, state)) = &mut self.unlocked
            && let EntryRead::Body(entry) = self.vault.entry(number, keyring)?
        {
            state.apply(&entry);
        }
        Ok(())
    }

    /// Reads the whole state again, after an act that changed more than its entry says.
    pub(crate) fn refresh(&mut self) -> Result<(), DeskError> {
        if let Some((keyring, state)) = &mut self.unlocked {
            *state = self.vault.state(keyring)?;
        }
        Ok(())
    }
}

impl Desk<'_> {
    /// Opens a case folder. Without `unlock` only what needs no key can be done.
    pub fn open(
        &mut self,
        folder: &Path,
        access: Access,
        unlock: Option<&Unlock<'_>>,
    ) -> Result<OpenCase, DeskError> {
        let folder = folder
            .canonicalize()
            .map_err(|source| DeskError::PathUnreadable { path: folder.to_owned(), source })?;
        let store = FolderStore::new(OsDisk::new(&folder));
        let how = if access == Access::Read { vault::Access::Read } else { vault::Access::Write };
        let vault = CaseVault::open(Box::new(store), how)?;
        let standing = self.standing(&vault, &folder);
        if access == Access::Write {
            self.may_write(&vault, standing)?;
        }
        let unlocked = match unlock {
            None => None,
            Some(unlock) => {
                let keyring = vault.unlock(unlock.holder.as_ref(), &unlock.with)?;
                let state = vault.state(&keyring)?;
                Some((keyring, state))
            }
        };
        Ok(OpenCase { vault, standing, folder, unlocked })
    }

    /// Appends an act that is an entry and nothing else.
    pub(crate) fn append(
        &mut self,
        case: &mut OpenCase,
        kind: &str,
        fields: Fields,
    ) -> Result<EntryNumber, DeskError> {
        self.append_act(case, kind, Act::entry(fields))
    }

    /// Appends an act; the fields every entry has are put in here.
    pub(crate) fn append_act(
        &mut self,
        case: &mut OpenCase,
        kind: &str,
        mut act: Act,
    ) -> Result<EntryNumber, DeskError> {
        act.fields = self.fields(kind, act.fields, self.last_seen_at(case));
        let number = case.vault.append(act, self.installation.signer())?;
        self.remember(case)?;
        case.take_in(number)?;
        Ok(number)
    }

    /// Puts the case's head into the installation's own log and memory.
    pub(crate) fn remember(&mut self, case: &OpenCase) -> Result<(), DeskError> {
        let fields = Fields::new().with("at", self.clock.now().to_string());
        self.installation.record_head(&case.vault, &case.folder.to_string_lossy(), fields)?;
        Ok(())
    }

    /// When this installation last acted on the case.
    pub(crate) fn last_seen_at(&self, case: &OpenCase) -> Option<Timestamp> {
        self.installation.seen().case(case.vault.id())?.at
    }

    /// What this installation remembers. A case that lies elsewhere while nothing is left in the old place
    /// has moved: sticks change their drive letter.
    fn standing(&self, vault: &CaseVault, folder: &Path) -> Standing {
        let seen = self.installation.seen();
        let standing = assess(seen, vault, &folder.to_string_lossy());
        let before = seen.case(vault.id()).and_then(|case| case.folder.as_ref());
        match (standing, before) {
            (Standing::ElsewhereCopy, Some(before)) if !Path::new(before).join("case.json").exists() => {
                Standing::Known
            }
            _ => standing,
        }
    }

    /// Only the writing copy is written: the one this installation signed last, at the head it knows.
    fn may_write(&self, vault: &CaseVault, standing: Standing) -> Result<(), DeskError> {
        let remembered = self.installation.seen().case(vault.id());
        match standing {
            Standing::Older => return Err(self.older(vault)),
            Standing::Diverged => return Err(DeskError::Diverged),
            Standing::ElsewhereCopy => {
                let writing_copy = remembered.and_then(|case| case.folder.clone());
                return Err(DeskError::ReadOnlyCopy { writing_copy });
            }
            Standing::Known | Standing::Newer | Standing::First => {}
        }
        let own = [self.installation.signer().vkey()];
        let signed = Note::parse(vault.checkpoint_text()).is_ok_and(|note| note.verify(&own).is_ok());
        if signed { Ok(()) } else { Err(DeskError::ReadOnlyCopy { writing_copy: None }) }
    }

    pub(crate) fn older(&self, vault: &CaseVault) -> DeskError {
        let seen = self.installation.seen().case(vault.id()).map_or(0, |case| case.head.size);
        DeskError::OlderThanSeen { here: vault.head().size, seen }
    }
}

impl OpenCase {
    /// Runs an act of the vault that needs the keys.
    pub(crate) fn with_keyring<T>(
        &mut self,
        act: impl FnOnce(&mut CaseVault, &mut Keyring) -> Result<T, vault::VaultError>,
    ) -> Result<T, DeskError> {
        match &mut self.unlocked {
            Some((keyring, _)) => Ok(act(&mut self.vault, keyring)?),
            None => Err(DeskError::BadInput("this needs a holder's key")),
        }
    }
}
