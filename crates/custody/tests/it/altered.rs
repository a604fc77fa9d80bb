//! Every byte that is changed in a note, proof, receipt or extract shows; so does what is put together
//! wrongly.

use custody::{Checkpoint, ExtractLine, Note, NoteError, Receipt, ReceiptError, TlogProof};
use model::{EntryNumber, Timestamp};
use proptest::prelude::*;

use crate::support::{CAPSULES, Log, signer};

#[test]
fn every_byte_of_a_note() {
    let log = Log::example();
    let known = [log.signer.vkey()];
    each_byte_flipped(&log.checkpoint(), |text| {
        Note::parse(text).is_ok_and(|note| note.verify(&known).is_ok())
    });
}

#[test]
fn every_byte_of_a_proof() {
    let log = Log::example();
    let (leaf, known) = (log.entries[2].leaf_hash(), [log.signer.vkey()]);
    each_byte_flipped(&log.proof(2).to_text(), |text| {
        TlogProof::parse(text).is_ok_and(|proof| proof.verify(leaf, &known).is_ok())
    });
}

#[test]
fn every_byte_of_a_receipt() {
    let log = Log::example();
    each_byte_flipped(&log.receipt().to_note(&log.signer), |text| Receipt::parse(text).is_ok());
}

#[test]
fn every_byte_of_an_extract_line() {
    let log = Log::example();
    let (line, leaf) = (log.extract(2), log.entries[2].leaf_hash());
    each_byte_flipped(&line.to_line(), |text| {
        // A changed leaf record may be well-formed; the proof file beside it then fails.
        ExtractLine::parse(text.as_bytes())
            .is_ok_and(|line| line.verify().is_ok() && line.leaf.leaf_hash() == leaf)
    });
}

proptest! {
    #[test]
    fn a_receipt_cut_or_patched_anywhere(
        from in any::<prop::sample::Index>(), cut in 0..4_usize, put in ".{0,3}") {
        let log = Log::example();
        let whole = log.receipt().to_note(&log.signer);
        let mut chars: Vec<char> = whole.chars().collect();
        let start = from.index(chars.len());
        let end = (start + cut).min(chars.len());
        chars.splice(start..end, put.chars());
        let patched: String = chars.into_iter().collect();
        prop_assert_eq!(Receipt::parse(&patched).is_ok(), patched == whole);
    }
}

#[test]
fn a_receipt_that_says_two_things() {
    let log = Log::example();
    let note = log.receipt().to_note(&log.signer);
    let text = Note::parse(&note).unwrap().text().to_owned();
    // Signed by the right key, but the lines a person reads are not those of the data.
    let lie = text.replacen("2026-11-23", "2025-11-23", 1);
    assert_eq!(Receipt::parse(&Note::sign(&lie, &log.signer)), Err(ReceiptError::LinesDiffer));
    let more = text.replacen("{\"at\"", "{\"a\":1,\"at\"", 1);
    assert_eq!(Receipt::parse(&Note::sign(&more, &log.signer)), Err(ReceiptError::LinesDiffer));
    let other = Note::sign(&text, &signer(2));
    assert_eq!(Receipt::parse(&other), Err(ReceiptError::Note(NoteError::NoKnownKey)));
}

#[test]
fn a_receipt_is_not_built_from_what_does_not_fit() {
    let log = Log::example();
    let (vkey, leaves, checkpoint) = (log.signer.vkey(), log.leaves(), log.checkpoint());
    let build = |vkey: &_, checkpoint: &str, entries: &[_], leaves: &[_]| {
        Receipt::build(Timestamp(0), vkey, checkpoint, entries, leaves).map(|_| ())
    };
    let [first, second] = CAPSULES.map(|number| log.entries[number].clone());
    let entry = EntryNumber(2);
    let note = log.entries[3].clone();
    let installation =
        Checkpoint { origin: "asservat/installation/x".into(), size: 0, root: seal::sha256(b"") };
    let mut swapped = leaves.clone();
    swapped.swap(2, 3);
    for (built, error) in [
        (build(&vkey, &checkpoint, &[second, first.clone()], &leaves), ReceiptError::Order),
        (build(&vkey, &checkpoint, &[first.clone(), first.clone()], &leaves), ReceiptError::Order),
        (build(&vkey, &checkpoint, &[note], &leaves), ReceiptError::NotInEntry { entry: EntryNumber(3) }),
        (
            build(&vkey, &checkpoint, std::slice::from_ref(&first), &leaves[..2]),
            ReceiptError::NotInLog { entry },
        ),
        (build(&vkey, &checkpoint, std::slice::from_ref(&first), &swapped), ReceiptError::NotInLog { entry }),
        (
            build(&signer(2).vkey(), &checkpoint, &[], &leaves),
            ReceiptError::CheckpointNote(NoteError::NoKnownKey),
        ),
        (build(&vkey, &Note::sign(&installation.to_text(), &log.signer), &[], &[]), ReceiptError::Checkpoint),
        (build(&vkey, &Note::sign("text\n", &log.signer), &[], &[]), ReceiptError::Checkpoint),
    ] {
        assert_eq!(built, Err(error));
    }
}

/// Changes each byte to its neighbour, to the other case, and out of ASCII; what is no longer UTF-8 counts
/// as refused.
fn each_byte_flipped(valid: &str, accepted: impl Fn(&str) -> bool) {
    assert!(accepted(valid), "not accepted unaltered");
    for position in 0..valid.len() {
        for bit in [0, 5, 7] {
            let mut bytes = valid.as_bytes().to_vec();
            bytes[position] ^= 1 << bit;
            let taken = String::from_utf8(bytes).is_ok_and(|text| accepted(&text));
            assert!(!taken, "bit {bit} of byte {position} was changed and nobody noticed");
        }
    }
}
