//! Messages of Viber on Android: `viber_messages`.
//!
//! Columns are known from abrignoni/ALEAPP (`Viber.py`), sleuthkit/autopsy (`viber.py`) and schemas of the
//! program from 2013 to 2017 that were published; numbers for kinds of messages from public viewers of 2026.
//! No real database was at hand. Places are told with the source's own numbers, whose scale is not known.
//! Deliberately not interpreted: `msg_info`, `quoted_message_data` and other fields in JSON (kept as they
//! are), deleted rows in free pages.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{
    Account, ChatKind, ChatRef, Contact, Event, FileNumber, IdentifierKind, Inside, MediaKind, Message,
    Party, Place, Reaction, Record, State, What,
};
use source::tree::Candidate;
use sqlite::{Database, Row, Table};

use crate::database::{self, Became};
use crate::messengers::{self, Numbers, Sides, Told, events, identify, joins, names, rest};
use crate::tables::{self, Gaps, Tables, text, unix_ms};
use crate::viber::{APP, call};
use crate::whatsapp::media::MediaFiles;
use crate::{About, Claim, Flow, Format, Input, Sink};

/// `viber_messages`.
pub(crate) struct ViberAndroid;

/// Tables that say nothing about anybody.
const HOUSEKEEPING: &[&str] = &["android_metadata", "room_master_table", "stickers", "stickers_packages"];

/// Likes of messages that are not there.
const LIKES: &Told = &Told {
    app: APP,
    table: "messages_likes",
    kind: "like",
    text: &["participant_number"],
    at: Some(("date", unix_ms)),
};

/// Columns of a message that are told in its own fields.
const TOLD: &[&str] =
    &["msg_date", "date", "body", "conversation_id", "participant_id", "extra_uri", "token"];

impl Format for ViberAndroid {
    fn name(&self) -> &'static str {
        "viber_android"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Viber messages on Android (viber_messages)",
            covers: "messages, likes, calls in chats, chats with their members, people",
            leaves_out: "meaning of fields in JSON (kept raw); scale of places; deleted rows in free pages",
            source: "abrignoni/ALEAPP, sleuthkit/autopsy, published schemas of 2013 to 2017",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let must = ["messages", "participants_info"];
        tables::recognise(candidate, &["viber_messages"], "participants_info", &must)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let people = People::read(&mut tables, sink)?;
        let likes = Sides::of(&database, "messages_likes", "message_token");
        let mut reading = Reading {
            file: input.file,
            database: &database,
            people: &people,
            files: MediaFiles::around(input.tree, input.file),
            likes,
            used: Numbers::default(),
        };
        reading.messages(&mut tables, sink)?;
        reading.used.settle();
        events(&mut tables, LIKES, &reading.used, sink)?;
        calls(&mut tables, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

/// Who there is, and in which chat under which number.
#[derive(Default)]
struct People {
    parties: BTreeMap<i64, Party>,
    in_chat: BTreeMap<i64, i64>,
    chats: BTreeMap<i64, ChatRef>,
}

impl People {
    fn read(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let mut people = Self::default();
        people.infos(tables, sink)?;
        let mut members: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        let present = Numbers::of_rows(tables.database, "conversations");
        let of = ("participants", "conversation_id");
        joins(tables, of, &present, sink, |table, row, chat| {
            let Some(info) = row.integer(table.column("participant_info_id")) else { return };
            people.in_chat.insert(row.rowid(), info);
            if let Some(chat) = chat {
                members.entry(chat).or_default().push(info);
            }
        })?;
        people.chats(tables, &members, sink)?;
        ControlFlow::Continue(people)
    }

    fn infos(&mut self, tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("participants_info") else { return Flow::Continue(()) };
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let value = |name: &str| text(row, table.column(name));
            let member = value("member_id").or_else(|| value("encrypted_member_id"));
            let names = names([value("contact_name"), value("display_name"), value("viber_name")]);
            let mut identifiers = Vec::new();
            identify(&mut identifiers, IdentifierKind::Phone, value("number"), None);
            identify(&mut identifiers, IdentifierKind::Account, member.clone(), None);
            let party =
                Party { id: identifiers.first().map(|one| one.value.clone()), name: names.first().cloned() };
            self.parties.insert(row.rowid(), party);
            let mut extra = Vec::new();
            rest(table, row, &["number", "contact_name", "display_name", "viber_name"], &mut extra);
            let app = APP.to_owned();
            let what = if row.integer(table.column("participant_type")) == Some(0) {
                What::Account(Box::new(Account { app, names, identifiers, since: None, extra }))
            } else {
                let id = Some(row.rowid().to_string());
                What::Contact(Box::new(Contact { app, id, names, identifiers, extra, ..Contact::default() }))
            };
            sink.record(Record { file, place: Place::row("participants_info", row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })
    }

    fn chats(
        &mut self,
        tables: &mut Tables<'_>,
        members: &BTreeMap<i64, Vec<i64>>,
        sink: &mut dyn Sink,
    ) -> Flow {
        let Some(table) = tables.take("conversations") else { return Flow::Continue(()) };
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let kind = match row.integer(table.column("conversation_type")) {
                Some(0) => ChatKind::Direct,
                Some(1 | 5) => ChatKind::Group,
                Some(6) => ChatKind::Own,
                _ => ChatKind::Unknown,
            };
            let first = row.integer(table.column("participant_id_1")).and_then(|id| self.parties.get(&id));
            let other = first.filter(|_| kind == ChatKind::Direct).and_then(|party| party.name.clone());
            let name = text(row, table.column("name")).or(other);
            let id = row.rowid().to_string();
            let mut event = Event { app: APP.to_owned(), kind: "chat".to_owned(), ..Event::default() };
            event.text.clone_from(&name);
            event.at = unix_ms(row.get(table.column("date")));
            event.extra.push(("chat".to_owned(), id.clone()));
            rest(table, row, &[], &mut event.extra);
            for member in members.get(&row.rowid()).into_iter().flatten() {
                let party = self.parties.get(member).filter(|party| **party != Party::default());
                let party = party.cloned().or_else(|| unknown(Some(*member)));
                let words = party.into_iter().flat_map(|party| [party.id, party.name]).flatten();
                event.extra.push(("member".to_owned(), words.collect::<Vec<_>>().join(" ")));
            }
            self.chats.insert(row.rowid(), ChatRef { id, name, kind });
            let what = What::Event(Box::new(event));
            sink.record(Record { file, place: Place::row("conversations", row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })
    }

    /// The sender by the number under which he is in the chat.
    fn sender(&self, participant: Option<i64>) -> Option<Party> {
        let participant = participant.filter(|number| *number > 0)?;
        match self.in_chat.get(&participant) {
            Some(info) => self.parties.get(info).cloned().or_else(|| unknown(Some(*info))),
            None => messengers::unknown("participant", Some(participant)),
        }
    }
}

fn unknown(info: Option<i64>) -> Option<Party> {
    messengers::unknown("person", info)
}

struct Reading<'a> {
    file: FileNumber,
    database: &'a Database,
    people: &'a People,
    files: MediaFiles<'a>,
    likes: Sides,
    used: Numbers,
}

impl Reading<'_> {
    fn messages(&mut self, tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("messages") else { return Flow::Continue(()) };
        let mut gaps = Gaps::new(self.file, "messages");
        tables.each(table, sink, |row, part, sink| {
            gaps.seen(row.rowid(), sink)?;
            let what = What::Message(Box::new(self.message(table, row)));
            let place = Place::row("messages", row.rowid());
            sink.record(Record { file: self.file, place, part, what })?;
            ControlFlow::Continue(Became::Record)
        })?;
        gaps.finish(tables.database, sink)
    }

    fn message(&mut self, table: &Table, row: &Row<'_>) -> Message {
        let value = |name: &str| text(row, table.column(name));
        let integer = |name: &str| row.integer(table.column(name));
        let address = value("address");
        let token = integer("token").filter(|token| *token != 0);
        let mut message = Message {
            app: APP.to_owned(),
            chat: self.chat(table, row, address.as_ref()),
            id: token.map(|token| token.to_string()),
            // Before 2013 the way stood in `type`.
            direction: messengers::own(integer("send_type").or_else(|| integer("type"))),
            sent: unix_ms(row.get(table.column("msg_date")))
                .or_else(|| unix_ms(row.get(table.column("date")))),
            text: value("body"),
            ..Message::default()
        };
        message.sender = self.people.sender(integer("participant_id"));
        if message.direction == model::record::Direction::Incoming && message.sender.is_none() {
            message.sender = address.map(Party::with_id);
        }
        let read = unix_ms(row.get(table.column("read_message_time")));
        message.times.extend(read.map(|time| ("read".to_owned(), time)));
        self.inside(table, row, &mut message);
        if integer("deleted").is_some_and(|mark| mark != 0) && !message.states.contains(&State::Deleted) {
            message.states.push(State::Deleted);
        }
        self.reactions(token, &mut message);
        rest(table, row, TOLD, &mut message.extra);
        message
    }

    fn chat(&self, table: &Table, row: &Row<'_>, address: Option<&String>) -> ChatRef {
        let number = |name: &str| row.integer(table.column(name)).filter(|number| *number != 0);
        let old = || {
            let thread = number("thread_id").map(|thread| format!("thread {thread}"));
            ChatRef { id: thread.or_else(|| address.cloned()).unwrap_or_default(), ..ChatRef::default() }
        };
        let chat = number("conversation_id");
        if chat.is_some() { messengers::chat(&self.people.chats, chat) } else { old() }
    }

    /// What sort of message it is: a number now, a word before 2016, which is kept.
    fn inside(&self, table: &Table, row: &Row<'_>, message: &mut Message) {
        let kind = match row.integer(table.column("extra_mime")) {
            Some(1) => MediaKind::Picture,
            Some(3 | 1010) => MediaKind::Video,
            Some(4) => MediaKind::Sticker,
            Some(9) => MediaKind::ContactCard,
            Some(10) => MediaKind::Document,
            Some(1005) => MediaKind::Animation,
            Some(1009) => MediaKind::Audio,
            other => {
                match other {
                    Some(5) => message.inside.push(Inside::Location { point: None, name: None, live: false }),
                    Some(1008) => message.states.push(State::Deleted),
                    _ => {}
                }
                MediaKind::Unknown
            }
        };
        let uri = text(row, table.column("extra_uri"));
        if uri.is_none() && kind == MediaKind::Unknown {
            return;
        }
        let path = uri.as_deref().map(|uri| uri.strip_prefix("file://").unwrap_or(uri));
        // In what is brought, the shared storage has any name.
        let inside = path.and_then(|path| path.get(path.find("/viber/")?.saturating_add(1)..));
        let found = inside.and_then(|inside| self.files.find(inside, None));
        let mut attachment = messengers::attachment(kind, path.map(str::to_owned), None, &self.files);
        if attachment.file.is_none() && found.is_some() {
            attachment.file = found;
            attachment.state = model::record::AttachmentState::Present;
        }
        attachment.name = uri;
        message.attachments.push(attachment);
    }

    fn reactions(&mut self, token: Option<i64>, message: &mut Message) {
        let Some(token) = token else { return };
        let Some(table) = self.database.table("messages_likes") else { return };
        let rows: Vec<i64> = self.likes.rows(token).collect();
        for rowid in rows {
            let Ok(Some(row)) = self.database.row(table, rowid) else { continue };
            let row = row.row();
            let sign = row.integer(table.column("type")).filter(|kind| *kind != 0);
            let sign = sign.map_or_else(|| "like".to_owned(), |kind| format!("type {kind}"));
            let by = text(&row, table.column("participant_number")).map(Party::with_id);
            let at = unix_ms(row.get(table.column("date")));
            message.reactions.push(Reaction { by, sign, at, count: 1 });
            self.used.note(rowid);
        }
    }
}

/// Calls that stand in a chat.
fn calls(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("messages_calls") else { return Flow::Continue(()) };
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let (place, what) =
            (Place::row("messages_calls", row.rowid()), What::Call(Box::new(call(table, row))));
        sink.record(Record { file, place, part, what })?;
        ControlFlow::Continue(Became::Record)
    })
}
