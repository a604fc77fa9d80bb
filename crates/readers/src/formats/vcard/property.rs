//! One property of a card: group, name, parameters and value, decoded.
//!
//! RFC 6350, section 3.3, RFC 6868, and vCard 2.1 with its parameters without names.

use std::io::Read;

use source::mail::{Decoded, Encoding};

use super::unfold::{PROPERTY_BYTES, Unfolded};
use crate::charset;

/// A property of a card.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Property {
    /// What stands before the colon, as it is written.
    pub(super) head: String,
    /// The group, in small letters.
    pub(super) group: Option<String>,
    /// The name, in capital letters.
    pub(super) name: String,
    /// Parameters: names in capital letters, values as written; a value without name is a `TYPE`.
    pub(super) parameters: Vec<(String, String)>,
    /// The value, decoded; escapes are still in it.
    pub(super) value: String,
    /// How many bytes the whole property has in the file.
    pub(super) length: u64,
    /// What was doubtful about the character set.
    pub(super) doubt: Option<String>,
    /// Whether the value is longer than what is held.
    pub(super) is_cut: bool,
    /// Whether its value is bytes in letters, not text; it is not kept.
    pub(super) is_binary: bool,
}

impl Property {
    /// A property; none if the line has no colon or no name.
    pub(super) fn of(line: &Unfolded) -> Option<Self> {
        let colon = outside_quotes(&line.bytes, b':').next()?;
        let head = line.bytes.get(..colon)?;
        let value = line.bytes.get(colon.checked_add(1)?..)?;
        let head_text = String::from_utf8_lossy(head).into_owned();
        let mut words = split(head, b';').map(|word| String::from_utf8_lossy(word).into_owned());
        let full_name = words.next()?;
        let (group, name) = match full_name.rsplit_once('.') {
            Some((group, name)) => (Some(group.trim().to_ascii_lowercase()), name),
            None => (None, full_name.as_str()),
        };
        let name = name.trim().to_ascii_uppercase();
        if name.is_empty()
            || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return None;
        }
        let parameters = words.flat_map(|word| parameter(&word)).collect();
        let mut property = Self {
            head: head_text.trim().to_owned(),
            group,
            name,
            parameters,
            length: line.length,
            is_cut: line.length > PROPERTY_BYTES as u64,
            ..Self::default()
        };
        property.decode(value);
        Some(property)
    }

    /// The first value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has a parameter that no field of a contact shows.
    pub(super) fn says_more(&self) -> bool {
        const SHOWN: &[&str] =
            &["TYPE", "CHARSET", "ENCODING", "VALUE", "WAID", "X-SERVICE-TYPE", "SERVICE-TYPE"];
        self.parameters.iter().any(|(name, _)| !SHOWN.contains(&name.as_str()))
    }

    /// What the source calls it: `home`, `cell,voice`.
    pub(super) fn types(&self) -> Option<String> {
        let types: Vec<&str> = self
            .parameters
            .iter()
            .filter(|(name, _)| name == "TYPE")
            .map(|(_, value)| value.as_str())
            .collect();
        (!types.is_empty()).then(|| types.join(","))
    }

    fn has_encoding(&self, names: &[&str]) -> bool {
        self.parameters.iter().any(|(name, value)| {
            matches!(name.as_str(), "ENCODING" | "TYPE")
                && names.iter().any(|known| value.eq_ignore_ascii_case(known))
        })
    }

    fn decode(&mut self, value: &[u8]) {
        let mut bytes = Vec::new();
        if self.has_encoding(&["QUOTED-PRINTABLE"]) {
            // The value is in memory: reading it cannot fail.
            drop(Decoded::new(value, Encoding::QuotedPrintable).read_to_end(&mut bytes));
        } else {
            bytes.extend_from_slice(value);
        }
        let stated = self.parameter("CHARSET").map(str::to_owned);
        let decoded = charset::decode(&bytes, stated.as_deref());
        // Cards without a word on it are UTF-8 since version 3.0, and mostly before.
        let usual = stated.is_none() && decoded.charset == "UTF-8";
        let is_data = decoded.text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
        self.is_binary = is_data || self.has_encoding(&["BASE64", "B"]);
        if self.is_binary {
            return;
        }
        self.doubt = decoded.doubt.filter(|_| !usual).map(|doubt| format!("{} ({doubt})", decoded.charset));
        self.value = decoded.text;
    }
}

/// The values of one parameter, each with its name.
fn parameter(word: &str) -> Vec<(String, String)> {
    if let Some(label) = android_label(word) {
        return vec![("TYPE".to_owned(), label)];
    }
    let (name, values) = match word.split_once('=') {
        Some((name, values)) => (name.trim().to_ascii_uppercase(), values),
        // vCard 2.1: the type or encoding alone.
        None => ("TYPE".to_owned(), word),
    };
    split(values.as_bytes(), b',')
        .map(|value| String::from_utf8_lossy(value).trim().trim_matches('"').to_owned())
        .filter(|value| !value.is_empty())
        .map(|value| (name.clone(), value.replace("^n", "\n").replace("^'", "\"").replace("^^", "^")))
        .collect()
}

/// A label of one's own as Android writes it into vCard 2.1:
/// `X-Custom(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=54=61)`.
fn android_label(word: &str) -> Option<String> {
    let start = word.get(..9).filter(|start| start.eq_ignore_ascii_case("X-CUSTOM("))?;
    let label = word.get(start.len()..)?.trim_end_matches(')').rsplit(',').next()?;
    let mut bytes = Vec::new();
    // The label is in memory: reading it cannot fail.
    drop(Decoded::new(label.as_bytes(), Encoding::QuotedPrintable).read_to_end(&mut bytes));
    Some(charset::decode(&bytes, None).text)
}

/// Where a byte stands that is not between double quotes.
fn outside_quotes(bytes: &[u8], wanted: u8) -> impl Iterator<Item = usize> {
    // A quote that is not closed quotes nothing.
    let quotes = memchr::memchr_iter(b'"', bytes).count();
    let mut left = quotes - quotes % 2;
    let mut inside = false;
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        if *byte == b'"' && left > 0 {
            left = left.saturating_sub(1);
            inside = !inside;
        }
        (*byte == wanted && !inside).then_some(at)
    })
}

fn split(bytes: &[u8], by: u8) -> impl Iterator<Item = &[u8]> {
    let mut ends: Vec<usize> = outside_quotes(bytes, by).collect();
    ends.push(bytes.len());
    let mut begin = 0;
    ends.into_iter().filter_map(move |end| {
        let piece = bytes.get(begin..end);
        begin = end.saturating_add(1);
        piece
    })
}

/// The components of a structured value, escapes resolved.
pub(super) fn components(value: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => found.push(String::new()),
            '\\' => push(&mut found, unescaped(letters.next())),
            other => push(&mut found, other),
        }
    }
    found.iter().map(|component| component.trim().to_owned()).collect()
}

/// A value with its escapes resolved.
pub(super) fn text(value: &str) -> String {
    let mut found = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        found.push(if letter == '\\' { unescaped(letters.next()) } else { letter });
    }
    found.trim().to_owned()
}

fn unescaped(letter: Option<char>) -> char {
    match letter {
        Some('n' | 'N') => '\n',
        Some(other) => other,
        None => '\\',
    }
}

fn push(found: &mut [String], letter: char) {
    if let Some(last) = found.last_mut() {
        last.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Property {
        let bytes = line.as_bytes().to_vec();
        Property::of(&Unfolded { length: bytes.len() as u64, bytes, ..Unfolded::default() }).unwrap()
    }

    #[test]
    fn groups_parameters_and_quotes() {
        let found = of("item1.TEL;type=CELL,VOICE;X-A=\"b;c:d\";PREF:+49 171 3920001");
        assert_eq!((found.group.as_deref(), found.name.as_str()), (Some("item1"), "TEL"));
        assert_eq!(found.types().as_deref(), Some("CELL,VOICE,PREF"));
        assert_eq!(found.parameter("X-A"), Some("b;c:d"));
        assert_eq!(found.value, "+49 171 3920001");
        assert_eq!(of("X;A=\"open:value").value, "value");
    }

    #[test]
    fn values_are_decoded() {
        assert_eq!(of("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ren=C3=A9").value, "Ren\u{e9}");
        assert_eq!(of("FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Ren=E9").value, "Ren\u{e9}");
        assert_eq!(components("a\\;b;c\\, d;;"), ["a;b", "c, d", "", ""]);
        assert_eq!(text("one\\ntwo \\\\ "), "one\ntwo \\");
    }
}
