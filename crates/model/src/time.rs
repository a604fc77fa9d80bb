//! Times as they are written: entry times in whole seconds UTC, file times with nanoseconds, plain dates.
//!
//! The calendar is proleptic Gregorian; the day count follows the well-known 400-year cycle of 146,097 days.

use std::fmt;
use std::str::FromStr;

/// A time or date that is not in the one form of `docs/format.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time or date in the expected form")]
pub struct TimeError;

/// A moment in whole seconds since 1970-01-01T00:00:00Z, between the years 0000 and 9999; text form
/// `2026-11-23T22:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// A day in the calendar; text form `2026-11-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    pub days: i64,
}

/// The time of a file: whole seconds (rounded down) and nanoseconds since 1970-01-01T00:00:00Z;
/// text form decimal seconds with nine decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileTime {
    /// Whole seconds, rounded down.
    pub seconds: i64,
    /// 0 to 999,999,999, counted forward from `seconds`.
    pub nanoseconds: u32,
}

const DAY_SECONDS: i64 = 86_400;
const NANOSECONDS: u32 = 1_000_000_000;

impl Timestamp {
    /// The day it falls on in UTC.
    pub fn date(self) -> Date {
        Date { days: self.0.div_euclid(DAY_SECONDS) }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.rem_euclid(DAY_SECONDS);
        let (hour, minute) = (second / 3600, second / 60 % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{:02}Z", self.date(), second % 60)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let (date, clock) = text.split_once('T').ok_or(TimeError)?;
        let date: Date = date.parse()?;
        let clock = clock.strip_suffix('Z').ok_or(TimeError)?;
        let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError);
        }
        Ok(Self(date.days * DAY_SECONDS + hour * 3600 + minute * 60 + second))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.days);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
        let days = days_from_civil(year, month, day);
        if civil_from_days(days) == (year, month, day) { Ok(Self { days }) } else { Err(TimeError) }
    }
}

impl fmt::Display for FileTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seconds < 0 && self.nanoseconds > 0 {
            let whole = (self.seconds + 1).unsigned_abs();
            return write!(f, "-{whole}.{:09}", NANOSECONDS - self.nanoseconds);
        }
        write!(f, "{}.{:09}", self.seconds, self.nanoseconds)
    }
}

impl FromStr for FileTime {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').ok_or(TimeError)?;
        let decimal = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !decimal(whole) || !decimal(fraction) || fraction.len() != 9 {
            return Err(TimeError);
        }
        let whole: i64 = whole.parse().map_err(|_| TimeError)?;
        let fraction: u32 = fraction.parse().map_err(|_| TimeError)?;
        let time = match (negative, fraction) {
            (false, _) => Self { seconds: whole, nanoseconds: fraction },
            (true, 0) => Self { seconds: -whole, nanoseconds: 0 },
            (true, _) => Self { seconds: -whole - 1, nanoseconds: NANOSECONDS - fraction },
        };
        // `-0.0…` and leading zeros are second spellings.
        if time.to_string() == text { Ok(time) } else { Err(TimeError) }
    }
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(Timestamp, Date, FileTime);

fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Result<[i64; 3], TimeError> {
    let mut values = [0; 3];
    let mut parts = text.split(separator);
    for (value, length) in values.iter_mut().zip(lengths) {
        let part = parts.next().ok_or(TimeError)?;
        if part.len() != length || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TimeError);
        }
        *value = part.parse().map_err(|_| TimeError)?;
    }
    if parts.next().is_some() { Err(TimeError) } else { Ok(values) }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day comes last.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_one_spelling() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_795_471_200, "2026-11-23T22:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(Timestamp(seconds).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp(seconds)));
        }
        for bad in
            ["2026-02-30T00:00:00Z", "2026-11-23 22:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T22:00:00"]
        {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }

    #[test]
    fn file_times_before_and_after_1970() {
        for (seconds, nanoseconds, text) in [
            (1, 5, "1.000000005"),
            (0, 0, "0.000000000"),
            (-1, 500_000_000, "-0.500000000"),
            (-2, 0, "-2.000000000"),
            (-2, 750_000_000, "-1.250000000"),
        ] {
            let time = FileTime { seconds, nanoseconds };
            assert_eq!(time.to_string(), text);
            assert_eq!(text.parse(), Ok(time));
        }
        for bad in ["1", "-0.000000000", "01.000000000", "1.5", "+1.000000000"] {
            assert!(bad.parse::<FileTime>().is_err(), "{bad}");
        }
    }
}
