//! `give`: hand the client (or her lawyer) the case: copy, check on the target, receipt, then remove the
//! local copy.

use std::fs;
use std::path::{Path, PathBuf};

use custody::Fields;
use vault::disk::OsDisk;
use vault::{FolderStore, Possession, Store as _, Unreachable, Wipe, copy_case};

use crate::new::make_disk;
use crate::{Desk, DeskError, OpenCase, Stage};

/// A case that was given away.
#[derive(Debug, serde::Serialize)]
pub struct Given {
    /// Where it lies now.
    pub folder: PathBuf,
    /// The file name of the receipt the centre keeps, in the folder `receipts` of the installation.
    pub receipt: String,
    /// Bytes copied and compared.
    pub bytes: u64,
    /// Files of the local copy that could not be removed.
    pub left_behind: Vec<String>,
    /// What removing the local copy cannot reach.
    #[serde(skip)]
    pub unreachable: Vec<Unreachable>,
}

impl Desk<'_> {
    /// Gives the case into `target`, a folder on a stick. The local copy goes only after every byte on the
    /// target was read back and compared, and the receipt is kept.
    pub fn give(&mut self, mut case: OpenCase, target: &Path, to: &str) -> Result<Given, DeskError> {
        if to.trim().is_empty() {
            return Err(DeskError::BadInput("give-to"));
        }
        if target.symlink_metadata().is_ok_and(|facts| !facts.is_dir()) || target.join("case.json").exists() {
            return Err(DeskError::TargetExists(target.to_owned()));
        }
        let size = case.vault.head().size;
        self.append(&mut case, "case.given", Fields::new().with("to", to).with("size", size))?;
        let text = self.receipt(&case)?;
        let bytes = self.copy(&case.folder, target)?;
        let receipt = format!("{}-{}.receipt", self.clock.now().date(), case.vault.id().0.short(16));
        self.installation.put_receipt(&receipt, text.as_bytes())?;
        self.installation.set_possession(case.vault.id(), Possession::GivenAway)?;
        let left_behind = remove_local(case)?;
        let unreachable = vec![Unreachable::Copies, Unreachable::FlashRemnants];
        Ok(Given { folder: target.to_owned(), receipt, bytes, left_behind, unreachable })
    }

    /// Copies a case and compares every byte on the target's medium.
    pub(crate) fn copy(&mut self, from: &Path, target: &Path) -> Result<u64, DeskError> {
        let (from, to) = (FolderStore::new(OsDisk::new(from)), FolderStore::new(make_disk(target)?));
        let mut done = 0;
        let report = copy_case(&from, &to, &mut |progress| {
            if done == 0 {
                self.progress.begin(Stage::Copying, Some(progress.total_bytes));
            }
            self.progress.advance(progress.done_bytes.saturating_sub(done));
            done = progress.done_bytes;
        })?;
        self.progress.end();
        Ok(report.bytes)
    }
}

/// Removes every file of the local copy, keyrings first: without them the rest says nothing.
fn remove_local(case: OpenCase) -> Result<Vec<String>, DeskError> {
    let folder = case.folder.clone();
    drop(case);
    let store = FolderStore::new(OsDisk::new(&folder));
    let mut names = store.list("").map_err(vault::VaultError::from)?;
    names.sort_by_key(|name| !name.starts_with("keys/"));
    names.retain(|name| store.remove(name, Wipe::Yes).is_err());
    if names.is_empty() {
        // An empty folder that stays says nothing; it may be the root of a medium.
        drop(fs::remove_dir(folder.join("pending")));
        drop(fs::remove_dir(&folder));
    }
    Ok(names)
}
