//! Rules on dependencies: each is a guest, named once in the workspace with the reason it is there.

use super::manifest::{Entry, entries};
use super::{Problem, Tree};

/// Every dependency of the workspace says behind a `#` what it is for; our own rooms say it themselves.
pub(super) fn reasons(tree: &Tree) -> Vec<Problem> {
    guests(tree)
        .into_iter()
        .filter(|entry| entry.text.rsplit_once('#').is_none_or(|(_, reason)| reason.trim().len() < 3))
        .map(|entry| {
            let text = format!("say behind a `#` what `{}` is for", entry.name);
            Problem::new("Cargo.toml", entry.line, text)
        })
        .collect()
}

/// Every dependency of the workspace is attributed in NOTICE, at the beginning of a line.
pub(super) fn attributed(tree: &Tree) -> Vec<Problem> {
    let notice = tree.text("NOTICE").unwrap_or_default();
    let named = |name: &str| notice.lines().any(|line| line.split_whitespace().next() == Some(name));
    guests(tree)
        .into_iter()
        .filter(|entry| !named(entry.name))
        .map(|entry| {
            let text = format!("name `{}` in NOTICE, with its licence and authors", entry.name);
            Problem::new("Cargo.toml", entry.line, text)
        })
        .collect()
}

/// The dependencies of the workspace that others made.
fn guests(tree: &Tree) -> Vec<Entry<'_>> {
    let manifest = tree.files().find(|file| file.path == "Cargo.toml");
    let entries = manifest.map(entries).unwrap_or_default().into_iter();
    entries
        .filter(|entry| entry.section == "workspace.dependencies" && !entry.text.contains("path = \"crates/"))
        .collect()
}

/// Every crate takes its dependencies from the workspace, so each has one version and one reason.
pub(super) fn inherited(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.files().filter(|file| is_member(&file.path)) {
        for entry in entries(file) {
            if entry.dependency().is_some() && !entry.is_inherited() {
                let text = format!("take `{0}` from the workspace: `{0}.workspace = true`", entry.name);
                problems.push(Problem::new(&file.path, entry.line, text));
            }
            let section = entry.section.rsplit_once("dependencies.");
            if section.is_some_and(|(before, _)| before.is_empty() || before.ends_with(['-', '.'])) {
                let text = "write the dependency on one line, so that it can be checked";
                problems.push(Problem::new(&file.path, entry.line, text));
            }
        }
    }
    problems
}

/// The manifest of a crate of this workspace.
fn is_member(path: &str) -> bool {
    matches!(path, "xtask/Cargo.toml" | "xtask/make/Cargo.toml")
        || path
            .strip_prefix("crates/")
            .is_some_and(|rest| rest.split('/').count() == 2 && rest.ends_with("/Cargo.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        let text = "[workspace.dependencies]\n# Formats.\nmodel = { path = \"crates/model\" }\n\
                    serde = \"1\" # JSON\ntar = \"0.4\"\nage = \"1\" #\n[profile.dev]\ndebug = false\n";
        let found: Vec<usize> =
            reasons(&Tree::from_texts(&[("Cargo.toml", text)])).into_iter().map(|p| p.line).collect();
        assert_eq!(found, [5, 6]);
    }

    #[test]
    fn a_dependency_that_notice_does_not_name_is_found() {
        let text = "[workspace.dependencies]\nmodel = { path = \"crates/model\" }\nserde = \"1\" # JSON\n\
                    serde_json = \"1\" # JSON\n";
        let tree = Tree::from_texts(&[("Cargo.toml", text), ("NOTICE", "Asservat\n  serde_json — MIT\n")]);
        let found: Vec<usize> = attributed(&tree).into_iter().map(|p| p.line).collect();
        assert_eq!(found, [3]);
        assert_eq!(attributed(&Tree::from_texts(&[("Cargo.toml", text)])).len(), 2);
    }

    #[test]
    fn a_version_of_its_own_is_found() {
        let text = "[dependencies]\nmodel.workspace = true\ntar = \"0.4\"\n\
                    age = { workspace = true }\n[target.'cfg(unix)'.dependencies]\nx = \"1\"\n\
                    [dev-dependencies]\ny = { path = \"../y\" }\n\
                    [dependencies.serde]\nversion = \"1\"\n";
        let found: Vec<usize> = inherited(&Tree::from_texts(&[("crates/a/Cargo.toml", text)]))
            .into_iter()
            .map(|p| p.line)
            .collect();
        assert_eq!(found, [3, 6, 8, 10]);
        assert!(inherited(&Tree::from_texts(&[("fuzz/Cargo.toml", text)])).is_empty());
    }
}
