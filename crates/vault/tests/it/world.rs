//! What every test needs: a signing key, holders without the cost of passphrases, acts, and a look at a whole
//! case.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use custody::{CaseState, Fields, Signer, kinds};
use model::{EntryNumber, HolderName};
use seal::{Identity, OpenWith, SigningKey, WorkFactor};
use serde_json::json;
use vault::{
    Access, Act, CaseVault, ClearBody, EntryRead, FolderStore, Head, HolderKey, Keyring, NewCase, NewHolder,
    VaultError,
};

use crate::fault_disk::FaultDisk;

/// Two holders with keys of their own, and an installation.
pub(crate) struct World {
    pub(crate) signer: Signer,
    pub(crate) client: [Identity; 1],
    pub(crate) lawyer: [Identity; 1],
    pub(crate) third: [Identity; 1],
}

impl World {
    pub(crate) fn new() -> Self {
        let identity = || [Identity::generate().unwrap()];
        Self { signer: signer(), client: identity(), lawyer: identity(), third: identity() }
    }

    pub(crate) fn create_on(&self, disk: &FaultDisk) -> Result<(CaseVault, Keyring), VaultError> {
        let setup = NewCase {
            signer: &self.signer,
            holders: vec![new_holder("client", &self.client), new_holder("lawyer", &self.lawyer)],
            recovery: None,
            fields: base()
                .with("alias", "Heron")
                .with("holder", "client")
                .with("purpose", "advice")
                .with("until", "2028-12-31"),
            work_factor: WorkFactor::new(1).unwrap(),
        };
        CaseVault::create(Box::new(store(disk)), setup).map(|(case, keyring, _)| (case, keyring))
    }

    /// A disk with a case in it: entry 0, a note (1), a capsule (2), and a note (3).
    pub(crate) fn case(&self) -> FaultDisk {
        let disk = FaultDisk::new();
        let (mut case, _) = self.create_on(&disk).unwrap();
        case.append(note(&self.signer, "first"), &self.signer).unwrap();
        self.seal_capsule(&mut case, b"sealed bytes of a capsule").unwrap();
        case.append(note(&self.signer, "second"), &self.signer).unwrap();
        drop(case);
        disk
    }

    pub(crate) fn unlock(&self, case: &CaseVault) -> Result<Keyring, VaultError> {
        case.unlock(Some(&name("client")), &OpenWith::Identities(&self.client))
    }

    /// Secures bytes as a capsule, in one act.
    pub(crate) fn seal_capsule(
        &self,
        case: &mut CaseVault,
        sealed: &[u8],
    ) -> Result<EntryNumber, VaultError> {
        let mut upload = case.begin_upload()?;
        upload.write_all(sealed).map_err(|error| vault::StoreError::of("upload", &error))?;
        upload.commit()?;
        let sha256 = seal::sha256(sealed);
        let file_name = format!("{}-{}.age", EntryNumber(case.head().size).file_stem(), sha256.short(16));
        let fields = kind(&self.signer, "capsule.sealed")
            .with("capsule", file_name.as_str())
            .with("sha256", sha256.to_string())
            .with("size_bytes", sealed.len())
            .with("root", "00".repeat(32))
            .with("leaves", 1)
            .with("top", "capsule-00000000")
            .with("names_offset", 0)
            .with("names_bytes", 0)
            .with("source", "a folder")
            .with("who", "a counsellor")
            .with("gate", 0)
            .with("consent", json!(null))
            .with("files", 1)
            .with("gaps", json!({}))
            .with("read_back", "cache");
        let act = Act {
            fields,
            files: Vec::new(),
            upload: Some((upload, format!("capsules/{file_name}"))),
            remove: Vec::new(),
            clear_body: ClearBody::No,
        };
        case.append(act, &self.signer)
    }
}

pub(crate) fn signer() -> Signer {
    Signer::new(SigningKey::generate().unwrap())
}

pub(crate) fn store(disk: &FaultDisk) -> FolderStore<FaultDisk> {
    FolderStore::new(disk.clone())
}

pub(crate) fn write(disk: &FaultDisk) -> Result<CaseVault, VaultError> {
    CaseVault::open(Box::new(store(disk)), Access::Write)
}

pub(crate) fn read(disk: &FaultDisk) -> Result<CaseVault, VaultError> {
    CaseVault::open(Box::new(store(disk)), Access::Read)
}

pub(crate) fn name(text: &str) -> HolderName {
    text.parse().unwrap()
}

pub(crate) fn key(identity: &[Identity; 1]) -> HolderKey {
    HolderKey::Recipient(identity[0].recipient())
}

fn new_holder(text: &str, identity: &[Identity; 1]) -> NewHolder {
    NewHolder { name: name(text), key: key(identity) }
}

pub(crate) fn base() -> Fields {
    Fields::new().with("at", "2026-11-23T22:00:00Z")
}

pub(crate) fn kind(signer: &Signer, kind: &str) -> Fields {
    base()
        .with("kind", kind)
        .with("program", model::PROGRAM)
        .with("key", signer.vkey().fingerprint().to_string())
}

pub(crate) fn note(signer: &Signer, text: &str) -> Act {
    Act::entry(kind(signer, "note").with("text", text).with("about", json!(null)))
}

/// What somebody with a key sees of a case, without what differs between two equal runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) size: u64,
    /// Kind of each entry, or `-` for an erased one.
    pub(crate) entries: Vec<String>,
    pub(crate) holders: Vec<String>,
    pub(crate) epoch: u64,
    pub(crate) capsules: Vec<String>,
    pub(crate) vkeys: usize,
}

/// Looks at the whole case and checks that everything in it fits together.
pub(crate) fn look(world: &World, case: &CaseVault) -> Seen {
    let mut seen = Seen {
        size: case.head().size,
        entries: Vec::new(),
        holders: case.holders().map(ToString::to_string).collect(),
        epoch: case.epoch(),
        capsules: case.capsule_files().unwrap(),
        vkeys: case.vkeys().len(),
    };
    if case.is_erased() {
        assert!(matches!(world.unlock(case), Err(VaultError::CaseErased)));
        return seen;
    }
    let keyring = world.unlock(case).unwrap();
    let mut state = CaseState::default();
    for entry in case.entries(&keyring) {
        let (number, entry) = entry.unwrap();
        seen.entries.push(match entry {
            EntryRead::Body(entry) => {
                state.apply(&entry);
                kinds::check(&entry.fields).unwrap().name.to_owned()
            }
            EntryRead::Erased => {
                state.mark_erased(number);
                "-".to_owned()
            }
        });
    }
    assert!(state.not_understood.is_empty(), "{:?}", state.not_understood);
    check_capsules(case, &state);
    let listed: Vec<String> = state.holders.keys().cloned().collect();
    assert_eq!(listed, seen.holders);
    assert_eq!(state.vkeys.len(), seen.vkeys);
    seen
}

fn check_capsules(case: &CaseVault, state: &CaseState) {
    let mut there: BTreeSet<String> = case.capsule_files().unwrap().into_iter().collect();
    for (number, facts) in &state.capsules {
        if state.erased.capsules.contains(number) {
            continue;
        }
        let file = case.open_capsule(&facts.file_name).unwrap();
        let mut bytes = vec![0; usize::try_from(file.size_bytes()).unwrap()];
        file.read_at(&mut bytes, 0).unwrap();
        assert_eq!(seal::sha256(&bytes), facts.sha256);
        there.remove(&facts.file_name);
    }
    assert!(there.is_empty(), "capsules that no entry names: {there:?}");
}

/// Checks that the folder of a case that was opened for writing holds exactly what it should.
pub(crate) fn check_folder(world: &World, disk: &FaultDisk, case: &CaseVault) {
    let names = disk.names();
    let Head { size, .. } = case.head();
    assert_eq!(disk.file("log/leaves").unwrap().len() as u64, size * 65);
    assert!(!names.iter().any(|name| name.starts_with("pending/")), "{names:?}");
    let bodies = names.iter().filter(|name| name.starts_with("log/entries/")).count() as u64;
    if case.is_erased() {
        assert_eq!(bodies, 0);
        assert!(!names.iter().any(|name| name.starts_with("capsules/")), "{names:?}");
        assert!(
            names.iter().filter(|name| name.starts_with("keys/")).all(|name| name == "keys/recipient.note")
        );
        return;
    }
    let state = case.state(&world.unlock(case).unwrap()).unwrap();
    assert_eq!(bodies, size - state.erased.entries.len() as u64);
    let keys = names.iter().filter_map(|name| name.strip_prefix("keys/"));
    let keys: BTreeMap<String, _> = keys
        .map(|name| (name.to_owned(), seal::sha256(&disk.file(&format!("keys/{name}")).unwrap())))
        .collect();
    assert_eq!(keys, state.keys);
}
