//! The names a case folder may hold (docs/format.md, section 1), as one classification.

use model::{EntryNumber, HolderName};

/// What a path in a case folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// `case.json`, `log/checkpoint`, `log/leaves`, `log/vkeys`, `keys/recipient.note`.
    Fixed,
    /// `keys/<holder>.age` or `keys/epoch-<k>.age`.
    Keyring,
    /// `log/entries/<n>.age`.
    Body(EntryNumber),
    /// `log/open/<n>.json`.
    ClearBody(EntryNumber),
    /// A file of a branch joined by entry n; the rest is the path inside of it.
    Branch(EntryNumber, String),
    /// `capsules/<n>-<16 hex>.age`.
    Capsule(EntryNumber),
    /// `pending/<n>/…`.
    Pending(EntryNumber, String),
    /// The lock or the cache: not evidence.
    Passing,
    /// Not a name of ours.
    Unknown,
}

/// Classifies a path below a case folder.
pub(crate) fn place(path: &str) -> Place {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["case.json"] | ["log", "checkpoint" | "leaves" | "vkeys"] | ["keys", "recipient.note"] => {
            Place::Fixed
        }
        ["lock"] => Place::Passing,
        [name] if is_index(name) => Place::Passing,
        ["keys", name] => keyring(name).unwrap_or(Place::Unknown),
        ["log", "entries", name] => numbered(name, ".age").map_or(Place::Unknown, Place::Body),
        ["log", "open", name] => numbered(name, ".json").map_or(Place::Unknown, Place::ClearBody),
        ["log", "forks", number, rest @ ..] if !rest.is_empty() => {
            numbered(number, "").map_or(Place::Unknown, |n| Place::Branch(n, rest.join("/")))
        }
        ["capsules", name] => capsule(name).map_or(Place::Unknown, |(n, _)| Place::Capsule(n)),
        ["pending", half] if half.starts_with("put-") => Place::Passing,
        ["pending", number, rest @ ..] if !rest.is_empty() => {
            numbered(number, "").map_or(Place::Unknown, |n| Place::Pending(n, rest.join("/")))
        }
        _ => Place::Unknown,
    }
}

/// Entry number and first 16 hex digits of the SHA-256 out of a capsule's file name.
pub(crate) fn capsule(name: &str) -> Option<(EntryNumber, &str)> {
    let (number, rest) = name.split_once('-')?;
    let hash = rest.strip_suffix(".age")?;
    let hex = hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    hex.then(|| numbered(number, "").map(|n| (n, hash)))?
}

/// The index, the insights, those being made, and what the database puts beside them.
fn is_index(name: &str) -> bool {
    let rest = name.strip_prefix("index.db").or_else(|| name.strip_prefix("insight.db"));
    let rest = rest.map(|rest| rest.strip_prefix(".new").unwrap_or(rest));
    rest.is_some_and(|rest| matches!(rest, "" | "-journal" | "-shm" | "-wal"))
}

fn keyring(name: &str) -> Option<Place> {
    let stem = name.strip_suffix(".age")?;
    let epoch =
        stem.strip_prefix("epoch-").is_some_and(|k| k.parse::<u32>().is_ok_and(|n| n.to_string() == k));
    (epoch || stem.parse::<HolderName>().is_ok()).then_some(Place::Keyring)
}

fn numbered(name: &str, suffix: &str) -> Option<EntryNumber> {
    let number = EntryNumber(name.strip_suffix(suffix)?.parse().ok()?);
    (number.file_stem() + suffix == name).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_specification_has_its_place() {
        let n = EntryNumber;
        for (path, expected) in [
            ("case.json", Place::Fixed),
            ("keys/recipient.note", Place::Fixed),
            ("keys/client.age", Place::Keyring),
            ("keys/epoch-1.age", Place::Keyring),
            ("keys/epoch-01.age", Place::Unknown),
            ("log/entries/000017.age", Place::Body(n(17))),
            ("log/entries/17.age", Place::Unknown),
            ("log/open/1234567.json", Place::ClearBody(n(1_234_567))),
            ("log/forks/000003/leaves", Place::Branch(n(3), "leaves".into())),
            ("capsules/000002-0123456789abcdef.age", Place::Capsule(n(2))),
            ("capsules/000002-0123456789ABCDEF.age", Place::Unknown),
            ("pending/000002/plan", Place::Pending(n(2), "plan".into())),
            ("lock", Place::Passing),
            ("notes.txt", Place::Unknown),
        ] {
            assert_eq!(place(path), expected, "{path}");
        }
    }
}
