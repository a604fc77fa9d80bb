//! Who takes part, as the source names them: never merged, never guessed.

use serde::{Deserialize, Serialize};

/// A person or account as the source names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// The identifier the source uses: a number, a mail address, an account id. Raw.
    pub id: Option<String>,
    /// The name the source shows for it.
    pub name: Option<String>,
}

impl Party {
    /// Known by name only.
    pub fn named(name: impl Into<String>) -> Self {
        Self { id: None, name: Some(name.into()) }
    }

    /// Known by identifier only.
    pub fn with_id(id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), name: None }
    }
}

/// A chat, keyed by the identifier the source gives it, never by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChatRef {
    /// The source's identifier. Where a source has none (a text export), the file stands for it: empty.
    pub id: String,
    /// The name shown.
    pub name: Option<String>,
    /// What sort of chat.
    pub kind: ChatKind,
}

/// What sort of chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChatKind {
    /// The source does not say.
    #[default]
    Unknown,
    /// Two people.
    Direct,
    /// A group.
    Group,
    /// One writes, many read: channel, broadcast list, status.
    Broadcast,
    /// Notes to oneself.
    Own,
}
