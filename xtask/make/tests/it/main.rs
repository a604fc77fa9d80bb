//! Tests of what is made: the lists are those of their sources, and everything on them is found wherever it
//! can stand; what is planted in an acquisition comes out of the checks.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests; what is found or skipped is said"
)]

mod hints;
mod known;
mod lists;
mod mini;
mod planted;
mod truth;
