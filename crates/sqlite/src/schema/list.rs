//! Walks `sqlite_schema` and lists the tables.

use std::collections::HashSet;

use super::create::{self, Created};
use super::{Affinity, Column, ColumnNumber, DefaultValue, Stored, Table, TableKind};
use crate::database::Database;
use crate::limits::Limits;
use crate::problem::{RowProblem, What};
use crate::row::Row;
use crate::rows::Rows;
use crate::value::Value;

/// The root page of the schema.
const SCHEMA_ROOT: u32 = 1;
/// A longer name is not that of a shadow table.
const SHADOW_NAME_BYTES: usize = 256;
/// The columns of the schema.
const COLUMNS: [&str; 5] = ["type", "name", "tbl_name", "rootpage", "sql"];

/// Tables in the order of the schema, and what could not be read of it.
pub(crate) fn read(database: &Database) -> (Vec<Table>, Vec<RowProblem>) {
    let schema = schema_table();
    let limits = database.limits();
    let mut list = List { limits, ..List::default() };
    let payload_bytes = limits.payload_bytes.min(limits.schema_bytes);
    let mut rows = Rows::new(database, &schema, Limits { payload_bytes, ..limits });
    while let Some(row) = rows.next() {
        match row {
            Ok(row) => list.add(database, &row),
            Err(problem) => list.problems.push(problem),
        }
        if list.is_full() {
            list.problems.push(database.pages().problem(SCHEMA_ROOT, 0, What::Limit("tables")));
            break;
        }
    }
    list.name_shadows();
    (list.tables, list.problems)
}

/// The table that describes the others.
fn schema_table() -> Table {
    let column = |(number, name): (usize, &str)| Column {
        name: name.to_owned(),
        declared_type: String::new(),
        affinity: Affinity::Blob,
        default: DefaultValue::Null,
        stored: Stored::At(number),
    };
    Table {
        name: "sqlite_schema".to_owned(),
        root_page: SCHEMA_ROOT,
        root_is_taken: false,
        kind: TableKind::Rowid,
        columns: COLUMNS.into_iter().enumerate().map(column).collect(),
        shadow_of: None,
    }
}

#[derive(Default)]
struct List {
    limits: Limits,
    tables: Vec<Table>,
    problems: Vec<RowProblem>,
    roots: HashSet<u32>,
    text_bytes: u64,
    columns: usize,
}

impl List {
    fn is_full(&self) -> bool {
        self.text_bytes > self.limits.schema_bytes
            || self.columns > self.limits.columns
            || self.problems.len().saturating_add(self.tables.len()) > self.limits.columns
    }

    fn add(&mut self, database: &Database, row: &Row<'_>) {
        let text = |number: usize| row.text(ColumnNumber(number)).unwrap_or_default();
        let length = [0, 1, 4].into_iter().map(|number| match row.get(ColumnNumber(number)) {
            Value::Text(text) => text.as_bytes().len() as u64,
            _ => 0,
        });
        self.text_bytes = self.text_bytes.saturating_add(length.sum());
        let is_view = match &*text(0) {
            _ if self.text_bytes > self.limits.schema_bytes => return,
            "table" => false,
            "view" => true,
            _ => return,
        };
        let root_page = row.integer(ColumnNumber(3)).and_then(|root| u32::try_from(root).ok());
        let mut table = Table {
            name: text(1).into_owned(),
            root_page: root_page.unwrap_or_default(),
            root_is_taken: false,
            kind: TableKind::View,
            columns: Vec::new(),
            shadow_of: None,
        };
        if !is_view {
            let created = create::parse(&text(4));
            if created.is_none() {
                self.problems.push(problem(row, What::Schema));
            }
            self.describe(database, &mut table, created, row);
        }
        self.columns = self.columns.saturating_add(table.columns.len());
        self.tables.push(table);
    }

    fn describe(&mut self, database: &Database, table: &mut Table, created: Option<Created>, row: &Row<'_>) {
        (table.kind, table.columns) = match created {
            Some(Created::Virtual) => (TableKind::Virtual, Vec::new()),
            Some(Created::Rowid(columns)) => (TableKind::Rowid, columns),
            Some(Created::WithoutRowid(columns)) => (TableKind::WithoutRowid, columns),
            None => (kind_by_page(database, table.root_page), Vec::new()),
        };
        if table.kind != TableKind::Virtual && !self.roots.insert(table.root_page) {
            table.root_is_taken = true;
            self.problems.push(problem(row, What::RootTwice(table.root_page)));
        }
    }

    /// A table whose name goes on from that of a virtual table keeps its data.
    fn name_shadows(&mut self) {
        let hosts: HashSet<String> = self
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::Virtual)
            .map(|table| table.name.clone())
            .collect();
        for table in &mut self.tables {
            if table.name.len() > SHADOW_NAME_BYTES {
                continue;
            }
            let mut ends = table.name.match_indices('_').filter_map(|(at, _)| table.name.get(..at));
            table.shadow_of = ends.rfind(|name| hosts.contains(*name)).map(str::to_owned);
        }
    }
}

/// The kind that the first byte of a root page tells.
fn kind_by_page(database: &Database, root_page: u32) -> TableKind {
    match database.pages().cached(root_page).ok().and_then(|page| page.first().copied()) {
        Some(2 | 10) => TableKind::WithoutRowid,
        _ => TableKind::Rowid,
    }
}

fn problem(row: &Row<'_>, what: What) -> RowProblem {
    let place = row.place();
    RowProblem { file: place.file, page: place.page, offset_bytes: place.offset_bytes, what }
}
