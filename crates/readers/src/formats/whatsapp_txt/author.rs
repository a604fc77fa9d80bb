//! Who a line is from: the name before `: `, and whether that is a person at all.
//!
//! WhatsApp writes its own lines without a name (Android) or under the name of the chat (iPhone); such a line
//! may hold `: ` itself, as in a group's subject, and must not make a person out of half a sentence. So all
//! names are counted first. Deliberately no merging of names: each stands as it is written.

use std::collections::HashMap;

use model::record::Party;

use super::characters::{at, begins_marked, blank_start, is_mark, is_space, trim, without_marks};
use super::stamp::Frame;
use super::words::{Sentence, Words};

/// Names are at most so long; WhatsApp allows 100 characters for a group's subject.
const LONGEST_NAME: usize = 512;

/// The rest of a line in two parts.
#[derive(Clone, Copy)]
pub(super) struct Split<'l> {
    /// What stands before the first `: `.
    pub(super) name: &'l [u8],
    /// What stands after it.
    pub(super) text: &'l [u8],
}

/// Splits what follows a header; none if there is no name.
pub(super) fn split(rest: &[u8]) -> Option<Split<'_>> {
    let head = rest.get(..rest.len().min(LONGEST_NAME))?;
    memchr::memchr_iter(b':', head).find_map(|colon| {
        let after = colon.checked_add(1)?;
        let text = match rest.get(after) {
            None => after,
            Some(b' ') => after.checked_add(1)?,
            Some(_) => return None,
        };
        Some(Split { name: rest.get(..colon)?, text: rest.get(text..)? })
            .filter(|split| !split.name.is_empty())
    })
}

/// The names of a file and how often they stand before a line.
#[derive(Default)]
pub(super) struct Names {
    list: Vec<Name>,
    index: HashMap<Box<[u8]>, usize>,
    recent: [usize; 2],
    bytes: usize,
}

/// A name.
pub(super) struct Name {
    bytes: Box<[u8]>,
    /// Lines that a person wrote.
    pub(super) own: u64,
    /// Lines under it that WhatsApp marked as its own.
    pub(super) by_app: u64,
    /// Those of them that are known sentences of WhatsApp's; counted up to a few.
    pub(super) known: u64,
    /// Lines that a person wrote, by the first families of headers; the last stands for all others.
    pub(super) by_family: [u32; 4],
    /// Lines that say that the phone's owner deleted a message, marked as WhatsApp's and not.
    pub(super) deleted: (u64, u64),
}

/// Of so many bytes of names on, further ones are not counted; what is not counted is taken for a person.
const MOST_BYTES: usize = 16 << 20;

impl Names {
    /// The entry of a name, made if there is none; none if there are too many.
    pub(super) fn entry(&mut self, name: &[u8]) -> Option<&mut Name> {
        let at =
            self.recent.into_iter().find(|at| self.list.get(*at).is_some_and(|known| *known.bytes == *name));
        let at = match at.or_else(|| self.index.get(name).copied()) {
            Some(at) => at,
            None if self.bytes >= MOST_BYTES => return None,
            None => {
                self.bytes = self.bytes.saturating_add(name.len()).saturating_add(64);
                self.list.push(Name {
                    bytes: name.into(),
                    own: 0,
                    by_app: 0,
                    known: 0,
                    by_family: [0; 4],
                    deleted: (0, 0),
                });
                let at = self.list.len().saturating_sub(1);
                self.index.insert(name.into(), at);
                at
            }
        };
        if self.recent[0] != at {
            self.recent = [at, self.recent[0]];
        }
        self.list.get_mut(at)
    }

    /// What is known of a name.
    pub(super) fn get(&self, name: &[u8]) -> Option<&Name> {
        /// So many are compared faster than looked up.
        const FEW: usize = 8;
        if self.list.len() <= FEW {
            return self.list.iter().find(|known| *known.bytes == *name);
        }
        self.index.get(name).and_then(|at| self.list.get(*at))
    }

    /// The names of those who wrote lines of their own.
    pub(super) fn people(&self) -> impl Iterator<Item = &Name> {
        self.list.iter().filter(|name| name.own > 0)
    }

    /// The name under which WhatsApp alone writes: the group's.
    pub(super) fn of_chat(&self) -> Option<String> {
        let mut silent = self.list.iter().filter(|name| name.own == 0 && name.known > 0);
        let first = silent.next()?;
        silent.next().is_none().then(|| first.shown())
    }

    /// The name of the phone's owner, if the file tells it: only they read `You deleted this message`.
    pub(super) fn owner(&self) -> Option<String> {
        let mut told = self.list.iter().filter(|name| name.deleted != (0, 0));
        let first = told.next()?;
        let sure = first.deleted.0 > 0 || first.deleted.1 > 1;
        (sure && told.next().is_none()).then(|| first.shown())
    }
}

impl Name {
    /// Whether it is no name but the beginning of a sentence of WhatsApp's, and of which sort.
    pub(super) fn sentence(&self, words: &Words) -> Option<Sentence> {
        let found = (self.own == 1).then(|| String::from_utf8_lossy(&self.bytes))?;
        words.sentence(&found).or(has_open_quote(&found).then_some(Sentence::Notice))
    }

    /// As it is shown.
    pub(super) fn shown(&self) -> String {
        shown(&self.bytes)
    }
}

/// A name as it is shown: without marks.
pub(super) fn shown(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(text) if text.is_ascii() => text.trim().to_owned(),
        Ok(text) => without_marks(trim(text)),
        Err(_) => without_marks(trim(&String::from_utf8_lossy(name))),
    }
}

/// What is made of a line's beginning.
pub(super) enum Author<'l> {
    /// A person wrote it.
    Person(Split<'l>),
    /// WhatsApp wrote it, perhaps under a name.
    App(Option<Split<'l>>),
    /// Not to be told: the part before `: ` may be a name or part of a sentence.
    Unclear,
}

/// Who wrote the rest of a line.
pub(super) fn author<'l>(rest: &'l [u8], frame: Frame, names: &Names, words: &Words) -> Author<'l> {
    let Some(split) = split(rest) else { return Author::App(None) };
    let known = names.get(split.name);
    let own = known.map_or(2, |name| name.own);
    if own == 0 && known.is_some_and(|name| name.known > 0) {
        return Author::App(Some(split));
    }
    if own != 1 {
        return Author::Person(split);
    }
    let name = String::from_utf8_lossy(split.name);
    if has_open_quote(&name) || words.sentence(&name).is_some() {
        return Author::App(None);
    }
    if begins_marked(rest) && frame == Frame::Dash && phone(split.name).is_none() {
        return Author::Unclear;
    }
    if name.split_whitespace().count() > 5 && name.chars().count() > 36 {
        return Author::Unclear;
    }
    Author::Person(split)
}

/// Whether a quotation begins in a text and does not end in it.
fn has_open_quote(text: &str) -> bool {
    let count = |signs: &[char]| text.chars().filter(|character| signs.contains(character)).count();
    let straight = count(&['"', '„', '“', '”', '«', '»', '「', '」', '『', '』']);
    straight % 2 == 1
}

/// A name as the party of a record: a phone number is an identifier.
pub(super) fn party(name: &[u8]) -> Party {
    match phone(name) {
        Some(number) => Party::with_id(number),
        None => Party::named(shown(name)),
    }
}

/// A phone number without marks, if that is what a name is.
fn phone(name: &[u8]) -> Option<String> {
    let mut digits = 0;
    let mut number = String::new();
    let mut place = blank_start(name);
    while let Some((character, length)) = at(name, place) {
        place = place.saturating_add(length);
        match character {
            '0'..='9' => {
                digits += 1;
                number.push(character);
            }
            '+' if number.is_empty() => number.push('+'),
            '(' | ')' | '-' | '.' | '/' | '\u{2010}'..='\u{2013}' => number.push(character),
            _ if is_space(character) => number.push(' '),
            _ if is_mark(character) => {}
            _ => return None,
        }
    }
    // A name of a few digits is a name.
    ((6..=18).contains(&digits) && place >= name.len()).then(|| number.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_at_the_first_colon_with_a_space() {
        let split = split("Anna: um 10:30: ja".as_bytes()).unwrap();
        assert_eq!((split.name, split.text), (&b"Anna"[..], &b"um 10:30: ja"[..]));
        assert!(super::split(b"no name here, 10:30").is_none());
        assert!(super::split(b": x").is_none());
        assert_eq!(super::split(b"Anna:").unwrap().text, b"");
    }

    #[test]
    fn numbers_are_identifiers() {
        let number = "\u{202a}+49\u{a0}171\u{a0}3920001\u{202c}";
        assert_eq!(party(number.as_bytes()), Party::with_id("+49 171 3920001"));
        assert_eq!(party("\u{200e}Anna".as_bytes()), Party::named("Anna"));
        assert_eq!(party(b"007"), Party::named("007"));
    }

    #[test]
    fn half_a_sentence_is_no_person() {
        let words = Words::get();
        let mut names = Names::default();
        let rest = "Anna hat den Gruppennamen von „Haus: 1. Stock“ zu „Haus: 2. Stock“ geändert.";
        names.entry(split(rest.as_bytes()).unwrap().name).unwrap().own += 1;
        assert!(matches!(author(rest.as_bytes(), Frame::Dash, &names, words), Author::App(None)));
        let rest = "Anna: Hallo";
        names.entry(b"Anna").unwrap().own += 1;
        assert!(matches!(author(rest.as_bytes(), Frame::Dash, &names, words), Author::Person(_)));
    }
}
