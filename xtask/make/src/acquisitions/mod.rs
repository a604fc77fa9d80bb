//! Invented acquisitions of phones: what is planted is known, everything else is ordinary.
//!
//! The caller says what is planted ([`Planted`]); the same arguments give the same bytes. Nothing here is a
//! copy of anybody's phone: forms are those of the systems, content is invented.

pub mod android;
mod background;
pub mod capture;
mod command;
pub mod ios;
pub mod planted;
mod random;
pub mod stix;
mod text;

pub use command::{PASSWORD, command};
pub use planted::Planted;
pub use random::Random;

/// What can go wrong while data is made: a database, an archive, a disk.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Files by path, `/` between components.
pub type Files = Vec<(String, Vec<u8>)>;
