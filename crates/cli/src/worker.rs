//! The reading worker: this program once more, behind closed doors.

use std::process::ExitCode;

use desk::{Program, READING_WORKER};

use crate::errors::Failure;
use crate::trouble::Trouble;

/// Whether this process was started as a reading worker.
pub(crate) fn is_worker(arguments: &[std::ffi::OsString]) -> bool {
    arguments.get(1).is_some_and(|first| first == READING_WORKER)
}

/// Does the work and ends. Nobody reads what this process prints, so it prints nothing.
pub(crate) fn work() -> ExitCode {
    match desk::reading_worker() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// How this program starts itself as a worker.
pub(crate) fn program() -> Result<Program, Failure> {
    let path = std::env::current_exe().map_err(|_| Failure::from(Trouble::WorkerStart))?;
    Ok(Program::new(path, READING_WORKER))
}
