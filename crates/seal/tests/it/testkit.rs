//! The C2SP age test kit, as the published source of the age crate brings it along.
//!
//! Armored vectors do not concern us (we read no armor); compressed ones are skipped, because nothing here
//! inflates.

use crate::{drain, open, read_all_at};
use seal::{Identity, OpenWith, Passphrase, SealError, sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

#[test]
fn vectors_end_as_the_kit_says() {
    let Some(kit) = find_kit() else {
        eprintln!("skipped: the source of the age crate with its test kit was not found");
        return;
    };
    let mut skipped: BTreeMap<&str, u32> = BTreeMap::new();
    let mut ran = 0;
    for entry in fs::read_dir(&kit).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let vector = Vector::parse(&fs::read(&path).unwrap());
        if let Some(reason) = vector.skip() {
            *skipped.entry(reason).or_default() += 1;
            continue;
        }
        vector.check(&name);
        ran += 1;
    }
    eprintln!("age test kit: {ran} vectors ran, skipped {skipped:?}");
    assert!(ran >= 60, "only {ran} vectors ran");
}

struct Vector {
    fields: BTreeMap<String, String>,
    file: Vec<u8>,
}

impl Vector {
    fn parse(bytes: &[u8]) -> Self {
        let (mut fields, mut rest) = (BTreeMap::new(), bytes);
        loop {
            let end = rest.iter().position(|byte| *byte == b'\n').unwrap();
            let line = std::str::from_utf8(&rest[..end]).unwrap();
            rest = &rest[end + 1..];
            let Some((key, value)) = line.split_once(": ") else { break };
            // Of several passphrases the first is enough: there is no file that two open.
            fields.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
        Self { fields, file: rest.to_vec() }
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.fields.get(key).map(String::as_str)
    }

    fn skip(&self) -> Option<&'static str> {
        let foreign = self.get("identity").is_some_and(|text| Identity::parse(text).is_err());
        match (self.get("armored"), self.get("compressed")) {
            (Some(_), _) => Some("armored"),
            (_, Some(_)) => Some("compressed"),
            _ if foreign => Some("other kinds of identity"),
            _ => None,
        }
    }

    fn check(&self, name: &str) {
        let passphrase = self.get("passphrase").map(|text| Passphrase::new(text.to_owned()));
        let identities: Vec<Identity> =
            self.get("identity").iter().map(|text| Identity::parse(text).unwrap()).collect();
        let with = match &passphrase {
            Some(passphrase) => OpenWith::Passphrase(passphrase),
            None => OpenWith::Identities(&identities),
        };
        let opened = open(self.file.clone(), &with);
        let small = seal::open_bytes(&self.file, &with, u64::MAX);
        match self.get("expect").unwrap() {
            "success" => {
                let opened = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
                let (released, error) = drain(&opened);
                assert!(error.is_none(), "{name}: {error:?}");
                assert_eq!(sha256(&released).to_string(), self.get("payload").unwrap(), "{name}");
                assert_eq!(read_all_at(&opened), released, "{name}");
                assert_eq!(*small.unwrap(), released, "{name}");
                assert_eq!(opened.stream().finish().unwrap(), sha256(&self.file), "{name}");
            }
            "payload failure" => {
                assert!(payload_failure(small.err().as_ref()), "{name}");
                match opened {
                    Err(error) => assert!(payload_failure(Some(&error)), "{name}: {error}"),
                    Ok(opened) => {
                        let (released, error) = drain(&opened);
                        assert!(payload_failure(error.as_ref()), "{name}: {error:?}");
                        // A reader may release what comes before the damage; we release less, never more.
                        let hash = sha256(&released).to_string();
                        assert!(released.is_empty() || hash == self.get("payload").unwrap(), "{name}");
                    }
                }
            }
            expected => {
                for error in [opened.err(), small.err()] {
                    let fits = match (expected, &error) {
                        ("no match", Some(SealError::WrongKey))
                        | ("HMAC failure", Some(SealError::HeaderDamaged)) => true,
                        ("header failure", Some(error)) => header_failure(error),
                        _ => false,
                    };
                    assert!(fits, "{name}: {expected}, but {error:?}");
                }
            }
        }
    }
}

fn payload_failure(error: Option<&SealError>) -> bool {
    matches!(error, Some(SealError::Truncated | SealError::Damaged { .. }))
}

fn header_failure(error: &SealError) -> bool {
    matches!(
        error,
        SealError::HeaderDamaged
            | SealError::NotAge
            | SealError::Truncated
            | SealError::UnsupportedVersion
            | SealError::WorkFactorTooHigh { .. }
    )
}

/// Looks through the sources that cargo keeps.
fn find_kit() -> Option<PathBuf> {
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = own.or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    let registries = fs::read_dir(home.join("registry/src")).ok()?;
    let crates = registries.flatten().filter_map(|registry| fs::read_dir(registry.path()).ok());
    let mut found: Vec<PathBuf> = crates
        .flat_map(Iterator::flatten)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("age-0."))
        .map(|entry| entry.path().join("tests/testdata/testkit"))
        .filter(|kit| kit.is_dir())
        .collect();
    found.sort();
    found.pop()
}
