//! `timeline`, `search`, `people`, `hints`: what the records of a case say together.
//!
//! Everything is worked out from the index and from what people decided, and every line leads back to a
//! record. What a person decides about it is an entry of the log and lives nowhere else.

mod decisions;
mod passage;

pub use decisions::{Decisions, HintDecision, HintPlace, Same, TagState};
pub use passage::{Passage, Piece};
