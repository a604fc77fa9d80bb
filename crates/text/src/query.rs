//! What somebody typed into the search field, as a tree whose leaves say how each must be matched.
//!
//! The language: words; `"phrases"` in quotes of any kind; `word*` for a beginning, `*part*` for a part of a
//! word; `AND OR NOT` (also `UND ODER NICHT`, capitals only) and `-word`; `a NEAR/5 b` (also `NAHE/5`); round
//! brackets; telephone numbers in any spelling. Words beside each other are joined by AND; NOT binds before
//! NEAR, NEAR before AND, AND before OR. Nothing typed is an error: a quote or bracket without its partner
//! is taken as a character, an operator without a word as a word, and a [`Note`] says so.
//!
//! It makes no SQL and asks no index. What goes into an FTS5 MATCH is one quoted string a term, so nothing
//! that was typed can act as an operator there.

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::leaf::{Leaf, Shape};
use crate::lexer::{Token, tokens};

/// Longest query, in characters; what follows is cut off and noted.
pub const LONGEST_QUERY: usize = 4_096;
/// Most terms of a query; what follows is left out and noted.
pub const MOST_TERMS: usize = 64;
/// Deepest nesting of brackets and NOTs; deeper ones are passed over and noted.
const DEEPEST: usize = 32;
/// How near NEAR is without a number.
const NEAR_WORDS: usize = 10;

/// How a query is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings<'a> {
    /// Country code of the place (digits, such as `49`), for national spellings of numbers.
    pub country_prefix: Option<&'a str>,
    /// Whether words are also guessed in another script or spelling.
    pub spellings: Spellings,
}

/// Whether words are also looked for as they may be spelt otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spellings {
    /// Also transliterated, and with umlauts written out.
    #[default]
    Also,
    /// Only as typed.
    AsTyped,
}

/// A query, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What is searched for; nothing when nothing was typed.
    pub root: Option<Node>,
    /// What was not taken as it may have been meant.
    pub notes: Vec<Note>,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Something that must be found.
    Leaf(Leaf),
    /// All of these.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// Everything but this.
    Not(Box<Node>),
    /// Both, with at most so many words between them, in either order.
    Near(Leaf, Leaf, usize),
}

/// What was not taken as it may have been meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A quote without a second one was taken as a character.
    QuoteAlone,
    /// A bracket without its partner was taken as a character.
    BracketAlone,
    /// AND, OR, NOT or NEAR had nothing to join and was taken as a word.
    OperatorAlone,
    /// NEAR joins two words or phrases; here it was taken as AND.
    NearOfGroups,
    /// The query was too long; its end was left out.
    TooLong,
    /// Brackets lay too deep in one another; the innermost were passed over.
    TooDeep,
    /// A term held nothing that can be found, such as an accent alone, and was left out.
    NothingToFind,
}

impl Query {
    /// Understands what was typed. It never fails.
    pub fn parse(typed: &str, settings: &Settings<'_>) -> Self {
        let mut notes = Vec::new();
        let cut = typed.char_indices().nth(LONGEST_QUERY).map(|(at, _)| at);
        if cut.is_some() {
            notes.push(Note::TooLong);
        }
        let typed = cut.and_then(|at| typed.get(..at)).unwrap_or(typed);
        let mut tokens = tokens(typed, &mut notes);
        if tokens.iter().filter(|token| !token.is_syntax()).count() > MOST_TERMS {
            notes.push(Note::TooLong);
            keep_terms(&mut tokens);
        }
        let mut parser = Parser { tokens: tokens.into_iter().peekable(), settings, notes, depth: 0 };
        let root = parser.whole();
        let mut notes = parser.notes;
        notes.dedup();
        Self { root, notes }
    }

    /// Every leaf, also those under NOT, in the order typed.
    pub fn leaves(&self) -> Vec<&Leaf> {
        let mut leaves = Vec::new();
        if let Some(root) = &self.root {
            collect(root, &mut leaves);
        }
        leaves
    }
}

fn collect<'a>(node: &'a Node, leaves: &mut Vec<&'a Leaf>) {
    match node {
        Node::Leaf(leaf) => leaves.push(leaf),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| collect(node, leaves)),
        Node::Not(node) => collect(node, leaves),
        Node::Near(left, right, _) => leaves.extend([left, right]),
    }
}

fn keep_terms(tokens: &mut Vec<Token>) {
    let mut terms: usize = 0;
    tokens.retain(|token| {
        terms = terms.saturating_add(usize::from(!token.is_syntax()));
        token.is_syntax() || terms <= MOST_TERMS
    });
}

struct Parser<'a> {
    tokens: Peekable<IntoIter<Token>>,
    settings: &'a Settings<'a>,
    notes: Vec<Note>,
    depth: usize,
}

impl Parser<'_> {
    /// Everything; what a wrong bracket left over is joined with AND.
    fn whole(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        while self.tokens.peek().is_some() {
            parts.extend(self.any_of());
            if self.tokens.next_if(|token| matches!(token, Token::Close)).is_some() {
                self.note(Note::BracketAlone);
            }
        }
        joined(parts, Node::And)
    }

    fn any_of(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.all_of());
            let Some(operator) = self.tokens.next_if(|token| matches!(token, Token::Or(_))) else { break };
            if parts.is_empty() || self.at_end() {
                parts.extend(self.as_word(operator));
            }
        }
        joined(parts, Node::Or)
    }

    fn all_of(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        while !matches!(self.tokens.peek(), None | Some(Token::Close | Token::Or(_))) {
            if let Some(operator) = self.tokens.next_if(|token| matches!(token, Token::And(_))) {
                if parts.is_empty() || self.at_end() {
                    parts.extend(self.as_word(operator));
                }
                continue;
            }
            parts.extend(self.near());
        }
        joined(parts, Node::And)
    }

    /// A chain `a NEAR/5 b NEAR/3 c` is every pair of neighbours.
    fn near(&mut self) -> Option<Node> {
        let mut left = self.one();
        let mut pairs = Vec::new();
        while let Some(operator) = self.tokens.next_if(|token| matches!(token, Token::Near(..))) {
            let words = match operator {
                Token::Near(_, words) => words.unwrap_or(NEAR_WORDS),
                _ => NEAR_WORDS,
            };
            if left.is_none() || self.at_end() {
                pairs.extend(left.take());
                pairs.extend(self.as_word(operator));
                continue;
            }
            let right = self.one();
            match (left, right) {
                (Some(Node::Leaf(a)), Some(Node::Leaf(b))) => {
                    pairs.push(Node::Near(a, b.clone(), words));
                    left = Some(Node::Leaf(b));
                }
                (a, b) => {
                    self.note(Note::NearOfGroups);
                    pairs.extend(a);
                    left = b;
                }
            }
        }
        // The last one of a chain stands in its pair already.
        if pairs.is_empty() || !matches!((&left, pairs.last()), (Some(Node::Leaf(_)), Some(Node::Near(..)))) {
            pairs.extend(left);
        }
        joined(pairs, Node::And)
    }

    fn one(&mut self) -> Option<Node> {
        match self.tokens.peek()? {
            Token::Close | Token::Or(_) | Token::And(_) | Token::Near(..) => None,
            Token::Not(_) => self.not(),
            Token::Open => self.group(),
            Token::Term(..) => {
                let Some(Token::Term(shape, text)) = self.tokens.next() else { return None };
                self.leaf(shape, &text)
            }
        }
    }

    fn not(&mut self) -> Option<Node> {
        let operator = self.tokens.next()?;
        if self.at_end() {
            return self.as_word(operator);
        }
        if self.depth >= DEEPEST {
            self.note(Note::TooDeep);
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        let inner = self.one();
        self.depth = self.depth.saturating_sub(1);
        inner.map(|inner| Node::Not(Box::new(inner)))
    }

    /// The lexer leaves only brackets that have a partner.
    fn group(&mut self) -> Option<Node> {
        self.tokens.next();
        if self.depth >= DEEPEST {
            self.note(Note::TooDeep);
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        let inner = self.any_of();
        self.depth = self.depth.saturating_sub(1);
        self.tokens.next_if(|token| matches!(token, Token::Close));
        inner
    }

    fn at_end(&mut self) -> bool {
        matches!(
            self.tokens.peek(),
            None | Some(Token::Close | Token::Or(_) | Token::And(_) | Token::Near(..))
        )
    }

    fn as_word(&mut self, operator: Token) -> Option<Node> {
        self.note(Note::OperatorAlone);
        self.leaf(Shape::Word, &operator.into_text())
    }

    fn leaf(&mut self, shape: Shape, text: &str) -> Option<Node> {
        let leaf = Leaf::new(shape, text, self.settings);
        if leaf.is_none() {
            self.note(Note::NothingToFind);
        }
        leaf.map(Node::Leaf)
    }

    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Option<Node> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(join(parts)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const QUERIES: &str = include_str!("../fixtures/queries.tsv");

    fn shown(node: &Node) -> String {
        let list = |nodes: &[Node]| nodes.iter().map(shown).collect::<Vec<_>>().join(" ");
        match node {
            Node::Leaf(leaf) => leaf_shown(leaf),
            Node::And(nodes) => format!("(and {})", list(nodes)),
            Node::Or(nodes) => format!("(or {})", list(nodes)),
            Node::Not(node) => format!("(not {})", shown(node)),
            Node::Near(a, b, words) => format!("(near {words} {} {})", leaf_shown(a), leaf_shown(b)),
        }
    }

    fn leaf_shown(leaf: &Leaf) -> String {
        let form = &leaf.forms[0];
        format!("{:?}:{:?}:{}", leaf.shape, form.rule, form.text)
    }

    fn plain() -> Settings<'static> {
        Settings { country_prefix: Some("49"), spellings: Spellings::AsTyped }
    }

    #[test]
    fn queries_are_understood() {
        for line in QUERIES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let columns: Vec<&str> = line.split('\t').collect();
            let query = Query::parse(columns[0], &plain());
            let notes: Vec<String> = query.notes.iter().map(|note| format!("{note:?}")).collect();
            let tree = query.root.as_ref().map(shown).unwrap_or_default();
            assert_eq!(tree, columns[1], "{}", columns[0]);
            assert_eq!(notes.join(" "), columns.get(2).copied().unwrap_or_default(), "{}", columns[0]);
        }
    }

    /// One string in FTS5: begins and ends with a quote, quotes inside are doubled, a star only behind.
    fn is_one_string(fts: &str) -> bool {
        let body = fts.strip_suffix(" *").unwrap_or(fts);
        let inner = body.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.is_some_and(|inner| !inner.replace("\"\"", "").contains('"'))
    }

    fn safe(typed: &str) {
        let query = Query::parse(typed, &Settings::default());
        for form in query.leaves().iter().flat_map(|leaf| &leaf.forms) {
            assert!(!form.text.is_empty());
            if let Some(fts) = form.fts() {
                assert!(is_one_string(&fts), "{typed:?} gave {fts:?}");
            }
        }
    }

    #[test]
    fn nothing_typed_acts_in_fts() {
        for typed in
            ["\" OR 1 NEAR( * ^ :", "a\"b", "col:x", "^a", "a + b", "{a b}:c", "\"\"\"", "NEAR(a b, 5)"]
        {
            safe(typed);
        }
    }

    #[test]
    fn long_and_deep_queries() {
        for unit in ["(", ")", "\"", "a ", "NOT ", "-", "(a OR ", "* ", "a NEAR b ", "0171 3920011 "] {
            safe(&unit.repeat(100_000));
        }
        let deep = format!("{}a{}", "(".repeat(100), ")".repeat(100));
        assert!(Query::parse(&deep, &plain()).notes.contains(&Note::TooDeep));
    }

    proptest! {
        #[test]
        fn any_query(
            typed in any::<String>(),
            odd in "(\"|\\(|\\)|a|b|\\*|-| |AND|OR|NOT|NEAR/2|:|\\^|护|0171){0,40}",
        ) {
            safe(&typed);
            safe(&odd);
        }
    }
}
