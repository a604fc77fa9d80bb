//! One row: its values by column, and the bytes it was read from.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::pages::Pages;
use crate::problem::{Place, RowProblem};
use crate::record::{Extent, Field, value};
use crate::schema::{Affinity, Column, ColumnNumber, DefaultValue, Stored};
use crate::value::{Encoding, Text, Value};

/// A row while it is looked at; its head is read, a value is when asked for.
///
/// Every getter takes a column or `None`: a column that a table does not have is null, so that a reader can
/// ask for what only some versions of an app store.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub(crate) rowid: i64,
    pub(crate) payload: &'a [u8],
    pub(crate) fields: &'a [Field],
    pub(crate) columns: &'a [Column],
    pub(crate) encoding: Encoding,
    pub(crate) extent: Extent,
    pub(crate) cell: CellPlace<'a>,
}

/// Where the cell of a row lies; worked out when asked for.
#[derive(Clone, Copy)]
pub(crate) struct CellPlace<'a> {
    pub(crate) pages: &'a Pages,
    pub(crate) page: u32,
    pub(crate) start: usize,
    pub(crate) length: usize,
}

impl<'a> Row<'a> {
    /// The rowid; 0 in a table WITHOUT ROWID, which has none.
    pub fn rowid(&self) -> i64 {
        self.rowid
    }

    /// Where the row lies: its cell, without overflow pages.
    pub fn place(&self) -> Place {
        self.cell.pages.locate(self.cell.page, self.cell.start, self.cell.length)
    }

    /// False when the end of the row is lost: its last texts and blobs may be cut or null.
    pub fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    /// How many values the row stores. Columns added later take their default.
    pub fn stored_values(&self) -> usize {
        self.fields.len()
    }

    /// The value in a column. Null for no column, and for a generated column that is not stored.
    pub fn get(&self, column: impl Into<Option<ColumnNumber>>) -> Value<'a> {
        let Some(ColumnNumber(number)) = column.into() else { return Value::Null };
        if self.columns.is_empty() {
            return self.fields.get(number).map_or(Value::Null, |field| self.value(*field));
        }
        let Some(column) = self.columns.get(number) else { return Value::Null };
        let found = match column.stored {
            Stored::AsRowid => return Value::Integer(self.rowid),
            Stored::Nowhere => return Value::Null,
            Stored::At(index) => match self.fields.get(index) {
                Some(field) => self.value(*field),
                None => default_value(&column.default),
            },
        };
        match found {
            // SQLite stores a whole number in a REAL column as an integer to save room.
            #[expect(clippy::cast_precision_loss, reason = "this is how SQLite reads it back")]
            Value::Integer(number) if column.affinity == Affinity::Real => Value::Real(number as f64),
            other => other,
        }
    }

    /// The whole number in a column; nothing for any other kind of value.
    pub fn integer(&self, column: impl Into<Option<ColumnNumber>>) -> Option<i64> {
        match self.get(column) {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The number in a column, whole ones too; nothing for any other kind of value.
    pub fn real(&self, column: impl Into<Option<ColumnNumber>>) -> Option<f64> {
        match self.get(column) {
            #[expect(clippy::cast_precision_loss, reason = "whoever asks for a real takes the nearest one")]
            Value::Integer(number) => Some(number as f64),
            Value::Real(number) => Some(number),
            _ => None,
        }
    }

    /// The text in a column, U+FFFD for invalid bytes; nothing for any other kind of value.
    pub fn text(&self, column: impl Into<Option<ColumnNumber>>) -> Option<Cow<'a, str>> {
        match self.get(column) {
            Value::Text(text) => Some(text.lossy()),
            _ => None,
        }
    }

    /// The blob in a column; nothing for any other kind of value.
    pub fn blob(&self, column: impl Into<Option<ColumnNumber>>) -> Option<&'a [u8]> {
        match self.get(column) {
            Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn value(&self, field: Field) -> Value<'a> {
        value(self.payload, field, self.encoding)
    }
}

fn default_value(default: &DefaultValue) -> Value<'_> {
    match default {
        DefaultValue::Null => Value::Null,
        DefaultValue::Integer(number) => Value::Integer(*number),
        DefaultValue::Real(number) => Value::Real(*number),
        DefaultValue::Text(text) => Value::Text(Text::new(text.as_bytes(), Encoding::Utf8)),
        DefaultValue::Blob(bytes) => Value::Blob(bytes),
    }
}

/// A row that was looked up and is kept.
pub struct OwnedRow<'d> {
    pub(crate) rowid: i64,
    pub(crate) payload: OwnedPayload,
    pub(crate) fields: Vec<Field>,
    pub(crate) columns: &'d [Column],
    pub(crate) encoding: Encoding,
    pub(crate) problem: Option<RowProblem>,
    pub(crate) cell: CellPlace<'d>,
}

/// The payload of a kept row.
pub(crate) enum OwnedPayload {
    /// On one page.
    Page(Arc<[u8]>, Range<usize>),
    /// Put together from a page and its overflow pages.
    Joined(Vec<u8>),
}

impl OwnedRow<'_> {
    /// The row, to ask it for values.
    pub fn row(&self) -> Row<'_> {
        let payload = match &self.payload {
            OwnedPayload::Page(page, span) => page.get(span.clone()).unwrap_or_default(),
            OwnedPayload::Joined(bytes) => bytes,
        };
        Row {
            rowid: self.rowid,
            payload,
            fields: &self.fields,
            columns: self.columns,
            encoding: self.encoding,
            extent: if self.problem.is_some() { Extent::Cut } else { Extent::Whole },
            cell: self.cell,
        }
    }

    /// Why the end of the row is lost, if it is.
    pub fn problem(&self) -> Option<RowProblem> {
        self.problem
    }
}
