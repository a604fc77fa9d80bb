//! Up to sixteen chunks in one piece of memory, laid out as in the file: each chunk followed by its
//! 16-byte tag.
//!
//! So plaintext is copied in once, encrypted where it lies, and hashed and written as one piece; and the
//! other way round.

use crate::SealError;
use crate::aead::{AeadError, TAG_BYTES};
use crate::payload::{CHUNK_BYTES, ChunkOpener, ChunkSealer, Layout, Position, SEALED_CHUNK_BYTES};
use zeroize::Zeroizing;

/// Chunks in a full buffer.
pub(crate) const CHUNKS: usize = 16;
const FULL_BYTES: usize = CHUNKS * SEALED_CHUNK_BYTES;

/// A run of chunks; wiped when dropped, since it may hold plaintext.
#[derive(Default)]
pub(crate) struct ChunkBuffer {
    bytes: Zeroizing<Vec<u8>>,
    // How far `unread` has come.
    read: usize,
}

impl ChunkBuffer {
    /// An empty buffer with room for all chunks.
    pub(crate) fn full_size() -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(FULL_BYTES)), read: 0 }
    }

    /// Forgets the content, keeps the room.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.read = 0;
    }

    /// Whether no more plaintext fits.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes.len() == FULL_BYTES
    }

    /// The number of chunks begun.
    pub(crate) fn chunks(&self) -> u64 {
        self.bytes.len().div_ceil(SEALED_CHUNK_BYTES) as u64
    }

    /// What it will measure once sealed: full chunks have their room for the tag already, the last one
    /// gets it then.
    pub(crate) fn sealed_bytes(&self) -> usize {
        let complete = !self.bytes.is_empty() && self.bytes.len().is_multiple_of(SEALED_CHUNK_BYTES);
        if complete { self.bytes.len() } else { self.bytes.len() + TAG_BYTES }
    }

    /// Takes as much plaintext as fits and says how much that was.
    pub(crate) fn push(&mut self, plaintext: &[u8]) -> usize {
        let mut rest = plaintext;
        while !rest.is_empty() && !self.is_full() {
            let room = CHUNK_BYTES - self.bytes.len() % SEALED_CHUNK_BYTES;
            let (now, later) = rest.split_at_checked(room).unwrap_or((rest, &[]));
            self.bytes.extend_from_slice(now);
            if now.len() == room {
                self.bytes.extend_from_slice(&[0; TAG_BYTES]);
            }
            rest = later;
        }
        plaintext.len() - rest.len()
    }

    /// Encrypts everything in place. The position is that of the last chunk in here; a buffer in the
    /// middle has to be full, and only the very first may be empty.
    pub(crate) fn seal(
        &mut self,
        sealer: &mut ChunkSealer,
        first: u64,
        position: Position,
    ) -> Result<(), SealError> {
        let sealed_bytes = self.sealed_bytes();
        self.bytes.resize(sealed_bytes, 0);
        let last = first + self.chunks() - 1;
        for (number, chunk) in (first..).zip(self.bytes.chunks_mut(SEALED_CHUNK_BYTES)) {
            let position = if number == last { position } else { Position::Middle };
            sealer.seal(number, position, chunk)?;
        }
        Ok(())
    }

    /// The bytes as they belong into the file, once sealed.
    pub(crate) fn sealed(&self) -> &[u8] {
        &self.bytes
    }

    /// Room for sealed bytes that are then read in here.
    pub(crate) fn sealed_mut(&mut self, size_bytes: usize) -> &mut [u8] {
        self.read = 0;
        // Only a growing buffer is filled with zeros; a used one is overwritten anyway.
        self.bytes.resize(size_bytes, 0);
        &mut self.bytes
    }

    /// Decrypts everything in place; afterwards `unread` gives the plaintext.
    pub(crate) fn open(
        &mut self,
        opener: &mut ChunkOpener,
        first: u64,
        layout: &Layout,
    ) -> Result<(), SealError> {
        for (number, chunk) in (first..).zip(self.bytes.chunks_mut(SEALED_CHUNK_BYTES)) {
            let result = opener.open(number, layout.position(number), chunk);
            result.map_err(|AeadError| layout.damaged(number))?;
        }
        Ok(())
    }

    /// The next plaintext in one piece; empty at the end.
    pub(crate) fn unread(&self) -> &[u8] {
        let chunk_end =
            (self.read - self.read % SEALED_CHUNK_BYTES + SEALED_CHUNK_BYTES).min(self.bytes.len());
        self.bytes.get(self.read..chunk_end.saturating_sub(TAG_BYTES)).unwrap_or_default()
    }

    /// Marks the first bytes of `unread` as read.
    pub(crate) fn consume(&mut self, count: usize) {
        self.read += count;
        if self.unread().is_empty() {
            self.read = (self.read + TAG_BYTES).min(self.bytes.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::PayloadKey;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn pieces_in_pieces_out(
            size in 1_usize..300_000, steps in proptest::collection::vec(1_usize..90_000, 1..9)) {
            let plaintext: Vec<u8> = (0..=250).cycle().take(size).collect();
            let mut buffer = ChunkBuffer::default();
            let mut rest = &plaintext[..];
            for step in steps.iter().cycle() {
                let (now, later) = rest.split_at(rest.len().min(*step));
                assert_eq!(buffer.push(now), now.len());
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            let key = PayloadKey::for_memory_only().unwrap();
            buffer.seal(&mut key.sealer().unwrap(), 7, Position::Middle).unwrap();
            let sealed = buffer.sealed();
            let chunks = size.div_ceil(CHUNK_BYTES);
            prop_assert_eq!(sealed.len(), size + 16 * chunks);

            let layout = Layout::new(0, 1 << 40).unwrap();
            let mut again = ChunkBuffer::default();
            again.sealed_mut(sealed.len()).copy_from_slice(sealed);
            again.open(&mut key.opener().unwrap(), 7, &layout).unwrap();
            let mut found = Vec::new();
            for step in steps.iter().cycle() {
                let now = again.unread();
                if now.is_empty() {
                    break;
                }
                let count = now.len().min(*step);
                found.extend_from_slice(&now[..count]);
                again.consume(count);
            }
            prop_assert!(found == plaintext);
        }
    }

    #[test]
    fn a_full_buffer_takes_nothing_more() {
        let mut buffer = ChunkBuffer::full_size();
        assert_eq!(buffer.push(&vec![1; 2 << 20]), 1 << 20);
        assert!(buffer.is_full());
        assert_eq!(buffer.push(b"x"), 0);
        assert_eq!(buffer.chunks(), 16);
    }
}
