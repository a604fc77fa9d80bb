//! What Telegram Desktop's exports as JSON and as HTML have in common: times and the sentences that stand
//! in place of a file.
//!
//! Source: `export_output_json.cpp`, `export_output_html.cpp`, `export_output_abstract.cpp` of Telegram
//! Desktop.

use std::io::Read;

use model::record::{AttachmentState, FileNumber, Precision, TimeReading, wall_ms};
use serde_json::Value;
use source::tree::{Entry, Tree};

use crate::{Input, links};

/// A whole number, written as a number or as text.
pub(crate) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A time from the wall clock of the computer that exported and, since 2021, the seconds of UTC. Both
/// together give that computer's offset.
pub(crate) fn time(wall: Option<String>, unix: Option<i64>) -> Option<TimeReading> {
    let Some(raw) = wall else { return unix.map(TimeReading::unix_seconds) };
    let wall_ms = iso_ms(&raw);
    let utc_ms = unix.and_then(|seconds| seconds.checked_mul(1000));
    let Some(utc_ms) = utc_ms else { return Some(TimeReading::wall(raw, wall_ms, Precision::Second)) };
    let offset = wall_ms.and_then(|wall| wall.checked_sub(utc_ms)).and_then(offset_minutes);
    Some(match offset {
        Some(offset) => TimeReading::with_offset(raw, Some(utc_ms), offset, Precision::Second),
        // They contradict each other: the count of seconds is what the servers keep.
        None => TimeReading::utc(raw, Some(utc_ms), Precision::Second),
    })
}

/// The offset that a difference can be: within 14 hours, in quarters of an hour.
fn offset_minutes(difference_ms: i64) -> Option<i16> {
    let minutes = difference_ms / 60_000;
    let is_offset = difference_ms % 900_000 == 0 && minutes.abs() <= 14 * 60;
    i16::try_from(minutes).ok().filter(|_| is_offset)
}

/// `2022-10-11T22:49:15` as a wall clock.
fn iso_ms(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once('T')?;
    let (year, month, day) = three(date, '-')?;
    wall_ms((year, month, day), three(clock, ':')?)
}

fn three(text: &str, between: char) -> Option<(i64, i64, i64)> {
    let mut numbers = text.split(between).map(|number| number.parse::<u32>().ok().map(i64::from));
    match (numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()) {
        (first, second, third, None) => Some((first, second, third)),
        _ => None,
    }
}

/// Whether a sentence stands in place of a file, and what it says.
pub(crate) fn missing(text: &str) -> Option<AttachmentState> {
    let sentence = text.get(text.rfind('(')?..)?;
    if !sentence.ends_with(')') || !(sentence.starts_with("(File ") || sentence.starts_with("(Photo ")) {
        return None;
    }
    if sentence.contains("not included") || sentence.contains("exceeds maximum size") {
        Some(AttachmentState::LeftOut)
    } else if sentence.contains("unavailable, please try again later") {
        Some(AttachmentState::Unavailable)
    } else {
        None
    }
}

/// The file that a path of the export names; paths begin where the export's main file lies.
pub(crate) fn file(tree: &Tree, main: FileNumber, path: &str) -> Option<FileNumber> {
    let entry: &Entry = tree.entry(main)?;
    tree.find(entry.container(), &format!("{}{path}", entry.folder()))
}

/// The first bytes of the summary page of an account's export, if the page is one of a whole account.
pub(crate) fn summary(input: &Input<'_>) -> Option<Vec<u8>> {
    /// The owner stands at its beginning.
    const MOST_BYTES: u64 = 64 << 10;
    let page = links::linked(input.tree, input.file, "../../export_results.html")?;
    let stream = input.tree.entry(page)?.content().stream().ok()?;
    let mut bytes = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::record::Zone;

    fn read(wall: &str, unix: Option<i64>) -> (Option<i64>, Zone) {
        let time = time(Some(wall.to_owned()), unix).unwrap();
        assert_eq!(time.raw, wall);
        (time.first_ms, time.zone)
    }

    #[test]
    fn both_clocks_give_the_offset() {
        let utc = 1_665_499_755_000;
        let known = |offset_minutes| Zone::Known { offset_minutes };
        assert_eq!(read("2022-10-11T16:49:15", Some(1_665_499_755)), (Some(utc), known(120)));
        assert_eq!(read("2022-10-11T20:19:15", Some(1_665_499_755)), (Some(utc), known(330)));
        assert_eq!(read("2022-10-13T20:19:15", Some(1_665_499_755)), (Some(utc), known(0)));
        assert_eq!(read("2022-10-11T14:49:15", None), (Some(utc), Zone::Unknown));
        assert_eq!(read("gestern", Some(1_665_499_755)), (Some(utc), known(0)));
        assert_eq!(read("2022-13-11T14:49:15", None), (None, Zone::Unknown));
        assert_eq!(time(None, None), None);
    }

    #[test]
    fn sentences_in_place_of_files() {
        let left_out = Some(AttachmentState::LeftOut);
        assert_eq!(missing("(File not included. Change data exporting settings to download.)"), left_out);
        let large = "Film (2) (File exceeds maximum size. Change data exporting settings to download.)";
        assert_eq!(missing(large), left_out);
        let unavailable = Some(AttachmentState::Unavailable);
        assert_eq!(missing("(Photo unavailable, please try again later)"), unavailable);
        assert_eq!(missing("photos/photo_1 (not included).jpg"), None);
        assert_eq!(missing("photos/photo_1.jpg"), None);
    }
}
