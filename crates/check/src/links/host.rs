//! The host of an address in one form, however it is written.
//!
//! Follows the host parser of the URL Standard (url.spec.whatwg.org, as of 2026-10): percent signs, IPv4 as
//! one to four numbers in base 8, 10 or 16, IPv6 in brackets; names beyond ASCII through NFKC and small
//! letters to Punycode (RFC 3492). Deliberately stricter about characters than browsers are, and without the
//! tables of UTS 46: a name that this writes otherwise than a browser is a name that is not found.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{HOST_BYTES_MOST, percent};

/// Endings that make a bare name a link: those that people and swindlers use most, sorted.
const USUAL_ENDINGS: [&str; 62] = [
    "ae", "ai", "app", "at", "be", "bg", "biz", "by", "ca", "cc", "ch", "cloud", "club", "cn", "co", "com",
    "cz", "de", "dev", "ee", "es", "eu", "fr", "gov", "gr", "hr", "hu", "icu", "info", "io", "it", "link",
    "live", "lt", "lv", "ly", "me", "mobi", "net", "nl", "online", "org", "pl", "pro", "pw", "ro", "rs",
    "ru", "shop", "si", "site", "sk", "space", "store", "su", "top", "tr", "ua", "uk", "vip", "website",
    "xyz",
];

/// Whether a bare name with this ending is taken as a link.
pub(super) fn is_usual_ending(ending: &str) -> bool {
    USUAL_ENDINGS.iter().any(|usual| usual.eq_ignore_ascii_case(ending))
}

/// A host in its one form, and its port; from what stands between the slashes, without a user's name.
pub(super) fn and_port(named: &str) -> Option<(Cow<'_, str>, Option<u16>)> {
    if let Some(literal) = named.strip_prefix('[') {
        let (address, port) = literal.split_once(']')?;
        let port = if port.is_empty() { None } else { port_of(port.strip_prefix(':')?)? };
        return Some((six(address)?, port));
    }
    if named.bytes().filter(|byte| *byte == b':').nth(1).is_some() {
        return Some((six(named)?, None));
    }
    let (host, port) = match named.split_once(':') {
        Some((host, port)) => (host, port_of(port)?),
        None => (named, None),
    };
    Some((name(host)?, port))
}

/// A port; nothing if it is empty or no port, none if it is no number.
#[expect(clippy::option_option, reason = "no number at all means that this is no address")]
fn port_of(port: &str) -> Option<Option<u16>> {
    port.bytes().all(|digit| digit.is_ascii_digit()).then(|| port.parse().ok())
}

fn six(address: &str) -> Option<Cow<'_, str>> {
    let address = address.split('%').next()?.parse::<Ipv6Addr>().ok()?;
    let mapped = address.to_ipv4_mapped();
    Some(Cow::Owned(mapped.map_or_else(|| address.to_string(), |address| address.to_string())))
}

fn name(host: &str) -> Option<Cow<'_, str>> {
    if host.len() > HOST_BYTES_MOST.saturating_mul(6) {
        return None;
    }
    let host = percent::decoded(host);
    let host = if host.is_ascii() { host } else { Cow::Owned(ascii(&host)?) };
    let host = match host {
        Cow::Borrowed(host) => Cow::Borrowed(host.strip_suffix('.').unwrap_or(host)),
        Cow::Owned(host) => Cow::Owned(host.strip_suffix('.').unwrap_or(&host).to_owned()),
    };
    let fits = host.len() <= HOST_BYTES_MOST && host.bytes().all(is_of_a_name);
    let whole = fits && !host.is_empty() && !host.starts_with('.') && !host.contains("..");
    if !whole || host.ends_with('.') {
        return None;
    }
    if ends_in_a_number(&host) {
        return four(&host).map(|address| Cow::Owned(address.to_string()));
    }
    let is_small = !host.bytes().any(|letter| letter.is_ascii_uppercase());
    Some(if is_small { host } else { Cow::Owned(host.to_ascii_lowercase()) })
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn ends_in_a_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    last.bytes().all(|digit| digit.is_ascii_digit()) || number(last).is_some_and(|_| last.starts_with("0x"))
}

/// An address of four bytes, written as one to four numbers.
fn four(host: &str) -> Option<Ipv4Addr> {
    let mut numbers = host.split('.').map(number);
    let mut all = [0_u64; 4];
    let mut count = 0_usize;
    for place in &mut all {
        let Some(next) = numbers.next() else { break };
        *place = next?;
        count = count.saturating_add(1);
    }
    if numbers.next().is_some() {
        return None;
    }
    let (before, last) = all.get(..count)?.split_last().map(|(last, before)| (before, *last))?;
    let room = u32::try_from(before.len()).ok()?.checked_mul(8).and_then(|bits| 32_u32.checked_sub(bits))?;
    if last >= 1_u64.checked_shl(room)? || before.iter().any(|number| *number > 255) {
        return None;
    }
    let mut address = last;
    for (number, shift) in before.iter().zip([24_u32, 16, 8]) {
        address |= number.checked_shl(shift)?;
    }
    u32::try_from(address).ok().map(Ipv4Addr::from_bits)
}

/// A number in base 16 after `0x`, in base 8 after `0`, else in base 10.
fn number(text: &str) -> Option<u64> {
    let (digits, base) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some("") => return Some(0),
        Some(digits) => (digits, 16),
        None => match text.strip_prefix('0') {
            Some(digits) if !digits.is_empty() => (digits, 8),
            _ => (text, 10),
        },
    };
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    plain.then(|| u64::from_str_radix(digits, base).ok()).flatten()
}

/// A name beyond ASCII as DNS knows it.
fn ascii(host: &str) -> Option<String> {
    const WITHOUT_WIDTH: [char; 6] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
    let is_ignored = |c: char| WITHOUT_WIDTH.contains(&c) || matches!(c, '\u{fe00}'..='\u{fe0f}');
    let dots = |c: char| if matches!(c, '。' | '．' | '｡') { '.' } else { c };
    let small: String = host
        .chars()
        .filter(|c| !is_ignored(*c))
        .map(dots)
        .nfkc()
        .flat_map(char::to_lowercase)
        .nfkc()
        .collect();
    let mut name = String::with_capacity(small.len());
    for (at, label) in small.split('.').enumerate() {
        if at > 0 {
            name.push('.');
        }
        if label.is_ascii() {
            name.push_str(label);
        } else {
            name.push_str("xn--");
            punycode(label, &mut name)?;
        }
        if name.len() > HOST_BYTES_MOST.saturating_add(1) {
            return None;
        }
    }
    Some(name)
}

/// Punycode (RFC 3492, section 6.3). A label longer than DNS allows gives none.
fn punycode(label: &str, name: &mut String) -> Option<()> {
    let letters: Vec<u32> = label.chars().map(u32::from).collect();
    if letters.len() > 63 {
        return None;
    }
    name.extend(label.chars().filter(char::is_ascii));
    let basic = u32::try_from(letters.iter().filter(|letter| **letter < 128).count()).ok()?;
    if basic > 0 {
        name.push('-');
    }
    let (mut highest, mut delta, mut bias, mut done) = (128_u32, 0_u32, 72_u32, basic);
    let all = u32::try_from(letters.len()).ok()?;
    while done < all {
        let next = letters.iter().copied().filter(|letter| *letter >= highest).min()?;
        delta = delta.checked_add(next.checked_sub(highest)?.checked_mul(done.checked_add(1)?)?)?;
        highest = next;
        for &letter in &letters {
            if letter < highest {
                delta = delta.checked_add(1)?;
            } else if letter == highest {
                digits(delta, bias, name)?;
                bias = adapted(delta, done.checked_add(1)?, done == basic);
                delta = 0;
                done = done.checked_add(1)?;
            }
        }
        delta = delta.checked_add(1)?;
        highest = highest.checked_add(1)?;
    }
    Some(())
}

/// A number of variable length.
fn digits(delta: u32, bias: u32, name: &mut String) -> Option<()> {
    let mut rest = delta;
    let mut step = 36_u32;
    loop {
        let threshold = step.saturating_sub(bias).clamp(1, 26);
        if rest < threshold {
            name.push(digit(rest)?);
            return Some(());
        }
        let base = 36_u32.checked_sub(threshold)?;
        let beyond = rest.checked_sub(threshold)?;
        name.push(digit(threshold.checked_add(beyond.checked_rem(base)?)?)?);
        rest = beyond.checked_div(base)?;
        step = step.checked_add(36)?;
    }
}

fn digit(value: u32) -> Option<char> {
    char::from_digit(value.checked_add(10)? % 36, 36).filter(|_| value < 36)
}

fn adapted(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta = delta.saturating_add(delta.checked_div(count).unwrap_or(0));
    let mut bias = 0_u32;
    while delta > 455 {
        delta /= 35;
        bias = bias.saturating_add(36);
    }
    bias.saturating_add(delta.saturating_mul(36).checked_div(delta.saturating_add(38)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punycode_of_the_specification() {
        for (label, expected) in [
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("tạisaohọkhôngthểchỉnóitiếngviệt", "tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g"),
            ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
            ("bücher", "bcher-kva"),
        ] {
            let mut name = String::new();
            punycode(label, &mut name).unwrap();
            assert_eq!(name, expected);
        }
    }

    #[test]
    fn endings_are_sorted_and_small() {
        assert!(USUAL_ENDINGS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
