//! A database that is open: its header, its tables, and the ways to their rows.

use std::sync::Arc;

use model::ReadAt;

use crate::header::{HEADER_BYTES, Header};
use crate::limits::Limits;
use crate::pages::{Pages, beginning};
use crate::problem::{OpenError, RowProblem, What};
use crate::row::OwnedRow;
use crate::rows::Rows;
use crate::schema::{self, Table};
use crate::seek;
use crate::value::Encoding;
use crate::wal::{Overlay, WalReport};

/// A SQLite database of somebody else, open for reading.
pub struct Database {
    pages: Pages,
    limits: Limits,
    encoding: Encoding,
    header: Header,
    tables: Vec<Table>,
    problems: Vec<RowProblem>,
}

impl Database {
    /// Opens a database, with the write-ahead log that lies beside it (`…-wal`), if there is one.
    ///
    /// Reads the header, the whole log once, and the schema.
    pub fn open(
        main: Arc<dyn ReadAt>,
        wal: Option<Arc<dyn ReadAt>>,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let mut overlay = match &wal {
            Some(wal) => Overlay::scan(&**wal)?,
            None => Overlay::default(),
        };
        let header = header(&*main, wal.as_deref(), &mut overlay)?;
        let sizes = (header.page_bytes, header.usable_bytes);
        let mut database = Self {
            pages: Pages::new(main, wal, overlay, sizes, limits.pages),
            limits,
            encoding: header.encoding.unwrap_or(Encoding::Utf8),
            header,
            tables: Vec::new(),
            problems: Vec::new(),
        };
        let (tables, mut problems) = schema::read(&database);
        if let Err(number) = header.encoding {
            problems.insert(0, database.pages.problem(1, 56, What::Encoding(number)));
        }
        (database.tables, database.problems) = (tables, problems);
        Ok(database)
    }

    /// The tables in the order of the schema, with views and virtual tables.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }

    /// The table of this name, upper or lower case.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// What could not be read of the header and the schema.
    pub fn problems(&self) -> &[RowProblem] {
        &self.problems
    }

    /// The rows of a table in the order of its b-tree: by rowid, or by key. None for views and virtual
    /// tables.
    pub fn rows<'d>(&'d self, table: &'d Table) -> Rows<'d> {
        Rows::new(self, table, self.limits)
    }

    /// The row with this rowid, if there is one. Pages are kept for the next call.
    pub fn row<'d>(&'d self, table: &'d Table, rowid: i64) -> Result<Option<OwnedRow<'d>>, RowProblem> {
        seek::row(self, table, rowid)
    }

    /// How texts are stored.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The size of a page.
    pub fn page_size_bytes(&self) -> u32 {
        self.header.page_bytes
    }

    /// How many pages the database has: by the last commit of the log, by the header if that is up to date,
    /// else by the size of the file.
    pub fn page_count(&self) -> u32 {
        self.pages.overlay().page_count.or(self.header.page_count).unwrap_or(self.pages.main_pages())
    }

    /// How many pages the database file itself has room for. Fewer than [`Database::page_count`] without a
    /// log: the file was cut.
    pub fn file_pages(&self) -> u32 {
        self.pages.main_pages()
    }

    /// How many pages are free, by the header. They may hold deleted rows and are not read.
    pub fn freelist_pages(&self) -> u32 {
        self.header.freelist_pages
    }

    /// What was done with the write-ahead log.
    pub fn wal(&self) -> WalReport {
        self.pages.overlay().report
    }

    pub(crate) fn pages(&self) -> &Pages {
        &self.pages
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }
}

/// The header as it is after the log. A log that does not go with the database is put aside.
fn header(main: &dyn ReadAt, wal: Option<&dyn ReadAt>, overlay: &mut Overlay) -> Result<Header, OpenError> {
    let own = Header::parse(&beginning(main, HEADER_BYTES)?);
    if let (Ok(own), true) = (&own, overlay.page_bytes != 0)
        && own.page_bytes != overlay.page_bytes
    {
        overlay.refuse();
    }
    let Some((wal, offset)) = wal.zip(overlay.pages.get(&1).copied()) else { return own };
    let mut bytes = vec![0; HEADER_BYTES];
    let length = crate::wal::fill(wal, &mut bytes, offset)?;
    bytes.truncate(length);
    match Header::parse(&bytes) {
        Ok(header) if header.page_bytes == overlay.page_bytes => Ok(header),
        _ => {
            overlay.refuse();
            own
        }
    }
}
