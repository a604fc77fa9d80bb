//! A row of `ZWAMESSAGE` and what stands beside it.
//!
//! The types are those seen in real databases (iLEAPP 2026; SwiftWABackupAPI 2025); a number that is not
//! known keeps standing as a number.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::record::{
    Attachment, AttachmentState, CallMedium, CallOutcome, ChatKind, ChatRef, Direction, Inside, MediaKind,
    Message, Party, Point, Quoted, Reaction, State, TimeReading,
};
use sqlite::Row;

use super::packed::{self, Whole};
use super::people::People;
use crate::whatsapp::beside::SideTable;
use crate::whatsapp::media::MediaFiles;
use crate::whatsapp::named::Named;
use crate::whatsapp::{APP, apple, card, everything};
use crate::wire::{Field, Value};

/// What a table says about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Media,
    Info,
    Link,
    Other,
}

/// The columns of a message.
pub(super) const MESSAGE: &[&str] = &[
    "ZMESSAGEDATE",
    "ZSENTDATE",
    "ZISFROMME",
    "ZTEXT",
    "ZMESSAGETYPE",
    "ZFROMJID",
    "ZTOJID",
    "ZPUSHNAME",
    "ZSTANZAID",
    "ZCHATSESSION",
    "ZGROUPMEMBER",
    "ZMEDIAITEM",
    "ZPARENTMESSAGE",
    "ZSTARRED",
    "ZGROUPEVENTTYPE",
    "ZMESSAGESTATUS",
    "ZMESSAGEERRORSTATUS",
    "ZFLAGS",
];

/// The columns of a media item.
pub(super) const MEDIA: &[&str] = &[
    "ZMEDIALOCALPATH",
    "ZMEDIAURL",
    "ZTITLE",
    "ZLATITUDE",
    "ZLONGITUDE",
    "ZVCARDNAME",
    "ZVCARDSTRING",
    "ZMETADATA",
    "ZFILESIZE",
    "ZMOVIEDURATION",
    "ZAUTHORNAME",
    "ZCOLLECTIONNAME",
];

/// The columns of a link.
pub(super) const LINK: &[&str] = &["ZTITLE", "ZSUMMARY", "ZCONTENT1", "ZCONTENT2", "ZMATCHEDTEXT"];

/// Who is who, and the files of the tree.
pub(super) struct Around<'a> {
    /// Who is who.
    pub(super) people: &'a People,
    /// The files of the tree.
    pub(super) media: &'a MediaFiles<'a>,
}

/// A message while its rows come in.
pub(super) struct Draft {
    /// The message.
    pub(super) message: Message,
    /// Whether the packed messages beside it could be read to their end.
    pub(super) packed: Whole,
    kind: i64,
}

impl Draft {
    /// From a row of `ZWAMESSAGE`.
    pub(super) fn new(row: Named<'_, '_>, people: &People) -> Self {
        let kind = row.integer("ZMESSAGETYPE");
        let direction = match (row.integer("ZISFROMME"), kind) {
            (_, Some(6 | 10)) => Direction::System,
            (Some(0), _) => Direction::Incoming,
            (Some(1), _) => Direction::Outgoing,
            _ => Direction::Unknown,
        };
        let (from, to) = (row.text("ZFROMJID"), row.text("ZTOJID"));
        let other = if direction == Direction::Outgoing { to.as_deref() } else { from.as_deref() };
        let mut message = Message { app: APP.to_owned(), direction, ..Message::default() };
        message.chat = people.chat(row.integer("ZCHATSESSION"), other);
        message.id = row.text("ZSTANZAID");
        message.sender = sender(row, people, &mut message);
        message.sent = apple(row, "ZMESSAGEDATE");
        let role = if direction == Direction::Incoming { "received" } else { "sent-noted" };
        message.times.extend(apple(row, "ZSENTDATE").map(|time| (role.to_owned(), time)));
        message.text = row.text("ZTEXT");
        if row.positive("ZSTARRED").is_some() {
            message.states.push(State::Starred);
        }
        match kind {
            Some(14) => message.states.push(deleted_by(direction)),
            Some(38 | 39) => message.states.push(State::ViewOnce),
            _ => {}
        }
        let odd = (direction == Direction::Unknown).then_some("ZISFROMME");
        let names = ["ZMESSAGETYPE", "ZMESSAGESTATUS", "ZMESSAGEERRORSTATUS", "ZFLAGS", "ZPARENTMESSAGE"];
        for name in names.into_iter().chain(odd) {
            row.keep(name, &mut message.extra);
        }
        if let Some(name) = row.text("ZPUSHNAME").filter(|name| !is_packed(name)) {
            message.extra.push(("push_name".to_owned(), name));
        }
        let mut draft = Self { message, packed: Whole::Yes, kind: kind.unwrap_or_default() };
        draft.event(row);
        draft
    }

    /// Of a message whose row is not there.
    pub(super) fn missing(id: Option<i64>) -> Self {
        let chat = ChatRef { id: "ZCHATSESSION:-1".to_owned(), ..ChatRef::default() };
        let mut message = Message { app: APP.to_owned(), chat, ..Message::default() };
        message.states.push(State::Doubtful("message-row-missing".to_owned()));
        message.extra.extend(id.map(|id| ("ZMESSAGE".to_owned(), id.to_string())));
        Self { message, packed: Whole::Yes, kind: -1 }
    }

    fn event(&mut self, row: Named<'_, '_>) {
        let event = row.integer("ZGROUPEVENTTYPE");
        if self.message.direction == Direction::System {
            let word = match (self.kind, event) {
                (6, Some(1)) => " subject-changed",
                (6, Some(2)) => " member-joined",
                (6, Some(3)) => " member-left",
                (6, Some(4)) => " icon-changed",
                _ => "",
            };
            let event = event.map_or_else(|| "without-number".to_owned(), |event| event.to_string());
            let what = format!("{}/{event}{word}", self.kind);
            let about = self.message.sender.clone().into_iter().collect();
            self.message.inside.push(Inside::Change { what, about });
        }
        if self.kind == 59 {
            let (medium, outcome) = (CallMedium::Unknown, CallOutcome::Unknown);
            self.message.inside.push(Inside::Call { medium, outcome, duration_seconds: None });
        }
    }

    /// Takes in a row.
    pub(super) fn add(&mut self, side: &SideTable<'_, Side>, row: &Row<'_>, around: &Around<'_>) {
        let named = side.fields.in_row(row);
        match side.side {
            Side::Media => self.media(named, around),
            Side::Info => {
                if let Some(bytes) = named.blob("ZRECEIPTINFO") {
                    self.reactions(bytes, around.people);
                }
            }
            Side::Link => {
                let url = named.text("ZCONTENT1").or_else(|| named.text("ZMATCHEDTEXT"));
                if let Some(url) = url {
                    self.message.inside.push(Inside::Link { url, title: named.text("ZTITLE") });
                }
                for name in ["ZSUMMARY", "ZCONTENT2"] {
                    named.keep(name, &mut self.message.extra);
                }
            }
            Side::Other => {
                let before = self.message.extra.len();
                everything(side.table, row, &["ZMESSAGE"], &mut self.message.extra);
                for (name, _) in self.message.extra.iter_mut().skip(before) {
                    *name = format!("{}.{name}", side.table.name());
                }
            }
        }
    }

    /// Everything has come in.
    pub(super) fn finish(mut self) -> Message {
        if let Some(kind) = media_kind(self.kind).filter(|_| self.message.attachments.is_empty()) {
            self.message.attachments.push(Attachment { kind, ..Attachment::default() });
        }
        self.message
    }

    fn media(&mut self, row: Named<'_, '_>, around: &Around<'_>) {
        if let Some(bytes) = row.blob("ZMETADATA") {
            self.metadata(bytes, around.people);
        }
        match self.kind {
            4 => self.cards(row),
            5 | 16 => self.location(row),
            _ => self.file(row, around.media),
        }
    }

    fn cards(&mut self, row: Named<'_, '_>) {
        let name = row.text("ZVCARDNAME");
        let cards = row.text("ZVCARDSTRING").unwrap_or_default();
        for text in cards.split("_$!<VCard-Separator>!$_").filter(|text| !text.trim().is_empty()) {
            self.message.inside.push(card::contact(text, name.clone()));
        }
        if cards.is_empty() {
            self.message.inside.push(Inside::Contact { name, numbers: Vec::new() });
        }
    }

    fn location(&mut self, row: Named<'_, '_>) {
        let point = row.real("ZLATITUDE").zip(row.real("ZLONGITUDE"));
        let point = point.and_then(|(latitude, longitude)| Point::new(latitude, longitude));
        // A place that is shared live has the time it ends in ZAUTHORNAME.
        let until = row.text("ZAUTHORNAME").filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let live = self.kind == 16 || until.is_some();
        if point.is_none() {
            row.keep("ZLATITUDE", &mut self.message.extra);
            row.keep("ZLONGITUDE", &mut self.message.extra);
        }
        self.message.inside.push(Inside::Location { point, name: row.text("ZTITLE"), live });
        for name in ["ZAUTHORNAME", "ZMEDIAURL", "ZVCARDSTRING"] {
            row.keep(name, &mut self.message.extra);
        }
    }

    fn file(&mut self, row: Named<'_, '_>, files: &MediaFiles<'_>) {
        let path = row.text("ZMEDIALOCALPATH");
        let kind = media_kind(self.kind);
        let url = row.text("ZMEDIAURL");
        if kind.is_none() && path.is_none() {
            let title = row.text("ZTITLE");
            match url.filter(|_| self.kind == 7) {
                Some(url) => self.message.inside.push(Inside::Link { url, title }),
                None => row.keep("ZTITLE", &mut self.message.extra),
            }
            return;
        }
        let size_bytes = row.size("ZFILESIZE");
        let file = path.as_deref().and_then(|path| files.find(path, size_bytes));
        let state = match (file, &path) {
            (Some(_), _) => AttachmentState::Present,
            (None, Some(_)) => AttachmentState::NotFound,
            (None, None) => AttachmentState::Unavailable,
        };
        let media_type = row.text("ZVCARDSTRING").filter(|text| text.contains('/') && !text.contains('\n'));
        let hash = row.text("ZVCARDNAME").map(|hash| ("file_hash".to_owned(), hash));
        self.message.extra.extend(hash);
        row.keep("ZMEDIAURL", &mut self.message.extra);
        self.message.attachments.push(Attachment {
            kind: kind.unwrap_or_default(),
            name: path,
            media_type,
            size_bytes,
            duration_ms: row.size("ZMOVIEDURATION").and_then(|seconds| seconds.checked_mul(1000)),
            caption: row.text("ZTITLE"),
            file,
            state,
        });
    }

    /// Quoted message: 5 key, 6 sender, 19 its content with the text in 1. Forwarded: 17 how often, 21 by
    /// whom.
    fn metadata(&mut self, bytes: &[u8], people: &People) {
        if let Some(id) = packed::text(bytes, 5) {
            let who = packed::text(bytes, 6).map(|jid| people.who(&jid));
            let sender = who.map(|who| {
                self.message.extra.extend(who.anonymous.map(|lid| ("quoted_lid".to_owned(), lid)));
                who.party
            });
            let text = packed::bytes(bytes, 19).and_then(|content| packed::text(content, 1));
            self.message.quoted = Some(Quoted { id: Some(id), sender, text });
        }
        if let Some(count) = packed::number(bytes, 17) {
            self.message.states.push(State::Forwarded);
            self.message.extra.push(("forward_count".to_owned(), count.to_string()));
        }
        let by = packed::text(bytes, 21).map(|by| ("forwarded_from".to_owned(), by));
        self.message.extra.extend(by);
    }

    /// Reactions: field 7; in it 1 is one of others (key, address, sign, time), 2 the owner's (key, sign,
    /// time).
    fn reactions(&mut self, bytes: &[u8], people: &People) {
        let (fields, whole) = packed::fields(bytes);
        self.packed = whole;
        for field in fields {
            let Field { number: 7, value: Value::Bytes(list) } = field else { continue };
            for entry in packed::fields(list).0 {
                match (entry.number, entry.value) {
                    (1, Value::Bytes(entry)) => {
                        let who = packed::text(entry, 2).map(|jid| people.who(&jid));
                        let lid = who.as_ref().and_then(|who| who.anonymous.clone());
                        self.message.extra.extend(lid.map(|lid| ("reaction_by_lid".to_owned(), lid)));
                        self.reaction(
                            who.map(|who| who.party),
                            packed::text(entry, 3),
                            packed::number(entry, 4),
                        );
                    }
                    (2, Value::Bytes(entry)) => {
                        let sign = packed::text(entry, 2);
                        self.message
                            .extra
                            .extend(sign.clone().map(|sign| ("reaction_by_owner".to_owned(), sign)));
                        self.reaction(None, sign, packed::number(entry, 3));
                    }
                    _ => {}
                }
            }
        }
    }

    fn reaction(&mut self, by: Option<Party>, sign: Option<String>, ms: Option<u64>) {
        let Some(sign) = sign else {
            let by = by.and_then(|by| by.id).unwrap_or_else(|| "owner".to_owned());
            self.message.extra.push(("reaction_removed".to_owned(), by));
            return;
        };
        let at = ms.and_then(|ms| i64::try_from(ms).ok()).map(TimeReading::unix_ms);
        self.message.reactions.push(Reaction { by, sign, at, count: 1 });
    }
}

fn sender(row: Named<'_, '_>, people: &People, message: &mut Message) -> Option<Party> {
    if message.direction == Direction::Outgoing {
        return None;
    }
    let member = row.positive("ZGROUPMEMBER");
    let known = member.and_then(|member| people.members.get(&member)).map(|member| member.jid.clone());
    if let Some(member) = member.filter(|_| known.is_none()) {
        message.extra.push(("ZGROUPMEMBER".to_owned(), member.to_string()));
    }
    let from = row.text("ZFROMJID");
    let is_person = |jid: &String| crate::whatsapp::jid::chat_kind(jid) == ChatKind::Direct;
    let jid = match known {
        Some(jid) => jid,
        // The program speaks for nobody; in a group the address is the group's own.
        None if message.direction == Direction::System => return None,
        None => from.filter(is_person).or_else(|| {
            (message.direction == Direction::Incoming && message.chat.kind == ChatKind::Direct)
                .then(|| message.chat.id.clone())
        })?,
    };
    let who = people.who(&jid);
    message.extra.extend(who.anonymous.map(|lid| ("sender_lid".to_owned(), lid)));
    Some(who.party)
}

fn deleted_by(direction: Direction) -> State {
    match direction {
        Direction::Incoming => State::DeletedBySender,
        Direction::Outgoing => State::DeletedByOwner,
        Direction::Unknown | Direction::System => State::Deleted,
    }
}

fn media_kind(kind: i64) -> Option<MediaKind> {
    Some(match kind {
        1 | 38 => MediaKind::Picture,
        2 | 39 => MediaKind::Video,
        3 => MediaKind::Audio,
        8 => MediaKind::Document,
        11 => MediaKind::Animation,
        15 => MediaKind::Sticker,
        _ => return None,
    })
}

/// Newer versions keep a packed message in the column of the name.
fn is_packed(name: &str) -> bool {
    let bytes = STANDARD.decode(name).unwrap_or_default();
    let starts = bytes.first().is_some_and(|first| matches!(first, 0x08 | 0x0a | 0x1a));
    starts && packed::fields(&bytes).1 == Whole::Yes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_names_are_told_from_names() {
        assert!(is_packed("CO/kxKIGIAA="));
        assert!(is_packed("CL/lxKIGGhoxOTE5NTc5NDY3NEBzLndoYXRzYXBwLm5ldCAB"));
        for name in ["Erika", "CMar", "Invented Ivan", "", "Ivan"] {
            assert!(!is_packed(name), "{name}");
        }
    }
}
