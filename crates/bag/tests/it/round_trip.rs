//! What goes in comes out, to the byte, by every way of reading.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Read;

use bag::{CapsuleReader, NameLine, Place, unpack};
use proptest::prelude::*;

use crate::build::{TOP, Thing, capsule, check, file, things};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_tree(things in things()) {
        let done = capsule(&things);
        let report = check(&done.out);
        prop_assert!(report.problems.is_empty(), "{:?}", report.problems.listed);
        prop_assert_eq!(report.root, Some(done.root));
        prop_assert_eq!(report.tar_bytes, done.tar_bytes);
        prop_assert_eq!((report.files, report.links, report.folders), (done.files, done.links, done.folders));
        prop_assert_eq!((report.names_offset, report.names_bytes), (done.names_offset, done.names_bytes));
        prop_assert_eq!(&report.gaps, &done.gaps);

        let place = Place { offset: done.names_offset, bytes: done.names_bytes };
        let reader = CapsuleReader::open(&done.out, Some(place)).unwrap();
        prop_assert_eq!(CapsuleReader::open(&done.out, None).unwrap().names_place(), place);
        prop_assert_eq!(reader.top(), TOP);
        prop_assert_eq!(Some(reader.about().unwrap()), report.about);
        let tree = reader.file_tree().unwrap();
        prop_assert_eq!(tree.root(), done.root);
        let mut lines = reader.names();
        let mut payload = BTreeMap::new();
        for (root, thing) in &things {
            match (lines.next().unwrap().unwrap(), thing) {
                (NameLine::File(line), Thing::File { original, content, mtime }) => {
                    prop_assert_eq!((line.root, line.mtime), (*root as u64, *mtime));
                    prop_assert_eq!(line.original_path(), &original[..]);
                    let mut found = Vec::new();
                    reader.open_file(&line).unwrap().read_to_end(&mut found).unwrap();
                    prop_assert_eq!(&found, content);
                    prop_assert!(reader.file_proof(&tree, &line).unwrap().verify(done.root).is_ok());
                    prop_assert!(payload.insert(line.path, (found, line.mtime)).is_none());
                }
                (NameLine::Link(line), Thing::Link { original, target }) => {
                    prop_assert_eq!((line.original.0, line.target.0), (original.clone(), target.clone()));
                }
                (NameLine::Folder(line), Thing::Folder { original }) =>
                    prop_assert_eq!(&line.original.0, original),
                (NameLine::Gap(line), Thing::Gap { original }) => prop_assert_eq!(&line.original.0, original),
                (line, thing) => panic!("{line:?} for {thing:?}"),
            }
        }
        prop_assert!(lines.next().is_none());

        unpack::<Infallible>(&mut done.out.as_slice(), &mut |entry| {
            let mut content = Vec::new();
            entry.content.read_to_end(&mut content).unwrap();
            if entry.path.starts_with("data/") {
                assert_eq!(payload.remove(entry.path), Some((content, entry.mtime)));
            }
            Ok(())
        }).unwrap();
        prop_assert!(payload.is_empty());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let things = [(0, file(b"r/a", b"1")), (0, file(b"r/\xff", b"2"))];
    assert_eq!(capsule(&things).out, capsule(&things).out);
}

#[test]
fn an_empty_capsule() {
    let done = capsule(&[]);
    let report = check(&done.out);
    assert!(report.problems.is_empty(), "{:?}", report.problems.listed);
    assert_eq!((report.files, report.root), (0, Some(seal::sha256(b""))));
}

#[test]
fn a_file_that_is_already_called_like_its_number() {
    let done = capsule(&[(0, file(b"_named/0", b"x")), (1, file(b"_named/0", b"y"))]);
    let report = check(&done.out);
    assert!(report.problems.is_empty(), "{:?}", report.problems.listed);
    let reader = CapsuleReader::open(&done.out, None).unwrap();
    assert!(
        reader
            .names()
            .all(|line| matches!(line, Ok(NameLine::File(line)) if line.original_path() == b"_named/0"))
    );
}

#[test]
fn a_path_of_many_kilobytes() {
    let original = vec![b"deep".as_slice(); 3000].join(&b'/');
    let done = capsule(&[(0, file(&original, b"x"))]);
    assert!(check(&done.out).problems.is_empty());
    let reader = CapsuleReader::open(&done.out, None).unwrap();
    let Some(Ok(NameLine::File(line))) = reader.names().next() else { panic!("no file") };
    assert_eq!((line.path.as_str(), line.original_path()), ("data/_named/0", &original[..]));
}
