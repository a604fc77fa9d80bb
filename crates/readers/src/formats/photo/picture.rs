//! The headers of picture files: pixels, and where EXIF, XMP and IPTC lie in them.
//!
//! JPEG (ISO 10918-1), PNG (third edition), GIF 89a, WebP, HEIF (ISO 23008-12). Segments and chunks are
//! walked by their headers; pixels are not decoded. Of a HEIF the largest size that it names is taken, which
//! is that of the picture itself; tiles and previews are smaller.

use std::io;
use std::ops::Range;

use model::record::Extra;

use crate::boxes::{Boxes, Trouble};
use crate::media::{Bytes, Kind, number, number_low, shown};

/// Most segments or chunks of one file.
const SEGMENTS: usize = 20_000;
/// Most bytes of EXIF that are read from a picture.
pub(super) const EXIF_BYTES: usize = 4 << 20;

/// What the header of a picture says.
#[derive(Default)]
pub(super) struct Picture {
    /// Width and height.
    pub(super) pixels: Option<(u32, u32)>,
    /// The first block of EXIF.
    pub(super) exif: Option<Vec<u8>>,
    /// Further facts.
    pub(super) extra: Extra,
    /// What was wrong.
    pub(super) trouble: Option<Trouble>,
}

/// Reads the header of a picture of this kind.
pub(super) fn picture(bytes: &Bytes, kind: Kind, most_bytes: u64) -> Picture {
    let mut picture = Picture::default();
    let done = match kind {
        Kind::Jpeg => picture.jpeg(bytes),
        Kind::Png => picture.png(bytes),
        Kind::Gif => picture.gif(bytes),
        Kind::Webp => picture.webp(bytes),
        Kind::Tiff => picture.tiff(bytes, most_bytes),
        _ => {
            picture.heif(bytes);
            Ok(())
        }
    };
    if done.is_err() {
        picture.trouble = Some(Trouble::Unreadable);
    }
    picture
}

impl Picture {
    fn jpeg(&mut self, bytes: &Bytes) -> io::Result<()> {
        let mut at: u64 = 2;
        for _ in 0..SEGMENTS {
            let head = bytes.read(at, 4)?;
            let marker = match head.as_slice() {
                // Any number of 0xff may stand before a marker.
                [0xff, 0xff, ..] => {
                    at = at.saturating_add(1);
                    continue;
                }
                [0xff, 0xd9 | 0xda, ..] => return Ok(()),
                [0xff, 0x01 | 0xd0..=0xd8, ..] => {
                    at = at.saturating_add(2);
                    continue;
                }
                [0xff, marker, _, _] => *marker,
                [] | [_] | [0xff, ..] => return self.wrong(Trouble::Truncated),
                _ => return self.wrong(Trouble::Damaged),
            };
            let length = number(&head, 2, 2).unwrap_or(0);
            let Some(body_length) = length.checked_sub(2) else { return self.wrong(Trouble::Damaged) };
            let begin = at.saturating_add(4);
            let body = bytes.read(begin, usize::try_from(body_length).unwrap_or(0))?;
            if (body.len() as u64) < body_length {
                self.trouble = Some(Trouble::Truncated);
            }
            self.segment(marker, &body);
            at = begin.saturating_add(body_length);
        }
        self.wrong(Trouble::TooMany)
    }

    fn segment(&mut self, marker: u8, body: &[u8]) {
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                self.size(number(body, 3, 2), number(body, 1, 2));
            }
            0xe1 => {
                if let Some(exif) = body.strip_prefix(b"Exif\0\0") {
                    self.exif(exif.to_vec());
                } else if let Some(xmp) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    self.note("xmp", format!("{} bytes", xmp.len()));
                }
            }
            0xed if body.starts_with(b"Photoshop 3.0\0") => {
                self.note("iptc", format!("{} bytes", body.len()));
            }
            0xfe => self.note("comment", shown(body)),
            _ => {}
        }
    }

    fn png(&mut self, bytes: &Bytes) -> io::Result<()> {
        let mut at: u64 = 8;
        for _ in 0..SEGMENTS {
            let head = bytes.read(at, 8)?;
            let (Some(length), Some(kind)) = (number(&head, 0, 4), head.get(4..8)) else {
                return self.wrong(Trouble::Truncated);
            };
            let begin = at.saturating_add(8);
            let end = begin.saturating_add(length);
            let body = |most: usize| bytes.range(&(begin..end), most);
            match kind {
                b"IEND" => return Ok(()),
                b"IHDR" => {
                    let header = body(13)?;
                    self.size(number(&header, 0, 4), number(&header, 4, 4));
                }
                b"eXIf" => self.exif(body(EXIF_BYTES)?),
                b"tIME" => self.note("tIME", png_time(&body(7)?)),
                b"tEXt" | b"iTXt" => self.png_text(&body(8 << 10)?, length),
                _ => {}
            }
            if end > bytes.size() {
                return self.wrong(Trouble::Truncated);
            }
            at = end.saturating_add(4);
        }
        self.wrong(Trouble::TooMany)
    }

    fn png_text(&mut self, body: &[u8], length: u64) {
        let (name, text) = body.split_at(memchr::memchr(0, body).unwrap_or(body.len()));
        let name = shown(name);
        if name == "XML:com.adobe.xmp" {
            self.note("xmp", format!("{length} bytes"));
        } else if !name.is_empty() {
            self.note(&name, shown(text));
        }
    }

    fn gif(&mut self, bytes: &Bytes) -> io::Result<()> {
        let head = bytes.read(0, 10)?;
        self.size(number_low(&head, 6, 2), number_low(&head, 8, 2));
        if head.len() < 10 { self.wrong(Trouble::Truncated) } else { Ok(()) }
    }

    fn webp(&mut self, bytes: &Bytes) -> io::Result<()> {
        let mut at: u64 = 12;
        let claimed = number_low(&bytes.read(4, 4)?, 0, 4).unwrap_or(0).saturating_add(8);
        if claimed > bytes.size() {
            self.trouble = Some(Trouble::Truncated);
        }
        for _ in 0..SEGMENTS {
            let head = bytes.read(at, 8)?;
            let (Some(kind), Some(length)) = (head.get(..4), number_low(&head, 4, 4)) else { return Ok(()) };
            let begin = at.saturating_add(8);
            let body = |most: usize| bytes.range(&(begin..begin.saturating_add(length)), most);
            match kind {
                b"VP8X" => {
                    let header = body(10)?;
                    let side = |at| number_low(&header, at, 3).map(|side| side.saturating_add(1));
                    self.size(side(4), side(7));
                }
                b"VP8 " if self.pixels.is_none() => {
                    let header = body(10)?;
                    let side = |at| number_low(&header, at, 2).map(|side| side & 0x3fff);
                    self.size(side(6), side(8));
                }
                b"VP8L" if self.pixels.is_none() => {
                    let bits = number_low(&body(5)?, 1, 4);
                    let side = |shift: u32| bits.map(|bits| (bits >> shift & 0x3fff).saturating_add(1));
                    self.size(side(0), side(14));
                }
                b"EXIF" => {
                    let exif = body(EXIF_BYTES)?;
                    // Some programs put JPEG's mark before it.
                    self.exif(exif.strip_prefix(b"Exif\0\0").map_or(exif.clone(), <[u8]>::to_vec));
                }
                b"XMP " => self.note("xmp", format!("{length} bytes")),
                b"ANIM" => self.note("animated", "yes".to_owned()),
                _ => {}
            }
            at = begin.saturating_add(length).saturating_add(length % 2);
        }
        self.wrong(Trouble::TooMany)
    }

    fn tiff(&mut self, bytes: &Bytes, most_bytes: u64) -> io::Result<()> {
        let most = most_bytes.min(bytes.size());
        if most < bytes.size() {
            self.trouble = Some(Trouble::TooMany);
        }
        self.exif(bytes.read(0, usize::try_from(most).unwrap_or(usize::MAX))?);
        Ok(())
    }

    fn heif(&mut self, bytes: &Bytes) {
        let boxes = Boxes::new(bytes);
        let meta = boxes.within(0..bytes.size()).into_iter().find(|found| found.kind == *b"meta");
        if let Some(meta) = meta {
            // Version and flags come first.
            let inside = meta.body.start.saturating_add(4)..meta.body.end;
            if let Some(properties) = boxes.path(&inside, &[*b"iprp", *b"ipco"]) {
                for size in boxes.within(properties).iter().filter(|found| found.kind == *b"ispe") {
                    let size = boxes.read(&size.body, 12);
                    self.larger(number(&size, 4, 4), number(&size, 8, 4));
                }
            }
            if let Some(exif) = heif_exif(&boxes, &inside) {
                self.exif(exif);
            }
        } else {
            boxes.say(Trouble::Damaged);
        }
        self.trouble = self.trouble.or(boxes.trouble());
    }

    fn size(&mut self, width: Option<u64>, height: Option<u64>) {
        self.pixels = self.pixels.or(pixels(width, height));
    }

    fn larger(&mut self, width: Option<u64>, height: Option<u64>) {
        let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        if let Some(found) = pixels(width, height)
            && self.pixels.is_none_or(|known| area(found) > area(known))
        {
            self.pixels = Some(found);
        }
    }

    fn exif(&mut self, block: Vec<u8>) {
        if self.exif.is_some() {
            self.note("exif again", format!("{} bytes", block.len()));
        } else {
            self.exif = Some(block);
        }
    }

    fn note(&mut self, name: &str, value: String) {
        const NOTES: usize = 100;
        if self.extra.len() < NOTES && !value.is_empty() {
            self.extra.push((name.to_owned(), value));
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "ends a walk that can fail")]
    fn wrong(&mut self, trouble: Trouble) -> io::Result<()> {
        self.trouble = self.trouble.or(Some(trouble));
        Ok(())
    }
}

fn pixels(width: Option<u64>, height: Option<u64>) -> Option<(u32, u32)> {
    let side = |side: Option<u64>| side.and_then(|side| u32::try_from(side).ok()).filter(|side| *side > 0);
    Some((side(width)?, side(height)?))
}

/// When a PNG was last changed, in UTC.
fn png_time(body: &[u8]) -> String {
    let [high, low, month, day, hour, minute, second] = body else { return String::new() };
    let year = u16::from_be_bytes([*high, *low]);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The block of EXIF of a HEIF: an item of its own that `iinf` names and `iloc` places.
fn heif_exif(boxes: &Boxes<'_>, meta: &Range<u64>) -> Option<Vec<u8>> {
    let infos = boxes.first(meta, *b"iinf")?.body;
    let version = boxes.read(&infos, 1).first().copied()?;
    let skip = if version == 0 { 6 } else { 8 };
    let entries = infos.start.saturating_add(skip).min(infos.end)..infos.end;
    let item = boxes.within(entries).into_iter().find_map(|entry| exif_item(&boxes.read(&entry.body, 32)))?;
    let places = boxes.read(&boxes.first(meta, *b"iloc")?.body, 1 << 20);
    let (in_data, offset, length) = item_place(&places, item)?;
    let begin = if in_data { boxes.first(meta, *b"idat")?.body.start } else { 0 }.checked_add(offset)?;
    let block = boxes.read(&(begin..begin.checked_add(length)?), EXIF_BYTES);
    let skip = usize::try_from(number(&block, 0, 4)?).ok()?.checked_add(4)?;
    block.get(skip..).map(<[u8]>::to_vec)
}

/// The number of the item that an entry of `iinf` describes, if it is EXIF.
fn exif_item(entry: &[u8]) -> Option<u64> {
    let width = match entry.first()? {
        2 => 2,
        3 => 4,
        _ => return None,
    };
    let kind = entry.get(width + 6..width + 10)?;
    (kind == b"Exif").then(|| number(entry, 4, width)).flatten()
}

/// Where an item lies by `iloc`: whether in `idat`, offset and length of its first piece.
fn item_place(places: &[u8], wanted: u64) -> Option<(bool, u64, u64)> {
    let version = *places.first()?;
    let sizes = number(places, 4, 2)?;
    let size = |shift: u32| usize::try_from(sizes >> shift & 15).unwrap_or(0);
    let (offset_size, length_size, base_size) = (size(12), size(8), size(4));
    let index_size = if version == 0 { 0 } else { size(0) };
    let id_size = if version < 2 { 2 } else { 4 };
    let mut at: usize = 6;
    let mut take = |length: usize| {
        let found = number(places, at, length);
        at = at.saturating_add(length);
        found
    };
    for _ in 0..take(id_size)? {
        let item = take(id_size)?;
        let method = if version == 0 { 0 } else { take(2)? & 15 };
        take(2)?;
        let base = take(base_size)?;
        let mut first = None;
        for _ in 0..take(2)? {
            take(index_size)?;
            let (offset, length) = (take(offset_size)?, take(length_size)?);
            first = first.or(Some((offset, length)));
        }
        if item == wanted {
            let (offset, length) = first.filter(|_| method < 2)?;
            return Some((method == 1, base.checked_add(offset)?, length));
        }
    }
    None
}
