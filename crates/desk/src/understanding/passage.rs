//! The passage around a hit: the marked place with about as much before and behind it as stands in a line.
//!
//! Cut at blanks where there is one near, never between a letter and its marks. The text is as the source
//! has it and may hold any character: show it escaped. Places that lie close together share a passage; those
//! that bring a term not shown yet come first.

use std::ops::Range;

/// Characters before and behind a hit.
const AROUND: usize = 60;
/// Most characters of a hit that are shown; of a longer one its beginning.
const LONGEST_HIT: usize = 200;
/// Most passages of one record.
const MOST_PASSAGES: usize = 3;

/// A marked place of a text: which text, which bytes of it, and which term of the query it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedPlace {
    /// The number of the text among those that are searched.
    pub part: usize,
    /// The bytes.
    pub place: Range<usize>,
    /// The term.
    pub term: usize,
}

/// A part of a text with hits in it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Passage {
    /// The number of the text among those that are searched.
    pub part: usize,
    /// The bytes of that text that are shown.
    pub bytes: Range<usize>,
    /// Whether the text begins before it.
    pub cut_before: bool,
    /// Whether the text goes on behind it.
    pub cut_behind: bool,
    /// The text in pieces.
    pub pieces: Vec<Piece>,
}

/// A piece of a passage.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was searched for.
    pub hit: bool,
}

/// The passages of a record; `texts` are those that are searched, in their order.
pub fn passages(texts: &[&str], marks: &[MarkedPlace]) -> Vec<Passage> {
    let mut groups: Vec<Group> = Vec::new();
    let mut marks: Vec<&MarkedPlace> = marks.iter().filter(|mark| fits(texts, mark)).collect();
    marks.sort_by_key(|mark| (mark.part, mark.place.start, mark.place.end));
    for mark in marks {
        let text = texts.get(mark.part).copied().unwrap_or_default();
        match groups.last_mut() {
            Some(group) if group.part == mark.part && mark.place.start < group.window.end => {
                group.add(text, mark);
            }
            _ => groups.push(Group::new(text, mark)),
        }
    }
    let mut chosen = choose(groups);
    chosen.sort_by_key(|group| (group.part, group.window.start));
    chosen.iter().map(|group| group.passage(texts.get(group.part).copied().unwrap_or_default())).collect()
}

fn fits(texts: &[&str], mark: &MarkedPlace) -> bool {
    let text = texts.get(mark.part).and_then(|text| text.get(mark.place.clone()));
    text.is_some_and(|text| !text.is_empty())
}

/// The first ones, but before them those with a term that no chosen one has.
fn choose(groups: Vec<Group>) -> Vec<Group> {
    let (mut chosen, mut others): (Vec<Group>, Vec<Group>) = (Vec::new(), Vec::new());
    for group in groups {
        let shown = |term: &usize| chosen.iter().any(|chosen| chosen.terms.contains(term));
        let is_new = !group.terms.iter().all(shown);
        if is_new { chosen.push(group) } else { others.push(group) }
    }
    chosen.extend(others);
    chosen.truncate(MOST_PASSAGES);
    chosen
}

/// Hits that share a passage.
struct Group {
    part: usize,
    window: Range<usize>,
    /// What is marked, in order, none within another.
    hits: Vec<Range<usize>>,
    terms: Vec<usize>,
}

impl Group {
    fn new(text: &str, mark: &MarkedPlace) -> Self {
        let mut group =
            Self { part: mark.part, window: mark.place.clone(), hits: Vec::new(), terms: Vec::new() };
        group.add(text, mark);
        group.window.start = backwards(text, mark.place.start);
        group
    }

    fn add(&mut self, text: &str, mark: &MarkedPlace) {
        let hit = mark.place.start..shortened(text, &mark.place);
        match self.hits.last_mut() {
            Some(last) if hit.start <= last.end => last.end = last.end.max(hit.end),
            _ => self.hits.push(hit.clone()),
        }
        if !self.terms.contains(&mark.term) {
            self.terms.push(mark.term);
        }
        // A hit that is itself cut shows nothing behind it.
        let end = if hit.end < mark.place.end { hit.end } else { forwards(text, hit.end) };
        self.window.end = if self.window == mark.place { end } else { self.window.end.max(end) };
    }

    fn passage(&self, text: &str) -> Passage {
        let mut pieces = Vec::new();
        let mut put = |bytes: Range<usize>, hit: bool| {
            if let Some(text) = text.get(bytes).filter(|text| !text.is_empty()) {
                pieces.push(Piece { text: text.to_owned(), hit });
            }
        };
        let mut from = self.window.start;
        for hit in &self.hits {
            put(from..hit.start, false);
            put(hit.clone(), true);
            from = hit.end;
        }
        put(from..self.window.end, false);
        Passage {
            part: self.part,
            bytes: self.window.clone(),
            cut_before: self.window.start > 0,
            cut_behind: self.window.end < text.len(),
            pieces,
        }
    }
}

/// The end of what is shown of a hit.
fn shortened(text: &str, hit: &Range<usize>) -> usize {
    let inside = text.get(hit.clone()).unwrap_or_default();
    match inside.char_indices().nth(LONGEST_HIT) {
        Some((at, _)) => whole_letters(text, hit.start.saturating_add(at)).min(hit.end),
        None => hit.end,
    }
}

/// Where a passage begins whose hit begins there.
fn backwards(text: &str, hit: usize) -> usize {
    let before = text.get(..hit).unwrap_or_default();
    let mut start = hit;
    let mut blank = None;
    for (count, (at, c)) in before.char_indices().rev().enumerate() {
        if count >= AROUND {
            // Behind the blank that is farthest, if there is one; otherwise in the middle of a long word.
            return blank.unwrap_or_else(|| whole_letters(text, start)).min(hit);
        }
        if c.is_whitespace() {
            blank = Some(start);
        }
        start = at;
    }
    0
}

/// Where a passage ends whose hit ends there.
fn forwards(text: &str, hit: usize) -> usize {
    let behind = text.get(hit..).unwrap_or_default();
    let mut blank = None;
    for (count, (at, c)) in behind.char_indices().enumerate() {
        let here = hit.saturating_add(at);
        if count >= AROUND {
            return blank.unwrap_or_else(|| whole_letters(text, here));
        }
        if c.is_whitespace() {
            blank = Some(here);
        }
    }
    text.len()
}

/// The place itself, or the one behind the marks that belong to the letter before it; at most a few, because
/// a text may be nothing but marks.
fn whole_letters(text: &str, at: usize) -> usize {
    const MOST_MARKS: usize = 16;
    let behind = text.get(at..).unwrap_or_default();
    let marks = behind.chars().take(MOST_MARKS).take_while(|c| joins(*c));
    at.saturating_add(marks.map(char::len_utf8).sum())
}

/// Whether a character is drawn with the one before it.
fn joins(c: char) -> bool {
    matches!(u32::from(c),
        0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5c7 | 0x610..=0x61a | 0x64b..=0x65f | 0x670
        | 0x6d6..=0x6dc | 0x6df..=0x6e4 | 0x900..=0x903 | 0x93a..=0x94f | 0x981..=0x983 | 0x9bc..=0x9cd
        | 0xe31 | 0xe34..=0xe3a | 0xe47..=0xe4e | 0xeb1 | 0xeb4..=0xebc | 0xec8..=0xece
        | 0x102b..=0x103e | 0x17b4..=0x17d3 | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x200d | 0x20d0..=0x20ff
        | 0x3099..=0x309a | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0x1f3fb..=0x1f3ff)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(texts: &[&str], part: usize, word: &str, term: usize) -> MarkedPlace {
        let at = texts[part].find(word).unwrap();
        MarkedPlace { part, place: at..at + word.len(), term }
    }

    fn drawn(passage: &Passage) -> String {
        let text: String = passage
            .pieces
            .iter()
            .map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect();
        let dots = |cut: bool| if cut { "…" } else { "" };
        format!("{}{text}{}", dots(passage.cut_before), dots(passage.cut_behind))
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        let texts = ["Wo bist du? Marderzaun"];
        let found = passages(&texts, &[mark(&texts, 0, "bist", 0), mark(&texts, 0, "Marder", 1)]);
        assert_eq!(found.iter().map(drawn).collect::<Vec<_>>(), ["Wo [bist] du? [Marder]zaun"]);
    }

    #[test]
    fn a_long_text_is_cut_at_words() {
        let text = format!("{}Pass {}", "lorem ipsum ".repeat(20), "dolor sit ".repeat(20));
        let texts = [text.as_str()];
        let found = passages(&texts, &[mark(&texts, 0, "Pass", 0)]);
        let shown = drawn(&found[0]);
        assert!(shown.starts_with("…lorem ipsum ") || shown.starts_with("…ipsum lorem "), "{shown}");
        assert!(shown.ends_with(" dolor…") || shown.ends_with(" sit…"), "{shown}");
        assert!(shown.contains(" [Pass] ") && shown.chars().count() <= 128, "{shown}");
    }

    #[test]
    fn a_text_without_blanks_is_cut_between_letters() {
        let text = format!("{}护照{}", "我".repeat(500), "吗".repeat(500));
        let texts = [text.as_str()];
        let found = passages(&texts, &[mark(&texts, 0, "护照", 0)]);
        assert_eq!(drawn(&found[0]).chars().count(), 60 + 2 + 60 + 2 + 2);
        // A mark never begins a passage, and never stands alone behind it.
        let thai = format!("{}จ่าย{}", "กี่".repeat(100), "กี่".repeat(100));
        let texts = [thai.as_str()];
        let found = passages(&texts, &[mark(&texts, 0, "จ่าย", 0)]);
        let first = found[0].pieces[0].text.chars().next().unwrap();
        assert!(!joins(first), "{first:?}");
        let behind = thai[found[0].bytes.end..].chars().next().unwrap();
        assert!(!joins(behind), "{behind:?}");
    }

    #[test]
    fn a_hit_of_a_million_letters_shows_its_beginning() {
        let text = "a".repeat(1 << 20);
        let texts = [text.as_str()];
        let found = passages(&texts, &[MarkedPlace { part: 0, place: 0..text.len(), term: 0 }]);
        assert_eq!(found[0].pieces, [Piece { text: "a".repeat(LONGEST_HIT), hit: true }]);
        assert!(found[0].cut_behind);
    }

    #[test]
    fn every_term_has_its_passage_before_any_has_a_second() {
        let text = format!("eins{0}eins{0}eins{0}eins{0}zwei", " füllt".repeat(40));
        let texts = [text.as_str()];
        let mut marks: Vec<MarkedPlace> =
            text.match_indices("eins").map(|(at, _)| MarkedPlace { part: 0, place: at..at + 4, term: 0 }).collect();
        marks.push(mark(&texts, 0, "zwei", 1));
        let found = passages(&texts, &marks);
        assert_eq!(found.len(), MOST_PASSAGES);
        assert!(drawn(&found[2]).ends_with("[zwei]"));
    }

    #[test]
    fn places_that_are_none_are_passed_over() {
        let texts = ["äöü"];
        let odd = [(0, 1..2), (0, 0..90), (7, 0..1), (0, 2..2)];
        let marks = odd.map(|(part, place)| MarkedPlace { part, place, term: 0 });
        assert_eq!(passages(&texts, &marks), []);
    }

    proptest! {
        #[test]
        fn any_text_and_marks(
            text in "[a-z ä我\u{301}\u{e48}\n]{0,400}",
            places in prop::collection::vec((0_usize..600, 0_usize..300, 0_usize..4), 0..8),
        ) {
            let marks: Vec<MarkedPlace> = places
                .into_iter()
                .map(|(from, length, term)| MarkedPlace { part: 0, place: from..from + length, term })
                .collect();
            for passage in passages(&[&text], &marks) {
                let whole: String = passage.pieces.iter().map(|piece| piece.text.as_str()).collect();
                prop_assert_eq!(&whole, &text[passage.bytes.clone()]);
                prop_assert!(passage.pieces.iter().any(|piece| piece.hit));
                prop_assert_eq!(passage.cut_before, passage.bytes.start > 0);
            }
        }
    }
}
