//! Which parts of which lines can fit a text at all, told from its words before anything is joined.
//!
//! Every word of the text wakes the parts that are this word; a choice wakes with one of its parts, a row
//! with all that must be there. What wakes tells the parts it belongs to, so the cost follows what stands in
//! the text and not how many lines there are. Only what is awake is looked up.

use super::compile::{Node, NodeNumber};
use super::vocabulary::Atom;

/// Who tells whom.
#[derive(Default)]
pub(super) struct Wakes {
    /// The part that is a word, by word.
    of_word: Vec<Option<NodeNumber>>,
    numbers: Vec<NodeNumber>,
    always: Vec<NodeNumber>,
    /// The parts that hold this one.
    parents: Vec<Vec<NodeNumber>>,
    /// How many parts must be awake for this one.
    needs: Vec<u32>,
    /// The lines that are this part: language and line.
    lines: Vec<Vec<(u16, u32)>>,
}

/// What is awake in one text. Kept, so that its memory is used again.
#[derive(Default)]
pub(super) struct Awake {
    text: u32,
    /// In which text a part was told last, and by how many.
    told: Vec<(u32, u32)>,
    /// In which text a part was awake last.
    woken: Vec<u32>,
    open: Vec<NodeNumber>,
    /// The lines that are awake.
    pub(super) lines: Vec<(u16, u32)>,
}

impl Wakes {
    /// From all parts, and the part of each line.
    pub(super) fn new(
        words: usize,
        nodes: &[Node],
        lines: impl Iterator<Item = (NodeNumber, (u16, u32))>,
    ) -> Self {
        let mut wakes = Self {
            of_word: vec![None; words],
            parents: vec![Vec::new(); nodes.len()],
            needs: vec![1; nodes.len()],
            lines: vec![Vec::new(); nodes.len()],
            ..Self::default()
        };
        for (number, node) in (0..).zip(nodes) {
            match node {
                Node::Word(atom) => {
                    if let Some(place) = wakes.of_word.get_mut(*atom as usize) {
                        *place = Some(number);
                    }
                }
                Node::Number => wakes.numbers.push(number),
                Node::Any => wakes.always.push(number),
                Node::Either(nodes) => {
                    wakes.tell(number, nodes.iter().copied());
                }
                Node::All(nodes, _) => wakes.need(number, nodes.iter().copied()),
                Node::Row(steps) => {
                    let needed = steps.iter().filter(|(_, _, optional)| !optional);
                    wakes.need(number, needed.map(|(node, _, _)| *node));
                }
            }
        }
        for (node, line) in lines {
            if let Some(lines) = wakes.lines.get_mut(node as usize) {
                lines.push(line);
            }
        }
        wakes
    }

    fn need(&mut self, number: NodeNumber, of: impl Iterator<Item = NodeNumber>) {
        let count = self.tell(number, of);
        if let Some(needs) = self.needs.get_mut(number as usize) {
            *needs = count;
        }
    }

    /// Lets each of these tell a part, once; gives how many they are.
    fn tell(&mut self, number: NodeNumber, of: impl Iterator<Item = NodeNumber>) -> u32 {
        let mut from: Vec<NodeNumber> = of.collect();
        from.sort_unstable();
        from.dedup();
        for node in &from {
            if let Some(parents) = self.parents.get_mut(*node as usize) {
                parents.push(number);
            }
        }
        u32::try_from(from.len()).unwrap_or(u32::MAX)
    }
}

impl Awake {
    /// Room for so many parts.
    pub(super) fn new(nodes: usize) -> Self {
        Self { told: vec![(0, 0); nodes], woken: vec![0; nodes], ..Self::default() }
    }

    /// Wakes what the words of a text wake.
    pub(super) fn wake(&mut self, wakes: &Wakes, words: &[Atom], has_numbers: bool) {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
            self.told.fill((0, 0));
            self.woken.fill(0);
            self.text = 1;
        }
        self.lines.clear();
        self.open.clear();
        self.open
            .extend(words.iter().filter_map(|word| wakes.of_word.get(*word as usize).copied().flatten()));
        self.open.extend_from_slice(&wakes.always);
        if has_numbers {
            self.open.extend_from_slice(&wakes.numbers);
        }
        while let Some(number) = self.open.pop() {
            let Some(woken) = self.woken.get_mut(number as usize) else { continue };
            if *woken == self.text {
                continue;
            }
            *woken = self.text;
            self.lines.extend(wakes.lines.get(number as usize).into_iter().flatten());
            for parent in wakes.parents.get(number as usize).into_iter().flatten() {
                let Some(told) = self.told.get_mut(*parent as usize) else { continue };
                if told.0 != self.text {
                    *told = (self.text, 0);
                }
                told.1 = told.1.saturating_add(1);
                if wakes.needs.get(*parent as usize) == Some(&told.1) {
                    self.open.push(*parent);
                }
            }
        }
        // In the order of the rules, whatever woke first.
        self.lines.sort_unstable();
    }

    /// Whether a part can fit.
    pub(super) fn is_awake(&self, number: NodeNumber) -> bool {
        self.woken.get(number as usize) == Some(&self.text)
    }
}
