//! The seeds of the fuzz targets, replayed: as they are, cut short, and with flipped bits.

#[path = "../../../../fuzz/src/replay.rs"]
mod corpora;
