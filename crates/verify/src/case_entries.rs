//! The bodies of a case's log: erasures in clear, and with a key every body and what it commits to.

use std::collections::{BTreeMap, BTreeSet};

use custody::{CaseState, Entry};
use model::EntryNumber;
use seal::{IdentityFile, OpenWith};

use crate::capsule::{CapsuleExpected, seal_problem};
use crate::case::{Log, Seen};
use crate::case_branch;
use crate::case_names::{Place, place};
use crate::report::{Fact, ProblemKind, Report};

/// What was erased, as the clear bodies in `log/open/` say.
#[derive(Default)]
pub(crate) struct Erased {
    pub(crate) whole_case: bool,
    pub(crate) entries: BTreeSet<u64>,
}

/// What the bodies commit to.
pub(crate) struct Known {
    /// Everything the given key leads to.
    pub(crate) identities: IdentityFile,
    /// Capsules that must be there.
    pub(crate) capsules: BTreeMap<String, CapsuleExpected>,
}

/// Reads the erasures; each clear body must be the one its leaf commits to.
pub(crate) fn erased(seen: &Seen<'_>, log: &Log, report: &mut Report) -> Erased {
    let mut erased = Erased::default();
    for path in seen.paths() {
        let Place::ClearBody(number) = place(path) else { continue };
        if number.0 >= log.size {
            continue;
        }
        let Some(bytes) = seen.small(path, report) else { continue };
        let entry = match Entry::parse(&bytes) {
            Ok(entry) if fits(&entry, number, log) && entry.fields.kind() == Some("erased") => entry,
            Ok(_) => {
                report.problem(ProblemKind::EntryAltered, path);
                continue;
            }
            Err(_) => {
                report.problem(ProblemKind::Malformed, path);
                continue;
            }
        };
        match entry.fields.text("what") {
            Some("case") => erased.whole_case = true,
            Some("entry") => erased.entries.extend(entry.fields.number("which")),
            _ => {}
        }
    }
    erased
}

/// Opens every body, compares it with its leaf, and gives what all of them together commit to.
pub(crate) fn read(
    seen: &Seen<'_>,
    log: &Log,
    erased: &Erased,
    with: &OpenWith<'_>,
    report: &mut Report,
) -> Option<Known> {
    let identities = crate::keyring::identities(seen, with, report)?;
    let mut state = CaseState::default();
    let mut read = 0;
    for number in (0..log.size).map(EntryNumber) {
        if erased.entries.contains(&number.0) {
            state.mark_erased(number);
            continue;
        }
        let path = format!("log/entries/{}.age", number.file_stem());
        if !seen.has(&path) {
            continue;
        }
        let Some(sealed) = seen.small(&path, report) else { continue };
        let with = OpenWith::IdentityFile(&identities);
        let body = match seal::open_bytes(&sealed, &with, seen.limits.entry_body_bytes) {
            Ok(body) => body,
            Err(error) => {
                report.problem(seal_problem(&error), path);
                continue;
            }
        };
        match Entry::parse(&body) {
            Ok(entry) if fits(&entry, number, log) => {
                state.apply(&entry);
                read += 1;
            }
            Ok(_) => report.problem(ProblemKind::EntryAltered, path),
            Err(_) => report.problem(ProblemKind::Malformed, path),
        }
    }
    report.fact(Fact::EntriesRead { entries: read, erased: erased.entries.len() as u64 });
    commitments(seen, log, &state, report);
    let mut capsules: BTreeMap<String, CapsuleExpected> = state
        .capsules
        .iter()
        .filter(|(number, _)| !state.erased.capsules.contains(number))
        .map(|(_, facts)| {
            let expected = CapsuleExpected {
                sha256: Some(facts.sha256),
                size_bytes: Some(facts.size_bytes),
                root: Some(facts.root),
            };
            (facts.file_name.clone(), expected)
        })
        .collect();
    for number in seen.branches() {
        capsules.extend(case_branch::bodies(seen, log, number, &identities, report));
    }
    Some(Known { identities, capsules })
}

/// The public files against what the entries say about them.
fn commitments(seen: &Seen<'_>, log: &Log, state: &CaseState, report: &mut Report) {
    let named: Vec<String> = log.vkeys.iter().map(ToString::to_string).collect();
    if named != state.vkeys {
        report.problem(ProblemKind::Changed, "log/vkeys");
    }
    let mut expected = state.keys.clone();
    for path in seen.paths().filter(|path| path.starts_with("keys/")).map(str::to_owned).collect::<Vec<_>>() {
        let Some(bytes) = seen.small(&path, report) else { continue };
        match expected.remove(path.trim_start_matches("keys/")) {
            Some(sha256) if sha256 == seal::sha256(&bytes) => {}
            Some(_) => report.problem(ProblemKind::Changed, path),
            None if matches!(place(&path), Place::Keyring | Place::Fixed) => {
                report.problem(ProblemKind::Unexpected, path);
            }
            None => {}
        }
    }
    for name in expected.keys() {
        report.problem(ProblemKind::Missing, format!("keys/{name}"));
    }
}

fn fits(entry: &Entry, number: EntryNumber, log: &Log) -> bool {
    let line = usize::try_from(number.0).ok().and_then(|index| log.leaves.get(index));
    entry.number == number && line == Some(&entry.leaf_hash())
}
