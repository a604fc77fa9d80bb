//! What the checks of a sysdiagnose of iOS share: where its files lie, its texts and times.
//!
//! A sysdiagnose is a folder `sysdiagnose_2025.04.07_08-06-18-0700_iPhone-OS_iPhone_20A362`, usually in a
//! tar.gz; its root holds `ps.txt`, `taskinfo.txt`, `logs/`, `system_logs.logarchive/` and more (iOS 15 to
//! 26; EC-DIGIT-CSIRC/sysdiagnose and public write-ups, 2026). Deliberately knows nothing of what a file
//! says.

use std::io::Read;
use std::ops::ControlFlow;

use model::record::{Place, Precision, ProblemKind, TimeReading, wall_ms};
use source::lines::{Cut, Lines};
use source::tree::{Candidate, Entry};

use crate::{FactSink, Flow, Input, Seen, Wholly};

/// Longest line that is looked at whole: statistics of the log have a whole list in one.
const LINE_BYTES_MOST: u64 = 1 << 20;
/// Most bytes of a text that are read.
const TEXT_BYTES_MOST: u64 = 1 << 30;

/// Files and folders that lie in the root of every sysdiagnose.
const ROOT_FILES: &[&str] = &["sysdiagnose.log", "remotectl_dumpstate.txt", "taskinfo.txt", "ps_thread.txt"];
const ROOT_FOLDERS: &[&str] = &["system_logs.logarchive/", "crashes_and_spins/", "logs/MobileInstallation/"];

/// Whether a file lies in the root of a sysdiagnose: others that belong there lie beside it.
pub(crate) fn is_in_root(candidate: &Candidate<'_>) -> bool {
    let (tree, file, entry) = (candidate.tree(), candidate.number(), candidate.entry());
    if entry.path().contains("sysdiagnose_") {
        return true;
    }
    let other = |name: &&&str| **name != entry.name() && tree.sibling(file, name).is_some();
    if ROOT_FILES.iter().any(|name| other(&name)) {
        return true;
    }
    let folder = entry.folder();
    let holds = |name: &str| tree.below(entry.container(), &format!("{folder}{name}")).next().is_some();
    ROOT_FOLDERS.iter().any(|name| holds(name))
}

/// Whether a file lies in a phone's backup, where every look at bytes is a decryption.
pub(crate) fn is_in_backup(candidate: &Candidate<'_>) -> bool {
    let container = candidate.entry().container().and_then(|container| candidate.tree().entry(container));
    container.and_then(Entry::opened_as) == Some("ios_backup")
}

/// Whether a path ends in these folders and names, at the border of a name.
pub(crate) fn ends_in(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// When the sysdiagnose was made, from a name such as `sysdiagnose_2025.04.07_08-06-18-0700_iPhone-OS_…`,
/// and the build that it names.
pub(crate) fn made(text: &str) -> Option<(TimeReading, Option<&str>)> {
    let (_, rest) = text.split_once("sysdiagnose_")?;
    let time = written(rest.get(..24).filter(|time| time.is_ascii())?)?;
    let name = rest.split(['/', '\'', '"', ' ']).next().unwrap_or(rest);
    let name = name.strip_suffix(".tar.gz").unwrap_or(name);
    let build = name.rsplit('_').next().filter(|build| is_build(build));
    Some((time, build))
}

/// When the sysdiagnose was made that a file lies in, by the names of its folders and archives.
pub(crate) fn made_of(input: &Input<'_>) -> Option<TimeReading> {
    let steps = input.tree.steps(input.file);
    steps.iter().rev().find_map(|step| made(step)).map(|(time, _)| time)
}

fn is_build(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let letter = text.as_bytes().get(digits).is_some_and(u8::is_ascii_uppercase);
    (1..=3).contains(&digits) && letter && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A time that is written with digits, largest unit first, with any signs between: with a fraction, with an
/// offset at the end if there is one. None if it is none.
pub(crate) fn written(text: &str) -> Option<TimeReading> {
    let raw = text.trim();
    let (mut rest, mut numbers) = (raw, [0_i64; 6]);
    for (at, number) in numbers.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 4 || (at == 0 && digits != 4) {
            return None;
        }
        *number = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        if at < 5 {
            rest = rest.strip_prefix(['-', '.', ':', ' ', 'T', '_'])?.trim_start();
        }
    }
    let [year, month, day, hour, minute, second] = numbers;
    let mut ms = wall_ms((year, month, day), (hour, minute, second))?;
    let mut precision = Precision::Second;
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let thousandths: String = fraction.chars().take(digits).chain("000".chars()).take(3).collect();
        ms = ms.checked_add(thousandths.parse().ok()?)?;
        precision = Precision::Millisecond;
        rest = fraction.get(digits..)?;
    }
    let Some(offset_minutes) = offset(rest.trim()) else {
        return Some(TimeReading::wall(raw.to_owned(), Some(ms), precision));
    };
    let utc = ms.checked_sub(i64::from(offset_minutes).checked_mul(60_000)?)?;
    Some(TimeReading::with_offset(raw.to_owned(), Some(utc), offset_minutes, precision))
}

/// Minutes east of UTC of `+0200`, `-07:00` or `Z`.
fn offset(text: &str) -> Option<i16> {
    if text == "Z" || text == "UTC" {
        return Some(0);
    }
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).take(4).collect();
    let number: i16 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Some(sign * ((number / 100) * 60 + number % 100))
}

/// A time such as `Mon Apr  7 06:13:34 2025`: the wall clock of the device.
pub(crate) fn spelled(text: &str) -> Option<TimeReading> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_whitespace().skip(1);
    let (month, day, clock, year) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)?.checked_add(1)?;
    let mut clock = clock.split(':').map(str::parse::<i64>);
    let clock = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let date = (year.parse().ok()?, i64::try_from(month).ok()?, day.parse().ok()?);
    Some(TimeReading::wall(text.trim().to_owned(), Some(wall_ms(date, clock)?), Precision::Second))
}

/// What hears of each line: the line, its place, and the sink.
pub(crate) type HearsLine<'h> = dyn FnMut(&str, &Seen, &mut dyn FactSink) -> Flow + 'h;

/// Goes through the lines of a text. Whether all of it could be read; what could not is said.
pub(crate) fn each_line(
    input: &Input<'_>,
    sink: &mut dyn FactSink,
    hears: &mut HearsLine<'_>,
) -> ControlFlow<(), Wholly> {
    let whole = input.seen(Place::Whole);
    let Some(Ok(stream)) = input.entry().map(|entry| entry.content().stream()) else {
        sink.trouble(&whole, ProblemKind::Unreadable, "bytes of a text that can be had", "")?;
        return ControlFlow::Continue(Wholly::No);
    };
    let mut lines = Lines::new(stream.take(TEXT_BYTES_MOST), LINE_BYTES_MOST.min(input.limits.unit_bytes));
    let mut wholly = Wholly::Yes;
    loop {
        match lines.next_line() {
            Ok(Some(line)) => {
                let seen = input.seen(Place::bytes(line.offset, line.length));
                if line.cut == Cut::Yes && wholly == Wholly::Yes {
                    wholly = Wholly::No;
                    sink.trouble(&seen, ProblemKind::Limit, "a line of at most 1 MiB", "its beginning")?;
                }
                if line.offset.saturating_add(line.length) >= TEXT_BYTES_MOST {
                    wholly = Wholly::No;
                    sink.trouble(&whole, ProblemKind::Limit, "a text of at most 1 GiB", "its beginning")?;
                }
                hears(&String::from_utf8_lossy(line.bytes), &seen, sink)?;
            }
            Ok(None) => return ControlFlow::Continue(wholly),
            Err(_) => {
                sink.trouble(&whole, ProblemKind::Unreadable, "the rest of a text", "what came before")?;
                return ControlFlow::Continue(Wholly::No);
            }
        }
    }
}

/// The bytes of a file of at most so many; what stands in the way is said.
pub(crate) fn bytes(
    input: &Input<'_>,
    most_bytes: u64,
    sink: &mut dyn FactSink,
) -> ControlFlow<(), Option<Vec<u8>>> {
    let whole = input.seen(Place::Whole);
    let mut bytes = Vec::new();
    let stream = input.entry().and_then(|entry| entry.content().stream().ok());
    let read = stream.map(|stream| stream.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes));
    if !matches!(read, Some(Ok(_))) {
        sink.trouble(&whole, ProblemKind::Unreadable, "bytes of a file that can be had", "")?;
        return ControlFlow::Continue(None);
    }
    if bytes.len() as u64 > most_bytes {
        sink.trouble(&whole, ProblemKind::Limit, "a file that is not longer than such files are", "")?;
        return ControlFlow::Continue(None);
    }
    ControlFlow::Continue(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_all_spellings() {
        let ms = |text| written(text).and_then(|time| time.first_ms);
        assert_eq!(ms("2025-04-07 08:06:18.50 -0700"), Some(1_744_038_378_500));
        assert_eq!(ms("2025-04-07T15:06:18Z"), Some(1_744_038_378_000));
        assert_eq!(ms("2025.04.07_08-06-18-0700"), Some(1_744_038_378_000));
        assert_eq!(ms("2025-04-07"), None);
        assert_eq!(ms("20250-4-07 1:1:1"), None);
        assert_eq!(spelled("Mon Apr  7 06:13:34 2025").unwrap().first_ms, Some(1_744_006_414_000));
        assert!(spelled("Mon Foo  7 06:13:34 2025").is_none());
    }

    #[test]
    fn the_name_of_an_archive_tells_when_and_which_build() {
        let (time, build) =
            made("/private/var/tmp/sysdiagnose_2025.04.07_08-06-18-0700_iPhone-OS_iPhone_20A362.tar.gz'")
                .unwrap();
        assert_eq!((time.first_ms, build), (Some(1_744_038_378_000), Some("20A362")));
        assert!(made("sysdiagnose_ü.04.07_08-06-18-0700_iPhone-OS").is_none());
        assert!(ends_in("a/b/ps.txt", "b/ps.txt") && !ends_in("aps.txt", "ps.txt"));
    }
}
