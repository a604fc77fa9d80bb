//! Snapchat's "My Data": `chat_history.json` and `snap_history.json`.
//!
//! Layouts: since 2022 one list for each conversation, before that lists of what was received and sent.
//! Sources: RLEAPP (snapChathistory.py) and the layouts that published parsers agree on. The field that is
//! called microseconds counts milliseconds. Deliberately left out: friends, memories, places, the HTML
//! beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ReadAt;
use model::record::{
    Attachment, AttachmentState, CallMedium, CallOutcome, ChatKind, ChatRef, Direction, FileNumber, Inside,
    MediaKind, Message, Party, ProblemKind, State, TimeReading, What,
};
use serde_json::Value;
use source::tree::Candidate;

use crate::elements::Shape;
use crate::elementwise::{self, Elementwise};
use crate::json::Step;
use crate::meta::{archives, kind_of};
use crate::part::{self, At, Object, Slips};
use crate::tally::Became;
use crate::window::Window;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink, worded_date};

/// The format.
pub(crate) struct SnapchatJson;

impl Format for SnapchatJson {
    fn name(&self) -> &'static str {
        "snapchat_json"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Snapchat chats and snaps (JSON)",
            covers: "chat_history.json and snap_history.json of My Data, before and since 2022",
            leaves_out: "friends, memories, places, the HTML beside it",
            source: "RLEAPP (snapChathistory.py); layouts that published parsers agree on",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let name = candidate.entry().name();
        let named = matches!(name, "chat_history.json" | "snap_history.json");
        let holds = |text: &str| memchr::memmem::find(candidate.head(), text.as_bytes()).is_some();
        let is_object = candidate.head().trim_ascii_start().starts_with(b"{");
        if !is_object {
            return None;
        }
        let typical = holds("\"Media Type\"") && holds("\"Created\"");
        let sections = holds("Chat History\"") || holds("Snap History\"");
        match (named, typical || sections) {
            (true, true) => Some(Claim::alone(Certainty::Certain)),
            (true, false) => Some(Claim::alone(Certainty::Possible)),
            (false, _) => None,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let is_snaps = input.entry().is_some_and(|entry| entry.name() == "snap_history.json");
        let kind = if is_snaps { Sort::Snaps } else { Sort::Chats };
        let mut history = History { sort: kind, media: media(input), list: None, doubtful: None };
        elementwise::read(input, &mut history, sink)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Chats,
    Snaps,
}

struct History {
    sort: Sort,
    media: BTreeMap<String, (FileNumber, MediaKind)>,
    /// The key of the list that was read last.
    list: Option<String>,
    /// The list whose end may have been lost: what follows may be of another conversation.
    doubtful: Option<String>,
}

impl Elementwise for History {
    const WHOLE: fn(&[Step]) -> bool = |path| path.len() >= 2 || matches!(path, [Step::Index(_)]);
    const SHAPE: Shape = Shape { first_keys: &["From", "To"], near: &["\"Media Type\""], list: "" };
    const EXPECTED: &'static str = "a message of a conversation";

    fn list(&self, _: &[Step]) -> &'static str {
        match self.sort {
            Sort::Chats => "messages",
            Sort::Snaps => "snaps",
        }
    }

    fn element(&mut self, path: &[Step], value: Value, slips: Slips) -> Option<Became> {
        // Where the beginning of the document was lost, a message stands in no list that has a name.
        let list = match path {
            [Step::Key(list), Step::Index(_)] => list.as_str(),
            [Step::Index(_)] => "",
            _ => return Some(Became::Problem(ProblemKind::NotUnderstood, Self::EXPECTED)),
        };
        let Value::Object(object) = value else {
            return Some(Became::Problem(ProblemKind::NotUnderstood, Self::EXPECTED));
        };
        let mut message = self.message(list, object);
        if slips == Slips::Replaced {
            message.states.push(State::Doubtful("encoding".to_owned()));
        }
        if list.is_empty() || self.doubtful.as_deref() == Some(list) {
            message.chat = ChatRef::default();
            message.states.push(State::Doubtful("chat".to_owned()));
        } else {
            self.doubtful = None;
        }
        self.list = Some(list.to_owned());
        let what = What::Message(Box::new(message));
        let is_system = matches!(&what, What::Message(message) if message.direction == Direction::System);
        Some(if is_system { Became::System(what) } else { Became::Record(what) })
    }

    fn lost(&mut self, bytes: &Arc<dyn ReadAt>, at: At) {
        /// The beginning of a list stands close to its first message.
        const MOST_BYTES: u64 = 64 << 10;
        let length = at.length.min(MOST_BYTES);
        let tail = At { offset: at.end().saturating_sub(length), length };
        let mut window = Window::new(Arc::clone(bytes));
        if window.part(tail, length).is_ok_and(|lost| lost.contains(&b'[')) {
            self.doubtful.clone_from(&self.list);
        }
    }
}

impl History {
    fn message(&self, list: &str, mut object: Object) -> Message {
        let from = part::take_text(&mut object, "From");
        let to = part::take_text(&mut object, "To");
        let is_sender = part::take_truth(&mut object, "IsSender");
        let direction = match (is_sender, list.starts_with("Sent "), list.starts_with("Received ")) {
            (Some(true), ..) | (None, true, _) => Direction::Outgoing,
            (Some(false), ..) | (None, _, true) => Direction::Incoming,
            _ => Direction::Unknown,
        };
        let title = part::take_text(&mut object, "Conversation Title");
        let mut message = Message {
            app: "snapchat".to_owned(),
            chat: chat(list, title, from.as_deref().or(to.as_deref()), is_sender),
            direction,
            sender: from.map(Party::with_id),
            recipients: to.map(Party::with_id).into_iter().collect(),
            sent: time(&mut object),
            text: part::take_text(&mut object, "Content").or_else(|| part::take_text(&mut object, "Text")),
            ..Message::default()
        };
        self.media_of(&mut message, &mut object);
        if self.sort == Sort::Snaps {
            message.states.push(State::ViewOnce);
        }
        part::put_rest(&mut message.extra, "", object);
        message
    }

    /// What sort of message it is, and the files that its numbers name.
    fn media_of(&self, message: &mut Message, object: &mut Object) {
        let sort = part::take_text(object, "Media Type").unwrap_or_default();
        let ids = part::take_text(object, "Media IDs").unwrap_or_default();
        if sort.starts_with("STATUS") {
            status(message, &sort);
        }
        let kind = match sort.as_str() {
            "IMAGE" => MediaKind::Picture,
            "VIDEO" => MediaKind::Video,
            "NOTE" => MediaKind::Voice,
            "STICKER" => MediaKind::Sticker,
            _ => MediaKind::Unknown,
        };
        for id in ids.split(['|', ',']).map(str::trim).filter(|id| !id.is_empty()) {
            let found = self.media.get(id).copied();
            let file = found.map(|(file, _)| file);
            let kind = found.map_or(kind, |(_, shown)| if kind == MediaKind::Unknown { shown } else { kind });
            let state = if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound };
            let name = Some(id.to_owned());
            message.attachments.push(Attachment { kind, name, file, state, ..Attachment::default() });
        }
        if message.attachments.is_empty() && kind != MediaKind::Unknown {
            message.attachments.push(Attachment { kind, ..Attachment::default() });
        }
        if !matches!(sort.as_str(), "TEXT" | "") {
            message.extra.push(("Media Type".to_owned(), sort));
        }
    }
}

/// Erased messages, screenshots, people who come and go, calls that were missed.
fn status(message: &mut Message, sort: &str) {
    if let Some(call) = sort.strip_prefix("STATUSCALLMISSED") {
        let medium = match call {
            "AUDIO" => CallMedium::Voice,
            "VIDEO" => CallMedium::Video,
            _ => CallMedium::Unknown,
        };
        let outcome = match message.direction {
            Direction::Incoming => CallOutcome::Missed,
            Direction::Outgoing => CallOutcome::NotAnswered,
            _ => CallOutcome::Other(sort.to_owned()),
        };
        message.inside.push(Inside::Call { medium, outcome, duration_seconds: None });
        return;
    }
    message.direction = Direction::System;
    message.inside.push(Inside::Change { what: sort.to_owned(), about: Vec::new() });
}

/// Since 2022 the list is the conversation; before, the other's name is.
fn chat(list: &str, title: Option<String>, other: Option<&str>, is_sender: Option<bool>) -> ChatRef {
    if is_sender.is_none() && (list.starts_with("Received ") || list.starts_with("Sent ")) {
        let id = other.unwrap_or_default().to_owned();
        return ChatRef { id, name: title, kind: ChatKind::Direct };
    }
    let kind = if title.is_some() { ChatKind::Group } else { ChatKind::Direct };
    ChatRef { id: list.to_owned(), name: title, kind }
}

/// `2022-07-22 19:28:21 UTC` or `Wed Aug 19 12:00:00 UTC 2021`, finer where the count of milliseconds agrees.
fn time(object: &mut Object) -> Option<TimeReading> {
    /// Above it is a count of microseconds, as the name says.
    const MICROSECONDS: i64 = 100_000_000_000_000;
    let fine = object.get("Created(microseconds)").and_then(Value::as_i64);
    let fine = fine.map(|count| if count > MICROSECONDS { count / 1000 } else { count });
    let Some(raw) = part::take_text(object, "Created") else {
        return fine.map(TimeReading::unix_ms);
    };
    let ordered = match raw.split_once(" UTC ") {
        Some((before, year)) => format!("{before} {year} UTC"),
        None => raw.clone(),
    };
    let mut time = TimeReading { raw, ..worded_date::reading(&ordered) };
    if let (Some(seconds), Some(fine)) = (time.first_ms, fine)
        && fine.checked_sub(seconds).is_some_and(|more| (0..1000).contains(&more))
    {
        time.first_ms = Some(fine);
        time.precision = model::record::Precision::Millisecond;
    }
    Some(time)
}

/// The files of `chat_media` by the numbers in their names: `2019-02-12_b~EiQ….jpg`.
fn media(input: &Input<'_>) -> BTreeMap<String, (FileNumber, MediaKind)> {
    /// More than any export has.
    const MOST: usize = 500_000;
    let mut folder = input.entry().map_or("", |entry| entry.folder());
    let mut folders = vec![folder.to_owned()];
    for _ in 0..2 {
        let above = folder.trim_end_matches('/').rfind('/').map_or(0, |slash| slash.saturating_add(1));
        folder = folder.get(..above).unwrap_or_default();
        folders.push(folder.to_owned());
    }
    folders.dedup();
    let mut found = BTreeMap::new();
    for archive in archives(input.tree, input.file) {
        for folder in &folders {
            let prefix = format!("{folder}chat_media/");
            for (number, entry) in input.tree.below(archive, &prefix) {
                let id = entry.name().split_once('_').map(|(_, id)| id);
                let id = id.map(|id| id.rsplit_once('.').map_or(id, |(id, _)| id));
                if let Some(id) = id.filter(|_| found.len() < MOST) {
                    found.entry(id.to_owned()).or_insert((number, kind_of(entry.name())));
                }
            }
        }
    }
    found
}
