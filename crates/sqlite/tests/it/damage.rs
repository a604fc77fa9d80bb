//! Damage of every kind: nothing panics, everything ends, and what lies outside the damage still comes.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, OnceLock};

use model::ReadAt;
use proptest::prelude::*;
use sqlite::{Database, Limits, Lost, RowProblem, What};

use crate::oracle::{SeenRow, create, open, read};

/// A small database with a deep table, overflow pages, a table without rowids and free pages.
fn small() -> Vec<u8> {
    static SMALL: OnceLock<Vec<u8>> = OnceLock::new();
    SMALL.get_or_init(made).clone()
}

fn made() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = create(&path);
    connection
        .execute_batch(
            "PRAGMA page_size=512;
             CREATE TABLE gone(a);
             CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c BLOB, d REAL);
             CREATE TABLE k(a TEXT PRIMARY KEY, b) WITHOUT ROWID;
             INSERT INTO gone VALUES (zeroblob(1500));
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
             INSERT INTO t SELECT i, 'Zeile ' || i, zeroblob(i % 5 * i * 2), i * 1.5 FROM n;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
             INSERT INTO k SELECT 'Schlüssel ' || i, zeroblob(i) FROM n;
             DROP TABLE gone;",
        )
        .unwrap();
    std::fs::read(&path).unwrap()
}

/// Reads all there is, and says how much that is.
fn read_all(bytes: &[u8]) -> Option<(Vec<SeenRow>, Vec<RowProblem>)> {
    let bytes: Arc<dyn ReadAt> = Arc::new(bytes.to_vec());
    let database = Database::open(bytes, None, Limits::DEFAULT).ok()?;
    let (mut all, mut all_problems) = (Vec::new(), database.problems().to_vec());
    for table in database.tables() {
        let (rows, problems) = read(&database, table);
        for (rowid, _) in &rows {
            let _ = database.row(table, *rowid).is_ok_and(|row| row.is_some());
        }
        all.extend(rows);
        all_problems.extend(problems);
    }
    for problem in &all_problems {
        let _ = (problem.to_string(), problem.lost());
    }
    Some((all, all_problems))
}

#[test]
fn every_byte_flipped() {
    let whole = small();
    let (expected, problems) = read_all(&whole).unwrap();
    assert_eq!((expected.len(), problems.len()), (100, 0));
    let page = 512;
    for at in 0..whole.len() {
        for flip in [0x01, 0x80] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            let Some((rows, problems)) = read_all(&bytes) else {
                assert!(at < 100, "byte {at} of the header alone may cost the whole");
                continue;
            };
            // Each lost row is the fault of a problem, or one value of it was changed where it lies.
            let found: HashSet<&SeenRow> = rows.iter().collect();
            let lost = expected.iter().filter(|row| !found.contains(row)).count();
            let schema = at < page;
            assert!(schema || lost <= 2 || !problems.is_empty(), "byte {at} cost {lost} rows unseen");
            assert!(rows.len() <= expected.len() + page / 4, "byte {at} made rows");
        }
    }
}

#[test]
fn every_truncation() {
    let whole = small();
    let (expected, _) = read_all(&whole).unwrap();
    let mut most = 0;
    for length in 0..whole.len() {
        let Some((rows, problems)) = read_all(&whole[..length]) else {
            assert!(length < 100);
            continue;
        };
        assert!(
            rows.len() >= expected.len() || !problems.is_empty() || length >= whole.len() - 1500,
            "{length}"
        );
        most = most.max(rows.len());
        if length > 512 {
            for row in &rows {
                assert!(
                    problems.iter().any(|problem| problem.lost() == Lost::EndOfRow) || expected.contains(row)
                );
            }
        }
    }
    assert!(most >= expected.len() - 1);
}

#[test]
fn a_lost_page_costs_its_rows_only() {
    let whole = small();
    let (expected, _) = read_all(&whole).unwrap();
    let pages = whole.len() / 512;
    for page in 1..pages {
        let mut bytes = whole.clone();
        bytes[page * 512..(page + 1) * 512].fill(0xee);
        let (rows, problems) = read_all(&bytes).unwrap();
        let kept = rows.iter().filter(|row| expected.contains(row)).count();
        // A root page costs a table, any other page a few rows.
        assert!(kept >= 40, "page {} kept {kept}", page + 1);
        // Content alone that is overwritten shows nowhere.
        assert!(rows.len() == expected.len() || !problems.is_empty());
    }
}

#[test]
fn pages_that_point_in_a_circle() {
    let whole = small();
    let database = open(whole.clone());
    let root = database.table("t").unwrap().root_page();
    let start = (usize::try_from(root).unwrap() - 1) * 512;
    assert_eq!(whole[start], 5, "the root is an interior page");
    let cells = usize::from(u16::from_be_bytes([whole[start + 3], whole[start + 4]]));
    let mut bytes = whole.clone();
    // The right-most child is the root itself.
    bytes[start + 8..start + 12].copy_from_slice(&root.to_be_bytes());
    let (_, problems) = read_all(&bytes).unwrap();
    assert!(problems.iter().any(|problem| problem.what == What::PageTwice(root)));
    // Every child is the same page.
    let child_of = |cell: usize| {
        let pointer = start + 12 + 2 * cell;
        start + usize::from(u16::from_be_bytes([whole[pointer], whole[pointer + 1]]))
    };
    let first = whole[child_of(0)..child_of(0) + 4].to_vec();
    for cell in 1..cells {
        bytes[child_of(cell)..child_of(cell) + 4].copy_from_slice(&first);
    }
    let (rows, problems) = read_all(&bytes).unwrap();
    assert!(rows.len() > 40);
    assert_eq!(problems.iter().filter(|p| matches!(p.what, What::PageTwice(_))).count(), cells);
}

#[test]
fn overflow_pages_in_a_circle_and_shared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = create(&path);
    let sql = "PRAGMA page_size=512; CREATE TABLE t(a TEXT, b BLOB);
        INSERT INTO t VALUES ('eins', zeroblob(5000)), ('zwei', zeroblob(5000)), ('drei', 3);";
    connection.execute_batch(sql).unwrap();
    let whole = std::fs::read(&path).unwrap();
    // Every page that only holds zeros behind its pointer is an overflow page.
    let is_overflow = |page: &usize| {
        let bytes = &whole[page * 512..(page + 1) * 512];
        bytes[0] == 0 && bytes[4..].iter().all(|byte| *byte == 0)
    };
    let pages: Vec<usize> = (2..whole.len() / 512).filter(is_overflow).collect();
    assert_eq!(pages.len(), 18);
    let count = |bytes: &[u8], wanted: fn(&What) -> bool| {
        let database = open(bytes.to_vec());
        let (rows, problems) = read(&database, database.table("t").unwrap());
        assert_eq!(rows.len(), 3);
        assert!(database.row(database.table("t").unwrap(), 1).unwrap().is_some());
        problems.iter().filter(|problem| wanted(&problem.what)).count()
    };
    for page in &pages {
        let mut circle = whole.clone();
        let own = u32::try_from(page + 1).unwrap();
        circle[page * 512..page * 512 + 4].copy_from_slice(&own.to_be_bytes());
        let last = whole[page * 512..page * 512 + 4] == [0; 4];
        assert_eq!(count(&circle, |what| matches!(what, What::OverflowCycle(_))), usize::from(!last));
        let mut end = whole.clone();
        end[page * 512..page * 512 + 4].copy_from_slice(&[0, 0xff, 0xff, 0xff]);
        assert_eq!(count(&end, |what| matches!(what, What::Overflow(_))), usize::from(!last));
    }
    // The second chain goes on in the first one.
    let mut shared = whole.clone();
    shared[pages[12] * 512..pages[12] * 512 + 4]
        .copy_from_slice(&u32::try_from(pages[3] + 1).unwrap().to_be_bytes());
    assert_eq!(count(&shared, |what| matches!(what, What::OverflowTwice(_))), 1);
}

/// A medium with a bad spot.
struct BadSpot(Vec<u8>, std::ops::Range<u64>);

impl ReadAt for BadSpot {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let end = offset + buffer.len() as u64;
        if offset < self.1.end && end > self.1.start {
            return Err(io::ErrorKind::InvalidData.into());
        }
        // As few at a time as a pipe may give.
        let most = buffer.len().min(100);
        self.0.read_at(&mut buffer[..most], offset)
    }

    fn size_bytes(&self) -> u64 {
        self.0.size_bytes()
    }
}

#[test]
fn a_bad_spot_costs_its_page_only() {
    let whole = small();
    let (expected, _) = read_all(&whole).unwrap();
    for page in 1..whole.len() as u64 / 512 {
        let spot = BadSpot(whole.clone(), page * 512 + 7..page * 512 + 9);
        let database = Database::open(Arc::new(spot), None, Limits::DEFAULT).unwrap();
        let tables: Vec<_> = database.tables().map(|table| read(&database, table)).collect();
        let kept: usize =
            tables.iter().flat_map(|(rows, _)| rows).filter(|row| expected.contains(row)).count();
        let problems = tables.iter().map(|(_, problems)| problems.len()).sum::<usize>();
        assert!(kept >= 40 && (kept == 100 || problems > 0), "page {}: {kept} rows, {problems}", page + 1);
    }
}

#[test]
fn cells_that_all_lie_on_each_other_cost_no_more_than_their_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = create(&path);
    let sql = "PRAGMA page_size=65536; CREATE TABLE t(b BLOB); INSERT INTO t VALUES (zeroblob(30000));";
    connection.execute_batch(sql).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let page = 65_536;
    // 10,000 pointers to the one cell.
    let pointer = [bytes[page + 8], bytes[page + 9]];
    bytes[page + 3..page + 5].copy_from_slice(&5000_u16.to_be_bytes());
    for number in 0..5000 {
        bytes[page + 8 + number * 2..page + 10 + number * 2].copy_from_slice(&pointer);
    }
    let (rows, problems) = read_all(&bytes).unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(problems.last().map(|problem| problem.what), Some(What::CellsOverlap));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_behind_a_header(noise in prop::collection::vec(any::<u8>(), 0..4000), keep in 0_usize..1200) {
        let mut bytes = small();
        bytes.truncate(keep.max(100));
        bytes.extend(noise);
        let _ = read_all(&bytes);
    }

    #[test]
    fn many_random_damages(damages in prop::collection::vec((any::<u16>(), any::<u8>()), 1..60)) {
        let mut bytes = small();
        for (at, value) in damages {
            let at = usize::from(at) % bytes.len();
            if at >= 100 {
                bytes[at] = value;
            }
        }
        let _ = read_all(&bytes);
    }
}
