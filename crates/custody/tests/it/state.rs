//! What a case's entries add up to.

use custody::{CaseState, ConsentRefusal, Fields, HolderKind, Value};
use model::{Date, EntryNumber};
use serde_json::json;

use crate::support::{base, capsule, entry, signer};

const HASH: &str = "1111111111111111111111111111111111111111111111111111111111111111";

#[test]
fn a_case_from_its_creation_on() {
    let mut state = CaseState::default();
    let entries = [
        created(),
        base("gate.answered").with("answer", "no"),
        capsule("first"),
        base("key.introduced").with("vkey", vkey(2)).with("reason", "second laptop"),
        base("writing.claimed").with("vkey", vkey(1)).with("reason", "back again"),
        base("hold.on").with("reason", "proceedings"),
        holder("holder.added", "lawyer", 0, json!({"client.age": HASH, "lawyer.age": HASH})),
        holder("holder.removed", "client", 1, json!({"epoch-1.age": HASH, "lawyer.age": HASH}))
            .with("at", "2026-12-01T08:00:00Z"),
    ];
    apply_all(&mut state, &entries);
    assert_eq!(state.not_understood.len(), 0);
    assert_eq!((state.alias.as_deref(), state.holder_kind), (Some("Amber"), Some(HolderKind::Client)));
    assert_eq!(state.until, Some(day("2028-11-23")));
    assert_eq!((state.created_vkey.clone(), state.vkeys.clone()), (Some(vkey(1)), vec![vkey(1), vkey(2)]));
    assert_eq!(state.hold.as_deref(), Some("proceedings"));
    assert_eq!(state.epoch, 1);
    assert_eq!(state.holders.keys().collect::<Vec<_>>(), ["lawyer"]);
    assert_eq!(state.keys.keys().collect::<Vec<_>>(), ["epoch-1.age", "lawyer.age"]);
    assert_eq!(state.recipient_sha256.map(|digest| digest.to_string()).as_deref(), Some(HASH));
    assert_eq!(state.last_at.map(|at| at.to_string()).as_deref(), Some("2026-12-01T08:00:00Z"));
    let facts = &state.capsules[&EntryNumber(2)];
    assert_eq!((facts.sha256, facts.size_bytes), (seal::sha256(b"first"), 5));
    assert_eq!((facts.gate, facts.consent, facts.gaps["unreadable"]), (EntryNumber(1), None, 1));
    state.apply(&entry(8, base("hold.off").with("reason", "closed")));
    assert_eq!(state.hold, None);
}

#[test]
fn stopped_items_stay_stopped() {
    let mut state = CaseState::default();
    let stop = |leaf: Value| base("item.stopped").with("capsule", 2_u64).with("leaf", leaf);
    state.apply(&entry(3, stop(json!(7))));
    assert!(state.is_stopped(EntryNumber(2), 7));
    assert!(!state.is_stopped(EntryNumber(2), 8) && !state.is_stopped(EntryNumber(3), 7));
    state.apply(&entry(
        4,
        base("erased").with("what", "entry").with("which", 3_u64).with("reason", "mistake"),
    ));
    assert!(state.is_stopped(EntryNumber(2), 7));
    // Not well-formed, yet it counts, and for the whole capsule.
    state.apply(&entry(
        5,
        Fields::new().with("kind", "item.stopped").with("capsule", 2_u64).with("leaf", "8"),
    ));
    assert!(state.is_stopped(EntryNumber(2), 8));
    assert!(state.not_understood.contains(&EntryNumber(5)));
}

#[test]
fn consent_is_given_and_withdrawn() {
    let mut state = CaseState::default();
    let given = |to: &str| {
        base("consent.given")
            .with("id", "c1")
            .with("to", to)
            .with("purpose", "investigation")
            .with("items", json!(["2:7", "4"]))
            .with("until", "2027-01-31")
            .with("how", "spoken, in her language")
    };
    let covers = |state: &CaseState, to: &str| {
        state.consent_covers("c1", to, None, (EntryNumber(2), 7), day("2026-12-01"))
    };
    assert_eq!(covers(&state, "police"), Err(ConsentRefusal::Unknown));
    state.apply(&entry(5, given("police")));
    assert_eq!(covers(&state, "police"), Ok(()));
    state.apply(&entry(6, given("press")));
    assert_eq!(covers(&state, "press"), Err(ConsentRefusal::OtherRecipient));
    assert!(state.not_understood.contains(&EntryNumber(6)));
    state.apply(&entry(7, Fields::new().with("kind", "consent.withdrawn").with("id", "c1")));
    assert_eq!(covers(&state, "police"), Err(ConsentRefusal::Withdrawn));
    assert_eq!(state.consents["c1"].withdrawn, Some(EntryNumber(7)));
    state.apply(&entry(8, given("police")));
    assert_eq!(covers(&state, "police"), Err(ConsentRefusal::Withdrawn));
}

#[test]
fn erasing_gives_the_same_state_live_and_afterwards() {
    let erased = |what: &str, which: Value| {
        base("erased").with("what", what).with("which", which).with("reason", "asked")
    };
    let entries = [
        created(),
        capsule("first"),
        capsule("second"),
        erased("capsule", json!(1)),
        erased("entry", json!(2)),
        erased("entry", json!(99)),
    ];
    let mut live = CaseState::default();
    apply_all(&mut live, &entries);
    assert_eq!(live.capsules.keys().collect::<Vec<_>>(), [&EntryNumber(1)]);
    assert!(live.erased.capsules.contains(&EntryNumber(1)) && live.erased.entries.contains(&EntryNumber(2)));
    assert!(live.not_understood.contains(&EntryNumber(5)));
    let mut afterwards = CaseState::default();
    for (number, fields) in (0..).zip(&entries) {
        if number == 2 {
            afterwards.mark_erased(EntryNumber(number));
        } else {
            afterwards.apply(&entry(number, fields.clone()));
        }
    }
    assert_eq!(afterwards, live);
    live.apply(&entry(6, erased("case", Value::Null)));
    assert!(live.erased.whole_case);
}

#[test]
fn what_is_not_understood_changes_nothing() {
    let mut state = CaseState::default();
    apply_all(&mut state, &[created()]);
    let before = state.clone();
    state.apply(&entry(1, base("invented.later").with("alias", "Other")));
    state.apply(&entry(2, created().with("alias", "Other")));
    assert_eq!(state.not_understood.len(), 2);
    state.not_understood.clear();
    assert_eq!(state, before);
}

fn apply_all(state: &mut CaseState, entries: &[Fields]) {
    (0..).zip(entries).for_each(|(number, fields)| state.apply(&entry(number, fields.clone())));
}

fn created() -> Fields {
    base("case.created")
        .with("alias", "Amber")
        .with("holder", "client")
        .with("purpose", "her own record")
        .with("until", "2028-11-23")
        .with("vkey", vkey(1))
        .with("recipient_sha256", "00".repeat(32))
        .with("keys", json!({"client.age": HASH, "recipient.note": HASH}))
}

fn holder(kind: &str, name: &str, epoch: u64, keys: Value) -> Fields {
    base(kind)
        .with("name", name)
        .with("how", "passphrase")
        .with("epoch", epoch)
        .with("recipient_sha256", HASH)
        .with("keys", keys)
}

fn vkey(seed: u8) -> String {
    signer(seed).vkey().to_string()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}
