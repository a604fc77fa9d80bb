//! A record as the index gives it, and the numbers by which its tables name things.
//!
//! The numbers hold within one index file only; what is meant to last is a [`RecordKey`].

use model::EntryNumber;
use model::record::Record;
use rusqlite::Row;
use serde::{Deserialize, Serialize};

use crate::error::IndexError;
use crate::record_key::RecordKey;

/// A record in one index, in the order in which records were put in, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordNumber(pub i64);

/// A file in one index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileId(pub i64);

/// A chat in one index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatNumber(pub i64);

/// A person or account as one source names it, in one index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartyNumber(pub i64);

/// A record with what the index knows about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number in this index.
    pub number: RecordNumber,
    /// Its identifier.
    pub key: RecordKey,
    /// The entry of the log that secured its capsule.
    pub capsule: EntryNumber,
    /// The file it was read from.
    pub file: FileId,
    /// Its chat.
    pub chat: Option<ChatNumber>,
    /// Who sent it.
    pub sender: Option<PartyNumber>,
    /// The record itself.
    pub record: Record,
}

impl Line {
    /// The columns that [`Line::from_row`] reads, behind two others.
    pub(crate) const COLUMNS: &'static str =
        "record.id, record.key, record.capsule, record.file, record.chat, record.sender, record.body";

    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self, IndexError> {
        let body = row.get_ref(8)?.as_blob().map_err(|_| IndexError::Damaged)?;
        Ok(Self {
            number: RecordNumber(row.get(2)?),
            key: RecordKey(row.get(3)?),
            capsule: EntryNumber(row.get::<_, i64>(4)?.unsigned_abs()),
            file: FileId(row.get(5)?),
            chat: row.get::<_, Option<i64>>(6)?.map(ChatNumber),
            sender: row.get::<_, Option<i64>>(7)?.map(PartyNumber),
            record: postcard::from_bytes(body).map_err(|_| IndexError::Damaged)?,
        })
    }
}
