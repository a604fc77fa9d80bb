//! Discord: what `DiscordChatExporter` writes as JSON, and `messages.json` of Discord's own data package.
//!
//! DiscordChatExporter 2.x (JsonMessageWriter); the data package since 2023, which holds only what the
//! owner wrote, with `channel.json` beside it, `index.json` above it and the account in
//! `account/user.json`. Sources: the exporter's writer, published parsers of the package. Deliberately left
//! out: the package's older tables (`messages.csv`), events, servers.

use std::sync::Arc;

use model::ReadAt;
use model::record::{
    Attachment, AttachmentState, CallMedium, CallOutcome, ChatKind, ChatRef, Direction, Event, Extra, Inside,
    MediaKind, Message, Party, Precision, ProblemKind, Quoted, Reaction, State, TimeReading, What,
};
use serde_json::Value;
use source::tree::Candidate;

use crate::elements::Shape;
use crate::elementwise::{self, Elementwise};
use crate::json::Step;
use crate::meta::kind_of;
use crate::part::{self, At, Object, Slips};
use crate::tally::Became;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink, links, worded_date};

/// The format.
pub(crate) struct DiscordJson;

impl Format for DiscordJson {
    fn name(&self) -> &'static str {
        "discord_json"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Discord messages (JSON)",
            covers: "DiscordChatExporter 2.x; messages.json of Discord's data package",
            leaves_out: "messages.csv of older packages, events, servers",
            source: "DiscordChatExporter (JsonMessageWriter); published parsers of the package",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        if entry.extension() != "json" {
            return None;
        }
        let holds = |key: &str| memchr::memmem::find(candidate.head(), key.as_bytes()).is_some();
        let exporter =
            holds("\"guild\"") && holds("\"channel\"") && (holds("\"messages\"") || holds("\"dateRange\""));
        let package = entry.name() == "messages.json"
            && holds("\"ID\"")
            && holds("\"Timestamp\"")
            && holds("\"Contents\"");
        if exporter || package {
            return Some(Claim::alone(Certainty::Certain));
        }
        let folder = entry.folder().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let number = folder.strip_prefix('c').is_some_and(|id| id.len() > 15 && id.parse::<u64>().is_ok());
        (entry.name() == "messages.json" && number).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let (chat, own) = package(input);
        let owner = input.options.owner.clone();
        let mut messages = Messages { input, chat, own, owner, guild: None };
        elementwise::read(input, &mut messages, sink)
    }
}

struct Messages<'i> {
    input: &'i Input<'i>,
    chat: ChatRef,
    /// Who the package belongs to.
    own: Option<Party>,
    /// The owner as a person told.
    owner: Option<String>,
    guild: Option<String>,
}

impl Elementwise for Messages<'_> {
    const WHOLE: fn(&[Step]) -> bool = |path| match path {
        [] => false,
        [Step::Key(key)] => key != "messages",
        _ => true,
    };
    const SHAPE: Shape =
        Shape { first_keys: &["id", "ID"], near: &["\"timestamp\"", "\"Timestamp\""], list: "" };
    const EXPECTED: &'static str = "a message";

    fn list(&self, path: &[Step]) -> &'static str {
        match path {
            [.., Step::Index(_)] => "messages",
            _ => "channel",
        }
    }

    fn element(&mut self, path: &[Step], value: Value, slips: Slips) -> Option<Became> {
        if let [Step::Key(key)] = path {
            return self.header(key, value);
        }
        let Value::Object(object) = value else {
            return Some(Became::Problem(ProblemKind::NotUnderstood, Self::EXPECTED));
        };
        let mut message =
            if object.contains_key("ID") { self.own_message(object) } else { self.message(object) };
        if slips == Slips::Replaced {
            message.states.push(State::Doubtful("encoding".to_owned()));
        }
        let is_system = message.direction == Direction::System;
        let what = What::Message(Box::new(message));
        Some(if is_system { Became::System(what) } else { Became::Record(what) })
    }

    fn lost(&mut self, _: &Arc<dyn ReadAt>, _: At) {}
}

impl Messages<'_> {
    /// Server and channel that the messages stand in, and what else stands around them.
    fn header(&mut self, key: &str, value: Value) -> Option<Became> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        match key {
            "guild" => self.guild = text("name"),
            "channel" => {
                let kind = match value.get("type").and_then(Value::as_str) {
                    Some("DirectTextChat") => ChatKind::Direct,
                    Some(_) => ChatKind::Group,
                    None => ChatKind::Unknown,
                };
                self.chat = ChatRef { id: text("id").unwrap_or_default(), name: text("name"), kind };
            }
            _ => {}
        }
        let name = if key == "channel" { self.chat.name.clone() } else { None };
        let mut extra = Extra::new();
        match value {
            Value::Object(object) => part::put_rest(&mut extra, &format!("{key}."), object),
            value => part::put(&mut extra, key, value),
        }
        if extra.is_empty() {
            return None;
        }
        let kind = if key == "channel" { "chat" } else { "export" };
        let (app, kind) = (APP.to_owned(), kind.to_owned());
        Some(Became::System(What::Event(Box::new(Event { app, kind, at: None, text: name, extra }))))
    }

    fn message(&self, mut object: Object) -> Message {
        let mut message = Message {
            app: APP.to_owned(),
            chat: self.chat.clone(),
            id: part::take_scalar(&mut object, "id"),
            sent: time(&mut object, "timestamp"),
            text: part::take_text(&mut object, "content"),
            ..Message::default()
        };
        message.extra.extend(self.guild.iter().map(|guild| ("guild".to_owned(), guild.clone())));
        if let Some(mut author) = part::take_object(&mut object, "author") {
            let (sender, rest) = party(&mut author);
            message.direction = self.direction(&sender, rest.as_deref());
            message.sender = Some(sender);
            message.extra.extend(rest.map(|name| ("author.name".to_owned(), name)));
            part::put_rest(&mut message.extra, "author.", author);
        }
        if let Some(at) = time(&mut object, "timestampEdited") {
            message.states.push(State::Edited);
            message.times.push(("edited".to_owned(), at));
        }
        if let Some(mut to) = part::take_object(&mut object, "reference") {
            let id = part::take_scalar(&mut to, "messageId");
            message.quoted = Some(Quoted { id, ..Quoted::default() });
            part::put_rest(&mut message.extra, "reference.", to);
        }
        if object.contains_key("forwardedMessage") {
            message.states.push(State::Forwarded);
        }
        self.files(&mut message, &mut object);
        reactions(&mut message, &mut object);
        sort(&mut message, &mut object);
        part::put_rest(&mut message.extra, "", object);
        message
    }

    /// A message of the package: always the owner's.
    fn own_message(&self, mut object: Object) -> Message {
        let raw = part::take_text(&mut object, "Timestamp");
        let mut message = Message {
            app: APP.to_owned(),
            chat: self.chat.clone(),
            id: part::take_scalar(&mut object, "ID"),
            direction: Direction::Outgoing,
            sender: self.own.clone(),
            sent: raw.map(package_time),
            text: part::take_text(&mut object, "Contents"),
            ..Message::default()
        };
        let links = part::take_text(&mut object, "Attachments").unwrap_or_default();
        for link in links.split_ascii_whitespace() {
            message.attachments.push(self.attachment(None, link, None));
        }
        part::put_rest(&mut message.extra, "", object);
        message
    }

    fn direction(&self, sender: &Party, name: Option<&str>) -> Direction {
        let Some(owner) = self.owner.as_deref() else { return Direction::Unknown };
        let known = [sender.id.as_deref(), sender.name.as_deref(), name];
        if known.contains(&Some(owner)) { Direction::Outgoing } else { Direction::Incoming }
    }

    fn files(&self, message: &mut Message, object: &mut Object) {
        for one in part::take_list(object, "attachments") {
            let Value::Object(mut one) = one else { continue };
            let url = part::take_text(&mut one, "url").unwrap_or_default();
            let name = part::take_text(&mut one, "fileName");
            let size = part::take_number(&mut one, "fileSizeBytes").and_then(|size| u64::try_from(size).ok());
            message.attachments.push(self.attachment(name, &url, size));
            message.extra.push(("attachments.url".to_owned(), url));
            part::put_rest(&mut message.extra, "attachments.", one);
        }
        for one in part::take_list(object, "stickers") {
            let name = one.get("name").and_then(Value::as_str).map(str::to_owned);
            message.attachments.push(Attachment { kind: MediaKind::Sticker, name, ..Attachment::default() });
            part::put(&mut message.extra, "stickers", one);
        }
        for one in part::take_list(object, "embeds") {
            if let Some(url) = one.get("url").and_then(Value::as_str).filter(|url| !url.is_empty()) {
                let title = one.get("title").and_then(Value::as_str).map(str::to_owned);
                message.inside.push(Inside::Link { url: url.to_owned(), title });
            }
            part::put(&mut message.extra, "embeds", one);
        }
    }

    /// The exporter can fetch files: then the address is a path beside the page.
    fn attachment(&self, name: Option<String>, url: &str, size_bytes: Option<u64>) -> Attachment {
        let is_path = !url.is_empty() && !url.contains("://");
        let path = url.replace('\\', "/");
        let file = if is_path { links::linked(self.input.tree, self.input.file, &path) } else { None };
        let state = if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound };
        let plain = url.split('?').next().unwrap_or_default();
        let kind = kind_of(name.as_deref().unwrap_or(plain));
        let name = name.or_else(|| Some(url.to_owned()).filter(|url| !url.is_empty()));
        Attachment { kind, name, size_bytes, file, state, ..Attachment::default() }
    }
}

const APP: &str = "discord";

/// Number and shown name; the account's own name beside it, where it is another.
fn party(author: &mut Object) -> (Party, Option<String>) {
    let id = part::take_scalar(author, "id");
    let name = part::take_text(author, "name");
    match part::take_text(author, "nickname") {
        Some(shown) => {
            let rest = name.filter(|name| *name != shown);
            (Party { id, name: Some(shown) }, rest)
        }
        None => (Party { id, name }, None),
    }
}

/// `2019-04-02T18:21:03.117+02:00`: a moment with the exporting computer's offset.
fn time(object: &mut Object, key: &str) -> Option<TimeReading> {
    part::take_text(object, key).map(moment)
}

fn moment(raw: String) -> TimeReading {
    let parsed = raw.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    let offset = raw.get(raw.len().saturating_sub(6)..).and_then(offset_minutes).unwrap_or(0);
    TimeReading::with_offset(raw, parsed, offset, Precision::Millisecond)
}

fn offset_minutes(shown: &str) -> Option<i16> {
    let (hours, minutes) = shown.get(1..)?.split_once(':')?;
    let minutes = hours.parse::<i16>().ok()?.checked_mul(60)?.checked_add(minutes.parse().ok()?)?;
    match shown.chars().next()? {
        '+' => Some(minutes),
        '-' => Some(minutes.saturating_neg()),
        _ => None,
    }
}

/// `2023-05-01 18:30:45`, in UTC; older packages show an offset.
fn package_time(raw: String) -> TimeReading {
    if raw.contains('T') || raw.contains('+') {
        return moment(raw);
    }
    let ms = worded_date::reading(&raw).first_ms;
    TimeReading::utc(raw, ms, Precision::Second)
}

fn reactions(message: &mut Message, object: &mut Object) {
    for one in part::take_list(object, "reactions") {
        let Value::Object(mut one) = one else { continue };
        let emoji = one.remove("emoji").unwrap_or_default();
        let sign = ["name", "code", "id"].iter().find_map(|key| emoji.get(key)?.as_str()).unwrap_or_default();
        let users = part::take_list(&mut one, "users");
        let named = users.len() as u64;
        for user in users {
            let Value::Object(mut user) = user else { continue };
            let by = Some(party(&mut user).0);
            message.reactions.push(Reaction { by, sign: sign.to_owned(), at: None, count: 1 });
        }
        let count = part::take_number(&mut one, "count").and_then(|count| u64::try_from(count).ok());
        let count = count.unwrap_or(1).saturating_sub(named);
        if count > 0 {
            message.reactions.push(Reaction { by: None, sign: sign.to_owned(), at: None, count });
        }
        part::put_rest(&mut message.extra, "reactions.", one);
    }
}

/// What the program itself tells, and calls.
fn sort(message: &mut Message, object: &mut Object) {
    const TOLD: [&str; 7] = [
        "RecipientAdd",
        "RecipientRemove",
        "ChannelNameChange",
        "ChannelIconChange",
        "ChannelPinnedMessage",
        "GuildMemberJoin",
        "ThreadCreated",
    ];
    let ended = time(object, "callEndedTimestamp");
    let sort = part::take_text(object, "type").unwrap_or_default();
    if sort == "Call" {
        let began = message.sent.as_ref().and_then(|sent| sent.first_ms);
        let lasted = ended.as_ref().and_then(|ended| ended.first_ms?.checked_sub(began?));
        let duration_seconds = lasted.and_then(|ms| u64::try_from(ms / 1000).ok());
        let (medium, outcome) = (CallMedium::Unknown, CallOutcome::Unknown);
        message.inside.push(Inside::Call { medium, outcome, duration_seconds });
    } else if TOLD.contains(&sort.as_str()) {
        message.direction = Direction::System;
        message.inside.push(Inside::Change { what: sort.clone(), about: Vec::new() });
    }
    message.times.extend(ended.map(|ended| ("ended".to_owned(), ended)));
    if !matches!(sort.as_str(), "Default" | "") {
        message.extra.push(("type".to_owned(), sort));
    }
}

/// The package's channel and owner, from the files around; for an export of the exporter both stay empty.
fn package(input: &Input<'_>) -> (ChatRef, Option<Party>) {
    let channel = links::small_json(input, "channel.json");
    let Some(channel) = channel.filter(|channel| channel.get("id").is_some()) else {
        return (folder(input), None);
    };
    let id = channel.get("id").and_then(|id| part::as_text(id.clone())).unwrap_or_default();
    let labels = links::small_json(input, "../index.json");
    let label = labels.as_ref().and_then(|labels| labels.get(&id)).and_then(Value::as_str);
    let name = channel.get("name").and_then(Value::as_str).or(label).map(str::to_owned);
    let kind = match channel.get("type").and_then(|kind| part::as_text(kind.clone())).as_deref() {
        Some("1" | "DM") => ChatKind::Direct,
        Some(_) => ChatKind::Group,
        None => ChatKind::Unknown,
    };
    (ChatRef { id, name, kind }, owner(input))
}

/// Without a channel's file the folder's number is the channel.
fn folder(input: &Input<'_>) -> ChatRef {
    let folder = input.entry().map_or("", |entry| entry.folder()).trim_end_matches('/');
    let name = folder.rsplit('/').next().unwrap_or_default();
    let id = name.strip_prefix('c').filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
    ChatRef { id: id.unwrap_or_default().to_owned(), ..ChatRef::default() }
}

fn owner(input: &Input<'_>) -> Option<Party> {
    let user = ["../../account/user.json", "../../Account/user.json"];
    let user = user.iter().find_map(|link| links::small_json(input, link))?;
    let text = |key: &str| user.get(key).and_then(|value| part::as_text(value.clone()));
    Some(Party { id: text("id"), name: text("username") })
}
