//! Foreign text made safe for a terminal: names, paths and notes may hold anything.
//!
//! Control characters, format characters (bidi marks, joiners, zero width), line and paragraph separators and
//! invisible fillers are written as escapes, so that a hostile file name cannot move the cursor, hide its end
//! or turn its order around. Deliberately no judgement on look-alike letters.

use std::fmt::Write;
use std::path::Path;

/// The text with everything escaped that is not plainly visible.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// A path in the same way; bytes that are no text become U+FFFD.
pub(crate) fn shown_path(path: &Path) -> String {
    shown(&path.to_string_lossy())
}

/// General categories Cc, Cf, Zl and Zp of Unicode 16, private use, and letters that are drawn as nothing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00ad | 0x0600..=0x0605 | 0x061c | 0x06dd | 0x070f | 0x0890..=0x0891 | 0x08e2
            | 0x115f..=0x1160 | 0x180b..=0x180f | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
            | 0x2800 | 0x3164 | 0xe000..=0xf8ff | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
            | 0x110bd | 0x110cd | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
            | 0xe0000..=0xe0fff | 0xf0000..=0x10_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays() {
        for text in ["", "Chat mit Amsel.txt", "größer ß 日本 العربية ไทย", "C:\\Users\\x", "a\u{301}", "🙂"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn tricks_become_visible() {
        for (text, expected) in [
            ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
            ("\u{1b}[2J\u{1b}]0;x\u{7}", "\\u{1b}[2J\\u{1b}]0;x\\u{7}"),
            ("photo\u{202e}gpj.exe", "photo\\u{202e}gpj.exe"),
            ("\u{2066}a\u{2069}\u{200f}\u{61c}", "\\u{2066}a\\u{2069}\\u{200f}\\u{61c}"),
            ("a\u{200b}b\u{feff}\u{ad}", "a\\u{200b}b\\u{feff}\\u{ad}"),
            ("\u{9b}31m\u{85}\u{2028}", "\\u{9b}31m\\u{85}\\u{2028}"),
            ("\u{e0041}\u{3164}", "\\u{e0041}\\u{3164}"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn nothing_that_is_shown_is_hidden() {
        let all: String = (0..=0x10_ffff).filter_map(char::from_u32).collect();
        assert!(!shown(&all).chars().any(is_hidden));
    }
}
