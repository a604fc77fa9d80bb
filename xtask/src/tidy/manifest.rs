//! The little of a `Cargo.toml` that the rules need: its sections and their entries, line by line.
//!
//! Not a TOML reader: an entry that runs over several lines is seen by its first line only, and a section
//! whose name holds a dependency (`[dependencies.serde]`) is given as the entry it means.

use super::tree::File;

/// One line `key = value` of a manifest.
pub(super) struct Entry<'a> {
    /// Counted from 1.
    pub(super) line: usize,
    /// The section it stands in, without brackets.
    pub(super) section: &'a str,
    /// The key up to the first dot or space: the dependency's name.
    pub(super) name: &'a str,
    /// The whole line.
    pub(super) text: &'a str,
}

impl Entry<'_> {
    /// What kind of dependency it is, if it is one.
    pub(super) fn dependency(&self) -> Option<Dependency> {
        match self.section.rsplit('.').next().unwrap_or(self.section) {
            _ if self.section.starts_with("workspace") => None,
            "dependencies" | "build-dependencies" => Some(Dependency::Shipped),
            "dev-dependencies" => Some(Dependency::TestsOnly),
            _ => None,
        }
    }

    /// Is the version taken from the workspace?
    pub(super) fn is_inherited(&self) -> bool {
        let text: String = self.text.split_whitespace().collect();
        text.contains("workspace=true")
    }
}

/// Whether a dependency is part of what is shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dependency {
    /// Part of the program, or of building it.
    Shipped,
    /// Tests only.
    TestsOnly,
}

/// The entries of a manifest in their order.
pub(super) fn entries(file: &File) -> Vec<Entry<'_>> {
    let mut section = "";
    let mut entries = Vec::new();
    for (line, text) in file.lines() {
        let trimmed = text.trim();
        if let Some(header) = trimmed.strip_prefix('[') {
            section = header.split(']').next().unwrap_or_default();
        } else if !trimmed.starts_with('#') && trimmed.contains('=') {
            let name = trimmed.split(['.', ' ', '=']).next().unwrap_or_default();
            entries.push(Entry { line, section, name, text });
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use super::*;

    #[test]
    fn sections_names_and_kinds() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nmodel.workspace = true\n# x = 1\n\
                    [target.'cfg(windows)'.dependencies]\nx = { workspace = true }\n[dev-dependencies]\n\
                    y = \"1\"\n[workspace.dependencies]\nz = \"1\"\n";
        let tree = Tree::from_texts(&[("Cargo.toml", text)]);
        let file = tree.files().next().unwrap();
        let found: Vec<_> = entries(file)
            .iter()
            .map(|entry| (entry.name, entry.dependency(), entry.is_inherited()))
            .collect();
        assert_eq!(
            found,
            [
                ("name", None, false),
                ("model", Some(Dependency::Shipped), true),
                ("x", Some(Dependency::Shipped), true),
                ("y", Some(Dependency::TestsOnly), false),
                ("z", None, false),
            ]
        );
    }
}
