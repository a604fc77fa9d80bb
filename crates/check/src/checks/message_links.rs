//! Links in chats, mails and text messages of every other form that a reader of this program understands.
//!
//! The reader reads as it does for the case, and what it says goes here instead: texts, quotes, captions,
//! earlier versions, names of attachments, and what a record says beyond. Databases have checks of their own
//! that are quicker (`ios_sms.rs`, `message_databases.rs`). Readers are asked only about files whose name
//! fits a chat, a mail or a backup of messages, because every look at bytes in a backup is a decryption.
//! Deliberately not read: pictures, and text in files that are attached.

use std::ops::ControlFlow;

use model::record::{Counted, FileNumber, Message, Place, Problem, Record, What};
use readers::{Certainty, Claim, FORMATS, Format, Options, Sink};
use source::tree::Candidate;

use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Seen, Trace, TraceKind, Wholly};

/// Messages in other forms.
pub(crate) struct MessageLinks;

/// The readers whose records are messages and that no quicker check stands in for.
const READERS: &[&str] = &[
    "whatsapp_txt",
    "signal_backup",
    "signal_proto",
    "signal_takeout",
    "telegram_json",
    "telegram_html",
    "meta_json",
    "meta_html",
    "snapchat_json",
    "tiktok_json",
    "takeout_chat",
    "discord_json",
    "sms_backup_restore",
    "android_backup_sms",
    "mail",
    "outlook",
];

/// How names of such files end; `frames` are those of Signal's backups, which open as containers.
const ENDINGS: &[&str] = &[
    ".txt",
    ".json",
    ".jsonl",
    ".html",
    ".htm",
    ".xml",
    ".eml",
    ".msg",
    "frames",
    ".binproto",
    "_sms_backup",
    "_mms_backup",
];

impl Check for MessageLinks {
    fn name(&self) -> &'static str {
        "message_links"
    }

    fn about(&self) -> About {
        About {
            title: "Links in chat exports, mails and backups of text messages",
            platform: Platform::Any,
            covers: "what the readers of this program understand: exports of WhatsApp, Telegram, Facebook, \
                     Instagram, Snapchat, TikTok, Google, Discord; mails; Signal's backups; backups of SMS",
            leaves_out: "pictures and files that are attached",
            answers: &[Question::MessageLinks],
            source: "the readers of this program",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        reader(candidate).is_some()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let candidate = Candidate::new(input.tree, input.file);
        let Some((format, claim)) = candidate.as_ref().and_then(reader) else { return Flow::Continue(()) };
        let options = Options::default();
        let reading = readers::Input {
            tree: input.tree,
            file: input.file,
            with: &claim.with,
            keys: input.keys,
            limits: input.limits,
            options: &options,
        };
        let mut passing = Passing { sink, messages: 0, wholly: Wholly::Yes };
        format.read(&reading, &mut passing)?;
        let Passing { messages, wholly, .. } = passing;
        sink.looked(&input.seen(Place::Whole), Question::MessageLinks, wholly, messages)
    }
}

/// The reader of a file, if it is one of those.
fn reader(candidate: &Candidate<'_>) -> Option<(&'static dyn Format, Claim)> {
    let entry = candidate.entry();
    let name = entry.name().to_ascii_lowercase();
    if !ENDINGS.iter().any(|ending| name.ends_with(ending)) || is_in_phone_backup(candidate) {
        return None;
    }
    let mut best: Option<(&'static dyn Format, Claim)> = None;
    for format in FORMATS.iter().copied().filter(|format| READERS.contains(&format.name())) {
        if let Some(claim) = format.recognise(candidate).filter(|claim| claim.certainty > Certainty::Possible)
            && best.as_ref().is_none_or(|(_, before)| claim.certainty > before.certainty)
        {
            best = Some((format, claim));
        }
    }
    best
}

/// In an iPhone's backup none of these forms is a message of hers: they are files of apps.
fn is_in_phone_backup(candidate: &Candidate<'_>) -> bool {
    let container = candidate.entry().container().and_then(|container| candidate.tree().entry(container));
    container.and_then(source::tree::Entry::opened_as) == Some("ios_backup")
}

/// Takes a reader's records and passes on what may hold links.
struct Passing<'s> {
    sink: &'s mut dyn FactSink,
    messages: u64,
    wholly: Wholly,
}

impl Sink for Passing<'_> {
    fn record(&mut self, record: Record) -> Flow {
        let Record { file, place, what, .. } = record;
        match what {
            What::Message(message) => self.message(file, place, &message),
            What::Visit(visit) => {
                let seen = Seen { file, place };
                let (kind, at) = (TraceKind::Visit, visit.at.as_ref());
                self.sink.trace(&Trace { kind, value: &visit.url, at, app: None, seen: &seen })
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.wholly = Wholly::No;
        self.sink.problem(problem)
    }

    fn counted(&mut self, _: Counted) -> Flow {
        ControlFlow::Continue(())
    }
}

impl Passing<'_> {
    fn message(&mut self, file: FileNumber, place: Place, message: &Message) -> Flow {
        self.messages = self.messages.saturating_add(1);
        let seen = Seen { file, place };
        let at = message.sent.as_ref();
        let quoted = message.quoted.as_ref().and_then(|quoted| quoted.text.as_deref());
        let earlier = message.versions.iter().filter_map(|version| version.text.as_deref());
        let captions = message.attachments.iter().filter_map(|attachment| attachment.caption.as_deref());
        let beyond = message.extra.iter().map(|(_, value)| value.as_str());
        let texts = [message.text.as_deref(), message.subject.as_deref(), quoted].into_iter().flatten();
        for value in texts.chain(earlier).chain(captions).chain(beyond).filter(|text| may_link(text)) {
            self.sink.trace(&Trace { kind: TraceKind::Text, value, at, app: None, seen: &seen })?;
        }
        let names = message.attachments.iter().filter_map(|attachment| attachment.name.as_deref());
        for value in names {
            self.sink.trace(&Trace { kind: TraceKind::Path, value, at, app: None, seen: &seen })?;
        }
        ControlFlow::Continue(())
    }
}

/// Whether there can be a link or a mail address in a text.
fn may_link(text: &str) -> bool {
    text.contains('.')
}
