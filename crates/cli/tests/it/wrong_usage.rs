//! What goes wrong first when somebody new sits there. Each: exit code, what happened, what to do now.

use std::fs;

use crate::desk_of_one::DeskOfOne;

#[test]
fn the_line_itself() {
    let desk = DeskOfOne::new();
    for (line, code, in_the_message) in [
        ("secur x", "usage-command", "secur"),
        ("log", "usage-missing", "<CASE>"),
        ("new case --alias a --holder client --purpose p", "usage-missing", "--until"),
        ("new case --alias a --holder client --purpose p --until 31.12.2099", "usage-value", "31.12.2099"),
        ("new case --alias a --holder police --purpose p --until 2099-12-31", "usage-value", "police"),
        ("unseal case x --to out", "usage-value", "x"),
        ("verify x --shout", "usage-argument", "--shout"),
        ("log case --key-file a --key-fd 3", "usage-conflict", "--key-file"),
        ("log case --key-file", "usage-value-missing", "--key-file"),
        ("holders case", "usage-command-missing", ""),
        ("erase case --reason r", "usage-missing", "--case"),
        ("erase case --case --capsule 2 --reason r", "usage-conflict", "--case"),
    ] {
        let ran = desk.run(line);
        ran.refused(2, code);
        assert!(ran.err.contains(in_the_message), "{line}: {}", ran.err);
        assert!(ran.err.contains("--help`"), "{line}: {}", ran.err);
    }
    assert!(!desk.at("case").exists());
}

#[test]
fn a_secret_in_the_command_line_is_refused_and_not_repeated() {
    let desk = DeskOfOne::new();
    let secret = fs::read_to_string(desk.at("me.key")).unwrap().lines().last().unwrap().to_owned();
    let line = "new case --alias a --holder client --purpose p --until 2099-12-31 --recipient";
    let ran = desk.run(&format!("{line} {secret}"));
    ran.refused(2, "secret-on-command-line");
    assert!(!ran.err.contains(&secret));
}

#[test]
fn errors_are_one_json_object_with_the_same_exit_code() {
    let desk = DeskOfOne::new();
    for (line, exit, code) in [
        ("verify nothing-here", 5, "path-unreadable"),
        ("nonsense", 2, "usage-command"),
        ("secure case bring", 2, "usage-missing"),
    ] {
        let ran = desk.run(&format!("{line} --json"));
        assert_eq!((ran.exit, ran.err.as_str()), (exit, ""), "{line}");
        let error = &ran.object()["error"];
        assert_eq!(error["code"], code);
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(error["next"].as_str().is_some_and(|text| !text.is_empty()));
    }
}

#[test]
fn german_errors_are_german() {
    let desk = DeskOfOne::new();
    let ran = desk.run("verify nothing-here --lang de");
    ran.refused(5, "path-unreadable");
    assert!(ran.err.contains("lässt sich nicht lesen: unter diesem Namen gibt es nichts."), "{}", ran.err);
    let ran = desk.command(&["verify"]).env("LC_ALL", "de_DE.UTF-8").output().unwrap();
    assert!(String::from_utf8(ran.stderr).unwrap().starts_with("Es fehlt: <PFAD>"));
}

#[test]
fn the_wrong_file_or_folder() {
    let desk = DeskOfOne::with_case();
    desk.run("verify bring/chat.txt").refused(8, "not-ours");
    desk.run("verify bring").refused(8, "not-ours");
    desk.run("log bring --signing-key-file me.key --key-file case.key").refused(8, "not-a-case");
    desk.run("log nowhere --signing-key-file me.key --key-file case.key").refused(5, "path-unreadable");
    let secure = "--source s --gate no --signing-key-file me.key";
    desk.run(&format!("secure nowhere bring {secure}")).refused(5, "path-unreadable");
    desk.run(&format!("secure case nowhere {secure}")).refused(5, "path-unreadable");
    fs::create_dir(desk.at("empty")).unwrap();
    let ran = desk.run(&format!("secure case empty/../bring/pictures {secure} --without-media"));
    assert!(matches!(ran.exit, 0 | 2), "{}", ran.err);
}

#[test]
fn a_target_that_exists_is_never_written_over() {
    let desk = DeskOfOne::with_capsule();
    let before = desk.files("bring");
    let keys = "--signing-key-file me.key --key-file case.key";
    desk.run(&format!("unseal case 2 --to bring {keys}")).refused(5, "target-exists");
    desk.run(&format!("receipt case --to bring/chat.txt {keys}")).refused(5, "target-exists");
    desk.run(&format!("handover case --to x --consent c9 bring {keys}")).refused(5, "target-exists");
    desk.run("take case --into bring --signing-key-file me.key").refused(5, "target-exists");
    desk.run(
        "new bring --alias a --holder client --purpose p --until 2199-12-31 \
         --signing-key-file me.key --key-file case.key",
    )
    .refused(5, "target-exists");
    assert_eq!(desk.files("bring"), before);
}

#[test]
fn a_date_in_the_past_and_a_lone_alias() {
    let desk = DeskOfOne::new();
    let keys = "--signing-key-file me.key --key-file case.key";
    let line = "new case --alias a --holder client --purpose p --until 2001-01-01";
    desk.run(&format!("{line} {keys}")).refused(2, "until-in-the-past");
    let words = "new case --alias _ --holder client --purpose p --until 2199-12-31";
    let line = format!("{words} {keys}");
    let words: Vec<&str> = line.split_whitespace().map(|word| if word == "_" { " " } else { word }).collect();
    desk.run_words(&words).refused(2, "alias-and-purpose");
    assert!(!desk.at("case").exists());
}

#[test]
fn numbers_and_names_that_are_not_there() {
    let desk = DeskOfOne::with_capsule();
    let keys = "--signing-key-file me.key --key-file case.key";
    for (line, exit, code) in [
        ("unseal case 7 --to out", 2, "unknown"),
        ("unseal case 2:9 --to out", 2, "unknown"),
        ("stop case 1", 2, "unknown"),
        ("consent case withdraw c9", 2, "unknown"),
        ("handover case --to x --consent c9 out", 2, "unknown"),
        ("holders case remove nobody", 2, "no-such-holder"),
        ("holders case remove client", 2, "last-holder"),
        ("erase case --entry 0 --reason r --yes", 2, "not-erasable"),
        ("erase case --entry 99 --reason r --yes", 2, "no-such-entry"),
        ("log case --key-holder nobody", 2, "no-such-holder"),
    ] {
        desk.run(&format!("{line} {keys}")).refused(exit, code);
    }
    desk.run("note case - --signing-key-file me.key").refused(2, "empty-note");
    assert!(!desk.at("out").exists());
}
