//! A receipt: what a centre keeps of a case it gave away, enough to prove later that the capsules are
//! unchanged.
//!
//! Follows docs/format.md, section 6. A receipt that exists as a value has been checked in full.
//! Deliberately holds no name, no source and no text; and it does not say whose key signed: that is
//! compared with the paper.

use model::{CaseId, Digest, EntryNumber, Timestamp, canonical};
use serde_json::json;

use crate::{
    Checkpoint, Disclosure, Entry, LeafRecord, Note, NoteError, Signer, Value, VerifierKey, receipt_text,
    text,
};

/// The capsules of a case and the state of its log, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// When the receipt was written, by the writer's own clock.
    pub at: Timestamp,
    /// The case.
    pub case: CaseId,
    /// The capsules, ascending by entry.
    pub capsules: Vec<ReceiptCapsule>,
    /// The key that signed the receipt and the checkpoint.
    pub vkey: VerifierKey,
    checkpoint_note: String,
    checkpoint: Checkpoint,
}

/// One capsule of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptCapsule {
    /// The public side of the entry that sealed it.
    pub leaf: LeafRecord,
    /// The inclusion proof of the leaf under the checkpoint.
    pub proof: Vec<Digest>,
    sha256: (Digest, Disclosure),
    size_bytes: (u64, Disclosure),
}

/// Why a receipt is not accepted or cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The receipt is no signed note, or its signature does not belong to it.
    #[error("the receipt: {0}")]
    Note(NoteError),
    /// The last line is not the JSON of a receipt of version 1.
    #[error("the last line of the receipt is not what it should be")]
    Shape,
    /// The readable lines say something else than the signed data.
    #[error("the readable lines are not those of the data")]
    LinesDiffer,
    /// The checkpoint in it is no signed checkpoint by the same key.
    #[error("the checkpoint in the receipt: {0}")]
    CheckpointNote(NoteError),
    /// The checkpoint is malformed or that of another log than the case's.
    #[error("the checkpoint in the receipt is not one of this case")]
    Checkpoint,
    /// Capsules twice or not ascending by entry.
    #[error("the capsules are not in ascending order")]
    Order,
    /// What is said about a capsule is not what its entry commits to.
    #[error("entry {entry} does not say this about a capsule")]
    NotInEntry {
        /// The entry that should have sealed the capsule.
        entry: EntryNumber,
    },
    /// The entry is not in the log that the checkpoint describes.
    #[error("entry {entry} is not in the log that the checkpoint describes")]
    NotInLog {
        /// The entry that should have sealed the capsule.
        entry: EntryNumber,
    },
}

impl Receipt {
    /// A receipt for the capsules that `entries` sealed, ascending by number. `leaves` are all leaf hashes
    /// of the log and `checkpoint_note` is its head, signed by `vkey`, which must also sign the receipt.
    pub fn build(
        at: Timestamp,
        vkey: &VerifierKey,
        checkpoint_note: &str,
        entries: &[Entry],
        leaves: &[Digest],
    ) -> Result<Self, ReceiptError> {
        let capsule = |entry: &Entry| {
            let proof = seal::tree::inclusion_proof(leaves, entry.number.0);
            let proof = proof.ok_or(ReceiptError::NotInLog { entry: entry.number })?;
            let shown = ["sha256", "size_bytes"].map(|name| entry.disclosure(name));
            ReceiptCapsule::new(entry.leaf_record(), shown, proof)
        };
        let capsules = entries.iter().map(capsule).collect::<Result<_, _>>()?;
        Self::checked(at, None, capsules, checkpoint_note, vkey.clone())
    }

    /// The receipt as a signed note; the signer is the one whose key the receipt names.
    pub fn to_note(&self, signer: &Signer) -> String {
        Note::sign(&self.to_text(), signer)
    }

    /// Reads a receipt and checks everything that can be checked without the capsules.
    pub fn parse(receipt: &str) -> Result<Self, ReceiptError> {
        let note = Note::parse(receipt).map_err(ReceiptError::Note)?;
        let lines = note.text().strip_suffix('\n').ok_or(ReceiptError::Shape)?;
        let json = lines.rsplit_once('\n').map_or(lines, |(_, json)| json);
        let value = canonical::parse(json.as_bytes()).map_err(|_| ReceiptError::Shape)?;
        let vkey: VerifierKey = text_of(&value, "vkey")?.parse().map_err(|_| ReceiptError::Shape)?;
        note.verify(std::slice::from_ref(&vkey)).map_err(ReceiptError::Note)?;
        let parsed = Self::from_value(&value, vkey)?;
        if parsed.to_text() == note.text() { Ok(parsed) } else { Err(ReceiptError::LinesDiffer) }
    }

    /// The head of the log that the receipt holds fast.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The same head as the signed note it came in.
    pub fn checkpoint_note(&self) -> &str {
        &self.checkpoint_note
    }

    /// The SHA-256 of each sealed capsule file.
    pub fn capsule_hashes(&self) -> impl Iterator<Item = Digest> + '_ {
        self.capsules.iter().map(ReceiptCapsule::sha256)
    }

    fn checked(
        at: Timestamp,
        case: Option<CaseId>,
        capsules: Vec<ReceiptCapsule>,
        checkpoint_note: &str,
        vkey: VerifierKey,
    ) -> Result<Self, ReceiptError> {
        let note = Note::parse(checkpoint_note).map_err(ReceiptError::CheckpointNote)?;
        note.verify(std::slice::from_ref(&vkey)).map_err(ReceiptError::CheckpointNote)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|_| ReceiptError::Checkpoint)?;
        let origin = checkpoint.case_id().ok_or(ReceiptError::Checkpoint)?;
        if case.is_some_and(|case| case != origin) {
            return Err(ReceiptError::Checkpoint);
        }
        if !capsules.is_sorted_by(|before, after| before.leaf.number < after.leaf.number) {
            return Err(ReceiptError::Order);
        }
        for ReceiptCapsule { leaf, proof, .. } in &capsules {
            let (hash, entry) = (leaf.leaf_hash(), leaf.number);
            seal::tree::verify_inclusion(hash, entry.0, checkpoint.size, proof, checkpoint.root)
                .map_err(|_| ReceiptError::NotInLog { entry })?;
        }
        let checkpoint_note = checkpoint_note.to_owned();
        Ok(Self { at, case: origin, capsules, vkey, checkpoint_note, checkpoint })
    }

    /// Members beyond those read here show when the text is made again and compared.
    fn from_value(value: &Value, vkey: VerifierKey) -> Result<Self, ReceiptError> {
        let at = text_of(value, "at")?.parse().map_err(|_| ReceiptError::Shape)?;
        let case = text_of(value, "case")?.parse().map(CaseId).map_err(|_| ReceiptError::Shape)?;
        let capsules = value.get("capsules").and_then(Value::as_array).ok_or(ReceiptError::Shape)?;
        let capsules = capsules.iter().map(ReceiptCapsule::from_value).collect::<Result<_, _>>()?;
        if value.get("v").and_then(Value::as_u64) != Some(1) {
            return Err(ReceiptError::Shape);
        }
        Self::checked(at, Some(case), capsules, text_of(value, "checkpoint")?, vkey)
    }

    fn to_text(&self) -> String {
        let capsules: Vec<Value> = self.capsules.iter().map(ReceiptCapsule::to_value).collect();
        let json = json!({
            "at": self.at,
            "capsules": capsules,
            "case": self.case,
            "checkpoint": self.checkpoint_note,
            "v": 1,
            "vkey": self.vkey.to_string(),
        });
        // Its numbers come out of entries or canonical JSON, so there is a canonical form.
        receipt_text::readable(self) + &canonical::to_text(&json).unwrap_or_default() + "\n"
    }
}

impl ReceiptCapsule {
    /// The SHA-256 of the sealed file.
    pub fn sha256(&self) -> Digest {
        self.sha256.0
    }

    /// The size of the sealed file.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes.0
    }

    fn new(
        leaf: LeafRecord,
        shown: [Option<Disclosure>; 2],
        proof: Vec<Digest>,
    ) -> Result<Self, ReceiptError> {
        let error = ReceiptError::NotInEntry { entry: leaf.number };
        let [Some(sha256), Some(size_bytes)] = shown else { return Err(error) };
        let named = sha256.name == "sha256" && size_bytes.name == "size_bytes";
        let digest = sha256.value.as_str().and_then(|hex| hex.parse().ok());
        let Some((digest, size)) = digest.zip(size_bytes.value.as_u64()) else { return Err(error) };
        if !named || !leaf.shows(&sha256) || !leaf.shows(&size_bytes) {
            return Err(error);
        }
        Ok(Self { leaf, proof, sha256: (digest, sha256), size_bytes: (size, size_bytes) })
    }

    fn from_value(value: &Value) -> Result<Self, ReceiptError> {
        let list = |name: &str| value.get(name).and_then(Value::as_array).ok_or(ReceiptError::Shape);
        let leaf = value
            .get("leaf")
            .and_then(|leaf| LeafRecord::from_value(leaf).ok())
            .ok_or(ReceiptError::Shape)?;
        let [sha256, size_bytes] = list("disclosed")?.as_slice() else { return Err(ReceiptError::Shape) };
        let proof = list("proof")?.iter().map(|hash| text::digest_from_base64(hash.as_str()?));
        let proof = proof.collect::<Option<_>>().ok_or(ReceiptError::Shape)?;
        Self::new(leaf, [Disclosure::parse(sha256).ok(), Disclosure::parse(size_bytes).ok()], proof)
    }

    fn to_value(&self) -> Value {
        let proof: Vec<String> = self.proof.iter().map(|hash| text::to_base64(&hash.0)).collect();
        let disclosed = [self.sha256.1.to_json(), self.size_bytes.1.to_json()];
        json!({"disclosed": disclosed, "leaf": self.leaf.to_value(), "proof": proof})
    }
}

fn text_of<'a>(value: &'a Value, name: &str) -> Result<&'a str, ReceiptError> {
    value.get(name).and_then(Value::as_str).ok_or(ReceiptError::Shape)
}
