//! Whole databases of every shape.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};
use sqlite::{DefaultValue, InFile, OpenError, Stored, TableKind, Value};

use crate::oracle::{compare, create, open};

/// Makes a database from SQL and holds it against SQLite's answers.
fn check(sql: &str) -> (sqlite::Database, usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = create(&path);
    connection.execute_batch(sql).unwrap();
    checked(&path, &connection)
}

fn checked(path: &Path, connection: &Connection) -> (sqlite::Database, usize) {
    let database = open(fs::read(path).unwrap());
    let count = compare(&database, connection);
    let pages: u32 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let free: u32 = connection.query_row("PRAGMA freelist_count", [], |row| row.get(0)).unwrap();
    assert_eq!((database.page_count(), database.freelist_pages()), (pages, free));
    (database, count)
}

const ALL_TYPES: &str = "
    CREATE TABLE everything(id INTEGER PRIMARY KEY, a, b INT, c TEXT, d REAL, e BLOB, f NUMERIC);
    INSERT INTO everything VALUES (1, NULL, 0, 'erfunden', 1.5, x'00ff', 1);
    INSERT INTO everything VALUES (2, 1, 1, '', 2.0, x'', '7');
    INSERT INTO everything VALUES (-9223372036854775808, -1, -128, 'Grüße 😀', -0.0, zeroblob(300), 1e300);
    INSERT INTO everything VALUES (9223372036854775807, 127, 32767, char(0), 1e-300, x'aa', -32768);
    INSERT INTO everything VALUES (-5, 128, 8388607, 'x', 3, 'text', -8388608);
    INSERT INTO everything VALUES (70000, 2147483647, -2147483648, 5, 6, 7, 2147483648);
    INSERT INTO everything VALUES (70001, 140737488355327, -140737488355328, 1.5, '2.5', 8, 140737488355328);
    INSERT INTO everything VALUES (70002, 9223372036854775807, -9223372036854775808, 0.1, 9007199254740993, 9, 1);
";

#[test]
fn every_type_and_negative_rowids() {
    let (database, count) = check(ALL_TYPES);
    assert_eq!(count, 8);
    let table = database.table("EVERYTHING").unwrap();
    assert_eq!(table.rowid_column(), table.column("Id"));
    let found = database.row(table, 1).unwrap().unwrap();
    let row = found.row();
    assert_eq!(row.text(table.column("c")).as_deref(), Some("erfunden"));
    assert_eq!(row.integer(table.column("id")), Some(1));
    assert_eq!(row.real(table.column("d")), Some(1.5));
    assert_eq!(row.real(table.column("b")), Some(0.0));
    assert_eq!(row.blob(table.column("e")), Some(&[0, 255][..]));
    assert_eq!(row.get(table.column("not there")), Value::Null);
    assert_eq!(row.text(None), None);
    assert_eq!(row.stored_values(), 7);
}

#[test]
fn a_place_leads_back_to_the_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = create(&path);
    connection.execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES ('eins erfunden'), ('zwei');").unwrap();
    let bytes = fs::read(&path).unwrap();
    let database = open(bytes.clone());
    let table = database.table("t").unwrap();
    let found = database.row(table, 1).unwrap().unwrap();
    let place = found.row().place();
    assert_eq!((place.file, place.page), (InFile::Main, table.root_page()));
    let start = usize::try_from(place.offset_bytes).unwrap();
    let cell = &bytes[start..start + usize::try_from(place.length_bytes).unwrap()];
    assert!(cell.ends_with(b"eins erfunden"));
    assert_eq!(cell[1], 1);
}

#[test]
fn three_encodings_and_every_page_size() {
    for encoding in ["UTF-8", "UTF-16le", "UTF-16be"] {
        for size in [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536] {
            let more = "
                CREATE TABLE words(w TEXT);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
                INSERT INTO words SELECT 'Wörter 😀 ' || hex(zeroblob(i % 97 * i % 700)) || i FROM n;";
            let (database, count) =
                check(&format!("PRAGMA encoding='{encoding}'; PRAGMA page_size={size}; {ALL_TYPES} {more}"));
            assert_eq!(count, 408);
            assert_eq!(database.page_size_bytes(), size);
        }
    }
}

#[test]
fn long_payloads_go_on_over_many_pages() {
    for size in [512, 4096, 65_536] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let connection = create(&path);
        connection.execute_batch(&format!("PRAGMA page_size={size}; CREATE TABLE t(a, b, c)")).unwrap();
        for length in (0..1200).chain([4000, 4061, 4062, 65_501, 65_502, 100_000, 3_000_000]) {
            let blob: Vec<u8> = (0..length).map(|at: u32| u8::try_from(at % 251).unwrap()).collect();
            connection.execute("INSERT INTO t VALUES (?1, ?2, ?3)", params![length, blob, "Ende"]).unwrap();
        }
        checked(&path, &connection);
    }
}

#[test]
fn tables_without_rowid() {
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)";
    for size in [512, 4096] {
        let (database, count) = check(
            &format!(
                "PRAGMA page_size={size};
             CREATE TABLE k(a TEXT, b INT, c REAL, d, PRIMARY KEY(b, a)) WITHOUT ROWID;
             {rows} INSERT INTO k SELECT 'k' || i, i % 7, i / 2, zeroblob(i % 900) FROM n;
             CREATE TABLE falling(a INTEGER PRIMARY KEY DESC, b) WITHOUT ROWID;
             {rows} INSERT INTO falling SELECT i, i * 1.5 FROM n;
             CREATE TABLE twice(a, b, c, PRIMARY KEY(c, a, c)) WITHOUT ROWID, STRICT;"
            )
            .replace("CREATE TABLE twice(a, b, c,", "CREATE TABLE twice(a INT, b ANY, c TEXT,"),
        );
        assert_eq!(count, 6000);
        let table = database.table("k").unwrap();
        assert_eq!(table.kind(), TableKind::WithoutRowid);
        let stored: Vec<Stored> = table.columns().iter().map(sqlite::Column::stored).collect();
        assert_eq!(stored, [Stored::At(1), Stored::At(0), Stored::At(2), Stored::At(3)]);
        assert!(database.row(table, 1).is_err());
    }
}

#[test]
fn columns_added_later_take_their_default() {
    let (database, _) = check(
        "CREATE TABLE t(a INTEGER PRIMARY KEY, b);
         INSERT INTO t VALUES (1, 'alt'), (2, NULL);
         ALTER TABLE t ADD COLUMN c;
         ALTER TABLE t ADD COLUMN d INTEGER DEFAULT 5;
         ALTER TABLE t ADD COLUMN e TEXT NOT NULL DEFAULT 'x''y';
         ALTER TABLE t ADD COLUMN f REAL DEFAULT -3;
         ALTER TABLE t ADD COLUMN g TEXT DEFAULT 7;
         ALTER TABLE t ADD COLUMN h INTEGER DEFAULT '12';
         ALTER TABLE t ADD COLUMN i BLOB DEFAULT x'0102';
         ALTER TABLE t ADD COLUMN j DEFAULT 1.0;
         ALTER TABLE t ADD COLUMN k BOOLEAN DEFAULT TRUE;
         ALTER TABLE t ADD COLUMN l NUMERIC DEFAULT ' 1.50 ';
         ALTER TABLE t ADD COLUMN m INT DEFAULT 0x1F;
         ALTER TABLE t ADD COLUMN n DEFAULT bare;
         ALTER TABLE t ADD COLUMN o TEXT DEFAULT -1.50;
         ALTER TABLE t ADD COLUMN p INT DEFAULT (-4);
         ALTER TABLE t ADD COLUMN q DEFAULT '5';
         ALTER TABLE t ADD COLUMN r INT DEFAULT 9223372036854775808;
         ALTER TABLE t ADD COLUMN s INT AS (d + 1);
         ALTER TABLE t ADD COLUMN u INT DEFAULT 1e3;
         INSERT INTO t(a, b) VALUES (3, 'neu');
         ALTER TABLE t RENAME COLUMN b TO bb;
         ALTER TABLE t DROP COLUMN c;
         ALTER TABLE t RENAME TO tt;",
    );
    let table = database.table("tt").unwrap();
    let column = table.column("d").and_then(|number| table.columns().get(number.0)).unwrap();
    assert_eq!((column.declared_type(), column.default()), ("INTEGER", &DefaultValue::Integer(5)));
}

#[test]
fn names_and_declarations_of_every_kind() {
    check(
        "CREATE TABLE \"a \"\"b\" ([x y] INTEGER, `z` TEXT DEFAULT (1, 2) , -- a ) comment
             \"order\" VARCHAR ( 10 , 2 ) NOT NULL DEFAULT ')' , CONSTRAINT c PRIMARY KEY(\"x y\"));"
            .replace("DEFAULT (1, 2)", "DEFAULT (1 + 2)")
            .as_str(),
    );
    check(
        "CREATE TABLE kind(a INTEGER PRIMARY KEY DESC, b);
         INSERT INTO kind VALUES (7, 8), (NULL, 9);
         CREATE TABLE quoted(a 'INTEGER' PRIMARY KEY, b);
         INSERT INTO quoted VALUES (7, 8);
         CREATE TABLE [names](a \"INTEGER\" PRIMARY KEY, b);
         INSERT INTO names VALUES (7, 8);
         CREATE TABLE generated(a INT, b TEXT GENERATED ALWAYS AS (a || 'x') STORED, c AS (a), d);
         INSERT INTO generated(a, d) VALUES (1, 'd');
         CREATE TABLE copied AS SELECT * FROM generated;
         CREATE TABLE keyed(a INT UNIQUE, b INTEGER, PRIMARY KEY (b COLLATE NOCASE DESC) UNIQUE(a));
         INSERT INTO keyed VALUES (1, 20);
         CREATE TABLE auto(a INTEGER PRIMARY KEY AUTOINCREMENT, b REFERENCES keyed ON DELETE SET DEFAULT);
         INSERT INTO auto(b) VALUES (NULL), (NULL);
         CREATE INDEX i ON keyed(a);
         CREATE VIEW v AS SELECT 1;
         CREATE TRIGGER tr AFTER INSERT ON auto BEGIN SELECT 1; END;",
    );
}

#[test]
fn what_is_no_table_is_listed_as_what_it_is() {
    let (database, _) = check(
        "CREATE TABLE notes(a); CREATE VIEW v AS SELECT 1; CREATE VIRTUAL TABLE f USING fts5(a, b);
         INSERT INTO f VALUES ('erfunden', 'auch');",
    );
    let kind = |name: &str| database.table(name).map(|table| (table.kind(), table.shadow_of()));
    assert_eq!(kind("v"), Some((TableKind::View, None)));
    assert_eq!(kind("f"), Some((TableKind::Virtual, None)));
    assert_eq!(kind("f_content"), Some((TableKind::Rowid, Some("f"))));
    assert_eq!(kind("f_idx"), Some((TableKind::WithoutRowid, Some("f"))));
    assert_eq!(kind("notes"), Some((TableKind::Rowid, None)));
    assert!(database.rows(database.table("v").unwrap()).next().is_none());
}

#[test]
fn deep_trees_free_pages_and_auto_vacuum() {
    for vacuum in ["NONE", "FULL", "INCREMENTAL"] {
        let (database, count) = check(&format!(
            "PRAGMA page_size=512; PRAGMA auto_vacuum={vacuum};
             CREATE TABLE gone(a);
             CREATE TABLE t(a, b TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
             INSERT INTO t SELECT i, 'Zeile ' || i FROM n;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO gone SELECT zeroblob(1000) FROM n;
             DELETE FROM t WHERE a % 3 = 0;
             INSERT INTO t(rowid, a) VALUES (-7, 1);
             DROP TABLE gone;"
        ));
        assert_eq!(count, 133_335);
        assert_eq!(database.freelist_pages() == 0, vacuum == "FULL");
        assert!(database.table("gone").is_none());
    }
}

#[test]
fn a_file_that_is_no_database_says_what_it_is() {
    let open = |bytes: &[u8]| {
        let bytes: std::sync::Arc<dyn model::ReadAt> = std::sync::Arc::new(bytes.to_vec());
        sqlite::Database::open(bytes, None, sqlite::Limits::DEFAULT)
    };
    assert!(matches!(open(b""), Err(OpenError::Empty)));
    assert!(matches!(open(b"SQLite format 3\0"), Err(OpenError::Short(16))));
    assert!(matches!(open(&[0x5a; 4096]), Err(OpenError::NotSqlite)));
    assert!(matches!(open(b"PK"), Err(OpenError::NotSqlite)));
    let mut header = b"SQLite format 3\0".to_vec();
    header.resize(100, 0);
    assert!(matches!(open(&header), Err(OpenError::PageSize { .. })));
    header[16] = 16;
    let database = open(&header).unwrap();
    assert_eq!((database.tables().count(), database.problems().len()), (0, 1));
}

#[test]
fn limits_hold() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = create(&path);
    connection
        .execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (1), (zeroblob(5000)), (3), (4), (5);")
        .unwrap();
    let bytes: std::sync::Arc<dyn model::ReadAt> = std::sync::Arc::new(fs::read(&path).unwrap());
    let limits = sqlite::Limits { rows: 3, payload_bytes: 4000, ..sqlite::Limits::DEFAULT };
    let database = sqlite::Database::open(bytes.clone(), None, limits).unwrap();
    let (rows, problems) = crate::oracle::read(&database, database.table("t").unwrap());
    let whats: Vec<sqlite::What> = problems.iter().map(|problem| problem.what).collect();
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(whats, [sqlite::What::PayloadLimit(5003), sqlite::What::Limit("rows")]);
    let limits = sqlite::Limits { pages: 1, ..sqlite::Limits::DEFAULT };
    let database = sqlite::Database::open(bytes.clone(), None, limits).unwrap();
    let (rows, problems) = crate::oracle::read(&database, database.table("t").unwrap());
    assert_eq!((rows.len(), problems.len()), (0, 1));
    let limits = sqlite::Limits { schema_bytes: 3, ..sqlite::Limits::DEFAULT };
    let database = sqlite::Database::open(bytes, None, limits).unwrap();
    assert_eq!((database.tables().count(), database.problems().len()), (0, 1));
}
