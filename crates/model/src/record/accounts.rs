//! Address books and accounts as a source has them.

use serde::{Deserialize, Serialize};

use super::{Extra, TimeReading};

/// An entry of an address book.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Whose address book: `phone`, `whatsapp`, `telegram`, `vcard` …
    pub app: String,
    /// The source's own identifier.
    pub id: Option<String>,
    /// The names it shows, the chief one first.
    pub names: Vec<String>,
    /// Numbers, addresses, accounts.
    pub identifiers: Vec<Identifier>,
    /// Notes beside it.
    pub note: Option<String>,
    /// When it was last changed or made, if told.
    pub changed: Option<TimeReading>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// An account of the owner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// The service.
    pub app: String,
    /// The names it shows.
    pub names: Vec<String>,
    /// Numbers, addresses, accounts.
    pub identifiers: Vec<Identifier>,
    /// Since when it exists, if told.
    pub since: Option<TimeReading>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// A number, address or account name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// What sort.
    pub kind: IdentifierKind,
    /// As the source writes it.
    pub value: String,
    /// What the source calls it: home, work, mobile.
    pub label: Option<String>,
}

/// What sort of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IdentifierKind {
    /// A phone number.
    Phone,
    /// A mail address.
    Mail,
    /// A postal address.
    Address,
    /// A web address.
    Url,
    /// An account name or number of a service.
    Account,
    /// Anything else.
    Other,
}
