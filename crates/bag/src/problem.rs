//! What is wrong with a bag, one thing each, so that a check can go on and tell everything.
//!
//! Paths in here are stored paths; those of a hostile bag may hold anything, so show them escaped.

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BagProblem {
    /// The stored path it is about, from the top folder on, without it.
    pub path: String,
    /// What is wrong.
    pub kind: BagProblemKind,
}

/// What can be wrong with a bag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BagProblemKind {
    /// No header of an archive entry where there should be one; nothing after it was read.
    BrokenArchive,
    /// The archive ends early.
    Truncated,
    /// Something follows the end of the archive.
    TrailingBytes,
    /// A header or padding that says the same in another form than ours.
    HeaderForm,
    /// In another place than the order demands, or a second time.
    Order,
    /// A file that does not belong here.
    Unexpected,
    /// A file or line that should be there is not.
    Missing,
    /// A name that is not safe on every system, or not the one the rule gives.
    Name,
    /// A name that folds to that of an earlier sibling.
    NameClash,
    /// A text that is not in its one form.
    Form,
    /// A line of `names.jsonl` says something else than what is stored.
    NamesDiffer,
    /// The manifest says something else than what is stored.
    ManifestDiffers,
    /// The tag manifest says something else than what is stored.
    TagManifestDiffers,
    /// A count that is not what was counted.
    CountDiffers,
    /// `fetch.txt`: parts of the bag would lie elsewhere.
    Fetch,
    /// Larger than this check reads.
    TooLarge,
    /// It is listed but could not be read.
    Unreadable,
}

/// The problems found; the first thousand in words, the others counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// The first thousand.
    pub listed: Vec<BagProblem>,
    /// How many there are beyond them.
    pub more: u64,
}

const MOST: usize = 1000;

impl Problems {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    pub(crate) fn add(&mut self, path: &str, kind: BagProblemKind) {
        if self.listed.len() < MOST {
            self.listed.push(BagProblem { path: path.to_owned(), kind });
        } else {
            self.more += 1;
        }
    }
}
