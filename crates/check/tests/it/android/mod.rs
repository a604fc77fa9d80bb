//! Acquisitions by AndroidQF, bug reports and packages, made here: what is recognised, what becomes a fact,
//! what damage costs.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests; what is skipped or measured is said"
)]

mod androidqf;
mod apk;
mod damage;
mod help;
