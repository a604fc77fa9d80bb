//! Random access to a sealed payload: decrypts the chunk that is asked for and keeps the few last ones.
//!
//! Whoever makes one has checked the last chunk before; no byte of a chunk is given out before its tag was
//! checked.

use crate::SealError;
use crate::payload::{self, CHUNK_BYTES, ChunkOpener, SealedPayload};
use model::ReadAt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

const KEPT_CHUNKS: usize = 4;

/// A decrypted view of a payload.
pub(crate) struct RandomAccess {
    pub(crate) payload: Arc<SealedPayload>,
    cache: Mutex<Cache>,
}

struct Cache {
    opener: ChunkOpener,
    /// Number and plaintext, the newest first.
    kept: Vec<(u64, Zeroizing<Vec<u8>>)>,
}

impl RandomAccess {
    /// Checks the last chunk, which fixes the length, and gives the view.
    pub(crate) fn new(payload: SealedPayload) -> Result<Self, SealError> {
        let mut opener = payload.key.opener()?;
        let mut last = Zeroizing::new(Vec::new());
        payload::read_last_chunk(&*payload.file, &payload.layout, &mut opener, &mut last)?;
        let cache = Cache { opener, kept: vec![(payload.layout.last(), last)] };
        Ok(Self { payload: Arc::new(payload), cache: Mutex::new(cache) })
    }
}

impl ReadAt for RandomAccess {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        // A panic while it was locked cannot have left a half-checked chunk among the kept ones.
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = 0;
        while let Some(room) = buffer.get_mut(done..).filter(|room| !room.is_empty()) {
            let position = offset.saturating_add(done as u64);
            if position >= self.payload.layout.size_bytes {
                break;
            }
            let chunk = cache.chunk(&self.payload, position / CHUNK_BYTES as u64)?;
            let within = usize::try_from(position % CHUNK_BYTES as u64).unwrap_or_default();
            let mut rest = chunk.get(within..).unwrap_or_default();
            let count = io::Read::read(&mut rest, room)?;
            if count == 0 {
                break;
            }
            done += count;
        }
        Ok(done)
    }

    fn size_bytes(&self) -> u64 {
        self.payload.layout.size_bytes
    }
}

impl Cache {
    fn chunk(&mut self, payload: &SealedPayload, number: u64) -> Result<&[u8], SealError> {
        if let Some(at) = self.kept.iter().position(|(kept, _)| *kept == number) {
            // The newest to the front.
            if let Some(upto) = self.kept.get_mut(..=at) {
                upto.rotate_right(1);
            }
        } else {
            // Out of the list first: if opening fails, nothing of it stays.
            let full = self.kept.len() == KEPT_CHUNKS;
            let oldest = if full { self.kept.pop() } else { None };
            let mut chunk = oldest.map_or_else(|| Zeroizing::new(Vec::new()), |(_, chunk)| chunk);
            payload::read_chunk(&*payload.file, &payload.layout, &mut self.opener, number, &mut chunk)?;
            self.kept.insert(0, (number, chunk));
        }
        Ok(self.kept.first().map_or(&[], |(_, chunk)| chunk.as_slice()))
    }
}
