//! WhatsApp's contacts on Android: `wa.db`.
//!
//! Follows the tables `wa_contacts` and `wa_block_list` as seen in databases of 2015 to 2026 (read by
//! KnugiHK's WhatsApp-Chat-Exporter and ALEAPP, 2026). In a backup the table is often empty. Deliberately
//! no pictures and no settings of businesses.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use model::record::{
    Contact, Event, FileNumber, Identifier, IdentifierKind, Place, Record, TimeReading, What,
};
use source::tree::Candidate;
use sqlite::{Database, Limits};

use crate::database::{self, Became};
use crate::whatsapp::gaps::Order;
use crate::whatsapp::named::{Fields, Named};
use crate::whatsapp::tables::{self, Known};
use crate::whatsapp::{APP, jid};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The reader of `wa.db`.
pub(super) struct WhatsappContacts;

impl Format for WhatsappContacts {
    fn name(&self) -> &'static str {
        "whatsapp_contacts"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "WhatsApp contacts on Android (wa.db)",
            covers: "contacts with names, numbers and status line, blocked contacts",
            leaves_out: "pictures, settings of businesses",
            source: "KnugiHK/WhatsApp-Chat-Exporter, abrignoni/ALEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let named = candidate.entry().name().eq_ignore_ascii_case("wa.db");
        let shown = || memchr::memmem::find(candidate.head(), b"wa_contacts").is_some();
        if !candidate.is_sqlite() || !(named || shown()) {
            return None;
        }
        let bytes = candidate.entry().content().random().ok()?;
        let database = Database::open(bytes, None, Limits::DEFAULT);
        let fits = match &database {
            Ok(database) => database.table("wa_contacts").is_some() || !database.problems().is_empty(),
            Err(_) => named,
        };
        let with = database::companions(candidate);
        fits.then_some(Claim { certainty: Certainty::Certain, with })
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let file = input.file;
        database::condition(&database, file, sink)?;
        let mut read = BTreeSet::new();
        if let Some(table) = database.table("wa_contacts") {
            read.insert(table.name());
            let fields = Fields::of(table, CONTACT);
            let mut order = Order::default();
            database::each_row((&database, table, file), sink, &mut |row, sink| {
                let what = What::Contact(Box::new(contact(fields.in_row(row))));
                let part = order.part(row.rowid());
                sink.record(Record { file, place: Place::row(table.name(), row.rowid()), part, what })?;
                ControlFlow::Continue(Became::Record)
            })?;
        }
        if let Some(table) = database.table("wa_block_list") {
            read.insert(table.name());
            blocked((&database, table, file), sink)?;
        }
        tables::rest((&database, file), &read, known, sink)
    }
}

/// The columns of a contact.
const CONTACT: &[&str] = &[
    "jid",
    "number",
    "display_name",
    "given_name",
    "family_name",
    "wa_name",
    "nickname",
    "status",
    "status_timestamp",
    "company",
    "title",
    "phone_label",
    "is_whatsapp_user",
    "raw_contact_id",
    "is_spam_reported",
];

fn contact(row: Named<'_, '_>) -> Contact {
    let id = row.text("jid");
    let mut contact = Contact { app: APP.to_owned(), id: id.clone(), ..Contact::default() };
    let given = [row.text("given_name"), row.text("family_name")];
    let given = given.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let names = [row.text("display_name"), Some(given), row.text("nickname"), row.text("wa_name")];
    for name in names.into_iter().flatten().filter(|name| !name.is_empty()) {
        if !contact.names.contains(&name) {
            contact.names.push(name);
        }
    }
    if let Some(value) = row.text("number") {
        let label = row.text("phone_label");
        contact.identifiers.push(Identifier { kind: IdentifierKind::Phone, value, label });
    } else if let Some(value) = id.as_deref().and_then(jid::phone).map(|digits| format!("+{digits}")) {
        contact.identifiers.push(Identifier { kind: IdentifierKind::Phone, value, label: None });
    }
    if let Some(value) = id {
        contact.identifiers.push(Identifier { kind: IdentifierKind::Account, value, label: None });
    }
    contact.note = row.text("status");
    contact.changed = row.positive("status_timestamp").map(TimeReading::unix_ms);
    for name in ["wa_name", "company", "title", "is_whatsapp_user", "raw_contact_id", "is_spam_reported"] {
        row.keep(name, &mut contact.extra);
    }
    contact
}

/// Contacts that the owner has blocked.
fn blocked((database, table, file): (&Database, &sqlite::Table, FileNumber), sink: &mut dyn Sink) -> Flow {
    let fields = Fields::of(table, &["jid"]);
    let mut order = Order::default();
    database::each_row((database, table, file), sink, &mut |row, sink| {
        let text = fields.in_row(row).text("jid");
        let event = Event { app: APP.to_owned(), kind: "blocked".to_owned(), text, ..Event::default() };
        let (place, part) = (Place::row(table.name(), row.rowid()), order.part(row.rowid()));
        sink.record(Record { file, place, part, what: What::Event(Box::new(event)) })?;
        ControlFlow::Continue(Became::Record)
    })
}

fn known(table: &str) -> Known {
    const HOUSEKEEPING: &[&str] = &[
        "android_metadata",
        "system_contacts_version_table",
        "wa_contact_capabilities",
        "wa_contact_storage_usage",
        "wa_last_entry_point",
        "wa_props",
        "wa_trusted_contacts",
        "wa_trusted_contacts_send",
    ];
    if HOUSEKEEPING.contains(&table) { Known::Housekeeping } else { Known::Nothing }
}
