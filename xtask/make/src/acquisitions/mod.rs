//! Invented acquisitions of phones: what is planted is known, everything else is ordinary.
//!
//! The caller says what is planted ([`Planted`]); the same arguments give the same bytes. Nothing here is a
//! copy of anybody's phone: forms are those of the systems, content is invented.

pub mod android;
mod background;
pub mod planted;
mod random;
mod text;

pub use planted::Planted;
pub use random::Random;

/// What can go wrong while data is made: a database, an archive, a disk.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Files by path, `/` between components.
pub type Files = Vec<(String, Vec<u8>)>;

/// The subcommand: `OUT --seed 1 --size small|bench`.
///
/// # Errors
/// When an argument is not known or something cannot be made or written.
pub fn command(arguments: &[String]) -> Outcome<()> {
    let _ = arguments;
    Err("nothing is made yet".into())
}
