//! Records page by page, in the order of time; those without a time come last, and what has the same time
//! comes in the order of the sources.
//!
//! A page begins behind a cursor, never after so many records, so the last page costs what the first one
//! does. A record whose time can be read in two ways stands at the first reading, also when only the second
//! lies in the range asked for.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, Rows, params_from_iter};

use crate::error::IndexError;
use crate::filter::{Filter, TimeRange};
use crate::row::{Line, RecordNumber};
use crate::schema::NO_TIME;
use crate::wanted::{Condition, Wanted, Way};

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
    /// The records, in the order of time also on a page before a cursor.
    pub lines: Vec<Line>,
    /// Where the next page begins, or ends if pages are asked for backwards; nothing if this is the last.
    pub next: Option<Cursor>,
}

/// A record and what stands around it in its chat.
#[derive(Clone, Debug, PartialEq)]
pub struct Around {
    /// What stands before it, in the order of time.
    pub before: Vec<Line>,
    /// The record.
    pub line: Line,
    /// What stands behind it.
    pub after: Vec<Line>,
}

/// From where on, and which way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Edge {
    /// From a cursor on, or from the beginning.
    After(Option<Cursor>),
    /// Back from a cursor.
    Before(Cursor),
}

impl Edge {
    fn is_forward(self) -> bool {
        matches!(self, Self::After(_))
    }

    fn cursor(self) -> Option<Cursor> {
        match self {
            Self::After(cursor) => cursor,
            Self::Before(cursor) => Some(cursor),
        }
    }
}

impl Line {
    /// Where it stands in the order of time.
    pub fn cursor(&self) -> Cursor {
        let time = self.record.what.time().and_then(|time| time.first_ms);
        Cursor { order_ms: time.unwrap_or(NO_TIME), number: self.number }
    }
}

/// The page behind or before a cursor.
pub(crate) fn page(db: &Connection, filter: &Filter, edge: Edge, limit: usize) -> Result<Page, IndexError> {
    let limit = limit.clamp(1, LONGEST_PAGE);
    let Some(wanted) = Wanted::new(db, filter)? else { return Ok(Page::default()) };
    let walks = walks(&wanted, edge);
    let mut lines: Vec<(Cursor, Line)> = Vec::new();
    // One more than asked for shows whether there is a next page.
    merged(db, &walks, edge, Line::from_row, &mut |cursor, line| {
        lines.push((cursor, line));
        Ok(if lines.len() > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more).map(|(cursor, _)| *cursor);
    let mut lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
    if !edge.is_forward() {
        lines.reverse();
    }
    Ok(Page { lines, next })
}

/// A record with what stands around it in its chat.
pub(crate) fn around(db: &Connection, line: Line, before: usize, after: usize) -> Result<Around, IndexError> {
    let Some(chat) = line.chat else { return Ok(Around { before: Vec::new(), line, after: Vec::new() }) };
    let filter = Filter { chat: Some(chat), ..Filter::default() };
    let side = |edge, count: usize| {
        if count == 0 { Ok(Vec::new()) } else { Ok::<_, IndexError>(page(db, &filter, edge, count)?.lines) }
    };
    let before = side(Edge::Before(line.cursor()), before)?;
    let after = side(Edge::After(Some(line.cursor())), after)?;
    Ok(Around { before, line, after })
}

/// Goes over the places of records whose first reading lies in a range, in order, without reading more of
/// them than the filter needs.
pub(crate) fn each_cursor(
    db: &Connection,
    wanted: &Wanted,
    range: TimeRange,
    take: &mut dyn FnMut(Cursor) -> Result<ControlFlow<()>, IndexError>,
) -> Result<(), IndexError> {
    let edge = Edge::After(None);
    let walks: Vec<Condition> = (wanted.ways.iter())
        .map(|way| {
            let of_time = way.within(range);
            let conditions = [&way.condition, &of_time].into_iter().chain(&wanted.beside);
            walk(way, "", conditions.chain([&wanted.once]), edge)
        })
        .collect();
    merged(db, &walks, edge, |_| Ok(()), &mut |cursor, ()| take(cursor))
}

/// One statement for each way, and for each reading of a time.
fn walks(wanted: &Wanted, edge: Edge) -> Vec<Condition> {
    let columns = format!(", {}", Line::COLUMNS);
    let mut walks: Vec<Condition> = Vec::new();
    for way in &wanted.ways {
        let of_time = wanted.time.map(|range| way.within(edge.within(range))).unwrap_or_default();
        let conditions = [&way.condition, &of_time].into_iter().chain(&wanted.beside);
        walks.push(walk(way, &columns, conditions.chain([&wanted.once]), edge));
    }
    if let Some(range) = wanted.time {
        let way = Way::by_second();
        let outside = "record.second_ms >= ? AND record.second_ms < ?
                       AND NOT (record.order_ms >= ? AND record.order_ms < ?)";
        let ends = [range.from_ms, range.until_ms, range.from_ms, range.until_ms];
        let outside = Condition { sql: outside.to_owned(), values: ends.map(Value::Integer).to_vec() };
        let conditions = std::iter::once(&outside).chain(wanted.conditions());
        walks.push(walk(&way, &columns, conditions.chain([&wanted.once]), edge));
    }
    walks
}

impl Edge {
    /// One end of time, or the database may begin at the other of two.
    fn within(self, range: TimeRange) -> TimeRange {
        let TimeRange { from_ms, until_ms } = range;
        match self {
            Self::After(None) => range,
            Self::After(Some(cursor)) => TimeRange { from_ms: cursor.order_ms.max(from_ms), until_ms },
            Self::Before(cursor) => {
                TimeRange { from_ms, until_ms: cursor.order_ms.saturating_add(1).min(until_ms) }
            }
        }
    }
}

/// The statement that goes a way from an edge: the place in the order, then these columns.
fn walk<'c>(
    way: &Way,
    columns: &str,
    conditions: impl Iterator<Item = &'c Condition>,
    edge: Edge,
) -> Condition {
    let Way { from, order_ms, number, .. } = way;
    let (sign, order) = if edge.is_forward() { (">", "ASC") } else { ("<", "DESC") };
    let mut behind = Condition::default();
    if let Some(cursor) = edge.cursor() {
        behind.sql = format!("({order_ms}, {number}) {sign} (?, ?)");
        behind.values = [cursor.order_ms, cursor.number.0].map(Value::Integer).to_vec();
    }
    let all: Vec<Condition> = conditions.cloned().chain([behind]).collect();
    let mut walk = Condition::all(&all, "record");
    walk.sql = format!(
        "SELECT {order_ms}, {number}{columns} FROM {from} WHERE {}
         ORDER BY {order_ms} {order}, {number} {order}",
        walk.sql
    );
    walk
}

/// What several walks give, in order, each record once. A walk is stepped only as far as it is needed.
fn merged<T>(
    db: &Connection,
    walks: &[Condition],
    edge: Edge,
    read: impl Fn(&Row<'_>) -> Result<T, IndexError>,
    take: &mut dyn FnMut(Cursor, T) -> Result<ControlFlow<()>, IndexError>,
) -> Result<(), IndexError> {
    let mut statements = Vec::with_capacity(walks.len());
    for walk in walks {
        statements.push((db.prepare_cached(&walk.sql)?, walk));
    }
    let mut heads = Vec::with_capacity(walks.len());
    for (statement, walk) in &mut statements {
        let mut rows = statement.query(params_from_iter(&walk.values))?;
        let head = next(&mut rows, &read)?;
        heads.push((head, rows));
    }
    let mut last = None;
    loop {
        let cursors = heads.iter().filter_map(|(head, _)| head.as_ref().map(|(cursor, _)| *cursor));
        let Some(first) = (if edge.is_forward() { cursors.min() } else { cursors.max() }) else {
            return Ok(());
        };
        for (head, rows) in &mut heads {
            if head.as_ref().is_none_or(|(cursor, _)| *cursor != first) {
                continue;
            }
            let next = next(rows, &read)?;
            if let Some((cursor, read)) = std::mem::replace(head, next).filter(|_| last != Some(first)) {
                last = Some(first);
                if take(cursor, read)?.is_break() {
                    return Ok(());
                }
            }
        }
    }
}

fn next<T>(
    rows: &mut Rows<'_>,
    read: &impl Fn(&Row<'_>) -> Result<T, IndexError>,
) -> Result<Option<(Cursor, T)>, IndexError> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let cursor = Cursor { order_ms: row.get(0)?, number: RecordNumber(row.get(1)?) };
    Ok(Some((cursor, read(row)?)))
}
