//! Bytes of strangers: nothing panics, whatever is fed to the readers.

use std::sync::LazyLock;

use custody::{
    Checkpoint, ConsentItems, Entry, ExtractLine, LeafRecord, Note, Receipt, TlogProof, VerifierKey, kinds,
};
use proptest::prelude::*;

use crate::support::Log;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn arbitrary_text(text in any::<String>(), json in "[\\[\\]{}:,\"0-9a-z\\\\]{0,60}") {
        read_all(text.as_bytes());
        read_all(json.as_bytes());
    }

    #[test]
    fn valid_ones_patched(
        sample in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        cut in 0..40_usize,
        put in prop::collection::vec(any::<u8>(), 0..8),
        again in 1..3_usize,
    ) {
        static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(samples);
        let mut bytes = SAMPLES[sample.index(SAMPLES.len())].clone();
        let start = from.index(bytes.len());
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, put.repeat(again));
        read_all(&bytes);
    }
}

#[test]
fn absurd_lengths_and_depths() {
    for part in ["[", "{\"a\":", "\n", "\n\n", "\u{2014} a AAAAAAA=\n", "0", "+", "A", "\"", "extra "] {
        for count in [1_000, 100_000] {
            read_all(part.repeat(count).as_bytes());
        }
    }
}

fn samples() -> Vec<Vec<u8>> {
    let log = Log::example();
    vec![
        log.entries[2].body_bytes(),
        log.entries[2].leaf_record().to_bytes(),
        log.checkpoint().into_bytes(),
        log.proof(3).to_text().into_bytes(),
        log.receipt().to_note(&log.signer).into_bytes(),
        log.extract(2).to_line().into_bytes(),
        log.signer.vkey().to_string().into_bytes(),
    ]
}

fn read_all(bytes: &[u8]) {
    let log_key = [crate::support::signer(1).vkey()];
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.body_bytes(), bytes);
        let _ = kinds::check(&entry.fields);
        custody::CaseState::default().apply(&entry);
    }
    if let Ok(leaf) = LeafRecord::parse(bytes) {
        assert_eq!(leaf.to_bytes(), bytes);
    }
    if let Ok(line) = ExtractLine::parse(bytes) {
        assert_eq!(line.to_line().as_bytes(), bytes);
        let _ = line.verify();
    }
    if let Ok(value) = serde_json::from_slice(bytes) {
        drop(ConsentItems::parse(&value));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(note) = Note::parse(text) {
        drop(note.verify(&log_key));
    }
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_text(), text);
    }
    if let Ok(proof) = TlogProof::parse(text) {
        assert_eq!(proof.to_text(), text);
        drop(proof.verify(model::Digest([0; 32]), &log_key));
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    drop(Receipt::parse(text));
}
