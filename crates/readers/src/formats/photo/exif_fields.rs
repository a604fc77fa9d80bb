//! The fields of EXIF that say when, where and with what a picture was taken.
//!
//! EXIF 2.32 through kamadak-exif. The time is the wall clock of the camera; only a field of its own makes
//! its zone known. The time of the satellites is in UTC and stays beside it: the two are not merged.

use exif::{Context, Exif, In, Reader, Tag, Value};
use model::record::{MediaFact, Point, Precision, TimeReading, wall_ms};

use crate::media::{device, shown};

/// What reading a block of EXIF gave.
pub(super) enum Fields {
    /// All of it.
    Whole(Box<Exif>),
    /// What could be read of it.
    Part(Box<Exif>),
    /// Nothing.
    None,
}

/// Reads a block of EXIF.
pub(super) fn fields(block: Vec<u8>) -> Fields {
    match Reader::new().continue_on_error(true).read_raw(block) {
        Ok(exif) => Fields::Whole(Box::new(exif)),
        Err(exif::Error::PartialResult(part)) => Fields::Part(Box::new(part.into_inner().0)),
        Err(_) => Fields::None,
    }
}

/// Fields whose values are kept beside the record.
const KEPT: &[Tag] = &[
    Tag::Make,
    Tag::Model,
    Tag::Software,
    Tag::Orientation,
    Tag::DateTime,
    Tag::DateTimeOriginal,
    Tag::DateTimeDigitized,
    Tag::OffsetTime,
    Tag::OffsetTimeOriginal,
    Tag::OffsetTimeDigitized,
    Tag::SubSecTime,
    Tag::SubSecTimeOriginal,
    Tag::ImageDescription,
    Tag::Artist,
    Tag::Copyright,
    Tag::ImageUniqueID,
    Tag::CameraOwnerName,
    Tag::BodySerialNumber,
    Tag::LensMake,
    Tag::LensModel,
    Tag::LensSerialNumber,
    Tag::PixelXDimension,
    Tag::PixelYDimension,
    Tag::ExposureTime,
    Tag::FNumber,
    Tag::PhotographicSensitivity,
    Tag::FocalLength,
    Tag::Flash,
    Tag::GPSLatitudeRef,
    Tag::GPSLatitude,
    Tag::GPSLongitudeRef,
    Tag::GPSLongitude,
    Tag::GPSAltitudeRef,
    Tag::GPSAltitude,
    Tag::GPSDateStamp,
    Tag::GPSTimeStamp,
    Tag::GPSImgDirection,
    Tag::GPSSpeed,
    Tag::GPSHPositioningError,
    Tag::GPSMapDatum,
    Tag::CompositeImage,
];

/// Puts what EXIF says into the fact.
pub(super) fn fill(fact: &mut MediaFact, exif: &Exif) {
    let text = |tag: Tag| ascii(exif, tag);
    fact.device = device(text(Tag::Make).as_deref(), text(Tag::Model).as_deref());
    fact.taken = taken(exif, Tag::DateTimeOriginal, Tag::SubSecTimeOriginal, Tag::OffsetTimeOriginal)
        .or_else(|| taken(exif, Tag::DateTimeDigitized, Tag::SubSecTimeDigitized, Tag::OffsetTimeDigitized));
    fact.point = point(exif);
    if fact.pixels.is_none() {
        // Only a TIFF has its size nowhere else.
        let side = |tag: Tag| exif.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        fact.pixels = side(Tag::ImageWidth).zip(side(Tag::ImageLength)).filter(|(w, h)| *w > 0 && *h > 0);
    }
    for tag in KEPT {
        if let Some(value) = value(exif, *tag) {
            fact.extra.push((tag.to_string(), value));
        }
    }
    if let Some(time) = satellite_time(exif) {
        fact.extra.push(("gps-time".to_owned(), time));
    }
    for (tag, name) in [(Tag::MakerNote, "maker-note"), (Tag::UserComment, "user-comment")] {
        if let Some(Value::Undefined(bytes, _)) = exif.get_field(tag, In::PRIMARY).map(|field| &field.value) {
            let is_comment = name == "user-comment";
            let said = if is_comment { comment(bytes) } else { format!("{} bytes", bytes.len()) };
            fact.extra.extend((!said.is_empty()).then(|| (name.to_owned(), said)));
        }
    }
    let preview = exif.get_field(Tag::JPEGInterchangeFormatLength, In::THUMBNAIL);
    if let Some(length) = preview.and_then(|field| field.value.get_uint(0)) {
        fact.extra.push(("preview".to_owned(), format!("{length} bytes")));
    }
    windows_fields(fact, exif);
}

fn ascii(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => Some(shown(lines.first()?)).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// A value as text: letters as they are, numbers as EXIF writes them.
fn value(exif: &Exif, tag: Tag) -> Option<String> {
    const NUMBERS: usize = 16;
    let field = exif.get_field(tag, In::PRIMARY)?;
    let count = match &field.value {
        Value::Ascii(lines) => {
            let lines: Vec<String> = lines.iter().take(NUMBERS).map(|line| shown(line)).collect();
            return Some(lines.join("\n").trim().to_owned()).filter(|text| !text.is_empty());
        }
        Value::Rational(values) => {
            let values: Vec<String> =
                values.iter().take(NUMBERS).map(|value| format!("{}/{}", value.num, value.denom)).collect();
            return Some(values.join(" ")).filter(|text| !text.is_empty());
        }
        Value::Byte(values) => values.len(),
        Value::Short(values) => values.len(),
        Value::Long(values) => values.len(),
        Value::SLong(values) => values.len(),
        Value::SRational(values) => values.len(),
        _ => return None,
    };
    match (count, field.value.get_uint(0)) {
        (1, Some(number)) => Some(number.to_string()),
        (1..=NUMBERS, _) => Some(field.display_value().to_string()),
        _ => None,
    }
}

/// The clock of the camera: `2025:01:06 12:00:00`, with fraction and offset from fields of their own.
fn taken(exif: &Exif, time: Tag, fraction: Tag, offset: Tag) -> Option<TimeReading> {
    let mut raw = ascii(exif, time)?;
    let wall = wall(&raw);
    let fraction = ascii(exif, fraction).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let mut precision = Precision::Second;
    let mut ms: i64 = 0;
    if let Some(digits) = fraction {
        let three: String = format!("{digits}000").chars().take(3).collect();
        ms = three.parse().unwrap_or(0);
        precision = Precision::Millisecond;
        raw = format!("{raw}.{digits}");
    }
    let wall = wall.and_then(|wall| wall.checked_add(ms));
    let Some(offset) = ascii(exif, offset) else { return Some(TimeReading::wall(raw, wall, precision)) };
    raw = format!("{raw} {offset}");
    match offset_minutes(&offset) {
        Some(minutes) => {
            let utc = wall.and_then(|wall| wall.checked_sub(i64::from(minutes).saturating_mul(60_000)));
            Some(TimeReading::with_offset(raw, utc, minutes, precision))
        }
        None => Some(TimeReading::wall(raw, wall, precision)),
    }
}

fn wall(raw: &str) -> Option<i64> {
    let numbers: Vec<i64> = raw.split([':', ' ', '-', 'T']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [year, month, day, hour, minute, second] = numbers.as_slice() else { return None };
    if *year == 0 {
        return None;
    }
    wall_ms((*year, *month, *day), (*hour, *minute, *second))
}

fn offset_minutes(offset: &str) -> Option<i16> {
    if offset == "Z" {
        return Some(0);
    }
    let sign = match offset.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then(|| sign * (hours * 60 + minutes))
}

fn point(exif: &Exif) -> Option<Point> {
    let latitude = degrees(exif, Tag::GPSLatitude)?;
    let longitude = degrees(exif, Tag::GPSLongitude)?;
    // Without the letter the half of the earth is not known; the raw numbers stay beside the record.
    let north = sign(ascii(exif, Tag::GPSLatitudeRef)?.as_str(), "N", "S")?;
    let east = sign(ascii(exif, Tag::GPSLongitudeRef)?.as_str(), "E", "W")?;
    Point::new(north * latitude, east * longitude)
}

fn sign(letter: &str, plus: &str, minus: &str) -> Option<f64> {
    if letter.eq_ignore_ascii_case(plus) {
        Some(1.0)
    } else {
        letter.eq_ignore_ascii_case(minus).then_some(-1.0)
    }
}

fn degrees(exif: &Exif, tag: Tag) -> Option<f64> {
    let numbers = rationals(exif, tag)?;
    let degrees = numbers.first().copied()?;
    let minutes = numbers.get(1).copied().unwrap_or(0.0);
    let seconds = numbers.get(2).copied().unwrap_or(0.0);
    Some((degrees * 3600.0 + minutes * 60.0 + seconds) / 3600.0)
}

fn rationals(exif: &Exif, tag: Tag) -> Option<Vec<f64>> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(values) => {
            let number = |value: &exif::Rational| (value.denom != 0).then(|| value.to_f64());
            values.iter().take(3).map(number).collect()
        }
        _ => None,
    }
}

/// The time of the satellites: a date and three numbers, in UTC.
fn satellite_time(exif: &Exif) -> Option<String> {
    let clock = rationals(exif, Tag::GPSTimeStamp)?;
    let [hour, minute, second] = clock.as_slice() else { return None };
    let date = ascii(exif, Tag::GPSDateStamp).unwrap_or_else(|| "date not said".to_owned());
    Some(format!("{date} {hour:02}:{minute:02}:{second:02} UTC"))
}

/// A comment with its character set before it.
fn comment(bytes: &[u8]) -> String {
    let Some((set, text)) = bytes.split_at_checked(8) else { return String::new() };
    if set == b"UNICODE\0" { utf16(text) } else { shown(text) }
}

/// Fields of Windows, in UTF-16.
fn windows_fields(fact: &mut MediaFact, exif: &Exif) {
    const FIELDS: &[(u16, &str)] = &[
        (0x9c9b, "XPTitle"),
        (0x9c9c, "XPComment"),
        (0x9c9d, "XPAuthor"),
        (0x9c9e, "XPKeywords"),
        (0x9c9f, "XPSubject"),
    ];
    for (number, name) in FIELDS {
        let field = exif.get_field(Tag(Context::Tiff, *number), In::PRIMARY);
        if let Some(Value::Byte(bytes)) = field.map(|field| &field.value) {
            let text = utf16(bytes);
            fact.extra.extend((!text.is_empty()).then(|| ((*name).to_owned(), text)));
        }
    }
}

fn utf16(bytes: &[u8]) -> String {
    let bytes = bytes.get(..4_000).unwrap_or(bytes);
    let (text, _) = encoding_rs::UTF_16LE.decode_with_bom_removal(bytes);
    shown(text.as_bytes())
}
