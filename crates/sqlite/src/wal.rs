//! The write-ahead log: which of its frames take the place of pages of the database.
//!
//! Follows "The Write-Ahead Log" of the file format document: a frame counts when its salts are those of the
//! log's header, the checksum over all frames up to it is right, and a commit frame stands at or after it.
//! The index in shared memory (`-shm`) is not looked at; it can be made from the log at any time.

use std::collections::HashMap;
use std::io;

use model::ReadAt;

use crate::bytes::u32_at;
use crate::header::is_page_size;

/// Length of the log's header.
const HEADER_BYTES: usize = 32;
/// Length of the header of a frame, in front of its page.
pub(crate) const FRAME_HEADER_BYTES: u64 = 24;
/// The magic number; its last bit says that checksums read numbers high byte first.
const MAGIC: u32 = 0x377f_0682;
/// The one version of the format.
const VERSION: u32 = 3_007_000;
/// How much is read at once, at least.
const READ_BYTES: usize = 1 << 18;

/// What was done with a write-ahead log. Frames that were left out may hold older or never committed rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalReport {
    /// Whole frames in the file, valid or not.
    pub frames: u64,
    /// Frames that take the place of a page.
    pub applied: u64,
    /// Committed frames that a later one replaced.
    pub superseded: u64,
    /// Valid frames that no commit follows.
    pub uncommitted: u64,
    /// Frames that do not count: left from before the log was begun anew, or damaged.
    pub invalid: u64,
    /// Whether the log has a header that fits; without one, no frame counts.
    pub header: WalHeaderState,
}

/// How the header of a log was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WalHeaderState {
    /// There is no log, or an empty one.
    #[default]
    Absent,
    /// It fits.
    Fits,
    /// It is damaged, of another version, or of another page size than the database.
    Unusable,
}

impl WalReport {
    /// Frames that are not read: replaced, never committed, or invalid.
    pub fn left_out(&self) -> u64 {
        self.superseded.saturating_add(self.uncommitted).saturating_add(self.invalid)
    }
}

/// The frames that count.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    /// Page to the offset of the page's bytes in the log.
    pub(crate) pages: HashMap<u32, u64>,
    /// The size of the database in pages after the last commit.
    pub(crate) page_count: Option<u32>,
    pub(crate) page_bytes: u32,
    pub(crate) report: WalReport,
}

impl Overlay {
    /// Reads the whole log once, from its beginning.
    pub(crate) fn scan(wal: &dyn ReadAt) -> io::Result<Self> {
        let mut overlay = Self::default();
        if wal.size_bytes() == 0 {
            return Ok(overlay);
        }
        let mut head = [0; HEADER_BYTES];
        let length = fill(wal, &mut head, 0)?;
        let Some(header) = (length == HEADER_BYTES).then(|| Header::parse(&head)).flatten() else {
            overlay.report.header = WalHeaderState::Unusable;
            return Ok(overlay);
        };
        overlay.report.header = WalHeaderState::Fits;
        overlay.page_bytes = header.page_bytes;
        overlay.frames(wal, header)?;
        Ok(overlay)
    }

    /// A log of another page size than the database belongs to another database.
    pub(crate) fn refuse(&mut self) {
        let report = WalReport {
            frames: self.report.frames,
            invalid: self.report.frames,
            header: WalHeaderState::Unusable,
            ..WalReport::default()
        };
        *self = Self { report, ..Self::default() };
    }

    fn frames(&mut self, wal: &dyn ReadAt, header: Header) -> io::Result<()> {
        let frame_bytes = u64::from(header.page_bytes) + FRAME_HEADER_BYTES;
        let frames = wal.size_bytes().saturating_sub(HEADER_BYTES as u64) / frame_bytes;
        self.report.frames = frames;
        let at_once = (READ_BYTES as u64 / frame_bytes).max(1);
        let mut buffer = vec![0; crate::bytes::size(at_once.saturating_mul(frame_bytes))];
        let mut sum = header.sum;
        // Frames since the last commit: page and offset.
        let mut open: Vec<(u32, u64)> = Vec::new();
        let (mut number, mut committed) = (0, 0);
        'log: while number < frames {
            let offset = HEADER_BYTES as u64 + number * frame_bytes;
            let length = fill(wal, &mut buffer, offset)?;
            let whole = buffer.get(..length).unwrap_or_default();
            let mut any = false;
            for frame in whole.chunks_exact(crate::bytes::size(frame_bytes)) {
                if number == frames {
                    break;
                }
                let Some((page, size)) = header.frame(frame, &mut sum) else { break 'log };
                let place = HEADER_BYTES as u64 + number * frame_bytes + FRAME_HEADER_BYTES;
                open.push((page, place));
                number += 1;
                any = true;
                if size != 0 {
                    self.pages.extend(open.drain(..));
                    self.page_count = Some(size);
                    committed = number;
                }
            }
            if !any {
                break;
            }
        }
        self.report.applied = self.pages.len() as u64;
        self.report.superseded = committed - self.report.applied;
        self.report.uncommitted = number - committed;
        self.report.invalid = frames - number;
        Ok(())
    }
}

/// The header of a log.
#[derive(Clone, Copy)]
struct Header {
    high_byte_first: bool,
    page_bytes: u32,
    salts: [u32; 2],
    sum: [u32; 2],
}

impl Header {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let number = |index: usize| u32_at(bytes, index * 4);
        let magic = number(0)?;
        let page_bytes = number(2)?;
        if magic & !1 != MAGIC || number(1)? != VERSION || !is_page_size(page_bytes) {
            return None;
        }
        let high_byte_first = magic & 1 == 1;
        let sum = checksum([0, 0], bytes.get(..24)?, high_byte_first);
        (sum == [number(6)?, number(7)?]).then_some(())?;
        Some(Self { high_byte_first, page_bytes, salts: [number(4)?, number(5)?], sum })
    }

    /// The page of a frame and the size of the database after it (0: no commit), if the frame is valid.
    fn frame(&self, frame: &[u8], sum: &mut [u32; 2]) -> Option<(u32, u32)> {
        let number = |index: usize| u32_at(frame, index * 4);
        let (page, size) = (number(0)?, number(1)?);
        if page == 0 || [number(2)?, number(3)?] != self.salts {
            return None;
        }
        let mut next = checksum(*sum, frame.get(..8)?, self.high_byte_first);
        next = checksum(next, frame.get(24..)?, self.high_byte_first);
        if next != [number(4)?, number(5)?] {
            return None;
        }
        *sum = next;
        Some((page, size))
    }
}

/// The running checksum over pairs of 32-bit numbers.
fn checksum([mut first, mut second]: [u32; 2], bytes: &[u8], high_byte_first: bool) -> [u32; 2] {
    let number = if high_byte_first { u32::from_be_bytes } else { u32::from_le_bytes };
    let (quads, _) = bytes.as_chunks::<4>();
    let (pairs, _) = quads.as_chunks::<2>();
    for [left, right] in pairs {
        first = first.wrapping_add(number(*left)).wrapping_add(second);
        second = second.wrapping_add(number(*right)).wrapping_add(first);
    }
    [first, second]
}

/// Reads until the buffer is full or the end is reached.
pub(crate) fn fill(from: &dyn ReadAt, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match from.read_at(rest, offset.saturating_add(length as u64)) {
            Ok(0) => break,
            Ok(count) => length += count.min(rest.len()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
