//! MMS: `pdu` (one row for each message, times in seconds), `addr` (who), `part` (what).
//!
//! Text parts are joined in their order, SMIL layouts are passed over, everything else is an attachment whose
//! file lies in `app_parts`. Parts whose message is gone are told.

use std::ops::ControlFlow;

use model::record::{
    Attachment, AttachmentState, Direction, FileNumber, Message, Place, ProblemKind, Record, State, What,
};
use source::tree::Tree;
use sqlite::{Database, Row, Table};

use super::threads::{Threads, event};
use crate::database::Became;
use crate::tables::{Gaps, Kept, Tables, shown, text, unix_seconds};
use crate::telephony::{self, OWN_ADDRESS, lies_in, sent_by};
use crate::troubles::Troubles;
use crate::{Flow, Input, Sink};

/// Columns that are kept as they are.
const KEPT: &[&str] = &[
    "msg_box",
    "m_type",
    "m_size",
    "ct_l",
    "ct_t",
    "m_cls",
    "pri",
    "resp_st",
    "retr_st",
    "retr_txt",
    "st",
    "exp",
    "sub_id",
    "sim_id",
    "creator",
    "locked",
    "is_spam",
    "spam_report",
];

/// Reads them.
pub(super) fn read(
    input: &Input<'_>,
    tables: &mut Tables<'_>,
    threads: &Threads,
    sink: &mut dyn Sink,
) -> Flow {
    let messages = rows_by(tables.database, "pdu", "_id");
    let found = Found {
        addresses: rows_by(tables.database, "addr", "msg_id"),
        parts: rows_by(tables.database, "part", "mid"),
    };
    let is_there = |message: i64| messages.binary_search_by(|(one, _)| one.cmp(&message)).is_ok();
    pdus(input, tables, (threads, &found), sink)?;
    addresses(tables, &is_there, sink)?;
    parts(input, tables, &is_there, sink)
}

/// Rows of what belongs to messages, by message.
struct Found {
    addresses: Vec<(i64, i64)>,
    parts: Vec<(i64, i64)>,
}

fn rows_by(database: &Database, name: &str, by: &str) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let Some(table) = database.table(name) else { return found };
    let by = table.column(by);
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        found.extend(row.integer(by).map(|message| (message, row.rowid())));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn within(pairs: &[(i64, i64)], message: i64) -> impl Iterator<Item = i64> {
    let start = pairs.partition_point(|(one, _)| *one < message);
    pairs.iter().skip(start).take_while(move |(one, _)| *one == message).map(|(_, row)| *row)
}

fn pdus(
    input: &Input<'_>,
    tables: &mut Tables<'_>,
    (threads, found): (&Threads, &Found),
    sink: &mut dyn Sink,
) -> Flow {
    let Some(table) = tables.take("pdu") else { return Flow::Continue(()) };
    let names = ["thread_id", "date", "date_sent", "msg_box", "read", "m_id", "sub", "sub_cs", "d_tm"];
    let columns = names.map(|name| table.column(name));
    let (kept, database, file) = (Kept::of(table, KEPT), tables.database, tables.file);
    let mut gaps = Gaps::new(file, "pdu");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let [thread, date, date_sent, msg_box, read, id, subject, charset, delivered] = columns;
        let mut message = Message {
            app: "mms".to_owned(),
            chat: threads.chat(shown(row.get(thread))),
            id: text(row, id),
            sent: unix_seconds(row.get(date)),
            ..Message::default()
        };
        lies_in(row.integer(msg_box), &mut message);
        sent_by(&mut message, unix_seconds(row.get(date_sent)));
        message.times.extend(unix_seconds(row.get(delivered)).map(|time| ("delivered".to_owned(), time)));
        if row.integer(read) == Some(1) && message.direction == Direction::Incoming {
            message.states.push(State::Read);
        }
        if let Some(raw) = text(row, subject) {
            let decoded = telephony::header(&raw, row.integer(charset));
            if decoded != raw {
                message.extra.push(("sub".to_owned(), raw));
            }
            message.subject = Some(decoded);
        }
        kept.add(row, &mut message.extra);
        people(database, found, row.rowid(), &mut message);
        if message.direction == Direction::Outgoing && message.recipients.is_empty() {
            message.recipients = threads.people(&message.chat);
        }
        content(input, database, within(&found.parts, row.rowid()), &mut message);
        let place = Place::row("pdu", row.rowid());
        sink.record(Record { file, place, part, what: What::Message(Box::new(message)) })?;
        ControlFlow::Continue(Became::Record)
    })?;
    gaps.finish(database, sink)
}

/// Who sent it and to whom.
fn people(database: &Database, found: &Found, number: i64, message: &mut Message) {
    let Some(table) = database.table("addr") else { return };
    let (address, kind) = (table.column("address"), table.column("type"));
    for row in within(&found.addresses, number) {
        let Ok(Some(row)) = database.row(table, row) else { continue };
        let row = row.row();
        let Some(address) = shown(row.get(address)) else { continue };
        telephony::address(row.integer(kind), address, message);
    }
}

fn content(input: &Input<'_>, database: &Database, rows: impl Iterator<Item = i64>, message: &mut Message) {
    let Some(table) = database.table("part") else { return };
    let mut parts: Vec<_> = rows.filter_map(|row| database.row(table, row).ok()?).collect();
    let order = table.column("seq");
    parts.sort_by_key(|part| part.row().integer(order).unwrap_or_default());
    for part in parts {
        let row = part.row();
        let kind = text(&row, table.column("ct")).unwrap_or_default();
        if kind == "application/smil" {
            continue;
        }
        match text(&row, table.column("text")) {
            Some(words) if kind.starts_with("text/plain") => {
                telephony::add_text(message, &words);
            }
            _ => message.attachments.push(attachment(input, table, &row)),
        }
    }
}

fn attachment(input: &Input<'_>, table: &Table, row: &Row<'_>) -> Attachment {
    let named = |name: &str| text(row, table.column(name));
    let path = named("_data");
    let file = path.as_deref().and_then(|path| find(input.tree, input.file, path));
    let media_type = named("ct");
    let kind = telephony::media(media_type.as_deref().unwrap_or_default());
    let name = named("name").or_else(|| named("fn")).or_else(|| named("cl")).or_else(|| path.clone());
    Attachment {
        kind,
        name,
        media_type,
        // What a part says in words is small and stays readable.
        caption: named("text"),
        file,
        state: if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound },
        ..Attachment::default()
    }
}

/// The file of a part: beside the database, or in `app_parts` beside its folder.
fn find(tree: &Tree, database: FileNumber, path: &str) -> Option<FileNumber> {
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    let entry = tree.entry(database)?;
    let above = entry.folder().trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
    let above = if above.is_empty() { String::new() } else { format!("{above}/") };
    let folders = [
        format!("{above}app_parts/"),
        format!("{above}r/app_parts/"),
        format!("{}app_parts/", entry.folder()),
        entry.folder().to_owned(),
    ];
    folders.iter().find_map(|folder| tree.find(entry.container(), &format!("{folder}{name}")))
}

fn addresses(tables: &mut Tables<'_>, is_there: &dyn Fn(i64) -> bool, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("addr") else { return Flow::Continue(()) };
    let (message, address) = (table.column("msg_id"), table.column("address"));
    let mut troubles = Troubles::new(tables.file);
    tables.each(table, sink, |row, _, sink| {
        if row.integer(message).is_some_and(is_there) {
            return ControlFlow::Continue(Became::Continuation);
        }
        if shown(row.get(address)).is_none_or(|address| address == OWN_ADDRESS) {
            return ControlFlow::Continue(Became::System);
        }
        let place = Place::row("addr", row.rowid());
        troubles.say(sink, place, ProblemKind::Gap, ("the message this address belongs to", "the row"))?;
        ControlFlow::Continue(Became::Problem)
    })?;
    troubles.finish(sink)
}

/// Parts: those of a message were told with it, the others are told here.
fn parts(
    input: &Input<'_>,
    tables: &mut Tables<'_>,
    is_there: &dyn Fn(i64) -> bool,
    sink: &mut dyn Sink,
) -> Flow {
    let Some(table) = tables.take("part") else { return Flow::Continue(()) };
    let (message, words) = (table.column("mid"), table.column("text"));
    let (kept, file) = (Kept::of(table, &["mid", "ct", "name", "_data", "fn", "cl"]), tables.file);
    tables.each(table, sink, |row, part, sink| {
        if row.integer(message).is_some_and(is_there) {
            return ControlFlow::Continue(Became::Continuation);
        }
        let what = ("part", "part-without-message");
        let mut record = event(file, what, (row, part), text(row, words), &kept);
        let found = attachment(input, table, row).file.and_then(|file| input.tree.entry(file));
        if let (What::Event(event), Some(found)) = (&mut record.what, found) {
            event.extra.push(("file".to_owned(), found.path().to_owned()));
        }
        sink.record(record)?;
        ControlFlow::Continue(Became::Record)
    })
}
