//! How old a version of iOS is on a given day.
//!
//! First days of the versions from Apple's list of security releases (support.apple.com/100100; iOS 12 to
//! 26.2, written down 2026-11). A version is old if the one that replaced it had been out for half a year, or
//! two later generations were out: Apple then closes holes in few of them or none. About versions after the
//! end of the list nothing is said. Deliberately no third numbers: the list would have to be new every week.

use model::record::TimeReading;

use crate::{FactSink, Flow, Question, Seen, Sign, Wholly};

/// Generations, their minor versions, and the day each came out, in order.
const VERSIONS: &[(u32, u32, &str)] = &[
    (12, 0, "2018-09-17"),
    (13, 0, "2019-09-19"),
    (14, 0, "2020-09-16"),
    (15, 0, "2021-09-20"),
    (15, 1, "2021-10-25"),
    (15, 2, "2021-12-13"),
    (15, 3, "2022-01-26"),
    (15, 4, "2022-03-14"),
    (15, 5, "2022-05-16"),
    (15, 6, "2022-07-20"),
    (15, 7, "2022-09-12"),
    (16, 0, "2022-09-12"),
    (16, 1, "2022-10-24"),
    (16, 2, "2022-12-13"),
    (16, 3, "2023-01-23"),
    (16, 4, "2023-03-27"),
    (16, 5, "2023-05-18"),
    (16, 6, "2023-07-24"),
    (16, 7, "2023-09-21"),
    (17, 0, "2023-09-18"),
    (17, 1, "2023-10-25"),
    (17, 2, "2023-12-11"),
    (17, 3, "2024-01-22"),
    (17, 4, "2024-03-05"),
    (17, 5, "2024-05-13"),
    (17, 6, "2024-07-29"),
    (17, 7, "2024-09-16"),
    (18, 0, "2024-09-16"),
    (18, 1, "2024-10-28"),
    (18, 2, "2024-12-11"),
    (18, 3, "2025-01-27"),
    (18, 4, "2025-03-31"),
    (18, 5, "2025-05-12"),
    (18, 6, "2025-07-29"),
    (18, 7, "2025-09-15"),
    (26, 0, "2025-09-15"),
    (26, 1, "2025-11-03"),
    (26, 2, "2025-12-12"),
];

/// Half a year.
const OLD_DAYS: i64 = 186;

/// How old a version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// Known holes are not closed.
    Old,
    /// Nothing says that it is old.
    Current,
    /// It came after the end of the list, or the day or the version cannot be read.
    Unknown,
}

/// Says how old a version was when the acquisition was made.
pub(crate) fn told(version: &str, at: Option<TimeReading>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    let age = age(version, at.as_ref().and_then(|at| at.first_ms));
    if age == Age::Old {
        let (name, what) = ("system-outdated".to_owned(), format!("iOS {version}"));
        sink.says(seen, Sign { name, app: None, what, at })?;
    }
    let wholly = if age == Age::Unknown { Wholly::No } else { Wholly::Yes };
    sink.looked(seen, Question::SystemAge, wholly, 1)
}

/// How old a version (`17.5.1`) was at a moment in milliseconds since 1970.
pub(crate) fn age(version: &str, at_ms: Option<i64>) -> Age {
    let mut numbers = version.trim().split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), minor) = (numbers.next(), numbers.next().and_then(Result::ok).unwrap_or(0)) else {
        return Age::Unknown;
    };
    let Some(today) = at_ms.map(|ms| ms.div_euclid(86_400_000)) else { return Age::Unknown };
    let out_for = |day: &str| day.parse::<model::Date>().ok().map(|day| today.saturating_sub(day.days));
    if VERSIONS.last().is_none_or(|(last, end, _)| (major, minor) >= (*last, *end)) {
        return Age::Unknown;
    }
    let generations = VERSIONS.iter().filter(|(of, first, _)| *first == 0 && *of > major);
    let later = generations.filter(|(_, _, day)| out_for(day).is_some_and(|days| days >= 0)).count();
    let next = VERSIONS.iter().find(|(of, number, _)| *of == major && *number > minor);
    let replaced = next.and_then(|(_, _, day)| out_for(day)).is_some_and(|days| days > OLD_DAYS);
    if later >= 2 || replaced { Age::Old } else { Age::Current }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_is_what_was_replaced_half_a_year_ago_or_is_two_generations_back() {
        let at = |day: &str| day.parse::<model::Date>().ok().map(|day| day.days * 86_400_000);
        assert_eq!(age("17.5.1", at("2024-06-01")), Age::Current);
        assert_eq!(age("17.5.1", at("2024-12-01")), Age::Current);
        assert_eq!(age("17.5.1", at("2025-03-01")), Age::Old);
        assert_eq!(age("17.7.2", at("2025-03-01")), Age::Current);
        assert_eq!(age("16.7.10", at("2025-03-01")), Age::Old);
        assert_eq!(age("9.3", at("2025-03-01")), Age::Old);
        assert_eq!(age("26.2", at("2026-11-01")), Age::Unknown);
        assert_eq!(age("27.0", at("2026-11-01")), Age::Unknown);
        for version in ["", "x", "99999999999", "17.5"] {
            assert_eq!(age(version, None), Age::Unknown);
        }
        let days: Vec<i64> =
            VERSIONS.iter().map(|(_, _, day)| day.parse::<model::Date>().unwrap().days).collect();
        assert_eq!(days.len(), VERSIONS.len());
    }
}
