//! The parameters of a statement: the values of a row.
//!
//! `SqlParameter` of Signal's Backups.proto: 1 text, 2 whole number (two's complement), 3 number, 4 bytes,
//! 5 nothing.

use std::borrow::Cow;

use crate::wire::{Fields, Value, WireError};

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum SqlValue<'r> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// A text, as bytes.
    Text(&'r [u8]),
    /// Bytes.
    Blob(&'r [u8]),
}

/// The values of a row, in the order of the columns.
pub(super) struct Row<'r>(Vec<SqlValue<'r>>);

/// The place of a column; none if the table has no such column.
pub(super) type Column = Option<usize>;

impl<'r> Row<'r> {
    /// The parameters of a statement's message.
    pub(super) fn read(message: &'r [u8], columns: usize) -> Result<Self, WireError> {
        let mut values = Vec::with_capacity(columns.min(256));
        for field in Fields::new(message) {
            let field = field?;
            if field.number == 2 {
                values.push(value(field.value.bytes().ok_or(WireError)?)?);
            }
        }
        Ok(Self(values))
    }

    /// The same, but only these columns; all others are nothing.
    pub(super) fn read_only(message: &'r [u8], wanted: &[Column]) -> Result<Self, WireError> {
        let last = wanted.iter().filter_map(|column| *column).max().unwrap_or(0);
        let mut values = Vec::with_capacity(last.min(256));
        for field in Fields::new(message) {
            let field = field?;
            if field.number == 2 {
                let is_wanted = wanted.contains(&Some(values.len()));
                let bytes = field.value.bytes().ok_or(WireError)?;
                values.push(if is_wanted { value(bytes)? } else { SqlValue::Null });
            }
        }
        Ok(Self(values))
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value of a column; nothing if there is no such column.
    pub(super) fn value(&self, column: Column) -> SqlValue<'r> {
        column.and_then(|at| self.0.get(at)).copied().unwrap_or(SqlValue::Null)
    }

    /// A whole number; also one that was written as text.
    pub(super) fn integer(&self, column: Column) -> Option<i64> {
        match self.value(column) {
            SqlValue::Integer(number) => Some(number),
            SqlValue::Text(text) => std::str::from_utf8(text).ok()?.parse().ok(),
            _ => None,
        }
    }

    /// A whole number other than 0 and below; Signal writes 0 or -1 for none.
    pub(super) fn positive(&self, column: Column) -> Option<i64> {
        self.integer(column).filter(|number| *number > 0)
    }

    /// Whether a column holds a number that is not 0.
    pub(super) fn says(&self, column: Column) -> bool {
        self.integer(column).is_some_and(|number| number != 0)
    }

    /// A text that is not empty; a number as text, and bytes as the text they may be.
    pub(super) fn text(&self, column: Column) -> Option<Cow<'r, str>> {
        let text = match self.value(column) {
            SqlValue::Text(text) | SqlValue::Blob(text) => String::from_utf8_lossy(text),
            SqlValue::Integer(number) => Cow::Owned(number.to_string()),
            SqlValue::Real(number) => Cow::Owned(number.to_string()),
            SqlValue::Null => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The same as [`Row::text`], of its own.
    pub(super) fn string(&self, column: Column) -> Option<String> {
        self.text(column).map(Cow::into_owned)
    }

    /// Bytes.
    pub(super) fn blob(&self, column: Column) -> Option<&'r [u8]> {
        if let SqlValue::Blob(bytes) = self.value(column) { Some(bytes) } else { None }
    }
}

fn value(parameter: &[u8]) -> Result<SqlValue<'_>, WireError> {
    let mut last = SqlValue::Null;
    for field in Fields::new(parameter) {
        let field = field?;
        last = match (field.number, field.value) {
            (1, Value::Bytes(text)) => SqlValue::Text(text),
            (2, Value::Varint(number)) => SqlValue::Integer(number.cast_signed()),
            (3, Value::Fixed64(bits)) => SqlValue::Real(f64::from_bits(bits)),
            (4, Value::Bytes(bytes)) => SqlValue::Blob(bytes),
            (5, _) => SqlValue::Null,
            _ => last,
        };
    }
    Ok(last)
}

/// Makes a struct that knows where the columns of a table are: for each field the first name that the table
/// has.
macro_rules! columns {
    ($(#[$doc:meta])* $Name:ident { $($field:ident: $($column:literal)|+,)* }) => {
        $(#[$doc])*
        pub(super) struct $Name {
            $(pub(super) $field: $crate::formats::signal_backup::row::Column,)*
        }

        impl $Name {
            /// Of a table with these columns.
            pub(super) fn of(columns: &[String]) -> Self {
                Self { $($field: $crate::formats::signal_backup::row::place(columns, &[$($column),+]),)* }
            }
        }
    };
}
pub(super) use columns;

/// Where the first of these names stands.
pub(super) fn place(columns: &[String], names: &[&str]) -> Column {
    names.iter().find_map(|name| columns.iter().position(|column| column.eq_ignore_ascii_case(name)))
}
