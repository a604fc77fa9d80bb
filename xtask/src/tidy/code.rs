//! The code of a Rust file that is part of the program: comments, texts and tests taken away, lines kept.
//!
//! A reader of characters, not of the language: it knows line and block comments, strings, raw strings and
//! characters. Tests stand last in a file, so what follows a `#[cfg(test)]` in front of a module is left out
//! to the end.

/// The lines of the program with their numbers from 1. What is inside quotes or a comment is blank.
pub(super) fn program_lines(text: &str) -> Vec<(usize, String)> {
    let blanked = blank(text);
    let lines: Vec<&str> = blanked.lines().collect();
    let end = (0..lines.len()).find(|at| begins_tests(&lines, *at)).unwrap_or(lines.len());
    lines.into_iter().take(end).enumerate().map(|(index, line)| (index + 1, line.to_owned())).collect()
}

/// `#[cfg(test)]`, then perhaps further attributes, then a module with a body.
fn begins_tests(lines: &[&str], at: usize) -> bool {
    let is_mark = |line: &&str| {
        let line = line.trim();
        line == "#[cfg(test)]" || line.starts_with("#[cfg(all(test,")
    };
    let mut below = lines.iter().skip(at).map(|line| line.trim()).filter(|line| !line.is_empty());
    lines.get(at).is_some_and(is_mark)
        && below.find(|line| !line.starts_with("#[")).is_some_and(|line| {
            line.trim_start_matches("pub(crate) ").starts_with("mod ") && line.ends_with('{')
        })
}

/// The text with comments and the insides of quotes replaced by spaces.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = raw_string(rest, &out) {
            length
        } else if first == '"' {
            string(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if skipped == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            let (inside, after) = rest.split_at(skipped);
            out.extend(inside.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = after;
        }
    }
    out
}

/// Length of a block comment, nested ones included.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Length of a string in quotes, escapes heeded.
fn string(text: &str) -> usize {
    let mut escaped = true;
    for (at, c) in text.char_indices() {
        match c {
            '"' if at > 0 && !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Length of a raw string (`r"…"`, `r#"…"#`, `br#"…"#`), if one begins here.
fn raw_string(text: &str, before: &str) -> Option<usize> {
    if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let marks = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = marks.len() - marks.trim_start_matches('#').len();
    let inside = marks[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let begin = text.len() - inside.len();
    Some(inside.find(&end).map_or(text.len(), |at| begin + at + end.len()))
}

/// Length of a character in quotes; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text[1..].chars();
    match inside.next() {
        Some('\\') => text.get(3..).and_then(|rest| rest.find('\'')).map_or(text.len(), |at| at + 4),
        Some(c) if inside.next() == Some('\'') => 2 + c.len_utf8(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(text: &str) -> String {
        let lines: Vec<String> = program_lines(text).into_iter().map(|(_, line)| line).collect();
        lines.join("\n").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_texts_are_blank() {
        assert_eq!(program("a(); // b()\n/* c() /* d() */ e() */ f();"), "a(); f();");
        assert_eq!(program("a(\"x \\\" b()\"); c(r#\"d() \" \"#); e(b\"f()\");"), "a( ); c( ); e(b );");
        assert_eq!(
            program("let q = '\"'; a(); let l: &'a str = x; '\\'' '\\u{1F}' b()"),
            "let q = ; a(); let l: &'a str = x; b()"
        );
        assert_eq!(program("for r in x {} var\"a\" \"open"), "for r in x {} var");
    }

    #[test]
    fn tests_are_left_out_but_a_test_helper_is_not() {
        assert_eq!(program("a();\n#[cfg(test)]\nmod tests {\n b();\n}\n"), "a();");
        assert_eq!(program("#[cfg(test)]\n#[expect(x)]\npub(crate) mod tests {\n b();\n}\n"), "");
        assert_eq!(program("#[cfg(all(test, unix))]\nmod tests {\n b();\n}\n"), "");
        assert_eq!(program("#[cfg(test)]\nmod tests;\na();\n"), "#[cfg(test)] mod tests; a();");
        assert_eq!(program("#[cfg(test)]\nfn helper() {}\na();"), "#[cfg(test)] fn helper() {} a();");
    }

    #[test]
    fn line_numbers_stay() {
        let lines = program_lines("a\n\"b\nc\"\nd");
        assert_eq!(lines.last(), Some(&(4, "d".to_owned())));
    }
}
