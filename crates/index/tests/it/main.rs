//! The index from outside: building, reading, searching, adding, breaking.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod around;
mod build;
mod damage;
mod given;
mod insights;
mod order;
mod people;
mod search;
mod twins;
