//! Files of one container that have one path: each stays, and from the second on says so in its name.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};

use crate::tree::Child;

/// Writes ` (2)`, ` (3)` … before the ending of every further file of the same path.
pub(super) fn tell_apart(children: &mut [Child]) {
    if !may_repeat(children) {
        return;
    }
    // Stable: the container's order decides which is the first.
    children.sort_by(|left, right| left.path.cmp(&right.path));
    let pairs = children.iter().zip(children.iter().skip(1));
    let repeated = pairs.filter(|(left, right)| left.path == right.path).map(|(left, _)| left);
    let bases: BTreeSet<&str> = repeated.map(|child| stem(&child.path)).collect();
    // Only names that could be in the way are remembered.
    let near = |path: &str| path.rfind(" (").and_then(|at| path.get(..at)).is_some_and(|p| bases.contains(p));
    let mut taken: BTreeSet<String> =
        children.iter().map(|child| &child.path).filter(|path| near(path)).cloned().collect();
    let mut before = String::new();
    let mut number = 1_u64;
    for child in children.iter_mut() {
        if child.path != before {
            before.clone_from(&child.path);
            number = 1;
            continue;
        }
        loop {
            number = number.saturating_add(1);
            let path = numbered(&child.path, number);
            if taken.insert(path.clone()) {
                child.path = path;
                break;
            }
        }
    }
}

/// Whether two paths have one hash: much cheaper than sorting the paths of a whole phone.
fn may_repeat(children: &[Child]) -> bool {
    let state = RandomState::new();
    let mut hashes: Vec<u64> = children.iter().map(|child| state.hash_one(&child.path)).collect();
    hashes.sort_unstable();
    hashes.iter().zip(hashes.iter().skip(1)).any(|(left, right)| left == right)
}

/// The path without the ending of its last name.
fn stem(path: &str) -> &str {
    let name_at = path.rfind('/').map_or(0, |slash| slash.saturating_add(1));
    match path.rfind('.') {
        Some(dot) if dot > name_at => path.get(..dot).unwrap_or(path),
        _ => path,
    }
}

fn numbered(path: &str, number: u64) -> String {
    let stem = stem(path);
    let ending = path.get(stem.len()..).unwrap_or_default();
    format!("{stem} ({number}){ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Plain;
    use std::sync::Arc;

    #[test]
    fn every_path_is_there_once() {
        let child = |path: &&str| Child {
            path: (*path).to_owned(),
            modified: None,
            stored_sha256: None,
            content: Arc::new(Plain(Arc::new(Vec::new()))),
        };
        let paths =
            ["a/x.txt", "b", "a/x.txt", "a/x (2).txt", "b", "a/x.txt", ".rc", ".rc", "a.b/c", "a.b/c"];
        let mut children: Vec<Child> = paths.iter().map(child).collect();
        tell_apart(&mut children);
        let mut found: Vec<&str> = children.iter().map(|child| child.path.as_str()).collect();
        found.sort_unstable();
        let mut expected = [
            ".rc",
            ".rc (2)",
            "a.b/c",
            "a.b/c (2)",
            "a/x (2).txt",
            "a/x (3).txt",
            "a/x (4).txt",
            "a/x.txt",
            "b",
            "b (2)",
        ];
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}
