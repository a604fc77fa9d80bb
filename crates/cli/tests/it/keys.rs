//! Keys: the wrong one, none, passphrases and identity files, file descriptors, new holders, recovery shares.

use std::fs;
use std::process::Command;

use crate::desk_of_one::{DeskOfOne, PROGRAM, Ran};

#[test]
fn the_wrong_key_and_no_key() {
    let desk = DeskOfOne::with_capsule();
    for line in [
        "log case --signing-key-file me.key --key-file other.key",
        "log case --signing-key-file other.key --key-file case.key",
        "fingerprint --signing-key-file other.key",
        "verify case --key-file other.key",
    ] {
        desk.run(line).refused(4, "wrong-key");
    }
    for line in [
        "log case --signing-key-file me.key",
        "log case --key-file case.key",
        "verify case --key",
        "holders case add lawyer --signing-key-file me.key --key-file case.key",
    ] {
        let ran = desk.run(line);
        ran.refused(3, "secret-missing");
        assert!(ran.err.contains("--key-file"), "{}", ran.err);
    }
}

#[test]
fn files_that_are_no_secrets() {
    let desk = DeskOfOne::with_case();
    let identity = seal::Identity::generate().unwrap();
    for (content, exit, code) in [
        (String::new(), 2, "secret-empty"),
        (identity.recipient().to_string(), 2, "secret-is-public"),
        ("age-encryption.org/v1\n-> X25519".to_owned(), 2, "secret-is-sealed"),
        ("AGE-SECRET-KEY-1BROKEN\n".to_owned(), 2, "identity-file-line"),
        ("x".repeat(70_000), 2, "secret-too-long"),
    ] {
        fs::write(desk.at("secret"), &content).unwrap();
        desk.run("log case --signing-key-file me.key --key-file secret").refused(exit, code);
    }
    desk.run("log case --signing-key-file me.key --key-file nothing").refused(5, "path-unreadable");
    desk.run("log case --signing-key-file me.key --key-file bring").refused(5, "path-unreadable");
}

#[test]
fn a_passphrase_for_everything_and_a_warning_when_it_is_short() {
    let desk = DeskOfOne::new();
    fs::write(desk.at("short"), "kurz\n").unwrap();
    fs::write(desk.at("long"), "sieben Amseln im Winter\r\nnot part of it\n").unwrap();
    let new = "new case --alias a --holder lawyer --purpose p --until 2199-12-31";
    let ran = desk.run(&format!("{new} --signing-key-file long --key-file short")).done();
    assert!(ran.err.contains("fewer than 10 characters"), "{}", ran.err);
    assert!(desk.at("case/keys/lawyer.age").exists());
    desk.run("log case --signing-key-file long --key-file short").done();
    desk.run("log case --signing-key-file long --key-file long").refused(4, "wrong-key");
}

#[cfg(unix)]
#[test]
fn keys_from_file_descriptors() {
    let desk = DeskOfOne::with_case();
    let mut command = Command::new("sh");
    let line = format!("'{PROGRAM}' log case --signing-key-fd 3 --key-fd 4 3<me.key 4<case.key");
    desk.place(command.args(["-c", &line]));
    let ran = Ran::of(&command.output().unwrap());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    desk.run("log case --signing-key-file me.key --key-fd 99").refused(5, "path-unreadable");
}

#[test]
fn holders_come_and_go() {
    let desk = DeskOfOne::with_capsule();
    let with =
        |key: &str, line: &str| desk.run(&format!("{line} --signing-key-file me.key --key-file {key}"));
    with("case.key", "holders case add lawyer --new-key-file other.key").done();
    with("case.key", "holders case add lawyer --new-key-file other.key").refused(2, "holder-exists");
    with("other.key", "log case --key-holder lawyer").done();
    let listed = with("case.key", "holders case list --json").done().object();
    let names: Vec<_> = listed["holders"].as_array().unwrap().iter().map(|holder| &holder["name"]).collect();
    assert_eq!(names, ["client", "lawyer"]);
    with("case.key", "holders case remove lawyer").done();
    with("other.key", "log case").refused(4, "wrong-key");
    let shares = with("case.key", "holders case recovery 3 --json").done().object();
    let shares = shares["shares"].as_array().unwrap();
    assert_eq!(shares.len(), 3);
    assert!(shares.iter().all(|share| share.as_str().unwrap().split(' ').count() == 28));
    with("case.key", "verify case").done();
    let share = |at: usize| shares[at].as_str().unwrap();
    fs::write(desk.at("two"), format!("{}\n{}\n", share(2), share(0))).unwrap();
    with("two", "log case").done();
    fs::write(desk.at("two"), format!("{}\n{}\n", share(1), share(1))).unwrap();
    with("two", "log case").refused(4, "shares");
    fs::write(desk.at("two"), format!("{}\n{}\n", share(1), share(0).replacen(' ', " amsel ", 1))).unwrap();
    with("two", "log case").refused(4, "wrong-key");
    let wrong = share(0).split(' ').map(|_| "amsel").collect::<Vec<_>>().join(" ");
    fs::write(desk.at("two"), format!("{}\n{wrong}\n", share(1))).unwrap();
    with("two", "log case").refused(4, "share-word");
    desk.run("log case --signing-key-file me.key --shares").refused(3, "secret-missing");
}

#[test]
fn a_recipient_instead_of_a_passphrase() {
    let desk = DeskOfOne::new();
    let identity = seal::Identity::generate().unwrap();
    fs::write(desk.at("hers.key"), identity.to_secret_text().as_str()).unwrap();
    let recipient = identity.recipient();
    desk.run(&format!(
        "new case --alias a --holder client --purpose p --until 2199-12-31 --recipient {recipient} \
         --key-holder amsel --signing-key-file me.key"
    ))
    .done();
    assert!(desk.at("case/keys/amsel.age").exists());
    desk.run("log case --signing-key-file me.key --key-file hers.key").done();
}
