//! Makes capsules out of lists of things.

use bag::{About, CapsuleReport, CapsuleWriter, Finished, RefusalKind, check_stream};
use model::{Date, EntryNumber, FileTime, Timestamp};
use proptest::prelude::*;
use seal::Spool;
use zeroize::Zeroizing;

pub(crate) const TOP: &str = "capsule-0123abcd";

/// A thing of the source.
#[derive(Clone, Debug)]
pub(crate) enum Thing {
    File { original: Vec<u8>, content: Vec<u8>, mtime: FileTime },
    Link { original: Vec<u8>, target: Vec<u8> },
    Folder { original: Vec<u8> },
    Gap { original: Vec<u8> },
}

/// A small spool that goes to a file early.
pub(crate) fn spool() -> Spool {
    Spool::new(256, Box::new(tempfile::tempfile))
}

pub(crate) fn time(seconds: i64, nanoseconds: u32) -> FileTime {
    FileTime { seconds, nanoseconds }
}

pub(crate) fn file(original: &[u8], content: &[u8]) -> Thing {
    Thing::File { original: original.to_vec(), content: content.to_vec(), mtime: time(1_763_937_000, 0) }
}

pub(crate) fn about() -> About {
    About {
        at: Timestamp(1_795_471_200),
        consent: None,
        gate: EntryNumber(3),
        program: model::PROGRAM.to_owned(),
        roots: vec![b"r".to_vec(), b"s".to_vec(), b"t".to_vec()],
        source: "phone of Mara (invented)".to_owned(),
        who: "a counsellor (invented)".to_owned(),
    }
}

pub(crate) fn writer() -> CapsuleWriter<Vec<u8>> {
    CapsuleWriter::new(Vec::new(), TOP, Box::new(spool), Zeroizing::new([7; 32])).unwrap()
}

pub(crate) fn finish(writer: CapsuleWriter<Vec<u8>>) -> Finished<Vec<u8>> {
    writer.finish(&about(), Date { days: 20_000 }).unwrap()
}

/// A capsule of things, each with the index of its root.
pub(crate) fn capsule(things: &[(usize, Thing)]) -> Finished<Vec<u8>> {
    let mut writer = writer();
    for (root, thing) in things {
        match thing {
            Thing::File { original, content, mtime } => {
                let size_bytes = content.len() as u64;
                let reader = &mut content.as_slice();
                let done = writer.file(*root, original, size_bytes, *mtime, reader, &mut || None).unwrap();
                assert_eq!((done.sha256, done.gap), (seal::sha256(content), None));
            }
            Thing::Link { original, target } => writer.link(*root, original, target).unwrap(),
            Thing::Folder { original } => writer.empty_folder(*root, original, time(-1, 5)).unwrap(),
            Thing::Gap { original } => writer.gap(*root, original, RefusalKind::Special, "fifo").unwrap(),
        }
    }
    finish(writer)
}

pub(crate) fn check(tar: &[u8]) -> CapsuleReport {
    check_stream(&mut &*tar, &mut spool, &mut |_, _| {}).unwrap()
}

/// The same without spools that go to files, for many small archives.
pub(crate) fn check_in_memory(tar: &[u8]) -> CapsuleReport {
    let mut spool = || Spool::new(1 << 20, Box::new(tempfile::tempfile));
    check_stream(&mut &*tar, &mut spool, &mut |_, _| {}).unwrap()
}

/// Names as they occur and as they should not.
fn original() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        4 => "[a-zA-Z0-9äß ._-]{1,12}".prop_map(String::into_bytes),
        1 => prop::sample::select(vec![
            "con.txt", "a\u{202e}b", "e\u{301}", "_named", "%", "..", ".", "", "a\nb", "A", "a"])
            .prop_map(|name| name.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..20),
        1 => "[a-z]{120,260}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(name, 1..5).prop_map(|names| names.join(&b'/'))
}

fn thing() -> impl Strategy<Value = Thing> {
    let content = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        (500..530_usize).prop_map(|size| vec![7; size])
    ];
    let mtime = (
        prop_oneof![-5_i64..5, 1_700_000_000..1_800_000_000_i64, Just(1 << 34)],
        prop_oneof![Just(0), 0..1_000_000_000_u32],
    )
        .prop_map(|(seconds, nanoseconds)| time(seconds, nanoseconds));
    prop_oneof![
        6 => (original(), content, mtime).prop_map(
            |(original, content, mtime)| Thing::File { original, content, mtime }),
        1 => (original(), original()).prop_map(|(original, target)| Thing::Link { original, target }),
        1 => original().prop_map(|original| Thing::Folder { original }),
        1 => original().prop_map(|original| Thing::Gap { original }),
    ]
}

/// Things under three roots, the roots in order.
pub(crate) fn things() -> impl Strategy<Value = Vec<(usize, Thing)>> {
    prop::collection::vec((0..3_usize, thing()), 0..25).prop_map(|mut things| {
        things.sort_by_key(|(root, _)| *root);
        things
    })
}
