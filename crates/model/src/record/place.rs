//! Where in a source something was read.

use serde::{Deserialize, Serialize};

/// The number of a file in the tree that was read; counted in the order of the tree, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileNumber(pub u32);

/// A place in a file as the tree shows it: unpacked, and decrypted where its container was encrypted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// Bytes from an offset on.
    Bytes {
        /// From the start of the file.
        offset: u64,
        /// How many.
        length: u64,
    },
    /// A row of a database.
    Row {
        /// The table's name as the database spells it.
        table: String,
        /// Its row id.
        row: i64,
    },
}

impl Place {
    /// A place of bytes.
    pub fn bytes(offset: u64, length: u64) -> Self {
        Self::Bytes { offset, length }
    }

    /// A place in a table.
    pub fn row(table: &str, row: i64) -> Self {
        Self::Row { table: table.to_owned(), row }
    }
}

impl std::fmt::Display for Place {
    /// One stable spelling, part of a record's identifier: `whole`, `bytes 10+20`, `row message 17`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole => f.write_str("whole"),
            Self::Bytes { offset, length } => write!(f, "bytes {offset}+{length}"),
            Self::Row { table, row } => write!(f, "row {table} {row}"),
        }
    }
}
