//! What an installation remembers of the cases it has seen, and what that says about a case it is shown.
//!
//! Follows docs/format.md, section 8 (`seen.age`); the content is canonical JSON. A rolled back or diverging
//! case shows here, and only here or against other things kept elsewhere. The memory can be rebuilt from the
//! installation's log, except for the folders.

use std::collections::BTreeMap;

use model::{CaseId, Digest, Timestamp, canonical};
use seal::tree::TreeBuilder;
use serde_json::{Value, json};

use crate::case::CaseVault;
use crate::log::Head;

/// The memory of an installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub(crate) cases: BTreeMap<CaseId, SeenCase>,
    /// How many entries of the installation's log it takes in.
    pub(crate) log_size: u64,
}

/// What is remembered of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCase {
    /// The last head.
    pub head: Head,
    /// The folder where the case lay, as text; unknown after the memory was rebuilt.
    pub folder: Option<String>,
    /// When it was last seen, by the own clock.
    pub at: Option<Timestamp>,
    /// The SHA-256 of the note that named the recipients.
    pub recipient_sha256: Option<Digest>,
    /// Whether the case is still here.
    pub possession: Possession,
}

/// Whether a case is here or was given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Possession {
    /// It is kept here.
    Here,
    /// It was given to the client or somebody else; what is still here is a copy.
    GivenAway,
}

/// How a case stands to what is remembered of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Never seen before.
    First,
    /// As it was left, where it was left.
    Known,
    /// It continues what was seen: written to elsewhere.
    Newer,
    /// It has fewer entries than were seen: an old copy, or rolled back.
    Older,
    /// It contradicts what was seen: another branch, or forged.
    Diverged,
    /// As it was left or continued, but in another folder: a copy.
    ElsewhereCopy,
}

/// Says how a case stands to what is remembered of it. `folder` is where it lies now.
pub fn assess(seen: &Seen, case: &CaseVault, folder: &str) -> Standing {
    let Some(known) = seen.case(case.id()) else { return Standing::First };
    let size = case.head().size;
    if size < known.head.size {
        return Standing::Older;
    }
    let same_size = size == known.head.size;
    let other_recipients = known.recipient_sha256.is_some_and(|sha256| sha256 != case.recipient_sha256());
    if root_at(case.leaves(), known.head.size) != known.head.root || (same_size && other_recipients) {
        return Standing::Diverged;
    }
    match &known.folder {
        Some(other) if other != folder => Standing::ElsewhereCopy,
        _ if same_size => Standing::Known,
        _ => Standing::Newer,
    }
}

/// The tree hash when the log had that many entries.
fn root_at(leaves: &[Digest], size: u64) -> Digest {
    let mut tree = TreeBuilder::new();
    for leaf in leaves.iter().take(usize::try_from(size).unwrap_or(usize::MAX)) {
        tree.push(*leaf);
    }
    tree.root()
}

impl Seen {
    /// What is remembered of a case.
    pub fn case(&self, id: CaseId) -> Option<&SeenCase> {
        self.cases.get(&id)
    }

    /// All cases ever seen.
    pub fn cases(&self) -> impl Iterator<Item = (CaseId, &SeenCase)> {
        self.cases.iter().map(|(id, case)| (*id, case))
    }

    /// Takes in a head from the installation's log.
    pub(crate) fn take_in(&mut self, id: CaseId, head: Head, at: Option<Timestamp>) {
        let case = self.cases.entry(id).or_insert(SeenCase {
            head,
            folder: None,
            at,
            recipient_sha256: None,
            possession: Possession::Here,
        });
        if case.head != head {
            case.recipient_sha256 = None;
        }
        case.head = head;
        case.at = at;
    }

    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, canonical::CanonicalError> {
        let cases: serde_json::Map<String, Value> = self
            .cases
            .iter()
            .map(|(id, case)| {
                let value = json!({
                    "at": case.at,
                    "folder": case.folder,
                    "given_away": case.possession == Possession::GivenAway,
                    "recipient_sha256": case.recipient_sha256,
                    "root": case.head.root,
                    "size": case.head.size,
                });
                (id.to_string(), value)
            })
            .collect();
        canonical::to_bytes(&json!({"cases": cases, "log_size": self.log_size, "v": 1}))
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let value = canonical::parse(bytes).ok()?;
        if value.get("v")? != 1 {
            return None;
        }
        let mut seen = Self { cases: BTreeMap::new(), log_size: value.get("log_size")?.as_u64()? };
        for (id, case) in value.get("cases")?.as_object()? {
            let given_away = case.get("given_away")?.as_bool()?;
            let seen_case = SeenCase {
                head: Head {
                    size: case.get("size")?.as_u64()?,
                    root: serde_json::from_value(case.get("root")?.clone()).ok()?,
                },
                folder: serde_json::from_value(case.get("folder")?.clone()).ok()?,
                at: serde_json::from_value(case.get("at")?.clone()).ok()?,
                recipient_sha256: serde_json::from_value(case.get("recipient_sha256")?.clone()).ok()?,
                possession: if given_away { Possession::GivenAway } else { Possession::Here },
            };
            seen.cases.insert(CaseId(id.parse().ok()?), seen_case);
        }
        (seen.to_bytes().ok()? == bytes).then_some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_and_read_again(
            cases in proptest::collection::btree_map(
                any::<[u8; 32]>(),
                (
                    any::<[u8; 32]>(),
                    0_u64..1 << 40,
                    any::<Option<String>>(),
                    any::<Option<[u8; 32]>>(),
                    any::<bool>(),
                ),
                0..4,
            ),
            log_size in 0_u64..1 << 30,
        ) {
            let cases = cases.into_iter().map(|(id, (root, size, folder, sha256, away))| {
                let case = SeenCase {
                    head: Head { size, root: Digest(root) },
                    folder,
                    at: away.then_some(Timestamp(1_795_471_200)),
                    recipient_sha256: sha256.map(Digest),
                    possession: if away { Possession::GivenAway } else { Possession::Here },
                };
                (CaseId(Digest(id)), case)
            });
            let seen = Seen { cases: cases.collect(), log_size };
            let bytes = seen.to_bytes().unwrap();
            prop_assert_eq!(Seen::parse(&bytes), Some(seen));
            prop_assert_eq!(Seen::parse(&bytes[..bytes.len() - 1]), None);
        }
    }
}
