//! Folders and files on Unix, opened relative to the folder they lie in, so that nothing swapped in is
//! followed.
//!
//! Every name is looked at with `fstatat`, opened with `O_NOFOLLOW | O_NONBLOCK`, and looked at again
//! through the open descriptor. `O_NOATIME` is tried first. Deliberately no path of more than one
//! component below a root.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use model::FileTime;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::item::FileState;
use crate::opened::{Kind, Names, Opened};

/// A folder, open.
pub(crate) struct Folder {
    file: File,
    identity: Identity,
}

/// Device and inode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity(u64, u64);

impl Folder {
    /// At most `most` names.
    pub(crate) fn names(&self, most: usize) -> Names {
        let mut names = Vec::new();
        let problem = self.fill(&mut names, most).err();
        Names { names, problem }
    }

    fn fill(&self, names: &mut Vec<OsString>, most: usize) -> io::Result<()> {
        // A duplicate keeps O_NOATIME; opening "." anew would not.
        for entry in Dir::new(rustix::io::fcntl_dupfd_cloexec(&self.file, 0)?)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if names.len() >= most {
                break;
            }
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        Ok(())
    }

    pub(crate) fn look(&self, name: &OsStr) -> io::Result<Kind> {
        let stat = rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Kind::File { size_bytes: u64::try_from(stat.st_size).unwrap_or(0) },
            FileType::Directory => Kind::Folder,
            _ => Kind::Other,
        })
    }

    pub(crate) fn open(&self, name: &OsStr) -> io::Result<Opened> {
        // Looked at first, because opening a device can already do something.
        let stat = rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile | FileType::Directory => {}
            FileType::Symlink => return self.link(name),
            FileType::Fifo => return Ok(Opened::Special("fifo")),
            FileType::Socket => return Ok(Opened::Special("socket")),
            _ => return Ok(Opened::Special("device")),
        }
        match open_quietly(&self.file, name, OFlags::NOFOLLOW) {
            Ok(file) => opened(file),
            // A link was swapped in meanwhile.
            Err(Errno::LOOP | Errno::MLINK) => self.link(name),
            Err(Errno::NXIO) => Ok(Opened::Special("device")),
            Err(error) => Err(error.into()),
        }
    }

    fn link(&self, name: &OsStr) -> io::Result<Opened> {
        let target = rustix::fs::readlinkat(&self.file, name, Vec::new())?;
        Ok(Opened::Link(target.into_bytes()))
    }

    pub(crate) fn mtime(&self) -> io::Result<FileTime> {
        Ok(state(&self.file)?.mtime)
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }
}

/// Opens a root as the person named it; a link is followed.
pub(crate) fn open_root(path: &Path) -> io::Result<Opened> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_file() || kind.is_dir() {
        opened(open_quietly(CWD, path.as_os_str(), OFlags::empty())?)
    } else if kind.is_fifo() {
        Ok(Opened::Special("fifo"))
    } else if kind.is_socket() {
        Ok(Opened::Special("socket"))
    } else {
        Ok(Opened::Special("device"))
    }
}

pub(crate) fn identity_of(path: &Path) -> io::Result<Identity> {
    let found = fs::metadata(path)?;
    Ok(Identity(found.dev(), found.ino()))
}

pub(crate) fn state(file: &File) -> io::Result<FileState> {
    let found = file.metadata()?;
    let time = |seconds: i64, nanoseconds: i64| FileTime {
        seconds,
        nanoseconds: u32::try_from(nanoseconds).unwrap_or(0).min(999_999_999),
    };
    Ok(FileState {
        size_bytes: found.len(),
        mtime: time(found.mtime(), found.mtime_nsec()),
        changed: time(found.ctime(), found.ctime_nsec()),
    })
}

/// Whether no more descriptors are to be had.
pub(crate) fn out_of_handles(error: &io::Error) -> bool {
    [Errno::MFILE, Errno::NFILE].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// The bytes of a name as they are kept.
pub(crate) fn name_bytes(name: &OsStr) -> &[u8] {
    name.as_bytes()
}

/// The name whose bytes these are; none if a walk gives no such name.
pub(crate) fn name_of(bytes: &[u8]) -> Option<OsString> {
    let is_name = !matches!(bytes, b"" | b"." | b"..") && !bytes.contains(&0);
    is_name.then(|| OsString::from_vec(bytes.to_vec()))
}

fn open_quietly(folder: impl AsFd, name: &OsStr, extra: OFlags) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY | extra;
    // Only the owner of a file may ask for O_NOATIME.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    match rustix::fs::openat(&folder, name, flags | OFlags::NOATIME, Mode::empty()) {
        Err(Errno::PERM) => {}
        done => return done,
    }
    rustix::fs::openat(&folder, name, flags, Mode::empty())
}

fn opened(descriptor: OwnedFd) -> io::Result<Opened> {
    let file = File::from(descriptor);
    let found = file.metadata()?;
    let kind = found.file_type();
    Ok(if kind.is_file() {
        Opened::File(file)
    } else if kind.is_dir() {
        Opened::Folder(Folder { file, identity: Identity(found.dev(), found.ino()) })
    } else if kind.is_fifo() {
        Opened::Special("fifo")
    } else {
        Opened::Special("device")
    })
}
