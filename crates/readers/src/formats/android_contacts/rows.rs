//! The table `data`: what is known of each raw contact, one row for each name, number, address.
//!
//! The columns `data1` to `data15` mean what the row's type says (ContactsContract.CommonDataKinds).

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{Extra, Identifier, IdentifierKind};
use sqlite::{ColumnNumber, Row, Table};

use crate::Sink;
use crate::database::Became;
use crate::tables::{Tables, text};

/// What the rows of one raw contact say.
#[derive(Default)]
pub(super) struct Data {
    pub(super) names: Vec<String>,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) note: Option<String>,
    pub(super) extra: Extra,
    /// The first of its rows, if its raw contact is not there.
    pub(super) first_row: Option<i64>,
}

/// Reads them all, by raw contact.
pub(super) fn read(
    tables: &mut Tables<'_>,
    groups: &BTreeMap<i64, String>,
    sink: &mut dyn Sink,
) -> ControlFlow<(), BTreeMap<i64, Data>> {
    let kinds = kinds(tables);
    let present = present(tables);
    let mut found: BTreeMap<i64, Data> = BTreeMap::new();
    let Some(table) = tables.take("data") else { return ControlFlow::Continue(found) };
    let columns = Columns::of(table);
    tables.each(table, sink, |row, part, _| {
        let raw = row.integer(columns.raw_contact).unwrap_or_default();
        let data = found.entry(raw).or_default();
        let kind = row.integer(columns.mimetype).and_then(|kind| kinds.get(&kind));
        let is_first = data.first_row.is_none() && present.binary_search(&raw).is_err() && part == 0;
        columns.add(row, kind.map_or("", String::as_str), groups, data);
        if !is_first {
            return ControlFlow::Continue(Became::Continuation);
        }
        data.first_row = Some(row.rowid());
        ControlFlow::Continue(Became::Record)
    })?;
    ControlFlow::Continue(found)
}

fn kinds(tables: &Tables<'_>) -> BTreeMap<i64, String> {
    let mut found = BTreeMap::new();
    let Some(table) = tables.database.table("mimetypes") else { return found };
    let kind = table.column("mimetype");
    let mut rows = tables.database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        found.extend(text(&row, kind).map(|kind| (row.rowid(), kind)));
    }
    found
}

/// The raw contacts that are there.
fn present(tables: &Tables<'_>) -> Vec<i64> {
    let mut found = Vec::new();
    let Some(table) = tables.database.table("raw_contacts") else { return found };
    let mut rows = tables.database.rows(table);
    while let Some(row) = rows.next() {
        found.extend(row.ok().map(|row| row.rowid()));
    }
    found.sort_unstable();
    found
}

struct Columns {
    raw_contact: Option<ColumnNumber>,
    mimetype: Option<ColumnNumber>,
    data: [Option<ColumnNumber>; 9],
}

impl Columns {
    fn of(table: &Table) -> Self {
        let names = ["data1", "data2", "data3", "data4", "data5", "data6", "data7", "data8", "data9"];
        Self {
            raw_contact: table.column("raw_contact_id"),
            mimetype: table.column("mimetype_id"),
            data: names.map(|name| table.column(name)),
        }
    }

    fn add(&self, row: &Row<'_>, kind: &str, groups: &BTreeMap<i64, String>, data: &mut Data) {
        let [one, two, three, four, five, ..] = self.data.map(|column| text(row, column));
        let bare = kind.strip_prefix("vnd.android.cursor.item/").unwrap_or(kind);
        let mut identifier = |kind, label: Option<String>| {
            data.identifiers.extend(one.clone().map(|value| Identifier { kind, value, label }));
        };
        match bare {
            "name" => data.names.extend(one),
            "nickname" | "organization" => {
                data.names.extend(one);
                data.extra.extend(four.map(|title| (format!("{bare} title"), title)));
            }
            "phone_v2" => identifier(IdentifierKind::Phone, label(two.as_deref(), three, PHONES)),
            "email_v2" => identifier(IdentifierKind::Mail, label(two.as_deref(), three, MAILS)),
            "postal-address_v2" => identifier(IdentifierKind::Address, label(two.as_deref(), three, PLACES)),
            "website" => identifier(IdentifierKind::Url, three),
            "sip_address" => identifier(IdentifierKind::Account, Some("sip".to_owned())),
            "im" => identifier(IdentifierKind::Account, label(five.as_deref(), self.six(row), SERVICES)),
            "note" => data.note = data.note.take().or(one),
            "contact_event" => {
                let what = label(two.as_deref(), three, EVENTS).unwrap_or_else(|| "date".to_owned());
                data.extra.extend(one.map(|day| (what, day)));
            }
            "relation" => data.extra.extend(one.map(|name| ("relation".to_owned(), name))),
            "group_membership" => {
                let title = one.as_ref().and_then(|group| groups.get(&group.parse().ok()?)).cloned();
                data.extra.extend(title.or(one).map(|group| ("group".to_owned(), group)));
            }
            "photo" => {}
            // Rows of programs: an account of a messenger, usually with number and a word for what can be
            // done.
            _ if account(bare) => {
                identifier(IdentifierKind::Account, Some(bare.to_owned()));
                data.extra.extend(three.map(|word| (bare.to_owned(), word)));
            }
            _ => {
                let name = if bare.is_empty() { "data" } else { bare };
                let all = [one, two, three, four, five].into_iter().flatten();
                data.extra.extend(all.map(|value| (name.to_owned(), value)));
            }
        }
    }

    fn six(&self, row: &Row<'_>) -> Option<String> {
        let [_, _, _, _, _, six, ..] = self.data;
        text(row, six)
    }
}

/// Types that messengers write: `vnd.com.whatsapp.profile`, `vnd.org.thoughtcrime.securesms.contact` …
fn account(kind: &str) -> bool {
    kind.starts_with("vnd.") && (kind.ends_with("profile") || kind.ends_with("contact"))
}

const PHONES: &[&str] =
    &["", "home", "mobile", "work", "fax work", "fax home", "pager", "other", "callback", "car"];
const MAILS: &[&str] = &["", "home", "work", "other", "mobile"];
const PLACES: &[&str] = &["", "home", "work", "other"];
const EVENTS: &[&str] = &["", "anniversary", "other", "birthday"];
const SERVICES: &[&str] = &["msn", "yahoo", "skype", "qq", "google talk", "icq", "jabber", "netmeeting"];

/// The label of a value: the word of its number, its own word where there is none, else the number.
fn label(number: Option<&str>, own: Option<String>, words: &[&str]) -> Option<String> {
    let raw = number?;
    let at: Option<usize> = raw.parse().ok();
    match at.and_then(|at| words.get(at)).filter(|word| !word.is_empty()) {
        Some(word) => Some((*word).to_owned()),
        None => own.or_else(|| Some(raw.to_owned())),
    }
}
