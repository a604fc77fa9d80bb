//! Tags before MPEG sound: ID3v2.2 to 2.4, texts only.
//!
//! id3.org, ID3v2.3.0 and 2.4.0. Pictures in tags are counted, not read; compressed frames are left alone.

use std::io;

use super::sound::Sound;
use crate::media::{Bytes, number, shown};

/// Most bytes of a tag that are read, and most frames.
const TAG_BYTES: usize = 64 << 10;
const FRAMES: usize = 200;

/// Reads the tags; gives where the sound begins.
pub(super) fn read(sound: &mut Sound, bytes: &Bytes) -> io::Result<u64> {
    let mut begin = 0;
    // Some programs put a new tag before the old one.
    for _ in 0..4 {
        let head = bytes.read(begin, 10)?;
        if !head.starts_with(b"ID3") {
            break;
        }
        let version = head.get(3).copied().unwrap_or(0);
        let length = syncsafe(&head, 6).unwrap_or(0);
        let body =
            bytes.read(begin.saturating_add(10), TAG_BYTES.min(usize::try_from(length).unwrap_or(0)))?;
        sound.note("id3", format!("2.{version}"));
        frames(sound, version, &body);
        begin = begin.saturating_add(10).saturating_add(length);
    }
    Ok(begin)
}

fn frames(sound: &mut Sound, version: u8, body: &[u8]) {
    let (name_length, head_length) = if version == 2 { (3, 6) } else { (4, 10) };
    let mut rest = body;
    for _ in 0..FRAMES {
        let Some(name) = rest.get(..name_length).filter(|name| name.iter().all(u8::is_ascii_alphanumeric))
        else {
            return;
        };
        let length = match version {
            2 => number(rest, 3, 3),
            4 => syncsafe(rest, 4),
            _ => number(rest, 4, 4),
        };
        let length = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let Some(end) = length.checked_add(head_length).filter(|_| length > 0) else { return };
        let Some(value) = rest.get(head_length..end) else { return };
        match name {
            b"APIC" | b"PIC" => sound.note("picture", format!("{length} bytes")),
            [b'T', ..] => sound.note(&shown(name), text(value)),
            _ => {}
        }
        rest = rest.get(end..).unwrap_or_default();
    }
}

/// A text with its coding before it.
fn text(value: &[u8]) -> String {
    let Some((coding, text)) = value.split_first() else { return String::new() };
    match coding {
        1 => {
            // A mark says which byte comes first.
            let big = text.starts_with(b"\xfe\xff");
            let encoding = if big { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
            shown(encoding.decode_with_bom_removal(text).0.as_bytes())
        }
        2 => shown(encoding_rs::UTF_16BE.decode_without_bom_handling(text).0.as_bytes()),
        _ => shown(text),
    }
}

/// A number of which each byte holds seven bits.
fn syncsafe(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f)))
}
