//! Writes the second cache: a new file, put in its place by the caller when [`InsightBuilder::finish`] has
//! come back.
//!
//! Like [`crate::Builder`]: a builder that is dropped earlier leaves a file that says of itself that it is
//! unfinished, and a failed write makes it useless. Hints and occurrences may come in any order.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::schema::{FIGURES, INSIGHT_VERSION, TABLES};
use super::{HintLine, IdentifierNumber, Spot};
use crate::error::IndexError;
use crate::key::IndexKey;
use crate::store;

/// Most entries kept in memory; then forgetting begins anew.
const MOST_KEPT: usize = 50_000;
/// Longest names that are kept in memory, in bytes.
const LONGEST_KEPT: usize = 512;

/// A file of insights being written.
pub struct InsightBuilder {
    db: Connection,
    /// The numbers given lately, so that memory does not grow with what is found.
    kept: HashMap<(Box<str>, Box<str>), i64>,
    failed: bool,
}

impl InsightBuilder {
    /// A new file at a path where nothing is yet.
    pub fn create(path: &Path, key: &IndexKey) -> Result<Self, IndexError> {
        let db = store::create(path, key)?;
        db.execute_batch(&format!("BEGIN; PRAGMA user_version = {INSIGHT_VERSION}; {TABLES}"))?;
        Ok(Self { db, kept: HashMap::new(), failed: false })
    }

    /// The number of an identifier. `kind` and `key` say which it is; `shown` is how it is written the first
    /// time that it is met.
    pub fn identifier(&mut self, kind: &str, key: &str, shown: &str) -> Result<IdentifierNumber, IndexError> {
        self.attempt(|builder| {
            let number = builder.number(kind, key, |db| {
                let insert = "INSERT INTO identifier(kind, key, shown) VALUES (?, ?, ?)";
                let select = "SELECT id FROM identifier WHERE kind = ? AND key = ?";
                let found = db.prepare_cached(select)?.query_row([kind, key], |row| row.get(0)).optional()?;
                match found {
                    Some(found) => Ok(found),
                    None => Ok(db.prepare_cached(insert)?.insert([kind, key, shown])?),
                }
            });
            number.map(IdentifierNumber)
        })
    }

    /// Where an identifier stands; the same place twice is one.
    pub fn occurrence(&mut self, identifier: IdentifierNumber, spot: Spot) -> Result<(), IndexError> {
        self.attempt(|builder| {
            let insert = "INSERT OR IGNORE INTO occurrence VALUES (?, ?, ?, ?, ?, ?)";
            let Spot { cursor, part, from, until } = spot;
            let values = params![identifier.0, cursor.order_ms, cursor.number.0, part, from, until];
            builder.db.prepare_cached(insert)?.execute(values)?;
            Ok(())
        })
    }

    /// A hint.
    pub fn hint(&mut self, hint: &HintLine<'_>) -> Result<(), IndexError> {
        self.attempt(|builder| builder.insert_hint(hint))
    }

    /// Writes everything to disk and closes the file. `basis` says what it was made from: the index, the
    /// rules.
    pub fn finish(mut self, basis: &str) -> Result<(), IndexError> {
        self.attempt(|builder| {
            let db = &builder.db;
            db.execute_batch(FIGURES)?;
            db.execute("INSERT INTO basis VALUES (?)", [basis])?;
            db.execute_batch("COMMIT")?;
            store::finish(db)
        })?;
        self.db.close().map_err(|(_, error)| error.into())
    }

    fn insert_hint(&mut self, hint: &HintLine<'_>) -> Result<(), IndexError> {
        let Spot { cursor, part, from, until } = hint.spot;
        let code = self.code(hint.code)?;
        let insert = "INSERT INTO hint(
                          order_ms, record, part, from_byte, until_byte, code, language, rule, facts)
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let id = self.db.prepare_cached(insert)?.insert(params![
            cursor.order_ms,
            cursor.number.0,
            part,
            from,
            until,
            code,
            hint.language,
            hint.rule,
            hint.facts
        ])?;
        let dots = hint.code.match_indices('.').map(|(at, _)| at);
        let mut ends: Vec<usize> = std::iter::once(0).chain(dots).chain([hint.code.len()]).collect();
        // A code that is empty or begins with a dot would name one beginning twice.
        ends.dedup();
        for end in ends {
            let beginning = self.code(hint.code.get(..end).unwrap_or_default())?;
            let insert = "INSERT INTO marked VALUES (?, ?, ?, ?)";
            let values = params![beginning, cursor.order_ms, cursor.number.0, id];
            self.db.prepare_cached(insert)?.execute(values)?;
        }
        Ok(())
    }

    fn code(&mut self, word: &str) -> Result<i64, IndexError> {
        self.number("", word, |db| {
            let select = "SELECT id FROM code WHERE word = ?";
            let found = db.prepare_cached(select)?.query_row([word], |row| row.get(0)).optional()?;
            match found {
                Some(found) => Ok(found),
                None => Ok(db.prepare_cached("INSERT INTO code(word) VALUES (?)")?.insert([word])?),
            }
        })
    }

    fn number(
        &mut self,
        kind: &str,
        word: &str,
        ask: impl FnOnce(&Connection) -> Result<i64, IndexError>,
    ) -> Result<i64, IndexError> {
        let name = (Box::from(kind), Box::from(word));
        if let Some(number) = self.kept.get(&name) {
            return Ok(*number);
        }
        let number = ask(&self.db)?;
        if kind.len().saturating_add(word.len()) <= LONGEST_KEPT {
            if self.kept.len() >= MOST_KEPT {
                self.kept.clear();
            }
            self.kept.insert(name, number);
        }
        Ok(number)
    }

    /// Runs a step; after one that failed there is no other.
    fn attempt<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, IndexError>) -> Result<T, IndexError> {
        if self.failed {
            return Err(IndexError::Failed);
        }
        let done = step(self);
        self.failed = done.is_err();
        done
    }
}
