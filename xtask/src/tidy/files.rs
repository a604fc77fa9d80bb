//! Rules on the shape of a Rust file: its header, its length, its width.

use super::{Problem, Tree};

/// A file longer than this says why in its header.
const LINES_MAX: usize = 600;
/// The words that begin the reason.
const REASON: &str = "Long because";
/// The width that rustfmt keeps for code; here it holds for comments and texts too.
const COLUMNS_MAX: usize = 110;
/// A word longer than this (a key, a hash, base64) cannot be broken, and excuses its line.
const WORD_MAX: usize = 70;

/// Every Rust file begins with `//!`: what it is in one sentence.
pub(super) fn header(tree: &Tree) -> Vec<Problem> {
    tree.rust()
        .filter(|file| {
            let first = file.text.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
            first.strip_prefix("//!").is_none_or(|words| words.trim().is_empty())
        })
        .map(|file| Problem::new(&file.path, 1, "begin with `//!` and one sentence saying what this is"))
        .collect()
}

/// A long file says why it is long.
pub(super) fn length(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.rust() {
        let count = file.lines().count();
        let reason = file.lines().take_while(|(_, line)| line.starts_with("//!"));
        if count > LINES_MAX && !reason.into_iter().any(|(_, line)| line.contains(REASON)) {
            let text = format!("{count} lines: split it, or say in the header `{REASON} …`");
            problems.push(Problem::new(&file.path, 0, text));
        }
    }
    problems
}

/// No line is wider than the page.
pub(super) fn columns(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.rust() {
        for (number, line) in file.lines() {
            let width = line.chars().count();
            let unbreakable = || line.split_whitespace().any(|word| word.chars().count() > WORD_MAX);
            if width > COLUMNS_MAX && !unbreakable() {
                let text = format!("{width} columns, at most {COLUMNS_MAX}");
                problems.push(Problem::new(&file.path, number, text));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_header_is_found() {
        let good = ("a/src/good.rs", "//! What it is.\n");
        let bad = Tree::from_texts(&[
            good,
            ("a/src/bare.rs", "fn f() {}\n"),
            ("a/src/comment.rs", "// What it is.\n"),
            ("a/src/nothing.rs", ""),
            ("a/src/wordless.rs", "//!\n//! Late.\n"),
            ("a/fixtures/data.rs", "fn f() {}\n"),
        ]);
        let found: Vec<String> = header(&bad).into_iter().map(|problem| problem.path).collect();
        assert_eq!(found, ["a/src/bare.rs", "a/src/comment.rs", "a/src/nothing.rs", "a/src/wordless.rs"]);
        assert!(header(&Tree::from_texts(&[good])).is_empty());
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        let body = "fn f() {}\n".repeat(LINES_MAX);
        let bare = format!("//! What it is.\n{body}");
        let reasoned = format!("//! What it is.\n//! {REASON} the table is one.\n{body}");
        let late = format!("//! What it is.\n{body}//! {REASON} so.\n");
        assert_eq!(length(&Tree::from_texts(&[("a.rs", &bare)])).len(), 1);
        assert_eq!(length(&Tree::from_texts(&[("a.rs", &late)])).len(), 1);
        assert!(length(&Tree::from_texts(&[("a.rs", &reasoned)])).is_empty());
    }

    #[test]
    fn width_is_counted_in_characters() {
        let fits = "üü ".repeat(COLUMNS_MAX / 3);
        let wide = format!("// fits\n{}", "x ".repeat(COLUMNS_MAX / 2 + 1));
        let key = format!("let seed = \"{}\"; // {}", "0".repeat(WORD_MAX), "why ".repeat(10));
        assert!(columns(&Tree::from_texts(&[("a.rs", &fits), ("b.rs", &key)])).is_empty());
        assert_eq!(
            columns(&Tree::from_texts(&[("a.rs", &wide)])).first().map(|problem| problem.line),
            Some(2)
        );
    }
}
