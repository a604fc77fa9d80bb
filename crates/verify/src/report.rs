//! What a check says: facts it established, problems it found, and where.

use model::{Digest, Timestamp};

/// The outcome of one check. No problems means: nothing differs from what was signed. It says nothing
/// about truth.
#[derive(Debug, Default, serde::Serialize)]
pub struct Report {
    /// What was established, in the order of checking.
    pub facts: Vec<Fact>,
    /// What differs, in the order of checking.
    pub problems: Vec<Problem>,
}

/// Something that was established.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// The checkpoint carries a valid signature of this key. Compare the fingerprint with the paper.
    SignedBy {
        /// SHA-256 of the public key.
        fingerprint: Digest,
    },
    /// The log has this many entries and the signed root.
    LogComplete {
        /// Number of entries.
        entries: u64,
    },
    /// So many bodies were opened and fit their places.
    EntriesRead {
        /// Bodies that fit.
        entries: u64,
        /// Bodies that were erased and say so.
        erased: u64,
    },
    /// A capsule's bytes have the SHA-256 its entry (or its name, without a key) says.
    CapsuleUnchanged {
        /// File name.
        name: String,
        /// SHA-256 of the sealed file.
        sha256: Digest,
        /// Whether it was also opened and every file in it compared.
        opened: Opening,
    },
    /// No key was given: bodies and capsules were compared from outside only.
    WithoutKey,
    /// The clock of the installation that wrote the receipt or package said this.
    OwnClock {
        /// The time claimed.
        at: Timestamp,
    },
    /// A receipt is whole and signed.
    ReceiptWhole {
        /// Number of capsules it speaks of.
        capsules: u64,
    },
    /// The case goes on from the receipt's state without a break.
    LogContinues {
        /// Size in the receipt.
        from: u64,
        /// Size now.
        to: u64,
    },
    /// Every file of a package is listed, signed and unchanged.
    PackageWhole {
        /// Files in the signed list.
        files: u64,
        /// Items proved against the log.
        items: u64,
    },
    /// An act was under way when the program last stopped; it was not acknowledged and does not count.
    UnfinishedAct {
        /// The entry number it would have had.
        entry: u64,
    },
    /// The case was erased; only the trace of that remains.
    CaseErased,
}

/// How deep a capsule was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// From outside: the sealed bytes only.
    Sealed,
    /// Opened: every file compared.
    Opened,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where: a path in the case or package, with `:offset` or `:line` where known.
    pub place: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A file that must be there is not.
    Missing,
    /// A file or folder that does not belong here.
    Unexpected,
    /// A file could not be read from the medium.
    Unreadable,
    /// Bytes that are not in the one form the format allows.
    Malformed,
    /// The bytes differ from what was committed to.
    Changed,
    /// The signature does not fit, or no known key signed.
    Signature,
    /// It belongs to another case.
    OtherCase,
    /// The log has fewer entries than were signed.
    LogTruncated,
    /// The log's entries are not those that were signed.
    LogAltered,
    /// An entry's body is not the one its place in the log commits to.
    EntryAltered,
    /// Sealed bytes do not open with the key given.
    DoesNotOpen,
    /// Sealed bytes end too early.
    Truncated,
    /// Something inside of a capsule's bag is not as listed.
    BagDamaged,
    /// The file tree of a capsule is not the one its entry commits to.
    TreeDiffers,
    /// A joined branch does not fit the log.
    Branch,
    /// A proof does not lead to the signed root.
    Proof,
    /// The log is older than, or has parted from, what the receipt saw.
    RolledBack,
}

impl Report {
    /// Whether nothing differs.
    pub fn unchanged(&self) -> bool {
        self.problems.is_empty()
    }

    pub(crate) fn problem(&mut self, kind: ProblemKind, place: impl Into<String>) {
        self.problems.push(Problem { kind, place: place.into() });
    }

    pub(crate) fn fact(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Takes over facts and problems of a part, with its places put below `prefix`.
    pub(crate) fn absorb(&mut self, part: Report, prefix: &str) {
        self.facts.extend(part.facts);
        self.problems.extend(part.problems.into_iter().map(|p| Problem {
            kind: p.kind,
            place: if prefix.is_empty() { p.place } else { format!("{prefix}/{}", p.place) },
        }));
    }
}
