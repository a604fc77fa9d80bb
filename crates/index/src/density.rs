//! How many records there are day by day or month by month, for a picture of a timeline.
//!
//! For all records, for those of one kind and for those of one program the days are counted when the index
//! is made. With any other filter the way that a page would go is
//! walked through once, without reading the records themselves where the index of the way holds all that is
//! asked for. Records are counted at the first reading of their time; those without a time are not counted.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::Date;
use rusqlite::{Connection, OptionalExtension as _};

use crate::error::IndexError;
use crate::filter::{Filter, TimeRange};
use crate::page;
use crate::schema::{KINDS, NO_TIME};
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

/// What days are counted for in advance. Records that say the same are of one kind and one program, so hiding
/// all but one of them comes to the same with each of these filters.
#[derive(Clone, Copy)]
enum Sort {
    All = 0,
    Kind = 1,
    App = 2,
}

/// Counts the records of every day.
pub(crate) fn fill(db: &Connection) -> Result<(), IndexError> {
    db.execute_batch("DELETE FROM day")?;
    for (sort, of, from, order) in [
        (Sort::All, "0", "record INDEXED BY record_by_time", "order_ms"),
        (Sort::Kind, "kind", "record INDEXED BY record_by_kind", "kind, order_ms"),
        (Sort::App, "app", "record INDEXED BY record_by_app", "app, order_ms"),
    ] {
        let select = format!(
            "SELECT {of}, order_ms FROM {from} WHERE {of} IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM twin WHERE twin.record = record.id AND twin.place > 0)
             ORDER BY {order}"
        );
        let mut insert = db.prepare("INSERT INTO day(sort, of, day, records) VALUES (?, ?, ?, ?)")?;
        let mut select = db.prepare(&select)?;
        let mut rows = select.query([])?;
        let mut open = (0, i64::MIN, 0_i64);
        loop {
            let next = match rows.next()? {
                Some(row) => Some((row.get(0)?, row.get(1)?)).filter(|(_, ms)| *ms != NO_TIME),
                None => Some((i64::MIN, NO_TIME)),
            };
            let Some((of, ms)): Option<(i64, i64)> = next else { continue };
            let day = ms.div_euclid(DAY_MS);
            if (of, day) == (open.0, open.1) {
                open.2 = open.2.saturating_add(1);
                continue;
            }
            if open.2 > 0 {
                insert.execute([sort as i64, open.0, open.1, open.2])?;
            }
            if ms == NO_TIME {
                break;
            }
            open = (of, day, 1);
        }
    }
    Ok(())
}

/// Which of the days counted in advance answer a filter.
fn counted_in_advance(db: &Connection, filter: &Filter) -> Result<Option<(Sort, i64)>, IndexError> {
    let (kind, app) = (&filter.kind, &filter.app);
    if *filter != (Filter { kind: kind.clone(), app: app.clone(), ..Filter::default() }) {
        return Ok(None);
    }
    Ok(match (kind, app) {
        (None, None) => Some((Sort::All, 0)),
        (Some(word), None) => {
            let place = KINDS.iter().position(|kind| kind == word);
            Some((Sort::Kind, place.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1)))
        }
        (None, Some(word)) => {
            let mut select = db.prepare_cached("SELECT id FROM app WHERE word = ?")?;
            Some((Sort::App, select.query_row([word], |row| row.get(0)).optional()?.unwrap_or(-1)))
        }
        (Some(_), Some(_)) => None,
    })
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
    let in_advance = counted_in_advance(db, filter)?;
    let whole_days = is_whole(range.from_ms) && is_whole(range.until_ms);
    if let Some((sort, of)) = in_advance.filter(|_| whole_days) {
        let select = "SELECT day, records FROM day WHERE sort = ? AND of = ? AND day >= ? AND day < ?";
        let mut select = db.prepare_cached(select)?;
        let [from, until] = [range.from_ms, range.until_ms].map(|ms| ms.div_euclid(DAY_MS));
        let mut rows = select.query([sort as i64, of, from, until])?;
        while let Some(row) = rows.next()? {
            counted.add(row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())?;
        }
        return Ok(counted.in_order());
    }
    let given = filter.time.unwrap_or(range);
    let range =
        TimeRange { from_ms: range.from_ms.max(given.from_ms), until_ms: range.until_ms.min(given.until_ms) };
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
