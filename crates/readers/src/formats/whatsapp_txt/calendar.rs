//! Years and days of the calendars that phones count in.
//!
//! Gregorian; Buddhist (Thailand), with and without saying so; eras of Japan; Persian. From the rules of
//! these calendars. Deliberately not the Islamic calendar: its months begin as the moon is seen or as a
//! country announces it.

use super::stamp::{Calendar, Number};

/// The years in which exports can have been written.
const YEARS: std::ops::RangeInclusive<i64> = 2009..=2051;

/// Days since 1970-01-01 of a day; none if there is no such day or its calendar is not known.
pub(super) fn day_of(year: Number, month: Number, day: Number, calendar: Calendar) -> Option<i64> {
    let (month, day) = (i64::from(month.value), i64::from(day.value));
    if is_persian(year, calendar) {
        return persian_days(i64::from(year.value), month, day);
    }
    days(year_of(year, calendar)?, month, day)
}

/// Whether an export can have been written in a year.
pub(super) fn is_likely(year: Number, calendar: Calendar) -> bool {
    is_persian(year, calendar) || year_of(year, calendar).is_some_and(|year| YEARS.contains(&year))
}

fn year_of(year: Number, calendar: Calendar) -> Option<i64> {
    let value = i64::from(year.value);
    match (calendar, year.digits) {
        (Calendar::Era(from), _) => Some(i64::from(from).saturating_add(value)).filter(|_| value < 100),
        // A Thai phone counts 543 years more, with or without saying so; of two digits 52 to 99 can be no
        // other.
        (Calendar::Buddhist, 4) => Some(value.saturating_sub(543)),
        (Calendar::Buddhist, _) => Some(value.saturating_add(1957)),
        (Calendar::Plain, 4) if (2552..=2594).contains(&value) => Some(value.saturating_sub(543)),
        // Years of the Islamic calendar: its months begin with the sight of the moon, and are not read.
        (Calendar::Plain, 4) if value < 1900 => None,
        (Calendar::Plain, 4) => Some(value),
        (Calendar::Plain, _) if value >= 52 => Some(value.saturating_add(1957)),
        (Calendar::Plain, _) => Some(value.saturating_add(2000)),
    }
}

/// Whether a year is one of the Persian calendar: those of the Islamic calendar are later until 2051.
fn is_persian(year: Number, calendar: Calendar) -> bool {
    calendar == Calendar::Plain && year.digits == 4 && (1388..1430).contains(&year.value)
}

/// Days since 1970-01-01 of a day of the Persian calendar; right for its years 1244 to 1472, in which its
/// leap years follow a cycle of 33.
fn persian_days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = (25 * year + 11).rem_euclid(33) < 8;
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + i64::from(is_leap),
        _ => return None,
    };
    let before = (month - 1) * 30 + (month - 1).min(6);
    let of_years = 365 * (year - 1) + (8 * year + 21).div_euclid(33);
    // 1403-01-01 is 2024-03-20.
    let first = 365 * 1402 + (8 * 1403 + 21) / 33;
    (1..=length).contains(&day).then_some(19_802 + of_years - first + before + day - 1)
}

/// Days since 1970-01-01 of a day of the Gregorian calendar.
pub(super) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    // The year begins in March, so that the day of February 29 is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let year = year.rem_euclid(400);
    let of_era = year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (date, expected) in [((1970, 1, 1), 0), ((2000, 3, 1), 11_017), ((2024, 2, 29), 19_782)] {
            assert_eq!(days(date.0, date.1, date.2), Some(expected));
        }
        let mut expected = days(2008, 12, 31).unwrap();
        for year in 2009..2052 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(found) = days(year, month, day) {
                        expected += 1;
                        assert_eq!(found, expected);
                        let known = model::record::wall_ms((year, month, day), (0, 0, 0));
                        assert_eq!(known, Some(found * 86_400_000));
                    }
                }
            }
        }
    }

    #[test]
    fn days_of_the_persian_calendar() {
        let known = [
            ((1395, 12, 30), (2017, 3, 20)),
            ((1399, 12, 30), (2021, 3, 20)),
            ((1400, 1, 1), (2021, 3, 21)),
            ((1403, 1, 1), (2024, 3, 20)),
            ((1403, 7, 1), (2024, 9, 22)),
            ((1403, 12, 30), (2025, 3, 20)),
            ((1404, 1, 1), (2025, 3, 21)),
        ];
        for (persian, expected) in known {
            let found = persian_days(persian.0, persian.1, persian.2);
            assert_eq!(found, days(expected.0, expected.1, expected.2), "{persian:?}");
        }
        assert_eq!(persian_days(1400, 12, 30), None);
        let mut expected = persian_days(1388, 1, 1).unwrap();
        for year in 1388..1430 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(found) = persian_days(year, month, day) {
                        assert_eq!(found, expected, "{year} {month} {day}");
                        expected += 1;
                    }
                }
            }
        }
    }
}
