//! The rule as a table of nasty names.

use proptest::prelude::*;

use super::*;

#[test]
fn plain_names() {
    for name in [
        "a",
        "phone/DCIM/IMG 1.jpg",
        "ü/ß",
        "con1",
        "COM10",
        "COM",
        "LPTx.txt",
        ".hidden",
        "a..b",
        "日本",
        "x/_named",
    ] {
        assert!(is_plain(&format!("data/{name}")), "{name}");
    }
    assert!(is_plain(&format!("data/{}", "n".repeat(195))));
}

#[test]
fn nasty_names() {
    for name in [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "a/./b",
        "../a",
        "a.",
        "a ",
        "dir./x",
        "dir /x",
        "con",
        "con.txt",
        "x/Con.tar.gz",
        "AUX",
        "nul .txt",
        "COM¹",
        "com0.log",
        "lpt³.x",
        "conin$",
        "CLOCK$",
        "100%",
        "a<b",
        "a>b",
        "a:b",
        "a\"b",
        "a|b",
        "a?b",
        "a*b",
        "a\\b",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\u{85}b",
        "a\u{202e}gpj.exe",
        "a\u{200b}b",
        "\u{feff}a",
        "a\u{ad}b",
        "a\u{e0061}",
        "a\u{fffd}",
        "a\u{2028}b",
        "a\u{2029}b",
        "e\u{301}",
        "_named",
        "_named/0",
        "_NAMED/0",
    ] {
        assert!(!is_plain(&format!("data/{name}")), "{name:?}");
    }
    assert!(!is_plain(&format!("data/{}", "n".repeat(196))));
    for path in ["a", "/data/a", "DATA/a", "data", "manifest-sha256.txt"] {
        assert!(!is_plain(path), "{path}");
    }
}

#[test]
fn numbered_paths_have_one_form() {
    assert!(is_stored("data/_named/0") && is_stored("data/_named/18") && is_stored("data/x"));
    for path in [
        "data/_named/",
        "data/_named/00",
        "data/_named/+1",
        "data/_named/1/2",
        "data/_named/x",
        "data/_named/-1",
    ] {
        assert!(!is_stored(path), "{path}");
    }
}

fn paths(files: &[(usize, &[u8])]) -> Vec<String> {
    let mut namer = Namer::new();
    files.iter().map(|(root, original)| namer.stored(*root, original).path().to_owned()).collect()
}

#[test]
fn clashes_among_siblings() {
    let stored = paths(&[
        (0, b"r/A"),
        (0, b"r/B/x"),
        (0, b"r/C/x"),
        (0, b"r/a"),
        (0, b"r/b/sub/y"),
        (0, b"r/b/z"),
        (0, b"r/c"),
        (0, "r/straße".as_bytes()),
        (0, "r/strasse".as_bytes()),
        (0, b"r/\xff"),
        (0, b"r/\xff"),
        (1, b"r/A"),
        (1, b"s/A"),
        (2, b"S"),
    ]);
    let expected = [
        "data/r/A",
        "data/r/B/x",
        "data/r/C/x",
        "data/_named/0",
        "data/_named/1",
        "data/_named/2",
        "data/_named/3",
        "data/r/straße",
        "data/_named/4",
        "data/_named/5",
        "data/_named/6",
        "data/_named/7",
        "data/s/A",
        "data/_named/8",
    ];
    assert_eq!(stored, expected);
}

#[test]
fn a_folder_seen_again_after_leaving_it_never_gives_a_path_twice() {
    let stored =
        paths(&[(0, b"r/a/1"), (0, b"r/b/1"), (0, b"r/a/1"), (0, b"r/a/1"), (0, b"r"), (0, b"r/a/1")]);
    assert_eq!(stored.iter().collect::<HashSet<_>>().len(), stored.len());
}

proptest! {
    #[test]
    fn whatever_comes_gives_safe_and_different_paths(files in prop::collection::vec(
        (0..3_usize, prop::collection::vec(prop_oneof![
            Just(b'/'), Just(b'a'), Just(b'A'), Just(b'.'), Just(0xC3),
            Just(0xA9), any::<u8>()], 0..8)), 0..60))
    {
        let mut namer = Namer::new();
        let mut seen = HashSet::new();
        for (root, original) in files {
            let stored = namer.stored(root, &original);
            prop_assert!(is_stored(stored.path()));
            prop_assert!(seen.insert(fold(stored.path())));
        }
    }
}
