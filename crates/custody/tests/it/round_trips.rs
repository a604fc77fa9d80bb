//! What is written is read again as the same, for any fields; and a whole case fits together.

use custody::{
    Checkpoint, Disclosure, Entry, ExtractLine, Fields, LeafRecord, Note, Receipt, TlogProof, Value,
};
use model::{Digest, EntryNumber};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{CAPSULES, Log, signer};

proptest! {
    #[test]
    fn an_entry_its_leaf_and_its_disclosures(entry in entries(), other in entries()) {
        let body = entry.body_bytes();
        prop_assert_eq!(Entry::parse(&body), Ok(entry.clone()));
        let leaf = entry.leaf_record();
        prop_assert_eq!(LeafRecord::parse(&leaf.to_bytes()), Ok(leaf.clone()));
        prop_assert_eq!(leaf.leaf_hash(), entry.leaf_hash());
        prop_assert_eq!(leaf.commitments.len(), entry.fields.iter().count());
        for (name, value) in entry.fields.iter() {
            let disclosure = entry.disclosure(name).unwrap();
            prop_assert_eq!(&disclosure.value, value);
            prop_assert_eq!(Disclosure::parse(&disclosure.to_json()), Ok(disclosure.clone()));
            prop_assert!(leaf.shows(&disclosure));
            let renamed = Disclosure { name: format!("{name}x"), ..disclosure.clone() };
            prop_assert!(!leaf.shows(&renamed));
            let changed = Disclosure { value: json!([value]), ..disclosure.clone() };
            prop_assert!(!leaf.shows(&changed));
            prop_assert!(other == entry || !other.leaf_record().shows(&disclosure));
        }
        prop_assert_eq!(entry.disclosure("no field has this name"), None);
    }

    #[test]
    fn an_extract_of_any_choice(entry in entries(), choice in any::<u64>()) {
        let names = entry.fields.iter().map(|(name, _)| name).enumerate();
        let names: Vec<&str> =
            names.filter(|(i, _)| choice >> (i % 64) & 1 == 1).map(|(_, name)| name).collect();
        let line = ExtractLine::of(&entry, &names);
        prop_assert_eq!(ExtractLine::parse(line.to_line().as_bytes()), Ok(line.clone()));
        prop_assert_eq!(line.verify(), Ok(()));
        prop_assert_eq!(line.shown.len(), names.len());
    }

    #[test]
    fn a_note_with_any_text(text in "([^\\x00-\\x1f]|\n){0,200}", seed in any::<u8>()) {
        let text = format!("{text}\n");
        let signer = signer(seed);
        let note = Note::parse(&Note::sign(&text, &signer)).unwrap();
        prop_assert_eq!(note.text(), text);
        let known = [signer.vkey()];
        prop_assert_eq!(note.verify(&known), Ok(&known[0]));
    }

    #[test]
    fn a_checkpoint_and_a_proof_file(
        size in any::<u64>(),
        root in any::<[u8; 32]>(),
        hashes in prop::collection::vec(any::<[u8; 32]>(), 0..=64),
        extra in prop::option::of(prop::collection::vec(any::<u8>(), 1..50)),
    ) {
        let checkpoint = Checkpoint { origin: "asservat/installation/test".into(), size, root: Digest(root) };
        prop_assert_eq!(Checkpoint::parse(&checkpoint.to_text()), Ok(checkpoint.clone()));
        let hashes = hashes.into_iter().map(Digest).collect();
        let proof = TlogProof { index: size, hashes, checkpoint: checkpoint.to_text(), extra };
        prop_assert_eq!(TlogProof::parse(&proof.to_text()), Ok(proof));
    }
}

#[test]
fn proofs_of_a_case() {
    let log = Log::example();
    let known = [log.signer.vkey()];
    for entry in &log.entries {
        let proof = TlogProof::parse(&log.proof(entry.number.0).to_text()).unwrap();
        let checkpoint = proof.verify(entry.leaf_hash(), &known).unwrap();
        assert_eq!(checkpoint.case_id(), Some(log.case));
        assert!(proof.verify(Digest([0; 32]), &known).is_err());
        assert!(proof.verify(entry.leaf_hash(), &[signer(2).vkey()]).is_err());
    }
}

#[test]
fn a_receipt_of_a_case() {
    let log = Log::example();
    let receipt = log.receipt();
    let note = receipt.to_note(&log.signer);
    assert_eq!(Receipt::parse(&note).as_ref(), Ok(&receipt));
    let hashes = CAPSULES.map(|number| log.entries[number].fields.digest("sha256").unwrap());
    assert!(receipt.capsule_hashes().eq(hashes));
    assert_eq!((receipt.case, receipt.checkpoint().size), (log.case, 6));
    assert_eq!(receipt.checkpoint_note(), log.checkpoint());
    for expected in [
        "\nFall / Case: cacacacacacacaca\n",
        "\nDatum / Date: 2026-11-23T22:00:00Z (UTC)\n",
        "\nKapsel / Capsule 4\n",
        &format!("\n  SHA-256: {}\n", hashes[1]),
        &format!("\n  {}\n", log.signer.vkey().fingerprint().grouped()),
    ] {
        assert!(note.contains(expected), "{expected}");
    }
    for held_back in ["stick", "counsellor", "Amber", "capsule-00112233"] {
        assert!(!note.contains(held_back), "{held_back}");
    }
}

#[test]
fn the_readable_lines_promise_no_more_than_is_so() {
    let log = Log::example();
    let note = log.receipt().to_note(&log.signer).to_lowercase();
    for banned in ["clean", "sauber", "court", "gericht"] {
        assert!(!note.contains(banned), "{banned}");
    }
}

#[test]
fn a_receipt_without_capsules_still_holds_the_head() {
    let log = Log::example();
    let at = model::Timestamp(0);
    let receipt = Receipt::build(at, &log.signer.vkey(), &log.checkpoint(), &[], &log.leaves()).unwrap();
    assert_eq!(Receipt::parse(&receipt.to_note(&log.signer)), Ok(receipt));
}

fn entries() -> impl Strategy<Value = Entry> {
    let fields = prop::collection::btree_map(".{0,12}", values(), 0..12);
    (0..custody::LOG_ENTRIES_MAX, fields, any::<[u8; 32]>()).prop_map(|(number, fields, salt)| {
        let fields = fields.into_iter().fold(Fields::new(), |all, (name, value)| all.with(name, value));
        Entry::new(EntryNumber(number), fields, salt).unwrap()
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53) + 1..1_i64 << 53).prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}
