//! A message as a source has it.

use serde::{Deserialize, Serialize};

use super::{ChatRef, Extra, FileNumber, Party, Point, TimeReading};

/// A message in a chat, a text message or a mail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The service: `whatsapp`, `sms`, `imessage`, `signal`, `telegram`, `facebook`, `instagram`, `mail` …
    pub app: String,
    /// The chat it stands in.
    pub chat: ChatRef,
    /// The source's own identifier of the message, for replies.
    pub id: Option<String>,
    /// Which way it went.
    pub direction: Direction,
    /// Who sent it.
    pub sender: Option<Party>,
    /// To whom, where the source names them (mail, group text message).
    pub recipients: Vec<Party>,
    /// When it was sent, by the source.
    pub sent: Option<TimeReading>,
    /// Further times the source has, by role: `received`, `delivered`, `read`, `server`, `edited`, `deleted`.
    pub times: Vec<(String, TimeReading)>,
    /// A subject line.
    pub subject: Option<String>,
    /// The text, as the source has it; marks that only format are kept.
    pub text: Option<String>,
    /// What became of it.
    pub states: Vec<State>,
    /// Files sent with it.
    pub attachments: Vec<Attachment>,
    /// Things in it that are more than text.
    pub inside: Vec<Inside>,
    /// The message it answers.
    pub quoted: Option<Quoted>,
    /// Reactions to it.
    pub reactions: Vec<Reaction>,
    /// Earlier texts, where the source keeps them.
    pub versions: Vec<Version>,
    /// What the source says beyond this.
    pub extra: Extra,
}

/// Which way a message or call went, from the owner of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// The source does not say who its owner is.
    #[default]
    Unknown,
    /// To the owner.
    Incoming,
    /// From the owner.
    Outgoing,
    /// Written by the program itself: joined, left, number changed, encryption notice.
    System,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// Deleted by the one who sent it.
    DeletedBySender,
    /// Deleted by the owner of the source.
    DeletedByOwner,
    /// Deleted by the administrator of a group.
    DeletedByAdmin,
    /// Deleted; by whom is not said.
    Deleted,
    /// In the list of recently deleted.
    RecentlyDeleted,
    /// Edited.
    Edited,
    /// Marked edited, but the mark can come from a reaction too.
    EditedOrReacted,
    /// To be seen once.
    ViewOnce,
    /// Disappears after so many seconds.
    Disappearing(u64),
    /// Forwarded.
    Forwarded,
    /// Marked with a star.
    Starred,
    /// Written, not sent.
    Draft,
    /// Sending failed.
    Failed,
    /// Waiting to be sent.
    Pending,
    /// Reported to have been read.
    Read,
    /// Read doubtful: the line may be a pasted one, the sender may be part of the text …; why, in a word.
    Doubtful(String),
}

/// A file sent with a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// What sort.
    pub kind: MediaKind,
    /// Its name or path, as the source has it.
    pub name: Option<String>,
    /// Its media type, as the source has it.
    pub media_type: Option<String>,
    /// Its size, as the source has it.
    pub size_bytes: Option<u64>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// The text beside it, where it is separate from the message's.
    pub caption: Option<String>,
    /// The file in the tree, if it is there.
    pub file: Option<FileNumber>,
    /// Whether it is there.
    pub state: AttachmentState,
}

/// Whether an attachment's file is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AttachmentState {
    /// Named, and not looked for or not found in what was brought.
    #[default]
    NotFound,
    /// In the tree.
    Present,
    /// The export says that it left it out.
    LeftOut,
    /// The source says that it was never loaded, is too large, has expired.
    Unavailable,
}

/// What sort of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MediaKind {
    /// Not said.
    #[default]
    Unknown,
    /// A still picture.
    Picture,
    /// A video.
    Video,
    /// A sound file.
    Audio,
    /// A voice message.
    Voice,
    /// A moving picture without sound.
    Animation,
    /// A sticker.
    Sticker,
    /// A document or any other file.
    Document,
    /// A contact card.
    ContactCard,
}

/// Something in a message that is more than text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inside {
    /// A place that was shared.
    Location {
        /// Where, if the source gives numbers.
        point: Option<Point>,
        /// Name, address or link, as written.
        name: Option<String>,
        /// Shared live, as it moved.
        live: bool,
    },
    /// A contact that was shared.
    Contact {
        /// The name on the card.
        name: Option<String>,
        /// Numbers and addresses on it.
        numbers: Vec<String>,
    },
    /// A poll.
    Poll {
        /// The question.
        question: String,
        /// The choices.
        options: Vec<PollOption>,
    },
    /// A call that the chat tells of.
    Call {
        /// With picture.
        medium: super::CallMedium,
        /// How it ended.
        outcome: super::CallOutcome,
        /// How long, if told.
        duration_seconds: Option<u64>,
    },
    /// A link with a preview.
    Link {
        /// The address.
        url: String,
        /// The preview's title.
        title: Option<String>,
    },
    /// A change that the program itself tells of, in the source's own word or number.
    Change {
        /// The source's word or number for it.
        what: String,
        /// Whom it is about.
        about: Vec<Party>,
    },
}

/// A choice of a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollOption {
    /// The choice.
    pub text: String,
    /// How many chose it, if told.
    pub votes: Option<u64>,
}

/// The message that is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// Its identifier.
    pub id: Option<String>,
    /// Who wrote it.
    pub sender: Option<Party>,
    /// Its text as it was quoted.
    pub text: Option<String>,
}

/// A reaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    /// Who.
    pub by: Option<Party>,
    /// The sign.
    pub sign: String,
    /// When.
    pub at: Option<TimeReading>,
    /// How many, where the source only counts.
    pub count: u64,
}

/// An earlier text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// The text.
    pub text: Option<String>,
    /// When it was written.
    pub at: Option<TimeReading>,
}
