//! One mail: a file `.eml`, a mail of a mailbox, or a mail attached to a mail.
//!
//! RFC 5322, 2045 to 2049, 2231, 6532, and what Thunderbird, Gmail, Apple Mail and Outlook add to it. The
//! container `eml` lists what is attached, the container `mbox` the mails of a mailbox; this reader gives one
//! record for each mail. A chat is a thread: Gmail's number of it, or the first mail that the mail refers to.
//! Deliberately not done: no check of signatures, no decryption, no trust in any address. A mail larger than
//! the limit of a unit gives a record of its header.

mod body;
pub(super) mod date;
pub(super) mod html;

use std::io::Read;

use mail_parser::parsers::MessageStream;
use model::record::{
    Attachment, AttachmentState, ChatRef, Counted, Direction, Inside, MediaKind, Message, Party, Place,
    ProblemKind, Quoted, Record, State, Unit, What,
};
use source::mail::{
    Attached, Field, Shape, Structure, attached, envelope, fields, is_in_mailbox, is_known, is_mail,
    structure,
};
use source::tree::{Candidate, Entry};

use self::body::{Body, body};
use crate::media::shown;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// Mails.
pub(super) struct Mail;

/// Most fields of one header that are looked at.
const FIELDS: usize = 5_000;
/// Most parties, times or identifiers taken from one mail.
const ENTRIES: usize = 5_000;

impl Format for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Mail (eml, mbox)",
            covers: "single mails, and mailboxes of Thunderbird, Gmail, Google Takeout and Apple Mail",
            leaves_out: "signatures are not checked, encrypted texts stay closed; msg and pst of Outlook",
            source: "RFC 5322, 2045-2049, 2231, 4155, 6532; X-Mozilla-Status of Thunderbird",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let named = candidate.entry().extension() == "eml";
        let certainty = if named { Certainty::Certain } else { Certainty::Likely };
        is_mail(candidate).then(|| Claim::alone(certainty))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let mut counted = Counted::new(input.file, Unit::Mail, "");
        counted.in_source = 1;
        let (mail, trouble) = load(entry, input.limits.unit_bytes);
        let place = Place::bytes(0, entry.size_bytes());
        if let Some((kind, expected)) = trouble {
            let kept = if mail.is_empty() { "" } else { "header and text up to there" };
            sink.trouble((input.file, place.clone()), kind, expected, kept)?;
        }
        if mail.is_empty() && trouble.is_some() {
            counted.problems = 1;
            return sink.counted(counted);
        }
        let structure = structure(&mail);
        let reading = Reading { input, entry, mail: &mail, structure: &structure };
        let mut body = body(&mail, &structure);
        let mut message = reading.message(&body);
        let doubts = reading.doubts(&message, &body);
        message.text = body.text.take();
        for (kind, expected, kept) in doubts {
            sink.trouble((input.file, place.clone()), kind, expected, kept)?;
        }
        counted.records = 1;
        sink.record(Record { file: input.file, place, part: 0, what: What::Message(Box::new(message)) })?;
        sink.counted(counted)
    }
}

/// The bytes of a mail as far as they can be had and held, and why not all of them.
pub(super) fn load(entry: &Entry, most_bytes: u64) -> (Vec<u8>, Option<(ProblemKind, &'static str)>) {
    let mut mail = Vec::new();
    let unreadable = Some((ProblemKind::Unreadable, "bytes that can be read to the end"));
    let Ok(stream) = entry.content().stream() else { return (mail, unreadable) };
    if stream.take(most_bytes.saturating_add(1)).read_to_end(&mut mail).is_err() {
        return (mail, unreadable);
    }
    if mail.len() as u64 > most_bytes {
        mail.truncate(usize::try_from(most_bytes).unwrap_or(usize::MAX));
        return (mail, Some((ProblemKind::Limit, "a mail that fits into memory")));
    }
    (mail, None)
}

struct Reading<'r> {
    input: &'r Input<'r>,
    entry: &'r Entry,
    mail: &'r [u8],
    structure: &'r Structure,
}

impl Reading<'_> {
    fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        let header = self.structure.parts.first().map(|part| part.header.clone());
        fields(self.mail.get(header.unwrap_or_default()).unwrap_or_default()).take(FIELDS)
    }

    fn first(&self, name: &str) -> Option<Field<'_>> {
        self.fields().find(|field| field.is(name))
    }

    /// All but the text.
    fn message(&self, body: &Body) -> Message {
        let mut message = Message {
            app: "mail".to_owned(),
            id: self.first("message-id").and_then(|field| ids(field).into_iter().next()),
            sender: self.sender(),
            sent: self.first("date").and_then(|field| date::reading(&field.raw())),
            subject: self.first("subject").map(|field| field.text()),
            ..Message::default()
        };
        for name in ["to", "cc", "bcc"] {
            let found = self.fields().filter(|field| field.is(name)).flat_map(parties);
            let room = ENTRIES.saturating_sub(message.recipients.len());
            message.recipients.extend(found.take(room));
        }
        self.threads(&mut message);
        self.times(&mut message);
        message.direction = self.direction(&message);
        message.states = self.states();
        message.attachments =
            attached(self.mail, self.structure).iter().map(|it| self.attachment(it)).collect();
        message.inside =
            body.links.iter().map(|url| Inside::Link { url: url.clone(), title: None }).collect();
        self.extra(&mut message, body);
        message
    }

    fn sender(&self) -> Option<Party> {
        let first = |name| self.first(name).and_then(|field| parties(field).into_iter().next());
        first("from").or_else(|| first("sender"))
    }

    fn threads(&self, message: &mut Message) {
        let references: Vec<String> = self.first("references").map(ids).unwrap_or_default();
        let answered = self.first("in-reply-to").and_then(|field| ids(field).into_iter().next());
        let root = self.first("x-gm-thrid").map(|field| field.raw());
        let root = root.or_else(|| references.first().cloned()).or_else(|| answered.clone());
        message.chat =
            ChatRef { id: root.or_else(|| message.id.clone()).unwrap_or_default(), ..ChatRef::default() };
        let answered = answered.or_else(|| references.last().cloned());
        message.quoted = answered.map(|id| Quoted { id: Some(id), ..Quoted::default() });
    }

    fn times(&self, message: &mut Message) {
        let from_line = self.mailbox_line();
        if let Some(time) =
            from_line.as_deref().and_then(|line| line.split_once(' ')).and_then(|(_, at)| date::reading(at))
        {
            message.times.push(("mailbox".to_owned(), time));
        }
        for field in self.fields() {
            let role = match field.name().to_ascii_lowercase().as_slice() {
                b"received" | b"x-received" => "received",
                b"delivery-date" => "delivered",
                b"resent-date" => "resent",
                _ => continue,
            };
            let raw = field.raw();
            let at =
                if role == "received" { raw.rsplit_once(';').map_or("", |(_, at)| at) } else { raw.as_str() };
            if let Some(time) = date::reading(at)
                && message.times.len() < ENTRIES
            {
                message.times.push((role.to_owned(), time));
            }
        }
    }

    /// What follows `From ` in the line that the mailbox put before the mail.
    fn mailbox_line(&self) -> Option<String> {
        let lines = self.mail.get(..envelope(self.mail))?;
        let line = lines.strip_prefix(b"From ")?.split(|byte| *byte == b'\n').next()?;
        Some(String::from_utf8_lossy(line.trim_ascii()).into_owned())
    }

    /// Which way it went, if a person told who the owner is.
    fn direction(&self, message: &Message) -> Direction {
        let Some(owner) = self.input.options.owner.as_deref() else { return Direction::Unknown };
        let is_owner = |party: &Party| {
            [&party.id, &party.name].into_iter().flatten().any(|name| name.eq_ignore_ascii_case(owner))
        };
        if message.sender.as_ref().is_some_and(is_owner) {
            Direction::Outgoing
        } else if message.recipients.iter().any(is_owner) {
            Direction::Incoming
        } else {
            Direction::Unknown
        }
    }

    /// What mail programs note in the header about what became of a mail.
    fn states(&self) -> Vec<State> {
        let mut states = Vec::new();
        let mut add = |is: bool, state: State| {
            if is && !states.contains(&state) {
                states.push(state);
            }
        };
        for field in self.fields() {
            let value = field.raw();
            if field.is("x-mozilla-status") {
                let bits = u32::from_str_radix(&value, 16).unwrap_or_default();
                add(bits & 0x1 != 0, State::Read);
                add(bits & 0x4 != 0, State::Starred);
                add(bits & 0x8 != 0, State::DeletedByOwner);
                add(bits & 0x1000 != 0, State::Forwarded);
            } else if field.is("status") {
                add(value.contains('R'), State::Read);
            } else if field.is("x-status") {
                add(value.contains('D'), State::DeletedByOwner);
                add(value.contains('F'), State::Starred);
                add(value.contains('T'), State::Draft);
            } else if field.is("x-unsent") {
                add(value == "1", State::Draft);
            }
        }
        states
    }

    fn attachment(&self, attached: &Attached) -> Attachment {
        let tree = self.input.tree;
        let file = tree.find(Some(self.input.file), &attached.name);
        let kind = match attached.media_type.split('/').next().unwrap_or_default() {
            "image" => MediaKind::Picture,
            "video" => MediaKind::Video,
            "audio" => MediaKind::Audio,
            _ if matches!(attached.media_type.as_str(), "text/vcard" | "text/x-vcard" | "text/directory") => {
                MediaKind::ContactCard
            }
            _ => MediaKind::Document,
        };
        Attachment {
            kind,
            name: Some(attached.given_name.clone().unwrap_or_else(|| attached.name.clone())),
            media_type: Some(attached.media_type.clone()),
            size_bytes: file.and_then(|file| tree.entry(file)).map(Entry::size_bytes),
            file,
            state: if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound },
            ..Attachment::default()
        }
    }

    fn extra(&self, message: &mut Message, body: &Body) {
        /// The fields that are kept beside the record, decoded.
        const KEPT: &[&str] = &[
            "to",
            "cc",
            "bcc",
            "sender",
            "reply-to",
            "return-path",
            "delivered-to",
            "envelope-to",
            "x-original-to",
            "received",
            "x-received",
            "references",
            "in-reply-to",
            "x-mailer",
            "user-agent",
            "x-originating-ip",
            "x-gmail-labels",
            "x-gm-thrid",
            "list-id",
            "authentication-results",
            "received-spf",
            "importance",
            "disposition-notification-to",
            "resent-from",
            "resent-to",
            "resent-message-id",
            "x-mozilla-status",
            "x-mozilla-keys",
            "keywords",
            "auto-submitted",
            "organization",
        ];
        let mut add = |name: &str, value: String| message.extra.push((name.to_owned(), value));
        if let Some(line) = self.mailbox_line() {
            add("mailbox-line", line);
        }
        for field in self.fields() {
            let name = String::from_utf8_lossy(field.name()).to_ascii_lowercase();
            if KEPT.contains(&name.as_str()) {
                let is_trace = name.ends_with("received");
                add(&name, if is_trace { field.raw() } else { field.text() });
            }
        }
        for name in ["from", "date", "subject", "message-id"] {
            for again in self.fields().filter(|field| field.is(name)).skip(1) {
                add(&format!("{name} again"), again.text());
            }
        }
        if self.first("from").is_some_and(|from| parties(from).len() > 1) {
            add("from", self.first("from").map(|from| from.text()).unwrap_or_default());
        }
        if self.first("date").is_some_and(|date| date.raw().contains("-0000")) {
            add("date-zone", "-0000: UTC by RFC 5322, the sender's zone is not told".to_owned());
        }
        if !body.kinds.is_empty() {
            add("body", body.kinds.join("; "));
        }
        if !body.charsets.is_empty() {
            add("charset", body.charsets.join("; "));
        }
        if let Some((how, ..)) = self.protection(body) {
            add("protection", how.to_owned());
        }
        for text in self.beside() {
            add("outside of the parts", text);
        }
        let quoted = self.quoted_from_lines();
        if quoted > 0 {
            let note = format!("lines that begin with >From: {quoted}; the mailbox may have put the > there");
            add("mailbox-quoting", note);
        }
    }

    /// What keeps the text from being read: in words, as a sort of problem, and what was expected.
    fn protection(&self, body: &Body) -> Option<(&'static str, ProblemKind, &'static str)> {
        const ENCRYPTED: &str = "a text that is not encrypted";
        let found = self.structure.parts.iter().find_map(|part| match part.media_type.as_str() {
            "multipart/encrypted" => Some(("multipart/encrypted", ProblemKind::NeedsKey, ENCRYPTED)),
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                let header = self.mail.get(part.header.clone()).unwrap_or_default();
                let signed = memchr::memmem::find(header, b"signed-data").is_some();
                Some(if signed {
                    ("S/MIME, signed", ProblemKind::Unsupported, "a text outside of its signature")
                } else {
                    ("S/MIME, encrypted", ProblemKind::NeedsKey, ENCRYPTED)
                })
            }
            _ => None,
        });
        let in_text = || body.text.as_ref().is_some_and(|text| text.contains("-----BEGIN PGP MESSAGE-----"));
        found.or_else(|| in_text().then_some(("OpenPGP in the text", ProblemKind::NeedsKey, ENCRYPTED)))
    }

    /// Texts that mail programs do not show, but for the usual word to programs that know no parts.
    fn beside(&self) -> Vec<String> {
        const TEXTS: usize = 20;
        let texts = self.structure.beside.iter().filter_map(|range| self.mail.get(range.clone()));
        let is_usual = |text: &&[u8]| {
            let text = text.to_ascii_lowercase();
            let has = |word: &[u8]| memchr::memmem::find(&text, word).is_some();
            text.len() < 200 && (has(b"mime") || has(b"multi-part") || has(b"multipart"))
        };
        texts.filter(|text| !is_usual(text)).take(TEXTS).map(shown).collect()
    }

    fn quoted_from_lines(&self) -> usize {
        if !is_in_mailbox(self.input.tree, self.entry) {
            return 0;
        }
        let texts = self.structure.parts.iter().filter(|part| part.is_text());
        let quoted = |line: &&[u8]| {
            let marks = line.iter().take_while(|byte| **byte == b'>').count();
            marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "))
        };
        let lines = |part: &source::mail::Part| {
            let text = self.mail.get(part.body.clone()).unwrap_or_default();
            text.split(|byte| *byte == b'\n').filter(quoted).count()
        };
        texts.map(lines).sum()
    }

    /// What was not as it should be: sort, what was expected, what was kept.
    fn doubts(&self, message: &Message, body: &Body) -> Vec<(ProblemKind, &'static str, &'static str)> {
        let mut doubts = Vec::new();
        if !self.fields().any(|field| is_known(field.name())) {
            doubts.push((ProblemKind::Damaged, "header fields of a mail", "the text"));
        }
        match self.structure.shape {
            Shape::Whole => {}
            Shape::NoEnd => {
                doubts.push((ProblemKind::Truncated, "the last boundary of a multipart", "the parts before"));
            }
            Shape::TooManyParts => {
                doubts.push((ProblemKind::Limit, "fewer parts in one mail", "the parts up to the limit"));
            }
        }
        if message.extra.iter().any(|(name, _)| name.ends_with(" again")) {
            doubts.push((
                ProblemKind::Ambiguous,
                "one field of each sort",
                "the first, the others beside it",
            ));
        }
        if message.sent.as_ref().is_some_and(|sent| sent.first_ms.is_none()) {
            doubts.push((ProblemKind::NotUnderstood, "a date of RFC 5322", "the date as it stands"));
        }
        if self.fields().any(|field| field.is_cut()) {
            doubts.push((ProblemKind::Limit, "shorter header fields", "the beginning of the field"));
        }
        if let Some((_, kind, expected)) = self.protection(body) {
            doubts.push((kind, expected, "the header and the parts as they are"));
        }
        doubts
    }
}

/// The addresses in a field.
fn parties(field: Field<'_>) -> Vec<Party> {
    let stream = field.stream();
    let value = MessageStream::new(&stream).parse_address();
    let text = |text: Option<&str>| text.map(str::to_owned).filter(|text| !text.is_empty());
    let Some(found) = value.as_address() else { return Vec::new() };
    let party =
        |address: &mail_parser::Addr<'_>| Party { id: text(address.address()), name: text(address.name()) };
    found.iter().take(ENTRIES).map(party).collect()
}

/// The identifiers in a field, without their brackets.
fn ids(field: Field<'_>) -> Vec<String> {
    ids_in(&field.raw())
}

/// The identifiers in a text, without their brackets.
pub(super) fn ids_in(raw: &str) -> Vec<String> {
    let mut found: Vec<String> = raw
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(id, _)| id.trim().to_owned())
        .filter(|id| !id.is_empty())
        .take(ENTRIES)
        .collect();
    if found.is_empty() {
        // Some programs leave the brackets out.
        found.extend(raw.split_whitespace().next().map(str::to_owned));
    }
    found
}
