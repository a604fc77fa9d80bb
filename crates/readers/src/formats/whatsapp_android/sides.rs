//! The tables that stand beside messages: which row belongs to which message, and which belongs to none.
//!
//! All rows of all these tables are indexed once (message, table, row: 24 bytes each), so that the messages can
//! be gone over in order and each finds its rows without a search. A table that names `message_row_id` and that
//! nobody knows is one of them too: its values are kept under their own names.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use model::record::{Counted, FileNumber};
use sqlite::{Database, Table, TableKind};

use crate::database::{self, Became};
use crate::whatsapp::named::Fields;
use crate::whatsapp::tables::Holding;
use crate::{Flow, Sink};

/// What a table says about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Media,
    Location,
    Quoted,
    Link,
    Card,
    AddOn,
    Edited,
    Revoked,
    Forwarded,
    ViewOnce,
    Disappearing,
    PollOption,
    System,
    Participant,
    NumberChange,
    Receipt,
    Mention,
    MissedCall,
    /// Any other table that names messages.
    Other,
}

/// Table, what it says, the column that names the message, the columns that are read.
type Known = (&'static str, Side, &'static str, &'static [&'static str]);

const MESSAGE: &str = "message_row_id";

const KNOWN: &[Known] = &[
    ("message_media", Side::Media, MESSAGE, &[
        "file_path",
        "media_name",
        "mime_type",
        "file_length",
        "file_size",
        "media_duration",
        "media_caption",
        "file_hash",
        "transferred",
        "raw_transcription_text",
        "chat_row_id",
        "page_count",
        "accessibility_label",
    ]),
    ("message_location", Side::Location, MESSAGE, &[
        "latitude",
        "longitude",
        "place_name",
        "place_address",
        "url",
        "live_location_share_duration",
        "live_location_sequence_number",
        "live_location_final_latitude",
        "live_location_final_longitude",
        "live_location_final_timestamp",
        "chat_row_id",
    ]),
    ("message_quoted", Side::Quoted, MESSAGE, &[
        "key_id",
        "text_data",
        "from_me",
        "sender_jid_row_id",
        "parent_message_chat_row_id",
        "chat_row_id",
        "message_type",
    ]),
    ("message_text", Side::Link, MESSAGE, &["url", "page_title", "description"]),
    ("message_vcard", Side::Card, MESSAGE, &["vcard"]),
    ("messages_vcards", Side::Card, MESSAGE, &["vcard"]),
    ("message_add_on", Side::AddOn, "parent_message_row_id", &[
        "from_me",
        "sender_jid_row_id",
        "timestamp",
        "message_add_on_type",
        "chat_row_id",
    ]),
    ("message_edit_info", Side::Edited, MESSAGE, &["original_key_id", "edited_timestamp", "sender_timestamp"]),
    ("message_revoked", Side::Revoked, MESSAGE, &["revoked_key_id", "admin_jid_row_id", "revoke_timestamp"]),
    ("message_forwarded", Side::Forwarded, MESSAGE, &["forward_score"]),
    ("message_view_once_media", Side::ViewOnce, MESSAGE, &["state"]),
    ("message_ephemeral", Side::Disappearing, MESSAGE, &["duration", "expire_timestamp"]),
    ("message_poll_option", Side::PollOption, MESSAGE, &["option_name", "vote_total"]),
    ("message_system", Side::System, MESSAGE, &["action_type"]),
    ("message_system_chat_participant", Side::Participant, MESSAGE, &["user_jid_row_id"]),
    ("message_system_number_change", Side::NumberChange, MESSAGE, &["old_jid_row_id", "new_jid_row_id"]),
    ("receipt_user", Side::Receipt, MESSAGE, &[
        "receipt_user_jid_row_id",
        "receipt_timestamp",
        "read_timestamp",
        "played_timestamp",
    ]),
    ("message_mentions", Side::Mention, MESSAGE, &["jid_row_id", "display_name"]),
    ("missed_call_logs", Side::MissedCall, MESSAGE, &["video_call", "timestamp", "group_jid_row_id"]),
];

/// Tables that name messages and say nothing about them that a person needs.
pub(super) const HOUSEKEEPING: &[&str] = &[
    "audio_data",
    "labeled_messages",
    "message_link",
    "message_media_vcard_count",
    "message_privacy_state",
    "message_quoted_text",
    "message_secret",
    "message_send_count",
    "message_streaming_sidecar",
    "message_thumbnail",
    "message_vcard_jid",
    "messages_links",
    "messages_vcards_jids",
    "mms_thumbnail_metadata",
    "played_self_receipt",
    "receipt_device",
];

/// A table that stands beside messages.
pub(super) struct SideTable<'d> {
    /// The table.
    pub(super) table: &'d Table,
    /// What it says.
    pub(super) side: Side,
    /// Its columns; none for [`Side::Other`].
    pub(super) fields: Fields,
}

/// A row of one of the tables.
#[derive(Clone, Copy)]
struct Entry {
    message: i64,
    row: i64,
    table: u16,
    used: bool,
}

/// All rows beside messages.
pub(super) struct Sides<'d> {
    /// The tables.
    pub(super) tables: Vec<SideTable<'d>>,
    entries: Vec<Entry>,
    next: usize,
    counted: BTreeMap<u16, Counted>,
}

impl<'d> Sides<'d> {
    /// Goes over all the tables once. Their reckonings come with [`Sides::finish`].
    pub(super) fn read((database, file): (&'d Database, FileNumber), sink: &mut dyn Sink) -> ControlFlow<(), Self> {
        let mut sides = Self { tables: Vec::new(), entries: Vec::new(), next: 0, counted: BTreeMap::new() };
        for table in database.tables() {
            let Some((side, key, columns)) = side_of(table) else { continue };
            let number = u16::try_from(sides.tables.len()).unwrap_or(u16::MAX);
            let key = table.column(key);
            let is_row = key.is_some() && key == table.rowid_column();
            let mut holding = Holding { sink, held: Vec::new() };
            database::each_row((database, table, file), &mut holding, &mut |row, _| {
                let message = if is_row { Some(row.rowid()) } else { row.integer(key) };
                let message = message.unwrap_or(i64::MIN);
                sides.entries.push(Entry { message, row: row.rowid(), table: number, used: false });
                ControlFlow::Continue(Became::Continuation)
            })?;
            sides.counted.extend(holding.held.pop().map(|counted| (number, counted)));
            sides.tables.push(SideTable { table, side, fields: Fields::of(table, columns) });
        }
        sides.entries.sort_unstable_by_key(|entry| (entry.message, entry.table, entry.row));
        ControlFlow::Continue(sides)
    }

    /// The rows of a message, as table and row number. Messages are best asked for in order.
    pub(super) fn of(&mut self, message: i64) -> Range<usize> {
        let behind = self.entries.get(self.next.saturating_sub(1)).is_some_and(|entry| entry.message >= message);
        if behind {
            self.next = self.entries.partition_point(|entry| entry.message < message);
        }
        while self.entries.get(self.next).is_some_and(|entry| entry.message < message) {
            self.next = self.next.saturating_add(1);
        }
        let begin = self.next;
        while let Some(entry) = self.entries.get_mut(self.next).filter(|entry| entry.message == message) {
            entry.used = true;
            self.next = self.next.saturating_add(1);
        }
        begin..self.next
    }

    /// Table and row number of an entry.
    pub(super) fn at(&self, index: usize) -> Option<(&SideTable<'d>, i64)> {
        let entry = self.entries.get(index)?;
        Some((self.tables.get(usize::from(entry.table))?, entry.row))
    }

    /// The next message that is not there and has rows that say something of it: its number and their range.
    pub(super) fn orphan(&mut self, from: usize) -> Option<(i64, Range<usize>)> {
        let skipped = self.entries.get(from..)?.iter().position(|entry| !entry.used)?;
        let begin = from.checked_add(skipped)?;
        let message = self.entries.get(begin)?.message;
        let rows = self.entries.get(begin..)?.iter().take_while(|entry| entry.message == message).count();
        Some((message, begin..begin.checked_add(rows)?))
    }

    /// Says what became of the rows of a message that is not there.
    pub(super) fn settle(&mut self, index: usize, became: Became) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        entry.used = true;
        let Some(counted) = self.counted.get_mut(&entry.table) else { return };
        let count = match became {
            Became::Record => &mut counted.records,
            Became::System => &mut counted.system,
            Became::Problem => &mut counted.problems,
            Became::Continuation => return,
        };
        *count = count.saturating_add(1);
        counted.continuations = counted.continuations.saturating_sub(1);
    }

    /// Gives the reckonings.
    pub(super) fn finish(self, sink: &mut dyn Sink) -> Flow {
        self.counted.into_values().try_for_each(|counted| sink.counted(counted))
    }
}

/// What a table is, if it stands beside messages.
fn side_of(table: &Table) -> Option<(Side, &'static str, &'static [&'static str])> {
    let stores = !matches!(table.kind(), TableKind::View | TableKind::Virtual | TableKind::WithoutRowid);
    if !stores || HOUSEKEEPING.contains(&table.name()) {
        return None;
    }
    let known = KNOWN.iter().find(|(name, ..)| *name == table.name());
    match known {
        Some((_, side, key, columns)) => Some((*side, key, columns)),
        None => table.column(MESSAGE).map(|_| (Side::Other, MESSAGE, [].as_slice())),
    }
}
