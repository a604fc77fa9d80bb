//! What Firefox keeps beside visits: bookmarks, notes to pages, time spent, words typed, tabs and devices, marks
//! of what was deleted. Each row is an event.
//!
//! Deliberately does not put bookmarks into a tree; the folder above is named.

use model::record::What;
use sqlite::{Row, Table};

use super::{APP, mozilla};
use crate::browsers::{Addresses, Numbers, Side, each_record, event, note};
use crate::tables::{Tables, shown, text};
use crate::{Flow, Sink};

/// A table whose rows are events with no more to look up: name, kind, time, text, columns that are kept.
type Plain = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const PLAIN: &[Plain] = &[
    ("moz_items_annos", "bookmark-note", "dateAdded", "content", &["item_id", "anno_attribute_id"]),
    ("moz_bookmarks_deleted", "bookmark-deleted", "dateRemoved", "guid", &[]),
    ("moz_places_tombstones", "page-deleted", "", "guid", &[]),
    ("bookmarks", "bookmark", "", "title", BOOKMARK),
    ("bookmarksMirror", "bookmark", "date_added", "title", BOOKMARK),
    ("bookmarksLocal", "bookmark", "date_added", "title", BOOKMARK),
    ("bookmarksBuffer", "bookmark", "date_added", "title", BOOKMARK),
    ("tabs", "tab", "last_used", "url", &["title", "client_guid", "history"]),
    ("queue", "read-later", "", "url", &["title"]),
    (
        "clients",
        "device",
        "modified",
        "name",
        &["guid", "type", "formfactor", "os", "version", "fxaDeviceId"],
    ),
    ("remote_devices", "device", "last_access_time", "name", &["guid", "type", "is_current_device"]),
    ("pinned_top_sites", "pinned-page", "pinDate", "url", &["title"]),
];

const BOOKMARK: &[&str] =
    &["type", "url", "bmkUri", "parent", "parentid", "parentName", "folderName", "keyword", "is_deleted"];

/// All of them.
pub(super) fn read(tables: &mut Tables<'_>, places: &Addresses<'_>, sink: &mut dyn Sink) -> Flow {
    bookmarks(tables, places, sink)?;
    annotations(tables, places, sink)?;
    views(tables, places, sink)?;
    of_place(tables, places, sink, ("moz_inputhistory", "typed", "input", &["use_count"]))?;
    of_place(tables, places, sink, ("moz_keywords", "bookmark-keyword", "keyword", &["post_data"]))?;
    of_place(tables, places, sink, ("moz_historyvisit_tombstones", "visit-deleted", "", &[]))?;
    for (name, kind, time, words, kept) in PLAIN {
        let make = |table: &Table, row: &Row<'_>, extra| {
            let at = mozilla(row.get(table.column(time)));
            event((APP, kind), at, text(row, table.column(words)), extra)
        };
        each_record(tables, name, sink, (kept, make))?;
    }
    Flow::Continue(())
}

/// Rows that name a page by `place_id`.
fn of_place(
    tables: &mut Tables<'_>,
    places: &Addresses<'_>,
    sink: &mut dyn Sink,
    (name, kind, words, kept): (&str, &str, &str, &[&'static str]),
) -> Flow {
    let make = |table: &Table, row: &Row<'_>, mut extra| {
        let place = table.column("place_id");
        note(&mut extra, "place_id", shown(row.get(place)));
        note(&mut extra, "page", places.url_of(row.integer(place)));
        let at = mozilla(row.get(table.column("visit_date")));
        event((APP, kind), at, text(row, table.column(words)), extra)
    };
    each_record(tables, name, sink, (kept, make))
}

fn bookmarks(tables: &mut Tables<'_>, places: &Addresses<'_>, sink: &mut dyn Sink) -> Flow {
    let database = tables.database;
    let make = |table: &Table, row: &Row<'_>, mut extra| {
        let title = table.column("title");
        let kind = match row.integer(table.column("type")) {
            Some(2) => "bookmark-folder",
            Some(3) => "bookmark-separator",
            _ => "bookmark",
        };
        note(&mut extra, "page", places.url_of(row.integer(table.column("fk"))));
        let parent = row.integer(table.column("parent"));
        let parent = parent.and_then(|parent| database.row(table, parent).ok().flatten());
        note(&mut extra, "folder", parent.and_then(|parent| text(&parent.row(), title)));
        event((APP, kind), mozilla(row.get(table.column("dateAdded"))), text(row, title), extra)
    };
    each_record(tables, "moz_bookmarks", sink, (&["type", "fk", "parent", "lastModified", "guid"], make))
}

/// Notes to pages; Firefox keeps there where a download went.
fn annotations(tables: &mut Tables<'_>, places: &Addresses<'_>, sink: &mut dyn Sink) -> Flow {
    let database = tables.database;
    let names = database.table("moz_anno_attributes");
    let make = |table: &Table, row: &Row<'_>, mut extra| {
        let [place, sort] = ["place_id", "anno_attribute_id"].map(|name| table.column(name));
        let found = names.zip(row.integer(sort));
        let found = found.and_then(|(names, sort)| database.row(names, sort).ok().flatten());
        let name = found.and_then(|found| text(&found.row(), names.and_then(|names| names.column("name"))));
        let download = name.as_deref().is_some_and(|name| name.starts_with("downloads/"));
        note(&mut extra, "name", name);
        note(&mut extra, "page", places.url_of(row.integer(place)));
        let kind = if download { "download" } else { "page-note" };
        let at = mozilla(row.get(table.column("dateAdded")));
        event((APP, kind), at, text(row, table.column("content")), extra)
    };
    let kept = ["place_id", "anno_attribute_id", "lastModified"];
    each_record(tables, "moz_annos", sink, (&kept, make))
}

/// How long a page was looked at and what was done there, with the words searched for.
fn views(tables: &mut Tables<'_>, places: &Addresses<'_>, sink: &mut dyn Sink) -> Flow {
    let kept = [
        "place_id",
        "updated_at",
        "total_view_time",
        "typing_time",
        "key_presses",
        "scrolling_time",
        "document_type",
        "referrer_place_id",
        "search_query_id",
    ];
    let queries = Side::of(tables, "moz_places_metadata_search_queries", &[]);
    let terms = queries.column("terms").or_else(|| queries.column("term"));
    let make = |table: &Table, row: &Row<'_>, mut extra| -> What {
        let number = |name| row.integer(table.column(name));
        note(&mut extra, "referrer", places.url_of(number("referrer_place_id")));
        let query = queries.find(number("search_query_id"));
        note(&mut extra, "search", query.and_then(|query| text(&query.row(), terms)));
        let at = mozilla(row.get(table.column("created_at")));
        event((APP, "page-view"), at, places.url_of(number("place_id")), extra)
    };
    each_record(tables, "moz_places_metadata", sink, (&kept, make))?;
    let used = Numbers::of(tables.database, "moz_places_metadata", Some("search_query_id"));
    let left = |row: &Row<'_>, extra| event((APP, "search"), None, text(row, terms), extra);
    queries.finish(tables, &used, sink, left)
}
