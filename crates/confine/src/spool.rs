//! Nameless files for the worker's encrypted spools, opened while it still may.
//!
//! This room sees to it that the worker has somewhere to write; what is written is sealed by whoever uses it,
//! with a key that lives in memory only. The files have no name, take no room until they are written, and are
//! gone with the process. One that is closed does not come back, because behind the doors nothing opens; so
//! they are lent, emptied when nobody holds them any more, and lent again.

use std::fs::File;
use std::io::{self, Seek};
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::platform;

/// How many spool files one worker can have at a time, where they must be opened ahead (Linux).
pub const SPOOL_FILES: usize = 64;

/// Where a system keeps large temporary files on a disk; `/tmp` is often memory.
const DISK_FOLDER: &str = "/var/tmp";

/// A handle on the worker's spool files, to be cloned and kept by whoever may need one.
#[derive(Clone)]
pub struct SpoolFiles {
    /// All that were opened ahead; one that nobody else holds is free.
    ready: Arc<Mutex<Vec<Arc<File>>>>,
    folder: Arc<str>,
}

impl SpoolFiles {
    /// Opens what must be opened ahead, all of it or as much as possible. An empty folder: where the system
    /// wants them.
    pub(crate) fn open(folder: &str) -> Self {
        let opened = (0..platform::SPOOLS_AHEAD).map_while(|_| open_file(folder).ok());
        let ready: Vec<Arc<File>> = opened.map(Arc::new).collect();
        Self { ready: Arc::new(Mutex::new(ready)), folder: folder.into() }
    }

    /// What the worker will write to, for the doors.
    pub(crate) fn descriptors(&self) -> Vec<platform::Descriptor> {
        let ready = self.ready.lock();
        ready.map_or_else(
            |_| Vec::new(),
            |ready| ready.iter().map(|file| platform::Descriptor::of(file)).collect(),
        )
    }

    /// An empty nameless file to read and write, for sealed bytes only. It is lent until it is dropped. It
    /// cannot be duplicated (`File::try_clone` fails) or mapped.
    ///
    /// Errors: all [`SPOOL_FILES`] are lent, or none could be opened (`StorageFull`). Writing more than
    /// `spool_bytes` to one ends the worker.
    pub fn make(&self) -> io::Result<Arc<File>> {
        let ready = self.ready.lock().map_err(|_| io::Error::other("spool files are lost"))?;
        // Only this list makes further handles, and it is locked.
        match ready.iter().find(|file| Arc::strong_count(file) == 1) {
            Some(file) => {
                file.set_len(0)?;
                (&**file).rewind()?;
                Ok(Arc::clone(file))
            }
            None if platform::SPOOLS_AHEAD == 0 => open_file(&self.folder).map(Arc::new),
            None => {
                let text = format!("no spool file left: a worker has at most {SPOOL_FILES} at a time");
                Err(io::Error::new(io::ErrorKind::StorageFull, text))
            }
        }
    }
}

fn open_file(folder: &str) -> io::Result<File> {
    if !folder.is_empty() {
        return tempfile::tempfile_in(folder);
    }
    if Path::new(DISK_FOLDER).is_dir()
        && let Ok(file) = tempfile::tempfile_in(DISK_FOLDER)
    {
        return Ok(file);
    }
    tempfile::tempfile()
}
