//! Backups of `adb backup` (`.ab`), versions 1 to 5, plain, compressed and encrypted: one tar archive
//! inside.
//!
//! Follows BackupManagerService of Android and nelenkov/android-backup-extractor 14bce42 (read 2026-11):
//! lines of text, then the archive, compressed with zlib, then encrypted. The archive comes as `backup.tar`
//! and opens as one. Deliberately absent: what single apps put into it.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::ZlibDecoder;
use model::ReadAt;
use model::record::ProblemKind;
use seal::foreign::{AndroidBackupHeader, AndroidBackupKey, CbcEnding, CbcView, ForeignError, Padding, Part};

use super::{Container, Opened, Opening};
use crate::tree::{Candidate, Child, Content, PartAt, Plain, ReadFrom, Unpacked};

const MAGIC: &[u8] = b"ANDROID BACKUP\n";

/// The format.
pub(super) struct AndroidBackup;

impl Container for AndroidBackup {
    fn name(&self) -> &'static str {
        "android_backup"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.begins_with(MAGIC)
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(candidate) = Candidate::new(opening.tree, opening.file) else { return Opened::default() };
        let Ok(bytes) = candidate.entry().content().random() else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the backup");
        };
        let Some(head) = Head::parse(candidate.head()) else {
            return opening.failed(ProblemKind::Damaged, "the lines at the head of the backup");
        };
        if !(1..=5).contains(&head.version) {
            return opening.failed(ProblemKind::Unsupported, "version 1 to 5 of the backup");
        }
        let mut opened = Opened::default();
        let payload = match &head.lock {
            None => Arc::new(PartAt::new(bytes, head.payload_offset, u64::MAX)),
            Some(lock) => match unlocked(opening, lock).and_then(|key| decrypted(&bytes, &head, &key)) {
                Ok((view, ending)) => {
                    if ending == Ending::Cut {
                        let mut problem =
                            opening.problem(ProblemKind::Truncated, "padding at the end of the backup");
                        "everything before".clone_into(&mut problem.kept);
                        opened.problems.push(problem);
                    }
                    view
                }
                Err((kind, expected)) => return opening.failed(kind, expected),
            },
        };
        opened.children.push(archive(opening, payload, &head));
        opened
    }
}

/// The lines at the head.
struct Head {
    version: u32,
    is_compressed: bool,
    lock: Option<AndroidBackupHeader>,
    payload_offset: u64,
}

impl Head {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = Lines { rest: bytes.strip_prefix(MAGIC)?, done: MAGIC.len() };
        let (version, compression, encryption) = (lines.next()?, lines.next()?, lines.next()?);
        let mut all = vec![version, compression, encryption];
        let lock = if encryption == "none" {
            None
        } else {
            for _ in 0..5 {
                all.push(lines.next()?);
            }
            Some(AndroidBackupHeader::parse(&all).ok()?)
        };
        Some(Self {
            version: version.parse().ok()?,
            is_compressed: compression == "1",
            lock,
            payload_offset: lines.done as u64,
        })
    }
}

struct Lines<'a> {
    rest: &'a [u8],
    done: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let end = memchr::memchr(b'\n', self.rest)?;
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(1..)?;
        self.done = self.done.saturating_add(end).saturating_add(1);
        std::str::from_utf8(line).ok()
    }
}

type Failed = (ProblemKind, &'static str);

fn unlocked(opening: &Opening<'_>, lock: &AndroidBackupHeader) -> Result<AndroidBackupKey, Failed> {
    if opening.keys.is_empty() {
        return Err((ProblemKind::NeedsKey, "the password of the backup"));
    }
    for password in opening.keys.iter() {
        match lock.unlock(password, opening.limits.key_rounds) {
            Ok(key) => return Ok(key),
            Err(ForeignError::WrongKey) => {}
            Err(ForeignError::TooManyRounds { .. }) => {
                return Err((ProblemKind::Limit, "fewer rounds of key derivation"));
            }
            Err(_) => return Err((ProblemKind::Damaged, "the lines at the head of the backup")),
        }
    }
    Err((ProblemKind::WrongKey, "the password of the backup"))
}

/// Whether the padding at the end was there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    Cut,
}

fn decrypted(
    bytes: &Arc<dyn ReadAt>,
    head: &Head,
    key: &AndroidBackupKey,
) -> Result<(Arc<dyn ReadAt>, Ending), Failed> {
    let view = |length: u64, padding| {
        let part = Part::new(Arc::clone(bytes), head.payload_offset, length)?;
        CbcView::new(&key.key, &key.iv, part, CbcEnding::Padding(padding))
    };
    let length = bytes.size_bytes().saturating_sub(head.payload_offset);
    if let Ok(view) = view(length, Padding::Pkcs7) {
        return Ok((Arc::new(view), Ending::Whole));
    }
    let whole_blocks = length.saturating_sub(length % 16);
    match view(whole_blocks, Padding::None) {
        Ok(view) => Ok((Arc::new(view), Ending::Cut)),
        Err(_) => Err((ProblemKind::Unreadable, "bytes of the backup")),
    }
}

fn archive(opening: &Opening<'_>, payload: Arc<dyn ReadAt>, head: &Head) -> Child {
    let content: Arc<dyn Content> = if head.is_compressed {
        let open = move || -> io::Result<Box<dyn Read + Send>> {
            Ok(Box::new(ZlibDecoder::new(ReadFrom::new(Arc::clone(&payload)))))
        };
        // How large it gets is said nowhere.
        Arc::new(Unpacked::new(0, opening.limits.unpacked_bytes, opening.spools, Box::new(open)))
    } else {
        Arc::new(Plain(payload))
    };
    Child { path: "backup.tar".to_owned(), modified: None, stored_sha256: None, content }
}
