//! Holds a database against what SQLite answers about it, value by value.

use std::path::Path;
use std::sync::Arc;

use model::ReadAt;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sqlite::{ColumnNumber, Database, Limits, Row, RowProblem, Stored, Table, TableKind, Value};

/// A value that can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Seen {
    Null,
    Integer(i64),
    Real(u64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row: its rowid (0 without one) and its values.
pub(crate) type SeenRow = (i64, Vec<Seen>);

impl From<Value<'_>> for Seen {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(number),
            Value::Real(number) => Self::Real(number.to_bits()),
            Value::Text(text) => Self::Text(text.lossy().into_owned()),
            Value::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }
}

impl From<ValueRef<'_>> for Seen {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number.to_bits()),
            ValueRef::Text(text) => Self::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }
}

/// A database at this path that need not survive a loss of power.
pub(crate) fn create(path: impl AsRef<Path>) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA synchronous=OFF").unwrap();
    connection
}

/// Opens bytes without a log.
pub(crate) fn open(bytes: Vec<u8>) -> Database {
    Database::open(Arc::new(bytes), None, Limits::DEFAULT).unwrap()
}

/// Opens bytes with a log.
pub(crate) fn open_with_wal(main: Vec<u8>, wal: Vec<u8>) -> Database {
    let wal: Arc<dyn ReadAt> = Arc::new(wal);
    Database::open(Arc::new(main), Some(wal), Limits::DEFAULT).unwrap()
}

/// Columns that are stored.
fn stored(table: &Table) -> Vec<ColumnNumber> {
    let columns = table.columns().iter().enumerate();
    columns.filter(|(_, c)| c.stored() != Stored::Nowhere).map(|(at, _)| ColumnNumber(at)).collect()
}

fn seen(row: &Row<'_>, columns: &[ColumnNumber]) -> SeenRow {
    (row.rowid(), columns.iter().map(|column| row.get(*column).into()).collect())
}

/// All rows and problems of a table.
pub(crate) fn read(database: &Database, table: &Table) -> (Vec<SeenRow>, Vec<RowProblem>) {
    let columns = stored(table);
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        match row {
            Ok(row) => all.push(seen(&row, &columns)),
            Err(problem) => problems.push(problem),
        }
    }
    (all, problems)
}

/// A name in quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// All rows that SQLite gives of a table.
pub(crate) fn answer(connection: &Connection, table: &Table) -> Vec<SeenRow> {
    let names: Vec<String> = stored(table)
        .into_iter()
        .filter_map(|number| table.columns().get(number.0).map(|column| quoted(column.name())))
        .collect();
    let rowid = if table.kind() == TableKind::Rowid { "_rowid_" } else { "0" };
    let order = if table.kind() == TableKind::Rowid { "ORDER BY _rowid_" } else { "" };
    let name = quoted(table.name());
    let sql = format!("SELECT {rowid}, {} FROM {name} NOT INDEXED {order}", names.join(", "));
    let mut statement = connection.prepare(&sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let values = (1..=names.len()).map(|at| row.get_ref(at).unwrap().into()).collect();
        all.push((row.get(0).unwrap(), values));
    }
    all
}

/// Every stored table is read as SQLite reads it, and every row is found by its rowid. Gives the number of
/// rows.
pub(crate) fn compare(database: &Database, connection: &Connection) -> usize {
    assert_eq!(database.problems(), []);
    let mut count = 0;
    for table in database.tables() {
        if !matches!(table.kind(), TableKind::Rowid | TableKind::WithoutRowid) {
            continue;
        }
        let (rows, problems) = read(database, table);
        assert_eq!(problems, [], "{}", table.name());
        let expected = answer(connection, table);
        assert_eq!(rows.len(), expected.len(), "{}", table.name());
        for (row, expected) in rows.iter().zip(&expected) {
            assert_eq!(row, expected, "{}", table.name());
        }
        if table.kind() == TableKind::Rowid {
            look_up(database, table, &rows);
        }
        count += rows.len();
    }
    let names: Vec<&str> = database.tables().map(Table::name).collect();
    let sql = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY rowid";
    let mut statement = connection.prepare(sql).unwrap();
    let expected: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, expected);
    count
}

fn look_up(database: &Database, table: &Table, rows: &[SeenRow]) {
    let columns = stored(table);
    let step = (rows.len() / 500).max(1);
    for (rowid, values) in rows.iter().step_by(step) {
        let found = database.row(table, *rowid).unwrap().unwrap();
        assert!(found.problem().is_none());
        assert_eq!(seen(&found.row(), &columns), (*rowid, values.clone()));
    }
    let rowids: std::collections::HashSet<i64> = rows.iter().map(|(rowid, _)| *rowid).collect();
    for (rowid, _) in rows.iter().step_by(step) {
        for near in [rowid.wrapping_add(1), rowid.wrapping_sub(1), i64::MIN, i64::MAX] {
            assert_eq!(database.row(table, near).unwrap().is_some(), rowids.contains(&near));
        }
    }
}
