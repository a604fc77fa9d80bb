//! Reads a finished second cache: hints by code or record, identifiers by kind, occurrences in the order of
//! time, each list behind the last of the page before.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter, types::Value};

use super::schema::INSIGHT_VERSION;
use super::{IdentifierNumber, Spot};
use crate::error::IndexError;
use crate::key::IndexKey;
use crate::page::{Cursor, LONGEST_PAGE};
use crate::row::RecordNumber;
use crate::store;

/// A finished file of insights, open for reading.
pub struct Insights {
    db: Connection,
}

/// Which hints are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HintFilter {
    /// With this code, or one that begins with it up to a dot.
    pub code: Option<String>,
    /// In this record.
    pub record: Option<RecordNumber>,
}

/// A hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenHint {
    /// Its number in this file.
    pub number: i64,
    /// Where.
    pub spot: Spot,
    /// The code of the tactic.
    pub code: String,
    /// The language of the rule; empty for a rule about structure.
    pub language: String,
    /// The rule.
    pub rule: String,
    /// What the rule found, as JSON.
    pub facts: String,
}

/// How many hints have a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HintCount {
    /// The code.
    pub code: String,
    /// Hints with this very code.
    pub hints: u64,
    /// Records in which they stand.
    pub records: u64,
}

/// An identifier and where it lies in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenIdentifier {
    /// Its number in this file.
    pub number: IdentifierNumber,
    /// What sort, in a stable word.
    pub kind: String,
    /// What it is, in one spelling.
    pub key: String,
    /// As it was written the first time.
    pub shown: String,
    /// How often it occurs.
    pub count: u64,
    /// The time of the first record it stands in, of those with a time.
    pub first_ms: Option<i64>,
    /// The time of the last one.
    pub last_ms: Option<i64>,
}

const HINT_COLUMNS: &str = "hint.id, hint.order_ms, hint.record, hint.part, hint.from_byte, hint.until_byte,
    code.word, hint.language, hint.rule, hint.facts";
const IDENTIFIER_COLUMNS: &str = "id, kind, key, shown, occurrences, first_ms, last_ms";

impl Insights {
    /// Opens a file that [`crate::InsightBuilder::finish`] has made.
    pub fn open(path: &Path, key: &IndexKey) -> Result<Self, IndexError> {
        Ok(Self { db: store::open(path, key, INSIGHT_VERSION)? })
    }

    /// What it was made from.
    pub fn basis(&self) -> Result<String, IndexError> {
        let basis = self.db.query_row("SELECT text FROM basis", [], |row| row.get(0));
        self.sound(basis.map_err(Into::into))
    }

    /// The hints behind one, in the order of time; those of one record in the order they were put in.
    pub fn hints(
        &self,
        filter: &HintFilter,
        after: Option<&SeenHint>,
        limit: usize,
    ) -> Result<Vec<SeenHint>, IndexError> {
        let mut values = Vec::new();
        let from = if let Some(RecordNumber(record)) = filter.record {
            // The few hints of one record; its time is the same for all.
            values.push(Value::Integer(record));
            let of_code = filter.code.as_ref().map(|code| {
                values.push(Value::Text(code.clone()));
                "AND EXISTS (SELECT 1 FROM marked WHERE code = (SELECT id FROM code WHERE word = ?)
                 AND order_ms = hint.order_ms AND record = hint.record AND marked.hint = hint.id)"
            });
            let behind = after.map(|after| {
                values.push(Value::Integer(after.number));
                "AND hint.id > ?"
            });
            let (of_code, behind) = (of_code.unwrap_or_default(), behind.unwrap_or_default());
            format!(
                "hint INDEXED BY hint_by_record JOIN code ON code.id = hint.code
                 WHERE hint.record = ? {of_code} {behind} ORDER BY hint.id"
            )
        } else {
            values.push(Value::Text(filter.code.clone().unwrap_or_default()));
            let behind = after.map(|after| {
                let Cursor { order_ms, number } = after.spot.cursor;
                values.extend([order_ms, number.0, after.number].map(Value::Integer));
                "AND (marked.order_ms, marked.record, marked.hint) > (?, ?, ?)"
            });
            let behind = behind.unwrap_or_default();
            format!(
                "marked CROSS JOIN hint ON hint.id = marked.hint JOIN code ON code.id = hint.code
                 WHERE marked.code = (SELECT id FROM code WHERE word = ?) {behind}
                 ORDER BY marked.order_ms, marked.record, marked.hint"
            )
        };
        self.sound(self.list(&format!("SELECT {HINT_COLUMNS} FROM {from}"), values, limit, hint))
    }

    /// How many hints there are of each code.
    pub fn hint_counts(&self) -> Result<Vec<HintCount>, IndexError> {
        let select = "SELECT word, count(*), count(DISTINCT record)
                      FROM hint INDEXED BY hint_by_code JOIN code ON code.id = hint.code
                      GROUP BY hint.code ORDER BY word";
        self.sound(self.list(select, Vec::new(), LONGEST_PAGE, |row| {
            Ok(HintCount { code: row.get(0)?, hints: count(row, 1)?, records: count(row, 2)? })
        }))
    }

    /// The identifiers behind one, of a kind or of all, in the order in which they were met first.
    pub fn identifiers(
        &self,
        kind: Option<&str>,
        after: Option<IdentifierNumber>,
        limit: usize,
    ) -> Result<Vec<SeenIdentifier>, IndexError> {
        let mut values = vec![Value::Integer(after.map_or(0, |after| after.0))];
        let of_kind = kind.map(|kind| {
            values.push(Value::Text(kind.to_owned()));
            ("INDEXED BY identifier_by_kind", "AND kind = ?")
        });
        let (index, of_kind) = of_kind.unwrap_or_default();
        let select =
            format!("SELECT {IDENTIFIER_COLUMNS} FROM identifier {index} WHERE id > ? {of_kind} ORDER BY id");
        self.sound(self.list(&select, values, limit, identifier))
    }

    /// The identifier of this kind with this key.
    pub fn identifier(&self, kind: &str, key: &str) -> Result<Option<SeenIdentifier>, IndexError> {
        let select = format!("SELECT {IDENTIFIER_COLUMNS} FROM identifier WHERE kind = ? AND key = ?");
        let found = self.db.query_row(&select, [kind, key], identifier).optional();
        self.sound(found.map_err(Into::into))
    }

    /// Where an identifier stands, behind a spot, in the order of time.
    pub fn occurrences(
        &self,
        identifier: IdentifierNumber,
        after: Option<Spot>,
        limit: usize,
    ) -> Result<Vec<Spot>, IndexError> {
        let mut values = vec![Value::Integer(identifier.0)];
        let behind = after.map(|Spot { cursor, part, from, until }| {
            values.extend([cursor.order_ms, cursor.number.0].map(Value::Integer));
            values.extend([i64::from(part), i64::from(from), i64::from(until)].map(Value::Integer));
            "AND (order_ms, record, part, from_byte, until_byte) > (?, ?, ?, ?, ?)"
        });
        let select = format!(
            "SELECT identifier, order_ms, record, part, from_byte, until_byte FROM occurrence
             WHERE identifier = ? {} ORDER BY order_ms, record, part, from_byte, until_byte",
            behind.unwrap_or_default()
        );
        self.sound(self.list(&select, values, limit, spot))
    }

    fn list<T>(
        &self,
        select: &str,
        values: Vec<Value>,
        limit: usize,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, IndexError> {
        let mut statement = self.db.prepare_cached(&format!("{select} LIMIT ?"))?;
        let most = i64::try_from(limit.clamp(1, LONGEST_PAGE)).unwrap_or(i64::MAX);
        let values = values.into_iter().chain([Value::Integer(most)]);
        let rows = statement.query_map(params_from_iter(values), |row| read(row))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn sound<T>(&self, read: Result<T, IndexError>) -> Result<T, IndexError> {
        store::sound(&self.db, read)
    }
}

fn hint(row: &Row<'_>) -> rusqlite::Result<SeenHint> {
    Ok(SeenHint {
        number: row.get(0)?,
        spot: spot(row)?,
        code: row.get(6)?,
        language: row.get(7)?,
        rule: row.get(8)?,
        facts: row.get(9)?,
    })
}

fn identifier(row: &Row<'_>) -> rusqlite::Result<SeenIdentifier> {
    Ok(SeenIdentifier {
        number: IdentifierNumber(row.get(0)?),
        kind: row.get(1)?,
        key: row.get(2)?,
        shown: row.get(3)?,
        count: count(row, 4)?,
        first_ms: row.get(5)?,
        last_ms: row.get(6)?,
    })
}

/// A place: its columns stand behind the first one.
fn spot(row: &Row<'_>) -> rusqlite::Result<Spot> {
    let cursor = Cursor { order_ms: row.get(1)?, number: RecordNumber(row.get(2)?) };
    Ok(Spot { cursor, part: row.get(3)?, from: row.get(4)?, until: row.get(5)? })
}

fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}
