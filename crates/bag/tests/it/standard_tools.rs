//! A capsule's tar opens with GNU tar and validates with bagit.py, without us. Skipped where they are not
//! installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use crate::build::{TOP, Thing, capsule, file, time};

fn unpacked(things: &[(usize, Thing)]) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("capsule.tar");
    fs::write(&archive, capsule(things).out).unwrap();
    let done = Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(folder.path()).output().ok()?;
    let said = String::from_utf8_lossy(&done.stderr);
    // It wonders at times before 1970, and keeps them.
    let complaint = said.lines().find(|line| !line.contains("implausibly old time stamp"));
    assert!(done.status.success() && complaint.is_none(), "{said}");
    Some(folder)
}

/// bagit.py, as a command or as a module; the variable `BAGIT_PYTHON` can name another interpreter.
fn validates(bag: &Path) -> Option<bool> {
    let python = std::env::var("BAGIT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let module = |arguments: &[&str]| {
        let mut command = Command::new(&python);
        command.args(["-m", "bagit"]).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let installed = module(&["--version"]).status().is_ok_and(|status| status.success());
    installed.then(|| module(&["--validate"]).arg(bag).status().is_ok_and(|status| status.success()))
}

fn nasty() -> Vec<(usize, Thing)> {
    let long = [b"r/", &[b'n'; 300][..]].concat();
    let ascii = format!("r/{}/{}", "d".repeat(90), "f".repeat(90));
    let mtime = time(1_763_937_000, 123_456_789);
    let original = "r/Größe €.txt".as_bytes().to_vec();
    vec![
        (0, file(b"r/a", b"alpha")),
        (0, file(b"r/con.txt", b"device")),
        (0, file(ascii.as_bytes(), &[1; 600])),
        (0, Thing::File { original, content: b"x".to_vec(), mtime }),
        (0, Thing::File { original: b"r/old".to_vec(), content: vec![], mtime: time(-1, 500_000_000) }),
        (0, file(&long, b"long")),
        (0, file(b"r/\xff\n%", b"bytes")),
        (0, Thing::Link { original: b"r/l".to_vec(), target: b"/etc".to_vec() }),
    ]
}

#[test]
fn gnu_tar_unpacks_every_file() {
    let Some(folder) = unpacked(&nasty()) else {
        eprintln!("skipped: no tar here");
        return;
    };
    let data = folder.path().join(TOP).join("data");
    let read = |path: &str| fs::read(data.join(path)).unwrap();
    assert_eq!(read("r/a"), b"alpha");
    assert_eq!(read("_named/0"), b"device");
    assert_eq!(read(&format!("r/{}/{}", "d".repeat(90), "f".repeat(90))), [1; 600]);
    assert_eq!((read("_named/1"), read("_named/2")), (b"long".to_vec(), b"bytes".to_vec()));
    let written = fs::metadata(data.join("r/Größe €.txt")).unwrap().modified().unwrap();
    assert_eq!(written.duration_since(UNIX_EPOCH).unwrap(), Duration::new(1_763_937_000, 123_456_789));
    let before = fs::metadata(data.join("r/old")).unwrap().modified().unwrap();
    assert_eq!(UNIX_EPOCH.duration_since(before).unwrap(), Duration::from_millis(500));
}

#[test]
fn bagit_py_finds_the_bag_valid() {
    for things in [nasty(), Vec::new()] {
        let Some(folder) = unpacked(&things) else {
            eprintln!("skipped: no tar here");
            return;
        };
        let bag = folder.path().join(TOP);
        let Some(valid) = validates(&bag) else {
            eprintln!("skipped: bagit.py is not installed");
            return;
        };
        assert!(valid);
        fs::write(bag.join("salts"), "changed").unwrap();
        assert_eq!(validates(&bag), Some(false));
    }
}
