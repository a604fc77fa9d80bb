//! Google Takeout's Google Chat: `messages.json` of each group or conversation.
//!
//! Layout 2020 to 2026, with `group_info.json` beside it and `Users/*/user_info.json` for the owner.
//! Sources: Takeout's own files as published parsers read them. Dates are worded in the account's language
//! and say UTC. Deliberately left out: Hangouts before 2020, a format of its own.

use std::sync::Arc;

use model::ReadAt;
use model::record::{
    Attachment, AttachmentState, ChatKind, ChatRef, Direction, Inside, MediaKind, Message, Party,
    ProblemKind, Quoted, Reaction, State, TimeReading, Version, What,
};
use serde_json::Value;
use source::tree::{Candidate, Entry};

use crate::elements::Shape;
use crate::elementwise::{self, Elementwise};
use crate::json::Step;
use crate::meta::kind_of;
use crate::part::{self, At, Object, Slips};
use crate::tally::Became;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink, links, worded_date};

/// The format.
pub(crate) struct TakeoutChat;

impl Format for TakeoutChat {
    fn name(&self) -> &'static str {
        "takeout_chat"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Google Chat (Takeout)",
            covers: "messages.json of groups and conversations, with group_info.json beside it",
            leaves_out: "Hangouts before 2020",
            source: "Takeout's files as published parsers read them",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        if entry.name() != "messages.json" {
            return None;
        }
        let holds = |key: &str| memchr::memmem::find(candidate.head(), key.as_bytes()).is_some();
        let is_chat = holds("\"creator\"") && (holds("\"created_date\"") || holds("\"topic_id\""));
        if is_chat && holds("\"messages\"") {
            return Some(Claim::alone(Certainty::Certain));
        }
        let beside = candidate.tree().sibling(candidate.number(), "group_info.json").is_some();
        beside.then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let mut messages = Messages { input, chat: chat(input), owner: owner(input) };
        elementwise::read(input, &mut messages, sink)
    }
}

struct Messages<'i> {
    input: &'i Input<'i>,
    chat: ChatRef,
    /// Name or address of the owner.
    owner: Option<String>,
}

impl Elementwise for Messages<'_> {
    const WHOLE: fn(&[Step]) -> bool =
        |path| !matches!(path, []) && !matches!(path, [Step::Key(key)] if key == "messages");
    const SHAPE: Shape = Shape { first_keys: &["creator"], near: &[], list: "messages" };
    const EXPECTED: &'static str = "a message";

    fn list(&self, path: &[Step]) -> &'static str {
        if matches!(path, [Step::Key(key), Step::Index(_)] if key == "messages") {
            "messages"
        } else {
            "other"
        }
    }

    fn element(&mut self, path: &[Step], value: Value, slips: Slips) -> Option<Became> {
        let is_message = self.list(path) == "messages";
        let Value::Object(object) = value else {
            return Some(Became::Problem(ProblemKind::NotUnderstood, Self::EXPECTED));
        };
        if !is_message {
            return Some(Became::Problem(ProblemKind::NotUnderstood, Self::EXPECTED));
        }
        let mut message = self.message(object);
        if slips == Slips::Replaced {
            message.states.push(State::Doubtful("encoding".to_owned()));
        }
        Some(Became::Record(What::Message(Box::new(message))))
    }

    fn lost(&mut self, _: &Arc<dyn ReadAt>, _: At) {}
}

impl Messages<'_> {
    fn message(&self, mut object: Object) -> Message {
        let sender = part::take_object(&mut object, "creator");
        let mut message = Message {
            app: "google_chat".to_owned(),
            chat: self.chat.clone(),
            id: part::take_text(&mut object, "message_id"),
            sent: time(&mut object, "created_date"),
            text: part::take_text(&mut object, "text"),
            ..Message::default()
        };
        if let Some(mut creator) = sender {
            message.sender = Some(party(&mut creator));
            part::put_rest(&mut message.extra, "creator.", creator);
        }
        message.direction = self.direction(message.sender.as_ref());
        if let Some(at) = time(&mut object, "updated_date") {
            message.states.push(State::Edited);
            message.times.push(("edited".to_owned(), at));
        }
        deleted(&mut message, &mut object);
        self.files(&mut message, &mut object);
        quoted(&mut message, &mut object);
        reactions(&mut message, &mut object);
        versions(&mut message, &mut object);
        annotations(&mut message, &mut object);
        part::put_rest(&mut message.extra, "", object);
        message
    }

    fn direction(&self, sender: Option<&Party>) -> Direction {
        match (self.owner.as_ref(), sender) {
            (Some(owner), Some(sender)) => {
                let is_owner = sender.id.as_ref() == Some(owner) || sender.name.as_ref() == Some(owner);
                if is_owner { Direction::Outgoing } else { Direction::Incoming }
            }
            _ => Direction::Unknown,
        }
    }

    /// Files lie beside the messages under the name that the export gave them.
    fn files(&self, message: &mut Message, object: &mut Object) {
        for one in part::take_list(object, "attached_files") {
            let Value::Object(mut one) = one else { continue };
            let export = part::take_text(&mut one, "export_name");
            let original = part::take_text(&mut one, "original_name");
            let file = export.as_deref().and_then(|name| self.input.tree.sibling(self.input.file, name));
            let state = if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound };
            let kind = original.as_deref().or(export.as_deref()).map_or(MediaKind::Unknown, kind_of);
            message.extra.extend(export.map(|name| ("export_name".to_owned(), name)));
            message.attachments.push(Attachment {
                kind,
                name: original,
                file,
                state,
                ..Attachment::default()
            });
            part::put_rest(&mut message.extra, "attached_files.", one);
        }
    }
}

/// An address with a name.
fn party(object: &mut Object) -> Party {
    Party { id: part::take_text(object, "email"), name: part::take_text(object, "name") }
}

fn time(object: &mut Object, key: &str) -> Option<TimeReading> {
    part::take_text(object, key).map(|text| worded_date::reading(&text))
}

fn deleted(message: &mut Message, object: &mut Object) {
    let at = time(object, "deleted_date");
    let is_deleted = object.get("message_state").and_then(Value::as_str) == Some("DELETED");
    let by = part::take_object(object, "deletion_metadata");
    if at.is_none() && !is_deleted && by.is_none() {
        return;
    }
    let who = by.as_ref().and_then(|by| by.get("deletion_type")).and_then(Value::as_str);
    message.states.push(match who {
        Some("CREATOR") => State::DeletedBySender,
        Some("ADMIN" | "SPACE_OWNER") => State::DeletedByAdmin,
        _ => State::Deleted,
    });
    message.times.extend(at.map(|at| ("deleted".to_owned(), at)));
    part::put_rest(&mut message.extra, "deletion_metadata.", by.unwrap_or_default());
}

fn quoted(message: &mut Message, object: &mut Object) {
    let Some(mut quote) = part::take_object(object, "quoted_message_metadata") else { return };
    let sender = part::take_object(&mut quote, "creator").map(|mut creator| party(&mut creator));
    let (id, text) = (part::take_text(&mut quote, "message_id"), part::take_text(&mut quote, "text"));
    message.quoted = Some(Quoted { id, sender, text });
    part::put_rest(&mut message.extra, "quoted_message_metadata.", quote);
}

fn reactions(message: &mut Message, object: &mut Object) {
    for one in part::take_list(object, "reactions") {
        let sign = one.get("emoji").and_then(|emoji| emoji.get("unicode")).and_then(Value::as_str);
        let emails = one.get("reactor_emails").and_then(Value::as_array);
        let (Some(sign), Some(emails)) = (sign, emails) else {
            part::put(&mut message.extra, "reactions", one);
            continue;
        };
        for email in emails {
            let by = email.as_str().map(Party::with_id);
            message.reactions.push(Reaction { by, sign: sign.to_owned(), at: None, count: 1 });
        }
    }
}

fn versions(message: &mut Message, object: &mut Object) {
    for one in part::take_list(object, "previous_message_versions") {
        let Value::Object(mut one) = one else { continue };
        let at = time(&mut one, "created_date").or_else(|| time(&mut one, "updated_date"));
        message.versions.push(Version { text: part::take_text(&mut one, "text"), at });
        part::put_rest(&mut message.extra, "previous_message_versions.", one);
    }
}

/// Links and videos that the message shows; what else is noted beside the text stays beside it.
fn annotations(message: &mut Message, object: &mut Object) {
    for one in part::take_list(object, "annotations") {
        let link = one.get("url_metadata");
        let url = link
            .and_then(|link| link.get("url"))
            .and_then(|url| url.get("private_do_not_access").unwrap_or(url).as_str());
        let title = link.and_then(|link| link.get("title")).and_then(Value::as_str).map(str::to_owned);
        if let Some(url) = url {
            message.inside.push(Inside::Link { url: url.to_owned(), title });
        }
        part::put(&mut message.extra, "annotations", one);
    }
}

/// The folder is the conversation: `DM xyz`, `Space xyz`; its name stands in the file beside.
fn chat(input: &Input<'_>) -> ChatRef {
    let folder = input.entry().map_or("", |entry| entry.folder()).trim_end_matches('/');
    let id = folder.rsplit('/').next().unwrap_or_default().to_owned();
    let info = links::small_json(input, "group_info.json");
    let name = info.as_ref().and_then(|info| info.get("name")).and_then(Value::as_str).map(str::to_owned);
    let members = info.as_ref().and_then(|info| info.get("members")).and_then(Value::as_array);
    let kind = match members.map(Vec::len) {
        _ if id.starts_with("DM ") => ChatKind::Direct,
        _ if id.starts_with("Space ") => ChatKind::Group,
        Some(2) => ChatKind::Direct,
        Some(3..) => ChatKind::Group,
        _ => ChatKind::Unknown,
    };
    ChatRef { id, name, kind }
}

/// The owner's address from `Users/User …/user_info.json`, if there is one user only.
fn owner(input: &Input<'_>) -> Option<String> {
    /// More than any export has.
    const MOST: usize = 1000;
    if let Some(told) = &input.options.owner {
        return Some(told.clone());
    }
    let entry = input.entry()?;
    let root = entry.folder().split("Groups/").next().filter(|root| root.len() < entry.folder().len())?;
    let prefix = format!("{root}Users/");
    let files = input.tree.below(entry.container(), &prefix).take(MOST);
    let mut found = files.filter(|(_, entry)| Entry::name(entry) == "user_info.json");
    let (_, user) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let link = format!("../../{}", user.path().get(root.len()..)?);
    links::small_json(input, &link)?.get("user")?.get("email")?.as_str().map(str::to_owned)
}
