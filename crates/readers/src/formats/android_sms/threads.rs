//! Threads and who takes part in them.
//!
//! `threads.recipient_ids` holds numbers of `canonical_addresses`, separated by spaces. Threads without
//! messages and addresses without threads are told: they may be left of deleted messages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{ChatKind, ChatRef, Event, Party, Place, Record, What};
use sqlite::{Database, Row};

use crate::database::Became;
use crate::tables::{Kept, Tables, shown, text, unix_ms};
use crate::{Flow, Sink};

/// Threads by number.
#[derive(Default)]
pub(super) struct Threads {
    people: BTreeMap<i64, Vec<String>>,
}

impl Threads {
    /// Reads them.
    pub(super) fn read(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let (named, used) = (recipients(tables.database), used(tables.database));
        let in_threads: BTreeSet<i64> = named.values().flatten().copied().collect();
        let mut addresses = BTreeMap::new();
        if let Some(table) = tables.take("canonical_addresses") {
            let address = table.column("address");
            let (kept, file) = (Kept::of(table, &[]), tables.file);
            tables.each(table, sink, |row, part, sink| {
                let address = text(row, address);
                addresses.extend(address.clone().map(|address| (row.rowid(), address)));
                if in_threads.contains(&row.rowid()) {
                    return ControlFlow::Continue(Became::Continuation);
                }
                let what = ("canonical_addresses", "address-without-thread");
                sink.record(event(file, what, (row, part), address, &kept))?;
                ControlFlow::Continue(Became::Record)
            })?;
        }
        let name =
            |number: &i64| addresses.get(number).cloned().unwrap_or_else(|| format!("address {number}"));
        let people = named.iter().map(|(thread, people)| (*thread, people.iter().map(name).collect()));
        let threads = Self { people: people.collect() };
        threads.tell(tables, &used, sink)?;
        ControlFlow::Continue(threads)
    }

    fn tell(&self, tables: &mut Tables<'_>, used: &BTreeSet<i64>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("threads") else { return Flow::Continue(()) };
        let (snippet, date) = (table.column("snippet"), table.column("date"));
        let (kept, file) =
            (Kept::of(table, &["message_count", "recipient_ids", "archived", "error"]), tables.file);
        tables.each(table, sink, |row, part, sink| {
            if used.contains(&row.rowid()) {
                return ControlFlow::Continue(Became::Continuation);
            }
            let mut record =
                event(file, ("threads", "thread-without-messages"), (row, part), text(row, snippet), &kept);
            if let What::Event(event) = &mut record.what {
                event.at = unix_ms(row.get(date));
                let people = self.people.get(&row.rowid()).into_iter().flatten();
                event.extra.extend(people.map(|id| ("participant".to_owned(), id.clone())));
            }
            sink.record(record)?;
            ControlFlow::Continue(Became::Record)
        })
    }

    /// The chat of a thread; the raw value stands for a thread that is not there.
    pub(super) fn chat(&self, raw: Option<String>) -> ChatRef {
        let people = raw.as_deref().and_then(|raw| self.people.get(&raw.parse().ok()?));
        let kind = match people.map(Vec::len) {
            Some(1) => ChatKind::Direct,
            Some(2..) => ChatKind::Group,
            _ => ChatKind::Unknown,
        };
        ChatRef { id: raw.unwrap_or_default(), name: None, kind }
    }

    /// Who takes part in a thread.
    pub(super) fn people(&self, chat: &ChatRef) -> Vec<Party> {
        let people = chat.id.parse().ok().and_then(|thread: i64| self.people.get(&thread));
        people.into_iter().flatten().map(|id| Party::with_id(id.clone())).collect()
    }
}

fn recipients(database: &Database) -> BTreeMap<i64, Vec<i64>> {
    let mut found = BTreeMap::new();
    let Some(table) = database.table("threads") else { return found };
    let ids = table.column("recipient_ids");
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        let ids = shown(row.get(ids)).unwrap_or_default();
        found.insert(row.rowid(), ids.split_whitespace().filter_map(|id| id.parse().ok()).collect());
    }
    found
}

/// Threads that have messages.
fn used(database: &Database) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    for name in ["sms", "pdu"] {
        let Some(table) = database.table(name) else { continue };
        let thread = table.column("thread_id");
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            found.extend(row.ok().and_then(|row| row.integer(thread)));
        }
    }
    found
}

/// A row that is told as it is.
pub(super) fn event(
    file: model::record::FileNumber,
    (table, kind): (&str, &str),
    (row, part): (&Row<'_>, u16),
    text: Option<String>,
    kept: &Kept,
) -> Record {
    let mut event = Event { app: "sms".to_owned(), kind: kind.to_owned(), text, ..Event::default() };
    kept.add(row, &mut event.extra);
    Record { file, place: Place::row(table, row.rowid()), part, what: What::Event(Box::new(event)) }
}
