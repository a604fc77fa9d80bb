//! Broken, cut off, foreign and full: each is told apart, and building anew helps.

use std::fs;
use std::path::Path;

use index::{Builder, Filter, Index, IndexError, IndexKey};

use crate::given::{add, built, built_at, key, message};

fn opened(path: &Path) -> Result<Index, IndexError> {
    Index::open(path, &key())
}

#[test]
fn a_wrong_key_is_told_from_damage() {
    let built = built(&[message(1, Some(1), "eins")]);
    let other = IndexKey::new([8; 32].into());
    assert!(matches!(Index::open(&built.path, &other), Err(IndexError::WrongKey)));
    let nowhere = built.folder.path().join("nothing");
    assert!(matches!(Index::open(&nowhere, &key()), Err(IndexError::Missing)));
    assert!(!nowhere.exists(), "opening makes no file");
}

#[test]
fn an_empty_or_cut_file_is_no_index() {
    let built = built(&[message(1, Some(1), "eins")]);
    let whole = fs::read(&built.path).unwrap();
    let cut = built.folder.path().join("cut");
    for length in [0, 10, 16, 4095, 4096, 8192, whole.len() / 2, whole.len() - 9000] {
        fs::write(&cut, &whole[..length]).unwrap();
        let all = opened(&cut).and_then(|index| read_all(&index));
        assert!(
            matches!(
                all,
                Err(IndexError::Damaged
                    | IndexError::Unfinished
                    | IndexError::WrongKey
                    | IndexError::Database(_))
            ),
            "{length}: {:?}",
            all.err()
        );
    }
    fs::write(&cut, b"SQLite format 3\0 and then something").unwrap();
    assert!(opened(&cut).is_err());
}

/// Reads everything there is.
fn read_all(index: &Index) -> Result<usize, IndexError> {
    let mut count = index.stats()?.records;
    index.files(None, 1000)?;
    index.chats(None, 1000)?;
    index.parties(None, 1000)?;
    let mut after = None;
    loop {
        let page = index.page(&Filter::default(), after, 500)?;
        count -= page.lines.len() as u64;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let query = text::Query::parse("eins", &text::Settings::default());
    let hits = index.search(&query, &Filter::default(), None, 10_000)?.hits.len();
    if count == 0 { Ok(hits) } else { Err(IndexError::Damaged) }
}

#[test]
fn every_flipped_page_is_damage_and_building_anew_helps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index.db");
    let records: Vec<_> = (0..300).map(|row| message(row, Some(row), "eins zwei")).collect();
    built_at(&path, &records);
    let whole = fs::read(&path).unwrap();
    let mut damaged = 0;
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 700] ^= 1;
        fs::write(&path, &bytes).unwrap();
        match opened(&path).and_then(|index| read_all(&index)) {
            Err(IndexError::Damaged) => damaged += 1,
            // A page that reading did not touch.
            Ok(300) => {}
            other => panic!("page {page}: {other:?}"),
        }
    }
    assert!(damaged > 10, "{damaged}");
    fs::remove_file(&path).unwrap();
    built_at(&path, &records);
    assert_eq!(read_all(&opened(&path).unwrap()).unwrap(), 300);
}

#[test]
fn a_builder_that_is_dropped_leaves_the_old_index_and_an_unfinished_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("index.db"), folder.path().join("index.db.new"));
    built_at(&old, &[message(1, Some(1), "eins")]);
    let before = fs::read(&old).unwrap();
    for many in [0, 20_000] {
        for adding in [false, true] {
            let builder =
                if adding { Builder::extend(&old, &new, &key()) } else { Builder::create(&new, &key()) };
            let mut builder = builder.unwrap();
            let records: Vec<_> = (0..many).map(|row| message(row, Some(row), "zwei")).collect();
            add(&mut builder, 9, &records);
            drop(builder);
            let found = opened(&new);
            assert!(
                matches!(found, Err(IndexError::Unfinished | IndexError::Damaged)),
                "{many} {adding}: {:?}",
                found.err()
            );
            fs::remove_file(&new).unwrap();
        }
    }
    assert_eq!(fs::read(&old).unwrap(), before);
    assert_eq!(opened(&old).unwrap().stats().unwrap().records, 1);
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("something");
    for content in [&b"a letter"[..], &[0; 5000]] {
        fs::write(&path, content).unwrap();
        assert!(matches!(Builder::create(&path, &key()), Err(IndexError::NotEmpty)));
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn other_schemas_ask_for_rebuilding() {
    let built = built(&[message(1, Some(1), "eins")]);
    let path = built.path;
    drop(built.index);
    for (version, newer) in [(index::SCHEMA_VERSION + 1, true), (900, true)] {
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch(&format!(
            "PRAGMA key = \"x'{}'\"; PRAGMA user_version = {version}",
            "07".repeat(32)
        ))
        .unwrap();
        drop(db);
        match opened(&path) {
            Err(error @ IndexError::NewerSchema { found, .. }) if newer => {
                assert_eq!(found, version);
                assert!(error.to_string().contains("rebuild"));
            }
            other => panic!("{:?}", other.err()),
        }
    }
}

#[test]
fn adding_to_what_cannot_be_read_fails_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("index.db"), folder.path().join("index.db.new"));
    let records: Vec<_> = (0..300).map(|row| message(row, Some(row), "eins zwei")).collect();
    built_at(&old, &records);
    let other = IndexKey::new([8; 32].into());
    assert!(matches!(Builder::extend(&old, &new, &other), Err(IndexError::WrongKey)));
    let nowhere = folder.path().join("nothing");
    assert!(matches!(Builder::extend(&nowhere, &new, &key()), Err(IndexError::Missing)));
    assert!(!new.exists());
    let mut bytes = fs::read(&old).unwrap();
    for page in (1..bytes.len() / 4096).step_by(9) {
        bytes[page * 4096 + 99] ^= 1;
        fs::write(&old, &bytes).unwrap();
        let added = Builder::extend(&old, &new, &key());
        assert!(matches!(added, Err(IndexError::Damaged)), "{page}: {:?}", added.err());
        assert!(opened(&new).is_err());
        bytes[page * 4096 + 99] ^= 1;
        let _ = fs::remove_file(&new);
    }
}
