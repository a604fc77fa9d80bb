//! What a command gives back: one JSON object, and the same for people.

use serde::Serialize;
use serde_json::Value;

use crate::exit::Exit;

/// The outcome of a command that went through.
pub(crate) struct Answer {
    /// One object.
    pub(crate) json: Value,
    /// Lines for people, without the last line feed.
    pub(crate) text: String,
    /// How it ended.
    pub(crate) exit: Exit,
}

impl Answer {
    /// An answer out of something serialised and lines for people.
    pub(crate) fn new(outcome: &impl Serialize, lines: impl IntoIterator<Item = String>) -> Self {
        let json = serde_json::to_value(outcome).unwrap_or_default();
        Self { json, text: lines.into_iter().collect::<Vec<_>>().join("\n"), exit: Exit::Done }
    }

    /// An answer of which everything was printed already.
    pub(crate) fn silent() -> Self {
        Self { json: Value::Null, text: String::new(), exit: Exit::Done }
    }

    /// With one more member, or another value for one, in the object.
    pub(crate) fn with(mut self, name: &str, value: &impl Serialize) -> Self {
        if let Value::Object(members) = &mut self.json {
            members.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        }
        self
    }
}
