//! Tables with random declarations and random values, held against SQLite's answers.

use proptest::prelude::*;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

use crate::oracle::{compare, create, open};

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        any::<i8>().prop_map(|number| Value::Integer(number.into())),
        any::<f64>().prop_map(Value::Real),
        any::<i16>().prop_map(|number| Value::Real(number.into())),
        ".{0,40}".prop_map(Value::Text),
        "[a-z]{0,3000}".prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..2000).prop_map(Value::Blob),
    ]
}

const TYPES: &[&str] =
    &["", "INT", "INTEGER", "TEXT", "REAL", "BLOB", "NUMERIC", "VARCHAR(9)", "FLOATING POINT"];
const COLUMNS: usize = 5;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_tables(
        types in prop::collection::vec(prop::sample::select(TYPES), COLUMNS),
        encoding in prop::sample::select(&["UTF-8", "UTF-16le", "UTF-16be"]),
        page_size in prop::sample::select(&[512, 1024, 4096, 65_536]),
        without_rowid in any::<bool>(),
        rows in prop::collection::vec(prop::collection::vec(value(), COLUMNS), 0..60),
        deleted in any::<u8>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let connection = create(&path);
        let columns: Vec<String> = types.iter().enumerate().map(|(at, t)| format!("c{at} {t}")).collect();
        let end = if without_rowid { "n INT, PRIMARY KEY(c1, n)) WITHOUT ROWID" } else { "n)" };
        connection
            .execute_batch(&format!(
                "PRAGMA encoding='{encoding}'; PRAGMA page_size={page_size};
                 CREATE TABLE t({}, {end};",
                columns.join(", ")
            ))
            .unwrap();
        let insert = "INSERT OR IGNORE INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        for (number, row) in rows.iter().enumerate() {
            let number = Value::Integer(i64::try_from(number).unwrap());
            connection.execute(insert, params_from_iter(row.iter().chain([&number]))).unwrap();
        }
        connection.execute("DELETE FROM t WHERE n % 7 = ?1 % 9", [deleted]).unwrap();
        let database = open(std::fs::read(&path).unwrap());
        compare(&database, &connection);
    }
}
