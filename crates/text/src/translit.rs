//! The other spellings of a word: Bulgarian, Russian, Ukrainian and Serbian in Latin letters and back, German
//! umlauts written out.
//!
//! Sources of the tables: Bulgarian Transliteration Act of 2009 (streamlined system); ISO 9:1995, whose
//! accents the shadow form takes off; BGN/PCGN for Russian; resolution 55 of the Ukrainian cabinet, 2010;
//! Serbian Gaj's alphabet; DIN 5007-2 for ä → ae; and what is typed in chats (`4` ч, `6` ш, `q` я, `w` в,
//! `x` х, `y` ъ). A spelling is a guess: hits by it are shown as such. No dictionary decides between guesses,
//! so there are at most [`MOST_SPELLINGS`] of a word.

use crate::normalise::normalise;
use crate::scripts::Script;

/// Most other spellings of one word.
pub const MOST_SPELLINGS: usize = 8;
/// Longest word, in characters, that is spelt differently: the number of guesses stays small, but their
/// length does not.
const LONGEST: usize = 48;

/// Latin letters and what they may stand for, the likelier first. `$` stands for the end of the word.
type Table = &'static [(&'static str, &'static [&'static str])];

const BULGARIAN: Table = &[
    ("sht", &["щ", "шт"]),
    ("zh", &["ж"]),
    ("ch", &["ч"]),
    ("sh", &["ш", "сх"]),
    ("ts", &["ц", "тс"]),
    ("yu", &["ю", "йу"]),
    ("ju", &["ю"]),
    ("ya", &["я"]),
    ("ja", &["я", "жа"]),
    ("ia$", &["ия", "иа"]),
    ("iya", &["ия"]),
    ("iq", &["ия"]),
    ("yo", &["йо", "ьо"]),
    ("jo", &["йо", "жо"]),
    ("dzh", &["дж"]),
    ("dj", &["дж"]),
    ("ai", &["ай", "аи"]),
    ("ei", &["ей", "еи"]),
    ("oi", &["ой", "ои"]),
    ("ui", &["уй", "ъи"]),
    ("ay", &["ай"]),
    ("ey", &["ей"]),
    ("oy", &["ой"]),
    ("uy", &["уй"]),
    ("iy", &["ий"]),
    ("a", &["а", "ъ"]),
    ("b", &["б"]),
    ("c", &["ц", "к"]),
    ("d", &["д"]),
    ("e", &["е"]),
    ("f", &["ф"]),
    ("g", &["г"]),
    ("h", &["х"]),
    ("i", &["и", "й"]),
    ("j", &["ж", "й"]),
    ("k", &["к"]),
    ("l", &["л"]),
    ("m", &["м"]),
    ("n", &["н"]),
    ("o", &["о"]),
    ("p", &["п"]),
    ("q", &["я"]),
    ("r", &["р"]),
    ("s", &["с"]),
    ("t", &["т"]),
    ("u", &["у", "ъ"]),
    ("v", &["в", "ж"]),
    ("w", &["в", "ш"]),
    ("x", &["х", "кс"]),
    ("y", &["ъ", "й"]),
    ("z", &["з"]),
    ("4", &["ч"]),
    ("6", &["ш"]),
];

const RUSSIAN: Table = &[
    ("shch", &["щ"]),
    ("sch", &["щ", "сч"]),
    ("zh", &["ж"]),
    ("kh", &["х"]),
    ("ch", &["ч"]),
    ("sh", &["ш"]),
    ("cho", &["че", "чо"]),
    ("sho", &["ше", "шо"]),
    ("ts", &["ц", "тс"]),
    ("tz", &["ц"]),
    ("yu", &["ю"]),
    ("ju", &["ю"]),
    ("ya", &["я"]),
    ("ja", &["я"]),
    ("ia", &["ия", "иа"]),
    ("iya", &["ия"]),
    ("yo", &["е"]),
    ("jo", &["е"]),
    ("ye", &["е"]),
    ("je", &["е"]),
    ("yy", &["ый"]),
    ("iy", &["ий"]),
    ("yi$", &["ый"]),
    ("ii$", &["ий"]),
    ("ij$", &["ий"]),
    ("yj$", &["ый"]),
    ("y$", &["ый", "ы", "й"]),
    ("ay", &["ай"]),
    ("ai", &["ай", "аи"]),
    ("ey", &["ей"]),
    ("ei", &["ей", "еи"]),
    ("oy", &["ой"]),
    ("oi", &["ой", "ои"]),
    ("oj", &["ой"]),
    ("uy", &["уй"]),
    ("a", &["а"]),
    ("b", &["б"]),
    ("c", &["ц", "к", "с"]),
    ("d", &["д"]),
    ("e", &["е", "э"]),
    ("f", &["ф"]),
    ("g", &["г"]),
    ("h", &["х", "г"]),
    ("i", &["и", "ы"]),
    ("j", &["й", "ж"]),
    ("k", &["к"]),
    ("l", &["л", "ль"]),
    ("m", &["м"]),
    ("n", &["н", "нь"]),
    ("o", &["о"]),
    ("p", &["п"]),
    ("q", &["я", "к"]),
    ("r", &["р"]),
    ("s", &["с"]),
    ("t", &["т", "ть"]),
    ("u", &["у", "ю"]),
    ("v", &["в"]),
    ("w", &["в", "ш"]),
    ("x", &["х", "кс"]),
    ("y", &["ы", "й"]),
    ("z", &["з"]),
    ("4", &["ч"]),
    ("6", &["ш"]),
    ("'", &["ь", ""]),
];

const UKRAINIAN: Table = &[
    ("shch", &["щ"]),
    ("kyi", &["киї"]),
    ("zgh", &["зг"]),
    ("zh", &["ж"]),
    ("kh", &["х"]),
    ("ch", &["ч"]),
    ("sh", &["ш"]),
    ("ts", &["ц"]),
    ("yu", &["ю"]),
    ("iu", &["ю"]),
    ("ya", &["я"]),
    ("ia", &["я", "ія"]),
    ("iia", &["ія"]),
    ("ye", &["є"]),
    ("ie", &["є"]),
    ("yi$", &["ий", "ї"]),
    ("yi", &["ї"]),
    ("yy", &["ий"]),
    ("y$", &["и", "ий", "й"]),
    ("ai", &["ай", "аї"]),
    ("ei", &["ей"]),
    ("oi", &["ой", "ої"]),
    ("iy", &["ій"]),
    ("ay", &["ай"]),
    ("oy", &["ой"]),
    ("ey", &["ей"]),
    ("a", &["а"]),
    ("b", &["б"]),
    ("c", &["ц"]),
    ("d", &["д"]),
    ("e", &["е"]),
    ("f", &["ф"]),
    ("g", &["ґ", "г"]),
    ("h", &["г", "х"]),
    ("i", &["і", "и"]),
    ("j", &["й"]),
    ("k", &["к"]),
    ("l", &["л"]),
    ("m", &["м"]),
    ("n", &["н"]),
    ("o", &["о"]),
    ("p", &["п"]),
    ("q", &["я"]),
    ("r", &["р"]),
    ("s", &["с"]),
    ("t", &["т"]),
    ("u", &["у"]),
    ("v", &["в"]),
    ("w", &["в"]),
    ("x", &["х"]),
    ("y", &["и", "й"]),
    ("z", &["з"]),
    ("4", &["ч"]),
    ("6", &["ш"]),
    ("'", &["ь", ""]),
];

/// Cyrillic letters in Latin, one column a system: Bulgarian 2009, Russian, Ukrainian 2010, Serbian,
/// ISO 9 without accents, Bulgarian chat. An empty column means that the system has no such letter.
const TO_LATIN: &[(char, [&str; 6])] = &[
    ('а', ["a", "a", "a", "a", "a", "a"]),
    ('б', ["b", "b", "b", "b", "b", "b"]),
    ('в', ["v", "v", "v", "v", "v", "w"]),
    ('г', ["g", "g", "h", "g", "g", "g"]),
    ('ґ', ["g", "g", "g", "g", "g", "g"]),
    ('д', ["d", "d", "d", "d", "d", "d"]),
    ('ђ', ["dj", "dj", "dj", "d", "d", "dj"]),
    ('е', ["e", "e", "e", "e", "e", "e"]),
    ('є', ["e", "e", "ie", "e", "e", "e"]),
    ('ж', ["zh", "zh", "zh", "z", "z", "j"]),
    ('з', ["z", "z", "z", "z", "z", "z"]),
    ('и', ["i", "i", "y", "i", "i", "i"]),
    ('і', ["i", "i", "i", "i", "i", "i"]),
    ('ї', ["i", "i", "i", "i", "i", "i"]),
    ('й', ["y", "y", "i", "j", "j", "i"]),
    ('ј', ["j", "j", "j", "j", "j", "j"]),
    ('к', ["k", "k", "k", "k", "k", "k"]),
    ('л', ["l", "l", "l", "l", "l", "l"]),
    ('љ', ["lj", "lj", "lj", "lj", "l", "lj"]),
    ('м', ["m", "m", "m", "m", "m", "m"]),
    ('н', ["n", "n", "n", "n", "n", "n"]),
    ('њ', ["nj", "nj", "nj", "nj", "n", "nj"]),
    ('о', ["o", "o", "o", "o", "o", "o"]),
    ('п', ["p", "p", "p", "p", "p", "p"]),
    ('р', ["r", "r", "r", "r", "r", "r"]),
    ('с', ["s", "s", "s", "s", "s", "s"]),
    ('т', ["t", "t", "t", "t", "t", "t"]),
    ('ћ', ["c", "c", "c", "c", "c", "c"]),
    ('у', ["u", "u", "u", "u", "u", "u"]),
    ('ў', ["u", "u", "u", "u", "u", "u"]),
    ('ф', ["f", "f", "f", "f", "f", "f"]),
    ('х', ["h", "kh", "kh", "h", "h", "h"]),
    ('ц', ["ts", "ts", "ts", "c", "c", "c"]),
    ('ч', ["ch", "ch", "ch", "c", "c", "4"]),
    ('џ', ["dzh", "dzh", "dzh", "dz", "d", "dj"]),
    ('ш', ["sh", "sh", "sh", "s", "s", "6"]),
    ('щ', ["sht", "shch", "shch", "st", "s", "6t"]),
    ('ъ', ["a", "", "", "", "", "y"]),
    ('ы', ["y", "y", "y", "y", "y", "i"]),
    ('ь', ["y", "", "", "", "", "i"]),
    ('э', ["e", "e", "e", "e", "e", "e"]),
    ('ю', ["yu", "yu", "iu", "ju", "u", "iu"]),
    ('я', ["ya", "ya", "ia", "ja", "a", "q"]),
];

/// The other spellings of a word, each in shadow form, the likelier first: at most [`MOST_SPELLINGS`].
/// A Latin word is guessed in Cyrillic, a Cyrillic word in Latin; others have none.
pub fn other_script(word: &str) -> Vec<String> {
    let shadow = normalise(word);
    if shadow.chars().count() > LONGEST {
        return Vec::new();
    }
    match Script::of_word(&shadow) {
        Script::Latin => to_cyrillic(&shadow),
        Script::Cyrillic => to_latin(&shadow),
        _ => Vec::new(),
    }
}

/// The spellings of a German word with its umlauts written out, or the other way round, in shadow form:
/// `Übergabe` is also `uebergabe`, `Uebergabe` is also `ubergabe`. At most two.
pub fn umlauts(word: &str) -> Vec<String> {
    let shadow = normalise(word);
    let mut found = Vec::new();
    let lower = word.to_lowercase();
    if lower.contains(['ä', 'ö', 'ü']) {
        let out = lower.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
        found.push(normalise(&out));
    }
    if Script::of_word(&shadow) == Script::Latin {
        found.push(shadow.replace("ae", "a").replace("oe", "o").replace("ue", "u"));
    }
    keep_new(&shadow, found, 2)
}

fn to_cyrillic(shadow: &str) -> Vec<String> {
    let tables = [BULGARIAN, RUSSIAN, UKRAINIAN];
    let readings: Vec<Vec<&[&str]>> = tables.iter().filter_map(|table| read(shadow, table)).collect();
    // First the likeliest of each language, then each with one letter read otherwise, language by language.
    let mut found: Vec<String> = readings.iter().map(|reading| spell(reading, None)).collect();
    let mut other: Vec<_> = readings.iter().map(|reading| otherwise(reading).into_iter()).collect();
    while found.len() < 4 * MOST_SPELLINGS {
        let before = found.len();
        found.extend(other.iter_mut().filter_map(Iterator::next));
        if found.len() == before {
            break;
        }
    }
    keep_new(shadow, found, MOST_SPELLINGS)
}

/// The word taken apart by the longest entries of the table; nothing when a character is in none.
fn read(shadow: &str, table: Table) -> Option<Vec<&'static [&'static str]>> {
    let mut reading = Vec::new();
    let mut rest = shadow;
    while !rest.is_empty() {
        let fits = |entry: &str| match entry.strip_suffix('$') {
            Some(ending) => rest == ending,
            None => rest.starts_with(entry),
        };
        let (entry, options) =
            table.iter().filter(|(entry, _)| fits(entry)).max_by_key(|(entry, _)| entry.len())?;
        reading.push(*options);
        rest = rest.get(entry.trim_end_matches('$').len()..)?;
    }
    Some(reading)
}

/// The word with the likeliest letters, or at one place with another of the choices there.
fn spell(reading: &[&[&str]], except: Option<(usize, usize)>) -> String {
    let choice = |place: usize| except.filter(|(at, _)| *at == place).map_or(0, |(_, choice)| choice);
    let letters = reading.iter().enumerate();
    letters.filter_map(|(place, options)| options.get(choice(place))).copied().collect()
}

/// Every spelling with one letter that is not the likeliest, later letters first: endings vary most.
fn otherwise(reading: &[&[&str]]) -> Vec<String> {
    let mut found = Vec::new();
    for (place, options) in reading.iter().enumerate().rev() {
        found.extend((1..options.len()).map(|choice| spell(reading, Some((place, choice)))));
    }
    found
}

fn to_latin(shadow: &str) -> Vec<String> {
    let systems = TO_LATIN.first().map_or(0, |(_, columns)| columns.len());
    let mut found = Vec::new();
    for system in 0..systems {
        found.push(shadow.chars().map(|c| latin(c, system)).collect());
    }
    // ия at the end is ia by the Act of 2009; ий and ый are often y alone.
    for (ending, plain) in [("ия", "ia"), ("ий", "y"), ("ый", "y"), ("ій", "iy")] {
        if let Some(stem) = shadow.strip_suffix(ending) {
            found.push(stem.chars().map(|c| latin(c, 0)).collect::<String>() + plain);
        }
    }
    keep_new(shadow, found, MOST_SPELLINGS)
}

fn latin(c: char, system: usize) -> String {
    let column =
        TO_LATIN.iter().find(|(letter, _)| *letter == c).and_then(|(_, columns)| columns.get(system));
    column.map_or_else(|| c.to_string(), |latin| (*latin).to_owned())
}

/// The shadow forms of the candidates, each once, without the word itself.
fn keep_new(shadow: &str, candidates: Vec<String>, most: usize) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for candidate in candidates {
        let candidate = normalise(&candidate);
        if candidate != shadow && !candidate.is_empty() && !kept.contains(&candidate) && kept.len() < most {
            kept.push(candidate);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORDS: &str = include_str!("../fixtures/translit.tsv");

    #[test]
    fn words_are_found_in_the_other_script() {
        for line in WORDS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (typed, wanted) = line.split_once('\t').expect("two columns");
            let found = other_script(typed);
            assert!(found.contains(&normalise(wanted)), "{typed} → {wanted}: {found:?}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for word in ["", "护照", "جواز", "123", "🍒"] {
            assert!(other_script(word).is_empty(), "{word}");
        }
        assert!(other_script(&"a".repeat(100)).is_empty());
    }

    #[test]
    fn umlauts_both_ways() {
        assert_eq!(umlauts("Übergabe"), ["uebergabe"]);
        assert_eq!(umlauts("Uebergabe"), ["ubergabe"]);
        assert_eq!(umlauts("Straße"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn few_and_in_shadow_form(word in "[a-z46']{0,20}|[а-яіїєґ]{0,20}|.{0,20}") {
            let found = other_script(&word);
            prop_assert!(found.len() <= MOST_SPELLINGS);
            for spelling in found {
                prop_assert_eq!(normalise(&spelling), spelling);
            }
            prop_assert!(umlauts(&word).len() <= 2);
        }
    }
}
