//! What films and sounds in boxes say about themselves: MP4, MOV, 3GP, M4V, M4A.
//!
//! ISO/IEC 14496-12, QuickTime File Format, 3GPP TS 26.244. The container counts seconds since 1904 in UTC;
//! many devices write their local time there, which cannot be told from the file, so it is said beside the
//! record. A time that Apple's devices write with its offset comes first. Deliberately no decoding, and no
//! guessing of a time from a name.

mod movie;

use model::record::{MediaFact, MediaKind, Place, Precision, ProblemKind, TimeReading, wall_ms};
use source::tree::{Candidate, Entry};

use self::movie::{Movie, movie};
use crate::boxes::{Boxes, Trouble};
use crate::media::{self, Bytes, Kind, device, iso_6709, shown, sound_kind};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// Films, and sounds in the same boxes.
pub(super) struct Video;

impl Format for Video {
    fn name(&self) -> &'static str {
        "video"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Films and sounds in boxes (MP4, MOV, 3GP, M4V, M4A)",
            covers: "time, place, device, length, tracks and size in pixels from the header of the file",
            leaves_out: "nothing is decoded; films in other containers (AVI, Matroska) are listed as files",
            source: "ISO/IEC 14496-12, QuickTime File Format, 3GPP TS 26.244",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        (Kind::of(candidate.head()) == Some(Kind::Movie)).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let Ok(bytes) = Bytes::of(entry) else {
            return media::unreadable(input.file, sink);
        };
        let boxes = Boxes::new(&bytes);
        let top = boxes.within(0..bytes.size());
        let moov = top.iter().find(|found| found.kind == *b"moov");
        let brand = top.iter().find(|found| found.kind == *b"ftyp").map(|ftyp| boxes.read(&ftyp.body, 4));
        let brand = brand.map(|brand| shown(&brand)).unwrap_or_default();
        let movie = moov.map(|moov| movie(&boxes, &moov.body));
        if movie.is_none() {
            let expected = "the box that describes the film";
            sink.trouble((input.file, Place::Whole), ProblemKind::Truncated, expected, "type of the file")?;
        }
        if let Some((kind, expected)) = boxes.trouble().map(said) {
            sink.trouble((input.file, Place::Whole), kind, expected, "what was read before")?;
        }
        let fact = fact(entry, &brand, movie.unwrap_or_default());
        media::give(input.file, fact, sink)
    }
}

fn said(trouble: Trouble) -> (ProblemKind, &'static str) {
    match trouble {
        Trouble::Damaged => (ProblemKind::Damaged, "boxes that can be"),
        Trouble::Truncated => (ProblemKind::Truncated, "the end of a box"),
        Trouble::TooMany => (ProblemKind::Limit, "fewer boxes"),
        Trouble::Unreadable => (ProblemKind::Unreadable, "bytes that can be read"),
    }
}

fn fact(entry: &Entry, brand: &str, movie: Movie) -> MediaFact {
    let has = |handler: &str| movie.tracks.iter().any(|track| track.handler == handler);
    let is_sound = !has("vide") && (has("soun") || brand.starts_with("M4A") || brand.starts_with("M4B"));
    let make = movie.noted(&["com.apple.quicktime.make", "©mak", "manu"]);
    let model = movie.noted(&["com.apple.quicktime.model", "©mod", "modl"]);
    let place = movie.noted(&["com.apple.quicktime.location.ISO6709", "©xyz", "loci"]);
    let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    let pixels = movie.tracks.iter().filter(|track| track.handler == "vide").filter_map(|track| track.pixels);
    let mut fact = MediaFact {
        kind: if is_sound { sound_kind(entry.name()) } else { MediaKind::Video },
        media_type: media_type(brand, is_sound).to_owned(),
        taken: taken(&movie),
        point: place.and_then(iso_6709),
        device: device(make, model),
        pixels: pixels.max_by_key(|pixels| area(*pixels)),
        duration_ms: movie
            .duration_ms
            .or_else(|| movie.tracks.iter().filter_map(|track| track.duration_ms).max()),
        extra: Vec::new(),
    };
    extra(&mut fact, brand, movie);
    fact
}

fn extra(fact: &mut MediaFact, brand: &str, movie: Movie) {
    let mut add = |name: &str, value: String| fact.extra.push((name.to_owned(), value));
    if !brand.is_empty() {
        add("brand", brand.to_owned());
    }
    if let Some(made) = movie.made {
        add("made", made_shown(made));
        if made > 0 {
            add("clock", "the container's clock; some devices write local time".to_owned());
        }
    }
    if let Some(changed) = movie.changed.filter(|changed| Some(*changed) != movie.made) {
        add("changed", made_shown(changed));
    }
    for track in &movie.tracks {
        let pixels = track.pixels.map(|(width, height)| format!("{width}x{height}"));
        let turned = track.turned.filter(|turned| *turned > 0).map(|turned| format!("turned {turned}"));
        let made = track.made.filter(|made| Some(*made) != movie.made);
        let made = made.map(|made| format!("made {}", made_shown(made)));
        let words = [Some(track.handler.clone()), Some(track.codec.clone()), pixels, turned, made];
        let said = words.into_iter().flatten().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        add("track", said);
    }
    fact.extra.extend(movie.notes);
}

/// Seconds from 1904-01-01 to 1970-01-01.
const SECONDS_TO_1970: u64 = 2_082_844_800;

fn made_shown(made: u64) -> String {
    if made == 0 { "not set".to_owned() } else { format!("{made} seconds since 1904") }
}

/// When it was taken: a time with its offset before the container's clock.
fn taken(movie: &Movie) -> Option<TimeReading> {
    let written = movie.noted(&["com.apple.quicktime.creationdate", "©day"]);
    if let Some(reading) = written.and_then(written_time) {
        return Some(reading);
    }
    let made = movie.made.filter(|made| *made > 0)?;
    let ms = |seconds: i64| seconds.checked_mul(1000).filter(|ms| ms.unsigned_abs() < 200_000_000_000_000);
    let seconds = i64::try_from(made).ok();
    let since_1904 = seconds.and_then(|seconds| seconds.checked_sub_unsigned(SECONDS_TO_1970)).and_then(ms);
    let reading = TimeReading::utc(made.to_string(), since_1904, Precision::Second);
    // Some programs count from 1970; then a film of today seems older than films of this kind can be.
    if made < SECONDS_TO_1970 && since_1904.is_some() {
        Some(reading.or(seconds.and_then(ms)))
    } else {
        Some(reading)
    }
}

/// A time in letters: `2025-01-06T12:00:00+0100`; a year alone is none.
fn written_time(raw: &str) -> Option<TimeReading> {
    let (date, rest) = raw.split_once(['T', ' '])?;
    let date: Vec<i64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [year, month, day] = date.as_slice() else { return None };
    let end = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = (rest.get(..end)?, rest.get(end..)?);
    let clock = clock.split('.').next()?;
    let clock: Vec<i64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = clock.as_slice() else { return None };
    let wall = wall_ms((*year, *month, *day), (*hour, *minute, *second))?;
    match offset_minutes(zone) {
        Some(minutes) => {
            let utc = wall.checked_sub(i64::from(minutes).saturating_mul(60_000));
            Some(TimeReading::with_offset(raw.to_owned(), utc, minutes, Precision::Second))
        }
        None => Some(TimeReading::wall(raw.to_owned(), Some(wall), Precision::Second)),
    }
}

fn offset_minutes(zone: &str) -> Option<i16> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = match zone.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<i16>().ok()?, digits.get(2..4).unwrap_or("00"));
    let minutes: i16 = minutes.parse().ok()?;
    (hours < 24 && minutes < 60).then(|| sign * (hours * 60 + minutes))
}

fn media_type(brand: &str, is_sound: bool) -> &'static str {
    match (brand, is_sound) {
        (brand, true) if brand.starts_with("3g") => "audio/3gpp",
        (_, true) => "audio/mp4",
        ("qt" | "", false) => "video/quicktime",
        (brand, false) if brand.starts_with("3g2") => "video/3gpp2",
        (brand, false) if brand.starts_with("3g") => "video/3gpp",
        (brand, false) if brand.starts_with("M4V") => "video/x-m4v",
        _ => "video/mp4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(made: u64) -> TimeReading {
        taken(&Movie { made: Some(made), ..Movie::default() }).unwrap()
    }

    #[test]
    fn clocks_since_1904_and_by_mistake_since_1970() {
        let reading = made(SECONDS_TO_1970 + 1_736_164_800);
        assert_eq!((reading.first_ms, reading.second_ms), (Some(1_736_164_800_000), None));
        let reading = made(1_736_164_800);
        assert_eq!(reading.second_ms, Some(1_736_164_800_000));
        assert!(reading.first_ms.unwrap() < 0);
        assert_eq!(made(u64::MAX).first_ms, None);
    }

    #[test]
    fn a_written_time_keeps_its_offset() {
        let reading = written_time("2025-01-06T12:00:00+0100").unwrap();
        assert_eq!(reading.first_ms, Some(1_736_161_200_000));
        assert_eq!(written_time("2025-01-06T12:00:00Z").unwrap().first_ms, Some(1_736_164_800_000));
        assert_eq!(written_time("2025"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_boxes_break_it(picks in proptest::collection::vec((0_usize..16, 0_u8..48, 0_u8..4), 0..24)) {
            const KINDS: [&[u8; 4]; 16] = [
                b"moov", b"mvhd", b"trak", b"tkhd", b"mdia", b"mdhd", b"hdlr", b"minf",
                b"stbl", b"stsd", b"udta", b"meta", b"keys", b"ilst", b"loci", b"\xa9xyz",
            ];
            let mut file = Vec::new();
            for (kind, size, fill) in picks {
                file.extend([0, 0, fill / 3, size]);
                file.extend(KINDS[kind]);
                file.extend(std::iter::repeat_n(fill, usize::from(size) / 4));
            }
            let bytes = Bytes::held(file);
            let boxes = Boxes::new(&bytes);
            movie(&boxes, &(0..bytes.size()));
        }
    }
}
