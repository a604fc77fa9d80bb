//! What is left of messages that are gone: attachments that no message names, lists of deleted messages,
//! parts that were deleted.

use std::ops::ControlFlow;

use model::record::{ChatRef, Message, Place, Quoted, Record, State, What};

use super::lists::{Lists, event};
use super::message::{Sound, attachment};
use crate::database::Became;
use crate::tables::{Kept, Tables, apple, shown, text};
use crate::typedstream::attributed;
use crate::{Flow, Input, Sink};

/// Tells them.
pub(super) fn read(
    input: &Input<'_>,
    tables: &mut Tables<'_>,
    lists: &Lists<'_>,
    sink: &mut dyn Sink,
) -> Flow {
    attachments(input, tables, lists, sink)?;
    deleted(tables, ("deleted_messages", "deleted-message"), sink)?;
    deleted(tables, ("sync_deleted_messages", "deleted-message"), sink)?;
    deleted(tables, ("sync_deleted_chats", "deleted-chat"), sink)?;
    deleted(tables, ("sync_deleted_attachments", "deleted-attachment"), sink)?;
    deleted(tables, ("unsynced_removed_recoverable_messages", "deleted-message"), sink)?;
    parts(input, tables, lists, sink)
}

/// Attachments: those of a message were told with it, the others are told here.
fn attachments(input: &Input<'_>, tables: &mut Tables<'_>, lists: &Lists<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("attachment") else { return Flow::Continue(()) };
    let mut used: Vec<i64> = lists.files.iter().map(|(_, file)| *file).collect();
    used.sort_unstable();
    let kept = Kept::of(table, &["guid", "transfer_name", "mime_type", "uti", "total_bytes", "is_outgoing"]);
    let created = table.column("created_date");
    tables.each(table, sink, |row, part, sink| {
        if used.binary_search(&row.rowid()).is_ok() {
            return ControlFlow::Continue(Became::Continuation);
        }
        let found = attachment(input, table, row, Sound::Any);
        let what = ("attachment", "attachment-without-message");
        let mut record = event(input.file, what, row, part, (found.name, &kept));
        if let What::Event(event) = &mut record.what {
            event.at = apple(row.get(created));
            let path =
                found.file.and_then(|file| input.tree.entry(file)).map(|entry| entry.path().to_owned());
            event.extra.extend(path.map(|path| ("file".to_owned(), path)));
        }
        sink.record(record)?;
        ControlFlow::Continue(Became::Record)
    })
}

/// A list of things that were deleted, by their identifiers.
fn deleted(tables: &mut Tables<'_>, (name, kind): (&str, &str), sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take(name) else { return Flow::Continue(()) };
    let kept = Kept::of(table, &["guid", "message_guid", "chat_guid", "part_index", "recordID", "timestamp"]);
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        sink.record(event(file, (name, kind), row, part, (None, &kept)))?;
        ControlFlow::Continue(Became::Record)
    })
}

/// Parts of messages that were deleted and can still be had back.
fn parts(input: &Input<'_>, tables: &mut Tables<'_>, lists: &Lists<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("recoverable_message_part") else { return Flow::Continue(()) };
    let names = ["chat_id", "message_id", "part_index", "delete_date", "part_text"];
    let [chat, message, index, date, words] = names.map(|name| table.column(name));
    let messages = lists.database.table("message");
    tables.each(table, sink, |row, part, sink| {
        let of = messages.zip(row.integer(message));
        let found = of.and_then(|(table, number)| Some((table, lists.database.row(table, number).ok()??)));
        let guid = found.and_then(|(table, row)| text(&row.row(), table.column("guid")));
        let chat = row.integer(chat).and_then(|chat| lists.chats.get(&chat));
        let mut told = Message {
            app: "imessage".to_owned(),
            chat: chat.map_or_else(ChatRef::default, |chat| chat.reference.clone()),
            text: row.blob(words).and_then(attributed).and_then(|read| read.text),
            states: vec![State::RecentlyDeleted],
            quoted: guid.map(|id| Quoted { id: Some(id), ..Quoted::default() }),
            ..Message::default()
        };
        told.times.extend(apple(row.get(date)).map(|at| ("deleted".to_owned(), at)));
        for (name, column) in [("message_id", message), ("part_index", index)] {
            told.extra.extend(shown(row.get(column)).map(|value| (name.to_owned(), value)));
        }
        let place = Place::row("recoverable_message_part", row.rowid());
        sink.record(Record { file: input.file, place, part, what: What::Message(Box::new(told)) })?;
        ControlFlow::Continue(Became::Record)
    })
}
