//! What is sealed comes back, whole, in pieces, and from anywhere.

use crate::{open, pair, plaintext, sealed};
use model::ReadAt;
use proptest::prelude::*;
use seal::{OpenWith, SealError, SealTo, Sealer, sha256};
use std::io::{Read, Write};

/// Sizes around the borders of chunks and buffers, and any others.
fn size() -> impl Strategy<Value = usize> {
    let near = |border: usize| border - 2..border + 3;
    prop_oneof![
        0_usize..300,
        near(64 << 10),
        near(128 << 10),
        near(1 << 20),
        near((1 << 20) + (64 << 10)),
        near(8 << 20),
        0_usize..(3 << 20)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn streams_and_random_access(
        size in size(),
        writes in proptest::collection::vec(1_usize..2_000_000, 1..6),
        reads in proptest::collection::vec((any::<u64>(), 0_usize..200_000), 1..12),
    ) {
        let plaintext = plaintext(size);
        let (identity, recipient) = pair();
        let mut sealer = Sealer::new(Vec::new(), &SealTo::Recipients(&recipient)).unwrap();
        let mut rest = &plaintext[..];
        for step in writes.iter().cycle() {
            let (now, later) = rest.split_at(rest.len().min(*step));
            sealer.write_all(now).unwrap();
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        let sealed = sealer.finish().unwrap();
        prop_assert_eq!(sealed.sha256, sha256(&sealed.inner));
        prop_assert_eq!(sealed.size_bytes, sealed.inner.len() as u64);

        let opened = open(sealed.inner.clone(), &OpenWith::Identities(&identity)).unwrap();
        prop_assert_eq!(opened.size_bytes(), size as u64);
        for (offset, length) in &reads {
            let offset = offset % (size as u64 + 10);
            let mut buffer = vec![0; *length];
            let count = opened.read_at(&mut buffer, offset).unwrap();
            let expected = &plaintext[size.min(usize::try_from(offset).unwrap())..];
            prop_assert!(count == expected.len().min(*length));
            prop_assert!(buffer[..count] == expected[..count]);
        }
        prop_assert_eq!(opened.read_at(&mut [0; 10], u64::MAX).unwrap(), 0);

        let mut stream = opened.stream();
        let mut found = Vec::new();
        for step in reads.iter().map(|(_, length)| length + 1).cycle() {
            let mut buffer = vec![0; step];
            let count = stream.read(&mut buffer).unwrap();
            if count == 0 {
                break;
            }
            found.extend_from_slice(&buffer[..count]);
        }
        prop_assert!(found == plaintext);
        prop_assert_eq!(stream.finish().unwrap(), sealed.sha256);

        let mut found = Vec::new();
        opened.stream_unhashed().read_to_end(&mut found).unwrap();
        prop_assert!(found == plaintext);
        let opened = seal::open_bytes(&sealed.inner, &OpenWith::Identities(&identity), size as u64).unwrap();
        prop_assert!(*opened == plaintext);
    }
}

#[test]
fn finishing_early_reads_and_checks_the_rest() {
    for size in [0, 1000, 5 << 20] {
        let (file, identity) = sealed(&plaintext(size));
        let expected = sha256(&file);
        let opened = open(file, &OpenWith::Identities(&identity)).unwrap();
        let mut stream = opened.stream();
        assert_eq!(stream.read(&mut [0; 10]).unwrap(), size.min(10));
        assert_eq!(stream.finish().unwrap(), expected);
    }
}

#[test]
fn small_things_have_a_limit() {
    let (file, identity) = sealed(&plaintext(1000));
    let with = OpenWith::Identities(&identity);
    assert_eq!(seal::open_bytes(&file, &with, 1000).unwrap().len(), 1000);
    let error = seal::open_bytes(&file, &with, 999).err();
    assert!(matches!(error, Some(SealError::TooLarge { limit_bytes: 999 })));
}

#[test]
fn many_readers_at_once() {
    let plaintext = plaintext(600_000);
    let (file, identity) = sealed(&plaintext);
    let opened = open(file, &OpenWith::Identities(&identity)).unwrap();
    std::thread::scope(|scope| {
        for reader in 0..4_usize {
            let (opened, plaintext) = (&opened, &plaintext);
            scope.spawn(move || {
                for step in 0..50 {
                    let at = (reader * 7919 + step * 104_729) % 500_000;
                    let mut buffer = vec![0; 70_000];
                    assert_eq!(opened.read_at(&mut buffer, at as u64).unwrap(), buffer.len());
                    assert!(buffer[..] == plaintext[at..at + buffer.len()]);
                }
            });
        }
    });
}
