//! Records on a timeline, for people: days as headings, one record in two or three lines.
//!
//! Foreign text is shown escaped, isolated against right-to-left tricks by that, and cut.

use desk::{Passage, ShownRecord, TimelineRecord, WantedParty};
use model::Timestamp;
use model::record::{Direction, Message, Party, State, What, Zone};

use crate::record_line;
use crate::shown::shown;
use crate::words::say;
use crate::work::Work;

/// Most characters of a text.
const TEXT_CHARACTERS: usize = 400;
/// Digits of an identifier.
const ID_DIGITS: usize = 12;

/// Whose records are shown.
pub(crate) fn parties(work: &Work<'_>, parties: &[WantedParty]) -> Vec<String> {
    let words = work.words;
    let line = |party: &WantedParty| {
        let name = party.name.as_deref().map(shown).unwrap_or_default();
        let id = party.id.as_deref().map(shown).unwrap_or_default();
        let id_word = if party.confirmed { "timeline-party-confirmed" } else { "timeline-party" };
        say!(
            words,
            id_word,
            name = format!("{name} {id}").trim(),
            app = party.app.as_str(),
            capsule = party.capsule.0
        )
    };
    parties.iter().map(line).collect()
}

/// The day as a heading; both where it can be read in two ways.
pub(crate) fn day(work: &Work<'_>, record: &TimelineRecord) -> String {
    let words = work.words;
    let Some(time) = record.record.what.time() else { return words.say("timeline-no-time") };
    let Some(first) = time.first_ms else { return words.say("timeline-no-time") };
    let date = |ms: i64| Timestamp(ms.div_euclid(1000)).date().to_string();
    match time.second_ms.map(date).filter(|second| *second != date(first)) {
        Some(second) => say!(words, "timeline-either-day", first = date(first), second = second),
        None => date(first),
    }
}

/// A record.
pub(crate) fn record(work: &Work<'_>, record: &TimelineRecord) -> Vec<String> {
    let words = work.words;
    let mut lines = vec![head(work, &record.record)];
    let said = said(work, &record.record.what);
    if !said.is_empty() {
        lines.push(format!("    {said}"));
    }
    for also in &record.also {
        let file = also.file.iter().map(|step| shown(step)).collect::<Vec<_>>().join(" › ");
        let id: String = also.id.chars().take(ID_DIGITS).collect();
        lines.push(format!(
            "    {}",
            say!(words, "timeline-also", id = id, capsule = also.capsule.0, file = file)
        ));
    }
    if !record.tags.is_empty() {
        let tags: Vec<String> = record.tags.iter().map(|tag| shown(tag)).collect();
        lines.push(format!("    {}", say!(words, "timeline-tags", tags = tags.join(", "))));
    }
    for note in &record.notes {
        lines.push(format!("    {}", say!(words, "timeline-note", note = shown(note))));
    }
    lines
}

/// The passages of a hit, with what was found in brackets.
pub(crate) fn passages(passages: &[Passage]) -> Vec<String> {
    let line = |passage: &Passage| {
        let pieces = passage.pieces.iter().map(|piece| {
            let text = shown(&piece.text);
            if piece.hit { format!("[{text}]") } else { text }
        });
        let (before, behind) = (cut(passage.cut_before), cut(passage.cut_behind));
        format!("    {before}{}{behind}", pieces.collect::<String>())
    };
    passages.iter().map(line).collect()
}

fn cut(is_cut: bool) -> &'static str {
    if is_cut { "…" } else { "" }
}

/// Clock, zone, service, who, identifier.
pub(crate) fn head(work: &Work<'_>, record: &ShownRecord) -> String {
    let words = work.words;
    let id: String = record.id.chars().take(ID_DIGITS).collect();
    let time = clock(work, record);
    let kind = words.word("record", record.what.word());
    let from = match &record.what {
        What::Message(message) => format!("{} · {}", message.app, who(work, message)),
        What::Call(call) => {
            let others: Vec<String> = call.others.iter().map(name).collect();
            format!("{} · {}", call.app, others.join(", "))
        }
        _ => String::new(),
    };
    format!("{time}  {kind}  {from}  ({}, {id})", record.capsule.0)
}

fn clock(work: &Work<'_>, record: &ShownRecord) -> String {
    let words = work.words;
    let Some(time) = record.what.time() else { return words.say("time-none") };
    let Some(first) = time.first_ms else {
        return say!(words, "time-unread", raw = shown(&time.raw));
    };
    if time.second_ms.is_some() {
        return record_line::time_text(work, time);
    }
    let text = Timestamp(first.div_euclid(1000)).to_string();
    let clock = text.split_once('T').map_or(text.as_str(), |(_, clock)| clock);
    let clock = clock.trim_end_matches('Z');
    let clock = match time.precision {
        model::record::Precision::Day => return words.say("timeline-day-only"),
        model::record::Precision::Minute => clock.get(..5).unwrap_or(clock),
        _ => clock,
    };
    match time.zone {
        Zone::Known { .. } => say!(words, "time-utc", time = clock),
        Zone::Unknown => say!(words, "time-wall", time = clock),
    }
}

fn who(work: &Work<'_>, message: &Message) -> String {
    let words = work.words;
    let chat = message.chat.name.as_deref().map(shown).unwrap_or_default();
    match (&message.sender, message.direction) {
        (_, Direction::System) => say!(words, "timeline-system", chat = chat),
        (Some(sender), Direction::Outgoing) if chat.is_empty() => name(sender),
        (Some(sender), _) if chat.is_empty() || chat == name(sender) => name(sender),
        (Some(sender), _) => say!(words, "timeline-in-chat", sender = name(sender), chat = chat),
        (None, Direction::Outgoing) => say!(words, "timeline-own", chat = chat),
        (None, _) => chat,
    }
}

fn name(party: &Party) -> String {
    shown(party.name.as_deref().or(party.id.as_deref()).unwrap_or_default())
}

/// What it says, and what became of it.
fn said(work: &Work<'_>, what: &What) -> String {
    let words = work.words;
    let text = record_line::text(what).map(|text| short(&shown(&text))).unwrap_or_default();
    let What::Message(message) = what else { return text };
    let mut parts = vec![text];
    for attachment in &message.attachments {
        let file = attachment.name.as_deref().map(shown).unwrap_or_default();
        parts.push(say!(words, "timeline-attachment", name = file));
    }
    let deleted = |state: &State| {
        matches!(
            state,
            State::DeletedBySender
                | State::DeletedByOwner
                | State::DeletedByAdmin
                | State::Deleted
                | State::RecentlyDeleted
        )
    };
    if message.states.iter().any(deleted) {
        parts.push(words.say("timeline-deleted"));
    }
    if message.states.contains(&State::Edited) {
        parts.push(words.say("timeline-edited"));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("  ")
}

fn short(text: &str) -> String {
    match text.char_indices().nth(TEXT_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
