//! Workers good and bad, each in a process of its own: what holds, what is reported, what it costs.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod cost;
#[cfg(target_os = "linux")]
mod doors;
mod ends;
mod talk;
mod world;
