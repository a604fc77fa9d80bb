//! Nothing leaves without a consent that covers it.

use custody::ConsentRefusal;
use desk::{ConsentGiven, Date, DeskError, HandOver, ItemName};

use crate::world::{NOW, World, secure};

#[test]
fn each_way_of_not_being_covered_is_refused() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let mut case = world.open(&mut desk, "case");
    let capsule = secure(&mut desk, &mut case, &world.source()).capsule;
    let item = |leaf| ItemName { capsule, leaf: Some(leaf) };
    let mut give = |case: &mut _, items: Vec<ItemName>| {
        let given = ConsentGiven {
            to: "lawyer".into(),
            purpose: "advice".into(),
            items,
            until: Date { days: NOW / 86_400 + 2 },
            how: "spoken".into(),
        };
        desk.consent_give(case, &given).unwrap()
    };
    let one = give(&mut case, vec![item(1)]);
    let form = |to: &str, consent: &str, items: Vec<ItemName>| HandOver {
        to: to.into(),
        consent: consent.into(),
        items,
        into: world.path("package"),
    };
    let refusal = |result: Result<_, DeskError>| match result {
        Err(DeskError::Consent(reason)) => reason,
        Err(other) => panic!("{other}"),
        Ok(desk::HandedOver { .. }) => panic!("handed over"),
    };
    assert!(matches!(desk.hand_over(&mut case, &form("lawyer", "c99", vec![])), Err(DeskError::Unknown(_))));
    assert_eq!(
        refusal(desk.hand_over(&mut case, &form("police", &one, vec![]))),
        ConsentRefusal::OtherRecipient
    );
    assert_eq!(
        refusal(desk.hand_over(&mut case, &form("lawyer", &one, vec![item(0)]))),
        ConsentRefusal::NotCovered
    );
    world.clock.0.set(NOW + 4 * 86_400);
    assert_eq!(refusal(desk.hand_over(&mut case, &form("lawyer", &one, vec![]))), ConsentRefusal::Expired);
    world.clock.0.set(NOW);
    assert!(!world.path("package").exists() && !world.path("package.part").exists());

    let handed = desk.hand_over(&mut case, &form("lawyer", &one, vec![])).unwrap();
    assert_eq!(handed.items, 1, "only what the consent names");
    assert_eq!(handed.withheld.values().sum::<u64>(), 2);

    desk.consent_withdraw(&mut case, &one).unwrap();
    assert_eq!(refusal(desk.hand_over(&mut case, &form("lawyer", &one, vec![]))), ConsentRefusal::Withdrawn);
}
