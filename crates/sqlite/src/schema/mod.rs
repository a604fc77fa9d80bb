//! What a database says about its tables, from the texts in its table `sqlite_schema`.

mod create;
mod default;
mod list;
mod token;

pub(crate) use list::read;

use crate::record::COLUMNS_MAX;

/// A table, a view, or something that is listed like one.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) name: String,
    pub(crate) root_page: u32,
    pub(crate) root_is_taken: bool,
    pub(crate) kind: TableKind,
    pub(crate) columns: Vec<Column>,
    pub(crate) shadow_of: Option<String>,
}

/// What kind of table it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// An ordinary table; every row has a rowid.
    Rowid,
    /// A table WITHOUT ROWID, stored in the order of its primary key.
    WithoutRowid,
    /// A view: a question, no rows.
    View,
    /// A virtual table: its rows lie elsewhere, often in its shadow tables.
    Virtual,
}

/// The number of a column, counted from 0 in the order of the declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnNumber(pub usize);

/// One column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub(crate) name: String,
    pub(crate) declared_type: String,
    pub(crate) affinity: Affinity,
    pub(crate) default: DefaultValue,
    pub(crate) stored: Stored,
}

/// Where the value of a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// In the record, at this position from 0.
    At(usize),
    /// It is the rowid itself (INTEGER PRIMARY KEY).
    AsRowid,
    /// Nowhere: a generated column that is computed when asked for. It reads as null.
    Nowhere,
}

/// What a row holds in a column that was added after it was written.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// Nothing, or an expression that only SQL could work out.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number in floating point.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// What SQLite prefers to store in a column ("Column Affinity").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affinity {
    Blob,
    Text,
    Numeric,
    Integer,
    Real,
}

impl Affinity {
    /// The affinity of a declared type.
    fn of(declared_type: &str) -> Self {
        let name = declared_type.to_ascii_uppercase();
        let any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if any(&["INT"]) {
            Self::Integer
        } else if any(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if name.is_empty() || any(&["BLOB"]) {
            Self::Blob
        } else if any(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}

impl Table {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What kind of table it is.
    pub fn kind(&self) -> TableKind {
        self.kind
    }

    /// The page at the root of its b-tree; 0 if it has none.
    pub fn root_page(&self) -> u32 {
        self.root_page
    }

    /// The columns in the order of the declaration; none when the declaration was not understood. Values can
    /// then be asked for by their position in the record.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The number of the column of this name, upper or lower case.
    pub fn column(&self, name: &str) -> Option<ColumnNumber> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)).map(ColumnNumber)
    }

    /// The column that is another name for the rowid.
    pub fn rowid_column(&self) -> Option<ColumnNumber> {
        self.columns.iter().position(|column| column.stored == Stored::AsRowid).map(ColumnNumber)
    }

    /// The virtual table that keeps its data here, as far as the name tells.
    pub fn shadow_of(&self) -> Option<&str> {
        self.shadow_of.as_deref()
    }

    /// How many values a record of this table has at most.
    pub(crate) fn stored_values(&self) -> usize {
        if self.columns.is_empty() {
            return COLUMNS_MAX;
        }
        self.columns
            .iter()
            .filter_map(|column| match column.stored {
                Stored::At(index) => index.checked_add(1),
                Stored::AsRowid | Stored::Nowhere => None,
            })
            .max()
            .unwrap_or_default()
    }
}

impl Column {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type as it was declared; empty if none was. SQLite stores any kind of value all the same.
    pub fn declared_type(&self) -> &str {
        &self.declared_type
    }

    /// What a row holds here that was written before the column was added.
    pub fn default(&self) -> &DefaultValue {
        &self.default
    }

    /// Where the value is stored.
    pub fn stored(&self) -> Stored {
        self.stored
    }
}
