//! Finds the files that a chat's database names, by the end of their path.
//!
//! WhatsApp names `Media/WhatsApp Images/IMG-….jpg`; in what a client brings it lies below any folder. Looked
//! for in the container of the database, then in those around it. A file that has only the name in common is
//! taken if its size is what the database says.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use model::record::FileNumber;
use source::tree::Tree;

/// Most files of one name that are looked at.
const SAME_MOST: usize = 1000;

/// Files by the hash of their name, nearest container first.
pub(crate) struct MediaFiles<'t> {
    tree: &'t Tree,
    by_name: Vec<(u64, u32, FileNumber)>,
}

impl<'t> MediaFiles<'t> {
    /// The files around a database.
    pub(crate) fn around(tree: &'t Tree, database: FileNumber) -> Self {
        let mut by_name = Vec::new();
        let mut container = tree.entry(database).and_then(source::tree::Entry::container);
        for distance in 0.. {
            let inside = tree.inside(container);
            by_name.extend(inside.map(|(number, entry)| (hash(entry.name()), distance, number)));
            let Some(number) = container else { break };
            container = tree.entry(number).and_then(source::tree::Entry::container);
        }
        by_name.sort_unstable();
        Self { tree, by_name }
    }

    /// The file of this path, of which the database says that it has so many bytes.
    pub(crate) fn find(&self, path: &str, size_bytes: Option<u64>) -> Option<FileNumber> {
        let path = path.trim_start_matches('/');
        let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
        let wanted = hash(name);
        let from = self.by_name.partition_point(|(hash, ..)| *hash < wanted);
        let same = self.by_name.get(from..)?.iter().take_while(|(hash, ..)| *hash == wanted).take(SAME_MOST);
        let mut by_size = None;
        for (.., number) in same {
            let entry = self.tree.entry(*number)?;
            let ends = entry.path().strip_suffix(path);
            if path.contains('/') && ends.is_some_and(|rest| rest.is_empty() || rest.ends_with('/')) {
                return Some(*number);
            }
            let fits = entry.name() == name && Some(entry.size_bytes()) == size_bytes;
            by_size = by_size.or(fits.then_some(*number));
        }
        by_size
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
