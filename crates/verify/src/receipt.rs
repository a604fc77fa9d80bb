//! A receipt, alone or against the capsule or case that comes back (docs/format.md, section 6).

use std::sync::Arc;

use custody::{Checkpoint, Note, Receipt};
use model::{Digest, ReadAt};

use crate::capsule::{CapsuleExpected, verify_capsule};
use crate::folder::{Folder, read_all};
use crate::report::{Fact, ProblemKind, Report};

/// What a receipt is held against.
pub enum ReceiptAgainst<'a> {
    /// Nothing: is the receipt itself whole?
    Nothing,
    /// One capsule file, with its name for the report.
    Capsule(&'a str, Arc<dyn ReadAt>),
    /// A case folder brought back.
    Case(&'a dyn Folder),
}

/// Checks a receipt's text and what it is held against; needs no key. `progress` gets bytes of capsules read.
pub fn verify_receipt(text: &str, against: &ReceiptAgainst<'_>, progress: &mut dyn FnMut(u64)) -> Report {
    let mut report = Report::default();
    let receipt = match Receipt::parse(text) {
        Ok(receipt) => receipt,
        Err(error) => {
            report.problem(ProblemKind::Signature, format!("receipt ({error})"));
            return report;
        }
    };
    report.fact(Fact::ReceiptWhole { capsules: receipt.capsules.len() as u64 });
    report.fact(Fact::SignedBy { fingerprint: receipt.vkey.fingerprint() });
    report.fact(Fact::OwnClock { at: receipt.at });
    match against {
        ReceiptAgainst::Nothing => {}
        ReceiptAgainst::Capsule(name, file) => one_capsule(&receipt, name, file, &mut report, progress),
        ReceiptAgainst::Case(folder) => whole_case(&receipt, *folder, &mut report, progress),
    }
    report
}

/// A capsule file must be one of those the receipt names, whatever the file is called now.
fn one_capsule(
    receipt: &Receipt,
    name: &str,
    file: &Arc<dyn ReadAt>,
    report: &mut Report,
    progress: &mut dyn FnMut(u64),
) {
    let Ok(sha256) = crate::capsule::hash(file.as_ref(), progress) else {
        report.problem(ProblemKind::Unreadable, name);
        return;
    };
    if receipt.capsule_hashes().any(|known| known == sha256) {
        let opened = crate::report::Opening::Sealed;
        report.fact(Fact::CapsuleUnchanged { name: name.to_owned(), sha256, opened });
    } else {
        report.problem(ProblemKind::Changed, name);
    }
}

/// Every capsule of the receipt must be there unchanged, and the log must go on from the receipt's state.
fn whole_case(receipt: &Receipt, folder: &dyn Folder, report: &mut Report, progress: &mut dyn FnMut(u64)) {
    let Ok(files) = folder.files() else {
        report.problem(ProblemKind::Unreadable, ".");
        return;
    };
    for capsule in &receipt.capsules {
        let (sha256, number) = (capsule.sha256(), capsule.leaf.number);
        let name = format!("capsules/{}-{}.age", number.file_stem(), sha256.short(16));
        let found = files.iter().any(|(path, _)| *path == name);
        match folder.open(&name) {
            Ok(file) => {
                let expected = CapsuleExpected { sha256: Some(sha256), ..CapsuleExpected::default() };
                report.absorb(verify_capsule(&name, &file, None, expected, progress), "");
            }
            Err(_) if found => report.problem(ProblemKind::Unreadable, name),
            Err(_) => report.problem(ProblemKind::Missing, name),
        }
    }
    log_goes_on(receipt, folder, report);
}

fn log_goes_on(receipt: &Receipt, folder: &dyn Folder, report: &mut Report) {
    let then = receipt.checkpoint();
    let small = |path: &str| folder.open(path).and_then(|file| read_all(file.as_ref(), 1 << 30)).ok();
    let now = small("log/checkpoint")
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| Checkpoint::parse(Note::parse(&text).ok()?.text()).ok());
    let Some(now) = now else {
        report.problem(ProblemKind::Malformed, "log/checkpoint");
        return;
    };
    if now.origin != then.origin {
        report.problem(ProblemKind::OtherCase, "log/checkpoint");
        return;
    }
    let lines = small("log/leaves").unwrap_or_default();
    let leaves: Vec<Digest> = lines
        .chunks(65)
        .map_while(|line| std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?.parse().ok())
        .collect();
    let prefix = |size: u64| usize::try_from(size).ok().and_then(|n| leaves.get(..n)).map(seal::tree::root);
    if now.size < then.size || prefix(then.size) != Some(then.root) {
        report.problem(ProblemKind::RolledBack, format!("log/leaves:{}", then.size.min(now.size)));
    } else if prefix(now.size) != Some(now.root) {
        report.problem(ProblemKind::LogAltered, "log/leaves");
    } else {
        report.fact(Fact::LogContinues { from: then.size, to: now.size });
    }
}
