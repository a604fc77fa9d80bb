//! What pictures, videos and sounds share: the kind told from the content, one record a file,
//! bytes at random, numbers in them.
//!
//! The kind is told from the first bytes alone, so that no file is read by two readers. Deliberately no
//! decoding of pictures or sound.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use model::ReadAt;
use model::record::{
    Counted, FileNumber, MediaFact, MediaKind, Place, Point, ProblemKind, Record, Unit, What,
};
use source::tree::Entry;

use crate::{Flow, Sink};

/// Gives what a media file is as its one record, and the reckoning.
pub(crate) fn give(file: FileNumber, fact: MediaFact, sink: &mut dyn Sink) -> Flow {
    let what = What::Media(Box::new(fact));
    sink.record(Record { file, place: Place::Whole, part: 0, what })?;
    sink.counted(Counted { in_source: 1, records: 1, ..Counted::new(file, Unit::File, "") })
}

/// Tells that nothing of a media file can be had.
pub(crate) fn unreadable(file: FileNumber, sink: &mut dyn Sink) -> Flow {
    sink.trouble((file, Place::Whole), ProblemKind::Unreadable, "bytes that can be read", "")?;
    sink.counted(Counted { in_source: 1, problems: 1, ..Counted::new(file, Unit::File, "") })
}

/// A kind of media file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Jpeg,
    Png,
    Gif,
    Webp,
    Tiff,
    /// HEIC, HEIF and AVIF: pictures in boxes.
    Heif,
    /// MP4, MOV, 3GP, M4A: films and sound in boxes.
    Movie,
    Ogg,
    Amr,
    Mp3,
    Wav,
    Caf,
    Adts,
}

impl Kind {
    /// The kind of a file that begins like this; none if it is no media file that is read here.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        let at = |from: usize, to: usize| head.get(from..to).unwrap_or_default();
        match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            [b'R', b'I', b'F', b'F', ..] => match at(8, 12) {
                b"WEBP" => Some(Self::Webp),
                b"WAVE" => Some(Self::Wav),
                _ => None,
            },
            [b'O', b'g', b'g', b'S', 0, ..] => Some(Self::Ogg),
            [b'c', b'a', b'f', b'f', 0, 1, ..] => Some(Self::Caf),
            _ if head.starts_with(b"#!AMR") => Some(Self::Amr),
            _ if at(4, 8) == b"ftyp" => Some(if is_heif(head) { Self::Heif } else { Self::Movie }),
            // Films older than the box that says what they are.
            _ if matches!(at(4, 8), b"moov" | b"mdat" | b"wide") && at(0, 1) < &[0x10][..] => {
                Some(Self::Movie)
            }
            _ => Self::of_sound(head),
        }
    }

    /// Sounds whose first bytes say little: two frames must follow each other.
    fn of_sound(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"ID3") && head.get(3).is_some_and(|version| *version < 5) {
            return Some(Self::Mp3);
        }
        if let Some(first) = adts_frame(head) {
            return head.get(first..).and_then(adts_frame).map(|_| Self::Adts);
        }
        let first = mpeg_frame(head)?;
        head.get(first.bytes..).and_then(mpeg_frame).map(|_| Self::Mp3)
    }
}

fn is_heif(head: &[u8]) -> bool {
    const BRANDS: &[&[u8]] =
        &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];
    let size = number(head, 0, 4).and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    let brands = head.get(8..size.min(256)).unwrap_or_default().chunks_exact(4);
    // The second four bytes are a version.
    let is_picture = |brand: &[u8]| BRANDS.contains(&brand);
    brands.enumerate().any(|(at, brand)| at != 1 && is_picture(brand))
}

/// A frame of MPEG sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MpegFrame {
    pub(crate) bytes: usize,
    pub(crate) samples: u32,
    pub(crate) rate: u32,
    pub(crate) bits_per_second: u32,
    pub(crate) channels: u8,
    pub(crate) is_first_version: bool,
    pub(crate) layer: u8,
}

/// The frame that begins here, by ISO 11172-3 and 13818-3.
pub(crate) fn mpeg_frame(bytes: &[u8]) -> Option<MpegFrame> {
    const FIRST: [[u32; 15]; 3] = [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    ];
    const SECOND: [[u32; 15]; 2] = [
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let [0xff, second, third, fourth, ..] = bytes else { return None };
    let (version, layer) = (second >> 3 & 3, 4_u8.checked_sub(second >> 1 & 3)?);
    if second & 0xe0 != 0xe0 || version == 1 || layer == 4 {
        return None;
    }
    let is_first_version = version == 3;
    let row = usize::from(layer.checked_sub(1)?);
    let rates = if is_first_version { FIRST.get(row)? } else { SECOND.get(row.min(1))? };
    let kilobits = rates.get(usize::from(third >> 4)).copied().filter(|kilobits| *kilobits > 0)?;
    let rate = [44_100_u32, 48_000, 32_000].get(usize::from(third >> 2 & 3)).copied()?;
    let rate = match version {
        3 => rate,
        2 => rate / 2,
        _ => rate / 4,
    };
    let samples = match (layer, is_first_version) {
        (1, _) => 384,
        (3, false) => 576,
        _ => 1152,
    };
    let padding = u32::from(third >> 1 & 1);
    let bits_per_second = kilobits.checked_mul(1000)?;
    let bytes = match layer {
        1 => (12_u32.checked_mul(bits_per_second)? / rate).checked_add(padding)?.checked_mul(4)?,
        _ => (samples / 8 * bits_per_second / rate).checked_add(padding)?,
    };
    let bytes = usize::try_from(bytes).ok().filter(|bytes| *bytes > 4)?;
    let channels = if fourth >> 6 == 3 { 1 } else { 2 };
    Some(MpegFrame { bytes, samples, rate, bits_per_second, channels, is_first_version, layer })
}

/// The length of the ADTS frame that begins here, by ISO 13818-7.
pub(crate) fn adts_frame(bytes: &[u8]) -> Option<usize> {
    let [0xff, second, third, fourth, fifth, sixth, _, ..] = bytes else { return None };
    if second & 0xf6 != 0xf0 || third >> 2 & 0xf > 12 {
        return None;
    }
    let length = usize::from(fourth & 3) << 11 | usize::from(*fifth) << 3 | usize::from(sixth >> 5);
    (length > 7).then_some(length)
}

/// Bytes of a file at random.
pub(crate) struct Bytes(Arc<dyn ReadAt>);

impl Bytes {
    pub(crate) fn of(entry: &Entry) -> io::Result<Self> {
        Ok(Self(entry.content().random()?))
    }

    #[cfg(test)]
    pub(crate) fn held(bytes: Vec<u8>) -> Self {
        Self(Arc::new(bytes))
    }

    pub(crate) fn size(&self) -> u64 {
        self.0.size_bytes()
    }

    /// Up to so many bytes; fewer at the end of the file.
    pub(crate) fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let left = usize::try_from(self.size().saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut found = vec![0; length.min(left)];
        let mut done = 0;
        while let Some(room) = found.get_mut(done..).filter(|room| !room.is_empty()) {
            match self.0.read_at(room, offset.saturating_add(done as u64)) {
                Ok(0) => break,
                Ok(count) => done = done.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        found.truncate(done);
        Ok(found)
    }

    /// The bytes of a range, at most so many of them.
    pub(crate) fn range(&self, range: &Range<u64>, most: usize) -> io::Result<Vec<u8>> {
        let length = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        self.read(range.start, length.min(most))
    }
}

/// A number of up to eight bytes, the highest first.
pub(crate) fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?).filter(|bytes| bytes.len() <= 8)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// A number of up to eight bytes, the lowest first.
pub(crate) fn number_low(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?).filter(|bytes| bytes.len() <= 8)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// A text of a source as it is kept: no control letters at its ends, not longer than so many letters.
pub(crate) fn shown(bytes: &[u8]) -> String {
    const LETTERS: usize = 1_000;
    let bytes = bytes.get(..LETTERS * 4).unwrap_or(bytes);
    let text = source::mail::text_of(bytes);
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    text.chars().take(LETTERS).collect()
}

/// Maker and model as one name; a model that names its maker stands alone.
pub(crate) fn device(make: Option<&str>, model: Option<&str>) -> Option<String> {
    let given = |text: Option<&str>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match (given(make), given(model)) {
        (Some(make), Some(model)) if model.to_lowercase().starts_with(&make.to_lowercase()) => Some(model),
        (Some(make), Some(model)) => Some(format!("{make} {model}")),
        (make, model) => make.or(model),
    }
}

/// A sound, or a voice message if its name says so.
pub(crate) fn sound_kind(name: &str) -> MediaKind {
    let name = name.to_ascii_lowercase();
    let is_voice = name.starts_with("ptt-") || name.rsplit('.').next() == Some("opus");
    if is_voice { MediaKind::Voice } else { MediaKind::Audio }
}

/// Units of a clock as milliseconds.
pub(crate) fn as_ms(units: u64, units_per_second: u64) -> Option<u64> {
    let ms = u128::from(units).checked_mul(1000)?.checked_div(u128::from(units_per_second))?;
    u64::try_from(ms).ok()
}

/// A point as ISO 6709 writes it: `+52.5200+013.4050/`, also with minutes and seconds.
pub(crate) fn iso_6709(text: &str) -> Option<Point> {
    let text = text.trim_end_matches('/');
    let signs: Vec<usize> =
        text.char_indices().filter(|(_, c)| matches!(c, '+' | '-')).map(|(at, _)| at).collect();
    let [0, second, ..] = signs.as_slice() else { return None };
    let latitude = text.get(..*second)?;
    let longitude = text.get(*second..)?;
    let end = longitude.char_indices().skip(1).find(|(_, c)| !c.is_ascii_digit() && *c != '.');
    let longitude = end.map_or(Some(longitude), |(end, _)| longitude.get(..end))?;
    Point::new(degrees(latitude, 2)?, degrees(longitude, 3)?)
}

fn degrees(text: &str, digits: usize) -> Option<f64> {
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let text = text.get(1..)?;
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let whole = text.find('.').unwrap_or(text.len());
    let number = |text: &str| text.parse::<f64>().ok();
    let value = match whole.checked_sub(digits)? {
        0 => number(text)?,
        2 => number(text.get(..digits)?)? + number(text.get(digits..)?)? / 60.0,
        4 => {
            let minutes = digits.checked_add(2)?;
            let (degrees, minutes, seconds) =
                (text.get(..digits)?, text.get(digits..minutes)?, text.get(minutes..)?);
            number(degrees)? + number(minutes)? / 60.0 + number(seconds)? / 3600.0
        }
        _ => return None,
    };
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_content() {
        assert_eq!(Kind::of(b"\xff\xd8\xff\xe0"), Some(Kind::Jpeg));
        assert_eq!(Kind::of(b"\0\0\0\x14ftypheic\0\0\0\0mif1"), Some(Kind::Heif));
        assert_eq!(Kind::of(b"\0\0\0\x14ftypisom\0\0\0\0mp42"), Some(Kind::Movie));
        assert_eq!(Kind::of(b"RIFF\0\0\0\0AVI LIST"), None);
        assert_eq!(Kind::of(b"some text that begins"), None);
        assert_eq!(Kind::of(b""), None);
    }

    #[test]
    fn points_of_iso_6709() {
        let point = |text: &str| iso_6709(text).map(|point| (point.latitude, point.longitude));
        assert_eq!(point("+52.5200+013.4050+034.000/"), Some((52.52, 13.405)));
        assert_eq!(point("-1230.0-07730.0/"), Some((-12.5, -77.5)));
        assert_eq!(point("+123000+0773000CRSWGS_84/"), Some((12.5, 77.5)));
        assert_eq!(point("+95.0+013.0/"), None);
        assert_eq!(point("52.5+13.4"), None);
        assert_eq!(point("+"), None);
    }

    #[test]
    fn a_device_has_one_name() {
        assert_eq!(device(Some("Invented"), Some("Phone 1")).as_deref(), Some("Invented Phone 1"));
        assert_eq!(device(Some("Invented "), Some("INVENTED P1")).as_deref(), Some("INVENTED P1"));
        assert_eq!(device(None, Some(" ")), None);
    }

    proptest::proptest! {
        #[test]
        fn no_head_breaks_it(head: Vec<u8>, text in "[-+0-9./A-Z]{0,30}") {
            Kind::of(&head);
            iso_6709(&text);
        }
    }
}
