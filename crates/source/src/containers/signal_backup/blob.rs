//! The bytes of an attachment, avatar or sticker in a Signal backup.
//!
//! AES-256-CTR, then ten bytes of HMAC-SHA-256 over the vector and the ciphertext. The read that comes to the
//! last byte checks it and gives an error instead of those bytes.

use std::io::{self, Read};
use std::sync::Arc;

use model::ReadAt;
use seal::foreign::{Counter, CtrReader, ForeignError, ForeignHmacSha256, SignalBackupKeys, signal_frame_iv};

use super::super::bytes::read_at;
use super::frames::{Blob, Header};
use crate::tree::{PartAt, ReadFrom};

/// A blob from its start on.
pub(super) fn open(
    bytes: &Arc<dyn ReadAt>,
    keys: &SignalBackupKeys,
    header: &Header,
    blob: &Blob,
) -> io::Result<Box<dyn Read + Send>> {
    let iv = signal_frame_iv(&header.iv, blob.counter);
    let mut mac = ForeignHmacSha256::new(keys.mac_key.as_bytes())?;
    mac.update(&iv);
    let inner = ReadFrom::new(Arc::new(PartAt::new(Arc::clone(bytes), blob.offset, blob.length)));
    let mac_offset = blob.offset.saturating_add(blob.length);
    let checked =
        Checked { inner, mac: Some(mac), left_bytes: blob.length, bytes: Arc::clone(bytes), mac_offset };
    Ok(Box::new(CtrReader::new(&keys.cipher_key, Counter::BigEndian128, &iv, checked)?))
}

/// Ciphertext that is checked when its end is read.
struct Checked {
    inner: ReadFrom,
    /// None once it was compared.
    mac: Option<ForeignHmacSha256>,
    left_bytes: u64,
    bytes: Arc<dyn ReadAt>,
    mac_offset: u64,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count == 0 && self.left_bytes > 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(mac) = &mut self.mac {
            mac.update(buffer.get(..count).unwrap_or_default());
        }
        self.left_bytes = self.left_bytes.saturating_sub(count as u64);
        if self.left_bytes == 0
            && let Some(mac) = self.mac.take()
            && !mac.matches(&read_at(&*self.bytes, self.mac_offset, 10)?)
        {
            // Whoever reads on gets the same again.
            self.left_bytes = 1;
            return Err(ForeignError::AuthenticationFailed { offset_bytes: 0 }.into());
        }
        Ok(count)
    }
}
