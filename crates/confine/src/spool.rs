//! Nameless files for the worker's encrypted spools, opened while it still may.
//!
//! This room sees to it that the worker has somewhere to write; what is written is sealed by whoever uses it,
//! with a key that lives in memory only. The files have no name, take no room until they are written, and are
//! gone with the process. One that is closed does not come back: behind the doors nothing opens.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::platform;

/// How many spool files one worker can have in its life, where they must be opened ahead (Linux).
pub const SPOOL_FILES: usize = 64;

/// Where a system keeps large temporary files on a disk; `/tmp` is often memory.
const DISK_FOLDER: &str = "/var/tmp";

/// A handle on the worker's spool files, to be cloned and kept by whoever may need one.
#[derive(Clone)]
pub struct SpoolFiles {
    ready: Arc<Mutex<Vec<File>>>,
    folder: Arc<str>,
}

impl SpoolFiles {
    /// Opens what must be opened ahead, all of it or as much as possible. An empty folder: where the system
    /// wants them.
    pub(crate) fn open(folder: &str) -> Self {
        let ready: Vec<File> = (0..platform::SPOOLS_AHEAD).map_while(|_| open_file(folder).ok()).collect();
        Self { ready: Arc::new(Mutex::new(ready)), folder: folder.into() }
    }

    /// What the worker will write to, for the doors.
    pub(crate) fn descriptors(&self) -> Vec<platform::Descriptor> {
        let ready = self.ready.lock();
        ready.map_or_else(|_| Vec::new(), |ready| ready.iter().map(platform::Descriptor::of).collect())
    }

    /// An empty nameless file to read and write, for sealed bytes only. It cannot be cloned
    /// (`File::try_clone` fails) or mapped.
    ///
    /// Errors: all [`SPOOL_FILES`] were given out, or none could be opened (`StorageFull`). Writing more than
    /// `spool_bytes` to one ends the worker.
    pub fn make(&self) -> io::Result<File> {
        let ready = self.ready.lock().map_err(|_| io::Error::other("spool files are lost"))?.pop();
        match ready {
            Some(file) => Ok(file),
            None if platform::SPOOLS_AHEAD == 0 => open_file(&self.folder),
            None => {
                let text = format!("no spool file left: a worker has at most {SPOOL_FILES}");
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
