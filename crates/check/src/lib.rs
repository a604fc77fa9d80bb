//! Device check: is somebody watching through this phone?
//!
//! Three steps, each with its own place. `checks/` turns artefacts of a device into facts, one file an
//! artefact, in a confined worker. `indicators/` says which of them are known from open lists. `judge` holds
//! the facts against the rules in `rules/check/` and gives one answer: found, not found, could not be
//! checked. It deliberately changes no device, opens no files, and gives no verdict on a person or a phone.

mod address_tables;
mod android_text;
mod apk;
mod artefact;
mod capture;
mod checks;
mod database;
mod der;
mod dumpsys;
mod facts;
mod gather;
pub mod indicators;
mod ios_paths;
pub mod judge;
pub mod links;
mod lists;
mod loose_json;
mod profile;
mod question;
mod rows;
pub mod rules;
pub mod safety;
mod sysdiagnose;
pub mod told;

pub use artefact::{About, Check, FactSink, Flow, Input, Kept, Platform, Trace, TraceKind};
pub use checks::CHECKS;
pub use facts::*;
pub use gather::{Gathering, gather, is_wanted};
pub use question::Question;
