//! Row numbers that should be there and are not, and row numbers that come twice.
//!
//! SQLite gives rows of these tables rising numbers and never the same again; where numbers are missing, rows
//! were removed. A gap is told, and is not part of the reckoning.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::record::{Place, ProblemKind};
use sqlite::Database;

use crate::tables::text;
use crate::troubles::Troubles;
use crate::{Flow, Sink};

/// Follows the row numbers of one table.
pub(crate) struct Gaps<'t> {
    table: &'t str,
    order: Order,
}

/// Numbers the records of rows that a damaged table gives out of order, and that so may bear a number that
/// was there before.
#[derive(Default)]
pub(crate) struct Order {
    last: Option<i64>,
    behind: u16,
}

/// Numbers records that stand at one place, where records do not come in the order of their rows.
#[derive(Default)]
pub(crate) struct Met(BTreeMap<Place, u16>);

impl Met {
    /// The part of the next record at this place.
    pub(crate) fn part(&mut self, place: &Place) -> u16 {
        let next = self.0.entry(place.clone()).or_default();
        let part = *next;
        *next = next.wrapping_add(1);
        part
    }
}

impl Order {
    /// The part of the next row's record: 0 in order, else another for each.
    pub(crate) fn part(&mut self, rowid: i64) -> u16 {
        if self.last.is_some_and(|last| rowid <= last) {
            self.behind = self.behind.checked_add(1).unwrap_or(1);
            return self.behind;
        }
        self.last = Some(rowid);
        0
    }
}

impl<'t> Gaps<'t> {
    /// For a table.
    pub(crate) fn new(table: &'t str) -> Self {
        Self { table, order: Order::default() }
    }

    /// The next row. Returns the part its record gets.
    pub(crate) fn meet(
        &mut self,
        rowid: i64,
        troubles: &mut Troubles,
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), u16> {
        let before = self.order.last;
        let part = self.order.part(rowid);
        if let Some(before) = before.filter(|before| *before < rowid) {
            self.tell(before, rowid.abs_diff(before).saturating_sub(1), troubles, sink)?;
        }
        ControlFlow::Continue(part)
    }

    /// At the end: the highest number that was ever given, if the database keeps it.
    pub(crate) fn end(&self, highest: Option<i64>, troubles: &mut Troubles, sink: &mut dyn Sink) -> Flow {
        let last = self.order.last.unwrap_or_default();
        let missing = highest.filter(|highest| *highest > last).map_or(0, |highest| highest.abs_diff(last));
        self.tell(last, missing, troubles, sink)
    }

    fn tell(&self, after: i64, missing: u64, troubles: &mut Troubles, sink: &mut dyn Sink) -> Flow {
        if missing == 0 {
            return Flow::Continue(());
        }
        let text = (
            "row numbers without a gap",
            "the rows before and after; those between were removed or cannot be read",
        );
        troubles.say_units(sink, Place::row(self.table, after), ProblemKind::Gap, text, missing)
    }
}

/// The highest row number that was ever given under a name, as the database notes it: in which table, and in
/// which of its columns the name and the number stand.
pub(crate) fn highest(
    database: &Database,
    (table, [name, number]): (&str, [&str; 2]),
    given_to: &str,
) -> Option<i64> {
    let table = database.table(table)?;
    let (name, number) = (table.column(name), table.column(number));
    let mut rows = database.rows(table);
    while let Some(row) = rows.next() {
        let Ok(row) = row else { continue };
        if text(&row, name).as_deref() == Some(given_to) {
            return row.integer(number).filter(|number| *number > 0);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use model::record::FileNumber;

    use super::*;
    use crate::Kept;

    #[test]
    fn gaps_are_runs_and_rows_behind_get_a_part() {
        let (mut kept, mut troubles) = (Kept::default(), Troubles::new(FileNumber(0)));
        let mut gaps = Gaps::new("message");
        let mut meet = |rowid| gaps.meet(rowid, &mut troubles, &mut kept);
        assert_eq!([2, 3, 7, 3, 3].map(&mut meet), [0, 0, 0, 1, 2].map(ControlFlow::Continue));
        assert!(gaps.end(Some(9), &mut troubles, &mut kept).is_continue());
        let units: Vec<u64> = kept.problems.iter().map(|problem| problem.units).collect();
        assert_eq!(units, [3, 2]);
    }
}
