//! `timeline`, `search`, `people`, `hints`: what the records of a case say together.
//!
//! Everything is worked out from the index and from what people decided, and every line leads back to a
//! record. What a person decides about it is an entry of the log and lives nowhere else.

mod decisions;
mod hints;
mod pass;
mod passage;
mod search;
mod timeline;
mod wanted;

pub use decisions::{Decisions, HintDecision, HintPlace, Same, TagState};
pub use hints::{Dismissed, FoundHints, HintsForm, ShownHint, hint_languages};
pub use passage::{Passage, Piece};
pub use search::{Found, FoundHit, MatchedWord, SearchForm};
pub use timeline::{Also, Timeline, TimelineForm, TimelineRecord};
pub use wanted::{Near, Place, RecordsWanted, WantedParty};
