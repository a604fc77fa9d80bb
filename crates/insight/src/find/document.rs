//! Numbers of papers and plates, only where a check digit or a word beside them makes them safe.
//!
//! Machine-readable lines by ICAO 9303 (their own check digits); personal numbers of Bulgaria (ЕГН), Romania
//! (CNP), Poland (PESEL) and Spain (DNI, NIE) by their check digits, where a word or the client's country
//! says so too (one German mobile number in forty passes such a check); numbers of passports and identity
//! cards and plates only behind a word that says so. A number without either is deliberately none.

use super::checksum::{icao, weighted};
use super::finds::Finds;
use super::passage::{Passage, byte_at, byte_before, is_word};
use super::{Context, Kind, words};

/// Words before the number of a passport or identity card.
const PAPER_WORDS: &[&str] = &[
    "pass",
    "passnummer",
    "reisepass",
    "reisepassnummer",
    "ausweis",
    "ausweisnummer",
    "personalausweis",
    "passport",
    "passeport",
    "pasaporte",
    "pasaport",
    "pasaportul",
    "паспорт",
    "паспорта",
    "utlevel",
    "cni",
    "nin",
    "cedula",
];
/// Words between such a word and the number.
const LEADING: &[&str] = &[
    "nr",
    "no",
    "n",
    "num",
    "numar",
    "numarul",
    "nummer",
    "number",
    "numero",
    "номер",
    "ist",
    "is",
    "lautet",
    "est",
    "es",
    "este",
    "mein",
    "my",
];
/// Words before a plate.
const PLATE_WORDS: &[&str] = &[
    "kennzeichen",
    "nummernschild",
    "plate",
    "registration",
    "plaque",
    "matricula",
    "numar",
    "номер",
    "rendszam",
];

pub(super) fn find(passage: &Passage<'_>, context: &Context, finds: &mut Finds) {
    machine_readable(passage, finds);
    let shadow = &passage.shadow().text;
    let bytes = shadow.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !byte_at(bytes, at).is_ascii_alphanumeric() {
            at = at.saturating_add(1);
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let end = at.saturating_add(length);
        let alone = !is_word(byte_before(bytes, at)) && !is_word(byte_at(bytes, end));
        if let Some(word) = shadow.get(at..end).filter(|_| alone && (8..=13).contains(&length)) {
            let said = said_before(shadow, at);
            if let Some((rule, country, name)) = personal_number(word)
                && (context.has(country) || said.is_some_and(|word| name.contains(&word)))
            {
                finds.add(Kind::Document, passage.source(&(at..end)), word.to_ascii_uppercase(), rule);
            } else if said.is_some_and(|said| PAPER_WORDS.contains(&said) && is_paper(word, said)) {
                finds.add(
                    Kind::Document,
                    passage.source(&(at..end)),
                    word.to_ascii_uppercase(),
                    "said-to-be-a-paper",
                );
            }
        }
        at = end;
    }
    plates(passage, shadow, finds);
}

/// Lines of a passport (44 signs), a visa or older card (36), or an identity card or residence permit (30):
/// number, birth and end, each with its check digit.
fn machine_readable(passage: &Passage<'_>, finds: &mut Finds) {
    let mut lines = passage.text.split('\n').map(str::trim).peekable();
    while let Some(line) = lines.next() {
        if !is_machine_readable(line) {
            continue;
        }
        let number = match line.len() {
            36 | 44 if are_checked(line, &[(0, 9), (13, 19), (21, 27)]) => line.get(..9),
            30 if are_checked(line, &[(5, 14)]) && line.starts_with(['A', 'C', 'I']) => {
                let next = lines.peek().filter(|next| next.len() == 30 && is_machine_readable(next));
                next.filter(|next| are_checked(next, &[(0, 6), (8, 14)])).and_then(|_| line.get(5..14))
            }
            _ => None,
        };
        if let Some(number) = number {
            let start = line.as_ptr().addr().saturating_sub(passage.text.as_ptr().addr());
            let number = number.trim_end_matches('<').to_owned();
            finds.add(Kind::Document, start..start.saturating_add(line.len()), number, "checksum-mrz");
        }
    }
}

fn is_machine_readable(line: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<';
    matches!(line.len(), 30 | 36 | 44) && line.bytes().all(is_sign)
}

/// Whether each part of a line has its check digit behind it.
fn are_checked(line: &str, parts: &[(usize, usize)]) -> bool {
    let bytes = line.as_bytes();
    parts.iter().all(|(from, until)| {
        bytes.get(*from..*until).is_some_and(|part| icao(part) == byte_at(bytes, *until))
    })
}

/// The rule, the country, and what people call the number.
type PersonalNumber = (&'static str, &'static str, &'static [&'static str]);

/// By which rule a word is a personal number of one of four countries. Other rows of digits pass too, so that
/// alone is not enough: see [`find`].
fn personal_number(word: &str) -> Option<PersonalNumber> {
    let bytes = word.as_bytes();
    let digit = |at: usize| u32::from(byte_at(bytes, at).wrapping_sub(b'0'));
    let all_digits = bytes.iter().all(u8::is_ascii_digit);
    let month_fits = |month: u32, days: u32| (1..=12).contains(&(month % 20)) && (1..=31).contains(&days);
    let pair = |at: usize| digit(at).saturating_mul(10).saturating_add(digit(at.saturating_add(1)));
    match (bytes.len(), all_digits) {
        (10, true) => {
            let rest = weighted(bytes.get(..9)?, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
            let fits = rest == digit(9) && pair(2) <= 52 && month_fits(pair(2), pair(4));
            fits.then_some(("checksum-egn", "BG", &["egn", "егн"]))
        }
        (11, true) => {
            let sum = weighted(bytes.get(..10)?, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10;
            let check = 10_u32.saturating_sub(sum) % 10;
            let fits = check == digit(10) && month_fits(pair(2), pair(4));
            fits.then_some(("checksum-pesel", "PL", &["pesel"]))
        }
        (13, true) => {
            let rest = weighted(bytes.get(..12)?, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
            let check = if rest == 10 { 1 } else { rest };
            let fits = check == digit(12) && digit(0) >= 1 && pair(3) <= 12 && month_fits(pair(3), pair(5));
            fits.then_some(("checksum-cnp", "RO", &["cnp", "personal"]))
        }
        (9, false) => {
            let (front, letter) = word.split_at_checked(8)?;
            let number = match front.split_at_checked(1)? {
                ("x", rest) => format!("0{rest}"),
                ("y", rest) => format!("1{rest}"),
                ("z", rest) => format!("2{rest}"),
                _ => front.to_owned(),
            };
            let rest = number.parse::<usize>().ok()? % 23;
            let letters = "trwagmyfpdxbnjzsqvhlcke";
            let fits = letters.get(rest..rest.saturating_add(1)) == Some(letter);
            fits.then_some(("checksum-dni", "ES", &["dni", "nie", "nif"]))
        }
        _ => None,
    }
}

/// At least five digits; without a letter it may be a telephone number, unless the word says otherwise.
fn is_paper(word: &str, said: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let as_telephone = digits == word.len() && (word.starts_with('0') || digits > 10);
    digits >= 5 && (!as_telephone || said == "nin")
}

/// The word right before a number; what only leads to it (`Nr.`, `is`) is passed over.
fn said_before(shadow: &str, at: usize) -> Option<&str> {
    words::before(shadow, at).take(3).find(|word| !LEADING.contains(word))
}

/// A plate behind a word that says so: letters, a blank or dash, letters and digits.
fn plates(passage: &Passage<'_>, shadow: &str, finds: &mut Finds) {
    for word in PLATE_WORDS {
        for (at, _) in shadow.match_indices(word) {
            let from = at.saturating_add(word.len());
            let rest = shadow.get(from..).unwrap_or_default();
            let gap = rest.len().saturating_sub(rest.trim_start_matches([' ', ':', '.', '#']).len());
            let rest = rest.get(gap..).unwrap_or_default();
            let length = rest
                .char_indices()
                .take(12)
                .find(|(_, c)| !(c.is_ascii_alphanumeric() || matches!(c, ' ' | '-')))
                .map_or_else(|| rest.len().min(12), |(at, _)| at);
            let Some(plate) = rest.get(..length).and_then(plate) else { continue };
            let start = from.saturating_add(gap);
            let key: String = plate.chars().filter(char::is_ascii_alphanumeric).collect();
            let written = passage.source(&(start..start.saturating_add(plate.len())));
            finds.add(Kind::Plate, written, key.to_ascii_uppercase(), "said-to-be-a-plate");
        }
    }
}

/// One to three letters, up to three letters more, one to four digits.
fn plate(text: &str) -> Option<&str> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let count = text.get(digits..)?.bytes().take_while(u8::is_ascii_digit).count();
    let letters = text.get(..digits)?.bytes().filter(u8::is_ascii_alphabetic).count();
    let words = text.get(..digits)?.split([' ', '-']).filter(|part| !part.is_empty());
    let fits = (2..=5).contains(&letters) && (1..=4).contains(&count) && words.clone().count() <= 2;
    let short = words.into_iter().all(|part| part.len() <= 3);
    (fits && short).then(|| text.get(..digits.saturating_add(count)))?
}
