//! The table `sms`: one row for each text message, times in milliseconds.

use std::ops::ControlFlow;

use model::record::{Direction, FileNumber, Message, Party, Place, Record, State, What};

use super::threads::Threads;
use crate::database::Became;
use crate::tables::{Gaps, Kept, Tables, shown, text, unix_ms};
use crate::telephony::{lies_in, sent_by};
use crate::{Flow, Sink};

/// Columns that are kept as they are.
const KEPT: &[&str] = &[
    "type",
    "person",
    "protocol",
    "reply_path_present",
    "service_center",
    "locked",
    "error_code",
    "sub_id",
    "sim_id",
    "phone_id",
    "creator",
    "spam_report",
    "is_spam",
    "block_type",
    "deletable",
];

/// Reads them.
pub(super) fn read(
    file: FileNumber,
    tables: &mut Tables<'_>,
    threads: &Threads,
    sink: &mut dyn Sink,
) -> Flow {
    let Some(table) = tables.take("sms") else { return Flow::Continue(()) };
    let names = ["thread_id", "address", "date", "date_sent", "read", "type", "subject", "body", "status"];
    let columns = names.map(|name| table.column(name));
    let kept = Kept::of(table, KEPT);
    let mut gaps = Gaps::new(file, "sms");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let [thread, address, date, date_sent, read, kind, subject, body, status] = columns;
        let mut message = Message {
            app: "sms".to_owned(),
            chat: threads.chat(shown(row.get(thread))),
            sent: unix_ms(row.get(date)),
            subject: text(row, subject),
            text: text(row, body),
            ..Message::default()
        };
        lies_in(row.integer(kind), &mut message);
        let other = shown(row.get(address)).map(Party::with_id);
        match message.direction {
            Direction::Outgoing => {
                message.recipients = other.map_or_else(|| threads.people(&message.chat), |other| vec![other]);
            }
            _ => message.sender = other,
        }
        sent_by(&mut message, unix_ms(row.get(date_sent)));
        if row.integer(read) == Some(1) && message.direction == Direction::Incoming {
            message.states.push(State::Read);
        }
        // -1 says that there is no report.
        let status = row.integer(status).filter(|status| *status != -1);
        message.extra.extend(status.map(|status| ("status".to_owned(), status.to_string())));
        kept.add(row, &mut message.extra);
        let place = Place::row("sms", row.rowid());
        sink.record(Record { file, place, part, what: What::Message(Box::new(message)) })?;
        ControlFlow::Continue(Became::Record)
    })?;
    gaps.finish(tables.database, sink)
}
