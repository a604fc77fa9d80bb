//! `take`, `claim`, `join`: a case that comes back, a copy that becomes the writing copy, two branches
//! that become one.

use std::path::{Path, PathBuf};

use custody::Fields;
use model::EntryNumber;
use vault::disk::OsDisk;
use vault::{CaseVault, FolderStore, Joined, Relation, Standing};

use crate::{Access, Desk, DeskError, OpenCase, Unlock};

/// A case that came back.
#[derive(Debug, serde::Serialize)]
pub struct Taken {
    /// Where it lies now.
    pub folder: PathBuf,
    /// Bytes copied and compared.
    pub bytes: u64,
    /// The entry that records it.
    pub entry: EntryNumber,
}

impl Desk<'_> {
    /// Takes a case from `from` (a stick) into `into`. What lies on the stick stays there, and is a copy
    /// from now on.
    pub fn take(
        &mut self,
        from: &Path,
        into: &Path,
        who: &str,
        unlock: Option<&Unlock<'_>>,
    ) -> Result<Taken, DeskError> {
        if into.symlink_metadata().is_ok() {
            return Err(DeskError::TargetExists(into.to_owned()));
        }
        let there = self.open(from, Access::Read, None)?;
        match there.standing {
            Standing::Older => return Err(self.older(&there.vault)),
            Standing::Diverged => return Err(DeskError::Diverged),
            _ => {}
        }
        let size = there.vault.head().size;
        drop(there);
        let bytes = self.copy(from, into)?;
        let mut case = self.claim(into, "taken", unlock)?;
        let fields = Fields::new().with("from", who).with("size", size);
        let entry = self.append(&mut case, "case.taken", fields)?;
        Ok(Taken { folder: into.to_owned(), bytes, entry })
    }

    /// Makes this copy the writing copy of this installation. An older one is accepted, and that is recorded.
    pub fn claim(
        &mut self,
        folder: &Path,
        reason: &str,
        unlock: Option<&Unlock<'_>>,
    ) -> Result<OpenCase, DeskError> {
        let mut case = self.open(folder, Access::Claim, unlock)?;
        let vkey = self.installation.signer().vkey();
        let mut fields = Fields::new().with("vkey", vkey.to_string()).with("reason", reason);
        if case.standing == Standing::Older {
            let seen = self.installation.seen().case(case.vault.id());
            fields = fields.with("older_than", seen.map_or(0, |seen| seen.head.size));
        }
        self.append(&mut case, "writing.claimed", fields)?;
        Ok(case)
    }

    /// Joins a copy that went its own way into this case; both branches are kept. Gives the entry, or none
    /// if there was nothing to join.
    pub fn join(&mut self, case: &mut OpenCase, other: &Path) -> Result<Option<Joined>, DeskError> {
        let branch = CaseVault::open(Box::new(FolderStore::new(OsDisk::new(other))), vault::Access::Read)?;
        match vault::relation(case.vault.leaves(), branch.leaves()) {
            Relation::Same | Relation::OtherOlder => Ok(None),
            Relation::OtherNewer => {
                Err(DeskError::OlderThanSeen { here: case.vault.head().size, seen: branch.head().size })
            }
            Relation::Diverged { .. } => {
                let fields = self.fields("forked", Fields::new(), self.last_seen_at(case));
                let joined = case.vault.join_branch(&branch, fields, self.installation.signer())?;
                self.remember(case)?;
                case.refresh()?;
                Ok(Some(joined))
            }
        }
    }
}
