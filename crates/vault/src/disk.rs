//! The file-system operations a store needs, and nothing more; [`OsDisk`] is the only place of this room that
//! touches a real disk.
//!
//! Paths are relative to a root, with `/` between components. Links are never followed below the root,
//! because a case may come on a stick that somebody else has prepared. Nothing here decides in which order
//! things reach the medium: that is the store's and the log's concern (docs/format.md, section 4).

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file with bytes.
    File,
    /// A folder.
    Folder,
    /// A link, a device or something else that is never opened.
    Other,
}

/// Files and folders below a root.
pub trait Disk: Send + Sync + 'static {
    /// Creates an empty file or empties the one that is there. The folder must exist.
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file for reading.
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file for reading and writing; it is created if it is not there.
    fn open_to_change(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Renames a file, replacing what has the new name, in one step.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Makes one folder; `AlreadyExists` if it is there.
    fn make_folder(&self, path: &str) -> io::Result<()>;

    /// Removes an empty folder.
    fn remove_folder(&self, path: &str) -> io::Result<()>;

    /// Brings the names in a folder onto the medium; `""` is the root.
    fn sync_folder(&self, path: &str) -> io::Result<()>;

    /// The names directly in a folder, in no order; `""` is the root.
    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>>;

    /// What lies at a path, and if it is a file, its size in bytes. Nothing there: `NotFound`.
    fn look(&self, path: &str) -> io::Result<(Kind, u64)>;

    /// Takes the lock that a file stands for, for as long as the returned guard lives; `WouldBlock` if
    /// another has it.
    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>>;

    /// Bytes that can still be written, if the system tells.
    fn free_bytes(&self) -> io::Result<Option<u64>>;
}

/// An open file.
pub trait DiskFile: Send + Sync {
    /// Reads up to `buffer.len()` bytes from `offset` on; 0 only at the end.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes all bytes from `offset` on.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Cuts or lengthens the file.
    fn set_size(&self, size_bytes: u64) -> io::Result<()>;

    /// The size of the file.
    fn size_bytes(&self) -> io::Result<u64>;

    /// Brings the bytes onto the medium.
    fn sync(&self) -> io::Result<()>;

    /// Asks the system to forget what it has cached of this file, so that the next read comes from the
    /// medium.
    fn drop_cached_pages(&self) -> CachedPages;
}

/// Whether cached pages could be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachedPages {
    /// The system took the request; reads come from the medium.
    Dropped,
    /// The system has no such request or refused it; reads may come from memory.
    Kept,
}

/// A folder of the operating system. Files are readable for the own account only, where the file system knows
/// of that.
pub struct OsDisk {
    root: PathBuf,
}

impl OsDisk {
    /// The folder at `root`, which must exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Makes the folder at `root` if it is not there; the folder above it must exist.
    pub fn make(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        match system::folder_builder().create(&root) {
            Ok(()) => {
                if let Some(parent) = root.parent() {
                    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                    system::sync_folder(parent)?;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && root.is_dir() => {}
            Err(error) => return Err(error),
        }
        Ok(Self { root })
    }

    fn open_kept(&self, path: &str) -> io::Result<File> {
        let path = self.plain(path)?;
        system::file_options().read(true).write(true).create(true).truncate(false).open(path)
    }

    /// The path in the system, after making sure that no link is on the way below the root.
    fn plain(&self, path: &str) -> io::Result<PathBuf> {
        let mut whole = self.root.clone();
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            whole.push(part);
            let kind = match fs::symlink_metadata(&whole) {
                Ok(facts) => kind(facts.file_type()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            if kind == Kind::Other || (kind == Kind::File && parts.peek().is_some()) {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        Ok(whole)
    }
}

impl Disk for OsDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let path = self.plain(path)?;
        Ok(Box::new(OsFile(system::file_options().write(true).create(true).truncate(true).open(path)?)))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let path = self.plain(path)?;
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Box::new(OsFile(File::open(path)?)))
    }

    fn open_to_change(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OsFile(self.open_kept(path)?)))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        system::rename(&self.plain(from)?, &self.plain(to)?)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.plain(path)?)
    }

    fn make_folder(&self, path: &str) -> io::Result<()> {
        system::folder_builder().create(self.plain(path)?)
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        fs::remove_dir(self.plain(path)?)
    }

    fn sync_folder(&self, path: &str) -> io::Result<()> {
        system::sync_folder(&self.plain(path)?)
    }

    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>> {
        fs::read_dir(self.plain(path)?)?
            .map(|entry| {
                let entry = entry?;
                Ok((entry.file_name().to_string_lossy().into_owned(), kind(entry.file_type()?)))
            })
            .collect()
    }

    fn look(&self, path: &str) -> io::Result<(Kind, u64)> {
        let facts = fs::symlink_metadata(self.plain(path)?)?;
        Ok((kind(facts.file_type()), facts.len()))
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>> {
        let file = self.open_kept(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn free_bytes(&self) -> io::Result<Option<u64>> {
        system::free_bytes(&self.root)
    }
}

fn kind(file_type: fs::FileType) -> Kind {
    match (file_type.is_file(), file_type.is_dir()) {
        (true, _) => Kind::File,
        (_, true) => Kind::Folder,
        _ => Kind::Other,
    }
}

struct OsFile(File);

impl DiskFile for OsFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        system::read_at(&self.0, buffer, offset)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        system::write_all_at(&self.0, bytes, offset)
    }

    fn set_size(&self, size_bytes: u64) -> io::Result<()> {
        self.0.set_len(size_bytes)
    }

    fn size_bytes(&self) -> io::Result<u64> {
        self.0.metadata().map(|facts| facts.len())
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }

    fn drop_cached_pages(&self) -> CachedPages {
        system::drop_cached_pages(&self.0)
    }
}

#[cfg(unix)]
mod system {
    //! What Unix does in its own way.

    use super::{CachedPages, File, OpenOptions, Path, fs, io};
    use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};

    pub(super) fn file_options() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.mode(0o600);
        options
    }

    pub(super) fn folder_builder() -> fs::DirBuilder {
        let mut builder = fs::DirBuilder::new();
        builder.mode(0o700);
        builder
    }

    pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
        match File::open(path)?.sync_all() {
            // Some network and user-space file systems know no such thing for folders; there is nothing
            // better to do.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
            {
                Ok(())
            }
            done => done,
        }
    }

    pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        file.read_at(buffer, offset)
    }

    pub(super) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    pub(super) fn free_bytes(root: &Path) -> io::Result<Option<u64>> {
        let facts = rustix::fs::statvfs(root)?;
        Ok(Some(facts.f_bavail.saturating_mul(facts.f_frsize)))
    }

    #[cfg(target_os = "linux")]
    pub(super) fn drop_cached_pages(file: &File) -> CachedPages {
        match rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed) {
            Ok(()) => CachedPages::Dropped,
            Err(_) => CachedPages::Kept,
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn drop_cached_pages(_: &File) -> CachedPages {
        CachedPages::Kept
    }
}

#[cfg(windows)]
mod system {
    //! What Windows does in its own way: a rename replaces, and names need no call of their own to reach the
    //! medium.

    use super::{CachedPages, File, OpenOptions, Path, fs, io};
    use std::os::windows::fs::FileExt;

    pub(super) fn file_options() -> OpenOptions {
        OpenOptions::new()
    }

    pub(super) fn folder_builder() -> fs::DirBuilder {
        fs::DirBuilder::new()
    }

    pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }

    /// A virus scanner may hold a fresh file for a moment; then the rename is refused and works a little
    /// later.
    pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
        for _ in 0..20 {
            match fs::rename(from, to) {
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
                done => return done,
            }
        }
        fs::rename(from, to)
    }

    pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        file.seek_read(buffer, offset)
    }

    pub(super) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let count = file.seek_write(bytes, offset)?;
            bytes = match bytes.get(count..) {
                Some(rest) if count > 0 => rest,
                _ => return Err(io::ErrorKind::WriteZero.into()),
            };
            offset += count as u64;
        }
        Ok(())
    }

    pub(super) fn free_bytes(_: &Path) -> io::Result<Option<u64>> {
        Ok(None)
    }

    pub(super) fn drop_cached_pages(_: &File) -> CachedPages {
        CachedPages::Kept
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_are_not_followed_and_files_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let outside = tempfile::tempdir().unwrap();
        let inside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("x"), b"precious").unwrap();
        std::os::unix::fs::symlink(outside.path().join("x"), inside.path().join("x")).unwrap();
        std::os::unix::fs::symlink(outside.path(), inside.path().join("d")).unwrap();
        let disk = OsDisk::new(inside.path());
        for path in ["x", "d/x"] {
            assert!(disk.open(path).is_err());
            assert!(disk.create(path).is_err());
            assert!(disk.open_to_change(path).is_err());
            assert!(disk.remove(path).is_err());
        }
        assert_eq!(fs::read(outside.path().join("x")).unwrap(), b"precious");
        disk.create("y").unwrap();
        assert_eq!(fs::metadata(inside.path().join("y")).unwrap().permissions().mode() & 0o777, 0o600);
        disk.make_folder("z").unwrap();
        assert_eq!(fs::metadata(inside.path().join("z")).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
