//! Where the parts of lines stand in a text: each part is looked up once, however many lines share it.

use super::compile::{Node, NodeNumber};
use super::tokens::{Sort, Token};
use super::vocabulary::Atom;
use super::wake::Awake;

/// Places kept of one part; more of them in one text say nothing new.
const MOST_PLACES: usize = 64;
/// Parts that `&` joins at most.
const MOST_JOINED: usize = 4;

/// From a word to the one behind the last.
pub(super) type Span = (usize, usize);

/// The words of a text, and where parts stand among them. Kept, so that its memory is used again.
#[derive(Default)]
pub(super) struct Matcher {
    /// Counts the texts, so that nothing need be cleared.
    text: u32,
    /// The words.
    pub(super) tokens: Vec<Token>,
    occurrences: Vec<(Atom, Span)>,
    of_atom: Vec<(u32, u32, u32)>,
    of_node: Vec<(u32, u32, u32)>,
    places: Vec<Span>,
    row: Vec<(Option<usize>, usize)>,
    next_row: Vec<(Option<usize>, usize)>,
    /// Which parts can fit.
    pub(super) awake: Awake,
}

impl Matcher {
    /// A matcher for so many words and nodes.
    pub(super) fn new(atoms: usize, nodes: usize) -> Self {
        Self {
            of_atom: vec![(0, 0, 0); atoms],
            of_node: vec![(0, 0, 0); nodes],
            awake: Awake::new(nodes),
            ..Self::default()
        }
    }

    /// Another text begins.
    pub(super) fn begin(&mut self) {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
            self.of_atom.fill((0, 0, 0));
            self.of_node.fill((0, 0, 0));
            self.text = 1;
        }
        self.tokens.clear();
        self.occurrences.clear();
        self.places.clear();
    }

    /// Takes in where a word stands.
    pub(super) fn occurs(&mut self, atom: Atom, span: Span) {
        self.occurrences.push((atom, span));
    }

    /// All words are in; gives each that occurs once.
    pub(super) fn sort(&mut self, present: &mut Vec<Atom>) {
        present.clear();
        self.occurrences.sort_unstable();
        self.occurrences.dedup();
        let mut from = 0;
        for group in self.occurrences.chunk_by(|a, b| a.0 == b.0) {
            let until = from + u32::try_from(group.len()).unwrap_or_default();
            if let Some((atom, _)) = group.first()
                && let Some(of) = self.of_atom.get_mut(*atom as usize)
            {
                *of = (self.text, from, until);
                present.push(*atom);
            }
            from = until;
        }
    }

    /// Whether a word stands there between.
    pub(super) fn stands(&self, atom: Atom, (from, until): Span, sentence: u32) -> bool {
        self.of(atom).iter().any(|(_, span)| {
            span.0 >= from
                && span.0 < until
                && self.tokens.get(span.0).is_some_and(|token| token.sentence == sentence)
        })
    }

    fn of(&self, atom: Atom) -> &[(Atom, Span)] {
        match self.of_atom.get(atom as usize) {
            Some((text, from, until)) if *text == self.text => {
                self.occurrences.get(*from as usize..*until as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// Where a node fits.
    pub(super) fn places(&mut self, nodes: &[Node], number: NodeNumber) -> &[Span] {
        if !self.awake.is_awake(number) {
            return &[];
        }
        let (from, until) = self.find(nodes, number);
        self.places.get(from..until).unwrap_or_default()
    }

    fn find(&mut self, nodes: &[Node], number: NodeNumber) -> (usize, usize) {
        if !self.awake.is_awake(number) {
            return (0, 0);
        }
        if let Some((text, from, until)) = self.of_node.get(number as usize)
            && *text == self.text
        {
            return (*from as usize, *until as usize);
        }
        let mut found = match nodes.get(number as usize) {
            Some(Node::Word(atom)) => self.of(*atom).iter().map(|(_, span)| *span).collect(),
            Some(Node::Number) => self.single(|token| token.sort == Sort::Digits),
            Some(Node::Any) => self.single(|token| token.sort != Sort::Sign),
            Some(Node::Either(either)) => {
                let mut found = Vec::new();
                for node in either {
                    found.extend_from_slice(self.places(nodes, *node));
                }
                found
            }
            Some(Node::Row(steps)) => self.row(nodes, steps),
            Some(Node::All(all, window)) => self.all(nodes, all, usize::from(*window)),
            None => Vec::new(),
        };
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_PLACES);
        let from = self.places.len();
        self.places.append(&mut found);
        let until = self.places.len();
        if let Some(of) = self.of_node.get_mut(number as usize) {
            *of = (self.text, u32::try_from(from).unwrap_or(0), u32::try_from(until).unwrap_or(0));
        }
        (from, until)
    }

    fn single(&self, fits: impl Fn(&Token) -> bool) -> Vec<Span> {
        let fitting = self.tokens.iter().enumerate().filter(|(_, token)| fits(token));
        fitting.map(|(at, _)| (at, at.saturating_add(1))).take(MOST_PLACES).collect()
    }

    fn row(&mut self, nodes: &[Node], steps: &[(NodeNumber, u16, bool)]) -> Vec<Span> {
        // What must be there and is not ends it before anything is joined.
        for (node, _, optional) in steps {
            if !optional && self.places(nodes, *node).is_empty() {
                return Vec::new();
            }
        }
        let mut row = std::mem::take(&mut self.row);
        let mut next = std::mem::take(&mut self.next_row);
        row.clear();
        row.push((None, 0));
        for (node, gap, optional) in steps {
            let (from, until) = self.find(nodes, *node);
            next.clear();
            if *optional {
                next.extend_from_slice(&row);
            }
            for (began, end) in &row {
                for span in self.places.get(from..until).unwrap_or_default() {
                    if next.len() >= MOST_PLACES {
                        break;
                    }
                    match began {
                        None => next.push((Some(span.0), span.1)),
                        Some(began) if self.follows(*end, *span, usize::from(*gap)) => {
                            next.push((Some(*began), span.1));
                        }
                        Some(_) => {}
                    }
                }
            }
            std::mem::swap(&mut row, &mut next);
            if row.is_empty() {
                break;
            }
        }
        let found = row.iter().filter_map(|(began, end)| began.map(|began| (began, *end))).collect();
        (self.row, self.next_row) = (row, next);
        found
    }

    /// Whether a place comes so many words after an end at most, in the same sentence.
    fn follows(&self, end: usize, span: Span, gap: usize) -> bool {
        let sentence = |at: usize| self.tokens.get(at).map(|token| token.sentence);
        span.0 >= end
            && span.0 <= end.saturating_add(gap)
            && sentence(end.saturating_sub(1)) == sentence(span.0)
    }

    fn all(&mut self, nodes: &[Node], all: &[NodeNumber], window: usize) -> Vec<Span> {
        let mut joined: Vec<([Span; MOST_JOINED], usize)> = vec![([(0, 0); MOST_JOINED], 0)];
        for node in all.iter().take(MOST_JOINED) {
            let (from, until) = self.find(nodes, *node);
            let mut next = Vec::new();
            for (taken, count) in &joined {
                for span in self.places.get(from..until).unwrap_or_default() {
                    let before = taken.get(..*count).unwrap_or_default();
                    let apart = before.iter().all(|one| one.1 <= span.0 || span.1 <= one.0);
                    let whole = whole(before.iter().chain([span]));
                    if apart && whole.1.saturating_sub(whole.0) <= window && next.len() < MOST_PLACES {
                        let mut taken = *taken;
                        if let Some(free) = taken.get_mut(*count) {
                            *free = *span;
                        }
                        next.push((taken, count.saturating_add(1)));
                    }
                }
            }
            joined = next;
            if joined.is_empty() {
                return Vec::new();
            }
        }
        joined.iter().map(|(taken, count)| whole(taken.get(..*count).unwrap_or_default().iter())).collect()
    }
}

/// From the first to the last of several places.
fn whole<'s>(spans: impl Iterator<Item = &'s Span>) -> Span {
    spans.fold((usize::MAX, 0), |whole, span| (whole.0.min(span.0), whole.1.max(span.1)))
}
