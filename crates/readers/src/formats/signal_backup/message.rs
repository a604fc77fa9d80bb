//! A row of `message`, `sms`, `mms` or `drafts` as a message.
//!
//! Columns from MessageTable.kt, MmsDatabase.java and SmsDatabase.java of Signal-Android (2017 to 2025).
//! Where a row has `from_recipient_id` (since 2023) that is who sent it; before, `recipient_id` or
//! `address` is the other one, whichever way it went.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::record::{
    Attachment, AttachmentState, Direction, Inside, MediaKind, Message, Quoted, Reaction, State, TimeReading,
    Version,
};
use source::tree::Tree;

use super::joins::{AttachmentRow, Joins, Key, Loaded, Sort, Store};
use super::message_type::MessageType;
use super::people::{Address, People};
use super::row::{Row, columns};
use super::{group_change, shared};
use crate::wire;

columns! {
    /// The columns of messages.
    MessageColumns {
        id: "_id",
        thread: "thread_id",
        sent: "date_sent" | "date",
        received: "date_received" | "date",
        server: "date_server",
        kind: "type" | "msg_box",
        from: "from_recipient_id",
        to: "to_recipient_id",
        other: "recipient_id" | "address",
        body: "body",
        read: "read",
        read_receipts: "has_read_receipt" | "read_receipt_count",
        delivery_receipts: "has_delivery_receipt" | "delivery_receipt_count",
        receipt_at: "receipt_timestamp",
        expires: "expires_in",
        expire_started: "expire_started",
        quote_id: "quote_id",
        quote_author: "quote_author",
        quote_body: "quote_body",
        quote_missing: "quote_missing",
        contacts: "shared_contacts",
        links: "link_previews" | "previews",
        view_once: "view_once" | "reveal_duration",
        remote_deleted: "remote_deleted",
        deleted_by: "deleted_by",
        reactions: "reactions",
        story: "story_type",
        parent_story: "parent_story_id",
        scheduled: "scheduled_date",
        newest: "latest_revision_id",
        original: "original_message_id",
        revision: "revision_number",
        extras: "message_extras",
        subject: "subject",
    }
}

columns! {
    /// The columns of `drafts`.
    DraftColumns { thread: "thread_id", kind: "type", value: "value", }
}

/// What a message is made with.
pub(super) struct Making<'m> {
    pub(super) people: &'m People,
    pub(super) joins: &'m mut Joins,
    pub(super) tree: &'m Tree,
    /// The file of the frames; attachments lie beside it.
    pub(super) file: model::record::FileNumber,
}

/// A text that was written and not sent.
pub(super) fn of_draft(row: &Row<'_>, columns: &DraftColumns, people: &People) -> Message {
    let mut message = Message { app: "signal".to_owned(), ..Message::default() };
    message.chat = people.chat(row.integer(columns.thread));
    message.direction = Direction::Outgoing;
    message.states.push(State::Draft);
    message.text = row.string(columns.value);
    if let Some(kind) = row.string(columns.kind) {
        message.extra.push(("type".to_owned(), kind));
    }
    message
}

/// The message of a row.
pub(super) fn of(row: &Row<'_>, columns: &MessageColumns, store: Store, making: &mut Making<'_>) -> Message {
    let kind = MessageType::new(row.integer(columns.kind).unwrap_or_default());
    let mut message = Message { app: "signal".to_owned(), ..Message::default() };
    message.chat = making.people.chat(row.integer(columns.thread));
    message.id = row.string(columns.sent);
    message.direction = kind.direction();
    parties(&mut message, row, columns, making.people);
    times(&mut message, row, columns);
    message.subject = row.string(columns.subject);
    text(&mut message, row, columns, kind, making.people);
    states(&mut message, row, columns, kind);
    message.quoted = quoted(row, columns, making.people);
    inside(&mut message, row, columns);
    let id = row.integer(columns.id).unwrap_or_default();
    joined(&mut message, (store, id), making);
    if let Some(list) = row.blob(columns.reactions) {
        message.reactions.extend(inline_reactions(list, making.people));
    }
    rest(&mut message, row, columns, kind);
    message
}

fn parties(message: &mut Message, row: &Row<'_>, columns: &MessageColumns, people: &People) {
    let party = |column| Address::of(row, column).map(|address| people.party(&address));
    if columns.from.is_some() {
        message.sender = party(columns.from);
        if message.direction == Direction::Outgoing {
            message.recipients.extend(party(columns.to));
        }
    } else if message.direction == Direction::Outgoing {
        message.recipients.extend(party(columns.other));
    } else {
        message.sender = party(columns.other);
    }
}

fn times(message: &mut Message, row: &Row<'_>, columns: &MessageColumns) {
    message.sent = row.integer(columns.sent).map(TimeReading::unix_ms);
    let times = [
        ("received", columns.received),
        ("server", columns.server),
        ("receipt", columns.receipt_at),
        ("expiry_began", columns.expire_started),
        ("scheduled", columns.scheduled),
    ];
    for (role, column) in times {
        if let Some(at) = row.positive(column) {
            message.times.push((role.to_owned(), TimeReading::unix_ms(at)));
        }
    }
}

/// The text; of what the program wrote the body is no text but base64, and the change is said instead.
fn text(message: &mut Message, row: &Row<'_>, columns: &MessageColumns, kind: MessageType, people: &People) {
    let body = row.string(columns.body);
    if let Some((medium, outcome)) = kind.call() {
        message.inside.push(Inside::Call { medium, outcome, duration_seconds: None });
    }
    let Some(word) = kind.change() else {
        message.text = body;
        return;
    };
    let mut change = group_change::Change::default();
    if kind.is_group_v2() {
        let extras = row.blob(columns.extras).and_then(|extras| wire::find(extras, 1)?.bytes());
        let context = extras.and_then(|description| wire::find(description, 1)?.bytes()).map(<[u8]>::to_vec);
        let body = || body.as_ref().and_then(|body| STANDARD.decode(body).ok());
        change = context.or_else(body).map(|context| group_change::read(&context)).unwrap_or_default();
    }
    let mut what = format!("{word} {}", kind.hex());
    if !change.words.is_empty() {
        what = format!("{what}: {}", change.words.join(", "));
    }
    let about = change.about.iter().map(|account| people.account(account)).collect();
    message.inside.push(Inside::Change { what, about });
    message.extra.append(&mut change.extra);
    if message.direction == Direction::System {
        message.extra.extend(body.map(|body| ("body".to_owned(), body)));
    } else {
        message.text = body;
    }
}

fn states(message: &mut Message, row: &Row<'_>, columns: &MessageColumns, kind: MessageType) {
    if let Some(by) = row.positive(columns.deleted_by) {
        let by_sender = row.integer(columns.from) == Some(by);
        message.states.push(if by_sender { State::DeletedBySender } else { State::DeletedByAdmin });
    } else if row.says(columns.remote_deleted) {
        message.states.push(State::DeletedBySender);
    }
    message.states.extend(kind.state());
    if row.says(columns.view_once) {
        message.states.push(State::ViewOnce);
    }
    if let Some(ms) = row.positive(columns.expires) {
        message.states.push(State::Disappearing(ms.cast_unsigned() / 1000));
    }
    if row.positive(columns.scheduled).is_some() && !message.states.contains(&State::Pending) {
        message.states.push(State::Pending);
    }
    if message.direction == Direction::Outgoing && row.says(columns.read_receipts) {
        message.states.push(State::Read);
    }
    if row.says(columns.revision) || row.positive(columns.newest).is_some() {
        message.states.push(State::Edited);
    }
}

fn quoted(row: &Row<'_>, columns: &MessageColumns, people: &People) -> Option<Quoted> {
    let id = row.positive(columns.quote_id)?;
    let sender = Address::of(row, columns.quote_author).map(|address| people.party(&address));
    Some(Quoted { id: Some(id.to_string()), sender, text: row.string(columns.quote_body) })
}

fn inside(message: &mut Message, row: &Row<'_>, columns: &MessageColumns) {
    for (name, column, read) in [
        ("shared_contacts", columns.contacts, shared::contacts as fn(&str) -> Option<Vec<Inside>>),
        ("link_previews", columns.links, shared::links),
    ] {
        let Some(text) = row.text(column) else { continue };
        match read(&text) {
            Some(inside) => message.inside.extend(inside),
            None => message.extra.push((name.to_owned(), text.into_owned())),
        }
    }
}

/// Attachments, reactions, mentions and earlier versions from the other tables.
fn joined(message: &mut Message, key: Key, making: &mut Making<'_>) {
    let (people, tree, file) = (making.people, making.tree, making.file);
    let joins = &mut *making.joins;
    if key.0 == Store::Message {
        let mut earlier = Vec::new();
        for version in joins.versions(key.1) {
            earlier.push(version.id);
            message.versions.push(Version {
                text: version.text.as_deref().map(str::to_owned),
                at: version.sent.map(TimeReading::unix_ms),
            });
        }
        for version in earlier {
            for row in joins.attachments.of((Store::Message, version)) {
                message.extra.push(("version_attachment".to_owned(), path(&row.says)));
            }
            for row in joins.reactions.of((Store::Message, version)) {
                message.extra.push(("version_reaction".to_owned(), row.says.emoji.to_string()));
            }
            joins.mentions.of((Store::Message, version));
        }
        for row in joins.attachments.of(key) {
            if row.says.sort == Sort::OfQuote {
                message.extra.push(("quote_attachment".to_owned(), path(&row.says)));
            } else {
                message.attachments.push(attachment(&row.says, tree, file));
            }
        }
        for row in joins.mentions.of(key) {
            let party = row.says.recipient.as_ref().map(|address| people.party(address)).unwrap_or_default();
            let shown = [party.id, party.name].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let value = format!("{}+{} {shown}", row.says.start, row.says.length);
            message.extra.push(("mention".to_owned(), value));
        }
    }
    message.reactions.extend(joins.reactions.of(key).iter().map(|row| Reaction {
        by: row.says.author.as_ref().map(|address| people.party(address)),
        sign: row.says.emoji.to_string(),
        at: row.says.sent.map(TimeReading::unix_ms),
        count: 1,
    }));
    if !message.versions.is_empty() && !message.states.contains(&State::Edited) {
        message.states.push(State::Edited);
    }
}

/// The path of an attachment beside the frames, as far as the row says it.
pub(super) fn path(row: &AttachmentRow) -> String {
    match row.unique {
        Some(unique) => format!("attachments/{}_{unique}", row.id),
        None => format!("attachments/{}_", row.id),
    }
}

/// An attachment with its file, if that lies beside the frames.
pub(super) fn attachment(row: &AttachmentRow, tree: &Tree, frames: model::record::FileNumber) -> Attachment {
    let path = path(row);
    let file = tree.sibling(frames, &path).or_else(|| {
        // Newer backups know an attachment by its row alone.
        let entry = tree.entry(frames)?;
        let begin = format!("{}attachments/{}_", entry.folder(), row.id);
        tree.below(entry.container(), &begin).next().map(|(file, _)| file)
    });
    let found = file.and_then(|file| tree.entry(file)).map(|entry| entry.path().to_owned());
    let media_type = row.media_type.as_deref().unwrap_or_default();
    let kind = match (row.sort, media_type.split('/').next().unwrap_or_default()) {
        (Sort::Voice, _) => MediaKind::Voice,
        (Sort::Gif, _) => MediaKind::Animation,
        (Sort::Sticker, _) => MediaKind::Sticker,
        (_, "image") => MediaKind::Picture,
        (_, "video") => MediaKind::Video,
        (_, "audio") => MediaKind::Audio,
        (_, "") => MediaKind::Unknown,
        _ if media_type == "text/x-vcard" || media_type == "text/vcard" => MediaKind::ContactCard,
        _ => MediaKind::Document,
    };
    let state = match (file, row.loaded) {
        (Some(_), _) => AttachmentState::Present,
        (None, Loaded::No) => AttachmentState::Unavailable,
        (None, Loaded::Yes) => AttachmentState::NotFound,
    };
    Attachment {
        kind,
        name: row.name.as_deref().map(str::to_owned).or(found).or_else(|| row.unique.map(|_| path)),
        media_type: row.media_type.as_deref().map(str::to_owned),
        size_bytes: row.size.and_then(|size| u64::try_from(size).ok()),
        duration_ms: None,
        caption: row.caption.as_deref().map(str::to_owned),
        file,
        state,
    }
}

/// The reactions that stood in the message's own row until 2022: 1 reaction {1 sign, 2 author, 3 sent}.
fn inline_reactions(list: &[u8], people: &People) -> Vec<Reaction> {
    let fields = wire::Fields::new(list).map_while(Result::ok).filter(|field| field.number == 1);
    let reaction = |bytes: &[u8]| {
        let number = |number| wire::find(bytes, number)?.number().map(u64::cast_signed);
        Reaction {
            by: number(2).map(|author| people.party(&Address::Recipient(author))),
            sign: wire::find(bytes, 1).and_then(wire::Value::text).unwrap_or_default().into_owned(),
            at: number(3).map(TimeReading::unix_ms),
            count: 1,
        }
    };
    fields.filter_map(|field| field.value.bytes()).map(reaction).collect()
}

/// What has no field of its own.
fn rest(message: &mut Message, row: &Row<'_>, columns: &MessageColumns, kind: MessageType) {
    let mut note = |name: &str, value: Option<String>| {
        message.extra.extend(value.map(|value| (name.to_owned(), value)));
    };
    note("_id", row.string(columns.id));
    if !kind.is_plain() {
        note("type", Some(kind.hex()));
    }
    if kind.is_text_message() {
        note("transport", Some("text message".to_owned()));
    }
    if row.integer(columns.read) == Some(0) && kind.direction() == Direction::Incoming {
        note("read", Some("0".to_owned()));
    }
    let positive = [
        ("story_type", columns.story),
        ("parent_story_id", columns.parent_story),
        ("quote_missing", columns.quote_missing),
        ("latest_revision_id", columns.newest),
        ("original_message_id", columns.original),
        ("revision_number", columns.revision),
        ("delivery_receipts", columns.delivery_receipts),
        ("deleted_by", columns.deleted_by),
    ];
    for (name, column) in positive {
        if row.says(column) {
            note(name, row.string(column));
        }
    }
}
