//! DER and BER as far as signed lists and certificates need it: the content of CMS signed data, and whose a
//! certificate is.
//!
//! ITU-T X.690 (2021), RFC 5652 (signed data), RFC 5280 (certificates). Both definite and indefinite lengths
//! are read. Deliberately verified: nothing. A signature says who wrote a list, not that it is harmless.

/// Deepest nesting that is followed.
const DEPTH_MOST: u32 = 16;
/// Most pieces of one string, and most elements of one level.
const PIECES_MOST: usize = 100_000;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
const INTEGER: u8 = 0x02;
const FIRST: u8 = 0xa0;
const THIRD: u8 = 0xa3;

/// `1.2.840.113549.1.7.2`.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// `2.5.29.19`.
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];

/// An element and what follows it.
#[derive(Clone, Copy)]
struct Element<'b> {
    tag: u8,
    content: &'b [u8],
    rest: &'b [u8],
}

/// The first element of these bytes; none if they are none, or nested too deep.
fn element(bytes: &[u8], depth: u32) -> Option<Element<'_>> {
    let (tag, after) = bytes.split_first()?;
    // Tags of more than one byte come in nothing that is read here.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (first, after) = after.split_first()?;
    if *first == 0x80 {
        let length = endless(after, depth.checked_sub(1)?)?;
        let (content, rest) = after.split_at_checked(length)?;
        return Some(Element { tag: *tag, content, rest: rest.get(2..)? });
    }
    let (length, after) = if *first < 0x80 {
        (usize::from(*first), after)
    } else {
        let (number, after) = after.split_at_checked(usize::from(first & 0x7f))?;
        if number.len() > 8 {
            return None;
        }
        let length = number.iter().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
        (usize::try_from(length).ok()?, after)
    };
    let (content, rest) = after.split_at_checked(length)?;
    Some(Element { tag: *tag, content, rest })
}

/// How long the content of an element is that ends with two zero bytes.
fn endless(bytes: &[u8], depth: u32) -> Option<usize> {
    let mut rest = bytes;
    for _ in 0..PIECES_MOST {
        if rest.starts_with(&[0, 0]) {
            return bytes.len().checked_sub(rest.len());
        }
        rest = element(rest, depth)?.rest;
    }
    None
}

/// The element of this tag.
fn expect(bytes: &[u8], tag: u8) -> Option<Element<'_>> {
    element(bytes, DEPTH_MOST).filter(|element| element.tag == tag)
}

/// Whether these bytes may be CMS signed data: asked before the rest is.
pub(crate) fn may_be_signed(head: &[u8]) -> bool {
    let at = head.get(1).map(|length| if *length > 0x80 { usize::from(length & 0x7f) } else { 0 });
    let after = at.and_then(|at| head.get(at.saturating_add(2)..));
    head.first() == Some(&SEQUENCE)
        && after.is_some_and(|after| after.get(2..).is_some_and(|object| object.starts_with(SIGNED_DATA)))
}

/// The content that CMS signed data carries.
pub(crate) fn signed_content(bytes: &[u8]) -> Option<Vec<u8>> {
    let outer = expect(bytes, SEQUENCE)?;
    let kind = expect(outer.content, OBJECT).filter(|kind| kind.content == SIGNED_DATA)?;
    let signed = expect(expect(kind.rest, FIRST)?.content, SEQUENCE)?;
    let version = expect(signed.content, INTEGER)?;
    let algorithms = expect(version.rest, SET)?;
    let inner = expect(algorithms.rest, SEQUENCE)?;
    let kind = expect(inner.content, OBJECT)?;
    let carried = expect(kind.rest, FIRST)?;
    let mut content = Vec::new();
    octets(carried.content, DEPTH_MOST, &mut content)?;
    Some(content)
}

/// The bytes of a string, put together if it comes in pieces.
fn octets(bytes: &[u8], depth: u32, into: &mut Vec<u8>) -> Option<()> {
    let found = element(bytes, depth)?;
    if found.tag == OCTETS {
        into.extend_from_slice(found.content);
        return Some(());
    }
    let mut pieces = Some(found.content).filter(|_| found.tag == OCTETS_IN_PIECES)?;
    let deeper = depth.checked_sub(1)?;
    for _ in 0..PIECES_MOST {
        if pieces.is_empty() {
            return Some(());
        }
        let piece = element(pieces, deeper)?;
        octets(pieces, deeper, into)?;
        pieces = piece.rest;
    }
    None
}

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CertificateWords {
    /// Whose it is.
    pub(crate) subject: String,
    /// Who issued it.
    pub(crate) issuer: String,
    /// What it may be used for, as far as it matters here.
    pub(crate) role: CertificateRole,
}

/// What a certificate may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CertificateRole {
    /// Issued by itself, and may issue others: whoever trusts it trusts all of them.
    Root,
    /// Anything else.
    Other,
}

/// Reads a certificate in DER or PEM; none if it is none.
pub(crate) fn certificate(bytes: &[u8]) -> Option<CertificateWords> {
    let unpacked;
    let bytes = if bytes.starts_with(b"-----BEGIN CERTIFICATE-----") {
        unpacked = unarmoured(bytes)?;
        &unpacked
    } else {
        bytes
    };
    let body = expect(expect(bytes, SEQUENCE)?.content, SEQUENCE)?.content;
    let body = expect(body, FIRST).map_or(body, |version| version.rest);
    let number = expect(body, INTEGER)?;
    let algorithm = expect(number.rest, SEQUENCE)?;
    let issuer = expect(algorithm.rest, SEQUENCE)?;
    let valid = expect(issuer.rest, SEQUENCE)?;
    let subject = expect(valid.rest, SEQUENCE)?;
    let key = expect(subject.rest, SEQUENCE)?;
    let may_issue = issues_others(key.rest);
    // Roots of the first days carry no extensions.
    let is_root = issuer.content == subject.content && may_issue.unwrap_or(true);
    let role = if is_root { CertificateRole::Root } else { CertificateRole::Other };
    Some(CertificateWords { subject: name(subject.content), issuer: name(issuer.content), role })
}

/// Whether the extensions allow it to issue others; none if there are no extensions.
fn issues_others(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes;
    let extensions = loop {
        let found = element(rest, DEPTH_MOST)?;
        if found.tag == THIRD {
            break found;
        }
        rest = found.rest;
    };
    let mut list = expect(extensions.content, SEQUENCE)?.content;
    for _ in 0..100 {
        let Some(extension) = expect(list, SEQUENCE) else { break };
        list = extension.rest;
        let Some(kind) = expect(extension.content, OBJECT) else { continue };
        if kind.content == BASIC_CONSTRAINTS {
            let after = expect(kind.rest, 0x01).map_or(kind.rest, |critical| critical.rest);
            let value = expect(after, OCTETS)?;
            let truth = expect(expect(value.content, SEQUENCE)?.content, 0x01);
            return Some(truth.is_some_and(|truth| truth.content != [0]));
        }
    }
    Some(false)
}

/// A name as `CN=…, O=…`; parts of other kinds only if there is none of these.
fn name(bytes: &[u8]) -> String {
    const KINDS: &[(&[u8], &str)] = &[
        (&[0x55, 0x04, 0x03], "CN"),
        (&[0x55, 0x04, 0x0a], "O"),
        (&[0x55, 0x04, 0x0b], "OU"),
        (&[0x55, 0x04, 0x06], "C"),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01], "mail"),
    ];
    let mut shown = String::new();
    let mut rest = bytes;
    for _ in 0..50 {
        let Some(set) = expect(rest, SET) else { break };
        rest = set.rest;
        let Some(part) = expect(set.content, SEQUENCE) else { continue };
        let Some(kind) = expect(part.content, OBJECT) else { continue };
        let Some((_, label)) = KINDS.iter().find(|(known, _)| *known == kind.content) else { continue };
        let Some(value) = element(kind.rest, DEPTH_MOST) else { continue };
        let value = value.content.get(..300).unwrap_or(value.content);
        let between = if shown.is_empty() { "" } else { ", " };
        shown.push_str(between);
        shown.push_str(label);
        shown.push('=');
        shown.push_str(&String::from_utf8_lossy(value));
        if shown.len() > 700 {
            break;
        }
    }
    shown
}

/// The bytes of PEM.
fn unarmoured(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let body = text.strip_prefix("-----BEGIN CERTIFICATE-----")?.split("-----END").next()?;
    let mut out = Vec::with_capacity(body.len());
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in body.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte.wrapping_sub(b'A'),
            b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0x00ff_ffff;
        count = count.saturating_add(6);
        if count >= 8 {
            count = count.saturating_sub(8);
            out.push((bits >> count).to_le_bytes().first().copied().unwrap_or_default());
        }
    }
    Some(out)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An element of DER.
    pub(crate) fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let head = match length {
            0..=0x7f => vec![tag, u8::try_from(length).unwrap()],
            _ => [&[tag, 0x84][..], &u32::try_from(length).unwrap().to_be_bytes()].concat(),
        };
        [head, content.to_vec()].concat()
    }

    /// CMS signed data around a content, without certificates.
    pub(crate) fn signed(content: &[u8]) -> Vec<u8> {
        let data = der(OBJECT, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
        let inner = der(SEQUENCE, &[data, der(FIRST, &der(OCTETS, content))].concat());
        let signed = der(SEQUENCE, &[der(INTEGER, &[1]), der(SET, &[]), inner, der(SET, &[])].concat());
        der(SEQUENCE, &[der(OBJECT, SIGNED_DATA), der(FIRST, &signed)].concat())
    }

    /// The same without lengths, the content in pieces, as streams are written.
    pub(crate) fn signed_in_pieces(content: &[u8]) -> Vec<u8> {
        let endless = |tag: u8, content: Vec<u8>| [vec![tag, 0x80], content, vec![0, 0]].concat();
        let pieces: Vec<u8> = content.chunks(50).flat_map(|chunk| der(OCTETS, chunk)).collect();
        let data = der(OBJECT, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
        let carried = endless(FIRST, endless(OCTETS_IN_PIECES, pieces));
        let inner = endless(SEQUENCE, [data, carried].concat());
        let signed = endless(SEQUENCE, [der(INTEGER, &[1]), der(SET, &[]), inner, der(SET, &[])].concat());
        endless(SEQUENCE, [der(OBJECT, SIGNED_DATA), endless(FIRST, signed)].concat())
    }

    /// A certificate of invented people, with no key in it.
    pub(crate) fn made_certificate(subject: &str, issuer: &str, is_authority: &[u8]) -> Vec<u8> {
        let name = |text: &str| {
            let part = [der(OBJECT, &[0x55, 0x04, 0x03]), der(0x0c, text.as_bytes())].concat();
            der(SEQUENCE, &der(SET, &der(SEQUENCE, &part)))
        };
        let constraints = der(OCTETS, &der(SEQUENCE, is_authority));
        let extension = der(SEQUENCE, &[der(OBJECT, BASIC_CONSTRAINTS), constraints].concat());
        let body = [
            der(FIRST, &der(INTEGER, &[2])),
            der(INTEGER, &[1]),
            der(SEQUENCE, &[]),
            name(issuer),
            der(SEQUENCE, &[]),
            name(subject),
            der(SEQUENCE, &[]),
            der(THIRD, &der(SEQUENCE, &extension)),
        ];
        der(SEQUENCE, &[der(SEQUENCE, &body.concat()), der(SEQUENCE, &[])].concat())
    }

    #[test]
    fn signed_content_is_found_in_both_forms() {
        let content = b"erfundener Inhalt ".repeat(30);
        for bytes in [signed(&content), signed_in_pieces(&content)] {
            assert!(may_be_signed(&bytes));
            assert_eq!(signed_content(&bytes).unwrap(), content);
            for at in 0..bytes.len() {
                let _ = signed_content(&bytes[..at]);
                let mut changed = bytes.clone();
                changed[at] ^= 0x81;
                let _ = signed_content(&changed);
            }
        }
        let nested = [&[0x30, 0x80].repeat(100_000)[..], &[0; 10]].concat();
        assert_eq!(signed_content(&nested), None);
        assert!(!may_be_signed(b""));
    }

    #[test]
    fn a_root_is_told_from_others() {
        let root = made_certificate("Erfundene Wurzel", "Erfundene Wurzel", &[1, 1, 0xff]);
        let read = certificate(&root).unwrap();
        assert_eq!((read.subject.as_str(), read.role), ("CN=Erfundene Wurzel", CertificateRole::Root));
        let leaf = made_certificate("a.example", "Erfundene Wurzel", &[]);
        assert_eq!(certificate(&leaf).unwrap().role, CertificateRole::Other);
        for at in 0..root.len() {
            assert!(certificate(&root[..at]).is_none());
        }
        assert_eq!(unarmoured(b"-----BEGIN CERTIFICATE-----\nZXJmdW5kZW4=\n-----END").unwrap(), b"erfunden");
    }
}
