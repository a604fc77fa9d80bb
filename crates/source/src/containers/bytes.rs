//! Small reads for the container formats: fields in front of a slice, whole reads at a place, files one after
//! the other.

use std::io;
use std::sync::Arc;

use model::ReadAt;

/// Fields taken one after the other from the front of some bytes; little-endian unless it says otherwise.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next so many bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    /// One byte.
    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Two bytes.
    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// Four bytes.
    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// Eight bytes.
    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

/// Up to `most` bytes from a place on; fewer only at the end.
pub(super) fn read_at(bytes: &dyn ReadAt, offset: u64, most: usize) -> io::Result<Vec<u8>> {
    let left = bytes.size_bytes().saturating_sub(offset);
    let most = most.min(usize::try_from(left).unwrap_or(usize::MAX));
    let mut found = vec![0; most];
    let mut done = 0;
    while let Some(room) = found.get_mut(done..).filter(|room| !room.is_empty()) {
        match bytes.read_at(room, offset.saturating_add(done as u64)) {
            Ok(0) => break,
            Ok(count) => done = done.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    found.truncate(done);
    Ok(found)
}

/// Many small reads at places that mostly follow each other: keeps what was read last.
pub(super) struct Window {
    bytes: Arc<dyn ReadAt>,
    begin: u64,
    kept: Vec<u8>,
}

impl Window {
    /// How much is read at once.
    pub(super) const BYTES: usize = 64 << 10;

    /// Nothing read yet.
    pub(super) fn new(bytes: &Arc<dyn ReadAt>) -> Self {
        Self { bytes: Arc::clone(bytes), begin: 0, kept: Vec::new() }
    }

    /// Some bytes from a place on, at least `least`; fewer only at the end.
    pub(super) fn some(&mut self, offset: u64, least: usize) -> io::Result<&[u8]> {
        let kept = self.get(offset, least)?.len();
        let start = usize::try_from(offset.saturating_sub(self.begin)).unwrap_or(usize::MAX);
        Ok(if kept == 0 { &[] } else { self.kept.get(start..).unwrap_or_default() })
    }

    /// Up to `most` bytes from a place on, at most 64 KiB; fewer only at the end.
    pub(super) fn get(&mut self, offset: u64, most: usize) -> io::Result<&[u8]> {
        let most = most.min(Self::BYTES);
        let end = self.begin.saturating_add(self.kept.len() as u64);
        if offset < self.begin || offset.saturating_add(most as u64) > end {
            self.kept = read_at(&*self.bytes, offset, Self::BYTES)?;
            self.begin = offset;
        }
        let start = usize::try_from(offset.saturating_sub(self.begin)).unwrap_or(usize::MAX);
        let rest = self.kept.get(start..).unwrap_or_default();
        Ok(rest.get(..most).unwrap_or(rest))
    }
}

/// Files one after the other, as if they were one.
pub(super) struct Joined {
    /// Each with the offset at which it begins.
    parts: Vec<(u64, Arc<dyn ReadAt>)>,
    size_bytes: u64,
}

impl Joined {
    /// In this order.
    pub(super) fn new(files: Vec<Arc<dyn ReadAt>>) -> Self {
        let mut size_bytes = 0_u64;
        let mut parts = Vec::with_capacity(files.len());
        for file in files {
            let begin = size_bytes;
            size_bytes = size_bytes.saturating_add(file.size_bytes());
            parts.push((begin, file));
        }
        Self { parts, size_bytes }
    }
}

impl ReadAt for Joined {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.size_bytes || buffer.is_empty() {
            return Ok(0);
        }
        // The last that begins at or before the offset; empty files are passed over, as they begin there too.
        let after = self.parts.partition_point(|(begin, _)| *begin <= offset);
        let Some((begin, file)) = after.checked_sub(1).and_then(|at| self.parts.get(at)) else {
            return Ok(0);
        };
        match file.read_at(buffer, offset.saturating_sub(*begin))? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => Ok(count),
        }
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_files_are_read_over_their_borders() {
        let files: [&[u8]; 5] = [b"", b"abc", b"", b"de", b"f"];
        let joined =
            Joined::new(files.iter().map(|file| Arc::new(file.to_vec()) as Arc<dyn ReadAt>).collect());
        assert_eq!(joined.size_bytes(), 6);
        for start in 0..8 {
            let found = read_at(&joined, start, 4).unwrap();
            let from = usize::try_from(start).unwrap().min(6);
            assert_eq!(found, b"abcdef"[from..(from + 4).min(6)]);
        }
    }

    #[test]
    fn a_window_gives_what_lies_there() {
        let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
        let shared: Arc<dyn ReadAt> = Arc::new(bytes.clone());
        let mut window = Window::new(&shared);
        for (offset, most) in [(0, 10), (65_530, 30), (5, 5), (199_990, 100), (300_000, 4), (70_000, 70_000)]
        {
            let from = usize::try_from(offset).unwrap().min(bytes.len());
            let to = (from + most.min(Window::BYTES)).min(bytes.len());
            assert_eq!(window.get(offset, most).unwrap(), &bytes[from..to]);
        }
    }
}
