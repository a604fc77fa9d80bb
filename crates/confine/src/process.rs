//! The worker as a process: started with nothing, always killed, always waited for.
//!
//! The only place of this room that starts a program. Environment empty, no descriptors but three: the pipes
//! and, on Linux, a note of four kilobytes in memory as standard error, because a Rust program that gets no
//! memory says so there and nowhere else. Nothing of the note is shown to anybody.

use std::io;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::platform::Note;
use crate::{ConfineError, Program, Why};

/// How long a worker that closed its pipe may take to be gone: so many pauses of so long.
const GRACE_PAUSES: u32 = 200;
const GRACE_PAUSE: Duration = Duration::from_millis(10);

/// A running worker. Dropping it kills it and waits for it.
pub(crate) struct Process {
    child: Mutex<Child>,
    note: Note,
}

/// The parent's ends of the pipes.
pub(crate) struct Pipes {
    pub(crate) to: ChildStdin,
    pub(crate) from: ChildStdout,
}

impl Process {
    /// Starts the program.
    pub(crate) fn start(program: &Program) -> Result<(Self, Pipes), ConfineError> {
        let (note, standard_error) = Note::new();
        let mut command = Command::new(&program.path);
        command
            .args(&program.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(standard_error);
        #[cfg(unix)]
        {
            // In a group of its own, so that neither can signal the other's.
            std::os::unix::process::CommandExt::process_group(&mut command, 0).current_dir("/");
        }
        let mut child = command.spawn().map_err(ConfineError::Start)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let process = Self { child: Mutex::new(child), note };
        let (to, from) = pipes.ok_or_else(|| ConfineError::Start(io::Error::other("no pipe")))?;
        crate::platform::widen(&to, &from);
        Ok((process, Pipes { to, from }))
    }

    /// Kills the process. One that is gone already is no error.
    pub(crate) fn kill(&self) {
        // The only other failure is a process that may not be killed, and then waiting tells.
        let _ = self.child.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }

    /// Waits until it is gone by itself, but not long. `None`: it was still there and had to be killed.
    pub(crate) fn farewell(&self) -> Result<Option<ExitStatus>, ConfineError> {
        for _ in 0..GRACE_PAUSES {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(status) = child.try_wait().map_err(ConfineError::Wait)? {
                return Ok(Some(status));
            }
            drop(child);
            std::thread::sleep(GRACE_PAUSE);
        }
        self.end()?;
        Ok(None)
    }

    /// Kills it and waits for it.
    pub(crate) fn end(&self) -> Result<(), ConfineError> {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        child.wait().map_err(ConfineError::Wait)?;
        Ok(())
    }

    /// What killed a worker that ended like this.
    pub(crate) fn why(&self, status: ExitStatus) -> Why {
        crate::platform::why(status, &self.note)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = self.end();
    }
}
