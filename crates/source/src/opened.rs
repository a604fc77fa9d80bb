//! What the two systems hand to the walk: names, and what lies under them.
//!
//! Types only; `unix.rs` and `windows.rs` fill them.

use std::ffi::OsString;
use std::fs::File;
use std::io;

use crate::platform::Folder;

/// What was found under a name, open where it can be.
pub(crate) enum Opened {
    /// An ordinary file.
    File(File),
    /// A folder.
    Folder(Folder),
    /// A link and where it points to.
    Link(Vec<u8>),
    /// Neither, in one word.
    Special(&'static str),
    /// A file whose content would have to be fetched over the network.
    #[cfg_attr(unix, expect(dead_code, reason = "only Windows can tell"))]
    Elsewhere,
}

/// What lies under a name, not opened.
pub(crate) enum Kind {
    /// An ordinary file.
    File {
        /// Its size at the moment.
        size_bytes: u64,
    },
    /// A folder.
    Folder,
    /// Anything else.
    Other,
}

/// The names in a folder, in no order.
pub(crate) struct Names {
    /// Those that could be read.
    pub(crate) names: Vec<OsString>,
    /// What kept the rest from being read.
    pub(crate) problem: Option<io::Error>,
}
