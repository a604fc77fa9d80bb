//! Rules on the documents in `docs/`: each has a title on top.

use super::{Problem, Tree};

/// Every Markdown file in `docs/` begins with a title.
pub(super) fn title(tree: &Tree) -> Vec<Problem> {
    tree.below("docs")
        .filter(|file| file.has_extension("md"))
        .filter(|file| {
            let first = file.text.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
            first.strip_prefix("# ").is_none_or(|title| title.trim().is_empty())
        })
        .map(|file| Problem::new(&file.path, 1, "begin with a title: `# …`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_without_a_title_is_found() {
        let tree = Tree::from_texts(&[
            ("docs/good.md", "# Title\n"),
            ("docs/bare.md", "Text\n"),
            ("docs/deep/small.md", "## Title\n"),
            ("docs/nothing.md", "# \n"),
            ("docs/notes.txt", "Text\n"),
        ]);
        let found: Vec<String> = title(&tree).into_iter().map(|problem| problem.path).collect();
        assert_eq!(found, ["docs/bare.md", "docs/deep/small.md", "docs/nothing.md"]);
    }
}
