//! `give`: hand the client (or her lawyer) the case: copy, check on the target, receipt, then remove the local copy.

use std::path::{Path, PathBuf};

use custody::Fields;
use vault::{FolderStore, copy_case};

use crate::{Desk, DeskError, OpenCase, Stage};

/// A case that was given away.
#[derive(Debug, serde::Serialize)]
pub struct Given {
    /// Where it lies now.
    pub folder: PathBuf,
    /// The receipt the centre keeps.
    pub receipt: PathBuf,
    /// Bytes copied and compared.
    pub bytes: u64,
    /// What removing the local copy cannot reach.
    pub unreachable: Vec<vault::Unreachable>,
}

impl Desk<'_> {
    /// Gives the case into `target` (a folder on a stick). The local copy goes only after every byte on the target was read
    /// back and compared, and the receipt is written.
    pub fn give(&mut self, mut case: OpenCase, target: &Path, to: &str, receipts: &Path) -> Result<Given, DeskError> {
        if to.trim().is_empty() {
            return Err(DeskError::BadInput("give-to"));
        }
        if target.symlink_metadata().is_ok_and(|facts| !facts.is_dir()) || target.join("case.json").exists() {
            return Err(DeskError::TargetExists(target.to_owned()));
        }
        let size = case.vault.head().size;
        self.append(&mut case, "case.given", Fields::new().with("to", to).with("size", size))?;
        let receipt_text = self.receipt(&case)?;
        let bytes = self.copy(&case, target)?;
        let receipt = self.keep_receipt(&case, &receipt_text, receipts)?;
        let unreachable = case.vault.remove_local_copy()?;
        self.installation.record_given(case.vault.id(), &target.to_string_lossy(), self.clock.now())?;
        Ok(Given { folder: target.to_owned(), receipt, bytes, unreachable })
    }

    /// Copies a case and compares every byte on the target's medium.
    pub(crate) fn copy(&mut self, case: &OpenCase, target: &Path) -> Result<u64, DeskError> {
        let to = FolderStore::new(crate::new::make_disk(target)?);
        self.progress.begin(Stage::Copying, None);
        let report = copy_case(case.vault.store(), &to, &mut |bytes| self.progress.advance(bytes))?;
        self.progress.end();
        Ok(report.bytes)
    }

    fn keep_receipt(&self, case: &OpenCase, text: &str, receipts: &Path) -> Result<PathBuf, DeskError> {
        let name = format!("{}-{}.receipt", self.clock.now().date(), case.vault.id().0.short(16));
        vault::write_file(receipts, &name, text.as_bytes())?;
        Ok(receipts.join(name))
    }
}

