//! Checks from outside: whole folders and archives go through the tree and every check; facts become
//! findings.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests; what is skipped or measured is said"
)]

mod android;
mod capture;
mod databases;
mod documents;
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
