//! Texts that are written line by line, and times in the forms of the systems.

use std::fmt::{Arguments, Write};

use super::Random;

/// A text that grows.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// Adds a line. Writing into memory does not fail.
    pub(super) fn line(&mut self, line: Arguments<'_>) {
        let _ = writeln!(self.0, "{line}");
    }

    /// Adds text as it is.
    pub(super) fn add(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// How long it is by now.
    pub(super) fn len_bytes(&self) -> usize {
        self.0.len()
    }

    /// It.
    pub(super) fn into_string(self) -> String {
        self.0
    }

    /// It, as bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// Adds a line to a [`Text`].
macro_rules! say {
    ($text:expr, $($part:tt)*) => { $text.line(format_args!($($part)*)) };
}
pub(crate) use say;

/// The day of all acquisitions: 2026-11-20, 07:00 UTC.
pub(super) const ACQUIRED_UNIX: i64 = 1_795_158_000;

/// Seconds since 1970 of a moment in the hundred days before the acquisition.
pub(super) fn moment(random: &mut Random) -> i64 {
    ACQUIRED_UNIX - 3600 - i64::try_from(random.below(100 * 86_400)).unwrap_or(0)
}

/// `2026-11-20 07:00:00` of seconds since 1970.
pub(super) fn written(unix: i64) -> String {
    let (year, month, day, hour, minute, second) = parts(unix);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// `2026-11-20T07:00:00Z` of seconds since 1970.
pub(super) fn iso(unix: i64) -> String {
    format!("{}Z", written(unix).replace(' ', "T"))
}

/// Year, month, day, hour, minute, second; days counted as in Howard Hinnant's `civil_from_days`.
fn parts(unix: i64) -> (i64, i64, i64, i64, i64, i64) {
    let (days, rest) = (unix.div_euclid(86_400) + 719_468, unix.rem_euclid(86_400));
    let (era, in_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * in_year + 2) / 153;
    let day = in_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_a_calendar_has_them() {
        assert_eq!(written(ACQUIRED_UNIX), "2026-11-20 07:00:00");
        assert_eq!(iso(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(written(0), "1970-01-01 00:00:00");
    }
}
