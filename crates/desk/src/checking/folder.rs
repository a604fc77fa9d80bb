//! A folder or file that is checked where it lies: listed once, then read at random, never written to.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use model::FileTime;
use source::{WalkError, WalkOptions, WalkedFile, What};

use crate::DeskError;
use crate::reading::host::Contents;
use crate::reading::words::JobFile;

/// Files that stay open.
const OPEN_MOST: usize = 16;

/// What lies below a path.
pub(super) struct FolderContents {
    root: PathBuf,
    files: Vec<Listed>,
    open: Mutex<Vec<(u32, WalkedFile)>>,
    /// What could not be taken, so that nobody thinks it was looked at.
    pub(super) gaps: u64,
}

struct Listed {
    original: Vec<u8>,
    size_bytes: u64,
    modified: FileTime,
}

impl FolderContents {
    /// Lists everything below a path.
    pub(super) fn list(root: PathBuf) -> Result<Self, DeskError> {
        let (mut files, mut gaps) = (Vec::new(), 0_u64);
        let walked = source::walk(std::slice::from_ref(&root), &WalkOptions::default(), &mut |item| {
            match item.what {
                What::File { size_bytes, mtime, .. } => {
                    files.push(Listed { original: item.original.to_vec(), size_bytes, modified: mtime });
                }
                What::Gap { .. } => gaps = gaps.saturating_add(1),
                What::Link { .. } | What::EmptyFolder { .. } => {}
            }
            Ok::<(), std::convert::Infallible>(())
        });
        match walked {
            Ok(_) => Ok(Self { root, files, open: Mutex::new(Vec::new()), gaps }),
            Err(WalkError::RootMissing { .. } | WalkError::Visit(_)) => {
                Err(DeskError::PathUnreadable { path: root, source: io::ErrorKind::NotFound.into() })
            }
        }
    }

    /// How much there is, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size_bytes).sum()
    }
}

impl Contents for FolderContents {
    fn files(&self) -> Vec<JobFile> {
        let file = |(leaf, listed): (u64, &Listed)| JobFile {
            leaf,
            path: String::from_utf8_lossy(below(&listed.original)).into_owned(),
            size_bytes: listed.size_bytes,
            modified: listed.modified,
            sha256: None,
        };
        (0..).zip(&self.files).map(file).collect()
    }

    fn read_at(&self, content: u32, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let listed = self.files.get(content as usize).ok_or(io::ErrorKind::NotFound)?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = open.iter().position(|(number, _)| *number == content) {
            let file = open.remove(at);
            open.push(file);
        } else {
            if open.len() >= OPEN_MOST {
                open.remove(0);
            }
            open.push((content, source::reopen(&self.root, &listed.original)?));
        }
        match open.last_mut() {
            Some((_, file)) => file.read_at(buffer, offset),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// The path below the root; for a root that is a file its name.
fn below(original: &[u8]) -> &[u8] {
    match original.iter().position(|byte| *byte == b'/') {
        Some(at) => original.get(at.saturating_add(1)..).unwrap_or_default(),
        None => original,
    }
}
