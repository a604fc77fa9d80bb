//! Numbers of papers and plates, only where a check digit or a word beside them makes them safe.
//!
//! Machine-readable lines by ICAO 9303 (their own check digits); personal numbers of Bulgaria (ЕГН), Romania
//! (CNP), Poland (PESEL) and Spain (DNI, NIE) by their check digits; numbers of passports and identity cards
//! and plates only behind a word that says so. A number without either is deliberately none.

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

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
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
            if let Some(rule) = personal_number(word) {
                finds.add(Kind::Document, passage.source(&(at..end)), word.to_ascii_uppercase(), rule);
            } else if is_paper(word)
                && words::before(shadow, at).take(3).any(|word| PAPER_WORDS.contains(&word))
            {
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

/// The second line of a passport: number, nationality, birth, each with its check digit.
fn machine_readable(passage: &Passage<'_>, finds: &mut Finds) {
    for line in passage.text.split('\n') {
        let trimmed = line.trim();
        let bytes = trimmed.as_bytes();
        let fits = bytes.len() == 44
            && bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'<');
        let checked = |from: usize, until: usize| {
            bytes.get(from..until).is_some_and(|part| icao(part) == byte_at(bytes, until))
        };
        if fits && checked(0, 9) && checked(13, 19) && checked(21, 27) {
            let start = trimmed.as_ptr().addr().saturating_sub(passage.text.as_ptr().addr());
            let number = trimmed.get(..9).unwrap_or_default().trim_end_matches('<');
            finds.add(Kind::Document, start..start.saturating_add(44), number.to_owned(), "checksum-mrz");
        }
    }
}

/// The rule by which a word is a personal number of one of four countries.
fn personal_number(word: &str) -> Option<&'static str> {
    let bytes = word.as_bytes();
    let digit = |at: usize| u32::from(byte_at(bytes, at).wrapping_sub(b'0'));
    let all_digits = bytes.iter().all(u8::is_ascii_digit);
    let month_fits = |month: u32, days: u32| (1..=12).contains(&(month % 20)) && (1..=31).contains(&days);
    let pair = |at: usize| digit(at).saturating_mul(10).saturating_add(digit(at.saturating_add(1)));
    match (bytes.len(), all_digits) {
        (10, true) => {
            let rest = weighted(bytes.get(..9)?, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
            (rest == digit(9) && month_fits(pair(2), pair(4))).then_some("checksum-egn")
        }
        (11, true) => {
            let sum = weighted(bytes.get(..10)?, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10;
            let check = 10_u32.saturating_sub(sum) % 10;
            (check == digit(10) && month_fits(pair(2), pair(4))).then_some("checksum-pesel")
        }
        (13, true) => {
            let rest = weighted(bytes.get(..12)?, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
            let check = if rest == 10 { 1 } else { rest };
            let fits = check == digit(12) && (1..=9).contains(&digit(0)) && month_fits(pair(3), pair(5));
            fits.then_some("checksum-cnp")
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
            (letters.get(rest..rest.saturating_add(1)) == Some(letter)).then_some("checksum-dni")
        }
        _ => None,
    }
}

/// Letters and at least five digits, or digits only.
fn is_paper(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() >= 5
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
