//! Containers: files that hold files. One file each, named in one list.
//!
//! To add one: write the file with a unit struct that implements [`Container`], and name it in
//! [`CONTAINERS`]. A container is opened lazily: it lists what it holds and says how to get at the bytes, and
//! unpacks nothing before somebody reads.

mod age;
mod android_backup;
mod bytes;
mod eml;
mod gzip;
mod ios_backup;
mod mbox;
mod msg;
mod same_names;
mod signal_backup;
mod signal_snapshot;
mod tar;
mod unavailable;
mod whatsapp_crypt;
mod zip;

use std::sync::Arc;

use model::ReadLimits;
use model::record::{FileNumber, Place, Problem, ProblemKind};

use crate::tree::{Candidate, Child, Keys, Spools, Tree};

/// Every container format, in the order in which they are asked.
pub static CONTAINERS: &[&dyn Container] = &[
    &zip::Zip,
    &age::Age,
    &whatsapp_crypt::WhatsappCrypt,
    &ios_backup::IosBackup,
    &android_backup::AndroidBackup,
    &signal_backup::SignalBackup,
    &signal_snapshot::SignalSnapshot,
    &gzip::Gzip,
    &tar::Tar,
    &mbox::Mbox,
    &eml::Eml,
    &msg::Msg,
];

/// A format of files that hold files.
pub trait Container: Sync {
    /// Its name; stable.
    fn name(&self) -> &'static str;

    /// Whether this file is one. Cheap: names and first bytes.
    fn recognise(&self, candidate: &Candidate<'_>) -> bool;

    /// When a file of this name is looked at.
    fn turn(&self, _name: &str) -> Turn {
        Turn::InOrder
    }

    /// What is in it. Never fails whole: what cannot be listed is a problem.
    fn open(&self, opening: &Opening<'_>) -> Opened;
}

/// When a file is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// Before the files beside it, because it takes them.
    First,
    /// In the order of the tree.
    #[default]
    InOrder,
    /// When there is nothing else, because its key may lie in any other container.
    Last,
}

/// A container that is being opened.
pub struct Opening<'o> {
    /// The tree as far as it has grown.
    pub tree: &'o Tree,
    /// The container's file.
    pub file: FileNumber,
    /// The passwords that were given.
    pub keys: &'o Keys,
    /// What may be spent.
    pub limits: &'o ReadLimits,
    /// Where unpacked bytes go.
    pub spools: &'o Arc<dyn Spools>,
    /// How many more files may come into the tree.
    pub entries_left: usize,
}

/// A container that was opened.
#[derive(Default)]
pub struct Opened {
    /// What is in it, in any order; of two with one path the first stays first.
    pub children: Vec<Child>,
    /// Files that are a part of this container: volumes, hashed files of a backup.
    pub takes: Vec<FileNumber>,
    /// What could not be opened.
    pub problems: Vec<Problem>,
}

impl Opening<'_> {
    /// A problem with the container as a whole.
    pub fn problem(&self, kind: ProblemKind, expected: &str) -> Problem {
        Problem {
            file: self.file,
            place: Place::Whole,
            kind,
            expected: expected.to_owned(),
            kept: String::new(),
            units: 1,
        }
    }

    /// Opened, with nothing in it but this problem.
    pub fn failed(&self, kind: ProblemKind, expected: &str) -> Opened {
        Opened { problems: vec![self.problem(kind, expected)], ..Opened::default() }
    }
}
