//! Why a verb was not carried out. Each variant is something a person can act on; the words for it are in
//! `locales/`.

use std::path::PathBuf;

use model::EntryNumber;

/// What went wrong, with a stable code and a kind of exit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The gate was answered with yes: nothing was taken.
    #[error("the gate was answered with yes; nothing was taken")]
    GateYes {
        /// The content-free entry.
        entry: EntryNumber,
    },
    /// The gate was answered with unsure: a narrower selection is needed.
    #[error("the gate was answered with unsure; choose less")]
    GateUnsure {
        /// The content-free entry.
        entry: EntryNumber,
    },
    /// The folder is a copy that was not made the writing copy.
    #[error("this is a copy; it is open for reading only")]
    ReadOnlyCopy {
        /// Where the writing copy was last seen, if this installation knows.
        writing_copy: Option<String>,
    },
    /// The folder is older than what this installation has seen.
    #[error("this copy has {here} entries, {seen} were seen")]
    OlderThanSeen {
        /// Entries here.
        here: u64,
        /// Entries seen.
        seen: u64,
    },
    /// The folder has parted from what this installation has seen.
    #[error("this copy has parted from the one seen before")]
    Diverged,
    /// Nobody is installed on this account yet.
    #[error("there is no installation yet")]
    NoInstallation,
    /// A path given does not exist or cannot be read.
    #[error("cannot read {}", path.display())]
    PathUnreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The target of an act exists already.
    #[error("{} exists already", .0.display())]
    TargetExists(PathBuf),
    /// The target cannot be written.
    #[error("cannot write to {}", path.display())]
    TargetUnwritable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The medium filled up.
    #[error("the medium is full")]
    DiskFull,
    /// Nothing was selected, or everything of it was left out.
    #[error("there is nothing to secure")]
    NothingToSecure,
    /// What was read back from the medium is not what was written.
    #[error("the medium did not keep what was written")]
    ReadBackDiffers,
    /// No such capsule, item, entry or consent in this case.
    #[error("there is no {0} in this case")]
    Unknown(String),
    /// Several things have this name.
    #[error("there are several with the name {0}")]
    Several(String),
    /// The client did not agree that this is written down.
    #[error("the client did not agree that this is written down")]
    NotAgreed,
    /// The item was stopped.
    #[error("this item is stopped")]
    Stopped,
    /// The consent does not cover this hand-over.
    #[error("the consent does not cover this")]
    Consent(custody::ConsentRefusal),
    /// Nothing of what was chosen may be handed over.
    #[error("nothing may be handed over")]
    NothingToHandOver,
    /// The case is under a legal hold.
    #[error("the case is held")]
    OnHold,
    /// The copy on the target is not the case; nothing was removed here.
    #[error("the copy differs; nothing was removed")]
    CopyDiffers,
    /// What is checked is none of case, capsule, receipt, package.
    #[error("{} is neither a case, a capsule, a receipt nor a package", .0.display())]
    NotOurs(PathBuf),
    /// The worker that reads ended before it had read anything.
    #[error("the reading worker ended ({0})")]
    WorkerEnded(&'static str),
    /// The index holds what may not be shown any more.
    #[error("the index is out of date")]
    IndexOutdated,
    /// Several chats have that name or identifier; their numbers.
    #[error("several chats are called so")]
    SeveralChats(Vec<i64>),
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] index::IndexError),
    /// A worker could not be run.
    #[error(transparent)]
    Confine(#[from] confine::ConfineError),
    /// A form the person must correct.
    #[error("{0}")]
    BadInput(&'static str),
    /// The entries do not make a receipt.
    #[error(transparent)]
    Receipt(#[from] custody::ReceiptError),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// Keys or sealed bytes.
    #[error(transparent)]
    Seal(#[from] seal::SealError),
    /// A capsule could not be written.
    #[error(transparent)]
    CapsuleWrite(#[from] bag::CapsuleWriteError),
    /// A capsule could not be read.
    #[error(transparent)]
    CapsuleRead(#[from] bag::CapsuleReadError),
    /// A package could not be written.
    #[error(transparent)]
    HandOver(#[from] handover::HandOverError),
}
