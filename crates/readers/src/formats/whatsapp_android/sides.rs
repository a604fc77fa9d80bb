//! The tables of `msgstore.db` that stand beside messages. A table that names `message_row_id` and that
//! nobody knows is one of them too: its values are kept under their own names.

use sqlite::{Table, TableKind};

use crate::whatsapp::beside::Kind;

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
    (
        "message_media",
        Side::Media,
        MESSAGE,
        &[
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
        ],
    ),
    (
        "message_location",
        Side::Location,
        MESSAGE,
        &[
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
        ],
    ),
    (
        "message_quoted",
        Side::Quoted,
        MESSAGE,
        &[
            "key_id",
            "text_data",
            "from_me",
            "sender_jid_row_id",
            "parent_message_chat_row_id",
            "chat_row_id",
            "message_type",
        ],
    ),
    ("message_text", Side::Link, MESSAGE, &["url", "page_title", "description"]),
    ("message_vcard", Side::Card, MESSAGE, &["vcard"]),
    ("messages_vcards", Side::Card, MESSAGE, &["vcard"]),
    (
        "message_add_on",
        Side::AddOn,
        "parent_message_row_id",
        &["from_me", "sender_jid_row_id", "timestamp", "message_add_on_type", "chat_row_id"],
    ),
    (
        "message_edit_info",
        Side::Edited,
        MESSAGE,
        &["original_key_id", "edited_timestamp", "sender_timestamp"],
    ),
    ("message_revoked", Side::Revoked, MESSAGE, &["revoked_key_id", "admin_jid_row_id", "revoke_timestamp"]),
    ("message_forwarded", Side::Forwarded, MESSAGE, &["forward_score"]),
    ("message_view_once_media", Side::ViewOnce, MESSAGE, &["state"]),
    ("message_ephemeral", Side::Disappearing, MESSAGE, &["duration", "expire_timestamp"]),
    ("message_poll_option", Side::PollOption, MESSAGE, &["option_name", "vote_total"]),
    ("message_system", Side::System, MESSAGE, &["action_type"]),
    ("message_system_chat_participant", Side::Participant, MESSAGE, &["user_jid_row_id"]),
    ("message_system_number_change", Side::NumberChange, MESSAGE, &["old_jid_row_id", "new_jid_row_id"]),
    (
        "receipt_user",
        Side::Receipt,
        MESSAGE,
        &["receipt_user_jid_row_id", "receipt_timestamp", "read_timestamp", "played_timestamp"],
    ),
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

/// What a table is, if it stands beside messages.
pub(super) fn side_of(table: &Table) -> Option<Kind<Side>> {
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
