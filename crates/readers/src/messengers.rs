//! What the readers of messengers' databases share: rows that nothing names, side rows found by their number,
//! notes of Core Data.
//!
//! Deliberately knows no table of any messenger.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{
    Attachment, AttachmentState, CallOutcome, ChatKind, ChatRef, Direction, Event, Extra, Identifier,
    IdentifierKind, MediaKind, Party, Place, ProblemKind, Record, TimeReading, What,
};
use sqlite::{Database, Row, Table, Value};

use crate::Flow;
use crate::Sink;
use crate::database::Became;
use crate::tables::{Tables, text};
use crate::troubles::Troubles;
use crate::whatsapp::media::MediaFiles;
use crate::whatsapp::named::everything;

/// Tables of Core Data itself.
pub(crate) const CORE_DATA: &[&str] =
    &["Z_METADATA", "Z_MODELCACHE", "Z_PRIMARYKEY", "ACHANGE", "ATRANSACTION", "ATRANSACTIONSTRING"];

/// Numbers of rows that something named, 8 bytes each.
#[derive(Default)]
pub(crate) struct Numbers(Vec<i64>);

impl Numbers {
    /// One more.
    pub(crate) fn note(&mut self, number: i64) {
        self.0.push(number);
    }

    /// Puts them in order; to be done before they are asked.
    pub(crate) fn settle(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// Whether this one was noted.
    pub(crate) fn has(&self, number: i64) -> bool {
        self.0.binary_search(&number).is_ok()
    }

    /// The numbers of the rows of a table.
    pub(crate) fn of_rows(database: &Database, table: &str) -> Self {
        let mut found = Self::default();
        let Some(table) = database.table(table) else { return found };
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            found.0.extend(row.ok().map(|row| row.rowid()));
        }
        found.settle();
        found
    }
}

/// Rows of a side table by a number in one of its columns, 16 bytes each.
#[derive(Default)]
pub(crate) struct Sides(Vec<(i64, i64)>);

impl Sides {
    /// The rows of a table by this column; none where the column says nothing.
    pub(crate) fn of(database: &Database, table: &str, column: &str) -> Self {
        let mut found = Self::default();
        let Some(table) = database.table(table) else { return found };
        let column = table.column(column);
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            let Ok(row) = row else { continue };
            found.0.extend(row.integer(column).map(|number| (number, row.rowid())));
        }
        found.0.sort_unstable();
        found
    }

    /// The numbers of the rows that have this number in the column.
    pub(crate) fn rows(&self, number: i64) -> impl Iterator<Item = i64> {
        let from = self.0.partition_point(|(found, _)| *found < number);
        let rest = self.0.get(from..).unwrap_or_default().iter();
        rest.take_while(move |(found, _)| *found == number).map(|(_, row)| *row)
    }
}

/// How a value is read as a time.
pub(crate) type Clock = fn(Value<'_>) -> Option<TimeReading>;

/// How rows are told as events.
pub(crate) struct Told {
    /// The service.
    pub(crate) app: &'static str,
    /// The table.
    pub(crate) table: &'static str,
    /// The word for the kind.
    pub(crate) kind: &'static str,
    /// Columns of which the first that says something is the text.
    pub(crate) text: &'static [&'static str],
    /// The column with the time, and how it is read.
    pub(crate) at: Option<(&'static str, Clock)>,
}

/// Tells the rows of a table as events with everything they say, except those that were part of other
/// records.
pub(crate) fn events(tables: &mut Tables<'_>, told: &Told, used: &Numbers, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take(told.table) else { return Flow::Continue(()) };
    let file = tables.file;
    let at = told.at.map(|(column, read)| (table.column(column), read));
    let texts: Vec<_> = told.text.iter().map(|name| table.column(name)).collect();
    tables.each(table, sink, |row, part, sink| {
        if used.has(row.rowid()) {
            return ControlFlow::Continue(Became::Continuation);
        }
        let mut event = Event { app: told.app.to_owned(), kind: told.kind.to_owned(), ..Event::default() };
        event.at = at.and_then(|(column, read)| read(row.get(column)));
        event.text = texts.iter().find_map(|column| text(row, *column));
        rest(table, row, &[], &mut event.extra);
        let (place, what) = (Place::row(table.name(), row.rowid()), What::Event(Box::new(event)));
        sink.record(Record { file, place, part, what })?;
        ControlFlow::Continue(Became::Record)
    })
}

/// Rows that join two others: those whose first side is there belong to it, the others are told as gaps.
pub(crate) fn joins(
    tables: &mut Tables<'_>,
    (name, column): (&str, &str),
    present: &Numbers,
    sink: &mut dyn Sink,
    mut row: impl FnMut(&Table, &Row<'_>, Option<i64>),
) -> Flow {
    let Some(table) = tables.take(name) else { return Flow::Continue(()) };
    let column = table.column(column);
    let mut troubles = Troubles::new(tables.file);
    tables.each(table, sink, |next, _, sink| {
        let one = next.integer(column).filter(|one| present.has(*one));
        row(table, next, one);
        if one.is_none() {
            let words = ("the row that this one belongs to", "its number");
            troubles.say(sink, Place::row(table.name(), next.rowid()), ProblemKind::Gap, words)?;
            return ControlFlow::Continue(Became::Problem);
        }
        ControlFlow::Continue(Became::Continuation)
    })?;
    troubles.finish(sink)
}

/// What else a row says, under the names of its columns; `_id` is its place.
pub(crate) fn rest(table: &Table, row: &Row<'_>, except: &[&str], extra: &mut Extra) {
    let from = extra.len();
    everything(table, row, except, extra);
    let mut at = 0_usize;
    extra.retain(|(name, _)| {
        at = at.saturating_add(1);
        at <= from || !matches!(name.as_str(), "_id" | "id")
    });
}

/// The highest number that Core Data gave for rows of this table.
pub(crate) fn core_data_last(database: &Database, table: &str) -> Option<i64> {
    let entity = table.strip_prefix('Z')?;
    let notes = database.table("Z_PRIMARYKEY")?;
    let (name, number) = (notes.column("Z_NAME"), notes.column("Z_MAX"));
    let mut rows = database.rows(notes);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        if row.text(name).is_some_and(|name| name.eq_ignore_ascii_case(entity)) {
            return row.integer(number).filter(|number| *number < i64::MAX);
        }
    }
    None
}

/// The names of entities by the number that `Z_ENT` has.
pub(crate) fn entities(database: &Database) -> BTreeMap<i64, String> {
    let mut found = BTreeMap::new();
    let Some(notes) = database.table("Z_PRIMARYKEY") else { return found };
    let (number, name) = (notes.column("Z_ENT"), notes.column("Z_NAME"));
    let mut rows = database.rows(notes);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        found.extend(row.integer(number).zip(text(&row, name)));
    }
    found
}

/// A chat whose row is there or not.
pub(crate) fn chat(chats: &BTreeMap<i64, ChatRef>, number: Option<i64>) -> ChatRef {
    let Some(number) = number else { return ChatRef::default() };
    let missing = || ChatRef { id: number.to_string(), name: None, kind: ChatKind::Unknown };
    chats.get(&number).cloned().unwrap_or_else(missing)
}

/// A file that was sent, looked for by the end of its path or by name and size.
pub(crate) fn attachment(
    kind: MediaKind,
    name: Option<String>,
    size_bytes: Option<u64>,
    files: &MediaFiles<'_>,
) -> Attachment {
    let file = name.as_deref().and_then(|name| files.find(name, size_bytes));
    let state = if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound };
    Attachment { kind, name, size_bytes, file, state, ..Attachment::default() }
}

/// Which way by a number that is 1 for what the owner sent and 0 for what came.
pub(crate) fn own(number: Option<i64>) -> Direction {
    match number {
        Some(1) => Direction::Outgoing,
        Some(0) => Direction::Incoming,
        _ => Direction::Unknown,
    }
}

/// How a call ended, by how long it lasted: no word of the source says more.
pub(crate) fn by_length(duration_seconds: Option<u64>) -> CallOutcome {
    match duration_seconds {
        Some(1..) => CallOutcome::Answered,
        _ => CallOutcome::Unknown,
    }
}

/// An identifier, unless it is there already.
pub(crate) fn identify(
    identifiers: &mut Vec<Identifier>,
    kind: IdentifierKind,
    value: Option<String>,
    label: Option<String>,
) {
    if let Some(value) = value.filter(|value| !identifiers.iter().any(|one| one.value == *value)) {
        identifiers.push(Identifier { kind, value, label });
    }
}

/// The names that say something, each once.
pub(crate) fn names(names: impl IntoIterator<Item = Option<String>>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names.into_iter().flatten().filter(|name| !name.trim().is_empty()) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Somebody of whom only a number in the database is known.
pub(crate) fn unknown(what: &str, number: Option<i64>) -> Option<Party> {
    number.map(|number| Party::with_id(format!("{what} {number}")))
}

/// Whole seconds that a source gives as a number of any sort.
pub(crate) fn seconds(value: Value<'_>) -> Option<u64> {
    match value {
        Value::Integer(seconds) => u64::try_from(seconds).ok(),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10^9")]
        Value::Real(seconds) if (0.0..1e9).contains(&seconds) => Some(seconds.round() as u64),
        Value::Text(text) => text.lossy().trim().parse().ok(),
        _ => None,
    }
}
