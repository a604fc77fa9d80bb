//! The timeline for people: days, and below each the records with time, source, people, text and states.
//!
//! A clock without a zone is said to be one; a day or minute is not made into a second; a time with two
//! readings shows both dates. Foreign text is escaped, cut, and kept apart where it runs from right to left.

use desk::{Gap, TimelineLine, WantedParty};
use model::Date;
use model::record::{
    Attachment, AttachmentState, Call, Direction, Message, Party, Precision, State, TimeReading, What, Zone,
};

use crate::emphasis::{Emphasis, foreign};
use crate::language::Language;
use crate::shown::shown;
use crate::words::{Words, say};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// Most characters of a text; the whole of it is in `--json` and behind `asservat show`.
const TEXT_CHARACTERS: usize = 400;
/// Most characters of a name.
const NAME_CHARACTERS: usize = 40;
/// Digits of an identifier; `asservat show` takes as many as tell it apart.
const ID_DIGITS: usize = 12;
/// Most attachments that are named.
const ATTACHMENTS: usize = 3;
/// How far what belongs to a record is moved in.
const INDENT: &str = "      ";

/// Draws lines.
pub(crate) struct Drawing<'d> {
    /// The words.
    pub(crate) words: &'d Words,
    /// Whether days stand out.
    pub(crate) emphasis: Emphasis,
}

impl Drawing<'_> {
    /// A page: the lines of the records below their days, gaps where they are.
    pub(crate) fn page(&self, records: &[TimelineLine], gaps: &[Gap]) -> Vec<String> {
        let (mut lines, mut day, mut gaps) = (Vec::new(), None, gaps.iter().peekable());
        for record in records {
            let first_ms = record.record.what.time().and_then(|time| time.first_ms);
            while let Some(gap) = gaps.next_if(|gap| first_ms.is_none_or(|ms| gap.silence.before_ms <= ms)) {
                lines.extend([String::new(), self.gap(gap)]);
            }
            let own = first_ms.map(|ms| ms.div_euclid(DAY_MS));
            if day != Some(own) {
                let heading =
                    own.map_or_else(|| self.words.say("timeline-no-time"), |day| self.day_heading(day));
                lines.extend([String::new(), self.emphasis.strong(&heading)]);
                day = Some(own);
            }
            lines.extend(self.record(record));
        }
        lines
    }

    /// A record: what it is in the first line, what it says below.
    pub(crate) fn record(&self, line: &TimelineLine) -> Vec<String> {
        let mut lines = vec![self.head(line)];
        let text = text_of(&line.record.what);
        lines.extend(text.map(|text| format!("{INDENT}{}", cut(&text, TEXT_CHARACTERS))));
        lines.extend(self.beside(line));
        lines
    }

    /// The first line of a record alone: time, source, who, identifier.
    pub(crate) fn head(&self, line: &TimelineLine) -> String {
        let what = &line.record.what;
        let time = what.time().map_or_else(|| self.words.say("time-none"), |time| self.time(time));
        let kind = match what {
            What::Message(_) => String::new(),
            other => format!(" · {}", self.words.word("record", other.word())),
        };
        let chat = if let What::Message(message) = what { self.chat(message) } else { None };
        let who = self.who(what).into_iter().chain(chat);
        let who = who.fold(String::new(), |all, who| format!("{all} · {who}"));
        let (source, id) = (self.service(line), id(&line.record.id));
        format!("  {time} · {source}{kind}{who} · {id}")
    }

    /// The first line of a record that stands under no day.
    pub(crate) fn dated_head(&self, line: &TimelineLine) -> String {
        let day = line.record.what.time().filter(|time| time.second_ms.is_none());
        let day = day.and_then(|time| time.first_ms).map(|ms| format!("{} ", self.date_of(ms)));
        let head = self.head(line);
        format!("  {}{}", day.unwrap_or_default(), head.trim_start())
    }

    /// A record of a chat in one short line: time of day, who, what.
    pub(crate) fn short(&self, line: &TimelineLine) -> String {
        /// Most characters of what it says.
        const SHORT: usize = 100;
        let what = &line.record.what;
        let time = what.time().map_or_else(|| self.words.say("time-none"), |time| self.time(time));
        let who = match what {
            What::Message(message) => message.sender.as_ref().and_then(name),
            other => self.who(other),
        };
        let who = who.map(|who| format!(" {who}:")).unwrap_or_default();
        format!("{time}{who} {}", text_of(what).map(|text| cut(&text, SHORT)).unwrap_or_default())
    }

    /// What stands beside a record: attachments, states, sources, tags, notes.
    pub(crate) fn beside(&self, line: &TimelineLine) -> Vec<String> {
        let mut parts = Vec::new();
        if let What::Message(message) = &line.record.what {
            parts.extend(self.attachments(&message.attachments));
            let states: Vec<String> = message.states.iter().filter_map(|state| self.state(state)).collect();
            parts.extend((!states.is_empty()).then(|| states.join(", ")));
        }
        let reader = |reader: Option<&str>| {
            reader.map_or_else(String::new, |reader| self.words.word("reader", reader))
        };
        let mut lines: Vec<String> = parts.into_iter().map(|part| format!("{INDENT}{part}")).collect();
        for other in &line.also_in {
            lines.push(format!(
                "{INDENT}{}",
                say!(
                    self.words,
                    "timeline-also-in",
                    capsule = other.capsule.0,
                    reader = reader(other.reader.as_deref()),
                    time = self.other_time(line.record.what.time(), other.what.time()),
                    id = id(&other.id)
                )
            ));
        }
        if !line.tags.is_empty() {
            let tags: Vec<String> = line.tags.iter().map(|tag| foreign(tag)).collect();
            lines.push(format!("{INDENT}{}", say!(self.words, "timeline-tags", tags = tags.join(", "))));
        }
        for note in &line.notes {
            let text = cut(&note.text, TEXT_CHARACTERS);
            let said = say!(self.words, "timeline-note", entry = note.entry.0, text = text);
            lines.push(format!("{INDENT}{said}"));
        }
        lines
    }

    /// Whose records are shown.
    pub(crate) fn people(&self, people: &[WantedParty]) -> Vec<String> {
        /// Most that are named.
        const NAMED: usize = 10;
        let mut lines: Vec<String> = people
            .iter()
            .take(NAMED)
            .map(|party| {
                let who = [party.name.as_deref(), party.id.as_deref()];
                let who: Vec<String> =
                    who.into_iter().flatten().map(|who| cut(who, NAME_CHARACTERS)).collect();
                let id = if party.confirmed { "timeline-person-confirmed" } else { "timeline-person" };
                let (app, capsule) = (self.words.word("app", &party.app), party.capsule.0);
                say!(self.words, id, who = who.join(", "), app = app, capsule = capsule)
            })
            .collect();
        let more = people.len().saturating_sub(NAMED);
        lines.extend((more > 0).then(|| say!(self.words, "timeline-people-more", count = more as u64)));
        lines
    }

    fn gap(&self, gap: &Gap) -> String {
        let (from, to) = (self.date_of(gap.silence.after_ms), self.date_of(gap.silence.before_ms));
        let said = say!(self.words, "timeline-gap", days = gap.days, from = from, to = to);
        let perhaps =
            if gap.perhaps_not_empty { self.words.say("timeline-gap-perhaps") } else { String::new() };
        format!("  ··· {said} {perhaps}").trim_end().to_owned()
    }

    /// The service and the capsule.
    fn service(&self, line: &TimelineLine) -> String {
        let app = app_of(&line.record.what);
        let reader = line.reader.as_deref().filter(|_| app.is_empty());
        let name = match reader {
            Some(reader) => self.words.word("reader", reader),
            None => self.words.word("app", app),
        };
        let capsule = say!(self.words, "timeline-capsule", number = line.record.capsule.0);
        if name.is_empty() { capsule } else { format!("{}, {capsule}", cut(&name, NAME_CHARACTERS)) }
    }

    /// Time of day, with what is known of the zone; the dates too where there are two.
    fn time(&self, time: &TimeReading) -> String {
        match (time.first_ms, time.second_ms) {
            (Some(first), Some(second)) if date(first) != date(second) => {
                let dates = say!(
                    self.words,
                    "time-either",
                    first = self.date_of(first),
                    second = self.date_of(second)
                );
                format!("{dates}, {}", self.clock(time, first))
            }
            (Some(first), Some(second)) => {
                let (first, second) = (self.clock(time, first), self.clock(time, second));
                say!(self.words, "time-either", first = first, second = second)
            }
            (Some(first), None) => self.clock(time, first),
            (None, _) => say!(self.words, "time-unread", raw = cut(&time.raw, NAME_CHARACTERS)),
        }
    }

    /// The time that another source has, if it says something else.
    fn other_time(&self, own: Option<&TimeReading>, other: Option<&TimeReading>) -> String {
        let said = |time: &TimeReading| (time.first_ms, time.second_ms, time.zone, time.precision);
        let other = other.filter(|other| own.map(said) != Some(said(other)));
        let time = other.map(|time| match (time.first_ms, time.second_ms) {
            (Some(first), None) => format!("{} {}", self.date_of(first), self.clock(time, first)),
            _ => self.time(time),
        });
        time.map(|time| format!(", {time}")).unwrap_or_default()
    }

    /// The time of day as exact as the source has it, in UTC and by the offset the source shows, or by a
    /// clock of which no zone is known.
    fn clock(&self, time: &TimeReading, ms: i64) -> String {
        if time.precision == Precision::Day {
            return self.words.say("timeline-day-only");
        }
        let own = clock(ms, time.precision);
        match time.zone {
            Zone::Unknown => say!(self.words, "timeline-wall", time = own),
            Zone::Known { offset_minutes: 0 } => say!(self.words, "time-utc", time = own),
            Zone::Known { offset_minutes } => {
                let minutes = i64::from(offset_minutes);
                let there = ms.saturating_add(minutes.saturating_mul(MINUTE_MS));
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
                let there_clock = clock(there, time.precision);
                let day =
                    if date(there) == date(ms) { String::new() } else { format!("{} ", self.date_of(there)) };
                let there = format!("{day}{there_clock}");
                say!(self.words, "timeline-offset", time = own, there = there, offset = offset)
            }
        }
    }

    fn day_heading(&self, day: i64) -> String {
        // 1970-01-01 was a Thursday, the fourth day.
        let weekday = day.saturating_add(3).rem_euclid(7).saturating_add(1);
        let weekday = self.words.say(&format!("weekday-{weekday}"));
        format!("{weekday}, {}", self.date_of(day.saturating_mul(DAY_MS)))
    }

    /// The date as the language writes it, without room for another reading.
    fn date_of(&self, ms: i64) -> String {
        let date = Date { days: ms.div_euclid(DAY_MS) }.to_string();
        let parts: Vec<&str> = date.rsplitn(3, '-').collect();
        match (self.words.language(), parts.as_slice()) {
            (Language::German, [day, month, year]) => format!("{day}.{month}.{year}"),
            _ => date,
        }
    }

    /// From whom to whom.
    fn who(&self, what: &What) -> Option<String> {
        let arrow = |from: String, to: String| format!("{from} → {to}");
        match what {
            What::Message(message) => {
                let from = message.sender.as_ref().and_then(name);
                let to: Vec<String> = message.recipients.iter().filter_map(name).take(3).collect();
                let to = (!to.is_empty()).then(|| to.join(", "));
                let own = || self.words.say("timeline-owner");
                let program = || self.words.say("timeline-program");
                match message.direction {
                    Direction::System => Some(program()),
                    Direction::Outgoing => {
                        Some(arrow(from.unwrap_or_else(own), to.or_else(|| chat_name(message))?))
                    }
                    Direction::Incoming => {
                        Some(arrow(from.or_else(|| chat_name(message))?, to.unwrap_or_else(own)))
                    }
                    Direction::Unknown => match (from, to) {
                        (Some(from), Some(to)) => Some(arrow(from, to)),
                        (from, to) => from.or(to),
                    },
                }
            }
            What::Call(call) => Some(self.call(call)),
            What::Contact(contact) => contact.names.first().map(|name| cut(name, NAME_CHARACTERS)),
            What::Account(account) => account.names.first().map(|name| cut(name, NAME_CHARACTERS)),
            _ => None,
        }
    }

    fn call(&self, call: &Call) -> String {
        let others: Vec<String> = call.others.iter().filter_map(name).take(3).collect();
        let direction = match call.direction {
            Direction::Incoming => "timeline-call-in",
            Direction::Outgoing => "timeline-call-out",
            _ => "timeline-call",
        };
        let mut said = say!(self.words, direction, who = others.join(", "));
        if let Some(seconds) = call.duration_seconds {
            said = format!("{said} ({}:{:02})", seconds / 60, seconds % 60);
        }
        said.trim().to_owned()
    }

    /// The chat, unless it is named after one of those who write.
    fn chat(&self, message: &Message) -> Option<String> {
        let name = message.chat.name.as_deref()?;
        let people = message.sender.iter().chain(&message.recipients);
        let is_person = people.into_iter().any(|party| party.name.as_deref() == Some(name));
        let is_in_head = message.direction == Direction::Outgoing && message.recipients.is_empty();
        let name = (!is_person && !is_in_head).then(|| cut(name, NAME_CHARACTERS))?;
        Some(say!(self.words, "timeline-chat", name = name))
    }

    fn attachments(&self, attachments: &[Attachment]) -> Option<String> {
        if attachments.is_empty() {
            return None;
        }
        let named = attachments.iter().take(ATTACHMENTS).map(|attachment| {
            let name = attachment.name.as_deref().or(attachment.media_type.as_deref()).unwrap_or("?");
            let state = match attachment.state {
                AttachmentState::Present => "present",
                AttachmentState::NotFound => "not-found",
                AttachmentState::LeftOut => "left-out",
                AttachmentState::Unavailable => "unavailable",
            };
            let state = self.words.say(&format!("timeline-attachment-{state}"));
            format!("{} ({state})", cut(name, NAME_CHARACTERS))
        });
        let mut named: Vec<String> = named.collect();
        let more = attachments.len().saturating_sub(ATTACHMENTS);
        if more > 0 {
            named.push(format!("+{more}"));
        }
        Some(say!(self.words, "timeline-attached", names = named.join(", ")))
    }

    /// What became of a message, if it is worth a word in a line.
    fn state(&self, state: &State) -> Option<String> {
        let word = match state {
            State::DeletedBySender => "deleted-by-sender",
            State::DeletedByOwner => "deleted-by-owner",
            State::DeletedByAdmin => "deleted-by-admin",
            State::Deleted => "deleted",
            State::RecentlyDeleted => "recently-deleted",
            State::Edited => "edited",
            State::EditedOrReacted => "edited-or-reacted",
            State::ViewOnce => "view-once",
            State::Disappearing(_) => "disappearing",
            State::Forwarded => "forwarded",
            State::Draft => "draft",
            State::Failed => "failed",
            State::Pending => "pending",
            State::Doubtful(_) => "doubtful",
            State::Starred | State::Read => return None,
        };
        Some(self.words.say(&format!("state-{word}")))
    }
}

/// The service of a record; empty if it names none.
fn app_of(what: &What) -> &str {
    match what {
        What::Message(message) => &message.app,
        What::Call(call) => &call.app,
        What::Contact(contact) => &contact.app,
        What::Account(account) => &account.app,
        What::Location(fix) => &fix.app,
        What::Visit(visit) => &visit.app,
        What::Event(event) => &event.app,
        What::App(_) | What::Media(_) | What::File(_) => "",
    }
}

/// What a record says.
fn text_of(what: &What) -> Option<String> {
    let values = |identifiers: &[model::record::Identifier]| {
        let values: Vec<&str> = identifiers.iter().map(|identifier| identifier.value.as_str()).collect();
        values.join(", ")
    };
    let text = match what {
        What::Message(message) => match (&message.subject, &message.text) {
            (Some(subject), Some(text)) => format!("{subject}: {text}"),
            (subject, text) => subject.clone().or_else(|| text.clone())?,
        },
        What::Call(_) => return None,
        What::Contact(contact) => values(&contact.identifiers),
        What::Account(account) => values(&account.identifiers),
        What::Location(fix) => {
            let point = fix.point.map(|point| format!("{}, {}", point.latitude, point.longitude));
            [fix.name.clone(), point].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        What::App(app) => format!("{} ({})", app.name.as_deref().unwrap_or_default(), app.id),
        What::Visit(visit) => format!("{} {}", visit.title.as_deref().unwrap_or_default(), visit.url),
        What::Media(fact) => {
            let point = fact.point.map(|point| format!("{}, {}", point.latitude, point.longitude));
            let parts = [Some(fact.media_type.clone()), fact.device.clone(), point];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        What::Event(event) => format!("{} {}", event.kind, event.text.as_deref().unwrap_or_default()),
        What::File(fact) => fact.media_type.clone(),
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn name(party: &Party) -> Option<String> {
    party.name.as_deref().or(party.id.as_deref()).map(|name| cut(name, NAME_CHARACTERS))
}

fn chat_name(message: &Message) -> Option<String> {
    let named = message.chat.name.as_deref().filter(|name| !name.is_empty());
    let name = named.or(Some(message.chat.id.as_str()).filter(|id| !id.is_empty()))?;
    Some(cut(name, NAME_CHARACTERS))
}

/// The beginning of an identifier.
pub(crate) fn id(id: &str) -> String {
    shown(&id.chars().take(ID_DIGITS).collect::<String>())
}

/// Foreign text in one line, cut and escaped.
pub(crate) fn cut(text: &str, characters: usize) -> String {
    let whole: String = text.chars().take(characters).collect();
    let mark = if whole.len() < text.len() { "…" } else { "" };
    format!("{}{mark}", foreign(&whole))
}

fn date(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS)
}

fn clock(ms: i64, precision: Precision) -> String {
    let seconds = ms.rem_euclid(DAY_MS) / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match precision {
        Precision::Minute | Precision::Day => format!("{hour:02}:{minute:02}"),
        Precision::Second | Precision::Millisecond => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}
