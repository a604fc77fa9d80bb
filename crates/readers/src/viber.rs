//! Calls as both of Viber's databases on Android keep them.

use model::record::{Call, CallMedium, CallOutcome, Direction, Party};
use sqlite::{Row, Table};

use crate::messengers::{by_length, rest, seconds};
use crate::tables::{text, unix_ms};

/// The service's name in records.
pub(crate) const APP: &str = "viber";

/// A row of `calls` or `messages_calls`.
pub(crate) fn call(table: &Table, row: &Row<'_>) -> Call {
    let column = |name: &str| table.column(name);
    let number = text(row, column("canonized_number"));
    let party = number.clone().or_else(|| text(row, column("number"))).map(Party::with_id);
    let duration_seconds = seconds(row.get(column("duration")));
    let way = row.integer(column("type"));
    let mut call = Call {
        app: APP.to_owned(),
        direction: match way {
            Some(1 | 3) => Direction::Incoming,
            Some(2) => Direction::Outgoing,
            _ => Direction::Unknown,
        },
        others: party.into_iter().collect(),
        began: unix_ms(row.get(column("date"))),
        duration_seconds,
        outcome: if way == Some(3) { CallOutcome::Missed } else { by_length(duration_seconds) },
        medium: match row.integer(column("viber_call_type")) {
            Some(1) => CallMedium::Voice,
            Some(4) => CallMedium::Video,
            _ => CallMedium::Unknown,
        },
        ..Call::default()
    };
    call.group =
        row.integer(column("group_id")).filter(|id| *id != 0).map(|id| Party::with_id(id.to_string()));
    let mut told = vec!["date", "canonized_number", "group_id"];
    told.extend(duration_seconds.map(|_| "duration"));
    if text(row, column("number")) == number {
        told.push("number");
    }
    rest(table, row, &told, &mut call.extra);
    // A call beside Viber: 0 says more than nothing here.
    if row.integer(column("viber_call")) == Some(0) {
        call.extra.push(("viber_call".to_owned(), "0".to_owned()));
    }
    call
}
