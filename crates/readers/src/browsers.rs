//! What the histories of browsers have in common: visits that name the row of an address, and other tables
//! that add to a visit.
//!
//! Rows beside a visit are looked up by their number when they are needed, so memory stays small.
//! Deliberately knows nothing of any one browser.

use std::ops::ControlFlow;

use model::record::{Event, Extra, Place, Precision, Record, TimeReading, WebVisit, What};
use sqlite::{ColumnNumber, Database, OwnedRow, Row, Table, Value};

use crate::database::{Became, place_of};
use crate::tables::{Gaps, Kept, Tables, shown, text};
use crate::{Flow, Sink};

/// A table whose rows add to those of another, found by row number.
pub(crate) struct Side<'d> {
    database: &'d Database,
    table: Option<&'d Table>,
    kept: Kept,
}

impl<'d> Side<'d> {
    /// The table of this name, if there is one, with the columns that are kept as they are.
    pub(crate) fn of(tables: &mut Tables<'d>, name: &str, kept: &[&'static str]) -> Self {
        let table = tables.take(name);
        let columns = table.map_or_else(Kept::none, |table| Kept::of(table, kept));
        Self { database: tables.database, table, kept: columns }
    }

    /// A column of it.
    pub(crate) fn column(&self, name: &str) -> Option<ColumnNumber> {
        self.table.and_then(|table| table.column(name))
    }

    /// The row of this number, if it is there and can be read.
    pub(crate) fn find(&self, number: Option<i64>) -> Option<OwnedRow<'d>> {
        self.database.row(self.table?, number?).ok().flatten()
    }

    /// Adds what is kept of a row.
    pub(crate) fn keep(&self, row: &Row<'_>, extra: &mut Extra) {
        self.kept.add(row, extra);
    }

    /// Adds what is kept of the row of this number.
    pub(crate) fn add(&self, number: i64, extra: &mut Extra) {
        if let Some(found) = self.find(Some(number)) {
            self.keep(&found.row(), extra);
        }
    }

    /// Goes over its rows: those that are used belong to another record, of any other `left` makes a record.
    pub(crate) fn finish(
        &self,
        tables: &Tables<'d>,
        used: &Numbers,
        sink: &mut dyn Sink,
        left: impl Fn(&Row<'_>, Extra) -> What,
    ) -> Flow {
        let Some(table) = self.table else { return Flow::Continue(()) };
        tables.each(table, sink, |row, part, sink| {
            if used.has(row.rowid()) && part == 0 {
                return ControlFlow::Continue(Became::Continuation);
            }
            let mut extra = Extra::new();
            self.keep(row, &mut extra);
            let (place, what) = (Place::row(table.name(), row.rowid()), left(row, extra));
            sink.record(Record { file: tables.file, place, part, what })?;
            ControlFlow::Continue(Became::Record)
        })
    }

    /// As [`Side::finish`]; what nothing uses becomes an event of this kind.
    pub(crate) fn finish_as_events(
        &self,
        tables: &Tables<'d>,
        used: &Numbers,
        sink: &mut dyn Sink,
        (app, kind): (&str, &str),
    ) -> Flow {
        self.finish(tables, used, sink, |_, extra| event((app, kind), None, None, extra))
    }
}

/// The table of addresses that visits name.
pub(crate) struct Addresses<'d> {
    /// The table.
    pub(crate) side: Side<'d>,
    url: Option<ColumnNumber>,
    title: Option<ColumnNumber>,
}

impl<'d> Addresses<'d> {
    /// The table of this name; its columns are `url` and `title` in every browser.
    pub(crate) fn of(tables: &mut Tables<'d>, name: &str, kept: &[&'static str]) -> Self {
        let side = Side::of(tables, name, kept);
        Self { url: side.column("url"), title: side.column("title"), side }
    }

    /// The address of a row.
    pub(crate) fn url(&self, row: &Row<'_>) -> String {
        text(row, self.url).unwrap_or_default()
    }

    /// Gives a visit the address, title and whatever is kept of the row of this number; whether it is there.
    pub(crate) fn fill(&self, number: Option<i64>, visit: &mut WebVisit) -> bool {
        let Some(found) = self.side.find(number) else { return false };
        visit.url = self.url(&found.row());
        visit.title = visit.title.take().or_else(|| text(&found.row(), self.title));
        self.side.keep(&found.row(), &mut visit.extra);
        true
    }

    /// The address in the row of this number.
    pub(crate) fn url_of(&self, number: Option<i64>) -> Option<String> {
        self.side.find(number).map(|found| self.url(&found.row())).filter(|url| !url.is_empty())
    }

    /// Addresses that no visit names: they are left of visits that are gone. Their time is that of the last
    /// visit, if the row tells it.
    pub(crate) fn finish(
        &self,
        tables: &Tables<'d>,
        used: &Numbers,
        sink: &mut dyn Sink,
        (app, last): (&str, impl Fn(&Row<'_>) -> Option<TimeReading>),
    ) -> Flow {
        self.side.finish(tables, used, sink, |row, mut extra| {
            extra.push(("visit".to_owned(), "no row of its own; the address alone is there".to_owned()));
            let (app, title) = (app.to_owned(), text(row, self.title));
            What::Visit(Box::new(WebVisit { app, url: self.url(row), title, at: last(row), extra }))
        })
    }
}

/// The numbers that the rows of a table name, sorted.
#[derive(Default)]
pub(crate) struct Numbers(Vec<i64>);

impl Numbers {
    /// What a column of a table names; the numbers of its rows if no column is given.
    pub(crate) fn of(database: &Database, table: &str, column: Option<&str>) -> Self {
        let mut found = Vec::new();
        let Some(table) = database.table(table) else { return Self(found) };
        let named = column.map(|column| table.column(column));
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            let Ok(row) = row else { continue };
            found.extend(named.map_or(Some(row.rowid()), |column| row.integer(column)));
        }
        found.sort_unstable();
        found.dedup();
        Self(found)
    }

    /// These and others.
    pub(crate) fn and(mut self, mut others: Self) -> Self {
        self.0.append(&mut others.0);
        self.0.sort_unstable();
        self.0.dedup();
        self
    }

    /// Whether it is among them.
    pub(crate) fn has(&self, number: i64) -> bool {
        self.0.binary_search(&number).is_ok()
    }
}

/// Goes over a table each of whose rows is a record.
pub(crate) fn each_record(
    tables: &mut Tables<'_>,
    name: &str,
    sink: &mut dyn Sink,
    (kept, make): (&[&'static str], impl Fn(&Table, &Row<'_>, Extra) -> What),
) -> Flow {
    let Some(table) = tables.take(name) else { return Flow::Continue(()) };
    let kept = Kept::of(table, kept);
    tables.each(table, sink, |row, part, sink| {
        let mut extra = Extra::new();
        kept.add(row, &mut extra);
        let (place, what) = (place_of(table, row), make(table, row, extra));
        sink.record(Record { file: tables.file, place, part, what })?;
        ControlFlow::Continue(Became::Record)
    })
}

/// Goes over the table of visits, each a record, and tells which of their numbers are missing.
pub(crate) fn each_visit(
    tables: &Tables<'_>,
    table: &Table,
    sink: &mut dyn Sink,
    mut make: impl FnMut(&Row<'_>, &mut dyn Sink) -> ControlFlow<(), WebVisit>,
) -> Flow {
    let mut gaps = Gaps::new(tables.file, table.name());
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let what = What::Visit(Box::new(make(row, sink)?));
        let place = Place::row(table.name(), row.rowid());
        sink.record(Record { file: tables.file, place, part, what })?;
        ControlFlow::Continue(Became::Record)
    })?;
    gaps.finish(tables.database, sink)
}

/// An event.
pub(crate) fn event(
    (app, kind): (&str, &str),
    at: Option<TimeReading>,
    text: Option<String>,
    extra: Extra,
) -> What {
    let (app, kind) = (app.to_owned(), kind.to_owned());
    What::Event(Box::new(Event { app, kind, at, text, extra }))
}

/// Adds a value under a name, if there is one.
pub(crate) fn note(extra: &mut Extra, name: &str, value: Option<impl Into<String>>) {
    extra.extend(value.map(|value| (name.to_owned(), value.into())));
}

/// A moment counted in whole numbers, from which `ms` works out milliseconds since 1970; none for null and 0.
pub(crate) fn moment(value: Value<'_>, ms: impl Fn(i64) -> Option<i64>) -> Option<TimeReading> {
    let raw = shown(value)?;
    let number: Option<i64> = raw.trim().parse().ok();
    // The years that can be shown.
    let ms = number.and_then(ms).filter(|ms| ms.unsigned_abs() < 253_402_300_800_000);
    (number != Some(0)).then(|| TimeReading::utc(raw, ms, Precision::Millisecond))
}
