//! `new`: a case by alias, holder, purpose and end date; and the installation it is signed by.

use std::path::{Path, PathBuf};

use custody::Fields;
use model::{Date, HolderName};
use seal::{OpenWith, WorkFactor};
use vault::disk::OsDisk;
use vault::{CaseVault, FolderStore, HolderKey, Installation, NewCase, NewHolder, VaultError};

use crate::{Desk, DeskError};

/// Who will hold the case; what that means is said before.
pub const HOLDER_KINDS: [&str; 3] = ["client", "lawyer", "centre"];

/// What must be said of a case before it exists.
pub struct NewCaseForm {
    /// An alias, no name.
    pub alias: String,
    /// One of [`HOLDER_KINDS`].
    pub holder: String,
    /// What for.
    pub purpose: String,
    /// When it ends.
    pub until: Date,
    /// Who can open it.
    pub holders: Vec<(HolderName, HolderKey)>,
    /// Printed shares of a recovery split, if wanted: how many.
    pub recovery_shares: Option<u8>,
    /// Cost of passphrases.
    pub work_factor: WorkFactor,
}

/// A case that was made.
#[derive(serde::Serialize)]
pub struct Opened {
    /// The case id.
    pub case: model::CaseId,
    /// Where it lies.
    pub folder: PathBuf,
    /// The fingerprint of the signing key, in groups, for the paper.
    pub fingerprint: String,
    /// Words of the recovery shares, to be printed and never stored.
    pub shares: Vec<String>,
}

impl Desk<'_> {
    /// Makes a case. The folder must not exist or be empty.
    pub fn new_case(&mut self, folder: &Path, form: NewCaseForm) -> Result<Opened, DeskError> {
        if form.alias.trim().is_empty() || form.purpose.trim().is_empty() {
            return Err(DeskError::BadInput("alias-and-purpose"));
        }
        if !HOLDER_KINDS.contains(&form.holder.as_str()) {
            return Err(DeskError::BadInput("holder-kind"));
        }
        if form.until < self.clock.now().date() {
            return Err(DeskError::BadInput("until-in-the-past"));
        }
        let store = FolderStore::new(make_disk(folder)?);
        let facts = Fields::new()
            .with("alias", form.alias)
            .with("holder", form.holder)
            .with("purpose", form.purpose)
            .with("until", form.until.to_string());
        let fields = self.fields("case.created", facts, None);
        let holders = form.holders.into_iter().map(|(name, key)| NewHolder { name, key }).collect();
        let setup = NewCase {
            signer: self.installation.signer(),
            holders,
            recovery: form.recovery_shares,
            fields,
            work_factor: form.work_factor,
        };
        let (vault, _keyring, shares) = CaseVault::create(Box::new(store), setup)?;
        let folder = folder
            .canonicalize()
            .map_err(|source| DeskError::PathUnreadable { path: folder.to_owned(), source })?;
        let fields = Fields::new().with("at", self.clock.now().to_string());
        self.installation.record_head(&vault, &folder.to_string_lossy(), fields)?;
        let words = |share: seal::Share| share.to_words().to_string();
        Ok(Opened {
            case: vault.id(),
            folder,
            fingerprint: self.installation.signer().vkey().fingerprint().grouped(),
            shares: shares.unwrap_or_default().into_iter().map(words).collect(),
        })
    }
}

/// Whether somebody is installed at `home` already. An installation whose making was interrupted is none
/// yet: it is made again in the same place.
pub fn is_installed(home: &Path) -> bool {
    let facts = Installation::facts(&FolderStore::new(OsDisk::new(home)));
    home.join("installation.json").is_file() && !matches!(facts, Err(VaultError::NotFinished))
}

/// Makes the installation of this account: its signing key, sealed.
pub fn install(home: &Path, key: &HolderKey, work_factor: WorkFactor) -> Result<Installation, DeskError> {
    let store = FolderStore::new(make_disk(home)?);
    Ok(Installation::create(Box::new(store), key, work_factor)?)
}

/// Opens the installation of this account.
pub fn open_installation(home: &Path, with: &OpenWith<'_>) -> Result<Installation, DeskError> {
    if !is_installed(home) {
        return Err(DeskError::NoInstallation);
    }
    Ok(Installation::open(Box::new(FolderStore::new(OsDisk::new(home))), with)?)
}

/// A folder that is there, or is made now with those above it.
pub(crate) fn make_disk(folder: &Path) -> Result<OsDisk, DeskError> {
    let unwritable = |source| DeskError::TargetUnwritable { path: folder.to_owned(), source };
    if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        std::fs::create_dir_all(above).map_err(unwritable)?;
    }
    OsDisk::make(folder).map_err(unwritable)
}
