//! What the readers of WhatsApp's databases share, on Android and on iOS.
//!
//! Rows are asked by the names of their columns here; the databases of systems are read with `tables`.
//! Deliberately knows no table: what a column means stands with the reader of that database.

pub(crate) mod beside;
pub(crate) mod card;
pub(crate) mod gaps;
pub(crate) mod jid;
pub(crate) mod media;
pub(crate) mod named;
pub(crate) mod tables;

pub(crate) use named::{apple, everything};

/// The service's name in records.
pub(crate) const APP: &str = "whatsapp";
