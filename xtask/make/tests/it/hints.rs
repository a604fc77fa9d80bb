//! The rules for hints on the labelled sets: the figures that the program shows are those that come out here.

use std::fs;
use std::path::Path;

use make::hints::{load, measured, read_set};

fn at(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_quality_that_is_shown_is_the_one_that_is_measured() {
    let rules = load(&at("../../rules/tactics")).unwrap();
    assert!(!rules.is_empty());
    let text = measured(&rules, &at("fixtures/hints")).unwrap();
    let path = at("../../rules/tactics/quality.toml");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "UPDATE_EXPECTED=1 writes it");
}

#[test]
fn sets_are_half_ordinary_and_large_enough() {
    for language in ["de", "en", "fr"] {
        let set =
            read_set(&fs::read_to_string(at(&format!("fixtures/hints/written/{language}.tsv"))).unwrap())
                .unwrap();
        let ordinary = set.iter().filter(|message| message.tactics.is_empty()).count();
        assert!(set.len() >= 150 && ordinary * 3 >= set.len(), "{language}: {} {ordinary}", set.len());
    }
}
