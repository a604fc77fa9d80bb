//! What WhatsApp itself writes into an export, in many languages: one table, `words.tsv`.
//!
//! Kind, language and phrase a line. From exports (whats_json, timelinize, chat-analytics, public reports of
//! users); rarer languages only as far as their words are public. Phrases are compared without marks, without
//! `<…>` around them and without the full stop at their end. Deliberately no grammar and no guessing: what is
//! not in the table keeps its raw text.

use std::collections::HashMap;
use std::sync::OnceLock;

use model::record::MediaKind;

use super::characters::trim;

/// What a phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A file was left out of the export.
    LeftOut(MediaKind),
    /// Deleted, by whom is not said.
    Deleted,
    /// Deleted by the owner of the phone.
    DeletedOwn,
    MissedVoice,
    MissedVideo,
    Voice,
    Video,
    NoAnswer,
    /// A live location.
    Live,
    Poll,
    PollOption,
    Edited,
    ViewOnce,
    Waiting,
    /// Stands before the name of a file: `<attached: …>`.
    Attached,
    /// Stands after the name of a file: `… (file attached)`.
    FileAttached,
}

/// What a sentence is about that WhatsApp wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sentence {
    /// Encryption, numbers, blocking.
    Notice,
    /// A group: so the chat is one.
    Group,
}

const TABLE: &str = include_str!("words.tsv");

/// The table, ready for look-ups.
pub(super) struct Words {
    phrases: HashMap<String, Meaning>,
    /// One bit for what a phrase's length and first bytes may be: most texts are none, and are told so fast.
    sieve: Box<[u64; SIEVE_WORDS]>,
    /// One bit for the last bytes of a phrase about a document, which may follow the document's name.
    tails: Box<[u64; SIEVE_WORDS]>,
    documents: Vec<String>,
    sentences: Vec<(Sentence, &'static str)>,
    admin: Vec<&'static str>,
    file_names: Vec<&'static str>,
    longest: usize,
}

const SIEVE_WORDS: usize = 1024;

impl Words {
    /// The table; made once.
    pub(super) fn get() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(Self::make)
    }

    fn make() -> Self {
        let mut words = Self {
            phrases: HashMap::new(),
            sieve: Box::new([0; SIEVE_WORDS]),
            tails: Box::new([0; SIEVE_WORDS]),
            documents: Vec::new(),
            sentences: Vec::new(),
            admin: Vec::new(),
            file_names: Vec::new(),
            longest: 0,
        };
        for line in TABLE.lines() {
            let mut columns = line.split('\t');
            if let (Some(kind), Some(_), Some(phrase)) = (columns.next(), columns.next(), columns.next()) {
                words.add(kind, phrase);
            }
        }
        // The longest first, so that a shorter one does not hide it.
        words.file_names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        words
    }

    fn add(&mut self, kind: &str, phrase: &'static str) {
        match kind {
            "notice" => return self.sentences.push((Sentence::Notice, phrase)),
            "group" => return self.sentences.push((Sentence::Group, phrase)),
            "deleted-admin" => return self.admin.push(phrase),
            "file-name" => return self.file_names.push(phrase),
            _ => {}
        }
        let Some(meaning) = meaning(kind) else { return };
        set(&mut self.sieve, sieve_key(phrase.as_bytes()));
        let phrase = phrase.to_lowercase();
        if kind == "document" {
            set(&mut self.tails, tail_key(phrase.as_bytes()));
            self.documents.push(phrase.clone());
            self.documents.push(capital(&phrase));
        }
        for begin in [phrase.clone(), capital(&phrase)] {
            set(&mut self.sieve, sieve_key(begin.as_bytes()));
        }
        self.longest = self.longest.max(phrase.len().saturating_add(8));
        self.phrases.entry(phrase).or_insert(meaning);
    }

    /// What a whole text means; marks, `<…>` and a full stop around the phrase do not count.
    pub(super) fn meaning(&self, text: &str) -> Option<Meaning> {
        if text.len() > self.longest.saturating_add(16) {
            return None;
        }
        let bare = bare(text);
        if bare.len() > self.longest || !has(&self.sieve, sieve_key(bare.as_bytes())) {
            return None;
        }
        self.phrases.get(&bare.to_lowercase()).copied()
    }

    /// Where the words begin, if a text ends with the words that say that a document was left out.
    pub(super) fn document_left_out(&self, text: &str) -> Option<usize> {
        let text = text.trim_end_matches(['.', ' ']);
        if !has(&self.tails, tail_key(text.as_bytes())) || text.len() > 1024 {
            return None;
        }
        let found = self.documents.iter().filter_map(|words| {
            let at = text.len().checked_sub(words.len())?;
            (text.get(at..)? == words).then_some(at)
        });
        found.min()
    }

    /// Whether a text says that an administrator deleted the message.
    pub(super) fn deleted_by_admin(&self, text: &str) -> bool {
        self.admin.iter().any(|words| trim(text).starts_with(words))
    }

    /// What a sentence is about, if it is one of WhatsApp's.
    pub(super) fn sentence(&self, text: &str) -> Option<Sentence> {
        let found = self
            .sentences
            .iter()
            .find(|(_, words)| memchr::memmem::find(text.as_bytes(), words.as_bytes()).is_some());
        found.map(|(sentence, _)| *sentence)
    }

    /// What follows the words that the name of an export begins with.
    pub(super) fn chat_name<'n>(&self, file_name: &'n str) -> Option<&'n str> {
        self.file_names.iter().find_map(|words| {
            let mut rest = file_name;
            for wanted in words.chars() {
                let found = rest.chars().next()?;
                let same = found == wanted || (found == '_' && !wanted.is_alphanumeric());
                rest = rest.get(found.len_utf8()..).filter(|_| same)?;
            }
            Some(rest.trim_start_matches([' ', '_', '-']))
        })
    }
}

/// A text without what may stand around a phrase.
pub(super) fn bare(text: &str) -> &str {
    let text = trim(text);
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).map_or(text, trim);
    inner.trim_end_matches(['.', '。', '।', '۔', ':', '：'])
}

fn meaning(kind: &str) -> Option<Meaning> {
    Some(match kind {
        "media" => Meaning::LeftOut(MediaKind::Unknown),
        "picture" => Meaning::LeftOut(MediaKind::Picture),
        "video" => Meaning::LeftOut(MediaKind::Video),
        "audio" => Meaning::LeftOut(MediaKind::Audio),
        "animation" => Meaning::LeftOut(MediaKind::Animation),
        "sticker" => Meaning::LeftOut(MediaKind::Sticker),
        "contact" => Meaning::LeftOut(MediaKind::ContactCard),
        "document" => Meaning::LeftOut(MediaKind::Document),
        "deleted" => Meaning::Deleted,
        "deleted-own" => Meaning::DeletedOwn,
        "missed-voice" => Meaning::MissedVoice,
        "missed-video" => Meaning::MissedVideo,
        "voice-call" => Meaning::Voice,
        "video-call" => Meaning::Video,
        "no-answer" => Meaning::NoAnswer,
        "live" => Meaning::Live,
        "poll" => Meaning::Poll,
        "option" => Meaning::PollOption,
        "edited" => Meaning::Edited,
        "view-once" => Meaning::ViewOnce,
        "waiting" => Meaning::Waiting,
        "attached" => Meaning::Attached,
        "file-attached" => Meaning::FileAttached,
        _ => return None,
    })
}

fn capital(phrase: &str) -> String {
    let mut characters = phrase.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Length and first bytes; letters of ASCII in small.
fn sieve_key(phrase: &[u8]) -> usize {
    let byte = |at: usize| usize::from(phrase.get(at).map_or(0, |byte| byte | 0x20));
    let bytes = byte(0).wrapping_mul(31).wrapping_add(byte(1)).wrapping_mul(37).wrapping_add(byte(3));
    bytes.wrapping_add(phrase.len().wrapping_mul(0x9e37))
}

fn tail_key(phrase: &[u8]) -> usize {
    let byte = |back: usize| {
        let at = phrase.len().checked_sub(back);
        usize::from(at.and_then(|at| phrase.get(at)).map_or(0, |byte| byte | 0x20))
    };
    byte(1)
        .wrapping_mul(31)
        .wrapping_add(byte(2))
        .wrapping_mul(37)
        .wrapping_add(byte(4))
        .wrapping_mul(29)
        .wrapping_add(byte(5))
}

fn place(key: usize) -> (usize, u64) {
    let key = key & 0xffff;
    (key >> 6, 1 << (key & 63))
}

fn set(sieve: &mut [u64; SIEVE_WORDS], key: usize) {
    let (word, bit) = place(key);
    if let Some(word) = sieve.get_mut(word) {
        *word |= bit;
    }
}

fn has(sieve: &[u64; SIEVE_WORDS], key: usize) -> bool {
    let (word, bit) = place(key);
    sieve.get(word).is_some_and(|word| word & bit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        for line in TABLE.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 3, "{line}");
            let known = matches!(columns[0], "notice" | "group" | "deleted-admin" | "file-name");
            assert!(known || meaning(columns[0]).is_some(), "{line}");
            assert_eq!(trim(columns[2]), columns[2], "{line}");
        }
    }

    #[test]
    fn every_phrase_is_found_as_exports_write_it() {
        let words = Words::get();
        for line in TABLE.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let Some(expected) = meaning(columns[0]) else { continue };
            for text in
                [columns[2].to_owned(), format!("\u{200e}{}.", columns[2]), format!("<{}>", columns[2])]
            {
                let found = words.meaning(&text);
                // A few phrases mean two things in two languages; the first in the table holds.
                assert!(found.is_some(), "{text}");
                assert!(found == Some(expected) || doubled(columns[2]), "{text}: {found:?}");
            }
        }
    }

    fn doubled(phrase: &str) -> bool {
        let same = |line: &&str| {
            line.split('\t').nth(2).is_some_and(|other| other.to_lowercase() == phrase.to_lowercase())
        };
        TABLE.lines().filter(same).count() > 1
    }

    #[test]
    fn ordinary_texts_are_no_phrases() {
        let words = Words::get();
        for text in ["", "Hallo", "Bild", "<b>", "Du hast diese Nachricht gelöscht, warum?", "…", "\u{200e}"]
        {
            assert_eq!(words.meaning(text), None, "{text}");
        }
        let text = "a.pdf • \u{200e}2 Seiten \u{200e}Dokument weggelassen";
        assert_eq!(words.document_left_out(text), text.find("Dokument"));
        assert_eq!(words.document_left_out("a.pdf"), None);
    }

    #[test]
    fn names_of_exports() {
        let words = Words::get();
        assert_eq!(words.chat_name("WhatsApp Chat mit Haus: 2. Stock"), Some("Haus: 2. Stock"));
        assert_eq!(words.chat_name("WhatsApp_Chat_-_Anna_K"), Some("Anna_K"));
        assert_eq!(words.chat_name("Чат WhatsApp с контактом Анна"), Some("Анна"));
        assert_eq!(words.chat_name("_chat"), None);
    }
}
