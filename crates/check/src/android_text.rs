//! Small things that several checks of Android read alike: lines, times, components, names of apps.
//!
//! Component lists follow `Settings.Secure` of the Android Open Source Project (Android 5 to 16, read
//! 2026-11). Deliberately no judgement of what is named.

use std::ops::ControlFlow;

use model::record::{Place, Precision, ProblemKind, TimeReading, wall_ms};
use source::lines::{Cut, Lines};

use crate::dumpsys::Component;
pub(crate) use crate::dumpsys::clip;
use crate::rows::Read;
use crate::{FactSink, Flow, Input, Seen, Wholly};

/// Longest line that is looked at.
const LINE_BYTES: u64 = 64 << 10;

/// The text, cut to what may go into a fact, as a text of its own.
pub(crate) fn clipped(text: &str) -> String {
    clip(text).to_owned()
}

/// Gives every line to `take`, without its end and with what is no UTF-8 replaced.
pub(crate) fn each_line(
    input: &Input<'_>,
    expected: &str,
    sink: &mut dyn FactSink,
    take: &mut dyn FnMut(&Seen, &str, &mut dyn FactSink) -> Flow,
) -> ControlFlow<(), Read> {
    let mut read = Read { rows: 0, wholly: Wholly::Yes };
    let Some(Ok(stream)) = input.entry().map(|entry| entry.content().stream()) else {
        sink.trouble(&input.seen(Place::Whole), ProblemKind::Unreadable, expected, "")?;
        return ControlFlow::Continue(Read { wholly: Wholly::No, ..read });
    };
    let mut lines = Lines::new(stream, LINE_BYTES);
    let mut cut = None;
    loop {
        match lines.next_line() {
            Ok(Some(line)) => {
                read.rows = read.rows.saturating_add(1);
                let seen = input.seen(Place::bytes(line.offset, line.length));
                if line.cut == Cut::Yes && cut.is_none() {
                    cut = Some(seen.clone());
                }
                take(&seen, &String::from_utf8_lossy(line.bytes), sink)?;
            }
            Ok(None) => break,
            Err(_) => {
                read.wholly = Wholly::No;
                sink.trouble(
                    &input.seen(Place::Whole),
                    ProblemKind::Unreadable,
                    expected,
                    "the lines before",
                )?;
                break;
            }
        }
    }
    if let Some(seen) = cut {
        read.wholly = Wholly::No;
        sink.trouble(&seen, ProblemKind::Limit, "lines of at most 64 KiB", "their beginnings")?;
    }
    ControlFlow::Continue(read)
}

/// The beginning of a file as text, at most so many bytes; none, and said, if it cannot be had.
pub(crate) fn beginning(
    input: &Input<'_>,
    most_bytes: u64,
    sink: &mut dyn FactSink,
) -> ControlFlow<(), Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = input.entry().map(|entry| {
        let stream = entry.content().stream()?;
        std::io::Read::read_to_end(&mut std::io::Read::take(stream, most_bytes), &mut bytes)
    });
    if let Some(Ok(_)) = read {
        return ControlFlow::Continue(Some(bytes));
    }
    sink.trouble(&input.seen(Place::Whole), ProblemKind::Unreadable, "bytes of the file", "")?;
    ControlFlow::Continue(None)
}

/// Whether this could be the identifier of an app: names joined by dots.
pub(crate) fn is_app_id(text: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    (3..=255).contains(&text.len()) && text.contains('.') && text.split('.').all(is_name)
}

/// The app of a process: `org.example.app:remote` belongs to `org.example.app`.
pub(crate) fn app_of_process(process: &str) -> Option<&str> {
    let app = process.split(':').next()?;
    is_app_id(app).then_some(app)
}

/// The components of a list that is separated by colons; numbers of subtypes may follow each.
pub(crate) fn components(list: &str) -> impl Iterator<Item = Component> {
    list.split(':').filter_map(|one| Component::parse(one.split(';').next()?))
}

/// A moment as `2023-04-12 12:32:40.518+0200` or `2023-04-12T12:32:40Z`; a wall clock if no offset is told.
pub(crate) fn moment(text: &str) -> Option<TimeReading> {
    let text = text.trim();
    let day = text.get(..10)?;
    let mut parts = day.split('-').map(|part| part.parse::<i64>().ok());
    let date = (parts.next()??, parts.next()??, parts.next()??);
    let rest = text.get(10..)?.trim_start_matches(['T', ' ']);
    let clock = rest.get(..8)?;
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
    let time = (parts.next()??, parts.next()??, parts.next()??);
    let whole = wall_ms(date, time)?;
    let mut rest = rest.get(8..)?;
    let mut fraction_ms = 0;
    let mut precision = Precision::Second;
    if let Some(behind) = rest.strip_prefix('.') {
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let shown: String = behind.chars().take(digits.min(3)).collect();
        fraction_ms = format!("{shown:0<3}").parse::<i64>().unwrap_or(0);
        precision = Precision::Millisecond;
        rest = behind.get(digits..)?;
    }
    let wall = whole.checked_add(fraction_ms)?;
    let raw = clipped(text);
    Some(match offset_minutes(rest.trim()) {
        Some(offset) => {
            let utc = wall.checked_sub(i64::from(offset).checked_mul(60_000)?)?;
            TimeReading::with_offset(raw, Some(utc), offset, precision)
        }
        None => TimeReading::wall(raw, Some(wall), precision),
    })
}

fn offset_minutes(text: &str) -> Option<i16> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    let hours: i16 = digits.get(..2)?.parse().ok()?;
    let minutes: i16 = digits.get(2..4).map_or(Some(0), |text| text.parse().ok())?;
    (hours < 24 && minutes < 60).then_some(())?;
    hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_and_without_an_offset() {
        let ms = |text: &str| moment(text).map(|time| (time.first_ms.unwrap(), time.zone));
        let known = |offset_minutes| model::record::Zone::Known { offset_minutes };
        assert_eq!(ms("2023-04-12 12:32:40.518290770+0200"), Some((1_681_295_560_518, known(120))));
        assert_eq!(ms("2021-09-29 17:43:49+0200"), Some((1_632_930_229_000, known(120))));
        assert_eq!(ms("2023-04-12T10:32:40Z"), Some((1_681_295_560_000, known(0))));
        assert_eq!(ms("2023-04-12T05:02:40-05:30"), Some((1_681_295_560_000, known(-330))));
        assert_eq!(ms("2023-04-12 10:32:40"), Some((1_681_295_560_000, model::record::Zone::Unknown)));
        for bad in ["", "2023-04-12", "2023-13-12 10:32:40", "2023-04-12 10:32:4", "äöüäöüäöüäöüäöü"]
        {
            assert_eq!(moment(bad), None, "{bad}");
        }
    }

    #[test]
    fn components_are_written_in_full() {
        let list = "com.example.a/.Watch:com.example.b/org.other.Service;1;2:broken:/x:com.example.c/";
        let seen: Vec<String> = components(list).map(|component| component.text()).collect();
        assert_eq!(seen, ["com.example.a/com.example.a.Watch", "com.example.b/org.other.Service"]);
    }

    #[test]
    fn names_of_apps() {
        for good in ["com.example", "com.example.app_2", "a.b"] {
            assert!(is_app_id(good), "{good}");
        }
        for bad in ["system_server", "a..b", ".a", "com.example/x", "1.2.3", "kworker/0.1", ""] {
            assert!(!is_app_id(bad), "{bad}");
        }
        assert_eq!(app_of_process("com.example.app:remote"), Some("com.example.app"));
        assert_eq!(app_of_process("/system/bin/x.y"), None);
        assert_eq!(clip(&"ä".repeat(2000)).len(), 1024);
    }
}
