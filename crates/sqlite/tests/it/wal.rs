//! Write-ahead logs as a phone leaves them: the application was never closed.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sqlite::{InFile, WalHeaderState, WalReport};

use crate::oracle::{compare, create, open, open_with_wal, read};

/// A database in WAL mode that nobody checkpoints.
struct Open {
    _folder: tempfile::TempDir,
    path: PathBuf,
    connection: Connection,
}

impl Open {
    fn new(sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let connection = create(&path);
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;").unwrap();
        connection.execute_batch(sql).unwrap();
        Self { _folder: folder, path, connection }
    }

    fn run(&self, sql: &str) -> &Self {
        self.connection.execute_batch(sql).unwrap();
        self
    }

    fn main(&self) -> Vec<u8> {
        fs::read(&self.path).unwrap()
    }

    fn wal(&self) -> Vec<u8> {
        fs::read(wal_of(&self.path)).unwrap()
    }

    fn check(&self) -> WalReport {
        let database = open_with_wal(self.main(), self.wal());
        compare(&database, &self.connection);
        let pages: u32 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        assert_eq!(database.page_count(), pages);
        let report = database.wal();
        assert_eq!(report.header, WalHeaderState::Fits);
        assert_eq!(report.frames, report.applied + report.left_out());
        report
    }
}

fn wal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

const TABLE: &str = "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT);";

/// So many rows from this number on.
fn rows(from: u32, count: u32) -> String {
    format!(
        "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO t SELECT i, 'Zeile ' || i || hex(zeroblob(i % 300)) FROM n;",
        from + count - 1
    )
}

#[test]
fn transactions_lie_in_the_log_only() {
    let open_ = Open::new("");
    open_.run(TABLE);
    let first = open_.check();
    for part in 0..5 {
        open_.run(&rows(part * 100, 100)).run("UPDATE t SET b = 'neu' WHERE a % 50 = 0");
        open_.check();
    }
    let last = open_.check();
    assert!(first.superseded < last.superseded && last.uncommitted == 0 && last.invalid == 0);
    let database = open_with_wal(open_.main(), open_.wal());
    let table = database.table("t").unwrap();
    let found = database.row(table, 7).unwrap().unwrap();
    let place = found.row().place();
    assert_eq!(place.file, InFile::Wal);
    let start = usize::try_from(place.offset_bytes).unwrap();
    let cell = &open_.wal()[start..start + usize::try_from(place.length_bytes).unwrap()];
    assert!(cell.windows(7).any(|part| part == b"Zeile 7"));
    // Without the log nothing of it is there.
    assert!(open(open_.main()).table("t").is_none());
}

#[test]
fn a_log_that_was_begun_anew_holds_old_frames() {
    let open_ = Open::new(TABLE);
    open_.run(&rows(0, 2000)).run("PRAGMA wal_checkpoint(PASSIVE)").run(&rows(3000, 10));
    let report = open_.check();
    assert!(report.invalid > 0, "{report:?}");
    open_.run("PRAGMA wal_checkpoint(RESTART)").run("DELETE FROM t WHERE a < 1000").run("VACUUM");
    open_.check();
}

#[test]
fn what_was_never_committed_does_not_count() {
    let open_ = Open::new(TABLE);
    open_.run(&rows(0, 100)).run("PRAGMA cache_size=2; PRAGMA cache_spill=ON;");
    open_.run("BEGIN").run(&rows(1000, 3000));
    // The transaction is open, and part of it lies in the log already.
    let database = open_with_wal(open_.main(), open_.wal());
    assert!(database.wal().uncommitted > 0, "{:?}", database.wal());
    let other = create(&open_.path);
    compare(&database, &other);
    open_.run("ROLLBACK");
    open_.check();
    open_.run(&rows(200, 5));
    open_.check();
}

#[test]
fn a_log_cut_or_flipped_anywhere_gives_the_commit_before() {
    let open_ = Open::new("PRAGMA page_size=512;");
    open_
        .run("PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM; PRAGMA journal_mode=WAL;")
        .run(TABLE);
    for number in 0..6 {
        open_.run(&format!("INSERT INTO t VALUES ({number}, 'erfunden')"));
    }
    let (main, wal) = (open_.main(), open_.wal());
    let count = |wal: Vec<u8>| {
        let database = open_with_wal(main.clone(), wal);
        assert_eq!(database.problems(), []);
        let Some(table) = database.table("t") else { return 0 };
        let (rows, problems) = read(&database, table);
        assert_eq!(problems, []);
        rows.len()
    };
    assert_eq!(count(wal.clone()), 6);
    let mut last = 0;
    for length in 0..wal.len() {
        let now = count(wal[..length].to_vec());
        assert!(now == last || now == last + 1);
        last = now;
    }
    for at in (0..wal.len()).step_by(7) {
        let mut flipped = wal.clone();
        flipped[at] ^= 0x10;
        // The sequence number of the log's header and whole frames after the last commit may be anything.
        assert!(count(flipped) <= 6);
    }
}

#[test]
fn both_byte_orders_of_the_checksum() {
    let open_ = Open::new(TABLE);
    open_.run(&rows(0, 300));
    let wal = open_.wal();
    let other = resummed(&wal);
    assert_ne!(wal, other);
    let database = open_with_wal(open_.main(), other);
    compare(&database, &open_.connection);
    assert_eq!(database.wal().applied, open_.check().applied);
}

/// The same log with its checksums in the other byte order.
fn resummed(wal: &[u8]) -> Vec<u8> {
    let mut wal = wal.to_vec();
    wal[3] ^= 1;
    let big = wal[3] & 1 == 1;
    let number = |bytes: &[u8]| {
        let bytes = bytes.try_into().unwrap();
        if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    let sum = |mut s: (u32, u32), bytes: &[u8]| {
        for pair in bytes.chunks(8) {
            s.0 = s.0.wrapping_add(number(&pair[..4])).wrapping_add(s.1);
            s.1 = s.1.wrapping_add(number(&pair[4..])).wrapping_add(s.0);
        }
        s
    };
    let page = usize::try_from(u32::from_be_bytes(wal[8..12].try_into().unwrap())).unwrap();
    let mut s = sum((0, 0), &wal[..24]);
    wal[24..28].copy_from_slice(&s.0.to_be_bytes());
    wal[28..32].copy_from_slice(&s.1.to_be_bytes());
    for start in (32..wal.len()).step_by(24 + page) {
        s = sum(sum(s, &wal[start..start + 8]), &wal[start + 24..start + 24 + page]);
        wal[start + 16..start + 20].copy_from_slice(&s.0.to_be_bytes());
        wal[start + 20..start + 24].copy_from_slice(&s.1.to_be_bytes());
    }
    wal
}

#[test]
fn a_log_of_another_database_is_put_aside() {
    let open_ = Open::new(TABLE);
    open_.run(&rows(0, 10));
    let other = create(open_.path.with_extension("other"));
    other.execute_batch("PRAGMA page_size=1024; CREATE TABLE mine(a); INSERT INTO mine VALUES (1);").unwrap();
    let main = fs::read(open_.path.with_extension("other")).unwrap();
    for (wal, header) in [
        (open_.wal(), WalHeaderState::Unusable),
        (vec![7; 5000], WalHeaderState::Unusable),
        (vec![7; 5], WalHeaderState::Unusable),
        (Vec::new(), WalHeaderState::Absent),
    ] {
        let database = open_with_wal(main.clone(), wal);
        compare(&database, &other);
        assert_eq!((database.wal().header, database.wal().applied), (header, 0));
    }
}

#[test]
fn a_log_alone_still_gives_what_is_in_it() {
    let open_ = Open::new("");
    open_.run(TABLE).run(&rows(0, 50));
    let database = open_with_wal(Vec::new(), open_.wal());
    let (rows, _) = read(&database, database.table("t").unwrap());
    assert_eq!(rows.len(), 50);
}
