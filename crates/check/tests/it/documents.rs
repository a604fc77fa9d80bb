//! `docs/checks.md` says what the registry says. `UPDATE_EXPECTED=1` writes it anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use check::{CHECKS, Platform, Question};

const BEGIN: &str = "# Checks

What the device check reads, made from the list in the code (`crates/check/src/checks/mod.rs`); do not edit by
hand. The words after *answers* are those of the questions in `rules/check/questions.toml`.
";

#[test]
fn the_document_says_what_the_registry_says() {
    let mut text = BEGIN.to_owned();
    for (platform, title) in
        [(Platform::Android, "Android"), (Platform::Ios, "iPhone and iPad"), (Platform::Any, "Any device")]
    {
        write!(text, "\n## {title}\n").unwrap();
        for check in CHECKS.iter().filter(|check| check.about().platform == platform) {
            let about = check.about();
            let answers: Vec<&str> = about.answers.iter().map(|question| question.word()).collect();
            write!(
                text,
                "\n### {}\n\n`{}`\n\n- Covers: {}\n- Leaves out: {}\n- Answers: {}\n- Known from: {}\n",
                about.title,
                check.name(),
                about.covers,
                about.leaves_out,
                answers.join(", "),
                about.source
            )
            .unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks.md");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "run it with UPDATE_EXPECTED=1");
}

#[test]
fn names_are_those_of_files_and_stand_once() {
    let mut names: Vec<&str> = CHECKS.iter().map(|check| check.name()).collect();
    for name in &names {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/checks/{name}.rs"));
        assert!(file.is_file(), "{name} has no file of its name");
    }
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "a check stands twice");
}

#[test]
fn every_question_can_be_answered_or_is_for_the_look() {
    /// What no file holds: the guided look asks for it.
    const LOOK_ONLY: &[Question] = &[];
    for question in Question::ALL {
        let answered = CHECKS.iter().any(|check| check.about().answers.contains(question));
        assert!(answered || LOOK_ONLY.contains(question), "{}", question.word());
    }
}
