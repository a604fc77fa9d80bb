//! Walks over real folders: order, gaps, links, limits, hostile names; containers, whole and broken.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests; what is skipped or measured is said"
)]

mod containers;
#[cfg(unix)]
mod unix;

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use model::Limits;
use source::{MediaChoice, WalkError, WalkOptions, WalkTotals, What, measure, root_name, walk};

/// One line a thing, `kind path detail`.
pub(crate) fn listing(roots: &[PathBuf], options: &WalkOptions) -> (Vec<String>, WalkTotals) {
    let mut lines = Vec::new();
    let totals = walk::<Infallible>(roots, options, &mut |item| {
        let path = String::from_utf8_lossy(item.original).into_owned();
        lines.push(match item.what {
            What::File { size_bytes, file, .. } => {
                let before = file.state().unwrap();
                let mut content = Vec::new();
                file.read_to_end(&mut content).unwrap();
                assert_eq!((content.len() as u64, before), (size_bytes, file.state().unwrap()));
                format!("file {path} {size_bytes}")
            }
            What::Link { target } => format!("link {path} {}", String::from_utf8_lossy(target)),
            What::EmptyFolder { .. } => format!("empty {path}"),
            What::Gap { kind, reason } => format!("gap {path} {} {reason}", kind.word()),
        });
        Ok(())
    })
    .unwrap_or_else(|_| panic!("walk"));
    (lines, totals)
}

fn put(root: &Path, name: &str, content: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn order_is_that_of_bytes_and_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("phone");
    for name in ["b", "a.txt", "a/z", "a/y/1", "Z", "ä", "a-b"] {
        put(&root, name, name.as_bytes());
    }
    fs::create_dir(root.join("a/empty")).unwrap();
    let roots = [root.clone(), root.join("b")];
    let (lines, totals) = listing(&roots, &WalkOptions::default());
    let expected = [
        "file phone/Z 1",
        "empty phone/a/empty",
        "file phone/a/y/1 5",
        "file phone/a/z 3",
        "file phone/a-b 3",
        "file phone/a.txt 5",
        "file phone/b 1",
        "file phone/ä 2",
        "file b 1",
    ];
    assert_eq!(lines, expected);
    assert_eq!((totals.files, totals.empty_folders, totals.bytes, totals.gaps), (8, 1, 21, 0));
    let measured = measure(&roots, &WalkOptions::default());
    assert_eq!((measured.files, measured.bytes), (8, 21));
}

#[test]
fn the_own_case_and_what_lies_in_it_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "stick/case/case.json", b"{}");
    put(folder.path(), "stick/chat.txt", b"hi");
    let case = folder.path().join("stick/case");
    let options = WalkOptions { skip: vec![case.clone()], ..WalkOptions::default() };
    let roots = [folder.path().join("stick"), case.join("case.json"), case];
    let (lines, _) = listing(&roots, &options);
    let expected = [
        "gap stick/case limit own-case",
        "file stick/chat.txt 2",
        "gap case.json limit own-case",
        "gap case limit own-case",
    ];
    assert_eq!(lines, expected);
    assert_eq!(measure(&roots, &options).files, 1);
}

#[test]
fn pictures_and_videos_are_left_out_by_name_and_by_content() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("r");
    put(&root, "a.jpg", b"no picture at all");
    put(&root, "hidden.txt", b"\xff\xd8\xff\xe0 and more than sixteen bytes");
    put(&root, "pictures.png/chat.txt", b"");
    put(&root, "voice.opus", b"OggS and more than sixteen bytes");
    let options = WalkOptions { media: MediaChoice::WithoutPicturesAndVideos, ..WalkOptions::default() };
    let (lines, totals) = listing(&[root], &options);
    let expected = [
        "gap r/a.jpg limit left-out-media",
        "gap r/hidden.txt limit left-out-media",
        "file r/pictures.png/chat.txt 0",
        "file r/voice.opus 32",
    ];
    assert_eq!(lines, expected);
    assert_eq!(totals.gaps, 2);
}

#[test]
fn limits_become_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("r");
    put(&root, "1/2/3/deep", b"");
    put(&root, "big", b"12345");
    put(&root, "long-name-long-name", b"");
    put(&root, "many/1", b"");
    put(&root, "many/2", b"");
    let limits = Limits { depth: 2, file_bytes: 4, name_bytes: 12, entries: 7, ..Limits::DEFAULT };
    let (lines, _) = listing(&[root], &WalkOptions { limits, ..WalkOptions::default() });
    let expected = [
        "gap r/1/2/3 limit too-deep",
        "gap r/big limit too-large",
        "gap r/long-name- limit name-too-long",
        "gap r/many limit too-many-entries",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_missing_root_is_noticed_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let roots = [folder.path().to_owned(), folder.path().join("nothing")];
    let done = walk::<()>(&roots, &WalkOptions::default(), &mut |_| Err(()));
    assert!(matches!(done, Err(WalkError::RootMissing { root: 1 })));
    fs::write(folder.path().join("x"), "").unwrap();
    let done = walk::<()>(&roots[..1], &WalkOptions::default(), &mut |_| Err(()));
    assert!(matches!(done, Err(WalkError::Visit(()))));
}

#[test]
fn every_root_has_a_name() {
    assert_eq!(root_name(Path::new("/a/b.txt/")), b"b.txt");
    assert!(!root_name(Path::new(".")).is_empty());
    #[cfg(unix)]
    assert_eq!(root_name(Path::new("/")), b"root");
}
