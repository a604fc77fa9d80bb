//! An installation: the signing key of one program on one computer, its own log, and its memory of cases.
//!
//! Follows docs/format.md, section 8. Lies in the person's account, never inside a case. Several processes
//! may use it at once: the lock is taken for a moment only, whenever something is written.

use std::time::Duration;

use custody::{Checkpoint, Entry, Fields, Signer, VerifierKey, kinds};
use model::{CaseId, Digest, EntryNumber, canonical, decode_hex, encode_hex};
use seal::{Identity, OpenWith, Recipient, SealTo, SigningKey, WorkFactor};
use serde_json::json;
use zeroize::Zeroizing;

use crate::case::{CaseVault, open_small};
use crate::create::HolderKey;
use crate::error::VaultError;
use crate::layout::{CHECKPOINT, LEAVES, SMALL_FILE_BYTES, VKEYS};
use crate::log::{self, ClearBody, Head, LogStore};
use crate::memory::{Possession, Seen};
use crate::store::{LockGuard, Store, StoreError};
use crate::view::{Overlay, View};

const PUBLIC: &str = "installation.json";
const SIGNING: &str = "signing.age";
const SEEN: &str = "seen.age";
const RECEIPTS: &str = "receipts";

/// An installation that is open: its key can sign.
pub struct Installation {
    store: Box<dyn Store>,
    signer: Signer,
    /// The one identity to whose recipient log and memory are sealed.
    identity: [Identity; 1],
    log: LogStore,
    seen: Seen,
}

/// What is known of an installation without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallationFacts {
    /// The key that it signs with.
    pub vkey: VerifierKey,
    /// To whom its log is sealed.
    pub recipient: Recipient,
}

impl Installation {
    /// Makes a new installation with a new key, in a place that is empty or where making one was interrupted.
    pub fn create(
        store: Box<dyn Store>,
        lock: &HolderKey,
        work_factor: WorkFactor,
    ) -> Result<Self, VaultError> {
        check_place(store.as_ref())?;
        let guard = store.lock()?;
        check_place(store.as_ref())?;
        let signer = Signer::new(SigningKey::generate()?);
        let identity = Identity::generate()?;
        store.put(SIGNING, &lock.seal(signing_text(&signer, &identity).as_bytes(), work_factor)?)?;
        store.put(PUBLIC, &public_json(&signer.vkey(), &identity.recipient())?)?;
        let vkeys = vec![signer.vkey()];
        store.put(VKEYS, log::lines(&vkeys).as_bytes())?;
        let mut log = LogStore::empty(origin(&signer.vkey()), vkeys);
        log.start(store.as_ref(), &signer)?;
        drop(guard);
        Ok(Self { store, signer, identity: [identity], log, seen: Seen::default() })
    }

    /// Reads what is public; says whether there is an installation at all.
    pub fn facts(store: &dyn Store) -> Result<InstallationFacts, VaultError> {
        let bytes = match store.get(PUBLIC, SMALL_FILE_BYTES) {
            Err(StoreError::NotFound { .. }) if store.size_bytes(CHECKPOINT)?.is_none() => {
                return Err(VaultError::NotACase);
            }
            bytes => bytes?,
        };
        if store.size_bytes(CHECKPOINT)?.is_none() {
            return Err(if store.size_bytes(LEAVES)?.unwrap_or(0) == 0 {
                VaultError::NotFinished
            } else {
                StoreError::NotFound { name: CHECKPOINT.to_owned() }.into()
            });
        }
        parse_public(&bytes).ok_or(VaultError::Malformed { name: PUBLIC.to_owned() })
    }

    /// Opens an installation. A memory that is lost or behind is brought up from the log.
    pub fn open(store: Box<dyn Store>, with: &OpenWith<'_>) -> Result<Self, VaultError> {
        let facts = Self::facts(store.as_ref())?;
        let text = open_small(&store.get(SIGNING, SMALL_FILE_BYTES)?, SIGNING, with)?;
        let (signer, identity) =
            parse_signing(&text).ok_or(VaultError::Malformed { name: SIGNING.to_owned() })?;
        if signer.vkey() != facts.vkey || identity.recipient() != facts.recipient {
            return Err(VaultError::KeyringMismatch { name: SIGNING.to_owned() });
        }
        let log = load_log(store.as_ref(), &facts.vkey)?;
        let mut installation = Self { store, signer, identity: [identity], log, seen: Seen::default() };
        installation.recall()?;
        Ok(installation)
    }

    /// The key that signs.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// What is remembered of cases.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The head of the installation's own log.
    pub fn head(&self) -> Head {
        self.log.head()
    }

    /// Reads an entry of the installation's own log.
    pub fn entry(&self, number: EntryNumber) -> Result<Entry, VaultError> {
        let overlay = Overlay::default();
        let view = View { store: self.store.as_ref(), overlay: &overlay };
        let entry = self.log.entry(view, number, &OpenWith::Identities(&self.identity))?;
        entry.ok_or(VaultError::EntryMissing { number })
    }

    /// Writes down the head of a case, after each act on it. `fields` has `at`, and `clock_back` if so.
    pub fn record_head(
        &mut self,
        case: &CaseVault,
        folder: &str,
        fields: Fields,
    ) -> Result<EntryNumber, VaultError> {
        let _guard = self.take_lock()?;
        let (id, head, at) = (case.id(), case.head(), fields.at());
        let salt = seal::random::<32>()?;
        let fields = fields
            .with("kind", "case.head")
            .with("program", model::PROGRAM)
            .with("key", self.signer.vkey().fingerprint().to_string())
            .with("head", head_commitment(&salt, id, head).to_string())
            .with("salt", encode_hex(&salt))
            .with("case", id.to_string())
            .with("size", head.size)
            .with("root", root_text(id, head));
        kinds::check(&fields)?;
        let number = self.log.next();
        let entry = Entry::new(number, fields, seal::random()?)?;
        let recipients = self.identity.each_ref().map(Identity::recipient);
        let sealed = seal::seal_bytes(&entry.body_bytes(), &SealTo::Recipients(&recipients))?;
        self.log.append(self.store.as_ref(), &entry, &sealed, ClearBody::No, &self.signer)?;
        self.seen.take_in(id, head, at);
        self.seen.log_size = self.log.size();
        if let Some(seen) = self.seen.cases.get_mut(&id) {
            seen.folder = Some(folder.to_owned());
            seen.recipient_sha256 = Some(case.recipient_sha256());
        }
        self.write_seen()?;
        Ok(number)
    }

    /// Remembers whether a case that was seen is here or was given away.
    pub fn set_possession(&mut self, id: CaseId, possession: Possession) -> Result<(), VaultError> {
        let _guard = self.take_lock()?;
        if let Some(seen) = self.seen.cases.get_mut(&id) {
            seen.possession = possession;
        }
        self.write_seen()
    }

    /// Keeps a receipt under a file name.
    pub fn put_receipt(&self, file_name: &str, receipt: &[u8]) -> Result<(), VaultError> {
        Ok(self.store.put(&format!("{RECEIPTS}/{file_name}"), receipt)?)
    }

    /// A receipt that was kept.
    pub fn receipt(&self, file_name: &str) -> Result<Vec<u8>, VaultError> {
        let limit_bytes = model::Limits::DEFAULT.receipt_bytes;
        Ok(self.store.get(&format!("{RECEIPTS}/{file_name}"), limit_bytes)?)
    }

    /// The file names of the receipts that were kept.
    pub fn receipts(&self) -> Result<Vec<String>, VaultError> {
        let names = self.store.list(RECEIPTS)?;
        Ok(names.iter().filter_map(|name| Some(name.split_once('/')?.1.to_owned())).collect())
    }

    /// Takes the lock, waiting a moment for another process, and reads what that one may have written.
    fn take_lock(&mut self) -> Result<LockGuard, VaultError> {
        let mut tries = 40;
        let guard = loop {
            match self.store.lock() {
                Err(StoreError::Busy) if tries > 0 => {
                    tries -= 1;
                    std::thread::sleep(Duration::from_millis(50));
                }
                guard => break guard?,
            }
        };
        self.log = load_log(self.store.as_ref(), &self.signer.vkey())?;
        self.log.cut(self.store.as_ref())?;
        self.recall()?;
        Ok(guard)
    }

    /// Reads the memory and brings it up to the log.
    fn recall(&mut self) -> Result<(), VaultError> {
        let sealed = match self.store.get(SEEN, model::Limits::DEFAULT.list_bytes) {
            Err(StoreError::NotFound { .. }) => None,
            sealed => Some(sealed?),
        };
        let opened = sealed.and_then(|sealed| {
            let with = OpenWith::Identities(&self.identity);
            seal::open_bytes(&sealed, &with, model::Limits::DEFAULT.list_bytes).ok()
        });
        let seen = opened.and_then(|bytes| Seen::parse(&bytes));
        // A memory that claims more than the log says was not made here.
        let mut seen = seen.filter(|seen| seen.log_size <= self.log.size()).unwrap_or_default();
        for number in seen.log_size..self.log.size() {
            let number = EntryNumber(number);
            let entry = self.entry(number)?;
            let (id, head) = head_of(&entry).ok_or(VaultError::EntryDamaged { number })?;
            seen.take_in(id, head, entry.fields.at());
        }
        seen.log_size = self.log.size();
        self.seen = seen;
        Ok(())
    }

    fn write_seen(&self) -> Result<(), VaultError> {
        let malformed = |_| VaultError::Malformed { name: SEEN.to_owned() };
        let bytes = self.seen.to_bytes().map_err(malformed)?;
        let recipients = self.identity.each_ref().map(Identity::recipient);
        let sealed = seal::seal_bytes(&bytes, &SealTo::Recipients(&recipients))?;
        Ok(self.store.put(SEEN, &sealed)?)
    }
}

/// Refuses a place where anything lies but what an interrupted creation leaves.
fn check_place(store: &dyn Store) -> Result<(), VaultError> {
    let known = [PUBLIC, SIGNING, VKEYS, LEAVES, crate::LOCK_NAME];
    let mut names = store.list("")?;
    names.retain(|name| !known.contains(&name.as_str()) && !name.starts_with("pending/put-"));
    if names.is_empty() && store.size_bytes(LEAVES)?.unwrap_or(0) == 0 {
        Ok(())
    } else {
        Err(VaultError::NotEmpty)
    }
}

fn origin(vkey: &VerifierKey) -> String {
    format!("asservat/installation/{}", vkey.fingerprint())
}

fn load_log(store: &dyn Store, vkey: &VerifierKey) -> Result<LogStore, VaultError> {
    LogStore::load(View { store, overlay: &Overlay::default() }, origin(vkey))
}

fn public_json(vkey: &VerifierKey, recipient: &Recipient) -> Result<Vec<u8>, VaultError> {
    let value = json!({
        "asservat": "installation",
        "recipient": recipient.to_string(),
        "v": 1,
        "vkey": vkey.to_string(),
    });
    let mut bytes =
        canonical::to_bytes(&value).map_err(|_| VaultError::Malformed { name: PUBLIC.to_owned() })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn parse_public(bytes: &[u8]) -> Option<InstallationFacts> {
    let value = canonical::parse(bytes.strip_suffix(b"\n")?).ok()?;
    let vkey = value.get("vkey")?.as_str()?.parse().ok()?;
    let recipient = value.get("recipient")?.as_str()?.parse().ok()?;
    (public_json(&vkey, &recipient).ok()? == bytes).then_some(InstallationFacts { vkey, recipient })
}

/// The secrets, written by hand in their canonical form, so that no JSON library keeps copies of them.
fn signing_text(signer: &Signer, identity: &Identity) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(256));
    let seed = Zeroizing::new(encode_hex(signer.key.seed().as_slice()));
    for part in ["{\"identity\":\"", &identity.to_secret_text(), "\",\"seed\":\"", &seed, "\",\"v\":1}"] {
        text.push_str(part);
    }
    text
}

fn parse_signing(bytes: &[u8]) -> Option<(Signer, Identity)> {
    let text = std::str::from_utf8(bytes).ok()?.strip_prefix("{\"identity\":\"")?;
    let (identity, seed) = text.strip_suffix("\",\"v\":1}")?.split_once("\",\"seed\":\"")?;
    let seed = Zeroizing::new(decode_hex(seed).ok()?);
    let seed = Zeroizing::new(<[u8; 32]>::try_from(seed.as_slice()).ok()?);
    let (signer, identity) = (Signer::new(SigningKey::from_seed(seed)), Identity::parse(identity).ok()?);
    (signing_text(&signer, &identity).as_bytes() == bytes).then_some((signer, identity))
}

/// What hides and binds the head of a case; section 8.
fn head_commitment(salt: &[u8; 32], id: CaseId, head: Head) -> Digest {
    let mut hash = seal::Sha256::new();
    hash.update(salt);
    hash.update(format!("{id}\n{}\n{}\n", head.size, root_text(id, head)).as_bytes());
    hash.finish()
}

/// The tree hash as a checkpoint writes it.
fn root_text(id: CaseId, head: Head) -> String {
    let text = Checkpoint::case(id, head.size, head.root).to_text();
    text.trim_end().rsplit('\n').next().unwrap_or_default().to_owned()
}

fn head_of(entry: &Entry) -> Option<(CaseId, Head)> {
    let fields = &entry.fields;
    let id = CaseId(fields.digest("case")?);
    let size = fields.number("size")?;
    let text = format!("asservat/case/{id}\n{size}\n{}\n", fields.text("root")?);
    Some((id, Head { size, root: Checkpoint::parse(&text).ok()?.root }))
}
