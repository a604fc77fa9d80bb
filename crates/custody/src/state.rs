//! The state of a case: what its entries, read in order, add up to.
//!
//! Follows docs/format.md, section 9. A pure projection: the same entries give the same state. An entry
//! that is not understood changes nothing and is listed, except that stops, withdrawals and holds count as
//! soon as they can be read at all, because ignoring them could hurt. Deliberately checks no signature,
//! hash or proof, and does not look into branches that were joined.

use std::collections::{BTreeMap, BTreeSet};

use model::{Date, Digest, EntryNumber, Timestamp};

use crate::{Consent, ConsentRefusal, Entry, Fields, Value, kinds};

/// What a case's entries add up to so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseState {
    /// The alias of the client.
    pub alias: Option<String>,
    /// Who keeps the case.
    pub holder_kind: Option<HolderKind>,
    /// What the case is kept for.
    pub purpose: Option<String>,
    /// Until which day it is kept.
    pub until: Option<Date>,
    /// The verifier key line of the installation that created the case.
    pub created_vkey: Option<String>,
    /// All verifier key lines, in order of first use; the content of `log/vkeys`.
    pub vkeys: Vec<String>,
    /// The capsules, by the entry that sealed each; also those erased since, as long as their entry was not.
    pub capsules: BTreeMap<EntryNumber, CapsuleFacts>,
    /// Items that nobody may see again: a leaf of a capsule, or the whole capsule (`None`).
    pub stopped: BTreeSet<(EntryNumber, Option<u64>)>,
    /// The consents, by id.
    pub consents: BTreeMap<String, Consent>,
    /// The reason why nothing may be erased; `None` when there is no hold.
    pub hold: Option<String>,
    /// The holders of keys to the case, by name.
    pub holders: BTreeMap<String, Holder>,
    /// The newest epoch of the case's identity.
    pub epoch: u64,
    /// The SHA-256 that each file in `keys/` must have, by file name.
    pub keys: BTreeMap<String, Digest>,
    /// The SHA-256 that `keys/recipient.note` must have.
    pub recipient_sha256: Option<Digest>,
    /// What was erased.
    pub erased: Erased,
    /// The time of the last entry.
    pub last_at: Option<Timestamp>,
    /// Entries that are of no known kind, lack a field, or contradict what was before.
    pub not_understood: BTreeSet<EntryNumber>,
}

/// What the log says about a capsule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapsuleFacts {
    /// The name of the file in `capsules/`.
    pub file_name: String,
    /// The SHA-256 of the sealed file.
    pub sha256: Digest,
    /// The size of the sealed file.
    pub size_bytes: u64,
    /// The root of the file tree.
    pub root: Digest,
    /// How many leaves the file tree has.
    pub leaves: u64,
    /// The top folder in the archive.
    pub top: String,
    /// Where `names.jsonl` begins, in bytes from the start of the archive.
    pub names_offset: u64,
    /// How long `names.jsonl` is.
    pub names_bytes: u64,
    /// Where it came from, in the words of whoever secured it.
    pub source: String,
    /// How many files it holds.
    pub files: u64,
    /// What was not as it should be, by kind and number.
    pub gaps: BTreeMap<String, u64>,
    /// The entry that answered the gate.
    pub gate: EntryNumber,
    /// The entry of the consent to secure it, if one was recorded.
    pub consent: Option<EntryNumber>,
    /// When it was sealed.
    pub at: Timestamp,
}

/// Somebody who holds a key to the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// How the key is kept, as recorded; `None` for holders since the beginning, of whom only the name is.
    pub how: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

/// Who keeps a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// The client herself.
    Client,
    /// Her lawyer.
    Lawyer,
    /// The counselling centre.
    Centre,
}

/// What was erased from a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Capsules, by the entry that sealed them.
    pub capsules: BTreeSet<EntryNumber>,
    /// Entries whose bodies are gone.
    pub entries: BTreeSet<EntryNumber>,
    /// The secret of the whole case is gone.
    pub whole_case: bool,
}

impl CaseState {
    /// Takes in the next entry of the log.
    pub fn apply(&mut self, entry: &Entry) {
        let known = kinds::check(&entry.fields).is_ok();
        let protects = matches!(entry.fields.kind(), Some("item.stopped" | "consent.withdrawn" | "hold.on"));
        let applied = if known || protects { self.apply_known(entry) } else { None };
        if !known || applied.is_none() {
            self.not_understood.insert(entry.number);
        }
        self.last_at = entry.fields.at().or(self.last_at);
    }

    /// Takes in that the body of an entry is gone, in place of the entry itself or afterwards.
    pub fn mark_erased(&mut self, number: EntryNumber) {
        self.erased.entries.insert(number);
        self.capsules.remove(&number);
        self.consents.retain(|_, consent| consent.given != number);
    }

    /// Whether nobody may see this leaf of a capsule again.
    pub fn is_stopped(&self, capsule: EntryNumber, leaf: u64) -> bool {
        self.stopped.contains(&(capsule, None)) || self.stopped.contains(&(capsule, Some(leaf)))
    }

    /// Whether a consent covers an item (capsule, leaf) for a recipient today; without a purpose its own
    /// is meant.
    pub fn consent_covers(
        &self,
        id: &str,
        to: &str,
        purpose: Option<&str>,
        item: (EntryNumber, u64),
        today: Date,
    ) -> Result<(), ConsentRefusal> {
        self.consents.get(id).ok_or(ConsentRefusal::Unknown)?.covers(to, purpose, item, today)
    }

    /// `None` when the entry contradicts what was before; then nothing has changed.
    fn apply_known(&mut self, entry: &Entry) -> Option<()> {
        let fields = &entry.fields;
        match fields.kind()? {
            "case.created" => self.create(fields),
            "key.introduced" | "writing.claimed" => {
                let vkey = fields.text("vkey")?.to_owned();
                if !self.vkeys.contains(&vkey) {
                    self.vkeys.push(vkey);
                }
                Some(())
            }
            "capsule.sealed" => {
                self.capsules.insert(entry.number, CapsuleFacts::from_fields(fields)?);
                Some(())
            }
            "item.stopped" => {
                // A leaf that cannot be read stops the whole capsule.
                self.stopped.insert((EntryNumber(fields.number("capsule")?), fields.number("leaf")));
                Some(())
            }
            "consent.given" => {
                let (id, consent) = Consent::from_entry(entry)?;
                // A second consent of the same id must not undo the withdrawal or the limits of the first.
                if self.consents.contains_key(&id) {
                    return None;
                }
                self.consents.insert(id, consent);
                Some(())
            }
            "consent.withdrawn" => {
                // The consent itself may have been erased; then there is nothing left to withdraw.
                if let Some(consent) = self.consents.get_mut(fields.text("id")?) {
                    consent.withdrawn.get_or_insert(entry.number);
                }
                Some(())
            }
            "hold.on" => {
                self.hold = Some(fields.text("reason").unwrap_or_default().to_owned());
                Some(())
            }
            "hold.off" => {
                self.hold = None;
                Some(())
            }
            "holder.added" | "holder.removed" => self.change_holder(fields),
            "erased" => self.erase(entry),
            _ => Some(()),
        }
    }

    fn create(&mut self, fields: &Fields) -> Option<()> {
        if self.created_vkey.is_some() {
            return None;
        }
        let since = fields.at()?;
        let vkey = fields.text("vkey")?.to_owned();
        self.holder_kind = Some(HolderKind::from_word(fields.text("holder")?)?);
        self.alias = Some(fields.text("alias")?.to_owned());
        self.purpose = Some(fields.text("purpose")?.to_owned());
        self.until = fields.text("until")?.parse().ok();
        self.vkeys.push(vkey.clone());
        self.created_vkey = Some(vkey);
        self.take_keys(fields)?;
        let names = self.keys.keys().filter_map(|file| file.strip_suffix(".age"));
        let names = names.filter(|name| name.parse::<model::HolderName>().is_ok());
        self.holders = names.map(|name| (name.to_owned(), Holder { how: None, since })).collect();
        Some(())
    }

    fn change_holder(&mut self, fields: &Fields) -> Option<()> {
        let name = fields.text("name")?.to_owned();
        let how = Some(fields.text("how")?.to_owned());
        let since = fields.at()?;
        self.epoch = fields.number("epoch")?;
        self.take_keys(fields)?;
        if fields.kind() == Some("holder.added") {
            self.holders.insert(name, Holder { how, since });
        } else {
            self.holders.remove(&name);
        }
        Some(())
    }

    fn take_keys(&mut self, fields: &Fields) -> Option<()> {
        self.recipient_sha256 = Some(fields.digest("recipient_sha256")?);
        let keys = fields.get("keys")?.as_object()?.iter();
        self.keys = keys
            .map(|(file, hex)| Some((file.clone(), hex.as_str()?.parse().ok()?)))
            .collect::<Option<_>>()?;
        Some(())
    }

    fn erase(&mut self, entry: &Entry) -> Option<()> {
        let what = entry.fields.text("what")?;
        if what == "case" {
            self.erased.whole_case = true;
            return Some(());
        }
        let which = EntryNumber(entry.fields.number("which")?);
        if which >= entry.number {
            return None;
        }
        if what == "capsule" {
            self.erased.capsules.insert(which);
        } else {
            self.mark_erased(which);
        }
        Some(())
    }
}

impl CapsuleFacts {
    fn from_fields(fields: &Fields) -> Option<Self> {
        let gaps = fields.get("gaps")?.as_object()?.iter();
        Some(Self {
            file_name: fields.text("capsule")?.to_owned(),
            sha256: fields.digest("sha256")?,
            size_bytes: fields.number("size_bytes")?,
            root: fields.digest("root")?,
            leaves: fields.number("leaves")?,
            top: fields.text("top")?.to_owned(),
            names_offset: fields.number("names_offset")?,
            names_bytes: fields.number("names_bytes")?,
            source: fields.text("source")?.to_owned(),
            files: fields.number("files")?,
            gaps: gaps.filter_map(|(kind, count)| Some((kind.clone(), count.as_u64()?))).collect(),
            gate: EntryNumber(fields.number("gate")?),
            consent: fields.get("consent").and_then(Value::as_u64).map(EntryNumber),
            at: fields.at()?,
        })
    }
}

impl HolderKind {
    /// The word in the entry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Lawyer => "lawyer",
            Self::Centre => "centre",
        }
    }

    /// The kind of holder that a word in an entry means.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Client, Self::Lawyer, Self::Centre].into_iter().find(|kind| kind.as_str() == word)
    }
}
