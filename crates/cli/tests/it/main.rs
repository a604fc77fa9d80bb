//! The program as people and scripts run it: wrong usage first, then the whole way, in both languages.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod chain;
mod checking;
mod copies;
mod desk_of_one;
mod erasing;
mod gate;
mod help;
mod keys;
#[cfg(unix)]
mod kill;
mod network;
mod place;
mod readers;
mod reading;
mod stock_tools;
mod terminal;
mod timeline;
mod understanding;
mod wrong_usage;
