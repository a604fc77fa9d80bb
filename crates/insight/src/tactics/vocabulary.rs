//! Which words of the rules a text holds, found with one walk over each word of the text.
//!
//! A word of the rules (atom) is a whole word, a beginning or an end. All are kept under the hash of their
//! bytes, which is worked out byte by byte (FNV-1a), so that a walk over a word meets every beginning on the
//! way. Long words that are not known may be known ones with one slip: a letter wrong, missing, too many, or
//! two changed about. The first two letters must be right, so that few are compared.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::expression::Extent;

/// A word of the rules.
pub(super) type Atom = u32;

/// Shortest word that may hold a slip, in characters.
const SHORTEST_WITH_SLIP: usize = 7;
/// Longest one.
const LONGEST_WITH_SLIP: usize = 32;
/// Longest run of a script without spaces that is one word of the rules, in characters.
pub(super) const LONGEST_RUN: usize = 16;

/// The words of the rules.
#[derive(Default)]
pub(super) struct Vocabulary {
    atoms: HashMap<(String, Extent), Atom>,
    by_hash: HashMap<u64, Vec<Entry>, BuildHasherDefault<Same>>,
    by_end: HashMap<u64, Vec<Entry>, BuildHasherDefault<Same>>,
    by_start: HashMap<[char; 2], Vec<Long>>,
    no_slips: HashSet<String>,
}

struct Entry {
    text: Box<str>,
    extent: Extent,
    atom: Atom,
}

/// A word in which a slip is forgiven.
struct Long {
    letters: Vec<char>,
    extent: Extent,
    atom: Atom,
}

impl Vocabulary {
    /// The atom of a word, a new one if it was not known.
    pub(super) fn atom(&mut self, text: &str, extent: Extent) -> Atom {
        if let Some(atom) = self.atoms.get(&(text.to_owned(), extent)) {
            return *atom;
        }
        let atom = Atom::try_from(self.atoms.len()).unwrap_or(Atom::MAX);
        self.atoms.insert((text.to_owned(), extent), atom);
        self.also(atom, text, extent);
        atom
    }

    /// Another spelling of an atom.
    pub(super) fn also(&mut self, atom: Atom, text: &str, extent: Extent) {
        let (entries, hash) = match extent {
            Extent::End => (&mut self.by_end, text.bytes().rev().fold(START, step)),
            _ => (&mut self.by_hash, text.bytes().fold(START, step)),
        };
        let entries = entries.entry(hash).or_default();
        if entries.iter().any(|entry| entry.atom == atom && *entry.text == *text) {
            return;
        }
        entries.push(Entry { text: text.into(), extent, atom });
        let letters: Vec<char> = text.chars().collect();
        if let [first, second, ..] = *letters.as_slice()
            && extent != Extent::End
            && letters.len() >= SHORTEST_WITH_SLIP
            && !text::has_unspaced(text)
        {
            self.by_start.entry([first, second]).or_default().push(Long { letters, extent, atom });
        }
    }

    /// A word that is never taken for another.
    pub(super) fn no_slip(&mut self, word: &str) {
        self.no_slips.insert(word.to_owned());
    }

    /// How many atoms there are.
    pub(super) fn len(&self) -> usize {
        self.atoms.len()
    }

    /// The atoms of a word of letters.
    pub(super) fn word(&self, word: &str, found: &mut Vec<Atom>) {
        let before = found.len();
        self.known(word, found);
        if found.len() > before {
            return;
        }
        if let Some(plain) = without_runs(word, 2) {
            self.known(&plain, found);
            if found.len() == before
                && let Some(plain) = without_runs(word, 1)
            {
                self.known(&plain, found);
            }
        }
        if found.len() == before {
            self.with_a_slip(word, found);
        }
    }

    fn known(&self, word: &str, found: &mut Vec<Atom>) {
        let mut hash = START;
        for (at, byte) in word.bytes().enumerate() {
            hash = step(hash, byte);
            let until = at.saturating_add(1);
            if let Some(entries) = self.by_hash.get(&hash) {
                let whole = until == word.len();
                let fits = |entry: &&Entry| {
                    (whole || entry.extent == Extent::Beginning) && word.get(..until) == Some(&entry.text)
                };
                found.extend(entries.iter().filter(fits).map(|entry| entry.atom));
            }
        }
        if self.by_end.is_empty() {
            return;
        }
        let mut hash = START;
        for (at, byte) in word.bytes().rev().enumerate() {
            hash = step(hash, byte);
            if let Some(entries) = self.by_end.get(&hash) {
                let from = word.len().saturating_sub(at.saturating_add(1));
                let fits = |entry: &&Entry| word.get(from..) == Some(&entry.text);
                found.extend(entries.iter().filter(fits).map(|entry| entry.atom));
            }
        }
    }

    /// The atoms that begin a run of characters: each with its length in characters.
    pub(super) fn run(&self, run: &str, found: &mut Vec<(Atom, usize)>) {
        let mut hash = START;
        let mut until: usize = 0;
        for (at, c) in run.chars().take(LONGEST_RUN).enumerate() {
            let mut bytes = [0; 4];
            hash = c.encode_utf8(&mut bytes).bytes().fold(hash, step);
            until = until.saturating_add(c.len_utf8());
            for entry in self.by_hash.get(&hash).into_iter().flatten() {
                if run.get(..until) == Some(&entry.text) {
                    found.push((entry.atom, at.saturating_add(1)));
                }
            }
        }
    }

    fn with_a_slip(&self, word: &str, found: &mut Vec<Atom>) {
        if word.len() < SHORTEST_WITH_SLIP {
            return;
        }
        let mut room = ['\0'; LONGEST_WITH_SLIP];
        let length = room.iter_mut().zip(word.chars()).map(|(to, from)| *to = from).count();
        let word_letters = room.get(..length).unwrap_or_default();
        let [first, second, ..] = *word_letters else { return };
        let Some(near) = self.by_start.get(&[first, second]) else { return };
        if length < SHORTEST_WITH_SLIP.saturating_sub(1) || self.no_slips.contains(word) {
            return;
        }
        for long in near {
            let fits = match long.extent {
                Extent::Beginning => begins_with_a_slip(word_letters, &long.letters),
                _ => is_one_slip_off(word_letters, &long.letters),
            };
            if fits && !found.contains(&long.atom) {
                found.push(long.atom);
            }
        }
    }
}

/// Whether one becomes the other by changing, leaving out, adding one letter or by changing two about.
fn is_one_slip_off(word: &[char], known: &[char]) -> bool {
    if word.len().abs_diff(known.len()) > 1 {
        return false;
    }
    let (word, known) = behind_the_same(word, known);
    match (word, known) {
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, more @ ..]) => a == d && b == c && rest == more,
        _ => false,
    }
}

/// Whether a word begins with a known beginning in which there is one slip.
fn begins_with_a_slip(word: &[char], known: &[char]) -> bool {
    let (word, known) = behind_the_same(word, known);
    match (word, known) {
        // Near the end of a beginning every other word differs by a slip.
        (_, [] | [_] | [_, _]) | ([] | [_], _) => false,
        ([a, rest @ ..], [c, more @ ..]) => {
            let changed_about = match (rest, more) {
                ([b, rest @ ..], [d, more @ ..]) => a == d && b == c && rest.starts_with(more),
                _ => false,
            };
            rest.starts_with(more) || rest.starts_with(known) || word.starts_with(more) || changed_about
        }
    }
}

fn behind_the_same<'a>(one: &'a [char], other: &'a [char]) -> (&'a [char], &'a [char]) {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default())
}

/// A word in which no letter stands more than so often in a row; nothing if none stands three times.
fn without_runs(word: &str, most: usize) -> Option<String> {
    let mut plain = String::new();
    let (mut last, mut run, mut longest) = (None, 0_usize, 0);
    for c in word.chars() {
        run = if last == Some(c) { run.saturating_add(1) } else { 1 };
        longest = longest.max(run);
        last = Some(c);
        if run <= most {
            plain.push(c);
        }
    }
    (longest >= 3).then_some(plain)
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// The key is a hash already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().copied().fold(START, step);
    }

    fn write_u64(&mut self, hash: u64) {
        // The table looks at the upper bits first, which in FNV change least.
        self.0 = hash ^ hash.rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(words: &[&str]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for word in words {
            let (text, extent) = match (word.strip_suffix('*'), word.strip_prefix('*')) {
                (Some(text), _) => (text, Extent::Beginning),
                (_, Some(text)) => (text, Extent::End),
                _ => (*word, Extent::Whole),
            };
            vocabulary.atom(text, extent);
        }
        vocabulary
    }

    fn found(vocabulary: &Vocabulary, word: &str) -> Vec<Atom> {
        let mut found = Vec::new();
        vocabulary.word(word, &mut found);
        found.sort_unstable();
        found
    }

    #[test]
    fn whole_beginning_and_end() {
        let vocabulary = vocabulary(&["pass", "schuld*", "*schulden", "reise*"]);
        assert_eq!(found(&vocabulary, "pass"), [0]);
        assert_eq!(found(&vocabulary, "passen"), [] as [Atom; 0]);
        assert_eq!(found(&vocabulary, "schulden"), [1, 2]);
        assert_eq!(found(&vocabulary, "reiseschulden"), [2, 3]);
        assert_eq!(found(&vocabulary, "passss"), [0]);
    }

    #[test]
    fn one_slip_in_a_long_word() {
        let vocabulary = vocabulary(&["passport", "standort*", "polizei"]);
        for slip in ["pasport", "passprot", "passpoort", "passpart"] {
            assert_eq!(found(&vocabulary, slip), [0], "{slip}");
        }
        for slip in ["standrot", "stadort", "stanndortdaten"] {
            assert_eq!(found(&vocabulary, slip), [1], "{slip}");
        }
        for other in ["passt", "pastor", "passagier", "standen", "standard", "polieren"] {
            assert!(found(&vocabulary, other).is_empty(), "{other}");
        }
    }

    #[test]
    fn runs_of_characters() {
        let vocabulary = vocabulary(&["护照", "护照在", "在"]);
        let mut found = Vec::new();
        vocabulary.run("护照在我", &mut found);
        assert_eq!(found, [(0, 2), (1, 3)]);
    }
}
