//! Texts in any character set: what is said is used, what is not said is guessed and told.
//!
//! The labels of the Encoding Standard through encoding_rs, and UTF-7 and the code pages of DOS through
//! mail-parser. Deliberately no guessing by frequency of letters.

use encoding_rs::{Encoding, REPLACEMENT, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

/// A text, and what must be said about how it was decoded.
pub(crate) struct Decoded {
    /// The text.
    pub(crate) text: String,
    /// The character set it was read in.
    pub(crate) charset: String,
    /// What was not as it should be; none if all was.
    pub(crate) doubt: Option<&'static str>,
}

/// Decodes a text whose source names this character set, or none.
pub(crate) fn decode(bytes: &[u8], stated: Option<&str>) -> Decoded {
    let stated = stated.map(|label| label.trim_matches(['"', '\'', ' '])).filter(|label| !label.is_empty());
    match stated {
        // Programs say ASCII when they did not think about it.
        Some(label) if !is_ascii_label(label) => by_label(bytes, label),
        _ if bytes.is_ascii() => done(String::from_utf8_lossy(bytes).into_owned(), "us-ascii", None),
        Some(_) => guess(bytes, "said to be ASCII and is not"),
        None => guess(bytes, "character set not said"),
    }
}

fn by_label(bytes: &[u8], label: &str) -> Decoded {
    let known = Encoding::for_label(label.as_bytes());
    if known == Some(REPLACEMENT) {
        return guess(bytes, "character set that browsers refuse");
    }
    if let Some(encoding) = known {
        let (text, broken) = encoding.decode_with_bom_removal(bytes);
        let doubt = broken.then_some("not all bytes fit the character set");
        return done(text.into_owned(), encoding.name(), doubt);
    }
    match charset_decoder(label.as_bytes()) {
        Some(decoder) => done(decoder(bytes), label, None),
        None => guess(bytes, "character set not known"),
    }
}

fn guess(bytes: &[u8], doubt: &'static str) -> Decoded {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return done(text.to_owned(), "UTF-8", Some(doubt));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    done(text.into_owned(), WINDOWS_1252.name(), Some(doubt))
}

fn done(text: String, charset: &str, doubt: Option<&'static str>) -> Decoded {
    Decoded { text, charset: charset.to_owned(), doubt }
}

fn is_ascii_label(label: &str) -> bool {
    ["us-ascii", "ascii", "ansi_x3.4-1968", "7bit", "unknown-8bit"]
        .iter()
        .any(|ascii| label.eq_ignore_ascii_case(ascii))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8], stated: Option<&str>) -> (String, String, bool) {
        let decoded = decode(bytes, stated);
        (decoded.text, decoded.charset, decoded.doubt.is_some())
    }

    #[test]
    fn said_not_said_and_wrongly_said() {
        let text = |text: &str, charset: &str, doubt| (text.to_owned(), charset.to_owned(), doubt);
        assert_eq!(seen(b"Gr\xfc\xdfe", Some("iso-8859-1")), text("Gr\u{fc}\u{df}e", "windows-1252", false));
        assert_eq!(seen("\u{fc}".as_bytes(), Some("\"UTF-8\"")), text("\u{fc}", "UTF-8", false));
        assert_eq!(seen("\u{fc}".as_bytes(), Some("us-ascii")), text("\u{fc}", "UTF-8", true));
        assert_eq!(seen(b"\xfc", None), text("\u{fc}", "windows-1252", true));
        assert_eq!(seen(b"\xd0\xd2\xc9", Some("koi8-r")), text("\u{43f}\u{440}\u{438}", "KOI8-R", false));
        assert_eq!(seen(b"Gr+APw-n", Some("utf-7")), text("Gr\u{fc}n", "utf-7", false));
        assert_eq!(seen(b"a\xff", Some("utf-8")), text("a\u{fffd}", "UTF-8", true));
        assert_eq!(seen(b"abc", Some("iso-2022-kr")).0, "abc");
        assert_eq!(seen(b"abc\xfc", Some("no-such")), text("abc\u{fc}", "windows-1252", true));
    }
}
