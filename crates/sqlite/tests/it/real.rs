//! Databases of real applications, if sample data lies beside the repository: as many rows as SQLite counts,
//! and the same values.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::oracle::{compare, open, open_with_wal};

fn samples() -> PathBuf {
    let shared = std::env::var_os("ASSERVAT_SHARED").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    shared.unwrap_or_else(beside).join("data/messages")
}

/// Every database below a folder.
fn databases(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            databases(&path, found);
        } else if fs::read(&path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0")) {
            found.push(path);
        }
    }
}

#[test]
fn real_databases_are_read_as_sqlite_reads_them() {
    let mut found = Vec::new();
    databases(&samples(), &mut found);
    if found.is_empty() {
        eprintln!("skipped: no sample data");
    }
    for path in found {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("a.db");
        fs::copy(&path, &copy).unwrap();
        let wal = fs::read(path.with_file_name(format!("{}-wal", path.file_name().unwrap().display()))).ok();
        let database = match &wal {
            Some(wal) => open_with_wal(fs::read(&copy).unwrap(), wal.clone()),
            None => open(fs::read(&copy).unwrap()),
        };
        if let Some(wal) = &wal {
            fs::write(folder.path().join("a.db-wal"), wal).unwrap();
        }
        let connection = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let count = compare(&database, &connection);
        eprintln!("{}: {} tables, {count} rows", path.display(), database.tables().count());
    }
}
