//! Messages of DNS (RFC 1035): every name asked for, and every name and address answered.
//!
//! Answers of the types A, AAAA, CNAME, DNAME, NS, PTR, SRV, SVCB and HTTPS (RFC 9460) are looked into; of
//! others only the name. A message that breaks off gives what stands before. Deliberately not read: the
//! local names of mDNS and LLMNR, which say nothing about the outside.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::cursor::Cursor;

/// Most questions and answers of one message.
const ENTRIES_MOST: usize = 256;
/// Longest name, as it is written.
const NAME_BYTES_MOST: usize = 255;
/// Most jumps within one name.
const JUMPS_MOST: usize = 32;

/// Something a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said<'n> {
    /// A name.
    Name(&'n str),
    /// An address that a name was said to have.
    Address(core::net::IpAddr),
}

/// Tells what a message says; none if it is no message, or ends too early.
pub(super) fn message(bytes: &[u8], tell: &mut dyn FnMut(Said<'_>)) -> Option<()> {
    let mut cursor = Cursor(bytes);
    cursor.two()?;
    let flags = cursor.two()?;
    let questions = usize::from(cursor.two()?);
    let answers = [cursor.two()?, cursor.two()?, cursor.two()?];
    let entries: usize = answers.into_iter().map(usize::from).sum();
    // Only questions, answers, notices and updates; and one question, as everybody sends it.
    if flags & 0x7800 > 0x2800 || questions > 16 {
        return None;
    }
    let mut name = String::new();
    for _ in 0..questions {
        take_name(bytes, &mut cursor, &mut name)?;
        cursor.four()?;
        tell_name(&name, tell);
    }
    for _ in 0..entries.min(ENTRIES_MOST) {
        take_name(bytes, &mut cursor, &mut name)?;
        let kind = cursor.two()?;
        cursor.two()?;
        cursor.four()?;
        let data = cursor.piece_of_two()?;
        if kind == 41 {
            continue;
        }
        tell_name(&name, tell);
        let before = bytes.len().checked_sub(cursor.0.len())?.checked_sub(data.len())?;
        let names_at = match kind {
            1 => {
                tell_four(data, tell);
                continue;
            }
            28 => {
                tell_six(data, tell);
                continue;
            }
            2 | 5 | 12 | 39 => 0,
            33 => 6,
            64 | 65 => 2,
            _ => continue,
        };
        // A name in the answer may point back into the message.
        let end = before.checked_add(data.len())?;
        let mut target = Cursor(bytes.get(before.checked_add(names_at)?..end)?);
        take_name(bytes, &mut target, &mut name)?;
        tell_name(&name, tell);
    }
    Some(())
}

fn tell_name(name: &str, tell: &mut dyn FnMut(Said<'_>)) {
    if !name.is_empty() {
        tell(Said::Name(name));
    }
}

fn tell_four(data: &[u8], tell: &mut dyn FnMut(Said<'_>)) {
    if let Ok(address) = <[u8; 4]>::try_from(data) {
        tell(Said::Address(Ipv4Addr::from(address).into()));
    }
}

fn tell_six(data: &[u8], tell: &mut dyn FnMut(Said<'_>)) {
    if let Ok(address) = <[u8; 16]>::try_from(data) {
        tell(Said::Address(Ipv6Addr::from(address).into()));
    }
}

/// A name with dots. Labels that are no text of the net give an empty name; the cursor goes behind it all the
/// same.
fn take_name<'m>(message: &'m [u8], cursor: &mut Cursor<'m>, name: &mut String) -> Option<()> {
    name.clear();
    let mut is_text = true;
    let mut written = 0_usize;
    let mut jumped: Option<Cursor<'_>> = None;
    let mut jumps = 0_usize;
    loop {
        let here = jumped.as_mut().unwrap_or(cursor);
        let length = here.one()?;
        match length {
            0 => break,
            1..=63 => {
                let label = here.take(usize::from(length))?;
                written = written.checked_add(label.len())?.checked_add(1)?;
                if written > NAME_BYTES_MOST {
                    return None;
                }
                is_text &= label.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'.');
                if !name.is_empty() {
                    name.push('.');
                }
                name.extend(label.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
            }
            192..=255 => {
                let at = usize::from(u16::from_be_bytes([length & 0x3f, here.one()?]));
                jumps = jumps.checked_add(1).filter(|jumps| *jumps <= JUMPS_MOST)?;
                jumped = Some(Cursor(message.get(at..)?));
            }
            _ => return None,
        }
    }
    if !is_text {
        name.clear();
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> (Vec<String>, Option<()>) {
        let mut said = Vec::new();
        let whole = message(bytes, &mut |one| {
            said.push(match one {
                Said::Name(name) => name.to_owned(),
                Said::Address(address) => address.to_string(),
            });
        });
        (said, whole)
    }

    #[test]
    fn questions_and_answers() {
        let mut bytes = b"\x12\x34\x81\x80\0\x01\0\x03\0\0\0\0".to_vec();
        bytes.extend(b"\x03WWW\x07example\x03com\0\0\x01\0\x01");
        bytes.extend(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x06\x03cdn\xc0\x10");
        bytes.extend(b"\x03cdn\xc0\x10\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x07");
        bytes.extend(b"\xc0\x0c\0\x41\0\x01\0\0\0\x3c\0\x0f\0\x01\x03svc\x07example\0");
        let (names, whole) = said(&bytes);
        assert!(whole.is_some());
        assert_eq!(
            names,
            [
                "www.example.com",
                "www.example.com",
                "cdn.example.com",
                "cdn.example.com",
                "192.0.2.7",
                "www.example.com",
                "svc.example"
            ]
        );
        for length in 0..bytes.len() {
            assert!(said(&bytes[..length]).1.is_none());
        }
    }

    #[test]
    fn names_that_run_in_circles_end() {
        let mut bytes = b"\0\0\x01\0\0\x01\0\0\0\0\0\0".to_vec();
        bytes.extend(b"\xc0\x0c\0\x01\0\x01");
        assert_eq!(said(&bytes), (Vec::new(), None));
        let mut bytes = b"\0\0\x01\0\0\x01\0\0\0\0\0\0".to_vec();
        bytes.extend(b"\x04a\0b.\0\0\x01\0\x01");
        assert_eq!(said(&bytes), (Vec::new(), Some(())));
    }
}
