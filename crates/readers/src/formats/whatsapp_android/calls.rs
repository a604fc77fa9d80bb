//! Calls: `call_log` with those who took part.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{Call, FileNumber, Place, ProblemKind, Record, TimeReading, What};
use sqlite::{Database, Table};

use super::details::{medium, party};
use super::kinds;
use super::messages::{Reading, direction, highest};
use super::people::{People, table};
use crate::database::{self, Became};
use crate::whatsapp::APP;
use crate::whatsapp::gaps::Gaps;
use crate::whatsapp::named::{Fields, Named};
use crate::{Flow, Sink};

const CALL: &[&str] = &[
    "jid_row_id",
    "from_me",
    "call_id",
    "timestamp",
    "video_call",
    "duration",
    "call_result",
    "bytes_transferred",
    "group_jid_row_id",
    "is_joinable_group_call",
    "call_type",
    "is_dnd_mode_on",
    "offer_silence_reason",
    "call_link_row_id",
];

const PARTICIPANT: &[&str] = &["call_log_row_id", "jid_row_id", "call_result"];

/// The tables that are read here.
pub(super) const TABLES: [&str; 2] = ["call_log", "call_log_participant_v2"];

/// Those who took part: by the row of the call, address and result.
type Others = BTreeMap<i64, Vec<(i64, Option<i64>)>>;

impl Reading<'_, '_> {
    /// Reads the calls.
    pub(super) fn calls(&mut self, sink: &mut dyn Sink) -> Flow {
        let (database, file) = self.of;
        let calls = table(database, TABLES[0], CALL);
        let others = self.participants((database, file), calls.as_ref().map(|(table, _)| *table), sink)?;
        let Some((table, fields)) = calls else { return Flow::Continue(()) };
        let mut gaps = Gaps::new(table.name());
        database::each_row((database, table, file), sink, &mut |row, sink| {
            let part = gaps.meet(row.rowid(), &mut self.troubles, sink)?;
            let took_part = others.get(&row.rowid()).map(Vec::as_slice).unwrap_or_default();
            let call = call(fields.in_row(row), took_part, self.around.people);
            let what = What::Call(Box::new(call));
            sink.record(Record { file, place: Place::row(table.name(), row.rowid()), part, what })?;
            ControlFlow::Continue(Became::Record)
        })?;
        gaps.end(highest(database, table.name()), &mut self.troubles, sink)
    }

    fn participants(
        &mut self,
        (database, file): (&Database, FileNumber),
        calls: Option<&Table>,
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Others> {
        let mut others = Others::new();
        let Some(table) = database.table(TABLES[1]) else { return ControlFlow::Continue(others) };
        let fields = Fields::of(table, PARTICIPANT);
        database::each_row((database, table, file), sink, &mut |row, sink| {
            let named = fields.in_row(row);
            let call = named.integer("call_log_row_id").unwrap_or_default();
            if calls.and_then(|calls| database.row(calls, call).ok().flatten()).is_none() {
                let text = ("the call that somebody took part in", "the row in the database");
                let place = Place::row(table.name(), row.rowid());
                self.troubles.say(sink, place, ProblemKind::Gap, text)?;
                return ControlFlow::Continue(Became::Problem);
            }
            let jid = named.integer("jid_row_id").unwrap_or_default();
            others.entry(call).or_default().push((jid, named.integer("call_result")));
            ControlFlow::Continue(Became::Continuation)
        })?;
        ControlFlow::Continue(others)
    }
}

fn call(row: Named<'_, '_>, took_part: &[(i64, Option<i64>)], people: &People) -> Call {
    let from_me = row.integer("from_me");
    let outgoing = from_me.map(|from_me| from_me == 1);
    let mut call = Call {
        app: APP.to_owned(),
        direction: direction(from_me, false),
        began: row.positive("timestamp").map(TimeReading::unix_ms),
        duration_seconds: row.integer("duration").and_then(|seconds| u64::try_from(seconds).ok()),
        outcome: kinds::call_outcome(row.integer("call_result"), outgoing),
        medium: medium(row.integer("video_call")),
        ..Call::default()
    };
    let mut met = BTreeSet::new();
    let first = row.positive("jid_row_id").map(|jid| (jid, None));
    for (jid, result) in first.into_iter().chain(took_part.iter().copied()) {
        let who = people.who(jid);
        if let Some(result) = result {
            let id = who.party.id.clone().unwrap_or_default();
            call.extra.push(("participant_result".to_owned(), format!("{id} {result}")));
        }
        if met.insert(who.party.id.clone()) {
            call.others.push(party(who, "call", &mut call.extra));
        }
    }
    call.group = row.positive("group_jid_row_id").map(|jid| people.who(jid).party);
    for name in CALL.iter().filter(|name| !name.ends_with("jid_row_id") && !SAID.contains(name)) {
        row.keep(name, &mut call.extra);
    }
    call
}

/// Columns that stand in fields of the record.
const SAID: [&str; 4] = ["from_me", "timestamp", "duration", "video_call"];
