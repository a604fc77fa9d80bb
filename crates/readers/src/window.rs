//! Reads parts of a file at random, in either direction, through a window: few large reads instead of many
//! small ones.

use std::io;
use std::sync::Arc;

use model::ReadAt;

use crate::part::At;

/// What is read before and behind a part that was asked for.
const MARGIN_BYTES: u64 = 256 << 10;

/// A window over a file.
pub(crate) struct Window {
    bytes: Arc<dyn ReadAt>,
    begin: u64,
    kept: Vec<u8>,
}

impl Window {
    /// Nothing read yet.
    pub(crate) fn new(bytes: Arc<dyn ReadAt>) -> Self {
        Self { bytes, begin: 0, kept: Vec::new() }
    }

    /// The bytes of a part; at most `most_bytes`, and fewer where the file ends.
    pub(crate) fn part(&mut self, at: At, most_bytes: u64) -> io::Result<&[u8]> {
        let length = at.length.min(most_bytes);
        let end = at.offset.saturating_add(length);
        let kept_end = self.begin.saturating_add(self.kept.len() as u64);
        if at.offset < self.begin || end > kept_end {
            self.load(at.offset.saturating_sub(MARGIN_BYTES), end.saturating_add(MARGIN_BYTES))?;
        }
        let from = usize::try_from(at.offset.saturating_sub(self.begin)).unwrap_or(usize::MAX);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let part = self.kept.get(from..).unwrap_or_default();
        Ok(part.get(..length).unwrap_or(part))
    }

    fn load(&mut self, begin: u64, end: u64) -> io::Result<()> {
        let end = end.min(self.bytes.size_bytes());
        let size = usize::try_from(end.saturating_sub(begin)).unwrap_or(0);
        self.kept.clear();
        self.kept.resize(size, 0);
        self.begin = begin;
        let mut done = 0;
        while let Some(room) = self.kept.get_mut(done..).filter(|room| !room.is_empty()) {
            let count = match self.bytes.read_at(room, begin.saturating_add(done as u64)) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) => {
                    self.kept.clear();
                    return Err(error);
                }
            };
            done = done.saturating_add(count);
        }
        self.kept.truncate(done);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_any_direction_and_over_the_end() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
        let mut window = Window::new(Arc::new(bytes.clone()));
        for offset in [3_000_000, 2_000_000, 0, 5, 2_999_999, 1_000_000] {
            let at = At { offset: offset as u64, length: 1000 };
            assert_eq!(window.part(at, 1 << 20).unwrap(), &bytes[offset..offset + 1000]);
        }
        let at = At { offset: (3 << 20) - 2, length: 1000 };
        assert_eq!(window.part(at, 1 << 20).unwrap().len(), 2);
        assert_eq!(window.part(At { offset: 10, length: 1 << 40 }, 7).unwrap(), &bytes[10..17]);
        assert!(window.part(At { offset: u64::MAX, length: 5 }, 7).unwrap().is_empty());
    }
}
