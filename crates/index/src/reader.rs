//! Reads a finished index.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::density::{self, Bucket, Span};
use crate::error::IndexError;
use crate::filter::{Filter, TimeRange};
use crate::found::Hits;
use crate::insights::INSIGHT_VERSION;
use crate::key::IndexKey;
use crate::page::{self, Around, Cursor, Edge, Page};
use crate::record_key::{RecordKey, RecordPrefix};
use crate::row::{Line, RecordNumber};
use crate::schema::SCHEMA_VERSION;
use crate::search;
use crate::store;
use crate::wanted::has_insights;

/// Most records named when an identifier is ambiguous.
const MOST_CANDIDATES: usize = 20;

/// A finished index, open for reading.
pub struct Index {
    pub(crate) db: Connection,
}

impl Index {
    /// Opens a file that [`crate::Builder::finish`] has made.
    pub fn open(path: &Path, key: &IndexKey) -> Result<Self, IndexError> {
        Ok(Self { db: store::open(path, key, SCHEMA_VERSION)? })
    }

    /// Opens a finished file of insights beside it, so that a filter can ask for hints and identifiers. The
    /// caller sees to it that it was made from this very index. One that was attached before is let go.
    pub fn attach_insights(&mut self, path: &Path, key: &IndexKey) -> Result<(), IndexError> {
        // Tells apart what is wrong with it.
        drop(store::open(path, key, INSIGHT_VERSION)?);
        if has_insights(&self.db)? {
            self.db.flush_prepared_statement_cache();
            self.db.execute_batch("DETACH DATABASE insight")?;
        }
        store::attach(&self.db, path, key, "insight")
    }

    /// The record with this identifier, or the only one whose identifier begins so. Of several with one and
    /// the same identifier (see [`crate::Stats`]) the first.
    pub fn record(&self, prefix: RecordPrefix) -> Result<Line, IndexError> {
        self.sound(self.only(prefix))
    }

    fn only(&self, prefix: RecordPrefix) -> Result<Line, IndexError> {
        let select = "SELECT DISTINCT key FROM record INDEXED BY record_by_key
                      WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?";
        let mut statement = self.db.prepare_cached(select)?;
        let most = i64::try_from(MOST_CANDIDATES).unwrap_or(i64::MAX);
        let keys = statement.query_map(params![prefix.first.0, prefix.last.0, most], |row| row.get(0))?;
        let candidates = keys.map(|key| key.map(RecordKey)).collect::<Result<Vec<_>, _>>()?;
        match candidates.as_slice() {
            [] => Err(IndexError::NoRecord),
            [key] => self.with("record.key = ? ORDER BY record.id LIMIT 1", key.0),
            _ => Err(IndexError::Ambiguous { candidates }),
        }
    }

    /// The record with this number.
    pub fn numbered(&self, number: RecordNumber) -> Result<Line, IndexError> {
        self.sound(self.with("record.id = ?", number.0))
    }

    fn with(&self, condition: &str, value: impl rusqlite::ToSql) -> Result<Line, IndexError> {
        let select = format!("SELECT order_ms, id, {} FROM record WHERE {condition}", Line::COLUMNS);
        let mut statement = self.db.prepare_cached(&select)?;
        let mut rows = statement.query([value])?;
        rows.next()?.map_or(Err(IndexError::NoRecord), Line::from_row)
    }

    /// The records behind a cursor, in the order of time.
    pub fn page(&self, filter: &Filter, after: Option<Cursor>, limit: usize) -> Result<Page, IndexError> {
        self.sound(page::page(&self.db, filter, Edge::After(after), limit))
    }

    /// The records before a cursor, in the order of time.
    pub fn page_before(&self, filter: &Filter, before: Cursor, limit: usize) -> Result<Page, IndexError> {
        self.sound(page::page(&self.db, filter, Edge::Before(before), limit))
    }

    /// A record with so many before and behind it in its chat; alone if it stands in none.
    pub fn around(&self, record: RecordNumber, before: usize, after: usize) -> Result<Around, IndexError> {
        let around = self.with("record.id = ?", record.0);
        self.sound(around.and_then(|line| page::around(&self.db, line, before, after)))
    }

    /// The records of other sources that say the same as this one, in the order in which they stand for it.
    pub fn twins(&self, record: RecordNumber) -> Result<Vec<Line>, IndexError> {
        self.sound(self.twins_of(record.0))
    }

    fn twins_of(&self, record: i64) -> Result<Vec<Line>, IndexError> {
        let select = format!(
            "SELECT order_ms, id, {} FROM twin AS own JOIN twin AS other ON other.first = own.first
             CROSS JOIN record ON record.id = other.record
             WHERE own.record = ? AND other.record <> own.record ORDER BY other.place",
            Line::COLUMNS
        );
        let mut statement = self.db.prepare_cached(&select)?;
        let (mut rows, mut lines) = (statement.query([record])?, Vec::new());
        while let Some(row) = rows.next()? {
            lines.push(Line::from_row(row)?);
        }
        Ok(lines)
    }

    /// How many records lie in each day or month of a range, empty ones left out, in order. Counted is what
    /// pages of the filter show, at the first reading of a time.
    pub fn density(&self, filter: &Filter, range: TimeRange, span: Span) -> Result<Vec<Bucket>, IndexError> {
        self.sound(density::density(&self.db, filter, range, span))
    }

    /// The records that a query finds, behind a record, in the order of the sources.
    pub fn search(
        &self,
        query: &text::Query,
        filter: &Filter,
        after: Option<RecordNumber>,
        limit: usize,
    ) -> Result<Hits, IndexError> {
        self.sound(search::search(&self.db, query, filter, after, limit))
    }

    /// The path of a file: in its capsule, then in each container.
    pub fn steps(&self, file: crate::FileId) -> Result<Vec<String>, IndexError> {
        self.sound(steps(&self.db, file.0))
    }

    /// What was read, if it was read from authentic pages; see [`store::sound`].
    pub(crate) fn sound<T>(&self, read: Result<T, IndexError>) -> Result<T, IndexError> {
        let read = store::sound(&self.db, read);
        if has_insights(&self.db)? { store::sound_in(&self.db, "insight", read) } else { read }
    }
}

/// The path of a file; empty for one that is not in the index.
pub(crate) fn steps(db: &Connection, file: i64) -> Result<Vec<String>, IndexError> {
    let mut select = db.prepare_cached("SELECT steps FROM file WHERE id = ?")?;
    let steps: Option<String> = select.query_row([file], |row| row.get(0)).optional()?;
    serde_json::from_str(steps.as_deref().unwrap_or("[]")).map_err(|_| IndexError::Damaged)
}
