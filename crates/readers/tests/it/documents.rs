//! `docs/formats.md` says what the registry says. `UPDATE_EXPECTED=1` writes it anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use readers::FORMATS;
use source::containers::CONTAINERS;

const BEGIN: &str = "# Formats

What Asservat reads, made from the lists in the code (`crates/readers/src/formats/mod.rs`,
`crates/source/src/containers/mod.rs`); do not edit by hand. Everything else is listed as a file with its
size, hash and type, and stays in the capsule as it is.

";

#[test]
fn the_document_says_what_the_registry_says() {
    let mut text = BEGIN.to_owned();
    text.push_str(
        "## Containers\n\nOpened on the fly, nested freely; unpacked or decrypted only where somebody \
         reads.\n\n",
    );
    for container in CONTAINERS {
        writeln!(text, "- `{}`", container.name()).unwrap();
    }
    for format in FORMATS {
        let about = format.about();
        write!(
            text,
            "\n## {}\n\n`{}`, version {}\n\n- Covers: {}\n- Leaves out: {}\n- Known from: {}\n",
            about.title,
            format.name(),
            format.version(),
            about.covers,
            about.leaves_out,
            about.source
        )
        .unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "run it with UPDATE_EXPECTED=1");
}

#[test]
fn names_are_those_of_files_and_stand_once() {
    let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
    for name in &names {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/formats/{name}.rs"));
        assert!(file.is_file(), "{name} has no file of its name");
    }
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "a format stands twice");
}
