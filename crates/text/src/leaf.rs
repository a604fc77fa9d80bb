//! One thing that must be found, and by which rule each of its spellings is matched.
//!
//! Made for two FTS5 tables over the shadow form, set up with [`WORD_TOKENIZER`] and [`TRIGRAM_TOKENIZER`].
//! A trigram table silently passes over a term of fewer than three characters, so such terms never go
//! there: they are looked for in the shadow form itself ([`Rule::Scan`]).

use crate::digits::{PhoneKey, phone_key};
use crate::normalise::normalise;
use crate::query::{Settings, Spellings};
use crate::scripts::has_unspaced;
use crate::translit::{other_script, umlauts};

/// How the word table must be set up. Marks count as letters, or Thai and Hindi words would fall apart; the
/// accents are off already.
pub const WORD_TOKENIZER: &str = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'";
/// How the trigram table must be set up: the shadow form knows no capitals.
pub const TRIGRAM_TOKENIZER: &str = "trigram case_sensitive 1";
/// Fewest characters of a term that a trigram table finds.
const TRIGRAM: usize = 3;

/// By which rule something is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Whole words, a phrase of them, or their beginning: the word table.
    Word,
    /// At least three characters anywhere: the trigram table.
    Trigram,
    /// Fewer than three characters anywhere: `instr` on the shadow form.
    Scan,
    /// A telephone number: by its digits.
    Number,
}

/// How it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A word.
    Word,
    /// Words in quotes.
    Phrase,
    /// `word*`.
    Prefix,
    /// `*part*`.
    Part,
    /// A telephone number.
    Number,
}

/// Where a form comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// As it was typed.
    Typed,
    /// Umlauts written out or drawn together.
    Umlaut,
    /// Guessed in another script.
    OtherScript,
}

/// One spelling of a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// How it is matched.
    pub rule: Rule,
    /// The shadow form; for a number its digits.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    extent: Extent,
}

/// Whether the word may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Whole,
    Beginning,
}

impl Form {
    /// What to give the FTS5 table of the rule: one quoted string, with a star behind it for a beginning.
    /// Nothing for [`Rule::Scan`] and [`Rule::Number`], which ask no FTS table.
    pub fn fts(&self) -> Option<String> {
        let quoted = format!("\"{}\"", self.text.replace('"', "\"\""));
        match (self.rule, self.extent) {
            (Rule::Scan | Rule::Number, _) => None,
            (Rule::Word, Extent::Beginning) => Some(format!("{quoted} *")),
            _ => Some(quoted),
        }
    }
}

/// Something that must be found in any of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// As it was typed.
    pub typed: String,
    /// How it was typed.
    pub shape: Shape,
    /// The spellings, the typed one first; never empty.
    pub forms: Vec<Form>,
    /// The number, when it looks like one.
    pub number: Option<PhoneKey>,
}

impl Leaf {
    /// Nothing when the text has nothing that can be found.
    pub(crate) fn new(shape: Shape, typed: &str, settings: &Settings<'_>) -> Option<Self> {
        let shadow = normalise(typed);
        let text = trimmed(&shadow, shape);
        if text.is_empty() {
            return None;
        }
        let mut forms = Vec::new();
        let number = if shape == Shape::Number { phone_key(typed) } else { None };
        for digits in number.iter().flat_map(|key| key.variants(settings.country_prefix)) {
            let (rule, origin) = (Rule::Number, Origin::Typed);
            forms.push(Form { rule, text: digits, origin, extent: Extent::Whole });
        }
        if number.is_none() {
            forms.push(form(shape, text.to_owned(), Origin::Typed));
        }
        if matches!(shape, Shape::Word | Shape::Prefix) && settings.spellings == Spellings::Also {
            let spellings = umlauts(typed).into_iter().map(|text| (text, Origin::Umlaut));
            let spellings =
                spellings.chain(other_script(text).into_iter().map(|text| (text, Origin::OtherScript)));
            for (spelling, origin) in spellings {
                let text = trimmed(&spelling, shape).to_owned();
                if !text.is_empty() && forms.iter().all(|form| form.text != text) {
                    forms.push(form(shape, text, origin));
                }
            }
        }
        Some(Self { typed: typed.to_owned(), shape, forms, number })
    }
}

/// Spaces never count at the ends, nor does a sentence's punctuation after a word.
fn trimmed(shadow: &str, shape: Shape) -> &str {
    let text = shadow.trim_matches(' ');
    if shape == Shape::Part {
        return text;
    }
    let bare = text.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ' '));
    if bare.is_empty() { text } else { bare }
}

fn form(shape: Shape, text: String, origin: Origin) -> Form {
    let by_words = match shape {
        Shape::Word | Shape::Prefix => text.chars().all(is_word_character),
        // Punctuation between the words of a phrase does not matter.
        Shape::Phrase => text.chars().any(is_word_character),
        Shape::Part | Shape::Number => false,
    };
    let rule = if by_words && !has_unspaced(&text) {
        Rule::Word
    } else if text.chars().nth(TRIGRAM.saturating_sub(1)).is_some() {
        Rule::Trigram
    } else {
        Rule::Scan
    };
    let extent = if shape == Shape::Prefix { Extent::Beginning } else { Extent::Whole };
    Form { rule, text, origin, extent }
}

/// A character that belongs to a word for [`WORD_TOKENIZER`]. Where the two could disagree, such as marks,
/// this one says no: then the term is looked for as it stands.
fn is_word_character(c: char) -> bool {
    c.is_alphanumeric()
}
