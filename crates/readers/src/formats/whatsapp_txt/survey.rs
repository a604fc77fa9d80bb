//! The first of two passes over an export: gathers what only the whole file can tell.
//!
//! Which forms of header are the file's own, in which order its dates are written, who its people are, whose
//! phone wrote it, how it is encoded. Memory does not grow with the number of messages.

use std::io::Read;

use model::record::ChatKind;

use super::author::{Names, split};
use super::body::Bodies;
use super::characters::begins_marked;
use super::media_names::{media_day, media_hour};
use super::order::{Decisions, Evidence};
use super::stamp::{Frame, Header, scan};
use super::stamp_words::Half;
use super::text::{Encoding, TextLines};
use super::words::{Meaning, Sentence, Words};

/// What the first pass found.
pub(super) struct Survey {
    pub(super) encoding: Encoding,
    pub(super) decisions: Decisions,
    pub(super) names: Names,
    /// Whether a sentence tells of a group.
    pub(super) is_group: bool,
    families: Families,
    unknown_words: Vec<UnknownWord>,
    /// Lines that are not of the encoding.
    pub(super) damaged_lines: u64,
}

/// A word beside the time that is not in the table.
struct UnknownWord {
    bytes: Vec<u8>,
    /// It stands beside hours over 12 too: so it says nothing about the half of the day.
    beside_late_hours: bool,
    /// How often the name of a media file says morning, and afternoon.
    morning: u64,
    afternoon: u64,
}

/// So many names are enough to tell a group.
const MOST_PEOPLE: usize = 4096;
/// Most unknown words that are kept.
const MOST_WORDS: usize = 16;

impl Survey {
    /// Reads a text to its end; an error ends it early, and the second pass says so.
    pub(super) fn take<R: Read>(mut lines: TextLines<R>, encoding: Encoding, bodies: &Bodies<'_>) -> Self {
        let mut taking = Taking {
            evidence: Evidence::default(),
            survey: Self {
                encoding,
                decisions: Evidence::default().decide(),
                names: Names::default(),
                is_group: false,
                families: Families::default(),
                unknown_words: Vec::new(),
                damaged_lines: 0,
            },
            number: 0,
            valid: 0,
            bodies,
            words: Words::get(),
        };
        while let Ok(Some(line)) = lines.next_line() {
            taking.line(&line.bytes);
        }
        let mut survey = taking.survey;
        survey.decisions = taking.evidence.decide();
        // More lines speak for the other encoding than for UTF-8.
        if encoding == Encoding::Utf8 && survey.damaged_lines > taking.valid {
            survey.encoding = Encoding::Windows1252;
        }
        survey
    }

    /// Whether a header is of a form that stands in this file only here and there: then it may be pasted
    /// text.
    pub(super) fn is_foreign(&self, header: &Header) -> bool {
        self.families.is_foreign(header.family())
    }

    /// The half of the day that a header means; unknown if the word beside its time is.
    pub(super) fn half(&self, header: &Header, line: &[u8]) -> Half {
        if header.half != Half::Unknown {
            return header.half;
        }
        let word = header.unknown_word(line);
        let known = self.unknown_words.iter().find(|known| known.bytes == word);
        match known.map(|known| (known.beside_late_hours, known.morning, known.afternoon)) {
            Some((true, ..)) => Half::Whole,
            _ if !(1..=12).contains(&header.clock.0) => Half::Whole,
            Some((_, morning, 0)) if morning > 0 => Half::Morning,
            Some((_, 0, afternoon)) if afternoon > 0 => Half::Afternoon,
            _ => Half::Unknown,
        }
    }

    /// What sort of chat it is; `name` is the one of the file.
    pub(super) fn kind(&self, name: Option<&str>) -> ChatKind {
        let is_one = |name: &str| self.names.people().any(|person| person.shown() == name);
        let words = Words::get();
        let mut people: u64 = 0;
        let mut often: u64 = 0;
        let mut is_group = self.is_group;
        for name in self.names.people().take(MOST_PEOPLE) {
            let sentence = name.sentence(words);
            is_group |= sentence == Some(Sentence::Group);
            let own = self.families.own_lines(&name.by_family);
            // A name that stands there once may come from pasted text.
            people = people.saturating_add(u64::from(own > 0 && sentence.is_none()));
            often = often.saturating_add(u64::from(own > 1));
        }
        if is_group || people > 3 || often > 2 {
            ChatKind::Group
        } else if name.is_some_and(is_one) {
            ChatKind::Direct
        } else {
            ChatKind::Unknown
        }
    }
}

struct Taking<'t, 'b> {
    evidence: Evidence,
    survey: Survey,
    /// Of the next header.
    number: u64,
    /// Lines with characters beyond ASCII that are valid UTF-8.
    valid: u64,
    bodies: &'t Bodies<'b>,
    words: &'static Words,
}

impl Taking<'_, '_> {
    fn line(&mut self, line: &[u8]) {
        let text = std::str::from_utf8(line);
        match text {
            Ok(_) => self.valid = self.valid.saturating_add(u64::from(!line.is_ascii())),
            // An end in the middle of a character is a cut, not another encoding.
            Err(error) if error.error_len().is_none() => {}
            Err(_) => self.survey.damaged_lines = self.survey.damaged_lines.saturating_add(1),
        }
        let Some(header) = scan(line) else { return };
        let number = self.number;
        self.number = number.saturating_add(1);
        let family = self.survey.families.note(header.family());
        let rest = line.get(header.rest..).unwrap_or_default();
        self.evidence.note(number, &header, || media_day(rest.get(..rest.len().min(400))?));
        if header.half == Half::Unknown {
            self.unknown_word(&header, line, media_hour(rest, header.clock.1));
        }
        let text = text.ok().and_then(|text| text.get(header.rest..)).unwrap_or_default();
        self.author((&header, family), rest, text);
    }

    fn unknown_word(&mut self, header: &Header, line: &[u8], hour: Option<u8>) {
        let word = header.unknown_word(line);
        let late = !(1..=12).contains(&header.clock.0);
        let words = &mut self.survey.unknown_words;
        let at = words.iter().position(|known| known.bytes == word).unwrap_or(words.len());
        if at == words.len() && at < MOST_WORDS {
            let bytes = word.to_owned();
            words.push(UnknownWord { bytes, beside_late_hours: late, morning: 0, afternoon: 0 });
        }
        let Some(known) = words.get_mut(at) else { return };
        known.beside_late_hours |= late;
        if let Some(hour) = hour.filter(|hour| hour % 12 == header.clock.0 % 12) {
            let count = if hour < 12 { &mut known.morning } else { &mut known.afternoon };
            *count = count.saturating_add(1);
        }
    }

    fn author(&mut self, (header, family): (&Header, usize), rest: &[u8], text: &str) {
        let Some(split) = split(rest) else {
            if !self.survey.is_group {
                self.survey.is_group = self.words.sentence(text) == Some(Sentence::Group);
            }
            return;
        };
        let marked = begins_marked(split.text);
        let text = text.get(rest.len().saturating_sub(split.text.len())..).unwrap_or_default();
        let by_app = marked
            && !self.bodies.is_sent(text)
            && (header.frame == Frame::Bracket || self.words.sentence(text).is_some());
        let own_deletion = self.words.meaning(text) == Some(Meaning::DeletedOwn);
        // Some exports have lost their marks: then the notice of encryption stands first.
        let first_notice = self.number == 1
            && !marked
            && header.frame == Frame::Bracket
            && self.words.sentence(text).is_some();
        let Some(name) = self.survey.names.entry(split.name) else { return };
        if by_app || first_notice {
            // A few sentences are enough to know that it is not a person.
            if name.by_app < 64 && (name.known == 0 || !self.survey.is_group) {
                let sentence = self.words.sentence(text);
                name.known = name.known.saturating_add(u64::from(sentence.is_some()));
                self.survey.is_group |= sentence == Some(Sentence::Group);
            }
            name.by_app = name.by_app.saturating_add(1);
        } else {
            name.own = name.own.saturating_add(1);
            let last = name.by_family.len().saturating_sub(1);
            if let Some(count) = name.by_family.get_mut(family.min(last)) {
                *count = count.saturating_add(1);
            }
        }
        if own_deletion {
            let count = if marked { &mut name.deleted.0 } else { &mut name.deleted.1 };
            *count = count.saturating_add(1);
        }
    }
}

/// Most families that are counted.
const MOST_FAMILIES: usize = 256;

/// How often each family of headers occurs, and in how many stretches.
#[derive(Default)]
struct Families {
    list: Vec<(u16, u64, u64)>,
    last: u16,
}

impl Families {
    /// Counts a header; which family of the list it is.
    fn note(&mut self, family: u16) -> usize {
        let again = self.last == family && !self.list.is_empty();
        self.last = family;
        let at = self.list.iter().position(|(known, ..)| *known == family);
        let at = at.unwrap_or(self.list.len());
        if at == self.list.len() && at < MOST_FAMILIES {
            self.list.push((family, 0, 0));
        }
        if let Some((_, count, stretches)) = self.list.get_mut(at) {
            *count = count.saturating_add(1);
            *stretches = stretches.saturating_add(u64::from(!again));
        }
        at
    }

    /// The lines of a name that are not in headers of a foreign form.
    fn own_lines(&self, by_family: &[u32]) -> u32 {
        let families = self.list.iter().map(|(family, ..)| self.is_foreign(*family));
        let own = by_family.iter().zip(families.chain(std::iter::repeat(false)));
        own.filter(|(_, foreign)| !foreign).fold(0, |sum, (count, _)| sum.saturating_add(*count))
    }

    fn is_foreign(&self, family: u16) -> bool {
        let most = self.list.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
        let Some((_, count, stretches)) = self.list.iter().find(|(known, ..)| *known == family) else {
            return false;
        };
        let few = *count <= 2 && most > 3;
        let scattered = count.saturating_mul(5) < most && *count < stretches.saturating_mul(3);
        few || scattered
    }
}
