//! WhatsApp on Android: `msgstore.db`, messages and calls.
//!
//! Reads the schema since 2021 (`message` with its side tables), the one before (`messages`), and databases
//! of the transition that hold both. Known from KnugiHK/WhatsApp-Chat-Exporter, abrignoni/ALEAPP and
//! chat-history-manager-rust (2023 to 2026) and from the public database in ElDavoo/wa-crypt-tools. Names
//! come from `wa.db` if it is there. Deliberately not read: thumbnails, keys of media, what was deleted
//! from the database (gaps in row numbers are told).

mod add_ons;
mod calls;
mod chats;
mod details;
mod kinds;
mod legacy;
mod messages;
mod people;
mod sides;

use std::collections::BTreeSet;

use model::record::FileNumber;
use source::tree::Candidate;
use sqlite::{Database, Limits};

use add_ons::AddOns;
use details::Around;
use messages::{Keys, Reading};
use people::People;

use crate::database;
use crate::troubles::Troubles;
use crate::whatsapp::beside::Sides;
use crate::whatsapp::media::MediaFiles;
use crate::whatsapp::tables::{self, Known};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The reader of `msgstore.db`.
pub(super) struct WhatsappAndroid;

impl Format for WhatsappAndroid {
    fn name(&self) -> &'static str {
        "whatsapp_android"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "WhatsApp on Android (msgstore.db)",
            covers: "messages, reactions, polls, places, receipts, changes, calls; schemas before and since \
                     2021 and both in one; WhatsApp Business",
            leaves_out: "thumbnails, keys of media, rows in free pages",
            source: "KnugiHK/WhatsApp-Chat-Exporter, abrignoni/ALEAPP, chat-history-manager-rust (2023-2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let named = candidate.entry().name().to_ascii_lowercase().starts_with("msgstore");
        let shown = || {
            let has = |text: &[u8]| memchr::memmem::find(candidate.head(), text).is_some();
            has(b"key_remote_jid") || has(b"receipt_user_jid_row_id") || has(b"sender_jid_row_id")
        };
        if !candidate.is_sqlite() || !(named || shown()) {
            return None;
        }
        let bytes = candidate.entry().content().random().ok()?;
        let fits = match Database::open(bytes, None, Limits::DEFAULT) {
            Ok(database) => is_store(&database) || (named && !database.problems().is_empty()),
            Err(_) => named,
        };
        let with = database::companions(candidate);
        fits.then_some(Claim { certainty: Certainty::Certain, with })
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        database::condition(&database, input.file, sink)?;
        read(input, (&database, input.file), sink)
    }
}

fn is_store(database: &Database) -> bool {
    let has =
        |table: &str, column: &str| database.table(table).is_some_and(|table| table.column(column).is_some());
    has("message", "chat_row_id") || has("messages", "key_remote_jid")
}

fn read(input: &Input<'_>, of: (&Database, FileNumber), sink: &mut dyn Sink) -> Flow {
    let mut troubles = Troubles::new(of.1);
    let mut people = People::read((input, of.0), sink)?;
    chats::note(of.0, &mut people);
    let add_ons = AddOns::read(of, &mut troubles, sink)?;
    let sides = Sides::read(of, sides::side_of, sink)?;
    let beside: BTreeSet<&str> = sides.tables.iter().map(|side| side.table.name()).collect();
    let media = MediaFiles::around(input.tree, input.file);
    let around = Around { people: &people, media: &media, add_ons: &add_ons };
    chats::read(of, &people, sink)?;
    let mut reading = Reading { of, around, sides, troubles };
    let mut keys = Keys::new(of.0);
    let both = of.0.table("messages").is_some();
    reading.messages(both.then_some(&mut keys), sink)?;
    reading.old_messages(&keys, sink)?;
    reading.orphans(sink)?;
    reading.calls(sink)?;
    reading.sides.finish(sink)?;
    reading.troubles.finish(sink)?;
    let read = ["message"].into_iter().chain(People::TABLES).chain(add_ons::TABLES).chain(chats::TABLES);
    let read = read.chain(legacy::TABLES).chain(calls::TABLES).chain(beside);
    tables::rest(of, &read.collect(), known, sink)
}

/// Tables that say nothing about anybody.
fn known(table: &str) -> Known {
    const OWN: &[&str] = &[
        "android_metadata",
        "conversion_tuples",
        "frequent",
        "frequents",
        "group_notification_version",
        "group_participant_device",
        "joinable_call_log",
        "media_hash_thumbnail",
        "media_refs",
        "message_add_on_receipt_device",
        "message_ftsv2",
        "message_media_interactive_annotation_vertex",
        "message_thumbnails",
        "payment_background",
        "payment_background_order",
        "primary_device_version",
        "props",
        "quick_reply_usage",
        "status",
        "status_list",
        "user_device",
        "user_device_info",
    ];
    let own = OWN.contains(&table) || sides::HOUSEKEEPING.contains(&table) || table.contains("_fts");
    if own { Known::Housekeeping } else { Known::Nothing }
}
