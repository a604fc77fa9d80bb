//! The public side of an entry: its leaf record, and the disclosures that open single fields of it.
//!
//! Follows docs/format.md, section 3, "Entry". Deliberately holds no salt of an entry, so nothing beyond
//! what was disclosed can be got from here.

use model::{Digest, EntryNumber, canonical, decode_hex, encode_hex};
use serde_json::json;

use crate::Value;

/// What the tree of a log commits to for one entry: its number and one commitment per field, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafRecord {
    /// The number of the entry.
    pub number: EntryNumber,
    /// SHA-256 of each field's disclosure, ascending, none twice.
    pub commitments: Vec<Digest>,
}

/// One field, opened: salt, name and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The salt of this field alone.
    pub salt: [u8; 32],
    /// The name of the field.
    pub name: String,
    /// The value of the field.
    pub value: Value,
}

/// Why something is not a leaf record or a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Not canonical JSON.
    #[error("a leaf record that is not canonical JSON")]
    NotCanonical,
    /// Canonical JSON with other members than those of version 1.
    #[error("a leaf record or disclosure with other members than expected")]
    Shape,
    /// Commitments that are not in ascending order, or one twice.
    #[error("commitments that are not in ascending order")]
    Order,
}

impl LeafRecord {
    /// The canonical bytes that the tree commits to.
    pub fn to_bytes(&self) -> Vec<u8> {
        let commitments: Vec<String> =
            self.commitments.iter().map(|digest| format!("\"{digest}\"")).collect();
        format!("{{\"c\":[{}],\"n\":{},\"v\":1}}", commitments.join(","), self.number).into_bytes()
    }

    /// Reads exactly what [`LeafRecord::to_bytes`] gives.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        Self::from_value(&canonical::parse(bytes).map_err(|_| LeafError::NotCanonical)?)
    }

    /// The leaf hash in the tree of the log.
    pub fn leaf_hash(&self) -> Digest {
        seal::tree::leaf_hash(&[&self.to_bytes()])
    }

    /// Whether the entry has exactly this field with this value.
    pub fn shows(&self, disclosure: &Disclosure) -> bool {
        self.commitments.contains(&disclosure.commitment())
    }

    pub(crate) fn to_value(&self) -> Value {
        json!({"c": self.commitments, "n": self.number, "v": 1})
    }

    pub(crate) fn from_value(value: &Value) -> Result<Self, LeafError> {
        let members = value.as_object().filter(|members| members.len() == 3).ok_or(LeafError::Shape)?;
        if members.get("v").and_then(Value::as_u64) != Some(1) {
            return Err(LeafError::Shape);
        }
        let number = members.get("n").and_then(Value::as_u64).ok_or(LeafError::Shape)?;
        let commitments = members.get("c").and_then(Value::as_array).ok_or(LeafError::Shape)?;
        let commitments: Option<Vec<Digest>> =
            commitments.iter().map(|item| item.as_str()?.parse().ok()).collect();
        let commitments = commitments.ok_or(LeafError::Shape)?;
        // Strictly ascending: a field counted twice could otherwise hide that one is missing.
        if !commitments.is_sorted_by(|before, after| before < after) {
            return Err(LeafError::Order);
        }
        Ok(Self { number: EntryNumber(number), commitments })
    }
}

impl Disclosure {
    /// The JSON array of salt, name and value.
    pub fn to_json(&self) -> Value {
        json!([encode_hex(&self.salt), self.name, self.value])
    }

    /// Reads what [`Disclosure::to_json`] gives, out of JSON that was parsed as canonical.
    pub fn parse(value: &Value) -> Result<Self, LeafError> {
        let Some([salt, name, value]) = value.as_array().map(Vec::as_slice) else {
            return Err(LeafError::Shape);
        };
        let salt = salt.as_str().and_then(|hex| decode_hex(hex).ok());
        let salt = salt.and_then(|bytes| bytes.try_into().ok()).ok_or(LeafError::Shape)?;
        let name = name.as_str().ok_or(LeafError::Shape)?.to_owned();
        Ok(Self { salt, name, value: value.clone() })
    }

    /// SHA-256 of the canonical bytes. A value that has no canonical form gets a commitment no leaf record
    /// carries.
    pub fn commitment(&self) -> Digest {
        seal::sha256(&canonical::to_bytes(&self.to_json()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_has_the_written_form() {
        let record =
            LeafRecord { number: EntryNumber(3), commitments: vec![Digest([1; 32]), Digest([2; 32])] };
        let text = format!("{{\"c\":[\"{}\",\"{}\"],\"n\":3,\"v\":1}}", "01".repeat(32), "02".repeat(32));
        assert_eq!(record.to_bytes(), text.as_bytes());
        assert_eq!(canonical::to_bytes(&record.to_value()).unwrap(), record.to_bytes());
        assert_eq!(LeafRecord::parse(text.as_bytes()), Ok(record));
        for (bad, error) in [
            (text.replace("0202", "0101").replace("0202", "0101"), LeafError::Order),
            (text.replacen("01", "03", 32), LeafError::Order),
            (text.replace("\"v\":1", "\"v\":2"), LeafError::Shape),
            (text.replace("\"n\":3", "\"n\":-3"), LeafError::Shape),
            (text.replace("\"n\":3,", ""), LeafError::Shape),
            (text.replace("01\"", "0\""), LeafError::Shape),
            (text.replace(',', ", "), LeafError::NotCanonical),
        ] {
            assert_eq!(LeafRecord::parse(bad.as_bytes()), Err(error), "{bad}");
        }
    }

    #[test]
    fn a_disclosure_fits_only_its_own_leaf() {
        let disclosure = Disclosure { salt: [7; 32], name: "alias".into(), value: json!("Amber") };
        assert_eq!(disclosure.to_json(), json!(["07".repeat(32), "alias", "Amber"]));
        assert_eq!(Disclosure::parse(&disclosure.to_json()), Ok(disclosure.clone()));
        let leaf = LeafRecord { number: EntryNumber(0), commitments: vec![disclosure.commitment()] };
        assert!(leaf.shows(&disclosure));
        assert!(!leaf.shows(&Disclosure { value: json!("Amben"), ..disclosure.clone() }));
        assert!(!leaf.shows(&Disclosure { value: json!(0.5), ..disclosure }));
        for bad in [json!([]), json!(["07", "alias", 1]), json!(["07".repeat(32), 1, 1]), json!({})] {
            assert_eq!(Disclosure::parse(&bad), Err(LeafError::Shape), "{bad}");
        }
    }
}
