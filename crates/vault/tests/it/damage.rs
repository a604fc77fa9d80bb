//! A log or a case that was cut, re-ordered, edited or mixed up is found, and what is wrong is named.

use model::EntryNumber;
use vault::disk::OsDisk;
use vault::{Access, CaseVault, EntryRead, FolderStore, StoreError, VaultError};

use crate::fault_disk::FaultDisk;
use crate::world::{World, look, note, read, store, write};

fn opening(disk: &FaultDisk) -> VaultError {
    let for_writing = write(&disk.copy()).map(|_| ()).unwrap_err();
    let for_reading = read(disk).map(|_| ()).unwrap_err();
    assert_eq!(for_reading.to_string(), for_writing.to_string());
    for_reading
}

/// What reading all entries says first.
fn reading(world: &World, disk: &FaultDisk) -> VaultError {
    let case = read(disk).unwrap();
    let keyring = world.unlock(&case).unwrap();
    case.state(&keyring).unwrap_err()
}

fn line(bytes: &[u8], number: usize) -> Vec<u8> {
    bytes[number * 65..(number + 1) * 65].to_vec()
}

#[test]
fn leaves() {
    let world = World::new();
    let origin = world.case();
    let with = |change: fn(&mut Vec<u8>)| {
        let disk = origin.copy();
        disk.tamper("log/leaves", change);
        opening(&disk)
    };
    assert!(matches!(
        with(|leaves| leaves.truncate(65 * 3)),
        VaultError::LeavesMissing { lines: 3, size: 4 }
    ));
    assert!(matches!(
        with(|leaves| leaves.truncate(65 * 3 + 64)),
        VaultError::LeavesMissing { lines: 3, size: 4 }
    ));
    assert!(matches!(with(Vec::clear), VaultError::LeavesMissing { lines: 0, size: 4 }));
    let reordered = |leaves: &mut Vec<u8>| {
        *leaves = [line(leaves, 0), line(leaves, 2), line(leaves, 1), line(leaves, 3)].concat();
    };
    assert!(matches!(with(reordered), VaultError::LeavesChanged));
    let doubled = |leaves: &mut Vec<u8>| {
        *leaves =
            [line(leaves, 0), line(leaves, 1), line(leaves, 1), line(leaves, 2), line(leaves, 3)].concat();
    };
    assert!(matches!(with(doubled), VaultError::LeavesChanged));
    let edited = |leaves: &mut Vec<u8>| leaves[70] = if leaves[70] == b'0' { b'1' } else { b'0' };
    assert!(matches!(with(edited), VaultError::LeavesChanged));
    for byte in [b'A', b'\n', 0xff] {
        let disk = origin.copy();
        disk.tamper("log/leaves", |leaves| leaves[2 * 65 + 5] = byte);
        assert!(matches!(opening(&disk), VaultError::LeafMalformed { line: 2 }));
    }
    // What lies beyond the head was never acknowledged and means nothing.
    let disk = origin.copy();
    disk.tamper("log/leaves", |leaves| leaves.extend_from_slice(b"half a li"));
    let before = look(&world, &read(&origin).unwrap());
    assert_eq!(look(&world, &write(&disk).unwrap()), before);
    assert_eq!(disk.file("log/leaves").unwrap().len(), 4 * 65);
}

#[test]
fn bodies() {
    let world = World::new();
    let origin = world.case();
    let body = |number| format!("log/entries/00000{number}.age");

    let disk = origin.copy();
    disk.drop_file(&body(1));
    assert!(matches!(reading(&world, &disk), VaultError::EntryMissing { number: EntryNumber(1) }));

    let disk = origin.copy();
    let (one, three) = (disk.file(&body(1)).unwrap(), disk.file(&body(3)).unwrap());
    disk.tamper(&body(1), |bytes| *bytes = three.clone());
    disk.tamper(&body(3), |bytes| *bytes = one.clone());
    assert!(matches!(reading(&world, &disk), VaultError::EntryExchanged { number: EntryNumber(1) }));

    let disk = origin.copy();
    disk.tamper(&body(2), |bytes| *bytes.last_mut().unwrap() ^= 1);
    assert!(matches!(reading(&world, &disk), VaultError::EntryDamaged { number: EntryNumber(2) }));
    for cut in [0, 10, three.len() / 2, three.len() - 1] {
        let disk = origin.copy();
        disk.tamper(&body(3), |bytes| bytes.truncate(cut));
        assert!(
            matches!(reading(&world, &disk), VaultError::EntryDamaged { number: EntryNumber(3) }),
            "{cut}"
        );
    }

    // The body of another case under the same number, sealed to the same holder.
    let disk = origin.copy();
    let foreign = world.case();
    let (case, other) = (read(&disk).unwrap(), read(&foreign).unwrap());
    assert_ne!(case.id(), other.id());
    disk.tamper(&body(0), |bytes| *bytes = foreign.file(&body(0)).unwrap());
    assert!(matches!(reading(&world, &disk), VaultError::WrongKey | VaultError::EntryExchanged { .. }));

    let keyring = world.unlock(&case).unwrap();
    let missing = case.entry(EntryNumber(4), &keyring);
    assert!(matches!(missing, Err(VaultError::NoSuchEntry { number: EntryNumber(4) })));
}

#[test]
fn files_that_a_case_needs() {
    let world = World::new();
    let origin = world.case();
    for name in ["case.json", "log/leaves", "log/vkeys", "log/checkpoint", "keys/recipient.note"] {
        let disk = origin.copy();
        disk.drop_file(name);
        let VaultError::Store(StoreError::NotFound { name: named }) = opening(&disk) else {
            panic!("{name}");
        };
        assert_eq!(named, name);
        // Nobody creates a new case over what is left of one.
        assert!(matches!(world.create_on(&disk).map(|_| ()), Err(VaultError::NotEmpty)), "{name}");
    }
    let disk = origin.copy();
    disk.drop_file("keys/client.age");
    let case = read(&disk).unwrap();
    let error = world.unlock(&case).map(|_| ()).unwrap_err();
    assert!(matches!(error, VaultError::Store(StoreError::NotFound { .. })), "{error:?}");

    let other = world.case();
    for (name, expected) in [
        ("case.json", "case.json and the log do not belong together"),
        ("log/checkpoint", "case.json and the log do not belong together"),
        ("log/leaves", "log/leaves does not give the signed tree hash"),
        ("keys/recipient.note", "keys/recipient.note does not have the form it must have"),
    ] {
        let disk = origin.copy();
        disk.tamper(name, |bytes| *bytes = other.file(name).unwrap());
        assert_eq!(opening(&disk).to_string(), expected, "{name}");
    }
    let foreign = World::new().case();
    for name in ["log/checkpoint", "keys/recipient.note"] {
        let disk = origin.copy();
        disk.tamper(name, |bytes| *bytes = foreign.file(name).unwrap());
        assert!(matches!(opening(&disk), VaultError::NotSigned { .. }), "{name}");
    }
    let disk = origin.copy();
    disk.tamper("keys/client.age", |bytes| *bytes = other.file("keys/client.age").unwrap());
    let case = read(&disk).unwrap();
    assert!(matches!(world.unlock(&case).map(|_| ()), Err(VaultError::KeyringMismatch { .. })));
}

#[test]
fn every_file_in_every_length_and_with_every_byte_changed_is_no_panic() {
    let world = World::new();
    let origin = world.case();
    let before = look(&world, &read(&origin).unwrap());
    let opened = |disk: &FaultDisk| -> Result<(), VaultError> {
        let case = read(disk)?;
        let keyring = world.unlock(&case)?;
        case.state(&keyring)?;
        assert_eq!(case.entries(&keyring).count() as u64, before.size);
        Ok(())
    };
    for name in ["case.json", "keys/recipient.note", "log/checkpoint", "log/vkeys", "keys/client.age"] {
        let length = origin.file(name).unwrap().len();
        for at in 0..length {
            let cut = origin.copy();
            cut.tamper(name, |bytes| bytes.truncate(at));
            assert!(opened(&cut).is_err(), "{name} cut to {at} of {length}");
            let flipped = origin.copy();
            flipped.tamper(name, |bytes| bytes[at] ^= 1 << (at % 8));
            assert!(opened(&flipped).is_err(), "{name} with byte {at} changed");
        }
    }
}

#[test]
fn an_older_recipient_note_is_found() {
    let world = World::new();
    let disk = world.case();
    let old = disk.file("keys/recipient.note").unwrap();
    let mut case = write(&disk).unwrap();
    case.remove_holder(&crate::world::name("lawyer"), crate::world::base(), &world.signer).unwrap();
    drop(case);
    disk.tamper("keys/recipient.note", |bytes| *bytes = old.clone());
    let case = read(&disk).unwrap();
    // The older note is signed too; only the log knows better.
    let keyring = case.unlock(None, &seal::OpenWith::Identities(&world.client)).unwrap();
    assert!(matches!(case.state(&keyring), Err(VaultError::NotSigned { .. })));
}

#[test]
fn a_plan_of_somebody_else_reaches_nothing() {
    let world = World::new();
    let origin = world.case();
    let disk = origin.copy();
    // Rename a file that is there to a plan of an acknowledged act.
    let bad = [
        r#"{"put":[],"remove":["log/leaves"],"v":1}"#,
        r#"{"put":[["1","case.json"]],"remove":[],"v":1}"#,
        r#"{"put":[],"remove":["keys/../case.json"],"v":1}"#,
        "nonsense",
    ];
    for plan in bad {
        vault::Store::put(&store(&disk), "pending/000003/plan", plan.as_bytes()).unwrap();
        assert!(matches!(opening(&disk), VaultError::Malformed { .. }), "{plan}");
    }
    // A plan of an act that was never acknowledged is thrown away unread.
    let disk = origin.copy();
    vault::Store::put(&store(&disk), "pending/000004/plan", b"nonsense").unwrap();
    drop(write(&disk).unwrap());
    assert!(!disk.names().iter().any(|name| name.starts_with("pending/")));
}

#[test]
fn nothing_here_and_something_else_here() {
    let world = World::new();
    let empty = FaultDisk::new();
    assert!(matches!(opening(&empty), VaultError::NotACase));
    assert!(empty.names().is_empty(), "opening leaves nothing behind");
    empty.add_file("holiday.jpg", b"x");
    assert!(matches!(opening(&empty), VaultError::NotACase));
    assert!(matches!(world.create_on(&empty).map(|_| ()), Err(VaultError::NotEmpty)));
    assert_eq!(empty.names(), ["holiday.jpg"]);
    let disk = world.case();
    assert!(matches!(world.create_on(&disk).map(|_| ()), Err(VaultError::NotEmpty)));
}

#[test]
fn later_versions_are_not_guessed_at() {
    let world = World::new();
    let disk = world.case();
    disk.tamper("case.json", |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace("\"v\":1", "\"v\":2").into_bytes();
    });
    assert!(matches!(opening(&disk), VaultError::Version));
}

#[test]
fn one_writer_many_readers() {
    let world = World::new();
    let disk = world.case();
    let mut writer = write(&disk).unwrap();
    assert!(matches!(write(&disk).map(|_| ()), Err(VaultError::Store(StoreError::Busy))));
    let reader = read(&disk).unwrap();
    writer.append(note(&world.signer, "meanwhile"), &world.signer).unwrap();
    assert_eq!((reader.head().size, writer.head().size), (4, 5));
    let mut reader = read(&disk).unwrap();
    assert_eq!(reader.head().size, 5);
    assert!(matches!(reader.append(note(&world.signer, "x"), &world.signer), Err(VaultError::ReadOnly)));
    assert!(matches!(reader.begin_upload().map(|_| ()), Err(VaultError::ReadOnly)));
    drop(writer);
    write(&disk).unwrap();
}

#[test]
fn on_a_real_folder_two_writers_exclude_each_other() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("case");
    let open = |access| CaseVault::open(Box::new(FolderStore::new(OsDisk::new(&place))), access);
    let disk = OsDisk::make(&place).unwrap();
    let setup = vault::NewCase {
        signer: &world.signer,
        holders: vec![vault::NewHolder {
            name: crate::world::name("client"),
            key: vault::HolderKey::Passphrase(seal::Passphrase::new("correct horse".to_owned())),
        }],
        recovery: None,
        fields: crate::world::base()
            .with("alias", "Heron")
            .with("holder", "client")
            .with("purpose", "advice")
            .with("until", "2028-12-31"),
        work_factor: seal::WorkFactor::new(1).unwrap(),
    };
    let (mut first, _, _) = CaseVault::create(Box::new(FolderStore::new(disk)), setup).unwrap();
    assert!(matches!(open(Access::Write).map(|_| ()), Err(VaultError::Store(StoreError::Busy))));
    first.append(note(&world.signer, "one"), &world.signer).unwrap();
    world.seal_capsule(&mut first, b"sealed").unwrap();
    drop(first);
    let case = open(Access::Write).unwrap();
    let right = seal::Passphrase::new("correct horse".to_owned());
    let keyring = case.unlock(None, &seal::OpenWith::Passphrase(&right)).unwrap();
    assert!(matches!(case.entry(EntryNumber(1), &keyring), Ok(EntryRead::Body(_))));
    let wrong = seal::Passphrase::new("wrong".to_owned());
    let refused = case.unlock(None, &seal::OpenWith::Passphrase(&wrong));
    assert!(matches!(refused.map(|_| ()), Err(VaultError::WrongKey)));
}

#[test]
fn keys_that_were_not_introduced_and_fields_that_do_not_fit_are_refused() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    let stranger = crate::world::signer();
    let refused = case.append(note(&stranger, "x"), &stranger);
    assert!(matches!(refused, Err(VaultError::SignerNotIntroduced)));
    let refused = case.append(vault::Act::entry(crate::world::kind(&world.signer, "note")), &world.signer);
    assert!(matches!(refused, Err(VaultError::Kind(_))));
    for file in ["log/leaves", "case.json", "elsewhere", "keys/../log/leaves"] {
        let mut act = note(&world.signer, "x");
        act.files = vec![(file.to_owned(), Vec::new())];
        assert!(matches!(case.append(act, &world.signer), Err(VaultError::NotForActs)), "{file}");
        let mut act = note(&world.signer, "x");
        act.remove = vec![file.to_owned()];
        assert!(matches!(case.append(act, &world.signer), Err(VaultError::NotForActs)), "{file}");
    }
    let mut act = note(&world.signer, "x");
    act.fields = act.fields.with("text", "x".repeat(1 << 20));
    assert!(matches!(case.append(act, &world.signer), Err(VaultError::Entry(_))));
    assert_eq!(look(&world, &case), look(&world, &read(&disk).unwrap()));
    assert_eq!(case.head().size, 4);
}
