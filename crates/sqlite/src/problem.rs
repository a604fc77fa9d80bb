//! What could not be read: where it lies, what was found, what is lost with it.

use std::fmt;
use std::io;

use thiserror::Error;

/// The file that bytes lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InFile {
    /// The database file.
    Main,
    /// The write-ahead log beside it.
    Wal,
}

impl fmt::Display for InFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Main => "database",
            Self::Wal => "write-ahead log",
        })
    }
}

/// Where bytes lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file.
    pub file: InFile,
    /// The page, counted from 1.
    pub page: u32,
    /// Offset in that file.
    pub offset_bytes: u64,
    /// How many bytes; what lies on overflow pages is not counted.
    pub length_bytes: u64,
}

/// A piece of a table that could not be read, or only with a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("page {page}, {file} offset {offset_bytes}: {what}")]
pub struct RowProblem {
    /// The file it is in.
    pub file: InFile,
    /// The page, counted from 1; 0 when no page is to blame.
    pub page: u32,
    /// Offset in that file.
    pub offset_bytes: u64,
    /// What was found.
    pub what: What,
}

impl RowProblem {
    /// What is lost with it.
    pub fn lost(&self) -> Lost {
        self.what.lost()
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum What {
    /// The page's number is 0 or lies beyond the end of the file.
    #[error("no page {0}: the file ends before it")]
    NoPage(u32),
    /// The medium or what decrypts it reported an error.
    #[error("reading failed: {0}")]
    Read(io::ErrorKind),
    /// The page begins with another kind than this b-tree has.
    #[error("expected a b-tree page of this table, found kind {0}")]
    PageKind(u8),
    /// The page was met before in the same walk.
    #[error("page {0} is used twice in one b-tree")]
    PageTwice(u32),
    /// The b-tree is deeper than the limits allow.
    #[error("the b-tree is deeper than the limit")]
    Depth,
    /// The page claims more cells than it can hold.
    #[error("the page claims {0} cells")]
    CellCount(u16),
    /// A cell lies outside its page or ends after it.
    #[error("cell {0} does not lie inside the page")]
    Cell(u16),
    /// Cells of one page together are larger than twice the page.
    #[error("cells overlap; the rest of the page is left out")]
    CellsOverlap,
    /// The row claims to be longer than the limits allow.
    #[error("a row of {0} bytes is more than the limit")]
    PayloadLimit(u64),
    /// An overflow chain ends too early; the row comes, cut.
    #[error("the row continues on page {0}, which cannot be read")]
    Overflow(u32),
    /// An overflow chain runs in a circle; the row comes, cut.
    #[error("the overflow pages run in a circle at page {0}")]
    OverflowCycle(u32),
    /// Two rows continue on the same page; both come.
    #[error("overflow page {0} is used by two rows")]
    OverflowTwice(u32),
    /// The head of the record does not fit.
    #[error("the head of the record is damaged")]
    Record,
    /// The row stands behind one with a rowid that is not smaller; it comes.
    #[error("rowid {0} is out of order")]
    RowidOrder(i64),
    /// More than the limits allow.
    #[error("more {0} than the limit")]
    Limit(&'static str),
    /// The header names no text encoding; UTF-8 is taken.
    #[error("text encoding {0} is unknown, UTF-8 is taken")]
    Encoding(u32),
    /// The text that describes a table cannot be understood; its columns have no names.
    #[error("the description of a table is not understood")]
    Schema,
    /// Two tables claim the same root page; the second is not read.
    #[error("two tables claim root page {0}")]
    RootTwice(u32),
    /// The table has no rowids to look up.
    #[error("the table has no rowids")]
    NoRowids,
}

/// What is lost with a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lost {
    /// Nothing: it is a doubt.
    Nothing,
    /// The end of one row.
    EndOfRow,
    /// One row.
    Row,
    /// A page with its rows, and whatever hangs below it.
    Page,
    /// The rest of the table.
    Rest,
}

impl What {
    /// What is lost with it.
    pub fn lost(self) -> Lost {
        match self {
            Self::OverflowTwice(_) | Self::RowidOrder(_) | Self::Encoding(_) | Self::Schema => Lost::Nothing,
            Self::Overflow(_) | Self::OverflowCycle(_) => Lost::EndOfRow,
            Self::Cell(_) | Self::Record | Self::PayloadLimit(_) => Lost::Row,
            Self::NoPage(_)
            | Self::Read(_)
            | Self::PageKind(_)
            | Self::PageTwice(_)
            | Self::Depth
            | Self::CellCount(_)
            | Self::CellsOverlap => Lost::Page,
            Self::Limit(_) | Self::RootTwice(_) | Self::NoRowids => Lost::Rest,
        }
    }
}

/// Why a file cannot be read as a SQLite database at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file has no byte.
    #[error("the file is empty")]
    Empty,
    /// The file ends inside the header of 100 bytes.
    #[error("the file ends inside the header, after {0} bytes")]
    Short(u64),
    /// The file does not begin as a SQLite database: another format, or encrypted.
    #[error("not a SQLite database (or an encrypted one)")]
    NotSqlite,
    /// The page size is none.
    #[error("a page size of {page_bytes} bytes with {reserved_bytes} reserved is none")]
    PageSize {
        /// The size of a page as it stands in the header.
        page_bytes: u32,
        /// The bytes at the end of each page that others use.
        reserved_bytes: u8,
    },
    /// The medium or what decrypts it reported an error.
    #[error("reading failed: {0}")]
    Read(#[from] io::Error),
}
