//! Pages visited with Safari on iPhones, iPads and Macs: `History.db`.
//!
//! Visits are in `history_visits`, their addresses in `history_items`; `history_tombstones` tells of what was
//! deleted. Known from the schema of Safari 8 to 26 in public descriptions and from what plaso (2026) and MVT
//! (2026) read. Safari keeps visits a month on iPhones and a year on Macs, so missing numbers before the first
//! are ordinary. Deliberately not read: counts by day and week, topics that the device made up, `History.plist`
//! of Safari 7 and before.

use std::ops::ControlFlow;

use model::record::{Place, ProblemKind, TimeReading, WebVisit};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Row, Table};

use crate::browsers::{Addresses, Numbers, each_record, each_visit, event, note};
use crate::database;
use crate::tables::{self, Kept, Tables, apple, shown, text};
use crate::troubles::Troubles;
use crate::{About, Claim, Flow, Format, Input, Sink};

/// `History.db`.
pub(crate) struct SafariHistory;

const APP: &str = "safari";

/// Tables that say nothing about a visit.
const HOUSEKEEPING: &[&str] = &[
    "metadata",
    "history_client_versions",
    "history_event_listeners",
    "history_items_to_tags",
    "history_tags",
];

impl Format for SafariHistory {
    fn name(&self) -> &'static str {
        "safari_history"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Pages visited with Safari (History.db)",
            covers: "Safari 8 and later on iPhone, iPad and Mac: visits, redirects, marks of deleted history",
            leaves_out: "topics and counts by day; History.plist of Safari 7 and before; deleted rows in free pages",
            source: "public descriptions of the schema, plaso, MVT (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let names = [
            "History.db",
            "1a0e7afc19d307da602ccdcece51af33afe92c53",
            "e74113c185fd8297e140cfcf9c99436c5cc06b57",
        ];
        tables::recognise(candidate, &names, "history_visits", &["history_visits"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let items = Addresses::of(&mut tables, "history_items", &["visit_count", "status_code"]);
        visits(&mut tables, &items, sink)?;
        let used = Numbers::of(&database, "history_visits", Some("history_item"));
        items.finish(&tables, &used, sink, (APP, |_: &Row<'_>| None))?;
        tombstones(&mut tables, sink)?;
        events(&mut tables, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

fn visits(tables: &mut Tables<'_>, items: &Addresses<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("history_visits") else { return Flow::Continue(()) };
    let columns = VisitColumns::of(table);
    let database = tables.database;
    let mut troubles = Troubles::new(tables.file);
    each_visit(tables, table, sink, |row, sink| {
        let mut visit = columns.visit(row);
        let item = row.integer(columns.item);
        if !items.fill(item, &mut visit) {
            let words = ("the row of history_items that this visit names", "the visit without its address");
            troubles.say(sink, Place::row("history_visits", row.rowid()), ProblemKind::Gap, words)?;
            note(&mut visit.extra, "history_item", shown(row.get(columns.item)));
        }
        for (name, column) in [("redirected_from", columns.source), ("redirected_to", columns.destination)] {
            note(&mut visit.extra, name, shown(row.get(column)));
            let Some(other) = row.integer(column) else { continue };
            let found = database.row(table, other).ok().flatten();
            let url = found.and_then(|found| items.url_of(found.row().integer(columns.item)));
            note(&mut visit.extra, &format!("{name}_url"), url);
        }
        ControlFlow::Continue(visit)
    })?;
    troubles.finish(sink)
}

struct VisitColumns {
    item: Option<ColumnNumber>,
    time: Option<ColumnNumber>,
    title: Option<ColumnNumber>,
    loaded: Option<ColumnNumber>,
    source: Option<ColumnNumber>,
    destination: Option<ColumnNumber>,
    origin: Option<ColumnNumber>,
    kept: Kept,
}

impl VisitColumns {
    fn of(table: &Table) -> Self {
        Self {
            item: table.column("history_item"),
            time: table.column("visit_time"),
            title: table.column("title"),
            loaded: table.column("load_successful"),
            source: table.column("redirect_source"),
            destination: table.column("redirect_destination"),
            origin: table.column("origin"),
            kept: Kept::of(table, &["http_non_get", "synthesized", "origin", "attributes", "score"]),
        }
    }

    fn visit(&self, row: &Row<'_>) -> WebVisit {
        let at: Option<TimeReading> = apple(row.get(self.time));
        let title = text(row, self.title);
        let mut visit = WebVisit { app: APP.to_owned(), title, at, ..WebVisit::default() };
        self.kept.add(row, &mut visit.extra);
        let elsewhere = (row.integer(self.origin) == Some(1)).then_some("another device of the same account");
        note(&mut visit.extra, "visited_on", elsewhere);
        // 1 is what is expected.
        let loaded = shown(row.get(self.loaded)).filter(|loaded| loaded != "1");
        note(&mut visit.extra, "load_successful", loaded);
        visit
    }
}

/// What was deleted: an address, or all of a span of time. The time is the beginning of that span.
fn tombstones(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let kept = ["start_time", "end_time", "udid", "attributes"];
    each_record(
        tables,
        "history_tombstones",
        sink,
        (&kept, |table, row, extra| {
            let at = apple(row.get(table.column("start_time")));
            event((APP, "history-deleted"), at, text(row, table.column("url")), extra)
        }),
    )
}

/// What Safari still had to tell other parts of the system: pages added, history cleared.
fn events(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    each_record(
        tables,
        "history_events",
        sink,
        (&["pending_listeners"], |table, row, extra| {
            let at = apple(row.get(table.column("event_time")));
            event((APP, "history-event"), at, text(row, table.column("event_type")), extra)
        }),
    )
}
