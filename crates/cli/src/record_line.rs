//! A record in one line for people: identifier, time, what, who, what it says.
//!
//! Foreign text is shown escaped and cut; the whole of it is in `--json` and behind `asservat show`.

use desk::ShownRecord;
use model::Timestamp;
use model::record::{Party, TimeReading, What, Zone};

use crate::shown::shown;
use crate::words::say;
use crate::work::Work;

/// Most characters of a text in one line.
const TEXT_CHARACTERS: usize = 100;
/// Digits of an identifier in one line; `asservat show` takes as many as tell it apart.
const ID_DIGITS: usize = 12;

/// The line.
pub(crate) fn line(work: &Work<'_>, record: &ShownRecord) -> String {
    let words = work.words;
    let id: String = record.id.chars().take(ID_DIGITS).collect();
    let time = record.what.time().map_or_else(|| words.say("time-none"), |time| time_text(work, time));
    let kind = words.word("record", record.what.word());
    let (who, text) = said(&record.what);
    let who = who.map(|who| format!("{}: ", cut(&who))).unwrap_or_default();
    format!("{id}  {time}  {kind}  {who}{}", cut(&text.unwrap_or_default()))
}

/// A record without what it says: identifier, time, kind, who.
pub(crate) fn head(work: &Work<'_>, record: &ShownRecord) -> String {
    let words = work.words;
    let id: String = record.id.chars().take(ID_DIGITS).collect();
    let time = record.what.time().map_or_else(|| words.say("time-none"), |time| time_text(work, time));
    let kind = words.word("record", record.what.word());
    let who = said(&record.what).0.map(|who| format!("  {}", cut(&who))).unwrap_or_default();
    format!("{id}  {time}  {kind}{who}")
}

/// A time with what is known of its zone; both readings where two are possible.
pub(crate) fn time_text(work: &Work<'_>, time: &TimeReading) -> String {
    let words = work.words;
    let shown_ms = |ms: i64| {
        let text = Timestamp(ms.div_euclid(1000)).to_string();
        text.trim_end_matches('Z').replace('T', " ")
    };
    let Some(first) = time.first_ms else {
        return say!(words, "time-unread", raw = shown(&time.raw));
    };
    let first = shown_ms(first);
    let text = match time.second_ms {
        Some(second) => say!(words, "time-either", first = first, second = shown_ms(second)),
        None => first,
    };
    match time.zone {
        Zone::Known { .. } => say!(words, "time-utc", time = text),
        Zone::Unknown => say!(words, "time-wall", time = text),
    }
}

/// Who and what, as far as one line can say it.
fn said(what: &What) -> (Option<String>, Option<String>) {
    match what {
        What::Message(message) => {
            let attached = message.attachments.iter().find_map(|attachment| attachment.name.clone());
            let text = message.text.clone().or_else(|| message.subject.clone()).or(attached);
            (message.sender.as_ref().and_then(named), text)
        }
        What::Call(call) => (call.others.iter().find_map(named), None),
        What::Contact(contact) => {
            let numbers: Vec<&str> = contact.identifiers.iter().map(|found| found.value.as_str()).collect();
            (contact.names.first().cloned(), Some(numbers.join(", ")))
        }
        What::Account(account) => {
            let numbers: Vec<&str> = account.identifiers.iter().map(|found| found.value.as_str()).collect();
            (account.names.first().cloned(), Some(numbers.join(", ")))
        }
        What::Location(fix) => {
            (fix.name.clone(), fix.point.map(|point| format!("{}, {}", point.latitude, point.longitude)))
        }
        What::App(app) => (app.name.clone(), Some(app.id.clone())),
        What::Visit(visit) => (visit.title.clone(), Some(visit.url.clone())),
        What::Media(fact) => (fact.device.clone(), Some(fact.media_type.clone())),
        What::Event(event) => (Some(event.kind.clone()), event.text.clone()),
        What::File(fact) => (None, Some(fact.media_type.clone())),
    }
}

fn named(party: &Party) -> Option<String> {
    party.name.clone().or_else(|| party.id.clone())
}

fn cut(text: &str) -> String {
    let whole: String = text.chars().take(TEXT_CHARACTERS).collect();
    let mark = if whole.len() < text.len() { "…" } else { "" };
    format!("{}{mark}", shown(&whole))
}
