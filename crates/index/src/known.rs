//! Programs, chats and people as sources name them: each gets a number the first time it is seen.
//!
//! A chat or person is the same only within one capsule, one program and one spelling of its identifier (for
//! people: and of its name); merging them is for people to decide. A chat without an identifier belongs to
//! its file. Numbers given lately are kept in memory; the rest is looked up, so memory does not grow with
//! the number of people.

use std::collections::HashMap;
use std::fmt::Write as _;

use model::Digest;
use model::record::{ChatRef, Party};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::IndexError;
use crate::party_key::party_key;

/// Most entries kept in memory; then forgetting begins anew.
const MOST_KEPT: usize = 50_000;
/// Longest names that are kept in memory, in bytes.
const LONGEST_KEPT: usize = 512;

/// Where somebody is named: the capsule and the program, by number and by what they are.
pub(crate) struct Within<'w> {
    pub(crate) capsule: i64,
    pub(crate) sha256: Digest,
    pub(crate) app: i64,
    pub(crate) word: &'w str,
}

/// The numbers given within one capsule.
#[derive(Default)]
pub(crate) struct Known {
    kept: HashMap<Box<str>, i64>,
    name: String,
}

impl Known {
    /// Another capsule begins: its chats and people are others.
    pub(crate) fn forget(&mut self) {
        self.kept.clear();
    }

    /// The number of a program.
    pub(crate) fn app(&mut self, db: &Connection, word: &str) -> Result<i64, IndexError> {
        self.spell('a', 0, Some(word), None);
        self.number(db, |db| {
            let select = "SELECT id FROM app WHERE word = ?1";
            find_or_insert(db, select, "INSERT INTO app(word) VALUES (?1)", params![word])
        })
    }

    /// The number of a chat.
    pub(crate) fn chat(
        &mut self,
        db: &Connection,
        (capsule, file, app): (i64, i64, i64),
        chat: &ChatRef,
    ) -> Result<i64, IndexError> {
        let file = if chat.id.is_empty() { file } else { 0 };
        self.spell('c', app, Some(&chat.id), None);
        write!(self.name, "{file}").map_err(|_| IndexError::TooMuch)?;
        let id = self.number(db, |db| {
            let select =
                "SELECT id FROM chat WHERE capsule = ?1 AND app = ?2 AND file = ?3 AND source_id = ?4";
            let found = db
                .prepare_cached(select)?
                .query_row(params![capsule, app, file, chat.id], |row| row.get(0))
                .optional()?;
            if let Some(found) = found {
                return Ok(found);
            }
            let insert =
                "INSERT INTO chat(capsule, app, file, source_id, name, kind) VALUES (?, ?, ?, ?, ?, ?)";
            let values = params![capsule, app, file, chat.id, chat.name, chat.kind as i64];
            Ok(db.prepare_cached(insert)?.insert(values)?)
        })?;
        Ok(id)
    }

    /// The number of a person; nothing for one without identifier and name.
    pub(crate) fn party(
        &mut self,
        db: &Connection,
        within: &Within<'_>,
        party: &Party,
    ) -> Result<Option<i64>, IndexError> {
        if party.id.is_none() && party.name.is_none() {
            return Ok(None);
        }
        let &Within { capsule, sha256, app, word } = within;
        self.spell('p', app, party.id.as_deref(), party.name.as_deref());
        let number = self.number(db, |db| {
            let select = "SELECT id FROM party
                          WHERE capsule = ?1 AND app = ?2 AND source_id IS ?3 AND name IS ?4";
            let found = db
                .prepare_cached(select)?
                .query_row(params![capsule, app, party.id, party.name], |row| row.get(0))
                .optional()?;
            if let Some(found) = found {
                return Ok(found);
            }
            let key = party_key(sha256, word, party);
            let insert = "INSERT INTO party(capsule, app, source_id, name, key) VALUES (?, ?, ?, ?, ?)";
            let values = params![capsule, app, party.id, party.name, key.0];
            Ok(db.prepare_cached(insert)?.insert(values)?)
        })?;
        Ok(Some(number))
    }

    /// Notes that somebody stands in a chat of two.
    pub(crate) fn partner(&mut self, db: &Connection, party: i64, chat: i64) -> Result<(), IndexError> {
        self.spell('2', chat, None, None);
        write!(self.name, "{party}").map_err(|_| IndexError::TooMuch)?;
        self.number(db, |db| {
            let insert = "INSERT OR IGNORE INTO partner(party, chat) VALUES (?, ?)";
            db.prepare_cached(insert)?.execute([party, chat])?;
            Ok(0)
        })?;
        Ok(())
    }

    /// Writes into `self.name` what stands for this one and no other.
    fn spell(&mut self, sort: char, app: i64, id: Option<&str>, name: Option<&str>) {
        self.name.clear();
        // Writing into a string does not fail.
        let _ = write!(self.name, "{sort}{app} ");
        for part in [id, name] {
            let _ = match part {
                Some(part) => write!(self.name, "{}:{part}", part.len()),
                None => write!(self.name, "-"),
            };
        }
    }

    fn number(
        &mut self,
        db: &Connection,
        ask: impl FnOnce(&Connection) -> Result<i64, IndexError>,
    ) -> Result<i64, IndexError> {
        if let Some(number) = self.kept.get(self.name.as_str()) {
            return Ok(*number);
        }
        let number = ask(db)?;
        if self.name.len() <= LONGEST_KEPT {
            if self.kept.len() >= MOST_KEPT {
                self.kept.clear();
            }
            self.kept.insert(self.name.as_str().into(), number);
        }
        Ok(number)
    }
}

fn find_or_insert(
    db: &Connection,
    select: &str,
    insert: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<i64, IndexError> {
    let found = db.prepare_cached(select)?.query_row(values, |row| row.get(0)).optional()?;
    match found {
        Some(found) => Ok(found),
        None => Ok(db.prepare_cached(insert)?.insert(values)?),
    }
}
