//! What a walk meets, one thing at a time.
//!
//! The words of [`GapKind`] are those of `docs/format.md`, section 5. Deliberately no paths of the own
//! system in here.

use std::io::{self, Read};

use model::FileTime;

/// One thing in the tree.
pub struct Item<'a> {
    /// The index of the root it lies under.
    pub root: usize,
    /// Its path from the root's own name on, `/` between the names. Raw bytes on Unix; on Windows UTF-8,
    /// with lone surrogates kept as WTF-8.
    pub original: &'a [u8],
    /// What it is.
    pub what: What<'a>,
}

/// What a thing in the tree is.
pub enum What<'a> {
    /// A file, open for reading.
    File {
        /// Its size when it was opened.
        size_bytes: u64,
        /// When it was last modified, as of opening.
        mtime: FileTime,
        /// Its content.
        file: &'a mut dyn SourceFile,
    },
    /// A link, not followed.
    Link {
        /// Where it points to, as it is written.
        target: &'a [u8],
    },
    /// A folder in which there is nothing.
    EmptyFolder {
        /// When it was last modified.
        mtime: FileTime,
    },
    /// Something that could not be taken.
    Gap {
        /// Why, in the terms of the format.
        kind: GapKind,
        /// Why, in one word.
        reason: &'static str,
    },
}

/// Why something could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapKind {
    /// The system refused to read it.
    Unreadable,
    /// Neither file nor folder nor link.
    Special,
    /// A limit or a choice of the person leaves it out.
    Limit,
    /// It was there and then was not.
    Vanished,
}

impl GapKind {
    /// The word in `names.jsonl`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Special => "special",
            Self::Limit => "limit",
            Self::Vanished => "vanished",
        }
    }
}

/// A file of the source while it is open.
pub trait SourceFile: Read {
    /// How the file is now. Compare with an earlier state to see whether it changed while it was read.
    fn state(&self) -> io::Result<FileState>;
}

/// How a file is at one moment; two equal states mean that nothing was seen to change in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Its size.
    pub size_bytes: u64,
    /// When its content was last modified.
    pub mtime: FileTime,
    /// When content or attributes last changed; on Windows the same as `mtime`.
    pub changed: FileTime,
}
