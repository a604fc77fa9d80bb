//! Skype before version 8: `main.db`.
//!
//! Tables and columns are known from plaso's plugin for Skype and the schemas that Skyperious publishes. No
//! real database was at hand. Whose the database is says `Accounts`; without it no direction is told. All
//! tables seem to share one count of numbers, so a missing number is not told as a gap. Deliberately not
//! interpreted: the marks in `body_xml` (kept as they are), numbers for states; deleted rows in free pages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{
    Account, Call, CallMedium, ChatKind, ChatRef, Contact, Direction, Event, Identifier, IdentifierKind,
    Inside, Message, Party, Place, Record, State, What,
};
use source::tree::Candidate;
use sqlite::{Row, Table};

use crate::database::{self, Became};
use crate::messengers::{self, Numbers, Told, events, identify, joins, names, rest, seconds};
use crate::tables::{self, Tables, text, unix_ms, unix_seconds};
use crate::{About, Claim, Flow, Format, Input, Sink};

const APP: &str = "skype";

/// `main.db`.
pub(crate) struct Skype;

/// Tables that say nothing about anybody.
const HOUSEKEEPING: &[&str] =
    &["AppSchemaVersion", "DbMeta", "CallHandlers", "LegacyMessages", "ConversationViews", "Alerts"];

/// Tables whose rows are events of their own.
const EVENTS: &[Told] = &[
    told("Chats", "old-chat", &["friendlyname", "name"], "timestamp"),
    told("ChatMembers", "old-chat-member", &["identity"], ""),
    told("ContactGroups", "contact-group", &["given_displayname"], ""),
    told("SMSes", "sms", &["body"], "timestamp"),
    told("Transfers", "file-transfer", &["filename", "filepath"], "starttime"),
    told("Voicemails", "voicemail", &["partner_handle"], "timestamp"),
    told("VideoMessages", "video-message", &["title"], "creation_timestamp"),
    told("Videos", "video", &[], ""),
    told("MediaDocuments", "media-document", &["original_name", "uri"], ""),
];

const fn told(
    table: &'static str,
    kind: &'static str,
    text: &'static [&'static str],
    time: &'static str,
) -> Told {
    Told { app: APP, table, kind, text, at: Some((time, unix_seconds)) }
}

/// Columns of a message that are told in its own fields.
const TOLD: &[&str] = &["timestamp", "edited_timestamp", "body_xml", "convo_id", "author", "from_dispname"];

impl Format for Skype {
    fn name(&self) -> &'static str {
        "skype"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Skype (main.db)",
            covers: "messages, calls with all who took part, chats, contacts, the account, text messages, \
                     files sent",
            leaves_out: "Skype 8 and later; marks in texts are kept, not rendered; deleted rows in free \
                         pages",
            source: "plaso, schemas published by Skyperious",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        tables::recognise(candidate, &["main.db"], "body_xml", &["Messages", "Conversations", "Accounts"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let owners = accounts(&mut tables, sink)?;
        contacts(&mut tables, sink)?;
        let chats = chats(&mut tables, sink)?;
        messages(&mut tables, &owners, &chats, sink)?;
        calls(&mut tables, &owners, sink)?;
        for told in EVENTS {
            events(&mut tables, told, &Numbers::default(), sink)?;
        }
        tables.finish(HOUSEKEEPING, sink)
    }
}

/// The columns with numbers and addresses of a person.
const IDENTIFIERS: &[(&str, IdentifierKind, Option<&str>)] = &[
    ("skypename", IdentifierKind::Account, None),
    ("liveid_membername", IdentifierKind::Account, None),
    ("pstnnumber", IdentifierKind::Phone, None),
    ("phone_home", IdentifierKind::Phone, Some("home")),
    ("phone_office", IdentifierKind::Phone, Some("work")),
    ("phone_mobile", IdentifierKind::Phone, Some("mobile")),
    ("assigned_phone1", IdentifierKind::Phone, None),
    ("emails", IdentifierKind::Mail, None),
    ("homepage", IdentifierKind::Url, None),
];

fn identifiers(table: &Table, row: &Row<'_>) -> Vec<Identifier> {
    let mut found = Vec::new();
    for (column, kind, label) in IDENTIFIERS {
        let value = text(row, table.column(column));
        // Several addresses stand in one column with blanks between.
        for value in value.iter().flat_map(|value| value.split(' ')).filter(|value| !value.is_empty()) {
            identify(&mut found, *kind, Some(value.to_owned()), label.map(str::to_owned));
        }
    }
    found
}

fn accounts(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), BTreeSet<String>> {
    let mut owners = BTreeSet::new();
    let Some(table) = tables.take("Accounts") else { return ControlFlow::Continue(owners) };
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let value = |name: &str| text(row, table.column(name));
        owners.extend(value("skypename"));
        let mut account = Account { app: APP.to_owned(), ..Account::default() };
        account.names = names([value("fullname"), value("given_displayname")]);
        account.identifiers = identifiers(table, row);
        account.since = unix_seconds(row.get(table.column("registration_timestamp")));
        rest(table, row, &["fullname", "given_displayname"], &mut account.extra);
        let what = What::Account(Box::new(account));
        sink.record(Record { file, place: Place::row("Accounts", row.rowid()), part, what })?;
        ControlFlow::Continue(Became::Record)
    })?;
    ControlFlow::Continue(owners)
}

fn contacts(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("Contacts") else { return Flow::Continue(()) };
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let value = |name: &str| text(row, table.column(name));
        let mut contact = Contact { app: APP.to_owned(), id: value("skypename"), ..Contact::default() };
        contact.names = names([value("given_displayname"), value("displayname"), value("fullname")]);
        contact.identifiers = identifiers(table, row);
        contact.note = value("about");
        contact.changed = unix_seconds(row.get(table.column("profile_timestamp")));
        rest(
            table,
            row,
            &["skypename", "given_displayname", "displayname", "fullname", "about"],
            &mut contact.extra,
        );
        let what = What::Contact(Box::new(contact));
        sink.record(Record { file, place: Place::row("Contacts", row.rowid()), part, what })?;
        ControlFlow::Continue(Became::Record)
    })
}

fn chats(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), BTreeMap<i64, ChatRef>> {
    let (mut chats, mut members) = (BTreeMap::new(), BTreeMap::<i64, Vec<String>>::new());
    let present = Numbers::of_rows(tables.database, "Conversations");
    joins(tables, ("Participants", "convo_id"), &present, sink, |table, row, chat| {
        if let Some((chat, who)) = chat.zip(text(row, table.column("identity"))) {
            members.entry(chat).or_default().push(who);
        }
    })?;
    let Some(table) = tables.take("Conversations") else { return ControlFlow::Continue(chats) };
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let value = |name: &str| text(row, table.column(name));
        let kind = match row.integer(table.column("type")) {
            Some(1) => ChatKind::Direct,
            Some(2) => ChatKind::Group,
            _ => ChatKind::Unknown,
        };
        let name = value("displayname").or_else(|| value("given_displayname")).or_else(|| value("identity"));
        let id = row.rowid().to_string();
        let mut event = Event { app: APP.to_owned(), kind: "chat".to_owned(), ..Event::default() };
        event.text.clone_from(&name);
        event.at = unix_seconds(row.get(table.column("creation_timestamp")));
        event.extra.push(("chat".to_owned(), id.clone()));
        rest(table, row, &[], &mut event.extra);
        let of_chat = members.remove(&row.rowid()).unwrap_or_default();
        event.extra.extend(of_chat.into_iter().map(|who| ("member".to_owned(), who)));
        chats.insert(row.rowid(), ChatRef { id, name, kind });
        let what = What::Event(Box::new(event));
        sink.record(Record { file, place: Place::row("Conversations", row.rowid()), part, what })?;
        ControlFlow::Continue(Became::Record)
    })?;
    ControlFlow::Continue(chats)
}

fn messages(
    tables: &mut Tables<'_>,
    owners: &BTreeSet<String>,
    chats: &BTreeMap<i64, ChatRef>,
    sink: &mut dyn Sink,
) -> Flow {
    let Some(table) = tables.take("Messages") else { return Flow::Continue(()) };
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let message = message(table, row, owners, chats);
        let became = if message.direction == Direction::System { Became::System } else { Became::Record };
        let what = What::Message(Box::new(message));
        sink.record(Record { file, place: Place::row("Messages", row.rowid()), part, what })?;
        ControlFlow::Continue(became)
    })
}

fn message(
    table: &Table,
    row: &Row<'_>,
    owners: &BTreeSet<String>,
    chats: &BTreeMap<i64, ChatRef>,
) -> Message {
    let value = |name: &str| text(row, table.column(name));
    let chat = row.integer(table.column("convo_id")).filter(|chat| *chat != 0);
    // Before 2011 only the name of the old chat is there.
    let old = || ChatRef { id: value("chatname").unwrap_or_default(), ..ChatRef::default() };
    let author = value("author");
    let mut message = Message {
        app: APP.to_owned(),
        chat: if chat.is_some() { messengers::chat(chats, chat) } else { old() },
        direction: match &author {
            Some(author) if owners.contains(author) => Direction::Outgoing,
            Some(_) if !owners.is_empty() => Direction::Incoming,
            _ => Direction::Unknown,
        },
        sent: unix_seconds(row.get(table.column("timestamp")))
            .or_else(|| unix_ms(row.get(table.column("timestamp__ms")))),
        text: value("body_xml"),
        ..Message::default()
    };
    let name = value("from_dispname");
    message.sender = (author.is_some() || name.is_some()).then_some(Party { id: author, name });
    if let Some(time) = unix_seconds(row.get(table.column("edited_timestamp"))) {
        message.states.push(State::Edited);
        message.times.push(("edited".to_owned(), time));
    }
    // Topic, founded, added, removed, left, call begun and ended, contact asked for, allowed and blocked.
    let kind = row.integer(table.column("type"));
    if let Some(kind @ (2 | 4 | 10 | 12 | 13 | 30 | 39 | 50 | 51 | 53)) = kind {
        let about = value("identities").unwrap_or_default();
        let about = about.split(' ').filter(|who| !who.is_empty()).map(Party::with_id).collect();
        message.direction = Direction::System;
        message.inside.push(Inside::Change { what: format!("type {kind}"), about });
    }
    rest(table, row, TOLD, &mut message.extra);
    message
}

/// A call and who took part: each of them has a row.
fn calls(tables: &mut Tables<'_>, owners: &BTreeSet<String>, sink: &mut dyn Sink) -> Flow {
    let file = tables.file;
    let present = Numbers::of_rows(tables.database, "Calls");
    let mut members: BTreeMap<i64, Vec<Member>> = BTreeMap::new();
    let mut lost = Numbers::default();
    if let Some(table) = tables.database.table("CallMembers") {
        let mut rows = tables.database.rows(table);
        while let Some(row) = rows.next() {
            let Ok(row) = row else { continue };
            let call = row.integer(table.column("call_db_id")).filter(|call| present.has(*call));
            if let Some(call) = call {
                members.entry(call).or_default().push(Member::of(table, &row));
                lost.note(row.rowid());
            }
        }
    }
    lost.settle();
    if let Some(table) = tables.take("Calls") {
        tables.each(table, sink, |row, part, sink| {
            let call = call(table, row, members.remove(&row.rowid()).unwrap_or_default(), owners);
            let what = What::Call(Box::new(call));
            sink.record(Record { file, place: Place::row("Calls", row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })?;
    }
    let told = told("CallMembers", "call-member", &["identity"], "start_timestamp");
    events(tables, &told, &lost, sink)
}

/// Somebody on a call.
struct Member {
    party: Party,
    seconds: Option<u64>,
    has_video: bool,
    guid: Option<String>,
}

impl Member {
    fn of(table: &Table, row: &Row<'_>) -> Self {
        let value = |name: &str| text(row, table.column(name));
        Self {
            party: Party { id: value("identity"), name: value("dispname") },
            seconds: seconds(row.get(table.column("call_duration"))),
            has_video: value("videostatus").as_deref() == Some("3"),
            guid: value("guid"),
        }
    }
}

fn call(table: &Table, row: &Row<'_>, members: Vec<Member>, owners: &BTreeSet<String>) -> Call {
    let value = |name: &str| text(row, table.column(name));
    let longest = members.iter().filter_map(|member| member.seconds).max();
    let duration_seconds = seconds(row.get(table.column("duration"))).or(longest);
    let mut call = Call {
        app: APP.to_owned(),
        direction: match value("is_incoming").as_deref() {
            Some("1") => Direction::Incoming,
            Some("0") => Direction::Outgoing,
            _ => Direction::Unknown,
        },
        began: unix_seconds(row.get(table.column("begin_timestamp"))),
        duration_seconds,
        outcome: messengers::by_length(duration_seconds),
        ..Call::default()
    };
    if members.iter().any(|member| member.has_video) {
        call.medium = CallMedium::Video;
    }
    rest(table, row, &["begin_timestamp"], &mut call.extra);
    for member in members {
        call.extra.extend(member.guid.map(|guid| ("guid".to_owned(), guid)));
        let is_owner = member.party.id.as_ref().is_some_and(|id| owners.contains(id));
        if !is_owner && member.party != Party::default() {
            call.others.push(member.party);
        }
    }
    call
}
