//! What can go wrong with an index, told apart by what helps.
//!
//! Deliberately free of content: no text, name or path of the evidence.

use rusqlite::ErrorCode;

use crate::record_key::RecordKey;

/// An error of the index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no file here. Next: make the index.
    #[error("there is no index here")]
    Missing,
    /// The file was made with another key. Next: the right key, or make the index again.
    #[error("the key does not open this index")]
    WrongKey,
    /// Made by a later program. Next: update the program, or rebuild the index with this one.
    #[error("the index has schema {found}, this program knows {known}: rebuild the index")]
    NewerSchema {
        /// The file's version.
        found: u32,
        /// The program's.
        known: u32,
    },
    /// Made by an earlier program. Next: rebuild.
    #[error("the index has the earlier schema {found}, this program writes {known}: rebuild the index")]
    OlderSchema {
        /// The file's version.
        found: u32,
        /// The program's.
        known: u32,
    },
    /// Making it was interrupted. Next: rebuild.
    #[error("making this index was never finished: rebuild it")]
    Unfinished,
    /// Its bytes are not what was written. Next: rebuild.
    #[error("the index is damaged: rebuild it")]
    Damaged,
    /// The disk is full. Next: make room, and make the index again.
    #[error("the disk is full")]
    Full,
    /// Something else is at the place where a new index should come. Next: remove it.
    #[error("the place of the new index is not empty")]
    NotEmpty,
    /// An earlier write failed, so this file must not be finished. Next: make the index again.
    #[error("an earlier write to this index failed")]
    Failed,
    /// A record, problem or count names a file or capsule that the index was not told of before.
    #[error("a record names a file that the index was not told of")]
    UnknownFile,
    /// More capsules, files or records than there are numbers for.
    #[error("more than the index has numbers for")]
    TooMuch,
    /// No record has this identifier.
    #[error("no record has this identifier")]
    NoRecord,
    /// Several records have an identifier that begins like this. Next: more digits.
    #[error("{} records have an identifier that begins like this", .candidates.len())]
    Ambiguous {
        /// Some of them, in order.
        candidates: Vec<RecordKey>,
    },
    /// Hints or identifiers are asked for and were not attached. Next: make them, attach them.
    #[error("hints and identifiers are not attached to the index")]
    NoInsights,
    /// The database could not do it for a reason of its own.
    #[error("the index could not be used: {0}")]
    Database(String),
}

impl From<rusqlite::Error> for IndexError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::DiskFull) => Self::Full,
            // The text of SQLite's own message may quote a search; its code says enough.
            Some(code) => Self::Database(format!("{code:?}")),
            None => match error {
                // A column is not what this program wrote into it.
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::QueryReturnedNoRows => Self::Damaged,
                _ => Self::Database("unexpected answer".to_owned()),
            },
        }
    }
}
