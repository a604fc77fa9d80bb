//! An installation: its key, its log, and its memory, which sees a case that was rolled back.

use model::EntryNumber;
use seal::{OpenWith, Passphrase, WorkFactor};
use vault::{HolderKey, Installation, Possession, Standing, StoreError, VaultError, assess};

use crate::fault_disk::{Fault, FaultDisk, Image};
use crate::world::{World, base, note, read, store, write};

const FOLDER: &str = "/cases/heron";

fn key() -> HolderKey {
    HolderKey::Passphrase(passphrase())
}

fn passphrase() -> Passphrase {
    Passphrase::new("morning lake".to_owned())
}

fn create(disk: &FaultDisk) -> Result<Installation, VaultError> {
    Installation::create(Box::new(store(disk)), &key(), WorkFactor::new(1).unwrap())
}

fn open(disk: &FaultDisk) -> Result<Installation, VaultError> {
    let passphrase = passphrase();
    Installation::open(Box::new(store(disk)), &OpenWith::Passphrase(&passphrase))
}

#[test]
fn made_opened_and_the_same() {
    let disk = FaultDisk::new();
    assert!(matches!(open(&disk).map(|_| ()), Err(VaultError::NotACase)));
    let fingerprint = create(&disk).unwrap().signer().vkey().fingerprint();
    let facts = Installation::facts(&store(&disk)).unwrap();
    assert_eq!(facts.vkey.fingerprint(), fingerprint);
    let installation = open(&disk).unwrap();
    assert_eq!(installation.signer().vkey(), facts.vkey);
    assert_eq!(installation.signer().name, format!("asservat-{}", fingerprint.short(16)));
    assert!(matches!(create(&disk).map(|_| ()), Err(VaultError::NotEmpty)));
    let wrong = Passphrase::new("evening lake".to_owned());
    let refused = Installation::open(Box::new(store(&disk)), &OpenWith::Passphrase(&wrong));
    assert!(matches!(refused.map(|_| ()), Err(VaultError::WrongKey)));
    let other = FaultDisk::new();
    create(&other).unwrap();
    disk.tamper("signing.age", |bytes| *bytes = other.file("signing.age").unwrap());
    assert!(matches!(open(&disk).map(|_| ()), Err(VaultError::KeyringMismatch { .. })));
}

#[test]
fn making_one_happens_wholly_or_not_at_all() {
    let whole = FaultDisk::new();
    create(&whole).unwrap();
    for at in 1..=whole.operations() {
        let disk = FaultDisk::new();
        disk.set(Fault::Die(at));
        assert!(create(&disk).is_err());
        for (image, left) in disk.after_any_crash() {
            match open(&left) {
                Ok(_) => {}
                Err(VaultError::NotACase | VaultError::NotFinished) => {
                    create(&left).unwrap_or_else(|error| panic!("{at}, {image:?}: {error}"));
                    open(&left).unwrap();
                }
                Err(error) => panic!("{at}, {image:?}: {error}"),
            }
        }
    }
}

#[test]
fn a_lost_log_does_not_cost_the_key() {
    let disk = FaultDisk::new();
    let mut installation = create(&disk).unwrap();
    let world = World::new();
    installation.record_head(&read(&world.case()).unwrap(), FOLDER, base()).unwrap();
    drop(installation);
    disk.drop_file("log/checkpoint");
    let error = open(&disk).map(|_| ()).unwrap_err();
    assert!(matches!(error, VaultError::Store(StoreError::NotFound { .. })), "{error:?}");
    assert!(matches!(create(&disk).map(|_| ()), Err(VaultError::NotEmpty)));
}

#[test]
fn heads_are_written_down_and_bind_without_telling() {
    let world = World::new();
    let disk = FaultDisk::new();
    let mut installation = create(&disk).unwrap();
    let case = read(&world.case()).unwrap();
    let number = installation.record_head(&case, FOLDER, base()).unwrap();
    let entry = installation.entry(number).unwrap();
    assert!(custody::kinds::check(&entry.fields).is_ok());
    let root = case.checkpoint_text().lines().nth(2).unwrap();
    assert_eq!(entry.fields.text("root"), Some(root));
    let salt = model::decode_hex(entry.fields.text("salt").unwrap()).unwrap();
    let committed = [salt, format!("{}\n4\n{root}\n", case.id()).into_bytes()].concat();
    assert_eq!(entry.fields.digest("head"), Some(seal::sha256(&committed)));
    assert_eq!(installation.head().size, 1);
}

#[test]
fn a_rolled_back_case_is_seen() {
    let world = World::new();
    let home = FaultDisk::new();
    let mut installation = create(&home).unwrap();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    assert_eq!(assess(installation.seen(), &case, FOLDER), Standing::First);
    installation.record_head(&case, FOLDER, base()).unwrap();
    assert_eq!(assess(installation.seen(), &case, FOLDER), Standing::Known);
    assert_eq!(assess(installation.seen(), &case, "/media/stick"), Standing::ElsewhereCopy);
    let earlier = disk.copy();
    case.append(note(&world.signer, "more"), &world.signer).unwrap();
    assert_eq!(assess(installation.seen(), &case, FOLDER), Standing::Newer);
    installation.record_head(&case, FOLDER, base()).unwrap();
    drop(case);

    // The whole folder is put back to an earlier state: it verifies, and only the memory knows.
    let rolled_back = read(&earlier).unwrap();
    assert_eq!(assess(installation.seen(), &rolled_back, FOLDER), Standing::Older);
    drop(rolled_back);
    let mut forged = write(&earlier).unwrap();
    forged.append(note(&world.signer, "instead"), &world.signer).unwrap();
    assert_eq!(assess(installation.seen(), &forged, FOLDER), Standing::Diverged);
    forged.append(note(&world.signer, "and more"), &world.signer).unwrap();
    assert_eq!(assess(installation.seen(), &forged, FOLDER), Standing::Diverged);
}

#[test]
fn the_memory_survives_and_is_rebuilt_when_lost() {
    let world = World::new();
    let home = FaultDisk::new();
    let mut installation = create(&home).unwrap();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    installation.record_head(&case, FOLDER, base()).unwrap();
    case.append(note(&world.signer, "more"), &world.signer).unwrap();
    installation.record_head(&case, FOLDER, base()).unwrap();
    installation.set_possession(case.id(), Possession::GivenAway).unwrap();
    let remembered = installation.seen().clone();
    drop(installation);
    let installation = open(&home).unwrap();
    assert_eq!(installation.seen(), &remembered);
    let known = installation.seen().case(case.id()).unwrap();
    assert_eq!((known.head, known.possession), (case.head(), Possession::GivenAway));
    assert_eq!(known.folder.as_deref(), Some(FOLDER));

    for damage in [Vec::clear as fn(&mut Vec<u8>), |bytes| bytes[200] ^= 1] {
        let home = home.copy();
        home.tamper("seen.age", damage);
        let installation = open(&home).unwrap();
        let known = installation.seen().case(case.id()).unwrap();
        assert_eq!((known.head, &known.folder), (case.head(), &None));
        assert_eq!(assess(installation.seen(), &case, "anywhere"), Standing::Known);
    }
}

#[test]
fn an_act_recorded_is_remembered_whenever_it_is_killed() {
    let world = World::new();
    let home = FaultDisk::new();
    let mut installation = create(&home).unwrap();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    installation.record_head(&case, FOLDER, base()).unwrap();
    drop(installation);
    let before = case.head();
    case.append(note(&world.signer, "more"), &world.signer).unwrap();
    let whole = home.copy();
    whole.set(Fault::Never);
    open(&whole).unwrap().record_head(&case, FOLDER, base()).unwrap();
    let operations = whole.operations();
    for at in 1..=operations {
        let killed = home.copy();
        killed.set(Fault::Die(at));
        assert!(open(&killed).unwrap().record_head(&case, FOLDER, base()).is_err());
        for (image, left) in killed.after_any_crash() {
            let mut installation = open(&left).unwrap_or_else(|error| panic!("{at}, {image:?}: {error}"));
            let known = installation.seen().case(case.id()).unwrap().clone();
            assert!(known.head == before || known.head == case.head());
            assert_eq!(installation.head().size, if known.head == before { 1 } else { 2 });
            assert_eq!(known.folder.as_deref(), Some(FOLDER));
            installation.record_head(&case, FOLDER, base()).unwrap();
            assert_eq!(assess(installation.seen(), &case, FOLDER), Standing::Known);
        }
        // Without dying: the error comes back, and the next try works.
        for kind in [std::io::ErrorKind::StorageFull, std::io::ErrorKind::Other] {
            let failing = home.copy();
            let mut installation = open(&failing).unwrap();
            failing.set(Fault::Fail(at, kind));
            if installation.record_head(&case, FOLDER, base()).is_err() {
                installation.record_head(&case, FOLDER, base()).unwrap();
            }
            drop(installation);
            let installation = open(&failing.after_crash(Image::Lost)).unwrap();
            assert_eq!(assess(installation.seen(), &case, FOLDER), Standing::Known);
        }
    }
}

#[test]
fn two_processes_share_one_log() {
    let world = World::new();
    let home = FaultDisk::new();
    let mut first = create(&home).unwrap();
    let mut second = open(&home).unwrap();
    let (one, two) = (read(&world.case()).unwrap(), read(&world.case()).unwrap());
    first.record_head(&one, "/one", base()).unwrap();
    let number = second.record_head(&two, "/two", base()).unwrap();
    assert_eq!(number, EntryNumber(1));
    first.record_head(&one, "/elsewhere", base()).unwrap();
    let third = open(&home).unwrap();
    assert_eq!(third.head().size, 3);
    assert_eq!(third.seen().cases().count(), 2);
    assert_eq!(third.seen().case(one.id()).unwrap().folder.as_deref(), Some("/elsewhere"));
    assert_eq!(third.seen().case(two.id()).unwrap().folder.as_deref(), Some("/two"));
}

#[test]
fn receipts_are_kept() {
    let home = FaultDisk::new();
    let installation = create(&home).unwrap();
    assert_eq!(installation.receipts().unwrap(), Vec::<String>::new());
    installation.put_receipt("2026-11-23-heron.receipt", b"a note").unwrap();
    assert_eq!(installation.receipts().unwrap(), ["2026-11-23-heron.receipt"]);
    assert_eq!(installation.receipt("2026-11-23-heron.receipt").unwrap(), b"a note");
    for bad in ["../x", "a/../../x", ""] {
        assert!(installation.put_receipt(bad, b"").is_err(), "{bad}");
    }
}
