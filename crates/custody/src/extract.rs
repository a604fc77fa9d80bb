//! One line of an extract: the leaf record of an entry with the fields that are shown of it.
//!
//! Follows docs/format.md, section 7, `custody/extract.jsonl`. Deliberately does not prove that the entry
//! is in a log; that is the proof file beside it.

use model::canonical;
use serde_json::json;

use crate::{Disclosure, Entry, LeafError, LeafRecord, Value};

/// An entry as far as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractLine {
    /// The public side of the entry.
    pub leaf: LeafRecord,
    /// The fields that are shown.
    pub shown: Vec<Disclosure>,
}

/// Why a line of an extract is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// Not canonical JSON.
    #[error("a line of an extract that is not canonical JSON")]
    NotCanonical,
    /// Canonical JSON with other members than expected.
    #[error("a line of an extract with other members than expected")]
    Shape,
    /// The leaf record or a disclosure is malformed.
    #[error(transparent)]
    Leaf(#[from] LeafError),
    /// A field is shown that the entry does not have with this value.
    #[error("a field is shown that the entry does not have")]
    NotInEntry,
    /// A field is shown twice.
    #[error("a field is shown twice")]
    Twice,
}

impl ExtractLine {
    /// Shows the named fields of an entry, as far as it has them.
    pub fn of(entry: &Entry, names: &[&str]) -> Self {
        let shown = names.iter().filter_map(|name| entry.disclosure(name)).collect();
        Self { leaf: entry.leaf_record(), shown }
    }

    /// The canonical JSON, without a line feed.
    pub fn to_line(&self) -> String {
        let shown: Vec<Value> = self.shown.iter().map(Disclosure::to_json).collect();
        // Values come out of entries or canonical JSON, so they have a canonical form.
        canonical::to_text(&json!({"leaf": self.leaf.to_value(), "shown": shown})).unwrap_or_default()
    }

    /// Reads exactly what [`ExtractLine::to_line`] gives, without judging it.
    pub fn parse(line: &[u8]) -> Result<Self, ExtractError> {
        let value = canonical::parse(line).map_err(|_| ExtractError::NotCanonical)?;
        let members = value.as_object().filter(|members| members.len() == 2).ok_or(ExtractError::Shape)?;
        let leaf = LeafRecord::from_value(members.get("leaf").ok_or(ExtractError::Shape)?)?;
        let shown = members.get("shown").and_then(Value::as_array).ok_or(ExtractError::Shape)?;
        let shown = shown.iter().map(Disclosure::parse).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { leaf, shown })
    }

    /// Whether everything shown is in the entry, each field once.
    pub fn verify(&self) -> Result<(), ExtractError> {
        let mut names: Vec<&str> = self.shown.iter().map(|field| field.name.as_str()).collect();
        names.sort_unstable();
        if !names.is_sorted_by(|before, after| before < after) {
            return Err(ExtractError::Twice);
        }
        if self.shown.iter().all(|field| self.leaf.shows(field)) {
            Ok(())
        } else {
            Err(ExtractError::NotInEntry)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fields;
    use model::EntryNumber;

    #[test]
    fn shows_what_was_chosen_and_no_more() {
        let fields = Fields::new().with("kind", "note").with("text", "withheld words").with("about", 3_u64);
        let entry = Entry::new(EntryNumber(4), fields, [9; 32]).unwrap();
        let line = ExtractLine::of(&entry, &["kind", "about", "absent"]);
        assert_eq!(line.shown.len(), 2);
        assert!(!line.to_line().contains("withheld"));
        let read = ExtractLine::parse(line.to_line().as_bytes()).unwrap();
        assert_eq!((read.verify(), &read), (Ok(()), &line));
        let twice = ExtractLine::of(&entry, &["kind", "kind"]);
        assert_eq!(twice.verify(), Err(ExtractError::Twice));
        let mut other = line;
        other.shown.iter_mut().for_each(|field| field.value = json!("note "));
        assert_eq!(other.verify(), Err(ExtractError::NotInEntry));
    }
}
