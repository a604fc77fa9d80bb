//! The engine of hints on small rules of its own: what a line means, and what speaks against it.

use insight::tactics::{Engine, LanguageRules};
use proptest::prelude::*;

const RULES: &str = r#"
language = "xx"
umlauts = true
negation_before = 2
negation_after = 1
common = ["und", "der", "ich", "du"]
negation = ["nicht", "nie"]
unless = ["im film"]
[words]
pass = ["pass", "reisepass*", "papiere"]
[[hint]]
code = "docs.kept"
say = ["<pass> .. bei mir", "nie wieder & <pass>"]
unless = ["schublade"]
[[hint]]
code = "debt.owed"
say = ["schuld* & (#|geld)", "dreißig übertrag*"]
negation = "ignored"
[[hint]]
code = "monitor.location"
say = ["位置 .. 发", "standort teilen"]
"#;

#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
fn engine() -> Engine {
    Engine::new([&LanguageRules::parse(RULES).unwrap()]).unwrap()
}

/// Codes and passages of a text.
fn marks(text: &str) -> Vec<(String, String)> {
    let engine = engine();
    let mut found = Vec::new();
    engine.finder().find(text, &mut found);
    found.iter().map(|mark| (mark.code.to_owned(), text[mark.place.clone()].to_owned())).collect()
}

fn only(text: &str, code: &str, passage: &str) {
    assert_eq!(marks(text), [(code.to_owned(), passage.to_owned())], "{text}");
}

#[test]
fn a_passage_is_the_source_with_its_capitals_and_accents() {
    only("😡 Dein PASS bleibt\u{301} bei  mir!", "docs.kept", "PASS bleibt\u{301} bei  mir");
    only("zeile eins\ndein reisepaß ist bei mir", "docs.kept", "reisepaß ist bei mir");
    only("dreissig übertragen", "debt.owed", "dreissig übertragen");
    only("dreißig uebertragen", "debt.owed", "dreißig uebertragen");
}

#[test]
fn gaps_and_ends_of_sentences() {
    only("papiere sind jetzt wieder bei mir", "docs.kept", "papiere sind jetzt wieder bei mir");
    assert_eq!(marks("papiere sind jetzt erst einmal wieder bei mir"), []);
    assert_eq!(marks("papiere. bei mir regnet es"), []);
    only("500 fehlen. das sind schulden", "debt.owed", "500 fehlen. das sind schulden");
}

#[test]
fn negation_and_ordinary_frames_take_marks_away() {
    assert_eq!(marks("der pass ist nicht bei mir"), []);
    assert_eq!(marks("dein pass in der schublade bei mir"), []);
    assert_eq!(marks("der pass im film ist bei mir"), []);
    only("nicht 500 schulden", "debt.owed", "500 schulden");
    only("nie wieder siehst du den pass", "docs.kept", "nie wieder siehst du den pass");
}

#[test]
fn slips_drawn_out_letters_and_scripts_without_spaces() {
    only("reisepsas bei mir", "docs.kept", "reisepsas bei mir");
    only("papieeeere bei miiiir", "docs.kept", "papieeeere bei miiiir");
    only("把位置马上发给我", "monitor.location", "位置马上发");
}

#[test]
fn long_texts_are_cut_and_still_found() {
    let text = format!("{} dein pass ist bei mir {}", "wort ".repeat(3_000), "wort ".repeat(3_000));
    assert_eq!(marks(&text).len(), 1);
    let many = "dein pass ist bei mir. ".repeat(10_000);
    assert!(!marks(&many).is_empty());
}

proptest! {
    #[test]
    fn nothing_panics_and_places_lie_in_the_text(
        text in "[a-zA-ZäöüßéА-я0-9 .!?\n😡护照在我位置发\u{301}\u{202e}]{0,120}",
    ) {
        let engine = engine();
        let mut found = Vec::new();
        engine.finder().find(&text, &mut found);
        for mark in found {
            prop_assert!(text.get(mark.place.clone()).is_some_and(|passage| !passage.is_empty()));
        }
    }
}
