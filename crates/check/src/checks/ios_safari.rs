//! Pages visited with Safari (`History.db`), and redirects that were too quick for a person.
//!
//! Schema from the reader `safari_history.rs`. A page gives one trace, with the time of its first visit. A
//! redirect counts as quick if it left a page without encryption for another site in less than a second: that
//! is how spyware was put on phones through the network (MVT, 2026); many such redirects are harmless.
//! Where a
//! redirect leads is looked up by row number, so the cost grows with the rows alone. Deliberately not read:
//! deleted rows, topics.

use std::collections::HashMap;
use std::ops::ControlFlow;

use model::record::{Place, ProblemKind};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Database, Row, Table};

use crate::address_tables::{self, Addresses, Clock, Holds, sum};
use crate::database::{self, TableRead, apple_time, clipped};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind, links};

/// `History.db`.
pub(crate) struct IosSafari;

const NAMES: &[&str] =
    &["History.db", "1a0e7afc19d307da602ccdcece51af33afe92c53", "e74113c185fd8297e140cfcf9c99436c5cc06b57"];
/// Most pages whose first visit is remembered; those beyond come without a time.
const PAGES_MOST: usize = 4_000_000;
/// Most signs of quick redirects of one database.
const SIGNS_MOST: u64 = 1000;

impl Check for IosSafari {
    fn name(&self) -> &'static str {
        "ios_safari"
    }

    fn about(&self) -> About {
        About {
            title: "Pages visited with Safari, and quick redirects (History.db)",
            platform: Platform::Ios,
            covers: "Safari 8 and later, with profiles: every page once, redirects to another site within a \
                     second, addresses of deleted history",
            leaves_out: "deleted rows; how often a page was visited",
            answers: &[Question::Visits],
            source: "the reader safari_history of this program; MVT (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, NAMES)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let whole = input.seen(Place::Whole);
        let wholly = database::condition(&database, input.file, sink)?;
        let Some(items) = database.table("history_items") else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a table of visited pages", "");
        };
        let mut history =
            History { database: &database, items, url: items.column("url"), first: HashMap::new() };
        let mut reads = Vec::new();
        if let Some(visits) = database.table("history_visits") {
            reads.push(history.visits(visits, input, sink)?);
        }
        reads.push(history.pages(input, sink)?);
        if let Some(table) = database.table("history_tombstones") {
            let known = Addresses {
                table: "history_tombstones",
                columns: &[("url", Holds::Visit)],
                at: Some(("start_time", Clock::Apple)),
            };
            reads.push(address_tables::table((&known, table, None), &database, input, sink)?);
        }
        let (wholly, rows) = sum(&reads, wholly);
        sink.looked(&whole, Question::Visits, wholly, rows)
    }
}

struct History<'d> {
    database: &'d Database,
    items: &'d Table,
    url: Option<ColumnNumber>,
    /// Of each page the first visit: its time as it is counted, and its row.
    first: HashMap<i64, (f64, i64)>,
}

struct VisitColumns {
    item: Option<ColumnNumber>,
    time: Option<ColumnNumber>,
    destination: Option<ColumnNumber>,
}

impl History<'_> {
    fn visits(
        &mut self,
        table: &Table,
        input: &Input<'_>,
        sink: &mut dyn FactSink,
    ) -> ControlFlow<(), TableRead> {
        let columns = VisitColumns {
            item: table.column("history_item"),
            time: table.column("visit_time"),
            destination: table.column("redirect_destination"),
        };
        let mut signs = 0_u64;
        database::each_row((self.database, table, input.file), sink, &mut |row, sink| {
            let (Some(item), Some(time)) = (row.integer(columns.item), row.real(columns.time)) else {
                return Flow::Continue(());
            };
            if self.first.len() < PAGES_MOST || self.first.contains_key(&item) {
                let first = self.first.entry(item).or_insert((time, row.rowid()));
                if time < first.0 {
                    *first = (time, row.rowid());
                }
            }
            let Some(redirect) = self.quick_redirect((table, &columns), row, (item, time)) else {
                return Flow::Continue(());
            };
            signs = signs.saturating_add(1);
            if signs > SIGNS_MOST {
                return Flow::Continue(());
            }
            let seen = input.seen(Place::row("history_visits", row.rowid()));
            let (name, app) = ("rapid-redirect".to_owned(), None);
            sink.says(&seen, Sign { name, app, what: redirect, at: apple_time(row, columns.time) })
        })
    }

    /// From where to where, if this visit was sent on within a second, without encryption, to another site.
    fn quick_redirect(
        &self,
        (table, columns): (&Table, &VisitColumns),
        row: &Row<'_>,
        (item, time): (i64, f64),
    ) -> Option<String> {
        let destination = row.integer(columns.destination).filter(|row| *row != 0)?;
        let from = self.address(item)?;
        if !from.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) {
            return None;
        }
        let next = self.database.row(table, destination).ok().flatten()?;
        let elapsed = next.row().real(columns.time)? - time;
        let to = self.address(next.row().integer(columns.item)?)?;
        let is_quick = (0.0..1.0).contains(&elapsed);
        let is_elsewhere = !links::is_same_site(&links::host_of(&from)?, &links::host_of(&to)?);
        (is_quick && is_elsewhere).then(|| {
            let half = |address: &str| clipped(address).chars().take(400).collect::<String>();
            format!("{} -> {} ({:.0} ms)", half(&from), half(&to), elapsed * 1000.0)
        })
    }

    fn address(&self, item: i64) -> Option<String> {
        let found = self.database.row(self.items, item).ok().flatten()?;
        database::text(&found.row(), self.url)
    }

    fn pages(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> ControlFlow<(), TableRead> {
        database::each_row((self.database, self.items, input.file), sink, &mut |row, sink| {
            let Some(address) = row.text(self.url).filter(|address| !address.is_empty()) else {
                return Flow::Continue(());
            };
            let first = self.first.get(&row.rowid());
            let at = first.map(|(time, _)| model::record::TimeReading::apple(*time));
            let place = match first {
                Some((_, visit)) => Place::row("history_visits", *visit),
                None => Place::row("history_items", row.rowid()),
            };
            let (kind, at, seen) = (TraceKind::Visit, at.as_ref(), input.seen(place));
            sink.trace(&Trace { kind, value: &address, at, app: None, seen: &seen })
        })
    }
}
