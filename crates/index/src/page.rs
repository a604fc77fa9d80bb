//! Records page by page, in the order of time; those without a time come last, and what has the same time
//! comes in the order of the sources.
//!
//! A page begins behind a cursor, never after so many records, so the last page costs what the first one
//! does. A record whose time can be read in two ways stands at the first reading, also when only the second
//! lies in the range asked for.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::error::IndexError;
use crate::filter::{Filter, TimeRange, Wanted};
use crate::row::{Line, RecordNumber};

/// Most records of a page.
pub(crate) const LONGEST_PAGE: usize = 10_000;

/// A place between two records in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Cursor {
    /// The time of the record before it; the greatest number for one without time.
    pub order_ms: i64,
    /// The record before it.
    pub number: RecordNumber,
}

/// A page of records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records.
    pub lines: Vec<Line>,
    /// Where the next page begins; nothing if this is the last.
    pub next: Option<Cursor>,
}

/// The page behind a cursor.
pub(crate) fn page(
    db: &Connection,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page, IndexError> {
    let limit = limit.clamp(1, LONGEST_PAGE);
    let Some(wanted) = Wanted::new(db, filter)? else { return Ok(Page::default()) };
    // One more than asked for shows whether there is a next page.
    let most = limit.saturating_add(1);
    let mut found = lines(db, &wanted, first_reading(wanted.time, after), after, most)?;
    if let Some(range) = wanted.time {
        found.extend(lines(db, &wanted, second_reading(range), after, most)?);
        found.sort_by_key(|(cursor, _)| *cursor);
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(cursor, _)| *cursor);
    Ok(Page { lines: found.into_iter().map(|(_, line)| line).collect(), next })
}

/// Conditions on time with their values.
type OfTime = (Option<&'static str>, &'static str, Vec<i64>);

fn first_reading(range: Option<TimeRange>, after: Option<Cursor>) -> OfTime {
    match range {
        Some(range) => {
            // One lower end, or the database may begin at the lower of two.
            let from = after.map_or(range.from_ms, |cursor| cursor.order_ms.max(range.from_ms));
            (None, "record.order_ms >= ? AND record.order_ms < ?", vec![from, range.until_ms])
        }
        None => (None, "", Vec::new()),
    }
}

fn second_reading(range: TimeRange) -> OfTime {
    let condition = "record.second_ms >= ? AND record.second_ms < ?
                     AND NOT (record.order_ms >= ? AND record.order_ms < ?)";
    let values = vec![range.from_ms, range.until_ms, range.from_ms, range.until_ms];
    (Some("record INDEXED BY record_by_second"), condition, values)
}

fn lines(
    db: &Connection,
    wanted: &Wanted,
    (from, of_time, times): OfTime,
    after: Option<Cursor>,
    most: usize,
) -> Result<Vec<(Cursor, Line)>, IndexError> {
    let mut conditions = wanted.conditions.clone();
    let mut values = wanted.values.clone();
    if !of_time.is_empty() {
        conditions.push(of_time);
        values.extend(times.into_iter().map(Value::Integer));
    }
    if let Some(cursor) = after {
        conditions.push("(record.order_ms, record.id) > (?, ?)");
        values.extend([cursor.order_ms, cursor.number.0].map(Value::Integer));
    }
    let condition = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
    let (columns, from) = (Line::COLUMNS, from.unwrap_or(wanted.from));
    let select = format!(
        "SELECT {columns}, record.order_ms FROM {from} WHERE {condition}
         ORDER BY record.order_ms, record.id LIMIT {most}"
    );
    let mut statement = db.prepare_cached(&select)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let line = Line::from_row(row)?;
        lines.push((Cursor { order_ms: row.get(7)?, number: line.number }, line));
    }
    Ok(lines)
}
