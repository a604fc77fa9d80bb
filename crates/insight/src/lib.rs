//! Who is who, which identifiers recur, which passages may point to a tactic, and pictures of it.
//!
//! Everything here starts from records and leads back to them: an identifier, a hint, a proposal always names
//! the record and the place in its text. People are proposed to be the same, never made so; a hint is a mark
//! with a reason beside a passage, and no figure is ever put on a person. The room reads no files and no
//! clock; what it works out is kept by `index` and can be made again.

pub mod find;
pub mod gaps;
pub mod people;
pub mod picture;
pub mod structure;
pub mod tactics;
