//! Bank accounts: IBAN by ISO 13616 with the lengths of its registry (SWIFT, release 99, 2024) and the check
//! by 97; with spaces or without.

use super::checksum::rest_97;
use super::finds::Finds;
use super::passage::{Passage, byte_at, byte_before, is_word};
use super::{Context, Kind};

/// Country and length.
const LENGTHS: &[(&str, usize)] = &[
    ("ad", 24),
    ("ae", 23),
    ("al", 28),
    ("at", 20),
    ("az", 28),
    ("ba", 20),
    ("be", 16),
    ("bg", 22),
    ("bh", 22),
    ("bi", 27),
    ("br", 29),
    ("by", 28),
    ("ch", 21),
    ("cr", 22),
    ("cy", 28),
    ("cz", 24),
    ("de", 22),
    ("dj", 27),
    ("dk", 18),
    ("do", 28),
    ("ee", 20),
    ("eg", 29),
    ("es", 24),
    ("fi", 18),
    ("fk", 18),
    ("fo", 18),
    ("fr", 27),
    ("gb", 22),
    ("ge", 22),
    ("gi", 23),
    ("gl", 18),
    ("gr", 27),
    ("gt", 28),
    ("hr", 21),
    ("hu", 28),
    ("ie", 22),
    ("il", 23),
    ("iq", 23),
    ("is", 26),
    ("it", 27),
    ("jo", 30),
    ("kw", 30),
    ("kz", 20),
    ("lb", 28),
    ("lc", 32),
    ("li", 21),
    ("lt", 20),
    ("lu", 20),
    ("lv", 21),
    ("ly", 25),
    ("mc", 27),
    ("md", 24),
    ("me", 22),
    ("mk", 19),
    ("mn", 20),
    ("mr", 27),
    ("mt", 31),
    ("mu", 30),
    ("ni", 28),
    ("nl", 18),
    ("no", 15),
    ("om", 23),
    ("pk", 24),
    ("pl", 28),
    ("ps", 29),
    ("pt", 25),
    ("qa", 29),
    ("ro", 24),
    ("rs", 22),
    ("ru", 33),
    ("sa", 24),
    ("sc", 31),
    ("sd", 18),
    ("se", 24),
    ("si", 19),
    ("sk", 24),
    ("sm", 27),
    ("so", 23),
    ("st", 25),
    ("sv", 28),
    ("tl", 23),
    ("tn", 24),
    ("tr", 26),
    ("ua", 29),
    ("va", 22),
    ("vg", 24),
    ("xk", 20),
    ("ye", 30),
];

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
    let shadow = passage.shadow().text.as_bytes();
    let mut from = 0;
    while let Some(at) = next_digit(shadow, from) {
        from = at.saturating_add(1);
        let start = at.saturating_sub(2);
        let opens = byte_at(shadow, start).is_ascii_lowercase()
            && byte_before(shadow, at).is_ascii_lowercase()
            && byte_at(shadow, from).is_ascii_digit()
            && !is_word(byte_before(shadow, start));
        if let Some((account, end)) = opens.then(|| account(shadow, start)).flatten() {
            finds.add(Kind::Iban, passage.source(&(start..end)), account, "checksum");
            from = end;
        }
    }
}

/// The account that begins here in big letters without spaces, and where it ends.
fn account(shadow: &[u8], start: usize) -> Option<(String, usize)> {
    let country = shadow.get(start..start.checked_add(2)?)?;
    let (_, length) = LENGTHS.iter().find(|(code, _)| code.as_bytes() == country)?;
    let mut letters = Vec::with_capacity(*length);
    let mut at = start;
    while letters.len() < *length {
        match byte_at(shadow, at) {
            byte if byte.is_ascii_alphanumeric() => letters.push(byte.to_ascii_uppercase()),
            b' ' | b'-' if byte_at(shadow, at.saturating_add(1)).is_ascii_alphanumeric() => {}
            _ => return None,
        }
        at = at.saturating_add(1);
    }
    let (front, rest) = letters.split_at_checked(4)?;
    let checked = rest_97(rest.iter().chain(front).copied()) == 1;
    let ends = !is_word(byte_at(shadow, at));
    (checked && ends).then(|| (letters.iter().copied().map(char::from).collect(), at))
}

fn next_digit(shadow: &[u8], from: usize) -> Option<usize> {
    let rest = shadow.get(from..)?;
    Some(from.saturating_add(rest.iter().position(u8::is_ascii_digit)?))
}
