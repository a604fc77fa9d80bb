//! Reads a part of something with random access from front to back.
//!
//! A helper without buffer of its own; put a `BufReader` around it where single lines are read.

use std::io::{self, Read};

use model::ReadAt;

/// A reader over the bytes from a position on, at most to an end.
pub(crate) struct Part<'a> {
    bytes: &'a dyn ReadAt,
    position: u64,
    end: u64,
}

impl<'a> Part<'a> {
    /// The bytes from `start` to before `end`, or to where there are no more.
    pub(crate) fn new(bytes: &'a dyn ReadAt, start: u64, end: u64) -> Self {
        Self { bytes, position: start, end }
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let Some(buffer) = buffer.get_mut(..most).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let count = self.bytes.read_at(buffer, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}
