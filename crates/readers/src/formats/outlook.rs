//! One mail of Outlook: a file `.msg`.
//!
//! MS-OXMSG, MS-OXPROPS and MS-OXCMSG. What was received carries the header it came with, which is read like
//! that of any mail; what was never sent has only Outlook's own times. The container `msg` lists what is
//! attached. Deliberately not read: text that is kept as compressed RTF only, mails inside the mail, and
//! files of Outlook that hold many mails (pst, ost).

use model::record::{
    Attachment, AttachmentState, ChatRef, Counted, Direction, MediaKind, Message, Party, Place, Precision,
    ProblemKind, Quoted, Record, State, TimeReading, Unit, What,
};
use source::mail::{Outlook, Storage, fields, is_outlook, outlook_attachments};
use source::tree::{Candidate, Entry};

use super::mail::{date, html, ids_in, load};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink, charset};

/// Mails of Outlook.
pub(super) struct OutlookMail;

impl Format for OutlookMail {
    fn name(&self) -> &'static str {
        "outlook"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Mail of Outlook (msg)",
            covers: "single mails saved from Outlook, with their header, recipients and attachments",
            leaves_out: "compressed RTF, mails inside a mail, pst and ost",
            source: "MS-OXMSG, MS-OXPROPS, MS-OXCMSG",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let ending = candidate.entry().extension();
        (ending == "msg" && is_outlook(&ending, candidate.head())).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let mut counted = Counted::new(input.file, Unit::Mail, "");
        counted.in_source = 1;
        let place = Place::bytes(0, entry.size_bytes());
        let (bytes, trouble) = load(entry, input.limits.unit_bytes);
        let mail = if trouble.is_none() { Outlook::open(bytes) } else { None };
        let Some(mail) = mail else {
            let broken = (ProblemKind::Damaged, "a compound file that can be opened");
            let (kind, expected) = trouble.unwrap_or(broken);
            counted.problems = 1;
            sink.trouble((input.file, place), kind, expected, "")?;
            return sink.counted(counted);
        };
        let root = mail.root();
        let mut reading = Reading { input, mail, root, message: Message::default(), doubts: Vec::new() };
        reading.read();
        for (kind, expected, kept) in &reading.doubts {
            sink.trouble((input.file, place.clone()), *kind, expected, kept)?;
        }
        counted.records = 1;
        let what = What::Message(Box::new(reading.message));
        sink.record(Record { file: input.file, place, part: 0, what })?;
        sink.counted(counted)
    }
}

struct Reading<'r> {
    input: &'r Input<'r>,
    mail: Outlook,
    root: Storage,
    message: Message,
    doubts: Vec<(ProblemKind, &'static str, &'static str)>,
}

impl Reading<'_> {
    fn read(&mut self) {
        "mail".clone_into(&mut self.message.app);
        self.message.subject = self.text(0x0037);
        self.message.sender = self.sender();
        self.recipients();
        self.threads();
        self.times();
        self.body();
        self.attachments();
        self.states();
        self.message.direction = self.direction();
        for (name, property) in [("class", 0x001a), ("sent-by", 0x0c1a), ("topic", 0x0070)] {
            if let Some(value) = self.text(property) {
                self.message.extra.push((name.to_owned(), value));
            }
        }
        if self.message.subject.is_none() && self.message.text.is_none() && self.message.sender.is_none() {
            self.doubts.push((ProblemKind::Damaged, "the properties of a mail", "what could be read"));
        }
    }

    fn text(&mut self, property: u16) -> Option<String> {
        let root = self.root.clone();
        self.text_of(&root, property)
    }

    /// A text of a storage; one without a character set is in the code page of the mail.
    fn text_of(&mut self, storage: &Storage, property: u16) -> Option<String> {
        let page = self.root.number(0x3ffd).or(self.root.number(0x3fde)).map(code_page);
        let decode = |bytes: &[u8]| charset::decode(bytes, page.as_deref()).text;
        self.mail.text(storage, property, decode).filter(|text| !text.is_empty())
    }

    fn sender(&mut self) -> Option<Party> {
        let name = self.text(0x0042).or_else(|| self.text(0x0c1a));
        let smtp = self.text(0x5d02).or_else(|| self.text(0x5d01));
        // Inside a company an address is a path, not a mail address.
        let id = smtp.or_else(|| self.text(0x0065)).or_else(|| self.text(0x0c1f));
        (name.is_some() || id.is_some()).then_some(Party { id, name })
    }

    fn recipients(&mut self) {
        for recipient in self.mail.recipients() {
            let name = self.text_of(&recipient, 0x3001);
            let id = self.text_of(&recipient, 0x39fe).or_else(|| self.text_of(&recipient, 0x3003));
            let role = match recipient.number(0x0c15).map(|role| role & 0xf) {
                Some(1) => "to",
                Some(2) => "cc",
                Some(3) => "bcc",
                _ => "recipient",
            };
            let said = match (&name, &id) {
                (Some(name), Some(id)) => format!("{name} <{id}>"),
                (name, id) => name.clone().or_else(|| id.clone()).unwrap_or_default(),
            };
            self.message.extra.push((role.to_owned(), said));
            self.message.recipients.push(Party { id, name });
        }
    }

    fn threads(&mut self) {
        let first = |text: Option<String>| text.and_then(|text| ids_in(&text).into_iter().next());
        let references = self.text(0x1039).map(|text| ids_in(&text)).unwrap_or_default();
        self.message.id = first(self.text(0x1035));
        let answered = first(self.text(0x1042)).or_else(|| references.last().cloned());
        let root =
            references.first().cloned().or_else(|| answered.clone()).or_else(|| self.message.id.clone());
        self.message.chat = ChatRef { id: root.unwrap_or_default(), ..ChatRef::default() };
        self.message.quoted = answered.map(|id| Quoted { id: Some(id), ..Quoted::default() });
    }

    /// The times of the header it came with, and Outlook's own.
    fn times(&mut self) {
        let header = self.text(0x007d).unwrap_or_default();
        let message = &mut self.message;
        for field in fields(header.as_bytes()).take(1_000) {
            let raw = field.raw();
            if field.is("date") && message.sent.is_none() {
                message.sent = date::reading(&raw);
            } else if field.is("received") {
                let time = date::reading(raw.rsplit_once(';').map_or("", |(_, at)| at));
                message.times.extend(time.map(|time| ("received".to_owned(), time)));
                message.extra.push(("received".to_owned(), raw));
            }
        }
        let root = &self.root;
        let roles = [("submitted", 0x0039), ("delivered", 0x0e06), ("created", 0x3007), ("changed", 0x3008)];
        for (role, property) in roles {
            let Some(time) = root.time(property).map(since_1601) else { continue };
            if role == "submitted" && message.sent.is_none() {
                message.sent = Some(time);
            } else {
                message.times.push((role.to_owned(), time));
            }
        }
    }

    fn body(&mut self) {
        if let Some(text) = self.text(0x1000) {
            self.shown(&text.replace("\r\n", "\n"), "text");
            return;
        }
        let root = self.root.clone();
        let page = root.number(0x3fde).or(root.number(0x3ffd)).map(code_page);
        let html = self.mail.binary(&root, 0x1013).map(|html| charset::decode(&html, page.as_deref()).text);
        if let Some(html) = html.or_else(|| self.text(0x1013)) {
            let shown = html::text(&html);
            self.shown(&shown.text, "HTML, shown as text");
        } else if self.mail.binary_length(&root, 0x1009).is_some() {
            self.doubts.push((
                ProblemKind::Unsupported,
                "a text that is not compressed RTF only",
                "the rest",
            ));
        }
    }

    fn shown(&mut self, text: &str, kind: &str) {
        self.message.text = Some(text.trim_end().to_owned());
        self.message.extra.push(("body".to_owned(), kind.to_owned()));
    }

    fn attachments(&mut self) {
        let tree = self.input.tree;
        for attached in outlook_attachments(&mut self.mail) {
            let is_file = attached.size_bytes.is_some();
            let file = is_file.then(|| tree.find(Some(self.input.file), &attached.name)).flatten();
            if attached.is_mail {
                self.doubts.push((ProblemKind::Unsupported, "attachments that are files", "its name"));
            }
            let kind = match attached.media_type.as_deref().and_then(|kind| kind.split('/').next()) {
                Some("image") => MediaKind::Picture,
                Some("video") => MediaKind::Video,
                Some("audio") => MediaKind::Audio,
                _ => MediaKind::Document,
            };
            self.message.attachments.push(Attachment {
                kind,
                name: Some(attached.given_name.unwrap_or(attached.name)),
                media_type: attached.media_type.or(attached.is_mail.then(|| "message/rfc822".to_owned())),
                size_bytes: file.and_then(|file| tree.entry(file)).map(Entry::size_bytes),
                file,
                state: if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound },
                ..Attachment::default()
            });
        }
    }

    fn states(&mut self) {
        let flags = self.root.number(0x0e07).unwrap_or(0);
        for (bit, state) in [(0x1, State::Read), (0x8, State::Draft)] {
            if flags & bit != 0 {
                self.message.states.push(state);
            }
        }
    }

    /// Which way it went, if a person told who the owner is.
    fn direction(&self) -> Direction {
        let Some(owner) = self.input.options.owner.as_deref() else { return Direction::Unknown };
        let is_owner = |party: &Party| {
            [&party.id, &party.name].into_iter().flatten().any(|name| name.eq_ignore_ascii_case(owner))
        };
        if self.message.sender.as_ref().is_some_and(is_owner) {
            Direction::Outgoing
        } else if self.message.recipients.iter().any(is_owner) {
            Direction::Incoming
        } else {
            Direction::Unknown
        }
    }
}

/// The label of a code page of Windows.
fn code_page(number: u32) -> String {
    match number {
        65_001 => "utf-8".to_owned(),
        20_127 => "us-ascii".to_owned(),
        20_866 => "koi8-r".to_owned(),
        28_591..=28_606 => format!("iso-8859-{}", number.saturating_sub(28_590)),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        _ => format!("windows-{number}"),
    }
}

/// A count of 100 nanoseconds since 1601 in UTC.
fn since_1601(raw: u64) -> TimeReading {
    const MS_TO_1970: i64 = 11_644_473_600_000;
    let ms = i64::try_from(raw / 10_000).ok().and_then(|ms| ms.checked_sub(MS_TO_1970));
    let ms = ms.filter(|ms| ms.unsigned_abs() < 200_000_000_000_000);
    TimeReading::utc(raw.to_string(), ms, Precision::Millisecond)
}
