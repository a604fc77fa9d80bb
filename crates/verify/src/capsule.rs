//! One capsule: its sealed bytes against a SHA-256, and, with a key, every file in it.

use std::sync::Arc;

use bag::check_stream;
use model::{Digest, ReadAt};
use seal::{OpenWith, Opened, SealError, Sha256, Spool};

use crate::report::{Fact, Opening, ProblemKind, Report};

const SPOOL_MEMORY_BYTES: usize = 4 << 20;

/// What an entry or a receipt says a capsule must be.
#[derive(Debug, Clone, Copy, Default)]
pub struct CapsuleExpected {
    /// SHA-256 of the sealed file.
    pub sha256: Option<Digest>,
    /// Size of the sealed file.
    pub size_bytes: Option<u64>,
    /// Root of the file tree.
    pub root: Option<Digest>,
}

/// Checks one capsule. With a key the sealed bytes are read once, for both checks. `progress` gets bytes
/// read.
pub fn verify_capsule(
    name: &str,
    file: &Arc<dyn ReadAt>,
    with: Option<&OpenWith<'_>>,
    expected: CapsuleExpected,
    progress: &mut dyn FnMut(u64),
) -> Report {
    let mut report = Report::default();
    if let Some(size_bytes) = expected.size_bytes.filter(|&size| size != file.size_bytes()) {
        let kind = if file.size_bytes() < size_bytes { ProblemKind::Truncated } else { ProblemKind::Changed };
        report.problem(kind, format!("{name}:{}", file.size_bytes().min(size_bytes)));
    }
    let opened = with.map(|with| open_and_check(name, file, with, expected, &mut report, progress));
    let sha256 = match opened.flatten() {
        Some(sha256) => Some(sha256),
        None => hash(file.as_ref(), progress).map_err(|_| report.problem(ProblemKind::Unreadable, name)).ok(),
    };
    if let Some(sha256) = sha256 {
        if expected.sha256.is_some_and(|expected| expected != sha256) {
            report.problem(ProblemKind::Changed, name);
        }
        if report.unchanged() && (expected.sha256.is_some() || with.is_some()) {
            let opened = if with.is_some() { Opening::Opened } else { Opening::Sealed };
            report.fact(Fact::CapsuleUnchanged { name: name.to_owned(), sha256, opened });
        }
    }
    report
}

/// Opens the capsule, checks its bag, and gives the SHA-256 of the sealed bytes if all of them were read
/// on the way.
fn open_and_check(
    name: &str,
    file: &Arc<dyn ReadAt>,
    with: &OpenWith<'_>,
    expected: CapsuleExpected,
    report: &mut Report,
    progress: &mut dyn FnMut(u64),
) -> Option<Digest> {
    let opened = match Opened::new(Arc::clone(file), with) {
        Ok(opened) => opened,
        Err(error) => {
            report.problem(seal_problem(&error), name);
            return None;
        }
    };
    let mut stream = opened.stream();
    let mut counted = Counted { inner: &mut stream, progress };
    let Ok(checked) = check_stream(&mut counted, &mut spool, &mut |_, _| {}) else {
        report.problem(stream.finish().err().as_ref().map_or(ProblemKind::Unreadable, seal_problem), name);
        return None;
    };
    for problem in &checked.problems.listed {
        report.problem(ProblemKind::BagDamaged, format!("{name}/{}", problem.path));
    }
    if expected.root.is_some_and(|root| Some(root) != checked.root) {
        report.problem(ProblemKind::TreeDiffers, name);
    }
    match stream.finish() {
        Ok(sha256) => Some(sha256),
        Err(error) => {
            report.problem(seal_problem(&error), name);
            None
        }
    }
}

/// SHA-256 of a whole file, read in order.
pub(crate) fn hash(file: &dyn ReadAt, progress: &mut dyn FnMut(u64)) -> std::io::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut offset = 0;
    loop {
        let count = file.read_at(&mut buffer, offset)?;
        if count == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
        offset += count as u64;
        progress(count as u64);
    }
}

pub(crate) fn seal_problem(error: &SealError) -> ProblemKind {
    match error {
        SealError::Truncated => ProblemKind::Truncated,
        SealError::WrongKey => ProblemKind::DoesNotOpen,
        SealError::Io(_) => ProblemKind::Unreadable,
        _ => ProblemKind::Changed,
    }
}

/// Lists of a capsule that do not fit into memory go to a nameless temporary file, sealed with a key that
/// is only in memory.
fn spool() -> Spool {
    Spool::new(SPOOL_MEMORY_BYTES, Box::new(tempfile::tempfile))
}

struct Counted<'a, R> {
    inner: R,
    progress: &'a mut dyn FnMut(u64),
}

impl<R: std::io::Read> std::io::Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        (self.progress)(count as u64);
        Ok(count)
    }
}
