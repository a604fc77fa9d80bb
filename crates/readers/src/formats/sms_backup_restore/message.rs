//! SMS and MMS elements, and the parts and addresses of an MMS.
//!
//! `null` stands for a value that is not there. Dates are milliseconds, but `date_sent` of an MMS is seconds.

use model::record::{
    Attachment, AttachmentState, ChatKind, ChatRef, Direction, Extra, Message, Party, Precision, State,
};

use super::{time, unix_ms};
use crate::tags::Tag;
use crate::telephony::{self, sent_by};

/// A value; none for `null` and nothing.
pub(super) fn value(tag: &Tag, name: &str) -> Option<String> {
    tag.text(name).filter(|value| !value.is_empty() && value != "null")
}

/// The name the phone knew; none for `(Unknown)`.
pub(super) fn contact_name(tag: &Tag) -> Option<String> {
    value(tag, "contact_name").filter(|name| name != "(Unknown)")
}

/// The values that were not used elsewhere and say something.
pub(super) fn extra(tag: &Tag, used: &[&str]) -> Extra {
    let values = tag.attributes.iter().filter(|attribute| !used.contains(&attribute.name.as_str()));
    let values = values.filter(|attribute| attribute.name != "data");
    let values = values.map(|attribute| (attribute.name.clone(), crate::tags::unescaped(&attribute.raw)));
    values.filter(|(_, value)| !matches!(value.as_str(), "" | "null" | "0" | "-1")).collect()
}

fn number(tag: &Tag, name: &str) -> Option<i64> {
    tag.text(name).and_then(|value| value.trim().parse().ok())
}

/// An SMS.
pub(super) fn sms(tag: &Tag) -> Box<Message> {
    let address = value(tag, "address");
    let name = contact_name(tag);
    let mut message = Message {
        app: "sms".to_owned(),
        chat: chat(address.as_deref(), name.clone()),
        sent: unix_ms(tag, "date"),
        subject: value(tag, "subject"),
        // A text may be the word "null".
        text: tag.text("body").filter(|text| !text.is_empty()),
        ..Message::default()
    };
    telephony::lies_in(number(tag, "type"), &mut message);
    let other = Some(Party { id: address, name }).filter(|party| party.id.is_some() || party.name.is_some());
    if message.direction == Direction::Outgoing {
        message.recipients.extend(other);
    } else {
        message.sender = other;
    }
    sent_by(&mut message, value(tag, "date_sent").and_then(|raw| time(raw, 1, Precision::Millisecond)));
    read(tag, &mut message);
    message.extra = extra(tag, &["address", "date", "date_sent", "subject", "body", "contact_name", "read"]);
    Box::new(message)
}

/// An MMS without its parts.
pub(super) fn mms(tag: &Tag) -> Box<Message> {
    let address = value(tag, "address");
    let charset = number(tag, "sub_cs");
    let mut message = Message {
        app: "mms".to_owned(),
        chat: chat(address.as_deref(), contact_name(tag)),
        id: value(tag, "m_id"),
        sent: unix_ms(tag, "date"),
        subject: value(tag, "sub").map(|raw| telephony::header(&raw, charset)),
        ..Message::default()
    };
    telephony::lies_in(number(tag, "msg_box"), &mut message);
    sent_by(&mut message, value(tag, "date_sent").and_then(|raw| time(raw, 1000, Precision::Second)));
    read(tag, &mut message);
    message.extra = extra(tag, &["date", "date_sent", "m_id", "contact_name", "read"]);
    Box::new(message)
}

/// Several addresses are joined by `~`.
fn chat(address: Option<&str>, name: Option<String>) -> ChatRef {
    let kind = match address {
        Some(address) if address.contains('~') => ChatKind::Group,
        Some(_) => ChatKind::Direct,
        None => ChatKind::Unknown,
    };
    ChatRef { id: address.unwrap_or_default().to_owned(), name, kind }
}

fn read(tag: &Tag, message: &mut Message) {
    if number(tag, "read") == Some(1) && message.direction == Direction::Incoming {
        message.states.push(State::Read);
    }
}

/// A part or an address of an MMS.
pub(super) fn part(tag: &Tag, message: &mut Message) {
    if tag.name == "addr" {
        if let Some(address) = value(tag, "address") {
            telephony::address(number(tag, "type"), address, message);
        }
        return;
    }
    let kind = value(tag, "ct").unwrap_or_default();
    if kind == "application/smil" {
        return;
    }
    if let Some(words) = value(tag, "text").filter(|_| kind.starts_with("text/plain")) {
        telephony::add_text(message, &words);
        return;
    }
    let data = tag.attribute("data").filter(|data| data.length > 0 && data.raw != b"null");
    let name = ["cl", "name", "fn"].into_iter().find_map(|name| value(tag, name));
    if let Some(data) = data {
        let at = format!("{}+{} base64", data.offset, data.length);
        message.extra.push(("attachment bytes".to_owned(), at));
    }
    message.attachments.push(Attachment {
        kind: telephony::media(&kind),
        name,
        media_type: Some(kind).filter(|kind| !kind.is_empty()),
        // Four characters of base64 are three bytes; what fills up the end is not known of a long value.
        size_bytes: data.map(|data| (data.length / 4 * 3).saturating_sub(padding(&data.raw, data.length))),
        caption: value(tag, "text"),
        state: if data.is_some() { AttachmentState::Present } else { AttachmentState::NotFound },
        ..Attachment::default()
    });
}

/// How many bytes the `=` at the end stand for.
fn padding(raw: &[u8], length: u64) -> u64 {
    if raw.len() as u64 != length {
        return 0;
    }
    raw.iter().rev().take(2).take_while(|byte| **byte == b'=').count() as u64
}
