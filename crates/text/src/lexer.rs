//! Splits what was typed into terms and operators; brackets and quotes without a partner become characters.
//!
//! Telephone numbers are taken out first, because their spaces, dashes and brackets mean nothing here.

use crate::digits::{Spelling, find_numbers};
use crate::leaf::Shape;
use crate::query::Note;

/// Farthest NEAR.
const FARTHEST: usize = 1_000;

/// A piece of a query. Operators keep how they were typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Term(Shape, String),
    And(String),
    Or(String),
    Not(String),
    Near(String, Option<usize>),
    Open,
    Close,
}

impl Token {
    pub(crate) fn is_syntax(&self) -> bool {
        !matches!(self, Self::Term(..))
    }

    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Term(_, text)
            | Self::And(text)
            | Self::Or(text)
            | Self::Not(text)
            | Self::Near(text, _) => text,
            Self::Open => "(".to_owned(),
            Self::Close => ")".to_owned(),
        }
    }
}

pub(crate) fn tokens(typed: &str, notes: &mut Vec<Note>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = typed;
    let mut open: Vec<usize> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        if first.is_whitespace() || first.is_control() {
            rest = after;
        } else if let Some((phrase, after)) = phrase(first, after) {
            tokens.push(Token::Term(Shape::Phrase, phrase.to_owned()));
            rest = after;
        } else if let Some((number, after)) = number(rest) {
            tokens.push(Token::Term(Shape::Number, number.to_owned()));
            rest = after;
        } else if first == '(' {
            open.push(tokens.len());
            tokens.push(Token::Open);
            rest = after;
        } else if first == ')' && open.pop().is_some() {
            tokens.push(Token::Close);
            rest = after;
        } else if first == '-'
            && after.chars().next().is_some_and(|c| is_quote(c) || c == '(' || c.is_alphanumeric())
        {
            tokens.push(Token::Not("-".to_owned()));
            rest = after;
        } else {
            let end = word_end(rest, open.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if word.contains(is_quote) {
                notes.push(Note::QuoteAlone);
            }
            if word.contains(')') {
                notes.push(Note::BracketAlone);
            }
            tokens.push(word_token(word));
            rest = after;
        }
    }
    // A bracket that was never closed is a character.
    for at in open {
        notes.push(Note::BracketAlone);
        if let Some(token) = tokens.get_mut(at) {
            *token = Token::Term(Shape::Part, "(".to_owned());
        }
    }
    tokens
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '「' | '」' | '『' | '』')
}

/// The phrase after a quote, if a second quote follows.
fn phrase(first: char, after: &str) -> Option<(&str, &str)> {
    let end = after.find(is_quote).filter(|_| is_quote(first))?;
    let (phrase, rest) = after.split_at_checked(end)?;
    let quote = rest.chars().next().map_or(0, char::len_utf8);
    Some((phrase, rest.get(quote..)?))
}

/// A word ends at a space, at a bracket that closes a group, and before a phrase.
fn word_end(text: &str, open: usize) -> usize {
    let mut opened: usize = 0;
    for (at, c) in text.char_indices() {
        let ends = match c {
            '(' if at > 0 => {
                opened = opened.saturating_add(1);
                false
            }
            ')' if opened > 0 => {
                opened = opened.saturating_sub(1);
                false
            }
            ')' => open > 0 && at > 0,
            _ => c.is_whitespace() || c.is_control(),
        };
        if ends {
            return at;
        }
    }
    text.len()
}

fn word_token(word: &str) -> Token {
    let text = word.to_owned();
    match word {
        "AND" | "UND" => return Token::And(text),
        "OR" | "ODER" => return Token::Or(text),
        "NOT" | "NICHT" => return Token::Not(text),
        "NEAR" | "NAHE" => return Token::Near(text, None),
        _ => {}
    }
    let words = word.strip_prefix("NEAR/").or_else(|| word.strip_prefix("NAHE/"));
    if let Some(words) = words.and_then(|words| words.parse::<usize>().ok()) {
        return Token::Near(text, Some(words.min(FARTHEST)));
    }
    let bare = word.trim_matches('*');
    let shape = match (word.starts_with('*'), word.ends_with('*')) {
        _ if bare.is_empty() => return Token::Term(Shape::Part, text),
        (true, _) => Shape::Part,
        (false, true) => Shape::Prefix,
        (false, false) => Shape::Word,
    };
    Token::Term(shape, bare.to_owned())
}

/// The number in front, if it was surely meant as one: with `+`, `0` or a bracket in front, or long.
fn number(text: &str) -> Option<(&str, &str)> {
    const LONG: usize = 7;
    if !text.starts_with(|c: char| c.is_numeric() || matches!(c, '+' | '(' | '＋')) {
        return None;
    }
    let sign = |c: char| {
        c.is_numeric() || matches!(c, '+' | '＋' | '(' | ')' | ' ' | '-' | '.' | '/' | '\u{a0}' | '\u{2011}')
    };
    let run = text.find(|c: char| !sign(c)).unwrap_or(text.len());
    // Up to the last digit that no letter follows.
    let run = text.get(..run)?.trim_end_matches(|c: char| !c.is_numeric());
    let after = text.get(run.len()..)?;
    let glued = after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '*' | ':' | '@'));
    let run = if glued { run.rsplit_once(' ')?.0.trim_end() } else { run };
    let shadow = crate::normalise::normalise(run);
    let (place, key) = find_numbers(&shadow).into_iter().next()?;
    let groups = shadow.split(' ').count();
    let sure = key.spelling() != Spelling::Bare
        || shadow.starts_with('(')
        || (groups == 1 && key.digits().len() >= LONG)
        || (groups >= 3 && key.digits().len() >= LONG.saturating_add(2));
    let whole = place.start == 0 && place.end == shadow.len();
    (whole && sure).then(|| text.split_at_checked(run.len())).flatten()
}
