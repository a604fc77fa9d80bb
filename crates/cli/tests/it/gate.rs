//! The gate: unanswered, yes, unsure, no. Before no, nothing of the source is touched.

use std::fs;
use std::process::Command;

use crate::desk_of_one::{DeskOfOne, PROGRAM, Ran};

const SECURE: &str = "secure case bring --source invented --signing-key-file me.key";

#[test]
fn unanswered_it_stays_shut_and_no_key_is_asked_for() {
    let desk = DeskOfOne::with_case();
    let before = desk.files("case");
    desk.run(SECURE).refused(3, "gate-missing");
    // Without any key: the question comes first.
    desk.run("secure case bring --source invented").refused(3, "gate-missing");
    desk.run("demo bring").refused(3, "gate-missing");
    assert_eq!(desk.files("case"), before);
    assert!(!desk.at("asservat-demo").exists());
}

#[test]
fn yes_reads_nothing_and_leaves_an_entry_without_content() {
    let desk = DeskOfOne::with_case();
    // Nothing lies there: had anything looked, the error would be another one.
    let ran = desk.run("secure case not-even-there --source secret --gate yes --signing-key-file me.key");
    assert_eq!((ran.exit, ran.out.as_str()), (3, ""));
    for words in ["§ 184b", "Do not open it", "Do not ask the client to send it", "lawyer", "asservat note"]
    {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert!(ran.err.contains("The log says that the question was answered with yes, and nothing else."));
    let entries = desk.json("log case --signing-key-file me.key --key-file case.key");
    let entry = entries["entries"].as_array().unwrap().iter().find(|entry| entry["kind"] == "gate.answered");
    let mut names: Vec<&String> = entry.unwrap()["fields"].as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["answer", "at", "key", "kind", "program"]);
    assert!(desk.files("case").iter().all(|(path, _)| path.parent().unwrap() != desk.at("case/capsules")));
}

#[test]
fn yes_in_json_and_in_german() {
    let desk = DeskOfOne::with_case();
    let ran = desk.run(&format!("{SECURE} --gate yes --json --lang de"));
    assert_eq!((ran.exit, ran.err.as_str()), (3, ""));
    let error = ran.object();
    assert_eq!(error["error"]["code"], "gate-yes");
    assert!(error["error"]["next"].as_str().unwrap().contains("Nicht öffnen, nicht kopieren"));
    // Even where the answer cannot be written down, the route is told and the exit code is the same.
    let ran = desk.run("secure case bring --source invented --gate yes");
    assert_eq!(ran.exit, 3);
    assert!(
        ran.err.contains("§ 184b") && ran.err.contains("could not be written into the log"),
        "{}",
        ran.err
    );
    let ran = desk.run("demo bring --gate yes");
    assert_eq!(ran.exit, 3);
    assert!(ran.err.contains("§ 184b") && !desk.at("asservat-demo").exists());
}

#[test]
fn unsure_names_the_narrower_choice_and_is_written_down() {
    let desk = DeskOfOne::with_case();
    let ran = desk.run(&format!("{SECURE} --gate unsure"));
    ran.refused(3, "gate-unsure");
    assert!(ran.err.contains("--without-media"), "{}", ran.err);
    desk.run("demo bring --gate unsure").refused(3, "gate-unsure");
    let entries = desk.json("log case --signing-key-file me.key --key-file case.key");
    let answers: Vec<&str> = entries["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["fields"]["answer"].as_str())
        .collect();
    assert_eq!(answers, ["unsure"]);
}

#[test]
fn the_narrower_choice_leaves_pictures_out() {
    let desk = DeskOfOne::with_case();
    let secured = desk.json(&format!("{SECURE} --gate no --without-media"));
    assert_eq!(secured["files"], 1, "{secured}");
    assert!(secured["gaps"].as_object().is_some_and(|gaps| !gaps.is_empty()), "{secured}");
}

/// Shown by the system itself: after a yes or unsure no file of the source was even opened.
#[test]
fn the_system_saw_no_file_of_the_source_opened() {
    let desk = DeskOfOne::with_case();
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("strace is not installed: this test was skipped");
        return;
    }
    for (answer, opened) in [("yes", false), ("unsure", false), ("no", true)] {
        let mut command = Command::new("strace");
        command.args(["-f", "-e", "trace=file", "-o", "trace", PROGRAM]);
        command.args(SECURE.split(' ')).args(["--gate", answer]);
        desk.place(&mut command);
        let ran =
            Ran::of(&command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output().unwrap());
        let trace = fs::read_to_string(desk.at("trace")).unwrap();
        if !trace.contains("execve") {
            eprintln!("strace may not trace here: this test was skipped. {}", ran.err);
            return;
        }
        let touched = trace.lines().any(|line| {
            !line.contains("execve")
                && (line.contains("chat.txt") || line.contains("/bring") || line.contains("\"bring"))
        });
        assert_eq!(touched, opened, "{answer}: {} {}", ran.err, trace);
    }
}
