//! The files of the workspace as the rules see them: path and text.
//!
//! Builds, scratch folders and the version control's own files are left out. Files that are not UTF-8 keep
//! their path but have no text. Symbolic links are not followed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Where version control keeps its own: a folder, or in a second working copy a file.
const VERSION_CONTROL: &str = ".git";
/// Folders that are not part of the source, wherever they lie.
const SKIPPED: &[&str] = &["target", "node_modules", "artifacts", "corpus", "coverage"];
/// Folders at the top that begin with this are what the demonstration left.
const DEMONSTRATIONS: &str = "asservat-demo";

/// One file.
pub(crate) struct File {
    /// Path from the top, `/` between components.
    pub(super) path: String,
    /// Absent when the bytes are not UTF-8.
    pub(super) text: Option<String>,
}

impl File {
    /// The text's lines with their numbers from 1; none for a file without text.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.as_deref().unwrap_or_default().lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Does the name end in this extension (given without the dot)?
    pub(super) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// The file's name without folder and extension.
    pub(super) fn stem(&self) -> &str {
        Path::new(&self.path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
    }

    /// Is it data for a test and not written by hand? The rules on words and columns leave it alone.
    pub(super) fn is_test_data(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "fixtures" | "testdata" | "seeds" | "vectors"))
            || self.path.contains("/proptest-regressions/")
    }
}

/// All files, by path.
pub(crate) struct Tree {
    files: BTreeMap<String, File>,
}

impl Tree {
    /// Reads everything below `top`.
    ///
    /// # Errors
    /// What the file system says when a folder or file cannot be read.
    pub(crate) fn load(top: &Path) -> io::Result<Self> {
        let mut tree = Self { files: BTreeMap::new() };
        tree.add_folder(top, "")?;
        Ok(tree)
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name == VERSION_CONTROL {
                continue;
            }
            let kind = entry.file_type()?;
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                let skipped = SKIPPED.contains(&name.as_str())
                    || (prefix.is_empty() && name.starts_with(DEMONSTRATIONS));
                if !skipped {
                    self.add_folder(&entry.path(), &format!("{path}/"))?;
                }
            } else if kind.is_file() {
                let text = String::from_utf8(fs::read(entry.path())?).ok();
                self.files.insert(path.clone(), File { path, text });
            }
        }
        Ok(())
    }

    /// The number of files.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// Every file, by path.
    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// Every file below a folder (given without the slash at the end).
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = &File> {
        let prefix = format!("{folder}/");
        self.files.values().filter(move |file| file.path.starts_with(&prefix))
    }

    /// Every Rust file.
    pub(super) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| file.has_extension("rs") && !file.is_test_data())
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.text.as_deref()
    }

    #[cfg(test)]
    pub(super) fn from_texts(texts: &[(&str, &str)]) -> Self {
        let file =
            |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: Some((*text).to_owned()) };
        Self { files: texts.iter().map(file).map(|file| (file.path.clone(), file)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "no evidence here, and no dependency for one scratch folder"
    )]
    fn builds_and_version_control_are_left_out() {
        let top = std::env::temp_dir().join(format!("asservat-tidy-{}", std::process::id()));
        for folder in ["src", "target/debug", ".git", "asservat-demo-2", "crates/a/demo"] {
            fs::create_dir_all(top.join(folder)).unwrap();
            fs::write(top.join(folder).join("x.rs"), "text").unwrap();
        }
        fs::write(top.join("src/bytes"), [0xFF, 0xFE]).unwrap();
        fs::write(top.join("src/.git"), "gitdir: elsewhere").unwrap();
        let tree = Tree::load(&top).unwrap();
        fs::remove_dir_all(&top).unwrap();
        let paths: Vec<&str> = tree.files().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["crates/a/demo/x.rs", "src/bytes", "src/x.rs"]);
        assert_eq!(tree.text("src/bytes"), None);
        assert_eq!(tree.text("src/x.rs"), Some("text"));
    }
}
