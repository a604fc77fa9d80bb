//! Which parts of which lines can fit a text at all, told from its words before anything is joined.
//!
//! Every word of the text wakes the parts that are this word; a choice wakes with one of its parts, a row
//! with all that must be there. What wakes tells the parts it belongs to; a row is told only by its rarest
//! part, and then asks for the others. So the cost follows what is rare in the text and not how many lines
//! there are. Only what is awake is looked up.

use super::compile::{Node, NodeNumber};
use super::vocabulary::Atom;

/// How common a word is that most texts have, against one that few have.
const COMMON: u32 = 50;

/// Who tells whom.
#[derive(Default)]
pub(super) struct Wakes {
    /// The part that is a word, by word.
    of_word: Vec<Option<NodeNumber>>,
    numbers: Vec<NodeNumber>,
    always: Vec<NodeNumber>,
    /// The parts that this one tells.
    parents: Vec<Vec<NodeNumber>>,
    /// The parts that must be awake for this one; none for a choice, which one of its parts wakes.
    needs: Vec<Vec<NodeNumber>>,
    /// The lines that are this part: language and line.
    lines: Vec<Vec<(u16, u32)>>,
}

/// What is awake in one text. Kept, so that its memory is used again.
#[derive(Default)]
pub(super) struct Awake {
    text: u32,
    /// In which text a part was awake last.
    woken: Vec<u32>,
    open: Vec<NodeNumber>,
    /// Rows that were told and wait for others of their parts.
    waiting: Vec<NodeNumber>,
    /// The lines that are awake.
    pub(super) lines: Vec<(u16, u32)>,
}

impl Wakes {
    /// From all parts, and the part of each line; `is_common` says which words most texts have.
    pub(super) fn new(
        words: usize,
        nodes: &[Node],
        lines: impl Iterator<Item = (NodeNumber, (u16, u32))>,
        is_common: impl Fn(Atom) -> bool,
    ) -> Self {
        let mut wakes = Self {
            of_word: vec![None; words],
            parents: vec![Vec::new(); nodes.len()],
            needs: vec![Vec::new(); nodes.len()],
            lines: vec![Vec::new(); nodes.len()],
            ..Self::default()
        };
        // How many texts a part may wake in, roughly; parts stand before what they are parts of.
        let mut common: Vec<u32> = Vec::with_capacity(nodes.len());
        for (number, node) in (0..).zip(nodes) {
            let of = |node: &NodeNumber| common.get(*node as usize).copied().unwrap_or(u32::MAX);
            let how_common = match node {
                Node::Word(atom) => {
                    if let Some(place) = wakes.of_word.get_mut(*atom as usize) {
                        *place = Some(number);
                    }
                    if is_common(*atom) { COMMON } else { 1 }
                }
                Node::Number => {
                    wakes.numbers.push(number);
                    COMMON
                }
                Node::Any => {
                    wakes.always.push(number);
                    u32::MAX
                }
                Node::Either(nodes) => {
                    let sum = nodes.iter().fold(0_u32, |sum, node| sum.saturating_add(of(node)));
                    for node in nodes {
                        wakes.tell(*node, number);
                    }
                    sum
                }
                Node::All(nodes, _) => wakes.need(number, nodes.clone(), of),
                Node::Row(steps) => {
                    let needed = steps.iter().filter(|(_, _, optional)| !optional);
                    wakes.need(number, needed.map(|(node, _, _)| *node).collect(), of)
                }
            };
            common.push(how_common);
        }
        for (node, line) in lines {
            if let Some(lines) = wakes.lines.get_mut(node as usize) {
                lines.push(line);
            }
        }
        wakes
    }

    /// Lets the rarest of these tell a row; gives how common it is.
    fn need(
        &mut self,
        number: NodeNumber,
        mut needed: Vec<NodeNumber>,
        of: impl Fn(&NodeNumber) -> u32,
    ) -> u32 {
        // Whoever is asked first is likely to be the one that is missing.
        needed.sort_by_key(&of);
        let Some(rarest) = needed.first().copied() else { return u32::MAX };
        self.tell(rarest, number);
        if let Some(needs) = self.needs.get_mut(number as usize) {
            *needs = needed;
        }
        of(&rarest)
    }

    fn tell(&mut self, from: NodeNumber, to: NodeNumber) {
        if let Some(parents) = self.parents.get_mut(from as usize)
            && parents.last() != Some(&to)
        {
            parents.push(to);
        }
    }
}

impl Awake {
    /// Room for so many parts.
    pub(super) fn new(nodes: usize) -> Self {
        Self { woken: vec![0; nodes], ..Self::default() }
    }

    /// Wakes what the words of a text wake.
    pub(super) fn wake(&mut self, wakes: &Wakes, words: &[Atom], has_numbers: bool) {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
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
        self.waiting.clear();
        loop {
            self.wake_open(wakes);
            // What was told and now has all its parts wakes others in turn.
            let mut waiting = std::mem::take(&mut self.waiting);
            waiting.retain(|number| {
                let mut needs = wakes.needs.get(*number as usize).into_iter().flatten();
                let ready = needs.all(|need| self.is_awake(*need));
                if ready {
                    self.open.push(*number);
                }
                !ready
            });
            self.waiting = waiting;
            if self.open.is_empty() {
                break;
            }
        }
        // In the order of the rules, whatever woke first.
        self.lines.sort_unstable();
    }

    /// Wakes what is open and the choices it tells; rows that it tells wait.
    fn wake_open(&mut self, wakes: &Wakes) {
        while let Some(number) = self.open.pop() {
            let Some(woken) = self.woken.get_mut(number as usize) else { continue };
            if *woken == self.text {
                continue;
            }
            *woken = self.text;
            self.lines.extend(wakes.lines.get(number as usize).into_iter().flatten());
            for parent in wakes.parents.get(number as usize).into_iter().flatten() {
                if wakes.needs.get(*parent as usize).is_none_or(Vec::is_empty) {
                    self.open.push(*parent);
                } else {
                    self.waiting.push(*parent);
                }
            }
        }
    }

    /// Whether a part can fit.
    pub(super) fn is_awake(&self, number: NodeNumber) -> bool {
        self.woken.get(number as usize) == Some(&self.text)
    }
}
