//! Content that a container lists and cannot give; the container says why.

use std::io::{self, Read};
use std::sync::Arc;

use model::ReadAt;

use crate::tree::Content;

/// Every way to read it is an error.
pub(super) struct Unavailable {
    size_bytes: u64,
}

impl Unavailable {
    /// Of the size that the container claims.
    pub(super) fn of_size(size_bytes: u64) -> Self {
        Self { size_bytes }
    }
}

impl Content for Unavailable {
    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    fn stream(&self) -> io::Result<Box<dyn Read + Send>> {
        Err(io::ErrorKind::InvalidData.into())
    }

    fn random(&self) -> io::Result<Arc<dyn ReadAt>> {
        Err(io::ErrorKind::InvalidData.into())
    }
}
