//! `verify`: what is this, and is it unchanged?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Limits, ReadAt};
use seal::{OpenWith, Spool};
use vault::Standing;
use verify::{CapsuleExpected, CaseCheck, DiskFile, DiskFolder, ReceiptAgainst, Report};

use crate::{Desk, DeskError, Progress, Stage};

const SPOOL_MEMORY_BYTES: usize = 4 << 20;

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A case folder.
    Case,
    /// One sealed capsule.
    Capsule,
    /// A receipt.
    Receipt,
    /// A hand-over package.
    Package,
}

/// What a receipt or capsule is held against.
#[derive(Debug, Clone, Default)]
pub struct Against {
    /// A capsule or a case that a receipt is about.
    pub evidence: Option<PathBuf>,
}

/// The outcome of `verify`.
#[derive(Debug, serde::Serialize)]
pub struct Verified {
    /// What was checked.
    pub subject: Subject,
    /// What was found.
    #[serde(flatten)]
    pub report: Report,
    /// What this installation remembers of the case, if it was asked.
    pub standing: Option<&'static str>,
}

/// Says what a path is, by what is in it and not by its name.
pub fn subject(path: &Path) -> Result<Subject, DeskError> {
    let facts =
        fs::metadata(path).map_err(|source| DeskError::PathUnreadable { path: path.to_owned(), source })?;
    if facts.is_dir() {
        return if path.join("case.json").exists() || path.join("log").is_dir() {
            Ok(Subject::Case)
        } else if path.join("SHA256SUMS").exists() || path.join("custody").is_dir() {
            Ok(Subject::Package)
        } else {
            Err(DeskError::NotOurs(path.to_owned()))
        };
    }
    if !facts.is_file() {
        // A pipe can be read once only. What comes through one is a capsule, or found not to be.
        return Ok(Subject::Capsule);
    }
    let mut head = [0; 64];
    let count = open(path)?
        .read_at(&mut head, 0)
        .map_err(|source| DeskError::PathUnreadable { path: path.to_owned(), source })?;
    let head = head.get(..count).unwrap_or_default();
    if head.starts_with(b"age-encryption.org/") {
        Ok(Subject::Capsule)
    } else if head.starts_with("Quittung ".as_bytes()) || path.extension().is_some_and(|end| end == "receipt")
    {
        Ok(Subject::Receipt)
    } else {
        Err(DeskError::NotOurs(path.to_owned()))
    }
}

/// Checks what lies at `path`. A key is used where one helps; without it only the outside is compared.
pub fn verify(
    path: &Path,
    against: &Against,
    with: Option<&OpenWith<'_>>,
    progress: &dyn Progress,
) -> Result<Verified, DeskError> {
    let subject = subject(path)?;
    progress.begin(
        Stage::Verifying,
        size_below(path).checked_add(against.evidence.as_deref().map_or(0, size_below)),
    );
    let mut advance = |bytes| progress.advance(bytes);
    let report = match subject {
        Subject::Case => {
            let folder = DiskFolder::new(path);
            verify::verify_case(&CaseCheck { folder: &folder, with, limits: Limits::DEFAULT }, &mut advance)
        }
        Subject::Package => verify::verify_package(&DiskFolder::new(path), &mut advance),
        Subject::Capsule => {
            let file = open(path)?;
            verify::verify_capsule(&name(path), &file, with, CapsuleExpected::default(), &mut advance)
        }
        Subject::Receipt => receipt(path, against, &mut advance)?,
    };
    progress.end();
    Ok(Verified { subject, report, standing: None })
}

impl Desk<'_> {
    /// Adds what this installation remembers of a case: an older or parted copy cannot be told from the
    /// copy alone.
    pub fn remembered(&self, case: &crate::OpenCase) -> &'static str {
        match case.standing {
            Standing::Known => "known",
            Standing::Newer => "newer",
            Standing::Older => "older",
            Standing::Diverged => "diverged",
            Standing::ElsewhereCopy => "elsewhere-copy",
            Standing::First => "first",
        }
    }
}

fn receipt(path: &Path, against: &Against, progress: &mut dyn FnMut(u64)) -> Result<Report, DeskError> {
    let file = open(path)?;
    let bytes = verify::read_all(file.as_ref(), Limits::DEFAULT.receipt_bytes)
        .map_err(|source| DeskError::PathUnreadable { path: path.to_owned(), source })?;
    let text = String::from_utf8(bytes).map_err(|_| DeskError::NotOurs(path.to_owned()))?;
    let Some(evidence) = &against.evidence else {
        return Ok(verify::verify_receipt(&text, &ReceiptAgainst::Nothing, progress));
    };
    match subject(evidence)? {
        Subject::Case => {
            let folder = DiskFolder::new(evidence);
            Ok(verify::verify_receipt(&text, &ReceiptAgainst::Case(&folder), progress))
        }
        Subject::Capsule => {
            let name = name(evidence);
            Ok(verify::verify_receipt(&text, &ReceiptAgainst::Capsule(&name, open(evidence)?), progress))
        }
        Subject::Receipt | Subject::Package => Err(DeskError::NotOurs(evidence.clone())),
    }
}

fn open(path: &Path) -> Result<Arc<dyn ReadAt>, DeskError> {
    let opened = || -> io::Result<Arc<dyn ReadAt>> {
        if fs::metadata(path)?.is_file() {
            return Ok(Arc::new(DiskFile::open(&path.canonicalize()?)?));
        }
        // Its end says how long it must be, so a pipe is kept, sealed with a key in memory, before a byte
        // is believed.
        let mut spool = Spool::new(SPOOL_MEMORY_BYTES, Box::new(tempfile::tempfile));
        io::copy(&mut fs::File::open(path)?, &mut spool)?;
        Ok(Arc::new(spool.finish()?))
    };
    opened().map_err(|source| DeskError::PathUnreadable { path: path.to_owned(), source })
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Bytes below a path, for the progress only; what cannot be read counts nothing.
fn size_below(path: &Path) -> u64 {
    if path.is_dir() {
        let files = verify::Folder::files(&DiskFolder::new(path)).unwrap_or_default();
        return files.iter().map(|(_, size)| size).sum();
    }
    fs::metadata(path).map_or(0, |facts| facts.len())
}
