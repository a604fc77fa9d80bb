//! The chat that messages stand in.

use std::sync::Arc;

use model::ReadAt;
use model::record::{ChatKind, ChatRef, Event, Extra};
use serde_json::Value;

use crate::part::{self, At};
use crate::window::Window;

/// What is known of the chat so far.
#[derive(Default)]
pub(super) struct Chat {
    name: Option<String>,
    kind: Option<String>,
    id: Option<String>,
    begin: u64,
    rest: Extra,
    said: bool,
    /// Whether its own beginning was lost, so that it is not sure which it is.
    pub(super) doubtful: bool,
}

/// Whether a member belongs to a chat.
pub(super) fn is_own(key: &str) -> bool {
    matches!(key, "name" | "type" | "id")
}

impl Chat {
    /// A chat of one of the account's lists; without a list it stands alone.
    pub(super) fn begins(begin: u64, list: &str) -> Self {
        let rest = match list {
            "left_chats" => vec![("list".to_owned(), list.to_owned())],
            _ => Extra::new(),
        };
        Self { begin, rest, ..Self::default() }
    }

    /// Takes a member of the chat.
    pub(super) fn put(&mut self, key: &str, value: Value) {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            // Deleted accounts have no name.
            _ => return,
        };
        match key {
            "name" => self.name = Some(text),
            "type" => self.kind = Some(text),
            _ => self.id = Some(text),
        }
    }

    /// Its place, if it has one number.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The source's word for what sort it is.
    pub(super) fn word(&self) -> &str {
        self.kind.as_deref().unwrap_or_default()
    }

    /// The chat for a message.
    pub(super) fn reference(&self) -> ChatRef {
        let kind = match self.word() {
            "personal_chat" | "bot_chat" => ChatKind::Direct,
            "private_group" | "private_supergroup" | "public_supergroup" => ChatKind::Group,
            "private_channel" | "public_channel" => ChatKind::Broadcast,
            "saved_messages" => ChatKind::Own,
            _ => ChatKind::Unknown,
        };
        let id = self.id.clone().unwrap_or_default();
        ChatRef { id, name: self.name.clone(), kind }
    }

    /// The chat as a record, once; none if nothing is known of it.
    pub(super) fn record(&mut self, end: u64) -> Option<(At, Event)> {
        if self.said || (self.name.is_none() && self.kind.is_none() && self.id.is_none()) {
            return None;
        }
        self.said = true;
        let mut extra: Extra = self.id.iter().map(|id| ("chat".to_owned(), id.clone())).collect();
        extra.extend(self.kind.iter().map(|kind| ("type".to_owned(), kind.clone())));
        extra.append(&mut self.rest);
        let event = Event {
            app: "telegram".to_owned(),
            kind: "chat".to_owned(),
            at: None,
            text: self.name.clone(),
            extra,
        };
        Some((At::between(self.begin, end), event))
    }
}

/// The chat whose beginning lies in lost bytes, if one does. What can be read of it is kept.
pub(super) fn lost_in(bytes: &Arc<dyn ReadAt>, lost: At) -> Option<Chat> {
    /// Looked through from its end; the beginning of the last chat is what counts.
    const MOST_BYTES: u64 = 1 << 20;
    const KEY: &[u8] = b"\"messages\"";
    let length = lost.length.min(MOST_BYTES);
    let tail = At { offset: lost.end().saturating_sub(length), length };
    let mut window = Window::new(Arc::clone(bytes));
    let text = window.part(tail, MOST_BYTES).ok()?;
    let key = memchr::memmem::rfind(text, KEY)?;
    let before = text.get(..key)?;
    let mut chat = Chat { said: true, doubtful: true, ..Chat::default() };
    let begin = memchr::memrchr(b'{', before)?;
    let mut members = before.get(begin..)?.trim_ascii_end().to_vec();
    if members.last() == Some(&b',') {
        members.pop();
    }
    members.push(b'}');
    if let Some((object, _)) = part::object(&members) {
        chat.doubtful = !object.contains_key("id");
        for (name, value) in object {
            if is_own(&name) {
                chat.put(&name, value);
            }
        }
        chat.begin = tail.offset.saturating_add(begin as u64);
        chat.said = false;
    }
    Some(chat)
}
