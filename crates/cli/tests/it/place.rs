//! A scratch place for runs of the real program: a home, key files that cost no time, and something to
//! secure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_asservat");

/// A folder with `home`, `key.txt`, `signing.txt` and `phone/`.
pub(crate) struct Place {
    scratch: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self { scratch: tempfile::tempdir().unwrap() };
        for name in ["key.txt", "signing.txt"] {
            let identity = seal::Identity::generate().unwrap();
            fs::write(place.path(name), identity.to_secret_text().as_bytes()).unwrap();
        }
        let phone = place.path("phone");
        fs::create_dir(&phone).unwrap();
        fs::write(phone.join("chat.txt"), "invented: come to the station\n").unwrap();
        fs::write(phone.join("Bild äöü.jpg"), [0xff, 0xd8, 0xff, 0xe0]).unwrap();
        fs::write(phone.join("aux.txt"), "invented: a reserved name").unwrap();
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The arguments of a run in this place: home and keys.
    pub(crate) fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let text = |name: &str| self.path(name).to_str().unwrap().to_owned();
        let mut all: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        all.extend(["--home".to_owned(), text("home"), "--lang".to_owned(), "en".to_owned()]);
        all.extend(["--signing-key-file".to_owned(), text("signing.txt")]);
        // These need no holder's key and do not take one.
        if !["secure", "note", "hold", "fingerprint"].contains(&arguments[0]) {
            all.extend(["--key-file".to_owned(), text("key.txt")]);
        }
        all
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(PROGRAM)
            .args(self.arguments(arguments))
            .current_dir(self.scratch.path())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }

    /// Runs and expects exit code 0; gives what was printed.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn new_case(&self) {
        self.done(&[
            "new",
            "case",
            "--alias",
            "Amsel",
            "--holder",
            "client",
            "--purpose",
            "test",
            "--until",
            "2099-12-31",
        ]);
    }

    pub(crate) fn secure(&self) {
        self.done(&["secure", "case", "phone", "--source", "invented phone", "--gate", "no"]);
    }

    /// The one capsule file.
    pub(crate) fn capsule(&self) -> PathBuf {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.path("case/capsules")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.remove(0)
    }
}

/// Whether a tool is there; says so when not.
pub(crate) fn have(tool: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|paths| std::env::split_paths(&paths).any(|folder| folder.join(tool).is_file()));
    if !found {
        eprintln!("skipped: {tool} is not installed");
    }
    found
}

/// Runs a tool in a folder and expects success; gives what it printed.
pub(crate) fn tool(folder: &Path, tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool).args(arguments).current_dir(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
