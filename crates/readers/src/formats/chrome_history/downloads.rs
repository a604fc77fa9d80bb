//! Downloads of Chromium: one event each, with the addresses that led to it.
//!
//! Reads `downloads` and `downloads_url_chains` of all versions. Deliberately not read: the pieces in which a
//! download was fetched.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::encode_hex;
use model::record::{Extra, Place, Record};

use super::webkit;
use crate::browsers::{Numbers, each_record, event, note};
use crate::database::Became;
use crate::tables::{Tables, shown, text};
use crate::{Flow, Sink};

/// Columns that are kept as they are.
const KEPT: &[&str] = &[
    "guid",
    "url",
    "full_path",
    "current_path",
    "received_bytes",
    "total_bytes",
    "state",
    "danger_type",
    "interrupt_reason",
    "end_time",
    "opened",
    "last_access_time",
    "transient",
    "referrer",
    "site_url",
    "tab_url",
    "tab_referrer_url",
    "http_method",
    "by_ext_id",
    "by_ext_name",
    "by_web_app_id",
    "last_modified",
    "mime_type",
    "original_mime_type",
];

/// Downloads, and addresses whose download is gone.
pub(super) fn read(tables: &mut Tables<'_>, app: &str, sink: &mut dyn Sink) -> Flow {
    let chains = chains(tables, app, sink)?;
    each_record(
        tables,
        "downloads",
        sink,
        (KEPT, |table, row, mut extra| {
            let state = match row.integer(table.column("state")) {
                Some(0) => Some("in progress"),
                Some(1) => Some("complete"),
                Some(2) => Some("cancelled"),
                Some(3 | 4) => Some("interrupted"),
                _ => None,
            };
            note(&mut extra, "state_means", state);
            let hash = table.column("hash");
            let bytes = row.blob(hash).filter(|hash| !hash.is_empty());
            note(&mut extra, "hash", bytes.map(encode_hex).or_else(|| shown(row.get(hash))));
            for (index, url) in chains.get(&row.rowid()).into_iter().flatten() {
                note(&mut extra, &format!("url_chain {index}"), Some(url.as_str()));
            }
            let at = webkit(row.get(table.column("start_time")));
            let path = text(row, table.column("target_path"));
            let path = path.or_else(|| text(row, table.column("current_path")));
            let path = path.or_else(|| text(row, table.column("full_path")));
            event((app, "download"), at, path, extra)
        }),
    )
}

/// The addresses of each download, from the one that was clicked to the one that gave the file.
type Chains = BTreeMap<i64, Vec<(i64, String)>>;

fn chains(tables: &mut Tables<'_>, app: &str, sink: &mut dyn Sink) -> ControlFlow<(), Chains> {
    let mut chains = Chains::new();
    let Some(table) = tables.take("downloads_url_chains") else { return ControlFlow::Continue(chains) };
    let downloads = Numbers::of(tables.database, "downloads", None);
    let columns = ["id", "chain_index", "url"].map(|name| table.column(name));
    let [id, index, url] = columns;
    tables.each(table, sink, |row, part, sink| {
        let (download, at, url) = (row.integer(id), row.integer(index), text(row, url));
        let known = download.filter(|download| downloads.has(*download)).zip(at);
        if let Some(((download, at), url)) = known.zip(url.clone()) {
            chains.entry(download).or_default().push((at, url));
            return ControlFlow::Continue(Became::Continuation);
        }
        let mut extra = Extra::new();
        note(&mut extra, "id", download.map(|download| download.to_string()));
        note(&mut extra, "chain_index", at.map(|at| at.to_string()));
        let what = event((app, "download-url"), None, url, extra);
        let place = Place::row(table.name(), row.rowid());
        sink.record(Record { file: tables.file, place, part, what })?;
        ControlFlow::Continue(Became::Record)
    })?;
    for chain in chains.values_mut() {
        chain.sort();
    }
    ControlFlow::Continue(chains)
}
