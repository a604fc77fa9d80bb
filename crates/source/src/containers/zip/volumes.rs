//! The files that one zip archive lies in: one, numbered pieces (`.zip.001` …), or volumes (`.z01` …
//! `.zip`).
//!
//! Pieces are the archive cut anywhere and numbered; volumes are APPNOTE.TXT 6.3.10, 8: the directory says
//! on which "disk" a member begins. Volumes that are not there are named; members in those that are stay
//! readable.

use std::sync::Arc;

use model::ReadAt;
use model::record::FileNumber;

use super::super::Opening;
use super::super::bytes::{Joined, read_at};
use crate::tree::{Candidate, Tree};

/// The end record with the longest comment.
pub(super) const END_BYTES: usize = 22 + 0xffff;

/// More volumes than this are not looked for.
const MOST_VOLUMES: u32 = 10_000;

/// The bytes of an archive, wherever they lie.
pub(super) struct Volumes {
    /// All of it, one volume after the other.
    pub(super) bytes: Arc<dyn ReadAt>,
    /// Where each disk begins; none where it is missing. Empty: there is but one.
    pub(super) starts: Vec<Option<u64>>,
    /// The other files.
    pub(super) takes: Vec<FileNumber>,
    /// What is missing of the files, if something is.
    pub(super) missing: Option<String>,
}

impl Volumes {
    /// Looks for the files beside this one. None if its bytes cannot be had.
    pub(super) fn gather(opening: &Opening<'_>) -> Option<Self> {
        let entry = opening.tree.entry(opening.file)?;
        let own = entry.content().random().ok()?;
        let name = entry.name();
        if let Some(stem) = name.strip_suffix(".001") {
            return Some(Self::pieces(opening, own, stem));
        }
        let disks = last_disk(&*own).map_or(1, |last| last.saturating_add(1));
        match strip_zip(name) {
            Some(stem) if (2..=MOST_VOLUMES).contains(&disks) => Some(Self::disks(opening, own, stem, disks)),
            _ => Some(Self { bytes: own, starts: Vec::new(), takes: Vec::new(), missing: None }),
        }
    }

    fn pieces(opening: &Opening<'_>, own: Arc<dyn ReadAt>, stem: &str) -> Self {
        let mut files = vec![own];
        let mut takes = Vec::new();
        for number in 2..=MOST_VOLUMES {
            let name = format!("{stem}.{number:03}");
            let Some((file, bytes)) = sibling(opening, &name) else { break };
            takes.push(file);
            files.push(bytes);
        }
        Self { bytes: Arc::new(Joined::new(files)), starts: Vec::new(), takes, missing: None }
    }

    fn disks(opening: &Opening<'_>, own: Arc<dyn ReadAt>, stem: &str, disks: u32) -> Self {
        let mut files = Vec::new();
        let mut takes = Vec::new();
        let mut starts = Vec::new();
        let mut begin = 0_u64;
        let mut absent = 0_u32;
        for number in 1..disks {
            let small = sibling(opening, &format!("{stem}.z{number:02}"));
            let found = small.or_else(|| sibling(opening, &format!("{stem}.Z{number:02}")));
            let Some((file, bytes)) = found else {
                absent = absent.saturating_add(1);
                starts.push(None);
                continue;
            };
            starts.push(Some(begin));
            begin = begin.saturating_add(bytes.size_bytes());
            takes.push(file);
            files.push(bytes);
        }
        starts.push(Some(begin));
        files.push(own);
        let missing = (absent > 0).then(|| format!("all {disks} volumes; {absent} are not there"));
        Self { bytes: Arc::new(Joined::new(files)), starts, takes, missing }
    }

    /// The offset in all bytes of a place on a disk; none if that disk is missing.
    pub(super) fn place(&self, disk: u32, offset: u64) -> Option<u64> {
        if self.starts.is_empty() {
            return Some(offset);
        }
        let start = usize::try_from(disk).ok().and_then(|at| self.starts.get(at)).copied().flatten()?;
        start.checked_add(offset)
    }
}

fn sibling(opening: &Opening<'_>, name: &str) -> Option<(FileNumber, Arc<dyn ReadAt>)> {
    let file = opening.tree.sibling(opening.file, name)?;
    let entry = opening.tree.entry(file)?;
    if entry.taken_by().is_some() || entry.opened_as().is_some() {
        return None;
    }
    Some((file, entry.content().random().ok()?))
}

/// The number of the last disk, if there is an end record that tells.
fn last_disk(bytes: &dyn ReadAt) -> Option<u32> {
    let tail = tail(bytes).ok()?;
    let at = end_record(&tail)?;
    let number = tail.get(at..)?.get(4..6)?.try_into().ok().map(u16::from_le_bytes)?;
    Some(u32::from(number)).filter(|number| *number != 0xffff)
}

/// The last bytes, in which an end record lies if there is one.
pub(super) fn tail(bytes: &dyn ReadAt) -> std::io::Result<Vec<u8>> {
    read_at(bytes, bytes.size_bytes().saturating_sub(END_BYTES as u64), END_BYTES)
}

/// Where the end record begins in the last bytes: the last one whose comment fits.
pub(super) fn end_record(tail: &[u8]) -> Option<usize> {
    memchr::memmem::rfind_iter(tail, b"PK\x05\x06").find(|at| {
        let comment = tail.get(*at..).and_then(|record| record.get(20..22)?.try_into().ok());
        let Some(comment) = comment.map(u16::from_le_bytes) else { return false };
        at.saturating_add(22).saturating_add(usize::from(comment)) <= tail.len()
    })
}

/// Whether an end record lies at the end of the file.
pub(super) fn has_end(candidate: &Candidate<'_>) -> bool {
    let bytes = candidate.entry().content().random();
    bytes.and_then(|bytes| tail(&*bytes)).is_ok_and(|tail| end_record(&tail).is_some())
}

/// Whether this is the first volume of an archive whose last one, with the directory, is not there.
pub(super) fn is_orphan(candidate: &Candidate<'_>) -> bool {
    let name = candidate.entry().name();
    let Some(stem) = name.strip_suffix(".z01").or_else(|| name.strip_suffix(".Z01")) else { return true };
    let is_there = |tree: &Tree, name: String| tree.sibling(candidate.number(), &name).is_some();
    !["zip", "ZIP", "Zip"].iter().any(|ending| is_there(candidate.tree(), format!("{stem}.{ending}")))
}

fn strip_zip(name: &str) -> Option<&str> {
    ["zip", "ZIP", "Zip"].iter().find_map(|ending| name.strip_suffix(ending)?.strip_suffix('.'))
}
