//! Erasing: asked once more, provable afterwards, honest about what it cannot reach.

use crate::desk_of_one::DeskOfOne;

const KEYS: &str = "--signing-key-file me.key --key-file case.key";

#[test]
fn it_is_not_done_without_a_yes() {
    let desk = DeskOfOne::with_capsule();
    let before = desk.files("case");
    desk.run(&format!("erase case --capsule 2 --reason over {KEYS}")).refused(3, "not-confirmed");
    assert_eq!(desk.files("case"), before);
}

#[test]
fn a_capsule_goes_and_the_rest_verifies() {
    let desk = DeskOfOne::with_capsule();
    let erased = desk.json(&format!("erase case --capsule 2 --reason over --yes {KEYS}"));
    assert!(erased["unreachable"].as_array().unwrap().contains(&"copies".into()), "{erased}");
    assert!(desk.files("case/capsules").is_empty());
    desk.run(&format!("verify case {KEYS}")).done();
    desk.run(&format!("unseal case 2 --to out {KEYS}")).refused(2, "unknown");
    let shown = desk.run(&format!("show case {KEYS}")).done();
    assert!(shown.out.contains("no capsule"), "{}", shown.out);
}

#[test]
fn a_note_goes_and_its_place_stays() {
    let desk = DeskOfOne::with_case();
    desk.run("note case mistake --signing-key-file me.key").done();
    desk.run(&format!("erase case --entry 1 --reason mistake --yes --lang de {KEYS}")).done();
    let log = desk.run(&format!("log case --lang de {KEYS}")).done();
    assert!(log.out.contains("000001") && log.out.contains("(gelöscht)"), "{}", log.out);
    desk.run(&format!("verify case {KEYS}")).done();
}

#[test]
fn a_whole_case_goes_and_says_so() {
    let desk = DeskOfOne::with_capsule();
    desk.run(&format!("erase case --case --reason over --yes {KEYS}")).done();
    let verified = desk.run("verify case").done();
    assert!(verified.out.contains("was erased"), "{}", verified.out);
    let ran = desk.run(&format!("log case {KEYS}"));
    assert!(matches!(ran.exit, 4 | 6), "{} {}", ran.exit, ran.err);
    desk.run("note case more --signing-key-file me.key").refused(6, "case-erased");
}
