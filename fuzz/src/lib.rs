//! The targets as a library, so that the fuzzing engine, the seeds and the replay in the tests use the same
//! functions.

pub mod formats;
#[cfg(test)]
mod replay;
pub mod targets;
