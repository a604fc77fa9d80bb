//! What the parent gives and gets: the host that answers the worker, and how a worker ended.

use std::io;
use std::ops::ControlFlow;

use crate::Layers;

/// The parent's side of the conversation.
pub trait Host {
    /// The worker wants bytes of a content, from `offset` on: as many as there are, at most `buffer.len()`;
    /// 0 at the end and beyond. Numbers and offsets are the worker's and may be nonsense: answer with an
    /// error, which the worker sees by its kind only.
    fn read_at(&mut self, content: u32, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// The worker sent a message: hostile bytes in a form that only reader and caller know. `Break` ends the
    /// worker.
    fn message(&mut self, bytes: &[u8]) -> ControlFlow<()>;

    /// The worker has closed its doors and has seen nothing hostile yet. `Break` ends it, for a caller that
    /// insists on a layer.
    fn entered(&mut self, layers: &Layers) -> ControlFlow<()> {
        let _ = layers;
        ControlFlow::Continue(())
    }
}

/// How a worker ended, and behind which doors it worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How it ended.
    pub how: How,
    /// What the worker reported before it saw a hostile byte; `None` when it died before.
    pub layers: Option<Layers>,
}

/// How a worker ended. All messages before the end were handed to the host, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The worker said that it has done everything.
    Finished,
    /// The worker is gone without having said so.
    Died {
        /// The cause, as far as it can be told from outside.
        why: Why,
    },
    /// The host wanted no more.
    Stopped,
}

/// Why a worker died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It wanted more memory than allowed.
    Memory,
    /// It used up its time on the processor.
    Time,
    /// It said nothing for too long.
    Silence,
    /// It wanted a larger spool than allowed.
    Spool,
    /// A signal killed it. On Linux 31 (SIGSYS) is a system call that is not allowed, 9 often the system
    /// that ran out of memory.
    Signal(i32),
    /// It exited with this code without having finished.
    Exit(i32),
    /// It spoke otherwise than agreed: garbage, a message too long, a closed pipe.
    BadWord,
}

/// Why a worker could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// The job is longer than the protocol can say (4 GiB).
    #[error("the job is too long for a worker")]
    Job,
    /// The process could not be started.
    #[error("the worker could not be started: {0}")]
    Start(#[source] io::Error),
    /// The process could not be waited for.
    #[error("the worker could not be waited for: {0}")]
    Wait(#[source] io::Error),
}
