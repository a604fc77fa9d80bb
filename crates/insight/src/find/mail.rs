//! Mail addresses: as they are written (RFC 5321 without quoted names), and with `(at)` and `(dot)` as
//! words.

use super::finds::Finds;
use super::passage::{AT, Passage, byte_at};
use super::{Context, Kind};

/// Endings of files, which are none of hosts: `picture@2x.png`.
const FILES: [&[u8]; 9] = [b"png", b"jpg", b"jpeg", b"gif", b"webp", b"svg", b"pdf", b"heic", b"opus"];
/// Longest address.
const LONGEST: usize = 254;

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
    if passage.has(AT) {
        for at in memchr::memchr_iter(b'@', passage.text.as_bytes()) {
            written(passage, at, finds);
        }
    }
    spelt(passage, finds);
}

fn written(passage: &Passage<'_>, at: usize, finds: &mut Finds) {
    let bytes = passage.text.as_bytes();
    let before =
        bytes.get(..at).unwrap_or_default().iter().rev().take(64).take_while(|byte| is_local(**byte));
    let start = at.saturating_sub(before.count());
    let behind = bytes.get(at.saturating_add(1)..).unwrap_or_default();
    let length = behind.iter().take(LONGEST).take_while(|byte| is_domain(**byte)).count();
    let domain = behind.get(..length).unwrap_or_default();
    let domain = domain.strip_suffix(b".").or_else(|| domain.strip_suffix(b"-")).unwrap_or(domain);
    let end = at.saturating_add(1).saturating_add(domain.len());
    let start = if byte_at(bytes, start) == b'.' { start.saturating_add(1) } else { start };
    // Identifiers of messengers are written like addresses.
    let of_messenger = [&b"s.whatsapp.net"[..], b"g.us", b"c.us", b"lid"].contains(&domain);
    if start < at
        && is_host(domain)
        && !of_messenger
        && let Some(address) = passage.text.get(start..end)
    {
        finds.add(Kind::Mail, start..end, address.to_ascii_lowercase(), "written");
    }
}

/// `name (at) example (dot) org`, also with brackets left out before a known ending.
fn spelt(passage: &Passage<'_>, finds: &mut Finds) {
    let shadow = &passage.shadow().text;
    for sign in ["(at)", "[at]", " at "] {
        for (at, _) in shadow.match_indices(sign) {
            let before = shadow.get(..at).unwrap_or_default().trim_end();
            let local: String =
                before.chars().rev().take_while(|c| c.is_ascii() && is_local(*c as u8)).collect();
            let local: String = local.chars().rev().collect();
            let rest = shadow.get(at.saturating_add(sign.len())..).unwrap_or_default();
            let Some((domain, length)) = spelt_domain(rest, sign == " at ") else { continue };
            let start = before.len().saturating_sub(local.len());
            let end = at.saturating_add(sign.len()).saturating_add(length);
            if !local.is_empty() {
                finds.add(
                    Kind::Mail,
                    passage.source(&(start..end)),
                    format!("{local}@{domain}"),
                    "spelt-out",
                );
            }
        }
    }
}

/// The domain at the beginning of a text with its dots written as words, and how many bytes it takes.
fn spelt_domain(text: &str, needs_dot_word: bool) -> Option<(String, usize)> {
    let (mut domain, mut length, mut dots) = (String::new(), 0_usize, 0_u32);
    let mut rest = text;
    loop {
        let blanks = rest.len().saturating_sub(rest.trim_start().len());
        let word = rest.trim_start();
        let end =
            word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(word.len());
        let (part, after) = word.split_at_checked(end)?;
        if part.is_empty() {
            return None;
        }
        domain.push_str(part);
        length = length.saturating_add(blanks).saturating_add(part.len());
        let next = after.trim_start();
        let dot =
            ["(dot)", "[dot]", "(punkt)", "dot ", "punkt "].into_iter().find(|dot| next.starts_with(dot));
        let Some(dot) = dot.filter(|_| dots < 3) else { break };
        length = length.saturating_add(after.len().saturating_sub(next.len())).saturating_add(dot.len());
        domain.push('.');
        dots = dots.saturating_add(1);
        rest = next.get(dot.len()..)?;
    }
    let domain = domain.trim_end_matches(['.', '-']).to_owned();
    let fits = is_host(domain.as_bytes()) && (dots > 0 || !needs_dot_word);
    fits.then_some((domain, length))
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-')
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

/// Whether it has an ending of letters and no empty part.
fn is_host(domain: &[u8]) -> bool {
    let mut parts = domain.split(|byte| *byte == b'.');
    let last = domain.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let ending = (2..=24).contains(&last.len()) && last.iter().all(u8::is_ascii_alphabetic);
    let is_file = FILES.iter().any(|file| last.eq_ignore_ascii_case(file));
    ending
        && !is_file
        && domain.contains(&b'.')
        && parts.all(|part| !part.is_empty() && !part.starts_with(b"-"))
}
