//! The identifier of a record: the same bytes read by the same rules give the same identifier on every
//! machine.
//!
//! The first 16 bytes of SHA-256 over, each with its length in front (8 bytes, big endian): the SHA-256 of
//! the capsule, every step of the path to the file (their count in front of them), the place in the file as
//! [`model::record::Place`] spells it, the part in decimal, the word of the kind. Written as 32 digits.

use std::fmt;
use std::str::FromStr;

use model::record::{Place, What};
use model::{Digest, HexError, decode_hex, encode_hex};
use seal::Sha256;

/// Fewest digits by which a record may be asked for.
const FEWEST_DIGITS: usize = 6;

/// The identifier of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey(pub [u8; 16]);

impl RecordKey {
    /// The identifier of what was read there.
    pub fn of(capsule: Digest, steps: &[String], place: &Place, part: u16, what: &What) -> Self {
        Self::within(&file_state(capsule, steps), place, part, what)
    }

    /// The same, from what [`file_state`] gave.
    pub(crate) fn within(file: &Sha256, place: &Place, part: u16, what: &What) -> Self {
        let mut hash = file.clone();
        add(&mut hash, place.to_string().as_bytes());
        add(&mut hash, part.to_string().as_bytes());
        add(&mut hash, what.word().as_bytes());
        let Digest(whole) = hash.finish();
        let mut key = [0; 16];
        key.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
        Self(key)
    }
}

/// A hash that has seen the capsule and the file, and goes on for each record in it.
pub(crate) fn file_state(capsule: Digest, steps: &[String]) -> Sha256 {
    let mut hash = Sha256::new();
    add(&mut hash, &capsule.0);
    hash.update(&(steps.len() as u64).to_be_bytes());
    for step in steps {
        add(&mut hash, step.as_bytes());
    }
    hash
}

pub(crate) fn add(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(&(bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_hex(&self.0))
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordKey({self})")
    }
}

impl FromStr for RecordKey {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        Ok(Self(decode_hex(text)?.try_into().map_err(|_| HexError)?))
    }
}

/// How an identifier begins, for asking without all of its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPrefix {
    /// The first identifier that begins so.
    pub(crate) first: RecordKey,
    /// The last one.
    pub(crate) last: RecordKey,
}

/// Not the beginning of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 6 to 32 hexadecimal digits")]
pub struct RecordPrefixError;

impl FromStr for RecordPrefix {
    type Err = RecordPrefixError;

    /// From 6 to 32 digits, in either case.
    fn from_str(text: &str) -> Result<Self, RecordPrefixError> {
        let text = text.trim().to_ascii_lowercase();
        if text.len() < FEWEST_DIGITS || !text.is_ascii() {
            return Err(RecordPrefixError);
        }
        let filled = |digit: char| {
            let mut filled = text.clone();
            while filled.len() < 32 {
                filled.push(digit);
            }
            filled.parse::<RecordKey>().map_err(|_| RecordPrefixError)
        };
        Ok(Self { first: filled('0')?, last: filled('f')? })
    }
}

impl From<RecordKey> for RecordPrefix {
    fn from(key: RecordKey) -> Self {
        Self { first: key, last: key }
    }
}

#[cfg(test)]
mod tests {
    use model::record::{Call, Message};

    use super::*;

    fn key(steps: &[&str], place: &Place, part: u16) -> RecordKey {
        let steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
        RecordKey::of(Digest([7; 32]), &steps, place, part, &What::Message(Box::<Message>::default()))
    }

    #[test]
    fn every_part_of_the_place_tells() {
        let first = key(&["a", "b"], &Place::Whole, 0);
        assert_eq!(first, key(&["a", "b"], &Place::Whole, 0));
        assert_ne!(first, key(&["ab"], &Place::Whole, 0));
        assert_ne!(first, key(&["a", "b"], &Place::Whole, 1));
        assert_ne!(first, key(&["a", "b"], &Place::bytes(0, 1), 0));
        let steps = ["a".to_owned(), "b".to_owned()];
        let call = What::Call(Box::<Call>::default());
        assert_ne!(first, RecordKey::of(Digest([7; 32]), &steps, &Place::Whole, 0, &call));
    }

    #[test]
    fn the_identifier_never_changes() {
        // Worked out apart from this program, with another SHA-256 over the bytes the header describes.
        let found = key(&["chat.txt"], &Place::bytes(0, 10), 0).to_string();
        assert_eq!(found, "18c653877c40084d36dca6c0cf93187c");
    }

    #[test]
    fn a_prefix_has_six_digits_at_least() {
        let prefix: RecordPrefix = "ABCDEF1".parse().unwrap();
        assert_eq!(prefix.first.to_string(), "abcdef10000000000000000000000000");
        assert_eq!(prefix.last.to_string(), "abcdef1fffffffffffffffffffffffff");
        for bad in ["", "abcde", "abcdeg", "äääääää", &"a".repeat(33)] {
            assert!(bad.parse::<RecordPrefix>().is_err(), "{bad}");
        }
    }
}
