//! Erasing: bodies and capsules go, the log stays and verifies, and what is out of reach is told.

use model::EntryNumber;
use seal::OpenWith;
use vault::{CaseVault, EntryRead, Erase, Erasure, Unreachable, VaultError};

use crate::fault_disk::FaultDisk;
use crate::world::{World, base, check_folder, kind, look, name, note, read, write};

fn erase(world: &World, case: &mut CaseVault, what: Erase) -> Result<Erasure, VaultError> {
    let keyring = case.unlock(None, &OpenWith::Identities(&world.client))?;
    case.erase(what, base().with("reason", "end of purpose"), &keyring, &world.signer)
}

fn contains(disk: &FaultDisk, bytes: &[u8]) -> bool {
    disk.names().iter().any(|name| disk.file(name).unwrap().windows(bytes.len()).any(|part| part == bytes))
}

#[test]
fn a_capsule() {
    let world = World::new();
    let disk = world.case();
    disk.add_file("index.db", b"what the cache knows");
    let mut case = write(&disk).unwrap();
    assert!(contains(&disk, b"sealed bytes of a capsule"));
    let done = erase(&world, &mut case, Erase::Capsule(EntryNumber(2))).unwrap();
    assert_eq!(done.number, EntryNumber(4));
    assert_eq!(done.unreachable, [Unreachable::Copies, Unreachable::FlashRemnants]);
    assert!(!contains(&disk, b"sealed bytes of a capsule"));
    assert!(disk.file("index.db").is_none());
    // That it was erased lies open, and is the very entry.
    let open = disk.file("log/open/000004.json").unwrap();
    let entry = custody::Entry::parse(&open).unwrap();
    assert_eq!(entry.leaf_hash(), case.leaves()[4]);
    assert_eq!(entry.fields.number("which"), Some(2));
    assert!(matches!(
        erase(&world, &mut case, Erase::Capsule(EntryNumber(2))),
        Err(VaultError::AlreadyErased)
    ));
    let no_capsule = erase(&world, &mut case, Erase::Capsule(EntryNumber(1)));
    assert!(matches!(no_capsule, Err(VaultError::NoSuchEntry { .. })));
    // Now that the capsule is gone, what its entry says may go too.
    erase(&world, &mut case, Erase::Entry(EntryNumber(2))).unwrap();
    assert_eq!(look(&world, &case).entries[2], "-");
    check_folder(&world, &disk, &case);
}

#[test]
fn the_body_of_an_entry() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    for (number, refused) in [(0, "the state rests on it"), (2, "its capsule is still there")] {
        let result = erase(&world, &mut case, Erase::Entry(EntryNumber(number)));
        assert!(matches!(result, Err(VaultError::NotErasable { .. })), "{number}: {refused}");
    }
    erase(&world, &mut case, Erase::Entry(EntryNumber(1))).unwrap();
    assert!(matches!(
        erase(&world, &mut case, Erase::Entry(EntryNumber(4))),
        Err(VaultError::NotErasable { .. })
    ));
    assert!(matches!(erase(&world, &mut case, Erase::Entry(EntryNumber(1))), Err(VaultError::AlreadyErased)));
    assert!(matches!(
        erase(&world, &mut case, Erase::Entry(EntryNumber(9))),
        Err(VaultError::NoSuchEntry { .. })
    ));
    let case = read(&disk).unwrap();
    let keyring = world.unlock(&case).unwrap();
    assert_eq!(case.entry(EntryNumber(1), &keyring).unwrap(), EntryRead::Erased);
    assert!(disk.file("log/entries/000001.age").is_none());
    assert_eq!(case.leaves().len(), 5);
}

#[test]
fn a_hold_stops_everything_until_it_is_lifted() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    let hold = |word: &str| vault::Act::entry(kind(&world.signer, word).with("reason", "proceedings"));
    case.append(hold("hold.on"), &world.signer).unwrap();
    for what in [Erase::Case, Erase::Capsule(EntryNumber(2)), Erase::Entry(EntryNumber(1))] {
        assert!(matches!(erase(&world, &mut case, what), Err(VaultError::OnHold)));
    }
    case.append(hold("hold.off"), &world.signer).unwrap();
    erase(&world, &mut case, Erase::Entry(EntryNumber(1))).unwrap();
}

#[test]
fn the_whole_case_and_what_is_out_of_reach() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    let keyring = world.unlock(&case).unwrap();
    case.add_recovery(3, base(), &keyring, &world.signer).unwrap();
    case.remove_holder(&name("lawyer"), base(), &world.signer).unwrap();
    let handed_over = kind(&world.signer, "handed.over")
        .with("to", "police")
        .with("purpose", "investigation")
        .with("consent", "c1")
        .with("items", "all")
        .with("sums_sha256", "00".repeat(32))
        .with("withheld", 0);
    case.append(vault::Act::entry(handed_over), &world.signer).unwrap();
    let kept = world.unlock(&case).unwrap();
    let done = erase(&world, &mut case, Erase::Case).unwrap();
    assert_eq!(
        done.unreachable,
        [
            Unreachable::Copies,
            Unreachable::FormerHoldersKeys,
            Unreachable::PrintedShares,
            Unreachable::HandedOverPackages,
            Unreachable::FlashRemnants
        ]
    );
    check_folder(&world, &disk, &case);
    assert!(matches!(case.append(note(&world.signer, "x"), &world.signer), Err(VaultError::CaseErased)));
    drop(case);

    // What remains verifies, and says that it was erased, to everybody; even a key that was kept gives
    // nothing.
    let case = read(&disk).unwrap();
    assert!(case.is_erased());
    assert_eq!(case.leaves().len(), 8);
    let state = case.state(&kept).unwrap();
    assert!(state.erased.whole_case && state.alias.is_none());
    assert_eq!(case.entry(EntryNumber(1), &kept).unwrap(), EntryRead::Erased);
    assert!(matches!(
        case.unlock(None, &OpenWith::Identities(&world.client)).map(|_| ()),
        Err(VaultError::CaseErased)
    ));
}

#[test]
fn an_open_body_that_is_no_erasure_or_was_changed_is_found() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    erase(&world, &mut case, Erase::Entry(EntryNumber(1))).unwrap();
    drop(case);
    disk.tamper("log/open/000004.json", |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace("\"which\":1", "\"which\":3").into_bytes();
    });
    let error = read(&disk).map(|_| ()).unwrap_err();
    assert!(matches!(error, VaultError::EntryExchanged { number: EntryNumber(4) }), "{error:?}");
}
