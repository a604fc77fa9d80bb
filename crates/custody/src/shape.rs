//! What the value of a field may look like.
//!
//! Deliberately about the form of single values only; what values mean together is said by
//! [`crate::CaseState`].

use model::{Date, Digest, HolderName, Timestamp};

use crate::{ConsentItems, Value, VerifierKey};

/// The form that the value of a field must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number from 0 on.
    Number,
    /// A whole number from 0 on, or null.
    NumberOrNull,
    /// Exactly `true`; a field that says something by being there.
    True,
    /// A time in UTC with whole seconds.
    Time,
    /// A day.
    Date,
    /// A SHA-256 value in hexadecimal.
    Digest,
    /// A list of SHA-256 values in hexadecimal.
    Digests,
    /// An object of file names, without folders, with a SHA-256 value each.
    DigestByFile,
    /// An object of words with a number each.
    NumberByWord,
    /// A verifier key line.
    VerifierKey,
    /// The name of a holder.
    HolderName,
    /// What a consent is about: `"all"` or a list of `"<capsule>"` and `"<capsule>:<leaf>"`.
    ConsentItems,
    /// Any value.
    Any,
}

impl Shape {
    /// Whether a value has this form.
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Word(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Self::Number => value.is_u64(),
            Self::NumberOrNull => value.is_u64() || value.is_null(),
            Self::True => value.as_bool() == Some(true),
            Self::Time => parses::<Timestamp>(value),
            Self::Date => parses::<Date>(value),
            Self::Digest => parses::<Digest>(value),
            Self::Digests => value.as_array().is_some_and(|items| items.iter().all(parses::<Digest>)),
            Self::DigestByFile => value.as_object().is_some_and(|files| {
                files.iter().all(|(name, digest)| !name.contains(['/', '\\']) && parses::<Digest>(digest))
            }),
            Self::NumberByWord => value.as_object().is_some_and(|counts| counts.values().all(Value::is_u64)),
            Self::VerifierKey => parses::<VerifierKey>(value),
            Self::HolderName => parses::<HolderName>(value),
            Self::ConsentItems => ConsentItems::parse(value).is_some(),
            Self::Any => true,
        }
    }
}

fn parses<T: std::str::FromStr>(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<T>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms() {
        let hex = "0a".repeat(32);
        for (shape, good, bad) in [
            (Shape::Text, json!(""), json!(1)),
            (Shape::Word(&["no", "yes"]), json!("yes"), json!("maybe")),
            (Shape::Number, json!(0), json!(-1)),
            (Shape::NumberOrNull, json!(null), json!("1")),
            (Shape::True, json!(true), json!(false)),
            (Shape::Time, json!("2026-11-23T22:00:00Z"), json!("2026-11-23")),
            (Shape::Date, json!("2026-11-23"), json!("2026-11-31")),
            (Shape::Digest, json!(hex), json!("0a")),
            (Shape::Digests, json!([hex]), json!([hex, 1])),
            (Shape::DigestByFile, json!({"client.age": hex}), json!({"keys/client.age": hex})),
            (Shape::NumberByWord, json!({"shrunk": 2}), json!({"shrunk": null})),
            (
                Shape::VerifierKey,
                json!("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
                json!(""),
            ),
            (Shape::HolderName, json!("client"), json!("Client")),
            (Shape::ConsentItems, json!(["17", "17:3"]), json!("some")),
        ] {
            assert!(shape.fits(&good), "{shape:?}");
            assert!(!shape.fits(&bad), "{shape:?}");
            assert!(Shape::Any.fits(&bad));
        }
    }
}
