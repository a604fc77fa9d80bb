//! `timeline`, `search`, `people`, `hints`: what the records of a case say together.
//!
//! Everything is worked out from the index and from what people decided, and every line leads back to a
//! record. What a person decides about it is an entry of the log and lives nowhere else.

mod decisions;
mod hints;
mod line;
mod pass;
mod passage;
mod search;
mod tags;
mod timeline;
mod wanted;

pub use decisions::{Decisions, HintDecision, HintPlace, NoteAbout, Same, TagState};
pub use hints::{Dismissed, FoundHints, HintsForm, ShownHint, hint_languages};
pub use line::{OtherSource, TimelineLine};
pub use passage::{Passage, Piece};
pub use search::{FoundHit, FoundPassage, MatchedTerm, SearchForm, SearchOutcome};
pub use timeline::{Gap, PageEdge, Timeline, TimelineForm};
pub use wanted::{RecordsWanted, WantedParty, near};
