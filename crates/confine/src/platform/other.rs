//! Systems without layers yet, Windows among them: a process of its own, and the honest report of no more.

use std::fs::File;
use std::process::{ChildStdin, ChildStdout, ExitStatus, Stdio};

use crate::{Layers, Limits, Why};

/// Files open at any time where no door is closed.
pub(crate) const SPOOLS_AHEAD: usize = 0;

/// Nothing here depends on descriptors.
pub(crate) struct Descriptor;

impl Descriptor {
    pub(crate) fn of(_: &File) -> Self {
        Self
    }
}

/// Closes nothing and says so.
pub(crate) fn close_doors(_: &Limits, _: &[Descriptor]) -> Layers {
    Layers::none()
}

/// Where there is no memory limit, nobody needs to know that it was hit.
pub(crate) struct Note;

impl Note {
    pub(crate) fn new() -> (Self, Stdio) {
        (Self, Stdio::null())
    }
}

/// Pipes stay as the system makes them.
pub(crate) fn widen(_: &ChildStdin, _: &ChildStdout) {}

/// What killed a worker.
pub(crate) fn why(status: ExitStatus, _: &Note) -> Why {
    status.code().map_or_else(|| killed(status), Why::Exit)
}

#[cfg(unix)]
fn killed(status: ExitStatus) -> Why {
    std::os::unix::process::ExitStatusExt::signal(&status).map_or(Why::BadWord, Why::Signal)
}

#[cfg(not(unix))]
fn killed(_: ExitStatus) -> Why {
    Why::BadWord
}
