//! What the program and its reading worker say to each other, as postcard bytes.
//!
//! Both are the same program, so the form has no version. What comes from the worker is not trusted beyond
//! its form: numbers are looked up, never used as places in memory.

use model::record::{Counted, FileNumber, Problem, Record};
use model::{Digest, FileTime, ReadLimits};
use readers::Options;
use serde::{Deserialize, Serialize};

/// What the worker is to read.
#[derive(Serialize, Deserialize)]
pub(super) struct Job {
    /// The files of the capsule; the number of a content is its place here.
    pub(super) files: Vec<JobFile>,
    /// The evidence's own passwords.
    pub(super) keys: Vec<String>,
    /// What may be spent.
    pub(super) limits: ReadLimits,
    /// What a person told in advance.
    pub(super) options: Options,
    /// Files that ended a worker when they were looked at: they stay closed.
    pub(super) closed: Vec<u32>,
    /// The first unit of the plan that is still to be read.
    pub(super) from_unit: u64,
    /// What to do with it.
    pub(super) task: Task,
}

/// What is wanted.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Task {
    /// Everything as records.
    Read,
    /// The original bytes of one place in the file these steps lead to.
    Original {
        /// The paths that lead there, outermost first.
        steps: Vec<String>,
        /// The place.
        place: model::record::Place,
        /// At most so many bytes.
        most_bytes: u64,
    },
}

/// A file of the capsule.
#[derive(Serialize, Deserialize)]
pub(super) struct JobFile {
    /// Its leaf.
    pub(super) leaf: u64,
    /// Its original path.
    pub(super) path: String,
    /// Its size in bytes.
    pub(super) size_bytes: u64,
    /// When it was last modified.
    pub(super) modified: FileTime,
    /// SHA-256 of its bytes.
    pub(super) sha256: Digest,
}

/// What the worker says.
#[derive(Serialize, Deserialize)]
pub(super) enum Word {
    /// A file is about to be looked at: opened, if it is a container; shown to the readers.
    Opening(FileNumber),
    /// A file of the tree.
    File(TreeFile),
    /// The tree is whole; so many units follow.
    Planned {
        /// Units of the plan, those read before included.
        units: u64,
    },
    /// A unit begins.
    Unit {
        /// Its number in the plan.
        number: u64,
        /// Its file.
        file: FileNumber,
    },
    /// A record.
    Record(Record),
    /// Something that could not be read.
    Problem(Problem),
    /// A reckoning.
    Counted(Counted),
    /// The original bytes that were asked for.
    Original(Option<Vec<u8>>),
}

/// A file of the tree as the worker names it.
#[derive(Serialize, Deserialize)]
pub(super) struct TreeFile {
    /// Its number.
    pub(super) number: FileNumber,
    /// The leaf of the capsule it lies in.
    pub(super) leaf: u64,
    /// The paths that lead to it, outermost first.
    pub(super) steps: Vec<String>,
    /// Its size in bytes.
    pub(super) size_bytes: u64,
    /// What reads it, and that reader's version; none if it is read with another file, or shown by what is
    /// in it.
    pub(super) reader: Option<(String, u32)>,
}
