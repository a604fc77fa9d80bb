//! tar archives: the files of ustar, pax and GNU tar, each a part of the archive as it lies there.
//!
//! Follows POSIX.1-2017 (pax, "ustar Interchange Format") and the GNU tar manual, "Basic Tar Format". Links
//! are not followed and sparse files not put together: both are counted. After a header that is none, the
//! next one is looked for. Deliberately absent: volumes, and everything about owners and rights.

use std::io;
use std::sync::Arc;

use model::record::{Place, Problem, ProblemKind};
use model::{FileTime, ReadAt};

use super::bytes::{Window, read_at};
use super::same_names::tell_apart;
use super::unavailable::Unavailable;
use super::{Container, Opened, Opening};
use crate::tree::{Candidate, Child, Content, PartAt, Plain};

const BLOCK_BYTES: usize = 512;

/// No name or set of attributes is longer.
const EXTENSION_BYTES: u64 = 1 << 20;

/// The format.
pub(super) struct Tar;

impl Container for Tar {
    fn name(&self) -> &'static str {
        "tar"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.head().get(..BLOCK_BYTES).and_then(Header::parse).is_some()
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let entry = opening.tree.entry(opening.file);
        let Some(Ok(bytes)) = entry.map(|entry| entry.content().random()) else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the archive");
        };
        let mut walk = Walk {
            opening,
            bytes: &bytes,
            next: Next::default(),
            opened: Opened::default(),
            tally: Tally::default(),
        };
        if walk.run().is_err() {
            walk.opened.problems.push(opening.problem(ProblemKind::Unreadable, "bytes of the archive"));
        }
        walk.tell();
        let mut opened = walk.opened;
        tell_apart(&mut opened.children);
        opened
    }
}

/// What was there and is not among the files.
#[derive(Default)]
struct Tally {
    links: u64,
    specials: u64,
    sparse: u64,
    cut: u64,
    damaged: u64,
}

/// What extension headers say about the next file, and about all further ones.
#[derive(Default)]
struct Next {
    path: Option<Vec<u8>>,
    size_bytes: Option<u64>,
    real_bytes: Option<u64>,
    modified: Option<FileTime>,
    is_sparse: bool,
}

struct Walk<'w> {
    opening: &'w Opening<'w>,
    bytes: &'w Arc<dyn ReadAt>,
    next: Next,
    opened: Opened,
    tally: Tally,
}

impl Walk<'_> {
    fn run(&mut self) -> io::Result<()> {
        let mut window = Window::new(self.bytes);
        let mut offset = 0_u64;
        let mut is_lost = false;
        while self.opened.children.len() <= self.opening.entries_left {
            let block = window.get(offset, BLOCK_BYTES)?;
            if block.len() < BLOCK_BYTES {
                break;
            }
            let data = offset.saturating_add(BLOCK_BYTES as u64);
            let Some(header) = Header::parse(block) else {
                // Two blocks of zeros are the end; what else is no header is damage, once for each stretch.
                if block.iter().all(|byte| *byte == 0) {
                    if is_end(&mut window, data)? {
                        break;
                    }
                } else if !is_lost {
                    is_lost = true;
                    self.tally.damaged = self.tally.damaged.saturating_add(1);
                }
                offset = data;
                continue;
            };
            is_lost = false;
            let stored = self.take(&header, data)?;
            let blocks = stored.div_ceil(BLOCK_BYTES as u64);
            offset = data.saturating_add(blocks.saturating_mul(BLOCK_BYTES as u64));
        }
        Ok(())
    }

    /// Takes a header with what follows it; says how many bytes that is.
    fn take(&mut self, header: &Header, data: u64) -> io::Result<u64> {
        match header.kind {
            b'x' | b'g' | b'L' | b'K' => {
                self.take_extension(header, data)?;
                return Ok(header.size_bytes);
            }
            _ => {}
        }
        let next = std::mem::take(&mut self.next);
        let stored = next.size_bytes.unwrap_or(header.size_bytes);
        match header.kind {
            b'1' | b'2' => {
                self.tally.links = self.tally.links.saturating_add(1);
                // A link has no data, whatever it says; pax may keep the data of a hard link.
                return Ok(if header.kind == b'1' { stored } else { 0 });
            }
            b'3' | b'4' | b'6' => self.tally.specials = self.tally.specials.saturating_add(1),
            b'5' | b'D' | b'V' => {}
            _ => self.add_file(header, &next, data, stored),
        }
        Ok(stored)
    }

    fn add_file(&mut self, header: &Header, next: &Next, data: u64, stored: u64) {
        let path = label(next.path.as_deref().unwrap_or(&header.path));
        if path.ends_with('/') || path.is_empty() {
            return;
        }
        if data.saturating_add(stored) > self.bytes.size_bytes() {
            self.tally.cut = self.tally.cut.saturating_add(1);
        }
        let content: Arc<dyn Content> = if header.kind == b'S' || next.is_sparse {
            self.tally.sparse = self.tally.sparse.saturating_add(1);
            Arc::new(Unavailable::of_size(next.real_bytes.or(header.real_bytes).unwrap_or(stored)))
        } else {
            Arc::new(Plain(Arc::new(PartAt::new(Arc::clone(self.bytes), data, stored))))
        };
        let modified = next.modified.or(header.modified);
        self.opened.children.push(Child { path, modified, stored_sha256: None, content });
    }

    fn take_extension(&mut self, header: &Header, data: u64) -> io::Result<()> {
        if header.size_bytes > EXTENSION_BYTES {
            self.tally.damaged = self.tally.damaged.saturating_add(1);
            return Ok(());
        }
        let body = read_at(&**self.bytes, data, usize::try_from(header.size_bytes).unwrap_or(0))?;
        match header.kind {
            b'L' => self.next.path = Some(until_nul(&body).to_vec()),
            b'x' => self.next.take_attributes(&body),
            // Global attributes name no file, and the names of links are not needed.
            _ => {}
        }
        Ok(())
    }

    fn tell(&mut self) {
        use ProblemKind::{Damaged, Truncated, Unsupported};
        let tally = &self.tally;
        let all = [
            (tally.links, Unsupported, "files instead of links", ""),
            (tally.specials, Unsupported, "files instead of devices and pipes", ""),
            (tally.sparse, Unsupported, "files without holes", "names and sizes"),
            (tally.cut, Truncated, "the whole of the file", "its beginning"),
            (tally.damaged, Damaged, "a header of the archive", "what follows"),
        ];
        for (units, kind, expected, kept) in all.into_iter().filter(|(units, ..)| *units > 0) {
            let (expected, kept) = (expected.to_owned(), kept.to_owned());
            let file = self.opening.file;
            self.opened.problems.push(Problem { file, place: Place::Whole, kind, expected, kept, units });
        }
    }
}

fn is_end(window: &mut Window, offset: u64) -> io::Result<bool> {
    Ok(window.get(offset, BLOCK_BYTES)?.iter().all(|byte| *byte == 0))
}

/// A name as a path; a leading `./` says nothing.
fn label(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

impl Next {
    /// `length key=value\n`, again and again.
    fn take_attributes(&mut self, body: &[u8]) {
        let mut rest = body;
        while let Some((key, value, after)) = attribute(rest) {
            rest = after;
            let text = std::str::from_utf8(value).unwrap_or_default();
            match key {
                b"path" | b"GNU.sparse.name" => self.path = Some(value.to_vec()),
                b"size" => self.size_bytes = text.parse().ok(),
                b"mtime" => self.modified = file_time(text),
                b"GNU.sparse.realsize" | b"GNU.sparse.size" => self.real_bytes = text.parse().ok(),
                _ => {}
            }
            self.is_sparse |= key.starts_with(b"GNU.sparse.");
        }
    }
}

fn attribute(body: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = memchr::memchr(b' ', body)?;
    let length: usize = std::str::from_utf8(body.get(..space)?).ok()?.parse().ok()?;
    let (record, after) = body.split_at_checked(length)?;
    let pair = record.get(space.checked_add(1)?..)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', pair)?;
    Some((pair.get(..equals)?, pair.get(equals.checked_add(1)?..)?, after))
}

/// Decimal seconds with a fraction.
fn file_time(text: &str) -> Option<FileTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = whole.parse().ok()?;
    let digits: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
    let nanoseconds: u32 = digits.parse().ok()?;
    if whole.starts_with('-') && nanoseconds > 0 {
        let nanoseconds = 1_000_000_000_u32.checked_sub(nanoseconds)?;
        return Some(FileTime { seconds: seconds.checked_sub(1)?, nanoseconds });
    }
    Some(FileTime { seconds, nanoseconds })
}

/// One block that describes a file.
struct Header {
    path: Vec<u8>,
    size_bytes: u64,
    /// The size with the holes, for sparse files of GNU tar.
    real_bytes: Option<u64>,
    modified: Option<FileTime>,
    kind: u8,
}

impl Header {
    fn parse(block: &[u8]) -> Option<Self> {
        let sum_field = block.get(148..156)?;
        let all: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        let own: u64 = sum_field.iter().map(|byte| u64::from(*byte)).sum();
        let sum = all.checked_sub(own)?.checked_add(8 * u64::from(b' '))?;
        if number(sum_field)? != sum {
            return None;
        }
        let kind = *block.get(156)?;
        let name = until_nul(block.get(..100)?);
        let is_posix = block.get(257..263)? == b"ustar\0";
        let prefix = if is_posix { until_nul(block.get(345..500)?) } else { &[] };
        let path = if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() };
        let seconds = number(block.get(136..148)?).and_then(|seconds| i64::try_from(seconds).ok());
        Some(Self {
            path,
            size_bytes: number(block.get(124..136)?)?,
            real_bytes: number(block.get(483..495)?),
            modified: seconds.map(|seconds| FileTime { seconds, nanoseconds: 0 }),
            kind,
        })
    }
}

/// Octal digits between spaces and zeros, or, with the highest bit set, a number in base 256.
fn number(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        let (high, low) = field.split_at_checked(field.len().checked_sub(8)?)?;
        let is_small = high.iter().enumerate().all(|(at, byte)| *byte == if at == 0 { 0x80 } else { 0 });
        return is_small.then(|| low.try_into().ok().map(u64::from_be_bytes)).flatten();
    }
    let digits = until_nul(field);
    let text = std::str::from_utf8(digits).ok()?.trim_matches(' ');
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}
