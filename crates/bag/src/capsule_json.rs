//! `capsule.json`: what is said about a capsule as a whole.
//!
//! `docs/format.md`, section 5. It deliberately says nothing about single files.

use std::collections::BTreeMap;

use model::{EntryNumber, Timestamp, canonical};
use serde::{Deserialize, Serialize};

use crate::name_lines::RawName;

/// What the writer of a capsule has to be told; everything else it counts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// When it was taken, by the own clock.
    pub at: Timestamp,
    /// The entry of the consent it rests on.
    pub consent: Option<EntryNumber>,
    /// The entry in which the gate question was answered.
    pub gate: EntryNumber,
    /// The program and its version.
    pub program: String,
    /// The names of the roots, in order.
    pub roots: Vec<Vec<u8>>,
    /// What the source is, in the words of the person.
    pub source: String,
    /// Who took it.
    pub who: String,
}

/// The content of `capsule.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapsuleJson {
    /// When it was taken.
    pub at: Timestamp,
    /// By which clock: `own`.
    pub clock: String,
    /// The entry of the consent it rests on.
    pub consent: Option<EntryNumber>,
    /// Files in the payload.
    pub files: u64,
    /// Empty folders.
    pub folders: u64,
    /// How many gaps of each kind, those of files included.
    pub gaps: BTreeMap<String, u64>,
    /// The entry in which the gate question was answered.
    pub gate: EntryNumber,
    /// Links.
    pub links: u64,
    /// How it was taken: `folder`.
    pub method: String,
    /// The bytes of all files in the payload.
    pub payload_bytes: u64,
    /// The program and its version.
    pub program: String,
    /// The names of the roots.
    pub roots: Vec<RawName>,
    /// What the source is.
    pub source: String,
    /// The version of the format: 1.
    pub v: u64,
    /// Who took it.
    pub who: String,
}

/// What a capsule holds, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) files: u64,
    pub(crate) folders: u64,
    pub(crate) links: u64,
    pub(crate) gaps: BTreeMap<String, u64>,
    pub(crate) payload_bytes: u64,
}

impl Counts {
    pub(crate) fn gap(&mut self, word: &str) {
        *self.gaps.entry(word.to_owned()).or_default() += 1;
    }
}

impl CapsuleJson {
    pub(crate) fn new(about: &About, counts: &Counts) -> Self {
        Self {
            at: about.at,
            clock: "own".to_owned(),
            consent: about.consent,
            files: counts.files,
            folders: counts.folders,
            gaps: counts.gaps.clone(),
            gate: about.gate,
            links: counts.links,
            method: "folder".to_owned(),
            payload_bytes: counts.payload_bytes,
            program: about.program.clone(),
            roots: about.roots.iter().cloned().map(RawName).collect(),
            source: about.source.clone(),
            v: 1,
            who: about.who.clone(),
        }
    }

    pub(crate) fn to_file(&self) -> Result<Vec<u8>, canonical::CanonicalError> {
        let mut bytes = canonical::to_bytes(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads the file; none unless it is exactly in the one form of version 1.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let parsed: Self = serde_json::from_slice(bytes).ok()?;
        let known = parsed.v == 1 && parsed.clock == "own" && parsed.method == "folder";
        (known && parsed.to_file().ok()? == bytes).then_some(parsed)
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            files: self.files,
            folders: self.folders,
            links: self.links,
            gaps: self.gaps.clone(),
            payload_bytes: self.payload_bytes,
        }
    }
}
