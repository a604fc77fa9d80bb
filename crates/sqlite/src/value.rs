//! The values that a row holds, and the three encodings of text.

use std::borrow::Cow;

/// How a database stores its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing there.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number in floating point.
    Real(f64),
    /// Text, as it was stored.
    Text(Text<'a>),
    /// Bytes.
    Blob(&'a [u8]),
}

/// A text as it was stored; nobody promised that its bytes are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
}

impl<'a> Text<'a> {
    pub(crate) fn new(bytes: &'a [u8], encoding: Encoding) -> Self {
        Self { bytes, encoding }
    }

    /// The bytes as they were stored.
    pub fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// How they were stored.
    pub fn encoding(self) -> Encoding {
        self.encoding
    }

    /// The text; U+FFFD stands where the bytes are none.
    pub fn lossy(self) -> Cow<'a, str> {
        match self.encoding {
            Encoding::Utf8 => String::from_utf8_lossy(self.bytes),
            Encoding::Utf16Le => Cow::Owned(utf16(self.bytes, u16::from_le_bytes)),
            Encoding::Utf16Be => Cow::Owned(utf16(self.bytes, u16::from_be_bytes)),
        }
    }

    /// The text, if it is stored as UTF-8 and valid.
    pub fn as_str(self) -> Option<&'a str> {
        (self.encoding == Encoding::Utf8).then(|| std::str::from_utf8(self.bytes).ok()).flatten()
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text: String =
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_three_encodings() {
        let lossy = |bytes: &[u8], encoding: Encoding| Text { bytes, encoding }.lossy().into_owned();
        assert_eq!(lossy("Grüße".as_bytes(), Encoding::Utf8), "Grüße");
        assert_eq!(lossy(b"a\xff", Encoding::Utf8), "a\u{fffd}");
        assert_eq!(lossy(b"a\0\x3d\xd8\x00\xde", Encoding::Utf16Le), "a\u{1f600}");
        assert_eq!(lossy(b"\0a\xd8\x3d", Encoding::Utf16Be), "a\u{fffd}");
        assert_eq!(lossy(b"\0a\0", Encoding::Utf16Be), "a\u{fffd}");
    }
}
