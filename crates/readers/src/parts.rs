//! Files that are the numbered parts of one: which belong together, and which numbers are missing.

use model::record::{FileNumber, Place, Problem, ProblemKind};
use source::tree::{Entry, Tree};

use crate::{Flow, Input, Sink};

/// How the parts of a format are named.
pub(crate) struct Naming {
    /// What every name begins with.
    pub(crate) prefix: &'static str,
    /// The name of the first.
    pub(crate) first: &'static str,
    /// The number in a name; at most 9999, so that parts are found in linear time.
    pub(crate) number: fn(&str) -> Option<u16>,
}

impl Naming {
    /// The other parts in the order of their numbers, if this file is the lowest of them; none if it is not.
    pub(crate) fn others(&self, tree: &Tree, file: FileNumber) -> Option<Vec<FileNumber>> {
        let entry = tree.entry(file)?;
        let own = (self.number)(entry.name())?;
        if own != 1 && tree.sibling(file, self.first).is_some() {
            return None;
        }
        let prefix = format!("{}{}", entry.folder(), self.prefix);
        let mut parts = Vec::new();
        for (number, other) in tree.below(entry.container(), &prefix) {
            let in_folder = other.folder() == entry.folder();
            let Some(part) = (self.number)(other.name()).filter(|_| in_folder) else { continue };
            if part < own {
                return None;
            }
            if part > own {
                parts.push((part, number));
            }
        }
        parts.sort_unstable();
        Some(parts.into_iter().map(|(_, number)| number).collect())
    }

    /// Says which numbers are missing, one problem for each run of them.
    pub(crate) fn missing(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let files = std::iter::once(&input.file).chain(input.with);
        let mut next = 1_u16;
        for file in files {
            let name = input.tree.entry(*file).map_or("", Entry::name);
            let Some(number) = (self.number)(name) else { continue };
            let missing = number.saturating_sub(next);
            if missing > 0 {
                sink.problem(Problem {
                    file: *file,
                    place: Place::Whole,
                    kind: ProblemKind::Gap,
                    expected: "parts numbered from 1 on without a gap".to_owned(),
                    kept: String::new(),
                    units: u64::from(missing),
                })?;
            }
            next = number.saturating_add(1);
        }
        Flow::Continue(())
    }
}

/// A number of one to four digits that does not begin with a nought.
pub(crate) fn plain_number(digits: &str) -> Option<u16> {
    let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| plain && !digits.starts_with('0'))
}
