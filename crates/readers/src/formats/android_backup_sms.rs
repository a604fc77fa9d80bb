//! Text messages in a backup of Android's own backup service: `000000_sms_backup`, `000000_mms_backup`.
//!
//! Files of `com.android.providers.telephony` in an adb backup: a JSON array packed with zlib, as written by
//! TelephonyBackupAgent of the Android Open Source Project (Android 7 and later; at most 1,000 messages a
//! file). Values are texts; dates of SMS are milliseconds, those of MMS seconds. The place of a message is
//! the file and its number in it; where it lies unpacked is told beside it. Deliberately not read: the
//! container around the files, which is one of its own; attachments, which such backups do not hold.

use std::io::Read;

use flate2::read::ZlibDecoder;
use model::record::{
    ChatKind, ChatRef, Counted, Direction, FileNumber, Message, Party, Place, Precision, ProblemKind, Record,
    State, TimeReading, Unit, What,
};
use serde_json::{Map, Value};
use source::tree::Candidate;

use crate::json::{Met, Walk};
use crate::troubles::Troubles;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink, telephony};

/// `…_sms_backup` and `…_mms_backup`.
pub(crate) struct AndroidBackupSms;

/// Most bytes that one file unpacks to; 1,000 messages are far fewer.
const UNPACKED_MOST: u64 = 1 << 30;

impl Format for AndroidBackupSms {
    fn name(&self) -> &'static str {
        "android_backup_sms"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Text messages in an Android backup (sms_backup, mms_backup)",
            covers: "SMS and MMS texts with all who took part, of Android 7 and later",
            leaves_out: "attachments, which such a backup does not hold",
            source: "TelephonyBackupAgent of the Android Open Source Project",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        sort(candidate.entry().name())?;
        let [first, second, ..] = candidate.head() else { return None };
        // The head of a zlib stream: method 8, and a multiple of 31.
        let head = u16::from_be_bytes([*first, *second]);
        (first & 0x0f == 8 && head % 31 == 0).then(|| Claim::alone(Certainty::Certain))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let stream = input.entry().and_then(|entry| entry.content().stream().ok());
        let sort = input.entry().and_then(|entry| sort(entry.name()));
        let (Some(stream), Some(sort)) = (stream, sort) else {
            let place = (input.file, Place::Whole);
            return sink.trouble(place, ProblemKind::Unreadable, "bytes that can be read", "");
        };
        let unpacked = ZlibDecoder::new(stream).take(UNPACKED_MOST.min(input.limits.unpacked_bytes));
        let mut reading = Reading {
            file: input.file,
            sort,
            counted: Counted::new(input.file, Unit::Element, ""),
            troubles: Troubles::new(input.file),
        };
        let mut walk = Walk::new(unpacked, input.limits.unit_bytes);
        loop {
            let met = walk.next(|path| path.len() == 1);
            match met {
                Ok(Some(Met::Value { offset, length, bytes })) => {
                    reading.element(bytes, (offset, length), sink)?;
                }
                Ok(Some(Met::Begin | Met::End)) => {}
                Ok(None) => break,
                Err(_) => {
                    let words = ("a whole packed JSON array", "everything before");
                    reading.troubles.say(sink, Place::Whole, ProblemKind::Truncated, words)?;
                    break;
                }
            }
        }
        reading.troubles.finish(sink)?;
        sink.counted(reading.counted)
    }
}

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Sms,
    Mms,
}

fn sort(name: &str) -> Option<Sort> {
    if name.ends_with("_sms_backup") {
        Some(Sort::Sms)
    } else if name.ends_with("_mms_backup") {
        Some(Sort::Mms)
    } else {
        None
    }
}

struct Reading {
    file: FileNumber,
    sort: Sort,
    counted: Counted,
    troubles: Troubles,
}

impl Reading {
    fn element(&mut self, bytes: &[u8], (offset, length): (u64, u64), sink: &mut dyn Sink) -> Flow {
        let number = self.counted.in_source;
        self.counted.in_source = number.saturating_add(1);
        let read = serde_json::from_slice::<Map<String, Value>>(bytes).ok();
        let (Some(values), Ok(part)) = (read, u16::try_from(number)) else {
            self.counted.problems = self.counted.problems.saturating_add(1);
            let kind = if number > u64::from(u16::MAX) { ProblemKind::Limit } else { ProblemKind::Damaged };
            let words = ("one of at most 65,536 messages, as a JSON object", "");
            return self.troubles.say(sink, Place::Whole, kind, words);
        };
        let mut message = match self.sort {
            Sort::Sms => sms(&values),
            Sort::Mms => mms(&values),
        };
        message.extra.push(("unpacked bytes".to_owned(), format!("{offset}+{length}")));
        self.counted.records = self.counted.records.saturating_add(1);
        let what = What::Message(Box::new(message));
        sink.record(Record { file: self.file, place: Place::Whole, part, what })
    }
}

/// A value as text; numbers and truths too.
fn text(values: &Map<String, Value>, name: &str) -> Option<String> {
    match values.get(name)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}

fn number(values: &Map<String, Value>, name: &str) -> Option<i64> {
    text(values, name)?.trim().parse().ok()
}

fn time(values: &Map<String, Value>, name: &str, unit_ms: i64, precision: Precision) -> Option<TimeReading> {
    let raw = text(values, name)?;
    let number: Option<i64> = raw.trim().parse().ok();
    let ms = number.and_then(|number| number.checked_mul(unit_ms));
    let ms = ms.filter(|ms| ms.unsigned_abs() < 253_402_300_800_000);
    (number != Some(0)).then(|| TimeReading::utc(raw, ms, precision))
}

/// Everybody in the thread.
fn recipients(values: &Map<String, Value>) -> Vec<Party> {
    let all = values.get("recipients").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(Party::with_id).collect()
}

/// A thread has no number here: those who take part stand for it.
fn chat(people: &[Party], address: Option<&str>) -> ChatRef {
    let mut ids: Vec<&str> = people.iter().filter_map(|person| person.id.as_deref()).collect();
    ids.sort_unstable();
    let kind = match ids.len() {
        0 => ChatKind::Unknown,
        1 => ChatKind::Direct,
        _ => ChatKind::Group,
    };
    let id = if ids.is_empty() { address.unwrap_or_default().to_owned() } else { ids.join("~") };
    ChatRef { id, name: None, kind }
}

fn sms(values: &Map<String, Value>) -> Message {
    let (people, address) = (recipients(values), text(values, "address"));
    let mut message = Message {
        app: "sms".to_owned(),
        chat: chat(&people, address.as_deref()),
        sent: time(values, "date", 1, Precision::Millisecond),
        subject: text(values, "subject"),
        text: text(values, "body"),
        ..Message::default()
    };
    telephony::lies_in(number(values, "type"), &mut message);
    let other = address.map(Party::with_id);
    if message.direction == Direction::Outgoing {
        message.recipients = other.map_or(people, |other| vec![other]);
    } else {
        message.sender = other;
    }
    telephony::sent_by(&mut message, time(values, "date_sent", 1, Precision::Millisecond));
    finish(values, &mut message, &["address", "date", "date_sent", "subject", "body", "read"]);
    message
}

fn mms(values: &Map<String, Value>) -> Message {
    let people = recipients(values);
    let mut message = Message {
        app: "mms".to_owned(),
        chat: chat(&people, None),
        sent: time(values, "date", 1000, Precision::Second),
        subject: text(values, "sub").map(|raw| telephony::header(&raw, number(values, "sub_cs"))),
        text: text(values, "mms_body"),
        ..Message::default()
    };
    telephony::lies_in(number(values, "msg_box"), &mut message);
    for one in values.get("mms_addresses").and_then(Value::as_array).into_iter().flatten() {
        let Some(one) = one.as_object() else { continue };
        if let Some(address) = text(one, "address") {
            telephony::address(number(one, "type"), address, &mut message);
        }
    }
    if message.direction == Direction::Outgoing && message.recipients.is_empty() {
        message.recipients = people;
    }
    telephony::sent_by(&mut message, time(values, "date_sent", 1000, Precision::Second));
    finish(values, &mut message, &["date", "date_sent", "mms_body", "read"]);
    message
}

fn finish(values: &Map<String, Value>, message: &mut Message, used: &[&str]) {
    if number(values, "read") == Some(1) && message.direction == Direction::Incoming {
        message.states.push(State::Read);
    }
    if message.direction == Direction::Outgoing && message.sender.is_none() {
        message.sender = text(values, "self_phone").map(Party::with_id);
    }
    for name in values.keys().filter(|name| !used.contains(&name.as_str())) {
        let value = text(values, name).filter(|value| value != "-1" && value != "0");
        message.extra.extend(value.map(|value| (name.clone(), value)));
    }
}
