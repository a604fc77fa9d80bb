//! Telephone numbers: international after `+` or `00`; national after a 0 or of the client's countries; bare
//! digits only beside a word that says so.
//!
//! What looks like a number is found by the room `text`; here dates, prices, order numbers and what another
//! finder took are left out. Deliberately no numbering plan: a find does not say that the number exists.

use std::ops::Range;

use text::{PhoneKey, Spelling, find_numbers, phone_key};

use super::finds::Finds;
use super::passage::Passage;
use super::{Context, Country, Kind, words};

/// Fewest digits of a number with and without its country.
const FEWEST_INTERNATIONAL: usize = 8;
const FEWEST_NATIONAL: usize = 8;
/// Most digits behind the 0 of a national number.
const MOST_NATIONAL: usize = 12;
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
    "ticket",
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
        // `Pass auf` is no passport.
        let mut nearest = words::before(shadow, place.start).take(2).take_while(|word| *word != "auf");
        if !said && nearest.any(is_of_another_number) {
            continue;
        }
        let (place, number) = without_what_follows(passage, place, number, context);
        let written = shadow.get(place.clone()).unwrap_or_default();
        if let Some((key, rule)) = key(&number, written, said, context) {
            finds.add(Kind::Phone, passage.source(&place), key, rule);
        }
    }
}

/// The number without groups of digits that stand behind it and are counted, paid or told in the next line:
/// `0171 3920011 30 Euro`, `0171 3920011 2 Uhr`.
fn without_what_follows(
    passage: &Passage<'_>,
    place: Range<usize>,
    number: PhoneKey,
    context: &Context,
) -> (Range<usize>, PhoneKey) {
    let shadow = &passage.shadow().text;
    let (mut place, mut number) = (place, number);
    for _ in 0..4 {
        let written = shadow.get(place.clone()).unwrap_or_default();
        let Some((front, last)) = written.rsplit_once(' ') else { break };
        let front = front.trim_end_matches([' ', '-', '/', '.', '(']);
        let shorter = place.start..place.start.saturating_add(front.len());
        let between = passage.source(&(shorter.end..place.end.saturating_sub(last.len())));
        let next_line = passage.text.get(between).is_some_and(|gap| gap.contains('\n'));
        let too_long = number.spelling() == Spelling::National && number.digits().len() > MOST_NATIONAL;
        if !(last.len() == 1 || next_line || too_long || is_counted(shadow, place.end)) {
            break;
        }
        let Some(rest) = phone_key(front).filter(|rest| key(rest, front, true, context).is_some()) else {
            break;
        };
        (place, number) = (shorter, rest);
    }
    (place, number)
}

/// Whether what stands before this place is an amount: a currency, a unit, a clock behind it.
fn is_counted(shadow: &str, end: usize) -> bool {
    const UNITS: &[&str] = &[
        "euro",
        "euros",
        "eur",
        "lei",
        "leva",
        "лв",
        "лева",
        "евро",
        "usd",
        "dollar",
        "dollars",
        "naira",
        "ft",
        "forint",
        "руб",
        "грн",
        "uhr",
        "h",
        "std",
        "stunden",
        "min",
        "minuten",
        "minutes",
        "tage",
        "days",
        "mal",
        "x",
        "am",
        "pm",
        "heures",
        "jours",
        "ore",
        "zile",
        "часа",
        "часов",
    ];
    let behind = shadow.get(end..).unwrap_or_default().trim_start();
    let word = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    behind.starts_with(['€', '$', '£', '₦', '₽', '%']) || UNITS.contains(&word)
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
            (fits && is_american_or_other(digits)).then(|| (format!("+{digits}"), "written-international"))
        }
        Spelling::National => {
            let fits = (FEWEST_NATIONAL..=MOST_NATIONAL).contains(&digits.len()) && !is_amount(written);
            fits.then(|| match context.countries.iter().find(|country| country.trunk().starts_with('0')) {
                Some(country) => {
                    // In Hungary the 0 has a 6 behind it.
                    let second = country.trunk().get(1..).unwrap_or_default();
                    let digits = digits.strip_prefix(second).unwrap_or(digits);
                    (format!("+{}{digits}", country.calling()), "written-national")
                }
                None => (format!("0{digits}"), "written-national-country-unknown"),
            })
        }
        Spelling::Bare => {
            let fits = said && (FEWEST_NATIONAL..=MOST).contains(&digits.len()) && !is_amount(written);
            fits.then(|| (bare(digits, context), "said-to-be-a-number"))
        }
    }
}

/// Digits without a sign in the spelling with the country, where that is plain: with a trunk 8, national in a
/// country without a trunk digit, or with a calling code in front.
fn bare(digits: &str, context: &Context) -> String {
    let eight = digits.strip_prefix('8').filter(|rest| rest.len() == 10);
    if let (Some(rest), true) = (eight, context.has("RU")) {
        return format!("+7{rest}");
    }
    let national = context.countries.iter().find(|country| country.trunk().is_empty());
    match national.filter(|_| digits.len() <= 10) {
        Some(country) => format!("+{}{digits}", country.calling()),
        None if Country::begins(digits) && is_american_or_other(digits) => format!("+{digits}"),
        None => digits.to_owned(),
    }
}

/// Numbers of the North American plan have ten digits behind the 1, and two places where no 0 or 1 stands.
fn is_american_or_other(digits: &str) -> bool {
    let at = |place: usize| digits.as_bytes().get(place).is_some_and(|digit| *digit >= b'2');
    !digits.starts_with('1') || (digits.len() == 11 && at(1) && at(4))
}

/// Whether digits are written as a sum: three and three after the first.
fn is_amount(written: &str) -> bool {
    // A fraction, or a sum with its separators.
    if written.starts_with("0.") {
        return true;
    }
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
    let key = phone_key(written)?;
    self::key(&key, "", BY_NUMBER.contains(&service_of), context).map(|(key, _)| key)
}
