//! Goes through a tree, asks every check about every file, and gathers what they say.
//!
//! The plan depends on the tree alone. Several checks may read one file.

use model::ReadLimits;
use model::record::FileNumber;
use source::tree::{Candidate, Entry, Keys, Tree};

use crate::{CHECKS, FactSink, Flow, Input};

/// What is gone through.
pub struct Gathering<'g> {
    /// The tree.
    pub tree: &'g Tree,
    /// Passwords that were given for the evidence.
    pub keys: &'g Keys,
    /// What may be spent.
    pub limits: &'g ReadLimits,
}

/// Whether a file may be opened as a container before it is checked. In a phone's backup nothing is but what
/// checks read: every look at a file there is a decryption.
pub fn is_wanted(tree: &Tree, file: FileNumber) -> bool {
    let container = tree.entry(file).and_then(Entry::container);
    let backup = container.and_then(|container| tree.entry(container)).and_then(Entry::opened_as);
    backup != Some("ios_backup")
}

/// Reads every file that a check recognises, in the order of the tree, from the unit `from` on. The sink
/// hears of each before, and may leave it out.
pub fn gather(gathering: &Gathering<'_>, from: u64, sink: &mut dyn FactSink) -> Flow {
    let Gathering { tree, keys, limits } = *gathering;
    let mut unit = 0_u64;
    for (file, entry) in tree.entries() {
        if entry.taken_by().is_some() {
            continue;
        }
        let Some(candidate) = Candidate::new(tree, file) else { continue };
        for check in CHECKS.iter().filter(|check| check.recognise(&candidate)) {
            let number = unit;
            unit = unit.saturating_add(1);
            if number >= from && sink.begins(number, file, check.name()).is_continue() {
                check.read(&Input { tree, file, keys, limits }, sink)?;
            }
        }
    }
    Flow::Continue(())
}
