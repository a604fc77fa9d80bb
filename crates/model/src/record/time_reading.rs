//! A time as a source writes it, and what can be made of it.
//!
//! The raw value is always kept. Where a source gives a wall clock without a zone, the reading stays a wall
//! clock. Where a date can be read in two ways and nothing decides, both readings are kept.

use serde::{Deserialize, Serialize};

/// A time as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeReading {
    /// Exactly as the source has it, numbers in decimal.
    pub raw: String,
    /// Milliseconds since 1970-01-01T00:00:00: of UTC if the zone is known, of the wall clock if not. `None`
    /// if the raw value cannot be read.
    pub first_ms: Option<i64>,
    /// The other reading, where two are possible and nothing decides between them.
    pub second_ms: Option<i64>,
    /// Whose clock `first_ms` and `second_ms` show.
    pub zone: Zone,
    /// How fine the raw value is.
    pub precision: Precision,
}

/// What is known about the zone of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Zone {
    /// The source counts in UTC, or says its offset; the readings are UTC.
    Known {
        /// The offset that the source itself shows, in minutes east of UTC; 0 if it counts in UTC.
        offset_minutes: i16,
    },
    /// The source shows a wall clock and does not say whose; the readings are wall clocks.
    Unknown,
}

/// How fine a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Precision {
    /// Milliseconds or finer.
    Millisecond,
    /// Whole seconds.
    Second,
    /// Whole minutes: the seconds are not known.
    Minute,
    /// A day.
    Day,
}

impl TimeReading {
    /// A count of milliseconds since 1970 in UTC.
    pub fn unix_ms(raw: i64) -> Self {
        Self::utc(raw.to_string(), Some(raw), Precision::Millisecond)
    }

    /// A count of seconds since 1970 in UTC.
    pub fn unix_seconds(raw: i64) -> Self {
        Self::utc(raw.to_string(), raw.checked_mul(1000), Precision::Second)
    }

    /// A moment in UTC that was worked out from the raw value.
    pub fn utc(raw: String, first_ms: Option<i64>, precision: Precision) -> Self {
        Self { raw, first_ms, second_ms: None, zone: Zone::Known { offset_minutes: 0 }, precision }
    }

    /// A moment whose source shows an offset; `utc_ms` is the moment in UTC.
    pub fn with_offset(raw: String, utc_ms: Option<i64>, offset_minutes: i16, precision: Precision) -> Self {
        Self { raw, first_ms: utc_ms, second_ms: None, zone: Zone::Known { offset_minutes }, precision }
    }

    /// A wall clock whose zone the source does not say.
    pub fn wall(raw: String, wall_ms: Option<i64>, precision: Precision) -> Self {
        Self { raw, first_ms: wall_ms, second_ms: None, zone: Zone::Unknown, precision }
    }

    /// Seconds since 2001-01-01 UTC, as Apple counts; a value of 10^12 and more counts nanoseconds.
    pub fn apple(raw: f64) -> Self {
        const APPLE_MS: f64 = 978_307_200_000.0;
        let ms = if raw.abs() >= 1e12 { raw / 1e6 } else { raw * 1e3 } + APPLE_MS;
        // Within the years 0000 to 9999, so that it fits and can be shown.
        #[expect(clippy::cast_possible_truncation, reason = "checked to lie within ± 10^15")]
        let ms = (ms.is_finite() && ms.abs() < 2.6e14).then(|| ms.round() as i64);
        Self::utc(raw.to_string(), ms, Precision::Millisecond)
    }

    /// Adds the other possible reading; the same reading twice is one.
    #[must_use]
    pub fn or(mut self, second_ms: Option<i64>) -> Self {
        self.second_ms = second_ms.filter(|second| Some(*second) != self.first_ms);
        self
    }
}

/// Days since 1970-01-01 of a day in the Gregorian calendar; `None` if there is no such day.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    format!("{year:04}-{month:02}-{day:02}").parse::<crate::Date>().ok().map(|date| date.days)
}

/// A wall clock in milliseconds since 1970; `None` if there is no such day or hour.
pub fn wall_ms(date: (i64, i64, i64), clock: (i64, i64, i64)) -> Option<i64> {
    let (hour, minute, second) = clock;
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    let days = days(date.0, date.1, date.2).filter(|_| fits)?;
    Some((days * 86_400 + hour * 3600 + minute * 60 + second) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apple_counts_seconds_and_nanoseconds() {
        assert_eq!(TimeReading::apple(469_908_586.0).first_ms, Some(1_448_215_786_000));
        assert_eq!(TimeReading::apple(469_908_586.0e9).first_ms, Some(1_448_215_786_000));
        assert_eq!(TimeReading::apple(f64::NAN).first_ms, None);
        assert_eq!(TimeReading::apple(f64::MAX).first_ms, None);
    }

    #[test]
    fn a_wall_clock_that_cannot_be_is_none() {
        assert_eq!(wall_ms((2022, 3, 18), (14, 56, 0)), Some(1_647_615_360_000));
        assert_eq!(wall_ms((2022, 2, 30), (0, 0, 0)), None);
        assert_eq!(wall_ms((2022, 13, 1), (0, 0, 0)), None);
        assert_eq!(wall_ms((2022, 1, 1), (24, 0, 0)), None);
    }
}
