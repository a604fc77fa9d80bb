//! Operations that fail without killing anybody: a full medium, a bad block. The error is clear, the case is
//! as before or as after, and trying again works.

use std::io::ErrorKind;

use vault::{StoreError, VaultError};

use crate::fault_disk::{Fault, FaultDisk, Image};
use crate::scenarios::SCENARIOS;
use crate::world::{World, check_folder, look, note, read, write};

const KINDS: [ErrorKind; 2] = [ErrorKind::StorageFull, ErrorKind::Other];

#[test]
fn a_failed_act_can_be_tried_again() {
    let world = World::new();
    for scenario in SCENARIOS {
        let origin = (scenario.before)(&world);
        let before = look(&world, &read(&origin).unwrap());
        let whole = origin.copy();
        let mut case = write(&whole).unwrap();
        whole.set(Fault::Never);
        (scenario.act)(&world, &mut case).unwrap();
        let operations = whole.operations();
        let after = look(&world, &case);
        for at in 1..=operations {
            for (kind, row) in [(ErrorKind::StorageFull, 1), (ErrorKind::Other, 1), (ErrorKind::Other, 4)] {
                let what = format!("{}: {kind:?} {row} times from {at} of {operations}", scenario.name);
                let disk = origin.copy();
                let mut case = write(&disk).unwrap();
                disk.set(Fault::FailRow(at, row, kind));
                let result = (scenario.act)(&world, &mut case);
                disk.set(Fault::Never);
                match result {
                    Ok(()) => case.finish().unwrap(),
                    Err(VaultError::NotCarriedOut { number, .. }) => {
                        assert_eq!(number.0, before.size, "{what}");
                        assert_eq!(look(&world, &case), after, "{what}");
                        case.finish().unwrap();
                    }
                    Err(VaultError::OutcomeUnknown) => {
                        drop(case);
                        case = write(&disk).unwrap();
                        if case.head().size == before.size {
                            assert_eq!(look(&world, &case), before, "{what}");
                            (scenario.act)(&world, &mut case).unwrap();
                        }
                    }
                    Err(error) => {
                        assert!(is_clear(&error, kind), "{what}: {error:?}");
                        assert_eq!(look(&world, &case), before, "{what}");
                        assert_eq!(look(&world, &read(&disk).unwrap()), before, "{what}");
                        (scenario.act)(&world, &mut case).unwrap_or_else(|error| panic!("{what}: {error}"));
                    }
                }
                assert_eq!(look(&world, &case), after, "{what}");
                drop(case);
                let left = disk.after_crash(Image::Lost);
                let case = write(&left).unwrap();
                assert_eq!(look(&world, &case), after, "{what}");
                check_folder(&world, &left, &case);
            }
        }
    }
}

#[test]
fn a_failed_act_leaves_nothing_to_another_act() {
    let world = World::new();
    for scenario in SCENARIOS {
        let origin = (scenario.before)(&world);
        let before = look(&world, &read(&origin).unwrap());
        let whole = origin.copy();
        let mut case = write(&whole).unwrap();
        whole.set(Fault::Never);
        (scenario.act)(&world, &mut case).unwrap();
        for at in 1..=whole.operations() {
            let disk = origin.copy();
            let mut case = write(&disk).unwrap();
            disk.set(Fault::Fail(at, ErrorKind::StorageFull));
            let result = (scenario.act)(&world, &mut case);
            if !matches!(result, Err(VaultError::Store(_))) {
                continue;
            }
            // Something else is done instead; nothing of the act that failed may come with it.
            case.append(note(&world.signer, "instead"), &world.signer).unwrap();
            drop(case);
            for (image, left) in disk.after_any_crash() {
                let case = write(&left).unwrap();
                let mut found = look(&world, &case);
                check_folder(&world, &left, &case);
                assert_eq!(found.entries.pop().as_deref(), Some("note"));
                found.size -= 1;
                assert_eq!(found, before, "{} failed at {at}, {image:?}", scenario.name);
            }
        }
    }
}

#[test]
fn a_failed_creation_can_be_tried_again() {
    let world = World::new();
    let whole = FaultDisk::new();
    let (case, _) = world.create_on(&whole).unwrap();
    let (after, operations) = (look(&world, &case), whole.operations());
    for at in 1..=operations {
        for kind in KINDS {
            let disk = FaultDisk::new();
            disk.set(Fault::Fail(at, kind));
            let case = match world.create_on(&disk) {
                Ok((case, _)) => case,
                Err(VaultError::OutcomeUnknown) => write(&disk).unwrap(),
                Err(error) => {
                    assert!(is_clear(&error, kind), "{kind:?} at {at}: {error:?}");
                    world.create_on(&disk).unwrap_or_else(|error| panic!("{kind:?} at {at}: {error}")).0
                }
            };
            assert_eq!(look(&world, &case), after);
            drop(case);
            assert_eq!(look(&world, &read(&disk.after_crash(Image::Lost)).unwrap()), after);
        }
    }
}

fn is_clear(error: &VaultError, kind: ErrorKind) -> bool {
    match error {
        VaultError::Store(StoreError::NoSpace { .. }) => kind == ErrorKind::StorageFull,
        VaultError::Store(StoreError::Medium { kind: told, .. }) => kind == *told,
        _ => false,
    }
}

#[test]
fn an_act_that_was_given_up_leaves_nothing_to_the_next() {
    let world = World::new();
    let disk = world.case();
    let mut case = write(&disk).unwrap();
    let upload = case.begin_upload().unwrap();
    // Another act in between, while the upload is under way.
    case.append(crate::world::note(&world.signer, "between"), &world.signer).unwrap();
    let sealed = b"a second capsule";
    drop(upload);
    world.seal_capsule(&mut case, sealed).unwrap();
    look(&world, &case);
    check_folder(&world, &disk, &case);
}
