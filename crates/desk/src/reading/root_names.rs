//! The names under which the files of a capsule are read: text, and no two alike.
//!
//! A record's identifier and the way back to its bytes hang on them. The paths in a capsule are bytes, and
//! two roots may have one name (`DCIM` of the phone, `DCIM` of the card). So bytes that are not UTF-8 become the
//! replacement character and two digits each, and a root whose name is taken gets ` (2)`, ` (3)` … The same
//! capsule gives the same names, whatever of it is stopped.

use std::collections::BTreeSet;

use bag::FileLine;

/// What stands for a byte that is not text, with two hexadecimal digits behind it.
const NO_TEXT: char = '\u{fffd}';

/// Gives names to the files of one capsule, in the order of its list.
#[derive(Default)]
pub(super) struct RootNames {
    root: Option<(u64, String)>,
    taken: BTreeSet<String>,
}

impl RootNames {
    /// The name of the next file. Every file of the capsule comes here, also one that is not read.
    pub(super) fn path(&mut self, line: &FileLine) -> String {
        self.name(line.root, line.original_path())
    }

    fn name(&mut self, root: u64, path: &[u8]) -> String {
        let path = text(path);
        let (name, below) = match path.split_once('/') {
            Some((name, below)) => (name, Some(below)),
            None => (path.as_str(), None),
        };
        if self.root.as_ref().is_none_or(|(known, _)| *known != root) {
            let ending = if below.is_none() { ending(name) } else { "" };
            self.root = Some((root, self.free(name, ending)));
        }
        let name = self.root.as_ref().map_or(name, |(_, name)| name.as_str());
        below.map_or_else(|| name.to_owned(), |below| format!("{name}/{below}"))
    }

    fn free(&mut self, name: &str, ending: &str) -> String {
        let stem = name.strip_suffix(ending).unwrap_or(name);
        let mut free = name.to_owned();
        let mut number = 1_u64;
        while !self.taken.insert(free.clone()) {
            number = number.saturating_add(1);
            free = format!("{stem} ({number}){ending}");
        }
        free
    }
}

/// The last dot of a name and what follows; nothing if the name begins with it.
fn ending(name: &str) -> &str {
    name.rfind('.').filter(|dot| *dot > 0).and_then(|dot| name.get(dot..)).unwrap_or_default()
}

/// A path as text, different for different bytes.
fn text(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        let valid = chunk.valid();
        for (at, character) in valid.char_indices() {
            let behind = valid.get(at..).unwrap_or_default().chars().skip(1).take(2);
            // It would read as a byte that is not text.
            if character == NO_TEXT && behind.filter(char::is_ascii_hexdigit).count() == 2 {
                NO_TEXT.to_string().bytes().for_each(|byte| push_byte(&mut text, byte));
            } else {
                text.push(character);
            }
        }
        chunk.invalid().iter().for_each(|byte| push_byte(&mut text, *byte));
    }
    text
}

fn push_byte(text: &mut String, byte: u8) {
    text.push(NO_TEXT);
    text.push_str(&model::encode_hex(&[byte]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_bytes_are_different_text() {
        assert_eq!(text("Grüße.txt".as_bytes()), "Grüße.txt");
        assert_eq!(text(b"a\xff.txt"), "a\u{fffd}ff.txt");
        assert_eq!(text("a\u{fffd}.txt".as_bytes()), "a\u{fffd}.txt");
        let names: [&[u8]; 6] = [
            b"\xff",
            b"\xfe",
            "\u{fffd}".as_bytes(),
            "\u{fffd}ff".as_bytes(),
            b"\xef\xbf",
            b"\xef\xbf\xbdf\xff",
        ];
        let texts: BTreeSet<String> = names.iter().map(|name| text(name)).collect();
        assert_eq!(texts.len(), names.len(), "{texts:?}");
    }

    #[test]
    fn roots_of_one_name_are_told_apart() {
        let mut names = RootNames::default();
        let found: Vec<String> = [
            (0, "DCIM/a.jpg"),
            (0, "DCIM/b/a.jpg"),
            (1, "DCIM/a.jpg"),
            (2, "DCIM (2)/a.jpg"),
            (3, "chat.txt"),
            (4, "chat.txt"),
            (5, "DCIM"),
            (6, ".rc"),
            (7, ".rc"),
        ]
        .iter()
        .map(|(root, path)| names.name(*root, path.as_bytes()))
        .collect();
        let expected = [
            "DCIM/a.jpg",
            "DCIM/b/a.jpg",
            "DCIM (2)/a.jpg",
            "DCIM (2) (2)/a.jpg",
            "chat.txt",
            "chat (2).txt",
            "DCIM (3)",
            ".rc",
            ".rc (2)",
        ];
        assert_eq!(found, expected);
    }
}
