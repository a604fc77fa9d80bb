//! Messages of iPhones, iPads and Macs: `sms.db` and `chat.db`, with SMS, iMessage, RCS and satellite
//! messages.
//!
//! Schemas from iOS 9 / OS X 10.11 (dates in seconds) to iOS 18 / macOS 15 (dates in nanoseconds, text only
//! in `attributedBody`); tables and columns are looked up by name, so others read as far as they are alike.
//! Known from public descriptions of the schema, the test data of plaso and imessage-exporter, and databases
//! made after them. Deliberately not read: deleted rows in free pages, pictures drawn by hand (Digital Touch,
//! handwriting), the payload of apps beyond its captions and address.

mod apps;
mod lists;
mod message;
mod remains;
mod summary;
mod tapbacks;

use std::ops::ControlFlow;

use source::tree::Candidate;

use crate::database::{self, Became};
use crate::tables::{self, Gaps, Tables};
use crate::{About, Claim, Flow, Format, Input, Sink};

use lists::Lists;

/// `sms.db` and `chat.db`.
pub(crate) struct IosSms;

/// Tables that say nothing about anybody.
const HOUSEKEEPING: &[&str] = &[
    "_SqliteDatabaseProperties",
    "kvtable",
    "message_processing_task",
    "chat_lookup",
    "chat_service",
    "sync_chat_slice",
    "persistent_tasks",
    "scheduled_messages_pending_cloudkit_delete",
];

impl Format for IosSms {
    fn name(&self) -> &'static str {
        "ios_sms"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Messages of iPhone and Mac (sms.db, chat.db)",
            covers: "SMS, MMS, iMessage, RCS and satellite messages: text, attachments, groups and their \
                     changes, reactions, replies, edited and unsent messages with earlier texts, \
                     recently deleted ones, links, shared places, Find My and Check In; what points to \
                     messages that are gone",
            leaves_out: "deleted rows in free pages; Digital Touch and handwriting drawings; the payload \
                         of other apps beyond captions and address",
            source: "public descriptions of the schema; test data of plaso and imessage-exporter",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let names = ["sms.db", "chat.db", "3d0d7e5fb2ce288813306e4d4636395e047a3d28"];
        tables::recognise(candidate, &names, "chat_message_join", &["message", "handle", "chat"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let mut lists = Lists::read(&mut tables, sink)?;
        messages(input, &mut tables, &mut lists, sink)?;
        remains::read(input, &mut tables, &lists, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

fn messages(input: &Input<'_>, tables: &mut Tables<'_>, lists: &mut Lists<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("message") else { return Flow::Continue(()) };
    let columns = message::Columns::of(table);
    let mut gaps = Gaps::new(input.file, "message");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        if part == 0 && lists.is_placed_tapback(row.rowid()) {
            return ControlFlow::Continue(Became::Continuation);
        }
        let (record, became) = columns.record(input, lists, row, part);
        sink.record(record)?;
        ControlFlow::Continue(became)
    })?;
    gaps.finish(tables.database, sink)
}
