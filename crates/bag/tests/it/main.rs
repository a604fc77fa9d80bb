//! Capsules from made-up trees: written, read, checked, damaged, unpacked by standard tools.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod build;
mod damage;
mod faults;
mod folder;
mod hostile;
mod round_trip;
mod standard_tools;
