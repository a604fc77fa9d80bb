//! Viber on iOS: `Contacts.data`.
//!
//! A Core Data store; tables and columns are known from abrignoni/iLEAPP (`viber.py`, iOS 17 and 18), the
//! Mobile Verification Toolkit and published readers. No real database was at hand. `ZDATE` is told as the
//! time of a message and `ZSTATEDATE` beside it as `state`: published readers do not agree which of them is
//! when it was written. Deliberately not interpreted: `ZMETADATA` in JSON (kept as it is), `Settings.data`
//! with the owner's number, deleted rows in free pages.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{
    Call, CallMedium, CallOutcome, ChatKind, ChatRef, Contact, Direction, Event, Extra, FileNumber,
    Identifier, IdentifierKind, Inside, MediaKind, Message, Party, Place, Point, Record, State, What,
};
use source::tree::Candidate;
use sqlite::{Database, Row, Table};

use crate::database::{self, Became};
use crate::messengers::{self, CORE_DATA, Numbers, Told, events, identify, joins, names, rest, seconds};
use crate::tables::{self, Gaps, Tables, apple, text};
use crate::viber::APP;
use crate::whatsapp::media::MediaFiles;
use crate::{About, Claim, Flow, Format, Input, Sink};

/// `Contacts.data`.
pub(crate) struct ViberIos;

/// Files whose message is gone.
const ATTACHMENTS: &Told =
    &Told { app: APP, table: "ZATTACHMENT", kind: "attachment", text: &["ZNAME"], at: None };
/// Places whose message is gone.
const PLACES: &Told =
    &Told { app: APP, table: "ZVIBERLOCATION", kind: "location", text: &["ZADDRESS"], at: None };
/// Lines of the list of calls whose calls are gone.
const LINES: &Told = &Told {
    app: APP,
    table: "ZRECENTSLINE",
    kind: "recent-call",
    text: &["ZPHONENUMBER"],
    at: Some(("ZDATE", apple)),
};

/// Columns of a message that are told in its own fields.
const TOLD: &[&str] = &["ZDATE", "ZSTATEDATE", "ZTEXT", "ZCONVERSATION", "ZPHONENUMINDEX", "ZTOKEN"];

impl Format for ViberIos {
    fn name(&self) -> &'static str {
        "viber_ios"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Viber on iOS (Contacts.data)",
            covers: "messages, files and places in them, calls, chats with their members, contacts",
            leaves_out: "meaning of fields in JSON (kept raw), Settings.data; deleted rows in free pages",
            source: "abrignoni/iLEAPP, mvt-project/mvt, published readers (to 2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        tables::recognise(candidate, &["Contacts.data"], "ZVIBERMESSAGE", &["ZVIBERMESSAGE"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let people = People::read(&mut tables, sink)?;
        let files = MediaFiles::around(input.tree, input.file);
        let mut used = Used::default();
        messages(&mut tables, (&people, &files), &mut used, sink)?;
        calls(&mut tables, &people, &mut used.lines, sink)?;
        for numbers in [&mut used.attachments, &mut used.places, &mut used.lines] {
            numbers.settle();
        }
        events(&mut tables, ATTACHMENTS, &used.attachments, sink)?;
        events(&mut tables, PLACES, &used.places, sink)?;
        events(&mut tables, LINES, &used.lines, sink)?;
        address_book(&mut tables, sink)?;
        tables.finish(CORE_DATA, sink)
    }
}

/// Rows that messages and calls name.
#[derive(Default)]
struct Used {
    attachments: Numbers,
    places: Numbers,
    lines: Numbers,
}

#[derive(Default)]
struct People {
    members: BTreeMap<i64, Party>,
    /// Numbers by their own row: until about 2015 these stand where members stand now.
    numbers: BTreeMap<i64, String>,
    chats: BTreeMap<i64, ChatRef>,
}

impl People {
    fn read(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let mut people = Self::default();
        let mut of_member: BTreeMap<i64, Vec<Identifier>> = BTreeMap::new();
        let present = Numbers::of_rows(tables.database, "ZMEMBER");
        people.phones(tables, &present, &mut of_member, sink)?;
        people.members(tables, &of_member, sink)?;
        let in_chats = members_of_chats(tables, sink)?;
        people.chats(tables, &in_chats, sink)?;
        ControlFlow::Continue(people)
    }

    fn phones(
        &mut self,
        tables: &mut Tables<'_>,
        present: &Numbers,
        of_member: &mut BTreeMap<i64, Vec<Identifier>>,
        sink: &mut dyn Sink,
    ) -> Flow {
        let file = tables.file;
        for name in ["ZPHONENUMBER", "ZPHONENUMBERINDEX"] {
            let Some(table) = tables.take(name) else { continue };
            let value = |row: &Row<'_>, name: &str| text(row, table.column(name));
            tables.each(table, sink, |row, part, sink| {
                let written = value(row, "ZPHONE").or_else(|| value(row, "ZPHONENUM"));
                let number = value(row, "ZCANONIZEDPHONENUM").or(written);
                self.numbers.extend(number.clone().map(|number| (row.rowid(), number)));
                let member = row.integer(table.column("ZMEMBER")).filter(|member| present.has(*member));
                if let Some(member) = member {
                    let identifiers = of_member.entry(member).or_default();
                    identify(identifiers, IdentifierKind::Phone, number, None);
                    return ControlFlow::Continue(Became::Continuation);
                }
                let mut contact = Contact { app: APP.to_owned(), ..Contact::default() };
                identify(&mut contact.identifiers, IdentifierKind::Phone, number, None);
                rest(table, row, &["ZCANONIZEDPHONENUM", "ZPHONENUM"], &mut contact.extra);
                tell((file, Place::row(name, row.rowid()), part), contact, sink)
            })?;
        }
        Flow::Continue(())
    }

    fn members(
        &mut self,
        tables: &mut Tables<'_>,
        of_member: &BTreeMap<i64, Vec<Identifier>>,
        sink: &mut dyn Sink,
    ) -> Flow {
        let Some(table) = tables.take("ZMEMBER") else { return Flow::Continue(()) };
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let value = |name: &str| text(row, table.column(name));
            let named = [value("ZDISPLAYFULLNAME"), value("ZNAME"), value("ZDISPLAYSHORTNAME")];
            let id = value("ZMEMBERID");
            let mut contact = Contact { app: APP.to_owned(), id: id.clone(), ..Contact::default() };
            contact.names = names(named);
            contact.identifiers = of_member.get(&row.rowid()).cloned().unwrap_or_default();
            identify(&mut contact.identifiers, IdentifierKind::Account, id, None);
            let party = Party {
                id: contact.identifiers.first().map(|one| one.value.clone()),
                name: contact.names.first().cloned(),
            };
            self.members.insert(row.rowid(), party);
            let told = ["ZDISPLAYFULLNAME", "ZNAME", "ZDISPLAYSHORTNAME", "ZMEMBERID"];
            rest(table, row, &told, &mut contact.extra);
            tell((file, Place::row("ZMEMBER", row.rowid()), part), contact, sink)
        })
    }

    fn chats(
        &mut self,
        tables: &mut Tables<'_>,
        in_chats: &BTreeMap<i64, Vec<i64>>,
        sink: &mut dyn Sink,
    ) -> Flow {
        let Some(table) = tables.take("ZCONVERSATION") else { return Flow::Continue(()) };
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let value = |name: &str| text(row, table.column(name));
            let members = in_chats.get(&row.rowid()).map(Vec::as_slice).unwrap_or_default();
            let other = row.integer(table.column("ZINTERLOCUTOR")).or(match members {
                [one] => Some(*one),
                _ => None,
            });
            let kind = match (value("ZGROUPID").filter(|id| id != "0"), other) {
                (Some(_), _) => ChatKind::Group,
                (None, Some(_)) => ChatKind::Direct,
                (None, None) => ChatKind::Unknown,
            };
            let other = other.filter(|_| kind == ChatKind::Direct).and_then(|member| self.who(Some(member)));
            let name = value("ZNAME").or_else(|| other.and_then(|party| party.name.or(party.id)));
            let id = row.rowid().to_string();
            let mut event = Event { app: APP.to_owned(), kind: "chat".to_owned(), ..Event::default() };
            event.text.clone_from(&name);
            event.at = apple(row.get(table.column("ZDATE")));
            event.extra.push(("chat".to_owned(), id.clone()));
            rest(table, row, &[], &mut event.extra);
            for member in members {
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

    /// Who stands under this number.
    fn who(&self, number: Option<i64>) -> Option<Party> {
        let number = number.filter(|number| *number > 0)?;
        let known = self.members.get(&number).filter(|party| **party != Party::default()).cloned();
        let old = || self.numbers.get(&number).filter(|_| self.members.is_empty()).map(Party::with_id);
        known.or_else(old).or_else(|| messengers::unknown("member", Some(number)))
    }
}

/// Who is in which chat: a table whose numbers differ (`Z_5PHONENUMINDEXES` with `Z_5CONVERSATIONS`).
fn members_of_chats(
    tables: &mut Tables<'_>,
    sink: &mut dyn Sink,
) -> ControlFlow<(), BTreeMap<i64, Vec<i64>>> {
    let mut found: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let present = Numbers::of_rows(tables.database, "ZCONVERSATION");
    let fits = |table: &&Table| table.name().starts_with("Z_") && table.name().ends_with("PHONENUMINDEXES");
    let tables_of = tables.database.tables().filter(fits);
    let tables_of: Vec<&Table> = tables_of.collect();
    for table in tables_of {
        let ends = |end: &str| table.columns().iter().find(|column| column.name().ends_with(end));
        let (Some(chat), Some(member)) = (ends("CONVERSATIONS"), ends("PHONENUMINDEXES")) else { continue };
        let member = table.column(member.name());
        joins(tables, (table.name(), chat.name()), &present, sink, |_, row, chat| {
            if let Some((chat, member)) = chat.zip(row.integer(member)) {
                found.entry(chat).or_default().push(member);
            }
        })?;
    }
    ControlFlow::Continue(found)
}

fn messages(
    tables: &mut Tables<'_>,
    around: (&People, &MediaFiles<'_>),
    used: &mut Used,
    sink: &mut dyn Sink,
) -> Flow {
    let Some(table) = tables.take("ZVIBERMESSAGE") else { return Flow::Continue(()) };
    let (file, database) = (tables.file, tables.database);
    let mut gaps = Gaps::new(file, "ZVIBERMESSAGE");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let message = message((database, table), row, around, used);
        let became = if message.direction == Direction::System { Became::System } else { Became::Record };
        let what = What::Message(Box::new(message));
        sink.record(Record { file, place: Place::row("ZVIBERMESSAGE", row.rowid()), part, what })?;
        ControlFlow::Continue(became)
    })?;
    if let Some(last) = messengers::core_data_last(database, "ZVIBERMESSAGE") {
        gaps.seen(last.saturating_add(1), sink)?;
    }
    gaps.finish(database, sink)
}

fn message(
    (database, table): (&Database, &Table),
    row: &Row<'_>,
    (people, files): (&People, &MediaFiles<'_>),
    used: &mut Used,
) -> Message {
    let value = |name: &str| text(row, table.column(name));
    let integer = |name: &str| row.integer(table.column(name)).filter(|number| *number != 0);
    let mut message = Message {
        app: APP.to_owned(),
        chat: messengers::chat(&people.chats, integer("ZCONVERSATION")),
        id: integer("ZTOKEN").map(|token| token.to_string()),
        direction: match value("ZSTATE").as_deref() {
            Some("received") => Direction::Incoming,
            Some("send" | "delivered") => Direction::Outgoing,
            _ => Direction::Unknown,
        },
        sender: people.who(integer("ZPHONENUMINDEX")),
        sent: apple(row.get(table.column("ZDATE"))),
        text: value("ZTEXT"),
        ..Message::default()
    };
    let state =
        apple(row.get(table.column("ZSTATEDATE"))).filter(|state| Some(state) != message.sent.as_ref());
    message.times.extend(state.map(|time| ("state".to_owned(), time)));
    // The words for what the program itself writes begin with it: `systemCallLog`.
    if let Some(what) = value("ZSYSTEMTYPE").filter(|word| word.starts_with("system")) {
        message.direction = Direction::System;
        message.inside.push(Inside::Change { what, about: Vec::new() });
    }
    if integer("ZBEINGDELETED").is_some() {
        message.states.push(State::Deleted);
    }
    rest(table, row, TOLD, &mut message.extra);
    if let Some(number) = integer("ZATTACHMENT") {
        attachment((database, number), files, &mut message, used);
    }
    if let Some(number) = integer("ZLOCATION") {
        location((database, number), &mut message, used);
    }
    message
}

fn attachment(
    (database, number): (&Database, i64),
    files: &MediaFiles<'_>,
    message: &mut Message,
    used: &mut Used,
) {
    let table = database.table("ZATTACHMENT");
    let found = table.and_then(|table| Some((table, database.row(table, number).ok().flatten()?)));
    let Some((table, row)) = found else { return };
    let row = row.row();
    used.attachments.note(number);
    let kind = match text(&row, table.column("ZTYPE")).as_deref() {
        Some("picture") => MediaKind::Picture,
        Some("gif") => MediaKind::Animation,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        Some("sticker") => MediaKind::Sticker,
        Some("file") => MediaKind::Document,
        _ => MediaKind::Unknown,
    };
    let size = row.integer(table.column("ZFILESIZE")).and_then(|size| u64::try_from(size).ok());
    let name = text(&row, table.column("ZNAME"));
    message.attachments.push(messengers::attachment(kind, name, size.filter(|size| *size > 0), files));
    beside("attachment", table, &row, &["ZNAME", "ZFILESIZE"], &mut message.extra);
}

fn location((database, number): (&Database, i64), message: &mut Message, used: &mut Used) {
    let table = database.table("ZVIBERLOCATION");
    let found = table.and_then(|table| Some((table, database.row(table, number).ok().flatten()?)));
    let Some((table, row)) = found else { return };
    let row = row.row();
    used.places.note(number);
    let degrees = |name: &str| row.real(table.column(name));
    let point = degrees("ZLATITUDE").zip(degrees("ZLONGITUDE"));
    let point = point.and_then(|(latitude, longitude)| Point::new(latitude, longitude));
    let name = text(&row, table.column("ZADDRESS"));
    message.inside.push(Inside::Location { point, name, live: false });
    beside("location", table, &row, &["ZADDRESS"], &mut message.extra);
}

/// What a side row says beyond, under its own name.
fn beside(word: &str, table: &Table, row: &Row<'_>, except: &[&str], extra: &mut Extra) {
    let mut more = Vec::new();
    rest(table, row, except, &mut more);
    extra.extend(more.into_iter().map(|(name, value)| (format!("{word}.{name}"), value)));
}

/// Calls: each stands in `ZRECENT`, its number in the line of the list that it is in.
fn calls(tables: &mut Tables<'_>, people: &People, lines: &mut Numbers, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("ZRECENT") else { return Flow::Continue(()) };
    let (file, database) = (tables.file, tables.database);
    tables.each(table, sink, |row, part, sink| {
        let value = |name: &str| text(row, table.column(name));
        let mut call = Call {
            app: APP.to_owned(),
            began: apple(row.get(table.column("ZDATE"))),
            duration_seconds: seconds(row.get(table.column("ZDURATION"))),
            ..Call::default()
        };
        let word = value("ZCALLTYPE").unwrap_or_default();
        call.medium = if word.ends_with("with_video") { CallMedium::Video } else { CallMedium::Unknown };
        (call.direction, call.outcome) = match word.as_str() {
            "missed" | "missed_with_video" => (Direction::Incoming, CallOutcome::Missed),
            "outgoing_viber" | "outgoing_viber_with_video" => {
                (Direction::Outgoing, messengers::by_length(call.duration_seconds))
            }
            "incoming" | "incoming_with_video" => {
                (Direction::Incoming, messengers::by_length(call.duration_seconds))
            }
            _ => (Direction::Unknown, CallOutcome::Unknown),
        };
        if call.direction != Direction::Unknown && call.medium == CallMedium::Unknown {
            call.medium = CallMedium::Voice;
        }
        rest(table, row, &["ZDATE"], &mut call.extra);
        let line = row.integer(table.column("ZRECENTSLINE")).filter(|line| *line > 0);
        let of_line = database.table("ZRECENTSLINE").zip(line);
        if let Some((table, line)) = of_line
            && let Ok(Some(found)) = database.row(table, line)
        {
            lines.note(line);
            let number = table.column("ZPHONENUMBER");
            // A number of a row, if it is one of the numbers that are there.
            let known = found.row().integer(number).and_then(|number| people.numbers.get(&number).cloned());
            call.others.extend(known.or_else(|| text(&found.row(), number)).map(Party::with_id));
            beside("line", table, &found.row(), &[], &mut call.extra);
        }
        let what = What::Call(Box::new(call));
        sink.record(Record { file, place: Place::row("ZRECENT", row.rowid()), part, what })?;
        ControlFlow::Continue(Became::Record)
    })
}

/// The phone's address book as Viber took it over.
fn address_book(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let file = tables.file;
    let present = Numbers::of_rows(tables.database, "ZABCONTACT");
    let mut numbers: BTreeMap<i64, Vec<Identifier>> = BTreeMap::new();
    if let Some(table) = tables.take("ZABCONTACTNUMBER") {
        tables.each(table, sink, |row, part, sink| {
            let value = |name: &str| text(row, table.column(name));
            let number = value("ZCANONIZEDPHONENUM").or_else(|| value("ZPHONE"));
            let owner = row.integer(table.column("ZCONTACT")).filter(|owner| present.has(*owner));
            if let Some(owner) = owner {
                identify(numbers.entry(owner).or_default(), IdentifierKind::Phone, number, None);
                return ControlFlow::Continue(Became::Continuation);
            }
            let mut contact = Contact { app: APP.to_owned(), ..Contact::default() };
            identify(&mut contact.identifiers, IdentifierKind::Phone, number, None);
            rest(table, row, &[], &mut contact.extra);
            tell((file, Place::row("ZABCONTACTNUMBER", row.rowid()), part), contact, sink)
        })?;
    }
    let Some(table) = tables.take("ZABCONTACT") else { return Flow::Continue(()) };
    tables.each(table, sink, |row, part, sink| {
        let value = |name: &str| text(row, table.column(name));
        let mut contact = Contact { app: APP.to_owned(), id: value("ZCONTACTID"), ..Contact::default() };
        let words = [value("ZPREFIXNAME"), value("ZMAINNAME"), value("ZSUFFIXNAME")];
        let full = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
        contact.names = names([value("ZMAINNAME"), Some(full)]);
        contact.identifiers = numbers.remove(&row.rowid()).unwrap_or_default();
        rest(table, row, &["ZMAINNAME", "ZCONTACTID"], &mut contact.extra);
        tell((file, Place::row("ZABCONTACT", row.rowid()), part), contact, sink)
    })
}

fn tell(
    (file, place, part): (FileNumber, Place, u16),
    contact: Contact,
    sink: &mut dyn Sink,
) -> ControlFlow<(), Became> {
    sink.record(Record { file, place, part, what: What::Contact(Box::new(contact)) })?;
    ControlFlow::Continue(Became::Record)
}
