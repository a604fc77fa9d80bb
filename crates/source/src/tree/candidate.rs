//! A file of the tree while somebody asks what it is.

use std::cell::OnceCell;
use std::io::Read;

use model::record::FileNumber;

use super::{Entry, Tree};

/// How many first bytes are looked at.
const HEAD_BYTES: u64 = 16 << 10;

/// A file, its tree, and its first bytes, which are read only if somebody asks.
pub struct Candidate<'t> {
    tree: &'t Tree,
    number: FileNumber,
    entry: &'t Entry,
    head: OnceCell<Vec<u8>>,
}

impl<'t> Candidate<'t> {
    /// A file of a tree; none if there is no such number.
    pub fn new(tree: &'t Tree, number: FileNumber) -> Option<Self> {
        Some(Self { tree, number, entry: tree.entry(number)?, head: OnceCell::new() })
    }

    /// The tree it is in.
    pub fn tree(&self) -> &'t Tree {
        self.tree
    }

    /// Its number.
    pub fn number(&self) -> FileNumber {
        self.number
    }

    /// The file.
    pub fn entry(&self) -> &'t Entry {
        self.entry
    }

    /// Its first 16 KiB, or what of them could be read.
    pub fn head(&self) -> &[u8] {
        self.head.get_or_init(|| {
            let mut head = Vec::new();
            if let Ok(stream) = self.entry.content().stream() {
                // What could be read before an error is what there is to look at.
                drop(stream.take(HEAD_BYTES).read_to_end(&mut head));
            }
            head
        })
    }

    /// Whether it begins with these bytes.
    pub fn begins_with(&self, magic: &[u8]) -> bool {
        self.head().starts_with(magic)
    }

    /// Whether a database of SQLite lies here; if so its `-wal` is the file beside it.
    pub fn is_sqlite(&self) -> bool {
        self.begins_with(b"SQLite format 3\0")
    }
}
