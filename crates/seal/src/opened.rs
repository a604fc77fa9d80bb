//! Opening a sealed file: random access and streams.
//!
//! Order of checks: header, its MAC, then the last chunk, so that a cut is noticed before a byte is
//! released; then each chunk before its bytes are. Pipes are not opened: they have no end to check first.

use crate::opened_stream::OpenedStream;
use crate::payload::{Layout, NONCE_BYTES, PayloadKey, SealedPayload};
use crate::random_access::RandomAccess;
use crate::{OpenWith, SealError, file_key, header, positioned};
use model::ReadAt;
use std::io;
use std::sync::Arc;

/// A sealed file that a key fitted; `ReadAt` gives its plaintext.
pub struct Opened(RandomAccess);

impl Opened {
    /// Opens a file, whose size must not change from now on; with a passphrase this takes the time of scrypt.
    pub fn new(file: Arc<dyn ReadAt>, with: &OpenWith<'_>) -> Result<Self, SealError> {
        let (key, layout) = unlock(&*file, with)?;
        RandomAccess::new(SealedPayload { file, key, layout }).map(Self)
    }

    /// The plaintext from the start on, decrypted ahead on other threads. At its end it knows the SHA-256
    /// of the sealed file, so that verifying reads the file once.
    pub fn stream(&self) -> OpenedStream {
        OpenedStream::hashed(Arc::clone(&self.0.payload))
    }

    /// The same without hashing the sealed file: less work for readers that do not ask for it.
    pub fn stream_unhashed(&self) -> impl io::Read + Send + use<> {
        OpenedStream::unhashed(Arc::clone(&self.0.payload))
    }
}

impl ReadAt for Opened {
    /// Errors are `SealError`s inside; `SealError::from` brings them back.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn size_bytes(&self) -> u64 {
        self.0.size_bytes()
    }
}

/// The payload key and where the payload lies; the payload itself is not touched yet.
pub(crate) fn unlock(file: &dyn ReadAt, with: &OpenWith<'_>) -> Result<(PayloadKey, Layout), SealError> {
    let header = header::read(file)?;
    let file_key = file_key::unwrap(&header.stanzas, with)?;
    header.check_mac(&file_key)?;
    let mut nonce = [0; NONCE_BYTES];
    let nonce_offset = header.size_bytes as u64;
    positioned::read_exact_at(file, &mut nonce, nonce_offset)?;
    let layout = Layout::new(nonce_offset + NONCE_BYTES as u64, file.size_bytes())?;
    Ok((PayloadKey::derive(&file_key, &nonce)?, layout))
}
