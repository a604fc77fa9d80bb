//! Pages visited with Firefox: `places.sqlite` of desktops and Android, `places.db` and `browser.db` of iOS.
//!
//! The first two keep visits in `moz_historyvisits` and addresses in `moz_places`; `browser.db` in `visits` and
//! `history`. Times count microseconds since 1970 on desktops and in `browser.db`, milliseconds in the shared
//! library of Firefox for Android and iOS; their size tells which. Known from Mozilla's public schemas (2026) and
//! from what plaso, MVT and ALEAPP read. Deliberately not read: `browser.db` of Firefox for Android before 2020,
//! favicons, names of hosts.

use std::ops::ControlFlow;

use model::record::{Place, ProblemKind, TimeReading, WebVisit};
use source::tree::Candidate;
use sqlite::{Database, Limits, Row, Table, Value};

use crate::browsers::{Addresses, Numbers, each_visit, moment, note};
use crate::database;
use crate::tables::{self, Kept, Tables, shown};
use crate::troubles::Troubles;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

mod beside;

/// `places.sqlite`, `places.db` and `browser.db`.
pub(crate) struct FirefoxHistory;

const APP: &str = "firefox";

/// Tables that say nothing about a visit.
const HOUSEKEEPING: &[&str] = &[
    "moz_anno_attributes",
    "moz_bookmarks_roots",
    "moz_bookmarks_synced",
    "moz_bookmarks_synced_structure",
    "moz_bookmarks_synced_tag_relation",
    "moz_favicons",
    "moz_hosts",
    "moz_meta",
    "moz_origins",
    "moz_places_extra",
    "moz_historyvisits_extra",
    "moz_places_stale_frecencies",
    "moz_previews_tombstones",
    "moz_tags",
    "moz_tags_relation",
    "moz_updatehostsdelete_temp",
    "activity_stream_blocklist",
    "attachments",
    "cached_top_sites",
    "commands",
    "domains",
    "favicon_sites",
    "favicon_site_urls",
    "favicons",
    "highlights",
    "page_metadata",
    "tableList",
];

/// Where the visits of one kind of database are.
struct Shape {
    visits: &'static str,
    address: &'static str,
    time: &'static str,
    sort: &'static str,
    addresses: &'static str,
    /// What sort 9 means.
    ninth: &'static str,
    kept: &'static [&'static str],
}

/// Desktops, and the library that Android and iOS share.
const PLACES: Shape = Shape {
    visits: "moz_historyvisits",
    address: "place_id",
    time: "visit_date",
    sort: "visit_type",
    addresses: "moz_places",
    ninth: "reload",
    kept: &["session", "source", "triggeringPlaceId"],
};

/// `browser.db` of iOS.
const BROWSER: Shape = Shape {
    visits: "visits",
    address: "siteID",
    time: "date",
    sort: "type",
    addresses: "history",
    ninth: "a tab closed before",
    kept: &[],
};

/// What of an address goes to each of its visits.
const OF_ADDRESS: &[&str] = &[
    "visit_count",
    "visit_count_local",
    "visit_count_remote",
    "typed",
    "hidden",
    "description",
    "site_name",
    "is_deleted",
];

impl Format for FirefoxHistory {
    fn name(&self) -> &'static str {
        "firefox_history"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Pages visited with Firefox (places.sqlite, places.db, browser.db)",
            covers: "desktop, Android since 2020, iOS: visits, bookmarks, time spent, words typed, downloads, open \
                     tabs of other devices, marks of deleted history",
            leaves_out: "browser.db of Android before 2020; favicons; deleted rows in free pages",
            source: "Mozilla's public schemas, plaso, MVT, ALEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let names = ["places.sqlite", "places.db", "ab87b1b6904c441f3814d12748a1a32750a43496"];
        tables::recognise(candidate, &names, PLACES.visits, &[PLACES.visits])
            .or_else(|| browser_db(candidate))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        let shape = if database.table(PLACES.visits).is_some() { &PLACES } else { &BROWSER };
        let addresses = Addresses::of(&mut tables, shape.addresses, OF_ADDRESS);
        visits(&mut tables, shape, &addresses, sink)?;
        let named = |table, column| Numbers::of(&database, table, Some(column));
        let used = named(shape.visits, shape.address).and(named("moz_bookmarks", "fk"));
        let last = ["last_visit_date", "last_visit_date_local", "last_visit_date_remote", "local_modified"];
        let last = last.map(|name| addresses.side.column(name));
        let last = |row: &Row<'_>| last.iter().find_map(|column| mozilla(row.get(*column)));
        addresses.finish(&tables, &used, sink, (APP, last))?;
        drop(used);
        beside::read(&mut tables, &addresses, sink)?;
        tables.finish(HOUSEKEEPING, sink)
    }
}

/// `browser.db` of iOS; that of Firefox for Android before 2020 has the same name and other columns.
fn browser_db(candidate: &Candidate<'_>) -> Option<Claim> {
    let names = ["browser.db", "2e57c396a35b0d1bcbc624725002d98bd61d142b"];
    let fits = names.iter().any(|name| candidate.entry().name().eq_ignore_ascii_case(name));
    if !fits || !candidate.is_sqlite() {
        return None;
    }
    let log = database::write_ahead_log(candidate.tree(), candidate.number());
    let log = log.and_then(|log| candidate.tree().entry(log)?.content().random().ok());
    let bytes = candidate.entry().content().random().ok()?;
    let database = Database::open(bytes, log, Limits::DEFAULT).ok()?;
    database.table(BROWSER.visits)?.column(BROWSER.address)?;
    Some(Claim { certainty: Certainty::Certain, with: database::companions(candidate) })
}

fn visits(tables: &mut Tables<'_>, shape: &Shape, addresses: &Addresses<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take(shape.visits) else { return Flow::Continue(()) };
    let [address, time, from] = [shape.address, shape.time, "from_visit"].map(|name| table.column(name));
    let kept = Kept::of(table, shape.kept);
    let database = tables.database;
    let mut troubles = Troubles::new(tables.file);
    each_visit(tables, table, sink, |row, sink| {
        let at = mozilla(row.get(time));
        let mut visit = WebVisit { app: APP.to_owned(), at, ..WebVisit::default() };
        sort(shape, table, row, &mut visit);
        if !addresses.fill(row.integer(address), &mut visit) {
            let words = ("the row of the address that this visit names", "the visit without its address");
            troubles.say(sink, Place::row(shape.visits, row.rowid()), ProblemKind::Gap, words)?;
            note(&mut visit.extra, shape.address, shown(row.get(address)));
        }
        if let Some(raw) = shown(row.get(from)).filter(|raw| raw != "0") {
            note(&mut visit.extra, "from_visit", Some(raw));
            let found = row.integer(from).and_then(|from| database.row(table, from).ok().flatten());
            let url = found.and_then(|found| addresses.url_of(found.row().integer(address)));
            note(&mut visit.extra, "from_visit_url", url);
        }
        kept.add(row, &mut visit.extra);
        ControlFlow::Continue(visit)
    })?;
    troubles.finish(sink)
}

/// How a visit came about, and on which device.
fn sort(shape: &Shape, table: &Table, row: &Row<'_>, visit: &mut WebVisit) {
    let column = table.column(shape.sort);
    note(&mut visit.extra, shape.sort, shown(row.get(column)));
    let meaning = match row.integer(column) {
        Some(1) => Some("link"),
        Some(2) => Some("typed"),
        Some(3) => Some("bookmark"),
        Some(4) => Some("loaded within a page"),
        Some(5) => Some("redirected for good"),
        Some(6) => Some("redirected for now"),
        Some(7) => Some("download"),
        Some(8) => Some("link within a frame"),
        Some(9) => Some(shape.ninth),
        _ => None,
    };
    note(&mut visit.extra, "came_by", meaning);
    let elsewhere = row.integer(table.column("is_local")) == Some(0);
    note(&mut visit.extra, "visited_on", elsewhere.then_some("another device of the same account"));
}

/// Micro- or milliseconds since 1970 in UTC: as milliseconds, 10^14 is the year 5138; as microseconds, 1973.
fn mozilla(value: Value<'_>) -> Option<TimeReading> {
    moment(value, |number| match number.unsigned_abs() {
        0..100_000_000_000_000 => Some(number),
        _ => Some(number.div_euclid(1000)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn micro_and_milliseconds_are_told_apart() {
        let ms = |value| mozilla(value).and_then(|time| time.first_ms);
        assert_eq!(ms(Value::Integer(1_768_307_200_250_000)), Some(1_768_307_200_250));
        assert_eq!(ms(Value::Integer(1_768_307_200_250)), Some(1_768_307_200_250));
        assert_eq!(ms(Value::Real(1_768_307_200_250_000.0)), Some(1_768_307_200_250));
        assert_eq!(ms(Value::Integer(i64::MIN)), None);
        assert_eq!(mozilla(Value::Null), None);
    }
}
