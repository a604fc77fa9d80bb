//! The custody part of a package: entries shown, their proofs, and every item up to the signed root.

use std::collections::BTreeMap;

use base64::Engine as _;
use custody::{ExtractLine, TlogProof, VerifierKey};
use model::{Digest, canonical, decode_hex};
use serde_json::Value;

use crate::package::Package;
use crate::report::{ProblemKind, Report};

/// Checks `custody/`; gives the number of items proved. `hashes` are those of the files as found.
pub(crate) fn check(
    package: &Package<'_>,
    vkey: &VerifierKey,
    hashes: &BTreeMap<String, Digest>,
    report: &mut Report,
) -> u64 {
    let Some(checkpoint) = package.text("custody/checkpoint", report) else { return 0 };
    let roots = entries(package, vkey, &checkpoint, report);
    items(package, &roots, hashes, report)
}

/// Checks every entry shown and its proof; gives the roots of file trees that the entries disclose, by
/// entry number.
fn entries(
    package: &Package<'_>,
    vkey: &VerifierKey,
    checkpoint: &str,
    report: &mut Report,
) -> BTreeMap<u64, Digest> {
    let mut roots = BTreeMap::new();
    let Some(text) = package.text("custody/extract.jsonl", report) else { return roots };
    for (index, line) in text.lines().enumerate() {
        let place = format!("custody/extract.jsonl:{}", index + 1);
        let Ok(shown) = ExtractLine::parse(line.as_bytes()) else {
            report.problem(ProblemKind::Malformed, place);
            continue;
        };
        if shown.verify().is_err() {
            report.problem(ProblemKind::EntryAltered, place);
            continue;
        }
        let number = shown.leaf.number;
        let proof_path = format!("custody/proofs/{}.tlog-proof", number.file_stem());
        let Some(proof) = package.text(&proof_path, report) else { continue };
        let proved = TlogProof::parse(&proof).is_ok_and(|proof| {
            proof.checkpoint == checkpoint
                && proof.index == number.0
                && proof.verify(shown.leaf.leaf_hash(), std::slice::from_ref(vkey)).is_ok()
        });
        if !proved {
            report.problem(ProblemKind::Proof, proof_path);
            continue;
        }
        let root =
            shown.shown.iter().find(|field| field.name == "root").and_then(|field| field.value.as_str());
        if let Some(root) = root.and_then(|hex| hex.parse().ok()) {
            roots.insert(number.0, root);
        }
    }
    roots
}

fn items(
    package: &Package<'_>,
    roots: &BTreeMap<u64, Digest>,
    hashes: &BTreeMap<String, Digest>,
    report: &mut Report,
) -> u64 {
    let Some(text) = package.text("custody/items.jsonl", report) else { return 0 };
    let mut proved = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = format!("custody/items.jsonl:{}", index + 1);
        let Some(item) = canonical::parse(line.as_bytes()).ok().as_ref().and_then(Item::read) else {
            report.problem(ProblemKind::Malformed, place);
            continue;
        };
        let root = roots.get(&item.capsule).copied();
        let fits = root.is_some_and(|root| {
            seal::tree::verify_inclusion(item.leaf_hash, item.leaf, item.leaves, &item.proof, root).is_ok()
        });
        if !fits {
            report.problem(ProblemKind::Proof, place);
        } else if hashes.get(&item.stored) != Some(&item.sha256) {
            report.problem(ProblemKind::Changed, &item.stored);
        } else {
            proved.push(item.stored);
        }
    }
    proved.sort();
    proved.dedup();
    for path in hashes.keys().filter(|path| path.starts_with("bag/data/")) {
        if proved.binary_search(path).is_err() {
            report.problem(ProblemKind::Unexpected, path);
        }
    }
    proved.len() as u64
}

/// One line of `custody/items.jsonl`.
struct Item {
    capsule: u64,
    leaf: u64,
    leaves: u64,
    leaf_hash: Digest,
    proof: Vec<Digest>,
    sha256: Digest,
    stored: String,
}

impl Item {
    fn read(value: &Value) -> Option<Self> {
        let mut committed = serde_json::Map::new();
        for name in ["mtime", "original", "path", "sha256", "size"] {
            if let Some(field) = value.get(name).filter(|field| !field.is_null()) {
                committed.insert(name.to_owned(), field.clone());
            }
        }
        let salt = decode_hex(value.get("salt")?.as_str()?).ok()?;
        let leaf_json = canonical::to_bytes(&committed).ok()?;
        let hash = |text: &str| -> Option<Digest> {
            Some(Digest(base64::prelude::BASE64_STANDARD.decode(text).ok()?.try_into().ok()?))
        };
        let stored = value.get("stored")?.as_str()?.to_owned();
        let capsule = value.get("capsule")?.as_u64()?;
        let below = value.get("path")?.as_str()?.strip_prefix("data/")?;
        // The place in the bag follows from what was committed to; it is not a claim of its own.
        if stored != format!("bag/data/{capsule}/{below}") || salt.len() != 32 {
            return None;
        }
        Some(Self {
            capsule,
            leaf: value.get("leaf")?.as_u64()?,
            leaves: value.get("leaves")?.as_u64()?,
            leaf_hash: seal::tree::leaf_hash(&[&salt, &leaf_json]),
            proof: value
                .get("proof")?
                .as_array()?
                .iter()
                .map(|h| hash(h.as_str()?))
                .collect::<Option<_>>()?,
            sha256: value.get("sha256")?.as_str()?.parse().ok()?,
            stored,
        })
    }
}
