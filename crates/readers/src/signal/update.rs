//! What the program itself tells of in a chat: changes and calls.

use model::record::{Call, CallMedium, CallOutcome, Direction, Inside, Message, Party, TimeReading};
use serde_json::Value;

use super::people::People;
use super::values::{account_id, list, number, string, text};

/// Fields of an update that are shown as they are.
const SHOWN: [&str; 15] = [
    "previousName",
    "newName",
    "previousE164",
    "e164",
    "username",
    "expiresInMs",
    "newGroupName",
    "newDescription",
    "wasRemoved",
    "accessLevel",
    "isAnnouncementOnly",
    "wasAdminStatusGranted",
    "inviteeCount",
    "question",
    "targetSentTimestamp",
];

/// Most people that one update names.
const ABOUT_MAX: usize = 1024;

/// Reads an update; the call, if it tells of one.
pub(super) fn read(message: &mut Message, update: &Value, people: &People) -> Option<Call> {
    let (kind, value) = update.as_object().and_then(|update| update.iter().next())?;
    match kind.as_str() {
        "individualCall" => return Some(individual(message, value, people)),
        "groupCall" => return Some(group(message, value, people)),
        _ => message.direction = Direction::System,
    }
    let (mut what, mut about) = (kind.clone(), Vec::new());
    match kind.as_str() {
        "simpleUpdate" => what = format!("{kind} {}", text(value, "type").unwrap_or_default()),
        "groupChange" => {
            let mut words = Vec::new();
            for change in list(value, "updates") {
                for (word, value) in change.as_object().into_iter().flatten() {
                    words.push(word.as_str());
                    detail(message, value, people, &mut about);
                }
            }
            what = format!("{kind} {}", words.join(", "));
        }
        _ => detail(message, value, people, &mut about),
    }
    message.inside.push(Inside::Change { what, about });
    None
}

/// Whom a change names, and what it sets.
fn detail(message: &mut Message, value: &Value, people: &People, about: &mut Vec<Party>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        if SHOWN.contains(&key.as_str()) {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            message.extra.push((key.clone(), shown));
        } else if let Some(account) = value.as_str().and_then(account_id) {
            let party = people.account(&account);
            // Who did it is the message's sender mostly; the field says so.
            if matches!(key.as_str(), "updaterAci" | "removerAci" | "inviterAci" | "revokerAci") {
                let shown = [party.id, party.name].into_iter().flatten().collect::<Vec<_>>().join(" ");
                message.extra.push((key.clone(), shown));
            } else if about.len() < ABOUT_MAX && !about.contains(&party) {
                about.push(party);
            }
        }
    }
}

fn individual(message: &mut Message, value: &Value, people: &People) -> Call {
    let mut call = Call { app: "signal".to_owned(), ..Call::default() };
    call.medium = match string(value, "type").as_deref() {
        Some("AUDIO_CALL") => CallMedium::Voice,
        Some("VIDEO_CALL") => CallMedium::Video,
        _ => CallMedium::Unknown,
    };
    call.direction = match string(value, "direction").as_deref() {
        Some("INCOMING") => Direction::Incoming,
        Some("OUTGOING") => Direction::Outgoing,
        _ => Direction::Unknown,
    };
    call.outcome = match (string(value, "state").as_deref(), call.direction) {
        (Some("ACCEPTED"), _) => CallOutcome::Answered,
        (Some("NOT_ACCEPTED"), Direction::Outgoing) => CallOutcome::NotAnswered,
        (Some("NOT_ACCEPTED"), _) => CallOutcome::Declined,
        (Some("MISSED" | "MISSED_NOTIFICATION_PROFILE"), _) => CallOutcome::Missed,
        (Some(other), _) => CallOutcome::Other(other.to_owned()),
        (None, _) => CallOutcome::Unknown,
    };
    // The author is the caller; the other one is whom the chat is with.
    if call.direction == Direction::Outgoing {
        call.others.extend(people.chat_with(&message.chat.id));
    } else {
        call.others.extend(message.sender.clone());
    }
    told(message, &mut call, value);
    message.direction = call.direction;
    call
}

fn group(message: &mut Message, value: &Value, people: &People) -> Call {
    let mut call = Call { app: "signal".to_owned(), ..Call::default() };
    let state = string(value, "state");
    call.direction = match state.as_deref() {
        Some("OUTGOING_RING") => Direction::Outgoing,
        Some("RINGING" | "ACCEPTED" | "DECLINED" | "MISSED" | "MISSED_NOTIFICATION_PROFILE") => {
            Direction::Incoming
        }
        _ => Direction::Unknown,
    };
    call.outcome = match state.as_deref() {
        Some("ACCEPTED" | "JOINED") => CallOutcome::Answered,
        Some("DECLINED") => CallOutcome::Declined,
        Some("MISSED" | "MISSED_NOTIFICATION_PROFILE") => CallOutcome::Missed,
        Some(other) => CallOutcome::Other(other.to_owned()),
        None => CallOutcome::Unknown,
    };
    call.group = people.chat_with(&message.chat.id);
    for key in ["ringerRecipientId", "startedCallRecipientId"] {
        let party = text(value, key).map(|id| people.party(&id));
        call.others.extend(party.filter(|party| !call.others.contains(party)));
    }
    let (began, ended) = (number(value, "startedCallTimestamp"), number(value, "endedCallTimestamp"));
    let lasted = began.zip(ended).and_then(|(began, ended)| u64::try_from(ended.checked_sub(began)?).ok());
    call.duration_seconds = lasted.map(|ms| ms / 1000);
    told(message, &mut call, value);
    message.direction = Direction::System;
    call
}

/// What both sorts of calls tell.
fn told(message: &mut Message, call: &mut Call, value: &Value) {
    call.began = number(value, "startedCallTimestamp").map(TimeReading::unix_ms);
    for key in ["callId", "state"] {
        call.extra.extend(text(value, key).map(|value| (key.to_owned(), value)));
    }
    message.inside.push(Inside::Call {
        medium: call.medium,
        outcome: call.outcome.clone(),
        duration_seconds: call.duration_seconds,
    });
}
