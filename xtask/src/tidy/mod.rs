//! Tidy: each rule of the house that a machine can check, one file per subject, all named in [`RULES`].
//!
//! A rule reads the [`Tree`] and gives [`Problem`]s; it changes nothing. To add one: write the file with
//! tests that show it failing on bad text, and name it in the list.

mod code;
mod dependencies;
mod documents;
mod fences;
mod files;
mod locales;
mod manifest;
mod registries;
mod rooms;
mod tree;
mod words;

use std::fmt;

pub(crate) use tree::Tree;

/// What a rule is: it reads the whole tree and gives what breaks it.
type Rule = fn(&Tree) -> Vec<Problem>;

/// Every rule, by name.
const RULES: &[(&str, Rule)] = &[
    ("header", files::header),
    ("length", files::length),
    ("columns", files::columns),
    ("unfinished", words::unfinished),
    ("banned words", words::banned),
    ("machine paths", words::machine_paths),
    ("registry hosts", words::registry_hosts),
    ("dependency reasons", dependencies::reasons),
    ("attribution", dependencies::attributed),
    ("workspace dependencies", dependencies::inherited),
    ("rooms", rooms::direction),
    ("fences", fences::fences),
    ("exemptions", fences::exemptions),
    ("locales", locales::same_messages),
    ("documents", documents::title),
    ("registries", registries::registries),
];

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Path in the tree, `/` between components.
    path: String,
    /// Counted from 1; 0 when the problem is the file or folder as a whole.
    line: usize,
    /// What is wrong and what to do instead.
    text: String,
}

impl Problem {
    fn new(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// Everything that breaks a rule, in the order of the rules; the rule's name stands in front of the text.
pub(crate) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut all = Vec::new();
    for (name, rule) in RULES {
        for mut problem in rule(tree) {
            problem.text = format!("{name}: {}", problem.text);
            all.push(problem);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let tree = Tree::load(crate::workspace()).unwrap();
        assert!(tree.len() > 20, "only {} files found: is this the workspace?", tree.len());
        let problems = problems(&tree);
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(list.is_empty(), "\n{}\n{} problems", list.join("\n"), list.len());
    }

    #[test]
    fn the_name_of_the_rule_is_shown() {
        let tree = Tree::from_texts(&[("crates/model/src/lib.rs", "pub fn f() {}\n")]);
        let shown = problems(&tree).first().map(ToString::to_string).unwrap();
        assert!(shown.starts_with("crates/model/src/lib.rs:1: header: "), "{shown}");
    }
}
