//! Runs work on hostile bytes in a process of its own: no network, no files, no keys, limited memory and
//! time.
//!
//! The program starts itself again as a worker ([`run`]); the worker closes every door behind it ([`enter`])
//! before it sees the first hostile byte, asks for bytes by number and offset, and sends messages back. Both
//! talk over the worker's standard input and output; `frame.rs` gives the bytes.
//!
//! What holds on Linux, each layer for itself: resource limits, no new privileges, no tracing, death with the
//! parent, Landlock (no path, no TCP port, no signal to others), seccomp (only what computing needs). What a
//! system lacks is reported in [`Layers`], never passed over. On other systems the worker is a separate
//! process and no more yet, and says so.
//!
//! Deliberately absent: what a reader is, what a message means, any key of a case, the environment.

mod content;
mod frame;
mod host;
mod layers;
mod limits;
mod link;
mod platform;
mod process;
mod program;
mod run;
mod spool;
mod watch;
mod worker;

pub use host::{ConfineError, Ending, Host, How, Why};
pub use layers::{Guard, Layers};
pub use limits::Limits;
pub use program::Program;
pub use run::run;
pub use spool::{SPOOL_FILES, SpoolFiles};
pub use worker::{Worker, WorkerError, enter};
