//! The first 100 bytes of a database ("The Database Header").

use crate::bytes::{u16_at, u32_at};
use crate::problem::OpenError;
use crate::value::Encoding;

/// Length of the header.
pub(crate) const HEADER_BYTES: usize = 100;
/// How every database begins.
pub(crate) const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The least that must remain of a page after the reserved bytes.
const USABLE_MIN: u32 = 480;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) page_bytes: u32,
    pub(crate) usable_bytes: u32,
    /// The number of pages, when whoever wrote last kept it up to date.
    pub(crate) page_count: Option<u32>,
    pub(crate) freelist_pages: u32,
    /// The encoding, or the number that is none.
    pub(crate) encoding: Result<Encoding, u32>,
}

impl Header {
    /// Reads the header out of the beginning of page 1.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, OpenError> {
        if !bytes.starts_with(MAGIC) {
            return Err(if bytes.is_empty() { OpenError::Empty } else { OpenError::NotSqlite });
        }
        if bytes.len() < HEADER_BYTES {
            return Err(OpenError::Short(bytes.len() as u64));
        }
        let number = |offset| u32_at(bytes, offset).unwrap_or_default();
        let page_bytes = match u16_at(bytes, 16).unwrap_or_default() {
            1 => 65_536,
            size => u32::from(size),
        };
        let reserved_bytes = bytes.get(20).copied().unwrap_or_default();
        let usable_bytes = page_bytes.saturating_sub(u32::from(reserved_bytes));
        if !is_page_size(page_bytes) || usable_bytes < USABLE_MIN {
            return Err(OpenError::PageSize { page_bytes, reserved_bytes });
        }
        let (page_count, change, valid_for) = (number(28), number(24), number(92));
        let encoding = match number(56) {
            0 | 1 => Ok(Encoding::Utf8),
            2 => Ok(Encoding::Utf16Le),
            3 => Ok(Encoding::Utf16Be),
            other => Err(other),
        };
        Ok(Self {
            page_bytes,
            usable_bytes,
            page_count: (page_count != 0 && change == valid_for).then_some(page_count),
            freelist_pages: number(36),
            encoding,
        })
    }
}

/// A power of two from 512 to 65536.
pub(crate) fn is_page_size(page_bytes: u32) -> bool {
    page_bytes.is_power_of_two() && (512..=65_536).contains(&page_bytes)
}
