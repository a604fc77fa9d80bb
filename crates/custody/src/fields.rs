//! The fields of an entry: names and JSON values, in no order but that of the canonical form.
//!
//! Deliberately untyped here; which fields a kind needs is said in [`crate::kinds`].

use std::fmt;

use model::{Digest, Timestamp};

/// The value of a field: any JSON value whose numbers are whole and exact (docs/format.md, section 0).
pub type Value = serde_json::Value;

/// The fields of one entry. Its debug form shows the names only, because values may be evidence.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(serde_json::Map<String, Value>);

impl Fields {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same fields with one more; a field of that name is replaced.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The value of a field that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The value of a field that is a whole number from 0 on.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.as_u64()
    }

    /// The value of a field that is a SHA-256 value in hexadecimal.
    pub fn digest(&self, name: &str) -> Option<Digest> {
        self.text(name)?.parse().ok()
    }

    /// All fields, ascending by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The kind of the entry, for example `capsule.sealed`.
    pub fn kind(&self) -> Option<&str> {
        self.text("kind")
    }

    /// The time of the entry by the clock of whoever wrote it.
    pub fn at(&self) -> Option<Timestamp> {
        self.text("at")?.parse().ok()
    }

    pub(crate) fn from_map(map: serde_json::Map<String, Value>) -> Self {
        Self(map)
    }

    pub(crate) fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_given_only_as_what_they_are() {
        let hex = "ab".repeat(32);
        let fields = Fields::new()
            .with("kind", "note")
            .with("at", "2026-11-23T22:00:00Z")
            .with("text", "private words")
            .with("count", 3_u64)
            .with("sha256", hex.as_str());
        assert_eq!(fields.kind(), Some("note"));
        assert_eq!(fields.at(), Some(Timestamp(1_795_471_200)));
        assert_eq!((fields.number("count"), fields.number("text")), (Some(3), None));
        assert_eq!(fields.digest("sha256").map(|digest| digest.to_string()), Some(hex));
        assert_eq!(fields.digest("text"), None);
        assert_eq!(
            fields.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            ["at", "count", "kind", "sha256", "text"]
        );
        assert!(!format!("{fields:?}").contains("private"));
    }
}
