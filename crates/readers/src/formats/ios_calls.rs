//! Calls of iPhones, iPads and Macs: `CallHistory.storedata`.
//!
//! A Core Data store with `ZCALLRECORD`; since iOS 13 the others on a call stand in `ZHANDLE`, joined by a
//! table whose number differs (`Z_2REMOTEPARTICIPANTHANDLES`). Known from public descriptions and databases
//! made after them. Deliberately not read: `call_history.db` of iOS 7 and before, deleted rows in free pages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{
    Call, CallMedium, CallOutcome, Direction, Event, FileNumber, Party, Place, ProblemKind, Record, What,
};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Database, Row, Table};

use crate::database::{self, Became};
use crate::tables::{self, Gaps, Kept, Tables, apple, text};
use crate::troubles::Troubles;
use crate::{About, Claim, Flow, Format, Input, Sink};

/// `CallHistory.storedata`.
pub(crate) struct IosCalls;

/// Tables of Core Data and counters.
const HOUSEKEEPING: &[&str] = &[
    "Z_METADATA",
    "Z_MODELCACHE",
    "Z_PRIMARYKEY",
    "ZCALLDBPROPERTIES",
    "ACHANGE",
    "ATRANSACTION",
    "ATRANSACTIONSTRING",
];

/// Columns that are kept as they are.
const KEPT: &[&str] = &[
    "ZANSWERED",
    "ZORIGINATED",
    "ZCALLTYPE",
    "ZCALL_CATEGORY",
    "ZDISCONNECTED_CAUSE",
    "ZSERVICE_PROVIDER",
    "ZNUMBER_AVAILABILITY",
    "ZFILTERED_OUT_REASON",
    "ZJUNKCONFIDENCE",
    "ZBLOCKEDBYEXTENSION",
    "ZVERIFICATION_STATUS",
    "ZWASEMERGENCYCALL",
    "ZUSEDEMERGENCYVIDEOSTREAMING",
    "ZISO_COUNTRY_CODE",
    "ZLOCATION",
    "ZREAD",
    "ZUNIQUE_ID",
    "ZIDENTITYEXTENSION",
];

impl Format for IosCalls {
    fn name(&self) -> &'static str {
        "ios_calls"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Calls of iPhone and Mac (CallHistory.storedata)",
            covers: "phone, FaceTime and other programs' calls of iOS 8 and later, with all who took part",
            leaves_out: "call_history.db of iOS 7 and before; deleted rows in free pages",
            source: "public descriptions of the schema",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let names = ["CallHistory.storedata", "5a4935c78a5255723f707230a451d79c540d2741"];
        tables::recognise(candidate, &names, "ZCALLRECORD", &["ZCALLRECORD"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let people = People::read(&mut tables, sink)?;
        calls(input.file, &mut tables, &people, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

/// Who took part in which call.
#[derive(Default)]
struct People {
    handles: BTreeMap<i64, String>,
    of_call: BTreeMap<i64, Vec<i64>>,
}

impl People {
    fn read(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let (mut people, mut used) = (Self::default(), BTreeSet::new());
        let calls = present(tables.database);
        let ends_in = |name: &str, end: &str| name.to_ascii_uppercase().ends_with(end);
        let joins = tables.database.tables().map(Table::name);
        let joins: Vec<String> =
            joins.filter(|name| ends_in(name, "REMOTEPARTICIPANTHANDLES")).map(str::to_owned).collect();
        for name in joins {
            let Some(table) = tables.take(&name) else { continue };
            let column = |end: &str| {
                let found = table.columns().iter().find(|column| ends_in(column.name(), end));
                found.and_then(|column| table.column(column.name()))
            };
            let mut troubles = Troubles::new(tables.file);
            let (call, handle) = (column("REMOTEPARTICIPANTCALLS"), column("REMOTEPARTICIPANTHANDLES"));
            tables.each(table, sink, |row, _, sink| {
                let pair = row.integer(call).filter(|call| calls.contains(call)).zip(row.integer(handle));
                let Some((call, handle)) = pair else {
                    let words = ("the call that this row joins with somebody", "the row");
                    troubles.say(sink, Place::row(&name, row.rowid()), ProblemKind::Gap, words)?;
                    return ControlFlow::Continue(Became::Problem);
                };
                people.of_call.entry(call).or_default().push(handle);
                used.insert(handle);
                ControlFlow::Continue(Became::Continuation)
            })?;
            troubles.finish(sink)?;
        }
        people.read_handles(tables, &used, sink)?;
        ControlFlow::Continue(people)
    }

    /// Handles that no call names are told: they are left of calls that are gone.
    fn read_handles(&mut self, tables: &mut Tables<'_>, used: &BTreeSet<i64>, sink: &mut dyn Sink) -> Flow {
        let Some(table) = tables.take("ZHANDLE") else { return Flow::Continue(()) };
        let (value, normal) = (table.column("ZVALUE"), table.column("ZNORMALIZEDVALUE"));
        let kept = Kept::of(table, &["ZTYPE", "ZNORMALIZEDVALUE"]);
        let file = tables.file;
        tables.each(table, sink, |row, part, sink| {
            let value = text(row, value).or_else(|| text(row, normal));
            self.handles.extend(value.clone().map(|value| (row.rowid(), value)));
            if used.contains(&row.rowid()) {
                return ControlFlow::Continue(Became::Continuation);
            }
            let (app, kind) = ("phone".to_owned(), "call-handle".to_owned());
            let mut event = Event { app, kind, text: value, ..Event::default() };
            kept.add(row, &mut event.extra);
            let place = Place::row("ZHANDLE", row.rowid());
            sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
            ControlFlow::Continue(Became::Record)
        })
    }
}

/// The numbers of the calls that are there.
fn present(database: &Database) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    let Some(table) = database.table("ZCALLRECORD") else { return found };
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        found.extend(row.ok().map(|row| row.rowid()));
    }
    found
}

/// The highest number that Core Data gave for calls.
fn last_given(database: &Database) -> Option<i64> {
    let table = database.table("Z_PRIMARYKEY")?;
    let (name, number) = (table.column("Z_NAME"), table.column("Z_MAX"));
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        if row.text(name).is_some_and(|name| name == "CallRecord") {
            return row.integer(number).filter(|number| *number < i64::MAX);
        }
    }
    None
}

fn calls(file: FileNumber, tables: &mut Tables<'_>, people: &People, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("ZCALLRECORD") else { return Flow::Continue(()) };
    let columns = CallColumns::of(table);
    let mut gaps = Gaps::new(file, "ZCALLRECORD");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let what = What::Call(Box::new(columns.call(people, row)));
        sink.record(Record { file, place: Place::row("ZCALLRECORD", row.rowid()), part, what })?;
        ControlFlow::Continue(Became::Record)
    })?;
    if let Some(last) = last_given(tables.database) {
        gaps.seen(last.saturating_add(1), sink)?;
    }
    gaps.finish(tables.database, sink)
}

struct CallColumns {
    date: Option<ColumnNumber>,
    duration: Option<ColumnNumber>,
    address: Option<ColumnNumber>,
    name: Option<ColumnNumber>,
    originated: Option<ColumnNumber>,
    answered: Option<ColumnNumber>,
    call_type: Option<ColumnNumber>,
    category: Option<ColumnNumber>,
    provider: Option<ColumnNumber>,
    kept: Kept,
}

impl CallColumns {
    fn of(table: &Table) -> Self {
        Self {
            date: table.column("ZDATE"),
            duration: table.column("ZDURATION"),
            address: table.column("ZADDRESS"),
            name: table.column("ZNAME"),
            originated: table.column("ZORIGINATED"),
            answered: table.column("ZANSWERED"),
            call_type: table.column("ZCALLTYPE"),
            category: table.column("ZCALL_CATEGORY"),
            provider: table.column("ZSERVICE_PROVIDER"),
            kept: Kept::of(table, KEPT),
        }
    }

    fn call(&self, people: &People, row: &Row<'_>) -> Call {
        let provider = text(row, self.provider);
        let call_type = row.integer(self.call_type);
        let direction = match row.integer(self.originated) {
            Some(1) => Direction::Outgoing,
            Some(0) => Direction::Incoming,
            _ => Direction::Unknown,
        };
        let seconds = row.real(self.duration).filter(|seconds| (0.0..1e9).contains(seconds));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10^9")]
        let duration_seconds = seconds.map(|seconds| seconds.round() as u64);
        let mut call = Call {
            app: match (provider.as_deref(), call_type) {
                (Some("com.apple.Telephony"), _) | (None, Some(1)) => "phone".to_owned(),
                (Some("com.apple.FaceTime"), _) | (None, Some(8 | 16)) => "facetime".to_owned(),
                (Some(other), _) => other.to_owned(),
                (None, _) => "phone".to_owned(),
            },
            direction,
            others: self.others(people, row),
            began: apple(row.get(self.date)),
            duration_seconds,
            outcome: outcome(row.integer(self.answered), direction, duration_seconds),
            medium: match (call_type, row.integer(self.category)) {
                (Some(8), _) | (Some(0), Some(2)) => CallMedium::Video,
                (Some(1 | 16), _) | (Some(0), Some(1)) => CallMedium::Voice,
                _ => CallMedium::Unknown,
            },
            ..Call::default()
        };
        self.kept.add(row, &mut call.extra);
        if let (None, Some(raw)) = (duration_seconds, tables::shown(row.get(self.duration))) {
            call.extra.push(("ZDURATION".to_owned(), raw));
        }
        call
    }

    /// The address of the row, and everybody joined to it.
    fn others(&self, people: &People, row: &Row<'_>) -> Vec<Party> {
        // iOS 8 to 10 keep the address as bytes.
        let address = text(row, self.address);
        let name = text(row, self.name);
        let mut others: Vec<Party> = Vec::new();
        if address.is_some() || name.is_some() {
            others.push(Party { id: address, name });
        }
        for handle in people.of_call.get(&row.rowid()).into_iter().flatten() {
            let known = people.handles.get(handle).cloned();
            let id = known.unwrap_or_else(|| format!("handle {handle}"));
            if !others.iter().any(|other| other.id.as_deref() == Some(&id)) {
                others.push(Party::with_id(id));
            }
        }
        others
    }
}

/// How a call ended. What the owner began is answered if it lasted; iOS seldom marks it so.
fn outcome(answered: Option<i64>, direction: Direction, seconds: Option<u64>) -> CallOutcome {
    match (answered, direction) {
        (Some(1), _) => CallOutcome::Answered,
        (_, Direction::Outgoing) if seconds.is_some_and(|seconds| seconds > 0) => CallOutcome::Answered,
        (Some(0), Direction::Outgoing) => CallOutcome::NotAnswered,
        (Some(0), Direction::Incoming) => CallOutcome::Missed,
        (Some(other), _) if other != 0 => CallOutcome::Other(other.to_string()),
        _ => CallOutcome::Unknown,
    }
}
