//! A thing that is one file is named in one list: readers, checks and writers.
//!
//! The list is `registry.rs` or `mod.rs` in the folder, or `registry.rs` beside it. A folder that does not
//! exist yet is no problem; from its first file on the rule holds.

use super::{Problem, Tree};

/// A folder in which every file is one thing.
struct Registry {
    folder: &'static str,
    /// Where each thing has a fixture folder of its name, with at least one damaged input.
    fixtures: Option<&'static str>,
}

const REGISTRIES: &[Registry] = &[
    Registry { folder: "crates/readers/src/formats", fixtures: Some("crates/readers/fixtures") },
    Registry { folder: "crates/check/src/checks", fixtures: None },
    Registry { folder: "crates/handover/src/writers", fixtures: None },
];

/// The folder or file in a fixture folder that holds a damaged input says so in its name.
const DAMAGED: &str = "damaged";

/// Every file of a registry's folder is in its list, and has its fixtures where they are asked for.
pub(super) fn registries(tree: &Tree) -> Vec<Problem> {
    REGISTRIES.iter().flat_map(|registry| check(tree, registry)).collect()
}

fn check(tree: &Tree, registry: &Registry) -> Vec<Problem> {
    let list = list(tree, registry.folder);
    let mut problems = Vec::new();
    for file in tree.below(registry.folder) {
        let name = file.stem();
        let direct = !file.path[registry.folder.len() + 1..].contains('/');
        if !direct || !file.has_extension("rs") || matches!(name, "mod" | "registry") {
            continue;
        }
        let named = list.is_some_and(|text| words(text).any(|word| word == name));
        if !named {
            problems.push(Problem::new(
                &file.path,
                0,
                format!("`{name}` is not named in the registry's list"),
            ));
        }
        if let Some(fixtures) = registry.fixtures {
            let folder = format!("{fixtures}/{name}");
            let damaged = |path: &str| path[folder.len()..].contains(DAMAGED);
            if !tree.below(&folder).any(|fixture| damaged(&fixture.path)) {
                let text = format!("`{folder}/` has no case with `{DAMAGED}` in its name");
                problems.push(Problem::new(&file.path, 0, text));
            }
        }
    }
    problems
}

/// The text of the list, without comments.
fn list<'a>(tree: &'a Tree, folder: &str) -> Option<&'a str> {
    let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    [format!("{folder}/registry.rs"), format!("{folder}/mod.rs"), format!("{parent}/registry.rs")]
        .iter()
        .find_map(|path| tree.text(path))
}

/// The words of the list that are not comments.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: (&str, &str) =
        ("crates/readers/src/formats/mod.rs", "//! Not signal_json.\nformats! { whatsapp_txt, sms }\n");
    const READER: (&str, &str) = ("crates/readers/src/formats/whatsapp_txt.rs", "//! x\n");
    const FIXTURE: (&str, &str) = ("crates/readers/fixtures/whatsapp_txt/damaged_line/input/chat.txt", "x");

    #[test]
    fn nothing_there_is_fine_and_so_is_a_complete_thing() {
        assert!(registries(&Tree::from_texts(&[])).is_empty());
        assert!(registries(&Tree::from_texts(&[LIST, READER, FIXTURE])).is_empty());
    }

    #[test]
    fn a_file_missing_in_the_list_is_found() {
        let stranger = ("crates/readers/src/formats/signal_json.rs", "//! x\n");
        let fixture = ("crates/readers/fixtures/signal_json/damaged.json", "x");
        assert_eq!(registries(&Tree::from_texts(&[LIST, stranger, fixture])).len(), 1);
        let check = ("crates/check/src/checks/android_accessibility.rs", "//! x\n");
        assert_eq!(registries(&Tree::from_texts(&[check])).len(), 1);
        let list = ("crates/check/src/registry.rs", "list![android_accessibility];\n");
        assert!(registries(&Tree::from_texts(&[check, list])).is_empty());
    }

    #[test]
    fn a_format_without_a_damaged_fixture_is_found() {
        let whole = ("crates/readers/fixtures/whatsapp_txt/plain/input/chat.txt", "x");
        assert_eq!(registries(&Tree::from_texts(&[LIST, READER, whole])).len(), 1);
    }
}
