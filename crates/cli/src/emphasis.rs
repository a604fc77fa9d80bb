//! What stands out on a terminal, and foreign text that runs from right to left.
//!
//! Bold only where text goes to a terminal that wants it; everywhere else nothing is added, and what is
//! marked has brackets. Deliberately no colours: nothing here is good or bad.

use std::io::{self, IsTerminal};

use crate::shown::shown;

/// Whether something may stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emphasis {
    /// In bold.
    Bold,
    /// Not at all.
    Plain,
}

impl Emphasis {
    /// For the standard output of this run.
    pub(crate) fn of_output() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        // An old console of Windows would show the escapes.
        let understands = !cfg!(windows) || set("WT_SESSION") || set("TERM");
        if io::stdout().is_terminal() && understands && !dumb && !set("NO_COLOR") {
            Self::Bold
        } else {
            Self::Plain
        }
    }

    /// A text that may stand out; it must be safe to print.
    pub(crate) fn strong(self, text: &str) -> String {
        match self {
            Self::Bold => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Self::Plain => text.to_owned(),
        }
    }

    /// A hit in foreign text: bold, or in brackets.
    pub(crate) fn hit(self, text: &str) -> String {
        match self {
            Self::Bold => self.strong(&shown(text)),
            Self::Plain => format!("[{}]", shown(text)),
        }
    }
}

/// Foreign text, escaped and, where it runs from right to left, kept apart from what stands beside it.
pub(crate) fn foreign(text: &str) -> String {
    isolated(&shown(text))
}

/// A text that is escaped already, kept apart if any of it runs from right to left.
pub(crate) fn isolated(text: &str) -> String {
    let runs_left = text.chars().any(|c| {
        matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe | 0x10800..=0x10fff
            | 0x1e800..=0x1efff)
    });
    if runs_left { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_from_right_to_left_is_kept_apart() {
        assert_eq!(foreign("Wo bist du?"), "Wo bist du?");
        assert_eq!(foreign("أين أنت"), "\u{2068}أين أنت\u{2069}");
        assert_eq!(foreign("\u{202e}x"), "\\u{202e}x");
        assert_eq!(Emphasis::Plain.hit("a\u{1b}b"), "[a\\u{1b}b]");
        assert_eq!(Emphasis::Bold.hit("ab"), "\u{1b}[1mab\u{1b}[0m");
    }
}
