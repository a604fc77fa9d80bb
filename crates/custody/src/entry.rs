//! One entry of a custody log: its number, its fields, and the salt that hides them.
//!
//! Follows docs/format.md, section 3, "Entry". Deliberately does not ask whether the fields make sense for
//! their kind (that is [`crate::kinds`]) and does not seal the body.

use std::fmt;

use model::{Digest, EntryNumber, Limits, canonical, canonical::CanonicalError, decode_hex, encode_hex};
use serde_json::json;

use crate::{Disclosure, Fields, LeafRecord, Value};

/// Most entries of one log (docs/format.md, section 10).
pub const LOG_ENTRIES_MAX: u64 = 10_000_000;

/// An entry that can be written and read: its body is canonical and within the limits.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The place of the entry in its log, from 0.
    pub number: EntryNumber,
    /// What the entry says.
    pub fields: Fields,
    salt: [u8; 32],
    body: Vec<u8>,
    leaf: LeafRecord,
}

/// Why bytes or fields are not an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The body is longer than a reader would accept.
    #[error("the body of an entry is longer than {} bytes", Limits::DEFAULT.entry_body_bytes)]
    TooLong,
    /// The log would have more entries than a reader would accept.
    #[error("a log has at most {LOG_ENTRIES_MAX} entries")]
    TooMany,
    /// Not canonical JSON, or a value that has no canonical form.
    #[error("the body of an entry is not canonical JSON")]
    NotCanonical,
    /// Canonical JSON, but not the members of an entry.
    #[error("the body does not have the members of an entry")]
    Shape,
    /// An entry of a version that this program does not know.
    #[error("an entry of another version of the format")]
    Version,
}

impl From<CanonicalError> for EntryError {
    fn from(_: CanonicalError) -> Self {
        Self::NotCanonical
    }
}

impl Entry {
    /// An entry with a fresh random `salt` of 32 bytes; whoever knows the salt can guess field values.
    pub fn new(number: EntryNumber, fields: Fields, salt: [u8; 32]) -> Result<Self, EntryError> {
        if number.0 >= LOG_ENTRIES_MAX {
            return Err(EntryError::TooMany);
        }
        let body = canonical::to_bytes(&json!({
            "fields": fields.to_value(),
            "n": number.0,
            "salt": encode_hex(&salt),
            "v": 1,
        }))?;
        if body.len() as u64 > Limits::DEFAULT.entry_body_bytes {
            return Err(EntryError::TooLong);
        }
        let mut commitments: Vec<Digest> =
            fields.iter().map(|(name, value)| disclose(&salt, name, value).commitment()).collect();
        commitments.sort_unstable();
        let leaf = LeafRecord { number, commitments };
        Ok(Self { number, fields, salt, body, leaf })
    }

    /// Reads a body that must be exactly what [`Entry::body_bytes`] gives.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() as u64 > Limits::DEFAULT.entry_body_bytes {
            return Err(EntryError::TooLong);
        }
        let Value::Object(mut members) = canonical::parse(bytes)? else { return Err(EntryError::Shape) };
        match members.remove("v").as_ref().and_then(Value::as_u64) {
            Some(1) => {}
            Some(_) => return Err(EntryError::Version),
            None => return Err(EntryError::Shape),
        }
        let number = members.remove("n").as_ref().and_then(Value::as_u64).ok_or(EntryError::Shape)?;
        let salt = members.remove("salt");
        let salt = salt.as_ref().and_then(Value::as_str).and_then(|hex| decode_hex(hex).ok());
        let salt = salt.and_then(|bytes| bytes.try_into().ok()).ok_or(EntryError::Shape)?;
        let Some(Value::Object(fields)) = members.remove("fields") else { return Err(EntryError::Shape) };
        if !members.is_empty() {
            return Err(EntryError::Shape);
        }
        Self::new(EntryNumber(number), Fields::from_map(fields), salt)
    }

    /// The body: canonical JSON, to be sealed.
    pub fn body_bytes(&self) -> Vec<u8> {
        self.body.clone()
    }

    /// The public leaf record, which says nothing without the salt.
    pub fn leaf_record(&self) -> LeafRecord {
        self.leaf.clone()
    }

    /// The leaf hash of this entry in the tree of its log.
    pub fn leaf_hash(&self) -> Digest {
        self.leaf.leaf_hash()
    }

    /// What proves one field and nothing about the others.
    pub fn disclosure(&self, name: &str) -> Option<Disclosure> {
        self.fields.get(name).map(|value| disclose(&self.salt, name, value))
    }
}

impl fmt::Debug for Entry {
    /// Number and kind only: fields may be evidence, the salt is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("number", &self.number.0)
            .field("kind", &self.fields.kind())
            .finish_non_exhaustive()
    }
}

fn disclose(salt: &[u8; 32], name: &str, value: &Value) -> Disclosure {
    Disclosure {
        salt: seal::hmac_sha256(salt, &[name.as_bytes()]),
        name: name.to_owned(),
        value: value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_the_written_form() {
        let entry = Entry::new(EntryNumber(7), Fields::new().with("kind", "note"), [0xab; 32]).unwrap();
        let text =
            format!("{{\"fields\":{{\"kind\":\"note\"}},\"n\":7,\"salt\":\"{}\",\"v\":1}}", "ab".repeat(32));
        assert_eq!(String::from_utf8(entry.body_bytes()).unwrap(), text);
        assert_eq!(Entry::parse(text.as_bytes()), Ok(entry));
        for (bad, error) in [
            (text.replace("\"v\":1", "\"v\":2"), EntryError::Version),
            (text.replace("\"v\":1", "\"v\":null"), EntryError::Shape),
            (text.replace("\"n\":7", "\"n\":-7"), EntryError::Shape),
            (text.replace("\"n\":7", "\"n\":10000000"), EntryError::TooMany),
            (text.replace("abab", "ABAB"), EntryError::Shape),
            (text.replace("{\"kind\":\"note\"}", "[]"), EntryError::Shape),
            (text.replace("\"v\":1", "\"v\":1,\"w\":1"), EntryError::Shape),
            (format!("{text}\n"), EntryError::NotCanonical),
            (format!("{text}{}", " ".repeat(1 << 20)), EntryError::TooLong),
        ] {
            assert_eq!(Entry::parse(bad.as_bytes()), Err(error), "{bad}");
        }
    }

    #[test]
    fn what_could_not_be_read_again_is_not_written() {
        let entry = |value: Value| Entry::new(EntryNumber(0), Fields::new().with("x", value), [0; 32]);
        assert_eq!(entry(json!(1.5)), Err(EntryError::NotCanonical));
        assert_eq!(entry(json!(u64::MAX)), Err(EntryError::NotCanonical));
        assert_eq!(entry(json!("x".repeat(1 << 20))), Err(EntryError::TooLong));
    }
}
