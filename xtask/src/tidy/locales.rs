//! The languages say the same things: every message of one is a message of the other, with the same
//! variables.
//!
//! Reads the lines of Fluent files (`locales/<tag>/<name>.ftl`) as far as the comparison needs: messages,
//! terms, attributes and `$variables`. It does not check that a text is a good translation.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, Tree, tree::File};

/// The language the others are compared with.
const FIRST: &str = "en";
/// The languages that must be complete.
const COMPLETE: &[&str] = &["de"];

/// The variables of every message and attribute (`message.attribute`) of one file, with the line it begins
/// on.
type Messages = BTreeMap<String, (usize, BTreeSet<String>)>;

/// Compares file by file and message by message.
pub(super) fn same_messages(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for tag in COMPLETE {
        let first = languages(tree, FIRST, &mut problems);
        let other = languages(tree, tag, &mut problems);
        let names: BTreeSet<&String> = first.keys().chain(other.keys()).collect();
        for name in names {
            let nothing = Messages::new();
            let (left, right) = (first.get(name).unwrap_or(&nothing), other.get(name).unwrap_or(&nothing));
            compare(&format!("locales/{FIRST}/{name}"), left, tag, right, &mut problems);
            compare(&format!("locales/{tag}/{name}"), right, FIRST, left, &mut problems);
        }
    }
    problems
}

/// The files of one language, by path below its folder.
fn languages(tree: &Tree, tag: &str, problems: &mut Vec<Problem>) -> BTreeMap<String, Messages> {
    let folder = format!("locales/{tag}");
    let files = tree.below(&folder).filter(|file| file.has_extension("ftl"));
    files.map(|file| (file.path[folder.len() + 1..].to_owned(), messages(file, problems))).collect()
}

/// What `here` has and `there` lacks, and variables that `there` does not use.
fn compare(path: &str, here: &Messages, there_tag: &str, there: &Messages, problems: &mut Vec<Problem>) {
    for (id, (line, variables)) in here {
        match there.get(id) {
            None => problems.push(Problem::new(path, *line, format!("`{id}` is missing in `{there_tag}`"))),
            Some((_, others)) => {
                for variable in variables.difference(others) {
                    let text = format!("`{id}` says ${variable} here and not in `{there_tag}`");
                    problems.push(Problem::new(path, *line, text));
                }
            }
        }
    }
}

fn messages(file: &File, problems: &mut Vec<Problem>) -> Messages {
    let mut all = Messages::new();
    let mut message = String::new();
    let mut current = String::new();
    for (number, line) in file.lines().filter(|(_, line)| !line.starts_with('#')) {
        let begun = if let Some(id) = identifier(line) {
            id.clone_into(&mut message);
            Some(id.to_owned())
        } else {
            let attribute = line.strip_prefix(' ').and_then(|rest| rest.trim_start().strip_prefix('.'));
            attribute.and_then(identifier).map(|name| format!("{message}.{name}"))
        };
        if let Some(id) = begun {
            if all.insert(id.clone(), (number, BTreeSet::new())).is_some() {
                problems.push(Problem::new(&file.path, number, format!("`{id}` stands here twice")));
            }
            current = id;
        }
        if let Some((_, variables)) = all.get_mut(&current) {
            variables.extend(variables_in(line));
        }
    }
    all
}

/// The identifier in front of ` =`, if the line begins with one; a term keeps its `-`.
fn identifier(line: &str) -> Option<&str> {
    let (id, _) = line.split_once('=')?;
    let id = id.trim_end();
    let mut characters = id.strip_prefix('-').unwrap_or(id).chars();
    let first = characters.next()?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (first.is_ascii_alphabetic() && characters.all(fits)).then_some(id)
}

fn variables_in(line: &str) -> impl Iterator<Item = String> {
    line.split('$').skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(english: &str, german: &str) -> Vec<String> {
        let tree = Tree::from_texts(&[("locales/en/cli.ftl", english), ("locales/de/cli.ftl", german)]);
        same_messages(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_same_messages_are_fine() {
        let english = "# Comment = x\n-name = Asservat\nsaved = { $count ->\n    [one] One file\n   \
                       *[other] { $count } files\n }\n    .title = Saved\n";
        let german = "-name = Asservat\n\nsaved = { $count } Dateien\n    .title = Gesichert\n";
        assert_eq!(found(english, german), Vec::<String>::new());
    }

    #[test]
    fn a_missing_message_is_found_in_either_language() {
        assert_eq!(found("a = x\nb = y\n", "a = x\n"), ["locales/en/cli.ftl:2: `b` is missing in `de`"]);
        assert_eq!(found("a = x\n", "a = x\nb = y\n"), ["locales/de/cli.ftl:2: `b` is missing in `en`"]);
        assert_eq!(
            found("a = x\n    .t = y\n", "a = x\n"),
            ["locales/en/cli.ftl:2: `a.t` is missing in `de`"]
        );
    }

    #[test]
    fn a_missing_file_is_found() {
        let tree = Tree::from_texts(&[("locales/en/cli.ftl", "a = x\n")]);
        assert_eq!(same_messages(&tree).len(), 1);
    }

    #[test]
    fn a_lost_variable_and_a_double_message_are_found() {
        assert_eq!(
            found("a = { $n } of { $m }\n", "a = { $m }\n"),
            ["locales/en/cli.ftl:1: `a` says $n here and not in `de`"]
        );
        assert_eq!(found("a = x\na = y\n", "a = x\n"), ["locales/en/cli.ftl:2: `a` stands here twice"]);
    }
}
