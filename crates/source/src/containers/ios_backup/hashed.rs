//! One file of an encrypted phone backup, decrypted as it is read.
//!
//! AES-256-CBC with a vector of zeros and a key of its own, which its protection class opens; the plaintext
//! ends after the size in the list. The key is unwrapped each time somebody reads and never kept.

use std::io::{self, Read};
use std::sync::Arc;

use model::ReadAt;
use seal::foreign::{CbcEnding, CbcView, ClassKeys, Part};

use super::file_record::KEY_BYTES;
use crate::tree::{Content, ReadFrom};

/// A block of AES.
const BLOCK_BYTES: u64 = 16;

/// A file in the list, and the one its bytes lie in.
pub(super) struct Hashed {
    /// The keys of the backup.
    pub(super) keys: Arc<ClassKeys>,
    /// The file as it was stored.
    pub(super) stored: Arc<dyn Content>,
    /// How many bytes it has.
    pub(super) size_bytes: u64,
    /// Class and wrapped key.
    pub(super) key: [u8; KEY_BYTES],
}

impl Hashed {
    /// The plaintext, as far as whole blocks of it are there.
    fn view(&self) -> io::Result<CbcView> {
        let key = self.keys.unwrap_with_class(&self.key)?;
        let stored = self.stored.random()?;
        let there = stored.size_bytes();
        let whole = there.saturating_sub(there % BLOCK_BYTES);
        let part = Part::new(stored, 0, whole)?;
        Ok(CbcView::new(&key, &[0; 16], part, CbcEnding::SizeBytes(self.size_bytes.min(whole)))?)
    }
}

impl Content for Hashed {
    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    fn stream(&self) -> io::Result<Box<dyn Read + Send>> {
        let view = self.view()?;
        let is_cut = view.size_bytes() < self.size_bytes;
        let stream = ReadFrom::new(Arc::new(view));
        if is_cut { Ok(Box::new(stream.chain(CutOff))) } else { Ok(Box::new(stream)) }
    }

    fn random(&self) -> io::Result<Arc<dyn ReadAt>> {
        Ok(Arc::new(self.view()?))
    }
}

/// Stands where more should follow.
struct CutOff;

impl Read for CutOff {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
