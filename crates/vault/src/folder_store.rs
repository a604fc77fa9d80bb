//! A store in a folder of a disk.
//!
//! Files half written lie directly in `pending/` under the names `put-<k>` and mean nothing. Folders come and
//! go with the files in them. Every change is followed by a sync of the file and of the folders whose names
//! changed.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::ReadAt;

use crate::disk::{CachedPages, Disk, DiskFile, Kind};
use crate::store::{LockGuard, ReadBack, Store, StoreError, Upload, UploadSink, Wipe, check_name};

/// The file whose lock the writing process holds.
pub const LOCK_NAME: &str = "lock";

/// How much of a file is overwritten before it is removed: all of a small one, and of a large one the head
/// with the wrapped key, without which the rest says nothing.
const WIPED_BYTES: usize = 1 << 20;

/// How much of a large file may be in the cache of the system while it is written or read back.
const CACHED_BYTES: u64 = 32 << 20;

/// A store in a folder.
pub struct FolderStore<D: Disk> {
    inner: Arc<Inner<D>>,
}

struct Inner<D> {
    disk: D,
    /// Folders that this store has brought onto the medium or found there and synced.
    durable_folders: Mutex<HashSet<String>>,
    next_put: AtomicU64,
}

impl<D: Disk> FolderStore<D> {
    /// The store in the root of a disk, which must exist.
    pub fn new(disk: D) -> Self {
        let durable_folders = Mutex::new(HashSet::new());
        Self { inner: Arc::new(Inner { disk, durable_folders, next_put: AtomicU64::new(0) }) }
    }
}

impl<D: Disk> Store for FolderStore<D> {
    fn get(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, StoreError> {
        let file = self.inner.open(name)?;
        if file.size_bytes() > limit_bytes {
            return Err(StoreError::OverLimit { name: name.to_owned(), limit_bytes });
        }
        let mut bytes = vec![0; usize::try_from(file.size_bytes()).map_err(|_| StoreError::BadName)?];
        let mut done = 0;
        while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, done as u64).map_err(|error| StoreError::of(name, &error))? {
                0 => break,
                count => done += count,
            }
        }
        bytes.truncate(done);
        Ok(bytes)
    }

    fn open(&self, name: &str) -> Result<Arc<dyn ReadAt>, StoreError> {
        Ok(Arc::new(self.inner.open(name)?))
    }

    fn open_from_medium(&self, name: &str) -> Result<(Arc<dyn ReadAt>, ReadBack), StoreError> {
        let file = self.inner.open(name)?;
        let read_back = match file.file.drop_cached_pages() {
            CachedPages::Dropped => ReadBack::Medium,
            CachedPages::Kept => ReadBack::Cache,
        };
        Ok((Arc::new(FromMedium { file, read_bytes: AtomicU64::new(0) }), read_back))
    }

    fn size_bytes(&self, name: &str) -> Result<Option<u64>, StoreError> {
        check_name(name)?;
        match self.inner.disk.look(name) {
            Ok((Kind::File, size_bytes)) => Ok(Some(size_bytes)),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::of(name, &error)),
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let fails = |error: io::Error| StoreError::of(name, &error);
        check_name(name)?;
        let half = format!("pending/put-{}", self.inner.next_put.fetch_add(1, Ordering::Relaxed));
        self.inner.make_folders(&half)?;
        self.inner.make_folders(name)?;
        let write = || {
            let file = self.inner.disk.create(&half)?;
            file.write_all_at(bytes, 0)?;
            file.sync()
        };
        let renamed = write().and_then(|()| self.inner.disk.rename(&half, name));
        if renamed.is_err() {
            // What is left of it would be thrown away on opening anyway.
            let _ = self.inner.disk.remove(&half);
        }
        renamed.map_err(fails)?;
        self.inner.disk.sync_folder(folder_of(name)).map_err(fails)
    }

    fn begin(&self, name: &str) -> Result<Upload, StoreError> {
        check_name(name)?;
        self.inner.make_folders(name)?;
        let file = self.inner.disk.create(name).map_err(|error| StoreError::of(name, &error))?;
        let sink = FolderUpload {
            inner: Arc::clone(&self.inner),
            name: name.to_owned(),
            file: Some(file),
            written_bytes: 0,
        };
        Ok(Upload::new(name.to_owned(), Box::new(sink)))
    }

    fn extend(&self, name: &str, at: u64, bytes: &[u8]) -> Result<(), StoreError> {
        check_name(name)?;
        self.inner.make_folders(name)?;
        let change = || {
            let file = self.inner.disk.open_to_change(name)?;
            file.set_size(at)?;
            file.write_all_at(bytes, at)?;
            file.sync()?;
            // A file that is extended from its start may be new, or an earlier try may have failed just
            // before this.
            if at == 0 { self.inner.disk.sync_folder(folder_of(name)) } else { Ok(()) }
        };
        change().map_err(|error| StoreError::of(name, &error))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        check_name(from)?;
        check_name(to)?;
        self.inner.make_folders(to)?;
        self.inner.disk.rename(from, to).map_err(|error| StoreError::of(from, &error))?;
        // The new name first: until the old one is gone for good too, the file has both, never none.
        for name in [to, from] {
            self.inner.disk.sync_folder(folder_of(name)).map_err(|error| StoreError::of(name, &error))?;
        }
        Ok(())
    }

    fn remove(&self, name: &str, wipe: Wipe) -> Result<(), StoreError> {
        let fails = |error: io::Error| StoreError::of(name, &error);
        check_name(name)?;
        let (_, size_bytes) = self.inner.disk.look(name).map_err(fails)?;
        if wipe == Wipe::Yes {
            // Where overwriting fails, removing is still better than leaving.
            let _ = self.inner.overwrite(name, size_bytes);
        }
        self.inner.disk.remove(name).map_err(fails)?;
        self.inner.disk.sync_folder(folder_of(name)).map_err(fails)?;
        self.inner.drop_empty_folders(name);
        Ok(())
    }

    fn settle(&self, name: &str) -> Result<(), StoreError> {
        check_name(name)?;
        let mut folder = folder_of(name);
        loop {
            match self.inner.disk.sync_folder(folder) {
                // Where the folder is gone, too, the one above knows of it.
                Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.is_empty() => {
                    folder = folder_of(folder);
                }
                synced => return synced.map_err(|error| StoreError::of(name, &error)),
            }
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        if !folder.is_empty() {
            check_name(folder)?;
        }
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            let entries = match self.inner.disk.list(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.map_err(|error| StoreError::of(&folder, &error))?,
            };
            for (name, kind) in entries {
                let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                if kind == Kind::Folder { &mut open } else { &mut found }.push(name);
            }
        }
        found.sort();
        Ok(found)
    }

    fn lock(&self) -> Result<LockGuard, StoreError> {
        let held = self.inner.disk.lock(LOCK_NAME).map_err(|error| StoreError::of(LOCK_NAME, &error))?;
        Ok(LockGuard::new(held))
    }

    fn free_bytes(&self) -> Result<Option<u64>, StoreError> {
        self.inner.disk.free_bytes().map_err(|error| StoreError::of("", &error))
    }
}

impl<D: Disk> Inner<D> {
    fn open(&self, name: &str) -> Result<StoredFile, StoreError> {
        check_name(name)?;
        let opened = || {
            let file = self.disk.open(name)?;
            Ok(StoredFile { size_bytes: file.size_bytes()?, file })
        };
        opened().map_err(|error| StoreError::of(name, &error))
    }

    fn folders(&self) -> MutexGuard<'_, HashSet<String>> {
        self.durable_folders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the folders above a file, each on the medium before the next begins.
    fn make_folders(&self, name: &str) -> Result<(), StoreError> {
        for (end, _) in name.match_indices('/') {
            let folder = name.get(..end).unwrap_or_default();
            if self.folders().contains(folder) {
                continue;
            }
            let made = match self.disk.make_folder(folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                made => made,
            };
            // Also when it was there: an earlier try may have failed between making and syncing.
            made.and_then(|()| self.disk.sync_folder(folder_of(folder)))
                .map_err(|error| StoreError::of(folder, &error))?;
            self.folders().insert(folder.to_owned());
        }
        Ok(())
    }

    /// Removes the folders above a removed file as far as they are empty. They may come back after a crash:
    /// no harm.
    fn drop_empty_folders(&self, name: &str) {
        let mut folder = folder_of(name);
        while !folder.is_empty() {
            // Forgotten first, so that a parallel writer makes the folder again rather than trust in it.
            let known = self.folders().remove(folder);
            if self.disk.remove_folder(folder).is_err() {
                if known {
                    self.folders().insert(folder.to_owned());
                }
                break;
            }
            folder = folder_of(folder);
        }
    }

    fn overwrite(&self, name: &str, size_bytes: u64) -> io::Result<()> {
        let file = self.disk.open_to_change(name)?;
        let count = usize::try_from(size_bytes).unwrap_or(usize::MAX).min(WIPED_BYTES);
        file.write_all_at(&vec![0; count], 0)?;
        file.sync()
    }
}

/// The folder of a name; `""` for the root.
fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

struct StoredFile {
    file: Box<dyn DiskFile>,
    size_bytes: u64,
}

impl ReadAt for StoredFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buffer, offset)
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

/// A file whose cached pages go as it is read, so that reading back a large one pushes nothing else out of
/// memory.
struct FromMedium {
    file: StoredFile,
    read_bytes: AtomicU64,
}

impl ReadAt for FromMedium {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let count = self.file.read_at(buffer, offset)?;
        let before = self.read_bytes.fetch_add(count as u64, Ordering::Relaxed);
        if before / CACHED_BYTES != (before + count as u64) / CACHED_BYTES {
            self.file.file.drop_cached_pages();
        }
        Ok(count)
    }

    fn size_bytes(&self) -> u64 {
        self.file.size_bytes
    }
}

struct FolderUpload<D> {
    inner: Arc<Inner<D>>,
    name: String,
    /// `None` once committed or abandoned, because Windows neither renames nor removes an open file.
    file: Option<Box<dyn DiskFile>>,
    written_bytes: u64,
}

impl<D: Disk> Write for FolderUpload<D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::BrokenPipe)?;
        file.write_all_at(bytes, self.written_bytes)?;
        let before = self.written_bytes;
        self.written_bytes += bytes.len() as u64;
        if before / CACHED_BYTES != self.written_bytes / CACHED_BYTES {
            // What is shown as written is on the medium, also on a slow stick; and memory stays free.
            file.sync()?;
            file.drop_cached_pages();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<D: Disk> UploadSink for FolderUpload<D> {
    fn commit(&mut self) -> Result<(), StoreError> {
        let sync = || {
            self.file.as_ref().ok_or(io::ErrorKind::BrokenPipe)?.sync()?;
            self.inner.disk.sync_folder(folder_of(&self.name))
        };
        sync().map_err(|error| StoreError::of(&self.name, &error))?;
        self.file = None;
        Ok(())
    }

    fn abandon(&mut self) {
        drop(self.file.take());
        // Best effort: it would be thrown away on opening anyway.
        if self.inner.disk.remove(&self.name).is_ok() {
            self.inner.drop_empty_folders(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::OsDisk;

    #[test]
    fn files_come_change_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::new(OsDisk::new(folder.path()));
        store.put("a/b/c", b"one").unwrap();
        store.put("a/b/c", b"two").unwrap();
        assert_eq!(store.get("a/b/c", 3).unwrap(), b"two");
        assert!(matches!(store.get("a/b/c", 2), Err(StoreError::OverLimit { .. })));
        assert_eq!(store.size_bytes("a/b/c").unwrap(), Some(3));
        assert_eq!(store.size_bytes("a/b").unwrap(), None);
        store.extend("l", 0, b"12345").unwrap();
        store.extend("l", 2, b"x").unwrap();
        assert_eq!(store.get("l", 9).unwrap(), b"12x");
        store.rename("a/b/c", "d").unwrap();
        assert_eq!(store.list("").unwrap(), ["d", "l"]);
        store.remove("d", Wipe::Yes).unwrap();
        assert!(matches!(store.remove("d", Wipe::No), Err(StoreError::NotFound { .. })));
        assert_eq!(store.list("nowhere").unwrap(), Vec::<String>::new());

        let mut upload = store.begin("pending/0/0").unwrap();
        upload.write_all(b"abandoned").unwrap();
        drop(upload);
        assert_eq!(store.list("pending").unwrap(), Vec::<String>::new());
        let mut upload = store.begin("pending/0/0").unwrap();
        upload.write_all(b"kept").unwrap();
        upload.commit().unwrap();
        upload.keep();
        let (file, _) = store.open_from_medium("pending/0/0").unwrap();
        assert_eq!(file.size_bytes(), 4);
        for bad in ["../x", "/etc/passwd"] {
            assert_eq!(store.put(bad, b""), Err(StoreError::BadName));
            assert!(matches!(store.open(bad).map(|_| ()), Err(StoreError::BadName)));
        }
    }

    #[test]
    fn one_lock_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderStore::new(OsDisk::new(folder.path()));
        let second = FolderStore::new(OsDisk::new(folder.path()));
        let guard = first.lock().unwrap();
        assert!(matches!(second.lock().map(|_| ()), Err(StoreError::Busy)));
        drop(guard);
        second.lock().unwrap();
    }
}
