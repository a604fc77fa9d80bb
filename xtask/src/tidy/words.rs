//! Rules on words that must not stand anywhere: promises nobody can keep, unfinished work, places of one
//! machine.
//!
//! A line that must name such a word because it *is* the ban carries the words [`MARK`] on the same line.
//! Test data is left alone, it may hold anything.

use super::{Problem, Tree, tree::File};

/// On a line with this mark a word may stand, because the line forbids it.
const MARK: &str = "names the ban";

/// Asservat proves since when a thing is unchanged. It never says that a phone is free of anything, or what a
/// court will think. In lower case.
const BANNED: &[&str] = &[
    "court-proof",    // names the ban
    "court proof",    // names the ban
    "courtproof",     // names the ban
    "gerichtsfest",   // names the ban
    "gerichtssicher", // names the ban
    "is clean",       // names the ban
    "are clean",      // names the ban
    "ist sauber",     // names the ban
    "sind sauber",    // names the ban
    "100% safe",      // names the ban
    "100 % sicher",   // names the ban
];
/// Where people read: there no such word may stand.
const READ_BY_PEOPLE: &[&str] = &["locales/", "rules/", "docs/", "crates/", "start", "README", "SECURITY"];

/// Marks of unfinished work. The issue tracker is their place.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "todo!", "unimplemented!", "dbg!"]; // names the ban

/// Places that exist on one machine only.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/fa", "rm/"), concat!("/ro", "ot/")];

/// Packages are named, never the hosts they come from.
const HOSTS: &[&str] = &[
    concat!("index.crates.", "io"),        // names the ban
    concat!("static.crates.", "io"),       // names the ban
    concat!("pypi.", "org"),               // names the ban
    concat!("pythonhosted.", "org"),       // names the ban
    concat!("registry.npm", "js.", "org"), // names the ban
    concat!("deb.debian.", "org"),         // names the ban
    concat!("security.debian.", "org"),    // names the ban
    concat!("proxy.golang.", "org"),       // names the ban
];
/// Files written by a program, which names hosts as it likes.
const WRITTEN_BY_PROGRAMS: &[&str] = &["Cargo.lock", "fuzz/Cargo.lock"];

/// No promise that nobody can keep.
pub(super) fn banned(tree: &Tree) -> Vec<Problem> {
    let read = |file: &&File| READ_BY_PEOPLE.iter().any(|place| file.path.starts_with(place));
    let lower = |line: &str, word: &str| line.to_lowercase().contains(word);
    search(tree.files().filter(read), BANNED, lower, "is a promise nobody can keep")
}

/// No mark of unfinished work.
pub(super) fn unfinished(tree: &Tree) -> Vec<Problem> {
    let files = tree.files().filter(|file| file.path != "LICENSE");
    search(files, UNFINISHED, stands_alone, "finish it, or open an issue")
}

/// No place that exists on one machine only.
pub(super) fn machine_paths(tree: &Tree) -> Vec<Problem> {
    let begins = |line: &str, path: &str| {
        line.match_indices(path)
            .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_-.)}>*".contains(c)))
    };
    search(tree.files(), MACHINE_PATHS, begins, "exists on one machine only")
}

/// No host of a package registry.
pub(super) fn registry_hosts(tree: &Tree) -> Vec<Problem> {
    let by_hand = tree.files().filter(|file| !WRITTEN_BY_PROGRAMS.contains(&file.path.as_str()));
    search(by_hand, HOSTS, |line, host| line.contains(host), "name the package, not the host")
}

/// Is the word there, not as a part of a longer one?
fn stands_alone(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        let goes_on = word.ends_with(part) && after.starts_with(part);
        !goes_on && !before.ends_with(part)
    })
}

fn search<'a>(
    files: impl Iterator<Item = &'a File>,
    words: &[&str],
    holds: impl Fn(&str, &str) -> bool,
    why: &str,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files.filter(|file| !file.is_test_data()) {
        for (number, line) in file.lines().filter(|(_, line)| !line.contains(MARK)) {
            for word in words.iter().filter(|word| holds(line, word)) {
                problems.push(Problem::new(&file.path, number, format!("`{word}`: {why}")));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines on which a rule finds something in this text.
    fn lines(rule: fn(&Tree) -> Vec<Problem>, path: &str, text: &str) -> Vec<usize> {
        rule(&Tree::from_texts(&[(path, text)])).into_iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn every_banned_word_is_found_in_any_case() {
        for word in BANNED {
            assert_eq!(
                lines(banned, "locales/en/a.ftl", &format!("a = {}", word.to_uppercase())),
                [1],
                "{word}"
            );
        }
        assert!(lines(banned, "locales/en/a.ftl", "a = No signs were found.").is_empty());
        assert!(lines(banned, "xtask/src/x.rs", &BANNED.join(" ")).is_empty());
    }

    #[test]
    fn a_marked_line_and_test_data_may_hold_it() {
        let word = BANNED[0];
        assert!(lines(banned, "docs/a.md", &format!("never say {word} <!-- {MARK} -->")).is_empty());
        assert!(lines(banned, "crates/a/fixtures/x/input.txt", word).is_empty());
        assert_eq!(lines(banned, "docs/a.md", &format!("good\nnever say {word}")), [2]);
    }

    #[test]
    fn unfinished_work_is_found_as_a_word_of_its_own() {
        for word in UNFINISHED {
            assert_eq!(lines(unfinished, "crates/a/src/x.rs", &format!("    {word}(1);")), [1], "{word}");
            assert!(lines(unfinished, "crates/a/src/x.rs", &format!("my_{word}")).is_empty(), "{word}");
        }
        assert!(lines(unfinished, "a.rs", &["MASTO", "DON"].join("")).is_empty());
    }

    #[test]
    fn machine_paths_are_found_where_a_path_begins() {
        for path in MACHINE_PATHS {
            assert_eq!(lines(machine_paths, "check", &format!("cd {path}main")), [1], "{path}");
            assert_eq!(lines(machine_paths, "a.rs", &format!("open(\"{path}x\")")), [1], "{path}");
            assert!(lines(machine_paths, "a.rs", &format!("data{path}x")).is_empty(), "{path}");
        }
    }

    #[test]
    fn hosts_are_found_but_not_in_what_cargo_writes() {
        for host in HOSTS {
            assert_eq!(lines(registry_hosts, "check", &format!("curl https://{host}/x")), [1], "{host}");
            assert!(lines(registry_hosts, "Cargo.lock", host).is_empty(), "{host}");
        }
    }
}
