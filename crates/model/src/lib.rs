//! The nouns of Asservat: identifiers, digests, times, canonical JSON. Pure types, no I/O.
//!
//! Byte forms follow `docs/format.md`, section 0. This crate deliberately reads no clock, no file, no
//! network.

pub mod canonical;
mod digest;
mod holder;
mod limits;
pub mod record;
mod time;

pub use digest::{CaseId, Digest, HexError, decode_hex, encode_hex};
pub use holder::{HolderName, HolderNameError};
pub use limits::{Limits, ReadLimits};
pub use time::{Date, FileTime, TimeError, Timestamp};

/// The number of an entry in a custody log, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct EntryNumber(pub u64);

impl EntryNumber {
    /// The form used in file names: decimal, at least six digits.
    pub fn file_stem(self) -> String {
        format!("{:06}", self.0)
    }
}

impl std::fmt::Display for EntryNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The program as it names itself in entries and bags, for example `asservat 0.1.0`.
pub const PROGRAM: &str = concat!("asservat ", env!("CARGO_PKG_VERSION"));

/// Random access to bytes that somebody else holds: a file, a decrypted view, a slice. The trait does no
/// I/O itself.
pub trait ReadAt: Send + Sync {
    /// Reads up to `buffer.len()` bytes from `offset` on; 0 only at the end.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize>;

    /// The number of bytes there are.
    fn size_bytes(&self) -> u64;
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|start| self.get(start..)).unwrap_or(&[]);
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        Ok(count)
    }

    fn size_bytes(&self) -> u64 {
        self.len() as u64
    }
}
