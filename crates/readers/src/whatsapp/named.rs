//! Rows whose columns are asked for by name, looked up once for each table.

use std::ops::ControlFlow;

use model::record::{Extra, FileNumber, Precision, TimeReading};
use sqlite::{ColumnNumber, Database, Row, Table, Value};

use crate::database::{self, Became};
use crate::{Flow, Sink, tables};

/// The columns of a table that a reader asks for. A column that is not there reads as null.
pub(crate) struct Fields(Vec<(&'static str, Option<ColumnNumber>)>);

impl Fields {
    /// These columns of a table.
    pub(crate) fn of(table: &Table, names: &'static [&'static str]) -> Self {
        Self(names.iter().map(|name| (*name, table.column(name))).collect())
    }

    /// A row, to ask it by name.
    pub(crate) fn in_row<'r, 'a>(&'r self, row: &'r Row<'a>) -> Named<'r, 'a> {
        Named { row, fields: self }
    }
}

/// A row that is asked by name.
#[derive(Clone, Copy)]
pub(crate) struct Named<'r, 'a> {
    row: &'r Row<'a>,
    fields: &'r Fields,
}

impl<'a> Named<'_, 'a> {
    fn column(&self, name: &str) -> Option<ColumnNumber> {
        let found = self.fields.0.iter().find(|(known, _)| *known == name);
        debug_assert!(found.is_some(), "{name} was not asked for");
        found.and_then(|(_, column)| *column)
    }

    /// The value.
    pub(crate) fn value(&self, name: &str) -> Value<'a> {
        self.row.get(self.column(name))
    }

    /// A text that is not empty. Of bytes where a text should be, what can be read; of a number, its digits.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        tables::text(self.row, self.column(name))
    }

    /// A time in milliseconds since 1970. What is no time, 0 or less, stands there as it is, without a
    /// reading.
    pub(crate) fn unix_ms(&self, name: &str) -> Option<TimeReading> {
        match self.value(name) {
            Value::Null => None,
            Value::Integer(ms) if ms > 0 => Some(TimeReading::unix_ms(ms)),
            _ => self.text(name).map(|raw| TimeReading::utc(raw, None, Precision::Millisecond)),
        }
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.row.integer(self.column(name))
    }

    /// A whole number above 0: row numbers and times, where 0 and -1 mean none.
    pub(crate) fn positive(&self, name: &str) -> Option<i64> {
        self.integer(name).filter(|number| *number > 0)
    }

    /// A size or length above 0.
    pub(crate) fn size(&self, name: &str) -> Option<u64> {
        self.positive(name).and_then(|number| u64::try_from(number).ok())
    }

    /// A number.
    pub(crate) fn real(&self, name: &str) -> Option<f64> {
        self.row.real(self.column(name))
    }

    /// Bytes.
    pub(crate) fn blob(&self, name: &str) -> Option<&'a [u8]> {
        self.row.blob(self.column(name))
    }

    /// Puts the value under its column's name beside what a record says otherwise, if it says anything.
    pub(crate) fn keep(&self, name: &str, extra: &mut Extra) {
        if let Some(text) = shown(self.value(name)) {
            extra.push((name.to_owned(), text));
        }
    }
}

/// Goes over a table, if it is there, whose rows are continuations.
pub(crate) fn each(
    (database, file): (&Database, FileNumber),
    name: &str,
    columns: &'static [&'static str],
    sink: &mut dyn Sink,
    take: &mut dyn FnMut(i64, Named<'_, '_>),
) -> Flow {
    let Some(table) = database.table(name) else { return Flow::Continue(()) };
    let fields = Fields::of(table, columns);
    database::each_row((database, table, file), sink, &mut |row, _| {
        take(row.rowid(), fields.in_row(row));
        ControlFlow::Continue(Became::Continuation)
    })
}

/// A value as text, if it says anything: not null, not empty, not 0, no bytes.
pub(crate) fn shown(value: Value<'_>) -> Option<String> {
    match value {
        Value::Integer(0) | Value::Real(0.0) => None,
        value => tables::shown(value),
    }
}

/// A time as Apple counts; what is no number stands there as it is.
pub(crate) fn apple(row: Named<'_, '_>, name: &str) -> Option<TimeReading> {
    match row.real(name) {
        Some(seconds) => Some(TimeReading::apple(seconds)),
        None => row.text(name).map(|raw| TimeReading::utc(raw, None, Precision::Second)),
    }
}

/// Every value of a row that says something, under its column's name.
pub(crate) fn everything(table: &Table, row: &Row<'_>, except: &[&str], extra: &mut Extra) {
    for column in table.columns().iter().filter(|column| !except.contains(&column.name())) {
        if matches!(column.name(), "Z_PK" | "Z_ENT" | "Z_OPT") {
            continue;
        }
        let value = shown(row.get(table.column(column.name())));
        extra.extend(value.map(|value| (column.name().to_owned(), value)));
    }
}
