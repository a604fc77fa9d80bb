//! The one shadow form in which texts and queries meet: written differently, searched alike.
//!
//! NFKC (UAX #15), full case folding, accents and unwritten vowels off, Arabic letter forms united, digits of
//! every script to ASCII, invisible characters off, every run of spaces and control characters one space,
//! typographic quotes and dashes to ASCII. What counts as what stands in `letters.rs`. Case folding is lower,
//! upper, lower of the standard library, which gives ß → ss, ς → σ, ſ → s; and as the dot of İ goes with the
//! marks and ı is in the table, all four i of Turkish meet. The form is idempotent.
//!
//! It is for finding only, never for showing: what is shown is the original, and [`Normalised`] says where
//! in it a hit lies. It deliberately does not stem, drop words or correct spelling.

use std::iter::once;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::letters::{is_invisible, is_left_out, makes_a_letter, plain};
use crate::offsets::{OffsetMap, Trace};

/// Characters below this are worked out once and kept in a table: everything up to the Japanese syllables.
const IN_TABLE: char = '\u{3100}';

/// The shadow form of a text.
pub fn normalise(text: &str) -> String {
    let mut shadow = String::new();
    normalise_into(text, &mut shadow);
    shadow
}

/// The shadow form of a text, in place of what the string held. For many texts: the memory is used again.
pub fn normalise_into(text: &str, shadow: &mut String) {
    shadow.clear();
    shadow.reserve(text.len());
    run(text, shadow, &mut ());
}

/// A shadow form that knows where its parts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalised {
    /// The shadow form.
    pub text: String,
    /// Where it lies in the original.
    pub map: OffsetMap,
}

impl Normalised {
    /// The shadow form of a text, with its places.
    pub fn of(text: &str) -> Self {
        let mut normalised = Self::default();
        normalised.text.reserve(text.len());
        run(text, &mut normalised.text, &mut normalised.map);
        normalised
    }

    /// The bytes of the original behind a range of the shadow form; see [`OffsetMap::to_source`].
    pub fn to_source(&self, shadow: &Range<usize>) -> Range<usize> {
        self.map.to_source(shadow)
    }
}

fn run<T: Trace>(text: &str, shadow: &mut String, trace: &mut T) {
    if text.is_ascii() {
        return push_ascii(text, shadow, trace);
    }
    let mut segment = Segment::default();
    let mut rest = text;
    while !rest.is_empty() {
        let ascii = ascii_alone(rest);
        if ascii > 0 {
            let (run, after) = rest.split_at(ascii);
            push_ascii(run, shadow, trace);
            rest = after;
            continue;
        }
        let end = segment_end(rest);
        let (letter, after) = rest.split_at(end);
        let before = shadow.len();
        segment.push_to(letter, shadow);
        trace.other(letter.len(), shadow.len().saturating_sub(before));
        rest = after;
    }
}

/// How many bytes of ASCII there are in front whose last takes no mark from what follows.
fn ascii_alone(text: &str) -> usize {
    let run = text.bytes().position(|byte| !byte.is_ascii()).unwrap_or(text.len());
    match text.get(run..).and_then(|after| after.chars().next()) {
        Some(next) if !begins(next) => run.saturating_sub(1),
        _ => run,
    }
}

/// ASCII needs lower case and single spaces only.
fn push_ascii<T: Trace>(mut run: &str, shadow: &mut String, trace: &mut T) {
    let from = shadow.len();
    while !run.is_empty() {
        let mut after_space = shadow.ends_with(' ');
        let regular = run.bytes().position(|byte| {
            let space = byte == b' ';
            let odd = byte < b' ' || byte == 0x7f || (space && after_space);
            after_space = space;
            odd
        });
        let (regular, after) = run.split_at(regular.unwrap_or(run.len()));
        shadow.push_str(regular);
        trace.same(regular.len());
        run = after;
        if let Some(odd) = run.get(..1) {
            // A control character or a space after a space.
            let before = shadow.len();
            push(' ', shadow);
            trace.other(odd.len(), shadow.len().saturating_sub(before));
            run = run.get(1..).unwrap_or_default();
        }
    }
    if let Some(new) = shadow.get_mut(from..) {
        new.make_ascii_lowercase();
    }
}

fn push(c: char, shadow: &mut String) {
    if c != ' ' || !shadow.ends_with(' ') {
        shadow.push(c);
    }
}

/// The end of the first character with everything that may join it.
fn segment_end(text: &str) -> usize {
    let mut chars = text.char_indices();
    chars.next();
    chars.find(|(_, c)| begins(*c)).map_or(text.len(), |(at, _)| at)
}

/// Whether nothing before this character can join it or change with it.
fn begins(c: char) -> bool {
    c.is_ascii() || known(c).map_or_else(|| begins_by_rule(c), |known| known.begins)
}

fn begins_by_rule(c: char) -> bool {
    let mut first = None;
    decompose_compatible(c, |part| first = first.or(Some(part)));
    let first = first.unwrap_or(c);
    !is_invisible(c)
        && !is_invisible(first)
        && !is_left_out(first)
        && canonical_combining_class(first) == 0
        && is_nfc_quick(once(first)) == IsNormalized::Yes
}

/// What is known of a character without taking it apart.
#[derive(Clone, Copy)]
struct Known {
    /// See [`begins`].
    begins: bool,
    /// The one character that stands for this one when nothing joins it; nothing when it needs the long way.
    alone: Option<char>,
}

fn known(c: char) -> Option<Known> {
    static TABLE: LazyLock<Vec<Known>> = LazyLock::new(|| ('\0'..IN_TABLE).map(by_rule).collect());
    match c {
        // Unified ideographs, syllables of Korean and emoji stand for themselves.
        '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{1f300}'..='\u{1faff}' => {
            Some(Known { begins: true, alone: Some(c) })
        }
        _ => TABLE.get(usize::try_from(u32::from(c)).ok()?).copied(),
    }
}

fn by_rule(c: char) -> Known {
    let begins = begins_by_rule(c);
    let mut segment = Segment::default();
    segment.add(c);
    let mut joined = segment.made.iter().copied().nfc();
    let first = joined.next();
    Known { begins, alone: first.filter(|_| begins && joined.next().is_none()) }
}

/// The work on one character and what joins it. Kept, so that its memory is used again.
#[derive(Default)]
struct Segment {
    made: Vec<char>,
    /// The last letter, and whether it has already got the mark that makes it another letter.
    base: Option<char>,
}

impl Segment {
    fn push_to(&mut self, source: &str, shadow: &mut String) {
        let mut chars = source.chars();
        let alone = chars.next().filter(|_| chars.next().is_none());
        if let Some(one) = alone.and_then(known).and_then(|known| known.alone) {
            return push(one, shadow);
        }
        self.made.clear();
        self.base = None;
        source.chars().for_each(|c| self.add(c));
        match self.made.as_slice() {
            [one] => push(*one, shadow),
            made if is_nfc_quick(made.iter().copied()) == IsNormalized::Yes => {
                for c in made {
                    push(*c, shadow);
                }
            }
            made => made.iter().copied().nfc().for_each(|c| push(c, shadow)),
        }
    }

    fn add(&mut self, c: char) {
        match c {
            _ if is_invisible(c) => {}
            // Typed as an apostrophe; decomposed it would be a space.
            '\u{b4}' | '\u{1ffd}' => self.made.push('\''),
            _ => decompose_compatible(c, |part| self.part(part)),
        }
    }

    fn part(&mut self, part: char) {
        if is_left_out(part) {
            if self.base.is_some_and(|base| makes_a_letter(base, part)) {
                self.base = None;
                self.made.push(part);
            }
            return;
        }
        if is_invisible(part) {
            return;
        }
        for lower in part.to_lowercase() {
            for upper in lower.to_uppercase() {
                upper.to_lowercase().for_each(|folded| self.folded(folded));
            }
        }
    }

    fn folded(&mut self, folded: char) {
        if is_left_out(folded) {
            return;
        }
        let (first, second) = plain(folded);
        for letter in once(first).chain(second) {
            self.made.push(letter);
            self.base = Some(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What must hold of any text.
    fn holds(text: &str) {
        let shadow = normalise(text);
        assert_eq!(normalise(&shadow), shadow, "not idempotent: {text:?}");
        let traced = Normalised::of(text);
        assert_eq!(traced.text, shadow);
        let mut end = 0;
        for (at, c) in shadow.char_indices() {
            let source = traced.to_source(&(at..at + c.len_utf8()));
            assert!(text.get(source.clone()).is_some(), "{source:?} cuts a character of {text:?}");
            assert!(source.start < source.end && source.end >= end, "backwards in {text:?}");
            end = source.end;
        }
    }

    #[test]
    fn languages_as_people_write_them() {
        let lines = include_str!("../fixtures/normalise.tsv").lines();
        for line in lines.filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(normalise(columns[1]), columns[2], "{line}");
            holds(columns[1]);
        }
    }

    #[test]
    fn every_character_there_is() {
        for c in '\0'..=char::MAX {
            holds(c.encode_utf8(&mut [0; 4]));
        }
    }

    #[test]
    fn the_short_way_is_the_long_way() {
        for (c, known) in ('\0'..=char::MAX).filter_map(|c| Some((c, known(c)?))) {
            let long = by_rule(c);
            assert_eq!((known.begins, known.alone), (long.begins, long.alone), "{c:?}");
        }
    }

    #[test]
    fn every_character_between_others() {
        for c in '\0'..=char::MAX {
            for (before, after) in [("a", "\u{301}"), ("и", "\u{306}"), (" ", " "), ("ᄀ", "ᆨ"), ("क", "़")]
            {
                let text = format!("{before}{c}{after}");
                let shadow = normalise(&text);
                assert_eq!(normalise(&shadow), shadow, "not idempotent: {text:?}");
            }
        }
    }

    #[test]
    fn marks_through_invisible_characters() {
        assert_eq!(normalise("мо\u{438}\u{200d}\u{306}"), "мой");
        assert_eq!(normalise("и\u{306}\u{306}\u{301}"), "й");
        assert_eq!(normalise("и\u{301}\u{306}"), "й");
    }

    #[test]
    fn ten_thousand_marks_are_nothing() {
        let zalgo = format!("a{}b", "\u{336}\u{489}".repeat(5_000));
        assert_eq!(normalise(&zalgo), "ab");
        assert_eq!(Normalised::of(&zalgo).to_source(&(1..2)), zalgo.len() - 1..zalgo.len());
        let thai = format!("ก{}", "\u{e49}".repeat(10_000));
        assert_eq!(normalise(&thai), thai);
    }

    #[test]
    fn a_long_line() {
        for unit in ["x", "ä", " ", "\u{200d}", "한", "a\u{301}", "Ж"] {
            let line = unit.repeat(1 << 20);
            let shadow = normalise(&line);
            assert!(shadow.len() <= line.len());
            assert_eq!(normalise(&shadow), shadow);
        }
    }

    #[test]
    fn a_hit_is_shown_in_the_original() {
        let text = "Wo ist die STRAẞE\u{2026} nach\u{a0}Köln?";
        let found = Normalised::of(text);
        let at = found.text.find("strasse").unwrap();
        assert_eq!(&text[found.to_source(&(at..at + 7))], "STRAẞE");
        let at = found.text.find("koln").unwrap();
        assert_eq!(&text[found.to_source(&(at..at + 4))], "Köln");
    }

    proptest! {
        #[test]
        fn any_text(text in any::<String>()) {
            holds(&text);
        }

        #[test]
        fn letters_and_marks(text in "[a-zA-ZäÄßİıиіугкИ\u{300}-\u{345}\u{483}-\u{489}\u{200b}-\u{200f} \u{a0}\t\u{e31}\u{93c}\u{9c7}\u{9be}ㄱ-ㅣ가각\u{1100}-\u{11ff}ءأىی\u{640}-\u{656}½…´]{0,24}") {
            holds(&text);
        }
    }
}
