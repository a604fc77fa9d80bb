//! Hits: the record, what of the query was found in it by which rule, and where.
//!
//! Places are worked out when a hit is shown, from the record itself: the index keeps only shadow texts. In a
//! long text only the beginning is marked; the hit stands all the same.

use std::ops::Range;

use text::{
    Form, Leaf, Normalised, Origin, PhoneKey, Query, Rule, Sameness, Shape, Spelling, find_numbers,
    same_number,
};

use crate::row::{Line, RecordNumber};
use crate::schema::FIELD_END;
use crate::searched::{Field, searched};

/// Most marks of one hit.
const MOST_MARKS: usize = 100;
/// How much of one field is marked, in bytes.
const MOST_MARKED_BYTES: usize = 256 << 10;

/// Hits of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// The hits.
    pub hits: Vec<Hit>,
    /// Where the search goes on; there may be nothing there, and fewer hits than asked for before it. Nothing
    /// if everything was gone through.
    pub next: Option<RecordNumber>,
}

/// A record that fits a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The record.
    pub line: Line,
    /// Where something of the query stands in it, field by field.
    pub marks: Vec<Mark>,
}

/// A place in a record's field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which of the fields that [`searched`] gives.
    pub part: usize,
    /// What that field is.
    pub field: Field,
    /// The bytes of its text, as the source has it.
    pub place: Range<usize>,
    /// Which leaf of the query, in the order of [`Query::leaves`].
    pub leaf: usize,
    /// By which rule.
    pub rule: Rule,
    /// Whether it was found as typed or in another spelling.
    pub origin: Origin,
}

impl Hit {
    /// Which leaf was found by which rule in which spelling, each once.
    pub fn matched(&self) -> Vec<Matched> {
        let mut matched: Vec<Matched> = Vec::new();
        for mark in &self.marks {
            let one = Matched { leaf: mark.leaf, rule: mark.rule, origin: mark.origin };
            if !matched.contains(&one) {
                matched.push(one);
            }
        }
        matched
    }
}

/// What was found by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// Which leaf of the query, in the order of [`Query::leaves`].
    pub leaf: usize,
    /// By which rule.
    pub rule: Rule,
    /// Whether it was found as typed or in another spelling.
    pub origin: Origin,
}

/// A hit with its marks.
pub(crate) fn hit(line: Line, steps: &[String], query: &Query) -> Hit {
    let leaves = query.leaves();
    let mut marks = Vec::new();
    for (part, searched) in searched(&line.record, steps).iter().enumerate() {
        let normalised = Normalised::of(beginning(searched.text));
        for (number, leaf) in leaves.iter().enumerate() {
            for form in &leaf.forms {
                for shadow in places(&normalised.text, leaf, form) {
                    if marks.len() >= MOST_MARKS {
                        break;
                    }
                    let place = normalised.to_source(&shadow);
                    let (rule, origin) = (form.rule, form.origin);
                    marks.push(Mark { part, field: searched.field, place, leaf: number, rule, origin });
                }
            }
        }
    }
    Hit { line, marks }
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MOST_MARKED_BYTES);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or(text)
}

/// Whether a telephone number may be the one that is searched for. Where the query knew its country, a number
/// written internationally must be of that country.
pub(crate) fn means(leaf: &Leaf, wanted: &PhoneKey, there: &PhoneKey) -> bool {
    match same_number(there, wanted, None) {
        Sameness::Same => true,
        Sameness::Different => false,
        Sameness::Perhaps => {
            let knows_country = leaf.forms.iter().any(|form| form.text.starts_with("00"));
            !(knows_country && there.spelling() == Spelling::International)
                || leaf.forms.iter().any(|form| form.text == there.digits())
        }
    }
}

/// Whether both leaves stand in one and the same field: the word table, which knows no fields, finds words
/// near each other also across the end of one.
pub(crate) fn share_a_field(shadow: &str, left: &Leaf, right: &Leaf) -> bool {
    let stands = |field: &str, leaf: &Leaf| {
        leaf.forms.iter().any(|form| !words(field, &form.text, leaf.shape).is_empty())
    };
    shadow.split(FIELD_END).any(|field| stands(field, left) && stands(field, right))
}

/// Where a form stands in a shadow form.
fn places(shadow: &str, leaf: &Leaf, form: &Form) -> Vec<Range<usize>> {
    match (form.rule, &leaf.number) {
        (Rule::Number, Some(number)) => find_numbers(shadow)
            .into_iter()
            .filter(|(_, key)| means(leaf, number, key))
            .map(|(place, _)| place)
            .collect(),
        (Rule::Word, _) => words(shadow, &form.text, leaf.shape),
        _ => shadow
            .match_indices(&form.text)
            .take(MOST_MARKS)
            .map(|(at, found)| at..at.saturating_add(found.len()))
            .collect(),
    }
}

/// Where words follow each other as in the phrase; the last one may go on if it is a beginning.
fn words(shadow: &str, phrase: &str, shape: Shape) -> Vec<Range<usize>> {
    let wanted: Vec<&str> = tokens(phrase).into_iter().map(|(_, word)| word).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let there = tokens(shadow);
    let last = wanted.len().saturating_sub(1);
    let fits = |window: &[(Range<usize>, &str)]| {
        window.iter().zip(&wanted).enumerate().all(|(at, ((_, word), wanted))| {
            word == wanted || (at == last && shape == Shape::Prefix && word.starts_with(wanted))
        })
    };
    let found = there.windows(wanted.len()).filter(|window| fits(window));
    found.filter_map(|window| Some(window.first()?.0.start..window.last()?.0.end)).take(MOST_MARKS).collect()
}

/// The words of a shadow form with their places, about as the word table tells them apart.
fn tokens(shadow: &str) -> Vec<(Range<usize>, &str)> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in shadow.char_indices().chain([(shadow.len(), ' ')]) {
        match (start, is_of_word(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                tokens.push((from..at, shadow.get(from..at).unwrap_or_default()));
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// The standard library counts vowel signs as alphabetic, so Thai and Hindi words stay whole.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
}
