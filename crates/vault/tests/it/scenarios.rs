//! The acts that are interrupted at every point: each a name, where it begins, and what is done.

use serde_json::json;
use vault::{Act, CaseVault, ClearBody, Erase, VaultError};

use crate::fault_disk::FaultDisk;
use crate::world::{World, base, key, kind, name, note};

/// One act on an opened case.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// The disk before.
    pub(crate) before: fn(&World) -> FaultDisk,
    pub(crate) act: fn(&World, &mut CaseVault) -> Result<(), VaultError>,
}

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "a note",
        before: World::case,
        act: |world, case| case.append(note(&world.signer, "third"), &world.signer).map(|_| ()),
    },
    Scenario {
        name: "a capsule",
        before: World::case,
        act: |world, case| world.seal_capsule(case, &[7; 300]).map(|_| ()),
    },
    Scenario {
        name: "files, an upload and a removal at once",
        before: |world| {
            let disk = world.case();
            disk.add_file("index.db", b"cache");
            disk
        },
        act: |world, case| {
            let upload = case.begin_upload()?;
            let act = Act {
                fields: kind(&world.signer, "note").with("text", "files").with("about", json!(null)),
                files: vec![
                    ("log/forks/000004/leaves".into(), vec![1; 90]),
                    ("log/forks/000004/vkeys".into(), vec![2]),
                ],
                upload: Some((upload, "log/forks/000004/checkpoint".into())),
                remove: vec!["index.db".into()],
                clear_body: ClearBody::No,
            };
            case.append(act, &world.signer).map(|_| ())
        },
    },
    Scenario {
        name: "a holder added",
        before: World::case,
        act: |world, case| {
            let keyring = world.unlock(case)?;
            let work_factor = seal::WorkFactor::new(1)?;
            let third = key(&world.third);
            case.add_holder(&name("third"), &third, work_factor, base(), &keyring, &world.signer).map(|_| ())
        },
    },
    Scenario {
        name: "a holder removed",
        before: World::case,
        act: |world, case| case.remove_holder(&name("lawyer"), base(), &world.signer).map(|_| ()),
    },
    Scenario {
        name: "a capsule erased",
        before: World::case,
        act: |world, case| erase(world, case, Erase::Capsule(model::EntryNumber(2))),
    },
    Scenario {
        name: "a body erased",
        before: World::case,
        act: |world, case| erase(world, case, Erase::Entry(model::EntryNumber(1))),
    },
    Scenario {
        name: "the case erased",
        before: World::case,
        act: |world, case| erase(world, case, Erase::Case),
    },
    Scenario {
        name: "a key introduced",
        before: World::case,
        act: |world, case| {
            let act = Act::entry(kind(&world.signer, "key.introduced").with("reason", "second computer"));
            let other = crate::world::signer();
            let fields = act.fields.clone().with("key", other.vkey().fingerprint().to_string());
            case.append(Act { fields, ..act }, &other).map(|_| ())
        },
    },
];

fn erase(world: &World, case: &mut CaseVault, what: Erase) -> Result<(), VaultError> {
    let keyring = world.unlock(case)?;
    case.erase(what, base().with("reason", "end of purpose"), &keyring, &world.signer).map(|_| ())
}
