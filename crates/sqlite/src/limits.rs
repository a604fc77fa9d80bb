//! How much of a database is read at most. The file is hostile; what it claims is never allocated at once.

/// Upper bounds for one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pages with a higher number are not read.
    pub pages: u32,
    /// The longest payload of one cell, overflow pages included. Memory grows only as pages arrive.
    pub payload_bytes: u64,
    /// The most rows of one table.
    pub rows: u64,
    /// The deepest b-tree; SQLite itself stops at 20.
    pub depth: usize,
    /// All texts of the schema together.
    pub schema_bytes: u64,
    /// The columns of all tables together.
    pub columns: usize,
}

impl Limits {
    /// Enough for every phone seen so far.
    pub const DEFAULT: Self = Self {
        pages: u32::MAX,
        payload_bytes: 1 << 30,
        rows: u64::MAX,
        depth: 64,
        schema_bytes: 16 << 20,
        columns: 200_000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
