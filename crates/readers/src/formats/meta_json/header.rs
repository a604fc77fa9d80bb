//! What a thread says about itself beside its messages.

use model::record::{ChatRef, Event, Extra, FileNumber, Place, Record, What};
use serde_json::Value;

use crate::meta::mojibake;
use crate::part;

/// Title, participants and the rest.
#[derive(Default)]
pub(super) struct Header {
    /// The name shown.
    pub(super) title: Option<String>,
    /// `inbox/slug`.
    pub(super) thread_path: Option<String>,
    /// `Regular`, `RegularGroup` …
    pub(super) thread_type: Option<String>,
    /// Their names.
    pub(super) participants: Vec<String>,
    /// Whether it is of the end-to-end encrypted export.
    pub(super) flat: bool,
    /// Whether something was left out because it is too large.
    pub(super) too_large: bool,
    rest: Extra,
    bytes: u64,
}

impl Header {
    /// Takes a member of the thread.
    pub(super) fn put(&mut self, key: &str, mut value: Value, length: u64, most_bytes: u64) {
        /// More than any thread says about itself.
        const MOST_MEMBERS: usize = 10_000;
        self.bytes = self.bytes.saturating_add(length);
        if self.bytes > most_bytes || self.rest.len() > MOST_MEMBERS {
            self.too_large = true;
            return;
        }
        mojibake::repair_all(&mut value);
        match (key, value) {
            ("title", Value::String(title)) if self.title.is_none() => self.title = Some(title),
            ("threadName", Value::String(name)) if self.title.is_none() => {
                self.flat = true;
                self.title = Some(name);
            }
            ("thread_path", Value::String(path)) if self.thread_path.is_none() => {
                self.thread_path = Some(path);
            }
            ("thread_type", Value::String(kind)) if self.thread_type.is_none() => {
                self.thread_type = Some(kind);
            }
            ("participants", Value::Array(list)) if self.participants.is_empty() => {
                self.participants = list.into_iter().filter_map(|one| self.participant(one)).collect();
            }
            (_, value) => part::put(&mut self.rest, key, value),
        }
    }

    /// A name, or an object with one; what else it says is kept.
    fn participant(&mut self, value: Value) -> Option<String> {
        match value {
            Value::String(name) => {
                self.flat = true;
                Some(name)
            }
            Value::Object(mut one) => {
                let name = part::take_text(&mut one, "name");
                part::put_rest(&mut self.rest, "participant.", one);
                name
            }
            other => {
                part::put(&mut self.rest, "participant", other);
                None
            }
        }
    }

    /// Whether the thread says nothing about itself.
    pub(super) fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.thread_path.is_none()
            && self.participants.is_empty()
            && self.rest.is_empty()
    }

    /// As a record.
    pub(super) fn record(&self, file: FileNumber, app: &str, chat: &ChatRef) -> Record {
        let mut extra: Extra = vec![("chat".to_owned(), chat.id.clone())];
        extra.extend(self.participants.iter().map(|name| ("participant".to_owned(), name.clone())));
        extra.extend(self.thread_type.iter().map(|kind| ("thread_type".to_owned(), kind.clone())));
        extra.extend(self.rest.iter().cloned());
        let event =
            Event { app: app.to_owned(), kind: "chat".to_owned(), at: None, text: self.title.clone(), extra };
        Record { file, place: Place::Whole, part: 0, what: What::Event(Box::new(event)) }
    }
}
