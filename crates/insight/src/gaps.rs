//! Silences: nothing for days, where there is something on most of the days around.
//!
//! The rule, whole: between two neighbours in the order of time lie more than [`Rule::silence_days`] days;
//! and of the [`Rule::around_days`] days that end with the record before, as of those that begin with the
//! record behind, at least [`Rule::days_with_records`] have a record. A thin row of records has no silences
//! by this rule, because there a week without one is nothing unusual.
//!
//! It says nothing about the reason: there was nothing, it was not secured, or it was deleted.

use std::collections::BTreeSet;

const DAY_MS: i64 = 86_400_000;

/// When a stretch without records is a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rule {
    /// More than so many days without a record.
    pub silence_days: u32,
    /// So many days before and behind it are looked at.
    pub around_days: u32,
    /// Of them at least so many have a record, on either side.
    pub days_with_records: u32,
}

impl Default for Rule {
    fn default() -> Self {
        Self { silence_days: 3, around_days: 7, days_with_records: 4 }
    }
}

/// A stretch without records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Silence {
    /// The last time before it, in milliseconds since 1970.
    pub after_ms: i64,
    /// The first time behind it.
    pub before_ms: i64,
}

impl Silence {
    /// Whole days between the two.
    pub fn days(self) -> i64 {
        self.before_ms.saturating_sub(self.after_ms).div_euclid(DAY_MS)
    }
}

/// The silences between times in ascending order; of the days outside of them `has_records` is asked, by
/// their number since 1970.
pub fn silences<E>(
    times_ms: &[i64],
    rule: Rule,
    has_records: &mut dyn FnMut(i64) -> Result<bool, E>,
) -> Result<Vec<Silence>, E> {
    let (Some(first), Some(last)) = (times_ms.first(), times_ms.last()) else { return Ok(Vec::new()) };
    let there: BTreeSet<i64> = times_ms.iter().map(|time| day(*time)).collect();
    let mut days = Days { there, known: day(*first)..=day(*last), asked: Vec::new(), has_records };
    let mut found = Vec::new();
    for (after_ms, before_ms) in times_ms.iter().zip(times_ms.iter().skip(1)) {
        let silence = Silence { after_ms: *after_ms, before_ms: *before_ms };
        if is_long(silence, rule)
            && days.are_dense(day(silence.after_ms), -1, rule)?
            && days.are_dense(day(silence.before_ms), 1, rule)?
        {
            found.push(silence);
        }
    }
    Ok(found)
}

fn is_long(silence: Silence, rule: Rule) -> bool {
    let length_ms = silence.before_ms.saturating_sub(silence.after_ms);
    length_ms > i64::from(rule.silence_days).saturating_mul(DAY_MS)
}

fn day(time_ms: i64) -> i64 {
    time_ms.div_euclid(DAY_MS)
}

/// Which days have records.
struct Days<'a, E> {
    there: BTreeSet<i64>,
    /// Days of which `there` knows all.
    known: std::ops::RangeInclusive<i64>,
    asked: Vec<(i64, bool)>,
    has_records: &'a mut dyn FnMut(i64) -> Result<bool, E>,
}

impl<E> Days<'_, E> {
    /// Whether enough of the days that begin with this one have records; `step` is the way through them.
    fn are_dense(&mut self, from: i64, step: i64, rule: Rule) -> Result<bool, E> {
        let (mut with_records, mut left) = (0_u32, rule.around_days);
        let mut day = from;
        while with_records < rule.days_with_records {
            // What is left could not fill it up any more.
            if with_records.saturating_add(left) < rule.days_with_records {
                return Ok(false);
            }
            with_records = with_records.saturating_add(u32::from(self.has(day)?));
            left = left.saturating_sub(1);
            day = day.saturating_add(step);
        }
        Ok(true)
    }

    fn has(&mut self, day: i64) -> Result<bool, E> {
        if self.known.contains(&day) {
            return Ok(self.there.contains(&day));
        }
        if let Some((_, has)) = self.asked.iter().find(|(asked, _)| *asked == day) {
            return Ok(*has);
        }
        let has = (self.has_records)(day)?;
        self.asked.push((day, has));
        Ok(has)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    /// Times at noon of these days.
    fn noon(days: impl IntoIterator<Item = i64>) -> Vec<i64> {
        days.into_iter().map(|day| day * DAY_MS + DAY_MS / 2).collect()
    }

    fn found(times: &[i64], outside: bool) -> Vec<Silence> {
        let outside = &mut |_| Ok::<bool, Infallible>(outside);
        silences(times, Rule::default(), outside).unwrap()
    }

    #[test]
    fn nothing_for_days_amid_a_daily_talk_is_a_silence() {
        let times = noon((0..8).chain(20..28));
        let silence = Silence { after_ms: times[7], before_ms: times[8] };
        assert_eq!(found(&times, false), [silence]);
        assert_eq!(silence.days(), 13);
    }

    #[test]
    fn a_thin_row_and_short_pauses_have_none() {
        assert_eq!(found(&noon((0..100).step_by(9)), false), []);
        assert_eq!(found(&noon((0..8).chain(10..20)), false), [], "three days are not more than three");
        // Busy on one day only, before and behind: that is no row of days.
        let burst = [vec![0; 50], vec![30 * DAY_MS; 50]].concat();
        assert_eq!(found(&burst, false), []);
        // Busy before it, thin behind it: the talk may just have ended.
        assert_eq!(found(&noon((0..8).chain([40, 60, 80])), false), []);
        assert_eq!(found(&[], true), []);
        assert_eq!(found(&[5], true), []);
    }

    #[test]
    fn what_lies_outside_of_the_page_is_asked_for() {
        let times = noon([0, 10]);
        assert_eq!(found(&times, false), []);
        let mut asked = Vec::new();
        let all = silences(&times, Rule::default(), &mut |day| {
            asked.push(day);
            Ok::<bool, Infallible>(true)
        });
        assert_eq!(all.unwrap(), [Silence { after_ms: times[0], before_ms: times[1] }]);
        assert_eq!(asked, [-1, -2, -3, 11, 12, 13], "not more than needed, and never what is known");
        assert_eq!(silences(&times, Rule::default(), &mut |_| Err("gone")), Err("gone"));
    }

    proptest! {
        #[test]
        fn any_times(mut times in prop::collection::vec(any::<i64>(), 0..60)) {
            times.sort_unstable();
            for silence in found(&times, true) {
                prop_assert!(silence.days() >= 3);
                prop_assert!(times.iter().all(|time| *time <= silence.after_ms || *time >= silence.before_ms));
            }
        }
    }
}
