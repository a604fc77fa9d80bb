//! Stopped items, held cases, erased bodies.

use std::fs;

use desk::{ConsentGiven, Date, DeskError, Erase, HandOver, Hold, ItemName, Silent, UnsealForm};

use crate::world::{NOW, World, secure};

#[test]
fn a_stopped_item_never_comes_out_again() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let mut case = world.open(&mut desk, "case");
    let capsule = secure(&mut desk, &mut case, &world.source()).capsule;
    let item = ItemName { capsule, leaf: Some(0) };
    desk.stop(&mut case, item).unwrap();
    let refused = desk.unseal(&mut case, &UnsealForm { item, to: world.path("one") }).unwrap_err();
    assert!(matches!(refused, DeskError::Stopped));
    let whole = ItemName { capsule, leaf: None };
    let out = desk.unseal(&mut case, &UnsealForm { item: whole, to: world.path("all") }).unwrap();
    assert_eq!((out.files, out.stopped), (2, 1));
    let given = ConsentGiven {
        to: "lawyer".into(),
        purpose: "advice".into(),
        items: vec![],
        until: Date { days: NOW / 86_400 },
        how: "spoken".into(),
    };
    let consent = desk.consent_give(&mut case, &given).unwrap();
    let form = HandOver { to: "lawyer".into(), consent, items: vec![], into: world.path("package") };
    let handed = desk.hand_over(&mut case, &form).unwrap();
    assert_eq!(handed.items, 2);
    let package = fs::read_to_string(world.path("package/custody/items.jsonl")).unwrap();
    assert!(!package.contains("_chat.txt"), "not even its name leaves");
}

#[test]
fn erasing_leaves_a_trace_and_a_tree_that_verifies() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let mut case = world.open(&mut desk, "case");
    let secured = secure(&mut desk, &mut case, &world.source());
    let note = desk.note(&mut case, "a note that should go", None).unwrap();

    desk.hold(&mut case, Hold::On, "court order").unwrap();
    let refused = desk.erase(&mut case, Erase::Entry(note), "wish of the client").unwrap_err();
    assert!(matches!(refused, DeskError::OnHold));
    desk.hold(&mut case, Hold::Off, "lifted").unwrap();

    desk.erase(&mut case, Erase::Entry(note), "wish of the client").unwrap();
    desk.erase(&mut case, Erase::Capsule(secured.capsule), "wish of the client").unwrap();
    assert!(
        desk.erase(&mut case, Erase::Entry(desk::EntryNumber(0)), "no").is_err(),
        "state is not erasable"
    );
    assert!(!world.path("case/capsules").join(&secured.name).exists());
    drop(case);
    check(&world, true);

    let mut case = world.open(&mut desk, "case");
    let unreachable = desk.erase(&mut case, Erase::Case, "end of purpose").unwrap().unreachable;
    assert!(!unreachable.is_empty(), "what erasing cannot reach is told");
    drop(case);
    check(&world, false);
    assert!(
        desk.open(&world.path("case"), desk::Access::Write, Some(&world.unlock())).is_err(),
        "no key opens it"
    );
}

fn check(world: &World, with_key: bool) {
    let unlock = world.unlock();
    let with = with_key.then_some(&unlock.with);
    let verified = desk::verify(&world.path("case"), &desk::Against::default(), with, &Silent).unwrap();
    assert!(verified.report.unchanged(), "{:?}", verified.report.problems);
}
