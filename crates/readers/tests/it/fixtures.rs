//! Every fixture gives what is expected of it, is read by its own reader alone, and survives damage.
//!
//! A case is `fixtures/<format>/<case>/` with `input/` (what the client brings), `ABOUT.md`, perhaps `keys`
//! (one password a line) and `owner`, and `expected.jsonl`. `UPDATE_EXPECTED=1` writes what is expected anew:
//! look at the difference before you keep it.

use std::fs;
use std::path::{Path, PathBuf};

use model::ReadLimits;
use model::record::Place;
use readers::{FORMATS, Options};

use crate::honesty;
use crate::reading::{Read, files_of, line, read_files};

/// A case with its inputs.
struct Case {
    format: &'static str,
    folder: PathBuf,
    files: Vec<(String, Vec<u8>)>,
    keys: Vec<String>,
    options: Options,
}

impl Case {
    fn read(&self, files: Vec<(String, Vec<u8>)>) -> Read {
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        read_files(files, &keys, &self.options)
    }
}

fn cases() -> Vec<Case> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut cases = Vec::new();
    for format in FORMATS {
        let folder = fixtures.join(format.name());
        let entries = fs::read_dir(&folder).unwrap_or_else(|_| panic!("no fixtures for {}", format.name()));
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        folders.retain(|folder| folder.is_dir());
        folders.sort();
        for folder in folders {
            let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
            assert!(folder.join("ABOUT.md").is_file(), "{} says nothing about itself", folder.display());
            cases.push(Case {
                format: format.name(),
                files: files_of(&folder.join("input")),
                keys: text("keys").unwrap_or_default().lines().map(str::to_owned).collect(),
                options: Options { owner: text("owner").map(|owner| owner.trim().to_owned()) },
                folder,
            });
        }
    }
    cases
}

fn shown(read: &Read) -> String {
    let mut lines: Vec<String> = read.kept.records.iter().map(|record| line(&read.tree, record)).collect();
    let about = |what: &str, file, value: serde_json::Value| {
        let mut value = model::record::without_empty(value);
        if let Some(object) = value.as_object_mut() {
            object.insert("file".to_owned(), read.tree.steps(file).join(" > ").into());
        }
        serde_json::json!({ what: value }).to_string()
    };
    let problems = read.kept.problems.iter();
    lines.extend(problems.map(|p| about("problem", p.file, serde_json::to_value(p).unwrap())));
    let counted = read.kept.counted.iter();
    lines.extend(counted.map(|c| about("counted", c.file, serde_json::to_value(c).unwrap())));
    lines.join("\n") + "\n"
}

#[test]
fn every_case_gives_what_is_expected() {
    for case in cases() {
        let read = case.read(case.files.clone());
        honesty::check(&read, &case.folder.display().to_string());
        let path = case.folder.join("expected.jsonl");
        let now = shown(&read);
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&path, &now).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let differs = expected.lines().zip(now.lines()).find(|(left, right)| left != right);
        assert!(expected == now, "{}: first difference {differs:#?}", path.display());
        assert_eq!(now, shown(&case.read(case.files.clone())), "the same input twice");
    }
}

/// What `asservat show` does: the original behind every record of every whole fixture can be had.
#[test]
fn every_record_leads_back_to_its_original() {
    let mut lost = Vec::new();
    for case in cases() {
        let damaged = case.folder.file_name().is_some_and(|name| name.to_string_lossy().contains("damaged"));
        if damaged {
            continue;
        }
        let read = case.read(case.files.clone());
        for record in &read.kept.records {
            let limits = ReadLimits::DEFAULT;
            let found = readers::original(&read.tree, record.file, &record.place, &limits, 1 << 20);
            let empty = matches!(record.place, Place::Bytes { length: 0, .. });
            if !found.is_ok_and(|bytes| empty || !bytes.is_empty() || record.place == Place::Whole) {
                lost.push(format!("{}: {}", case.folder.display(), record.place));
            }
        }
    }
    assert!(lost.is_empty(), "{} records lead nowhere: {:#?}", lost.len(), &lost[..lost.len().min(20)]);
}

#[test]
fn a_fixture_is_read_by_its_own_reader() {
    for case in cases() {
        let read = case.read(case.files.clone());
        assert!(
            read.units.iter().any(|(reader, _)| *reader == case.format),
            "{} is not read by {}: {:?}",
            case.folder.display(),
            case.format,
            read.units
        );
    }
}

#[test]
fn every_format_has_a_damaged_case() {
    let cases = cases();
    for format in FORMATS {
        let damaged = |case: &Case| {
            case.format == format.name()
                && case.folder.file_name().is_some_and(|name| name.to_string_lossy().contains("damaged"))
        };
        assert!(cases.iter().any(damaged), "{} has none", format.name());
    }
}

/// Cut short and with flipped bits at many places: nothing panics, everything still adds up.
#[test]
fn every_fixture_survives_damage() {
    const DAMAGES: usize = 24;
    for case in cases() {
        for at in 0..case.files.len() {
            let size = case.files[at].1.len();
            for place in (0..size).step_by((size / DAMAGES).max(1)) {
                let mut cut = case.files.clone();
                cut[at].1.truncate(place);
                let mut flipped = case.files.clone();
                flipped[at].1[place] ^= 1 << (place % 8);
                for files in [cut, flipped] {
                    let name = format!("{} {} at {place}", case.folder.display(), files[at].0);
                    honesty::check(&case.read(files), &name);
                }
            }
        }
    }
}
