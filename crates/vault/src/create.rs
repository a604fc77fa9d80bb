//! Creating a case.
//!
//! Everything is prepared first; the signed head over entry 0 is the moment the case comes into being. If
//! creating is interrupted, it can be done again in the same place, and what was left behind goes.

use std::collections::BTreeMap;

use custody::{Entry, Fields, Signer, kinds};
use model::{CaseId, EntryNumber, HolderName, canonical, encode_hex};
use seal::{Identity, Passphrase, Recipient, SealTo, Share, WorkFactor};
use serde_json::json;
use zeroize::Zeroizing;

use crate::case::{CaseVault, Loaded, is_unfinished};
use crate::error::VaultError;
use crate::keyring::Keyring;
use crate::layout::{self, CASE_JSON, CHECKPOINT, RECIPIENT_NOTE, VKEYS};
use crate::log::{self, ClearBody, LogStore};
use crate::recipient_note::RecipientNote;
use crate::store::{Store, Wipe};

/// The name of the holder whose keyring is opened by two shares.
pub(crate) const RECOVERY: &str = "recovery";

/// What a new case begins with.
pub struct NewCase<'a> {
    /// The key of the installation.
    pub signer: &'a Signer,
    /// Who gets a keyring; at least one.
    pub holders: Vec<NewHolder>,
    /// How many shares of a recovery split to make, if one is wanted: 2 to 255.
    pub recovery: Option<u8>,
    /// `alias`, `holder`, `purpose`, `until`, `at`, and `clock_back` if so; the rest is filled in.
    pub fields: Fields,
    /// The cost of guessing the holders' passphrases.
    pub work_factor: WorkFactor,
}

/// A holder of a new case.
pub struct NewHolder {
    /// The name of the keyring.
    pub name: HolderName,
    /// What locks the keyring.
    pub key: HolderKey,
}

/// What locks a keyring, or the key of an installation.
pub enum HolderKey {
    /// A passphrase.
    Passphrase(Passphrase),
    /// An age recipient that the holder brings, also one of a plugin.
    Recipient(Recipient),
}

impl HolderKey {
    /// The word for the field `how`.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Passphrase(_) => "passphrase",
            Self::Recipient(recipient) if recipient.plugin_name().is_some() => "plugin",
            Self::Recipient(_) => "recipient",
        }
    }

    /// Seals bytes to this key.
    pub(crate) fn seal(&self, bytes: &[u8], work_factor: WorkFactor) -> Result<Vec<u8>, VaultError> {
        let sealed = match self {
            Self::Passphrase(passphrase) => {
                seal::seal_bytes(bytes, &SealTo::Passphrase { passphrase, work_factor })
            }
            Self::Recipient(recipient) => {
                seal::seal_bytes(bytes, &SealTo::Recipients(std::slice::from_ref(recipient)))
            }
        };
        Ok(sealed?)
    }
}

/// The shares of a recovery split, and the key that any two of them make.
pub(crate) fn recovery_split(shares: u8) -> Result<(HolderKey, Vec<Share>), VaultError> {
    if shares < 2 {
        return Err(VaultError::ShareCount);
    }
    let secret = Zeroizing::new(seal::random::<32>()?);
    let slope = Zeroizing::new(seal::random::<32>()?);
    let key = HolderKey::Recipient(Identity::from_secret(&secret)?.recipient());
    Ok((key, seal::split(&secret, shares, u16::from_be_bytes(seal::random()?), &slope)))
}

impl CaseVault {
    /// Creates a case in a place that is empty, or where creating was interrupted. Gives the case opened for
    /// writing, the keyring of the first holder, and the shares of the recovery split, which exist nowhere
    /// else.
    pub fn create(
        store: Box<dyn Store>,
        setup: NewCase<'_>,
    ) -> Result<(Self, Keyring, Option<Vec<Share>>), VaultError> {
        let NewCase { signer, holders, recovery, fields, work_factor } = setup;
        check_place(store.as_ref())?;
        let lock = store.lock()?;
        for name in check_place(store.as_ref())? {
            if name != crate::LOCK_NAME {
                store.remove(&name, Wipe::No)?;
            }
        }

        let case_json = case_json()?;
        let id = CaseId(seal::sha256(&case_json));
        let (locks, shares) = locks(holders, recovery)?;
        let made = make_keyrings(id, &locks, work_factor)?;
        let note = RecipientNote::sign(id, 0, &made.of_epoch, made.own, signer);

        let mut keys = made.sealed;
        keys.insert(RECIPIENT_NOTE.to_owned(), note.bytes().to_vec());
        let fields = fields
            .with("kind", "case.created")
            .with("program", model::PROGRAM)
            .with("key", signer.vkey().fingerprint().to_string())
            .with("vkey", signer.vkey().to_string())
            .with("recipient_sha256", note.sha256().to_string())
            .with("keys", keys_field(&keys));
        kinds::check(&fields)?;
        let entry = Entry::new(EntryNumber(0), fields, seal::random()?)?;
        let sealed = seal::seal_bytes(&entry.body_bytes(), &SealTo::Recipients(note.recipients()))?;

        store.put(CASE_JSON, &case_json)?;
        for (name, bytes) in &keys {
            store.put(name, bytes)?;
        }
        let vkeys = vec![signer.vkey()];
        store.put(VKEYS, log::lines(&vkeys).as_bytes())?;
        let mut log = LogStore::empty(format!("asservat/case/{id}"), vkeys);
        log.append(store.as_ref(), &entry, &sealed, ClearBody::No, signer)?;

        let case = Self::held(store, lock, Loaded::fresh(id, log, note));
        Ok((case, made.first, shares))
    }
}

/// The names of what may be removed, if the place may be used.
fn check_place(store: &dyn Store) -> Result<Vec<String>, VaultError> {
    let names = store.list("")?;
    let usable = store.size_bytes(CHECKPOINT)?.is_none() && is_unfinished(store, &names)?;
    if usable { Ok(names) } else { Err(VaultError::NotEmpty) }
}

fn case_json() -> Result<Vec<u8>, VaultError> {
    let nonce = encode_hex(&seal::random::<32>()?);
    let mut bytes = canonical::to_bytes(&json!({"asservat": "case", "nonce": nonce, "v": 1}))
        .map_err(|_| VaultError::Malformed { name: CASE_JSON.to_owned() })?;
    bytes.push(b'\n');
    Ok(bytes)
}

type Locks = Vec<(HolderName, HolderKey)>;

fn locks(holders: Vec<NewHolder>, recovery: Option<u8>) -> Result<(Locks, Option<Vec<Share>>), VaultError> {
    if holders.is_empty() {
        return Err(VaultError::LastHolder);
    }
    let mut locks: Locks = holders.into_iter().map(|holder| (holder.name, holder.key)).collect();
    let mut names: Vec<&str> = locks.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if names.contains(&RECOVERY) || !names.is_sorted_by(|before, after| before < after) {
        return Err(VaultError::HolderExists);
    }
    let Some(shares) = recovery else { return Ok((locks, None)) };
    let (key, shares) = recovery_split(shares)?;
    locks.push((RECOVERY.parse().map_err(|_| VaultError::NoSuchHolder)?, key));
    Ok((locks, Some(shares)))
}

struct Made {
    first: Keyring,
    of_epoch: Recipient,
    own: BTreeMap<HolderName, Recipient>,
    sealed: BTreeMap<String, Vec<u8>>,
}

fn make_keyrings(id: CaseId, locks: &Locks, work_factor: WorkFactor) -> Result<Made, VaultError> {
    let (first_name, _) = locks.first().ok_or(VaultError::LastHolder)?;
    let mut first = Keyring::new(id, first_name.clone(), Identity::generate()?);
    let epoch = Identity::generate()?;
    let of_epoch = epoch.recipient();
    first.add_epoch(0, epoch);
    let (mut own, mut sealed) = (BTreeMap::new(), BTreeMap::new());
    for (name, lock) in locks {
        let other;
        let keyring = if name == first_name {
            &first
        } else {
            other = first.for_holder(name.clone(), Identity::generate()?)?;
            &other
        };
        own.extend(keyring.own_recipient().map(|recipient| (name.clone(), recipient)));
        let bytes = lock.seal(keyring.to_text().as_bytes(), work_factor)?;
        sealed.insert(layout::keyring(name.as_str()), bytes);
    }
    Ok(Made { first, of_epoch, own, sealed })
}

/// The field `keys` for these files of `keys/`.
pub(crate) fn keys_field(keys: &BTreeMap<String, Vec<u8>>) -> serde_json::Value {
    keys.iter()
        .map(|(name, bytes)| {
            let name = name.strip_prefix("keys/").unwrap_or(name);
            (name.to_owned(), seal::sha256(bytes).to_string().into())
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}
