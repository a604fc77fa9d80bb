//! How many records there are day by day or month by month, for a picture of a timeline.
//!
//! Without a filter the days are counted when the index is made. With one, the way that a page would go is
//! walked through once, without reading the records themselves where the index of the way holds all that is
//! asked for. Records are counted at the first reading of their time; those without a time are not counted.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::Date;
use rusqlite::Connection;

use crate::error::IndexError;
use crate::filter::{Filter, TimeRange};
use crate::page;
use crate::schema::NO_TIME;
use crate::wanted::Wanted;

const DAY_MS: i64 = 86_400_000;
/// Most buckets that are given at once.
const MOST_BUCKETS: usize = 100_000;

/// What a bucket spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A day.
    Day,
    /// A month of the calendar.
    Month,
}

/// How many records lie in a day or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its first day, of UTC or of a wall clock as the records have it.
    pub first_day: Date,
    /// So many records.
    pub records: u64,
}

/// Counts the records of every day.
pub(crate) fn fill(db: &Connection) -> Result<(), IndexError> {
    db.execute_batch("DELETE FROM day")?;
    let mut insert = db.prepare("INSERT INTO day(day, records) VALUES (?, ?)")?;
    let mut open: Option<(i64, i64)> = None;
    let select = "SELECT order_ms FROM record INDEXED BY record_by_time WHERE order_ms < ?
                  AND NOT EXISTS (SELECT 1 FROM twin WHERE twin.record = record.id AND twin.place > 0)
                  ORDER BY order_ms";
    let mut select = db.prepare(select)?;
    let mut rows = select.query([NO_TIME])?;
    while let Some(row) = rows.next()? {
        let day = row.get::<_, i64>(0)?.div_euclid(DAY_MS);
        open = match open {
            Some((last, records)) if last == day => Some((day, records.saturating_add(1))),
            before => {
                if let Some((last, records)) = before {
                    insert.execute([last, records])?;
                }
                Some((day, 1))
            }
        };
    }
    if let Some((last, records)) = open {
        insert.execute([last, records])?;
    }
    Ok(())
}

/// The buckets of a range that are not empty, in order.
pub(crate) fn density(
    db: &Connection,
    filter: &Filter,
    range: TimeRange,
    span: Span,
) -> Result<Vec<Bucket>, IndexError> {
    let mut counted = Counted { span, buckets: BTreeMap::new() };
    let is_whole = |ms: i64| ms.rem_euclid(DAY_MS) == 0 || ms == i64::MIN || ms == i64::MAX;
    if *filter == Filter::default() && is_whole(range.from_ms) && is_whole(range.until_ms) {
        let mut select = db.prepare_cached("SELECT day, records FROM day WHERE day >= ? AND day < ?")?;
        let mut rows = select.query([range.from_ms, range.until_ms].map(|ms| ms.div_euclid(DAY_MS)))?;
        while let Some(row) = rows.next()? {
            counted.add(row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())?;
        }
        return Ok(counted.in_order());
    }
    let given = filter.time.unwrap_or(range);
    let range = TimeRange {
        from_ms: range.from_ms.max(given.from_ms),
        until_ms: range.until_ms.min(given.until_ms).min(NO_TIME),
    };
    let Some(wanted) = Wanted::new(db, filter)? else { return Ok(Vec::new()) };
    let (mut day, mut records) = (i64::MIN, 0);
    page::each_cursor(db, &wanted, range, &mut |cursor| {
        let at = cursor.order_ms.div_euclid(DAY_MS);
        if at != day {
            counted.add(day, records)?;
            (day, records) = (at, 0);
        }
        records = records.saturating_add(1);
        Ok(ControlFlow::Continue(()))
    })?;
    counted.add(day, records)?;
    Ok(counted.in_order())
}

struct Counted {
    span: Span,
    /// By their first day.
    buckets: BTreeMap<i64, u64>,
}

impl Counted {
    fn add(&mut self, day: i64, records: u64) -> Result<(), IndexError> {
        if records == 0 {
            return Ok(());
        }
        let first_day = match self.span {
            Span::Day => day,
            Span::Month => first_of_month(day),
        };
        let bucket = self.buckets.entry(first_day).or_default();
        *bucket = bucket.saturating_add(records);
        if self.buckets.len() > MOST_BUCKETS { Err(IndexError::TooMuch) } else { Ok(()) }
    }

    fn in_order(self) -> Vec<Bucket> {
        let buckets = self.buckets.into_iter();
        buckets.map(|(day, records)| Bucket { first_day: Date { days: day }, records }).collect()
    }
}

/// The first day of the month of a day, both counted from 1970 (proleptic Gregorian calendar; after Howard
/// Hinnant, *chrono-Compatible Low-Level Date Algorithms*, 2013).
fn first_of_month(day: i64) -> i64 {
    let from_march_0000 = day.saturating_add(719_468);
    let of_era = from_march_0000.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5;
    day.saturating_sub(of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_on_their_first_day() {
        for (day, first) in [
            ("1970-01-01", "1970-01-01"),
            ("2024-02-29", "2024-02-01"),
            ("2023-12-31", "2023-12-01"),
            ("1969-03-31", "1969-03-01"),
            ("2000-03-01", "2000-03-01"),
            ("1600-02-29", "1600-02-01"),
        ] {
            let days = |text: &str| text.parse::<Date>().unwrap().days;
            assert_eq!(first_of_month(days(day)), days(first), "{day}");
        }
    }
}
