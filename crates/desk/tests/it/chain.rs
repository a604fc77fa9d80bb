//! From a folder to a verified hand-over and a receipt that fits what comes back.

use std::fs;

use desk::{Access, Against, ConsentGiven, Date, HandOver, ItemName, Silent, UnsealForm};

use crate::world::{NOW, World, secure};

#[test]
fn the_whole_way() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let mut case = world.open(&mut desk, "case");
    let secured = secure(&mut desk, &mut case, &world.source());
    assert_eq!(secured.files, 3);
    desk.note(&mut case, "as told on the phone", None).unwrap();

    let item = ItemName { capsule: secured.capsule, leaf: None };
    let out = desk.unseal(&mut case, &UnsealForm { item, to: world.path("out") }).unwrap();
    assert_eq!(out.files, 3);
    private(&world.path("out"));
    private(&world.path("out/phone/Chat/_chat.txt"));
    assert_eq!(
        fs::read_to_string(world.path("out/phone/Chat/_chat.txt")).unwrap(),
        "invented: where are you?\n"
    );
    assert_eq!(
        fs::read_to_string(world.path("out/_named/0")).unwrap(),
        "invented: a name that Windows reserves"
    );

    let given = ConsentGiven {
        to: "Police Berlin, LKA 42".into(),
        purpose: "complaint".into(),
        items: vec![],
        until: Date { days: NOW / 86_400 + 5 },
        how: "signed sheet".into(),
    };
    let consent = desk.consent_give(&mut case, &given).unwrap();
    let form = HandOver { to: given.to, consent, items: vec![], into: world.path("package") };
    let handed = desk.hand_over(&mut case, &form).unwrap();
    assert_eq!((handed.items, handed.withheld.len()), (3, 0));
    verified(&world, "package", None, false);

    let lines = desk.log(&mut case).unwrap();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line.kind.as_deref()).collect();
    assert_eq!(
        kinds,
        [
            "case.created",
            "gate.answered",
            "capsule.sealed",
            "note",
            "unsealed",
            "consent.given",
            "handed.over",
            "opened"
        ]
    );
    drop(case);
    verified(&world, "case", None, true);

    let case = world.open(&mut desk, "case");
    let gone = desk.give(case, &world.path("stick"), "client").unwrap();
    assert!(!world.path("case/keys").exists(), "the local keys are gone");
    let receipt = format!("home/receipts/{}", gone.receipt);
    verified(&world, &receipt, Some("stick"), false);

    let taken =
        desk.take(&world.path("stick"), &world.path("back"), "client", Some(&world.unlock())).unwrap();
    assert!(taken.bytes > 0);
    verified(&world, "back", None, true);
    desk.open(&world.path("back"), Access::Write, None).unwrap();
}

fn verified(world: &World, name: &str, against: Option<&str>, with_key: bool) {
    let unlock = world.unlock();
    let with = with_key.then_some(&unlock.with);
    let against = Against { evidence: against.map(|name| world.path(name)) };
    let verified = desk::verify(&world.path(name), &against, with, &Silent).unwrap();
    assert!(verified.report.unchanged(), "{name}: {:?}", verified.report.problems);
}

/// What was written out is for the own account only.
fn private(path: &std::path::Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
}
