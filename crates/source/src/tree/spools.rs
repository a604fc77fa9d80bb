//! Where unpacked bytes go that are too many for memory: a nameless file, lent by whoever runs the tree.
//!
//! What is written there is encrypted under a key that exists in memory only (see `seal::Spool`).

use std::fs::File;
use std::io;
use std::sync::Arc;

/// Lends nameless files: one that nobody holds any more may be lent again.
pub trait Spools: Send + Sync {
    /// An empty file that nobody else writes to; an error if there is none to be had.
    fn file(&self) -> io::Result<Arc<File>>;
}

/// Gives none: what does not fit into memory is an error.
pub struct NoSpools;

impl Spools for NoSpools {
    fn file(&self) -> io::Result<Arc<File>> {
        Err(io::Error::new(io::ErrorKind::StorageFull, "no spool"))
    }
}
