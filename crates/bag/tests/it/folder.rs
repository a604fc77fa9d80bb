//! A bag that lies open in a folder.

use std::collections::BTreeMap;
use std::io::{self, Read};

use bag::{BagFolder, BagProblemKind as Kind, bag_info, check_folder, declaration, manifest_line};

#[derive(Clone)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl BagFolder for Memory {
    fn files(&self) -> io::Result<Vec<(String, u64)>> {
        Ok(self.0.iter().map(|(path, content)| (path.clone(), content.len() as u64)).collect())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        let content = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(content.as_slice()))
    }
}

impl Memory {
    fn set(&mut self, path: &str, content: &str) {
        self.0.insert(path.to_owned(), content.as_bytes().to_vec());
    }

    fn manifest(&mut self, name: &str, about: fn(&str) -> bool) {
        let lines = self.0.iter().filter(|(path, _)| about(path));
        let text: String = lines.map(|(path, content)| manifest_line(seal::sha256(content), path)).collect();
        self.set(name, &text);
    }
}

fn bag() -> Memory {
    let mut bag = Memory(BTreeMap::new());
    bag.set("data/17/r/a", "alpha");
    bag.set("data/17/r/50%\n", "beta");
    bag.set("bagit.txt", declaration());
    bag.set("bag-info.txt", &bag_info(&[("Payload-Oxum", "9.2"), ("Bag-Software-Agent", "a\nb")]));
    bag.manifest("manifest-sha256.txt", |path| path.starts_with("data/"));
    bag.manifest("tagmanifest-sha256.txt", |path| !path.starts_with("data/"));
    bag
}

fn problems(bag: &Memory) -> Vec<(String, Kind)> {
    let report = check_folder(bag).unwrap();
    report.problems.listed.into_iter().map(|problem| (problem.path, problem.kind)).collect()
}

#[test]
fn a_whole_bag() {
    let report = check_folder(&bag()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems.listed);
    assert_eq!((report.files, report.payload_bytes), (2, 9));
}

#[test]
fn every_kind_of_damage() {
    let damaged = |change: &dyn Fn(&mut Memory)| {
        let mut bag = bag();
        change(&mut bag);
        problems(&bag)
    };
    let has = |found: Vec<(String, Kind)>, path: &str, kind: Kind| {
        assert!(found.contains(&(path.to_owned(), kind)), "{path} {kind:?} in {found:?}");
    };
    has(damaged(&|bag| bag.set("data/17/r/a", "ALPHA")), "data/17/r/a", Kind::ManifestDiffers);
    has(damaged(&|bag| drop(bag.0.remove("data/17/r/a"))), "data/17/r/a", Kind::Missing);
    has(damaged(&|bag| bag.set("data/x", "")), "data/x", Kind::Unexpected);
    has(damaged(&|bag| bag.set("note.txt", "")), "note.txt", Kind::Unexpected);
    has(damaged(&|bag| bag.set("fetch.txt", "")), "fetch.txt", Kind::Fetch);
    has(damaged(&|bag| bag.set("bagit.txt", "BagIt-Version: 0.97\n")), "bagit.txt", Kind::Form);
    has(damaged(&|bag| bag.set("bag-info.txt", "Payload-Oxum: 9.3\n")), "bag-info.txt", Kind::CountDiffers);
    for tag in ["bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"] {
        has(damaged(&|bag| drop(bag.0.remove(tag))), tag, Kind::Missing);
    }
    for line in ["x", "00  ../../etc/passwd", " ", "é"] {
        has(damaged(&|bag| bag.set("manifest-sha256.txt", line)), "manifest-sha256.txt", Kind::Form);
    }
    let outside = manifest_line(seal::sha256(b""), "data/../../x");
    has(damaged(&|bag| bag.set("manifest-sha256.txt", &outside)), "data/../../x", Kind::Missing);
}

#[test]
fn every_flipped_byte_is_noticed() {
    let whole = bag();
    for (path, content) in &whole.0 {
        for at in 0..content.len() {
            let mut damaged = whole.clone();
            damaged.0.get_mut(path).unwrap()[at] ^= 1;
            assert!(!problems(&damaged).is_empty(), "{path} {at}");
        }
    }
}
