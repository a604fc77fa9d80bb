//! What a reader is: it recognises a file and reads it.

use model::ReadLimits;
use model::record::FileNumber;
use serde::{Deserialize, Serialize};
use source::tree::{Candidate, Entry, Keys, Tree};

use crate::{Flow, Sink};

/// A format that can be read. One unit struct in one file of `formats/`, named in [`crate::FORMATS`].
pub trait Format: Sync {
    /// Its name: that of its file; stable, part of what is stored.
    fn name(&self) -> &'static str;

    /// Raised whenever the same bytes give other records than before.
    fn version(&self) -> u32;

    /// What it covers, for `docs/formats.md` and help.
    fn about(&self) -> About;

    /// Whether this file is one. Cheap: names and first bytes; may look at the files beside it.
    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim>;

    /// Reads it. Never fails whole: what cannot be read is a problem. Ends early only if the sink says so.
    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow;
}

/// What a format covers, in plain words.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The format in a few words: `WhatsApp chat export (text)`.
    pub title: &'static str,
    /// Versions and variants seen.
    pub covers: &'static str,
    /// What it deliberately does not read.
    pub leaves_out: &'static str,
    /// Where the knowledge comes from.
    pub source: &'static str,
}

/// A reader's word that a file is of its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// How sure.
    pub certainty: Certainty,
    /// Further files that are read together with this one and are nothing of their own: a write-ahead log, a
    /// later part. Media that a chat names stay files of their own and are not listed here.
    pub with: Vec<FileNumber>,
}

impl Claim {
    /// A claim on this file alone.
    pub fn alone(certainty: Certainty) -> Self {
        Self { certainty, with: Vec::new() }
    }
}

/// How sure a reader is. Of several claims on a file the surest wins, then the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The kind fits: any JSON, any text.
    Possible,
    /// Name or structure fit.
    Likely,
    /// Only this format looks like that.
    Certain,
}

/// What a person can tell a reader in advance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The owner's name as it stands in chats, to tell sent from received where a source does not.
    pub owner: Option<String>,
}

/// A file to read, and what may be used for it.
pub struct Input<'i> {
    /// The tree it is in.
    pub tree: &'i Tree,
    /// The file.
    pub file: FileNumber,
    /// The files the claim named with it.
    pub with: &'i [FileNumber],
    /// Passwords that were given for the evidence.
    pub keys: &'i Keys,
    /// What may be spent.
    pub limits: &'i ReadLimits,
    /// What a person told in advance.
    pub options: &'i Options,
}

impl Input<'_> {
    /// The file's entry in the tree.
    pub fn entry(&self) -> Option<&Entry> {
        self.tree.entry(self.file)
    }
}
