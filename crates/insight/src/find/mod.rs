//! Finds identifiers in texts: numbers, addresses, accounts, places, each by a described rule.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// An identifier in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What sort.
    pub kind: Kind,
    /// The bytes of the text.
    pub place: Range<usize>,
    /// The one spelling in which the same identifier is always the same.
    pub key: String,
    /// By which rule, in one stable word, for the reader: `checksum`, `written-international` …
    pub rule: &'static str,
}

/// What sort of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A telephone number.
    Phone,
    /// A mail address.
    Mail,
    /// A bank account.
    Iban,
    /// A payment card.
    Card,
    /// A name of an account on a service.
    Handle,
    /// A link to a profile.
    Profile,
    /// A link to an advert.
    Advert,
    /// Any other link.
    Link,
    /// An address of a crypto currency.
    Crypto,
    /// Coordinates, or a link to a place on a map.
    Place,
    /// A plate of a car.
    Plate,
    /// The number of a passport or identity card.
    Document,
}
