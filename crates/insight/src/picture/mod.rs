//! Pictures of a case as SVG: no script, no reference to anywhere, the same bytes for the same data.
//!
//! Each has a title and a description for a screen reader, is readable in black and white, and says what it
//! leaves out. Words come from the caller, in her language; names from the evidence are escaped and isolated.

pub mod activity;
pub mod graph;
pub mod hours;
pub mod places;
mod svg;

pub use svg::Picture;
