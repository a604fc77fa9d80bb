//! Lines of a text with their places, read in constant memory.
//!
//! A line ends with LF; a CR before it is not part of the text. A line longer than the limit is given cut,
//! and says so; its length stays true.

use std::io::{self, BufRead, BufReader, Read};

/// A text being read line by line.
pub struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    offset: u64,
    most_bytes: usize,
}

/// A line.
pub struct Line<'l> {
    /// Where it begins in the text.
    pub offset: u64,
    /// Its length with its end.
    pub length: u64,
    /// Its bytes without its end, cut at the limit.
    pub bytes: &'l [u8],
    /// Whether it was cut.
    pub cut: Cut,
}

/// Whether a line was cut at the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It is whole.
    No,
    /// It was longer.
    Yes,
}

impl<R: Read> Lines<R> {
    /// Lines of at most `most_bytes` each.
    pub fn new(input: R, most_bytes: u64) -> Self {
        let most_bytes = usize::try_from(most_bytes).unwrap_or(usize::MAX);
        Self { input: BufReader::with_capacity(256 << 10, input), line: Vec::new(), offset: 0, most_bytes }
    }

    /// The next line; none at the end. After an error there may be more.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut length: u64 = 0;
        let mut cut = Cut::No;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // What came before the error is given first.
                Err(error) if length == 0 => return Err(error),
                Err(_) => break,
            };
            if available.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', available);
            let used = end.map_or(available.len(), |at| at.saturating_add(1));
            let room = self.most_bytes.saturating_sub(self.line.len());
            if used > room {
                cut = Cut::Yes;
            }
            self.line.extend_from_slice(available.get(..used.min(room)).unwrap_or_default());
            self.input.consume(used);
            length = length.saturating_add(used as u64);
            if end.is_some() {
                break;
            }
        }
        if length == 0 {
            return Ok(None);
        }
        let offset = self.offset;
        self.offset = offset.saturating_add(length);
        let bytes = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Ok(Some(Line { offset, length, bytes, cut }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_add_up_to_the_whole() {
        let text = "one\r\ntwo\n\nlast".as_bytes();
        let mut lines = Lines::new(text, 100);
        let mut seen = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            seen.push((line.offset, line.length, String::from_utf8_lossy(line.bytes).into_owned()));
        }
        let seen: Vec<(u64, u64, &str)> = seen.iter().map(|(o, l, t)| (*o, *l, t.as_str())).collect();
        assert_eq!(seen, [(0, 5, "one"), (5, 4, "two"), (9, 1, ""), (10, 4, "last")]);
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_the_next_is_whole() {
        let mut lines = Lines::new("abcdef\nxy\n".as_bytes(), 3);
        let line = lines.next_line().unwrap().unwrap();
        assert_eq!((line.bytes, line.length, line.cut), (&b"abc"[..], 7, Cut::Yes));
        let line = lines.next_line().unwrap().unwrap();
        assert_eq!((line.offset, line.bytes, line.cut), (7, &b"xy"[..], Cut::No));
        assert!(lines.next_line().unwrap().is_none());
    }
}
