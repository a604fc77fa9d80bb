//! Lines become nodes that share what is the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::expression::{Expression, ExpressionError, Need, Spelling};
use super::rules::{LanguageRules, Negation};
use super::vocabulary::{Atom, Vocabulary};

/// A place in [`Nodes`].
pub(super) type NodeNumber = u32;

/// What fits where, of one line or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// A word.
    Word(Atom),
    /// A number.
    Number,
    /// Any word.
    Any,
    /// One of these.
    Either(Vec<NodeNumber>),
    /// One after the other.
    Row(Vec<(NodeNumber, u16, bool)>),
    /// All of these near each other; so many words at most from the first to the last.
    All(Vec<NodeNumber>, u16),
}

/// Words from the first to the last of what `&` joins.
const NEAR: usize = 18;
/// Deepest nesting of lists in lists.
const DEEPEST: usize = 8;

/// A line of a language.
pub(super) struct Line {
    /// The node.
    pub(super) node: NodeNumber,
    /// Whether a negation beside it takes the mark away.
    pub(super) negation: Negation,
    /// Which hint of the language.
    pub(super) hint: usize,
    /// The line as it is written.
    pub(super) text: String,
}

/// A hint of a language.
pub(super) struct Hint {
    /// The tactic.
    pub(super) code: String,
    /// What takes the mark away.
    pub(super) unless: Vec<NodeNumber>,
}

/// A language, ready.
pub(super) struct Language {
    /// Its name.
    pub(super) name: String,
    /// The words by which it is told.
    pub(super) common: BTreeSet<Atom>,
    /// Negations.
    pub(super) negation: BTreeSet<Atom>,
    /// Words before and behind a passage in which a negation counts.
    pub(super) negation_reach: (usize, usize),
    /// What takes away every mark.
    pub(super) unless: Vec<NodeNumber>,
    /// The hints.
    pub(super) hints: Vec<Hint>,
    /// The lines.
    pub(super) lines: Vec<Line>,
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A line is not understood.
    #[error("{language}: {error}")]
    Line {
        /// The language.
        language: String,
        /// The error.
        error: ExpressionError,
    },
    /// A file is no rules.
    #[error("{language}: {error}")]
    File {
        /// The language.
        language: String,
        /// The error.
        error: toml::de::Error,
    },
}

/// Everything that lines are made into.
#[derive(Default)]
pub(super) struct Compiled {
    /// The words.
    pub(super) vocabulary: Vocabulary,
    /// The nodes.
    pub(super) nodes: Vec<Node>,
    /// The languages.
    pub(super) languages: Vec<Language>,
    numbers: HashMap<Node, NodeNumber>,
}

/// A language while its lines are made.
struct Making<'r> {
    rules: &'r LanguageRules,
    lists: BTreeMap<String, NodeNumber>,
}

impl Compiled {
    /// Adds a language.
    pub(super) fn add(&mut self, rules: &LanguageRules) -> Result<(), RulesError> {
        self.add_language(rules).map_err(|error| RulesError::Line { language: rules.language.clone(), error })
    }

    fn add_language(&mut self, rules: &LanguageRules) -> Result<(), ExpressionError> {
        let mut making = Making { rules, lists: BTreeMap::new() };
        let common = self.atoms(&rules.common, rules)?;
        let negation = self.atoms(&rules.negation, rules)?;
        for word in &rules.no_slips {
            self.vocabulary.no_slip(&text::normalise(word));
        }
        let unless = self.lines_of(&rules.unless, &mut making)?;
        let (mut hints, mut lines) = (Vec::new(), Vec::new());
        for (number, hint) in rules.hint.iter().enumerate() {
            for text in &hint.say {
                let node = self.line(text, &mut making)?;
                let negation = if self.holds(node, &negation) { Negation::Ignored } else { hint.negation };
                lines.push(Line { node, negation, hint: number, text: text.clone() });
            }
            let unless = self.lines_of(&hint.unless, &mut making)?;
            hints.push(Hint { code: hint.code.clone(), unless });
        }
        if let Some(line) = lines.iter().find(|line| !self.needs_a_word(line.node)) {
            let what = "nothing in it must be a word";
            return Err(ExpressionError { line: line.text.clone(), what });
        }
        let negation_reach = (
            rules.negation_before.saturating_mul(rules.characters_per_word),
            rules.negation_after.saturating_mul(rules.characters_per_word),
        );
        let name = rules.language.clone();
        self.languages.push(Language { name, common, negation, negation_reach, unless, hints, lines });
        Ok(())
    }

    fn lines_of(
        &mut self,
        lines: &[String],
        making: &mut Making<'_>,
    ) -> Result<Vec<NodeNumber>, ExpressionError> {
        lines.iter().map(|line| self.line(line, making)).collect()
    }

    fn line(&mut self, line: &str, making: &mut Making<'_>) -> Result<NodeNumber, ExpressionError> {
        let expression = Expression::parse(line)?;
        self.node(&expression, making, 0).map_err(|what| ExpressionError { line: line.to_owned(), what })
    }

    /// Single words, such as negations.
    fn atoms(&mut self, words: &[String], rules: &LanguageRules) -> Result<BTreeSet<Atom>, ExpressionError> {
        let mut atoms = BTreeSet::new();
        for word in words {
            let Expression::Word(spelling) = Expression::parse(word)? else {
                let what = "only one word may stand here";
                return Err(ExpressionError { line: word.clone(), what });
            };
            atoms.insert(self.atom(&spelling, rules));
        }
        Ok(atoms)
    }

    fn atom(&mut self, spelling: &Spelling, rules: &LanguageRules) -> Atom {
        let Spelling { text, extent, written_out } = spelling;
        let atom = self.vocabulary.atom(text, *extent);
        let script = if rules.other_script { text::other_script(text) } else { Vec::new() };
        let umlauts = written_out.iter().filter(|_| rules.umlauts).cloned();
        for text in script.into_iter().chain(umlauts) {
            self.vocabulary.also(atom, &text, *extent);
        }
        atom
    }

    fn node(
        &mut self,
        expression: &Expression,
        making: &mut Making<'_>,
        depth: usize,
    ) -> Result<NodeNumber, &'static str> {
        let per_word = making.rules.characters_per_word;
        let scaled = |words: usize| u16::try_from(words.saturating_mul(per_word)).unwrap_or(u16::MAX);
        let node = match expression {
            Expression::Word(spelling) => Node::Word(self.atom(spelling, making.rules)),
            Expression::Number => Node::Number,
            Expression::Any => Node::Any,
            Expression::List(name) => return self.list(name, making, depth),
            Expression::Either(either) => Node::Either(self.all(either, making, depth)?),
            Expression::All(all) => Node::All(self.all(all, making, depth)?, scaled(NEAR)),
            Expression::Row(steps) => {
                let mut row = Vec::new();
                for step in steps {
                    let node = self.node(&step.what, making, depth)?;
                    row.push((node, scaled(step.gap), step.need == Need::Optional));
                }
                Node::Row(row)
            }
        };
        Ok(self.number_of(node))
    }

    fn all(
        &mut self,
        all: &[Expression],
        making: &mut Making<'_>,
        depth: usize,
    ) -> Result<Vec<NodeNumber>, &'static str> {
        all.iter().map(|one| self.node(one, making, depth)).collect()
    }

    fn list(
        &mut self,
        name: &str,
        making: &mut Making<'_>,
        depth: usize,
    ) -> Result<NodeNumber, &'static str> {
        if let Some(node) = making.lists.get(name) {
            return Ok(*node);
        }
        if depth >= DEEPEST {
            return Err("a list that names itself");
        }
        let rules = making.rules;
        let lines = rules.words.get(name).ok_or("it names a list that is not there")?;
        let mut either = Vec::new();
        for line in lines {
            let parsed = Expression::parse(line).map_err(|error| error.what)?;
            either.push(self.node(&parsed, making, depth.saturating_add(1))?);
        }
        let node = self.number_of(Node::Either(either));
        making.lists.insert(name.to_owned(), node);
        Ok(node)
    }

    fn number_of(&mut self, node: Node) -> NodeNumber {
        if let Some(number) = self.numbers.get(&node) {
            return *number;
        }
        let number = NodeNumber::try_from(self.nodes.len()).unwrap_or(NodeNumber::MAX);
        self.nodes.push(node.clone());
        self.numbers.insert(node, number);
        number
    }

    /// Whether a node holds one of these words.
    fn holds(&self, node: NodeNumber, words: &BTreeSet<Atom>) -> bool {
        match self.nodes.get(node as usize) {
            Some(Node::Word(atom)) => words.contains(atom),
            Some(Node::Either(nodes) | Node::All(nodes, _)) => {
                nodes.iter().any(|node| self.holds(*node, words))
            }
            Some(Node::Row(steps)) => steps.iter().any(|(node, _, _)| self.holds(*node, words)),
            _ => false,
        }
    }

    /// Whether a node cannot fit a text without a word of the rules in it.
    fn needs_a_word(&self, node: NodeNumber) -> bool {
        match self.nodes.get(node as usize) {
            Some(Node::Word(_)) => true,
            Some(Node::Either(nodes)) => nodes.iter().all(|node| self.needs_a_word(*node)),
            Some(Node::All(nodes, _)) => nodes.iter().any(|node| self.needs_a_word(*node)),
            Some(Node::Row(steps)) => {
                steps.iter().any(|(node, _, optional)| !optional && self.needs_a_word(*node))
            }
            _ => false,
        }
    }
}
