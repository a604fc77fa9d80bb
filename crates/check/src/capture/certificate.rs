//! The names in a certificate (X.509, RFC 5280; DER, X.690): the subject's common name, and the names and
//! addresses it is valid for.
//!
//! Deliberately nothing else: no chain, no dates, no signature.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Most names of one certificate.
const NAMES_MOST: usize = 200;

const SEQUENCE: u8 = 0x30;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// Tells the names of a certificate; those of many hosts (`*.example.com`) without the star.
pub(super) fn names(certificate: &[u8], tell: &mut dyn FnMut(&str)) -> Option<()> {
    let (outer, _) = of(SEQUENCE, certificate)?;
    let (mut rest, _) = of(SEQUENCE, outer)?;
    // The version, if it is there, then number, algorithm, issuer, times.
    if let Some((_, behind)) = of(0xa0, rest) {
        rest = behind;
    }
    for _ in 0..4 {
        rest = value(rest)?.2;
    }
    let (subject, mut rest) = of(SEQUENCE, rest)?;
    common_names(subject, tell);
    while let Some((tag, content, behind)) = value(rest) {
        rest = behind;
        if tag == 0xa3 {
            let (extensions, _) = of(SEQUENCE, content)?;
            alternative_names(extensions, tell);
        }
    }
    Some(())
}

fn common_names(mut subject: &[u8], tell: &mut dyn FnMut(&str)) -> Option<()> {
    let mut left = NAMES_MOST;
    while let Some((_, set, behind)) = value(subject) {
        subject = behind;
        left = left.checked_sub(1)?;
        let (pair, _) = of(SEQUENCE, set)?;
        let (kind, text) = of(0x06, pair)?;
        if kind == COMMON_NAME {
            tell_text(value(text)?.1, tell);
        }
    }
    Some(())
}

fn alternative_names(mut extensions: &[u8], tell: &mut dyn FnMut(&str)) -> Option<()> {
    let mut left = NAMES_MOST;
    while let Some((_, extension, behind)) = value(extensions) {
        extensions = behind;
        left = left.checked_sub(1)?;
        let (kind, mut rest) = of(0x06, extension)?;
        if kind != ALTERNATIVE_NAMES {
            continue;
        }
        // Whether it is critical.
        if let Some((_, behind)) = of(0x01, rest) {
            rest = behind;
        }
        let (mut names, _) = of(SEQUENCE, of(0x04, rest)?.0)?;
        while let Some((tag, content, behind)) = value(names) {
            names = behind;
            left = left.checked_sub(1)?;
            match tag {
                0x82 => tell_text(content, tell),
                0x87 => tell_address(content, tell),
                _ => {}
            }
        }
    }
    Some(())
}

fn tell_text(text: &[u8], tell: &mut dyn FnMut(&str)) {
    if let Ok(text) = std::str::from_utf8(text) {
        tell(text.strip_prefix("*.").unwrap_or(text));
    }
}

fn tell_address(bytes: &[u8], tell: &mut dyn FnMut(&str)) {
    let four = <[u8; 4]>::try_from(bytes).map(|four| IpAddr::from(Ipv4Addr::from(four)));
    let six = || <[u8; 16]>::try_from(bytes).map(|six| IpAddr::from(Ipv6Addr::from(six)));
    if let Ok(address) = four.or_else(|_| six()) {
        tell(&address.to_string());
    }
}

/// The content of a value with this tag, and what follows it.
fn of(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, content, behind) = value(bytes)?;
    (found == tag).then_some((content, behind))
}

/// The next value: tag, content, and what follows.
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0_usize, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, behind) = rest.split_at_checked(length)?;
    Some((*tag, content, behind))
}
