//! Where the files of a case or an installation lie: a store of named byte strings.
//!
//! A store knows names, not paths or file descriptors, so that an object store can stand in for a folder.
//! Everything it says is done is on the medium when the call returns. It does not know what the files mean.

use std::io::{self, Write};
use std::sync::Arc;

use model::ReadAt;

/// Named files, durable on return.
///
/// A name is one or more parts with `/` between them, each of ASCII letters, digits, `.`, `-` and `_`, not
/// `.` or `..`.
pub trait Store: Send + Sync {
    /// The bytes of a file that has at most `limit_bytes`.
    fn get(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, StoreError>;

    /// A file for random access.
    fn open(&self, name: &str) -> Result<Arc<dyn ReadAt>, StoreError>;

    /// A file for random access after what the system has cached of it was dropped, where that can be done.
    fn open_from_medium(&self, name: &str) -> Result<(Arc<dyn ReadAt>, ReadBack), StoreError>;

    /// The size of a file in bytes, or `None` if there is no such file.
    fn size_bytes(&self, name: &str) -> Result<Option<u64>, StoreError>;

    /// Puts a file or replaces it: afterwards it is there whole, or as it was before.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError>;

    /// Begins a file that is too large for memory. It may show under its name before it is whole.
    fn begin(&self, name: &str) -> Result<Upload, StoreError>;

    /// Cuts a file to `at` bytes and appends; a file that is not there counts as empty. May stop half way.
    fn extend(&self, name: &str, at: u64, bytes: &[u8]) -> Result<(), StoreError>;

    /// Gives a file another name, replacing what had it.
    fn rename(&self, from: &str, to: &str) -> Result<(), StoreError>;

    /// Removes a file.
    fn remove(&self, name: &str, wipe: Wipe) -> Result<(), StoreError>;

    /// Makes sure that what shows of this name, the file or its absence, is what is on the medium. Another
    /// process may have put, renamed or removed it and been killed before that was certain.
    fn settle(&self, name: &str) -> Result<(), StoreError>;

    /// The names of all files in a folder and below it, ascending; `""` is the whole store.
    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError>;

    /// Takes the one lock of the store for as long as the guard lives, or says [`StoreError::Busy`].
    fn lock(&self) -> Result<LockGuard, StoreError>;

    /// Bytes that can still be written, if the store can tell.
    fn free_bytes(&self) -> Result<Option<u64>, StoreError>;
}

/// Whether a removed file is overwritten first, where the medium allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wipe {
    /// Overwrite, then remove.
    Yes,
    /// Remove only.
    No,
}

/// Where bytes came from when they were read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// From the medium itself: the cache was dropped before.
    Medium,
    /// Possibly from the memory of the system.
    Cache,
}

impl ReadBack {
    /// The word for the field `read_back` of an entry.
    pub fn word(self) -> &'static str {
        match self {
            Self::Medium => "medium",
            Self::Cache => "cache",
        }
    }
}

/// Holds the lock of a store until it is dropped.
pub struct LockGuard {
    _held: Box<dyn Send + Sync>,
}

impl LockGuard {
    /// A guard that releases when `held` is dropped.
    pub fn new(held: Box<dyn Send + Sync>) -> Self {
        Self { _held: held }
    }
}

/// A file on its way into a store. Dropped before it was kept, it is removed as far as possible.
pub struct Upload {
    name: String,
    sink: Box<dyn UploadSink>,
    state: UploadState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum UploadState {
    Written,
    Durable,
    Kept,
}

/// The store's side of an [`Upload`].
pub trait UploadSink: Write + Send {
    /// Brings everything written onto the medium.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Removes what was written, as far as possible.
    fn abandon(&mut self);
}

impl Upload {
    /// An upload to `name` through the store's sink.
    pub fn new(name: String, sink: Box<dyn UploadSink>) -> Self {
        Self { name, sink, state: UploadState::Written }
    }

    /// The name under which the bytes can be read back.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Brings everything written onto the medium; afterwards nothing more can be written. Nothing is done the
    /// second time.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if self.state == UploadState::Written {
            self.sink.commit()?;
            self.state = UploadState::Durable;
        }
        Ok(())
    }

    /// Gives the file up to the store: it stays when this is dropped.
    pub(crate) fn keep(mut self) {
        self.state = UploadState::Kept;
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.state != UploadState::Kept {
            self.sink.abandon();
        }
    }
}

/// Why a store could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The medium is full. Next: free space, then again.
    #[error("no space left while writing {name}")]
    NoSpace {
        /// The file.
        name: String,
    },
    /// The file system has no room for so large a file (FAT has 4 GiB). Next: another medium or file system.
    #[error("the file system does not take a file as large as {name}")]
    FileTooLarge {
        /// The file.
        name: String,
    },
    /// The medium is read-only or the account may not. Next: remove the write protection or open for reading.
    #[error("no right to change or read {name}")]
    NotPermitted {
        /// The file.
        name: String,
    },
    /// Another process has the lock. Next: close the other one.
    #[error("another process is writing here")]
    Busy,
    /// A file that should be there is not.
    #[error("{name} is missing")]
    NotFound {
        /// The file.
        name: String,
    },
    /// A file is larger than anything that may be in its place.
    #[error("{name} has more than {limit_bytes} bytes")]
    OverLimit {
        /// The file.
        name: String,
        /// The limit that was given.
        limit_bytes: u64,
    },
    /// A name that no file in a store has.
    #[error("a file name that is not allowed")]
    BadName,
    /// The medium failed. Next: a copy, another medium.
    #[error("the medium failed at {name}: {kind}")]
    Medium {
        /// The file.
        name: String,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl StoreError {
    /// The error for what the system said about a file.
    pub fn of(name: &str, error: &io::Error) -> Self {
        let name = name.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace { name },
            io::ErrorKind::FileTooLarge => Self::FileTooLarge { name },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotPermitted { name }
            }
            io::ErrorKind::NotFound => Self::NotFound { name },
            io::ErrorKind::WouldBlock => Self::Busy,
            kind => Self::Medium { name, kind },
        }
    }
}

/// Whether a name may be used in a store.
pub fn check_name(name: &str) -> Result<(), StoreError> {
    let part_fits = |part: &str| {
        !part.is_empty()
            && !part.chars().all(|c| c == '.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    if name.len() <= 255 && name.split('/').all(part_fits) { Ok(()) } else { Err(StoreError::BadName) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names() {
        for good in ["lock", "log/entries/000000.age", "a-b_c.D"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in
            ["", "/a", "a/", "a//b", "..", "a/../b", ".", "a\\b", "c:a", "a b", "ä", "a\0", &"a".repeat(256)]
        {
            assert_eq!(check_name(bad), Err(StoreError::BadName), "{bad}");
        }
    }
}
