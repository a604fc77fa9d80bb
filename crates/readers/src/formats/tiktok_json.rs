//! TikTok's "Download your data" as JSON: direct messages, log-ins, the own account, and every other list
//! in it.
//!
//! Layouts 2020 to 2026: `user_data.json`, `user_data_tiktok.json`; names of sections change from year to
//! year, so messages are known by the key of their list, `Chat History with NAME:`. Source: RLEAPP
//! (tikTokArchiveJson.py). Times are UTC by TikTok's own word. The owner is who the profile in the file
//! says. Deliberately left out: nothing; what is not a message, a log-in or the profile becomes an event.

use std::sync::Arc;

use model::ReadAt;
use model::record::{
    self, ChatKind, ChatRef, Direction, Event, Extra, Identifier, IdentifierKind, Message, Party, Precision,
    State, TimeReading, What,
};
use serde_json::Value;
use source::tree::Candidate;

use crate::elements::Shape;
use crate::elementwise::{self, Elementwise};
use crate::json::Step;
use crate::part::{self, At, Object, Slips};
use crate::tally::Became;
use crate::window::Window;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink, worded_date};

/// The format.
pub(crate) struct TiktokJson;

/// What the key of a list of messages begins with, before the other's name and a colon.
const HISTORY: &str = "Chat History with ";

impl Format for TiktokJson {
    fn name(&self) -> &'static str {
        "tiktok_json"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "TikTok data (JSON)",
            covers: "user_data.json, user_data_tiktok.json, 2020 to 2026: messages, log-ins, account",
            leaves_out: "nothing; lists that are not known become events",
            source: "RLEAPP (tikTokArchiveJson.py)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let name = candidate.entry().name();
        let head = candidate.head();
        let holds = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
        if candidate.entry().extension() != "json" || !head.trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let sections =
            ["\"Activity\"", "\"Your Activity\"", "\"Profile\"", "\"Direct Message\"", "\"Comment\""];
        let named = matches!(name, "user_data.json" | "user_data_tiktok.json");
        let lists =
            holds("VideoList\"") || holds("\"ProfileMap\"") || holds("\"ChatHistory\"") || holds(HISTORY);
        match (named, lists, sections.iter().any(|section| holds(section))) {
            (true, true, _) | (_, true, true) => Some(Claim::alone(Certainty::Certain)),
            (true, false, true) => Some(Claim::alone(Certainty::Likely)),
            (true, false, false) => Some(Claim::alone(Certainty::Possible)),
            _ => None,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let owner = input.options.owner.clone();
        let mut data = Data { owner, list: None, doubtful: None };
        elementwise::read(input, &mut data, sink)
    }
}

struct Data {
    owner: Option<String>,
    list: Option<String>,
    /// The list whose end may have been lost.
    doubtful: Option<String>,
}

impl Elementwise for Data {
    const WHOLE: fn(&[Step]) -> bool =
        |path| path.last().is_some_and(|step| matches!(step, Step::Index(_)) || step.is("ProfileMap"));
    const SHAPE: Shape = Shape { first_keys: &["Date", "date"], near: &[], list: "" };
    const EXPECTED: &'static str = "an element of a list";

    fn list(&self, path: &[Step]) -> &'static str {
        match list_name(path) {
            Some(name) if name.starts_with(HISTORY) => "messages",
            Some("LoginHistoryList") => "logins",
            Some(_) => "lists",
            None => "settings",
        }
    }

    fn element(&mut self, path: &[Step], value: Value, slips: Slips) -> Option<Became> {
        let name = list_name(path);
        let object = match value {
            Value::Object(object) => object,
            value => return setting(path, value),
        };
        if path.last().is_some_and(|step| step.is("ProfileMap")) {
            return Some(Became::Record(self.profile(object)));
        }
        let name = name.unwrap_or("other");
        let what = if let Some(other) = name.strip_prefix(HISTORY) {
            self.message(name, other.trim_end_matches(':'), object, slips)
        } else if name == "LoginHistoryList" {
            event("login", object)
        } else {
            event(name, object)
        };
        self.list = Some(name.to_owned());
        Some(Became::Record(what))
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

/// The key of the list that an element stands in.
fn list_name(path: &[Step]) -> Option<&str> {
    match path {
        [.., Step::Key(name), Step::Index(_)] => Some(name),
        _ => None,
    }
}

impl Data {
    fn message(&mut self, list: &str, other: &str, mut object: Object, slips: Slips) -> What {
        let from = part::take_text(&mut object, "From");
        let direction = match (self.owner.as_deref(), from.as_deref()) {
            (Some(owner), Some(from)) if owner == from => Direction::Outgoing,
            (_, Some(from)) if from == other => Direction::Incoming,
            (Some(_), Some(_)) => Direction::Incoming,
            _ => Direction::Unknown,
        };
        let chat = ChatRef { id: other.to_owned(), name: Some(other.to_owned()), kind: ChatKind::Unknown };
        let mut message = Message {
            app: "tiktok".to_owned(),
            chat,
            direction,
            sender: from.map(Party::with_id),
            sent: time(&mut object),
            text: part::take_text(&mut object, "Content"),
            ..Message::default()
        };
        if slips == Slips::Replaced {
            message.states.push(State::Doubtful("encoding".to_owned()));
        }
        if self.doubtful.as_deref() == Some(list) {
            message.chat = ChatRef::default();
            message.states.push(State::Doubtful("chat".to_owned()));
        } else {
            self.doubtful = None;
        }
        part::put_rest(&mut message.extra, "", object);
        What::Message(Box::new(message))
    }

    fn profile(&mut self, mut object: Object) -> What {
        const KNOWN: [(&str, IdentifierKind); 3] = [
            ("userName", IdentifierKind::Account),
            ("emailAddress", IdentifierKind::Mail),
            ("telephoneNumber", IdentifierKind::Phone),
        ];
        let mut account = record::Account { app: "tiktok".to_owned(), ..record::Account::default() };
        let name = object.get("userName").and_then(Value::as_str).filter(|name| !name.is_empty());
        if self.owner.is_none() {
            self.owner = name.map(str::to_owned);
        }
        account.names.extend(name.map(str::to_owned));
        for (key, kind) in KNOWN {
            let found = part::take_text(&mut object, key);
            let label = Some(key.to_owned());
            account.identifiers.extend(found.map(|value| Identifier { kind, value, label }));
        }
        part::put_rest(&mut account.extra, "", object);
        What::Account(Box::new(account))
    }
}

/// `2023-05-01 08:00:00`, with or without `UTC`: UTC by TikTok's own word.
fn time(object: &mut Object) -> Option<TimeReading> {
    let raw = part::take_text(object, "Date").or_else(|| part::take_text(object, "date"))?;
    let moment = worded_date::reading(raw.trim_end_matches(" UTC")).first_ms;
    Some(TimeReading::utc(raw, moment, Precision::Second))
}

fn event(kind: &str, mut object: Object) -> What {
    let at = time(&mut object);
    let mut extra = Extra::new();
    part::put_rest(&mut extra, "", object);
    let (app, kind) = ("tiktok".to_owned(), kind.to_owned());
    What::Event(Box::new(Event { app, kind, at, text: None, extra }))
}

/// A value that stands by itself; nothing, where nothing is said.
fn setting(path: &[Step], value: Value) -> Option<Became> {
    let text = part::as_text(value)?;
    let keys: Vec<String> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.clone(),
            Step::Index(index) => index.to_string(),
        })
        .collect();
    let extra = vec![("path".to_owned(), keys.join(" / "))];
    let (app, kind) = ("tiktok".to_owned(), "setting".to_owned());
    Some(Became::Record(What::Event(Box::new(Event { app, kind, at: None, text: Some(text), extra }))))
}
