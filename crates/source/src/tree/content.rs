//! The bytes of a file of the tree: as they lie there, or unpacked when asked for.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use model::ReadAt;
use seal::Spool;

use super::Spools;

/// Bytes that can be read from front to back, and at random.
pub trait Content: Send + Sync {
    /// How many there are; for packed content what its container claims.
    fn size_bytes(&self) -> u64;

    /// From front to back.
    fn stream(&self) -> io::Result<Box<dyn Read + Send>>;

    /// At random. Packed content is unpacked for it, into memory or a spool.
    fn random(&self) -> io::Result<Arc<dyn ReadAt>>;
}

/// Bytes that lie there as they are.
pub struct Plain(pub Arc<dyn ReadAt>);

impl Content for Plain {
    fn size_bytes(&self) -> u64 {
        self.0.size_bytes()
    }

    fn stream(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(ReadFrom::new(Arc::clone(&self.0))))
    }

    fn random(&self) -> io::Result<Arc<dyn ReadAt>> {
        Ok(Arc::clone(&self.0))
    }
}

/// Reads something with random access from front to back.
pub struct ReadFrom {
    bytes: Arc<dyn ReadAt>,
    position: u64,
}

impl ReadFrom {
    /// From the start on.
    pub fn new(bytes: Arc<dyn ReadAt>) -> Self {
        Self { bytes, position: 0 }
    }
}

impl Read for ReadFrom {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read_at(buffer, self.position)?;
        self.position = self.position.saturating_add(count as u64);
        Ok(count)
    }
}

/// A part of something with random access.
pub struct PartAt {
    bytes: Arc<dyn ReadAt>,
    offset: u64,
    length: u64,
}

impl PartAt {
    /// `length` bytes from `offset` on; less where there is less.
    pub fn new(bytes: Arc<dyn ReadAt>, offset: u64, length: u64) -> Self {
        let length = length.min(bytes.size_bytes().saturating_sub(offset));
        Self { bytes, offset, length }
    }
}

impl ReadAt for PartAt {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(offset)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        match buffer.get_mut(..most) {
            Some(buffer) if !buffer.is_empty() => {
                self.bytes.read_at(buffer, self.offset.saturating_add(offset))
            }
            _ => Ok(0),
        }
    }

    fn size_bytes(&self) -> u64 {
        self.length
    }
}

/// How packed bytes are unpacked: from the start, each time anew.
type Open = Box<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// Bytes that are packed or encrypted so that they can only be read from front to back.
pub struct Unpacked {
    open: Open,
    claimed_bytes: u64,
    most_bytes: u64,
    spools: Arc<dyn Spools>,
    spooled: Mutex<Weak<dyn ReadAt>>,
}

impl Unpacked {
    /// `claimed_bytes` is what the container says; more than `most_bytes` are never unpacked.
    pub fn new(claimed_bytes: u64, most_bytes: u64, spools: &Arc<dyn Spools>, open: Open) -> Self {
        let nothing: Weak<Vec<u8>> = Weak::new();
        let spooled = Mutex::new(nothing as Weak<dyn ReadAt>);
        Self { open, claimed_bytes, most_bytes, spools: Arc::clone(spools), spooled }
    }

    fn spool(&self) -> io::Result<Arc<dyn ReadAt>> {
        /// What is kept in memory instead of a spool file.
        const MEMORY_BYTES: usize = 4 << 20;
        let spools = Arc::clone(&self.spools);
        let mut spool = Spool::lent(MEMORY_BYTES, Box::new(move || spools.file()));
        io::copy(&mut self.stream()?, &mut spool)?;
        Ok(Arc::new(spool.finish()?))
    }
}

impl Content for Unpacked {
    fn size_bytes(&self) -> u64 {
        self.claimed_bytes
    }

    fn stream(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(AtMost { inner: (self.open)()?, left: self.most_bytes }))
    }

    fn random(&self) -> io::Result<Arc<dyn ReadAt>> {
        let mut spooled = self.spooled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = spooled.upgrade() {
            return Ok(ready);
        }
        let ready = self.spool()?;
        *spooled = Arc::downgrade(&ready);
        Ok(ready)
    }
}

/// Passes on so many bytes; one more is an error, not an end.
struct AtMost {
    inner: Box<dyn Read + Send>,
    left: u64,
}

impl Read for AtMost {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::NoSpools;
    use super::*;

    fn packed(bytes: usize, most: u64) -> Unpacked {
        let spools: Arc<dyn Spools> = Arc::new(NoSpools);
        Unpacked::new(1, most, &spools, Box::new(move || Ok(Box::new(io::repeat(7).take(bytes as u64)))))
    }

    #[test]
    fn more_than_allowed_is_an_error_and_not_an_end() {
        let mut kept = Vec::new();
        assert_eq!(packed(100, 100).stream().unwrap().read_to_end(&mut kept).unwrap(), 100);
        let error = packed(101, 100).stream().unwrap().read_to_end(&mut kept).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert!(packed(101, 100).random().is_err());
    }

    #[test]
    fn unpacked_once_while_somebody_reads() {
        let content = packed(100, 100);
        let first = content.random().unwrap();
        assert!(Arc::ptr_eq(&first, &content.random().unwrap()));
        assert_eq!(first.size_bytes(), 100);
    }

    #[test]
    fn a_part_ends_where_the_whole_ends() {
        let whole: Arc<dyn ReadAt> = Arc::new(vec![1, 2, 3, 4]);
        let mut buffer = [0; 8];
        let part = PartAt::new(Arc::clone(&whole), 2, 100);
        assert_eq!((part.size_bytes(), part.read_at(&mut buffer, 1).unwrap(), buffer[0]), (2, 1, 4));
        assert_eq!(PartAt::new(whole, u64::MAX, 5).read_at(&mut buffer, 3).unwrap(), 0);
    }
}
