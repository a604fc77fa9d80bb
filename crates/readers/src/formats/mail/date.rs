//! Times as mails write them: RFC 5322, section 3.3 and its old forms, and the `From ` line of a mailbox.
//!
//! `-0000` and zone names that RFC 5322 does not define leave the zone unknown; a time without zone too.

use model::record::{Precision, TimeReading, Zone, wall_ms};

/// A time as it stands in a header; none if nothing stands there.
pub(in crate::formats) fn reading(raw: &str) -> Option<TimeReading> {
    let raw = raw.trim();
    if raw.is_empty() {
        return None;
    }
    let Some(found) = parse(raw) else {
        return Some(TimeReading::wall(raw.to_owned(), None, Precision::Second));
    };
    Some(match found.zone {
        Zone::Known { offset_minutes } => {
            let utc_ms = found.wall_ms.checked_sub(i64::from(offset_minutes).saturating_mul(60_000));
            TimeReading::with_offset(raw.to_owned(), utc_ms, offset_minutes, found.precision)
        }
        Zone::Unknown => TimeReading::wall(raw.to_owned(), Some(found.wall_ms), found.precision),
    })
}

struct Found {
    wall_ms: i64,
    zone: Zone,
    precision: Precision,
}

fn parse(raw: &str) -> Option<Found> {
    let text = without_comments(raw);
    let mut words = text.split([' ', '\t', ',']).filter(|word| !word.is_empty()).peekable();
    if words.peek().is_some_and(|word| is_weekday(word)) {
        words.next();
    }
    let first = words.next()?;
    let mut zone = None;
    let (day, month, year, clock);
    if let Some(number) = month_number(first) {
        // Mon Jan  6 10:00:00 [+0000] 2025
        month = number;
        day = digits(words.next()?)?;
        clock = words.next()?;
        let mut last = words.next()?;
        if let Some(next) = words.next() {
            zone = Some(last);
            last = next;
        }
        year = last;
    } else if let Some((packed, number, rest)) = packed_day(first) {
        // 6-Jan-2025
        (day, month, year) = (packed, number, rest);
        clock = words.next()?;
        zone = words.next();
    } else {
        day = digits(first)?;
        month = month_number(words.next()?)?;
        year = words.next()?;
        clock = words.next()?;
        zone = words.next();
    }
    // Some programs leave no space before the zone.
    let (clock, glued) = clock.split_at(clock.find(['+', '-']).unwrap_or(clock.len()));
    let zone = zone.or(Some(glued).filter(|zone| !zone.is_empty()));
    let (clock, precision) = clock_of(clock)?;
    let wall_ms = wall_ms((year_number(year)?, month, day), clock)?;
    Some(Found { wall_ms, zone: zone.map_or(Zone::Unknown, zone_of), precision })
}

fn packed_day(word: &str) -> Option<(i64, i64, &str)> {
    let (day, rest) = word.split_once('-')?;
    let (month, year) = rest.split_once('-')?;
    Some((digits(day)?, month_number(month)?, year))
}

fn clock_of(word: &str) -> Option<((i64, i64, i64), Precision)> {
    let mut parts = word.split([':', '.']);
    let (hour, minute) = (digits(parts.next()?)?, digits(parts.next()?)?);
    match parts.next() {
        Some(second) => Some(((hour, minute, digits(second)?), Precision::Second)),
        None => Some(((hour, minute, 0), Precision::Minute)),
    }
}

fn year_number(word: &str) -> Option<i64> {
    let year = digits(word)?;
    match word.len() {
        4 => Some(year),
        2 if year < 50 => year.checked_add(2000),
        2 | 3 => year.checked_add(1900),
        _ => None,
    }
}

fn zone_of(word: &str) -> Zone {
    if let Some(sign) = word.chars().next().filter(|sign| matches!(sign, '+' | '-')) {
        let number = word.get(1..).unwrap_or_default().replace(':', "");
        let Some(number) = digits(&number).filter(|_| number.len() == 4) else { return Zone::Unknown };
        let minutes = number / 100 * 60 + number % 100;
        let minutes = if sign == '-' { -minutes } else { minutes };
        return match i16::try_from(minutes) {
            Ok(0) if sign == '-' => Zone::Unknown,
            Ok(offset_minutes) if number % 100 < 60 && number < 2400 => Zone::Known { offset_minutes },
            _ => Zone::Unknown,
        };
    }
    let hours = match word.to_ascii_uppercase().as_str() {
        "UT" | "GMT" | "UTC" | "Z" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return Zone::Unknown,
    };
    Zone::Known { offset_minutes: hours * 60 }
}

fn digits(word: &str) -> Option<i64> {
    let fits = !word.is_empty() && word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| word.parse().ok()).flatten()
}

fn is_weekday(word: &str) -> bool {
    word.get(..3).is_some_and(|start| {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| start.eq_ignore_ascii_case(day))
    })
}

fn month_number(word: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3)?;
    (1..).zip(MONTHS).find(|(_, month)| start.eq_ignore_ascii_case(month)).map(|(number, _)| number)
}

fn without_comments(raw: &str) -> String {
    let mut depth: usize = 0;
    let mut kept = String::new();
    for letter in raw.chars() {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(letter),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(raw: &str) -> (Option<i64>, Option<i16>) {
        let reading = reading(raw).unwrap();
        let offset = match reading.zone {
            Zone::Known { offset_minutes } => Some(offset_minutes),
            Zone::Unknown => None,
        };
        (reading.first_ms, offset)
    }

    #[test]
    fn the_forms_of_mails() {
        let noon = 1_736_164_800_000; // 2025-01-06 12:00:00
        let hour = 3_600_000;
        assert_eq!(seen("Mon, 6 Jan 2025 12:00:00 +0100 (MEZ)"), (Some(noon - hour), Some(60)));
        assert_eq!(seen("6 Jan 25 12:00 GMT"), (Some(noon), Some(0)));
        assert_eq!(seen("Mon, 06 Jan 2025 12:00:00 -0330"), (Some(noon + 7 * hour / 2), Some(-210)));
        assert_eq!(seen("Mon, 06 Jan 2025 12:00:00 -0000"), (Some(noon), None));
        assert_eq!(seen("Mon, 06 Jan 2025 12:00:00 MEZ"), (Some(noon), None));
        assert_eq!(seen("Mon Jan  6 12:00:00 2025"), (Some(noon), None));
        assert_eq!(seen("Mon Jan 06 12:00:00 +0000 2025"), (Some(noon), Some(0)));
        assert_eq!(seen("06-Jan-2025 12:00:00 +0000"), (Some(noon), Some(0)));
        assert_eq!(seen("06 Jan 2025 12:00+0000"), (Some(noon), Some(0)));
        assert_eq!(seen("yesterday"), (None, None));
        assert_eq!(seen("Mon, 31 Feb 2025 12:00:00 +0000"), (None, None));
        assert_eq!(reading(" "), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(raw: String) {
            reading(&raw);
        }
    }
}
