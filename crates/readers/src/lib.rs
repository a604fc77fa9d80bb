//! Readers: everything a client can bring becomes one honest stream of records.
//!
//! One file in `formats/` reads one format and is named in one list. A reader gets a tree of files and
//! gives records, problems and a reckoning; it opens no files of the system, no keys of the case and no
//! sockets, and runs in a confined process. It deliberately does not judge, merge or order what it reads.

mod boxes;
mod browsers;
mod charset;
mod database;
mod elements;
mod elementwise;
mod format;
mod formats;
mod html;
mod json;
mod links;
mod lists;
mod media;
mod messengers;
mod meta;
mod opaque;
mod original;
mod part;
mod parts;
mod session;
mod signal;
mod sink;
mod tables;
mod tags;
mod tally;
mod telegram;
mod telephony;
mod troubles;
mod typedstream;
mod viber;
mod whatsapp;
mod window;
mod worded_date;

use source::{lines, property_list, wire};

pub use format::{About, Certainty, Claim, Format, Input, Options};
pub use formats::FORMATS;
pub use original::original;
pub use session::{Reading, Unit, plan, plan_watched, read_unit};
pub use sink::{Flow, Kept, Sink};

/// Real sample data for tests, if they lie beside the repository; never committed.
#[cfg(test)]
mod shared_data {
    /// A file of the shared test data of messages; none, and said so, if it is not there.
    #[expect(clippy::print_stderr, reason = "a test says that it was skipped")]
    pub(crate) fn real(path: &str) -> Option<Vec<u8>> {
        let shared = std::env::var("ASSERVAT_SHARED")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
        let path = format!("{shared}/data/messages/{path}");
        let bytes = std::fs::read(&path).ok();
        if bytes.is_none() {
            eprintln!("skipped: {path} is not there");
        }
        bytes
    }
}
