//! Cases on a disk that dies, fails, lies, or is shared: what was acknowledged is there, what was not is
//! absent.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod branches;
mod copies;
mod crash;
mod damage;
mod durable;
mod erasing;
mod failing;
mod fault_disk;
mod holders;
mod installation;
mod scenarios;
mod world;
