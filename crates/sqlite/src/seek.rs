//! Looks one row up by its rowid, from the root down.

use crate::cell::{PageHead, PageKind, TreeKind};
use crate::database::Database;
use crate::overflow::ChainReader;
use crate::problem::{RowProblem, What};
use crate::record::{self, Extent};
use crate::row::{CellPlace, OwnedPayload, OwnedRow};
use crate::schema::{Table, TableKind};

/// The row with this rowid, if the table has one.
pub(crate) fn row<'d>(
    database: &'d Database,
    table: &'d Table,
    rowid: i64,
) -> Result<Option<OwnedRow<'d>>, RowProblem> {
    let pages = database.pages();
    let mut page = table.root_page;
    if table.kind != TableKind::Rowid {
        return Err(pages.problem(page, 0, What::NoRowids));
    }
    if table.root_is_taken {
        return Err(pages.problem(page, 0, What::RootTwice(page)));
    }
    for _ in 0..database.limits().depth {
        let blame = |what| pages.problem(page, 0, what);
        let bytes = pages.cached(page).map_err(blame)?;
        let head = PageHead::parse(&bytes, page, TreeKind::Table).map_err(blame)?;
        let cell_at = |number| head.cell(&bytes, number, pages.usable_bytes()).map_err(blame);
        // The first cell whose key is not smaller.
        let (mut low, mut high) = (0, head.cells);
        while low < high {
            let middle = low + (high - low) / 2;
            if cell_at(middle)?.rowid < rowid { low = middle + 1 } else { high = middle }
        }
        if head.kind == PageKind::InteriorTable {
            page = if low < head.cells { cell_at(low)?.child } else { head.right };
            continue;
        }
        if low >= head.cells {
            return Ok(None);
        }
        let cell = cell_at(low)?;
        if cell.rowid != rowid {
            return Ok(None);
        }
        return owned(database, table, page, bytes, cell).map(Some);
    }
    Err(pages.problem(page, 0, What::Depth))
}

fn owned<'d>(
    database: &'d Database,
    table: &'d Table,
    page: u32,
    bytes: std::sync::Arc<[u8]>,
    cell: crate::cell::Cell,
) -> Result<OwnedRow<'d>, RowProblem> {
    let pages = database.pages();
    let blame = |what| pages.problem(page, cell.span.start, what);
    if cell.payload_bytes > database.limits().payload_bytes {
        return Err(blame(What::PayloadLimit(cell.payload_bytes)));
    }
    let (payload, problem) = match cell.overflow {
        None => (OwnedPayload::Page(bytes, cell.local), None),
        Some(first) => {
            let mut joined = bytes.get(cell.local.clone()).unwrap_or_default().to_vec();
            let missing = cell.payload_bytes.saturating_sub(cell.local.len() as u64);
            let mut read_page = |page: u32, into: &mut Vec<u8>| pages.read(page, into).map(|_| ());
            let usable = pages.usable_bytes();
            let result = ChainReader::default().read(first, missing, usable, &mut read_page, &mut joined);
            (OwnedPayload::Joined(joined), result.err().map(blame))
        }
    };
    let mut row = OwnedRow {
        rowid: cell.rowid,
        payload,
        fields: Vec::new(),
        columns: table.columns(),
        encoding: database.encoding(),
        problem,
        cell: CellPlace { pages, page, start: cell.span.start, length: cell.span.len() },
    };
    let extent = if row.problem.is_some() { Extent::Cut } else { Extent::Whole };
    let mut fields = Vec::new();
    record::fields(row.row().payload, extent, table.stored_values(), &mut fields).map_err(blame)?;
    row.fields = fields;
    Ok(row)
}
