//! The payload of an age v1 file: 64 KiB chunks under ChaCha20-Poly1305 (STREAM), where each chunk lies,
//! and its nonce.
//!
//! Reading and writing files is done elsewhere; here is one chunk at a time.

use crate::aead::{AeadError, Opening, Sealing, TAG_BYTES};
use crate::hash::hkdf_sha256;
use crate::{SealError, positioned, random};
use age_core::format::FileKey;
use age_core::secrecy::ExposeSecret;
use model::ReadAt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Plaintext in every chunk but the last.
pub(crate) const CHUNK_BYTES: usize = 64 << 10;
/// The same with its tag, as it lies in the file.
pub(crate) const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// The nonce between header and chunks.
pub(crate) const NONCE_BYTES: usize = 16;

/// The key of one payload.
pub(crate) struct PayloadKey(Zeroizing<[u8; 32]>);

impl PayloadKey {
    /// The key of the payload that follows this nonce.
    pub(crate) fn derive(file_key: &FileKey, nonce: &[u8; NONCE_BYTES]) -> Result<Self, SealError> {
        hkdf_sha256(file_key.expose_secret(), nonce, b"payload").map(Self)
    }

    /// A random key that is never written anywhere.
    pub(crate) fn for_memory_only() -> Result<Self, SealError> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// Something that encrypts chunks.
    pub(crate) fn sealer(&self) -> Result<ChunkSealer, SealError> {
        Sealing::new(&self.0).map(ChunkSealer).map_err(|AeadError| SealError::Cipher)
    }

    /// Something that decrypts chunks.
    pub(crate) fn opener(&self) -> Result<ChunkOpener, SealError> {
        Opening::new(&self.0).map(ChunkOpener).map_err(|AeadError| SealError::Cipher)
    }
}

/// Whether a chunk is the last one; it is part of the nonce, so a cut is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    Middle,
    Last,
}

/// Encrypts chunks of one payload.
pub(crate) struct ChunkSealer(Sealing);

impl ChunkSealer {
    /// Encrypts in place; the last 16 bytes of `chunk` are room for the tag.
    pub(crate) fn seal(
        &mut self,
        number: u64,
        position: Position,
        chunk: &mut [u8],
    ) -> Result<(), SealError> {
        let (data, tag) = chunk.split_last_chunk_mut::<TAG_BYTES>().ok_or(SealError::Cipher)?;
        *tag = self.0.seal(&nonce(number, position), data).map_err(|AeadError| SealError::Cipher)?;
        Ok(())
    }
}

/// Decrypts chunks of one payload.
pub(crate) struct ChunkOpener(Opening);

impl ChunkOpener {
    /// Decrypts in place, the plaintext is what is before the tag; what is not authentic is wiped.
    pub(crate) fn open(
        &mut self,
        number: u64,
        position: Position,
        chunk: &mut [u8],
    ) -> Result<(), AeadError> {
        let (data, tag) = chunk.split_last_chunk_mut::<TAG_BYTES>().ok_or(AeadError)?;
        self.0.open(&nonce(number, position), data, tag)
    }
}

/// 11 bytes of chunk number, most significant first, and a byte that tells the last chunk.
fn nonce(number: u64, position: Position) -> [u8; 12] {
    // As one big number: the flag is the lowest byte, the chunk number is above it.
    let flag = u128::from(position == Position::Last);
    let [_, _, _, _, nonce @ ..] = (u128::from(number) << 8 | flag).to_be_bytes();
    nonce
}

/// Where the chunks of a payload lie in a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// Where the first chunk begins.
    pub(crate) offset_bytes: u64,
    /// The number of chunks, at least one.
    pub(crate) chunks: u64,
    /// Plaintext in all chunks together.
    pub(crate) size_bytes: u64,
}

impl Layout {
    /// The layout of a payload from `offset_bytes` to the end of a file. The last chunk is empty only if
    /// it is alone.
    pub(crate) fn new(offset_bytes: u64, file_bytes: u64) -> Result<Self, SealError> {
        let sealed_bytes = file_bytes.checked_sub(offset_bytes).ok_or(SealError::Truncated)?;
        let chunks = sealed_bytes.div_ceil(SEALED_CHUNK_BYTES as u64);
        let last_bytes = sealed_bytes - chunks.saturating_sub(1) * SEALED_CHUNK_BYTES as u64;
        if last_bytes < TAG_BYTES as u64 {
            return Err(SealError::Truncated);
        }
        let layout = Self { offset_bytes, chunks, size_bytes: sealed_bytes - chunks * TAG_BYTES as u64 };
        if last_bytes == TAG_BYTES as u64 && chunks > 1 {
            Err(layout.damaged(chunks - 1))
        } else {
            Ok(layout)
        }
    }

    /// The number of the last chunk.
    pub(crate) fn last(&self) -> u64 {
        self.chunks - 1
    }

    /// Whether this is the last chunk.
    pub(crate) fn position(&self, number: u64) -> Position {
        if number == self.last() { Position::Last } else { Position::Middle }
    }

    /// Where a chunk begins in the file.
    pub(crate) fn chunk_offset_bytes(&self, number: u64) -> u64 {
        self.offset_bytes + number * SEALED_CHUNK_BYTES as u64
    }

    /// Bytes in the file of up to `count` chunks from `first` on, tags included.
    pub(crate) fn sealed_bytes(&self, first: u64, count: u64) -> usize {
        let end = self.size_bytes + self.chunks * TAG_BYTES as u64;
        let start = (first * SEALED_CHUNK_BYTES as u64).min(end);
        usize::try_from((end - start).min(count * SEALED_CHUNK_BYTES as u64)).unwrap_or(usize::MAX)
    }

    /// The error for a chunk that is not authentic.
    pub(crate) fn damaged(&self, number: u64) -> SealError {
        SealError::Damaged { offset_bytes: self.chunk_offset_bytes(number) }
    }
}

/// A payload in a file with its key.
pub(crate) struct SealedPayload {
    pub(crate) file: Arc<dyn ReadAt>,
    pub(crate) key: PayloadKey,
    pub(crate) layout: Layout,
}

/// Reads and decrypts one chunk; `chunk` then holds its plaintext.
pub(crate) fn read_chunk(
    file: &dyn ReadAt,
    layout: &Layout,
    opener: &mut ChunkOpener,
    number: u64,
    chunk: &mut Vec<u8>,
) -> Result<(), SealError> {
    chunk.resize(layout.sealed_bytes(number, 1), 0);
    positioned::read_exact_at(file, chunk, layout.chunk_offset_bytes(number))?;
    opener.open(number, layout.position(number), chunk).map_err(|AeadError| layout.damaged(number))?;
    chunk.truncate(chunk.len() - TAG_BYTES);
    Ok(())
}

/// Reads the last chunk: if it is authentic, the length of the payload is.
pub(crate) fn read_last_chunk(
    file: &dyn ReadAt,
    layout: &Layout,
    opener: &mut ChunkOpener,
    chunk: &mut Vec<u8>,
) -> Result<(), SealError> {
    let number = layout.last();
    let error = match read_chunk(file, layout, opener, number, chunk) {
        Err(error @ SealError::Damaged { .. }) => error,
        done => return done,
    };
    // An authentic chunk from the middle at the end: what followed it is gone.
    chunk.resize(layout.sealed_bytes(number, 1), 0);
    positioned::read_exact_at(file, chunk, layout.chunk_offset_bytes(number))?;
    let cut = opener.open(number, Position::Middle, chunk).is_ok();
    chunk.clear();
    Err(if cut { SealError::Truncated } else { error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_count_up_and_mark_the_end() {
        assert_eq!(nonce(0, Position::Middle), [0; 12]);
        assert_eq!(nonce(0x0102, Position::Last), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1]);
    }

    #[test]
    fn layouts_of_all_lengths_near_the_borders() {
        for size in [0_u64, 1, 65_535, 65_536, 65_537, 131_072, 131_073] {
            let chunks = u64::max(1, size.div_ceil(65_536));
            let layout = Layout::new(100, 100 + size + chunks * 16).unwrap();
            assert_eq!((layout.size_bytes, layout.chunks), (size, chunks));
            assert_eq!(layout.sealed_bytes(0, u64::MAX >> 20) as u64, size + chunks * 16);
        }
        assert!(matches!(Layout::new(100, 99), Err(SealError::Truncated)));
        assert!(matches!(Layout::new(100, 115), Err(SealError::Truncated)));
        assert!(matches!(Layout::new(100, 100 + 65_552 + 15), Err(SealError::Truncated)));
        let empty_after_full = Layout::new(100, 100 + 65_552 + 16);
        assert!(matches!(empty_after_full, Err(SealError::Damaged { offset_bytes: 65_652 })));
    }
}
