//! A case on a store: opened for reading or writing, checked without a key, unlocked with one.
//!
//! Follows docs/format.md, sections 1 to 4. What an opened case does is spread over sibling modules:
//! `create`, `act`, `entries`, `holders`, `erase`, `fork`. Deliberately not checked here, because it needs
//! every byte of the case: the content of capsules (see the room `verify`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use custody::{Entry, VerifierKey};
use model::{CaseId, Digest, EntryNumber, HolderName, Limits, ReadAt, canonical};
use seal::{OpenWith, Recipient};

use crate::error::VaultError;
use crate::keyring::Keyring;
use crate::layout::{self, CASE_JSON, CHECKPOINT, LEAF_LINE_BYTES, LEAVES, RECIPIENT_NOTE, SMALL_FILE_BYTES};
use crate::log::{self, Head, LogStore};
use crate::plan::{self, Pending, Plan};
use crate::recipient_note::RecipientNote;
use crate::store::{LockGuard, ReadBack, Store, StoreError, Upload, Wipe};
use crate::view::{Overlay, View};

/// What an opened case may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing in the folder is changed; unfinished acts are finished in the mind only.
    Read,
    /// The lock is taken, unfinished acts are finished, acts can be appended.
    Write,
}

/// An opened case.
pub struct CaseVault {
    pub(crate) store: Box<dyn Store>,
    access: Access,
    _lock: Option<LockGuard>,
    pub(crate) loaded: Loaded,
    /// Set while an act is under way; what it left behind is thrown away before the next one.
    pub(crate) condition: Condition,
}

/// Whether what is known of the folder is what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Everything is as known.
    Tidy,
    /// An act failed before it was acknowledged.
    Leftovers,
    /// An act may or may not have been acknowledged.
    Unknown,
}

/// Everything about a case that was read and checked without a key.
pub(crate) struct Loaded {
    pub(crate) id: CaseId,
    pub(crate) log: LogStore,
    pub(crate) note: RecipientNote,
    pub(crate) overlay: Overlay,
    /// Acts that are acknowledged but not carried out.
    pub(crate) unfinished: BTreeMap<EntryNumber, Plan>,
    leftovers: Vec<String>,
    /// The entries that lie open: what was erased.
    pub(crate) clear: BTreeMap<EntryNumber, Entry>,
}

impl CaseVault {
    /// Opens a case and checks everything that needs no key: name, signatures, leaves, tree hash, recipients.
    pub fn open(store: Box<dyn Store>, access: Access) -> Result<Self, VaultError> {
        if access == Access::Write {
            // Asked before the lock, which would leave a file in a folder that is none of ours.
            if store.size_bytes(CHECKPOINT)?.is_none() {
                return Err(without_checkpoint(store.as_ref())?);
            }
            let lock = store.lock()?;
            let loaded = Loaded::read(store.as_ref())?;
            let mut case = Self::held(store, lock, loaded);
            case.tidy()?;
            return Ok(case);
        }
        let mut rounds = 5;
        loop {
            // A writer may have finished an act while this read; then what was read may not fit together.
            let before = store.get(CHECKPOINT, SMALL_FILE_BYTES).ok();
            let loaded = Loaded::read(store.as_ref());
            rounds -= 1;
            if rounds == 0 || store.get(CHECKPOINT, SMALL_FILE_BYTES).ok() == before {
                let loaded = loaded?;
                return Ok(Self { store, access, _lock: None, loaded, condition: Condition::Tidy });
            }
        }
    }

    /// A case for writing, whose lock is held.
    pub(crate) fn held(store: Box<dyn Store>, lock: LockGuard, loaded: Loaded) -> Self {
        Self { store, access: Access::Write, _lock: Some(lock), loaded, condition: Condition::Tidy }
    }

    /// Reads the folder anew and finishes or throws away what was under way.
    pub(crate) fn reload(&mut self) -> Result<(), VaultError> {
        self.loaded = Loaded::read(self.store.as_ref())?;
        self.tidy()?;
        self.condition = Condition::Tidy;
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), VaultError> {
        self.finish()?;
        let store = self.store.as_ref();
        for name in std::mem::take(&mut self.loaded.leftovers) {
            plan::remove(store, &name, Wipe::No)?;
        }
        self.loaded.log.cut(store)?;
        // A process that was killed may have left behind what shows but is not on the medium yet: a head that
        // a loss of power would take back, or a missing plan or open body that would come back and then seem
        // part of a later act.
        let next = self.loaded.log.next();
        for name in [CHECKPOINT, &plan::plan_name(next), &layout::open_body(next)] {
            store.settle(name)?;
        }
        Ok(())
    }

    /// Carries out what acknowledged acts have still to do; nothing to do is fine.
    pub fn finish(&mut self) -> Result<(), VaultError> {
        self.check_writable()?;
        while let Some(act) = self.loaded.unfinished.first_entry() {
            let number = *act.key();
            act.get()
                .carry_out(self.store.as_ref(), number)
                .map_err(|source| VaultError::NotCarriedOut { number, source })?;
            act.remove();
        }
        self.loaded.overlay = Overlay::default();
        Ok(())
    }

    pub(crate) fn check_writable(&self) -> Result<(), VaultError> {
        if self.access == Access::Write { Ok(()) } else { Err(VaultError::ReadOnly) }
    }

    pub(crate) fn view(&self) -> View<'_> {
        View { store: self.store.as_ref(), overlay: &self.loaded.overlay }
    }

    /// What the case was opened for.
    pub fn access(&self) -> Access {
        self.access
    }

    /// The identity of the case.
    pub fn id(&self) -> CaseId {
        self.loaded.id
    }

    /// The head of the log.
    pub fn head(&self) -> Head {
        self.loaded.log.head()
    }

    /// The signed head, verbatim.
    pub fn checkpoint_text(&self) -> &str {
        self.loaded.log.checkpoint()
    }

    /// The keys that ever signed in this case, in order of first use.
    pub fn vkeys(&self) -> &[VerifierKey] {
        self.loaded.log.vkeys()
    }

    /// The leaf hashes of all entries.
    pub fn leaves(&self) -> &[Digest] {
        self.loaded.log.leaves()
    }

    /// To whom everything is sealed now.
    pub fn recipients(&self) -> &[Recipient] {
        self.loaded.note.recipients()
    }

    /// The SHA-256 of the note that names the recipients.
    pub fn recipient_sha256(&self) -> Digest {
        self.loaded.note.sha256()
    }

    /// The names of those who hold a key, with `recovery` if there is a recovery split.
    pub fn holders(&self) -> impl Iterator<Item = &HolderName> {
        self.loaded.note.holders().keys()
    }

    /// The epoch to whose identity is sealed now.
    pub fn epoch(&self) -> u64 {
        self.loaded.note.epoch()
    }

    /// The files in `capsules/`, by name without the folder.
    pub fn capsule_files(&self) -> Result<Vec<String>, VaultError> {
        let names = self.view().list("capsules")?;
        Ok(names.iter().filter_map(|name| name.strip_prefix("capsules/").map(str::to_owned)).collect())
    }

    /// A capsule, sealed as it lies there, by the name of its file.
    pub fn open_capsule(&self, file_name: &str) -> Result<Arc<dyn ReadAt>, VaultError> {
        Ok(self.view().open(&format!("capsules/{file_name}"))?)
    }

    /// What an upload that is committed has written, read from the medium where that can be done.
    pub fn read_back(&self, upload: &Upload) -> Result<(Arc<dyn ReadAt>, ReadBack), VaultError> {
        Ok(self.store.open_from_medium(upload.name())?)
    }

    /// Bytes that can still be written, if the store can tell.
    pub fn free_bytes(&self) -> Result<Option<u64>, VaultError> {
        Ok(self.store.free_bytes()?)
    }

    /// Opens the keyring of a holder; without a name every keyring is tried.
    pub fn unlock(&self, holder: Option<&HolderName>, with: &OpenWith<'_>) -> Result<Keyring, VaultError> {
        if let Some(holder) = holder {
            return self.unlock_one(holder, with);
        }
        if self.is_erased() {
            return Err(VaultError::CaseErased);
        }
        let mut problem = None;
        for holder in self.loaded.note.holders().keys() {
            match self.unlock_one(holder, with) {
                Ok(keyring) => return Ok(keyring),
                Err(VaultError::WrongKey) => {}
                Err(error) => problem = Some(error),
            }
        }
        Err(problem.unwrap_or(VaultError::WrongKey))
    }

    fn unlock_one(&self, holder: &HolderName, with: &OpenWith<'_>) -> Result<Keyring, VaultError> {
        let name = layout::keyring(holder.as_str());
        let sealed = match self.view().get(&name, SMALL_FILE_BYTES) {
            Err(StoreError::NotFound { .. }) if self.is_erased() => return Err(VaultError::CaseErased),
            Err(StoreError::NotFound { .. }) if !self.loaded.note.holders().contains_key(holder) => {
                return Err(VaultError::NoSuchHolder);
            }
            sealed => sealed?,
        };
        let mismatch = || VaultError::KeyringMismatch { name: name.clone() };
        let text = open_small(&sealed, &name, with)?;
        let text = std::str::from_utf8(&text).map_err(|_| mismatch())?;
        let mut keyring = Keyring::parse(text).ok_or_else(mismatch)?;
        let own_fits = self.loaded.note.holders().get(holder) == keyring.own_recipient().as_ref();
        if keyring.case() != self.id() || keyring.holder() != holder || !own_fits {
            return Err(mismatch());
        }
        let later = self.later_epochs(&keyring)?;
        self.follow_epochs(&mut keyring, later)?;
        Ok(keyring)
    }

    /// Whether the secret of the whole case was erased.
    pub fn is_erased(&self) -> bool {
        self.loaded.clear.values().any(|entry| entry.fields.text("what") == Some("case"))
    }

    /// Whether the body of an entry was erased, by itself or with the case.
    pub(crate) fn is_body_erased(&self, number: EntryNumber) -> bool {
        self.loaded.clear.iter().any(|(erasing, entry)| match entry.fields.text("what") {
            Some("case") => number <= *erasing,
            Some("entry") => entry.fields.number("which") == Some(number.0) && number < *erasing,
            _ => false,
        })
    }
}

impl Loaded {
    pub(crate) fn read(store: &dyn Store) -> Result<Self, VaultError> {
        let checkpoint = match store.get(CHECKPOINT, SMALL_FILE_BYTES) {
            Err(StoreError::NotFound { .. }) => return Err(without_checkpoint(store)?),
            checkpoint => String::from_utf8(checkpoint?)
                .map_err(|_| VaultError::Malformed { name: CHECKPOINT.to_owned() })?,
        };
        let id = read_case_json(&store.get(CASE_JSON, SMALL_FILE_BYTES)?)?;
        let size = log::read_checkpoint(&checkpoint, None)?.size;
        let Pending { plans, leftovers } = Pending::read(store, size)?;
        let mut overlay = Overlay::default();
        for (number, plan) in &plans {
            overlay.add(*number, plan);
        }
        let view = View { store, overlay: &overlay };
        let log = LogStore::load(view, format!("asservat/case/{id}"))?;
        let note = RecipientNote::parse(&view.text(RECIPIENT_NOTE, SMALL_FILE_BYTES)?, id, log.vkeys())?;
        let clear = read_clear(view, &log)?;
        Ok(Self { id, log, note, overlay, unfinished: plans, leftovers, clear })
    }

    /// A case that has just come into being.
    pub(crate) fn fresh(id: CaseId, log: LogStore, note: RecipientNote) -> Self {
        Self {
            id,
            log,
            note,
            overlay: Overlay::default(),
            unfinished: BTreeMap::new(),
            leftovers: Vec::new(),
            clear: BTreeMap::new(),
        }
    }
}

/// Opens a small sealed file of a case.
pub(crate) fn open_small(
    sealed: &[u8],
    name: &str,
    with: &OpenWith<'_>,
) -> Result<zeroize::Zeroizing<Vec<u8>>, VaultError> {
    seal::open_bytes(sealed, with, SMALL_FILE_BYTES).map_err(|error| {
        if log::is_damage(&error) {
            VaultError::KeyringMismatch { name: name.to_owned() }
        } else {
            error.into()
        }
    })
}

/// The id of a case from its public file, which must be exactly what creating writes.
fn read_case_json(bytes: &[u8]) -> Result<CaseId, VaultError> {
    let malformed = || VaultError::Malformed { name: CASE_JSON.to_owned() };
    let json = bytes.strip_suffix(b"\n").ok_or_else(malformed)?;
    let value = canonical::parse(json).map_err(|_| malformed())?;
    let members = value.as_object().ok_or_else(malformed)?;
    if members.get("asservat") != Some(&"case".into()) {
        return Err(malformed());
    }
    if members.get("v").and_then(serde_json::Value::as_u64).is_some_and(|version| version > 1) {
        return Err(VaultError::Version);
    }
    let nonce = members.get("nonce").and_then(|nonce| nonce.as_str()?.parse::<Digest>().ok());
    if members.len() == 3 && members.get("v") == Some(&1.into()) && nonce.is_some() {
        Ok(CaseId(seal::sha256(bytes)))
    } else {
        Err(malformed())
    }
}

/// The open bodies of erasures, checked against their leaves.
fn read_clear(view: View<'_>, log: &LogStore) -> Result<BTreeMap<EntryNumber, Entry>, VaultError> {
    let mut clear = BTreeMap::new();
    for name in view.list("log/open")? {
        let Some(number) = layout::number_in(&name, "log/open/", ".json") else { continue };
        let leaf = usize::try_from(number.0).ok().and_then(|index| log.leaves().get(index));
        // Beyond the head it was never acknowledged.
        let Some(leaf) = leaf else { continue };
        let body = view.get(&name, Limits::DEFAULT.entry_body_bytes)?;
        let entry = log::check_body(&body, number, *leaf)?;
        if entry.fields.kind() != Some("erased") {
            return Err(VaultError::Malformed { name });
        }
        clear.insert(number, entry);
    }
    Ok(clear)
}

/// What a folder without a signed head is: no case, one whose creation was interrupted, or one that lost it.
fn without_checkpoint(store: &dyn Store) -> Result<VaultError, VaultError> {
    let names = store.list("")?;
    if !names.iter().any(|name| name == CASE_JSON || name.starts_with("log/") || name.starts_with("keys/")) {
        return Ok(VaultError::NotACase);
    }
    if is_unfinished(store, &names)? {
        Ok(VaultError::NotFinished)
    } else {
        Ok(StoreError::NotFound { name: CHECKPOINT.to_owned() }.into())
    }
}

/// Whether a folder without a signed head holds nothing but what an interrupted creation leaves.
pub(crate) fn is_unfinished(store: &dyn Store, names: &[String]) -> Result<bool, VaultError> {
    let first = layout::entry(EntryNumber(0));
    let known: BTreeSet<&str> = [CASE_JSON, LEAVES, layout::VKEYS, crate::LOCK_NAME, &first].into();
    let expected = |name: &String| {
        known.contains(name.as_str()) || name.starts_with("keys/") || name.starts_with("pending/put-")
    };
    let one_line = store.size_bytes(LEAVES)?.unwrap_or(0) <= LEAF_LINE_BYTES;
    Ok(one_line && names.iter().all(expected))
}
