//! Two copies of a case: one is written, the other is read; claimed, older, parted, joined.

use std::path::Path;

use crate::desk_of_one::DeskOfOne;

const KEYS: &str = "--signing-key-file me.key --key-file case.key";

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, &target).map(drop).unwrap() }
    }
}

#[test]
fn a_copy_is_read_and_not_written_until_it_is_claimed() {
    let desk = DeskOfOne::with_capsule();
    copy(&desk.at("case"), &desk.at("copy"));
    let ran = desk.run("note copy hello --signing-key-file me.key");
    ran.refused(6, "read-only-copy");
    assert!(ran.err.contains(desk.at("case").to_str().unwrap()), "{}", ran.err);
    let before = desk.files("copy");
    let ran = desk.run(&format!("show copy {KEYS}")).done();
    assert!(ran.err.contains("leaves no entry"), "{}", ran.err);
    assert_eq!(desk.files("copy"), before);

    desk.run("claim copy --reason lost --signing-key-file me.key").done();
    desk.run("note copy hello --signing-key-file me.key").done();
    let ran = desk.run("note case late --signing-key-file me.key");
    ran.refused(6, "older-than-seen");
    let ran = desk.run("verify case --signing-key-file me.key");
    assert_eq!(ran.exit, 1, "{}", ran.out);
    assert!(ran.out.contains("OLDER"), "{}", ran.out);
    desk.run("verify case").done();
}

#[test]
fn two_branches_are_joined() {
    let desk = DeskOfOne::with_capsule();
    copy(&desk.at("case"), &desk.at("copy"));
    desk.run("note case one --signing-key-file me.key").done();
    // Somebody else, with an installation of her own, goes on with the copy.
    let home = ["--home", "other-home", "--signing-key-file", "other.key"];
    let claim = [&["claim", "copy", "--reason", "hers"], home.as_slice()].concat();
    desk.run_words(&claim).done();
    desk.run_words(&[&["note", "copy", "two"], home.as_slice()].concat()).done();
    desk.run("note copy three --signing-key-file me.key").refused(6, "diverged");
    let joined = desk.json(&format!("join case copy {KEYS}"));
    assert!(joined["entry"].is_u64(), "{joined}");
    desk.run(&format!("verify case {KEYS}")).done();
    desk.run(&format!("join case bring {KEYS}")).refused(8, "not-a-case");
}

#[test]
fn without_an_installation_looking_is_refused_and_checking_is_not() {
    let desk = DeskOfOne::with_capsule();
    let ran = desk.run(&format!("log case --home nobody {KEYS}"));
    ran.refused(2, "no-installation");
    assert!(ran.err.contains("asservat new"), "{}", ran.err);
    desk.run("verify case --home nobody --key-file case.key").done();
    assert!(!desk.at("nobody").exists());
}
