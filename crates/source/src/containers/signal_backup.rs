//! Backups of Signal on Android of the first kind (`signal-….backup`), header versions 0 and 1: the frames
//! as plaintext, and every attachment, avatar and sticker as a file.
//!
//! Layout from Backups.proto of signalapp/Signal-Android and read back with signalbackup-tools 2876846. One
//! pass over the frames lists what there is; blobs are passed over and decrypted when they are read.
//! Deliberately absent: what the frames say (a reader's work), and the folders of the second kind.

mod blob;
mod frames;

use std::io::{self, Read};
use std::sync::Arc;

use model::ReadAt;
use model::record::{Place, Problem, ProblemKind};
use seal::foreign::{SignalBackupKeys, signal_passphrase_key};

use super::same_names::tell_apart;
use super::{Container, Opened, Opening};
use crate::tree::{Candidate, Child, Content, Unpacked};
use frames::{Blob, Check, FrameStream, Frames, Header, MAC_BYTES, Next};

/// The format.
pub(super) struct SignalBackup;

impl Container for SignalBackup {
    fn name(&self) -> &'static str {
        "signal_backup"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        // The frames as plaintext begin with the same header.
        let container = candidate.entry().container().and_then(|number| candidate.tree().entry(number));
        let is_frames = candidate.entry().name() == "signal.frames"
            || container.is_some_and(|container| container.opened_as() == Some(self.name()));
        !is_frames && Header::parse(candidate.head()).is_some()
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(candidate) = Candidate::new(opening.tree, opening.file) else { return Opened::default() };
        let Ok(bytes) = candidate.entry().content().random() else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the backup");
        };
        let Some(header) = Header::parse(candidate.head()) else {
            return opening.failed(ProblemKind::Damaged, "the header of the backup");
        };
        let backup = match unlock(opening, &bytes, &header) {
            Ok(keys) => Arc::new(Backup { bytes, keys, header, most_bytes: opening.limits.unit_bytes }),
            Err((kind, expected)) => return opening.failed(kind, expected),
        };
        let mut listing = Listing::default();
        if listing.run(&backup, opening).is_err() {
            listing.problem(opening, ProblemKind::Unreadable, "bytes of the backup", 1);
        }
        let size_bytes = frames::header_bytes(&backup.header).saturating_add(listing.frame_bytes);
        // Where every frame fitted, comparing again with each reading would only cost.
        let check = if listing.opened.problems.is_empty() { Check::Done } else { Check::Each };
        let mut opened = listing.opened;
        opened.children.push(child(opening, "frames".to_owned(), size_bytes, move || {
            Ok(Box::new(FrameStream::new(backup.frames(check))))
        }));
        tell_apart(&mut opened.children);
        opened
    }
}

/// A backup with its keys.
struct Backup {
    bytes: Arc<dyn ReadAt>,
    keys: Arc<SignalBackupKeys>,
    header: Header,
    most_bytes: u64,
}

impl Backup {
    fn frames(&self, check: Check) -> Frames {
        Frames::new(&self.bytes, &self.keys, &self.header, self.most_bytes, check)
    }
}

/// The keys of the first passphrase under which the first frame fits.
fn unlock(
    opening: &Opening<'_>,
    bytes: &Arc<dyn ReadAt>,
    header: &Header,
) -> Result<Arc<SignalBackupKeys>, (ProblemKind, &'static str)> {
    let mut has_passphrase = false;
    for digits in opening.keys.iter() {
        let Ok(keys) = signal_passphrase_key(digits, &header.salt) else { continue };
        has_passphrase = true;
        let keys = Arc::new(keys);
        let mut frames = Frames::new(bytes, &keys, header, opening.limits.unit_bytes, Check::Each);
        if matches!(frames.next(), Ok(Next::Frame(_) | Next::Bad)) {
            return Ok(keys);
        }
    }
    let kind = if has_passphrase { ProblemKind::WrongKey } else { ProblemKind::NeedsKey };
    Err((kind, "the passphrase of 30 digits"))
}

/// What the pass over the frames finds.
#[derive(Default)]
struct Listing {
    opened: Opened,
    frame_bytes: u64,
    bad: u64,
}

impl Listing {
    fn run(&mut self, backup: &Arc<Backup>, opening: &Opening<'_>) -> io::Result<()> {
        let mut frames = backup.frames(Check::Each);
        let mut cut = 0_u64;
        loop {
            match frames.next()? {
                Next::Frame(frame) => {
                    let bytes = (frame.message.len() as u64).saturating_add(4);
                    self.frame_bytes = self.frame_bytes.saturating_add(bytes);
                    if let Some(blob) = frame.blob {
                        cut = cut.saturating_add(u64::from(is_cut(backup, &blob)));
                        if self.opened.children.len() <= opening.entries_left {
                            self.opened.children.push(blob_child(opening, backup, blob));
                        }
                    }
                    if frame.is_end {
                        break;
                    }
                }
                Next::Bad => self.bad = self.bad.saturating_add(1),
                Next::Lost => {
                    self.problem(opening, ProblemKind::Damaged, "a frame that fits its check value", 1);
                    break;
                }
                Next::Cut => {
                    self.problem(opening, ProblemKind::Truncated, "the last frame of the backup", 1);
                    break;
                }
                Next::End => break,
            }
        }
        self.problem(opening, ProblemKind::Damaged, "frames that fit their check values", self.bad);
        self.problem(opening, ProblemKind::Truncated, "the whole of an attachment", cut);
        Ok(())
    }

    fn problem(&mut self, opening: &Opening<'_>, kind: ProblemKind, expected: &str, units: u64) {
        if units > 0 {
            let (expected, kept) = (expected.to_owned(), "all other frames".to_owned());
            self.opened.problems.push(Problem {
                file: opening.file,
                place: Place::Whole,
                kind,
                expected,
                kept,
                units,
            });
        }
    }
}

fn is_cut(backup: &Backup, blob: &Blob) -> bool {
    let end = blob.offset.saturating_add(blob.length).saturating_add(MAC_BYTES);
    end > backup.bytes.size_bytes()
}

fn blob_child(opening: &Opening<'_>, backup: &Arc<Backup>, blob: Blob) -> Child {
    let backup = Arc::clone(backup);
    child(opening, blob.path.clone(), blob.length, move || {
        blob::open(&backup.bytes, &backup.keys, &backup.header, &blob)
    })
}

fn child(
    opening: &Opening<'_>,
    path: String,
    size_bytes: u64,
    open: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
) -> Child {
    let most_bytes = opening.limits.unpacked_bytes;
    let content: Arc<dyn Content> =
        Arc::new(Unpacked::new(size_bytes, most_bytes, opening.spools, Box::new(open)));
    Child { path, modified: None, stored_sha256: None, content }
}
