//! Long lines broken at blanks for a terminal, with what follows moved in as far as the line began.
//!
//! Only for people: what goes into a file or a pipe is never folded.

/// Narrower than this nothing can be read; wider lines are hard to follow.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// The text with every line at most as wide as the terminal, as far as blanks allow.
pub(crate) fn fold(text: &str, width: usize) -> String {
    let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
    text.lines().map(|line| fold_line(line, width)).collect::<Vec<_>>().join("\n")
}

fn fold_line(line: &str, width: usize) -> String {
    if columns(line) <= width {
        return line.to_owned();
    }
    let blanks = line.chars().take_while(|character| *character == ' ').count();
    let hanging = if line.trim_start().starts_with("- ") { blanks.saturating_add(2) } else { blanks };
    let hanging = hanging.min(width / 2);
    let mut folded = " ".repeat(blanks);
    let (mut column, mut is_first) = (blanks, true);
    for word in line.trim_start().split(' ') {
        let length = columns(word);
        if !is_first && column.saturating_add(1).saturating_add(length) > width {
            folded.push('\n');
            folded.push_str(&" ".repeat(hanging));
            column = hanging;
        } else if !is_first {
            folded.push(' ');
            column = column.saturating_add(1);
        }
        folded.push_str(word);
        column = column.saturating_add(length);
        is_first = false;
    }
    folded
}

/// How many columns a text takes: what only makes it bold takes none.
fn columns(text: &str) -> usize {
    let mut columns: usize = 0;
    let mut is_escape = false;
    for c in text.chars() {
        is_escape = is_escape || c == '\u{1b}';
        columns = columns.saturating_add(usize::from(!is_escape));
        is_escape = is_escape && c != 'm';
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_hang() {
        let text = format!("short\n  - {}", "wort ".repeat(20).trim_end());
        let folded = fold(&text, 40);
        assert!(folded.lines().all(|line| line.chars().count() <= 40), "{folded}");
        assert!(folded.lines().skip(2).all(|line| line.starts_with("    wort")), "{folded}");
        assert_eq!(folded.split_whitespace().count(), text.split_whitespace().count());
        assert_eq!(columns("\u{1b}[1mbold\u{1b}[0m"), 4);
        // A word that is too long stays whole.
        assert_eq!(fold(&"x".repeat(200), 40), "x".repeat(200));
    }
}
