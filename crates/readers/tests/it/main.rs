//! The readers on their fixtures: a case is a folder, the loop finds it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod documents;
mod fixtures;
mod honesty;
mod reading;
mod real_whatsapp_android;
mod real_whatsapp_ios;
