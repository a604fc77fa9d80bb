//! Hints: passages that may point to a tactic, by rules in `rules/tactics`, each with its reason.
//!
//! Rules are lines for ways of saying something (`expression.rs`), one file a language; what a tactic is,
//! how else such a passage can be meant and what evidence goes with it stands in `taxonomy.toml`. A text is
//! taken apart once; only lines that a word of it sets off are looked at. Which language a text is in is not
//! guessed as a whole, because people mix them: a language takes part if its small words are among those of
//! the text, or if what fits is longer than two words. Deliberately nothing learned and no figure: a line
//! fits or it does not, and the line is named.

mod compile;
mod expression;
mod languages;
mod matcher;
mod rules;
mod taxonomy;
mod tokens;
mod vocabulary;
mod wake;

use std::ops::Range;

use text::Normalised;

use compile::{Compiled, Language, Line};
use matcher::{Matcher, Span};
use rules::Negation;
use tokens::{Sort, tokens};
use vocabulary::{Atom, LONGEST_RUN};
use wake::Wakes;

pub use compile::RulesError;
pub use expression::ExpressionError;
pub use languages::{
    LanguageQuality, LanguageState, Quality, SetQuality, engine, fingerprint, passed, quality, tags,
};
pub use rules::{HintRule, LanguageRules};
pub use taxonomy::{Entry, EntryWords, TAXONOMY, Tactic, TacticWords, Taxonomy};

/// Words of a text that are looked at together.
const TOGETHER: usize = 160;
/// Words that are looked at twice where a long text is cut.
const OVERLAP: usize = 24;
/// How much of one text is looked at, in bytes.
pub const LONGEST_TEXT_BYTES: usize = 256 << 10;
/// A passage of so many words fits in any language.
const LONG_PASSAGE: usize = 3;

/// A passage that may point to a tactic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark<'e> {
    /// The tactic, of the taxonomy.
    pub code: &'e str,
    /// The language of the rule.
    pub language: &'e str,
    /// The line that fits.
    pub line: &'e str,
    /// The bytes of the text.
    pub place: Range<usize>,
}

/// The rules of several languages, ready to be used.
pub struct Engine {
    compiled: Compiled,
    /// For which languages a word is one of the small ones: a bit each.
    common: Vec<u32>,
    wakes: Wakes,
}

impl Engine {
    /// Makes rules ready; at most 32 languages.
    pub fn new<'r>(languages: impl IntoIterator<Item = &'r LanguageRules>) -> Result<Self, RulesError> {
        let mut compiled = Compiled::default();
        for rules in languages.into_iter().take(32) {
            compiled.add(rules)?;
        }
        let atoms = compiled.vocabulary.len();
        let mut common = vec![0; atoms];
        for (number, language) in compiled.languages.iter().enumerate() {
            for atom in &language.common {
                if let Some(bits) = common.get_mut(*atom as usize) {
                    *bits |= 1_u32.checked_shl(u32::try_from(number).unwrap_or(32)).unwrap_or(0);
                }
            }
        }
        let lines = (0..).zip(&compiled.languages).flat_map(|(language, rules)| {
            (0..).zip(&rules.lines).map(move |(number, line)| (line.node, (language, number)))
        });
        let is_common = |atom: Atom| common.get(atom as usize).is_some_and(|languages| *languages != 0);
        let wakes = Wakes::new(atoms, &compiled.nodes, lines, is_common);
        Ok(Self { compiled, common, wakes })
    }

    /// Something that finds marks; keeps its memory from text to text.
    pub fn finder(&self) -> Finder<'_> {
        let matcher = Matcher::new(self.compiled.vocabulary.len(), self.compiled.nodes.len());
        let (present, atoms, runs) = (Vec::new(), Vec::new(), Vec::new());
        let (shadow, scratch, lines) = (String::new(), String::new(), Vec::new());
        let home = vec![0; self.compiled.languages.len()];
        let tokens = Vec::new();
        let mapped = None;
        Finder { engine: self, matcher, present, atoms, runs, shadow, scratch, lines, home, tokens, mapped }
    }
}

/// Finds marks in texts.
pub struct Finder<'e> {
    engine: &'e Engine,
    matcher: Matcher,
    present: Vec<Atom>,
    atoms: Vec<Atom>,
    runs: Vec<(Atom, usize)>,
    shadow: String,
    scratch: String,
    /// Where each line of the text begins: in the text and in the shadow text.
    lines: Vec<(usize, usize)>,
    home: Vec<u32>,
    tokens: Vec<tokens::Token>,
    /// A line of the text with the places of its shadow form.
    mapped: Option<(usize, Normalised)>,
}

/// A passage in words of the text.
struct Passage {
    language: usize,
    line: usize,
    span: Span,
}

impl<'e> Finder<'e> {
    /// The marks of a text, in the order of their places; of one tactic in one language the longest passage
    /// of a stretch of text.
    pub fn find(&mut self, text: &str, marks: &mut Vec<Mark<'e>>) {
        marks.clear();
        let text = beginning(text, LONGEST_TEXT_BYTES);
        self.take_apart(text);
        let all = std::mem::take(&mut self.tokens);
        let mut from = 0;
        while from < all.len() {
            let until = all.len().min(from.saturating_add(TOGETHER));
            self.stretch(text, all.get(from..until).unwrap_or_default(), marks);
            if until == all.len() {
                break;
            }
            from = until.saturating_sub(OVERLAP);
        }
        self.tokens = all;
        marks.sort_by(|a, b| (a.place.start, a.code, a.language).cmp(&(b.place.start, b.code, b.language)));
        marks.dedup_by(|b, a| a.code == b.code && a.language == b.language && b.place.start < a.place.end);
    }

    /// Brings a text into shadow form, line by line, so that the end of a line ends a sentence.
    fn take_apart(&mut self, text: &str) {
        self.shadow.clear();
        self.lines.clear();
        self.tokens.clear();
        self.mapped = None;
        let (mut at, mut sentence) = (0_usize, 0);
        for line in text.split('\n') {
            let before = self.shadow.len();
            self.lines.push((at, before));
            text::normalise_into(line, &mut self.scratch);
            let first = self.tokens.len();
            sentence = tokens(&self.scratch, sentence, &mut self.tokens);
            for token in self.tokens.iter_mut().skip(first) {
                token.from = token.from.saturating_add(before);
                token.until = token.until.saturating_add(before);
            }
            self.shadow.push_str(&self.scratch);
            at = at.saturating_add(line.len()).saturating_add(1);
        }
    }

    fn stretch(&mut self, text: &str, tokens: &[tokens::Token], marks: &mut Vec<Mark<'e>>) {
        self.matcher.begin();
        self.matcher.tokens.extend_from_slice(tokens);
        self.home.fill(0);
        self.look_up(tokens);
        let mut present = std::mem::take(&mut self.present);
        self.matcher.sort(&mut present);
        let has_numbers = tokens.iter().any(|token| token.sort == Sort::Digits);
        self.matcher.awake.wake(&self.engine.wakes, &present, has_numbers);
        for passage in self.passages() {
            let Some(language) = self.engine.compiled.languages.get(passage.language) else { continue };
            let Some(line) = language.lines.get(passage.line) else { continue };
            let Some(hint) = language.hints.get(line.hint) else { continue };
            let Some(place) = self.source_place(text, tokens, passage.span) else { continue };
            let code = hint.code.as_str();
            marks.push(Mark { code, language: &language.name, line: &line.text, place });
        }
        self.present = present;
    }

    /// Which words of the rules stand where.
    fn look_up(&mut self, tokens: &[tokens::Token]) {
        let vocabulary = &self.engine.compiled.vocabulary;
        for (at, token) in tokens.iter().enumerate() {
            self.atoms.clear();
            if token.sort == Sort::Unspaced {
                self.runs.clear();
                let run = run(&self.shadow, tokens.get(at..).unwrap_or_default());
                vocabulary.run(run, &mut self.runs);
                for (atom, length) in &self.runs {
                    self.matcher.occurs(*atom, (at, at.saturating_add(*length)));
                    self.atoms.push(*atom);
                }
            } else {
                let word = self.shadow.get(token.from..token.until).unwrap_or_default();
                vocabulary.word(word, &mut self.atoms);
                for atom in &self.atoms {
                    self.matcher.occurs(*atom, (at, at.saturating_add(1)));
                }
            }
            let bits = self.atoms.iter().filter_map(|atom| self.engine.common.get(*atom as usize));
            let mut bits = bits.fold(0, |all, bits| all | bits);
            while bits != 0 {
                if let Some(count) = self.home.get_mut(bits.trailing_zeros() as usize) {
                    *count = count.saturating_add(1);
                }
                bits &= bits.wrapping_sub(1);
            }
        }
    }

    /// The longest passage for each tactic and language.
    fn passages(&mut self) -> Vec<Passage> {
        let compiled = &self.engine.compiled;
        let most = self.home.iter().copied().max().unwrap_or(0);
        let mut passages: Vec<Passage> = Vec::new();
        let lines = std::mem::take(&mut self.matcher.awake.lines);
        for (language_number, line_number) in &lines {
            let (language_number, line_number) = (usize::from(*language_number), *line_number as usize);
            let Some(language) = compiled.languages.get(language_number) else { continue };
            let Some(line) = language.lines.get(line_number) else { continue };
            let count = self.home.get(language_number).copied().unwrap_or(0);
            let at_home = language.common.is_empty() || count.saturating_mul(3) >= most;
            let Some(span) = self.passage(language, line, at_home) else { continue };
            let passage = Passage { language: language_number, line: line_number, span };
            keep_longest(language, &mut passages, passage);
        }
        self.matcher.awake.lines = lines;
        passages
    }

    /// The longest place where a line fits and nothing speaks against it.
    fn passage(&mut self, language: &Language, line: &Line, at_home: bool) -> Option<Span> {
        let nodes = &self.engine.compiled.nodes;
        let places = self.matcher.places(nodes, line.node);
        if places.is_empty() {
            return None;
        }
        let mut places = places.to_vec();
        places.sort_by_key(|(from, until)| (from.wrapping_sub(*until), *from));
        let fits = |span: &Span| {
            (at_home || span.1.saturating_sub(span.0) >= LONG_PASSAGE)
                && (line.negation == Negation::Ignored || !self.is_negated(language, *span))
        };
        let found = places.into_iter().find(fits)?;
        let hint = language.hints.get(line.hint)?;
        let mut against = language.unless.iter().chain(&hint.unless);
        (!against.any(|node| !self.matcher.places(nodes, *node).is_empty())).then_some(found)
    }

    fn is_negated(&self, language: &Language, (from, until): Span) -> bool {
        let (before, behind) = language.negation_reach;
        let reach = (from.saturating_sub(before), until.saturating_add(behind));
        let Some(token) = self.matcher.tokens.get(from) else { return false };
        language.negation.iter().any(|atom| self.matcher.stands(*atom, reach, token.sentence))
    }

    /// The bytes of the text behind words.
    fn source_place(&mut self, text: &str, tokens: &[tokens::Token], span: Span) -> Option<Range<usize>> {
        let from = self.source_of(text, tokens.get(span.0)?)?.start;
        let until = self.source_of(text, tokens.get(span.1.checked_sub(1)?)?)?.end;
        Some(from..until)
    }

    fn source_of(&mut self, text: &str, token: &tokens::Token) -> Option<Range<usize>> {
        // Of lines that begin at the same place all but the last are empty.
        let line = self.lines.partition_point(|(_, shadow)| *shadow <= token.from).checked_sub(1)?;
        let (source, shadow) = self.lines.get(line)?;
        let written = text.get(*source..)?.split('\n').next()?;
        let within = token.from.checked_sub(*shadow)?..token.until.checked_sub(*shadow)?;
        // Worked out once for a line, however many marks stand in it.
        if self.mapped.as_ref().is_none_or(|(mapped, _)| *mapped != line) {
            self.mapped = Some((line, Normalised::of(written)));
        }
        let place = self.mapped.as_ref()?.1.to_source(&within);
        Some(place.start.saturating_add(*source)..place.end.saturating_add(*source))
    }
}

fn keep_longest(language: &Language, passages: &mut Vec<Passage>, new: Passage) {
    let code = |line: usize| {
        let line = language.lines.get(line)?;
        language.hints.get(line.hint).map(|hint| hint.code.as_str())
    };
    let length = |passage: &Passage| passage.span.1.saturating_sub(passage.span.0);
    let same =
        |passage: &&mut Passage| passage.language == new.language && code(passage.line) == code(new.line);
    match passages.iter_mut().find(same) {
        Some(old) if (length(old), new.line) < (length(&new), old.line) => *old = new,
        Some(_) => {}
        None => passages.push(new),
    }
}

/// The characters of a script without spaces that follow each other.
fn run<'s>(shadow: &'s str, tokens: &[tokens::Token]) -> &'s str {
    let Some(first) = tokens.first() else { return "" };
    let mut until = first.until;
    for token in tokens.iter().skip(1).take(LONGEST_RUN) {
        if token.sort != Sort::Unspaced || token.from != until {
            break;
        }
        until = token.until;
    }
    shadow.get(first.from..until).unwrap_or_default()
}

/// The beginning of a text, of so many bytes at most.
fn beginning(text: &str, most_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(most_bytes)).unwrap_or(text)
}
