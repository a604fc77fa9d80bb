//! Checks over whole trees: what they say, what becomes of it, and that nothing that is brought harms them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests; what is skipped or measured is said"
)]

mod capture;
mod databases;
mod dumpsys;
mod frames;
mod indicators;
mod ios;
mod judging;
mod messages;
mod rules;
mod sysdiagnose;
mod together;
mod visits;
