//! Dates as exports word them for people, in the account's language: `Sep 13, 2020, 12:26 PM`, `13.09.2020,
//! 12:26`, `13 września 2020 12:26`, `2020. szept. 13. 12:26`.
//!
//! Languages: de, en, fr, es, pt, it, ro, bg, hu, pl, tr, ru. Order of day and month in a date of numbers
//! alone: dots mean day first, a year in front means month first after it, slashes mean either, and both
//! readings are kept. The zone is unknown unless the text shows an offset. Deliberately no guess: what does
//! not fit is none, and the raw text stays.

use model::record::{Precision, TimeReading, Zone, wall_ms};

/// The text with what can be made of it.
pub(crate) fn reading(text: &str) -> TimeReading {
    let raw = text.to_owned();
    let Some(found) = find(text) else { return TimeReading::wall(raw, None, Precision::Minute) };
    let second = found.second.and_then(|date| wall_ms(date, found.clock));
    let first = wall_ms(found.date, found.clock);
    match found.offset_minutes {
        Some(offset) => {
            let utc = |ms: i64| ms.checked_sub(i64::from(offset).checked_mul(60_000)?);
            let time = TimeReading::with_offset(raw, first.and_then(utc), offset, found.precision);
            time.or(second.and_then(utc))
        }
        // A reading that cannot be leaves the other.
        None => TimeReading {
            raw,
            first_ms: first.or(second),
            second_ms: second.filter(|_| first.is_some() && first != second),
            zone: Zone::Unknown,
            precision: found.precision,
        },
    }
}

type Date = (i64, i64, i64);

struct Found {
    date: Date,
    second: Option<Date>,
    clock: (i64, i64, i64),
    precision: Precision,
    offset_minutes: Option<i16>,
}

/// The beginnings of the names of months, in small letters; no two languages disagree on one.
const MONTHS: [(i64, &[&str]); 12] = [
    (1, &["jan", "jän", "janv", "ene", "gen", "ian", "яну", "янв", "sty", "oca"]),
    (2, &["feb", "fév", "fev", "фев", "lut", "şub"]),
    (3, &["mar", "mär", "maer", "már", "мар"]),
    (4, &["apr", "avr", "abr", "ápr", "апр", "kwi", "nis"]),
    (5, &["may", "mai", "mag", "máj", "maj", "май", "мая"]),
    (6, &["jun", "jún", "juin", "giu", "iun", "юни", "июн", "cze", "haz"]),
    (7, &["jul", "júl", "juil", "lug", "iul", "юли", "июл", "lip", "tem"]),
    (8, &["aug", "ago", "aoû", "aou", "авг", "sie", "ağu"]),
    (9, &["sep", "set", "sze", "сеп", "сен", "wrz", "eyl"]),
    (10, &["oct", "okt", "ott", "out", "окт", "paź", "eki"]),
    (11, &["nov", "ное", "ноя", "lis", "kas"]),
    (12, &["dec", "dez", "déc", "dic", "дек", "gru", "ara"]),
];

/// Days of the week that begin like a month.
const DAYS: [&str; 6] = ["martes", "mardi", "marți", "marţi", "martedì", "märchen"];

/// Words for the two halves of the day.
const MORNING: [&str; 11] = ["am", "a.m", "a.m.", "a", "vorm", "de", "du.e", "öö", "пр", "дп", "rano"];
const AFTERNOON: [&str; 9] = ["pm", "p.m", "p.m.", "p", "nachm", "du", "ös", "сл", "пп"];

fn month(word: &str) -> Option<i64> {
    if word.chars().count() < 3 || DAYS.contains(&word) {
        return None;
    }
    let begins = |names: &[&str]| names.iter().any(|name| word.starts_with(name));
    MONTHS.iter().find(|(_, names)| begins(names)).map(|(month, _)| *month)
}

fn find(text: &str) -> Option<Found> {
    /// Longer than any date.
    const MOST_BYTES: usize = 120;
    if text.len() > MOST_BYTES {
        return None;
    }
    let text = text.to_lowercase();
    let (text, offset_minutes) = without_offset(&text);
    let (clock, date_text) = split_clock(&text);
    let (date, second) = date(&date_text)?;
    let (clock, precision) = clock.unwrap_or(((0, 0, 0), Precision::Day));
    Some(Found { date, second, clock, precision, offset_minutes })
}

/// Takes `UTC+02:00`, `UTC+01` or `UTC` away.
fn without_offset(text: &str) -> (String, Option<i16>) {
    let Some(at) = text.find("utc") else { return (text.to_owned(), None) };
    let (before, from) = text.split_at(at);
    let shown = from.trim_start_matches("utc").trim();
    let offset = if shown.is_empty() { Some(0) } else { offset(shown) };
    (before.to_owned(), offset)
}

fn offset(shown: &str) -> Option<i16> {
    let (sign, digits) = match shown.chars().next()? {
        '+' => (1, shown.get(1..)?),
        '-' => (-1, shown.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours.parse::<i16>().ok()?, minutes.parse::<i16>().ok()?),
        None => (digits.parse::<i16>().ok()?, 0),
    };
    let fits = (0..=14).contains(&hours) && (0..60).contains(&minutes);
    fits.then(|| sign * (hours * 60 + minutes))
}

type Clock = (i64, i64, i64);

/// The clock with its half of the day, and the text without both.
fn split_clock(text: &str) -> (Option<(Clock, Precision)>, String) {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
    let Some(at) = words.iter().position(|word| word.contains(':')) else { return (None, words.join(" ")) };
    let word = words.get(at).copied().unwrap_or_default();
    let digits_end = word.rfind(|c: char| c.is_ascii_digit()).map_or(0, |end| end.saturating_add(1));
    let (digits, glued) = word.split_at(digits_end);
    let mut numbers = digits.split(':').map(|number| number.parse::<i64>().ok());
    let parts = (numbers.next().flatten(), numbers.next().flatten(), numbers.next(), numbers.next());
    let (Some(hour), Some(minute), seconds, None) = parts else { return (None, words.join(" ")) };
    let (second, precision) = match seconds {
        Some(Some(second)) => (second, Precision::Second),
        _ => (0, Precision::Minute),
    };
    let before = at.checked_sub(1).and_then(|at| words.get(at)).copied();
    let after = words.get(at.saturating_add(1)).copied();
    let next = words.get(at.saturating_add(2)).copied();
    // Hungarian and Bulgarian say the half beside the clock too: `du. 3:26`, `3:26 сл.об.`.
    let half = half(glued, after, next).or_else(|| before.and_then(half_of));
    let hour = match half {
        Some(Half::Morning) if hour == 12 => 0,
        Some(Half::Afternoon) if hour < 12 => hour.saturating_add(12),
        _ => hour,
    };
    let rest: Vec<&str> = words.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, word)| *word).collect();
    (Some(((hour, minute, second), precision)), rest.join(" "))
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn half(glued: &str, after: Option<&str>, next: Option<&str>) -> Option<Half> {
    if !glued.is_empty() {
        return half_of(glued);
    }
    match (after?, next) {
        // `a. m.`, `po południu`.
        ("a.", Some("m.")) | ("przed", Some("południem")) => Some(Half::Morning),
        ("p.", Some("m.")) | ("po", Some("południu")) => Some(Half::Afternoon),
        (word, _) => half_of(word),
    }
}

fn half_of(word: &str) -> Option<Half> {
    let plain = word.trim_end_matches('.').trim_end_matches(".об");
    if MORNING.contains(&plain) && plain != "a" && plain != "de" || plain == "de" && word.ends_with('.') {
        Some(Half::Morning)
    } else if AFTERNOON.contains(&plain) && plain != "p" && plain != "du"
        || plain == "du" && word.ends_with('.')
    {
        Some(Half::Afternoon)
    } else {
        None
    }
}

/// The date in a text without its clock.
fn date(text: &str) -> Option<(Date, Option<Date>)> {
    let mut numbers: Vec<(i64, usize)> = Vec::new();
    let mut named = None;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push((word.parse().ok()?, word.len()));
        } else if named.is_none() {
            named = month(word);
        } else if let Some((number, _)) = ordinal(word) {
            numbers.push((number, 1));
        }
    }
    if let Some(month) = named {
        let year = numbers.iter().find(|(_, digits)| *digits == 4)?.0;
        let day = numbers.iter().find(|(_, digits)| *digits <= 2)?.0;
        return Some(((year, month, day), None));
    }
    let &[first, second, third] = numbers.as_slice() else { return None };
    if first.1 == 4 {
        return Some(((first.0, second.0, third.0), None));
    }
    let year = if third.1 == 4 { third.0 } else { 2000_i64.saturating_add(third.0) };
    let day_first = (year, second.0, first.0);
    if text.contains('/') && first.0 <= 12 && second.0 <= 12 {
        return Some((day_first, Some((year, first.0, second.0))));
    }
    if text.contains('/') && second.0 > 12 {
        return Some(((year, first.0, second.0), None));
    }
    Some((day_first, None))
}

/// `1st`, `1er`.
fn ordinal(word: &str) -> Option<(i64, usize)> {
    let end = word.find(|c: char| !c.is_ascii_digit())?;
    Some((word.get(..end)?.parse().ok()?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_599_999_960_000; // 2020-09-13 12:26

    #[test]
    fn one_moment_in_every_language() {
        for text in [
            "Sep 13, 2020, 12:26 PM",
            "Sep 13, 2020 12:26 pm",
            "September 13, 2020 at 12:26 PM",
            "Sep 13, 2020, 12:26\u{202f}PM",
            "Sunday, September 13, 2020 at 12:26pm",
            "13 Sep 2020, 12:26",
            "13.09.2020, 12:26",
            "13. September 2020 um 12:26",
            "13 sept. 2020 à 12:26",
            "13/09/2020, 12:26",
            "13 sept 2020, 12:26",
            "13 de septiembre de 2020 12:26",
            "13 de set. de 2020 12:26",
            "13 set 2020, 12:26",
            "domenica 13 settembre 2020 12:26",
            "13 sept. 2020, 12:26",
            "13.09.2020 г., 12:26",
            "13 септември 2020 г. 12:26",
            "2020. szept. 13. 12:26",
            "2020. 09. 13. 12:26",
            "13 września 2020 12:26",
            "13 wrz 2020, 12:26",
            "13 Eyl 2020 12:26",
            "13 Eylül 2020, 12:26",
            "13 сент. 2020 г., 12:26",
            "13 сентября 2020, 12:26",
            "2020-09-13 12:26",
            "9/13/20, 12:26 PM",
            "wrz 13, 2020 12:26 po południu",
        ] {
            let time = reading(text);
            assert_eq!(
                (time.first_ms, time.second_ms, time.zone),
                (Some(NOON), None, Zone::Unknown),
                "{text}"
            );
            assert_eq!((time.raw.as_str(), time.precision), (text, Precision::Minute));
        }
    }

    #[test]
    fn halves_of_the_day_and_seconds() {
        let ms = |text: &str| reading(text).first_ms.map(|ms| (ms - NOON) / 1000);
        assert_eq!(ms("Sep 13, 2020 12:26:05 AM"), Some(-12 * 3600 + 5));
        assert_eq!(ms("Sep 13, 2020, 1:26:00pm"), Some(3600));
        assert_eq!(ms("13/09/2020 1:26 p. m."), Some(3600));
        assert_eq!(ms("2020. szept. 13. du. 1:26"), Some(3600));
        assert_eq!(ms("13.09.2020 1:26 сл.об."), Some(3600));
        assert!(ms("mar. 15, 2025 3:52 pm").is_some());
        assert_eq!(ms("martes 13 de enero de 2020, 9:00").map(|seconds| seconds < 0), Some(true));
    }

    #[test]
    fn two_readings_are_kept_and_none_is_made_up() {
        let time = reading("04/05/2021, 10:00");
        assert_eq!((time.first_ms, time.second_ms), (Some(1_620_122_400_000), Some(1_617_616_800_000)));
        assert_eq!(reading("05/05/2021, 10:00").second_ms, None);
        for text in ["gestern", "", "31/02/2021 10:00", "32. Mai 2021", "Sep 13, 2020 25:00", "12:30", "1.2"]
        {
            assert_eq!(reading(text).first_ms, None, "{text}");
        }
        assert_eq!(reading("31 février 2021 ou 2022").raw, "31 février 2021 ou 2022");
    }

    #[test]
    fn an_offset_that_is_shown_is_used() {
        let time = reading("Monday, January 2, 2010 at 9:40 PM UTC+08:00");
        assert_eq!(time.first_ms, Some(1_262_439_600_000));
        assert_eq!(time.zone, Zone::Known { offset_minutes: 480 });
        assert_eq!(reading("13.09.2020 12:26:00 UTC+02:00").first_ms, Some(NOON - 7_200_000));
        assert_eq!(reading("13.09.2020 12:26:00 UTC-99").zone, Zone::Unknown);
    }
}
