//! Grows a tree: opens every container that is recognised, and the containers in it, up to a depth.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use model::ReadLimits;
use model::record::{FileNumber, Place, Problem, ProblemKind};

use super::{Candidate, Entry, Keys, RootFile, Spools, Tree};
use crate::containers::{CONTAINERS, Container, Opening, Turn};

/// Hears of each file before it is looked at, so that one that ends the process is known by name.
pub trait Watch {
    /// A file is about to be looked at, and opened if it is a container; `Break` leaves it closed.
    fn opening(&mut self, tree: &Tree, file: FileNumber) -> ControlFlow<()>;
}

/// A tree with everything opened that could be.
pub struct Grown {
    /// The tree.
    pub tree: Tree,
    /// What could not be opened, or not wholly.
    pub problems: Vec<Problem>,
}

/// Opens what can be opened. `roots` may come in any order.
pub fn grow(
    mut roots: Vec<RootFile>,
    keys: &Keys,
    limits: &ReadLimits,
    spools: &Arc<dyn Spools>,
    watch: &mut dyn Watch,
) -> Grown {
    roots.sort_by(|left, right| left.path.cmp(&right.path).then(left.leaf.cmp(&right.leaf)));
    let entries: Vec<Entry> = roots.into_iter().map(Entry::root).collect();
    let root = 0..u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let mut growing =
        Growing { tree: Tree { entries, root }, problems: Vec::new(), keys, limits, spools, watch };
    growing.run();
    Grown { tree: growing.tree, problems: growing.problems }
}

struct Growing<'g> {
    tree: Tree,
    problems: Vec<Problem>,
    keys: &'g Keys,
    limits: &'g ReadLimits,
    spools: &'g Arc<dyn Spools>,
    watch: &'g mut dyn Watch,
}

impl Growing<'_> {
    /// Looks at every file in order, those in containers after the containers. Files that take others come
    /// before all that are there by then; files whose key may lie anywhere come when there is nothing else.
    fn run(&mut self) {
        let (mut next, mut seen_until) = (0_u32, 0_u32);
        let mut went_first = BTreeSet::new();
        let mut waiting = VecDeque::new();
        loop {
            while (seen_until as usize) < self.tree.len() {
                let number = FileNumber(seen_until);
                if self.turn(number) == Turn::First {
                    went_first.insert(number);
                    self.look_at(number);
                }
                seen_until += 1;
            }
            if (next as usize) < self.tree.len() {
                let number = FileNumber(next);
                next += 1;
                match self.turn(number) {
                    Turn::Last => waiting.push_back(number),
                    _ if went_first.contains(&number) => {}
                    _ => self.look_at(number),
                }
            } else if let Some(number) = waiting.pop_front() {
                self.look_at(number);
            } else {
                break;
            }
        }
    }

    fn look_at(&mut self, number: FileNumber) {
        // Recognising may unpack already.
        if self.watch.opening(&self.tree, number).is_break() {
            return;
        }
        let Some(container) = self.recognised(number) else { return };
        if self.depth(number) >= self.limits.depth {
            self.problem(number, ProblemKind::Limit, "containers nested less deeply");
            return;
        }
        let left = usize::try_from(self.limits.entries).unwrap_or(usize::MAX).saturating_sub(self.tree.len());
        let opening = Opening {
            tree: &self.tree,
            file: number,
            keys: self.keys,
            limits: self.limits,
            spools: self.spools,
            entries_left: left,
        };
        let mut opened = container.open(&opening);
        if opened.children.len() > left {
            opened.children.truncate(left);
            self.problem(number, ProblemKind::Limit, "fewer files in all containers together");
        }
        self.problems.append(&mut opened.problems);
        self.put(number, container.name(), opened.children, &opened.takes);
    }

    fn turn(&self, number: FileNumber) -> Turn {
        let name = self.tree.entry(number).map_or("", Entry::name);
        let mut turns = CONTAINERS.iter().map(|container| container.turn(name));
        turns.find(|turn| *turn != Turn::InOrder).unwrap_or_default()
    }

    fn recognised(&self, number: FileNumber) -> Option<&'static dyn Container> {
        let candidate = Candidate::new(&self.tree, number)?;
        if candidate.entry().taken_by().is_some() {
            return None;
        }
        CONTAINERS.iter().copied().find(|container| container.recognise(&candidate))
    }

    fn put(
        &mut self,
        number: FileNumber,
        name: &'static str,
        mut children: Vec<super::Child>,
        takes: &[FileNumber],
    ) {
        // Stable: of two files with one path, the container's order decides.
        children.sort_by(|left, right| left.path.cmp(&right.path));
        let leaf = self.tree.entry(number).map_or(0, Entry::leaf);
        let begin = u32::try_from(self.tree.len()).unwrap_or(u32::MAX);
        self.tree.entries.extend(children.into_iter().map(|child| Entry::child(child, number, leaf)));
        let end = u32::try_from(self.tree.len()).unwrap_or(u32::MAX);
        for taken in takes {
            if let Some(entry) = self.tree.entries.get_mut(taken.0 as usize) {
                entry.take(number);
            }
        }
        if let Some(entry) = self.tree.entries.get_mut(number.0 as usize)
            && (begin < end || !takes.is_empty())
        {
            entry.open_as(name, begin..end);
        }
    }

    fn depth(&self, number: FileNumber) -> u32 {
        u32::try_from(self.tree.steps(number).len()).unwrap_or(u32::MAX)
    }

    fn problem(&mut self, file: FileNumber, kind: ProblemKind, expected: &str) {
        let expected = expected.to_owned();
        let problem = Problem { file, place: Place::Whole, kind, expected, kept: String::new(), units: 1 };
        self.problems.push(problem);
    }
}
