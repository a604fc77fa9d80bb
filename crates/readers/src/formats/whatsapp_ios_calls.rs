//! WhatsApp's calls on iOS: `CallHistory.sqlite`.
//!
//! Follows `ZWACDCALLEVENT` with its participants and the row that sums up calls in a row, as seen from
//! 2020 to 2026 (abrignoni/iLEAPP; real databases of iOS 15). Columns differ between versions; none is
//! needed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{
    Call, CallMedium, CallOutcome, Counted, Direction, Event, FileNumber, Party, Place, ProblemKind, Record,
    TimeReading, What,
};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Database, Row, Table};

use super::whatsapp_ios::{self, People};
use crate::database::{self, Became};
use crate::troubles::Troubles;
use crate::whatsapp::gaps::Order;
use crate::whatsapp::named::{Fields, Named};
use crate::whatsapp::tables::Holding;
use crate::whatsapp::{APP, apple, everything, tables};
use crate::{About, Claim, Flow, Format, Input, Sink};

/// The reader of `CallHistory.sqlite`.
pub(super) struct WhatsappIosCalls;

/// Calls, their participants, calls in a row; calls one could join, their participants; calls that were
/// planned.
const TABLES: [&str; 6] = [
    "ZWACDCALLEVENT",
    "ZWACDCALLEVENTPARTICIPANT",
    "ZWAAGGREGATECALLEVENT",
    "ZWAJOINABLECALLEVENT",
    "ZWAJOINABLECALLEVENTPARTICIPANT",
    "ZWAUPCOMINGCALLEVENT",
];

impl Format for WhatsappIosCalls {
    fn name(&self) -> &'static str {
        "whatsapp_ios_calls"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "WhatsApp calls on iOS (CallHistory.sqlite)",
            covers: "calls with participants, direction, outcome and length; calls to join; planned calls",
            leaves_out: "rows in free pages",
            source: "abrignoni/iLEAPP (2026), real databases of iOS 15",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        whatsapp_ios::recognise(candidate, "CallHistory.sqlite", TABLES[0])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let of = (&database, input.file);
        database::condition(of.0, of.1, sink)?;
        let people = People::of_contacts(input)?;
        let mut troubles = Troubles::new(of.1);
        let (groups, held) = aggregates(of, sink)?;
        let mut used = BTreeSet::new();
        for (calls, others) in [(TABLES[0], TABLES[1]), (TABLES[3], TABLES[4])] {
            let took_part = participants(of, (others, calls), &mut troubles, sink)?;
            self::calls(of, calls, &(&took_part, &groups, &people), &mut used, sink)?;
        }
        without_calls(of.1, (groups, held), &used, sink)?;
        planned(of, sink)?;
        troubles.finish(sink)?;
        tables::rest(of, &TABLES.into(), whatsapp_ios::known, sink)
    }
}

const CALL: &[&str] = &[
    "ZDATE",
    "ZDURATION",
    "ZOUTCOME",
    "ZCURRENTOUTCOME",
    "ZVIDEO",
    "ZINCOMING",
    "ZGROUPJIDSTRING",
    "ZGROUPCALLCREATORUSERJIDSTRING",
    "ZCALLCREATORJIDSTRING",
    "ZFROMJIDSTRING",
];

/// Calls in a row: when the first began, incoming, with picture, missed.
struct Aggregate {
    first: Option<TimeReading>,
    incoming: Option<i64>,
    video: Option<i64>,
    missed: Option<i64>,
}

fn aggregates(
    (database, file): (&Database, FileNumber),
    sink: &mut dyn Sink,
) -> ControlFlow<(), (BTreeMap<i64, Aggregate>, Vec<Counted>)> {
    let mut groups = BTreeMap::new();
    let mut holding = Holding { sink, held: Vec::new() };
    let Some(table) = database.table(TABLES[2]) else { return ControlFlow::Continue((groups, holding.held)) };
    let fields = Fields::of(table, &["ZFIRSTDATE", "ZINCOMING", "ZVIDEO", "ZMISSED"]);
    database::each_row((database, table, file), &mut holding, &mut |row, _| {
        let named = fields.in_row(row);
        let [incoming, video, missed] = ["ZINCOMING", "ZVIDEO", "ZMISSED"].map(|name| named.integer(name));
        let first = apple(named, "ZFIRSTDATE");
        groups.insert(row.rowid(), Aggregate { first, incoming, video, missed });
        ControlFlow::Continue(Became::Continuation)
    })?;
    ControlFlow::Continue((groups, holding.held))
}

/// Calls in a row of which no single one is there are one call. Gives the reckoning of their table.
fn without_calls(
    file: FileNumber,
    (groups, held): (BTreeMap<i64, Aggregate>, Vec<Counted>),
    used: &BTreeSet<i64>,
    sink: &mut dyn Sink,
) -> Flow {
    let mut alone = 0_u64;
    for (rowid, group) in groups.into_iter().filter(|(rowid, _)| !used.contains(rowid)) {
        alone = alone.saturating_add(1);
        let mut call = Call { app: APP.to_owned(), ..Call::default() };
        call.direction = direction_of(group.incoming);
        call.medium = medium_of(group.video);
        call.extra.extend(group.missed.map(|missed| ("ZMISSED".to_owned(), missed.to_string())));
        call.began = group.first;
        let place = Place::row(TABLES[2], rowid);
        sink.record(Record { file, place, part: 0, what: What::Call(Box::new(call)) })?;
    }
    for mut counted in held {
        counted.records = counted.records.saturating_add(alone);
        counted.continuations = counted.continuations.saturating_sub(alone);
        sink.counted(counted)?;
    }
    Flow::Continue(())
}

/// Those who took part, by the row of the call: address and outcome.
type Others = BTreeMap<i64, Vec<(String, Option<i64>)>>;

fn participants(
    (database, file): (&Database, FileNumber),
    (name, calls): (&str, &str),
    troubles: &mut Troubles,
    sink: &mut dyn Sink,
) -> ControlFlow<(), Others> {
    let mut others = Others::new();
    let Some(table) = database.table(name) else { return ControlFlow::Continue(others) };
    let fields = Fields::of(table, &["ZJIDSTRING", "ZOUTCOME"]);
    let (call, calls) = (numbered(table, "PARTICIPANTS"), database.table(calls));
    database::each_row((database, table, file), sink, &mut |row, sink| {
        let named = fields.in_row(row);
        let call = row.integer(call).unwrap_or_default();
        if calls.and_then(|calls| database.row(calls, call).ok().flatten()).is_none() {
            let text = ("the call that somebody took part in", "the row in the database");
            troubles.say(sink, Place::row(table.name(), row.rowid()), ProblemKind::Gap, text)?;
            return ControlFlow::Continue(Became::Problem);
        }
        let jid = named.text("ZJIDSTRING").unwrap_or_default();
        others.entry(call).or_default().push((jid, named.integer("ZOUTCOME")));
        ControlFlow::Continue(Became::Continuation)
    })?;
    ControlFlow::Continue(others)
}

/// The column of a relation, which Core Data numbers: `Z1PARTICIPANTS`, `Z4PARTICIPANTS`.
fn numbered(table: &Table, end: &str) -> Option<ColumnNumber> {
    let fits = |name: &str| {
        let number = name.strip_prefix('Z').and_then(|name| name.strip_suffix(end));
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let column = table.columns().iter().find(|column| fits(column.name()))?;
    table.column(column.name())
}

fn calls(
    (database, file): (&Database, FileNumber),
    name: &str,
    (others, groups, people): &(&Others, &BTreeMap<i64, Aggregate>, &People),
    used: &mut BTreeSet<i64>,
    sink: &mut dyn Sink,
) -> Flow {
    let Some(table) = database.table(name) else { return Flow::Continue(()) };
    let (fields, of_group) = (Fields::of(table, CALL), numbered(table, "CALLEVENTS"));
    let mut order = Order::default();
    database::each_row((database, table, file), sink, &mut |row, sink| {
        let group = row.integer(of_group);
        used.extend(group);
        let group = group.and_then(|group| groups.get(&group));
        let took_part = others.get(&row.rowid()).map(Vec::as_slice).unwrap_or_default();
        let mut call = call(fields.in_row(row), group, took_part, people);
        let said = ["ZDATE", "ZVIDEO", "ZINCOMING", "ZGROUPJIDSTRING"];
        everything(table, row, &said, &mut call.extra);
        let (place, part) = (Place::row(table.name(), row.rowid()), order.part(row.rowid()));
        sink.record(Record { file, place, part, what: What::Call(Box::new(call)) })?;
        ControlFlow::Continue(Became::Record)
    })
}

fn call(
    row: Named<'_, '_>,
    group: Option<&Aggregate>,
    took_part: &[(String, Option<i64>)],
    people: &People,
) -> Call {
    let creator = row.text("ZGROUPCALLCREATORUSERJIDSTRING").or_else(|| row.text("ZCALLCREATORJIDSTRING"));
    let from = row.text("ZFROMJIDSTRING");
    let incoming = row.integer("ZINCOMING").or_else(|| group.and_then(|group| group.incoming));
    let by_creator = || {
        let creator = creator.as_ref().filter(|_| !took_part.is_empty())?;
        Some(i64::from(took_part.iter().any(|(jid, _)| jid == creator)))
    };
    let direction = direction_of(incoming.or_else(by_creator));
    let seconds = row.real("ZDURATION").filter(|seconds| (0.0..1e9).contains(seconds));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie in 0..10^9")]
    let duration_seconds = seconds.map(|seconds| seconds as u64);
    let outcome = row.integer("ZOUTCOME").or_else(|| row.integer("ZCURRENTOUTCOME"));
    let mut call = Call {
        app: APP.to_owned(),
        direction,
        began: apple(row, "ZDATE"),
        duration_seconds,
        outcome: outcome_of(outcome, direction, seconds),
        medium: medium_of(row.integer("ZVIDEO").or_else(|| group.and_then(|group| group.video))),
        ..Call::default()
    };
    let mut met = BTreeSet::new();
    for (jid, outcome) in
        took_part.iter().map(|(jid, outcome)| (jid, *outcome)).chain(from.iter().map(|jid| (jid, None)))
    {
        let who = people.who(jid);
        let result = outcome.map(|outcome| ("participant_outcome".to_owned(), format!("{jid} {outcome}")));
        call.extra.extend(result);
        call.extra.extend(who.anonymous.map(|lid| ("call_lid".to_owned(), lid)));
        if met.insert(jid.clone()) {
            call.others.push(who.party);
        }
    }
    call.group = row.text("ZGROUPJIDSTRING").map(|jid| Party { id: Some(jid), name: None });
    let missed = group.and_then(|group| group.missed).filter(|missed| *missed != 0);
    call.extra.extend(missed.map(|missed| ("aggregate_missed".to_owned(), missed.to_string())));
    call
}

fn direction_of(incoming: Option<i64>) -> Direction {
    match incoming {
        Some(0) => Direction::Outgoing,
        Some(1) => Direction::Incoming,
        _ => Direction::Unknown,
    }
}

fn medium_of(video: Option<i64>) -> CallMedium {
    match video {
        Some(0) => CallMedium::Voice,
        Some(1) => CallMedium::Video,
        _ => CallMedium::Unknown,
    }
}

/// 0 ended, 1 missed, 4 turned down (iLEAPP, observed).
fn outcome_of(outcome: Option<i64>, direction: Direction, seconds: Option<f64>) -> CallOutcome {
    match (outcome, direction) {
        (None, _) => CallOutcome::Unknown,
        (Some(0), _) if seconds.is_some_and(|seconds| seconds > 0.0) => CallOutcome::Answered,
        (Some(1), Direction::Incoming) => CallOutcome::Missed,
        (Some(1), Direction::Outgoing) => CallOutcome::NotAnswered,
        (Some(4), _) => CallOutcome::Declined,
        (Some(other), _) => CallOutcome::Other(other.to_string()),
    }
}

/// Calls that were planned.
fn planned((database, file): (&Database, FileNumber), sink: &mut dyn Sink) -> Flow {
    let Some(table) = database.table(TABLES[5]) else { return Flow::Continue(()) };
    let fields = Fields::of(table, &["ZUNIXTIMEMS", "ZTITLE"]);
    let mut order = Order::default();
    let record = |row: &Row<'_>, part| {
        let named = fields.in_row(row);
        let mut event = Event { app: APP.to_owned(), kind: "planned-call".to_owned(), ..Event::default() };
        event.at = named.unix_ms("ZUNIXTIMEMS");
        event.text = named.text("ZTITLE");
        everything(table, row, &["ZUNIXTIMEMS", "ZTITLE"], &mut event.extra);
        let place = Place::row(table.name(), row.rowid());
        Record { file, place, part, what: What::Event(Box::new(event)) }
    };
    database::each_row((database, table, file), sink, &mut |row, sink| {
        sink.record(record(row, order.part(row.rowid())))?;
        ControlFlow::Continue(Became::Record)
    })
}
