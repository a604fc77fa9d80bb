//! Calls and address book of Viber on Android: `viber_data`.
//!
//! Known from abrignoni/ALEAPP (`Viber.py`), sleuthkit/autopsy (`viber.py`), plaso's plugin for Viber's calls
//! and a real database of 2022. A number that stands several times under one contact is told once.
//! Deliberately not read: pictures, deleted rows in free pages.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{Contact, FileNumber, Identifier, IdentifierKind, Place, Record, What};
use source::tree::Candidate;
use sqlite::{Row, Table};

use crate::database::{self, Became};
use crate::messengers::{Numbers, Told, events, identify, names, rest};
use crate::tables::{self, Gaps, Tables, text, unix_ms};
use crate::viber::{APP, call};
use crate::{About, Claim, Flow, Format, Input, Sink};

/// `viber_data`.
pub(crate) struct ViberAndroidData;

/// Tables that say nothing about anybody.
const HOUSEKEEPING: &[&str] = &["android_metadata", "room_master_table", "phonebookrawcontact", "walletlist"];

/// Tables whose rows are events of their own.
const EVENTS: &[Told] = &[
    Told {
        app: APP,
        table: "blockednumbers",
        kind: "blocked",
        text: &["canonized_number"],
        at: Some(("blocked_date", unix_ms)),
    },
    Told { app: APP, table: "sync_data", kind: "contact-sync", text: &["canonized_phone_number"], at: None },
    Told { app: APP, table: "walletnumbers", kind: "wallet-number", text: &["canonized_number"], at: None },
    Told { app: APP, table: "viberpay_data", kind: "viberpay", text: &["canonized_phone_number"], at: None },
];

impl Format for ViberAndroidData {
    fn name(&self) -> &'static str {
        "viber_android_data"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Viber calls and contacts on Android (viber_data)",
            covers: "calls, contacts with their numbers, users of Viber among them, blocked numbers",
            leaves_out: "pictures; deleted rows in free pages",
            source: "abrignoni/ALEAPP, sleuthkit/autopsy, plaso, a real database of 2022",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        tables::recognise(candidate, &["viber_data"], "phonebookcontact", &["phonebookcontact"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        calls(&mut tables, sink)?;
        contacts(&mut tables, sink)?;
        users(&mut tables, sink)?;
        for told in EVENTS {
            events(&mut tables, told, &Numbers::default(), sink)?;
        }
        tables.finish(HOUSEKEEPING, sink)
    }
}

fn calls(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("calls") else { return Flow::Continue(()) };
    let file = tables.file;
    let mut gaps = Gaps::new(file, "calls");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let (place, what) = (Place::row("calls", row.rowid()), What::Call(Box::new(call(table, row))));
        sink.record(Record { file, place, part, what })?;
        ControlFlow::Continue(Became::Record)
    })?;
    gaps.finish(tables.database, sink)
}

/// Contacts with the numbers that belong to them; numbers whose contact is gone stand for themselves.
fn contacts(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let file = tables.file;
    let present = Numbers::of_rows(tables.database, "phonebookcontact");
    let mut numbers: BTreeMap<i64, Vec<Identifier>> = BTreeMap::new();
    if let Some(table) = tables.take("phonebookdata") {
        let owner = table.column("contact_id");
        tables.each(table, sink, |row, part, sink| {
            if let Some(owner) = row.integer(owner).filter(|owner| present.has(*owner)) {
                number(table, row, numbers.entry(owner).or_default());
                return ControlFlow::Continue(Became::Continuation);
            }
            let mut contact = Contact { app: APP.to_owned(), ..Contact::default() };
            number(table, row, &mut contact.identifiers);
            rest(table, row, &[], &mut contact.extra);
            tell((file, Place::row("phonebookdata", row.rowid()), part), contact, sink)
        })?;
    }
    let Some(table) = tables.take("phonebookcontact") else { return Flow::Continue(()) };
    let name = table.column("display_name");
    tables.each(table, sink, |row, part, sink| {
        let mut contact = Contact { app: APP.to_owned(), ..Contact::default() };
        contact.id = Some(row.rowid().to_string());
        contact.names = names([text(row, name)]);
        contact.identifiers = numbers.remove(&row.rowid()).unwrap_or_default();
        rest(table, row, &["display_name"], &mut contact.extra);
        tell((file, Place::row("phonebookcontact", row.rowid()), part), contact, sink)
    })
}

/// The number of a row of `phonebookdata`: as Viber completes it, else as the phone book writes it.
fn number(table: &Table, row: &Row<'_>, identifiers: &mut Vec<Identifier>) {
    let value = |name: &str| text(row, table.column(name));
    let found = value("data2").or_else(|| value("data1")).or_else(|| value("data3"));
    let kind = match row.integer(table.column("mime_type")) {
        _ if found.as_deref().is_some_and(|value| value.contains('@')) => IdentifierKind::Mail,
        Some(0) | None => IdentifierKind::Phone,
        Some(_) => IdentifierKind::Other,
    };
    // The kinds of Android's phone book.
    let label = value("data5").or_else(|| {
        value("data4").map(|number| match number.as_str() {
            "1" => "home".to_owned(),
            "2" => "mobile".to_owned(),
            "3" => "work".to_owned(),
            _ => number,
        })
    });
    identify(identifiers, kind, found, label.filter(|label| label != "0"));
}

/// Those who use Viber.
fn users(tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("vibernumbers") else { return Flow::Continue(()) };
    let file = tables.file;
    tables.each(table, sink, |row, part, sink| {
        let value = |name: &str| text(row, table.column(name));
        let mut contact = Contact { app: APP.to_owned(), id: value("member_id"), ..Contact::default() };
        contact.names = names([value("viber_name")]);
        identify(&mut contact.identifiers, IdentifierKind::Phone, value("canonized_number"), None);
        identify(&mut contact.identifiers, IdentifierKind::Account, value("member_id"), None);
        rest(table, row, &["viber_name", "canonized_number", "member_id"], &mut contact.extra);
        tell((file, Place::row("vibernumbers", row.rowid()), part), contact, sink)
    })
}

fn tell(
    (file, place, part): (FileNumber, Place, u16),
    contact: Contact,
    sink: &mut dyn Sink,
) -> ControlFlow<(), Became> {
    sink.record(Record { file, place, part, what: What::Contact(Box::new(contact)) })?;
    ControlFlow::Continue(Became::Record)
}
