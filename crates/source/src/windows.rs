//! Folders and files on Windows, opened without following reparse points.
//!
//! Paths are made verbatim (`\\?\`) at the root, so that long paths and reserved names work. Every folder
//! on the way is held open without sharing deletion, so nobody can swap it for a link meanwhile. A file
//! whose content lies only in a cloud is deliberately not fetched, alternate data streams are not read.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use model::FileTime;

use crate::item::FileState;
use crate::opened::{Kind, Names, Opened};

const FILE_SHARE_READ: u32 = 1;
const FILE_SHARE_WRITE: u32 = 2;
const FILE_SHARE_DELETE: u32 = 4;
const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
const FILE_ATTRIBUTE_REPARSE_POINT: u32 = 0x400;
const FILE_ATTRIBUTE_RECALL_ON_OPEN: u32 = 0x0004_0000;
const FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS: u32 = 0x0040_0000;
const ERROR_TOO_MANY_OPEN_FILES: i32 = 4;

/// A folder, held open.
pub(crate) struct Folder {
    path: Identity,
    /// While it is open, nobody renames the folder.
    held: File,
}

/// The verbatim path without links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity(PathBuf);

impl Folder {
    /// At most `most` names.
    pub(crate) fn names(&self, most: usize) -> Names {
        let mut names = Vec::new();
        let problem = self.fill(&mut names, most).err();
        Names { names, problem }
    }

    fn fill(&self, names: &mut Vec<OsString>, most: usize) -> io::Result<()> {
        for entry in fs::read_dir(&self.path.0)?.take(most) {
            names.push(entry?.file_name());
        }
        Ok(())
    }

    pub(crate) fn look(&self, name: &OsStr) -> io::Result<Kind> {
        let found = fs::symlink_metadata(self.path.0.join(name))?;
        Ok(if found.file_type().is_symlink() {
            Kind::Other
        } else if found.is_dir() {
            Kind::Folder
        } else {
            Kind::File { size_bytes: found.len() }
        })
    }

    pub(crate) fn open(&self, name: &OsStr) -> io::Result<Opened> {
        open(self.path.0.join(name))
    }

    pub(crate) fn mtime(&self) -> io::Result<FileTime> {
        Ok(state(&self.held)?.mtime)
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.path
    }
}

/// Opens a root as the person named it; a link is followed.
pub(crate) fn open_root(path: &Path) -> io::Result<Opened> {
    open(fs::canonicalize(path)?)
}

pub(crate) fn identity_of(path: &Path) -> io::Result<Identity> {
    Ok(Identity(fs::canonicalize(path)?))
}

pub(crate) fn state(file: &File) -> io::Result<FileState> {
    let found = file.metadata()?;
    let mtime = file_time(found.last_write_time());
    Ok(FileState { size_bytes: found.len(), mtime, changed: mtime })
}

/// Whether no more handles are to be had.
pub(crate) fn out_of_handles(error: &io::Error) -> bool {
    error.raw_os_error() == Some(ERROR_TOO_MANY_OPEN_FILES)
}

/// The bytes of a name as they are kept.
pub(crate) fn name_bytes(name: &OsStr) -> &[u8] {
    name.as_encoded_bytes()
}

/// The name whose bytes these are; none if a walk gives no such name. A name with lone surrogates cannot be
/// made again from its bytes without unsafe code; such a file is not found.
pub(crate) fn name_of(bytes: &[u8]) -> Option<std::ffi::OsString> {
    let name = std::str::from_utf8(bytes).ok()?;
    let is_name = !matches!(name, "" | "." | "..") && !name.contains(['\\', ':', '\0']);
    is_name.then(|| name.into())
}

fn open(path: PathBuf) -> io::Result<Opened> {
    let before = fs::symlink_metadata(&path)?;
    if before.file_type().is_symlink() {
        return link(&path);
    }
    if lies_elsewhere(&before) {
        return Ok(Opened::Elsewhere);
    }
    let share = if before.is_dir() {
        FILE_SHARE_READ | FILE_SHARE_WRITE
    } else {
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE
    };
    let mut options = OpenOptions::new();
    options.read(true).share_mode(share);
    let file = options.custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT).open(&path)?;
    let found = file.metadata()?;
    let kind = found.file_type();
    if kind.is_symlink() {
        link(&path)
    } else if kind.is_dir() {
        Ok(Opened::Folder(Folder { path: Identity(path), held: file }))
    } else if !kind.is_file() {
        Ok(Opened::Special("device"))
    } else if found.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0 {
        // A file that the system keeps in another form, for example deduplicated: only its own filter can
        // read it.
        Ok(Opened::File(options.custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(&path)?))
    } else {
        Ok(Opened::File(file))
    }
}

fn link(path: &Path) -> io::Result<Opened> {
    Ok(Opened::Link(fs::read_link(path)?.into_os_string().into_encoded_bytes()))
}

fn lies_elsewhere(found: &Metadata) -> bool {
    found.file_attributes() & (FILE_ATTRIBUTE_RECALL_ON_OPEN | FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS) != 0
}

/// From steps of 100 ns since 1601.
fn file_time(steps: u64) -> FileTime {
    const SECOND: u64 = 10_000_000;
    const SECONDS_1601_TO_1970: i64 = 11_644_473_600;
    FileTime {
        seconds: i64::try_from(steps / SECOND).unwrap_or(0) - SECONDS_1601_TO_1970,
        nanoseconds: u32::try_from(steps % SECOND).unwrap_or(0) * 100,
    }
}
