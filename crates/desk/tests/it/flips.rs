//! Every byte of a case and of a package flipped, every file dropped, duplicated and swapped: found each
//! time.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use desk::{ConsentGiven, Date, HandOver};
use model::{Limits, ReadAt};
use seal::OpenWith;
use verify::{CaseCheck, Fact, Folder, Report, verify_case, verify_package};

use crate::world::{NOW, World, secure};

type Files = BTreeMap<String, Arc<Vec<u8>>>;

#[test]
fn every_flipped_byte_of_a_case_is_found() {
    let (world, case, _) = prepared();
    let check = |files: &Files| {
        let with = OpenWith::IdentityFile(&world.holder);
        let folder = Memory(files);
        verify_case(&CaseCheck { folder: &folder, with: Some(&with), limits: Limits::DEFAULT }, &mut |_| {})
    };
    assert!(check(&case).unchanged(), "{:?}", check(&case).problems);
    every_change(&case, &check);
}

#[test]
fn every_flipped_byte_of_a_package_is_found() {
    let (_world, _, package) = prepared();
    let check = |files: &Files| verify_package(&Memory(files), &mut |_| {});
    assert!(check(&package).unchanged(), "{:?}", check(&package).problems);
    every_change(&package, &check);
}

/// Makes one change after the other and asks that each is found, and named at the file that was changed
/// where one was.
fn every_change(files: &Files, check: &dyn Fn(&Files) -> Report) {
    for (name, bytes) in files {
        for offset in 0..bytes.len() {
            let mut changed = bytes.as_ref().clone();
            changed[offset] ^= 1 << (offset % 8);
            found(files, name, Some(changed), check, &format!("{name}:{offset} flipped"));
        }
        let mut longer = bytes.as_ref().clone();
        longer.push(b'x');
        found(files, name, Some(longer), check, &format!("{name} lengthened"));
        if !bytes.is_empty() {
            let shorter = bytes[..bytes.len() - 1].to_vec();
            found(files, name, Some(shorter), check, &format!("{name} shortened"));
        }
        found(files, name, None, check, &format!("{name} dropped"));
        let twin = format!("{name}.twin");
        found(files, &twin, Some(bytes.as_ref().clone()), check, &format!("{name} duplicated"));
    }
    let names: Vec<&String> = files.keys().collect();
    for pair in names.windows(2).filter(|pair| files[pair[0]] != files[pair[1]]) {
        let mut swapped = files.clone();
        swapped.insert(pair[0].clone(), Arc::clone(&files[pair[1]]));
        swapped.insert(pair[1].clone(), Arc::clone(&files[pair[0]]));
        assert!(!check(&swapped).unchanged(), "{} and {} swapped", pair[0], pair[1]);
    }
}

fn found(files: &Files, name: &str, bytes: Option<Vec<u8>>, check: &dyn Fn(&Files) -> Report, what: &str) {
    let mut changed = files.clone();
    match bytes {
        Some(bytes) => changed.insert(name.to_owned(), Arc::new(bytes)),
        None => changed.remove(name),
    };
    let report = check(&changed);
    // Lines behind the signed size belong to an act that was never acknowledged: told, and no damage.
    let told = report.facts.iter().any(|fact| matches!(fact, Fact::UnfinishedAct { .. }));
    assert!(!report.unchanged() || told, "{what} was not found");
}

/// A small case with a bit of everything, and a package out of it; read into memory.
fn prepared() -> (World, Files, Files) {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let mut case = world.open(&mut desk, "case");
    secure(&mut desk, &mut case, &world.source());
    let note = desk.note(&mut case, "to be erased", None).unwrap();
    desk.erase(&mut case, desk::Erase::Entry(note), "test").unwrap();
    let given = ConsentGiven {
        to: "lawyer".into(),
        purpose: "advice".into(),
        items: vec![],
        until: Date { days: NOW / 86_400 },
        how: "spoken".into(),
    };
    let consent = desk.consent_give(&mut case, &given).unwrap();
    let form = HandOver { to: given.to, consent, items: vec![], into: world.path("package") };
    desk.hand_over(&mut case, &form).unwrap();
    drop(case);
    let mut files = read(&world.path("case"), "");
    let is_cache = |name: &str| name.starts_with("index.db") || name.starts_with("insight.db");
    files.retain(|name, _| name != "lock" && !is_cache(name));
    let package = read(&world.path("package"), "");
    (world, files, package)
}

fn read(folder: &Path, prefix: &str) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files.extend(read(&entry.path(), &format!("{name}/")));
        } else {
            files.insert(name, Arc::new(fs::read(entry.path()).unwrap()));
        }
    }
    files
}

struct Memory<'a>(&'a Files);

impl Folder for Memory<'_> {
    fn files(&self) -> io::Result<Vec<(String, u64)>> {
        Ok(self.0.iter().map(|(name, bytes)| (name.clone(), bytes.len() as u64)).collect())
    }

    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>> {
        let bytes = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(bytes.as_ref().clone()))
    }
}
