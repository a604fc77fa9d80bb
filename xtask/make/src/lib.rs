//! Makes data that the program reads: invented acquisitions of phones, for tests and benches; and the lists
//! of indicators under `rules/indicators`; and measures the hints of `rules/tactics`.
//!
//! A tool, no room: it is not part of the program, so it may write files and encrypt as others do. What it
//! makes depends on its arguments only: no clock, no randomness of the system.

pub mod acquisitions;
pub mod hints;
pub mod indicators;
