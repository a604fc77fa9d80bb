//! Where unpacked bytes go that are too many for memory: a nameless file, given by whoever runs the tree.
//!
//! What is written there is encrypted under a key that exists in memory only (see `seal::Spool`).

use std::fs::File;
use std::io;

/// Gives nameless files.
pub trait Spools: Send + Sync {
    /// A new, empty file that is gone when it is closed; an error if there is none to be had.
    fn file(&self) -> io::Result<File>;
}

/// Gives none: what does not fit into memory is an error.
pub struct NoSpools;

impl Spools for NoSpools {
    fn file(&self) -> io::Result<File> {
        Err(io::Error::new(io::ErrorKind::StorageFull, "no spool"))
    }
}
