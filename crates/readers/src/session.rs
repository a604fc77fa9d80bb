//! Which reader reads which file of a tree, and in which order.
//!
//! The plan depends on the tree alone, so it is the same on any machine and after a crash.

use std::collections::BTreeSet;

use model::record::FileNumber;
use source::tree::{Candidate, Tree};

use crate::{Claim, FORMATS, Flow, Format, Input, Sink, opaque};

/// One file and what reads it.
#[derive(Clone)]
pub struct Unit {
    /// The file.
    pub file: FileNumber,
    /// The files that are read together with it.
    pub with: Vec<FileNumber>,
    /// How it is read.
    pub reading: Reading,
}

/// How a file is read.
#[derive(Clone, Copy)]
pub enum Reading {
    /// By a reader.
    By(&'static dyn Format),
    /// By none: size, hash and type are noted.
    Opaque,
}

impl Unit {
    fn opaque(file: FileNumber) -> Self {
        Self { file, with: Vec::new(), reading: Reading::Opaque }
    }

    /// The reader's name; `opaque` if there is none.
    pub fn reader(&self) -> &'static str {
        match self.reading {
            Reading::By(format) => format.name(),
            Reading::Opaque => "opaque",
        }
    }
}

/// Every file that is something of its own, with its reader, in the order of the tree.
///
/// Left out are containers (what is in them has entries of its own) and files that belong to another.
pub fn plan(tree: &Tree) -> Vec<Unit> {
    plan_watched(tree, &mut |_| Flow::Continue(()))
}

/// The same; `watch` hears of each file before readers are asked about it, so that one that ends the process is
/// known by name. At `Break` none is asked.
pub fn plan_watched(tree: &Tree, watch: &mut dyn FnMut(FileNumber) -> Flow) -> Vec<Unit> {
    let mut units: Vec<Unit> = tree
        .entries()
        .filter(|(_, entry)| entry.taken_by().is_none())
        .filter_map(|(number, entry)| {
            let asked = watch(number).is_continue();
            let unit = if asked { unit(tree, number)? } else { Unit::opaque(number) };
            // A container that no reader claims is shown by its content.
            let shown = entry.opened_as().is_some() && matches!(unit.reading, Reading::Opaque);
            (!shown).then_some(unit)
        })
        .collect();
    let belonging: BTreeSet<FileNumber> = units.iter().flat_map(|unit| unit.with.iter().copied()).collect();
    units.retain(|unit| !belonging.contains(&unit.file));
    units
}

/// Reads one unit of a plan.
pub fn read_unit(unit: &Unit, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
    match unit.reading {
        Reading::By(format) => format.read(input, sink),
        Reading::Opaque => opaque::read(input, sink),
    }
}

fn unit(tree: &Tree, number: FileNumber) -> Option<Unit> {
    let candidate = Candidate::new(tree, number)?;
    let mut best: Option<(Claim, &'static dyn Format)> = None;
    for format in FORMATS {
        if let Some(claim) = format.recognise(&candidate)
            && best.as_ref().is_none_or(|(before, _)| claim.certainty > before.certainty)
        {
            best = Some((claim, *format));
        }
    }
    Some(match best {
        Some((claim, format)) => Unit { file: number, with: claim.with, reading: Reading::By(format) },
        None => Unit::opaque(number),
    })
}
