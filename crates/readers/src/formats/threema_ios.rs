//! Threema on iOS: `ThreemaData.sqlite`.
//!
//! A Core Data store; tables and columns are known from abrignoni/iLEAPP (`Threema.py`, iOS 17) and published
//! readers and writers of 2026. No real database was at hand. Files stand in rows of their own, inside or as
//! the name of a file in `.ThreemaData_SUPPORT/_EXTERNAL_DATA`; the first are told without their content, as
//! not found. Deliberately not interpreted: words of system messages and polls (kept as they are),
//! thumbnails, deleted rows in free pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;

use model::record::{
    Attachment, AttachmentState, ChatKind, ChatRef, Contact, Direction, Event, IdentifierKind, Inside,
    MediaKind, Message, Party, Place, Point, Quoted, Reaction, Record, State, What,
};
use source::tree::Candidate;
use sqlite::{Database, Row, Table, Value};

use crate::database::{self, Became};
use crate::messengers::{
    self, CORE_DATA, Numbers, Sides, Told, events, identify, joins, names, rest, seconds,
};
use crate::tables::{self, Gaps, Tables, apple, text};
use crate::whatsapp::media::MediaFiles;
use crate::{About, Claim, Flow, Format, Input, Sink};

const APP: &str = "threema";

/// `ThreemaData.sqlite`.
pub(crate) struct ThreemaIos;

/// Files by the column of the message and their table.
const FILES: &[(&str, &str, MediaKind)] = &[
    ("ZDATA", "ZFILEDATA", MediaKind::Unknown),
    ("ZIMAGE", "ZIMAGEDATA", MediaKind::Picture),
    ("ZAUDIO", "ZAUDIODATA", MediaKind::Voice),
    ("ZVIDEO", "ZVIDEODATA", MediaKind::Video),
];

/// Columns that name a thumbnail.
const THUMBNAILS: &[&str] = &["ZTHUMBNAIL", "ZTHUMBNAIL1", "ZTHUMBNAIL2"];

/// Reactions to messages that are not there.
const REACTIONS: &Told = &Told {
    app: APP,
    table: "ZMESSAGEREACTION",
    kind: "reaction",
    text: &["ZREACTION"],
    at: Some(("ZDATE", apple)),
};

/// Tables whose rows are events of their own.
const EVENTS: &[Told] = &[
    Told { app: APP, table: "ZBALLOT", kind: "poll", text: &["ZTITLE"], at: Some(("ZCREATEDATE", apple)) },
    Told { app: APP, table: "ZBALLOTCHOICE", kind: "poll-choice", text: &["ZNAME"], at: None },
    Told { app: APP, table: "ZBALLOTRESULT", kind: "poll-result", text: &["ZPARTICIPANTID"], at: None },
];

/// Columns of a message that are told in its own fields.
const TOLD: &[&str] = &[
    "ZDATE",
    "ZREMOTESENTDATE",
    "ZDELIVERYDATE",
    "ZREADDATE",
    "ZUSERACKDATE",
    "ZLASTEDITEDAT",
    "ZDELETEDAT",
    "ZTEXT",
    "ZCAPTION",
    "ZFILENAME",
    "ZMIMETYPE",
    "ZCONVERSATION",
    "ZSENDER",
    "ZPOINAME",
    "ZPOIADDRESS",
];

impl Format for ThreemaIos {
    fn name(&self) -> &'static str {
        "threema_ios"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Threema on iOS (ThreemaData.sqlite)",
            covers: "messages, reactions, files, places, polls as they stand, chats, groups, contacts",
            leaves_out: "content of files inside the database, words of system messages; rows in free pages",
            source: "abrignoni/iLEAPP, published readers (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let must = ["ZMESSAGE", "ZCONVERSATION", "ZCONTACT"];
        tables::recognise(candidate, &["ThreemaData.sqlite"], "ZPUBLICNICKNAME", &must)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let people = People::read(&mut tables, sink)?;
        let mut reading = Reading {
            database: &database,
            people: &people,
            files: MediaFiles::around(input.tree, input.file),
            entities: messengers::entities(&database),
            reactions: Sides::of(&database, "ZMESSAGEREACTION", "ZMESSAGE"),
            used: BTreeMap::new(),
        };
        reading.messages(&mut tables, sink)?;
        let mut used = reading.used;
        used.values_mut().for_each(Numbers::settle);
        let none = Numbers::default();
        let of = |table: &str| used.get(table).unwrap_or(&none);
        for (_, table, _) in FILES {
            let told = Told { app: APP, table, kind: "file", text: &[], at: None };
            events(&mut tables, &told, of(table), sink)?;
        }
        events(&mut tables, REACTIONS, of("ZMESSAGEREACTION"), sink)?;
        for told in EVENTS {
            events(&mut tables, told, &none, sink)?;
        }
        tables.finish(CORE_DATA, sink)
    }
}

#[derive(Default)]
struct People {
    contacts: BTreeMap<i64, Party>,
    /// Chats, and with whom those of two are.
    chats: BTreeMap<i64, ChatRef>,
    with: BTreeMap<i64, i64>,
}

impl People {
    fn read(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let mut people = Self::default();
        people.contacts(tables, sink)?;
        let members = members(tables, sink)?;
        people.chats(tables, &members, sink)?;
        ControlFlow::Continue(people)
    }

    fn contacts(&mut self, tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("ZCONTACT") else { return Flow::Continue(()) };
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let value = |name: &str| text(row, table.column(name));
            let words = [value("ZFIRSTNAME"), value("ZLASTNAME")].into_iter().flatten();
            let full = words.collect::<Vec<_>>().join(" ");
            let id = value("ZIDENTITY");
            let mut contact = Contact { app: APP.to_owned(), id: id.clone(), ..Contact::default() };
            contact.names = names([Some(full), value("ZPUBLICNICKNAME")]);
            identify(&mut contact.identifiers, IdentifierKind::Account, id.clone(), None);
            self.contacts.insert(row.rowid(), Party { id, name: contact.names.first().cloned() });
            rest(table, row, &["ZIDENTITY", "ZPUBLICNICKNAME"], &mut contact.extra);
            let what = What::Contact(Box::new(contact));
            sink.record(Record { file, place: Place::row("ZCONTACT", row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })
    }

    fn chats(
        &mut self,
        tables: &mut Tables<'_>,
        members: &BTreeMap<i64, Vec<i64>>,
        sink: &mut dyn Sink,
    ) -> Flow {
        let Some(table) = tables.take("ZCONVERSATION") else { return Flow::Continue(()) };
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let group = text(row, table.column("ZGROUPNAME"));
            let is_group = group.is_some() || row.blob(table.column("ZGROUPID")).is_some();
            let with = row.integer(table.column("ZCONTACT"));
            let kind = match (is_group, with) {
                (true, _) => ChatKind::Group,
                (false, Some(_)) => ChatKind::Direct,
                (false, None) => ChatKind::Unknown,
            };
            let with = with.filter(|_| kind == ChatKind::Direct);
            self.with.extend(with.map(|with| (row.rowid(), with)));
            let name = group.or_else(|| self.who(with).and_then(|party| party.name.or(party.id)));
            let id = row.rowid().to_string();
            let mut event = Event { app: APP.to_owned(), kind: "chat".to_owned(), ..Event::default() };
            event.text.clone_from(&name);
            event.extra.push(("chat".to_owned(), id.clone()));
            rest(table, row, &[], &mut event.extra);
            for member in members.get(&row.rowid()).into_iter().flatten() {
                let words =
                    self.who(Some(*member)).into_iter().flat_map(|party| [party.id, party.name]).flatten();
                event.extra.push(("member".to_owned(), words.collect::<Vec<_>>().join(" ")));
            }
            self.chats.insert(row.rowid(), ChatRef { id, name, kind });
            let what = What::Event(Box::new(event));
            sink.record(Record { file, place: Place::row("ZCONVERSATION", row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })
    }

    fn who(&self, contact: Option<i64>) -> Option<Party> {
        let contact = contact.filter(|number| *number > 0)?;
        let known = self.contacts.get(&contact).filter(|party| **party != Party::default()).cloned();
        known.or_else(|| messengers::unknown("contact", Some(contact)))
    }
}

/// Who is in which group: a join whose name differs, of a column of conversations and one of members.
fn members(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), BTreeMap<i64, Vec<i64>>> {
    let mut found: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let present = Numbers::of_rows(tables.database, "ZCONVERSATION");
    let joined: Vec<&Table> =
        tables.database.tables().filter(|table| table.name().starts_with("Z_")).collect();
    for table in joined {
        let holds = |word: &str| table.columns().iter().find(|column| column.name().contains(word));
        let (Some(chat), Some(member)) = (holds("CONVERSATION"), holds("MEMBERS")) else { continue };
        let member = table.column(member.name());
        joins(tables, (table.name(), chat.name()), &present, sink, |_, row, chat| {
            if let Some((chat, member)) = chat.zip(row.integer(member)) {
                found.entry(chat).or_default().push(member);
            }
        })?;
    }
    ControlFlow::Continue(found)
}

struct Reading<'a> {
    database: &'a Database,
    people: &'a People,
    files: MediaFiles<'a>,
    entities: BTreeMap<i64, String>,
    reactions: Sides,
    used: BTreeMap<&'static str, Numbers>,
}

impl Reading<'_> {
    fn messages(&mut self, tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("ZMESSAGE") else { return Flow::Continue(()) };
        let file = tables.file;
        let mut gaps = Gaps::new(file, "ZMESSAGE");
        tables.each(table, sink, |row, part, sink| {
            gaps.seen(row.rowid(), sink)?;
            let message = self.message(table, row);
            let became = if message.direction == Direction::System { Became::System } else { Became::Record };
            let what = What::Message(Box::new(message));
            sink.record(Record { file, place: Place::row("ZMESSAGE", row.rowid()), part, what })?;
            ControlFlow::Continue(became)
        })?;
        if let Some(last) = messengers::core_data_last(self.database, "ZMESSAGE") {
            gaps.seen(last.saturating_add(1), sink)?;
        }
        gaps.finish(self.database, sink)
    }

    fn message(&mut self, table: &Table, row: &Row<'_>) -> Message {
        let value = |name: &str| text(row, table.column(name));
        let integer = |name: &str| row.integer(table.column(name)).filter(|number| *number != 0);
        let entity = integer("Z_ENT").and_then(|number| self.entities.get(&number)).cloned();
        let chat = integer("ZCONVERSATION");
        let mut message = Message {
            app: APP.to_owned(),
            chat: messengers::chat(&self.people.chats, chat),
            id: hexadecimal(row, table, "ZID"),
            direction: messengers::own(row.integer(table.column("ZISOWN"))),
            sent: apple(row.get(table.column("ZDATE"))),
            text: value("ZTEXT").or_else(|| value("ZCAPTION")),
            ..Message::default()
        };
        message.quoted = hexadecimal(row, table, "ZQUOTEDMESSAGEID")
            .map(|id| Quoted { id: Some(id), ..Quoted::default() });
        // In a chat of two the other is not named again.
        let other = || chat.and_then(|chat| self.people.with.get(&chat)).copied();
        message.sender = match message.direction {
            Direction::Incoming => self.people.who(integer("ZSENDER").or_else(other)),
            _ => self.people.who(integer("ZSENDER")),
        };
        times(table, row, &mut message);
        if entity.as_deref() == Some("SystemMessage") {
            let number = value("ZTYPE").unwrap_or_default();
            message.direction = Direction::System;
            message
                .inside
                .push(Inside::Change { what: format!("SystemMessage {number}"), about: Vec::new() });
        }
        location(table, row, entity.as_deref(), &mut message);
        self.attach(table, row, entity.as_deref(), &mut message);
        self.react(row.rowid(), &mut message);
        message.extra.extend(entity.map(|name| ("Z_ENT".to_owned(), name)));
        rest(table, row, TOLD, &mut message.extra);
        if value("ZTEXT").is_some() {
            message.extra.extend(value("ZCAPTION").map(|caption| ("ZCAPTION".to_owned(), caption)));
        }
        message
    }

    fn attach(&mut self, table: &Table, row: &Row<'_>, entity: Option<&str>, message: &mut Message) {
        let value = |name: &str| text(row, table.column(name));
        let integer = |name: &str| row.integer(table.column(name)).filter(|number| *number > 0);
        let media_type = value("ZMIMETYPE");
        let (name, before) = (value("ZFILENAME"), message.attachments.len());
        for (column, of, kind) in FILES {
            let Some(number) = integer(column) else { continue };
            let kind = if *kind == MediaKind::Unknown { by_type(media_type.as_deref()) } else { *kind };
            let media_type = media_type.clone();
            let mut attachment = Attachment { kind, media_type, ..Attachment::default() };
            if let Some(found) = self.database.table(of).zip(Some(number)) {
                self.file(of, found, &mut attachment);
            }
            attachment.name = name.clone().or(attachment.name);
            let size = integer("ZFILESIZE").and_then(|size| u64::try_from(size).ok());
            attachment.size_bytes = size.or(attachment.size_bytes);
            attachment.duration_ms = seconds(row.get(table.column("ZDURATION")))
                .filter(|seconds| *seconds > 0)
                .and_then(|seconds| seconds.checked_mul(1000));
            message.attachments.push(attachment);
        }
        for column in THUMBNAILS {
            if let Some(number) = integer(column) {
                self.used.entry("ZIMAGEDATA").or_default().note(number);
            }
        }
        // The file was never loaded, or is gone.
        let is_file =
            entity.is_some_and(|name| matches!(name, "FileMessage" | "ImageMessage" | "VideoMessage"));
        if message.attachments.len() == before
            && (name.is_some() || is_file || entity == Some("AudioMessage"))
        {
            let kind = by_type(media_type.as_deref());
            message.attachments.push(Attachment { kind, name, media_type, ..Attachment::default() });
        }
    }

    /// The row of a file: 1 and the bytes, or 2 and the name of a file outside, which 0 ends.
    fn file(&mut self, of: &'static str, (table, number): (&Table, i64), attachment: &mut Attachment) {
        let Ok(Some(row)) = self.database.row(table, number) else { return };
        self.used.entry(of).or_default().note(number);
        let Value::Blob(bytes) = row.row().get(table.column("ZDATA")) else { return };
        match bytes {
            [1, inside @ ..] => attachment.size_bytes = u64::try_from(inside.len()).ok(),
            [2, name @ .., 0] | [2, name @ ..] => {
                let name = String::from_utf8_lossy(name).into_owned();
                let path = format!("_EXTERNAL_DATA/{name}");
                attachment.file = self.files.find(&path, None);
                if attachment.file.is_some() {
                    attachment.state = AttachmentState::Present;
                }
                attachment.name = Some(name);
            }
            _ => {}
        }
    }

    fn react(&mut self, message_row: i64, message: &mut Message) {
        let Some(table) = self.database.table("ZMESSAGEREACTION") else { return };
        let rows: Vec<i64> = self.reactions.rows(message_row).collect();
        for number in rows {
            let Ok(Some(row)) = self.database.row(table, number) else { continue };
            let row = row.row();
            let sign = text(&row, table.column("ZREACTION")).unwrap_or_default();
            let by = self.people.who(row.integer(table.column("ZCREATOR")));
            let at = apple(row.get(table.column("ZDATE")));
            message.reactions.push(Reaction { by, sign, at, count: 1 });
            self.used.entry("ZMESSAGEREACTION").or_default().note(number);
        }
    }
}

fn times(table: &Table, row: &Row<'_>, message: &mut Message) {
    const TIMES: &[(&str, &str)] = &[
        ("ZREMOTESENTDATE", "remote-sent"),
        ("ZDELIVERYDATE", "delivered"),
        ("ZREADDATE", "read"),
        ("ZUSERACKDATE", "acknowledged"),
        ("ZLASTEDITEDAT", "edited"),
        ("ZDELETEDAT", "deleted"),
    ];
    for (column, role) in TIMES {
        let Some(time) = apple(row.get(table.column(column))) else { continue };
        match *role {
            "edited" => message.states.push(State::Edited),
            "deleted" => message.states.push(State::Deleted),
            _ => {}
        }
        message.times.push(((*role).to_owned(), time));
    }
    if row.integer(table.column("ZSENDFAILED")) == Some(1) {
        message.states.push(State::Failed);
    }
}

fn location(table: &Table, row: &Row<'_>, entity: Option<&str>, message: &mut Message) {
    let degrees = |name: &str| row.real(table.column(name));
    let point = degrees("ZLATITUDE").zip(degrees("ZLONGITUDE")).filter(|point| *point != (0.0, 0.0));
    let words = [text(row, table.column("ZPOINAME")), text(row, table.column("ZPOIADDRESS"))];
    let name = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if point.is_none() && name.is_empty() && entity != Some("LocationMessage") {
        return;
    }
    let point = point.and_then(|(latitude, longitude)| Point::new(latitude, longitude));
    let name = Some(name).filter(|name| !name.is_empty());
    message.inside.push(Inside::Location { point, name, live: false });
}

fn by_type(media_type: Option<&str>) -> MediaKind {
    match media_type.and_then(|media_type| media_type.split('/').next()) {
        Some("image") => MediaKind::Picture,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        Some(_) => MediaKind::Document,
        None => MediaKind::Unknown,
    }
}

/// An identifier that stands in bytes.
fn hexadecimal(row: &Row<'_>, table: &Table, column: &str) -> Option<String> {
    const MOST_BYTES: usize = 64;
    let bytes =
        row.blob(table.column(column)).filter(|bytes| !bytes.is_empty() && bytes.len() <= MOST_BYTES)?;
    Some(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
