//! The box `moov` of a film: clocks, tracks and what is written about it.
//!
//! ISO/IEC 14496-12 (mvhd, tkhd, mdhd, hdlr, stsd, mehd), 3GPP TS 26.244 (loci), QuickTime File Format
//! (user data, metadata keys).

use std::ops::Range;

use crate::boxes::Boxes;
use crate::media::{as_ms, number, shown};

/// Most tracks, and most notes, that are kept.
const TRACKS: usize = 64;
const NOTES: usize = 200;
/// Most bytes of one note.
const NOTE_BYTES: usize = 4 << 10;

/// What a film says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Movie {
    /// When it was made and changed, in seconds since 1904, as its container says.
    pub(super) made: Option<u64>,
    pub(super) changed: Option<u64>,
    /// How long it plays.
    pub(super) duration_ms: Option<u64>,
    /// Its tracks.
    pub(super) tracks: Vec<Track>,
    /// Names and values of what is written about it.
    pub(super) notes: Vec<(String, String)>,
}

/// A track.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Track {
    /// What it is: `vide`, `soun` …
    pub(super) handler: String,
    /// How it is coded, in four letters.
    pub(super) codec: String,
    /// Width and height.
    pub(super) pixels: Option<(u32, u32)>,
    /// By how many degrees it is to be turned.
    pub(super) turned: Option<u16>,
    /// When it was made, in seconds since 1904.
    pub(super) made: Option<u64>,
    /// How long it plays.
    pub(super) duration_ms: Option<u64>,
}

/// Reads the body of `moov`.
pub(super) fn movie(boxes: &Boxes<'_>, moov: &Range<u64>) -> Movie {
    let mut movie = Movie::default();
    let mut scale = 0;
    for found in boxes.within(moov.clone()) {
        match &found.kind {
            b"mvhd" => {
                let clock = clock(&boxes.read(&found.body, 40));
                movie.made = clock.made;
                movie.changed = clock.changed;
                movie.duration_ms = clock.duration_ms;
                scale = clock.scale;
            }
            b"mvex" => {
                // A film in fragments says its length there.
                let length = boxes.first(&found.body, *b"mehd").map(|mehd| boxes.read(&mehd.body, 12));
                let length = length.and_then(|mehd| match mehd.first() {
                    Some(1) => number(&mehd, 4, 8),
                    _ => number(&mehd, 4, 4),
                });
                movie.duration_ms = movie.duration_ms.or(length.and_then(|length| as_ms(length, scale)));
            }
            b"trak" if movie.tracks.len() < TRACKS => movie.tracks.push(track(boxes, &found.body)),
            b"udta" => movie.user_data(boxes, &found.body),
            b"meta" => movie.metadata(boxes, &found.body),
            _ => {}
        }
    }
    movie
}

struct Clock {
    made: Option<u64>,
    changed: Option<u64>,
    scale: u64,
    duration_ms: Option<u64>,
}

/// Times and length as `mvhd` and `mdhd` begin: in 32 or 64 bits.
fn clock(body: &[u8]) -> Clock {
    let (width, unset) = if body.first() == Some(&1) { (8, u64::MAX) } else { (4, u64::from(u32::MAX)) };
    let at = |count: usize| 4 + count * width;
    let scale = number(body, at(2), 4).unwrap_or(0);
    let length = number(body, at(2) + 4, width).filter(|length| *length != unset && *length > 0);
    Clock {
        made: number(body, at(0), width),
        changed: number(body, at(1), width),
        scale,
        duration_ms: length.and_then(|length| as_ms(length, scale)),
    }
}

fn track(boxes: &Boxes<'_>, body: &Range<u64>) -> Track {
    let mut track = Track::default();
    for found in boxes.within(body.clone()) {
        match &found.kind {
            b"tkhd" => {
                let body = boxes.read(&found.body, 104);
                let side = |at| number(&body, at, 4).and_then(|side| u32::try_from(side >> 16).ok());
                // Matrix, width and height are the last things in it.
                let end = if body.first() == Some(&1) { 96 } else { 84 };
                track.pixels = side(end - 8).zip(side(end - 4)).filter(|(w, h)| *w > 0 && *h > 0);
                track.turned = turned(&body, end - 44);
            }
            b"mdia" => {
                for inner in boxes.within(found.body) {
                    track.media(boxes, inner.kind, &inner.body);
                }
            }
            _ => {}
        }
    }
    track
}

impl Track {
    fn media(&mut self, boxes: &Boxes<'_>, kind: [u8; 4], body: &Range<u64>) {
        match &kind {
            b"mdhd" => {
                let clock = clock(&boxes.read(body, 40));
                self.made = clock.made;
                self.duration_ms = clock.duration_ms;
            }
            b"hdlr" => self.handler = boxes.read(body, 12).get(8..12).map(shown).unwrap_or_default(),
            b"minf" => {
                if let Some(stsd) = boxes.path(body, &[*b"stbl", *b"stsd"]) {
                    self.codec = boxes.read(&stsd, 16).get(12..16).map(shown).unwrap_or_default();
                }
            }
            _ => {}
        }
    }
}

/// The turn that a matrix makes, if it is one by right angles.
fn turned(body: &[u8], at: usize) -> Option<u16> {
    const ONE: u64 = 0x1_0000;
    const MINUS_ONE: u64 = 0xffff_0000;
    let part = |count: usize| number(body, at + count * 4, 4);
    match (part(0)?, part(1)?, part(3)?, part(4)?) {
        (ONE, 0, 0, ONE) => Some(0),
        (0, ONE, MINUS_ONE, 0) => Some(90),
        (MINUS_ONE, 0, 0, MINUS_ONE) => Some(180),
        (0, MINUS_ONE, ONE, 0) => Some(270),
        _ => None,
    }
}

impl Movie {
    fn note(&mut self, name: &str, value: String) {
        if self.notes.len() < NOTES && !value.is_empty() && !name.is_empty() {
            self.notes.push((name.to_owned(), value));
        }
    }

    /// The first note of one of these names.
    pub(super) fn noted(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.notes.iter().find(|(known, _)| known == name))
            .map(|(_, value)| value.as_str())
    }

    fn user_data(&mut self, boxes: &Boxes<'_>, udta: &Range<u64>) {
        for found in boxes.within(udta.clone()) {
            match found.kind {
                [0xa9, ..] => {
                    // Length, language, text.
                    let body = boxes.read(&found.body, NOTE_BYTES);
                    let length =
                        number(&body, 0, 2).and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
                    let text = body.get(4..4 + length).or(body.get(4..)).map(shown);
                    self.note(&letters(found.kind), text.unwrap_or_default());
                }
                [b'l', b'o', b'c', b'i'] => {
                    if let Some(place) = loci(&boxes.read(&found.body, NOTE_BYTES)) {
                        self.note("loci", place);
                    }
                }
                [b'm', b'e', b't', b'a'] => self.metadata(boxes, &found.body),
                _ => {}
            }
        }
    }

    /// Notes under keys (QuickTime) or four letters (iTunes).
    fn metadata(&mut self, boxes: &Boxes<'_>, meta: &Range<u64>) {
        // ISO puts version and flags before the boxes, QuickTime does not.
        let head = boxes.read(meta, 8);
        let skip = if head.get(4..8) == Some(b"hdlr") { 0 } else { 4 };
        let inside = meta.start.saturating_add(skip).min(meta.end)..meta.end;
        let found = boxes.within(inside);
        let body =
            |kind: [u8; 4]| found.iter().find(|found| found.kind == kind).map(|found| found.body.clone());
        let keys = body(*b"keys").map(|keys| self::keys(boxes, &keys)).unwrap_or_default();
        let Some(list) = body(*b"ilst") else { return };
        for item in boxes.within(list) {
            let number =
                u32::from_be_bytes(item.kind).checked_sub(1).and_then(|number| usize::try_from(number).ok());
            let key = number.and_then(|number| keys.get(number)).cloned();
            let Some(data) = boxes.first(&item.body, *b"data") else { continue };
            // Type and language, then the value; type 1 is UTF-8.
            let data = boxes.read(&data.body, NOTE_BYTES);
            let value = data.get(8..).unwrap_or_default();
            let value = match crate::media::number(&data, 0, 4) {
                Some(1) => shown(value),
                Some(21 | 22 | 0 | 65..=78) if (1..=8).contains(&value.len()) => {
                    crate::media::number(value, 0, value.len())
                        .map(|number| number.to_string())
                        .unwrap_or_default()
                }
                _ => format!("{} bytes", value.len()),
            };
            self.note(&key.unwrap_or_else(|| letters(item.kind)), value);
        }
    }
}

/// The names of the keys, in their order.
fn keys(boxes: &Boxes<'_>, keys: &Range<u64>) -> Vec<String> {
    let inside = keys.start.saturating_add(8).min(keys.end)..keys.end;
    boxes.within(inside).iter().take(NOTES).map(|key| shown(&boxes.read(&key.body, 256))).collect()
}

/// A place of 3GPP as ISO 6709: name, role, longitude, latitude.
fn loci(body: &[u8]) -> Option<String> {
    let name = body.get(6..)?;
    let at = memchr::memchr(0, name)?.checked_add(8)?;
    let degrees = |at: usize| {
        let raw: [u8; 4] = body.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(f64::from(i32::from_be_bytes(raw)) / 65_536.0)
    };
    let (longitude, latitude) = (degrees(at)?, degrees(at.checked_add(4)?)?);
    Some(format!("{latitude:+08.4}{longitude:+09.4}/"))
}

/// Four letters, the sign of QuickTime's texts among them.
fn letters(kind: [u8; 4]) -> String {
    kind.iter().map(|byte| char::from(*byte)).filter(|letter| !letter.is_control()).collect()
}
