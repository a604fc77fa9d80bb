//! What lies in a capsule as one read-only tree: its files, and what is packed inside them, nested freely.
//!
//! A container (zip, tar, a phone backup …) stays in the tree as the file it is; what is in it follows as
//! entries of its own, unpacked and decrypted only when they are read. The order is fixed: the same capsule
//! gives the same numbers on any machine. Nothing is written; what must be unpacked to be read at random goes
//! to a spool that is encrypted under a key in memory. Paths are labels: they never become paths of a system.

mod candidate;
mod content;
mod entry;
mod grow;
mod keys;
mod spools;

pub use candidate::Candidate;
pub use content::{Content, PartAt, Plain, ReadFrom, Unpacked};
pub use entry::{Child, Entry, RootFile};
pub use grow::{Grown, Watch, grow};
pub use keys::Keys;
pub use spools::{NoSpools, Spools};

use model::record::FileNumber;

/// The tree. Entries are numbered from 0: first the files of the capsule in the order of their paths, then
/// what is in the containers, container by container.
pub struct Tree {
    entries: Vec<Entry>,
    /// For the root and for each container: where its entries begin and end. Sorted by path within.
    root: std::ops::Range<u32>,
}

impl Tree {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of a number; none if there is no such number.
    pub fn entry(&self, number: FileNumber) -> Option<&Entry> {
        self.entries.get(number.0 as usize)
    }

    /// All numbers with their entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = (FileNumber, &Entry)> {
        (0..).map(FileNumber).zip(&self.entries)
    }

    /// The entries of a container, or of the capsule itself for `None`, sorted by path.
    pub fn inside(&self, container: Option<FileNumber>) -> impl Iterator<Item = (FileNumber, &Entry)> {
        let range = self.range(container);
        range.clone().map(FileNumber).zip(self.slice(range))
    }

    /// The file of exactly this path in a container.
    pub fn find(&self, container: Option<FileNumber>, path: &str) -> Option<FileNumber> {
        let range = self.range(container);
        let at = self.slice(range.clone()).binary_search_by(|entry| entry.path().cmp(path)).ok()?;
        Some(FileNumber(range.start.checked_add(u32::try_from(at).ok()?)?))
    }

    /// The file of this name in the same folder as another.
    pub fn sibling(&self, of: FileNumber, name: &str) -> Option<FileNumber> {
        let entry = self.entry(of)?;
        self.find(entry.container(), &format!("{}{name}", entry.folder()))
    }

    /// Everything in the same container whose path begins with this, sorted by path.
    pub fn below<'t>(
        &'t self,
        container: Option<FileNumber>,
        prefix: &'t str,
    ) -> impl Iterator<Item = (FileNumber, &'t Entry)> {
        let range = self.range(container);
        let skipped = self.slice(range.clone()).partition_point(|entry| entry.path() < prefix);
        let start = range.start.saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX));
        (start..range.end)
            .map(FileNumber)
            .filter_map(|number| Some((number, self.entry(number)?)))
            .take_while(move |(_, entry)| entry.path().starts_with(prefix))
    }

    /// Everything in the folder of a file and below it, the file itself too.
    pub fn around(&self, of: FileNumber) -> impl Iterator<Item = (FileNumber, &Entry)> {
        let entry = self.entry(of);
        let (container, folder) = entry.map_or((None, "\u{0}"), |entry| (entry.container(), entry.folder()));
        self.below(container, folder)
    }

    /// The paths that lead to an entry, outermost first: `backup.zip`, `chats/_chat.txt`.
    pub fn steps(&self, of: FileNumber) -> Vec<&str> {
        let mut steps = Vec::new();
        let mut next = Some(of);
        // A container comes before what is in it, so this ends.
        while let Some(entry) = next.and_then(|number| self.entry(number)) {
            steps.push(entry.path());
            next = entry.container();
        }
        steps.reverse();
        steps
    }

    fn range(&self, container: Option<FileNumber>) -> std::ops::Range<u32> {
        match container {
            None => self.root.clone(),
            Some(number) => self.entry(number).map_or(0..0, Entry::children),
        }
    }

    fn slice(&self, range: std::ops::Range<u32>) -> &[Entry] {
        self.entries.get(range.start as usize..range.end as usize).unwrap_or(&[])
    }
}
