//! Which records are wanted, and which way through the tables finds them soonest.
//!
//! Every way gives its records in the order of time, so a page costs what stands on it, not what lies before.
//! The way chosen is the one with the fewest records by the figures of the index; what else is asked for is
//! then looked at record by record.

use model::EntryNumber;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::IndexError;
use crate::row::{ChatNumber, FileId, PartyNumber};
use crate::schema::KINDS;

/// Which records are wanted: those for which all of it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this capsule.
    pub capsule: Option<EntryNumber>,
    /// Of this file.
    pub file: Option<FileId>,
    /// Read by this reader.
    pub reader: Option<String>,
    /// Of this kind: one of [`KINDS`]. Any other word fits nothing.
    pub kind: Option<String>,
    /// Of this program.
    pub app: Option<String>,
    /// In this chat.
    pub chat: Option<ChatNumber>,
    /// Sent by them.
    pub sender: Option<PartyNumber>,
    /// With a time in this range; a time that can be read in two ways counts with both.
    pub time: Option<TimeRange>,
    /// With or without attachments.
    pub attachments: Attachments,
}

/// A range of time, in milliseconds since 1970: of UTC, or of a wall clock for records without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// The first millisecond of it.
    pub from_ms: i64,
    /// The first one after it.
    pub until_ms: i64,
}

/// With or without attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attachments {
    /// Either.
    #[default]
    Any,
    /// At least one.
    Some,
    /// None.
    None,
}

/// A filter as SQL.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The table with the index that is gone through.
    pub(crate) from: &'static str,
    /// Conditions, joined by AND; each has its values in `values`, in order.
    pub(crate) conditions: Vec<&'static str>,
    /// The values.
    pub(crate) values: Vec<Value>,
    /// The range of time, which pages and searches put into SQL each in their way.
    pub(crate) time: Option<TimeRange>,
    /// At most so many records are gone through.
    pub(crate) at_most: i64,
}

impl Wanted {
    /// Whether nothing is left out.
    pub(crate) fn is_everything(&self) -> bool {
        self.conditions.is_empty() && self.time.is_none()
    }

    /// Looks the filter up in the index; nothing if it fits no record.
    pub(crate) fn new(db: &Connection, filter: &Filter) -> Result<Option<Self>, IndexError> {
        let select = "SELECT ifnull(sum(records), 0) FROM tally";
        let all: i64 = db.prepare_cached(select)?.query_row([], |row| row.get(0))?;
        let mut wanted = Self {
            from: "record INDEXED BY record_by_time",
            conditions: Vec::new(),
            values: Vec::new(),
            time: filter.time,
            at_most: all,
        };
        let fits = wanted.rows(db, filter)? && wanted.names(db, filter)? && wanted.attachments(db, filter)?;
        Ok(fits.then_some(wanted))
    }

    /// What names one row of another table.
    fn rows(&mut self, db: &Connection, filter: &Filter) -> Result<bool, IndexError> {
        for (id, select, condition, from) in [
            (
                filter.file.map(|file| file.0),
                "SELECT records FROM file WHERE id = ?",
                "record.file = ?",
                "record INDEXED BY record_by_file",
            ),
            (
                filter.chat.map(|chat| chat.0),
                "SELECT records FROM chat WHERE id = ?",
                "record.chat = ?",
                "record INDEXED BY record_by_chat",
            ),
            (
                filter.sender.map(|sender| sender.0),
                "SELECT sent FROM party WHERE id = ?",
                "record.sender = ?",
                "record INDEXED BY record_by_sender",
            ),
        ] {
            let Some(id) = id else { continue };
            let records: Option<i64> =
                db.prepare_cached(select)?.query_row([id], |row| row.get(0)).optional()?;
            match records {
                None | Some(0) => return Ok(false),
                Some(records) => self.add(condition, Value::Integer(id), from, records),
            }
        }
        Ok(true)
    }

    /// What is named by a word, and the capsule.
    fn names(&mut self, db: &Connection, filter: &Filter) -> Result<bool, IndexError> {
        if let Some(word) = &filter.kind {
            let place = KINDS.iter().position(|kind| kind == word);
            let Some(kind) = place.and_then(|place| i64::try_from(place).ok()) else { return Ok(false) };
            let records = sum(db, "SELECT sum(records) FROM tally WHERE kind = ?", kind)?;
            self.add("record.kind = ?", Value::Integer(kind), "record INDEXED BY record_by_kind", records);
        }
        if let Some(word) = &filter.app {
            let mut select = db.prepare_cached("SELECT id FROM app WHERE word = ?")?;
            let app: Option<i64> = select.query_row(params![word], |row| row.get(0)).optional()?;
            let Some(app) = app else { return Ok(false) };
            let records = sum(db, "SELECT sum(records) FROM tally WHERE app = ?", app)?;
            self.add("record.app = ?", Value::Integer(app), "record INDEXED BY record_by_app", records);
        }
        if let Some(number) = filter.capsule {
            let Ok(number) = i64::try_from(number.0) else { return Ok(false) };
            let records = sum(db, "SELECT sum(records) FROM tally WHERE capsule = ?", number)?;
            self.add("record.capsule = ?", Value::Integer(number), self.from, records);
        }
        if let Some(reader) = &filter.reader {
            let condition = "record.file IN (SELECT id FROM file WHERE reader = ?)";
            self.add(condition, Value::Text(reader.clone()), self.from, self.at_most);
        }
        Ok(self.at_most > 0)
    }

    fn attachments(&mut self, db: &Connection, filter: &Filter) -> Result<bool, IndexError> {
        match filter.attachments {
            Attachments::Any => {}
            Attachments::None => self.conditions.push("record.attachments = 0"),
            Attachments::Some => {
                let select = "SELECT ifnull(sum(with_attachment), 0) FROM tally";
                let records: i64 = db.prepare_cached(select)?.query_row([], |row| row.get(0))?;
                self.conditions.push("record.attachments > 0");
                self.way("record INDEXED BY record_with_attachment", records);
            }
        }
        Ok(self.at_most > 0)
    }

    fn add(&mut self, condition: &'static str, value: Value, from: &'static str, records: i64) {
        self.conditions.push(condition);
        self.values.push(value);
        self.way(from, records);
    }

    fn way(&mut self, from: &'static str, records: i64) {
        if records < self.at_most {
            self.from = from;
            self.at_most = records;
        }
    }
}

fn sum(db: &Connection, select: &str, of: i64) -> Result<i64, IndexError> {
    let sum: Option<i64> = db.prepare_cached(select)?.query_row([of], |row| row.get(0))?;
    Ok(sum.unwrap_or(0))
}
