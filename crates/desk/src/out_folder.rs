//! A folder that is written outside of a case at a person's wish: unsealed files, packages.
//!
//! Everything is written under `<target>.part` and renamed at the end, so that a target is whole or not
//! there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use handover::PackageSink;
use model::FileTime;

use crate::DeskError;

/// A folder in the making.
pub(crate) struct OutFolder {
    target: PathBuf,
    part: PathBuf,
    finished: bool,
}

impl OutFolder {
    /// Begins a folder; the target must not exist. What an interrupted run left in `<target>.part` is
    /// removed first.
    pub(crate) fn begin(target: &Path) -> Result<Self, DeskError> {
        if target.symlink_metadata().is_ok() {
            return Err(DeskError::TargetExists(target.to_owned()));
        }
        let mut name = target.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
        name.push(".part");
        let part = target.with_file_name(name);
        if part.symlink_metadata().is_ok() {
            fs::remove_dir_all(&part).map_err(|source| unwritable(&part, source))?;
        }
        private_folder(&part).map_err(|source| unwritable(&part, source))?;
        Ok(Self { target: target.to_owned(), part, finished: false })
    }

    /// Where the folder is being written.
    pub(crate) fn path(&self) -> &Path {
        &self.part
    }

    /// Opens a new file; `path` uses `/` and was made by our name rule.
    pub(crate) fn file(&self, path: &str) -> io::Result<OutFile> {
        let full = self.below(path)?;
        if let Some(parent) = full.parent() {
            private_folder(parent)?;
        }
        let file = private_file().write(true).create_new(true).open(full)?;
        Ok(OutFile { file: BufWriter::with_capacity(256 << 10, file), mtime: None })
    }

    /// Puts the finished folder in its place.
    pub(crate) fn finish(mut self) -> Result<(), DeskError> {
        sync_folders(&self.part).map_err(|source| unwritable(&self.part, source))?;
        fs::rename(&self.part, &self.target).map_err(|source| unwritable(&self.target, source))?;
        if let Some(parent) = self.target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_folder(parent).map_err(|source| unwritable(parent, source))?;
        }
        self.finished = true;
        Ok(())
    }

    fn below(&self, path: &str) -> io::Result<PathBuf> {
        let plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if plain && !path.contains('\\') {
            Ok(self.part.join(path))
        } else {
            Err(io::ErrorKind::InvalidInput.into())
        }
    }
}

impl Drop for OutFolder {
    fn drop(&mut self) {
        if !self.finished {
            // A half-written folder may hold plaintext; nobody asked for half of it.
            drop(fs::remove_dir_all(&self.part));
        }
    }
}

impl PackageSink for OutFolder {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        Ok(Box::new(self.file(path)?))
    }

    fn folder(&mut self, path: &str) -> io::Result<()> {
        private_folder(&self.below(path)?)
    }
}

/// One file in the making; `flush` makes it durable.
pub(crate) struct OutFile {
    file: BufWriter<File>,
    mtime: Option<FileTime>,
}

impl OutFile {
    /// Sets the modification time the file gets when it is flushed; times the system cannot keep are left
    /// out.
    pub(crate) fn set_mtime(&mut self, mtime: FileTime) {
        self.mtime = Some(mtime);
    }
}

impl Write for OutFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.file.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()?;
        if let Some(time) = self.mtime.and_then(system_time) {
            self.file.get_ref().set_modified(time)?;
        }
        self.file.get_ref().sync_all()
    }
}

fn system_time(time: FileTime) -> Option<std::time::SystemTime> {
    let nanoseconds = std::time::Duration::from_nanos(u64::from(time.nanoseconds));
    let whole = std::time::Duration::from_secs(time.seconds.unsigned_abs());
    let base = if time.seconds < 0 {
        std::time::UNIX_EPOCH.checked_sub(whole)
    } else {
        std::time::UNIX_EPOCH.checked_add(whole)
    };
    base?.checked_add(nanoseconds)
}

fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(folder)
}

/// What leaves a case is for the own account only, until the person decides otherwise.
#[cfg(unix)]
fn private_file() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_file() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    // Windows keeps no handle on folders that could be flushed; renames are journalled.
    Ok(())
}

fn unwritable(path: &Path, source: io::Error) -> DeskError {
    if source.kind() == io::ErrorKind::StorageFull {
        return DeskError::DiskFull;
    }
    DeskError::TargetUnwritable { path: path.to_owned(), source }
}
