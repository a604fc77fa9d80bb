//! Pages visited with Chrome and its kin: the database `History` on desktops, Android and iOS.
//!
//! Visits are in `visits`, their addresses in `urls`; times count microseconds since 1601 in UTC. Known from
//! Chromium's schema up to version 70 (2026) and from what plaso and MVT (2026) read; columns are looked up by
//! name, so versions before fit too. Visits are kept 90 days, so missing numbers before the first are ordinary.
//! Deliberately not read: groups of visits, favicons, the separate files of cookies, forms and passwords.

use std::ops::ControlFlow;

use model::record::{Place, ProblemKind, TimeReading, WebVisit};
use source::tree::{Candidate, Tree};
use sqlite::{ColumnNumber, Row, Table, Value};

use crate::browsers::{Addresses, Numbers, Side, each_record, each_visit, event, moment, note};
use crate::database;
use crate::tables::{self, Kept, Tables, shown, text};
use crate::troubles::Troubles;
use crate::{About, Claim, Flow, Format, Input, Sink};

mod downloads;
mod transition;

/// The database `History`.
pub(crate) struct ChromeHistory;

/// Tables that say nothing about a visit of its own.
const HOUSEKEEPING: &[&str] = &[
    "meta",
    "segments",
    "segment_usage",
    "downloads_slices",
    "downloads_reroute_info",
    "clusters",
    "clusters_and_visits",
    "cluster_keywords",
    "cluster_visit_duplicates",
    "visited_links",
    "history_sync_metadata",
    "typed_url_sync_metadata",
    "presentation",
];

/// Browsers by a part of the path, in lower case; the more special first.
const BROWSERS: &[(&str, &str)] = &[
    ("com.microsoft.emmx", "edge"),
    ("microsoft edge", "edge"),
    ("microsoft/edge", "edge"),
    ("com.opera", "opera"),
    ("opera", "opera"),
    ("com.brave", "brave"),
    ("brave", "brave"),
    ("vivaldi", "vivaldi"),
    ("chromium", "chromium"),
    ("com.android.chrome", "chrome"),
    ("chrome", "chrome"),
];

/// What is kept of how long a page was looked at.
const OF_STAY: &[&str] = &["response_code", "total_foreground_duration", "page_end_reason", "browser_type"];
/// What is kept of what stood on a page.
const OF_PAGE: &[&str] =
    &["search_terms", "search_normalized_url", "alternative_title", "page_language", "password_state"];

/// `History` in the folder of Chrome in a backup of iOS, as the backup names it.
const IN_BACKUP: &str = "faf971ce92c3ac508c018dce1bef2a8b8e9838f1";

impl Format for ChromeHistory {
    fn name(&self) -> &'static str {
        "chrome_history"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Pages visited with Chrome, Chromium, Edge, Opera (History)",
            covers: "desktop, Android and iOS: visits, how each came about, words searched for, downloads",
            leaves_out: "groups of visits, favicons, cookies, forms; deleted rows in free pages",
            source: "Chromium's public schema up to version 70, plaso, MVT (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let names = ["History", "Archived History", IN_BACKUP];
        tables::recognise(candidate, &names, "keyword_search_terms", &["visits"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let app = browser(input.tree, input);
        let beside = Beside::of(&mut tables);
        visits(&mut tables, app, &beside, sink)?;
        beside.finish(&tables, app, sink)?;
        searches(&mut tables, app, &beside.urls, sink)?;
        downloads::read(&mut tables, app, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

/// Which browser, by the folders that lead to the file; `chromium` if they do not say.
fn browser(tree: &Tree, input: &Input<'_>) -> &'static str {
    let path = tree.steps(input.file).join("/").to_lowercase().replace('\\', "/");
    if path.ends_with(IN_BACKUP) {
        return "chrome";
    }
    BROWSERS.iter().find(|(part, _)| path.contains(part)).map_or("chromium", |(_, browser)| browser)
}

/// The tables that add to a visit.
struct Beside<'d> {
    urls: Addresses<'d>,
    sources: Side<'d>,
    context: Side<'d>,
    content: Side<'d>,
}

impl<'d> Beside<'d> {
    fn of(tables: &mut Tables<'d>) -> Self {
        Self {
            urls: Addresses::of(tables, "urls", &["visit_count", "typed_count", "hidden"]),
            sources: Side::of(tables, "visit_source", &[]),
            context: Side::of(tables, "context_annotations", OF_STAY),
            content: Side::of(tables, "content_annotations", OF_PAGE),
        }
    }

    /// What of them no visit uses.
    fn finish(&self, tables: &Tables<'d>, app: &str, sink: &mut dyn Sink) -> Flow {
        let last = self.urls.side.column("last_visit_time");
        let last = |row: &Row<'_>| webkit(row.get(last));
        let used = Numbers::of(tables.database, "visits", Some("url"));
        self.urls.finish(tables, &used, sink, (app, last))?;
        drop(used);
        let visits = Numbers::of(tables.database, "visits", None);
        let source = self.sources.column("source");
        let left = |row: &Row<'_>, extra| event((app, "visit-source"), None, text(row, source), extra);
        self.sources.finish(tables, &visits, sink, left)?;
        self.context.finish_as_events(tables, &visits, sink, (app, "visit-context"))?;
        self.content.finish_as_events(tables, &visits, sink, (app, "visit-content"))
    }

    /// Where a visit comes from; no row means that it was made here.
    fn source(&self, visit: i64) -> Option<(String, &'static str)> {
        let found = self.sources.find(Some(visit))?;
        let raw = shown(found.row().get(self.sources.column("source")))?;
        let meaning = match raw.as_str() {
            "0" => "another device of the same account",
            "1" => "this device",
            "2" => "added by an extension",
            "3" => "brought over from Firefox",
            "4" => "brought over from Internet Explorer",
            "5" => "brought over from Safari",
            _ => "",
        };
        Some((raw, meaning))
    }
}

fn visits(tables: &mut Tables<'_>, app: &str, beside: &Beside<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("visits") else { return Flow::Continue(()) };
    let columns = VisitColumns::of(table);
    let database = tables.database;
    let mut troubles = Troubles::new(tables.file);
    each_visit(tables, table, sink, |row, sink| {
        let mut visit = columns.visit(app, row);
        if !beside.urls.fill(row.integer(columns.url), &mut visit) {
            let words = ("the row of urls that this visit names", "the visit without its address");
            troubles.say(sink, Place::row("visits", row.rowid()), ProblemKind::Gap, words)?;
            note(&mut visit.extra, "url", shown(row.get(columns.url)));
        }
        for (name, column) in [("from_visit", columns.from), ("opener_visit", columns.opener)] {
            let Some(raw) = shown(row.get(column)).filter(|raw| raw != "0") else { continue };
            note(&mut visit.extra, name, Some(raw));
            let Some(other) = row.integer(column) else { continue };
            let found = database.row(table, other).ok().flatten();
            let url = found.and_then(|found| beside.urls.url_of(found.row().integer(columns.url)));
            note(&mut visit.extra, &format!("{name}_url"), url);
        }
        if let Some((raw, meaning)) = beside.source(row.rowid()) {
            note(&mut visit.extra, "source", Some(raw));
            note(&mut visit.extra, "visited_on", (!meaning.is_empty()).then_some(meaning));
        }
        beside.context.add(row.rowid(), &mut visit.extra);
        beside.content.add(row.rowid(), &mut visit.extra);
        ControlFlow::Continue(visit)
    })?;
    troubles.finish(sink)
}

struct VisitColumns {
    url: Option<ColumnNumber>,
    time: Option<ColumnNumber>,
    from: Option<ColumnNumber>,
    opener: Option<ColumnNumber>,
    transition: Option<ColumnNumber>,
    duration: Option<ColumnNumber>,
    kept: Kept,
}

impl VisitColumns {
    fn of(table: &Table) -> Self {
        let kept = ["external_referrer_url", "originator_cache_guid", "originator_visit_id", "app_id"];
        Self {
            url: table.column("url"),
            time: table.column("visit_time"),
            from: table.column("from_visit"),
            opener: table.column("opener_visit"),
            transition: table.column("transition"),
            duration: table.column("visit_duration"),
            kept: Kept::of(table, &kept),
        }
    }

    fn visit(&self, app: &str, row: &Row<'_>) -> WebVisit {
        let at = webkit(row.get(self.time));
        let mut visit = WebVisit { app: app.to_owned(), at, ..WebVisit::default() };
        note(&mut visit.extra, "transition", shown(row.get(self.transition)));
        let meaning = row.integer(self.transition).map(transition::meaning);
        note(&mut visit.extra, "came_by", meaning.filter(|meaning| !meaning.is_empty()));
        let duration = shown(row.get(self.duration)).filter(|duration| duration != "0");
        note(&mut visit.extra, "visit_duration", duration.map(|duration| format!("{duration} µs")));
        self.kept.add(row, &mut visit.extra);
        visit
    }
}

/// Words that were searched for. The row has no time; that of the last visit to the page of results is given.
fn searches(tables: &mut Tables<'_>, app: &str, urls: &Addresses<'_>, sink: &mut dyn Sink) -> Flow {
    let last = urls.side.column("last_visit_time");
    each_record(
        tables,
        "keyword_search_terms",
        sink,
        (&["keyword_id", "url_id", "normalized_term"], |table, row, mut extra| {
            let page = row.integer(table.column("url_id"));
            let at = urls.side.find(page).and_then(|found| webkit(found.row().get(last)));
            note(&mut extra, "time_of", at.is_some().then_some("urls.last_visit_time"));
            note(&mut extra, "page", urls.url_of(page));
            event((app, "search"), at, text(row, table.column("term")), extra)
        }),
    )
}

/// Microseconds since 1601 in UTC; before 2013 some columns counted seconds since 1970, which are much smaller.
fn webkit(value: Value<'_>) -> Option<TimeReading> {
    moment(value, |number| match number {
        0..100_000_000_000 => number.checked_mul(1000),
        _ => number.div_euclid(1000).checked_sub(11_644_473_600_000),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_since_1601_and_seconds_since_1970() {
        let ms = |raw| webkit(Value::Integer(raw)).and_then(|time| time.first_ms);
        assert_eq!(ms(13_412_780_800_250_000), Some(1_768_307_200_250));
        assert_eq!(ms(1_768_307_200), Some(1_768_307_200_000));
        assert_eq!(ms(i64::MAX), None);
        assert_eq!(webkit(Value::Integer(0)), None);
    }
}
