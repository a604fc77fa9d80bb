//! A branch that was joined: its leaves after the common ones, its checkpoint, and with a key its bodies.

use custody::{Checkpoint, Entry, Note};
use model::{Digest, EntryNumber};
use seal::{IdentityFile, OpenWith};

use crate::capsule::{CapsuleExpected, seal_problem};
use crate::case::{Log, Seen};
use crate::report::{ProblemKind, Report};

/// Checks the branch that entry `number` joined, from outside.
pub(crate) fn outside(seen: &Seen<'_>, log: &Log, number: EntryNumber, report: &mut Report) {
    if number.0 >= log.size {
        return;
    }
    let base = folder(number);
    let text =
        seen.small(&format!("{base}/checkpoint"), report).and_then(|bytes| String::from_utf8(bytes).ok());
    let note = text.and_then(|text| Note::parse(&text).ok());
    let checkpoint = note.as_ref().and_then(|note| Checkpoint::parse(note.text()).ok());
    let Some((note, checkpoint)) = note.zip(checkpoint) else {
        report.problem(ProblemKind::Malformed, format!("{base}/checkpoint"));
        return;
    };
    let vkeys = seen.small(&format!("{base}/vkeys"), report).and_then(|bytes| String::from_utf8(bytes).ok());
    let keys: Vec<_> =
        vkeys.iter().flat_map(|text| text.lines()).filter_map(|line| line.parse().ok()).collect();
    if note.verify(&keys).is_err() || checkpoint.case_id() != Some(log.case) {
        report.problem(ProblemKind::Signature, format!("{base}/checkpoint"));
    }
    let Some(own) = leaves(seen, &base, report) else { return };
    let common = checkpoint.size.checked_sub(own.len() as u64).and_then(|n| usize::try_from(n).ok());
    let all: Option<Vec<Digest>> =
        common.and_then(|n| log.leaves.get(..n)).map(|common| common.iter().chain(&own).copied().collect());
    if all.is_none_or(|all| seal::tree::root(&all) != checkpoint.root) {
        report.problem(ProblemKind::Branch, format!("{base}/leaves"));
    }
}

/// Opens the bodies of a branch, compares each with its leaf, and gives the capsules it brought.
pub(crate) fn bodies(
    seen: &Seen<'_>,
    log: &Log,
    number: EntryNumber,
    identities: &IdentityFile,
    report: &mut Report,
) -> Vec<(String, CapsuleExpected)> {
    let base = folder(number);
    let mut capsules = Vec::new();
    let mut quiet = Report::default();
    let text =
        seen.small(&format!("{base}/checkpoint"), &mut quiet).and_then(|bytes| String::from_utf8(bytes).ok());
    let size = text.and_then(|text| Some(Checkpoint::parse(Note::parse(&text).ok()?.text()).ok()?.size));
    let (Some(own), Some(size)) = (leaves(seen, &base, &mut quiet), size) else { return capsules };
    let first = size.saturating_sub(own.len() as u64);
    if number.0 >= log.size {
        return capsules;
    }
    for (entry_number, leaf) in (first..size).map(EntryNumber).zip(&own) {
        let Some((path, body)) = body(seen, &base, entry_number, identities, report) else { continue };
        match Entry::parse(&body) {
            Ok(entry) if entry.number == entry_number && entry.leaf_hash() == *leaf => {
                capsules.extend(capsule(&entry));
            }
            Ok(_) => report.problem(ProblemKind::EntryAltered, path),
            Err(_) => report.problem(ProblemKind::Malformed, path),
        }
    }
    capsules
}

/// A body of the branch: in clear when it tells of an erasure, else sealed.
fn body(
    seen: &Seen<'_>,
    base: &str,
    number: EntryNumber,
    identities: &IdentityFile,
    report: &mut Report,
) -> Option<(String, Vec<u8>)> {
    let clear = format!("{base}/open/{}.json", number.file_stem());
    let path = format!("{base}/entries/{}.age", number.file_stem());
    if seen.has(&clear) && !seen.has(&path) {
        return seen.small(&clear, report).map(|body| (clear, body));
    }
    let sealed = seen.small(&path, report)?;
    match seal::open_bytes(&sealed, &OpenWith::IdentityFile(identities), seen.limits.entry_body_bytes) {
        Ok(body) => Some((path, body.to_vec())),
        Err(error) => {
            report.problem(seal_problem(&error), path);
            None
        }
    }
}

fn capsule(entry: &Entry) -> Option<(String, CapsuleExpected)> {
    let fields = &entry.fields;
    if fields.kind() != Some("capsule.sealed") {
        return None;
    }
    let expected = CapsuleExpected {
        sha256: fields.digest("sha256"),
        size_bytes: fields.number("size_bytes"),
        root: fields.digest("root"),
    };
    Some((fields.text("capsule")?.to_owned(), expected))
}

fn leaves(seen: &Seen<'_>, base: &str, report: &mut Report) -> Option<Vec<Digest>> {
    let path = format!("{base}/leaves");
    let text = seen.small(&path, report).and_then(|bytes| String::from_utf8(bytes).ok())?;
    let leaves: Option<Vec<Digest>> = text.split_terminator('\n').map(|line| line.parse().ok()).collect();
    if leaves.is_none() || !text.ends_with('\n') {
        report.problem(ProblemKind::Malformed, path);
        return None;
    }
    leaves
}

fn folder(number: EntryNumber) -> String {
    format!("log/forks/{}", number.file_stem())
}
