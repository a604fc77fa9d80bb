//! A row of the table `call` as a call.
//!
//! Numbers from CallTable.kt of Signal-Android (2022 to 2025): type 0 voice, 1 video, 3 group, 4 by link;
//! direction 0 in, 1 out; event 0 going on, 1 accepted, 2 not accepted, 3 and 10 missed, 4 deleted, 5 a
//! group call, 6 joined, 7 ringing, 8 declined, 9 ringing a group.

use model::record::{Call, CallMedium, CallOutcome, Direction, TimeReading};

use super::people::{Address, People};
use super::row::{Row, columns};

columns! {
    /// The columns of `call`.
    CallColumns {
        call_id: "call_id",
        message: "message_id",
        peer: "peer",
        kind: "type",
        direction: "direction",
        event: "event",
        at: "timestamp",
        ringer: "ringer",
        deleted: "deletion_timestamp",
    }
}

/// The call of a row.
pub(super) fn of(row: &Row<'_>, columns: &CallColumns, people: &People) -> Call {
    let mut call = Call { app: "signal".to_owned(), ..Call::default() };
    let (kind, event) = (row.integer(columns.kind), row.integer(columns.event));
    call.direction = match row.integer(columns.direction) {
        Some(0) => Direction::Incoming,
        Some(1) => Direction::Outgoing,
        _ => Direction::Unknown,
    };
    call.medium = match kind {
        Some(0) => CallMedium::Voice,
        Some(1) => CallMedium::Video,
        _ => CallMedium::Unknown,
    };
    call.outcome = match (event, call.direction) {
        (Some(1 | 6), _) => CallOutcome::Answered,
        (Some(2), Direction::Outgoing) => CallOutcome::NotAnswered,
        (Some(2 | 8), _) => CallOutcome::Declined,
        (Some(3 | 10), _) => CallOutcome::Missed,
        (Some(other), _) => CallOutcome::Other(other.to_string()),
        (None, _) => CallOutcome::Unknown,
    };
    call.began = row.integer(columns.at).map(TimeReading::unix_ms);
    if let Some(peer) = Address::of(row, columns.peer) {
        if people.is_group(&peer) {
            call.group = Some(people.party(&peer));
        } else {
            call.others.push(people.party(&peer));
        }
    }
    if let Some(ringer) = Address::of(row, columns.ringer) {
        let party = people.party(&ringer);
        call.extra.push(("ringer".to_owned(), party.id.clone().unwrap_or_default()));
        if call.group.is_some() {
            call.others.push(party);
        }
    }
    let extra = [
        ("type", columns.kind),
        ("event", columns.event),
        ("call_id", columns.call_id),
        ("message_id", columns.message),
    ];
    for (name, column) in extra {
        if let Some(value) = row.string(column) {
            call.extra.push((name.to_owned(), value));
        }
    }
    if let Some(value) = row.positive(columns.deleted) {
        call.extra.push(("deletion_timestamp".to_owned(), value.to_string()));
    }
    call
}
