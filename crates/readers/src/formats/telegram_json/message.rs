//! One message of a chat.

use model::record::{
    CallMedium, CallOutcome, Direction, Inside, Message, Party, Point, PollOption, Quoted, Reaction, State,
    TimeReading,
};
use serde_json::Value;

use super::{Reactions, Reading, media};
use crate::part::{self, Object, Slips};
use crate::telegram;

impl Reading<'_> {
    /// What a message says.
    pub(super) fn message(&self, mut object: Object, slips: Slips) -> Message {
        let mut message = Message {
            app: "telegram".to_owned(),
            chat: self.chat.reference(),
            id: part::take_scalar(&mut object, "id"),
            sent: time(&mut object, "date"),
            ..Message::default()
        };
        if slips == Slips::Replaced {
            message.states.push(State::Doubtful("encoding".to_owned()));
        }
        if self.chat.doubtful {
            message.states.push(State::Doubtful("chat".to_owned()));
        }
        let sort = part::take_text(&mut object, "type");
        let is_service = sort.as_deref() == Some("service");
        message.sender = party(&mut object, if is_service { "actor" } else { "from" });
        message.direction = self.direction(message.sender.as_ref());
        text(&mut message, &mut object);
        media::attachments(self.input, &mut message, &mut object);
        inside(&mut message, &mut object);
        reactions(&mut message, &mut object);
        self.edited(&mut message, &mut object);
        marks(&mut message, &mut object);
        if is_service {
            service(&mut message, &mut object);
        } else if let Some(sort) = sort.filter(|sort| sort != "message") {
            message.extra.push(("type".to_owned(), sort));
        }
        part::put_rest(&mut message.extra, "", object);
        message
    }

    /// By the own number; else, in a chat of two, by the number of the other, which is the chat's; else by
    /// the name that was told.
    fn direction(&self, sender: Option<&Party>) -> Direction {
        let id = sender.and_then(|sender| sender.id.as_deref());
        let number = id.map(|id| id.strip_prefix("user").unwrap_or(id));
        if let (Some(own), Some(number)) = (self.account.user_id.as_deref(), number) {
            return if own == number { Direction::Outgoing } else { Direction::Incoming };
        }
        let is_new = id.is_some_and(|id| id.starts_with("user"));
        if let (Some(chat), Some(number), true) = (self.chat.id(), number, is_new) {
            match self.chat.word() {
                "personal_chat" | "bot_chat" if chat == number => return Direction::Incoming,
                "personal_chat" | "bot_chat" => return Direction::Outgoing,
                "saved_messages" if chat == number => return Direction::Outgoing,
                _ => {}
            }
        }
        let name = sender.and_then(|sender| sender.name.as_deref());
        match (self.input.options.owner.as_deref(), name) {
            (Some(owner), Some(name)) if owner == name => Direction::Outgoing,
            (Some(_), Some(_)) => Direction::Incoming,
            _ => Direction::Unknown,
        }
    }

    /// Telegram marks a message edited when somebody reacts to it, too. Reactions exist since 30 December
    /// 2021; before, and where the export shows reactions and this message has none, it was an edit.
    fn edited(&self, message: &mut Message, object: &mut Object) {
        const REACTIONS_SINCE_MS: i64 = 1_640_822_400_000;
        const DAY_MS: i64 = 86_400_000;
        let Some(edited) = time(object, "edited") else { return };
        // The exports of 2018 to 2020 wrote the year 1970 for "never".
        let never = edited.first_ms.is_some_and(|ms| ms.abs() <= DAY_MS);
        if never {
            return message.extra.push(("edited".to_owned(), edited.raw));
        }
        let before = edited.first_ms.is_some_and(|ms| ms < REACTIONS_SINCE_MS);
        let none = message.reactions.is_empty() && self.shows_reactions == Reactions::Shown;
        message.states.push(if before || none { State::Edited } else { State::EditedOrReacted });
        message.times.push(("edited".to_owned(), edited));
    }
}

/// The wall clock and, if there, the seconds of UTC, which stay in the object.
fn time(object: &mut Object, key: &str) -> Option<TimeReading> {
    let unix = object.get(&format!("{key}_unixtime")).and_then(telegram::whole_number);
    telegram::time(part::take_text(object, key), unix)
}

/// A name and its number; deleted accounts have only the number.
fn party(object: &mut Object, key: &str) -> Option<Party> {
    let name = part::take_text(object, key);
    let id = part::take_scalar(object, &format!("{key}_id"));
    (name.is_some() || id.is_some()).then_some(Party { id, name })
}

/// A text, or a list of texts and objects with texts.
fn text(message: &mut Message, object: &mut Object) {
    let written = object.remove("text").unwrap_or_default();
    let shown = plain(&written);
    // The entities say the same with every piece as an object; only what they add is kept.
    let entities = object.remove("text_entities").unwrap_or_default();
    let adds = match &written {
        Value::Array(_) => &written,
        _ => &entities,
    };
    pieces(message, adds);
    if plain(&entities) != shown {
        part::put(&mut message.extra, "text_entities", entities);
    }
    message.text = (!shown.is_empty()).then_some(shown);
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(pieces) => pieces.iter().map(piece).collect(),
        _ => String::new(),
    }
}

fn piece(value: &Value) -> &str {
    value.as_str().or_else(|| value.get("text").and_then(Value::as_str)).unwrap_or_default()
}

/// What pieces of a text add to it: links behind words, numbers behind names.
fn pieces(message: &mut Message, value: &Value) {
    for one in value.as_array().into_iter().flatten() {
        let Some(object) = one.as_object() else { continue };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        if let Some(url) = object.get("href").and_then(Value::as_str) {
            message.inside.push(Inside::Link { url: url.to_owned(), title: Some(piece(one).to_owned()) });
        }
        for key in ["user_id", "language", "document_id", "collapsed"] {
            if let Some(more) = object.get(key) {
                part::put(&mut message.extra, &format!("{kind}.{key}"), more.clone());
            }
        }
    }
}

/// Contacts, places and polls.
fn inside(message: &mut Message, object: &mut Object) {
    if let Some(mut card) = part::take_object(object, "contact_information") {
        let names = ["first_name", "last_name"].map(|key| part::take_text(&mut card, key));
        let name: Vec<String> = names.into_iter().flatten().collect();
        let name = (!name.is_empty()).then(|| name.join(" "));
        let numbers = part::take_text(&mut card, "phone_number").into_iter().collect();
        message.inside.push(Inside::Contact { name, numbers });
        part::put_rest(&mut message.extra, "contact_information.", card);
    }
    location(message, object);
    if let Some(poll) = part::take_object(object, "poll") {
        self::poll(message, poll);
    }
}

fn location(message: &mut Message, object: &mut Object) {
    let names = ["place_name", "address"].map(|key| part::take_text(object, key));
    let words: Vec<String> = names.into_iter().flatten().collect();
    if !object.contains_key("location_information") && words.is_empty() {
        return;
    }
    let place = object.remove("location_information").unwrap_or_default();
    let number = |key: &str| place.get(key).and_then(Value::as_f64);
    let point = number("latitude").zip(number("longitude")).and_then(|(north, east)| Point::new(north, east));
    if point.is_none() {
        part::put(&mut message.extra, "location_information", place);
    }
    let live = object.contains_key("live_location_period_seconds");
    let name = (!words.is_empty()).then(|| words.join(", "));
    message.inside.push(Inside::Location { point, name, live });
}

fn poll(message: &mut Message, mut poll: Object) {
    let question = poll.remove("question").map(|question| plain(&question)).unwrap_or_default();
    let mut options = Vec::new();
    for answer in part::take_list(&mut poll, "answers") {
        let text = answer.get("text").map(plain).unwrap_or_default();
        if answer.get("chosen").and_then(Value::as_bool) == Some(true) {
            message.extra.push(("poll.chosen".to_owned(), text.clone()));
        }
        options.push(PollOption { text, votes: answer.get("voters").and_then(Value::as_u64) });
    }
    message.inside.push(Inside::Poll { question, options });
    part::put_rest(&mut message.extra, "poll.", poll);
}

/// One for everybody who is named, one for the rest that is only counted.
fn reactions(message: &mut Message, object: &mut Object) {
    for one in part::take_list(object, "reactions") {
        let Value::Object(mut one) = one else {
            part::put(&mut message.extra, "reactions", one);
            continue;
        };
        let kind = part::take_text(&mut one, "type").unwrap_or_default();
        let sign = part::take_text(&mut one, "emoji").or_else(|| part::take_scalar(&mut one, "document_id"));
        let sign = sign.unwrap_or(kind);
        let recent = part::take_list(&mut one, "recent");
        let named = recent.len() as u64;
        for who in recent {
            let Value::Object(mut who) = who else { continue };
            let at = time(&mut who, "date");
            let by = party(&mut who, "from");
            message.reactions.push(Reaction { by, sign: sign.clone(), at, count: 1 });
        }
        let count = part::take_number(&mut one, "count").and_then(|count| u64::try_from(count).ok());
        let count = count.unwrap_or(1).saturating_sub(named);
        if count > 0 {
            message.reactions.push(Reaction { by: None, sign, at: None, count });
        }
        part::put_rest(&mut message.extra, "reactions.", one);
    }
}

/// Answers, forwarded messages, messages that disappear.
fn marks(message: &mut Message, object: &mut Object) {
    /// What the service uses for "once".
    const ONCE: i64 = 0x7fff_ffff;
    if let Some(id) = part::take_scalar(object, "reply_to_message_id") {
        message.quoted = Some(Quoted { id: Some(id), ..Quoted::default() });
    }
    let forwarded = ["forwarded_from", "forwarded_from_id"].iter().any(|key| object.contains_key(*key));
    if forwarded {
        message.states.push(State::Forwarded);
    }
    match part::take_number(object, "self_destruct_period_seconds") {
        Some(ONCE) => message.states.push(State::ViewOnce),
        Some(seconds) => message.states.push(State::Disappearing(u64::try_from(seconds).unwrap_or_default())),
        None => {}
    }
}

/// What the program itself tells: a call, or a change.
fn service(message: &mut Message, object: &mut Object) {
    let action = part::take_text(object, "action").unwrap_or_default();
    if matches!(action.as_str(), "phone_call" | "group_call") {
        return call(message, object, action);
    }
    let mut about = Vec::new();
    for member in part::take_list(object, "members") {
        match member {
            Value::String(name) => about.push(Party::named(name)),
            // Somebody whose account is deleted.
            _ => about.push(Party::default()),
        }
    }
    message.direction = Direction::System;
    message.inside.push(Inside::Change { what: action, about });
}

fn call(message: &mut Message, object: &mut Object, action: String) {
    let seconds =
        part::take_number(object, "duration_seconds").or_else(|| part::take_number(object, "duration"));
    let duration_seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
    let reason = part::take_text(object, "discard_reason");
    let outcome = match (reason.as_deref(), message.direction) {
        (Some("missed"), Direction::Incoming) => CallOutcome::Missed,
        (Some("missed"), Direction::Outgoing) => CallOutcome::NotAnswered,
        (Some("hangup" | "disconnect") | None, _) if duration_seconds.is_some_and(|seconds| seconds > 0) => {
            CallOutcome::Answered
        }
        (Some(other), _) => CallOutcome::Other(other.to_owned()),
        (None, _) => CallOutcome::Unknown,
    };
    message.extra.push(("action".to_owned(), action));
    message.extra.extend(reason.map(|reason| ("discard_reason".to_owned(), reason)));
    message.inside.push(Inside::Call { medium: CallMedium::Unknown, outcome, duration_seconds });
}
