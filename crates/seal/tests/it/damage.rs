//! Every flipped byte and every cut is refused, and nothing is released that was not checked.

use crate::{drain, open, plaintext, sealed};
use model::ReadAt;
use seal::{OpenWith, SealError};

#[test]
fn every_flip_in_a_small_file_is_refused() {
    for size in [0, 1, 100] {
        let (file, identity) = sealed(&plaintext(size));
        let with = OpenWith::Identities(&identity);
        for at in 0..file.len() {
            for flip in [0x01, 0x20, 0x80] {
                let mut changed = file.clone();
                changed[at] ^= flip;
                assert!(seal::open_bytes(&changed, &with, 1 << 20).is_err(), "byte {at} ^ {flip}");
                assert!(open(changed, &with).is_err(), "byte {at} ^ {flip}");
            }
        }
    }
}

#[test]
fn every_cut_of_a_small_file_is_refused() {
    for size in [0, 1, 100] {
        let (file, identity) = sealed(&plaintext(size));
        let with = OpenWith::Identities(&identity);
        for end in 0..file.len() {
            assert!(seal::open_bytes(&file[..end], &with, 1 << 20).is_err(), "cut at {end}");
            let error = open(file[..end].to_vec(), &with).err();
            assert!(matches!(error, Some(SealError::Truncated | SealError::Damaged { .. })), "cut at {end}");
        }
        let longer = [&file[..], b"x"].concat();
        assert!(open(longer, &with).is_err());
    }
}

#[test]
fn a_cut_in_a_large_file_is_noticed_before_anything_is_released() {
    let (file, identity) = sealed(&plaintext((3 << 20) + 500));
    let with = OpenWith::Identities(&identity);
    let start = file.len() - (3 << 20) - 500 - 49 * 16;
    let borders = (0..49).flat_map(|chunk| [0, 1, 15, 16, 17].map(|more| start + chunk * 65_552 + more));
    for end in borders.chain((start..file.len()).step_by(33_331)) {
        let error = open(file[..end].to_vec(), &with).err();
        let at_border = end > start && (end - start).is_multiple_of(65_552);
        match error {
            Some(SealError::Truncated) => {}
            Some(SealError::Damaged { .. }) => assert!(!at_border, "cut at {end}"),
            other => panic!("cut at {end}: {other:?}"),
        }
    }
}

#[test]
fn damage_in_the_middle_is_placed_and_the_rest_stays_readable() {
    let plaintext = plaintext((3 << 20) + 500);
    let (mut file, identity) = sealed(&plaintext);
    let with = OpenWith::Identities(&identity);
    let start = file.len() - plaintext.len() - 49 * 16;
    let damaged = start + 20 * 65_552;
    file[damaged + 1234] ^= 4;
    let opened = open(file.clone(), &with).unwrap();

    let is_there = |error: Option<SealError>| {
        matches!(error,
        Some(SealError::Damaged { offset_bytes }) if offset_bytes == damaged as u64)
    };
    let (released, error) = drain(&opened);
    assert!(is_there(error));
    assert!(released.len() <= 20 * 65_536 && plaintext.starts_with(&released));
    assert!(is_there(opened.stream().finish().err()));
    assert!(is_there(seal::open_bytes(&file, &with, u64::MAX).err()));

    let mut chunk = vec![0; 65_536];
    for number in [19, 20, 21, 20] {
        let read = opened.read_at(&mut chunk, number * 65_536);
        if number == 20 {
            assert!(is_there(read.err().map(SealError::from)));
        } else {
            assert_eq!(read.unwrap(), 65_536);
            let at = usize::try_from(number).unwrap() * 65_536;
            assert!(chunk == plaintext[at..at + 65_536]);
        }
    }
}

#[test]
fn chunks_cannot_be_swapped_repeated_or_left_out() {
    let plaintext = plaintext(4 * 65_536);
    let (file, identity) = sealed(&plaintext);
    let start = file.len() - 4 * 65_552;
    let chunk = |number: usize| &file[start + number * 65_552..start + (number + 1) * 65_552];
    for order in
        [&[1, 0, 2, 3][..], &[0, 0, 2, 3], &[0, 2, 3], &[0, 1, 2], &[3], &[0, 1, 2, 3, 3], &[0, 1, 3, 2]]
    {
        let mut changed = file[..start].to_vec();
        for number in order {
            changed.extend_from_slice(chunk(*number));
        }
        let with = OpenWith::Identities(&identity);
        assert!(seal::open_bytes(&changed, &with, u64::MAX).is_err(), "{order:?}");
        if let Ok(opened) = open(changed, &with) {
            assert!(drain(&opened).1.is_some(), "{order:?}");
        }
    }
}
