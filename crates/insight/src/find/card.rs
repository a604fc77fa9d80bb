//! Payment cards: 13 to 19 digits in the ranges of the issuers (ISO/IEC 7812 and what Visa, Mastercard,
//! American Express, Discover, Diners Club, JCB, UnionPay, Maestro and Mir publish) with Luhn's check.
//!
//! A card is shown and kept without its middle: its key is the last four digits and the first bytes of a
//! SHA-256, so that the same card is the same and no list prints it.

use seal::sha256;

use super::checksum::luhn;
use super::finds::Finds;
use super::passage::{Passage, byte_at, byte_before, is_word};
use super::{Context, Kind, phone, words};

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
    let shadow = passage.shadow();
    let bytes = shadow.text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !byte_at(bytes, at).is_ascii_digit() {
            at = at.saturating_add(1);
            continue;
        }
        let (digits, groups, end) = run(bytes, at);
        let stands_alone = !is_word(byte_before(bytes, at))
            && !matches!(byte_before(bytes, at), b'+' | b'.' | b',' | b':' | b'/' | b'=' | b'#' | b'_')
            && !is_word(byte_at(bytes, end));
        if stands_alone && is_grouped(&groups) && is_issued(&digits) && luhn(&digits) {
            let other = words::before(&shadow.text, at).take(2).any(phone::is_of_another_number);
            if !other {
                finds.add(Kind::Card, passage.source(&(at..end)), key(&digits), "checksum");
            }
        }
        at = end.max(at.saturating_add(1));
    }
}

/// The digits from here on with single spaces or dashes between groups, the groups' lengths, the end.
fn run(bytes: &[u8], start: usize) -> (Vec<u8>, Vec<usize>, usize) {
    const MOST: usize = 20;
    let (mut digits, mut groups, mut at, mut length) = (Vec::new(), Vec::new(), start, 0_usize);
    loop {
        let byte = byte_at(bytes, at);
        if byte.is_ascii_digit() {
            length = length.saturating_add(1);
            if digits.len() < MOST {
                digits.push(byte);
            }
        } else {
            groups.push(length);
            length = 0;
            let goes_on =
                matches!(byte, b' ' | b'-') && byte_at(bytes, at.saturating_add(1)).is_ascii_digit();
            if !goes_on {
                return (digits, groups, at);
            }
        }
        at = at.saturating_add(1);
    }
}

fn is_grouped(groups: &[usize]) -> bool {
    matches!(groups, [13..=19] | [4, 4, 4, 4 | 1] | [4, 6, 5 | 4] | [4, 4, 4, 4, 1..=3] | [6, 13])
}

/// Whether an issuer uses this beginning with this length.
fn is_issued(digits: &[u8]) -> bool {
    let first_four = digits.iter().take(4).fold(0_u32, |n, digit| n * 10 + u32::from(digit - b'0'));
    let length = digits.len();
    match first_four {
        4000..=4999 => matches!(length, 13 | 16 | 19),
        5100..=5599 | 2200..=2204 | 2221..=2720 | 3528..=3589 => length == 16,
        3400..=3499 | 3700..=3799 => length == 15,
        3000..=3059 | 3600..=3699 | 3800..=3899 => length == 14,
        6011
        | 6440..=6499
        | 6500..=6599
        | 6200..=6299
        | 5018
        | 5020
        | 5038
        | 5893
        | 6304
        | 6759
        | 6761..=6763 => {
            matches!(length, 16..=19)
        }
        _ => false,
    }
}

fn key(digits: &[u8]) -> String {
    let last = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default();
    let last: String = last.iter().copied().map(char::from).collect();
    let hash: String = sha256(digits).short(12);
    format!("****{last}-{hash}")
}
