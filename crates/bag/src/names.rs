//! Under which path a file is stored in a capsule: its own, if that is safe on every system, otherwise a
//! number.
//!
//! The rule is that of `docs/format.md`, section 5 *Names*. The original bytes are deliberately not
//! repaired or transliterated: they are kept as they were in `names.jsonl`.

use std::collections::HashSet;

use crate::format_characters::is_format;

/// Most bytes of a stored path from `data/` on.
const PATH_BYTES: usize = 200;
/// The folder of the numbered files.
const NUMBERED: &str = "data/_named/";

/// Gives out stored paths. Feed it the files in the order of the walk.
///
/// It remembers the names in the folders on the way to the last file, 16 bytes a name, and forgets a
/// folder on leaving it.
#[derive(Debug, Default)]
pub struct Namer {
    root: Option<usize>,
    top: HashSet<u128>,
    open: Vec<OpenFolder>,
    numbered: u64,
}

/// The path of a file in the capsule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// `data/` and the original path.
    Plain(String),
    /// `data/_named/<k>`.
    Numbered(String),
}

impl Stored {
    /// The path from `data/` on.
    pub fn path(&self) -> &str {
        match self {
            Self::Plain(path) | Self::Numbered(path) => path,
        }
    }
}

#[derive(Debug)]
struct OpenFolder {
    name: Vec<u8>,
    clash: Clash,
    children: HashSet<u128>,
}

/// Whether a name, or a folder above it, folds to that of an earlier sibling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clash {
    No,
    Yes,
}

impl Namer {
    /// A namer for a new capsule.
    pub fn new() -> Self {
        Self::default()
    }

    /// The stored path of the next file: `root` is the index of its root, `original` its path from the
    /// root's name on.
    pub fn stored(&mut self, root: usize, original: &[u8]) -> Stored {
        let clash = self.enter(root, original);
        let plain = std::str::from_utf8(original).ok().map(|text| format!("data/{text}"));
        if let Some(path) = plain.filter(|path| clash == Clash::No && is_plain(path)) {
            return Stored::Plain(path);
        }
        let path = format!("{NUMBERED}{}", self.numbered);
        self.numbered += 1;
        Stored::Numbered(path)
    }

    /// Moves to the folder of this file and enters its name there.
    fn enter(&mut self, root: usize, original: &[u8]) -> Clash {
        if self.root.replace(root) != Some(root) {
            self.open.clear();
        }
        let mut folders: Vec<&[u8]> = original.split(|&byte| byte == b'/').collect();
        let file = folders.pop().unwrap_or_default();
        let common = self.open.iter().zip(&folders).take_while(|(open, name)| open.name == **name).count();
        self.open.truncate(common);
        for name in folders.into_iter().skip(common) {
            let clash = self.register(name);
            self.open.push(OpenFolder { name: name.to_vec(), clash, children: HashSet::new() });
        }
        self.register(file)
    }

    fn register(&mut self, name: &[u8]) -> Clash {
        let (above, siblings) = match self.open.last_mut() {
            Some(folder) => (folder.clash, &mut folder.children),
            None => (Clash::No, &mut self.top),
        };
        let new = std::str::from_utf8(name).map_or(true, |name| siblings.insert(short_hash(&fold(name))));
        if new { above } else { Clash::Yes }
    }
}

/// Whether a path from `data/` on is one under which a file may be stored in a capsule at all.
pub fn is_stored(path: &str) -> bool {
    is_plain(path) || number(path).is_some()
}

/// The k of `data/_named/<k>`.
pub(crate) fn number(path: &str) -> Option<u64> {
    let digits = path.strip_prefix(NUMBERED)?;
    digits.parse().ok().filter(|k: &u64| k.to_string() == digits)
}

/// Whether a path from `data/` on is safe as it is: every point of the rule except clashes among siblings.
pub fn is_plain(path: &str) -> bool {
    let Some(below) = path.strip_prefix("data/") else { return false };
    let mut components = below.split('/');
    path.len() <= PATH_BYTES
        && unicode_normalization::is_nfc(path)
        && !path.chars().any(is_forbidden)
        && components.clone().all(is_safe_component)
        && components.next().is_some_and(|first| fold(first) != "_named")
}

fn is_forbidden(character: char) -> bool {
    character.is_control()
        || is_format(character)
        || matches!(character, '%' | '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\')
        || matches!(character, '\u{fffd}' | '\u{2028}' | '\u{2029}')
}

fn is_safe_component(name: &str) -> bool {
    !name.is_empty() && !name.ends_with([' ', '.']) && !is_device(name)
}

/// Whether Windows would open a device under this name.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ').to_ascii_uppercase();
    let port = |digits: &str| {
        let mut rest = digits.chars();
        matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none()
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"].contains(&stem.as_str())
        || stem.strip_prefix("COM").is_some_and(port)
        || stem.strip_prefix("LPT").is_some_and(port)
}

fn fold(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}

/// Half a SHA-256: short, and no two names in a folder can be made to share it.
fn short_hash(text: &str) -> u128 {
    seal::sha256(text.as_bytes()).0.iter().take(16).fold(0, |half, &byte| half << 8 | u128::from(byte))
}

#[cfg(test)]
mod tests;
