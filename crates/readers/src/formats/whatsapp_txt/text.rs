//! The lines of an export as UTF-8, whatever it is encoded in, with their places in the original bytes.
//!
//! UTF-8 is what WhatsApp writes; UTF-16 (with or without byte order mark) and Windows-1252 come from editors
//! that saved it anew. Lines end with LF, a CR before it is not part of the text. Constant memory.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::lines::{Cut, Lines};

/// How a file is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
    /// Not told by the first bytes: it shows only when all lines were seen.
    Windows1252,
}

impl Encoding {
    /// By the first bytes: a byte order mark, or zeros beside Latin letters.
    pub(super) fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, ..] => Self::Utf16Little,
            [0xfe, 0xff, ..] => Self::Utf16Big,
            [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Self::Utf16Little,
            [0, first, 0, second, ..] if *first != 0 && *second != 0 => Self::Utf16Big,
            _ => Self::Utf8,
        }
    }

    /// In words, for a problem.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Little | Self::Utf16Big => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// A line of the text.
pub(super) struct TextLine<'l> {
    /// Where it begins in the file, in original bytes.
    pub(super) offset: u64,
    /// How many original bytes it has, with its end.
    pub(super) length: u64,
    /// Its text without its end; UTF-8 unless the file is damaged.
    pub(super) bytes: Cow<'l, [u8]>,
    /// Whether it was longer than what is kept of it.
    pub(super) cut: Cut,
}

/// Gives the lines of a text.
pub(super) enum TextLines<R> {
    /// UTF-8 and Windows-1252.
    Narrow(Lines<R>, Encoding),
    /// UTF-16.
    Wide(Wide<R>, Encoding),
}

impl<R: Read> TextLines<R> {
    /// Of each line at most `most_bytes` are kept.
    pub(super) fn new(input: R, encoding: Encoding, most_bytes: u64) -> Self {
        match encoding {
            Encoding::Utf8 | Encoding::Windows1252 => Self::Narrow(Lines::new(input, most_bytes), encoding),
            Encoding::Utf16Little | Encoding::Utf16Big => {
                let most_bytes = usize::try_from(most_bytes).unwrap_or(usize::MAX);
                let little = encoding == Encoding::Utf16Little;
                let end = if little { [b'\n', 0] } else { [0, b'\n'] };
                let input = BufReader::with_capacity(256 << 10, input);
                Self::Wide(Wide { input, line: Vec::new(), offset: 0, most_bytes, end }, encoding)
            }
        }
    }

    /// The next line; none at the end.
    pub(super) fn next_line(&mut self) -> io::Result<Option<TextLine<'_>>> {
        match self {
            Self::Narrow(lines, encoding) => {
                let Some(line) = lines.next_line()? else { return Ok(None) };
                let mut bytes = Cow::Borrowed(line.bytes);
                if *encoding == Encoding::Windows1252 && std::str::from_utf8(line.bytes).is_err() {
                    bytes = decoded(line.bytes, WINDOWS_1252);
                }
                Ok(Some(TextLine { offset: line.offset, length: line.length, bytes, cut: line.cut }))
            }
            Self::Wide(wide, encoding) => {
                let coding = if *encoding == Encoding::Utf16Little { UTF_16LE } else { UTF_16BE };
                let Some((offset, length, cut)) = wide.next_line()? else { return Ok(None) };
                let bytes = decoded(&wide.line, coding);
                Ok(Some(TextLine { offset, length, bytes, cut }))
            }
        }
    }
}

fn decoded<'l>(bytes: &'l [u8], encoding: &'static encoding_rs::Encoding) -> Cow<'l, [u8]> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let mut text = text.into_owned().into_bytes();
    while matches!(text.last(), Some(b'\n' | b'\r')) {
        text.pop();
    }
    Cow::Owned(text)
}

/// Lines of units of two bytes.
pub(super) struct Wide<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    offset: u64,
    most_bytes: usize,
    end: [u8; 2],
}

impl<R: Read> Wide<R> {
    /// Reads a line with its end into `line`; its place.
    fn next_line(&mut self) -> io::Result<Option<(u64, u64, Cut)>> {
        self.line.clear();
        let mut length: u64 = 0;
        let mut cut = Cut::No;
        let mut unit = [0; 2];
        let mut filled = 0;
        'line: loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if length == 0 => return Err(error),
                Err(_) => break,
            };
            if available.is_empty() {
                break;
            }
            let mut used: usize = 0;
            for byte in available {
                used = used.saturating_add(1);
                if self.line.len() < self.most_bytes {
                    self.line.push(*byte);
                } else {
                    cut = Cut::Yes;
                }
                if let Some(place) = unit.get_mut(filled) {
                    *place = *byte;
                }
                filled = (filled + 1) % 2;
                if filled == 0 && unit == self.end {
                    self.input.consume(used);
                    length = length.saturating_add(used as u64);
                    break 'line;
                }
            }
            self.input.consume(used);
            length = length.saturating_add(used as u64);
        }
        let offset = self.offset;
        self.offset = offset.saturating_add(length);
        Ok((length > 0).then_some((offset, length, cut)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8], encoding: Encoding) -> Vec<(u64, u64, String)> {
        let mut lines = TextLines::new(bytes, encoding, 1000);
        let mut found = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            found.push((line.offset, line.length, String::from_utf8_lossy(&line.bytes).into_owned()));
        }
        found
    }

    #[test]
    fn places_are_those_of_the_original_bytes() {
        let text = "\u{feff}é1\r\nzwei\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(Encoding::of(&little), Encoding::Utf16Little);
        assert_eq!(Encoding::of(&big), Encoding::Utf16Big);
        let expected = [(0, 10, "\u{feff}é1".to_owned()), (10, 10, "zwei".to_owned())];
        assert_eq!(lines(&little, Encoding::Utf16Little), expected);
        assert_eq!(lines(&big, Encoding::Utf16Big), expected);
        assert_eq!(lines(b"M\xfcller\nM\xc3\xbcller", Encoding::Windows1252)[0].2, "Müller");
        assert_eq!(lines(b"M\xfcller\nM\xc3\xbcller", Encoding::Windows1252)[1].2, "Müller");
    }

    #[test]
    fn an_odd_byte_at_the_end_is_counted() {
        assert_eq!(lines(&[b'a', 0, b'\n', 0, b'b'], Encoding::Utf16Little).last().unwrap().1, 1);
    }
}
