//! What the program and its worker say to each other, as postcard bytes.
//!
//! Both are the same program, so the form has no version. What comes from the worker is not trusted beyond
//! its form: numbers are looked up, never used as places in memory.

use model::record::{Counted, FileNumber, Problem, Record};
use model::{Digest, FileTime, ReadLimits};
use readers::Options;
use serde::{Deserialize, Serialize};

/// What the worker is to read.
#[derive(Serialize, Deserialize)]
pub(crate) struct Job {
    /// The files of the capsule; the number of a content is its place here.
    pub(crate) files: Vec<JobFile>,
    /// The evidence's own passwords.
    pub(crate) keys: Vec<String>,
    /// What may be spent.
    pub(crate) limits: ReadLimits,
    /// What a person told in advance.
    pub(crate) options: Options,
    /// Files that ended a worker when they were looked at: they stay closed.
    pub(crate) closed: Vec<u32>,
    /// The first unit of the plan that is still to be read.
    pub(crate) from_unit: u64,
    /// What to do with it.
    pub(crate) task: Task,
}

/// What is wanted.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Everything as records.
    Read,
    /// The original bytes of places.
    Original {
        /// The places.
        wanted: Vec<Wanted>,
        /// At most so many bytes of each.
        most_bytes: u64,
        /// Which files are opened as containers on the way.
        looks: Looks,
    },
    /// Everything as facts about a device.
    Check {
        /// Files of indicators that a person added: name and bytes.
        lists: Vec<(String, Vec<u8>)>,
    },
}

/// A place whose original bytes are wanted.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The paths that lead to the file, outermost first.
    pub(crate) steps: Vec<String>,
    /// The place in it.
    pub(crate) place: model::record::Place,
}

/// Which files are opened as containers.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Looks {
    /// Every file.
    AtAll,
    /// Those that lead to what checks read.
    AtWhatChecksRead,
}

/// A file of the capsule.
#[derive(Serialize, Deserialize)]
pub(crate) struct JobFile {
    /// Its leaf.
    pub(crate) leaf: u64,
    /// Its original path.
    pub(crate) path: String,
    /// Its size in bytes.
    pub(crate) size_bytes: u64,
    /// When it was last modified.
    pub(crate) modified: FileTime,
    /// SHA-256 of its bytes, if it is known.
    pub(crate) sha256: Option<Digest>,
}

/// What the worker says.
#[derive(Serialize, Deserialize)]
pub(crate) enum Word {
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
    /// The original bytes of the next place that was asked for.
    Original(Option<Vec<u8>>),
    /// The tree is whole and has so many files; they are not named one by one.
    Tree {
        /// Files.
        files: u32,
    },
    /// A file is about to be checked.
    Checked(CheckedFile),
    /// A fact about a device.
    Fact(Box<check::Fact>),
    /// A list that a person added was read.
    List(ListRead),
}

/// A file that is checked.
#[derive(Serialize, Deserialize)]
pub(crate) struct CheckedFile {
    /// Its number.
    pub(crate) number: FileNumber,
    /// The paths that lead to it, outermost first.
    pub(crate) steps: Vec<String>,
    /// The check.
    pub(crate) check: String,
}

/// What came of a list that a person added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListRead {
    /// Its place among those given.
    pub(crate) number: u32,
    /// Indicators in it.
    pub(crate) indicators: u64,
    /// Entries that were not understood.
    pub(crate) problems: u64,
}

/// A file of the tree as the worker names it.
#[derive(Serialize, Deserialize)]
pub(crate) struct TreeFile {
    /// Its number.
    pub(crate) number: FileNumber,
    /// The leaf of the capsule it lies in.
    pub(crate) leaf: u64,
    /// The paths that lead to it, outermost first.
    pub(crate) steps: Vec<String>,
    /// Its size in bytes.
    pub(crate) size_bytes: u64,
    /// What reads it, and that reader's version; none if it is read with another file, or shown by what is
    /// in it.
    pub(crate) reader: Option<(String, u32)>,
}
