//! Help and overview: complete, in both languages, and never a promise nobody can keep.

use crate::desk_of_one::DeskOfOne;

const COMMANDS: [&str; 30] = [
    "new",
    "secure",
    "show",
    "read",
    "records",
    "reindex",
    "timeline",
    "search",
    "tag",
    "guide",
    "check",
    "look",
    "hints",
    "note",
    "consent",
    "handover",
    "give",
    "take",
    "receipt",
    "verify",
    "log",
    "unseal",
    "holders",
    "hold",
    "stop",
    "erase",
    "claim",
    "join",
    "fingerprint",
    "demo",
];

#[test]
fn alone_it_shows_the_first_steps() {
    let desk = DeskOfOne::new();
    for (language, words) in [("en", "first three steps"), ("de", "ersten drei Schritte")] {
        let ran = desk.run(&format!("--lang {language}")).done();
        assert!(ran.out.contains(words) && ran.err.is_empty(), "{}", ran.out);
    }
    assert!(desk.json("")["text"].is_string());
}

#[test]
fn help_of_every_command_in_both_languages() {
    let desk = DeskOfOne::new();
    for command in COMMANDS {
        let english = desk.run(&format!("{command} --help --lang en")).done().out;
        let german = desk.run(&format!("help {command} --lang de")).done().out;
        assert!(english.contains(&format!("Usage: asservat {command}")), "{english}");
        assert!(german.contains(&format!("Aufruf: asservat {command}")), "{german}");
        for word in ["Usage", "Options:", "[OPTIONS]", "help-"] {
            assert!(!german.contains(word), "{word}: {german}");
        }
    }
    let help = desk.run("--help --lang de").done().out;
    for line in ["  0  erledigt", "  7  Löschsperre", " 70  ein Fehler des Programms"] {
        assert!(help.contains(line), "{help}");
    }
    assert!(desk.run("--version").done().out.starts_with("asservat "));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = DeskOfOne::new();
    let mut child = desk.command(&["--help"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
