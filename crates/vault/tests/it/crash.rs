//! Killed at every operation, with every image of what was left on the medium: the case is as before or as
//! after the act, never between; and as after, if the act was acknowledged.

use vault::{EntryRead, VaultError};

use crate::fault_disk::{Fault, FaultDisk, Image};
use crate::scenarios::{SCENARIOS, Scenario};
use crate::world::{Seen, World, check_folder, look, note, read, write};

#[test]
fn acts_happen_wholly_or_not_at_all() {
    let world = World::new();
    for scenario in SCENARIOS {
        let origin = (scenario.before)(&world);
        let before = look(&world, &read(&origin).unwrap());
        let (after, operations) = undisturbed(&world, scenario, &origin);
        assert_ne!(before, after, "{}", scenario.name);
        assert!(operations > 10, "{}: {operations}", scenario.name);
        let mut seen_before = 0;
        for at in 1..=operations + 1 {
            let disk = origin.copy();
            disk.set(Fault::Die(at));
            let result = write(&disk).and_then(|mut case| (scenario.act)(&world, &mut case));
            // Once acknowledged, an act stands whatever happens to the rest of it.
            assert!(result.is_ok() || at <= operations, "{} at {at}", scenario.name);
            for (image, left) in disk.after_any_crash() {
                let what = format!("{} killed at {at} of {operations}, {image:?}", scenario.name);
                let found = reopened(&world, &left, &what);
                assert!(found == before || found == after, "{what}: {found:?}");
                assert!(result.is_err() || found == after, "{what}: acknowledged but lost");
                seen_before += u64::from(found == before);
            }
        }
        assert!(seen_before > 4, "{}", scenario.name);
    }
}

/// The case after the act, and how many operations opening and acting take.
fn undisturbed(world: &World, scenario: &Scenario, origin: &FaultDisk) -> (Seen, u64) {
    let disk = origin.copy();
    disk.set(Fault::Never);
    let mut case = write(&disk).unwrap();
    (scenario.act)(world, &mut case).unwrap();
    let operations = disk.operations();
    let seen = look(world, &case);
    check_folder(world, &disk, &case);
    drop(case);
    assert_eq!(look(world, &read(&disk).unwrap()), seen);
    (seen, operations)
}

/// Opens what was left, for reading, for writing, and again; all see the same, and the next act works.
fn reopened(world: &World, disk: &FaultDisk, what: &str) -> Seen {
    let for_reading = look(world, &read(disk).unwrap_or_else(|error| panic!("{what}: {error}")));
    let mut case = write(disk).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(look(world, &case), for_reading, "{what}");
    check_folder(world, disk, &case);
    if case.is_erased() {
        assert!(matches!(case.append(note(&world.signer, "x"), &world.signer), Err(VaultError::CaseErased)));
        return for_reading;
    }
    let number = case.append(note(&world.signer, "next"), &world.signer).unwrap();
    assert_eq!(number.0, for_reading.size, "{what}");
    drop(case);
    let again = read(disk).unwrap();
    assert_eq!(again.head().size, for_reading.size + 1, "{what}");
    let keyring = world.unlock(&again).unwrap();
    assert!(matches!(again.entry(number, &keyring), Ok(EntryRead::Body(_))), "{what}");
    for_reading
}

#[test]
fn a_kill_while_tidying_up_after_a_kill_changes_nothing() {
    let world = World::new();
    for scenario in SCENARIOS {
        let origin = (scenario.before)(&world);
        let (after, operations) = undisturbed(&world, scenario, &origin);
        let before = look(&world, &read(&origin).unwrap());
        // The last third is where plans are carried out.
        for at in operations * 2 / 3..=operations {
            let disk = origin.copy();
            disk.set(Fault::Die(at));
            drop(write(&disk).and_then(|mut case| (scenario.act)(&world, &mut case)));
            let half = disk.after_crash(Image::Kept);
            let expected = look(&world, &read(&half).unwrap());
            for second in [1, 2, 3, 5, 8] {
                let again = half.copy();
                again.set(Fault::Die(second));
                drop(write(&again));
                for image in [Image::Kept, Image::Lost] {
                    let what = format!("{} at {at}, then {second}, {image:?}", scenario.name);
                    let found = reopened(&world, &again.after_crash(image), &what);
                    assert_eq!(found, expected, "{what}");
                    assert!(found == before || found == after, "{what}");
                }
            }
        }
    }
}

#[test]
fn what_shows_after_a_kill_is_not_lost_by_a_later_loss_of_power() {
    let world = World::new();
    for scenario in SCENARIOS {
        let origin = (scenario.before)(&world);
        let (_, operations) = undisturbed(&world, scenario, &origin);
        for at in 1..=operations {
            let what = format!("{} killed at {at} of {operations}", scenario.name);
            let disk = origin.copy();
            disk.set(Fault::Die(at));
            drop(write(&disk).and_then(|mut case| (scenario.act)(&world, &mut case)));
            // The kill may come again while what the first one left is tidied up.
            for second in [0, 2, 7] {
                let disk = disk.twin();
                disk.restart();
                if second > 0 {
                    disk.set(Fault::Die(second));
                    drop(write(&disk));
                    disk.restart();
                }
                let mut case = write(&disk).unwrap();
                let shown = look(&world, &case);
                let lost = disk.after_crash(Image::Lost);
                assert_eq!(look(&world, &read(&lost).unwrap()), shown, "{what}, then {second}");
                if !case.is_erased() {
                    case.append(note(&world.signer, "next"), &world.signer).unwrap();
                }
                let shown = look(&world, &case);
                drop(case);
                let lost = disk.after_crash(Image::Lost);
                let case = write(&lost).unwrap();
                assert_eq!(look(&world, &case), shown, "{what}, then {second}, and a note");
                check_folder(&world, &lost, &case);
            }
        }
    }
}

#[test]
fn creating_happens_wholly_or_not_at_all() {
    let world = World::new();
    let whole = FaultDisk::new();
    let (case, _) = world.create_on(&whole).unwrap();
    let operations = whole.operations();
    let after = look(&world, &case);
    check_folder(&world, &whole, &case);
    for at in 1..=operations + 1 {
        let disk = FaultDisk::new();
        disk.set(Fault::Die(at));
        let result = world.create_on(&disk).map(|_| ());
        assert_eq!(result.is_ok(), at > operations);
        for (image, left) in disk.after_any_crash() {
            let what = format!("killed at {at} of {operations}, {image:?}");
            match read(&left) {
                Ok(case) => assert_eq!(look(&world, &case), after, "{what}"),
                Err(VaultError::NotFinished | VaultError::NotACase) => {
                    assert!(result.is_err(), "{what}: acknowledged but lost");
                    assert!(matches!(
                        write(&left).map(|_| ()),
                        Err(VaultError::NotFinished | VaultError::NotACase)
                    ));
                    let (case, _) = world.create_on(&left).unwrap_or_else(|error| panic!("{what}: {error}"));
                    assert_eq!(look(&world, &case), after, "{what}");
                    check_folder(&world, &left, &case);
                }
                Err(error) => panic!("{what}: {error}"),
            }
            assert_eq!(reopened(&world, &left, &what), after, "{what}");
        }
    }
}
