//! One message of a thread, of either export.

use model::record::{
    CallMedium, CallOutcome, Counted, Direction, FileNumber, Inside, MediaKind, Message, Party, ProblemKind,
    Reaction, Record, State, TimeReading, What,
};
use serde_json::Value;

use super::Thread;
use crate::meta::{kind_of, mojibake};
use crate::part::{self, At, Object, Slips};
use crate::troubles::Troubles;
use crate::window::Window;
use crate::{Flow, Sink};

/// The messages of a part while they are read.
pub(super) struct Messages<'t> {
    pub(super) thread: &'t Thread<'t>,
    pub(super) counted: Counted,
    pub(super) troubles: Troubles,
}

impl Messages<'_> {
    /// Reads the message that lies there.
    pub(super) fn read(
        &mut self,
        file: FileNumber,
        at: At,
        window: &mut Window,
        sink: &mut dyn Sink,
    ) -> Flow {
        self.counted.in_source = self.counted.in_source.saturating_add(1);
        let most = self.thread.input.limits.unit_bytes;
        let trouble = match window.part(at, most) {
            Err(_) => (ProblemKind::Unreadable, "bytes that can be read"),
            Ok(_) if at.length > most => (ProblemKind::Limit, "a shorter message"),
            Ok(bytes) => match part::object(bytes) {
                Some((object, slips)) => {
                    let message = self.thread.message(object, slips);
                    let sort = if message.direction == Direction::System {
                        &mut self.counted.system
                    } else {
                        &mut self.counted.records
                    };
                    *sort = sort.saturating_add(1);
                    let what = What::Message(Box::new(message));
                    return sink.record(Record { file, place: at.place(), part: 0, what });
                }
                None => (ProblemKind::NotUnderstood, "a message"),
            },
        };
        self.counted.problems = self.counted.problems.saturating_add(1);
        self.troubles.say(sink, at.place(), trouble.0, (trouble.1, ""))
    }
}

/// The time of a message, taken out of it.
pub(super) fn raw_time(object: &mut Object) -> Option<TimeReading> {
    ["timestamp_ms", "timestamp"]
        .iter()
        .find_map(|name| part::take_number(object, name))
        .map(TimeReading::unix_ms)
}

impl Thread<'_> {
    fn message(&self, object: Object, slips: Slips) -> Message {
        let mut value = Value::Object(object);
        let repair = mojibake::repair_all(&mut value);
        let Value::Object(mut object) = value else { return Message::default() };
        let sender = first_text(&mut object, ["sender_name", "senderName"]);
        let direction = self.owner.direction(sender.as_deref());
        let mut message = Message {
            app: self.app.to_owned(),
            chat: self.chat.clone(),
            direction,
            sender: sender.map(Party::named),
            sent: raw_time(&mut object),
            text: first_text(&mut object, ["content", "text"]),
            ..Message::default()
        };
        if slips == Slips::Replaced || repair == mojibake::Repair::Doubtful {
            message.states.push(State::Doubtful("encoding".to_owned()));
        }
        if unsent(&mut object) {
            message.states.push(State::DeletedBySender);
        }
        self.attachments(&mut message, &mut object);
        share(&mut message, &mut object);
        reactions(&mut message, &mut object);
        kind(&mut message, &mut object);
        part::put_rest(&mut message.extra, "", object);
        if let Some(hint) = &self.hint {
            message.extra.push(("owner_hint".to_owned(), hint.clone()));
        }
        message
    }

    fn attachments(&self, message: &mut Message, object: &mut Object) {
        const LISTS: [(&str, MediaKind); 6] = [
            ("photos", MediaKind::Picture),
            ("videos", MediaKind::Video),
            ("audio_files", MediaKind::Audio),
            ("gifs", MediaKind::Animation),
            ("files", MediaKind::Document),
            ("media", MediaKind::Unknown),
        ];
        for (name, kind) in LISTS {
            for (number, one) in part::take_list(object, name).into_iter().enumerate() {
                self.attachment(message, &format!("{name}.{number}"), kind, one);
            }
        }
        if let Some(sticker) = part::take_object(object, "sticker") {
            self.attachment(message, "sticker", MediaKind::Sticker, Value::Object(sticker));
        }
    }

    fn attachment(&self, message: &mut Message, name: &str, kind: MediaKind, value: Value) {
        let Value::Object(mut one) = value else { return part::put(&mut message.extra, name, value) };
        if let Some(uri) = part::take_text(&mut one, "uri") {
            let kind = if kind == MediaKind::Unknown { kind_of(&uri) } else { kind };
            message.attachments.push(self.media.attachment(kind, uri));
        }
        part::put_rest(&mut message.extra, &format!("{name}."), one);
    }
}

fn first_text(object: &mut Object, names: [&str; 2]) -> Option<String> {
    let [first, second] = names;
    part::take_text(object, first).or_else(|| part::take_text(object, second))
}

fn unsent(object: &mut Object) -> bool {
    let [first, second] = ["is_unsent", "isUnsent"].map(|name| part::take_truth(object, name));
    first.or(second).unwrap_or(false)
}

fn share(message: &mut Message, object: &mut Object) {
    let Some(mut share) = part::take_object(object, "share") else { return };
    if let Some(url) = part::take_text(&mut share, "link") {
        let title = part::take_text(&mut share, "share_text");
        message.inside.push(Inside::Link { url, title });
    }
    part::put_rest(&mut message.extra, "share.", share);
}

fn reactions(message: &mut Message, object: &mut Object) {
    for one in part::take_list(object, "reactions") {
        let Value::Object(mut one) = one else {
            part::put(&mut message.extra, "reactions", one);
            continue;
        };
        let at = part::take_number(&mut one, "timestamp").map(TimeReading::unix_seconds);
        message.reactions.push(Reaction {
            by: part::take_text(&mut one, "actor").map(Party::named),
            sign: part::take_text(&mut one, "reaction").unwrap_or_default(),
            at,
            count: 1,
        });
        part::put_rest(&mut message.extra, "reactions.", one);
    }
}

/// Calls and changes of the group; any other sort is kept as it is called.
fn kind(message: &mut Message, object: &mut Object) {
    let sort = part::take_text(object, "type");
    let duration = part::take_number(object, "call_duration").and_then(|seconds| u64::try_from(seconds).ok());
    let missed = part::take_truth(object, "missed");
    if sort.as_deref() == Some("Call") || duration.is_some() || missed.is_some() {
        let outcome = outcome(message.direction, missed, duration);
        let medium = CallMedium::Unknown;
        message.inside.push(Inside::Call { medium, outcome, duration_seconds: duration });
    }
    if let Some(what) = sort.as_deref().filter(|sort| matches!(*sort, "Subscribe" | "Unsubscribe")) {
        let users = part::take_list(object, "users");
        let about = users.iter().filter_map(|user| user.get("name")?.as_str()).map(Party::named).collect();
        message.direction = Direction::System;
        message.inside.push(Inside::Change { what: what.to_owned(), about });
    }
    if let Some(sort) = sort.filter(|sort| sort != "Generic") {
        message.extra.push(("type".to_owned(), sort));
    }
}

/// Who did not answer depends on who called.
fn outcome(direction: Direction, missed: Option<bool>, duration: Option<u64>) -> CallOutcome {
    match (missed, direction, duration) {
        (Some(true), Direction::Incoming, _) => CallOutcome::Missed,
        (Some(true), Direction::Outgoing, _) => CallOutcome::NotAnswered,
        (Some(true), ..) => CallOutcome::Other("missed".to_owned()),
        (_, _, Some(1..)) => CallOutcome::Answered,
        _ => CallOutcome::Unknown,
    }
}
