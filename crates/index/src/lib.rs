//! The index of a case: records, chats, people seen, media and their texts, in one SQLCipher file.
//!
//! A cache and nothing more: everything in it comes from the capsules and can be made again. [`Builder`]
//! writes a new file beside the old one, and the caller puts it in its place when it is finished; so a crash
//! leaves the old index or the new. [`Index`] reads: page by page in the order of time, and by search. Texts
//! are searched in the shadow form of the room `text`. The room renames, copies and removes no files and
//! judges nothing; people are kept as each source names them and never merged.

mod builder;
mod capsules;
mod density;
mod error;
mod filter;
mod found;
mod insights;
mod key;
mod known;
mod lists;
mod page;
mod party_key;
mod places;
mod plan;
mod reader;
mod record_key;
mod row;
mod schema;
mod search;
mod searched;
mod store;
mod streams;
mod twins;
mod wanted;

pub use builder::{Builder, FileLine};
pub use density::{Bucket, Span};
pub use error::IndexError;
pub use filter::{Attachments, Doubles, Filter, Located, NearPoint, TimeRange};
pub use found::{Hit, Hits, Mark, Matched};
pub use insights::{
    HintCount, HintFilter, HintLine, INSIGHT_VERSION, IdentifierNumber, InsightBuilder, Insights, SeenHint,
    SeenIdentifier, Spot,
};
pub use key::IndexKey;
pub use lists::{CountedLine, File, Media, ProblemLine, ReaderSum, SeenChat, SeenParty, Stats};
pub use page::{Around, Cursor, Page};
pub use party_key::{PartyKey, party_key};
pub use reader::Index;
pub use record_key::{RecordKey, RecordPrefix, RecordPrefixError};
pub use row::{ChatNumber, FileId, Line, PartyNumber, RecordNumber};
pub use schema::{KINDS, SCHEMA_VERSION};
pub use searched::{Field, Part, searched};
