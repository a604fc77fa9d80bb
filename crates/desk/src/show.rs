//! `show`: what a case holds, with the numbers items are named by. Names only, no content; stopped items
//! without their names.

use bag::NameLine;
use custody::Fields;
use model::{Digest, EntryNumber, FileTime, Timestamp};

use crate::unseal::OpenCapsule;
use crate::{Desk, DeskError, ItemName, OpenCase};

/// A capsule as it is shown.
#[derive(Debug, serde::Serialize)]
pub struct ShownCapsule {
    /// The entry that sealed it.
    pub capsule: EntryNumber,
    /// Where it came from, in the words of whoever secured it.
    pub source: String,
    /// When it was sealed, by the own clock.
    pub at: Timestamp,
    /// SHA-256 of the sealed file.
    pub sha256: Digest,
    /// Its files.
    pub items: Vec<ShownItem>,
    /// What could not be taken, by name and reason.
    pub gaps: Vec<(String, String)>,
}

/// A file as it is shown.
#[derive(Debug, serde::Serialize)]
pub struct ShownItem {
    /// The name by numbers, `17:3`.
    pub item: String,
    /// The original path; none if the item is stopped. May hold any character: show it escaped.
    pub path: Option<String>,
    /// Bytes.
    pub size_bytes: u64,
    /// When it was last modified.
    pub mtime: FileTime,
    /// What was not as it should be when it was read: `shrunk`, `grew`, `changed`, `unreadable`.
    pub gap: Option<&'static str>,
}

impl Desk<'_> {
    /// Lists every capsule that was not erased. Looking is an act: in a writing copy it leaves an entry.
    pub fn show(&mut self, case: &mut OpenCase) -> Result<Vec<ShownCapsule>, DeskError> {
        case.keyring()?;
        if case.vault.access() == vault::Access::Write {
            self.append(
                case,
                "opened",
                Fields::new().with("what", "items").with("items", Vec::<String>::new()),
            )?;
        }
        let state = case.state()?;
        let mut capsules = Vec::new();
        for (&number, facts) in &state.capsules {
            if state.erased.capsules.contains(&number) {
                continue;
            }
            let mut capsule = ShownCapsule {
                capsule: number,
                source: facts.source.clone(),
                at: facts.at,
                sha256: facts.sha256,
                items: Vec::new(),
                gaps: Vec::new(),
            };
            let open = OpenCapsule::open(case, facts)?;
            for line in open.reader()?.names() {
                match line? {
                    NameLine::File(line) => {
                        let stopped = state.is_stopped(number, line.leaf);
                        capsule.items.push(ShownItem {
                            item: ItemName { capsule: number, leaf: Some(line.leaf) }.to_string(),
                            path: (!stopped)
                                .then(|| String::from_utf8_lossy(line.original_path()).into_owned()),
                            size_bytes: line.size,
                            mtime: line.mtime,
                            gap: line.gap.map(|gap| gap.kind.word()),
                        });
                    }
                    NameLine::Gap(line) => {
                        let name = String::from_utf8_lossy(&line.original.0).into_owned();
                        capsule.gaps.push((name, line.gap.reason));
                    }
                    NameLine::Link(_) | NameLine::Folder(_) => {}
                }
            }
            capsules.push(capsule);
        }
        Ok(capsules)
    }
}
