//! How to start the worker: a program, its arguments, a folder for its spool.

use std::ffi::OsString;
use std::path::PathBuf;

/// The program that becomes the worker, usually the running one with a hidden argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The executable. The caller finds it; this room does not read the environment.
    pub path: PathBuf,
    /// Its arguments. Everybody on the computer can read them: no secrets here, they belong into the job.
    pub arguments: Vec<OsString>,
    /// Where the worker's nameless spool files lie; on a disk, not in memory. `None`: `/var/tmp`, else what
    /// the system offers a process without an environment (nothing on Windows). A path that is not UTF-8
    /// counts as none.
    pub spool_folder: Option<PathBuf>,
}

impl Program {
    /// A program with one argument and the system's place for spool files.
    pub fn new(path: impl Into<PathBuf>, argument: impl Into<OsString>) -> Self {
        Self { path: path.into(), arguments: vec![argument.into()], spool_folder: None }
    }
}
