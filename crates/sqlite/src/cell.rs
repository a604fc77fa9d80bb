//! B-tree pages and their cells ("B-tree Pages").

use std::ops::Range;

use crate::bytes::{signed, size, u16_at, u32_at, varint_at};
use crate::header::HEADER_BYTES;
use crate::problem::What;

/// The least room a cell takes on a page, its pointer included.
const CELL_ROOM_BYTES: usize = 6;

/// The four kinds of b-tree pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageKind {
    InteriorIndex,
    InteriorTable,
    LeafIndex,
    LeafTable,
}

/// The two kinds of b-trees: of rows with rowids, or of keys (tables WITHOUT ROWID).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TreeKind {
    Table,
    Index,
}

/// The head of a b-tree page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageHead {
    pub(crate) kind: PageKind,
    pub(crate) cells: u16,
    /// The right-most child of an interior page.
    pub(crate) right: u32,
    pointers: usize,
    content: usize,
}

/// One cell, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// The child to its left, on an interior page.
    pub(crate) child: u32,
    /// The rowid, or the key of an interior page of a table.
    pub(crate) rowid: i64,
    /// The length of the payload, overflow pages included.
    pub(crate) payload_bytes: u64,
    /// The part of the payload that lies on the page.
    pub(crate) local: Range<usize>,
    /// The first overflow page.
    pub(crate) overflow: Option<u32>,
    /// The whole cell on the page.
    pub(crate) span: Range<usize>,
}

impl PageHead {
    /// Reads the head of a page that belongs to a tree of this kind.
    pub(crate) fn parse(bytes: &[u8], page: u32, tree: TreeKind) -> Result<Self, What> {
        let base = if page == 1 { HEADER_BYTES } else { 0 };
        let flag = bytes.get(base).copied().ok_or(What::NoPage(page))?;
        let kind = match (flag, tree) {
            (2, TreeKind::Index) => PageKind::InteriorIndex,
            (5, TreeKind::Table) => PageKind::InteriorTable,
            (10, TreeKind::Index) => PageKind::LeafIndex,
            (13, TreeKind::Table) => PageKind::LeafTable,
            _ => return Err(What::PageKind(flag)),
        };
        let (cells, right, pointers) = match kind {
            PageKind::InteriorIndex | PageKind::InteriorTable => {
                (u16_at(bytes, base + 3), u32_at(bytes, base + 8), base + 12)
            }
            PageKind::LeafIndex | PageKind::LeafTable => (u16_at(bytes, base + 3), Some(0), base + 8),
        };
        let content = match u16_at(bytes, base + 5) {
            Some(0) => 65_536,
            Some(content) => usize::from(content),
            None => return Err(What::NoPage(page)),
        };
        let (cells, right) = cells.zip(right).ok_or(What::NoPage(page))?;
        let end = pointers + usize::from(cells) * 2;
        let room = bytes.len().saturating_sub(pointers) / CELL_ROOM_BYTES;
        // A page that the file cuts has less room than cells, and still gives those that are there.
        if end > content || (bytes.len() >= content && usize::from(cells) > room) {
            return Err(What::CellCount(cells));
        }
        Ok(Self { kind, cells, right, pointers, content })
    }

    /// Where a cell begins.
    pub(crate) fn pointer(&self, bytes: &[u8], number: u16) -> Result<usize, What> {
        let start = u16_at(bytes, self.pointers + usize::from(number) * 2).map(usize::from);
        start.filter(|start| *start >= self.content).ok_or(What::Cell(number))
    }

    /// Takes a cell apart.
    pub(crate) fn cell(&self, bytes: &[u8], number: u16, usable_bytes: usize) -> Result<Cell, What> {
        let start = self.pointer(bytes, number)?;
        self.cell_at(bytes, start, usable_bytes).ok_or(What::Cell(number))
    }

    #[inline]
    fn cell_at(&self, bytes: &[u8], start: usize, usable_bytes: usize) -> Option<Cell> {
        let mut at = start;
        let mut number = || {
            let (value, length) = varint_at(bytes, at)?;
            at += length;
            Some(value)
        };
        let (child, payload_bytes, rowid) = match self.kind {
            PageKind::LeafTable => (0, number()?, signed(number()?)),
            PageKind::LeafIndex => (0, number()?, 0),
            PageKind::InteriorTable => {
                let (rowid, length) = varint_at(bytes, start + 4)?;
                let end = start + 4 + length;
                let child = u32_at(bytes, start)?;
                let (local, span) = (end..end, start..end);
                let rowid = signed(rowid);
                return Some(Cell { child, rowid, payload_bytes: 0, local, overflow: None, span });
            }
            PageKind::InteriorIndex => {
                let (payload_bytes, length) = varint_at(bytes, start + 4)?;
                at = start + 4 + length;
                (u32_at(bytes, start)?, payload_bytes, 0)
            }
        };
        let local = local_bytes(payload_bytes, usable_bytes, self.kind);
        let end = at.checked_add(local).filter(|end| *end <= bytes.len())?;
        let (overflow, whole) =
            if payload_bytes > local as u64 { (Some(u32_at(bytes, end)?), end + 4) } else { (None, end) };
        Some(Cell { child, rowid, payload_bytes, local: at..end, overflow, span: start..whole })
    }
}

/// How much of a payload lies on the page itself.
fn local_bytes(payload_bytes: u64, usable_bytes: usize, kind: PageKind) -> usize {
    // The usable size is at least 480, so nothing here falls below zero.
    let shared = usable_bytes.saturating_sub(12);
    let most = match kind {
        PageKind::LeafTable => usable_bytes.saturating_sub(35),
        _ => (shared * 64 / 255).saturating_sub(23),
    };
    if payload_bytes <= most as u64 {
        return size(payload_bytes);
    }
    let least = (shared * 32 / 255).saturating_sub(23);
    let per_page = usable_bytes.saturating_sub(4).max(1) as u64;
    let kept = least + size(payload_bytes.saturating_sub(least as u64) % per_page);
    if kept <= most { kept } else { least }
}
