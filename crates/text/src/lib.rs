//! Words as people write them: normalising for search, and understanding what is searched for.
//!
//! The room knows no storage: it makes the shadow form that is stored beside a text, and turns what a person
//! typed into a tree whose leaves say by which rule each must be matched. Deliberately no dictionary, no
//! stemming and no guess of the language.

mod letters;
pub mod normalise;
mod offsets;
pub mod scripts;

pub use normalise::{Normalised, normalise, normalise_into};
pub use offsets::OffsetMap;
pub use scripts::{Script, has_unspaced};
