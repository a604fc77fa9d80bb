//! The frames of Signal's present backup (backup.proto of signalapp/libsignal, 2024 to 2025) as records,
//! whether they came as JSON lines or as protocol buffers: account, recipients, chats, chat items.
//!
//! A frame is taken as the JSON that the mapping of protocol buffers gives it: numbers of 64 bits as texts,
//! bytes in base64, names in small letters first. Frames stand in an order in which everything is named
//! before it is used; who or what is missing nevertheless keeps its number. Deliberately not shown: keys,
//! settings, the details of payments.

pub(crate) mod decode;
mod item;
mod people;
mod update;
mod values;

use model::record::{Account, Call, CallMedium, CallOutcome, Identifier, IdentifierKind, TimeReading, What};
use serde_json::Value;

pub(crate) use self::people::People;
use self::values::{number, string, text};

/// What a frame gave.
pub(crate) enum Gave {
    /// Records; the first stands for the frame.
    Records(Vec<What>),
    /// Something that others are read with: a chat.
    Continuation,
    /// The program's own: settings, sticker packs, folders.
    System,
    /// Nothing that is known.
    Unknown,
}

/// Reads a frame, and remembers who and what it names.
pub(crate) fn read(frame: &Value, people: &mut People) -> Gave {
    let Some(frame) = frame.as_object() else { return Gave::Unknown };
    if frame.contains_key("backupTimeMs") && frame.contains_key("version") {
        return Gave::System;
    }
    let Some((kind, value)) = frame.iter().next() else { return Gave::Unknown };
    match kind.as_str() {
        "account" => Gave::Records(vec![What::Account(Box::new(account(value, people)))]),
        "recipient" => match people.recipient(value) {
            Some(contact) => Gave::Records(vec![What::Contact(Box::new(contact))]),
            None => Gave::System,
        },
        "chat" => {
            people.chat(value);
            Gave::Continuation
        }
        "chatItem" => Gave::Records(item::read(value, people)),
        "adHocCall" => Gave::Records(vec![What::Call(Box::new(link_call(value, people)))]),
        "stickerPack" | "notificationProfile" | "chatFolder" => Gave::System,
        _ => Gave::Unknown,
    }
}

fn account(value: &Value, people: &mut People) -> Account {
    let mut account = Account { app: "signal".to_owned(), ..Account::default() };
    let name = [string(value, "givenName"), string(value, "familyName")];
    let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    people.owner(&name);
    account.names.extend(Some(name).filter(|name| !name.is_empty()));
    if let Some(username) = string(value, "username") {
        let label = Some("username".to_owned());
        account.identifiers.push(Identifier { kind: IdentifierKind::Account, value: username, label });
    }
    for key in ["bioText", "bioEmoji"] {
        account.extra.extend(string(value, key).map(|value| (key.to_owned(), value)));
    }
    account
}

/// A call by a link.
fn link_call(value: &Value, people: &People) -> Call {
    let mut call = Call { app: "signal".to_owned(), ..Call::default() };
    call.began = number(value, "callTimestamp").map(TimeReading::unix_ms);
    call.group = text(value, "recipientId").map(|id| people.party(&id));
    call.medium = CallMedium::Unknown;
    call.outcome = CallOutcome::Unknown;
    for key in ["callId", "state"] {
        call.extra.extend(text(value, key).map(|value| (key.to_owned(), value)));
    }
    call
}
