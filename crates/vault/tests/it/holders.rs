//! Holders: who reads what, before and after being added and removed; the recovery split.

use model::EntryNumber;
use seal::{OpenWith, Passphrase, WorkFactor};
use vault::{CaseVault, EntryRead, HolderKey, Keyring, NewCase, VaultError};

use crate::fault_disk::FaultDisk;
use crate::world::{World, base, check_folder, key, look, name, note, read, store, write};

fn reads(case: &CaseVault, keyring: &Keyring, number: u64) -> bool {
    match case.entry(EntryNumber(number), keyring) {
        Ok(EntryRead::Body(_)) => true,
        Err(VaultError::WrongKey) => false,
        other => panic!("{number}: {other:?}"),
    }
}

#[test]
fn a_removed_holder_reads_what_was_and_nothing_that_comes() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    let lawyer = case.unlock(Some(&name("lawyer")), &OpenWith::Identities(&world.lawyer)).unwrap();
    let removal = case.remove_holder(&name("lawyer"), base(), &world.signer).unwrap();
    let after = case.append(note(&world.signer, "secret"), &world.signer).unwrap();
    assert!((0..removal.0).all(|number| reads(&case, &lawyer, number)));
    assert!(!reads(&case, &lawyer, removal.0) && !reads(&case, &lawyer, after.0));
    assert!(case.unlock(None, &OpenWith::Identities(&world.lawyer)).is_err());
    let gone = case.unlock(Some(&name("lawyer")), &OpenWith::Identities(&world.lawyer));
    assert!(matches!(gone.map(|_| ()), Err(VaultError::NoSuchHolder)));
    // Not even with what lies in the folder.
    assert!(disk.file("keys/lawyer.age").is_none());
    let epoch = disk.file("keys/epoch-1.age").unwrap();
    assert!(seal::open_bytes(&epoch, &lawyer.open_with(), 1 << 20).is_err());

    let client = world.unlock(&case).unwrap();
    assert!((0..=after.0).all(|number| reads(&case, &client, number)));
    assert_eq!(client.newest_epoch(), Some(1));
    check_folder(&world, &disk, &case);

    // A holder who is added now reads everything, and everything that comes.
    let work_factor = WorkFactor::new(1).unwrap();
    let passphrase = || Passphrase::new("for the third".to_owned());
    let third = HolderKey::Passphrase(passphrase());
    case.add_holder(&name("third"), &third, work_factor, base(), &client, &world.signer).unwrap();
    let last = case.append(note(&world.signer, "more"), &world.signer).unwrap();
    let (right, case) = (passphrase(), read(&disk).unwrap());
    let third = case.unlock(Some(&name("third")), &OpenWith::Passphrase(&right)).unwrap();
    assert!((0..=last.0).all(|number| reads(&case, &third, number)));
    assert_eq!(look(&world, &case).holders, ["client", "third"]);
}

#[test]
fn a_keyring_from_before_the_epoch_still_adds_holders() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    let early = world.unlock(&case).unwrap();
    case.remove_holder(&name("lawyer"), base(), &world.signer).unwrap();
    let work_factor = WorkFactor::new(1).unwrap();
    case.add_holder(&name("third"), &key(&world.third), work_factor, base(), &early, &world.signer).unwrap();
    let third = case.unlock(Some(&name("third")), &OpenWith::Identities(&world.third)).unwrap();
    assert_eq!(third.newest_epoch(), Some(1));
    assert!((0..case.head().size).all(|number| reads(&case, &third, number)));
}

#[test]
fn who_cannot_be_added_or_removed() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    let keyring = world.unlock(&case).unwrap();
    let work_factor = WorkFactor::new(1).unwrap();
    for taken in ["client", "recovery"] {
        let third = key(&world.third);
        let refused = case.add_holder(&name(taken), &third, work_factor, base(), &keyring, &world.signer);
        assert!(matches!(refused, Err(VaultError::HolderExists)), "{taken}");
    }
    assert!(matches!(
        case.remove_holder(&name("nobody"), base(), &world.signer),
        Err(VaultError::NoSuchHolder)
    ));
    case.add_recovery(3, base(), &keyring, &world.signer).unwrap();
    case.remove_holder(&name("lawyer"), base(), &world.signer).unwrap();
    // The recovery split does not count.
    let refused = case.remove_holder(&name("client"), base(), &world.signer);
    assert!(matches!(refused, Err(VaultError::LastHolder)));
    assert_eq!(case.head().size, 6);
}

#[test]
fn two_shares_open_and_one_does_not() {
    let world = World::new();
    let disk = FaultDisk::new();
    let setup = |recovery| NewCase {
        signer: &world.signer,
        holders: vec![vault::NewHolder { name: name("client"), key: key(&world.client) }],
        recovery,
        fields: base()
            .with("alias", "Heron")
            .with("holder", "client")
            .with("purpose", "advice")
            .with("until", "2028-12-31"),
        work_factor: WorkFactor::new(1).unwrap(),
    };
    for bad in [0, 1] {
        let refused = CaseVault::create(Box::new(store(&FaultDisk::new())), setup(Some(bad)));
        assert!(matches!(refused.map(|_| ()), Err(VaultError::ShareCount)));
    }
    let (mut case, _, shares) = CaseVault::create(Box::new(store(&disk)), setup(Some(3))).unwrap();
    let shares = shares.unwrap();
    assert_eq!(shares.len(), 3);
    case.append(note(&world.signer, "x"), &world.signer).unwrap();
    for (first, second) in [(0, 1), (2, 0), (1, 2)] {
        let keyring = case.combine_recovery(&shares[first], &shares[second]).unwrap();
        assert_eq!(keyring.holder().as_str(), "recovery");
        assert!((0..2).all(|number| reads(&case, &keyring, number)));
    }
    let one_twice = case.combine_recovery(&shares[0], &shares[0]);
    assert!(matches!(one_twice.map(|_| ()), Err(VaultError::Shares(_))));
    // A share of another split, with whatever set number it has.
    let other = FaultDisk::new();
    let (other_case, _, others) = CaseVault::create(Box::new(store(&other)), setup(Some(3))).unwrap();
    let foreign = case.combine_recovery(&shares[0], &others.unwrap()[1]);
    assert!(matches!(foreign.map(|_| ()), Err(VaultError::Shares(_) | VaultError::WrongKey)));
    let elsewhere = other_case.combine_recovery(&shares[0], &shares[1]);
    assert!(matches!(elsewhere.map(|_| ()), Err(VaultError::WrongKey)));

    // After the split is removed the shares open nothing that comes, and a new split can be made.
    let old = case.combine_recovery(&shares[0], &shares[1]).unwrap();
    case.remove_holder(&name("recovery"), base(), &world.signer).unwrap();
    assert!(!reads(&case, &old, 2));
    assert!(case.combine_recovery(&shares[0], &shares[1]).is_err());
    let client = world.unlock(&case).unwrap();
    let (_, shares) = case.add_recovery(2, base(), &client, &world.signer).unwrap();
    let keyring = case.combine_recovery(&shares[0], &shares[1]).unwrap();
    assert!((0..case.head().size).all(|number| reads(&case, &keyring, number)));
}

#[test]
fn a_case_needs_holders_with_names_of_their_own() {
    let world = World::new();
    let create = |names: &[&str]| {
        let holders = names.iter().map(|text| vault::NewHolder { name: name(text), key: key(&world.client) });
        let setup = NewCase {
            signer: &world.signer,
            holders: holders.collect(),
            recovery: None,
            fields: base(),
            work_factor: WorkFactor::new(1).unwrap(),
        };
        CaseVault::create(Box::new(store(&FaultDisk::new())), setup).map(|_| ())
    };
    assert!(matches!(create(&[]), Err(VaultError::LastHolder)));
    assert!(matches!(create(&["client", "client"]), Err(VaultError::HolderExists)));
    assert!(matches!(create(&["client", "recovery"]), Err(VaultError::HolderExists)));
    assert!(matches!(create(&["client"]), Err(VaultError::Kind(_))));
}
