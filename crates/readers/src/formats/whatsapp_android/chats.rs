//! Chats as such: a chat that is empty, hidden or archived says something too. And who is in a group.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{Event, FileNumber, Place, Record, TimeReading, What};
use sqlite::Database;

use super::details::{chat_number, spoken};
use super::people::{People, table};
use crate::database::{self, Became};
use crate::whatsapp::APP;
use crate::whatsapp::gaps::{Met, Order};
use crate::whatsapp::named::Fields;
use crate::{Flow, Sink};

const CHAT: &[&str] = &[
    "jid_row_id",
    "subject",
    "created_timestamp",
    "hidden",
    "archived",
    "chat_lock",
    "spam_detection",
    "ephemeral_expiration",
    "group_type",
];

/// The tables that are read here.
pub(super) const TABLES: [&str; 4] =
    ["chat", "group_participant_user", "group_participants", "group_participants_history"];

/// Members by the address of their group: the first one's row, and each in one text.
type Members = BTreeMap<String, (Option<Place>, BTreeSet<String>)>;

const MEMBER: &[&str] = &["group_jid_row_id", "user_jid_row_id", "rank", "pending", "label"];

/// Notes all chats, so that messages can name them.
pub(super) fn note(database: &Database, people: &mut People) {
    let Some((table, fields)) = table(database, TABLES[0], CHAT) else { return };
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        let named = fields.in_row(&row);
        people.note_chat(row.rowid(), named.integer("jid_row_id").unwrap_or(-1), named.text("subject"));
    }
}

/// Gives a record for each chat, with the members of groups.
pub(super) fn read((database, file): (&Database, FileNumber), people: &People, sink: &mut dyn Sink) -> Flow {
    let mut members = members((database, file), people, sink)?;
    let mut order = Order::default();
    if let Some((table, fields)) = table(database, TABLES[0], CHAT) {
        database::each_row((database, table, file), sink, &mut |row, sink| {
            let named = fields.in_row(row);
            let chat = people.chat(row.rowid());
            let mut event = Event { app: APP.to_owned(), kind: "chat".to_owned(), ..Event::default() };
            event.at = named.positive("created_timestamp").map(TimeReading::unix_ms);
            event.text.clone_from(&chat.name);
            event.extra.push(("chat".to_owned(), chat.id.clone()));
            chat_number(&chat, people, &mut event.extra);
            for name in
                ["hidden", "archived", "chat_lock", "spam_detection", "ephemeral_expiration", "group_type"]
            {
                named.keep(name, &mut event.extra);
            }
            let (_, of_group) = members.remove(&chat.id).unwrap_or_default();
            event.extra.extend(of_group.into_iter().map(|member| ("member".to_owned(), member)));
            let part = order.part(row.rowid());
            let what = What::Event(Box::new(event));
            sink.record(Record { file, place: Place::row(table.name(), row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })?;
    }
    without_chat(file, members, sink)?;
    history((database, file), people, sink)
}

/// Members of groups that have no chat any more.
fn without_chat(file: FileNumber, members: Members, sink: &mut dyn Sink) -> Flow {
    let mut met = Met::default();
    for (group, (place, members)) in members {
        let Some(place) = place else { continue };
        let mut event =
            Event { app: APP.to_owned(), kind: "group-without-chat".to_owned(), ..Event::default() };
        event.extra.push(("chat".to_owned(), group));
        event.extra.extend(members.into_iter().map(|member| ("member".to_owned(), member)));
        let part = met.part(&place);
        sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
    }
    Flow::Continue(())
}

fn members(
    (database, file): (&Database, FileNumber),
    people: &People,
    sink: &mut dyn Sink,
) -> ControlFlow<(), Members> {
    let (mut members, chats) = (Members::new(), people.chat_addresses());
    if let Some((table, fields)) = table(database, TABLES[1], MEMBER) {
        database::each_row((database, table, file), sink, &mut |row, _| {
            let named = fields.in_row(row);
            let group = people.who(named.integer("group_jid_row_id").unwrap_or(-1)).party.id;
            let who = people.who(named.integer("user_jid_row_id").unwrap_or(-1));
            let mut text = spoken(&who.party);
            text.extend(who.anonymous.map(|lid| format!(" {lid}")));
            text.extend(named.positive("rank").map(|rank| format!(" rank={rank}")));
            text.extend(named.positive("pending").map(|pending| format!(" pending={pending}")));
            let place = Place::row(table.name(), row.rowid());
            ControlFlow::Continue(add(&mut members, (group.unwrap_or_default(), text), place, &chats))
        })?;
    }
    if let Some((table, fields)) = table(database, TABLES[2], &["gjid", "jid", "admin", "pending"]) {
        database::each_row((database, table, file), sink, &mut |row, _| {
            let named = fields.in_row(row);
            // An empty address is the owner's own.
            let jid =
                named.text("jid").map_or_else(|| "owner".to_owned(), |jid| spoken(&people.named(&jid).party));
            let admin = named.positive("admin").map(|admin| format!(" rank={admin}"));
            let text = format!("{jid}{}", admin.unwrap_or_default());
            let place = Place::row(table.name(), row.rowid());
            let group = named.text("gjid").unwrap_or_default();
            ControlFlow::Continue(add(&mut members, (group, text), place, &chats))
        })?;
    }
    ControlFlow::Continue(members)
}

/// Notes a member; the first of a group that has no chat is a record.
fn add(
    members: &mut Members,
    (group, text): (String, String),
    place: Place,
    chats: &BTreeSet<String>,
) -> Became {
    let has_chat = chats.contains(&group);
    let (first, texts) = members.entry(group).or_default();
    let is_first = first.is_none();
    first.get_or_insert(place);
    texts.insert(text);
    if is_first && !has_chat { Became::Record } else { Became::Continuation }
}

/// Who came and went, as old databases kept it.
fn history((database, file): (&Database, FileNumber), people: &People, sink: &mut dyn Sink) -> Flow {
    let Some(table) = database.table(TABLES[3]) else { return Flow::Continue(()) };
    let fields = Fields::of(table, &["timestamp", "gjid", "jid", "action"]);
    let mut order = Order::default();
    database::each_row((database, table, file), sink, &mut |row, sink| {
        let named = fields.in_row(row);
        let mut event = Event { app: APP.to_owned(), kind: "group-history".to_owned(), ..Event::default() };
        event.at = named.positive("timestamp").map(TimeReading::unix_ms);
        event.text = named.text("jid").map(|jid| spoken(&people.named(&jid).party));
        named.keep("gjid", &mut event.extra);
        let action = named.integer("action").map(|action| ("action".to_owned(), action.to_string()));
        event.extra.extend(action);
        let (place, part) = (Place::row(table.name(), row.rowid()), order.part(row.rowid()));
        sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
        ControlFlow::Continue(Became::Record)
    })
}
