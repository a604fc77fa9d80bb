//! Exports of the Android program "SMS Backup & Restore": `sms-….xml` with SMS and MMS, `calls-….xml`.
//!
//! The element's attributes are the columns of Android's own databases, so their numbers mean the same; seen
//! and described for versions 7 to 10. Everything stands in attributes, also the attachments of MMS in
//! base64: they are passed over and told with place and size. Deliberately not read: encrypted and packed
//! backups (`.zip` is a container of its own), the content of attachments.

mod message;

use memchr::memmem;
use model::record::{
    Call, CallMedium, Counted, Event, FileNumber, Message, Party, Place, Precision, ProblemKind, Record,
    State, TimeReading, Unit, What,
};
use source::tree::Candidate;

use crate::tags::{Tag, TagEnd, TagKind, Tags};
use crate::troubles::Troubles;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink, telephony};

/// SMS Backup & Restore.
pub(crate) struct SmsBackupRestore;

/// The longest value of an attribute that is kept.
const VALUE_BYTES: usize = 256 << 10;
/// Most parts and addresses of one MMS.
const PARTS_MOST: usize = 2000;

impl Format for SmsBackupRestore {
    fn name(&self) -> &'static str {
        "sms_backup_restore"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "SMS Backup & Restore (XML)",
            covers: "SMS, MMS with all who took part and their attachments by name and size, calls; the \
                     count that the export itself tells is compared with what is there",
            leaves_out: "the content of attachments, which stays in the file; encrypted backups",
            source: "public descriptions of the export; android.provider.Telephony and CallLog",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        if candidate.entry().extension() != "xml"
            && !candidate.begins_with(b"<")
            && !candidate.begins_with(b"\xef\xbb\xbf<")
        {
            return None;
        }
        let has = |tag: &str| memmem::find(candidate.head(), tag.as_bytes()).is_some();
        let certain = has("<smses") || has("<calls count=");
        certain.then(|| Claim::alone(Certainty::Certain))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(stream) = input.entry().and_then(|entry| entry.content().stream().ok()) else {
            let place = (input.file, Place::Whole);
            return sink.trouble(place, ProblemKind::Unreadable, "bytes that can be read", "");
        };
        let mut reading = Reading {
            file: input.file,
            counted: Counted::new(input.file, Unit::Element, ""),
            troubles: Troubles::new(input.file),
            open: None,
            claimed: None,
            top: 0,
            roots: Roots::None,
        };
        let mut tags = Tags::new(stream, VALUE_BYTES);
        loop {
            match tags.next_tag() {
                Ok(Some(tag)) => reading.tag(&tag, sink)?,
                Ok(None) => break,
                Err(_) => {
                    let words = ("bytes that can be read to the end", "everything before");
                    reading.trouble(sink, Place::Whole, ProblemKind::Unreadable, words)?;
                    break;
                }
            }
        }
        reading.finish(sink)
    }
}

/// How far the outermost element got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Roots {
    None,
    Open,
    Closed,
}

struct Reading {
    file: FileNumber,
    counted: Counted,
    troubles: Troubles,
    /// The MMS whose parts come.
    open: Option<Open>,
    /// How many entries the export says it has.
    claimed: Option<u64>,
    /// How many there were.
    top: u64,
    roots: Roots,
}

/// An MMS that is not yet closed.
struct Open {
    message: Box<Message>,
    offset: u64,
    /// Where what was read of it ends.
    end: u64,
    parts: usize,
}

impl Reading {
    fn tag(&mut self, tag: &Tag, sink: &mut dyn Sink) -> Flow {
        let end = tag.offset.saturating_add(tag.length);
        if let Some(open) = &mut self.open {
            open.end = end;
        }
        match tag.kind {
            TagKind::Close if tag.name == "mms" => return self.close(sink),
            TagKind::Close if matches!(tag.name.as_str(), "smses" | "calls") => {
                self.roots = Roots::Closed;
                return Flow::Continue(());
            }
            TagKind::Close => return Flow::Continue(()),
            TagKind::DocumentType => {
                let words = ("no document type, whose entities are not resolved", "everything else");
                let place = Place::bytes(tag.offset, tag.length);
                return self.trouble(sink, place, ProblemKind::Unsupported, words);
            }
            TagKind::Open | TagKind::Empty => {}
        }
        self.counted.in_source = self.counted.in_source.saturating_add(1);
        self.check(tag, sink)?;
        match tag.name.as_str() {
            "smses" | "calls" => self.root(tag, sink),
            "sms" => {
                self.close(sink)?;
                let mut message = message::sms(tag);
                Self::doubt(tag, &mut message);
                self.give(sink, (tag.offset, tag.length), What::Message(message))
            }
            "mms" => {
                self.close(sink)?;
                let mut message = message::mms(tag);
                Self::doubt(tag, &mut message);
                self.open = Some(Open { message, offset: tag.offset, end, parts: 0 });
                if tag.kind == TagKind::Empty { self.close(sink) } else { Flow::Continue(()) }
            }
            "call" => {
                self.close(sink)?;
                self.give(sink, (tag.offset, tag.length), What::Call(Box::new(call(tag))))
            }
            "parts" | "addrs" => self.continuation(),
            "part" | "addr" => self.part(tag, sink),
            _ => {
                self.counted.problems = self.counted.problems.saturating_add(1);
                let place = Place::bytes(tag.offset, tag.length);
                self.trouble(sink, place, ProblemKind::NotUnderstood, ("an element of the export", ""))
            }
        }
    }

    /// Says what of a tag is broken or was cut.
    fn check(&mut self, tag: &Tag, sink: &mut dyn Sink) -> Flow {
        let place = || Place::bytes(tag.offset, tag.length);
        if tag.end == TagEnd::Broken {
            let words = ("a tag that ends as it should", "the attributes that could be read");
            self.trouble(sink, place(), ProblemKind::Damaged, words)?;
        }
        if cut(tag) {
            let words = ("values of at most 256 KiB", "the beginning of the value");
            self.trouble(sink, place(), ProblemKind::Limit, words)?;
        }
        Flow::Continue(())
    }

    fn doubt(tag: &Tag, message: &mut Message) {
        if tag.end == TagEnd::Broken {
            message.states.push(State::Doubtful("tag broken".to_owned()));
        }
        if cut(tag) {
            message.states.push(State::Doubtful("value cut".to_owned()));
        }
    }

    fn root(&mut self, tag: &Tag, sink: &mut dyn Sink) -> Flow {
        self.close(sink)?;
        self.roots = Roots::Open;
        self.claimed = tag.text("count").and_then(|count| count.trim().parse().ok()).or(self.claimed);
        self.counted.system = self.counted.system.saturating_add(1);
        let mut event =
            Event { app: "sms-backup-restore".to_owned(), kind: "export".to_owned(), ..Event::default() };
        event.at = unix_ms(tag, "backup_date");
        event.extra = message::extra(tag, &["backup_date"]);
        let place = Place::bytes(tag.offset, tag.length);
        let what = What::Event(Box::new(event));
        sink.record(Record { file: self.file, place, part: 0, what })
    }

    fn continuation(&mut self) -> Flow {
        self.counted.continuations = self.counted.continuations.saturating_add(1);
        Flow::Continue(())
    }

    fn part(&mut self, tag: &Tag, sink: &mut dyn Sink) -> Flow {
        match &mut self.open {
            Some(open) if open.parts < PARTS_MOST => {
                open.parts = open.parts.saturating_add(1);
                message::part(tag, &mut open.message);
                self.continuation()
            }
            open => {
                let kind = if open.is_some() { ProblemKind::Limit } else { ProblemKind::Damaged };
                self.counted.problems = self.counted.problems.saturating_add(1);
                let words = ("a part of a message that takes it", "");
                self.trouble(sink, Place::bytes(tag.offset, tag.length), kind, words)
            }
        }
    }

    /// Gives the MMS that was open.
    fn close(&mut self, sink: &mut dyn Sink) -> Flow {
        let Some(open) = self.open.take() else { return Flow::Continue(()) };
        let length = open.end.saturating_sub(open.offset);
        self.give(sink, (open.offset, length), What::Message(open.message))
    }

    fn give(&mut self, sink: &mut dyn Sink, (offset, length): (u64, u64), what: What) -> Flow {
        self.top = self.top.saturating_add(1);
        self.counted.records = self.counted.records.saturating_add(1);
        sink.record(Record { file: self.file, place: Place::bytes(offset, length), part: 0, what })
    }

    fn trouble(
        &mut self,
        sink: &mut dyn Sink,
        place: Place,
        kind: ProblemKind,
        words: (&'static str, &'static str),
    ) -> Flow {
        self.troubles.say(sink, place, kind, words)
    }

    fn finish(mut self, sink: &mut dyn Sink) -> Flow {
        let broken_off = self.open.is_some() || self.roots != Roots::Closed;
        self.close(sink)?;
        if broken_off {
            let words = ("the end of the export", "everything before");
            self.trouble(sink, Place::Whole, ProblemKind::Truncated, words)?;
        }
        if let Some(claimed) = self.claimed.filter(|claimed| *claimed != self.top) {
            let kind = if claimed > self.top { ProblemKind::Gap } else { ProblemKind::Damaged };
            let words = ("as many entries as the export says it has", "those that are there");
            let units = claimed.abs_diff(self.top);
            self.troubles.say_units(sink, Place::Whole, kind, words, units)?;
        }
        self.troubles.finish(sink)?;
        sink.counted(self.counted)
    }
}

/// Whether a value other than an attachment was longer than is kept.
fn cut(tag: &Tag) -> bool {
    let longer = |raw: &[u8], length: u64| (raw.len() as u64) < length;
    let values = tag.attributes.iter().filter(|attribute| attribute.name != "data");
    values.into_iter().any(|attribute| longer(&attribute.raw, attribute.length))
}

fn call(tag: &Tag) -> Call {
    let number = |name: &str| tag.text(name).and_then(|value| value.trim().parse::<i64>().ok());
    let seconds = number("duration").and_then(|seconds| u64::try_from(seconds).ok());
    let (direction, outcome) = telephony::call(number("type"), seconds);
    let (id, name) = (message::value(tag, "number"), message::contact_name(tag));
    // A hidden number is written as -1, -2 or nothing; `presentation` says why.
    let id = id.filter(|id| !["-1", "-2", "-3"].contains(&id.as_str()));
    Call {
        app: "phone".to_owned(),
        direction,
        others: if id.is_some() || name.is_some() { vec![Party { id, name }] } else { Vec::new() },
        began: unix_ms(tag, "date"),
        duration_seconds: seconds,
        outcome,
        medium: match number("features") {
            Some(features) if features & 1 != 0 => CallMedium::Video,
            Some(_) => CallMedium::Voice,
            None => CallMedium::Unknown,
        },
        extra: message::extra(tag, &["number", "duration", "date", "contact_name"]),
        ..Call::default()
    }
}

/// A count of milliseconds; none if there is none or it is 0.
fn unix_ms(tag: &Tag, name: &str) -> Option<TimeReading> {
    time(message::value(tag, name)?, 1, Precision::Millisecond)
}

/// A time out of a count of so many milliseconds.
fn time(raw: String, unit_ms: i64, precision: Precision) -> Option<TimeReading> {
    let number: Option<i64> = raw.trim().parse().ok();
    let ms = number.and_then(|number| number.checked_mul(unit_ms));
    let ms = ms.filter(|ms| ms.unsigned_abs() < 253_402_300_800_000);
    (number != Some(0)).then(|| TimeReading::utc(raw, ms, precision))
}
