//! Telephone numbers: international after `+` or `00`; national after a 0 or of the client's countries; bare
//! digits only beside a word that says so.
//!
//! What looks like a number is found by the room `text`; here dates, prices, order numbers and what another
//! finder took are left out. Deliberately no numbering plan: a find does not say that the number exists.

use text::{PhoneKey, Spelling, find_numbers};

use super::finds::Finds;
use super::passage::Passage;
use super::{Context, Kind, words};

/// Fewest digits of a number with and without its country.
const FEWEST_INTERNATIONAL: usize = 8;
const FEWEST_NATIONAL: usize = 8;
/// Most digits by E.164.
const MOST: usize = 15;
/// Words beside a number that say what it is.
const PHONE_WORDS: &[&str] = &[
    "tel",
    "telefon",
    "telefonnummer",
    "handy",
    "handynummer",
    "mobil",
    "nummer",
    "whatsapp",
    "wa",
    "viber",
    "signal",
    "anrufen",
    "phone",
    "mobile",
    "cell",
    "call",
    "number",
    "telephone",
    "numero",
    "portable",
    "appelle",
    "telefono",
    "movil",
    "celular",
    "telefonul",
    "numarul",
    "номер",
    "телефон",
    "тел",
    "звони",
    "nomer",
    "szam",
    "telefonszam",
];
/// Services whose identifiers are telephone numbers.
const BY_NUMBER: &[&str] =
    &["phone", "sms", "mms", "whatsapp", "signal", "viber", "imessage", "facetime", "vcard", "contacts"];
/// Words beside a number that is another one.
const OTHER_WORDS: &[&str] = &[
    "iban",
    "konto",
    "kontonummer",
    "bestellnummer",
    "rechnung",
    "rechnungsnummer",
    "kundennummer",
    "sendung",
    "sendungsnummer",
    "aktenzeichen",
    "az",
    "isbn",
    "order",
    "invoice",
    "tracking",
    "ref",
    "code",
    "pin",
    "id",
    "commande",
    "facture",
    "pedido",
    "factura",
    "plz",
    "postleitzahl",
    "artikel",
    "steuer",
    "pass",
    "ausweis",
];

pub(super) fn find(passage: &Passage<'_>, context: &Context, finds: &mut Finds) {
    let shadow = &passage.shadow().text;
    let mut numbers = find_numbers(shadow);
    // The whole before its parts, so that a part is not taken for it.
    numbers.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
    for (place, number) in numbers {
        let said = words::before(shadow, place.start).take(3).any(|word| PHONE_WORDS.contains(&word));
        if !said && words::before(shadow, place.start).take(2).any(is_of_another_number) {
            continue;
        }
        let written = shadow.get(place.clone()).unwrap_or_default();
        if let Some((key, rule)) = key(&number, written, said, context) {
            finds.add(Kind::Phone, passage.source(&place), key, rule);
        }
    }
}

/// Whether a word says that the number behind it is none of a telephone.
pub(super) fn is_of_another_number(word: &str) -> bool {
    OTHER_WORDS.contains(&word)
}

/// One spelling for the number, and the rule; nothing if it is hardly one.
fn key(number: &PhoneKey, written: &str, said: bool, context: &Context) -> Option<(String, &'static str)> {
    let digits = number.digits();
    match number.spelling() {
        Spelling::International => {
            let fits = (FEWEST_INTERNATIONAL..=MOST).contains(&digits.len()) && !digits.starts_with('0');
            fits.then(|| (format!("+{digits}"), "written-international"))
        }
        Spelling::National => {
            let fits = (FEWEST_NATIONAL..=12).contains(&digits.len()) && !is_amount(written);
            fits.then(|| match context.countries.iter().find(|country| country.trunk() == "0") {
                Some(country) => (format!("+{}{digits}", country.calling()), "written-national"),
                None => (format!("0{digits}"), "written-national-country-unknown"),
            })
        }
        Spelling::Bare => {
            let fits = said && (FEWEST_NATIONAL..=MOST).contains(&digits.len()) && !is_amount(written);
            fits.then(|| (digits.to_owned(), "said-to-be-a-number"))
        }
    }
}

/// Whether digits are written as a sum: three and three after the first.
fn is_amount(written: &str) -> bool {
    let mut groups = written.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    !rest.is_empty() && first.len() <= 3 && rest.iter().all(|group| group.len() == 3)
}

/// The key of an identifier that a source itself gives: a number, or the number before `@s.whatsapp.net`.
/// Of services that name people by numbers of their own, only what is written as a telephone number is one.
pub(super) fn of_identifier(service_of: &str, written: &str, context: &Context) -> Option<String> {
    let (number, service) = written.split_once('@').unwrap_or((written, ""));
    let bare = number.split([':', '.', '_']).next().unwrap_or_default();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if matches!(service, "s.whatsapp.net" | "c.us") {
        return (digits(bare) && bare.len() >= FEWEST_INTERNATIONAL).then(|| format!("+{bare}"));
    }
    if !service.is_empty() {
        return None;
    }
    let key = text::phone_key(written)?;
    self::key(&key, "", BY_NUMBER.contains(&service_of), context).map(|(key, _)| key)
}
