//! Lines of a card file put together again: folded lines, soft line breaks, blocks of base64.
//!
//! RFC 6350, section 3.2, and vCard 2.1, section 2.1.3. A value that is longer than the limit is cut and
//! keeps its true length, so that a picture in a card costs nothing.

use std::io::{self, Read};

use crate::lines::Lines;

/// Most bytes of one property that are held.
pub(super) const PROPERTY_BYTES: usize = 128 << 10;

/// One property, or any other line, put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unfolded {
    /// Where it begins in the file.
    pub(super) offset: u64,
    /// Where the next one begins.
    pub(super) end: u64,
    /// Its bytes without line ends, cut at the limit.
    pub(super) bytes: Vec<u8>,
    /// How many bytes it has uncut.
    pub(super) length: u64,
}

/// A card file being read property by property.
pub(super) struct Unfold<R> {
    lines: Lines<R>,
    next: Option<Physical>,
}

struct Physical {
    offset: u64,
    end: u64,
    bytes: Vec<u8>,
    length: u64,
}

impl<R: Read> Unfold<R> {
    pub(super) fn new(input: R) -> Self {
        Self { lines: Lines::new(input, PROPERTY_BYTES as u64), next: None }
    }

    /// The next property; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Unfolded>> {
        let Some(first) = self.line()? else { return Ok(None) };
        let kind = Kind::of(&first.bytes);
        let mut whole = Unfolded { offset: first.offset, end: first.end, ..Unfolded::default() };
        let mut soft = whole.add(&first, kind, 0);
        loop {
            // What cannot be read comes up again with the next property.
            let Ok(Some(next)) = self.line() else { return Ok(Some(whole)) };
            let skip = match next.bytes.first() {
                _ if soft => 0,
                Some(b' ' | b'\t') => 1,
                Some(_) if kind == Kind::Base64 && is_base64(&next.bytes) => 0,
                _ => {
                    self.next = Some(next);
                    return Ok(Some(whole));
                }
            };
            whole.end = next.end;
            soft = whole.add(&next, kind, skip);
        }
    }

    fn line(&mut self) -> io::Result<Option<Physical>> {
        if let Some(next) = self.next.take() {
            return Ok(Some(next));
        }
        let Some(line) = self.lines.next_line()? else { return Ok(None) };
        let end = line.offset.saturating_add(line.length);
        let mark = if line.offset == 0 && line.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let bytes = line.bytes.get(mark..).unwrap_or_default().to_vec();
        Ok(Some(Physical { offset: line.offset, end, bytes, length: line.length }))
    }
}

impl Unfolded {
    /// Adds a line; true if a soft line break says that the next one goes on.
    fn add(&mut self, line: &Physical, kind: Kind, skip: usize) -> bool {
        let text = line.bytes.get(skip..).unwrap_or_default();
        let cut = kind == Kind::Quoted && text.ends_with(b"=");
        let text = if cut { text.get(..text.len().saturating_sub(1)).unwrap_or_default() } else { text };
        let room = PROPERTY_BYTES.saturating_sub(self.bytes.len()).min(text.len());
        self.bytes.extend_from_slice(text.get(..room).unwrap_or_default());
        self.length = self.length.saturating_add((text.len() as u64).max(line.length.saturating_sub(2)));
        cut
    }
}

/// What the first line of a property says about how it goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Usual,
    Quoted,
    Base64,
}

impl Kind {
    fn of(line: &[u8]) -> Self {
        let colon = memchr::memchr(b':', line).unwrap_or(0);
        let before = line.get(..colon).unwrap_or_default().to_ascii_uppercase();
        let says = |what: &[u8]| before.windows(what.len()).any(|window| window == what);
        if says(b"QUOTED-PRINTABLE") {
            Self::Quoted
        } else if says(b"BASE64") || says(b"ENCODING=B") {
            Self::Base64
        } else {
            Self::Usual
        }
    }
}

fn is_base64(line: &[u8]) -> bool {
    !line.is_empty()
        && line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<String> {
        let mut unfold = Unfold::new(text.as_bytes());
        let mut found = Vec::new();
        let mut end = 0;
        while let Some(next) = unfold.next().unwrap() {
            assert_eq!(next.offset, end, "no byte is passed over");
            end = next.end;
            found.push(String::from_utf8_lossy(&next.bytes).into_owned());
        }
        assert_eq!(end, text.len() as u64);
        found
    }

    #[test]
    fn the_three_ways_to_go_on() {
        assert_eq!(seen("NOTE:a\r\n  b\r\n\tc\r\nFN:x\r\n"), ["NOTE:a bc", "FN:x"]);
        assert_eq!(
            seen("N;ENCODING=QUOTED-PRINTABLE:a=\n=20b=\n c\nFN:x="),
            ["N;ENCODING=QUOTED-PRINTABLE:a=20b c", "FN:x="]
        );
        assert_eq!(seen("PHOTO;BASE64:AAAA\nBBBB\n\nFN:x"), ["PHOTO;BASE64:AAAABBBB", "", "FN:x"]);
        assert_eq!(seen("\u{feff}BEGIN:VCARD"), ["BEGIN:VCARD"]);
    }

    #[test]
    fn a_picture_is_cut_and_keeps_its_length() {
        let text = format!("PHOTO;ENCODING=b:{}\nFN:x\n", "A".repeat(300_000));
        let mut unfold = Unfold::new(text.as_bytes());
        let photo = unfold.next().unwrap().unwrap();
        assert_eq!(photo.bytes.len(), PROPERTY_BYTES);
        assert!(photo.length > 299_000);
        assert_eq!(unfold.next().unwrap().unwrap().bytes, b"FN:x");
    }

    const PIECES: &str = "(BEGIN:VCARD\r?\n|N;QUOTED-PRINTABLE:=\n| \t?|X;BASE64:A\n|[A-Z=:;]{0,6}|\n){0,40}";

    proptest::proptest! {
        #[test]
        fn folding_and_unfolding_is_a_round_trip(
            value in "[a-z;:,\u{fc}\u{20ac}]{1,200}",
            width in 1_usize..40,
        ) {
            let mut folded = String::from("NOTE:");
            for (at, letter) in value.chars().enumerate() {
                if at > 0 && at % width == 0 {
                    folded.push_str("\r\n ");
                }
                folded.push(letter);
            }
            folded.push_str("\r\n");
            proptest::prop_assert_eq!(seen(&folded), [format!("NOTE:{value}")]);
        }

        #[test]
        fn no_text_breaks_it(text in PIECES) {
            seen(&text);
        }
    }
}
