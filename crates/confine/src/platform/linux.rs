//! Linux: all layers, in the order in which each still lets the next be closed.

use std::fs::File;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStdin, ChildStdout, ExitStatus, Stdio};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::io::Errno;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getrlimit, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};

use super::{landlock, seccomp};
use crate::layers::Guard;
use crate::{Layers, Limits, Why};

/// Spool files that must be opened before the doors close.
pub(crate) const SPOOLS_AHEAD: usize = crate::SPOOL_FILES;
/// Wanted size of the pipes; what a process without privileges gets by default.
const PIPE_BYTES: usize = 1 << 20;
/// Size of the note that is the worker's standard error.
const NOTE_BYTES: usize = 4096;
/// How Rust's standard library begins when no memory can be had, before it aborts.
const NO_MEMORY: &[u8] = b"memory allocation of ";

/// An open descriptor that the worker may use.
#[derive(Clone, Copy)]
pub(crate) struct Descriptor(pub(super) RawFd);

impl Descriptor {
    pub(crate) fn of(file: &File) -> Self {
        Self(file.as_raw_fd())
    }
}

/// Closes the doors of this process and thread for good.
pub(crate) fn close_doors(limits: &Limits, descriptors: &[Descriptor]) -> Layers {
    let dies_with_parent = Guard::from_result(&set_parent_process_death_signal(Some(Signal::KILL)));
    let no_new_privileges = Guard::from_result(&rustix::thread::set_no_new_privs(true));
    let untraceable = Guard::from_result(&set_dumpable_behavior(DumpableBehavior::NotDumpable));
    // It binds the calling thread only: with a second one it is closed, but not to be relied on.
    let alone = is_single_threaded();
    let landlock = landlock::close().filter(|_| alone);
    // Landlock needs a descriptor, so limits come behind it; seccomp forbids limits, so it is the last.
    let limits = Guard::from_result(&limit(limits, descriptors));
    let seccomp = Guard::from_result(&seccomp::close(descriptors));
    Layers { landlock, seccomp, limits, no_new_privileges, untraceable, dies_with_parent }
}

/// Is this the only thread? Not when nobody can tell.
fn is_single_threaded() -> bool {
    std::fs::read_dir("/proc/self/task").is_ok_and(|threads| threads.count() == 1)
}

/// Sets every limit; tries all of them even if one fails.
fn limit(limits: &Limits, descriptors: &[Descriptor]) -> Result<(), Errno> {
    let highest = descriptors.iter().map(|descriptor| descriptor.0).max().unwrap_or(2);
    let descriptors_max = u64::try_from(highest).unwrap_or(2).saturating_add(1);
    let wanted = [
        (Resource::As, limits.memory_bytes),
        (Resource::Cpu, limits.cpu_seconds),
        (Resource::Fsize, limits.spool_bytes),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
        (Resource::Memlock, 0),
        (Resource::Nofile, descriptors_max),
    ];
    wanted.into_iter().map(|(resource, most)| limit_one(resource, most)).fold(Ok(()), Result::and)
}

/// Lowers a limit, never raises one.
fn limit_one(resource: Resource, most: u64) -> Result<(), Errno> {
    let before = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    // Behind the processor limit the system warns by SIGXCPU, which ends the worker and says why; one second
    // later it kills.
    let reserve = u64::from(resource == Resource::Cpu);
    let maximum = most.saturating_add(reserve).min(before);
    setrlimit(resource, Rlimit { current: Some(most.min(maximum)), maximum: Some(maximum) })
}

/// The worker's standard error: four kilobytes of memory that cannot grow.
pub(crate) struct Note(Option<File>);

impl Note {
    /// The note and what to give the worker. Without one, memory deaths cannot be told from other aborts.
    pub(crate) fn new() -> (Self, Stdio) {
        let made = make_note().and_then(|file| Ok((file.try_clone()?, file)));
        made.map_or_else(|_| (Self(None), Stdio::null()), |(kept, given)| (Self(Some(kept)), given.into()))
    }

    /// Does it say that there was no memory?
    fn tells_of_memory(&self) -> bool {
        let mut text = [0; NOTE_BYTES];
        let read = self.0.as_ref().map_or(0, |file| file.read_at(&mut text, 0).unwrap_or(0));
        text.get(..read).unwrap_or_default().windows(NO_MEMORY.len()).any(|words| words == NO_MEMORY)
    }
}

fn make_note() -> std::io::Result<File> {
    let note = memfd_create("note", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    ftruncate(&note, NOTE_BYTES as u64)?;
    fcntl_add_seals(&note, SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
    Ok(File::from(note))
}

/// Fewer switches between the two processes with wider pipes. Narrow ones work as well.
pub(crate) fn widen(to: &ChildStdin, from: &ChildStdout) {
    let _ = rustix::pipe::fcntl_setpipe_size(to, PIPE_BYTES);
    let _ = rustix::pipe::fcntl_setpipe_size(from, PIPE_BYTES);
}

/// What killed a worker.
pub(crate) fn why(status: ExitStatus, note: &Note) -> Why {
    match (status.code(), status.signal()) {
        (Some(code), _) => Why::Exit(code),
        (_, Some(libc::SIGXCPU)) => Why::Time,
        (_, Some(libc::SIGXFSZ)) => Why::Spool,
        (_, Some(libc::SIGABRT)) if note.tells_of_memory() => Why::Memory,
        (_, Some(signal)) => Why::Signal(signal),
        // Neither exited nor killed: cannot be, after waiting.
        (None, None) => Why::BadWord,
    }
}
