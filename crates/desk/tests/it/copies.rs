//! Copies, older states, branches, a clock set back, two at once.

use std::fs;
use std::path::Path;

use desk::{Access, DeskError, ItemName, Silent, UnsealForm};

use crate::world::{NOW, World, secure};

#[test]
fn a_copy_is_for_reading_until_it_is_claimed() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    copy(&world.path("case"), &world.path("copy"));
    let refused = desk.open(&world.path("copy"), Access::Write, None).map(|_| ()).unwrap_err();
    assert!(matches!(refused, DeskError::ReadOnlyCopy { writing_copy: Some(_) }), "{refused:?}");
    desk.open(&world.path("copy"), Access::Read, Some(&world.unlock())).unwrap();

    // Another installation has never seen it: not its writing copy either, until it says so.
    world.install("other-home");
    let mut other = world.desk_at("other-home");
    let refused = other.open(&world.path("copy"), Access::Write, None).map(|_| ()).unwrap_err();
    assert!(matches!(refused, DeskError::ReadOnlyCopy { .. }), "{refused:?}");
    let mut case =
        other.claim(&world.path("copy"), "moved to the other office", Some(&world.unlock())).unwrap();
    other.note(&mut case, "written elsewhere", None).unwrap();
    drop(case);
    check(&world, "copy");
}

#[test]
fn an_older_state_is_noticed() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    copy(&world.path("case"), &world.path("before"));
    let mut case = world.open(&mut desk, "case");
    desk.note(&mut case, "later", None).unwrap();
    drop(case);
    fs::remove_dir_all(world.path("case")).unwrap();
    copy(&world.path("before"), &world.path("case"));
    let refused = desk.open(&world.path("case"), Access::Write, None).map(|_| ()).unwrap_err();
    assert!(matches!(refused, DeskError::OlderThanSeen { here: 1, seen: 2 }), "{refused:?}");
    check(&world, "case");
}

#[test]
fn two_honest_branches_are_joined() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let mut case = world.open(&mut desk, "case");
    let before = secure(&mut desk, &mut case, &world.source());
    drop(case);
    copy(&world.path("case"), &world.path("copy"));
    world.install("other-home");
    let mut other = world.desk_at("other-home");
    let mut branch = other.claim(&world.path("copy"), "no contact", Some(&world.unlock())).unwrap();
    let elsewhere = secure(&mut other, &mut branch, &world.source());
    other.stop(&mut branch, ItemName { capsule: before.capsule, leaf: Some(0) }).unwrap();
    drop(branch);
    let mut case = world.open(&mut desk, "case");
    desk.note(&mut case, "meanwhile here", None).unwrap();
    let joined = desk.join(&mut case, &world.path("copy")).unwrap();
    assert!(joined.is_some());
    let refused = desk.unseal(
        &mut case,
        &UnsealForm { item: ItemName { capsule: before.capsule, leaf: Some(0) }, to: world.path("out") },
    );
    assert!(matches!(refused, Err(DeskError::Stopped)), "what was stopped on the branch is stopped");
    assert_eq!(desk.join(&mut case, &world.path("case")).unwrap(), None, "nothing to join with itself");
    drop(case);
    assert!(world.path("case/capsules").join(&elsewhere.name).exists(), "the branch's capsule came along");
    check(&world, "case");
}

#[test]
fn a_clock_set_back_is_recorded() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    world.clock.0.set(NOW - 3600);
    let mut case = world.open(&mut desk, "case");
    desk.note(&mut case, "one hour earlier", None).unwrap();
    let lines = desk.log(&mut case).unwrap();
    assert_eq!(lines[1].fields["clock_back"], true);
}

#[test]
fn two_at_once_is_said() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let _open = world.open(&mut desk, "case");
    let refused = desk.open(&world.path("case"), Access::Write, None).map(|_| ()).unwrap_err();
    assert!(matches!(refused, DeskError::Vault(_)), "{refused:?}");
}

fn check(world: &World, name: &str) {
    let unlock = world.unlock();
    let verified =
        desk::verify(&world.path(name), &desk::Against::default(), Some(&unlock.with), &Silent).unwrap();
    assert!(verified.report.unchanged(), "{:?}", verified.report.problems);
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
