//! What other tables say about messages: attachments, reactions, mentions, earlier versions. Read into
//! compact lists before the messages, because the tables come behind them.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use model::record::Place;

use super::people::Address;
use super::row::{Row, columns};

/// The table a message is in: until 2022 there were two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Store {
    /// `message`, and `mms` before it.
    Message,
    /// `sms`.
    Sms,
}

/// A message by its table and row.
pub(super) type Key = (Store, i64);

/// Rows of another table, sorted by the message they belong to.
pub(super) struct Joined<T> {
    rows: Vec<Belonging<T>>,
}

/// A row of another table.
pub(super) struct Belonging<T> {
    key: Key,
    /// Where it lies in the stream.
    at: (u64, u32),
    /// The table's number.
    pub(super) table: u16,
    used: bool,
    /// What it says.
    pub(super) says: T,
}

impl<T> Belonging<T> {
    /// Its place.
    pub(super) fn place(&self) -> Place {
        Place::bytes(self.at.0, u64::from(self.at.1))
    }
}

impl<T> Default for Joined<T> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<T> Joined<T> {
    fn put(&mut self, key: Key, (place, table): (&Place, u16), says: T) {
        let at = match place {
            Place::Bytes { offset, length } => (*offset, u32::try_from(*length).unwrap_or(u32::MAX)),
            _ => (0, 0),
        };
        self.rows.push(Belonging { key, at, table, used: false, says });
    }

    fn sort(&mut self) {
        self.rows.sort_by_key(|row| (row.key, row.at.0));
    }

    /// The rows of a message; once, for what stands twice must not cost twice.
    pub(super) fn of(&mut self, key: Key) -> &[Belonging<T>] {
        let begin = self.rows.partition_point(|row| row.key < key);
        let end = self.rows.get(begin..).unwrap_or_default().partition_point(|row| row.key == key);
        let rows = self.rows.get_mut(begin..begin.saturating_add(end)).unwrap_or_default();
        if rows.first().is_some_and(|row| row.used) {
            return &[];
        }
        for row in rows.iter_mut() {
            row.used = true;
        }
        rows
    }

    /// The rows whose message never came, in the order of the stream.
    pub(super) fn unused(&mut self) -> Vec<&Belonging<T>> {
        let mut unused: Vec<&Belonging<T>> = self.rows.iter().filter(|row| !row.used).collect();
        unused.sort_by_key(|row| row.at.0);
        unused
    }
}

columns! {
    /// The columns of `attachment`, and of `part` before it.
    AttachmentColumns {
        id: "_id",
        unique: "unique_id",
        message: "message_id" | "mid",
        media_type: "content_type" | "ct",
        size: "data_size",
        file: "data_file" | "_data",
        name: "file_name" | "fn" | "name",
        caption: "caption",
        voice: "voice_note",
        gif: "video_gif",
        quote: "quote",
        pack: "sticker_pack_id",
        transfer: "transfer_state" | "pending_push",
    }
}

/// A row of `attachment`.
pub(super) struct AttachmentRow {
    pub(super) id: i64,
    pub(super) unique: Option<i64>,
    pub(super) size: Option<i64>,
    pub(super) media_type: Option<Rc<str>>,
    pub(super) name: Option<Box<str>>,
    pub(super) caption: Option<Box<str>>,
    pub(super) sort: Sort,
    pub(super) loaded: Loaded,
}

/// What sort of attachment, beyond its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Any file.
    File,
    /// Recorded and sent at once.
    Voice,
    /// A video that repeats without sound.
    Gif,
    /// A sticker.
    Sticker,
    /// A small picture of the message that is answered.
    OfQuote,
}

/// Whether the phone had the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loaded {
    /// It had, or does not say.
    Yes,
    /// It was not loaded, or loading failed.
    No,
}

columns! {
    /// The columns of `reaction`.
    ReactionColumns {
        message: "message_id",
        is_mms: "is_mms",
        author: "author_id",
        emoji: "emoji",
        sent: "date_sent",
    }
}

/// A row of `reaction`.
pub(super) struct ReactionRow {
    pub(super) author: Option<Address>,
    pub(super) emoji: Rc<str>,
    pub(super) sent: Option<i64>,
}

columns! {
    /// The columns of `mention`.
    MentionColumns {
        message: "message_id",
        recipient: "recipient_id",
        start: "range_start",
        length: "range_length",
    }
}

/// A row of `mention`.
pub(super) struct MentionRow {
    pub(super) recipient: Option<Address>,
    pub(super) start: i64,
    pub(super) length: i64,
}

/// An earlier version of a message.
pub(super) struct Earlier {
    /// Its row.
    pub(super) id: i64,
    /// Its text.
    pub(super) text: Option<Box<str>>,
    /// When it was sent.
    pub(super) sent: Option<i64>,
}

/// The earlier versions of a message, and whether the message itself was seen behind them.
#[derive(Default)]
struct Versions {
    newest_seen: bool,
    shown: bool,
    rows: Vec<Earlier>,
}

/// Everything that is joined.
#[derive(Default)]
pub(super) struct Joins {
    pub(super) attachments: Joined<AttachmentRow>,
    pub(super) reactions: Joined<ReactionRow>,
    pub(super) mentions: Joined<MentionRow>,
    versions: HashMap<i64, Versions>,
    versions_bytes: u64,
    words: HashSet<Rc<str>>,
}

impl Joins {
    /// A row of `attachment`.
    pub(super) fn attachment(&mut self, row: &Row<'_>, columns: &AttachmentColumns, at: (&Place, u16)) {
        let sort = match () {
            () if row.says(columns.quote) => Sort::OfQuote,
            () if row.text(columns.pack).is_some() => Sort::Sticker,
            () if row.says(columns.voice) => Sort::Voice,
            () if row.says(columns.gif) => Sort::Gif,
            () => Sort::File,
        };
        let there = columns.file.is_none() || row.text(columns.file).is_some();
        let says = AttachmentRow {
            id: row.integer(columns.id).unwrap_or_default(),
            unique: row.integer(columns.unique),
            size: row.integer(columns.size),
            media_type: row.text(columns.media_type).map(|text| self.word(&text)),
            name: row.text(columns.name).map(Into::into),
            caption: row.text(columns.caption).map(Into::into),
            sort,
            loaded: if !there && row.says(columns.transfer) { Loaded::No } else { Loaded::Yes },
        };
        let message = row.integer(columns.message).unwrap_or_default();
        self.attachments.put((Store::Message, message), at, says);
    }

    /// A row of `reaction`.
    pub(super) fn reaction(&mut self, row: &Row<'_>, columns: &ReactionColumns, at: (&Place, u16)) {
        let sms = columns.is_mms.is_some() && !row.says(columns.is_mms);
        let store = if sms { Store::Sms } else { Store::Message };
        let says = ReactionRow {
            author: Address::of(row, columns.author),
            emoji: self.word(&row.text(columns.emoji).unwrap_or_default()),
            sent: row.integer(columns.sent),
        };
        self.reactions.put((store, row.integer(columns.message).unwrap_or_default()), at, says);
    }

    /// A row of `mention`.
    pub(super) fn mention(&mut self, row: &Row<'_>, columns: &MentionColumns, at: (&Place, u16)) {
        let says = MentionRow {
            recipient: Address::of(row, columns.recipient),
            start: row.integer(columns.start).unwrap_or_default(),
            length: row.integer(columns.length).unwrap_or_default(),
        };
        let key = (Store::Message, row.integer(columns.message).unwrap_or_default());
        self.mentions.put(key, at, says);
    }

    /// An earlier version of the message in row `newest`; no more than `most_bytes` of text are kept of all.
    pub(super) fn version(&mut self, newest: i64, earlier: Earlier, most_bytes: u64) {
        let bytes = earlier.text.as_ref().map_or(0, |text| text.len() as u64).saturating_add(64);
        self.versions_bytes = self.versions_bytes.saturating_add(bytes);
        if self.versions_bytes <= most_bytes {
            self.versions.entry(newest).or_default().rows.push(earlier);
        }
    }

    /// A message that is no earlier version.
    pub(super) fn seen(&mut self, id: i64) {
        if let Some(versions) = self.versions.get_mut(&id) {
            versions.newest_seen = true;
        }
    }

    /// Everything has been seen: sorts it.
    pub(super) fn finish(&mut self) {
        self.attachments.sort();
        self.reactions.sort();
        self.mentions.sort();
        self.versions.retain(|_, versions| versions.newest_seen);
        self.versions.values_mut().for_each(|versions| versions.rows.sort_by_key(|earlier| earlier.id));
    }

    /// Whether this row will be shown as an earlier version of the message in row `newest`.
    pub(super) fn is_version(&self, newest: i64, id: i64) -> bool {
        let versions = self.versions.get(&newest);
        versions.is_some_and(|all| all.rows.binary_search_by_key(&id, |earlier| earlier.id).is_ok())
    }

    /// The earlier versions of a message, once.
    pub(super) fn versions(&mut self, id: i64) -> &[Earlier] {
        match self.versions.get_mut(&id) {
            Some(versions) if !versions.shown => {
                versions.shown = true;
                &versions.rows
            }
            _ => &[],
        }
    }

    /// A word that many rows share, kept once.
    fn word(&mut self, text: &str) -> Rc<str> {
        if let Some(word) = self.words.get(text) {
            return Rc::clone(word);
        }
        let word: Rc<str> = text.into();
        if self.words.len() < 4096 {
            self.words.insert(Rc::clone(&word));
        }
        word
    }
}
