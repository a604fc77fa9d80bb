//! Kik on iOS: `kik.sqlite`.
//!
//! A Core Data store; the schema is known from plaso's plugin for Kik, the meaning of `ZTYPE` from
//! abrignoni/iLEAPP (`kikMessages.py`, iOS 17 and 18). No real database was at hand. A message of a group
//! does not say which way it went. Deliberately not read: keys of files, pictures of people, deleted rows in
//! free pages.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{
    ChatKind, ChatRef, Contact, Direction, Event, Identifier, IdentifierKind, Inside, MediaKind, Message,
    Party, Place, Record, What,
};
use source::tree::Candidate;
use sqlite::{Database, Row, Table};

use crate::database::{self, Became};
use crate::messengers::{self, CORE_DATA, Numbers, Sides, Told, events, identify, joins, names, rest};
use crate::tables::{self, Gaps, Tables, apple, text};
use crate::whatsapp::media::MediaFiles;
use crate::{About, Claim, Flow, Format, Input, Sink};

const APP: &str = "kik";

/// `kik.sqlite`.
pub(crate) struct KikIos;

/// Tables that say nothing about anybody, beside those of Core Data.
const HOUSEKEEPING: &[&str] = &["ZKIKATTACHMENTEXTRA", "ZKIKCHATEXTRA", "ZKIKUSEREXTRA"];

/// Files whose message is gone.
const ATTACHMENTS: &Told = &Told {
    app: APP,
    table: "ZKIKATTACHMENT",
    kind: "attachment",
    text: &["ZCONTENT"],
    at: Some(("ZTIMESTAMP", apple)),
};

/// Columns of a message that are told in its own fields.
const TOLD: &[&str] = &["ZTIMESTAMP", "ZRECEIVEDTIMESTAMP", "ZBODY", "ZUSER", "ZSTANZAID"];

impl Format for KikIos {
    fn name(&self) -> &'static str {
        "kik_ios"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Kik on iOS (kik.sqlite)",
            covers: "messages, files sent, chats, people and groups with their members",
            leaves_out: "keys of files, pictures of people; deleted rows in free pages",
            source: "plaso, abrignoni/iLEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        tables::recognise(candidate, &["kik.sqlite"], "ZKIKMESSAGE", &["ZKIKMESSAGE", "ZKIKUSER"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let people = users(&mut tables, sink)?;
        let chats = Chats::read(&mut tables, &people, sink)?;
        let files = MediaFiles::around(input.tree, input.file);
        messages(&mut tables, (&people, &chats, &files), sink)?;
        let mut housekeeping = CORE_DATA.to_vec();
        housekeeping.extend(HOUSEKEEPING);
        tables.finish(&housekeeping, sink)
    }
}

/// Somebody, or a group.
struct User {
    party: Party,
    names: Vec<String>,
    is_group: bool,
}

impl User {
    fn of(table: &Table, row: &Row<'_>) -> Self {
        let value = |name: &str| text(row, table.column(name));
        let words = [value("ZFIRSTNAME"), value("ZLASTNAME")].into_iter().flatten();
        let full = words.collect::<Vec<_>>().join(" ");
        let names = names([value("ZDISPLAYNAME"), Some(full)]);
        let jid = value("ZJID");
        let is_group =
            value("ZGROUPTAG").is_some() || jid.as_ref().is_some_and(|jid| jid.contains("@groups."));
        let party = Party { id: value("ZUSERNAME").or(jid), name: names.first().cloned() };
        Self { party, names, is_group }
    }
}

type Users = BTreeMap<i64, User>;

/// The joins of groups: each holds a group under the name that ends so, and one of its people.
const ROLES: &[(&str, &str)] = &[("MEMBERS", "member"), ("ADMINS", "admin"), ("BANS", "banned")];

fn users(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Users> {
    let mut users = Users::new();
    let (file, database) = (tables.file, tables.database);
    let Some(table) = tables.take("ZKIKUSER") else { return ControlFlow::Continue(users) };
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        users.insert(row.rowid(), User::of(table, &row));
    }
    let mut of_group: BTreeMap<i64, Vec<(&str, i64)>> = BTreeMap::new();
    let present = Numbers::of_rows(database, "ZKIKUSER");
    for (end, role) in ROLES {
        let inverse = format!("{end}INVERSE");
        let column = |table: &Table, end: &str| {
            let found = table.columns().iter().find(|column| column.name().ends_with(end));
            found.map(|column| column.name().to_owned())
        };
        let both = |table: &Table| Some((column(table, &inverse)?, column(table, end)?));
        let found: Vec<_> = database.tables().filter(|table| table.name().starts_with("Z_")).collect();
        for table in found {
            let Some((group, member)) = both(table) else { continue };
            let member = table.column(&member);
            joins(tables, (table.name(), &group), &present, sink, |_, row, group| {
                if let Some((group, member)) = group.zip(row.integer(member)) {
                    of_group.entry(group).or_default().push((*role, member));
                }
            })?;
        }
    }
    tables.each(table, sink, |row, part, sink| {
        let user = User::of(table, row);
        let mut contact = Contact { app: APP.to_owned(), id: user.party.id, ..Contact::default() };
        contact.names = user.names;
        contact.identifiers = identifiers(table, row);
        contact.note = text(row, table.column("ZSTATUS"));
        rest(table, row, &["ZDISPLAYNAME", "ZSTATUS"], &mut contact.extra);
        for (role, member) in of_group.get(&row.rowid()).into_iter().flatten() {
            let words =
                who(&users, Some(*member)).into_iter().flat_map(|party| [party.id, party.name]).flatten();
            contact.extra.push(((*role).to_owned(), words.collect::<Vec<_>>().join(" ")));
        }
        let what = What::Contact(Box::new(contact));
        sink.record(Record { file, place: Place::row("ZKIKUSER", row.rowid()), part, what })?;
        ControlFlow::Continue(Became::Record)
    })?;
    ControlFlow::Continue(users)
}

fn identifiers(table: &Table, row: &Row<'_>) -> Vec<Identifier> {
    let mut found = Vec::new();
    for (column, kind) in [
        ("ZUSERNAME", IdentifierKind::Account),
        ("ZJID", IdentifierKind::Account),
        ("ZEMAIL", IdentifierKind::Mail),
    ] {
        identify(&mut found, kind, text(row, table.column(column)), None);
    }
    found
}

fn who(users: &Users, number: Option<i64>) -> Option<Party> {
    let number = number.filter(|number| *number > 0)?;
    let known = users.get(&number).map(|user| user.party.clone()).filter(|party| *party != Party::default());
    known.or_else(|| messengers::unknown("user", Some(number)))
}

#[derive(Default)]
struct Chats {
    chats: BTreeMap<i64, ChatRef>,
    /// Messages and their chats, in order of the messages.
    of_message: Vec<(i64, i64)>,
}

impl Chats {
    fn read(tables: &mut Tables<'_>, users: &Users, sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let mut chats = Self::default();
        let present = Numbers::of_rows(tables.database, "ZKIKCHAT");
        let found: Vec<_> = tables.database.tables().filter(|table| table.name().starts_with("Z_")).collect();
        for table in found {
            let ends = |end: &str| table.columns().iter().find(|column| column.name().ends_with(end));
            let (Some(chat), Some(message)) = (ends("CHAT"), ends("MESSAGES")) else { continue };
            let message = table.column(message.name());
            joins(tables, (table.name(), chat.name()), &present, sink, |_, row, chat| {
                chats.of_message.extend(row.integer(message).zip(chat));
            })?;
        }
        chats.of_message.sort_unstable();
        let Some(table) = tables.take("ZKIKCHAT") else { return ControlFlow::Continue(chats) };
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let user = row.integer(table.column("ZUSER"));
            let kind = match user.and_then(|user| users.get(&user)) {
                Some(user) if user.is_group => ChatKind::Group,
                Some(_) => ChatKind::Direct,
                None => ChatKind::Unknown,
            };
            let name = who(users, user).and_then(|party| party.name.or(party.id));
            let id = row.rowid().to_string();
            let mut event = Event { app: APP.to_owned(), kind: "chat".to_owned(), ..Event::default() };
            event.text.clone_from(&name);
            event.at = apple(row.get(table.column("ZDATEUPDATED")));
            event.extra.push(("chat".to_owned(), id.clone()));
            rest(table, row, &[], &mut event.extra);
            chats.chats.insert(row.rowid(), ChatRef { id, name, kind });
            let what = What::Event(Box::new(event));
            sink.record(Record { file, place: Place::row("ZKIKCHAT", row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })?;
        ControlFlow::Continue(chats)
    }

    fn of(&self, message: i64) -> Option<i64> {
        let from = self.of_message.partition_point(|(found, _)| *found < message);
        self.of_message.get(from).filter(|(found, _)| *found == message).map(|(_, chat)| *chat)
    }
}

fn messages(
    tables: &mut Tables<'_>,
    (users, chats, files): (&Users, &Chats, &MediaFiles<'_>),
    sink: &mut dyn Sink,
) -> Flow {
    let (file, database) = (tables.file, tables.database);
    let sides = Sides::of(database, "ZKIKATTACHMENT", "ZMESSAGE");
    let mut used = Numbers::default();
    if let Some(table) = tables.take("ZKIKMESSAGE") {
        let mut gaps = Gaps::new(file, "ZKIKMESSAGE");
        tables.each(table, sink, |row, part, sink| {
            gaps.seen(row.rowid(), sink)?;
            let mut message = message(table, row, users);
            let chat = chats.of(row.rowid());
            message.chat = messengers::chat(&chats.chats, chat);
            if chat.is_none()
                && let Some(user) = row.integer(table.column("ZUSER")).filter(|user| *user > 0)
            {
                message.chat.id = format!("user {user}");
            }
            for number in sides.rows(row.rowid()) {
                attach(database, number, files, &mut message);
                used.note(number);
            }
            let became = if message.direction == Direction::System { Became::System } else { Became::Record };
            let what = What::Message(Box::new(message));
            sink.record(Record { file, place: Place::row("ZKIKMESSAGE", row.rowid()), part, what })?;
            ControlFlow::Continue(became)
        })?;
        if let Some(last) = messengers::core_data_last(database, "ZKIKMESSAGE") {
            gaps.seen(last.saturating_add(1), sink)?;
        }
        gaps.finish(database, sink)?;
    }
    used.settle();
    events(tables, ATTACHMENTS, &used, sink)
}

fn message(table: &Table, row: &Row<'_>, users: &Users) -> Message {
    let value = |name: &str| text(row, table.column(name));
    let user = who(users, row.integer(table.column("ZUSER")));
    let kind = row.integer(table.column("ZTYPE"));
    let (written, received) =
        (apple(row.get(table.column("ZTIMESTAMP"))), apple(row.get(table.column("ZRECEIVEDTIMESTAMP"))));
    let mut message = Message {
        app: APP.to_owned(),
        id: value("ZSTANZAID"),
        direction: match kind {
            Some(1) => Direction::Incoming,
            Some(2) => Direction::Outgoing,
            Some(3) => Direction::System,
            _ => Direction::Unknown,
        },
        sent: written.or_else(|| received.clone()),
        text: value("ZBODY"),
        ..Message::default()
    };
    message.times.extend(received.map(|time| ("received".to_owned(), time)));
    // Of what was sent, the user is the one to whom.
    match kind {
        Some(2) => message.recipients.extend(user),
        _ => message.sender = user,
    }
    if kind == Some(3) {
        message.inside.push(Inside::Change { what: "type 3".to_owned(), about: Vec::new() });
    }
    rest(table, row, TOLD, &mut message.extra);
    message
}

fn attach(database: &Database, number: i64, files: &MediaFiles<'_>, message: &mut Message) {
    let Some(table) = database.table("ZKIKATTACHMENT") else { return };
    let Ok(Some(row)) = database.row(table, number) else { return };
    let row = row.row();
    let name = text(&row, table.column("ZCONTENT"));
    let path = name.as_ref().map(|name| format!("data_cache/{name}"));
    let mut attachment = messengers::attachment(MediaKind::Unknown, path, None, files);
    attachment.name = name;
    message.attachments.push(attachment);
    let mut more = Vec::new();
    rest(table, &row, &["ZCONTENT", "ZMESSAGE"], &mut more);
    message.extra.extend(more.into_iter().map(|(name, value)| (format!("attachment.{name}"), value)));
}
