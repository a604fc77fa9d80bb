//! The table `message` (since 2021), with the rows beside it; and rows beside messages that are not there.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::{ControlFlow, Range};

use model::record::{
    ChatKind, Direction, FileNumber, Message, Place, ProblemKind, Record, State, TimeReading, What,
};
use sqlite::{Database, Table};

use super::details::{Around, Draft, chat_number, deleted_by, party};
use super::kinds;
use super::people::{People, table};
use super::sides::Side;
use crate::database::{self, Became};
use crate::troubles::Troubles;
use crate::whatsapp::APP;
use crate::whatsapp::beside::Sides;
use crate::whatsapp::gaps::{self, Gaps, Met};
use crate::whatsapp::named::{Fields, Named};
use crate::{Flow, Sink};

/// The columns of a message.
const MESSAGE: &[&str] = &[
    "chat_row_id",
    "from_me",
    "key_id",
    "sender_jid_row_id",
    "status",
    "broadcast",
    "origination_flags",
    "origin",
    "timestamp",
    "received_timestamp",
    "receipt_server_timestamp",
    "message_type",
    "text_data",
    "starred",
    "view_mode",
    "recipient_count",
];

/// Most messages of one key that are looked at.
const SAME_MOST: usize = 1000;

/// Messages by chat, direction and key: a row of the old table whose message is here belongs to it.
pub(super) struct Keys<'d> {
    database: &'d Database,
    table: Option<(&'d Table, Fields)>,
    rows: Vec<(u64, i64)>,
}

impl<'d> Keys<'d> {
    /// None yet.
    pub(super) fn new(database: &'d Database) -> Self {
        let table = table(database, "message", MESSAGE);
        Self { database, table, rows: Vec::new() }
    }

    /// Whether the new table has this message.
    pub(super) fn has(&self, chat: &str, from_me: i64, key: &str, people: &People) -> bool {
        let wanted = hash(from_me, key);
        let from = self.rows.partition_point(|(hash, _)| *hash < wanted);
        let same = self.rows.get(from..).unwrap_or_default().iter();
        let mut same = same.take_while(|(hash, _)| *hash == wanted).take(SAME_MOST);
        same.any(|(_, rowid)| self.is(*rowid, chat, from_me, key, people).is_some_and(|is| is))
    }

    fn is(&self, rowid: i64, chat: &str, from_me: i64, key: &str, people: &People) -> Option<bool> {
        let (table, fields) = self.table.as_ref()?;
        let row = self.database.row(table, rowid).ok().flatten()?;
        let row = row.row();
        let row = fields.in_row(&row);
        let same_key = row.text("key_id")? == key && row.integer("from_me")? == from_me;
        let raw = people.chat_raw(row.integer("chat_row_id")?);
        // A chat whose address is not there cannot tell them apart; the key alone is random.
        let number = raw.and_then(|raw| people.named(raw).party.id);
        Some(same_key && (raw.is_none_or(|raw| raw == chat) || number.as_deref() == Some(chat)))
    }
}

fn hash(from_me: i64, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (from_me, key).hash(&mut hasher);
    hasher.finish()
}

/// What all messages of one database share while they are read.
pub(super) struct Reading<'a, 'd> {
    /// The database and its file.
    pub(super) of: (&'d Database, FileNumber),
    /// Who is who, files, reactions.
    pub(super) around: Around<'a>,
    /// The rows beside messages.
    pub(super) sides: Sides<'d, Side>,
    /// Problems that repeat.
    pub(super) troubles: Troubles,
}

impl<'d> Reading<'_, 'd> {
    /// Reads the table `message`. `keys` are kept if the old table is there too.
    pub(super) fn messages(&mut self, keys: Option<&mut Keys<'d>>, sink: &mut dyn Sink) -> Flow {
        let (database, file) = self.of;
        let Some((table, fields)) = table(database, "message", MESSAGE) else { return Flow::Continue(()) };
        let (mut gaps, mut rows) = (Gaps::new(table.name()), Vec::new());
        let keep = keys.is_some();
        database::each_row((database, table, file), sink, &mut |row, sink| {
            let part = gaps.meet(row.rowid(), &mut self.troubles, sink)?;
            let named = fields.in_row(row);
            if is_anchor(named.integer("chat_row_id"), named.text("key_id").as_deref()) {
                return ControlFlow::Continue(Became::System);
            }
            if keep && let Some((from_me, key)) = named.integer("from_me").zip(named.text("key_id")) {
                rows.push((hash(from_me, &key), row.rowid()));
            }
            let mut draft = draft(named, self.around.people);
            if !row.is_whole() {
                draft.message.states.push(State::Doubtful("row-cut".to_owned()));
            }
            self.beside(row.rowid(), &mut draft, sink)?;
            let what = What::Message(Box::new(draft.finish()));
            let became = became(&what);
            sink.record(Record { file, place: Place::row(table.name(), row.rowid()), part, what })?;
            ControlFlow::Continue(became)
        })?;
        if let Some(keys) = keys {
            rows.sort_unstable();
            keys.rows = rows;
        }
        gaps.end(highest(database, table.name()), &mut self.troubles, sink)
    }

    /// Puts the rows beside a message into it.
    pub(super) fn beside(&mut self, message: i64, draft: &mut Draft, sink: &mut dyn Sink) -> Flow {
        let rows = self.sides.of(message);
        rows.into_iter().try_for_each(|index| self.take(index, draft, sink))
    }

    fn take(&mut self, index: usize, draft: &mut Draft, sink: &mut dyn Sink) -> Flow {
        let Some((side, rowid)) = self.sides.at(index) else { return Flow::Continue(()) };
        if let Ok(Some(row)) = self.of.0.row(side.table, rowid) {
            draft.add(side, &row.row(), &self.around);
            return Flow::Continue(());
        }
        let place = Place::row(side.table.name(), rowid);
        let text = ("a row that is found by its number", "the message without it");
        self.troubles.say(sink, place, ProblemKind::Damaged, text)
    }

    /// Reads rows that stand beside messages that are not there. Receipts are told as gaps; from the rest a
    /// message is made as far as it goes.
    pub(super) fn orphans(&mut self, sink: &mut dyn Sink) -> Flow {
        let (mut from, mut receipts, mut met) = (0, 0_u64, Met::default());
        while let Some((message, rows)) = self.sides.orphan(from) {
            from = rows.end;
            let of_receipts = |index: &usize| {
                let side = self.sides.at(*index).map(|(side, _)| side.side);
                side.is_none_or(|side| matches!(side, Side::Receipt | Side::Other))
            };
            let (plain, telling): (Vec<usize>, Vec<usize>) = rows.clone().partition(of_receipts);
            if telling.is_empty() {
                receipts = receipts.saturating_add(plain.len() as u64);
                for index in plain {
                    self.sides.settle(index, Became::Problem);
                }
                continue;
            }
            let first = telling.first().copied().unwrap_or_default();
            self.orphan((message, rows, first), &mut met, sink)?;
        }
        if receipts == 0 {
            return Flow::Continue(());
        }
        let text = ("receipts and notes only of messages that are there", "how many there are");
        self.troubles.say_units(sink, Place::Whole, ProblemKind::Gap, text, receipts)
    }

    fn orphan(
        &mut self,
        (id, rows, first): (i64, Range<usize>, usize),
        met: &mut Met,
        sink: &mut dyn Sink,
    ) -> Flow {
        let Some((side, rowid)) = self.sides.at(first) else { return Flow::Continue(()) };
        let place = Place::row(side.table.name(), rowid);
        let chat = side.table.column("chat_row_id");
        let chat = self.of.0.row(side.table, rowid).ok().flatten().and_then(|row| row.row().integer(chat));
        let mut message = Message { app: APP.to_owned(), ..Message::default() };
        message.chat = self.around.people.chat(chat.unwrap_or(-1));
        message.states.push(State::Doubtful("message-row-missing".to_owned()));
        message.extra.push(("message_row_id".to_owned(), id.to_string()));
        let mut draft = Draft::new(message, -1);
        for index in rows {
            self.take(index, &mut draft, sink)?;
            self.sides.settle(index, if index == first { Became::Record } else { Became::Continuation });
        }
        let text = ("the message that these rows belong to", "what stands beside it, as a message");
        self.troubles.say(sink, place.clone(), ProblemKind::Gap, text)?;
        let what = What::Message(Box::new(draft.finish()));
        let part = met.part(&place);
        sink.record(Record { file: self.of.1, place, part, what })
    }
}

/// The first row of either table, which the program puts there so that row numbers begin above it.
pub(super) fn is_anchor(chat: Option<i64>, key: Option<&str>) -> bool {
    key == Some("-1") && chat.is_none_or(|chat| chat == -1)
}

/// What a message counts as.
pub(super) fn became(what: &What) -> Became {
    match what {
        What::Message(message) if message.direction == Direction::System => Became::System,
        _ => Became::Record,
    }
}

/// The highest row number that a table ever gave, by SQLite's own note.
pub(super) fn highest(database: &Database, table: &str) -> Option<i64> {
    gaps::highest(database, ("sqlite_sequence", ["name", "seq"]), table)
}

/// Direction by `from_me` and whether the program wrote it.
pub(super) fn direction(from_me: Option<i64>, is_system: bool) -> Direction {
    match from_me {
        _ if is_system => Direction::System,
        Some(0) => Direction::Incoming,
        Some(1) => Direction::Outgoing,
        _ => Direction::Unknown,
    }
}

/// Keeps a direction that is not known as it stands.
pub(super) fn odd_direction(row: Named<'_, '_>, name: &str, message: &mut Message) {
    if message.direction == Direction::Unknown {
        row.keep(name, &mut message.extra);
    }
}

/// What became of an outgoing message, by its status: 0 waits, 5 has come, 13 was read, 8 was played.
pub(super) fn status(status: Option<i64>, message: &mut Message) {
    if message.direction == Direction::Outgoing {
        message.states.extend(match status {
            Some(13 | 8) => Some(State::Read),
            _ => None,
        });
    }
    let status = status.filter(|status| *status != 0);
    message.extra.extend(status.map(|status| ("status".to_owned(), status.to_string())));
}

fn draft(row: Named<'_, '_>, people: &People) -> Draft {
    let kind = row.integer("message_type");
    let direction = direction(row.integer("from_me"), kind == Some(7));
    let mut message = Message { app: APP.to_owned(), direction, ..Message::default() };
    message.chat = people.chat(row.integer("chat_row_id").unwrap_or(-1));
    chat_number(&message.chat, people, &mut message.extra);
    message.id = row.text("key_id");
    let sender = row.positive("sender_jid_row_id").map(|jid| people.who(jid));
    let sender = match direction {
        Direction::Outgoing => None,
        Direction::Incoming => sender.or_else(|| people.other(&message.chat)),
        Direction::System | Direction::Unknown => sender,
    };
    message.sender = sender.map(|who| party(who, "sender", &mut message.extra));
    message.sent = row.unix_ms("timestamp");
    odd_direction(row, "from_me", &mut message);
    let times = [("received", "received_timestamp"), ("server", "receipt_server_timestamp")];
    for (role, column) in times {
        let time = row.positive(column).map(|ms| (role.to_owned(), TimeReading::unix_ms(ms)));
        message.times.extend(time);
    }
    message.text = row.text("text_data");
    if row.positive("starred").is_some() {
        message.states.push(State::Starred);
    }
    if let Some(kind) = kind {
        if kinds::is_deleted(kind) {
            message.states.push(deleted_by(direction));
        }
        if kinds::is_view_once(kind) || row.positive("view_mode").is_some() {
            message.states.push(State::ViewOnce);
        }
        if kind != 0 {
            message.extra.push(("message_type".to_owned(), kind.to_string()));
        }
    }
    status(row.integer("status"), &mut message);
    for name in ["origination_flags", "origin", "broadcast", "view_mode"] {
        row.keep(name, &mut message.extra);
    }
    if message.chat.kind != ChatKind::Direct {
        row.keep("recipient_count", &mut message.extra);
    }
    Draft::new(message, kind.unwrap_or_default())
}
