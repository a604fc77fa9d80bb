//! Characters of a chat export that do not show, spaces of all sorts, and digits of all scripts.
//!
//! Follows the Unicode character database; works on bytes, because a line may be damaged.

/// The character at a place and its length in bytes; none at the end and where there is no UTF-8.
pub(super) fn at(bytes: &[u8], place: usize) -> Option<(char, usize)> {
    let first = *bytes.get(place)?;
    if first < 0x80 {
        return Some((char::from(first), 1));
    }
    let (length, top) = match first {
        0xc2..=0xdf => (2, first & 0x1f),
        0xe0..=0xef => (3, first & 0x0f),
        0xf0..=0xf4 => (4, first & 0x07),
        _ => return None,
    };
    let mut code = u32::from(top);
    for byte in bytes.get(place.checked_add(1)?..place.checked_add(length)?)? {
        if byte & 0xc0 != 0x80 {
            return None;
        }
        code = code << 6 | u32::from(byte & 0x3f);
    }
    Some((char::from_u32(code)?, length))
}

/// Whether a character only steers direction or joining, and shows nothing.
pub(super) fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}'
    )
}

/// Whether a character is a space, breaking or not.
pub(super) fn is_space(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// The zeros of the scripts; their digits follow one another.
const ZEROS: [u32; 16] = [
    0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040,
    0x17e0, 0xff10,
];

/// The value of a decimal digit of any script that phones write times in.
pub(super) fn digit(character: char) -> Option<u32> {
    if character.is_ascii() {
        return character.to_digit(10);
    }
    let code = u32::from(character);
    match code {
        0x660..=0x669 => return Some(code & 0xf),
        // No digits here, but marks, spaces and most letters.
        ..0x660 | 0x2000..=0xfeff => return None,
        _ => {}
    }
    ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|value| *value < 10))
}

/// Whether a text begins with the mark that WhatsApp puts before what it writes itself.
pub(super) fn begins_marked(text: &[u8]) -> bool {
    matches!(text, [0xe2, 0x80, 0x8e | 0x8f, ..])
}

/// How many bytes at the start are marks and spaces.
pub(super) fn blank_start(text: &[u8]) -> usize {
    let mut place = 0;
    while let Some((character, length)) = at(text, place) {
        if !is_mark(character) && !is_space(character) {
            break;
        }
        place = place.saturating_add(length);
    }
    place
}

/// Whether nothing of a text shows.
pub(super) fn is_blank(text: &[u8]) -> bool {
    text.split(|byte| matches!(byte, b'\n' | b'\r')).all(|line| blank_start(line) == line.len())
}

/// A text without marks and spaces at its ends.
pub(super) fn trim(text: &str) -> &str {
    let shows = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if shows(text.as_bytes().first()) && shows(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(|character| is_mark(character) || is_space(character))
}

/// A text without marks, anywhere.
pub(super) fn without_marks(text: &str) -> String {
    text.chars().filter(|character| !is_mark(*character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_many_scripts_have_their_values() {
        for (text, value) in [("7", 7), ("٢", 2), ("۴", 4), ("६", 6), ("๙", 9), ("８", 8)] {
            assert_eq!(digit(text.chars().next().unwrap()), Some(value), "{text}");
        }
        assert_eq!(digit('²'), None);
        assert_eq!(digit('x'), None);
    }

    #[test]
    fn damaged_bytes_are_no_character() {
        assert_eq!(at(b"a\xff", 1), None);
        assert_eq!(at("é".as_bytes(), 1), None);
        assert_eq!(at(b"\xe2\x80", 0), None);
        assert_eq!(at("\u{200e}x".as_bytes(), 0), Some(('\u{200e}', 3)));
        assert_eq!(blank_start("\u{feff}\u{200e} x".as_bytes()), 7);
    }
}
