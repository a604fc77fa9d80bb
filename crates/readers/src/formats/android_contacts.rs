//! Contacts of Android phones: `contacts2.db`, and the calls in it before Android 7.
//!
//! One record for each row of `raw_contacts`, with what `data` says of it; the type of a row of `data` is
//! told by `mimetypes`. Raw contacts of programs (WhatsApp, Signal, Telegram) show where an account exists.
//! Columns are looked up by name. Deliberately not read: search indexes, pictures, groups beyond their
//! titles, deleted rows in free pages.

mod rows;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{Account, Contact, Extra, FileNumber, Identifier, IdentifierKind, Place, Record, What};
use source::tree::Candidate;
use sqlite::Row;

use super::android_calls;
use crate::database::{self, Became};
use crate::tables::{self, Gaps, Kept, Tables, shown, text, unix_ms};
use crate::{About, Claim, Flow, Format, Input, Sink};

use rows::Data;

/// `contacts2.db`.
pub(crate) struct AndroidContacts;

/// Tables for searching, counting and synchronising.
const HOUSEKEEPING: &[&str] = &[
    "android_metadata",
    "_sync_state",
    "_sync_state_metadata",
    "packages",
    "mimetypes",
    "activities",
    "agg_exceptions",
    "default_directory",
    "directories",
    "name_lookup",
    "nickname_lookup",
    "phone_lookup",
    "presence",
    "presence_aggregate",
    "agg_presence",
    "properties",
    "search_index",
    "settings",
    "status_updates",
    "stream_items",
    "stream_item_photos",
    "photo_files",
    "v1_settings",
    "visible_contacts",
    "voicemail_status",
    "pre_authorized_uris",
    "metadata_sync",
    "metadata_sync_state",
    "dialer_search",
];

/// Columns of a raw contact that are kept as they are.
const KEPT: &[&str] = &[
    "account_type",
    "account_name",
    "data_set",
    "sourceid",
    "deleted",
    "starred",
    "times_contacted",
    "last_time_contacted",
    "times_used",
    "last_time_used",
    "send_to_voicemail",
    "sync1",
    "sync2",
    "sync3",
    "sync4",
];

impl Format for AndroidContacts {
    fn name(&self) -> &'static str {
        "android_contacts"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Contacts of Android phones (contacts2.db)",
            covers: "raw contacts with names, numbers, addresses, accounts of programs, notes, dates, \
                     groups, use counts and the mark of deletion; blocked and deleted contacts; calls \
                     before Android 7",
            leaves_out: "pictures; tables for searching and synchronising; deleted rows in free pages",
            source: "android.provider.ContactsContract of the Android Open Source Project",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        tables::recognise(
            candidate,
            &["contacts2.db"],
            "raw_contacts",
            &["raw_contacts", "data", "mimetypes"],
        )
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let accounts = accounts(&mut tables, sink)?;
        let groups = words(&mut tables, "groups", "title", sink)?;
        let mut data = rows::read(&mut tables, &groups, sink)?;
        let contacts = aggregates(&mut tables, sink)?;
        people(input.file, &mut tables, (&accounts, &contacts, &mut data), sink)?;
        deleted(&mut tables, sink)?;
        android_calls::calls(input.file, &mut tables, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

/// Accounts of the owner by number, as they are since Android 4.2; told, and named with each contact in them.
fn accounts(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), BTreeMap<i64, Extra>> {
    let mut found = BTreeMap::new();
    let Some(table) = tables.take("accounts") else { return ControlFlow::Continue(found) };
    let kept = Kept::of(table, &["account_type", "account_name", "data_set"]);
    let (name, file) = (table.column("account_name"), tables.file);
    tables.each(table, sink, |row, part, sink| {
        let mut extra = Extra::new();
        kept.add(row, &mut extra);
        found.insert(row.rowid(), extra.clone());
        // Contacts on the phone itself have an account without a name.
        let Some(value) = text(row, name) else { return ControlFlow::Continue(Became::Continuation) };
        let kind = if value.contains('@') { IdentifierKind::Mail } else { IdentifierKind::Account };
        let identifiers = vec![Identifier { kind, value, label: None }];
        let account = Account { app: app(&extra), identifiers, extra, ..Account::default() };
        let place = Place::row("accounts", row.rowid());
        sink.record(Record { file, place, part, what: What::Account(Box::new(account)) })?;
        ControlFlow::Continue(Became::Record)
    })?;
    ControlFlow::Continue(found)
}

/// A column of a small table, by row.
fn words(
    tables: &mut Tables<'_>,
    name: &str,
    column: &str,
    sink: &mut dyn Sink,
) -> ControlFlow<(), BTreeMap<i64, String>> {
    let mut found = BTreeMap::new();
    let Some(table) = tables.take(name) else { return ControlFlow::Continue(found) };
    let column = table.column(column);
    tables.each(table, sink, |row, _, _| {
        found.extend(text(row, column).map(|text| (row.rowid(), text)));
        ControlFlow::Continue(Became::Continuation)
    })?;
    ControlFlow::Continue(found)
}

/// What the phone notes of a contact as it shows it: how often and when it was last used.
fn aggregates(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), BTreeMap<i64, Extra>> {
    let mut found = BTreeMap::new();
    let Some(table) = tables.take("contacts") else { return ControlFlow::Continue(found) };
    let kept = Kept::of(
        table,
        &[
            "times_contacted",
            "last_time_contacted",
            "x_times_contacted",
            "x_last_time_contacted",
            "starred",
            "pinned",
            "custom_ringtone",
            "send_to_voicemail",
        ],
    );
    let changed = table.column("contact_last_updated_timestamp");
    tables.each(table, sink, |row, _, _| {
        let mut extra = Extra::new();
        kept.add(row, &mut extra);
        extra.extend(shown(row.get(changed)).map(|time| (CHANGED.to_owned(), time)));
        found.insert(row.rowid(), extra);
        ControlFlow::Continue(Became::Continuation)
    })?;
    ControlFlow::Continue(found)
}

/// When a contact was last changed, in milliseconds.
const CHANGED: &str = "contact_last_updated_timestamp";

type Found<'f> = (&'f BTreeMap<i64, Extra>, &'f BTreeMap<i64, Extra>, &'f mut BTreeMap<i64, Data>);

fn people(file: FileNumber, tables: &mut Tables<'_>, found: Found<'_>, sink: &mut dyn Sink) -> Flow {
    let (accounts, contacts, data) = found;
    let Some(table) = tables.take("raw_contacts") else { return Flow::Continue(()) };
    let names = ["display_name", "display_name_alt", "account_id", "contact_id"];
    let [name, other_name, account, aggregate] = names.map(|name| table.column(name));
    let kept = Kept::of(table, KEPT);
    let mut gaps = Gaps::new(file, "raw_contacts");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let of = if part == 0 { data.remove(&row.rowid()) } else { None }.unwrap_or_default();
        let mut contact = contact(&of, [text(row, name), text(row, other_name)].into_iter().flatten());
        let account = row.integer(account).and_then(|account| accounts.get(&account));
        contact.id = Some(row.rowid().to_string());
        contact.extra.extend(account.into_iter().flatten().cloned());
        kept.add(row, &mut contact.extra);
        contact.app = app(&contact.extra);
        of_aggregate(row, aggregate, contacts, &mut contact);
        contact.extra.extend(of.extra);
        let place = Place::row("raw_contacts", row.rowid());
        sink.record(Record { file, place, part, what: What::Contact(Box::new(contact)) })?;
        ControlFlow::Continue(Became::Record)
    })?;
    gaps.finish(tables.database, sink)?;
    // Data whose raw contact is gone, all of one contact together.
    for (raw, of) in std::mem::take(data) {
        let Some(row) = of.first_row else { continue };
        let mut contact = contact(&of, std::iter::empty());
        "phone".clone_into(&mut contact.app);
        contact.id = Some(raw.to_string());
        contact.extra = of.extra;
        contact.extra.push(("raw_contacts".to_owned(), "row is gone".to_owned()));
        let place = Place::row("data", row);
        sink.record(Record { file, place, part: 0, what: What::Contact(Box::new(contact)) })?;
    }
    Flow::Continue(())
}

fn contact(of: &Data, shown: impl Iterator<Item = String>) -> Contact {
    let mut names: Vec<String> = Vec::new();
    for name in shown.chain(of.names.iter().cloned()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Contact { names, identifiers: of.identifiers.clone(), note: of.note.clone(), ..Contact::default() }
}

fn of_aggregate(
    row: &Row<'_>,
    aggregate: Option<sqlite::ColumnNumber>,
    contacts: &BTreeMap<i64, Extra>,
    contact: &mut Contact,
) {
    let Some(number) = row.integer(aggregate) else { return };
    contact.extra.push(("contact_id".to_owned(), number.to_string()));
    for (name, value) in contacts.get(&number).into_iter().flatten() {
        if name == CHANGED {
            let time = value.parse().map_or(sqlite::Value::Null, sqlite::Value::Integer);
            contact.changed = unix_ms(time);
        } else {
            contact.extra.push((format!("contact.{name}"), value.clone()));
        }
    }
}

/// Whose address book it is: that of the phone, or of a program that keeps its own raw contacts.
fn app(extra: &Extra) -> String {
    const APPS: [(&str, &str); 8] = [
        ("com.whatsapp", "whatsapp"),
        ("org.thoughtcrime.securesms", "signal"),
        ("org.telegram", "telegram"),
        ("com.viber", "viber"),
        ("ch.threema", "threema"),
        ("com.facebook", "facebook"),
        ("com.skype", "skype"),
        ("com.tencent", "wechat"),
    ];
    let kind = extra.iter().find(|(name, _)| name == "account_type").map(|(_, kind)| kind.as_str());
    let found = APPS.iter().find(|(part, _)| kind.is_some_and(|kind| kind.starts_with(part)));
    found.map_or("phone", |(_, app)| app).to_owned()
}

/// Contacts that were deleted: only their number and time are kept.
fn deleted(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("deleted_contacts") else { return Flow::Continue(()) };
    let (contact, time) = (table.column("contact_id"), table.column("contact_deleted_timestamp"));
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let event = model::record::Event {
            app: "phone".to_owned(),
            kind: "deleted-contact".to_owned(),
            at: unix_ms(row.get(time)),
            text: None,
            extra: shown(row.get(contact)).map(|id| ("contact_id".to_owned(), id)).into_iter().collect(),
        };
        let place = Place::row("deleted_contacts", row.rowid());
        sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
        ControlFlow::Continue(Became::Record)
    })
}
