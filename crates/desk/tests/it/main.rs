//! The verbs together, on real folders: the whole way, every byte flipped, forks, full and broken media.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod chain;
mod consent;
mod copies;
mod flips;
mod gate;
mod stops;
mod world;
