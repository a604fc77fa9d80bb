//! Copies of a case: complete, read back, never over something else, and the erased does not live on in them.

use model::EntryNumber;
use vault::{CopyReport, Erase, FolderStore, VaultError, copy_case};

use crate::fault_disk::{Fault, FaultDisk, Image};
use crate::world::{World, base, check_folder, look, name, note, read, store, write};

fn copy(from: &FaultDisk, to: &FaultDisk) -> Result<CopyReport, VaultError> {
    copy_case(&store(from), &store(to), &mut |_| {})
}

#[test]
fn a_copy_is_the_case() {
    let world = World::new();
    let from = world.case();
    from.add_file("index.db", b"cache");
    let to = FaultDisk::new();
    let mut last = None;
    let report = copy_case(&store(&from), &store(&to), &mut |progress| {
        assert!(last.is_none_or(|before: u64| before <= progress.done_bytes));
        assert!(progress.done_bytes <= progress.total_bytes);
        last = Some(progress.done_bytes);
    })
    .unwrap();
    assert_eq!(last, Some(report.bytes));
    assert!(to.file("index.db").is_none());
    for name in to.names().iter().filter(|name| *name != "lock") {
        assert_eq!(to.file(name), from.file(name), "{name}");
    }
    assert_eq!(to.names().len() as u64, report.files + 1);
    let case = write(&to).unwrap();
    assert_eq!(look(&world, &case), look(&world, &read(&from).unwrap()));
    check_folder(&world, &to, &case);
}

#[test]
fn killed_while_copying_it_is_no_case_or_the_case_and_can_go_on() {
    let world = World::new();
    let from = world.case();
    let whole = FaultDisk::new();
    copy(&from, &whole).unwrap();
    let operations = whole.operations();
    let expected = look(&world, &read(&from).unwrap());
    for at in 1..=operations {
        let to = FaultDisk::new();
        to.set(Fault::Die(at));
        assert!(copy(&from, &to).is_err());
        for (image, left) in to.after_any_crash() {
            if let Ok(case) = read(&left) {
                assert_eq!(look(&world, &case), expected, "killed at {at} of {operations}, {image:?}");
            }
            copy(&from, &left).unwrap_or_else(|error| panic!("killed at {at}, {image:?}: {error}"));
            assert_eq!(look(&world, &read(&left).unwrap()), expected);
        }
    }
}

#[test]
fn a_copy_is_brought_up_and_killed_in_between_stays_a_case() {
    let world = World::new();
    let from = world.case();
    let old = FaultDisk::new();
    copy(&from, &old).unwrap();
    let mut case = write(&from).unwrap();
    let keyring = world.unlock(&case).unwrap();
    case.remove_holder(&name("lawyer"), base(), &world.signer).unwrap();
    case.erase(Erase::Capsule(EntryNumber(2)), base().with("reason", "x"), &keyring, &world.signer).unwrap();
    case.erase(Erase::Entry(EntryNumber(1)), base().with("reason", "x"), &keyring, &world.signer).unwrap();
    world.seal_capsule(&mut case, b"another").unwrap();
    let expected = look(&world, &case);
    drop(case);

    let whole = old.copy();
    let report = copy(&from, &whole).unwrap();
    let removed: Vec<&str> = report.removed.iter().map(|name| name.get(..12).unwrap()).collect();
    assert_eq!(removed, ["capsules/000", "keys/lawyer.", "log/entries/"]);
    let case = write(&whole).unwrap();
    assert_eq!(look(&world, &case), expected);
    check_folder(&world, &whole, &case);
    let operations = whole.operations();
    for at in 1..=operations {
        let to = old.copy();
        to.set(Fault::Die(at));
        if copy(&from, &to).is_ok() {
            continue;
        }
        for (image, left) in to.after_any_crash() {
            let size = read(&left).unwrap_or_else(|error| panic!("{at}, {image:?}: {error}")).head().size;
            assert!(size == 4 || size == expected.size, "{at}, {image:?}: {size}");
            copy(&from, &left).unwrap();
            let case = write(&left).unwrap();
            assert_eq!(look(&world, &case), expected);
            check_folder(&world, &left, &case);
        }
    }
}

#[test]
fn a_file_that_the_source_lost_stays_in_the_copy() {
    let world = World::new();
    let from = world.case();
    let to = FaultDisk::new();
    copy(&from, &to).unwrap();
    let capsule = from.names().into_iter().find(|name| name.starts_with("capsules/")).unwrap();
    from.drop_file(&capsule);
    from.drop_file("log/entries/000003.age");
    assert_eq!(copy(&from, &to).unwrap().removed, Vec::<String>::new());
    look(&world, &read(&to).unwrap());
}

#[test]
fn nothing_else_is_overwritten() {
    let world = World::new();
    let from = world.case();
    let other = world.case();
    let before = other.names();
    assert!(matches!(copy(&from, &other), Err(VaultError::OtherCase)));
    assert_eq!(other.names(), before);

    let newer = from.copy();
    write(&newer).unwrap().append(note(&world.signer, "more"), &world.signer).unwrap();
    assert!(matches!(copy(&from, &newer), Err(VaultError::TargetNotOlder)));
    write(&from).unwrap().append(note(&world.signer, "other"), &world.signer).unwrap();
    assert!(matches!(copy(&from, &newer), Err(VaultError::TargetNotOlder)));

    let locked = FaultDisk::new();
    copy(&from, &locked).unwrap();
    let writer = write(&locked).unwrap();
    assert!(matches!(copy(&from, &locked), Err(VaultError::Store(vault::StoreError::Busy))));
    drop(writer);

    let unfinished = FaultDisk::new();
    unfinished.set(Fault::Die(20));
    assert!(world.create_on(&unfinished).is_err());
    let unfinished = unfinished.copy();
    assert!(matches!(copy(&from, &unfinished), Err(VaultError::OtherCase | VaultError::NotEmpty)));
}

#[test]
fn an_act_under_way_is_copied_as_if_it_were_carried_out() {
    let world = World::new();
    let origin = world.case();
    let mut case = write(&origin).unwrap();
    let size = case.head().size;
    origin.set(Fault::Never);
    world.seal_capsule(&mut case, b"new").unwrap();
    let operations = origin.operations();
    drop(case);
    for at in 1..=operations {
        let from = world.case();
        let mut case = write(&from).unwrap();
        from.set(Fault::Die(at));
        drop(world.seal_capsule(&mut case, b"new"));
        let from = from.after_crash(Image::Kept);
        let to = FaultDisk::new();
        copy(&from, &to).unwrap();
        let case = write(&to).unwrap();
        assert!(case.head().size == size || case.head().size == size + 1);
        assert_eq!(look(&world, &case), look(&world, &read(&from).unwrap()), "{at}");
        check_folder(&world, &to, &case);
    }
}

#[test]
fn a_copy_on_a_real_folder_is_read_back_from_the_medium_where_that_can_be_done() {
    let world = World::new();
    let from = world.case();
    let folder = tempfile::tempdir().unwrap();
    let to = FolderStore::new(vault::disk::OsDisk::new(folder.path()));
    let report = copy_case(&store(&from), &to, &mut |_| {}).unwrap();
    if cfg!(target_os = "linux") {
        assert_eq!(report.read_back, vault::ReadBack::Medium);
    }
    let case = vault::CaseVault::open(Box::new(to), vault::Access::Write).unwrap();
    assert_eq!(look(&world, &case), look(&world, &read(&from).unwrap()));
}
