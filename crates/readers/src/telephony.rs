//! What Android's numbers for messages and calls mean, wherever they are kept: databases, backups, exports.
//!
//! After android.provider.Telephony and CallLog (Android 14) and the address types of MMS (OMA-MMS-ENC 1.2).

use model::record::{CallOutcome, Direction, MediaKind, Message, Party, State, TimeReading};

/// The owner's own address in an MMS, while the network has not filled it in.
pub(crate) const OWN_ADDRESS: &str = "insert-address-token";

/// The box a message lies in says which way it went and what became of it.
pub(crate) fn lies_in(number: Option<i64>, message: &mut Message) {
    let (direction, state) = match number {
        Some(1) => (Direction::Incoming, None),
        Some(2) => (Direction::Outgoing, None),
        Some(3) => (Direction::Outgoing, Some(State::Draft)),
        Some(4 | 6) => (Direction::Outgoing, Some(State::Pending)),
        Some(5) => (Direction::Outgoing, Some(State::Failed)),
        _ => (Direction::Unknown, None),
    };
    message.direction = direction;
    message.states.extend(state);
}

/// `date` is when the phone got a message, `date_sent` when the centre says it was sent.
pub(crate) fn sent_by(message: &mut Message, sent: Option<TimeReading>) {
    let Some(sent) = sent else { return };
    if message.direction == Direction::Incoming {
        message.times.extend(message.sent.take().map(|received| ("received".to_owned(), received)));
        message.sent = Some(sent);
    } else {
        message.times.push(("server".to_owned(), sent));
    }
}

/// Which way a call went and how it ended.
pub(crate) fn call(kind: Option<i64>, seconds: Option<u64>) -> (Direction, CallOutcome) {
    match kind {
        // 7: answered on another device.
        Some(1 | 7) => (Direction::Incoming, CallOutcome::Answered),
        Some(2) if seconds.is_some_and(|seconds| seconds > 0) => (Direction::Outgoing, CallOutcome::Answered),
        Some(2) => (Direction::Outgoing, CallOutcome::NotAnswered),
        Some(3) => (Direction::Incoming, CallOutcome::Missed),
        Some(4) => (Direction::Incoming, CallOutcome::Voicemail),
        Some(5) => (Direction::Incoming, CallOutcome::Declined),
        Some(6) => (Direction::Incoming, CallOutcome::Blocked),
        Some(other) => (Direction::Unknown, CallOutcome::Other(other.to_string())),
        None => (Direction::Unknown, CallOutcome::Unknown),
    }
}

/// A person of an MMS, by the type of the address.
pub(crate) fn address(kind: Option<i64>, address: String, message: &mut Message) {
    if address == OWN_ADDRESS {
        return;
    }
    match kind {
        Some(137) if message.sender.is_none() => message.sender = Some(Party::with_id(address)),
        Some(151) => message.recipients.push(Party::with_id(address)),
        Some(copy @ (129 | 130)) => {
            let name = if copy == 129 { "bcc" } else { "cc" };
            message.extra.push((name.to_owned(), address.clone()));
            message.recipients.push(Party::with_id(address));
        }
        other => {
            let other = other.map_or_else(String::new, |other| format!(" {other}"));
            message.extra.push((format!("address type{other}"), address));
        }
    }
}

/// Headers are stored byte for character; those in UTF-8 (charset 106) are put right.
pub(crate) fn header(raw: &str, charset: Option<i64>) -> String {
    let bytes: Option<Vec<u8>> = raw.chars().map(|one| u8::try_from(u32::from(one)).ok()).collect();
    let bytes = bytes.filter(|_| charset == Some(106));
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| raw.to_owned())
}

/// One more text part of a message.
pub(crate) fn add_text(message: &mut Message, words: &str) {
    let text = message.text.get_or_insert_default();
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(words);
}

/// What sort of file a media type is.
pub(crate) fn media(media_type: &str) -> MediaKind {
    match media_type.split_once('/') {
        Some(("image", "gif")) => MediaKind::Animation,
        Some(("image", _)) => MediaKind::Picture,
        Some(("video", _)) => MediaKind::Video,
        Some(("audio", _)) => MediaKind::Audio,
        Some(("text", kind)) if kind.to_ascii_lowercase().contains("vcard") => MediaKind::ContactCard,
        Some(_) => MediaKind::Document,
        None => MediaKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_in_utf_8_is_put_right_and_others_stay() {
        assert_eq!(header("Gr\u{c3}\u{bc}\u{c3}\u{9f}e", Some(106)), "Grüße");
        assert_eq!(header("Gr\u{c3}\u{bc}", Some(4)), "Gr\u{c3}\u{bc}");
        assert_eq!(header("Grüße 😀", Some(106)), "Grüße 😀");
    }
}
