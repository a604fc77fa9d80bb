//! Telephone numbers in any spelling: what looks like one, and whether two spellings mean the same line.
//!
//! Follows ITU-T E.164 (at most 15 digits; country codes of one, two or three digits) and the common ways to
//! write a number nationally: a trunk 0 (kept in Italy), 8 in Russia and Kazakhstan, 06 in Hungary. It knows
//! no numbering plan, so it cannot say whether a number exists, and it compares cautiously: what only may be
//! the same is said to be so.

use std::ops::Range;

use crate::normalise::normalise;

/// Fewest digits of a number that is taken for a telephone number.
const FEWEST: usize = 6;
/// Most digits: 15 by E.164, and an exit code of up to three before them.
const MOST: usize = 18;
/// Fewest digits that must agree when the country is not known on both sides.
const SIGNIFICANT: usize = 8;

/// The digits of something that looks like a telephone number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneKey {
    digits: String,
    spelling: Spelling,
}

/// In which way the number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spelling {
    /// After `+` or `00`: the digits begin with the country code.
    International,
    /// After a trunk `0`, which is not among the digits.
    National,
    /// Neither: international without its sign, national without a trunk digit, or local.
    Bare,
}

/// Whether two spellings mean one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sameness {
    /// Same digits, the country known or the same.
    Same,
    /// The digits agree as far as they go, but the country of one is not known.
    Perhaps,
    /// Another line.
    Different,
}

impl PhoneKey {
    /// The digits without signs, exit code and trunk 0.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// In which way it was written.
    pub fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// The last eight digits: the same in all spellings of a number, for looking it up in an index. Two
    /// numbers with the same tail need not be the same; ask [`same_number`].
    pub fn tail(&self) -> &str {
        let from = self.digits.len().saturating_sub(SIGNIFICANT);
        self.digits.get(from..).unwrap_or(&self.digits)
    }

    /// The digit strings under which this number may be written: as it is, and with `country_prefix`
    /// (digits, such as `49`) internationally and nationally. At most four.
    pub fn variants(&self, country_prefix: Option<&str>) -> Vec<String> {
        let mut variants = Vec::new();
        let international = |digits: &str| [digits.to_owned(), format!("00{digits}")];
        match (self.spelling, country_prefix) {
            (Spelling::International, _) => {
                let (country, national) = split_country(&self.digits);
                variants.extend(international(&self.digits));
                variants.extend([format!("{}{national}", trunk(country)), national.to_owned()]);
            }
            (Spelling::National, Some(country)) => {
                variants.push(format!("0{}", self.digits));
                variants.extend(international(&self.in_country(country)));
                variants.push(self.digits.clone());
            }
            (Spelling::National, None) => variants.extend([format!("0{}", self.digits), self.digits.clone()]),
            (Spelling::Bare, _) => variants.push(self.digits.clone()),
        }
        let mut seen = Vec::new();
        variants.retain(|variant| {
            let new = !seen.contains(variant);
            seen.push(variant.clone());
            new
        });
        variants
    }

    /// The digits of a nationally written number with its country in front.
    fn in_country(&self, country: &str) -> String {
        let digits = &self.digits;
        match country {
            "39" => format!("390{digits}"),
            "36" => format!("36{}", digits.strip_prefix('6').unwrap_or(digits)),
            _ => format!("{country}{digits}"),
        }
    }
}

/// The key of a text that as a whole looks like a telephone number, in digits of any script, with spaces,
/// dashes, dots, slashes and brackets, `tel:` in front or not. Nothing when it does not.
pub fn phone_key(text: &str) -> Option<PhoneKey> {
    let shadow = normalise(text);
    key_of(shadow.trim().trim_start_matches("tel:"))
}

/// The numbers in a shadow form (see [`normalise`]), each with its place.
///
/// Dates and times are left out; otherwise it rather finds a number too many than one too few: where groups
/// of digits follow each other it gives the whole and the parts that look like a number by themselves.
pub fn find_numbers(shadow: &str) -> Vec<(Range<usize>, PhoneKey)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = shadow.get(from..).and_then(|rest| rest.find(is_start)) {
        let start = from.saturating_add(start);
        let (before, rest) = shadow.split_at_checked(start).unwrap_or(("", ""));
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let pieces = pieces_of(run, start, before.chars().next_back(), after.chars().next());
        numbers_of_run(shadow, &pieces, &mut found);
        from = start.saturating_add(end.max(1));
    }
    found
}

/// The places of the groups of a run between its spaces, without those that belong to a word or a time.
fn pieces_of(run: &str, start: usize, before: Option<char>, after: Option<char>) -> Vec<Range<usize>> {
    let mut at = start;
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for piece in run.split_inclusive(' ') {
        let end = piece.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
        if end > 0 {
            pieces.push(at..at.saturating_add(end));
        }
        at = at.saturating_add(piece.len());
    }
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == ':');
    if in_word(after) && pieces.last().is_some_and(|last| last.end == at) {
        pieces.pop();
    }
    if in_word(before) && pieces.first().is_some_and(|first| first.start == start) {
        pieces.remove(0);
    }
    pieces
}

fn numbers_of_run(shadow: &str, pieces: &[Range<usize>], found: &mut Vec<(Range<usize>, PhoneKey)>) {
    // More groups than a number has: only those that are a number by themselves count.
    const MOST_PIECES: usize = 8;
    // A group of fewer characters beside others is a part of a number.
    const ALONE: usize = 9;
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return };
    let text = |place: &Range<usize>| shadow.get(place.clone()).unwrap_or_default();
    let few = pieces.len() <= MOST_PIECES;
    for piece in pieces {
        let whole = piece.start..last.end;
        let opens = few && (piece == first || text(piece).starts_with(['+', '0', '(']));
        if let Some(key) = opens.then(|| key_of(text(&whole))).flatten() {
            found.push((whole.clone(), key));
        }
        let stands_alone = !opens || *piece != whole;
        if let Some(key) = key_of(text(piece)).filter(|_| stands_alone && piece.len() >= ALONE) {
            found.push((piece.clone(), key));
        }
    }
}

fn is_start(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '(')
}

fn is_part(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | ' ' | '-' | '.' | '/')
}

/// The key of normalised text that holds nothing but a number.
fn key_of(text: &str) -> Option<PhoneKey> {
    let plus = text.starts_with('+') || text.starts_with("(+");
    let rest = text.strip_prefix('(').unwrap_or(text);
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    if !rest.chars().all(|c| is_part(c) && c != '+') || looks_like_date(rest) {
        return None;
    }
    // The bracketed 0 of +49 (0)171 is for those who do not dial the country code.
    let rest = if plus || rest.starts_with("00") { rest.replace("(0)", "") } else { rest.to_owned() };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    if !(FEWEST..=MOST).contains(&digits.len()) {
        return None;
    }
    let (digits, spelling) = match digits.strip_prefix("00") {
        _ if plus => (digits, Spelling::International),
        Some(rest) => (rest.to_owned(), Spelling::International),
        None => match digits.strip_prefix('0') {
            Some(rest) => (rest.to_owned(), Spelling::National),
            None => (digits, Spelling::Bare),
        },
    };
    let digits = if spelling == Spelling::International { without_trunk(digits) } else { digits };
    (digits.len() <= 15 && !digits.starts_with("00")).then_some(PhoneKey { digits, spelling })
}

/// `01.02.2026`, `2026-02-01`, `1/2/26`: digits in three groups as of day, month and year.
fn looks_like_date(text: &str) -> bool {
    let Some(sign) = text.chars().find(|c| !c.is_ascii_digit()) else { return false };
    let date = text.split([' ', '+']).next().unwrap_or_default();
    let lengths: Vec<usize> = date.split(sign).map(str::len).collect();
    matches!(sign, '.' | '-' | '/')
        && date.chars().all(|c| c.is_ascii_digit() || c == sign)
        && matches!(lengths.as_slice(), [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2])
}

/// `+49 0171…`: a trunk 0 left in by mistake.
fn without_trunk(digits: String) -> String {
    let (country, national) = split_country(&digits);
    // These keep a 0 after the country code.
    let keeps = matches!(country, "39" | "225" | "241" | "242" | "378");
    match national.strip_prefix('0') {
        Some(national) if !keeps => format!("{country}{national}"),
        _ => digits,
    }
}

/// Splits a number after its country code.
fn split_country(digits: &str) -> (&str, &str) {
    const OF_TWO: &[&str] = &[
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81",
        "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let length = match digits.get(..2) {
        Some(two) if two.starts_with(['1', '7']) => 1,
        Some(two) if OF_TWO.contains(&two) => 2,
        _ => 3,
    };
    digits.split_at_checked(length).unwrap_or((digits, ""))
}

/// What is dialled within a country before a national number.
fn trunk(country: &str) -> &'static str {
    match country {
        "39" | "1" => "",
        "7" => "8",
        "36" => "06",
        _ => "0",
    }
}

/// Whether two spellings mean one line, for somebody in the country with this prefix (digits, such as `49`).
pub fn same_number(a: &PhoneKey, b: &PhoneKey, default_country_prefix: Option<&str>) -> Sameness {
    if a == b {
        return Sameness::Same;
    }
    let full = |key: &PhoneKey| match (key.spelling, default_country_prefix) {
        (Spelling::International, _) => Some(key.digits.clone()),
        (Spelling::National, Some(country)) => Some(key.in_country(country)),
        (Spelling::Bare, Some("7")) if key.digits.len() == 11 => {
            Some(key.digits.strip_prefix('8').map_or(key.digits.clone(), |rest| format!("7{rest}")))
        }
        _ => None,
    };
    match (full(a), full(b)) {
        (Some(a), Some(b)) if a == b => return Sameness::Same,
        (Some(full), None) if full == b.digits => return Sameness::Same,
        (None, Some(full)) if full == a.digits => return Sameness::Same,
        _ if a.spelling == Spelling::International && b.spelling == Spelling::International => {
            return Sameness::Different;
        }
        _ => {}
    }
    let agree = agrees(a, b) || agrees(b, a);
    if agree { Sameness::Perhaps } else { Sameness::Different }
}

/// Whether the shorter, national spelling is how `long` is written within its country.
fn agrees(long: &PhoneKey, short: &PhoneKey) -> bool {
    if short.digits.len() < SIGNIFICANT || short.spelling == Spelling::International {
        return false;
    }
    let (country, national) = split_country(&long.digits);
    let national = match country {
        "39" => national.strip_prefix('0').unwrap_or(national),
        _ => national,
    };
    let short_digits = match country {
        "36" => short.digits.strip_prefix('6').unwrap_or(&short.digits),
        "7" if short.digits.len() == 11 => short.digits.strip_prefix('8').unwrap_or(&short.digits),
        _ => &short.digits,
    };
    match long.spelling {
        Spelling::International => national == short_digits,
        Spelling::Bare => national == short_digits || long.digits == short.digits,
        Spelling::National => long.digits == short.digits,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // All numbers are from ranges kept free for fiction, or invented.

    #[test]
    fn what_looks_like_a_number() {
        use Spelling::{Bare, International, National};
        for (text, digits, spelling) in [
            ("+49 171 3920011", "491713920011", International),
            ("0049-171-39200-11", "491713920011", International),
            ("+49 (0)171 / 392 00 11", "491713920011", International),
            ("+49 0171 3920011", "491713920011", International),
            ("(0171) 39 20 011", "1713920011", National),
            ("\u{202a}+49\u{a0}171\u{2011}3920011\u{202c}", "491713920011", International),
            ("٠١٧١ ٣٩٢٠٠١١", "1713920011", National),
            ("tel:+447700900123", "447700900123", International),
            ("(202) 555-0123", "2025550123", Bare),
            ("491713920011", "491713920011", Bare),
            ("+39 06 5555 0123", "390655550123", International),
        ] {
            let key = phone_key(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((key.digits(), key.spelling()), (digits, spelling), "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in
            ["", "12", "01.02.2026", "2026-11-24", "24/12/26", "a 0171 3920011", "+", "00000000", "1+1234567"]
        {
            assert_eq!(phone_key(text), None, "{text}");
        }
        assert_eq!(phone_key(&"1".repeat(100)), None);
    }

    #[test]
    fn same_and_perhaps_and_different() {
        use Sameness::{Different, Perhaps, Same};
        for (a, b, country, expected) in [
            ("+49 171 3920011", "0171 3920011", Some("49"), Same),
            ("+49 171 3920011", "0049 (0)171 3920011", None, Same),
            ("+49 171 3920011", "491713920011", None, Same),
            ("0171 3920011", "491713920011", Some("49"), Same),
            ("+49 171 3920011", "0171 3920011", None, Perhaps),
            ("0171 3920011", "491713920011", None, Perhaps),
            ("+359 888 555 012", "0888 555 012", Some("49"), Perhaps),
            ("+359 888 555 012", "0888 555 012", Some("359"), Same),
            ("+49 171 3920011", "+43 171 3920011", Some("49"), Different),
            ("+49 171 3920011", "0171 3920012", Some("49"), Different),
            ("+49 171 3920011", "3920011", Some("49"), Different),
            ("+7 912 555-01-23", "8 912 555 01 23", Some("7"), Same),
            ("+7 912 555-01-23", "8 912 555 01 23", None, Perhaps),
            ("+36 20 555 0123", "06 20 555 0123", Some("36"), Same),
            ("+39 06 5555 0123", "06 5555 0123", Some("39"), Same),
            ("+1 202 555 0123", "(202) 555-0123", Some("1"), Perhaps),
        ] {
            let (left, right) = (phone_key(a).unwrap(), phone_key(b).unwrap());
            assert_eq!(same_number(&left, &right, country), expected, "{a} {b}");
            assert_eq!(same_number(&right, &left, country), expected, "{b} {a}");
            if expected != Different {
                assert_eq!(left.tail(), right.tail(), "{a} {b}");
            }
        }
    }

    #[test]
    fn numbers_in_a_text() {
        let text = "ruf 0171 3920011 an, am 24.12.2026 um 18:30, oder +447700900123; ab1234567cd 00 1";
        let found: Vec<String> = find_numbers(text)
            .into_iter()
            .map(|(place, key)| format!("{} {}", &text[place], key.digits()))
            .collect();
        assert_eq!(found, ["0171 3920011 1713920011", "+447700900123 447700900123"]);
        for text in ["01713920011 01713920012", "tel 01713920011 18:30", "2 x 01713920011", "1 01713920011 2"]
        {
            assert!(find_numbers(text).iter().any(|(_, key)| key.digits() == "1713920011"), "{text}");
        }
    }

    #[test]
    fn long_runs_cost_little() {
        for unit in ["(", "1", "1 ", "+1(", "0171 3920011 "] {
            let _ = find_numbers(&unit.repeat(1 << 16));
        }
    }

    #[test]
    fn variants_are_few() {
        let key = phone_key("0171 3920011").unwrap();
        assert_eq!(key.variants(Some("49")), ["01713920011", "491713920011", "00491713920011", "1713920011"]);
        let key = phone_key("+49 171 3920011").unwrap();
        assert_eq!(key.variants(None), ["491713920011", "00491713920011", "01713920011", "1713920011"]);
    }

    proptest! {
        #[test]
        fn any_text(text in any::<String>(), digits in "[0-9+() ./-]{0,40}") {
            for text in [text, digits] {
                let shadow = normalise(&text);
                let _ = phone_key(&text);
                for (place, key) in find_numbers(&shadow) {
                    prop_assert!(shadow.get(place).is_some());
                    prop_assert_eq!(same_number(&key, &key, Some("49")), Sameness::Same);
                    prop_assert!(key.variants(Some("36")).len() <= 4);
                }
            }
        }
    }
}
