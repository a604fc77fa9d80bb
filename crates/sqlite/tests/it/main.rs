//! Databases made by SQLite itself, and damaged ones: what is read is held against SQLite's own answers.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod damage;
mod oracle;
mod random;
mod real;
mod tables;
mod wal;
