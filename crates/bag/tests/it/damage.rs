//! Nothing can be changed unnoticed: flipped, cut, swapped, added.

use bag::{BagProblemKind as Kind, CapsuleReport};
use proptest::prelude::*;

use crate::build::{Thing, capsule, check, check_in_memory, file, things};

fn small() -> Vec<u8> {
    let link = Thing::Link { original: b"r/l".to_vec(), target: b"/".to_vec() };
    let folder = Thing::Folder { original: b"r/m".to_vec() };
    capsule(&[(0, file(b"r/a", b"content")), (0, file("r/\u{e9}".as_bytes(), b"x")), (0, link), (0, folder)])
        .out
}

fn kinds(report: &CapsuleReport) -> Vec<Kind> {
    report.problems.listed.iter().map(|problem| problem.kind).collect()
}

#[test]
fn every_flipped_byte_is_noticed() {
    let tar = small();
    let root = check(&tar).root;
    assert!(root.is_some());
    // Every byte that says something, and a sample of the zeros between.
    for at in (0..tar.len()).filter(|&at| tar[at] != 0 || at % 5 == 0) {
        let mut damaged = tar.clone();
        damaged[at] ^= [0x01, 0x20, 0x80][at % 3];
        let report = check_in_memory(&damaged);
        assert!(!report.problems.is_empty() || report.root != root, "byte {at}");
    }
}

#[test]
fn every_cut_is_noticed() {
    let tar = small();
    for length in (0..tar.len()).step_by(97) {
        assert!(!check(&tar[..length]).problems.is_empty(), "{length}");
    }
    let longer = [&tar[..], &[0; 512]].concat();
    assert_eq!(kinds(&check(&longer)), [Kind::TrailingBytes]);
}

/// The archive as its entries: each with header and padding.
fn entries(tar: &[u8]) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    let mut at = 0;
    while tar[at] != 0 {
        let start = at;
        if tar[at + 156] == b'x' {
            at += 1024;
        }
        let size = usize::from_str_radix(std::str::from_utf8(&tar[at + 124..at + 135]).unwrap(), 8).unwrap();
        at += 512 + size.div_ceil(512) * 512;
        entries.push(tar[start..at].to_vec());
    }
    entries
}

#[test]
fn missing_doubled_and_swapped_entries_are_noticed() {
    let entries = entries(&small());
    let join = |parts: &[Vec<u8>]| [parts.concat(), vec![0; 1024]].concat();
    assert!(check(&join(&entries)).problems.is_empty());
    for k in 0..entries.len() {
        let mut without = entries.clone();
        let taken = without.remove(k);
        let report = check(&join(&without));
        assert!(kinds(&report).contains(&Kind::Missing), "{k}: {:?}", report.problems.listed);
        let mut doubled = entries.clone();
        doubled.insert(k, taken.clone());
        assert!(!check(&join(&doubled)).problems.is_empty(), "{k}");
        let mut moved = without.clone();
        moved.push(taken);
        assert!(k + 1 == entries.len() || !check(&join(&moved)).problems.is_empty(), "{k}");
    }
}

#[test]
fn one_damaged_file_is_one_problem_and_its_neighbours_are_fine() {
    let mut tar = small();
    let at = tar.windows(7).position(|window| window == b"content").unwrap();
    tar[at] = b'C';
    let report = check(&tar);
    assert_eq!(kinds(&report), [Kind::NamesDiffer, Kind::ManifestDiffers]);
    assert!(report.problems.listed.iter().all(|problem| problem.path == "data/r/a"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_changed_byte_in_any_capsule(
        things in things(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let done = capsule(&things);
        let mut damaged = done.out.clone();
        let at = at.index(damaged.len());
        damaged[at] ^= flip;
        let report = check(&damaged);
        prop_assert!(!report.problems.is_empty() || report.root != Some(done.root));
    }
}
