//! What stands in a message beside its text: files, places, polls, calls, contacts, and what became of it.
//!
//! The text itself is never changed. Recognised by the words of `words.tsv`, and where there is a sign that
//! needs no language, by that: the names WhatsApp gives to media files, coordinates in links, a file of that
//! name beside the chat. Deliberately opens no file: a card or a picture is read by its own reader.

use std::cell::OnceCell;
use std::collections::HashMap;

use memchr::memmem::Finder;
use model::record::{
    Attachment, AttachmentState, CallMedium, CallOutcome, FileNumber, Inside, MediaKind, Message, Point,
    PollOption, State,
};
use source::tree::Tree;

use super::characters::{at, begins_marked, digit, trim};
use super::words::{Meaning, Words};

/// Reads what stands in messages.
pub(super) struct Bodies<'t> {
    words: &'static Words,
    tree: &'t Tree,
    chat: FileNumber,
    by_name: OnceCell<HashMap<&'t str, FileNumber>>,
    link: Finder<'static>,
}

impl<'t> Bodies<'t> {
    /// For the chat in this file of the tree.
    pub(super) fn new(tree: &'t Tree, chat: FileNumber) -> Self {
        let link = Finder::new("https://");
        Self { words: Words::get(), tree, chat, by_name: OnceCell::new(), link }
    }

    /// Adds to a message what its text says.
    pub(super) fn read(&self, text: &str, message: &mut Message) {
        let (first, more) = text.split_once('\n').map_or((text, None), |(first, more)| (first, Some(more)));
        match self.words.meaning(first) {
            Some(Meaning::LeftOut(kind)) if kind != MediaKind::Unknown || first.contains('<') => {
                let caption = more.map(str::to_owned);
                let state = AttachmentState::LeftOut;
                message.attachments.push(Attachment { kind, caption, state, ..Attachment::default() });
                return;
            }
            Some(Meaning::Poll) => return self.poll(more.unwrap_or_default(), message),
            Some(meaning) if more.is_none() && whole(meaning, message) => return,
            _ => {}
        }
        self.file(first, more, message);
        if text.ends_with('>') {
            self.edited(text, message);
        }
        if more.is_some() && message.attachments.is_empty() && looks_like_poll(first, text) {
            self.poll(more.unwrap_or_default(), message);
        }
        if let Some(at) = self.link.find(text.as_bytes()) {
            place(text, at, message);
        }
        if more.is_none() && message.attachments.is_empty() && first.len() < 160 {
            self.call(first, message);
            if trim(first) == "null" {
                message.states.push(State::ViewOnce);
                message.states.push(State::Doubtful("a typed null looks the same".to_owned()));
            } else if self.words.deleted_by_admin(first) {
                message.states.push(State::DeletedByAdmin);
            }
        }
    }

    /// Whether a marked text is something that a person sent or did.
    pub(super) fn is_sent(&self, text: &str) -> bool {
        let mut message = Message::default();
        self.read(text, &mut message);
        !message.attachments.is_empty() || !message.inside.is_empty() || !message.states.is_empty()
    }

    /// A file that the first line names.
    fn file(&self, first: &str, more: Option<&str>, message: &mut Message) {
        let line = trim(first);
        let found = if line.ends_with('>') {
            self.file_in_brackets(line)
        } else if line.ends_with(')') {
            self.file_before_words(line)
        } else {
            None
        };
        let Some((name, before)) = found else {
            return self.document_left_out(line, more, message);
        };
        let file = self.find(name);
        let state = if file.is_some() { AttachmentState::Present } else { AttachmentState::NotFound };
        let kind = kind_of(name);
        if kind == MediaKind::ContactCard {
            let name = card_name(name);
            message.inside.push(Inside::Contact { name, numbers: Vec::new() });
        }
        if !before.is_empty() {
            message.extra.push(("document".to_owned(), before.to_owned()));
        }
        let caption = more.map(str::to_owned);
        let name = Some(name.to_owned());
        message.attachments.push(Attachment { kind, name, caption, file, state, ..Attachment::default() });
    }

    /// `document.pdf • 2 pages <attached: 00000012-document.pdf>`: the file's name, and what stands before.
    fn file_in_brackets<'l>(&self, line: &'l str) -> Option<(&'l str, &'l str)> {
        let at = line.rfind('<')?;
        let inner = line.get(at.checked_add(1)?..line.len().checked_sub(1)?)?;
        let (word, name) = inner.split_once([':', '：'])?;
        let name = trim(name);
        let known = self.words.meaning(word) == Some(Meaning::Attached)
            || is_numbered(name)
            || self.find(name).is_some();
        (known && !name.is_empty()).then(|| (name, trim(line.get(..at).unwrap_or_default())))
    }

    /// `IMG-20240315-WA0001.jpg (file attached)`.
    fn file_before_words<'l>(&self, line: &'l str) -> Option<(&'l str, &'l str)> {
        let at = line.rfind(" (")?;
        let name = trim(line.get(..at)?);
        let words = line.get(at.checked_add(2)?..line.len().checked_sub(1)?)?;
        let known = self.words.meaning(words) == Some(Meaning::FileAttached)
            || (name.contains('.') && !name.contains(' ') && (is_stamped(name) || self.find(name).is_some()));
        (known && !name.is_empty()).then_some((name, ""))
    }

    /// `document.pdf • 2 pages document omitted`.
    fn document_left_out(&self, line: &str, more: Option<&str>, message: &mut Message) {
        let Some(at) = self.words.document_left_out(line) else { return };
        let before = trim(line.get(..at).unwrap_or_default());
        let name = before.split(" • ").next().map(trim).filter(|name| name.contains('.') || before != *name);
        let Some(name) = name.filter(|name| !name.is_empty()) else { return };
        message.attachments.push(Attachment {
            kind: MediaKind::Document,
            name: Some(name.to_owned()),
            caption: more.map(str::to_owned),
            state: AttachmentState::LeftOut,
            ..Attachment::default()
        });
    }

    fn edited(&self, text: &str, message: &mut Message) {
        let inner = text.rfind('<').and_then(|at| text.get(at..));
        if inner.is_some_and(|inner| self.words.meaning(inner) == Some(Meaning::Edited)) {
            message.states.push(State::Edited);
        }
    }

    /// `Video call, 5 min`, `Voice call. No answer`.
    fn call(&self, line: &str, message: &mut Message) {
        let Some((head, tail)) = line.split_once([',', '.', '，', '、']) else { return };
        let (medium, missed) = match self.words.meaning(head) {
            Some(Meaning::Voice) => (CallMedium::Voice, false),
            Some(Meaning::Video) => (CallMedium::Video, false),
            Some(Meaning::MissedVoice) => (CallMedium::Voice, true),
            Some(Meaning::MissedVideo) => (CallMedium::Video, true),
            _ => return,
        };
        let duration_seconds = duration(tail);
        let no_answer = self.words.meaning(tail) == Some(Meaning::NoAnswer);
        // Without the mark of WhatsApp a sentence that begins so may be somebody's own.
        if !missed && duration_seconds.is_none() && !no_answer && !begins_marked(line.as_bytes()) {
            return;
        }
        let outcome = match (missed, no_answer, duration_seconds) {
            (true, ..) => CallOutcome::Missed,
            (_, true, _) => CallOutcome::NotAnswered,
            (_, _, Some(_)) => CallOutcome::Answered,
            _ => CallOutcome::Unknown,
        };
        message.inside.push(Inside::Call { medium, outcome, duration_seconds });
    }

    /// The lines after `POLL:`.
    fn poll(&self, lines: &str, message: &mut Message) {
        let mut question: Vec<&str> = Vec::new();
        let mut options = Vec::new();
        for line in lines.lines().take(10_000) {
            let option = trim(line).split_once(':').filter(|(word, rest)| {
                self.words.meaning(word) == Some(Meaning::PollOption)
                    || (begins_marked(line.as_bytes()) && rest.ends_with(')'))
            });
            match option {
                Some((_, option)) => options.push(poll_option(trim(option))),
                None if options.is_empty() => question.push(trim(line)),
                None => {}
            }
        }
        if !question.is_empty() || !options.is_empty() {
            message.inside.push(Inside::Poll { question: question.join("\n"), options });
        }
    }

    /// The file of this name beside the chat or below its folder.
    fn find(&self, name: &str) -> Option<FileNumber> {
        if name.is_empty() || name.contains('/') {
            return None;
        }
        if let Some(found) = self.tree.sibling(self.chat, name) {
            return Some(found);
        }
        let by_name = self.by_name.get_or_init(|| {
            let files = self.tree.around(self.chat).filter(|(number, _)| *number != self.chat);
            let mut by_name = HashMap::new();
            for (number, entry) in files {
                by_name.entry(entry.name()).or_insert(number);
            }
            by_name
        });
        by_name.get(name).copied()
    }
}

/// A phrase that is the whole text; says whether it was one.
fn whole(meaning: Meaning, message: &mut Message) -> bool {
    let call = |medium, outcome| Inside::Call { medium, outcome, duration_seconds: None };
    match meaning {
        Meaning::Deleted => message.states.push(State::DeletedBySender),
        Meaning::DeletedOwn => message.states.push(State::DeletedByOwner),
        Meaning::MissedVoice => message.inside.push(call(CallMedium::Voice, CallOutcome::Missed)),
        Meaning::MissedVideo => message.inside.push(call(CallMedium::Video, CallOutcome::Missed)),
        Meaning::Live => message.inside.push(Inside::Location { point: None, name: None, live: true }),
        Meaning::ViewOnce => message.states.push(State::ViewOnce),
        Meaning::Waiting => message.states.push(State::Pending),
        Meaning::Voice | Meaning::Video
            if message.text.as_deref().is_none_or(|text| begins_marked(text.as_bytes())) =>
        {
            let medium = if meaning == Meaning::Voice { CallMedium::Voice } else { CallMedium::Video };
            message.inside.push(call(medium, CallOutcome::Unknown));
        }
        _ => return false,
    }
    true
}

/// `Option A (2 votes)`.
fn poll_option(text: &str) -> PollOption {
    let votes = text.rsplit_once('(').and_then(|(before, votes)| {
        let votes = votes.strip_suffix(')')?;
        let number = votes
            .chars()
            .filter_map(digit)
            .try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit)))?;
        votes.chars().any(|character| digit(character).is_some()).then_some((trim(before), number))
    });
    match votes {
        Some((text, votes)) => PollOption { text: text.to_owned(), votes: Some(votes) },
        None => PollOption { text: text.to_owned(), votes: None },
    }
}

/// A poll in a language whose words are not known: a heading, a question, and marked lines with numbers.
fn looks_like_poll(first: &str, text: &str) -> bool {
    let heading = trim(first);
    let options = || {
        text.lines().skip(2).filter(|line| begins_marked(line.as_bytes()) && line.trim_end().ends_with(')'))
    };
    heading.ends_with([':', '：'])
        && begins_marked(first.as_bytes())
        && heading.len() < 60
        && options().count() > 1
}

/// Adds a place, if a link to a map stands here.
fn place(text: &str, at: usize, message: &mut Message) {
    let link = text.get(at..).unwrap_or_default();
    let link = link.split(char::is_whitespace).next().unwrap_or_default();
    let before = trim(text.get(..at).unwrap_or_default());
    let host = link.get("https://".len()..).unwrap_or_default();
    if ["maps.google.", "www.google.com/maps", "maps.apple.com/"].iter().any(|map| host.starts_with(map)) {
        let point = ["?q=", "&q=", "?ll=", "&ll="].iter().find_map(|key| {
            let (_, value) = link.split_once(key)?;
            point(value)
        });
        if point.is_some() {
            let name = before.contains('\n').then(|| trim(before.trim_end_matches(':')).to_owned());
            message.inside.push(Inside::Location { point, name, live: false });
        }
    } else if host.starts_with("foursquare.com/v/") || host.starts_with("www.foursquare.com/v/") {
        let name = Some(trim(before.trim_end_matches(':')).to_owned()).filter(|name| !name.is_empty());
        message.inside.push(Inside::Location { point: None, name, live: false });
    }
}

fn point(value: &str) -> Option<Point> {
    let (latitude, rest) = value.split_once(',')?;
    let end = rest
        .find(|character: char| !character.is_ascii_digit() && !matches!(character, '-' | '.'))
        .unwrap_or(rest.len());
    Point::new(latitude.parse().ok()?, rest.get(..end)?.parse().ok()?)
}

/// The name of a file that an iPhone sent: eight digits and a dash before its own name.
fn is_numbered(name: &str) -> bool {
    let (digits, rest) = name.as_bytes().split_at_checked(8).unwrap_or_default();
    digits.iter().all(u8::is_ascii_digit) && rest.first() == Some(&b'-')
}

/// The name that Android gives to media: kind, date and a number.
fn is_stamped(name: &str) -> bool {
    let mut parts = name.split('-');
    let (kind, date, number) = (parts.next(), parts.next(), parts.next());
    kind.is_some_and(|kind| kind.len() == 3 && kind.bytes().all(|byte| byte.is_ascii_uppercase()))
        && date.is_some_and(|date| date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()))
        && number.is_some_and(|number| number.starts_with("WA"))
}

fn kind_of(name: &str) -> MediaKind {
    let own = if is_numbered(name) { name.get(9..).unwrap_or(name) } else { name };
    let word = own.split('-').next().unwrap_or_default();
    match word {
        "PHOTO" | "IMG" if own.contains('-') => return MediaKind::Picture,
        "VIDEO" | "VID" if own.contains('-') => return MediaKind::Video,
        "AUDIO" | "AUD" if own.contains('-') => return MediaKind::Audio,
        "PTT" if own.contains('-') => return MediaKind::Voice,
        "GIF" if own.contains('-') => return MediaKind::Animation,
        "STICKER" | "STK" if own.contains('-') => return MediaKind::Sticker,
        _ => {}
    }
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    match end.as_str() {
        "vcf" => MediaKind::ContactCard,
        "jpg" | "jpeg" | "png" | "heic" => MediaKind::Picture,
        "mp4" | "mov" | "3gp" => MediaKind::Video,
        "opus" | "mp3" | "m4a" | "aac" | "amr" | "ogg" => MediaKind::Audio,
        "webp" => MediaKind::Sticker,
        "gif" => MediaKind::Animation,
        _ => MediaKind::Document,
    }
}

/// The name on a card, from the name of its file.
fn card_name(file: &str) -> Option<String> {
    let own = if is_numbered(file) { file.get(9..)? } else { file };
    own.rsplit_once('.').map(|(stem, _)| stem.to_owned()).filter(|stem| !stem.is_empty())
}

/// Seconds of a unit whose word begins so, in the order in which they are asked.
const UNITS: [(u64, &[&str]); 4] = [
    (1, &["mp", "más", "san", "sn", "sec", "sek", "seg", "сек", "秒", "초", "วิ", "giâ", "detik", "ثا", "सेक"]),
    (
        3600,
        &[
            "std",
            "h",
            "ч",
            "год",
            "sa",
            "jam",
            "giờ",
            "ชม",
            "ชั่ว",
            "小时",
            "小時",
            "時",
            "시간",
            "ساع",
            "घं",
            "ór",
            "godz",
            "tun",
            "u",
            "or",
        ],
    ),
    (60, &["m", "мин", "хв", "d", "分", "분", "นาที", "ph", "دق", "मि", "p"]),
    (1, &["s", "с"]),
];

/// Seconds of a text such as `1 hr 5 min`; none if a word is not known.
fn duration(text: &str) -> Option<u64> {
    let mut sum: Option<u64> = None;
    let mut number: Option<u64> = None;
    let mut place = 0;
    while let Some((character, length)) = at(text.as_bytes(), place) {
        if let Some(value) = digit(character) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(value))?);
            place = place.saturating_add(length);
        } else if character.is_alphabetic() {
            let rest = text.get(place..)?;
            let end = rest.find(|c: char| {
                !c.is_alphabetic() && !matches!(c, '\u{e30}'..='\u{e4e}' | '\u{900}'..='\u{963}')
            });
            let word = rest.get(..end.unwrap_or(rest.len()))?;
            let small = word.to_lowercase();
            let starts = |words: &[&str]| words.iter().any(|start| small.starts_with(start));
            let (unit, _) = UNITS.iter().find(|(_, words)| starts(words))?;
            sum = Some(sum.unwrap_or(0).checked_add(number.take()?.checked_mul(*unit)?)?);
            place = place.saturating_add(word.len());
        } else {
            place = place.saturating_add(length);
        }
    }
    sum.filter(|_| number.is_none())
}
