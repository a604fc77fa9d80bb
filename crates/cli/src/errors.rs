//! What went wrong, as a person is told it: every error of the rooms becomes one trouble with the values its
//! words need.
//!
//! Values are paths the person gave, numbers and names of files inside a case; never content, never secrets.

use std::io;
use std::path::Path;

use bag::{CapsuleReadError, CapsuleWriteError};
use custody::ConsentRefusal;
use desk::{DeskError, IndexError};
use fluent_bundle::FluentValue;
use handover::HandOverError;
use seal::{SealError, SplitError};
use vault::{StoreError, VaultError};

use crate::exit::Exit;
use crate::shown::{shown, shown_path};
use crate::trouble::Trouble;
use crate::words::Words;

/// A failed run.
pub(crate) struct Failure {
    /// What is in the way.
    pub(crate) trouble: Trouble,
    values: Vec<(&'static str, Value)>,
    /// Whether the person was told already, on the terminal.
    pub(crate) telling: Telling,
}

/// Whether a failure still has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Nobody was told yet.
    Due,
    /// It was printed when it happened.
    Done,
}

enum Value {
    Text(String),
    /// The id of a message that says it.
    Word(&'static str),
}

/// A failure in words.
#[derive(serde::Serialize)]
pub(crate) struct Told {
    /// The stable code.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// What to do now.
    pub(crate) next: String,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, values: Vec::new(), telling: Telling::Due }
    }
}

impl Failure {
    /// With a value for the words; control characters are escaped here.
    pub(crate) fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.values.push((name, Value::Text(shown(&value.to_string()))));
        self
    }

    /// Something about a path.
    pub(crate) fn about(trouble: Trouble, path: &Path) -> Self {
        Self::from(trouble).with("path", path.to_string_lossy())
    }

    /// What the desk refused about a target; an error that does not know the path gets it here.
    pub(crate) fn of_target(error: DeskError, path: &Path) -> Self {
        match error {
            DeskError::Vault(VaultError::NotEmpty) => Self::about(Trouble::TargetExists, path),
            error => error.into(),
        }
    }

    /// Something the system refused about a path.
    pub(crate) fn of_system(trouble: Trouble, path: &Path, error: &io::Error) -> Self {
        if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            return Trouble::DiskFull.into();
        }
        Self::about(trouble, path).because(error.kind())
    }

    /// After the person was told on the terminal.
    pub(crate) fn told_already(self) -> Self {
        Self { telling: Telling::Done, ..self }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.trouble.exit()
    }

    /// In words.
    pub(crate) fn told(&self, words: &Words) -> Told {
        let values: Vec<(&str, FluentValue<'_>)> = self
            .values
            .iter()
            .map(|(name, value)| match value {
                Value::Text(text) => (*name, FluentValue::from(text.as_str())),
                Value::Word(id) => (*name, FluentValue::from(words.say(id))),
            })
            .collect();
        let code = self.trouble.code();
        let id = format!("error-{code}");
        Told { code, message: words.fill(&id, &values), next: words.fill(&format!("{id}.next"), &values) }
    }

    fn because(mut self, kind: io::ErrorKind) -> Self {
        self.values.push(("reason", Value::Word(reason(kind))));
        self
    }
}

/// The id of the words for what the system said.
fn reason(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "reason-not-found",
        io::ErrorKind::PermissionDenied => "reason-not-permitted",
        io::ErrorKind::ReadOnlyFilesystem => "reason-read-only",
        io::ErrorKind::AlreadyExists => "reason-exists",
        io::ErrorKind::NotADirectory => "reason-not-a-folder",
        io::ErrorKind::IsADirectory => "reason-a-folder",
        io::ErrorKind::InvalidData => "reason-no-text",
        io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => "reason-name",
        io::ErrorKind::FileTooLarge => "reason-too-large",
        _ => "reason-other",
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::GateYes { entry } => Self::from(Trouble::GateYes).with("entry", entry),
            DeskError::GateUnsure { entry } => Self::from(Trouble::GateUnsure).with("entry", entry),
            DeskError::ReadOnlyCopy { writing_copy } => Self::from(Trouble::ReadOnlyCopy)
                .with("place", writing_copy.unwrap_or_else(|| "?".to_owned())),
            DeskError::OlderThanSeen { here, seen } => {
                Self::from(Trouble::OlderThanSeen).with("here", here).with("seen", seen)
            }
            DeskError::Diverged => Trouble::Diverged.into(),
            DeskError::NoInstallation => Trouble::NoInstallation.into(),
            DeskError::PathUnreadable { path, source } => {
                Self::of_system(Trouble::PathUnreadable, &path, &source)
            }
            DeskError::TargetExists(path) => Self::about(Trouble::TargetExists, &path),
            DeskError::TargetUnwritable { path, source } => {
                Self::of_system(Trouble::TargetUnwritable, &path, &source)
            }
            DeskError::DiskFull => Trouble::DiskFull.into(),
            DeskError::NothingToSecure => Trouble::NothingToSecure.into(),
            DeskError::ReadBackDiffers => Trouble::ReadBackDiffers.into(),
            DeskError::Unknown(name) => Self::from(Trouble::Unknown).with("name", name),
            DeskError::Several(name) => Self::from(Trouble::Several).with("name", name),
            DeskError::NotAgreed => Trouble::NotAgreed.into(),
            DeskError::Stopped => Trouble::Stopped.into(),
            DeskError::Consent(refusal) => consent(refusal).into(),
            DeskError::NothingToHandOver => Trouble::NothingToHandOver.into(),
            DeskError::OnHold => Trouble::OnHold.into(),
            DeskError::CopyDiffers => Trouble::CopyDiffers.into(),
            DeskError::NotOurs(path) => Self::about(Trouble::NotOurs, &path),
            DeskError::BadInput(what) => input(what),
            DeskError::WorkerEnded(why) => Self::from(Trouble::WorkerEnded).with("why", why),
            DeskError::IndexOutdated => Trouble::IndexOutdated.into(),
            DeskError::SeveralChats(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                Self::from(Trouble::SeveralChats).with("numbers", numbers.join(", "))
            }
            DeskError::Index(error) => of_index(&error),
            DeskError::Confine(_) => Trouble::WorkerStart.into(),
            DeskError::Receipt(error) => Self::from(Trouble::ReceiptImpossible).with("what", error),
            DeskError::Vault(error) => error.into(),
            DeskError::Seal(error) => error.into(),
            DeskError::CapsuleWrite(error) => error.into(),
            DeskError::CapsuleRead(error) => error.into(),
            DeskError::HandOver(error) => error.into(),
            other => Self::from(Trouble::Fault).with("place", other),
        }
    }
}

/// What the index says.
fn of_index(error: &IndexError) -> Failure {
    match error {
        IndexError::Missing => Trouble::NoIndex.into(),
        IndexError::NoRecord => Trouble::RecordUnknown.into(),
        IndexError::Ambiguous { candidates } => {
            let ids: Vec<String> = candidates.iter().map(ToString::to_string).collect();
            Failure::from(Trouble::RecordAmbiguous).with("ids", ids.join(", "))
        }
        IndexError::Full => Trouble::DiskFull.into(),
        _ => Trouble::IndexDamaged.into(),
    }
}

/// What a form of the desk says is missing or wrong in it.
fn input(what: &'static str) -> Failure {
    match what {
        "alias-and-purpose" => Trouble::AliasAndPurpose.into(),
        "holder-kind" => Trouble::HolderKind.into(),
        "until-in-the-past" => Trouble::UntilInThePast.into(),
        "give-to" => Trouble::GiveTo.into(),
        "consent-incomplete" => Trouble::ConsentIncomplete.into(),
        "empty-note" => Trouble::EmptyNote.into(),
        "evidence-key-empty" => Trouble::EvidenceKeyEmpty.into(),
        "look-answer" => Trouble::LookAnswer.into(),
        "hold-reason" => Trouble::ReasonMissing.into(),
        other => Failure::from(Trouble::BadInput).with("what", other),
    }
}

fn consent(refusal: ConsentRefusal) -> Trouble {
    match refusal {
        ConsentRefusal::Unknown => Trouble::ConsentUnknown,
        ConsentRefusal::Withdrawn => Trouble::ConsentWithdrawn,
        ConsentRefusal::Expired => Trouble::ConsentExpired,
        ConsentRefusal::OtherRecipient => Trouble::ConsentOtherRecipient,
        ConsentRefusal::OtherPurpose => Trouble::ConsentOtherPurpose,
        ConsentRefusal::NotCovered => Trouble::ConsentNotCovered,
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Store(error) => error.into(),
            VaultError::Seal(error) => error.into(),
            VaultError::WrongKey => Trouble::WrongKey.into(),
            VaultError::NotACase => Trouble::NotACase.into(),
            VaultError::NotFinished => Trouble::NotFinished.into(),
            VaultError::NotEmpty => Self::from(Trouble::TargetExists).with("path", "?"),
            VaultError::Version => Trouble::Version.into(),
            VaultError::ReadOnly => Trouble::ReadOnly.into(),
            VaultError::CaseErased => Trouble::CaseErased.into(),
            VaultError::OriginMismatch => Trouble::OtherOrigin.into(),
            VaultError::Malformed { name } => Self::from(Trouble::Malformed).with("name", name),
            VaultError::NotSigned { name } => Self::from(Trouble::NotSigned).with("name", name),
            VaultError::LeavesMissing { .. }
            | VaultError::LeafMalformed { .. }
            | VaultError::LeavesChanged => Trouble::LogDamaged.into(),
            VaultError::EntryMissing { number }
            | VaultError::EntryDamaged { number }
            | VaultError::EntryExchanged { number } => {
                Self::from(Trouble::EntryDamaged).with("entry", number)
            }
            VaultError::KeyringMismatch { name } => Self::from(Trouble::KeyringMismatch).with("name", name),
            VaultError::NoSuchEntry { number } => Self::from(Trouble::NoSuchEntry).with("entry", number),
            VaultError::NoSuchHolder => Trouble::NoSuchHolder.into(),
            VaultError::HolderExists => Trouble::HolderExists.into(),
            VaultError::LastHolder => Trouble::LastHolder.into(),
            VaultError::ShareCount => Trouble::ShareCount.into(),
            VaultError::Shares(error) => error.into(),
            VaultError::Entry(custody::EntryError::TooLong | custody::EntryError::TooMany) => {
                Trouble::EntryTooLong.into()
            }
            VaultError::SignerNotIntroduced => Trouble::SignerNotIntroduced.into(),
            VaultError::OutcomeUnknown => Trouble::OutcomeUnknown.into(),
            VaultError::NotCarriedOut { number, source: _ } => {
                Self::from(Trouble::NotCarriedOut).with("entry", number)
            }
            VaultError::OnHold => Trouble::OnHold.into(),
            VaultError::NotErasable { number } => Self::from(Trouble::NotErasable).with("entry", number),
            VaultError::AlreadyErased => Trouble::AlreadyErased.into(),
            VaultError::NotABranch => Trouble::NotABranch.into(),
            VaultError::BranchTooLong => Trouble::BranchTooLong.into(),
            VaultError::OtherCase => Trouble::OtherCase.into(),
            VaultError::TargetNotOlder => Trouble::TargetNotOlder.into(),
            VaultError::ReadBackDiffers { .. } => Trouble::ReadBackDiffers.into(),
            other => Self::from(Trouble::Fault).with("place", other),
        }
    }
}

impl From<SplitError> for Failure {
    fn from(error: SplitError) -> Self {
        match error {
            SplitError::WordCount { found } => Self::from(Trouble::ShareWords).with("count", found),
            SplitError::UnknownWord { position } => Self::from(Trouble::ShareWord).with("position", position),
            SplitError::Check => Trouble::ShareCheck.into(),
            SplitError::SameShare | SplitError::DifferentSets { .. } => Trouble::Shares.into(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSpace { .. } => Trouble::DiskFull.into(),
            StoreError::FileTooLarge { name } => Self::from(Trouble::FileTooLarge).with("name", name),
            StoreError::NotPermitted { name } => Self::from(Trouble::NotPermitted).with("name", name),
            StoreError::Busy => Trouble::Busy.into(),
            StoreError::NotFound { name } => Self::from(Trouble::FileMissing).with("name", name),
            StoreError::OverLimit { name, .. } => Self::from(Trouble::OverLimit).with("name", name),
            StoreError::Medium { name, kind } => {
                Self::from(Trouble::MediumFailed).with("name", name).because(kind)
            }
            other @ StoreError::BadName => Self::from(Trouble::Fault).with("place", other),
        }
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        match error {
            SealError::WrongKey => Trouble::WrongKey.into(),
            SealError::Truncated => Trouble::Truncated.into(),
            SealError::Damaged { offset_bytes } => {
                Self::from(Trouble::SealedDamaged).with("offset", offset_bytes)
            }
            SealError::NotAge | SealError::HeaderDamaged | SealError::HeaderTooLarge => {
                Trouble::HeaderDamaged.into()
            }
            SealError::UnsupportedVersion => Trouble::Version.into(),
            SealError::WorkFactorTooHigh { log2_n } => Self::from(Trouble::WorkFactor).with("factor", log2_n),
            SealError::IncompatibleRecipients => Trouble::KeyUnsuitable.into(),
            SealError::PluginMissing { name } => Self::from(Trouble::PluginMissing).with("name", name),
            SealError::PluginFailed { name } => Self::from(Trouble::PluginFailed).with("name", name),
            SealError::IdentityFileLine { line } => Self::from(Trouble::IdentityFileLine).with("line", line),
            SealError::NotAnIdentity | SealError::NoIdentities => {
                Self::from(Trouble::IdentityFileLine).with("line", 1)
            }
            SealError::TooLarge { .. } => Self::from(Trouble::OverLimit).with("name", "?"),
            SealError::Io(error) => of_io(&error),
            other => Self::from(Trouble::Fault).with("place", other),
        }
    }
}

impl From<CapsuleReadError> for Failure {
    fn from(error: CapsuleReadError) -> Self {
        match error {
            CapsuleReadError::Io(error) => SealError::from(error).into(),
            _ => Trouble::CapsuleDamaged.into(),
        }
    }
}

impl From<CapsuleWriteError> for Failure {
    fn from(error: CapsuleWriteError) -> Self {
        match error {
            CapsuleWriteError::Output(error) | CapsuleWriteError::Spool(error) => {
                SealError::from(error).into()
            }
            CapsuleWriteError::TooLarge => Self::from(Trouble::FileTooLarge).with("name", "capsule"),
            other @ CapsuleWriteError::Form(_) => Self::from(Trouble::Fault).with("place", other),
        }
    }
}

impl From<HandOverError> for Failure {
    fn from(error: HandOverError) -> Self {
        match error {
            HandOverError::Write(error) => of_io(&error),
            HandOverError::Item { source, .. } => SealError::from(source).into(),
            HandOverError::ItemDiffers { capsule, leaf } => {
                Self::from(Trouble::ItemDiffers).with("item", format!("{capsule}:{leaf}"))
            }
            other @ HandOverError::NoProof(_) => Self::from(Trouble::Fault).with("place", other),
        }
    }
}

fn of_io(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Trouble::DiskFull.into(),
        kind => Failure::from(Trouble::MediumFailed).with("name", "?").because(kind),
    }
}

/// What is to be read must be there; asked before any key, so that nobody types a passphrase in vain.
pub(crate) fn existing(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::of_system(Trouble::PathUnreadable, path, &error)),
    }
}

/// The target of an act must not exist; asked before any key, too.
pub(crate) fn vacant(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Err(Failure::from(Trouble::TargetExists).with("path", shown_path(path))),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_reason_has_words() {
        use io::ErrorKind as Kind;
        let kinds = [
            Kind::NotFound,
            Kind::PermissionDenied,
            Kind::ReadOnlyFilesystem,
            Kind::AlreadyExists,
            Kind::NotADirectory,
            Kind::IsADirectory,
            Kind::InvalidData,
            Kind::InvalidInput,
            Kind::FileTooLarge,
            Kind::BrokenPipe,
        ];
        for language in Language::ALL {
            let words = Words::new(language);
            for kind in kinds {
                assert!(words.has(reason(kind)), "{kind:?}");
            }
        }
    }

    #[test]
    fn values_stand_in_the_words_and_tricks_in_names_do_not() {
        let words = Words::new(Language::English);
        let error = io::Error::from(io::ErrorKind::NotFound);
        let path = Path::new("a\u{202e}b\nc");
        let told = Failure::of_system(Trouble::PathUnreadable, path, &error).told(&words);
        assert_eq!(told.code, "path-unreadable");
        assert!(told.message.contains("a\\u{202e}b\\nc"), "{}", told.message);
        assert!(!told.message.contains("{$"), "{}", told.message);
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(Failure::of_system(Trouble::TargetUnwritable, path, &full).exit(), Exit::Medium);
    }

    #[test]
    fn every_message_gets_every_value_it_asks_for() {
        let entry = model::EntryNumber(4);
        let io = |kind: io::ErrorKind| io::Error::from(kind);
        let failures: Vec<Failure> = vec![
            DeskError::GateYes { entry }.into(),
            DeskError::GateUnsure { entry }.into(),
            DeskError::ReadOnlyCopy { writing_copy: None }.into(),
            DeskError::OlderThanSeen { here: 1, seen: 2 }.into(),
            DeskError::TargetExists("x".into()).into(),
            DeskError::TargetUnwritable { path: "x".into(), source: io(io::ErrorKind::PermissionDenied) }
                .into(),
            DeskError::Unknown("17:3".into()).into(),
            DeskError::NotOurs("x".into()).into(),
            DeskError::SeveralChats(vec![1, 2]).into(),
            DeskError::BadInput("x").into(),
            VaultError::Malformed { name: "x".into() }.into(),
            VaultError::NotSigned { name: "x".into() }.into(),
            VaultError::EntryMissing { number: entry }.into(),
            VaultError::KeyringMismatch { name: "x".into() }.into(),
            VaultError::NoSuchEntry { number: entry }.into(),
            VaultError::NotErasable { number: entry }.into(),
            VaultError::NotCarriedOut { number: entry, source: StoreError::Busy }.into(),
            StoreError::FileTooLarge { name: "x".into() }.into(),
            StoreError::NotPermitted { name: "x".into() }.into(),
            StoreError::NotFound { name: "x".into() }.into(),
            StoreError::OverLimit { name: "x".into(), limit_bytes: 1 }.into(),
            StoreError::Medium { name: "x".into(), kind: io::ErrorKind::Other }.into(),
            SealError::Damaged { offset_bytes: 1 }.into(),
            SealError::WorkFactorTooHigh { log2_n: 30 }.into(),
            SealError::PluginMissing { name: "x".into() }.into(),
            SealError::PluginFailed { name: "x".into() }.into(),
            SealError::IdentityFileLine { line: 2 }.into(),
            SealError::Io(io(io::ErrorKind::BrokenPipe)).into(),
            SealError::Random.into(),
            HandOverError::ItemDiffers { capsule: entry, leaf: 1 }.into(),
        ];
        for language in Language::ALL {
            let words = Words::new(language);
            for failure in &failures {
                let told = failure.told(&words);
                for text in [&told.message, &told.next] {
                    assert!(!text.contains("{$") && !text.is_empty(), "{}: {text}", told.code);
                }
            }
        }
    }
}
