//! The temporary store: same bytes back, from memory or from a file that tells nothing.

use crate::{plaintext, read_all_at};
use model::ReadAt;
use proptest::prelude::*;
use seal::Spool;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_goes_in_comes_out(
        size in 0_usize..3_000_000, memory in 0_usize..2_000_000,
        steps in proptest::collection::vec(1_usize..400_000, 1..6),
    ) {
        let plaintext = plaintext(size);
        let mut spool = Spool::new(memory, Box::new(tempfile::tempfile));
        let mut rest = &plaintext[..];
        for step in steps.iter().cycle() {
            let (now, later) = rest.split_at(rest.len().min(*step));
            spool.write_all(now).unwrap();
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        let mut reader = spool.finish().unwrap();
        prop_assert_eq!(reader.size_bytes(), size as u64);
        prop_assert!(read_all_at(&reader) == plaintext);
        let mut found = Vec::new();
        reader.read_to_end(&mut found).unwrap();
        prop_assert!(found == plaintext);
    }
}

#[test]
fn the_file_is_made_only_if_needed_and_holds_no_plaintext() {
    let mut small = Spool::new(100, Box::new(|| Err(ErrorKind::StorageFull.into())));
    small.write_all(&[7; 100]).unwrap();
    assert_eq!(small.finish().unwrap().size_bytes(), 100);

    let file = tempfile::NamedTempFile::new().unwrap();
    let handle = file.reopen().unwrap();
    let mut spool = Spool::new(100, Box::new(move || Ok(handle)));
    let words = b"where she lives now ".repeat(50_000);
    spool.write_all(&words).unwrap();
    let reader = spool.finish().unwrap();
    assert!(read_all_at(&reader) == words);
    let stored = std::fs::read(file.path()).unwrap();
    assert_eq!(stored.len(), words.len() + words.len().div_ceil(65_536) * 16);
    assert!(!stored.windows(9).any(|window| window == b"she lives"));
}

#[test]
fn failures_of_the_file_come_back() {
    let mut spool = Spool::new(0, Box::new(|| Err(ErrorKind::StorageFull.into())));
    assert_eq!(spool.write_all(b"x").unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(spool.write_all(b"x").unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(spool.finish().err().unwrap().kind(), ErrorKind::StorageFull);

    let file = tempfile::NamedTempFile::new().unwrap();
    let read_only = File::open(file.path()).unwrap();
    let mut spool = Spool::new(0, Box::new(move || Ok(read_only)));
    spool.write_all(b"x").unwrap();
    assert!(spool.finish().is_err());
}
