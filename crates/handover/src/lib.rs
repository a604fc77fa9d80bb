//! What leaves: packages with only what consent covers, and the words beside them.
//!
//! Layout: `docs/format.md`, section 7. This room gets chosen items and writes a package into a sink; it
//! opens no case, decides no consent (the desk has asked `custody` before) and reads no clock.

mod package;
mod words;

pub use package::{
    ChosenItem, HandOverError, PackageParts, PackageSink, ShownEntry, Withheld, WithheldKind, Written,
    write_package,
};
