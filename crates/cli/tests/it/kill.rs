//! The real program, killed at every system call that changes the disk, and refused every such call for
//! lack of space.
//!
//! After each kill the case opens, verifies, and shows the state before or after the act, never one
//! between; then the same act can be done. Needs `strace`; says when it is missing.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::place::{PROGRAM, Place, have};

const CALLS: &[&str] = &["pwrite64", "write", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "mkdir"];
/// More than any of the acts makes of one call in one thread.
const MOST_CALLS: usize = 400;

#[test]
fn killed_while_securing() {
    killed_at_every_call(&["secure", "case", "phone", "--source", "s", "--gate", "no"], 2);
}

#[test]
fn killed_while_noting() {
    killed_at_every_call(&["note", "case", "a note"], 1);
}

#[test]
fn killed_while_reading_the_log() {
    killed_at_every_call(&["log", "case"], 1);
}

#[test]
fn killed_while_adding_a_holder() {
    let recipient = seal::Identity::generate().unwrap().recipient().to_string();
    killed_at_every_call(&["holders", "case", "add", "lawyer", "--recipient", &recipient], 1);
}

#[test]
fn killed_while_removing_a_holder() {
    killed_at_every_call(&["holders", "case", "remove", "second"], 1);
}

#[test]
fn killed_while_erasing() {
    killed_at_every_call(&["erase", "case", "--capsule", "3", "--reason", "test", "--yes"], 1);
}

#[test]
fn killed_while_making_a_case() {
    if !have("strace") {
        return;
    }
    let new =
        ["new", "other", "--alias", "A", "--holder", "client", "--purpose", "p", "--until", "2099-12-31"];
    for call in CALLS {
        for count in 1..MOST_CALLS {
            let place = Place::new();
            if !run_with(&place, &new, &format!("inject={call}:signal=KILL:when={count}")).killed {
                break;
            }
            place.done(&new_or_verify(&place, &new));
            place.done(&["verify", "other", "--key"]);
        }
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    if !have("strace") {
        return;
    }
    let base = prepared();
    let before = size(&base.path("template/case"));
    let mut refused = 0;
    for count in (1..60).step_by(3) {
        let place = copy_of(&base);
        let act = ["secure", "case", "phone", "--source", "s", "--gate", "no"];
        let run = run_with(&place, &act, &format!("inject=pwrite64:error=ENOSPC:when={count}+"));
        if run.code == Some(0) {
            break;
        }
        refused += 1;
        assert_eq!(run.code, Some(5), "disk full at write {count}: {}", run.errors);
        assert!(!run.errors.contains("panicked"), "{}", run.errors);
        place.done(&["verify", "case", "--key"]);
        assert!(size(&place.path("case")) >= before, "no entry was lost");
        place.done(&act);
    }
    assert!(refused >= 3, "the disk was full {refused} times only");
}

/// Kills one act at every call of every kind, each time in a fresh copy of the same case. `entries`: how
/// many the act appends.
fn killed_at_every_call(act: &[&str], entries: u64) {
    if !have("strace") {
        return;
    }
    let base = prepared();
    let before = size(&base.path("template/case"));
    let mut kills = 0;
    for call in CALLS {
        for count in 1..MOST_CALLS {
            let place = copy_of(&base);
            if !run_with(&place, act, &format!("inject={call}:signal=KILL:when={count}")).killed {
                break;
            }
            kills += 1;
            place.done(&["verify", "case", "--key"]);
            let now = size(&place.path("case"));
            assert!(
                (before..=before + entries).contains(&now),
                "{call} {count}: {now} entries after {before}"
            );
            if now == before {
                place.done(act);
                assert_eq!(
                    size(&place.path("case")),
                    before + entries,
                    "{call} {count}: the act can be done after all"
                );
            }
            place.done(&["note", "case", "life goes on"]);
            place.done(&["verify", "case", "--key"]);
        }
    }
    assert!(kills >= 5, "the program was killed {kills} times only");
}

/// A case with a capsule (entry 3), a second holder and a note.
fn prepared() -> Place {
    let place = Place::new();
    place.new_case();
    let second = seal::Identity::generate().unwrap().recipient().to_string();
    place.done(&["holders", "case", "add", "second", "--recipient", &second]);
    place.secure();
    place.done(&["note", "case", "before"]);
    // Out of the way: the installation remembers where the writing copy lies, and a second one there would
    // be a copy.
    fs::create_dir(place.path("template")).unwrap();
    for name in ["case", "home"] {
        fs::rename(place.path(name), place.path("template").join(name)).unwrap();
    }
    place
}

struct Run {
    killed: bool,
    code: Option<i32>,
    errors: String,
}

fn run_with(place: &Place, arguments: &[&str], inject: &str) -> Run {
    let call = inject.split(['=', ':']).nth(1).unwrap();
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", inject, PROGRAM])
        .args(place.arguments(arguments))
        .current_dir(place.path(""))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    // strace ends itself with the signal that ended the program.
    let killed = output.status.signal() == Some(9) || output.status.code() == Some(137);
    Run { killed, code: output.status.code(), errors: String::from_utf8_lossy(&output.stderr).into_owned() }
}

/// After a kill in `new` the case is there whole, or `new` can be run again in the same place.
fn new_or_verify<'a>(place: &Place, new: &[&'a str]) -> Vec<&'a str> {
    if place.path("other/log/checkpoint").exists() { vec!["verify", "other", "--key"] } else { new.to_vec() }
}

/// The number of entries, read from the signed head.
fn size(case: &Path) -> u64 {
    let checkpoint = fs::read_to_string(case.join("log/checkpoint")).unwrap();
    checkpoint.lines().nth(1).unwrap().parse().unwrap()
}

fn copy_of(base: &Place) -> Place {
    let place = Place::new();
    for name in ["case", "home"] {
        copy(&base.path("template").join(name), &place.path(name));
    }
    for name in ["key.txt", "signing.txt"] {
        fs::copy(base.path(name), place.path(name)).unwrap();
    }
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
