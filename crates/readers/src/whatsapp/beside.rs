//! The tables that stand beside messages: which row belongs to which message, and which belongs to none.
//!
//! All rows of all these tables are indexed once (message, table, row: 24 bytes each), so that the messages
//! can be gone over in order and each finds its rows without a search.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use model::record::{Counted, FileNumber};
use sqlite::{Database, Table};

use super::named::Fields;
use super::tables::Holding;
use crate::database::{self, Became};
use crate::{Flow, Sink};

/// What a table says of messages, the column that names them, the columns that are read.
pub(crate) type Kind<S> = (S, &'static str, &'static [&'static str]);

/// A row that names no message.
const NONE: i64 = i64::MIN;

/// A table that stands beside messages.
pub(crate) struct SideTable<'d, S> {
    /// The table.
    pub(crate) table: &'d Table,
    /// What it says.
    pub(crate) side: S,
    /// Its columns that are read.
    pub(crate) fields: Fields,
}

/// A row of one of the tables.
#[derive(Clone, Copy)]
struct Entry {
    message: i64,
    row: i64,
    table: u16,
    used: bool,
}

/// All rows beside messages.
pub(crate) struct Sides<'d, S> {
    /// The tables.
    pub(crate) tables: Vec<SideTable<'d, S>>,
    entries: Vec<Entry>,
    next: usize,
    counted: BTreeMap<u16, Counted>,
}

impl<'d, S: Copy + PartialEq> Sides<'d, S> {
    /// Goes over all the tables once; `kind` says which they are. Their reckonings come with
    /// [`Sides::finish`].
    pub(crate) fn read(
        (database, file): (&'d Database, FileNumber),
        kind: fn(&Table) -> Option<Kind<S>>,
        sink: &mut dyn Sink,
    ) -> ControlFlow<(), Self> {
        let mut sides = Self { tables: Vec::new(), entries: Vec::new(), next: 0, counted: BTreeMap::new() };
        for table in database.tables() {
            let Some((side, key, columns)) = kind(table) else { continue };
            let number = u16::try_from(sides.tables.len()).unwrap_or(u16::MAX);
            let key = table.column(key);
            let is_row = key.is_some() && key == table.rowid_column();
            let mut holding = Holding { sink, held: Vec::new() };
            database::each_row((database, table, file), &mut holding, &mut |row, _| {
                let message = if is_row { Some(row.rowid()) } else { row.integer(key) };
                let message = message.unwrap_or(NONE);
                sides.entries.push(Entry { message, row: row.rowid(), table: number, used: false });
                ControlFlow::Continue(Became::Continuation)
            })?;
            sides.counted.extend(holding.held.pop().map(|counted| (number, counted)));
            sides.tables.push(SideTable { table, side, fields: Fields::of(table, columns) });
        }
        sides.entries.sort_unstable_by_key(|entry| (entry.message, entry.table, entry.row));
        ControlFlow::Continue(sides)
    }

    /// The rows of a message, as table and row number. Messages are best asked for in order.
    pub(crate) fn of(&mut self, message: i64) -> Range<usize> {
        let behind =
            self.entries.get(self.next.saturating_sub(1)).is_some_and(|entry| entry.message >= message);
        if behind {
            self.next = self.entries.partition_point(|entry| entry.message < message);
        }
        while self.entries.get(self.next).is_some_and(|entry| entry.message < message) {
            self.next = self.next.saturating_add(1);
        }
        let begin = self.next;
        // Of two rows with one number the first has them.
        if self.entries.get(begin).is_some_and(|entry| entry.used) {
            return begin..begin;
        }
        while let Some(entry) = self.entries.get_mut(self.next).filter(|entry| entry.message == message) {
            entry.used = true;
            self.next = self.next.saturating_add(1);
        }
        begin..self.next
    }

    /// Table and row number of an entry.
    pub(crate) fn at(&self, index: usize) -> Option<(&SideTable<'d, S>, i64)> {
        let entry = self.entries.get(index)?;
        Some((self.tables.get(usize::from(entry.table))?, entry.row))
    }

    /// A row that names no message, and that the message names instead.
    pub(crate) fn loose(&mut self, side: S, row: i64) -> Option<usize> {
        let table = self.tables.iter().position(|known| known.side == side)?;
        let table = u16::try_from(table).ok()?;
        let at = self
            .entries
            .binary_search_by_key(&(NONE, table, row), |entry| (entry.message, entry.table, entry.row));
        let index = at.ok()?;
        self.entries.get_mut(index)?.used = true;
        Some(index)
    }

    /// The next message that is not there and has rows that say something of it: its number and their range.
    pub(crate) fn orphan(&mut self, from: usize) -> Option<(i64, Range<usize>)> {
        let skipped = self.entries.get(from..)?.iter().position(|entry| !entry.used)?;
        let begin = from.checked_add(skipped)?;
        let message = self.entries.get(begin)?.message;
        let same = self.entries.get(begin..)?.iter().take_while(|entry| entry.message == message);
        let rows = if message == NONE { 1 } else { same.count() };
        Some((message, begin..begin.checked_add(rows)?))
    }

    /// Says what became of the rows of a message that is not there.
    pub(crate) fn settle(&mut self, index: usize, became: Became) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        entry.used = true;
        let Some(counted) = self.counted.get_mut(&entry.table) else { return };
        let count = match became {
            Became::Record => &mut counted.records,
            Became::System => &mut counted.system,
            Became::Problem => &mut counted.problems,
            Became::Continuation => return,
        };
        *count = count.saturating_add(1);
        counted.continuations = counted.continuations.saturating_sub(1);
    }

    /// Gives the reckonings.
    pub(crate) fn finish(self, sink: &mut dyn Sink) -> Flow {
        self.counted.into_values().try_for_each(|counted| sink.counted(counted))
    }
}
