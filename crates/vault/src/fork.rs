//! Branches: two copies of a case that were both written to, kept and joined by an entry.
//!
//! Follows docs/format.md, sections 1 and 9 (`forked`). The other branch is kept whole beside the log, its
//! capsules among the capsules. Holders who were added or removed on the other branch do not change here; the
//! caller is told.

use custody::{EntryError, Fields, Signer};
use model::{Digest, EntryNumber, ReadAt};
use std::sync::Arc;

use crate::act::{Act, Copy};
use crate::case::CaseVault;
use crate::error::VaultError;
use crate::layout;
use crate::log::{self, ClearBody};

/// How two logs of one case stand to each other, seen from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same entries.
    Same,
    /// The other is an earlier state of this one.
    OtherOlder,
    /// The other continues this one.
    OtherNewer,
    /// Both have entries that the other has not.
    Diverged {
        /// How many entries they have in common.
        common: u64,
    },
}

/// How two logs stand to each other, by their leaf hashes.
pub fn relation(ours: &[Digest], theirs: &[Digest]) -> Relation {
    let common = ours.iter().zip(theirs).take_while(|(our, their)| our == their).count();
    match (common == ours.len(), common == theirs.len()) {
        (true, true) => Relation::Same,
        (false, true) => Relation::OtherOlder,
        (true, false) => Relation::OtherNewer,
        (false, false) => Relation::Diverged { common: common as u64 },
    }
}

/// A branch that was joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The entry that joined it.
    pub number: EntryNumber,
    /// How many entries both branches have in common.
    pub common: u64,
    /// Capsules that came with it, by file name.
    pub capsules: Vec<String>,
    /// Erasures on the branch, by their number there. What was erased there only may still be here.
    pub erasures: Vec<EntryNumber>,
    /// Whether holders differ.
    pub holders: HoldersOfBranch,
}

/// A file of the branch, and the name it gets here.
type NamedFile = (String, Arc<dyn ReadAt>);

/// Whether those who hold keys are the same on both branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldersOfBranch {
    /// The same holders with the same keys.
    Same,
    /// Somebody was added or removed on one branch; those of this case stay.
    Different,
}

impl CaseVault {
    /// Joins the branch of another copy of the same case, in one act. `fields` has `at`, and `clock_back` if
    /// so.
    pub fn join_branch(
        &mut self,
        other: &CaseVault,
        fields: Fields,
        signer: &Signer,
    ) -> Result<Joined, VaultError> {
        if other.id() != self.id() {
            return Err(VaultError::OtherCase);
        }
        self.prepare()?;
        let Relation::Diverged { common } = relation(self.leaves(), other.leaves()) else {
            return Err(VaultError::NotABranch);
        };
        if self.has_joined(other)? {
            return Err(VaultError::NotABranch);
        }
        let start = usize::try_from(common).unwrap_or(usize::MAX);
        let leaves: Vec<String> = other.leaves().iter().skip(start).map(ToString::to_string).collect();
        let number = self.loaded.log.next();
        let folder = layout::fork(number);
        let files = vec![
            (format!("{folder}leaves"), log::lines(&leaves).into_bytes()),
            (format!("{folder}checkpoint"), other.checkpoint_text().as_bytes().to_vec()),
            (format!("{folder}vkeys"), log::lines(other.vkeys()).into_bytes()),
        ];
        let found = self.files_of_branch(other, common, &folder)?;
        let copies: Vec<Copy<'_>> =
            found.iter().map(|(name, from)| Copy { from: from.as_ref(), name: name.clone() }).collect();

        let fields = fields
            .with("kind", "forked")
            .with("program", model::PROGRAM)
            .with("key", signer.vkey().fingerprint().to_string())
            .with("common", common)
            .with("checkpoint", other.checkpoint_text())
            .with("leaves", leaves);
        // The branch may have stopped or erased what the index holds.
        let remove = layout::INDEX.map(str::to_owned).to_vec();
        let act = Act { fields, files, upload: None, remove, clear_body: ClearBody::No };
        self.append_with(act, &copies, signer).map_err(|error| match error {
            VaultError::Entry(EntryError::TooLong) => VaultError::BranchTooLong,
            error => error,
        })?;
        let names = copies.iter().filter_map(|copy| copy.name.strip_prefix("capsules/"));
        Ok(Joined {
            number,
            common,
            capsules: names.map(str::to_owned).collect(),
            erasures: other.loaded.clear.keys().copied().filter(|erasing| erasing.0 >= common).collect(),
            holders: if self.loaded.note.holders() == other.loaded.note.holders() {
                HoldersOfBranch::Same
            } else {
                HoldersOfBranch::Different
            },
        })
    }

    /// Whether this very head was joined before.
    fn has_joined(&self, other: &CaseVault) -> Result<bool, VaultError> {
        for name in self.view().list("log/forks")? {
            let is_head = name.strip_prefix("log/forks/").and_then(|rest| rest.split_once('/'));
            if is_head.is_some_and(|(_, file)| file == "checkpoint")
                && self.view().get(&name, layout::SMALL_FILE_BYTES)? == other.checkpoint_text().as_bytes()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The files that the branch has beyond the common entries, with the names they get here.
    fn files_of_branch(
        &self,
        other: &CaseVault,
        common: u64,
        folder: &str,
    ) -> Result<Vec<NamedFile>, VaultError> {
        let ours = self.view().list("capsules")?;
        let own = |number: Option<EntryNumber>| {
            number.is_some_and(|number| (common..other.head().size).contains(&number.0))
        };
        let mut files = Vec::new();
        for name in other.view().list("")? {
            let in_log = name.strip_prefix("log/");
            let branch_of_branch = name.strip_prefix("log/forks/").and_then(|rest| rest.split_once('/'));
            let to = if own(layout::number_in(&name, "log/entries/", ".age"))
                || own(layout::number_in(&name, "log/open/", ".json"))
                || own(branch_of_branch.and_then(|(number, _)| layout::number(number)))
            {
                format!("{folder}{}", in_log.unwrap_or_default())
            } else if own(layout::capsule_number(&name)) && !ours.contains(&name) {
                name.clone()
            } else {
                continue;
            };
            files.push((to, other.view().open(&name)?));
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations() {
        let log = |leaves: &[u8]| leaves.iter().map(|leaf| Digest([*leaf; 32])).collect::<Vec<_>>();
        for (ours, theirs, expected) in [
            (&[1, 2][..], &[1, 2][..], Relation::Same),
            (&[1, 2], &[1], Relation::OtherOlder),
            (&[1], &[1, 2], Relation::OtherNewer),
            (&[1, 2, 3], &[1, 4], Relation::Diverged { common: 1 }),
            (&[1], &[2], Relation::Diverged { common: 0 }),
        ] {
            assert_eq!(relation(&log(ours), &log(theirs)), expected);
        }
    }
}
