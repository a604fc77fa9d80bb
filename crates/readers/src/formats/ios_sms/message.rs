//! One row of `message`.
//!
//! Text is in `text`, or since iOS 16 only in `attributedBody`. Rows with an `item_type` are written by the
//! program: changes of a group, of location sharing. Numbers whose meaning is not known stay numbers.

use model::record::FileNumber;
use model::record::{
    Attachment, AttachmentState, ChatKind, ChatRef, Direction, Extra, Inside, MediaKind, Message, Party,
    Place, Quoted, Record, State, What,
};
use source::tree::Tree;
use sqlite::{ColumnNumber, Row, Table, Value};

use super::lists::{Chat, Lists, bare, recoverable_chat};
use super::{apps, summary, tapbacks};
use crate::Input;
use crate::database::Became;
use crate::tables::{Kept, apple, shown, text};
use crate::typedstream::{self, Extent};

macro_rules! columns {
    ($($name:ident)*) => {
        /// The columns of `message`, as far as they are there.
        pub(super) struct Columns {
            $(pub(super) $name: Option<ColumnNumber>,)*
            kept: Kept,
        }

        impl Columns {
            /// Looks them up.
            pub(super) fn of(table: &Table) -> Self {
                Self { $($name: table.column(stringify!($name)),)* kept: Kept::of(table, KEPT) }
            }
        }
    };
}

columns! {
    guid text attributedbody subject service account handle_id other_handle date date_read date_delivered
    date_played date_edited date_retracted is_from_me is_read is_audio_message error item_type
    group_action_type
    group_title share_status share_direction associated_message_type associated_message_guid
    associated_message_emoji message_summary_info balloon_bundle_id payload_data thread_originator_guid
    cache_roomnames destination_caller_id schedule_type
}

/// Columns that are kept as they are where they say something.
const KEPT: &[&str] = &[
    "destination_caller_id",
    "account",
    "service_center",
    "error",
    "is_spam",
    "is_sos",
    "is_critical",
    "is_stewie",
    "is_emote",
    "is_forward",
    "is_expirable",
    "expire_state",
    "was_downgraded",
    "was_delivered_quietly",
    "expressive_send_style_id",
    "schedule_type",
    "schedule_state",
    "sent_or_received_off_grid",
    "thread_originator_part",
    "is_detonated",
];

impl Columns {
    /// The record of a row, and as what it counts.
    pub(super) fn record(
        &self,
        input: &Input<'_>,
        lists: &Lists<'_>,
        row: &Row<'_>,
        part: u16,
    ) -> (Record, Became) {
        let mut message = Message {
            app: self.app(row),
            id: text(row, self.guid),
            direction: self.direction(row),
            sender: self.sender(lists, row),
            sent: apple(row.get(self.date)),
            subject: text(row, self.subject),
            ..Message::default()
        };
        self.chat(lists, row, &mut message);
        self.times(row, &mut message);
        self.kept.add(row, &mut message.extra);
        self.body(row, &mut message);
        self.program(lists, row, &mut message);
        self.associated(row, &mut message);
        self.attachments(input, lists, row, &mut message);
        self.summary(row, &mut message);
        self.app_message(row, &mut message);
        self.odd(row, &mut message.extra);
        let (reactions, removed) = tapbacks::to(lists, self, row.rowid());
        message.reactions = reactions;
        message.extra.extend(removed);
        let became = if message.direction == Direction::System { Became::System } else { Became::Record };
        let place = Place::row("message", row.rowid());
        (Record { file: input.file, place, part, what: What::Message(Box::new(message)) }, became)
    }

    /// Who sent it: the handle, or for what the owner sent the owner's own address.
    pub(super) fn sender(&self, lists: &Lists<'_>, row: &Row<'_>) -> Option<Party> {
        match row.integer(self.is_from_me) {
            Some(1) => {
                let account = text(row, self.account);
                // An account is written with the sort of its address in front: `e:` mail, `p:` number.
                let bare = account.as_deref().map(|account| match account.split_once(':') {
                    Some(("e" | "E" | "p" | "P", address)) => address,
                    _ => account,
                });
                let own = text(row, self.destination_caller_id).or_else(|| bare.map(str::to_owned));
                own.filter(|own| !own.is_empty()).map(Party::with_id)
            }
            _ => row.integer(self.handle_id).and_then(|handle| lists.party(handle)),
        }
    }

    fn app(&self, row: &Row<'_>) -> String {
        match text(row, self.service).as_deref() {
            Some("SatelliteSMS") => "satellite-sms".to_owned(),
            Some(service) => service.to_lowercase(),
            None => "imessage".to_owned(),
        }
    }

    fn direction(&self, row: &Row<'_>) -> Direction {
        match (row.integer(self.item_type).unwrap_or_default(), row.integer(self.is_from_me)) {
            (0, Some(0)) => Direction::Incoming,
            (0, Some(1)) => Direction::Outgoing,
            (0, _) => Direction::Unknown,
            _ => Direction::System,
        }
    }

    fn chat(&self, lists: &Lists<'_>, row: &Row<'_>, message: &mut Message) {
        let mut chats: Vec<&Chat> = lists.chats_of(row.rowid()).collect();
        let start = lists.recoverable.partition_point(|(one, _)| *one < row.rowid());
        let deleted = lists.recoverable.iter().skip(start).take_while(|(one, _)| *one == row.rowid());
        for (_, join) in deleted {
            chats.extend(recoverable_chat(lists.database, *join).and_then(|chat| lists.chats.get(&chat)));
            let table = lists.database.table("chat_recoverable_message_join");
            let found = table.and_then(|table| Some((table, lists.database.row(table, *join).ok()??)));
            let at = found.and_then(|(table, row)| apple(row.row().get(table.column("delete_date"))));
            message.times.extend(at.map(|at| ("deleted".to_owned(), at)));
            message.states.push(State::RecentlyDeleted);
            message.states.dedup();
        }
        let mut chats = chats.into_iter();
        let other = row.integer(self.handle_id).and_then(|handle| lists.party(handle));
        if let Some(chat) = chats.next() {
            message.chat = chat.reference.clone();
            message.extra.extend(chat.marks.iter().cloned());
            if message.direction == Direction::Outgoing && other.is_none() {
                message.recipients = chat.people.iter().filter_map(|person| lists.party(*person)).collect();
            }
        } else {
            // In no chat: the room's name or the other's address tells at least which rows belong together.
            let room = text(row, self.cache_roomnames);
            let kind = if room.is_some() { ChatKind::Group } else { ChatKind::Unknown };
            let id = room.or_else(|| other.as_ref().and_then(|party| party.id.clone())).unwrap_or_default();
            message.chat = ChatRef { id, name: None, kind };
        }
        if message.direction == Direction::Outgoing {
            message.recipients.extend(other);
        }
        for chat in chats.filter(|chat| chat.reference.id != message.chat.id).take(16) {
            message.extra.push(("further chat".to_owned(), chat.reference.id.clone()));
        }
    }

    fn times(&self, row: &Row<'_>, message: &mut Message) {
        let roles = [
            ("delivered", self.date_delivered),
            ("read", self.date_read),
            ("played", self.date_played),
            ("edited", self.date_edited),
            ("deleted", self.date_retracted),
        ];
        for (role, column) in roles {
            message.times.extend(apple(row.get(column)).map(|time| (role.to_owned(), time)));
        }
        let read = row.integer(self.is_read) == Some(1) || apple(row.get(self.date_read)).is_some();
        if read {
            message.states.push(State::Read);
        }
        if row.integer(self.error).unwrap_or_default() != 0 {
            message.states.push(State::Failed);
        }
        if row.integer(self.schedule_type).unwrap_or_default() != 0 {
            message.states.push(State::Pending);
        }
    }

    fn body(&self, row: &Row<'_>, message: &mut Message) {
        let plain = text(row, self.text);
        let archived = row.blob(self.attributedbody);
        // The archive is needed where there is no plain text, and where it may hold what a voice message
        // says.
        let voice = row.integer(self.is_audio_message) == Some(1);
        if plain.is_none() || voice {
            let read = archived.and_then(typedstream::attributed);
            if archived.is_some() && read.as_ref().is_none_or(|read| read.extent == Extent::Cut) {
                message.states.push(State::Doubtful("attributedBody damaged".to_owned()));
            }
            if let Some(read) = read {
                message.text = read.text.filter(|text| !text.is_empty());
                let words = read.marks.into_iter().filter(|(name, _)| name.ends_with("AudioTranscription"));
                message.extra.extend(words.map(|(_, words)| ("transcription".to_owned(), words)));
            }
        }
        message.text = plain.or(message.text.take());
        if row.blob(self.text).is_some() {
            message.states.push(State::Doubtful("text stored as bytes".to_owned()));
        }
        // Marks that stand for an attachment are no text of their own.
        if message
            .text
            .as_deref()
            .is_some_and(|text| text.chars().all(|one| matches!(one, '\u{fffc}' | '\u{fffd}')))
        {
            message.text = None;
        }
    }

    /// Values that should be whole numbers and are not: as they are.
    fn odd(&self, row: &Row<'_>, extra: &mut Extra) {
        let columns = [
            ("handle_id", self.handle_id),
            ("is_from_me", self.is_from_me),
            ("item_type", self.item_type),
            ("associated_message_type", self.associated_message_type),
        ];
        for (name, column) in columns {
            let value = row.get(column);
            if !matches!(value, Value::Integer(_)) {
                extra.extend(shown(value).map(|value| (name.to_owned(), value)));
            }
        }
    }

    /// What the program itself tells: changes of the group, of location sharing.
    fn program(&self, lists: &Lists<'_>, row: &Row<'_>, message: &mut Message) {
        let item = row.integer(self.item_type).unwrap_or_default();
        if item == 0 {
            return;
        }
        let action = row.integer(self.group_action_type).unwrap_or_default();
        let share = row.integer(self.share_status).unwrap_or_default();
        let what = match (item, action, share) {
            (1, 0, _) => "participant-added",
            (1, 1, _) => "participant-removed",
            (2, ..) => "group-renamed",
            (3, 0, _) => "participant-left",
            (3, 1, _) => "group-photo-changed",
            (3, 2, _) => "group-photo-removed",
            (4, _, 0) => "location-sharing-started",
            (4, _, 1) => "location-sharing-stopped",
            (5, ..) => "voice-message-kept",
            (6, ..) => "shareplay",
            _ => "",
        };
        let mut what = what.to_owned();
        if what.is_empty() {
            what = format!("item_type {item} group_action_type {action}");
        }
        let about = row.integer(self.other_handle).and_then(|handle| lists.party(handle));
        message.inside.push(Inside::Change { what, about: about.into_iter().collect() });
        let raw = [
            ("item_type", self.item_type),
            ("group_action_type", self.group_action_type),
            ("share_status", self.share_status),
            ("share_direction", self.share_direction),
            ("is_from_me", self.is_from_me),
        ];
        for (name, column) in raw {
            message.extra.extend(row.integer(column).map(|number| (name.to_owned(), number.to_string())));
        }
        message.extra.extend(text(row, self.group_title).map(|title| ("group_title".to_owned(), title)));
    }

    /// What it answers or reacts to.
    fn associated(&self, row: &Row<'_>, message: &mut Message) {
        let answered = text(row, self.thread_originator_guid);
        message.quoted = answered.map(|id| Quoted { id: Some(id), ..Quoted::default() });
        let kind = row.integer(self.associated_message_type).unwrap_or_default();
        if let Some(target) = text(row, self.associated_message_guid) {
            message.quoted = Some(Quoted { id: Some(bare(&target).to_owned()), ..Quoted::default() });
            message.extra.push(("associated_message_guid".to_owned(), target));
        } else if kind == 0 {
            return;
        }
        message.extra.push(("associated_message_type".to_owned(), kind.to_string()));
        if let Some(tapback) = tapbacks::Tapback::of(kind) {
            let sign = tapback.sign(text(row, self.associated_message_emoji));
            let what = match tapback.deed() {
                tapbacks::Deed::Set => format!("reaction {sign}"),
                tapbacks::Deed::Removed => format!("reaction removed {sign}"),
            };
            message.inside.push(Inside::Change { what, about: Vec::new() });
        }
    }

    fn attachments(&self, input: &Input<'_>, lists: &Lists<'_>, row: &Row<'_>, message: &mut Message) {
        let Some(table) = lists.database.table("attachment") else { return };
        let voice = if row.integer(self.is_audio_message) == Some(1) { Sound::Voice } else { Sound::Any };
        for number in lists.files_of(row.rowid()) {
            let Ok(Some(found)) = lists.database.row(table, number) else {
                message.attachments.push(Attachment::default());
                message.extra.push(("attachment missing".to_owned(), number.to_string()));
                continue;
            };
            let found = found.row();
            let one = attachment(input, table, &found, voice);
            if one.media_type.as_deref() == Some("text/x-vlocation") {
                let name = one.name.clone();
                message.inside.push(Inside::Location { point: None, name, live: false });
            }
            message.attachments.push(one);
            let marks = ["is_commsafety_sensitive", "emoji_image_short_description"];
            let mut extra = Extra::new();
            Kept::of(table, &marks).add(&found, &mut extra);
            message
                .extra
                .extend(extra.into_iter().map(|(name, value)| (format!("attachment.{name}"), value)));
        }
    }

    fn summary(&self, row: &Row<'_>, message: &mut Message) {
        let Some(bytes) = row.blob(self.message_summary_info) else { return };
        let summary = summary::read(bytes);
        if summary.damage {
            message.states.push(State::Doubtful("message_summary_info damaged".to_owned()));
        }
        if !summary.versions.is_empty() {
            message.states.push(State::Edited);
            message.versions = summary.versions;
        }
        if let Some(edited) = summary.edited
            && !message.times.iter().any(|(role, _)| role == "edited")
        {
            message.times.push(("edited".to_owned(), edited));
        }
        if summary.unsent.is_empty() {
            return;
        }
        let all = summary.parts.is_some_and(|parts| summary.unsent.len() >= parts);
        if all || message.text.is_none() {
            message.states.push(State::DeletedBySender);
        }
        message.extra.push(("unsent parts".to_owned(), summary.unsent.join(",")));
    }

    fn app_message(&self, row: &Row<'_>, message: &mut Message) {
        let Some(bundle) = text(row, self.balloon_bundle_id) else { return };
        let read = apps::read(&bundle, row.blob(self.payload_data).unwrap_or_default());
        message.inside.extend(read.inside);
        message.extra.push(("balloon_bundle_id".to_owned(), bundle));
        message.extra.extend(read.extra);
    }
}

/// What a sound file with a message is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sound {
    /// Recorded as a message.
    Voice,
    /// Any.
    Any,
}

/// An attachment by its row.
pub(super) fn attachment(input: &Input<'_>, table: &Table, row: &Row<'_>, sound: Sound) -> Attachment {
    let column = |name: &str| table.column(name);
    let path = text(row, column("filename"));
    let media_type = text(row, column("mime_type")).or_else(|| text(row, column("uti")));
    let file = path.as_deref().and_then(|path| find(input.tree, input.file, path));
    let kind = if row.integer(column("is_sticker")) == Some(1) {
        MediaKind::Sticker
    } else {
        match (kind(media_type.as_deref().unwrap_or_default()), sound) {
            (MediaKind::Audio, Sound::Voice) => MediaKind::Voice,
            (kind, _) => kind,
        }
    };
    Attachment {
        kind,
        name: path.or_else(|| text(row, column("transfer_name"))),
        media_type,
        size_bytes: row.integer(column("total_bytes")).and_then(|size| u64::try_from(size).ok()),
        file,
        state: if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound },
        ..Attachment::default()
    }
}

fn kind(media_type: &str) -> MediaKind {
    match media_type.split_once('/') {
        Some(("image", "gif")) => MediaKind::Animation,
        Some(("image", _)) => MediaKind::Picture,
        Some(("video", _)) => MediaKind::Video,
        Some(("audio", _)) => MediaKind::Audio,
        Some(("text", "vcard" | "x-vcard")) => MediaKind::ContactCard,
        None if media_type.contains("coreaudio") => MediaKind::Audio,
        None if media_type.is_empty() || media_type.starts_with("dyn.") => MediaKind::Unknown,
        _ => MediaKind::Document,
    }
}

/// The file of an attachment. Its path begins in the home folder (`~/Library/SMS/Attachments/…`); a backup
/// keeps attachments in another domain than the database, and a folder that was copied has them beside it.
fn find(tree: &Tree, database: FileNumber, path: &str) -> Option<FileNumber> {
    let at = path.find("Library/")?;
    let rest = path.get(at..)?;
    let entry = tree.entry(database)?;
    let home = entry.path().rsplit_once("Library/").map_or("", |(home, _)| home);
    let look = |folder: &str, rest: &str| tree.find(entry.container(), &format!("{folder}{rest}"));
    let media = || look(&format!("{}MediaDomain/", home.strip_suffix("HomeDomain/")?), rest);
    let beside = || look(entry.folder(), rest.splitn(3, '/').nth(2)?);
    look(home, rest).or_else(media).or_else(beside)
}
