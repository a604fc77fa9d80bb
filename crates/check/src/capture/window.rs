//! A stream seen through a window that moves forward: pieces are lent out of one buffer.

use std::io::{self, Read};

/// How much is read at once.
const STEP_BYTES: usize = 1 << 20;

/// The window.
pub(super) struct Window {
    stream: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset_bytes: u64,
}

impl Window {
    /// On a stream, from its start.
    pub(super) fn new(stream: Box<dyn Read + Send>) -> Self {
        Self { stream, buffer: Vec::new(), start: 0, end: 0, offset_bytes: 0 }
    }

    /// How many bytes were taken.
    pub(super) fn offset_bytes(&self) -> u64 {
        self.offset_bytes
    }

    /// So many bytes, which the caller has bounded; none if the stream ends before.
    pub(super) fn take(&mut self, count: usize) -> io::Result<Option<&[u8]>> {
        self.fill(count)?;
        let Some(end) = self.start.checked_add(count).filter(|end| *end <= self.end) else { return Ok(None) };
        let start = std::mem::replace(&mut self.start, end);
        self.offset_bytes = self.offset_bytes.saturating_add(count as u64);
        Ok(self.buffer.get(start..end))
    }

    /// As [`Window::take`], copied.
    pub(super) fn fixed<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        Ok(self.take(N)?.and_then(|bytes| bytes.try_into().ok()))
    }

    /// What is left of the stream, at most so many bytes, without taking it.
    pub(super) fn ahead(&mut self, most: usize) -> io::Result<&[u8]> {
        self.fill(most)?;
        let end = self.start.saturating_add(most).min(self.end);
        Ok(self.buffer.get(self.start..end).unwrap_or_default())
    }

    /// Passes over so many bytes; whether they were there.
    pub(super) fn pass(&mut self, count: u64) -> io::Result<Passed> {
        let mut left = count;
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(STEP_BYTES);
            if self.take(step)?.is_none() {
                return Ok(Passed::Ended);
            }
            left = left.saturating_sub(step as u64);
        }
        Ok(Passed::All)
    }

    /// Sees to it that so many bytes are in the buffer, if the stream has them.
    fn fill(&mut self, count: usize) -> io::Result<()> {
        if self.end.saturating_sub(self.start) >= count {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end = self.end.saturating_sub(self.start);
        self.start = 0;
        self.buffer.resize(self.buffer.len().max(STEP_BYTES).max(count), 0);
        while self.end < count {
            let Some(free) = self.buffer.get_mut(self.end..) else { break };
            match self.stream.read(free) {
                Ok(0) => break,
                Ok(read) => self.end = self.end.saturating_add(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether what was passed over was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    /// All of it.
    All,
    /// The stream ended before.
    Ended,
}
