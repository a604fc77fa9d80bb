//! Fences: what a room does to the world outside is done in the few places named here, and nowhere else.
//!
//! The text of the program is searched, tests are left out. So it is a fence against a slip, not against
//! intent; clippy's `disallowed-types` stands behind it for the network. Why not clippy for all of it: it has
//! no exemption for tests, and tests write files and start programs on every page.

use super::code::program_lines;
use super::{Problem, Tree};

/// Something that reaches outside, and where it may stand.
struct Fence {
    what: &'static str,
    /// Any of these in the program's text; `*` as the last character stands for any end of the name.
    calls: &'static [&'static str],
    /// Files, or folders with a slash at the end, and why.
    allowed: &'static [(&'static str, &'static str)],
}

const FENCES: &[Fence] = &[
    Fence {
        what: "the network",
        calls: &["std::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream", "ToSocketAddrs"],
        allowed: &[],
    },
    Fence {
        what: "starting programs",
        calls: &["process::Command", "process::{Command", "process::{self", "CommandExt"],
        allowed: &[("crates/confine/src/process.rs", "the worker: this program again, with nothing")],
    },
    Fence {
        what: "the clock",
        calls: &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "TimeZone::system"],
        allowed: &[
            ("crates/cli/src/clock.rs", "reads the clock and hands it in"),
            ("crates/cli/src/progress.rs", "how long something takes, for the person only"),
        ],
    },
    Fence {
        what: "the environment",
        calls: &["std::env", "env::var*", "env::args*", "env::current_dir", "env::home_dir", "env::temp_dir"],
        allowed: &[("crates/cli/src/", "arguments and settings come in here")],
    },
    Fence {
        what: "writing files",
        calls: &[
            "fs::write",
            "fs::rename",
            "fs::copy",
            "fs::remove_*",
            "fs::create_dir*",
            "fs::hard_link",
            "fs::set_permissions",
            "File::create*",
            "File::options",
            "OpenOptions",
            "fs::symlink",
            "fs::symlink_file",
            "fs::symlink_dir",
            "symlinkat",
            "unlinkat",
            "renameat*",
            "mkdirat",
            "DirBuilder",
        ],
        allowed: &[
            ("crates/vault/src/disk.rs", "the store on a disk"),
            ("crates/source/src/windows.rs", "opens for reading, which needs OpenOptions there"),
            ("crates/desk/src/out_folder.rs", "what leaves: under a temporary name, then renamed"),
            ("crates/desk/src/new.rs", "the folder of a new case"),
            ("crates/desk/src/give.rs", "removes here what was given away and compared"),
            ("crates/desk/src/reading/index_file.rs", "puts the finished index in its place"),
            ("crates/desk/src/demo/", "invented data for the demonstration"),
            ("crates/cli/src/commands/receipt.rs", "the receipt, where the person wants it"),
        ],
    },
];

/// Rooms that are no part of the program.
const OUTSIDE: &[&str] = &["xtask/", "fuzz/", "benches/", "e2e/"];

/// Finds every call outside its fence.
pub(super) fn fences(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.rust().filter(|file| !is_exempt(&file.path)) {
        for (number, line) in program_lines(file.text.as_deref().unwrap_or_default()) {
            for fence in FENCES.iter().filter(|fence| !is_allowed(fence, &file.path)) {
                if let Some(call) = fence.calls.iter().find(|call| calls(&line, call)) {
                    let text = format!("`{call}` reaches {}: not from here", fence.what);
                    problems.push(Problem::new(&file.path, number, text));
                }
            }
        }
    }
    problems
}

/// Every exemption is needed: one that nothing uses any more is struck from the table.
pub(super) fn exemptions(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for fence in FENCES {
        for (place, _) in fence.allowed {
            let used = tree.rust().filter(|file| is_in(place, &file.path)).any(|file| {
                let lines = program_lines(file.text.as_deref().unwrap_or_default());
                lines.iter().any(|(_, line)| fence.calls.iter().any(|call| calls(line, call)))
            });
            if !used {
                let text = format!("nothing in `{place}` reaches {} any more: strike it here", fence.what);
                problems.push(Problem::new("xtask/src/tidy/fences.rs", 0, text));
            }
        }
    }
    problems
}

/// Tests, benches and tools may do as they need.
fn is_exempt(path: &str) -> bool {
    OUTSIDE.iter().any(|place| path.starts_with(place))
        || path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "examples"))
}

fn is_allowed(fence: &Fence, path: &str) -> bool {
    fence.allowed.iter().any(|(place, _)| is_in(place, path))
}

/// A place is a file, or a folder with a slash at the end.
fn is_in(place: &str, path: &str) -> bool {
    if place.ends_with('/') { path.starts_with(place) } else { path == place }
}

/// Does the call stand in this line, as a name of its own?
fn calls(line: &str, call: &str) -> bool {
    let (name, open) = call.strip_suffix('*').map_or((call, false), |name| (name, true));
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name)
        .any(|(at, _)| !line[..at].ends_with(part) && (open || !line[at + name.len()..].starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        fences(&Tree::from_texts(&[(path, text)])).len()
    }

    #[test]
    fn every_call_is_found_where_it_must_not_stand() {
        for fence in FENCES {
            for call in fence.calls {
                let line = format!("    {}(x);\n", call.trim_end_matches('*'));
                assert!(found("crates/model/src/x.rs", &line) > 0, "{call}");
            }
        }
    }

    #[test]
    fn it_may_stand_where_the_table_says() {
        for fence in FENCES {
            for (place, _) in fence.allowed {
                let path = if place.ends_with('/') { format!("{place}x.rs") } else { (*place).to_owned() };
                let line = format!("    {}(x);\n", fence.calls[0].trim_end_matches('*'));
                assert_eq!(found(&path, &line), 0, "{path}");
            }
        }
    }

    #[test]
    fn an_exemption_that_nothing_uses_is_found() {
        let places = FENCES.iter().map(|fence| fence.allowed.len()).sum::<usize>();
        assert_eq!(exemptions(&Tree::from_texts(&[])).len(), places);
        let clock = ("crates/cli/src/clock.rs", "Timestamp::now()\n");
        assert_eq!(exemptions(&Tree::from_texts(&[clock])).len(), places - 1);
    }

    #[test]
    fn tests_comments_and_texts_are_left_alone() {
        let call = "std::fs::write(x);\n";
        assert_eq!(found("crates/model/tests/it/main.rs", call), 0);
        assert_eq!(found("crates/model/src/x.rs", &format!("#[cfg(test)]\nmod tests {{\n{call}}}\n")), 0);
        assert_eq!(found("crates/model/src/x.rs", &format!("// {call}let x = \"fs::write\";\n")), 0);
        assert_eq!(found("crates/model/src/x.rs", "my_fs::write_all(); fs::writer();"), 0);
        assert_eq!(found("xtask/src/x.rs", call), 0);
    }
}
