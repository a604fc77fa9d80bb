//! A chat item as a message, and as a call where it tells of one.

use model::record::{
    Attachment, AttachmentState, Call, Direction, Inside, MediaKind, Message, PollOption, Quoted, Reaction,
    State, TimeReading, Version, What,
};
use serde_json::Value;

use super::people::People;
use super::update;
use super::values::{list, number, says, string, text};

/// Reads a chat item.
pub(super) fn read(item: &Value, people: &People) -> Vec<What> {
    let mut message = Message { app: "signal".to_owned(), ..Message::default() };
    message.chat = people.in_chat(&text(item, "chatId").unwrap_or_default());
    message.sender = text(item, "authorId").map(|id| people.party(&id));
    message.id = text(item, "dateSent");
    message.sent = number(item, "dateSent").map(TimeReading::unix_ms);
    directed(&mut message, item, people);
    if let Some(ms) = number(item, "expiresInMs").filter(|ms| *ms > 0) {
        message.states.push(State::Disappearing(ms.cast_unsigned() / 1000));
    }
    time(&mut message, item, "expireStartDate", "expiry_began");
    if says(item, "sms") {
        message.extra.push(("transport".to_owned(), "text message".to_owned()));
    }
    let call = content(&mut message, item, people);
    for earlier in list(item, "revisions") {
        let mut old = Message::default();
        drop(content(&mut old, earlier, people));
        let at = number(earlier, "dateSent").map(TimeReading::unix_ms);
        message.versions.push(Version { text: old.text, at });
        let files = old.attachments.into_iter().filter_map(|attachment| attachment.name);
        message.extra.extend(files.map(|name| ("version_attachment".to_owned(), name)));
    }
    if !message.versions.is_empty() {
        message.states.push(State::Edited);
    }
    let call = call.map(|call| What::Call(Box::new(call)));
    std::iter::once(What::Message(Box::new(message))).chain(call).collect()
}

fn time(message: &mut Message, value: &Value, key: &str, role: &str) {
    if let Some(at) = number(value, key).filter(|at| *at > 0) {
        message.times.push((role.to_owned(), TimeReading::unix_ms(at)));
    }
}

/// Which way it went, and what became of it with each recipient.
fn directed(message: &mut Message, item: &Value, people: &People) {
    if let Some(incoming) = item.get("incoming") {
        message.direction = Direction::Incoming;
        time(message, incoming, "dateReceived", "received");
        time(message, incoming, "dateServerSent", "server");
        if !says(incoming, "read") {
            message.extra.push(("read".to_owned(), "false".to_owned()));
        }
    } else if let Some(outgoing) = item.get("outgoing") {
        message.direction = Direction::Outgoing;
        time(message, outgoing, "dateReceived", "received");
        for status in list(outgoing, "sendStatus") {
            sent_to(message, status, people);
        }
    } else if item.get("directionless").is_some() {
        message.direction = Direction::System;
    }
}

fn sent_to(message: &mut Message, status: &Value, people: &People) {
    let to = people.party(&text(status, "recipientId").unwrap_or_default());
    let words = ["pending", "sent", "delivered", "read", "viewed", "skipped", "failed"];
    let word = words.into_iter().find(|word| status.get(word).is_some()).unwrap_or("pending");
    let state = match word {
        "read" | "viewed" => Some(State::Read),
        "failed" => Some(State::Failed),
        "pending" => Some(State::Pending),
        _ => None,
    };
    message.states.extend(state.filter(|state| !message.states.contains(state)));
    let who = to.id.clone().unwrap_or_default();
    let at = text(status, "timestamp").unwrap_or_default();
    message.extra.push(("sendStatus".to_owned(), format!("{who} {word} {at}")));
    message.recipients.push(to);
}

/// What the item is; the call, if it is one.
fn content(message: &mut Message, item: &Value, people: &People) -> Option<Call> {
    let of = |kind: &str| item.get(kind);
    if let Some(standard) = of("standardMessage") {
        message.text = standard.get("text").and_then(|text| body(message, text, people));
        message.quoted = standard.get("quote").map(|quote| quoted(quote, people));
        message.attachments.extend(list(standard, "attachments").iter().map(attachment));
        if let Some(pointer) = standard.get("longText") {
            message.attachments.push(Attachment { kind: MediaKind::Document, ..file(pointer) });
        }
        let link = |link: &Value| Inside::Link {
            url: string(link, "url").unwrap_or_default(),
            title: string(link, "title"),
        };
        message.inside.extend(list(standard, "linkPreview").iter().map(link));
        reactions(message, standard, people);
    } else if let Some(shared) = of("contactMessage") {
        message.inside.extend(shared.get("contact").map(contact));
        reactions(message, shared, people);
    } else if let Some(sticker) = of("stickerMessage") {
        let inside = sticker.get("sticker").unwrap_or(&Value::Null);
        let pointer = inside.get("data").map(file).unwrap_or_default();
        message.attachments.push(Attachment { kind: MediaKind::Sticker, ..pointer });
        message.extra.extend(string(inside, "emoji").map(|emoji| ("sticker_emoji".to_owned(), emoji)));
        reactions(message, sticker, people);
    } else if of("remoteDeletedMessage").is_some() {
        message.states.push(State::DeletedBySender);
    } else if let Some(deleted) = of("adminDeletedMessage") {
        message.states.push(State::DeletedByAdmin);
        message.extra.extend(text(deleted, "adminId").map(|id| ("adminId".to_owned(), id)));
    } else if let Some(once) = of("viewOnceMessage") {
        message.states.push(State::ViewOnce);
        message.attachments.extend(once.get("attachment").map(attachment));
        reactions(message, once, people);
    } else if let Some(reply) = of("directStoryReplyMessage") {
        let text = reply.get("textReply").and_then(|reply| reply.get("text"));
        message.text = text.and_then(|text| body(message, text, people)).or_else(|| string(reply, "emoji"));
        message.extra.push(("directStoryReply".to_owned(), "true".to_owned()));
        reactions(message, reply, people);
    } else if let Some(poll) = of("poll") {
        message.inside.push(polled(poll));
        reactions(message, poll, people);
    } else if let Some(update) = of("updateMessage") {
        return update::read(message, update, people);
    } else {
        return other(message, item);
    }
    None
}

/// Payments, gifts and what is not known yet: its word, and of payments what a person would see.
fn other(message: &mut Message, item: &Value) -> Option<Call> {
    const OWN: [&str; 10] = [
        "chatId",
        "authorId",
        "dateSent",
        "expireStartDate",
        "expiresInMs",
        "revisions",
        "sms",
        "incoming",
        "outgoing",
        "directionless",
    ];
    let kinds = item.as_object().into_iter().flatten().filter(|(key, _)| !OWN.contains(&key.as_str()));
    for (kind, value) in kinds {
        message.inside.push(Inside::Change { what: kind.clone(), about: Vec::new() });
        for key in ["amountMob", "feeMob", "note", "state"] {
            message.extra.extend(text(value, key).map(|value| (key.to_owned(), value)));
        }
    }
    None
}

fn body(message: &mut Message, text_value: &Value, people: &People) -> Option<String> {
    for range in list(text_value, "bodyRanges") {
        if let Some(account) = string(range, "mentionAci").and_then(|aci| super::values::account_id(&aci)) {
            let party = people.account(&account);
            let shown = [party.id, party.name].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let at = |key| number(range, key).unwrap_or(0);
            message.extra.push(("mention".to_owned(), format!("{}+{} {shown}", at("start"), at("length"))));
        }
    }
    string(text_value, "body")
}

fn quoted(quote: &Value, people: &People) -> Quoted {
    Quoted {
        id: text(quote, "targetSentTimestamp"),
        sender: text(quote, "authorId").map(|id| people.party(&id)),
        text: quote.get("text").and_then(|text| string(text, "body")),
    }
}

fn reactions(message: &mut Message, of: &Value, people: &People) {
    message.reactions.extend(list(of, "reactions").iter().map(|reaction| Reaction {
        by: text(reaction, "authorId").map(|id| people.party(&id)),
        sign: string(reaction, "emoji").unwrap_or_default(),
        at: number(reaction, "sentTimestamp").map(TimeReading::unix_ms),
        count: 1,
    }));
}

fn attachment(value: &Value) -> Attachment {
    let mut attachment = value.get("pointer").map(file).unwrap_or_default();
    match string(value, "flag").as_deref() {
        Some("VOICE_MESSAGE") => attachment.kind = MediaKind::Voice,
        Some("GIF") => attachment.kind = MediaKind::Animation,
        _ => {}
    }
    if !says(value, "wasDownloaded") {
        attachment.state = AttachmentState::Unavailable;
    }
    attachment
}

fn file(pointer: &Value) -> Attachment {
    let media_type = string(pointer, "contentType");
    let kind = match media_type.as_deref().unwrap_or_default().split('/').next().unwrap_or_default() {
        "image" => MediaKind::Picture,
        "video" => MediaKind::Video,
        "audio" => MediaKind::Audio,
        "" => MediaKind::Unknown,
        _ => MediaKind::Document,
    };
    let size = pointer.get("locatorInfo").and_then(|locator| number(locator, "size"));
    Attachment {
        kind,
        name: string(pointer, "fileName"),
        media_type,
        size_bytes: size.and_then(|size| u64::try_from(size).ok()),
        duration_ms: None,
        caption: string(pointer, "caption"),
        file: None,
        state: AttachmentState::NotFound,
    }
}

fn contact(card: &Value) -> Inside {
    let name = card.get("name").unwrap_or(&Value::Null);
    let keys = ["prefix", "givenName", "middleName", "familyName", "suffix"];
    let full = keys.iter().filter_map(|key| string(name, key)).collect::<Vec<_>>().join(" ");
    let name = Some(full).filter(|full| !full.is_empty());
    let name =
        name.or_else(|| string(card.get("name")?, "nickname")).or_else(|| string(card, "organization"));
    let numbers = list(card, "number").iter().chain(list(card, "email"));
    Inside::Contact { name, numbers: numbers.filter_map(|number| string(number, "value")).collect() }
}

fn polled(poll: &Value) -> Inside {
    let option = |option: &Value| PollOption {
        text: string(option, "option").unwrap_or_default(),
        votes: Some(list(option, "votes").len() as u64),
    };
    Inside::Poll {
        question: string(poll, "question").unwrap_or_default(),
        options: list(poll, "options").iter().map(option).collect(),
    }
}
