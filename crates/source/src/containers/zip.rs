//! Zip archives: stored, deflate, deflate64, bzip2 and LZMA, with and without password, in one file or
//! split.
//!
//! Follows PKWARE's APPNOTE.TXT 6.3.10 and WinZip's "AES Encryption Information" 1.04. What the central
//! directory says counts; where there is none, the local headers are walked. Names are labels and become no
//! paths. Deliberately absent: strong encryption of PKWARE, encrypted directories, the oldest methods
//! (shrink, reduce, implode), and archives that are documents or programs of their own (docx, odt, epub, apk
//! …), which stay one file.

mod directory;
mod local;
mod member;
mod names;
mod volumes;

use std::sync::Arc;

use model::record::{Place, Problem, ProblemKind};

use super::same_names::tell_apart;
use super::{Container, Opened, Opening};
use crate::tree::{Candidate, Child};
use directory::{Directory, Member};
use member::{Archive, Openable};
use volumes::Volumes;

/// How many members with a password are tried when the archive is opened; the others when they are read.
const TRIED: usize = 256;

/// The format.
pub(super) struct Zip;

impl Container for Zip {
    fn name(&self) -> &'static str {
        "zip"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let head = candidate.head();
        if head.starts_with(b"PK\x03\x04") {
            return !is_document(candidate);
        }
        if head.starts_with(b"PK\x07\x08PK\x03\x04") {
            return volumes::is_orphan(candidate);
        }
        head.starts_with(b"PK\x05\x06")
            || head.starts_with(b"PK00PK\x03\x04")
            || (matches!(candidate.entry().extension().as_str(), "zip" | "exe")
                && volumes::has_end(candidate))
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(volumes) = Volumes::gather(opening) else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the archive");
        };
        let Ok(found) = directory::read(&volumes, opening.entries_left) else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the archive");
        };
        let archive = Arc::new(Archive::new(Arc::clone(&volumes.bytes), opening.keys));
        let mut opened = list(opening, &archive, found, &volumes);
        opened
            .problems
            .splice(0..0, volumes.missing.map(|expected| opening.problem(ProblemKind::Truncated, &expected)));
        opened.takes = volumes.takes;
        tell_apart(&mut opened.children);
        opened
    }
}

/// What of the members could not be offered as it should.
#[derive(Default)]
struct Tally {
    disagreeing: u64,
    broken: u64,
    unsupported: u64,
    encrypted: u64,
    tried: usize,
    closed: u64,
}

fn list(opening: &Opening<'_>, archive: &Arc<Archive>, found: Directory, volumes: &Volumes) -> Opened {
    let mut tally = Tally::default();
    let mut children = Vec::with_capacity(found.members.len());
    let mut spans = Vec::with_capacity(found.members.len());
    let mut headers = local::Headers::new(&archive.bytes);
    for member in found.members {
        let data = headers.data_of(&member);
        match &data {
            Ok(data) if !data.agrees => tally.disagreeing = tally.disagreeing.saturating_add(1),
            Ok(_) => {}
            Err(_) => tally.broken = tally.broken.saturating_add(1),
        }
        if let Ok(data) = &data {
            let end = data.offset.saturating_add(member.packed_bytes);
            spans.push((member.header_offset.unwrap_or(0), end));
        }
        children.push(child(opening, archive, member, data.ok().map(|data| data.offset), &mut tally));
    }
    let mut problems =
        found.problems.into_iter().map(|(kind, expected)| opening.problem(kind, &expected)).collect();
    // Where a volume is missing, what lies behind it moves up.
    let overlapping = if volumes.missing.is_some() { 0 } else { overlaps(spans) };
    tell(opening, &tally, overlapping, &mut problems);
    Opened { children, problems, ..Opened::default() }
}

fn child(
    opening: &Opening<'_>,
    archive: &Arc<Archive>,
    member: Member,
    data_offset: Option<u64>,
    tally: &mut Tally,
) -> Child {
    let openable = Openable::new(archive, &member, data_offset);
    match &openable {
        Some(openable) if openable.is_locked() => {
            tally.encrypted = tally.encrypted.saturating_add(1);
            if tally.tried < TRIED {
                tally.tried = tally.tried.saturating_add(1);
                tally.closed = tally.closed.saturating_add(u64::from(!openable.opens_with_a_key()));
            }
        }
        None if data_offset.is_some() => tally.unsupported = tally.unsupported.saturating_add(1),
        _ => {}
    }
    let content = member::content(openable, member.size_bytes, opening.limits.unpacked_bytes, opening.spools);
    Child { path: member.name, modified: member.modified, stored_sha256: None, content }
}

/// How many members lie over others, as in a bomb or behind a second directory.
fn overlaps(mut spans: Vec<(u64, u64)>) -> u64 {
    spans.sort_unstable();
    let mut reached = 0;
    let mut count = 0_u64;
    for (begin, end) in spans {
        count = count.saturating_add(u64::from(begin < reached));
        reached = reached.max(end);
    }
    count
}

fn tell(opening: &Opening<'_>, tally: &Tally, overlapping: u64, problems: &mut Vec<Problem>) {
    let mut add = |units: u64, kind, expected: &str, kept: &str| {
        if units > 0 {
            let (expected, kept) = (expected.to_owned(), kept.to_owned());
            problems.push(Problem { file: opening.file, place: Place::Whole, kind, expected, kept, units });
        }
    };
    add(
        tally.disagreeing,
        ProblemKind::Damaged,
        "local headers that say what the directory says",
        "members as the directory says",
    );
    add(tally.broken, ProblemKind::Damaged, "a local header where the directory says", "names and sizes");
    add(
        overlapping,
        ProblemKind::Damaged,
        "members that do not lie over each other",
        "members as the directory says",
    );
    add(
        tally.unsupported,
        ProblemKind::Unsupported,
        "a method of packing or encryption that is read",
        "names and sizes",
    );
    // With keys, some members were tried; if none of them opened, none will.
    let all_closed = tally.closed > 0 && tally.closed == tally.tried as u64;
    if opening.keys.is_empty() {
        add(tally.encrypted, ProblemKind::NeedsKey, "the password of the archive", "names and sizes");
    } else if all_closed {
        add(tally.encrypted, ProblemKind::WrongKey, "the password of the archive", "names and sizes");
    } else {
        add(tally.closed, ProblemKind::WrongKey, "the password of each member", "names and sizes");
    }
}

/// Documents and programs that happen to be zip archives.
fn is_document(candidate: &Candidate<'_>) -> bool {
    const ENDINGS: [&str; 16] = [
        "docx", "docm", "dotx", "xlsx", "xlsm", "pptx", "pptm", "odt", "ods", "odp", "odg", "epub", "apk",
        "jar", "aar", "ipa",
    ];
    if ENDINGS.contains(&candidate.entry().extension().as_str()) {
        return true;
    }
    let length =
        candidate.head().get(26..28).and_then(|two| two.try_into().ok()).map_or(0, u16::from_le_bytes);
    let name = candidate.head().get(30..).and_then(|rest| rest.get(..usize::from(length)));
    matches!(name, Some(b"[Content_Types].xml" | b"mimetype" | b"AndroidManifest.xml"))
}
