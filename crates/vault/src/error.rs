//! What can go wrong with a case, told apart by what the person has to do next.
//!
//! Deliberately free of content: names of files inside the case and numbers of entries, nothing else.

use model::EntryNumber;

use crate::store::StoreError;

/// An error of a case or an installation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The store could not do it; its own variants say what helps.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Sealing or opening failed; a wrong key is [`VaultError::WrongKey`].
    #[error(transparent)]
    Seal(seal::SealError),
    /// No key that was given opens it. Next: another passphrase or key.
    #[error("none of the keys given opens this")]
    WrongKey,
    /// Nothing here is a case or an installation. Next: another folder.
    #[error("there is no case here")]
    NotACase,
    /// Creating was interrupted before the case came into being. Next: create it again in the same place.
    #[error("creating this case was never finished")]
    NotFinished,
    /// There is something here already that must not be overwritten. Next: another folder.
    #[error("the place is not empty")]
    NotEmpty,
    /// Made by a later program. Next: update the program.
    #[error("made by a later version of the program")]
    Version,
    /// Opened for reading only. Next: open it for writing.
    #[error("opened for reading only")]
    ReadOnly,
    /// The case was erased; nothing can be added.
    #[error("the case was erased")]
    CaseErased,

    /// `case.json` is not what it was: the log belongs to another case or the file was changed.
    #[error("case.json and the log do not belong together")]
    OriginMismatch,
    /// A file is not in the form it must have.
    #[error("{name} does not have the form it must have")]
    Malformed {
        /// The file.
        name: String,
    },
    /// The signature on a file is missing, wrong, or by a key that the case does not know.
    #[error("{name} is not signed by a key of this case")]
    NotSigned {
        /// The file.
        name: String,
    },
    /// `log/leaves` is shorter than the signed head says.
    #[error("log/leaves has {lines} whole lines of {size}")]
    LeavesMissing {
        /// Lines that are there.
        lines: u64,
        /// Lines that should be there.
        size: u64,
    },
    /// A line of `log/leaves` is no leaf hash.
    #[error("line {line} of log/leaves is not a hash")]
    LeafMalformed {
        /// The line, from 0, which is also the number of the entry.
        line: u64,
    },
    /// The lines of `log/leaves` do not give the signed tree hash: one was changed, moved or doubled.
    #[error("log/leaves does not give the signed tree hash")]
    LeavesChanged,
    /// The body of an entry is missing though it was not erased.
    #[error("the body of entry {number} is missing")]
    EntryMissing {
        /// The entry.
        number: EntryNumber,
    },
    /// The body of an entry does not open as what was sealed, or is no entry.
    #[error("the body of entry {number} is damaged")]
    EntryDamaged {
        /// The entry.
        number: EntryNumber,
    },
    /// The body of an entry is that of another one, or was exchanged.
    #[error("the body of entry {number} is not the one the log commits to")]
    EntryExchanged {
        /// The entry.
        number: EntryNumber,
    },
    /// The keyring of a holder is damaged, or belongs to another holder or case.
    #[error("{name} is not the keyring it should be")]
    KeyringMismatch {
        /// The file.
        name: String,
    },
    /// There is no entry of this number.
    #[error("there is no entry {number}")]
    NoSuchEntry {
        /// The number.
        number: EntryNumber,
    },

    /// There is no holder of that name.
    #[error("there is no such holder")]
    NoSuchHolder,
    /// A holder of that name is there already.
    #[error("a holder of that name is there already")]
    HolderExists,
    /// A case needs at least one holder beside the recovery split.
    #[error("the last holder cannot be removed")]
    LastHolder,
    /// The number of shares of a recovery split is not between 2 and 255.
    #[error("a recovery split needs 2 to 255 shares")]
    ShareCount,
    /// The two shares do not belong together or to this case.
    #[error("the shares do not belong together")]
    Shares(seal::SplitError),

    /// The fields of an entry are not those of its kind.
    #[error(transparent)]
    Kind(#[from] custody::kinds::KindError),
    /// The entry is too large, or the log has as many entries as a log may have.
    #[error(transparent)]
    Entry(#[from] custody::EntryError),
    /// The signing key was never introduced to this case. Next: an entry `key.introduced`.
    #[error("the signing key was not introduced to this case")]
    SignerNotIntroduced,
    /// An act names a file that no act may put or remove.
    #[error("an act may not change this file")]
    NotForActs,
    /// The last act may or may not have been acknowledged. Next: open the case again and look at its last
    /// entry.
    #[error("it is not known whether the last act was written")]
    OutcomeUnknown,
    /// The act is in the log, but its files could not all be put or removed yet; opening the case tries
    /// again.
    #[error("entry {number} is written, but not yet carried out")]
    NotCarriedOut {
        /// The entry.
        number: EntryNumber,
        /// What stopped it.
        source: StoreError,
    },

    /// A legal hold is on: nothing may be erased.
    #[error("a hold is on")]
    OnHold,
    /// The body of this entry is needed for the state of the case.
    #[error("entry {number} cannot be erased")]
    NotErasable {
        /// The entry.
        number: EntryNumber,
    },
    /// It was erased before.
    #[error("it was erased already")]
    AlreadyErased,

    /// The two logs are the same or one continues the other: there is nothing to join.
    #[error("the other log is no branch of this one")]
    NotABranch,
    /// The branch is too long for one entry.
    #[error("the branch has too many entries to be joined at once")]
    BranchTooLong,
    /// The two folders are different cases.
    #[error("this is another case")]
    OtherCase,
    /// The target holds entries that the source does not have; copying would lose them.
    #[error("the target holds entries that are missing in the source")]
    TargetNotOlder,
    /// What was read back from the target is not what was written. Next: another medium.
    #[error("{name} could not be read back unchanged")]
    ReadBackDiffers {
        /// The file.
        name: String,
    },
}

impl From<seal::SealError> for VaultError {
    fn from(error: seal::SealError) -> Self {
        match error {
            seal::SealError::WrongKey => Self::WrongKey,
            other => Self::Seal(other),
        }
    }
}
