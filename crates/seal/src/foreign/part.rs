//! A stretch of a file that holds ciphertext, and complete reads of it.

use super::ForeignError;
use model::ReadAt;
use std::io;
use std::sync::Arc;

/// A stretch of a file, checked to lie inside of it.
pub struct Part {
    file: Arc<dyn ReadAt>,
    start_bytes: u64,
    size_bytes: u64,
}

impl Part {
    /// The stretch that begins at `start_bytes` and has `size_bytes`.
    pub fn new(file: Arc<dyn ReadAt>, start_bytes: u64, size_bytes: u64) -> Result<Self, ForeignError> {
        match start_bytes.checked_add(size_bytes) {
            Some(end) if end <= file.size_bytes() => Ok(Self { file, start_bytes, size_bytes }),
            _ => Err(ForeignError::BadLength { what: "encrypted part" }),
        }
    }

    /// The whole file.
    pub fn whole(file: Arc<dyn ReadAt>) -> Self {
        let size_bytes = file.size_bytes();
        Self { file, start_bytes: 0, size_bytes }
    }

    /// How many bytes it has.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Fills the buffer from `offset_bytes` of the part on; the file ending before is an error.
    pub(super) fn read_exact(&self, mut buffer: &mut [u8], offset_bytes: u64) -> io::Result<()> {
        let end = offset_bytes.checked_add(buffer.len() as u64).filter(|end| *end <= self.size_bytes);
        let start = end.and_then(|_| self.start_bytes.checked_add(offset_bytes));
        let mut position = start.ok_or(io::ErrorKind::UnexpectedEof)?;
        while !buffer.is_empty() {
            match self.file.read_at(buffer, position) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    buffer = std::mem::take(&mut buffer).get_mut(count..).unwrap_or_default();
                    position = position.saturating_add(count as u64);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// How many bytes of a buffer a read at this offset of something this long can fill.
pub(super) fn readable(buffer: &[u8], offset_bytes: u64, size_bytes: u64) -> usize {
    let left = size_bytes.saturating_sub(offset_bytes);
    usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Slow(Vec<u8>);

    impl ReadAt for Slow {
        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            let room = buffer.len().min(1);
            self.0.read_at(buffer.get_mut(..room).unwrap_or_default(), offset)
        }

        fn size_bytes(&self) -> u64 {
            self.0.len() as u64
        }
    }

    #[test]
    fn a_part_lies_inside_and_is_read_whole() {
        let file: Arc<dyn ReadAt> = Arc::new(Slow((0..10).collect()));
        for (start, size, fits) in [(0, 10, true), (10, 0, true), (4, 6, true), (4, 7, false), (11, 0, false)]
        {
            assert_eq!(Part::new(Arc::clone(&file), start, size).is_ok(), fits);
        }
        assert!(Part::new(Arc::clone(&file), u64::MAX, 2).is_err());
        let part = Part::new(file, 4, 5).unwrap();
        let mut buffer = [0; 3];
        part.read_exact(&mut buffer, 2).unwrap();
        assert_eq!(buffer, [6, 7, 8]);
        assert!(part.read_exact(&mut buffer, 3).is_err());
        assert!(part.read_exact(&mut buffer, u64::MAX).is_err());
        assert_eq!(readable(&buffer, 4, 5), 1);
        assert_eq!(readable(&buffer, 9, 5), 0);
    }
}
