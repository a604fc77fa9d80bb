//! A consent: to whom, for what, which items, until when; and whether it covers one item today.
//!
//! Follows docs/format.md, section 9, `consent.given` and `consent.withdrawn`. In doubt it does not cover.
//! Deliberately knows nothing of stopped or erased items; whoever hands over asks for these as well.

use std::collections::BTreeSet;

use model::{Date, EntryNumber};

use crate::text::decimal;
use crate::{Entry, Value};

/// A consent that the client gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// To whom items may go.
    pub to: String,
    /// What for.
    pub purpose: String,
    /// What it is about.
    pub items: ConsentItems,
    /// The last day on which it holds.
    pub until: Date,
    /// The entry that recorded it.
    pub given: EntryNumber,
    /// The entry that recorded its withdrawal.
    pub withdrawn: Option<EntryNumber>,
}

/// What a consent is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentItems {
    /// Everything in the case.
    All,
    /// These: a whole capsule by the entry that sealed it (`None`), or one leaf of it.
    Listed(BTreeSet<(EntryNumber, Option<u64>)>),
}

/// Why a consent does not cover an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsentRefusal {
    /// There is no consent of this id.
    #[error("there is no such consent")]
    Unknown,
    /// The client took it back.
    #[error("the consent was withdrawn")]
    Withdrawn,
    /// Its last day is over.
    #[error("the consent has expired")]
    Expired,
    /// It is for somebody else.
    #[error("the consent is for another recipient")]
    OtherRecipient,
    /// It is for something else.
    #[error("the consent is for another purpose")]
    OtherPurpose,
    /// It is not about this item.
    #[error("the consent does not cover this item")]
    NotCovered,
}

impl Consent {
    /// Whether it covers an item for a recipient today; without a purpose that of the consent is meant.
    pub fn covers(
        &self,
        to: &str,
        purpose: Option<&str>,
        item: (EntryNumber, u64),
        today: Date,
    ) -> Result<(), ConsentRefusal> {
        if self.withdrawn.is_some() {
            return Err(ConsentRefusal::Withdrawn);
        }
        if today > self.until {
            return Err(ConsentRefusal::Expired);
        }
        if to != self.to {
            return Err(ConsentRefusal::OtherRecipient);
        }
        if purpose.is_some_and(|purpose| purpose != self.purpose) {
            return Err(ConsentRefusal::OtherPurpose);
        }
        if self.items.contain(item) { Ok(()) } else { Err(ConsentRefusal::NotCovered) }
    }

    /// Its id and what it says, from an entry of kind `consent.given`.
    pub(crate) fn from_entry(entry: &Entry) -> Option<(String, Self)> {
        let fields = &entry.fields;
        let consent = Self {
            to: fields.text("to")?.to_owned(),
            purpose: fields.text("purpose")?.to_owned(),
            items: ConsentItems::parse(fields.get("items")?)?,
            until: fields.text("until")?.parse().ok()?,
            given: entry.number,
            withdrawn: None,
        };
        Some((fields.text("id")?.to_owned(), consent))
    }
}

impl ConsentItems {
    /// Reads `"all"`, or a list of `"17"` (a whole capsule) and `"17:3"` (leaf 3 of it).
    pub fn parse(value: &Value) -> Option<Self> {
        if value.as_str() == Some("all") {
            return Some(Self::All);
        }
        let item = |text: &str| match text.split_once(':') {
            None => Some((EntryNumber(decimal(text)?), None)),
            Some((capsule, leaf)) => Some((EntryNumber(decimal(capsule)?), Some(decimal(leaf)?))),
        };
        value.as_array()?.iter().map(|text| item(text.as_str()?)).collect::<Option<_>>().map(Self::Listed)
    }

    /// Whether one leaf of a capsule is among them.
    pub fn contain(&self, (capsule, leaf): (EntryNumber, u64)) -> bool {
        match self {
            Self::All => true,
            Self::Listed(items) => items.contains(&(capsule, None)) || items.contains(&(capsule, Some(leaf))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_have_one_spelling() {
        let items = ConsentItems::parse(&json!(["17", "18:3"])).unwrap();
        for (item, contained) in [((17, 0), true), ((18, 3), true), ((18, 4), false), ((3, 0), false)] {
            assert_eq!(items.contain((EntryNumber(item.0), item.1)), contained, "{item:?}");
        }
        for bad in
            [json!("everything"), json!([17]), json!(["017"]), json!(["17:"]), json!(["17:3:1"]), json!(null)]
        {
            assert_eq!(ConsentItems::parse(&bad), None, "{bad}");
        }
        assert_eq!(ConsentItems::parse(&json!([])), Some(ConsentItems::Listed(BTreeSet::new())));
    }

    #[test]
    fn refusals_name_the_reason() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let item = (EntryNumber(17), 0);
        let consent = Consent {
            to: "police".into(),
            purpose: "investigation".into(),
            items: ConsentItems::parse(&json!(["17:0"])).unwrap(),
            until: day("2027-01-31"),
            given: EntryNumber(20),
            withdrawn: None,
        };
        let last = day("2027-01-31");
        assert_eq!(consent.covers("police", None, item, last), Ok(()));
        assert_eq!(consent.covers("police", Some("investigation"), item, last), Ok(()));
        for (refused, error) in [
            (consent.covers("police", None, item, day("2027-02-01")), ConsentRefusal::Expired),
            (consent.covers("lawyer", None, item, last), ConsentRefusal::OtherRecipient),
            (consent.covers("police", Some("press"), item, last), ConsentRefusal::OtherPurpose),
            (consent.covers("police", None, (EntryNumber(17), 1), last), ConsentRefusal::NotCovered),
            (
                Consent { withdrawn: Some(EntryNumber(21)), ..consent.clone() }
                    .covers("police", None, item, last),
                ConsentRefusal::Withdrawn,
            ),
        ] {
            assert_eq!(refused, Err(error));
        }
    }
}
