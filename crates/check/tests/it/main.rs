//! Checks over whole trees: what they say, and that nothing that is brought harms them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests; what is skipped or measured is said"
)]

mod ios;
mod sysdiagnose;
