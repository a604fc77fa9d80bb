//! A run at work: words, manner, installation, clock; and the few ways in which commands open things.

use std::io::Write;
use std::path::{Path, PathBuf};

use desk::{Access, Desk, DeskError, Installation, OpenCase, Subject, Unlock, WorkFactor};

use crate::arguments::{CaseKey, SigningKey};
use crate::clock::SystemClock;
use crate::errors::Failure;
use crate::progress::{Bar, Showing};
use crate::secrets::{Novelty, Secret};
use crate::trouble::Trouble;
use crate::words::{Words, say};

/// In which manner a run speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// To a person.
    Spoken,
    /// To a person who wants no hints and no progress.
    Quiet,
    /// To a program: one JSON object.
    Json,
}

/// One run.
pub(crate) struct Work<'w> {
    /// The words.
    pub(crate) words: &'w Words,
    /// The manner.
    pub(crate) manner: Manner,
    /// Hears of progress.
    pub(crate) bar: Bar<'w>,
    /// The own clock.
    pub(crate) clock: SystemClock,
    home: Option<PathBuf>,
}

/// Whether a missing installation is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Install {
    /// Yes, with its own passphrase.
    IfMissing,
    /// No: it is an error.
    No,
}

/// What a command wants with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// An act that needs the writing copy.
    Act,
    /// To look; in the writing copy that leaves an entry, in any other copy it cannot.
    Look,
    /// To look without leaving an entry and without the lock.
    List,
}

impl<'w> Work<'w> {
    /// A run in a manner.
    pub(crate) fn new(words: &'w Words, manner: Manner, home: Option<PathBuf>, showing: Showing) -> Self {
        Self { words, manner, bar: Bar::new(words, showing), clock: SystemClock, home }
    }

    /// Says something on the side, to people only.
    pub(crate) fn hint(&self, text: &str) {
        if self.manner == Manner::Spoken {
            warn(text);
        }
    }

    /// The folder of the installation.
    pub(crate) fn home(&self) -> Result<&Path, Failure> {
        self.home.as_deref().ok_or(Trouble::NoHome.into())
    }

    /// Opens the installation, or makes it.
    pub(crate) fn desk(&self, signing: &SigningKey, install: Install) -> Result<Desk<'_>, Failure> {
        let home = self.home()?;
        let installation = if desk::is_installed(home) {
            let secret = Secret::get(self, &signing.origin(), "ask-signing-key", Novelty::Known)?;
            desk::open_installation(home, &secret.open_with())?
        } else if install == Install::IfMissing {
            self.install(home, signing)?
        } else {
            return Err(Trouble::NoInstallation.into());
        };
        Ok(Desk { installation, clock: &self.clock, progress: &self.bar })
    }

    fn install(&self, home: &Path, signing: &SigningKey) -> Result<Installation, Failure> {
        self.hint(&self.words.say("installation-needed"));
        let secret = Secret::get(self, &signing.origin(), "ask-signing-key-new", Novelty::New)?;
        let installation = desk::install(home, &secret.into_key()?, WorkFactor::DEFAULT)?;
        let fingerprint = installation.signer().vkey().fingerprint().grouped();
        self.hint(&say!(self.words, "installation-made", fingerprint = fingerprint));
        Ok(installation)
    }

    /// Opens a case. The folder is looked at before any key is asked for.
    pub(crate) fn open(
        &self,
        folder: &Path,
        want: Want,
        signing: &SigningKey,
        key: Option<&CaseKey>,
    ) -> Result<(Desk<'_>, OpenCase), Failure> {
        is_case(folder)?;
        let mut desk = self.desk(signing, Install::No)?;
        let secret = key.map(|key| key.secret(self)).transpose()?;
        let unlock = secret
            .as_ref()
            .map(|secret| Unlock { holder: key.and_then(CaseKey::holder), with: secret.open_with() });
        let case = match (desk.open(folder, access(want), unlock.as_ref()), want) {
            (Err(error), Want::Look) if is_for_reading_only(&error) => {
                self.hint(&self.words.say("looking-leaves-no-entry"));
                desk.open(folder, Access::Read, unlock.as_ref())?
            }
            (case, _) => case?,
        };
        self.warn_of_standing(desk.remembered(&case));
        Ok((desk, case))
    }

    fn warn_of_standing(&self, standing: &str) {
        let id = format!("standing-{standing}");
        if matches!(standing, "older" | "diverged" | "elsewhere-copy") && self.words.has(&id) {
            warn(&self.words.say(&id));
        }
    }
}

/// Says something on the side that must not be missed.
pub(crate) fn warn(text: &str) {
    // Nobody can be told that telling failed.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Whether a case lies there; asked before any key.
pub(crate) fn is_case(folder: &Path) -> Result<(), Failure> {
    match desk::subject(folder) {
        Ok(Subject::Case) => Ok(()),
        Ok(_) | Err(DeskError::NotOurs(_)) => Err(Failure::about(Trouble::NotACase, folder)),
        Err(error) => Err(error.into()),
    }
}

fn access(want: Want) -> Access {
    match want {
        Want::Act | Want::Look => Access::Write,
        Want::List => Access::Read,
    }
}

fn is_for_reading_only(error: &DeskError) -> bool {
    matches!(
        error,
        DeskError::ReadOnlyCopy { .. }
            | DeskError::OlderThanSeen { .. }
            | DeskError::Diverged
            | DeskError::Vault(vault::VaultError::Store(vault::StoreError::NotPermitted { .. }))
    )
}
