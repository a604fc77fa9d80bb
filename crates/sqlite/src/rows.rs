//! The rows of a table, one after the other in the order of its b-tree.
//!
//! No page of the tree is entered twice, cells of one page may not be larger together than twice the page,
//! and overflow pages that rows share are read again only as often as the file has pages; so a walk costs no
//! more than the file is long, whatever its bytes say.

use std::ops::Range;

use crate::cell::{Cell, PageHead, PageKind, TreeKind};
use crate::database::Database;
use crate::limits::Limits;
use crate::overflow::ChainReader;
use crate::page_set::PageSet;
use crate::problem::{RowProblem, What};
use crate::record::{self, Extent, Field};
use crate::row::{CellPlace, Row};
use crate::schema::{Table, TableKind};
use crate::sequential::Sequential;

/// The rows of one table. Each [`Rows::next`] gives a row that may be looked at until the next call.
pub struct Rows<'d> {
    database: &'d Database,
    table: &'d Table,
    limits: Limits,
    tree: TreeKind,
    reader: Sequential<'d>,
    levels: Vec<Level>,
    /// Buffers of pages that were left.
    spare: Vec<Vec<u8>>,
    met: PageSet,
    overflow_met: PageSet,
    /// How often an overflow page may still be read again.
    again: u64,
    chains: ChainReader,
    joined: Vec<u8>,
    fields: Vec<Field>,
    current: Current,
    /// Problems to tell before the current row.
    pending: Vec<RowProblem>,
    row_waits: Waits,
    last_rowid: Option<i64>,
    given: u64,
}

/// A page between the root and where the walk is.
struct Level {
    page: u32,
    bytes: Vec<u8>,
    head: PageHead,
    /// Cells of a leaf; of an interior page children and cells in turn.
    step: u32,
    /// How many bytes of cells are still believed.
    room: usize,
}

/// The row that was read last.
#[derive(Clone, Debug)]
struct Current {
    rowid: i64,
    page: u32,
    span: Range<usize>,
    /// The payload on the page; nothing if it was joined.
    local: Option<Range<usize>>,
    extent: Extent,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    Yes,
    No,
}

/// What a step of the walk came to.
enum Step {
    Row(Result<(), RowProblem>),
    Descend(u32),
    Leave,
}

impl<'d> Rows<'d> {
    pub(crate) fn new(database: &'d Database, table: &'d Table, limits: Limits) -> Self {
        let tree = match table.kind {
            TableKind::WithoutRowid => TreeKind::Index,
            _ => TreeKind::Table,
        };
        let pages = database.pages();
        let mut rows = Self {
            database,
            table,
            limits,
            tree,
            reader: Sequential::new(pages),
            levels: Vec::new(),
            spare: Vec::new(),
            met: PageSet::new(pages.main_pages()),
            overflow_met: PageSet::new(pages.main_pages()),
            again: u64::from(pages.main_pages()) + pages.overlay().pages.len() as u64,
            chains: ChainReader::default(),
            joined: Vec::new(),
            fields: Vec::new(),
            current: Current { rowid: 0, page: 0, span: 0..0, local: None, extent: Extent::Whole },
            pending: Vec::new(),
            row_waits: Waits::No,
            last_rowid: None,
            given: 0,
        };
        rows.begin();
        rows
    }

    /// The next row, or what could not be read on the way to it; nothing at the end.
    #[expect(clippy::should_implement_trait, reason = "a row borrows the buffers, which no Iterator can")]
    pub fn next(&mut self) -> Option<Result<Row<'_>, RowProblem>> {
        match self.advance()? {
            Ok(()) => Some(Ok(self.row())),
            Err(problem) => Some(Err(problem)),
        }
    }

    fn begin(&mut self) {
        if matches!(self.table.kind, TableKind::View | TableKind::Virtual) {
            return;
        }
        let (root, blame) = (self.table.root_page, self.table.root_page);
        if self.table.root_is_taken {
            self.pending.push(self.problem(blame, 0, What::RootTwice(root)));
        } else if let Err(problem) = self.enter(root) {
            self.pending.push(problem);
        }
    }

    /// Goes on to the next row.
    fn advance(&mut self) -> Option<Result<(), RowProblem>> {
        loop {
            if let Some(problem) = self.pending.pop() {
                return Some(Err(problem));
            }
            if self.row_waits == Waits::Yes {
                self.row_waits = Waits::No;
                self.given = self.given.saturating_add(1);
                return Some(Ok(()));
            }
            match self.step()? {
                Step::Row(Ok(())) => self.row_waits = Waits::Yes,
                Step::Row(Err(problem)) => self.pending.push(problem),
                Step::Descend(page) => {
                    if let Err(problem) = self.enter(page) {
                        self.pending.push(problem);
                    }
                }
                Step::Leave => {
                    let left = self.levels.pop();
                    self.spare.extend(left.map(|level| level.bytes));
                }
            }
        }
    }

    /// One step of the walk; nothing when it is over.
    fn step(&mut self) -> Option<Step> {
        let level = self.levels.last_mut()?;
        let step = level.step;
        level.step = step.saturating_add(1);
        let cells = u32::from(level.head.cells);
        let (page, right) = (level.page, level.head.right);
        Some(match level.head.kind {
            PageKind::LeafTable | PageKind::LeafIndex if step >= cells => Step::Leave,
            PageKind::LeafTable | PageKind::LeafIndex => self.row_step(page, step),
            PageKind::InteriorTable if step > cells => Step::Leave,
            PageKind::InteriorTable if step == cells => Step::Descend(right),
            PageKind::InteriorTable => self.child_step(page, step),
            PageKind::InteriorIndex if step > cells * 2 => Step::Leave,
            PageKind::InteriorIndex if step == cells * 2 => Step::Descend(right),
            PageKind::InteriorIndex if step % 2 == 0 => self.child_step(page, step / 2),
            PageKind::InteriorIndex => self.row_step(page, step / 2),
        })
    }

    fn child_step(&mut self, page: u32, number: u32) -> Step {
        match self.cell(number) {
            Ok(cell) => Step::Descend(cell.child),
            Err(what) => Step::Row(Err(self.problem(page, 0, what))),
        }
    }

    fn row_step(&mut self, page: u32, number: u32) -> Step {
        if self.given >= self.limits.rows {
            self.levels.clear();
            return Step::Row(Err(self.problem(page, 0, What::Limit("rows"))));
        }
        match self.cell(number) {
            Err(what) => Step::Row(Err(self.problem(page, 0, what))),
            Ok(cell) if self.room_for(&cell) => Step::Row(self.read_row(page, cell)),
            Ok(_) => {
                self.leave_early();
                Step::Row(Err(self.problem(page, 0, What::CellsOverlap)))
            }
        }
    }

    fn cell(&self, number: u32) -> Result<Cell, What> {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        let level = self.levels.last().ok_or(What::Cell(number))?;
        level.head.cell(&level.bytes, number, self.database.pages().usable_bytes())
    }

    /// Takes the cell's bytes from what the page has room for.
    fn room_for(&mut self, cell: &Cell) -> bool {
        let Some(level) = self.levels.last_mut() else { return false };
        match level.room.checked_sub(cell.span.len().max(4)) {
            Some(room) => level.room = room,
            None => return false,
        }
        true
    }

    fn leave_early(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.step = u32::MAX;
        }
    }

    /// Reads the payload and the head of its record. Doubts about a row that comes are left pending.
    fn read_row(&mut self, page: u32, cell: Cell) -> Result<(), RowProblem> {
        let start = cell.span.start;
        let limit = self.limits.payload_bytes;
        if cell.payload_bytes > limit {
            return Err(self.problem(page, start, What::PayloadLimit(cell.payload_bytes)));
        }
        let mut doubts: [Option<What>; 2] = [None, None];
        let mut extent = Extent::Whole;
        if let Some(first) = cell.overflow {
            let (joined, twice) = self.join(&cell, first);
            doubts = [joined.err(), twice.filter(|_| joined.is_ok()).map(What::OverflowTwice)];
            extent = if joined.is_ok() { Extent::Whole } else { Extent::Cut };
        }
        let local = cell.overflow.is_none().then_some(cell.local);
        self.current = Current { rowid: cell.rowid, page, span: cell.span, local, extent };
        let mut fields = std::mem::take(&mut self.fields);
        let read = record::fields(self.payload(), extent, self.table.stored_values(), &mut fields);
        self.fields = fields;
        if let Err(what) = read {
            return Err(self.problem(page, start, what));
        }
        if self.tree == TreeKind::Table {
            let ordered = self.last_rowid.is_none_or(|last| last < cell.rowid);
            self.last_rowid = Some(cell.rowid);
            if !ordered {
                self.pending.push(self.problem(page, start, What::RowidOrder(cell.rowid)));
            }
        }
        for what in doubts.into_iter().flatten() {
            self.pending.push(self.problem(page, start, what));
        }
        Ok(())
    }

    /// Puts a payload together; and says which overflow page was used before, if one was.
    fn join(&mut self, cell: &Cell, first: u32) -> (Result<(), What>, Option<u32>) {
        self.joined.clear();
        let local = self.levels.last().and_then(|level| level.bytes.get(cell.local.clone()));
        self.joined.extend_from_slice(local.unwrap_or_default());
        let mut twice = None;
        let (reader, met, again) = (&mut self.reader, &mut self.overflow_met, &mut self.again);
        let mut read_page = |page: u32, buffer: &mut Vec<u8>| {
            reader.read(page, buffer)?;
            if !met.insert(page) {
                *again = again.checked_sub(1).ok_or(What::OverflowTwice(page))?;
                twice.get_or_insert(page);
            }
            Ok(())
        };
        let missing = cell.payload_bytes.saturating_sub(cell.local.len() as u64);
        let usable = self.database.pages().usable_bytes();
        let result = self.chains.read(first, missing, usable, &mut read_page, &mut self.joined);
        (result, twice)
    }

    /// Goes down to a page.
    fn enter(&mut self, page: u32) -> Result<(), RowProblem> {
        let parent = self.levels.last().map_or(page, |level| level.page);
        if self.levels.len() >= self.limits.depth {
            return Err(self.problem(parent, 0, What::Depth));
        }
        let mut bytes = self.spare.pop().unwrap_or_default();
        let read = self.reader.read(page, &mut bytes).map_err(|what| (parent, what));
        let head = read.and_then(|()| {
            if self.met.insert(page) {
                PageHead::parse(&bytes, page, self.tree).map_err(|what| (page, what))
            } else {
                Err((parent, What::PageTwice(page)))
            }
        });
        match head {
            Ok(head) => {
                let room = bytes.len().saturating_mul(2);
                self.levels.push(Level { page, bytes, head, step: 0, room });
                Ok(())
            }
            Err((blamed, what)) => {
                self.spare.push(bytes);
                Err(self.problem(blamed, 0, what))
            }
        }
    }

    fn problem(&self, page: u32, offset: usize, what: What) -> RowProblem {
        self.database.pages().problem(page, offset, what)
    }

    fn payload(&self) -> &[u8] {
        let Some(local) = self.current.local.clone() else { return &self.joined };
        self.levels.last().and_then(|level| level.bytes.get(local)).unwrap_or_default()
    }

    fn row(&self) -> Row<'_> {
        let Current { rowid, page, span, extent, .. } = &self.current;
        Row {
            rowid: *rowid,
            payload: self.payload(),
            fields: &self.fields,
            columns: &self.table.columns,
            encoding: self.database.encoding(),
            extent: *extent,
            cell: CellPlace {
                pages: self.database.pages(),
                page: *page,
                start: span.start,
                length: span.len(),
            },
        }
    }
}
