//! The second of two passes over an export: makes records of its lines, and the reckoning of all of them.
//!
//! A line with a header begins a record; every other line belongs to the record before it. Lines before the
//! first header are one record without author and time. Nothing is left out.

use std::io::Read;

use model::record::{
    ChatRef, Counted, Direction, FileNumber, Message, Party, Place, Precision, Problem, ProblemKind, Record,
    State, TimeReading, Unit, What, Zone,
};

use super::author::{Author, author, party, shown};
use super::body::Bodies;
use super::characters::{begins_marked, is_blank};
use super::hold::{Hold, PASTED};
use super::order::Readings;
use super::stamp::{Frame, Header, Number, scan};
use super::stamp_words::{Half, hour_of_day};
use super::survey::Survey;
use super::text::{Encoding, TextLine, TextLines};
use super::words::Words;
use crate::lines::Cut;
use crate::{Flow, Sink};

/// Makes records.
pub(super) struct Emitter<'e, 'b> {
    file: FileNumber,
    survey: &'e Survey,
    bodies: &'e Bodies<'b>,
    words: &'static Words,
    chat: ChatRef,
    owner: Option<String>,
    most_bytes: usize,
    /// Of the next header.
    number: u64,
    pending: Option<Pending>,
    hold: Hold,
    counted: Counted,
    /// The readings of the last date, which mostly is that of the next line too.
    last_date: Option<(u8, [Number; 3], Readings)>,
    counts: Counts,
}

/// What is said once for the file, with how many.
#[derive(Default)]
struct Counts {
    ambiguous: u64,
    no_such_time: u64,
    damaged: u64,
    nul: u64,
    cut: u64,
}

/// A record that may go on with the next line.
struct Pending {
    offset: u64,
    end: u64,
    /// Its text, with the name before it.
    text: Vec<u8>,
    header: Option<Header>,
    time: Option<TimeReading>,
    orders: Option<String>,
    foreign: bool,
}

impl<'e, 'b> Emitter<'e, 'b> {
    pub(super) fn new(
        file: FileNumber,
        (survey, bodies): (&'e Survey, &'e Bodies<'b>),
        chat: ChatRef,
        owner: Option<String>,
        most_bytes: u64,
    ) -> Self {
        Self {
            file,
            survey,
            bodies,
            words: Words::get(),
            chat,
            owner,
            most_bytes: usize::try_from(most_bytes).unwrap_or(usize::MAX),
            number: 0,
            pending: None,
            hold: Hold::default(),
            counted: Counted::new(file, Unit::Line, ""),
            last_date: None,
            counts: Counts::default(),
        }
    }

    /// Reads a text to its end.
    pub(super) fn read<R: Read>(mut self, mut lines: TextLines<R>, sink: &mut dyn Sink) -> Flow {
        let mut at = 0;
        loop {
            match lines.next_line() {
                Ok(Some(line)) => {
                    at = line.offset.saturating_add(line.length);
                    self.line(&line, sink)?;
                }
                Ok(None) => break,
                Err(_) => {
                    let place = (self.file, Place::bytes(at, 0));
                    sink.trouble(
                        place,
                        ProblemKind::Unreadable,
                        "bytes up to the end",
                        "all lines before this place",
                    )?;
                    break;
                }
            }
        }
        self.flush(sink)?;
        self.hold.end(sink)?;
        self.problems(sink)?;
        sink.counted(self.counted)
    }

    fn line(&mut self, line: &TextLine<'_>, sink: &mut dyn Sink) -> Flow {
        let bytes: &[u8] = &line.bytes;
        self.counted.in_source = self.counted.in_source.saturating_add(1);
        self.counts.cut = self.counts.cut.saturating_add(u64::from(line.cut == Cut::Yes));
        if memchr::memchr(0, bytes).is_some() {
            self.counts.nul = self.counts.nul.saturating_add(1);
        }
        if let Some(header) = scan(bytes) {
            self.flush(sink)?;
            self.begin(line, header);
            return Flow::Continue(());
        }
        match &mut self.pending {
            Some(pending) => {
                pending.end = line.offset.saturating_add(line.length);
                let room = self.most_bytes.saturating_sub(pending.text.len());
                if bytes.len() >= room {
                    self.counts.cut = self.counts.cut.saturating_add(1);
                }
                if room > 0 {
                    pending.text.push(b'\n');
                    pending.text.extend_from_slice(bytes.get(..bytes.len().min(room)).unwrap_or_default());
                }
                self.counted.continuations = self.counted.continuations.saturating_add(1);
            }
            None => self.orphan(line),
        }
        Flow::Continue(())
    }

    /// A line before the first header.
    fn orphan(&mut self, line: &TextLine<'_>) {
        self.pending = Some(Pending {
            offset: line.offset,
            end: line.offset.saturating_add(line.length),
            text: line.bytes.to_vec(),
            header: None,
            time: None,
            orders: None,
            foreign: false,
        });
    }

    fn begin(&mut self, line: &TextLine<'_>, header: Header) {
        let bytes: &[u8] = &line.bytes;
        let number = self.number;
        self.number = number.saturating_add(1);
        let readings = self.readings(number, &header);
        let raw = bytes.get(header.stamp.0..header.stamp.1).unwrap_or_default();
        let raw = match std::str::from_utf8(raw) {
            Ok(raw) => raw.to_owned(),
            Err(_) => String::from_utf8_lossy(raw).into_owned(),
        };
        let time = self.time(raw, &header, &readings, self.survey.half(&header, bytes));
        self.pending = Some(Pending {
            offset: line.offset,
            end: line.offset.saturating_add(line.length),
            text: bytes.get(header.rest..).unwrap_or_default().to_vec(),
            header: Some(header),
            orders: readings.orders(),
            time: Some(time),
            foreign: self.survey.is_foreign(&header),
        });
    }

    fn readings(&mut self, number: u64, header: &Header) -> Readings {
        let form = header.date_form();
        if let Some((last_form, date, readings)) = self.last_date
            && last_form == form
            && date == header.date
        {
            return readings;
        }
        let readings = self.survey.decisions.read(number, header);
        let even = self.survey.decisions.is_even(header);
        self.last_date = even.then_some((form, header.date, readings));
        readings
    }

    fn time(&mut self, raw: String, header: &Header, readings: &Readings, half: Half) -> TimeReading {
        let (hour, minute, second) = header.clock;
        let at = |day: Option<i64>, half: Half| {
            let hour = i64::from(hour_of_day(hour, half));
            let seconds = hour * 3600 + i64::from(minute) * 60 + i64::from(second.unwrap_or(0));
            day?.checked_mul(86_400)?.checked_add(seconds)?.checked_mul(1000)
        };
        let (first, second_day) = readings.days();
        let (first_ms, second_ms) = if half == Half::Unknown {
            (at(first, Half::Morning), at(second_day.or(first), Half::Afternoon))
        } else {
            (at(first, half), at(second_day, half))
        };
        self.counts.ambiguous = self.counts.ambiguous.saturating_add(u64::from(second_ms.is_some()));
        self.counts.no_such_time = self.counts.no_such_time.saturating_add(u64::from(first_ms.is_none()));
        let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
        TimeReading { raw, first_ms, second_ms: None, zone: Zone::Unknown, precision }.or(second_ms)
    }

    /// Makes a record of what is pending.
    fn flush(&mut self, sink: &mut dyn Sink) -> Flow {
        let Some(pending) = self.pending.take() else { return Flow::Continue(()) };
        let place = Place::bytes(pending.offset, pending.end.saturating_sub(pending.offset));
        if pending.header.is_none() && is_blank(&pending.text) {
            // Nothing but marks and blank space before the first message.
            self.counted.problems = self.counted.problems.saturating_add(1);
            return sink.trouble((self.file, place), ProblemKind::Damaged, "the header of a message", "");
        }
        let message = self.message(pending);
        let count = match message.direction {
            Direction::System => &mut self.counted.system,
            _ => &mut self.counted.records,
        };
        *count = count.saturating_add(1);
        let sure = message.sent.as_ref().filter(|time| time.second_ms.is_none());
        let sure = sure.filter(|_| message.direction != Direction::System).and_then(|time| time.first_ms);
        let record = Record { file: self.file, place, part: 0, what: What::Message(Box::new(message)) };
        self.hold.push(record, sure, sink)
    }

    fn message(&mut self, pending: Pending) -> Message {
        let Pending { text: rest, header, time, orders, foreign, .. } = pending;
        let mut message =
            Message { app: "whatsapp".to_owned(), chat: self.chat.clone(), sent: time, ..Message::default() };
        if let Some(orders) = orders {
            message.extra.push(("date-orders".to_owned(), orders));
        }
        let Some(header) = header else {
            message.states.push(State::Doubtful("no header".to_owned()));
            message.text = Some(self.string(rest));
            return message;
        };
        // Only the first line can hold the name.
        let first = rest.get(..memchr::memchr(b'\n', &rest).unwrap_or(rest.len())).unwrap_or_default();
        let mut from = 0;
        match author(first, header.frame, &self.survey.names, self.words) {
            Author::App(split) => {
                message.direction = Direction::System;
                if let Some(split) = split {
                    from = first.len().saturating_sub(split.text.len());
                    message.extra.push(("written under".to_owned(), shown(split.name)));
                }
            }
            Author::Person(split) => {
                from = first.len().saturating_sub(split.text.len());
                self.person(split.name, &mut message);
            }
            Author::Unclear => {
                message.states.push(State::Doubtful("author may be part of the text".to_owned()));
            }
        }
        let mut text = rest;
        text.drain(..from.min(text.len()));
        let text = self.string(text);
        self.bodies.read(&text, &mut message);
        if message.direction != Direction::System {
            self.by_app(&text, header.frame, &mut message);
        }
        if foreign {
            message.states.push(State::Doubtful(PASTED.to_owned()));
        }
        message.text = Some(text);
        message
    }

    fn person(&self, name: &[u8], message: &mut Message) {
        if let Some(owner) = &self.owner {
            let is_owner = name == owner.as_bytes() || shown(name) == *owner;
            message.direction = if is_owner { Direction::Outgoing } else { Direction::Incoming };
        }
        message.sender = Some(party(name));
    }

    /// A text that may be WhatsApp's own although a person's name stands before it.
    fn by_app(&self, text: &str, frame: Frame, message: &mut Message) {
        let marked = begins_marked(text.as_bytes());
        // In exports that lost their marks the notice of encryption stands first.
        let first = self.number <= 1 && frame == Frame::Bracket;
        if !(marked || first) || !message.attachments.is_empty() || !message.inside.is_empty() {
            return;
        }
        if self.words.sentence(text).is_some() {
            message.direction = Direction::System;
            if let Some(Party { id, name }) = message.sender.take()
                && let Some(under) = name.or(id)
            {
                message.extra.push(("written under".to_owned(), under));
            }
        } else if marked && frame == Frame::Bracket && message.states.is_empty() {
            message.states.push(State::Doubtful("marked as written by WhatsApp".to_owned()));
        }
    }

    fn string(&mut self, bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap_or_else(|error| {
            self.counts.damaged = self.counts.damaged.saturating_add(1);
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        })
    }

    /// What is said once for the file.
    fn problems(&self, sink: &mut dyn Sink) -> Flow {
        let encoding = self.survey.encoding;
        let recoded = if encoding == Encoding::Windows1252 { self.survey.damaged_lines } else { 0 };
        let wide = matches!(encoding, Encoding::Utf16Little | Encoding::Utf16Big);
        let counts = &self.counts;
        let said = [
            (counts.ambiguous, ProblemKind::Ambiguous, "times that can be read in one way", "both readings"),
            (counts.no_such_time, ProblemKind::NotUnderstood, "a date of a known calendar", "the raw value"),
            (counts.damaged, ProblemKind::Damaged, "UTF-8", "the text with marks for what is not"),
            (recoded, ProblemKind::Damaged, "UTF-8", Encoding::Windows1252.word()),
            (u64::from(wide), ProblemKind::Damaged, "UTF-8", encoding.word()),
            (counts.nul, ProblemKind::Damaged, "text without NUL characters", "the text with them"),
            (counts.cut, ProblemKind::Limit, "shorter messages", "the beginning of the text"),
        ];
        for (units, kind, expected, kept) in said.into_iter().filter(|(units, ..)| *units > 0) {
            let (expected, kept) = (expected.to_owned(), kept.to_owned());
            sink.problem(Problem { file: self.file, place: Place::Whole, kind, expected, kept, units })?;
        }
        Flow::Continue(())
    }
}
