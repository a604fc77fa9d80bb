//! The encodings of a mail part's body, decoded while they are read: base64, quoted-printable, uuencode.
//!
//! RFC 2045, section 6; what cannot be part of the encoding is passed over (base64) or kept as it stands
//! (quoted-printable), so that one broken line costs itself.

use std::io::{self, Read};

/// How a body is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all: 7bit, 8bit, binary.
    #[default]
    Plain,
    /// base64.
    Base64,
    /// quoted-printable.
    QuotedPrintable,
    /// The lines between `begin` and `end`.
    Uuencode,
}

impl Encoding {
    pub(super) fn named(name: &str) -> Self {
        match name.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase().as_str() {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            "uuencode" | "x-uuencode" | "x-uue" | "uue" => Self::Uuencode,
            _ => Self::Plain,
        }
    }
}

/// How many bytes a body has when it is decoded.
pub fn decoded_length(body: &[u8], encoding: Encoding) -> u64 {
    io::copy(&mut Decoded::new(body, encoding), &mut io::sink()).unwrap_or_default()
}

/// A body while it is decoded.
pub struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    /// Decodes what `inner` gives.
    pub fn new(inner: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Plain => Decoder::Plain,
            Encoding::Base64 => Decoder::Base64 { bits: 0, letters: 0 },
            Encoding::QuotedPrintable => Decoder::Quoted { state: Quoted::Text, blanks: Vec::new() },
            Encoding::Uuencode => Decoder::Lines { line: Vec::new(), state: Lines::Before },
        };
        Self { inner, decoder, ready: Vec::new(), given: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut raw = [0; 8 << 10];
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() && !self.ended {
            let count = match self.inner.read(&mut raw) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if count == 0 {
                self.ended = true;
                self.decoder.end(&mut self.ready);
            }
            for byte in raw.get(..count).unwrap_or_default() {
                self.decoder.take(*byte, &mut self.ready);
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.ready.len() {
            self.fill()?;
        }
        let rest = self.ready.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given = self.given.saturating_add(count);
        Ok(count)
    }
}

enum Decoder {
    Plain,
    Base64 { bits: u32, letters: u8 },
    Quoted { state: Quoted, blanks: Vec<u8> },
    Lines { line: Vec<u8>, state: Lines },
}

/// Where in a quoted-printable text.
#[derive(Clone, Copy)]
enum Quoted {
    Text,
    /// After `=`.
    Equals,
    /// After `=` and one digit.
    Digit(u8),
    /// After `=` and a blank: the line goes on if nothing else comes.
    Break,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    Before,
    Inside,
    After,
}

/// Most blanks at the end of a line, and most bytes of a coded line, that are held.
const HELD_BYTES: usize = 1 << 10;

impl Decoder {
    fn take(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self {
            Self::Plain => out.push(byte),
            Self::Base64 { bits, letters } => base64(byte, bits, letters, out),
            Self::Quoted { state, blanks } => quoted(byte, state, blanks, out),
            Self::Lines { line, state } => {
                if byte == b'\n' {
                    uuencoded_line(line, state, out);
                    line.clear();
                } else if line.len() < HELD_BYTES {
                    line.push(byte);
                }
            }
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Plain => {}
            Self::Base64 { bits, letters } => base64(b'=', bits, letters, out),
            Self::Quoted { state, blanks } => {
                out.append(blanks);
                match state {
                    Quoted::Equals => out.push(b'='),
                    Quoted::Digit(digit) => out.extend([b'=', *digit]),
                    Quoted::Text | Quoted::Break => {}
                }
            }
            Self::Lines { line, state } => uuencoded_line(line, state, out),
        }
    }
}

fn base64(byte: u8, bits: &mut u32, letters: &mut u8, out: &mut Vec<u8>) {
    let value = match byte {
        b'A'..=b'Z' => byte.wrapping_sub(b'A'),
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        b'=' => {
            let [_, first, second, _] =
                (*bits << (6 * u32::from(4_u8.saturating_sub(*letters)))).to_be_bytes();
            out.extend([first, second].iter().take(usize::from(letters.saturating_sub(1))));
            (*bits, *letters) = (0, 0);
            return;
        }
        _ => return,
    };
    *bits = *bits << 6 | u32::from(value);
    *letters = letters.saturating_add(1);
    if *letters == 4 {
        let [_, first, second, third] = bits.to_be_bytes();
        out.extend([first, second, third]);
        (*bits, *letters) = (0, 0);
    }
}

fn quoted(byte: u8, state: &mut Quoted, blanks: &mut Vec<u8>, out: &mut Vec<u8>) {
    match (*state, byte) {
        (Quoted::Text, b'=') => {
            out.append(blanks);
            *state = Quoted::Equals;
        }
        (Quoted::Text, b' ' | b'\t') if blanks.len() < HELD_BYTES => blanks.push(byte),
        (Quoted::Text, b'\r') => {
            // Blanks before the end of a line were added on the way.
            blanks.clear();
            out.push(byte);
        }
        (Quoted::Text, b'\n') => {
            blanks.clear();
            out.push(byte);
        }
        (Quoted::Text, _) => {
            out.append(blanks);
            out.push(byte);
        }
        (Quoted::Equals, b'0'..=b'9' | b'A'..=b'F' | b'a'..=b'f') => *state = Quoted::Digit(byte),
        (Quoted::Equals | Quoted::Break, b'\n') => *state = Quoted::Text,
        (Quoted::Equals | Quoted::Break, b'\r' | b' ' | b'\t') => *state = Quoted::Break,
        (Quoted::Equals, _) => {
            *state = Quoted::Text;
            out.push(b'=');
            quoted(byte, state, blanks, out);
        }
        (Quoted::Break, _) => {
            *state = Quoted::Text;
            quoted(byte, state, blanks, out);
        }
        (Quoted::Digit(first), _) => {
            *state = Quoted::Text;
            let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            if let (Some(high), Some(low)) = (digit(first), digit(byte)) {
                out.push(high << 4 | low);
            } else {
                out.extend([b'=', first]);
                quoted(byte, state, blanks, out);
            }
        }
    }
}

fn uuencoded_line(line: &[u8], state: &mut Lines, out: &mut Vec<u8>) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match *state {
        Lines::Before if line.starts_with(b"begin ") => *state = Lines::Inside,
        Lines::Before | Lines::After => {}
        Lines::Inside if line == b"end" => *state = Lines::After,
        Lines::Inside => {
            let Some((length, coded)) = line.split_first() else { return };
            let value = |byte: Option<&u8>| byte.map_or(0, |byte| byte.wrapping_sub(32) & 63);
            let mut left = usize::from(value(Some(length)));
            for group in coded.chunks(4) {
                let [a, b, c, d] = [0, 1, 2, 3].map(|at| value(group.get(at)));
                let bytes = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
                out.extend(bytes.iter().take(left));
                left = left.saturating_sub(3);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &str, encoding: Encoding) -> String {
        let mut out = Vec::new();
        Decoded::new(body.as_bytes(), encoding).read_to_end(&mut out).unwrap();
        assert_eq!(out.len() as u64, decoded_length(body.as_bytes(), encoding));
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn base64_with_breaks_padding_and_noise() {
        assert_eq!(decoded("ZXJm\r\ndW5k!ZW4=\r\n", Encoding::Base64), "erfunden");
        assert_eq!(decoded("ZXI", Encoding::Base64), "er");
        assert_eq!(decoded("ZQ==ZQ==", Encoding::Base64), "ee");
        assert_eq!(decoded("Z", Encoding::Base64), "");
    }

    #[test]
    fn quoted_printable_with_soft_breaks_and_broken_codes() {
        assert_eq!(
            decoded("Gr=C3=BC=\r\n=C3=9Fe  \r\nx =  \ny=", Encoding::QuotedPrintable),
            "Gr\u{fc}\u{df}e\r\nx y="
        );
        assert_eq!(decoded("1=2 a=ZZ =4", Encoding::QuotedPrintable), "1=2 a=ZZ =4");
    }

    #[test]
    fn uuencoded_lines() {
        assert_eq!(decoded("begin 644 a.txt\n(97)F=6YD96X \n`\nend\nrest", Encoding::Uuencode), "erfunden");
    }

    proptest::proptest! {
        #[test]
        fn base64_round_trip(bytes: Vec<u8>) {
            const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            let mut text = String::new();
            for group in bytes.chunks(3) {
                let at = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
                let bits = at(0) << 16 | at(1) << 8 | at(2);
                for letter in 0..=group.len() {
                    text.push(char::from(LETTERS[(bits >> (18 - 6 * letter) & 63) as usize]));
                }
            }
            let mut out = Vec::new();
            Decoded::new(text.as_bytes(), Encoding::Base64).read_to_end(&mut out).unwrap();
            proptest::prop_assert_eq!(out, bytes);
        }
    }
}
