//! Nameless files for the worker's encrypted spools, opened while it still may.
//!
//! This room sees to it that the worker has somewhere to write; what is written is sealed by whoever uses it,
//! with a key that lives in memory only. The files have no name and are gone with the process.

use std::fs::File;
use std::io;
use std::path::Path;

/// How many spool files one worker can have. They are opened ahead, because behind the doors nothing opens.
pub const SPOOL_FILES: usize = 8;

/// Where a system keeps large temporary files on a disk; `/tmp` is often memory.
const DISK_FOLDER: &str = "/var/tmp";

/// Opens the files, all or as many as possible. An empty folder: where the system wants them.
pub(crate) fn open_files(folder: &str) -> Vec<File> {
    (0..SPOOL_FILES).map_while(|_| open_file(folder).ok()).collect()
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
