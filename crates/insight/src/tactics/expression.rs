//! The language in which hints are written: a line stands for a way of saying something.
//!
//! ```text
//! word        this word            word*   a word that begins so      *word   a word that ends so
//! <pass>      any of the list `pass` of the same file                  #       a number        _   any word
//! (a|b c|d*)  one of these         x?      may be missing
//! a b         b follows a          a .. b  up to 3 words between      a ... b  up to 8 words between
//! a & b       both, in any order, within 18 words
//! ```
//!
//! `&` binds last. Everything but `&` stays within a sentence. Texts and lines meet in the shadow form of the
//! room `text`, so capitals and accents make no difference. In scripts without spaces a word is a run of
//! characters wherever it stands, and "words between" counts characters. Deliberately no regular expressions:
//! a line is read by people, and costs the same for every text.

/// A line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// A word.
    Word(Spelling),
    /// A number.
    Number,
    /// Any word.
    Any,
    /// A list of the file.
    List(String),
    /// One of these.
    Either(Vec<Expression>),
    /// One after the other.
    Row(Vec<Step>),
    /// All of these, in any order, near each other.
    All(Vec<Expression>),
}

/// A word as it is written in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    /// The text in shadow form, without asterisk.
    pub(super) text: String,
    /// How much of a word it is.
    pub(super) extent: Extent,
    /// The same with its umlauts written out.
    pub(super) written_out: Option<String>,
}

/// How much of a word a spelling is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Its beginning.
    Beginning,
    /// Its end.
    End,
}

/// A part of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What.
    pub(super) what: Expression,
    /// So many words may stand before it.
    pub(super) gap: usize,
    /// Whether it must be there.
    pub(super) need: Need,
}

/// Whether a part must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It must.
    Needed,
    /// It may be missing.
    Optional,
}

/// Letters that are also written as two.
const UMLAUTS: [char; 6] = ['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü'];
/// Words between with `..`.
const NARROW: usize = 3;
/// Words between with `...`.
const WIDE: usize = 8;

/// Why a line is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{line}`: {what}")]
pub struct ExpressionError {
    /// The line.
    pub line: String,
    /// What is wrong.
    pub what: &'static str,
}

impl Expression {
    /// Understands a line.
    pub(super) fn parse(line: &str) -> Result<Self, ExpressionError> {
        let mut parser = Parser { pieces: pieces(line), at: 0 };
        let parsed = parser.all_of().and_then(|parsed| match parser.peek() {
            None => Ok(parsed),
            Some(_) => Err("something stands behind the end"),
        });
        parsed.map_err(|what| ExpressionError { line: line.to_owned(), what })
    }
}

/// The signs and words of a line.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for part in line.split_whitespace() {
        let mut rest = part;
        while !rest.is_empty() {
            let end = match rest.find(['(', ')', '|', '&', '?']) {
                Some(0) => 1,
                Some(at) => at,
                None => rest.len(),
            };
            let (piece, after) = rest.split_at(end);
            pieces.push(piece);
            rest = after;
        }
    }
    pieces
}

struct Parser<'l> {
    pieces: Vec<&'l str>,
    at: usize,
}

type Parsed = Result<Expression, &'static str>;

impl<'l> Parser<'l> {
    fn peek(&self) -> Option<&'l str> {
        self.pieces.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'l str> {
        let piece = self.peek();
        self.at = self.at.saturating_add(1);
        piece
    }

    fn takes(&mut self, piece: &str) -> bool {
        let there = self.peek() == Some(piece);
        self.at = self.at.saturating_add(usize::from(there));
        there
    }

    fn all_of(&mut self) -> Parsed {
        let mut all = vec![self.row()?];
        while self.takes("&") {
            all.push(self.row()?);
        }
        Ok(one_or(all, Expression::All))
    }

    fn row(&mut self) -> Parsed {
        let (mut steps, mut gap, mut free) = (Vec::new(), 0, false);
        loop {
            match self.peek() {
                None | Some(")" | "|" | "&") => break,
                Some("..") => (gap, free) = (NARROW, true),
                Some("...") => (gap, free) = (WIDE, true),
                Some(_) => {
                    let what = self.one()?;
                    let need = if self.takes("?") { Need::Optional } else { Need::Needed };
                    steps.push(Step { what, gap, need });
                    (gap, free) = (0, false);
                    continue;
                }
            }
            self.at = self.at.saturating_add(1);
        }
        if free {
            return Err("dots with nothing behind them");
        }
        match steps.as_slice() {
            [] => Err("nothing where something must stand"),
            [step] if step.need == Need::Needed => {
                steps.pop().map(|step| step.what).ok_or("nothing where something must stand")
            }
            steps if steps.iter().all(|step| step.need == Need::Optional) => {
                Err("nothing in it must be there")
            }
            _ => Ok(Expression::Row(steps)),
        }
    }

    fn one(&mut self) -> Parsed {
        match self.next() {
            Some("(") => {
                let mut either = vec![self.all_of()?];
                while self.takes("|") {
                    either.push(self.all_of()?);
                }
                if self.takes(")") {
                    Ok(one_or(either, Expression::Either))
                } else {
                    Err("a bracket is open")
                }
            }
            Some("#") => Ok(Expression::Number),
            Some("_") => Ok(Expression::Any),
            Some("?") => Err("a question mark behind nothing"),
            Some(word) => match word.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
                Some(name) => Ok(Expression::List(name.to_owned())),
                None => spelling(word),
            },
            None => Err("nothing where something must stand"),
        }
    }
}

fn one_or(mut many: Vec<Expression>, join: impl FnOnce(Vec<Expression>) -> Expression) -> Expression {
    match (many.len(), many.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            many.push(last);
            join(many)
        }
        (_, None) => join(many),
    }
}

/// A word; one with signs in it, such as an apostrophe, is the row of its parts.
fn spelling(word: &str) -> Parsed {
    let (text, extent) = match (word.strip_suffix('*'), word.strip_prefix('*')) {
        (Some(_), Some(_)) => return Err("an asterisk on both sides"),
        (Some(text), None) => (text, Extent::Beginning),
        (None, Some(text)) => (text, Extent::End),
        (None, None) => (word, Extent::Whole),
    };
    if text.contains(['*', '<', '>']) {
        return Err("a sign inside a word");
    }
    let written_out = text::umlauts(text).into_iter().next().filter(|_| text.contains(UMLAUTS));
    let parts = super::tokens::words(text);
    let (last, several) = (parts.len().saturating_sub(1), parts.len() > 1);
    let steps = parts.into_iter().enumerate().map(|(at, text)| {
        let extent = match extent {
            Extent::Beginning if at == last => Extent::Beginning,
            Extent::End if at == 0 => Extent::End,
            _ => Extent::Whole,
        };
        let written_out = written_out.clone().filter(|_| !several);
        let what = Expression::Word(Spelling { text, extent, written_out });
        Step { what, gap: 0, need: Need::Needed }
    });
    let mut steps: Vec<Step> = steps.collect();
    match steps.len() {
        0 => Err("a word without letters"),
        1 => steps.pop().map(|step| step.what).ok_or("a word without letters"),
        _ => Ok(Expression::Row(steps)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Expression {
        Expression::Word(Spelling { text: text.to_owned(), extent: Extent::Whole, written_out: None })
    }

    #[test]
    fn rows_lists_and_choices() {
        let step = |what, gap| Step { what, gap, need: Need::Needed };
        let parsed = Expression::parse("dein* .. <pass> (bei mir|hier)").unwrap();
        let begins = Expression::Word(Spelling {
            text: "dein".to_owned(),
            extent: Extent::Beginning,
            written_out: None,
        });
        let at_me = Expression::Row(vec![step(word("bei"), 0), step(word("mir"), 0)]);
        let either = Expression::Either(vec![at_me, word("hier")]);
        let expected = Expression::Row(vec![
            step(begins, 0),
            step(Expression::List("pass".to_owned()), 3),
            step(either, 0),
        ]);
        assert_eq!(parsed, expected);
        assert_eq!(Expression::parse("a & b").unwrap(), Expression::All(vec![word("a"), word("b")]));
        let Expression::Word(over) = Expression::parse("Über").unwrap() else { panic!("no word") };
        assert_eq!((over.text.as_str(), over.written_out.as_deref()), ("uber", Some("ueber")));
        let parts = Expression::Row(vec![step(word("don"), 0), step(word("t"), 0)]);
        assert_eq!(Expression::parse("don't").unwrap(), parts);
    }

    #[test]
    fn a_line_that_makes_no_sense_is_an_error() {
        for line in ["", "a ..", "(a", "a)", "*a*", "a | ", "?", "a?", "(|b)", "a & ", "a*b", "…"] {
            assert!(Expression::parse(line).is_err(), "{line}");
        }
    }
}
