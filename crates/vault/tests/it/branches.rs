//! Two copies that both went on: how they stand to each other, and how one joins the other.

use custody::Fields;
use model::EntryNumber;
use serde_json::json;
use vault::{Act, EntryRead, Erase, HoldersOfBranch, Relation, VaultError, relation};

use crate::fault_disk::{Fault, FaultDisk};
use crate::world::{World, base, check_folder, kind, look, name, note, read, write};

/// A case and a copy; each gets entries of its own.
fn two(world: &World) -> (FaultDisk, FaultDisk) {
    let ours = world.case();
    let theirs = ours.copy();
    let mut case = write(&ours).unwrap();
    case.append(note(&world.signer, "ours"), &world.signer).unwrap();
    let mut case = write(&theirs).unwrap();
    case.append(note(&world.signer, "theirs"), &world.signer).unwrap();
    world.seal_capsule(&mut case, b"only theirs").unwrap();
    (ours, theirs)
}

#[test]
fn a_branch_is_kept_whole() {
    let world = World::new();
    let (ours, theirs) = two(&world);
    let mut case = write(&ours).unwrap();
    let other = read(&theirs).unwrap();
    assert_eq!(relation(case.leaves(), other.leaves()), Relation::Diverged { common: 4 });
    let joined = case.join_branch(&other, base(), &world.signer).unwrap();
    assert_eq!((joined.number, joined.common), (EntryNumber(5), 4));
    assert_eq!(joined.capsules.len(), 1);
    assert_eq!((joined.holders, joined.erasures), (HoldersOfBranch::Same, Vec::new()));
    assert!(matches!(case.join_branch(&other, base(), &world.signer), Err(VaultError::NotABranch)));
    drop(case);

    let case = read(&ours).unwrap();
    let keyring = world.unlock(&case).unwrap();
    let branches = case.branches(&keyring).unwrap();
    assert_eq!(branches.len(), 1);
    let kinds: Vec<_> = branches[0]
        .entries
        .iter()
        .map(|(number, entry)| match entry {
            EntryRead::Body(entry) => (number.0, entry.fields.kind().unwrap().to_owned()),
            EntryRead::Erased => panic!("{number}"),
        })
        .collect();
    assert_eq!(kinds, [(4, "note".to_owned()), (5, "capsule.sealed".to_owned())]);
    let facts = &branches[0].state.capsules[&EntryNumber(5)];
    assert_eq!(case.open_capsule(&facts.file_name).unwrap().size_bytes(), 11);
    assert_eq!(ours.file("log/forks/000005/checkpoint").unwrap(), other.checkpoint_text().as_bytes());
    assert_eq!(ours.file("log/forks/000005/leaves").unwrap().len(), 2 * 65);
    // A changed body in the branch is found like any other.
    ours.tamper("log/forks/000005/entries/000004.age", |bytes| *bytes.last_mut().unwrap() ^= 1);
    assert!(matches!(case.state(&keyring), Err(VaultError::EntryDamaged { number: EntryNumber(4) })));
    ours.drop_file("log/forks/000005/entries/000004.age");
    assert!(matches!(case.branches(&keyring), Err(VaultError::EntryMissing { number: EntryNumber(4) })));
}

#[test]
fn joining_happens_wholly_or_not_at_all() {
    let world = World::new();
    let (ours, theirs) = two(&world);
    let whole = ours.copy();
    let mut case = write(&whole).unwrap();
    whole.set(Fault::Never);
    let other = read(&theirs).unwrap();
    case.join_branch(&other, base(), &world.signer).unwrap();
    let operations = whole.operations();
    let files = |disk: &FaultDisk| -> Vec<String> {
        disk.names()
            .into_iter()
            .filter(|name| name.starts_with("log/forks/") || name.starts_with("capsules/"))
            .collect()
    };
    let (before, after) = (files(&ours), files(&whole));
    for at in 1..=operations {
        let disk = ours.copy();
        let mut case = write(&disk).unwrap();
        disk.set(Fault::Die(at));
        let result = case.join_branch(&other, base(), &world.signer);
        drop(case);
        for (image, left) in disk.after_any_crash() {
            let for_reading = read(&left).unwrap().head().size;
            let case = write(&left).unwrap();
            assert_eq!(case.head().size, for_reading);
            assert!(result.is_err() || for_reading == 6);
            let expected = if for_reading == 5 { &before } else { &after };
            assert_eq!(&files(&left), expected, "killed at {at} of {operations}, {image:?}");
            case.state(&world.unlock(&case).unwrap()).unwrap();
        }
    }
}

#[test]
fn what_is_no_branch() {
    let world = World::new();
    let disk = world.case();
    let older = disk.copy();
    let mut case = write(&disk).unwrap();
    case.append(note(&world.signer, "x"), &world.signer).unwrap();
    let ancestor = read(&older).unwrap();
    assert_eq!(relation(case.leaves(), ancestor.leaves()), Relation::OtherOlder);
    assert_eq!(relation(ancestor.leaves(), case.leaves()), Relation::OtherNewer);
    assert!(matches!(case.join_branch(&ancestor, base(), &world.signer), Err(VaultError::NotABranch)));
    let same = read(&disk.copy()).unwrap();
    assert!(matches!(case.join_branch(&same, base(), &world.signer), Err(VaultError::NotABranch)));
    let other = read(&world.case()).unwrap();
    assert!(matches!(case.join_branch(&other, base(), &world.signer), Err(VaultError::OtherCase)));
    assert_eq!(case.head().size, 5);
}

#[test]
fn stops_withdrawals_and_holds_of_a_branch_count() {
    let world = World::new();
    let origin = world.case();
    let mut case = write(&origin).unwrap();
    let act = |word: &str, add: &dyn Fn(Fields) -> Fields| Act::entry(add(kind(&world.signer, word)));
    let given = act("consent.given", &|fields| {
        fields
            .with("id", "c1")
            .with("to", "police")
            .with("purpose", "x")
            .with("items", "all")
            .with("until", "2027-01-01")
            .with("how", "spoken")
    });
    case.append(given, &world.signer).unwrap();
    drop(case);
    let theirs = origin.copy();
    let mut case = write(&theirs).unwrap();
    let stop = act("item.stopped", &|fields| fields.with("capsule", 2).with("leaf", json!(null)));
    case.append(stop, &world.signer).unwrap();
    case.append(act("consent.withdrawn", &|fields| fields.with("id", "c1")), &world.signer).unwrap();
    case.append(act("hold.on", &|fields| fields.with("reason", "court")), &world.signer).unwrap();
    drop(case);

    let mut case = write(&origin).unwrap();
    case.append(note(&world.signer, "ours"), &world.signer).unwrap();
    let keyring = world.unlock(&case).unwrap();
    assert!(!case.state(&keyring).unwrap().is_stopped(EntryNumber(2), 0));
    let joined = case.join_branch(&read(&theirs).unwrap(), base(), &world.signer).unwrap();
    let state = case.state(&keyring).unwrap();
    assert!(state.is_stopped(EntryNumber(2), 0));
    assert_eq!(state.consents["c1"].withdrawn, Some(joined.number));
    assert_eq!(state.hold.as_deref(), Some("court"));
    let refused =
        case.erase(Erase::Capsule(EntryNumber(2)), base().with("reason", "x"), &keyring, &world.signer);
    assert!(matches!(refused, Err(VaultError::OnHold)));
    case.append(act("hold.off", &|fields| fields.with("reason", "over")), &world.signer).unwrap();
    assert_eq!(case.state(&keyring).unwrap().hold, None);
}

#[test]
fn branches_of_branches_erasures_and_other_holders() {
    let world = World::new();
    let (ours, theirs) = two(&world);
    // The other copy has joined a third one, erased something, and removed somebody.
    let third = theirs.copy();
    let mut case = write(&third).unwrap();
    case.append(note(&world.signer, "third"), &world.signer).unwrap();
    drop(case);
    let mut case = write(&theirs).unwrap();
    let keyring = world.unlock(&case).unwrap();
    let gone = case
        .erase(Erase::Entry(EntryNumber(4)), base().with("reason", "x"), &keyring, &world.signer)
        .unwrap();
    let inner = case.join_branch(&read(&third).unwrap(), base(), &world.signer).unwrap();
    assert_eq!((gone.number.0, inner.number.0), (6, 7));
    case.remove_holder(&name("lawyer"), base(), &world.signer).unwrap();
    drop(case);

    let mut case = write(&ours).unwrap();
    let joined = case.join_branch(&read(&theirs).unwrap(), base(), &world.signer).unwrap();
    assert_eq!((joined.erasures, joined.holders), (vec![gone.number], HoldersOfBranch::Different));
    assert!(ours.file("log/forks/000005/forks/000007/entries/000006.age").is_some());
    assert_eq!(look_holders(&ours), ["client", "lawyer"]);
    let keyring = world.unlock(&case).unwrap();
    let branches = case.branches(&keyring).unwrap();
    assert_eq!(branches[0].entries[0].1, EntryRead::Erased);
    // The lawyer, whom the branch does not know any more, can still use the case.
    let lawyer = case.unlock(None, &seal::OpenWith::Identities(&world.lawyer)).unwrap();
    assert!(case.state(&lawyer).unwrap().not_understood.contains(&EntryNumber(5)));

    // Erasing the case reaches the bodies of branches, too.
    case.erase(Erase::Case, base().with("reason", "x"), &keyring, &world.signer).unwrap();
    assert!(!ours.names().iter().any(|name| name.contains("/entries/")), "{:?}", ours.names());
    check_folder(&world, &ours, &case);
}

fn look_holders(disk: &FaultDisk) -> Vec<String> {
    read(disk).unwrap().holders().map(ToString::to_string).collect()
}

#[test]
fn another_installation_joins_and_is_known_by_its_key() {
    let world = World::new();
    let (ours, theirs) = two(&world);
    let other = crate::world::signer();
    let mut case = write(&theirs).unwrap();
    let claim = kind(&other, "writing.claimed").with("reason", "the stick came back");
    case.append(Act::entry(claim), &other).unwrap();
    assert_eq!(look(&world, &case).vkeys, 2);
    case.append(note(&other, "by the other"), &other).unwrap();
    drop(case);
    let mut case = write(&ours).unwrap();
    case.join_branch(&read(&theirs).unwrap(), base(), &world.signer).unwrap();
    assert_eq!(case.vkeys().len(), 1);
    assert_eq!(String::from_utf8(ours.file("log/forks/000005/vkeys").unwrap()).unwrap().lines().count(), 2);
}
