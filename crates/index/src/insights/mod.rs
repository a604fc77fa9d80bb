//! The second cache of a case: hints and identifiers that were found in the records of an index.
//!
//! One more SQLCipher file under the same key (`insight.db`), made from a finished index by a pass over its
//! records and thrown away with it. What names a record here is its [`crate::Cursor`] in that index, so the
//! file is worth nothing beside another one; [`Insights::basis`] says what it was made from. The room keeps
//! what it is given and decides nothing: which passages are hints, and what an identifier is, is worked out
//! elsewhere.

mod builder;
mod reader;
mod schema;

pub use builder::InsightBuilder;
pub use reader::{HintCount, HintFilter, Insights, SeenHint, SeenIdentifier};
pub use schema::INSIGHT_VERSION;

use crate::page::Cursor;

/// A number, address or account that occurs in texts, in one file of insights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct IdentifierNumber(pub i64);

/// A passage: bytes of one of the texts that [`crate::searched`] gives, as the source has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The record.
    pub cursor: Cursor,
    /// Which text of it.
    pub part: u16,
    /// The first byte.
    pub from: u32,
    /// The one after the last.
    pub until: u32,
}

/// A hint as it is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HintLine<'h> {
    /// Where.
    pub spot: Spot,
    /// The code of the tactic, its parts joined by dots: `debt.owed`.
    pub code: &'h str,
    /// The language of the rule; empty for a rule about structure.
    pub language: &'h str,
    /// The rule.
    pub rule: &'h str,
    /// What the rule found, as JSON.
    pub facts: &'h str,
}
