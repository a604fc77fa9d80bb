//! The mix of 200 queries with terms of three characters and more, and 60 with shorter ones.

use super::data::{Chance, LANGUAGES, telephone, words};

/// A query as typed, and its terms for a peer that knows only strings.
pub(crate) struct Typed {
    pub(crate) typed: String,
    pub(crate) peer: Peer,
}

/// What a trigram table of its own can be asked.
pub(crate) enum Peer {
    Match(String),
    Like(String),
}

fn quoted(term: &str) -> String {
    format!("\"{}\"", term.replace('"', "\"\""))
}

fn long(term: &str) -> bool {
    term.chars().count() >= 3
}

/// 60 words, 25 phrases, 25 beginnings, 30 parts, 10 numbers, 20 AND, 10 OR, 10 NOT, 10 NEAR.
pub(crate) fn mix() -> Vec<Typed> {
    let mut chance = Chance(200);
    let mut list = Vec::new();
    let mut add = |typed: String, peer: String| list.push(Typed { typed, peer: Peer::Match(peer) });
    // Frequent, middling and rare words in turn.
    let word = |chance: &mut Chance, number: usize| loop {
        let language = &LANGUAGES[number % LANGUAGES.len()];
        let rank = [1 + chance.below(25), 25 + chance.below(400), 400 + chance.below(19_000)][number / 8 % 3];
        let word = language.word(rank);
        if long(&word) {
            // Where words are not parted by blanks they are parts of a text.
            let unspaced = matches!(number % LANGUAGES.len(), 5 | 6);
            return (word, unspaced);
        }
    };
    let typed = |(word, unspaced): &(String, bool)| {
        if *unspaced { format!("*{word}*") } else { word.clone() }
    };
    for number in 0..60 {
        let word = word(&mut chance, number);
        add(typed(&word), quoted(&word.0));
    }
    let mut phrases = 0;
    while phrases < 25 {
        let (language, words) = words(chance.below(1_000_000) * 100 + 50);
        let at = chance.below(words.len() as u64 - 1) as usize;
        let between = if matches!(language.word(1).as_str(), "我" | "ฉัน") { "" } else { " " };
        let phrase = words[at..(at + 3).min(words.len())].join(between);
        if long(&phrase) {
            add(quoted(&phrase), quoted(&phrase));
            phrases += 1;
        }
    }
    for number in 0..25 {
        let word = word(&mut chance, [0, 1, 2, 3, 4, 7][number % 6] + number / 6 % 3 * 8).0;
        let beginning: String = word.chars().take(3 + number % 3).collect();
        add(format!("{beginning}*"), quoted(&beginning));
    }
    for number in 0..30 {
        let word = word(&mut chance, number).0;
        let skipped = word.chars().count().saturating_sub(4).min(1);
        let part: String = word.chars().skip(skipped).take(3 + number % 3).collect();
        add(format!("*{part}*"), quoted(&part));
    }
    for number in 0..10 {
        let number = telephone(number * 271);
        add(number.clone(), quoted(&number));
    }
    for (operator, many) in [("AND", 20), ("OR", 10), ("NOT", 10), ("NEAR/5", 10)] {
        for number in 0..many {
            let spaced = [0, 1, 2, 3, 4, 7][number % 6];
            let (one, other) = (word(&mut chance, spaced), word(&mut chance, spaced + number / 6 % 2 * 8));
            let peer = if operator == "NEAR/5" { "AND" } else { operator };
            add(
                format!("{} {operator} {}", typed(&one), typed(&other)),
                format!("{} {peer} {}", quoted(&one.0), quoted(&other.0)),
            );
        }
    }
    list
}

/// 60 terms of one or two characters: 40 parts of words, most of them in many texts, and 20 pairs of
/// characters that seldom stand together.
pub(crate) fn short() -> Vec<Typed> {
    let mut chance = Chance(60);
    let mut list = Vec::new();
    while list.len() < 60 {
        let language = &LANGUAGES[list.len() % LANGUAGES.len()];
        let mut some = |many: usize| -> String {
            let word = language.word(1 + chance.below(3000));
            let skipped = chance.below(word.chars().count() as u64) as usize;
            word.chars().skip(skipped).take(many).collect()
        };
        let term = if list.len() < 40 { some(1 + list.len() / 8 % 2) } else { some(1) + &some(1) };
        if !term.is_empty() {
            list.push(Typed { typed: format!("*{term}*"), peer: Peer::Like(format!("%{term}%")) });
        }
    }
    list
}
