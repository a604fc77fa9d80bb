//! Archives made to do harm: no panic, no way out of the folder.

use std::convert::Infallible;
use std::io::Read;

use bag::{CapsuleReader, NameLine, Place, UnpackError, is_stored, unpack};
use proptest::prelude::*;
use tar::{EntryType, Header};

use crate::build::{TOP, capsule, check, things};

/// An archive with one entry.
fn one(path: &[u8], kind: EntryType, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.as_ustar_mut().unwrap().name[..path.len()].copy_from_slice(path);
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o777);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    if kind == EntryType::Symlink {
        header.set_link_name("/etc").unwrap();
    }
    header.set_cksum();
    let padding = vec![0; content.len().next_multiple_of(512) - content.len() + 1024];
    [header.as_bytes(), content, &padding].concat()
}

fn unpacks(tar: &[u8]) -> Result<Vec<String>, UnpackError<Infallible>> {
    let mut paths = Vec::new();
    unpack(&mut &*tar, &mut |entry| {
        paths.push(entry.path.to_owned());
        Ok(())
    })?;
    Ok(paths)
}

#[test]
fn no_path_leads_outside() {
    for path in [
        "/etc/passwd",
        "../x",
        "x",
        "",
        "capsule-0123abcd",
        "capsule-0123abcd/",
        "capsule-0123abcd/x",
        "capsule-0123abcd//x",
        "capsule-0123abcd/../x",
        "capsule-0123abcd/data/../../x",
        "capsule-0123abcd/data//x",
        "capsule-0123abcd/data/con",
        "capsule-0123abcd/data/a\\..\\b",
        "capsule-0123abcd/data/c:x",
        "capsule-0123abcd/data/_named/00",
        "capsule-0123ABCD/data/x",
        "../capsule-0123abcd/data/x",
        "capsule-0123abcd/DATA/x",
        "C:/data/x",
        "capsule-0123abcd/data/a\u{202e}b",
    ] {
        assert!(unpacks(&one(path.as_bytes(), EntryType::Regular, b"x")).is_err(), "{path}");
        assert!(!check(&one(path.as_bytes(), EntryType::Regular, b"x")).problems.is_empty(), "{path}");
    }
    let good = format!("{TOP}/data/x");
    assert_eq!(unpacks(&one(good.as_bytes(), EntryType::Regular, b"x")).unwrap(), ["data/x"]);
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Char,
        EntryType::Fifo,
        EntryType::Directory,
        EntryType::GNULongName,
        EntryType::GNUSparse,
    ] {
        assert!(unpacks(&one(good.as_bytes(), kind, b"")).is_err(), "{kind:?}");
    }
}

#[test]
fn a_pax_header_cannot_smuggle_a_path() {
    let plain = one(b"capsule-0123abcd/data/x", EntryType::Regular, b"x");
    for record in [
        "17 path=../../x\n",
        "99 path=x\n",
        "0 path=x\n",
        "x path=x\n",
        "18446744073709551615 a=b\n",
        "9 size=-1\n",
        "13 linkpath=\n",
        "9 GNU.x=1\n",
    ] {
        let pax = one(b"pax", EntryType::XHeader, record.as_bytes());
        let tar = [&pax[..1024], &plain].concat();
        assert!(unpacks(&tar).is_err(), "{record}");
    }
}

#[test]
fn absurd_sizes_are_cut_short() {
    let mut tar = one(b"capsule-0123abcd/bagit.txt", EntryType::Regular, b"x");
    let mut header = Header::new_ustar();
    header.as_mut_bytes().copy_from_slice(&tar[..512]);
    header.set_size(u64::MAX >> 1);
    header.set_cksum();
    tar[..512].copy_from_slice(header.as_bytes());
    assert!(!check(&tar).problems.is_empty());
    assert!(unpacks(&tar).is_err());
    assert!(CapsuleReader::open(&tar, None).is_err());
    for (offset, bytes) in [(u64::MAX, 1), (0, u64::MAX), (u64::MAX - 10, 700), (1 << 40, 0)] {
        assert!(CapsuleReader::open(&tar, Some(Place { offset, bytes })).is_err());
    }
}

/// Reads everything there is to read.
fn exercise(tar: &[u8]) {
    check(tar);
    let _ = unpack::<Infallible>(&mut &*tar, &mut |entry| {
        let tag = !entry.path.contains('/');
        assert!(tag || is_stored(entry.path));
        Ok(())
    });
    let tar = tar.to_vec();
    let Ok(reader) = CapsuleReader::open(&tar, None) else { return };
    let _ = (reader.about(), reader.salt(0), reader.salt(u64::MAX));
    let tree = reader.file_tree();
    for line in reader.names().take(1000).flatten() {
        if let NameLine::File(line) = line {
            if let Ok(file) = reader.open_file(&line) {
                let _ = file.take(1 << 20).read_to_end(&mut Vec::new());
            }
            if let Ok(tree) = &tree {
                let _ = reader.file_proof(tree, &line);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn mutated_archives_never_panic(
        things in things(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        repair in any::<bool>(),
    ) {
        let mut tar = capsule(&things).out;
        for (at, byte) in &changes {
            let at = at.index(tar.len());
            tar[at] = *byte;
            // A right checksum lets the change through to the next line of defence.
            let block = at / 512 * 512;
            if repair && tar[block + 257..].starts_with(b"ustar") {
                let mut header = Header::new_ustar();
                header.as_mut_bytes().copy_from_slice(&tar[block..block + 512]);
                header.set_cksum();
                tar[block..block + 512].copy_from_slice(header.as_bytes());
            }
        }
        if let Some(cut) = cut {
            tar.truncate(cut.index(tar.len()));
        }
        exercise(&tar);
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        exercise(&bytes);
    }
}
