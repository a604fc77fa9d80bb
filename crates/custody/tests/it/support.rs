//! A small invented case for the tests: a log with two capsules, everything signed by one key.

use custody::{Checkpoint, Entry, ExtractLine, Fields, Note, Receipt, Signer, TlogProof};
use model::{CaseId, Digest, EntryNumber, Timestamp};

/// The numbers of the entries in [`Log::example`] that sealed a capsule.
pub(crate) const CAPSULES: [usize; 2] = [2, 4];

pub(crate) struct Log {
    pub(crate) case: CaseId,
    pub(crate) signer: Signer,
    pub(crate) entries: Vec<Entry>,
}

impl Log {
    pub(crate) fn example() -> Self {
        let kinds =
            ["case.created", "gate.answered", "capsule.sealed", "note", "capsule.sealed", "case.given"];
        let entries = (0..).zip(kinds).map(|(number, kind)| {
            let fields = match kind {
                "capsule.sealed" => capsule(&format!("capsule {number}")),
                "note" => base("note").with("text", "spoke with Amber (invented)").with("about", 2_u64),
                kind => base(kind),
            };
            entry(number, fields)
        });
        Self { case: CaseId(Digest([0xca; 32])), signer: signer(1), entries: entries.collect() }
    }

    pub(crate) fn leaves(&self) -> Vec<Digest> {
        self.entries.iter().map(Entry::leaf_hash).collect()
    }

    pub(crate) fn checkpoint(&self) -> String {
        let leaves = self.leaves();
        let checkpoint = Checkpoint::case(self.case, leaves.len() as u64, seal::tree::root(&leaves));
        Note::sign(&checkpoint.to_text(), &self.signer)
    }

    pub(crate) fn receipt(&self) -> Receipt {
        let entries = CAPSULES.map(|number| self.entries[number].clone());
        let at = Timestamp(1_795_471_200);
        Receipt::build(at, &self.signer.vkey(), &self.checkpoint(), &entries, &self.leaves()).unwrap()
    }

    pub(crate) fn proof(&self, number: u64) -> TlogProof {
        let hashes = seal::tree::inclusion_proof(&self.leaves(), number).unwrap();
        TlogProof { index: number, hashes, checkpoint: self.checkpoint(), extra: None }
    }

    pub(crate) fn extract(&self, number: usize) -> ExtractLine {
        ExtractLine::of(&self.entries[number], &["kind", "sha256", "root"])
    }
}

pub(crate) fn signer(seed: u8) -> Signer {
    Signer::new(seal::SigningKey::from_seed([seed; 32].into()))
}

pub(crate) fn entry(number: u64, fields: Fields) -> Entry {
    let salt = seal::sha256(&number.to_be_bytes()).0;
    Entry::new(EntryNumber(number), fields, salt).unwrap()
}

/// The fields that every entry has.
pub(crate) fn base(kind: &str) -> Fields {
    Fields::new()
        .with("kind", kind)
        .with("at", "2026-11-23T22:00:00Z")
        .with("program", model::PROGRAM)
        .with("key", signer(1).vkey().fingerprint().to_string())
}

/// The fields of an entry that sealed a capsule with this content.
pub(crate) fn capsule(content: &str) -> Fields {
    let sha256 = seal::sha256(content.as_bytes());
    base("capsule.sealed")
        .with("capsule", format!("000002-{}.age", sha256.short(16)))
        .with("sha256", sha256.to_string())
        .with("size_bytes", content.len() as u64)
        .with("root", seal::tree::root(&[sha256]).to_string())
        .with("leaves", 1_u64)
        .with("top", "capsule-00112233")
        .with("names_offset", 2048_u64)
        .with("names_bytes", 300_u64)
        .with("source", "chat export on a stick")
        .with("who", "counsellor 2")
        .with("gate", 1_u64)
        .with("consent", custody::Value::Null)
        .with("files", 1_u64)
        .with("gaps", serde_json::json!({"unreadable": 1}))
        .with("read_back", "medium")
}
