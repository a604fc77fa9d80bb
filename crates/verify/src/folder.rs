//! The folder under check: names and bytes, read-only. The only file of this room that touches a disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use model::ReadAt;

/// Files by their paths below a root, with `/` between components.
pub trait Folder: Send + Sync {
    /// Every file below the root: path and size, ascending by path. Names that are not UTF-8 are given
    /// with U+FFFD.
    fn files(&self) -> io::Result<Vec<(String, u64)>>;

    /// One file, for random access.
    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>>;
}

/// A folder on a disk. Links are not followed; they count as files of size 0 that cannot be opened.
pub struct DiskFolder {
    root: PathBuf,
}

impl DiskFolder {
    /// The folder at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl Folder for DiskFolder {
    fn files(&self) -> io::Result<Vec<(String, u64)>> {
        let mut found = Vec::new();
        let mut open = vec![(self.root.clone(), String::new())];
        while let Some((folder, prefix)) = open.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
                let facts = entry.metadata()?;
                if facts.is_dir() {
                    open.push((entry.path(), format!("{path}/")));
                } else {
                    found.push((path, if facts.is_file() { facts.len() } else { 0 }));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>> {
        let plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if !plain || path.contains('\\') {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        DiskFile::open(&self.root.join(path)).map(|file| Arc::new(file) as Arc<dyn ReadAt>)
    }
}

/// One file on a disk, for random access.
pub struct DiskFile {
    file: Mutex<File>,
    size_bytes: u64,
}

impl DiskFile {
    /// Opens a regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        if !fs::symlink_metadata(path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = File::open(path)?;
        let size_bytes = file.metadata()?.len();
        Ok(Self { file: Mutex::new(file), size_bytes })
    }
}

impl ReadAt for DiskFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read(buffer)
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

/// The whole of a small file; refuses more than `limit_bytes`.
pub fn read_all(file: &dyn ReadAt, limit_bytes: u64) -> io::Result<Vec<u8>> {
    if file.size_bytes() > limit_bytes {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = vec![0; usize::try_from(file.size_bytes()).unwrap_or(usize::MAX)];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, filled as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => filled += count,
        }
    }
    Ok(bytes)
}
