//! A whole case folder, without a key from outside, with a key to the last byte (docs/format.md, section 3).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use custody::{Checkpoint, Note, VerifierKey};
use model::{CaseId, Digest, EntryNumber, Limits, ReadAt, canonical};
use seal::OpenWith;

use crate::case_names::{Place, capsule, place};
use crate::folder::{Folder, read_all};
use crate::report::{Fact, ProblemKind, Report};
use crate::{capsule as one_capsule, case_branch, case_entries};

/// What is to be checked, and with what.
pub struct CaseCheck<'a> {
    /// The case folder.
    pub folder: &'a dyn Folder,
    /// A key of a holder; without one only the outside can be compared.
    pub with: Option<&'a OpenWith<'a>>,
    /// Limits on what is read into memory.
    pub limits: Limits,
}

/// Checks a case. `progress` gets the bytes of capsules read.
pub fn verify_case(check: &CaseCheck<'_>, progress: &mut dyn FnMut(u64)) -> Report {
    let mut report = Report::default();
    let Ok(files) = check.folder.files() else {
        report.problem(ProblemKind::Unreadable, ".");
        return report;
    };
    let mut seen = Seen::new(check, &files);
    let Some(log) = read_log(&mut seen, &mut report) else { return report };
    unfinished(&seen, &log, &mut report);
    let erased = case_entries::erased(&seen, &log, &mut report);
    if erased.whole_case {
        report.fact(Fact::CaseErased);
    }
    bodies_present(&seen, &log, &erased, &mut report);
    recipient_note(&seen, &log, &erased, &mut report);
    for number in seen.branches() {
        case_branch::outside(&seen, &log, number, &mut report);
    }
    let facts = match check.with {
        Some(with) if !erased.whole_case => case_entries::read(&seen, &log, &erased, with, &mut report),
        _ => {
            report.fact(Fact::WithoutKey);
            None
        }
    };
    capsules(&seen, &log, facts.as_ref(), &mut report, progress);
    report
}

/// The log from outside: identity, keys, size and leaf hashes.
pub(crate) struct Log {
    pub(crate) case: CaseId,
    pub(crate) vkeys: Vec<VerifierKey>,
    pub(crate) size: u64,
    pub(crate) leaves: Vec<Digest>,
}

/// The files of the case by what they are; a committed act that still waits in `pending/` counts as
/// carried out.
pub(crate) struct Seen<'a> {
    pub(crate) folder: &'a dyn Folder,
    pub(crate) limits: Limits,
    paths: BTreeMap<String, String>,
    pending: BTreeSet<u64>,
}

impl<'a> Seen<'a> {
    fn new(check: &CaseCheck<'a>, files: &[(String, u64)]) -> Self {
        let paths = files.iter().map(|(path, _)| (path.clone(), path.clone())).collect();
        Self { folder: check.folder, limits: check.limits, paths, pending: BTreeSet::new() }
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.contains_key(path)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.keys().map(String::as_str)
    }

    pub(crate) fn open(&self, path: &str) -> std::io::Result<Arc<dyn ReadAt>> {
        self.folder.open(self.paths.get(path).map_or(path, String::as_str))
    }

    /// A small file, or a problem that says what is the matter with it.
    pub(crate) fn small(&self, path: &str, report: &mut Report) -> Option<Vec<u8>> {
        if !self.has(path) {
            report.problem(ProblemKind::Missing, path);
            return None;
        }
        let bytes =
            self.open(path).and_then(|file| read_all(file.as_ref(), self.limits.list_bytes.max(1 << 30)));
        bytes.map_err(|_| report.problem(ProblemKind::Unreadable, path)).ok()
    }

    /// The entries that joined a branch, by the folders there are.
    pub(crate) fn branches(&self) -> BTreeSet<EntryNumber> {
        let branch = |path| if let Place::Branch(number, _) = place(path) { Some(number) } else { None };
        self.paths().filter_map(branch).collect()
    }

    /// Reads the plans of acts that were acknowledged but not carried out to the end.
    fn overlay(&mut self, size: u64, report: &mut Report) {
        let plans: Vec<EntryNumber> = self
            .paths()
            .filter_map(|path| match place(path) {
                Place::Pending(n, rest) if rest == "plan" => Some(n),
                _ => None,
            })
            .collect();
        for number in plans {
            self.pending.insert(number.0);
            let base = format!("pending/{}", number.file_stem());
            if number.0 >= size {
                continue;
            }
            let path = format!("{base}/plan");
            let plan = self.small(&path, report).and_then(|bytes| canonical::parse(&bytes).ok());
            let Some(plan) = plan else {
                report.problem(ProblemKind::Malformed, path);
                continue;
            };
            let list = |name: &str| plan.get(name).and_then(|list| list.as_array()).into_iter().flatten();
            for pair in list("put") {
                let name = |index: usize| pair.get(index).and_then(|text| text.as_str());
                if let (Some(from), Some(to)) = (name(0), name(1)) {
                    let staged = format!("{base}/{from}");
                    if self.paths.remove(&staged).is_some() {
                        self.paths.insert(to.to_owned(), staged);
                    }
                }
            }
            for name in list("remove").filter_map(|name| name.as_str()) {
                self.paths.remove(name);
            }
        }
    }
}

fn read_log(seen: &mut Seen<'_>, report: &mut Report) -> Option<Log> {
    let description = seen.small("case.json", report)?;
    let canonical_line = description.strip_suffix(b"\n").is_some_and(|json| canonical::parse(json).is_ok());
    if !canonical_line {
        report.problem(ProblemKind::Malformed, "case.json");
    }
    let case = CaseId(seal::sha256(&description));
    let checkpoint_bytes = seen.small("log/checkpoint", report)?;
    let note = std::str::from_utf8(&checkpoint_bytes).ok().and_then(|text| Note::parse(text).ok());
    let Some(checkpoint) = note.as_ref().and_then(|note| Checkpoint::parse(note.text()).ok()) else {
        report.problem(ProblemKind::Malformed, "log/checkpoint");
        return None;
    };
    seen.overlay(checkpoint.size, report);
    if checkpoint.case_id() != Some(case) {
        report.problem(ProblemKind::OtherCase, "case.json");
    }
    let vkeys = read_vkeys(seen, report);
    match note.map(|note| note.verify(&vkeys).map(VerifierKey::fingerprint)) {
        Some(Ok(fingerprint)) => report.fact(Fact::SignedBy { fingerprint }),
        _ => report.problem(ProblemKind::Signature, "log/checkpoint"),
    }
    let leaves = read_leaves(seen, &checkpoint, report)?;
    Some(Log { case, vkeys, size: checkpoint.size, leaves })
}

fn read_vkeys(seen: &Seen<'_>, report: &mut Report) -> Vec<VerifierKey> {
    let text = seen.small("log/vkeys", report).and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(text) = text.filter(|text| text.ends_with('\n')) else {
        report.problem(ProblemKind::Malformed, "log/vkeys");
        return Vec::new();
    };
    let mut keys = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match line.parse() {
            Ok(key) => keys.push(key),
            Err(_) => report.problem(ProblemKind::Malformed, format!("log/vkeys:{}", index + 1)),
        }
    }
    keys
}

/// The acknowledged lines of `log/leaves`; what lies behind them belongs to an unfinished act.
fn read_leaves(seen: &Seen<'_>, checkpoint: &Checkpoint, report: &mut Report) -> Option<Vec<Digest>> {
    let bytes = seen.small("log/leaves", report)?;
    let mut leaves = Vec::new();
    for (index, line) in
        bytes.chunks(65).enumerate().take(usize::try_from(checkpoint.size).unwrap_or(usize::MAX))
    {
        let leaf = line.strip_suffix(b"\n").and_then(|hex| std::str::from_utf8(hex).ok()?.parse().ok());
        let Some(leaf) = leaf else {
            report.problem(ProblemKind::Malformed, format!("log/leaves:{}", index + 1));
            return None;
        };
        leaves.push(leaf);
    }
    if (leaves.len() as u64) < checkpoint.size {
        report.problem(ProblemKind::LogTruncated, format!("log/leaves:{}", leaves.len() + 1));
        return None;
    }
    if seal::tree::root(&leaves) == checkpoint.root {
        report.fact(Fact::LogComplete { entries: checkpoint.size });
    } else {
        // Which line differs shows below, where bodies are compared with their lines.
        report.problem(ProblemKind::LogAltered, "log/leaves");
    }
    if bytes.len() as u64 > checkpoint.size * 65 {
        report.fact(Fact::UnfinishedAct { entry: checkpoint.size });
    }
    Some(leaves)
}

/// Names that do not belong here, and what an interrupted act left behind.
fn unfinished(seen: &Seen<'_>, log: &Log, report: &mut Report) {
    let mut acts = BTreeSet::new();
    for path in seen.paths() {
        let beyond = match place(path) {
            Place::Unknown => {
                report.problem(ProblemKind::Unexpected, path);
                continue;
            }
            Place::Pending(n, _) if n.0 < log.size => continue,
            Place::Body(n)
            | Place::ClearBody(n)
            | Place::Capsule(n)
            | Place::Branch(n, _)
            | Place::Pending(n, _) => n.0,
            Place::Fixed | Place::Keyring | Place::Passing => continue,
        };
        if beyond == log.size {
            acts.insert(beyond);
        } else if beyond > log.size {
            report.problem(ProblemKind::Unexpected, path);
        }
    }
    let told = Fact::UnfinishedAct { entry: log.size };
    if !acts.is_empty() && !report.facts.contains(&told) {
        report.fact(told);
    }
}

fn bodies_present(seen: &Seen<'_>, log: &Log, erased: &case_entries::Erased, report: &mut Report) {
    for number in 0..log.size {
        let path = format!("log/entries/{}.age", EntryNumber(number).file_stem());
        if !seen.has(&path) && !erased.whole_case && !erased.entries.contains(&number) {
            report.problem(ProblemKind::Missing, path);
        }
    }
}

fn recipient_note(seen: &Seen<'_>, log: &Log, erased: &case_entries::Erased, report: &mut Report) {
    let path = "keys/recipient.note";
    if erased.whole_case && !seen.has(path) {
        return;
    }
    let Some(text) = seen.small(path, report).and_then(|bytes| String::from_utf8(bytes).ok()) else { return };
    let Ok(note) = Note::parse(&text) else {
        report.problem(ProblemKind::Malformed, path);
        return;
    };
    if note.verify(&log.vkeys).is_err() {
        report.problem(ProblemKind::Signature, path);
    }
    if note.text().lines().nth(1) != Some(log.case.to_string().as_str()) {
        report.problem(ProblemKind::OtherCase, path);
    }
    for holder in note.text().lines().skip(4).filter_map(|line| line.split_once(' ')).map(|(name, _)| name) {
        let keyring = format!("keys/{holder}.age");
        if !seen.has(&keyring) && !erased.whole_case {
            report.problem(ProblemKind::Missing, keyring);
        }
    }
}

fn capsules(
    seen: &Seen<'_>,
    log: &Log,
    facts: Option<&case_entries::Known>,
    report: &mut Report,
    progress: &mut dyn FnMut(u64),
) {
    let mut missing: BTreeSet<String> =
        facts.map(|known| known.capsules.keys().cloned().collect()).unwrap_or_default();
    for path in seen.paths().filter(|path| path.starts_with("capsules/")) {
        let Some(name) = path.strip_prefix("capsules/") else { continue };
        let Some((number, hash)) = capsule(name) else { continue };
        missing.remove(name);
        if number.0 >= log.size {
            continue;
        }
        let expected = facts.and_then(|known| known.capsules.get(name).copied());
        if facts.is_some() && expected.is_none() {
            report.problem(ProblemKind::Unexpected, path);
            continue;
        }
        let Ok(file) = seen.open(path) else {
            report.problem(ProblemKind::Unreadable, path);
            continue;
        };
        match (expected, facts) {
            (Some(expected), Some(known)) => {
                let with = Some(OpenWith::IdentityFile(&known.identities));
                report
                    .absorb(one_capsule::verify_capsule(path, &file, with.as_ref(), expected, progress), "");
            }
            _ => from_outside(path, hash, file.as_ref(), report, progress),
        }
    }
    for name in missing {
        report.problem(ProblemKind::Missing, format!("capsules/{name}"));
    }
}

/// Without a key the name is all there is to compare with: it begins with the file's own SHA-256.
fn from_outside(
    path: &str,
    hash_hex: &str,
    file: &dyn ReadAt,
    report: &mut Report,
    progress: &mut dyn FnMut(u64),
) {
    match one_capsule::hash(file, progress) {
        Ok(sha256) if sha256.short(16) == hash_hex => report.fact(Fact::CapsuleUnchanged {
            name: path.to_owned(),
            sha256,
            opened: crate::report::Opening::Sealed,
        }),
        Ok(_) => report.problem(ProblemKind::Changed, path),
        Err(_) => report.problem(ProblemKind::Unreadable, path),
    }
}
