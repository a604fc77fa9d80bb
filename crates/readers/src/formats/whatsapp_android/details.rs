//! Puts what the tables beside messages say into a message.

use model::record::{
    Attachment, AttachmentState, CallMedium, CallOutcome, ChatKind, ChatRef, Direction, Extra, Inside,
    MediaKind, Message, Party, Point, PollOption, Quoted, State, TimeReading,
};
use sqlite::{Row, Table};

use super::add_ons::AddOns;
use super::kinds;
use super::people::{People, Who};
use super::sides::Side;
use crate::whatsapp::beside::SideTable;
use crate::whatsapp::card;
use crate::whatsapp::media::MediaFiles;
use crate::whatsapp::named::{Named, shown};

/// What is needed to put rows into messages.
pub(super) struct Around<'a> {
    /// Who is who.
    pub(super) people: &'a People,
    /// The files of the tree.
    pub(super) media: &'a MediaFiles<'a>,
    /// Reactions and votes.
    pub(super) add_ons: &'a AddOns<'a>,
}

/// A message while its rows come in.
#[derive(Default)]
pub(super) struct Draft {
    /// The message.
    pub(super) message: Message,
    /// The number of its type.
    pub(super) kind: i64,
    options: Vec<PollOption>,
    change: Option<String>,
    about: Vec<Party>,
}

impl Draft {
    /// A message of this type.
    pub(super) fn new(message: Message, kind: i64) -> Self {
        Self { message, kind, ..Self::default() }
    }

    /// A change whose number stands in the message's own row.
    pub(super) fn changed(&mut self, action: i64) {
        self.change = Some(kinds::change(action));
    }

    /// Takes in a row.
    pub(super) fn add(&mut self, side: &SideTable<'_, Side>, row: &Row<'_>, around: &Around<'_>) {
        let named = side.fields.in_row(row);
        match side.side {
            Side::Media => self.media(named, around),
            Side::Location => self.location(named),
            Side::Quoted => self.quoted(named, around),
            Side::Link => self.link(named),
            Side::Card => {
                self.message.inside.extend(named.text("vcard").map(|text| card::contact(&text, None)));
            }
            Side::AddOn => around.add_ons.add(row.rowid(), named, around.people, &mut self.message),
            Side::Edited => self.edited(named),
            Side::Revoked => self.revoked(named, around.people),
            Side::Forwarded => {
                self.state(State::Forwarded);
                named.keep("forward_score", &mut self.message.extra);
            }
            Side::ViewOnce => {
                self.state(State::ViewOnce);
                self.extra("view_once_state", named.integer("state"));
            }
            Side::Disappearing => {
                if let Some(seconds) = named.size("duration") {
                    self.state(State::Disappearing(seconds));
                }
                self.time("expires", named.positive("expire_timestamp"));
            }
            Side::PollOption => {
                let votes = named.integer("vote_total").and_then(|votes| u64::try_from(votes).ok());
                let text = named.text("option_name").unwrap_or_default();
                self.options.push(PollOption { text, votes });
            }
            Side::System => self.change = named.integer("action_type").map(kinds::change),
            Side::Participant => self.about(named.positive("user_jid_row_id"), around.people),
            Side::NumberChange => {
                self.about(named.positive("old_jid_row_id"), around.people);
                self.about(named.positive("new_jid_row_id"), around.people);
            }
            Side::Receipt => self.receipt(named, around.people),
            Side::Mention => {
                let who = named.positive("jid_row_id").map(|jid| around.people.who(jid));
                let who = who.map(|who| spoken(&who.party)).or_else(|| named.text("display_name"));
                self.message.extra.extend(who.map(|who| ("mention".to_owned(), who)));
            }
            Side::MissedCall => self.missed_call(named),
            Side::Other => others(side.table, row, &mut self.message.extra),
        }
    }

    /// Everything has come in.
    pub(super) fn finish(mut self) -> Message {
        if !self.options.is_empty() {
            let question = self.message.text.clone().unwrap_or_default();
            self.message.inside.push(Inside::Poll { question, options: self.options });
        }
        let is_change = self.change.is_some() || !self.about.is_empty() || self.kind == 7;
        if is_change {
            let what = self.change.unwrap_or_else(|| "without-number".to_owned());
            self.message.inside.push(Inside::Change { what, about: self.about });
        }
        if let Some(kind) = kinds::media(self.kind).filter(|_| self.message.attachments.is_empty()) {
            self.message.attachments.push(Attachment { kind, ..Attachment::default() });
        }
        self.message
    }

    fn state(&mut self, state: State) {
        if !self.message.states.contains(&state) {
            self.message.states.push(state);
        }
    }

    fn time(&mut self, role: &str, ms: Option<i64>) {
        let time = ms.map(|ms| (role.to_owned(), TimeReading::unix_ms(ms)));
        self.message.times.extend(time);
    }

    fn extra(&mut self, name: &str, value: Option<i64>) {
        self.message.extra.extend(value.map(|value| (name.to_owned(), value.to_string())));
    }

    fn about(&mut self, jid: Option<i64>, people: &People) {
        let Some(jid) = jid else { return };
        let who = people.who(jid);
        self.message.extra.extend(who.anonymous.map(|lid| ("about_lid".to_owned(), lid)));
        self.about.push(who.party);
    }

    fn media(&mut self, row: Named<'_, '_>, around: &Around<'_>) {
        let (path, name) = (row.text("file_path"), row.text("media_name"));
        let size_bytes = row.size("file_length").or_else(|| row.size("file_size"));
        let file = path.as_deref().or(name.as_deref()).and_then(|path| around.media.find(path, size_bytes));
        let state = match (file, &path) {
            (Some(_), _) => AttachmentState::Present,
            (None, Some(_)) => AttachmentState::NotFound,
            (None, None) => AttachmentState::Unavailable,
        };
        let media_type = row.text("mime_type");
        let kind = kinds::media(self.kind).unwrap_or_else(|| by_type(media_type.as_deref()));
        let kind = if path.as_deref().is_some_and(is_voice) { MediaKind::Voice } else { kind };
        if let Some((_, name)) = path.as_ref().zip(name.clone()) {
            self.message.extra.push(("media_name".to_owned(), name));
        }
        for name in ["file_hash", "raw_transcription_text", "accessibility_label", "page_count"] {
            row.keep(name, &mut self.message.extra);
        }
        self.message.attachments.push(Attachment {
            kind,
            name: path.or(name),
            media_type,
            size_bytes,
            duration_ms: row.size("media_duration").and_then(|seconds| seconds.checked_mul(1000)),
            caption: row.text("media_caption"),
            file,
            state,
        });
    }

    fn location(&mut self, row: Named<'_, '_>) {
        let point = |latitude: &str, longitude: &str| {
            let degrees = row.real(latitude).zip(row.real(longitude))?;
            Point::new(degrees.0, degrees.1).filter(|point| point.latitude != 0.0 || point.longitude != 0.0)
        };
        let live = self.kind == 16 || row.positive("live_location_share_duration").is_some();
        let (name, place) = (row.text("place_name"), point("latitude", "longitude"));
        if place.is_none() {
            row.keep("latitude", &mut self.message.extra);
            row.keep("longitude", &mut self.message.extra);
        }
        self.message.inside.push(Inside::Location { point: place, name, live });
        if let Some(last) = point("live_location_final_latitude", "live_location_final_longitude") {
            self.message.inside.push(Inside::Location { point: Some(last), name: None, live: true });
        }
        self.time("live-location-last", row.positive("live_location_final_timestamp"));
        for name in ["place_address", "url", "live_location_share_duration", "live_location_sequence_number"]
        {
            row.keep(name, &mut self.message.extra);
        }
    }

    fn quoted(&mut self, row: Named<'_, '_>, around: &Around<'_>) {
        let sender = match (row.integer("from_me"), row.positive("sender_jid_row_id")) {
            (Some(1), _) => None,
            (_, Some(jid)) => Some(around.people.who(jid)),
            _ => {
                let chat = row.positive("parent_message_chat_row_id").or_else(|| row.positive("chat_row_id"));
                chat.and_then(|chat| around.people.other(&around.people.chat(chat)))
            }
        };
        self.extra("quoted_from_me", row.integer("from_me").filter(|from_me| *from_me != 0));
        self.extra("quoted_message_type", row.positive("message_type"));
        let sender = sender.map(|who| {
            self.message.extra.extend(who.anonymous.map(|lid| ("quoted_lid".to_owned(), lid)));
            who.party
        });
        self.message.quoted = Some(Quoted { id: row.text("key_id"), sender, text: row.text("text_data") });
    }

    fn link(&mut self, row: Named<'_, '_>) {
        let title = row.text("page_title");
        if let Some(url) = row.text("url") {
            self.message.inside.push(Inside::Link { url, title });
        } else if title.is_some() {
            row.keep("page_title", &mut self.message.extra);
        }
        row.keep("description", &mut self.message.extra);
    }

    fn edited(&mut self, row: Named<'_, '_>) {
        self.state(State::Edited);
        self.time("edited", row.positive("edited_timestamp"));
        self.time("edit-sent", row.positive("sender_timestamp"));
        row.keep("original_key_id", &mut self.message.extra);
    }

    fn revoked(&mut self, row: Named<'_, '_>, people: &People) {
        let admin = row.positive("admin_jid_row_id").map(|jid| people.who(jid));
        let was = [State::Deleted, State::DeletedByOwner, State::DeletedBySender];
        if let Some(admin) = admin {
            self.message.states.retain(|state| !was.contains(state));
            self.state(State::DeletedByAdmin);
            self.message.extra.push(("deleted_by".to_owned(), spoken(&admin.party)));
        } else {
            self.state(deleted_by(self.message.direction));
        }
        self.time("deleted", row.positive("revoke_timestamp"));
        row.keep("revoked_key_id", &mut self.message.extra);
    }

    fn receipt(&mut self, row: Named<'_, '_>, people: &People) {
        const ROLES: [(&str, &str); 3] =
            [("delivered", "receipt_timestamp"), ("read", "read_timestamp"), ("played", "played_timestamp")];
        let direct = self.message.chat.kind == ChatKind::Direct;
        let mut said = Vec::new();
        for (role, column) in ROLES {
            let Some(ms) = row.positive(column) else { continue };
            if direct && !self.message.times.iter().any(|(known, _)| known == role) {
                self.time(role, Some(ms));
            } else {
                said.push(format!("{role}={ms}"));
            }
            if direct && role == "read" {
                self.state(State::Read);
            }
        }
        if !said.is_empty() {
            let who = row.positive("receipt_user_jid_row_id").map(|jid| people.who(jid));
            let who = who.map(|who| spoken(&who.party)).unwrap_or_default();
            self.message.extra.push(("receipt".to_owned(), format!("{who} {}", said.join(" "))));
        }
    }

    fn missed_call(&mut self, row: Named<'_, '_>) {
        let medium = medium(row.integer("video_call"));
        let outcome = CallOutcome::Missed;
        self.message.inside.push(Inside::Call { medium, outcome, duration_seconds: None });
        self.time("call", row.positive("timestamp"));
    }
}

/// By whom a message was deleted that went this way.
pub(super) fn deleted_by(direction: Direction) -> State {
    match direction {
        Direction::Incoming => State::DeletedBySender,
        Direction::Outgoing => State::DeletedByOwner,
        Direction::Unknown | Direction::System => State::Deleted,
    }
}

/// With or without picture.
pub(super) fn medium(video: Option<i64>) -> CallMedium {
    match video {
        Some(0) => CallMedium::Voice,
        Some(1) => CallMedium::Video,
        _ => CallMedium::Unknown,
    }
}

/// A person in one text: address and name.
pub(super) fn spoken(party: &Party) -> String {
    match (&party.id, &party.name) {
        (Some(id), Some(name)) => format!("{id} ({name})"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => String::new(),
    }
}

/// Puts a person into a field, and the anonymous address beside it.
pub(super) fn party(who: Who, role: &str, extra: &mut Extra) -> Party {
    extra.extend(who.anonymous.map(|lid| (format!("{role}_lid"), lid)));
    who.party
}

/// The chat, with the number behind an anonymous address beside it.
pub(super) fn chat_number(chat: &ChatRef, people: &People, extra: &mut Extra) {
    if crate::whatsapp::jid::is_anonymous(&chat.id) {
        let who = people.named(&chat.id);
        let number = who.anonymous.and(who.party.id);
        extra.extend(number.map(|number| ("chat_number".to_owned(), number)));
    }
}

/// Everything a row says, under the names of its table and columns.
fn others(table: &Table, row: &Row<'_>, extra: &mut Extra) {
    for column in table.columns() {
        let name = column.name();
        let is_key = matches!(name, "_id" | "message_row_id" | "chat_row_id");
        let value = shown(row.get(table.column(name))).filter(|value| !is_key && value != "-1");
        extra.extend(value.map(|value| (format!("{}.{name}", table.name()), value)));
    }
}

fn is_voice(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.contains("WhatsApp Voice Notes") || name.starts_with("PTT-")
}

fn by_type(media_type: Option<&str>) -> MediaKind {
    match media_type.and_then(|kind| kind.split('/').next()) {
        Some("image") => MediaKind::Picture,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        Some("application" | "text") => MediaKind::Document,
        _ => MediaKind::Unknown,
    }
}
