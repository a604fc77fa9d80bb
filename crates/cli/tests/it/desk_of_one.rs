//! A person at work in a scratch folder: keys in files, an installation, a case, something to secure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A scratch folder with everything in it.
pub(crate) struct DeskOfOne {
    folder: TempDir,
}

/// What a run gave back.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_asservat");

impl DeskOfOne {
    /// Keys, and what the client brings. Invented, and it says so.
    pub(crate) fn new() -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        for name in ["me.key", "case.key", "other.key"] {
            let identity = seal::Identity::generate().unwrap();
            fs::write(desk.at(name), format!("# invented\n{}\n", *identity.to_secret_text())).unwrap();
        }
        fs::create_dir_all(desk.at("bring/pictures")).unwrap();
        fs::write(desk.at("bring/chat.txt"), "Falke: erfunden / invented\n").unwrap();
        fs::write(desk.at("bring/pictures/one.jpg"), b"\xff\xd8\xff\xe0 invented, no picture").unwrap();
        desk
    }

    /// With an installation and a case in `case`.
    pub(crate) fn with_case() -> Self {
        let desk = Self::new();
        let made = desk.run(
            "new case --alias Amsel --holder client --purpose practice --until 2199-12-31 \
             --signing-key-file me.key --key-file case.key",
        );
        assert_eq!(made.exit, 0, "{}", made.err);
        desk
    }

    /// With a capsule of two files; its number is 2.
    pub(crate) fn with_capsule() -> Self {
        let desk = Self::with_case();
        let line = "secure case bring --source invented --gate no --signing-key-file me.key";
        let secured = desk.json(line);
        assert_eq!((&secured["capsule"], &secured["files"]), (&Value::from(2), &Value::from(2)), "{secured}");
        desk
    }

    /// A path in the folder.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs a line of words, English, without a terminal.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_words(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs words that may hold blanks.
    pub(crate) fn run_words(&self, words: &[&str]) -> Ran {
        Ran::of(&self.command(words).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs a line with `--json`; the answer must be one object.
    pub(crate) fn json(&self, line: &str) -> Value {
        self.run(&format!("{line} --json")).object()
    }

    /// The command, for tests that set up more.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        self.place(&mut command);
        command.args(words);
        command
    }

    /// Sets folder and environment of a command.
    pub(crate) fn place(&self, command: &mut Command) {
        command.current_dir(self.folder.path());
        command.env_clear().env("ASSERVAT_HOME", self.at("home")).env("LANG", "en_GB.UTF-8");
    }

    /// Every file below a path, with its content; none if there is nothing.
    pub(crate) fn files(&self, path: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.at(path), &mut files);
        files.sort();
        files
    }
}

impl Ran {
    /// From an output.
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            exit: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Standard output as one JSON object in one line.
    pub(crate) fn object(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{} {}", self.out, self.err);
        let value: Value = serde_json::from_str(&self.out).unwrap();
        assert!(value.is_object(), "{value}");
        value
    }

    /// Asserts a refusal: exit code and code; message and next step on stderr, nothing on stdout.
    #[track_caller]
    pub(crate) fn refused(&self, exit: i32, code: &str) {
        assert_eq!(self.exit, exit, "{} {}", self.out, self.err);
        assert!(self.err.contains(&format!("({code})")), "{}", self.err);
        assert!(self.err.contains("\nNext: ") || self.err.contains("\nWeiter: "), "{}", self.err);
        assert_eq!(self.out, "");
    }

    /// Asserts that it went through.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.exit, 0, "{} {}", self.out, self.err);
        self
    }
}

fn collect(path: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), files);
        }
    } else if path.exists() {
        files.push((path.to_owned(), fs::read(path).unwrap()));
    }
}
