//! WhatsApp's contacts on iOS: `ContactsV2.sqlite`.
//!
//! Follows the table `ZWAADDRESSBOOKCONTACT` as seen from 2019 to 2026 (abrignoni/iLEAPP; real databases of
//! iOS 15). Newer versions of WhatsApp may have no such file. Deliberately no list of devices.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use model::record::{Contact, Identifier, IdentifierKind, Place, Record, What};
use source::tree::Candidate;

use super::whatsapp_ios;
use crate::database::{self, Became};
use crate::whatsapp::gaps::Order;
use crate::whatsapp::named::{Fields, Named};
use crate::whatsapp::{APP, apple, jid, tables};
use crate::{About, Claim, Flow, Format, Input, Sink};

/// The reader of `ContactsV2.sqlite`.
pub(super) struct WhatsappIosContacts;

/// The table of contacts.
const TABLE: &str = "ZWAADDRESSBOOKCONTACT";

impl Format for WhatsappIosContacts {
    fn name(&self) -> &'static str {
        "whatsapp_ios_contacts"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "WhatsApp contacts on iOS (ContactsV2.sqlite)",
            covers: "contacts with names, numbers and status line",
            leaves_out: "lists of devices",
            source: "abrignoni/iLEAPP (2026), real databases of iOS 15",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        whatsapp_ios::recognise(candidate, "ContactsV2.sqlite", TABLE)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let file = input.file;
        database::condition(&database, file, sink)?;
        if let Some(table) = database.table(TABLE) {
            let fields = Fields::of(table, CONTACT);
            let mut order = Order::default();
            database::each_row((&database, table, file), sink, &mut |row, sink| {
                let what = What::Contact(Box::new(contact(fields.in_row(row))));
                let (place, part) = (Place::row(table.name(), row.rowid()), order.part(row.rowid()));
                sink.record(Record { file, place, part, what })?;
                ControlFlow::Continue(Became::Record)
            })?;
        }
        tables::rest((&database, file), &BTreeSet::from([TABLE]), whatsapp_ios::known, sink)
    }
}

const CONTACT: &[&str] = &[
    "ZFULLNAME",
    "ZGIVENNAME",
    "ZPHONENUMBER",
    "ZPHONENUMBERLABEL",
    "ZLOCALIZEDPHONENUMBER",
    "ZWHATSAPPID",
    "ZLID",
    "ZUSERNAME",
    "ZABOUTTEXT",
    "ZABOUTTIMESTAMP",
    "ZIDENTIFIER",
    "ZPHONESTATUS",
];

fn contact(row: Named<'_, '_>) -> Contact {
    let id = row.text("ZWHATSAPPID").or_else(|| row.text("ZLID"));
    let mut contact = Contact { app: APP.to_owned(), id, ..Contact::default() };
    for name in ["ZFULLNAME", "ZGIVENNAME", "ZUSERNAME"].into_iter().filter_map(|name| row.text(name)) {
        if !contact.names.contains(&name) {
            contact.names.push(name);
        }
    }
    let mut add = |kind, value: Option<String>, label: Option<String>| {
        contact.identifiers.extend(value.map(|value| Identifier { kind, value, label }));
    };
    let number = row.text("ZPHONENUMBER").or_else(|| row.text("ZLOCALIZEDPHONENUMBER"));
    let of_account = || Some(format!("+{}", jid::phone(&row.text("ZWHATSAPPID")?)?));
    add(IdentifierKind::Phone, number.or_else(of_account), row.text("ZPHONENUMBERLABEL"));
    add(IdentifierKind::Account, row.text("ZWHATSAPPID"), None);
    add(IdentifierKind::Account, row.text("ZLID"), None);
    contact.note = row.text("ZABOUTTEXT");
    contact.changed = apple(row, "ZABOUTTIMESTAMP");
    for name in ["ZIDENTIFIER", "ZPHONESTATUS"] {
        row.keep(name, &mut contact.extra);
    }
    contact
}
