//! What depends on the system: the doors, the pipes of a worker, what an exit status means.
//!
//! Linux has all layers. On Windows (a job object, a restricted token) and on other systems nothing is closed
//! yet, and the worker reports exactly that.

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(target_os = "linux")]
mod seccomp;

#[cfg(target_os = "linux")]
pub(crate) use linux::{Descriptor, Note, SPOOLS_AHEAD, close_doors, why, widen};
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{Descriptor, Note, SPOOLS_AHEAD, close_doors, why, widen};

use std::fs::File;
use std::io;

/// Standard input and output as files without a buffer, so that no copy of a job stays behind in one.
#[cfg(unix)]
pub(crate) fn pipes() -> io::Result<(File, File)> {
    use std::os::fd::AsFd;
    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    Ok((File::from(input), File::from(output)))
}

/// Standard input and output as files without a buffer, so that no copy of a job stays behind in one.
#[cfg(windows)]
pub(crate) fn pipes() -> io::Result<(File, File)> {
    use std::os::windows::io::AsHandle;
    let input = io::stdin().as_handle().try_clone_to_owned()?;
    let output = io::stdout().as_handle().try_clone_to_owned()?;
    Ok((File::from(input), File::from(output)))
}
