//! The table `messages` (until 2021), with quotes and receipts in tables of their own.
//!
//! In databases of the transition a message can stand here and in `message`: then this row belongs to it.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;

use model::record::{
    Attachment, AttachmentState, Counted, Direction, FileNumber, Inside, MediaKind, Message, Place, Point,
    ProblemKind, Quoted, Record, State, TimeReading, What,
};
use sqlite::{Database, Row, Table};

use super::details::{Draft, deleted_by, party, spoken};
use super::kinds;
use super::messages::{Keys, Reading, became, direction, highest, is_anchor, odd_direction, status};
use super::people::{People, table};
use crate::database::{self, Became};
use crate::whatsapp::gaps::Gaps;
use crate::whatsapp::named::{Fields, Named};
use crate::whatsapp::tables::Holding;
use crate::whatsapp::{APP, card};
use crate::{Flow, Sink};

/// The columns of a message, and of a quote.
const MESSAGES: &[&str] = &[
    "key_remote_jid",
    "key_from_me",
    "key_id",
    "status",
    "data",
    "timestamp",
    "media_url",
    "media_mime_type",
    "media_wa_type",
    "media_size",
    "media_name",
    "media_caption",
    "media_hash",
    "media_duration",
    "origin",
    "latitude",
    "longitude",
    "thumb_image",
    "remote_resource",
    "received_timestamp",
    "receipt_server_timestamp",
    "receipt_device_timestamp",
    "read_device_timestamp",
    "played_device_timestamp",
    "starred",
    "quoted_row_id",
    "mentioned_jids",
    "edit_version",
    "forwarded",
    "recipient_count",
];

/// The tables that are read here.
pub(super) const TABLES: [&str; 4] = ["messages", "messages_quotes", "receipts", "chat_list"];

/// Names of groups by address, from `chat_list`.
type Subjects = BTreeMap<String, String>;

/// Rows that messages name.
struct Beside<'d> {
    database: &'d Database,
    quotes: Option<(&'d Table, Fields)>,
    /// Quotes, and whether a message named them.
    named: BTreeMap<i64, bool>,
    receipts: Option<(&'d Table, Fields)>,
    /// Hash of chat and key, row, whether a message was there.
    by_key: Vec<(u64, i64, bool)>,
    subjects: Subjects,
    /// Reckonings of quotes and receipts: what became of them is known at the end.
    held: Vec<Counted>,
}

/// Most receipts of one message that are looked at.
const SAME_MOST: usize = 1000;

const RECEIPT: &[&str] = &[
    "key_remote_jid",
    "key_id",
    "remote_resource",
    "receipt_device_timestamp",
    "read_device_timestamp",
    "played_device_timestamp",
];

impl<'d> Reading<'_, 'd> {
    /// Reads the old tables.
    pub(super) fn old_messages(&mut self, keys: &Keys<'d>, sink: &mut dyn Sink) -> Flow {
        let (database, file) = self.of;
        let mut beside = Beside::read((database, file), sink)?;
        if let Some((table, fields)) = table(database, "messages", MESSAGES) {
            let mut gaps = Gaps::new(table.name());
            database::each_row((database, table, file), sink, &mut |row, sink| {
                let part = gaps.meet(row.rowid(), &mut self.troubles, sink)?;
                self.old_message((table, &fields, part), row, (&mut beside, keys), sink)
            })?;
            gaps.end(highest(database, table.name()), &mut self.troubles, sink)?;
        }
        self.left(beside, sink)
    }

    fn old_message(
        &mut self,
        (table, fields, part): (&Table, &Fields, u16),
        row: &Row<'_>,
        (beside, keys): (&mut Beside<'d>, &Keys<'d>),
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Became> {
        let (named, people) = (fields.in_row(row), self.around.people);
        let (chat, key) = (named.text("key_remote_jid").unwrap_or_default(), named.text("key_id"));
        let from_me = named.integer("key_from_me");
        let quote = named.positive("quoted_row_id");
        let key = key.unwrap_or_default();
        if chat == "-1" && is_anchor(None, Some(&key)) {
            return ControlFlow::Continue(Became::System);
        }
        if from_me.is_some_and(|from_me| keys.has(&chat, from_me, &key, people)) {
            beside.use_quote(quote);
            beside.receipts_of(&chat, &key, &mut Message::default(), people);
            return ControlFlow::Continue(Became::Continuation);
        }
        let mut draft = draft(named, people, &beside.subjects);
        if !row.is_whole() {
            draft.message.states.push(State::Doubtful("row-cut".to_owned()));
        }
        self.beside(row.rowid(), &mut draft, sink)?;
        self.content(named, &mut draft);
        if let Some(quote) = quote {
            draft.message.quoted = draft.message.quoted.take().or_else(|| beside.quote(quote, people));
            beside.use_quote(Some(quote));
        }
        beside.receipts_of(&chat, &key, &mut draft.message, people);
        let what = What::Message(Box::new(draft.finish()));
        let became = became(&what);
        let record = Record { file: self.of.1, place: Place::row(table.name(), row.rowid()), part, what };
        sink.record(record)?;
        ControlFlow::Continue(became)
    }

    /// Media, places and cards, which this table holds itself. What a newer table says of them is not
    /// doubled.
    fn content(&self, row: Named<'_, '_>, draft: &mut Draft) {
        let kind = draft.kind;
        let message = &mut draft.message;
        let has_card = message.inside.iter().any(|inside| matches!(inside, Inside::Contact { .. }));
        let has_place = message.inside.iter().any(|inside| matches!(inside, Inside::Location { .. }));
        match kind {
            4 | 14 if !has_card => {
                if let Some(text) = message.text.take_if(|text| text.contains("BEGIN:VCARD")) {
                    message.inside.push(card::contact(&text, row.text("media_name")));
                }
            }
            5 | 16 if !has_place => {
                let point = row.real("latitude").zip(row.real("longitude"));
                let point = point.and_then(|(latitude, longitude)| Point::new(latitude, longitude));
                if point.is_none() {
                    row.keep("latitude", &mut message.extra);
                    row.keep("longitude", &mut message.extra);
                }
                let name = row.text("media_name");
                message.inside.push(Inside::Location { point, name, live: kind == 16 });
            }
            _ => {}
        }
        let Some(media) = kinds::media(kind).filter(|_| message.attachments.is_empty()) else { return };
        if message.direction == Direction::System {
            return;
        }
        let is_voice = media == MediaKind::Audio && row.integer("origin") == Some(1);
        let media = if is_voice { MediaKind::Voice } else { media };
        let path = row.blob("thumb_image").and_then(path_in);
        let (name, size_bytes) = (row.text("media_name"), row.size("media_size"));
        let file =
            path.as_deref().or(name.as_deref()).and_then(|path| self.around.media.find(path, size_bytes));
        let state = match (file, &path) {
            (Some(_), _) => AttachmentState::Present,
            (None, Some(_)) => AttachmentState::NotFound,
            (None, None) => AttachmentState::Unavailable,
        };
        row.keep("media_hash", &mut message.extra);
        message.attachments.push(Attachment {
            kind: media,
            name: path.or(name),
            media_type: row.text("media_mime_type"),
            size_bytes,
            duration_ms: row.size("media_duration").and_then(|seconds| seconds.checked_mul(1000)),
            caption: row.text("media_caption"),
            file,
            state,
        });
    }

    /// Quotes and receipts that no message named. A quote tells of a message, so it is one.
    fn left(&mut self, mut beside: Beside<'_>, sink: &mut dyn Sink) -> Flow {
        let alone: Vec<i64> =
            beside.named.iter().filter(|(_, named)| !**named).map(|(quote, _)| *quote).collect();
        let receipts = beside.by_key.iter().filter(|(.., used)| !used).count() as u64;
        for id in &alone {
            let quoted = beside.quote(*id, self.around.people);
            let states = vec![State::Doubtful("message-row-missing".to_owned())];
            let message = Message { app: APP.to_owned(), quoted, states, ..Message::default() };
            let place = Place::row(TABLES[1], *id);
            let text = ("the message that quotes this", "the quote, as a message");
            self.troubles.say(sink, place.clone(), ProblemKind::Gap, text)?;
            let what = What::Message(Box::new(message));
            sink.record(Record { file: self.of.1, place, part: 0, what })?;
        }
        if receipts > 0 {
            let text = ("receipts only of messages that are there", "how many there are");
            self.troubles.say_units(sink, Place::Whole, ProblemKind::Gap, text, receipts)?;
        }
        for counted in &mut beside.held {
            let (count, less) = if counted.part == TABLES[1] {
                (&mut counted.records, alone.len() as u64)
            } else {
                (&mut counted.problems, receipts)
            };
            *count = count.saturating_add(less);
            counted.continuations = counted.continuations.saturating_sub(less);
        }
        beside.held.into_iter().try_for_each(|counted| sink.counted(counted))
    }
}

impl<'d> Beside<'d> {
    fn read((database, file): (&'d Database, FileNumber), sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let mut beside = Self {
            database,
            quotes: table(database, "messages_quotes", MESSAGES),
            named: BTreeMap::new(),
            receipts: table(database, "receipts", RECEIPT),
            by_key: Vec::new(),
            subjects: BTreeMap::new(),
            held: Vec::new(),
        };
        let mut holding = Holding { sink, held: Vec::new() };
        if let Some((table, _)) = &beside.quotes {
            let named = &mut beside.named;
            database::each_row((database, table, file), &mut holding, &mut |row, _| {
                named.insert(row.rowid(), false);
                ControlFlow::Continue(Became::Continuation)
            })?;
        }
        if let Some((table, fields)) = &beside.receipts {
            let by_key = &mut beside.by_key;
            database::each_row((database, table, file), &mut holding, &mut |row, _| {
                let named = fields.in_row(row);
                let chat = named.text("key_remote_jid").unwrap_or_default();
                let key = named.text("key_id").unwrap_or_default();
                by_key.push((hash(&chat, &key), row.rowid(), false));
                ControlFlow::Continue(Became::Continuation)
            })?;
        }
        beside.held = holding.held;
        beside.by_key.sort_unstable();
        if let Some((table, fields)) = table(database, "chat_list", &["key_remote_jid", "subject"]) {
            let subjects = &mut beside.subjects;
            database::each_row((database, table, file), sink, &mut |row, _| {
                let named = fields.in_row(row);
                subjects.extend(named.text("key_remote_jid").zip(named.text("subject")));
                ControlFlow::Continue(Became::Continuation)
            })?;
        }
        ControlFlow::Continue(beside)
    }

    fn use_quote(&mut self, quote: Option<i64>) {
        if let Some(named) = quote.and_then(|quote| self.named.get_mut(&quote)) {
            *named = true;
        }
    }

    fn quote(&self, quote: i64, people: &People) -> Option<Quoted> {
        let (table, fields) = self.quotes.as_ref()?;
        let row = self.database.row(table, quote).ok().flatten()?;
        let row = row.row();
        let row = fields.in_row(&row);
        let sender = row.text("remote_resource").or_else(|| row.text("key_remote_jid"));
        let sender = sender.filter(|_| row.integer("key_from_me") != Some(1));
        let sender = sender.map(|raw| people.named(&raw).party);
        let text = row.text("data").or_else(|| row.text("media_caption"));
        Some(Quoted { id: row.text("key_id"), sender, text })
    }

    fn receipts_of(&mut self, chat: &str, key: &str, message: &mut Message, people: &People) {
        let Some((table, fields)) = &self.receipts else { return };
        let wanted = hash(chat, key);
        let from = self.by_key.partition_point(|(hash, ..)| *hash < wanted);
        let same = self.by_key.get_mut(from..).unwrap_or_default().iter_mut();
        for (_, rowid, used) in same.take_while(|(hash, _, used)| *hash == wanted && !*used).take(SAME_MOST) {
            let Some(row) = self.database.row(table, *rowid).ok().flatten() else { continue };
            let row = row.row();
            let row = fields.in_row(&row);
            if row.text("key_id").as_deref() != Some(key) {
                continue;
            }
            *used = true;
            let who = row.text("remote_resource").map(|raw| spoken(&people.named(&raw).party));
            let mut said = vec![who.unwrap_or_default()];
            for (role, column) in ROLES {
                said.extend(row.positive(column).map(|ms| format!("{role}={ms}")));
            }
            message.extra.push(("receipt".to_owned(), said.join(" ").trim().to_owned()));
        }
    }
}

const ROLES: [(&str, &str); 3] = [
    ("delivered", "receipt_device_timestamp"),
    ("read", "read_device_timestamp"),
    ("played", "played_device_timestamp"),
];

fn hash(chat: &str, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (chat, key).hash(&mut hasher);
    hasher.finish()
}

fn draft(row: Named<'_, '_>, people: &People, subjects: &Subjects) -> Draft {
    // Stored as text in some versions and as a number in others.
    let kind = row.integer("media_wa_type").or_else(|| row.text("media_wa_type")?.trim().parse().ok());
    let is_system = row.integer("status") == Some(6);
    let direction = direction(row.integer("key_from_me"), is_system);
    let mut message = Message { app: APP.to_owned(), direction, ..Message::default() };
    let chat = row.text("key_remote_jid").unwrap_or_default();
    message.chat = people.chat_of(&chat, subjects.get(&chat).map(String::as_str));
    message.id = row.text("key_id");
    let sender = row.text("remote_resource").map(|raw| people.named(&raw));
    let sender = match direction {
        Direction::Outgoing => None,
        Direction::Incoming => sender.or_else(|| people.other(&message.chat)),
        Direction::System | Direction::Unknown => sender,
    };
    message.sender = sender.map(|who| party(who, "sender", &mut message.extra));
    message.sent = row.unix_ms("timestamp");
    odd_direction(row, "key_from_me", &mut message);
    let times = [("received", "received_timestamp"), ("server", "receipt_server_timestamp")];
    for (role, column) in times.into_iter().chain(ROLES) {
        let time = row.positive(column).map(|ms| (role.to_owned(), TimeReading::unix_ms(ms)));
        message.times.extend(time);
    }
    message.text = row.text("data");
    if row.positive("starred").is_some() {
        message.states.push(State::Starred);
    }
    if row.positive("forwarded").is_some() {
        message.states.push(State::Forwarded);
    }
    if row.integer("edit_version") == Some(7) || kind.is_some_and(kinds::is_deleted) {
        message.states.push(deleted_by(direction));
    }
    status(row.integer("status"), &mut message);
    for name in ["media_wa_type", "forwarded", "edit_version", "mentioned_jids", "media_url"] {
        row.keep(name, &mut message.extra);
    }
    let mut draft = Draft::new(message, if is_system { 7 } else { kind.unwrap_or_default() });
    if is_system && let Some(action) = row.integer("media_size") {
        draft.changed(action);
    }
    draft
}

/// The path in a serialised `com.whatsapp.MediaData`: the text in it that looks like one. Java writes texts
/// as `t`, two bytes of length, and the bytes.
fn path_in(blob: &[u8]) -> Option<String> {
    const PATH_BYTES: std::ops::RangeInclusive<usize> = 5..=1000;
    for (at, _) in blob.iter().enumerate().filter(|(_, byte)| **byte == b't') {
        let rest = blob.get(at.checked_add(1)?..)?;
        let Some((length, rest)) = rest.split_first_chunk::<2>() else { break };
        let length = usize::from(u16::from_be_bytes(*length));
        let text = rest.get(..length).filter(|_| PATH_BYTES.contains(&length));
        let text = text.and_then(|text| std::str::from_utf8(text).ok());
        if let Some(text) = text.filter(|text| text.contains("Media/") && !text.contains("://")) {
            return Some(text.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_in_serialised_java() {
        let mut blob = b"\xac\xed\x00\x05sr\x00\x16com.whatsapp.MediaDatat\x00".to_vec();
        blob.push(28);
        blob.extend_from_slice(b"Media/WhatsApp Images/I1.jpgx");
        assert_eq!(path_in(&blob).as_deref(), Some("Media/WhatsApp Images/I1.jpg"));
        assert_eq!(path_in(b"tttttttt"), None);
    }
}
