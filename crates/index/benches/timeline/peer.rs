//! A plain peer: one unencrypted SQLite table of messages, an index by time, and FTS5 with its own trigram
//! tokenizer; what somebody would build in an afternoon. It folds no spellings, knows no numbers, words or
//! NEAR (asked as AND), reads no second source, and a term of one or two characters is a LIKE over all.

use std::path::Path;

use index::Index;
use rusqlite::{Connection, OpenFlags, params};

use super::measure::{Cost, Measured, measured};
use super::queries::{Peer, Typed};

pub(crate) struct Plain(Connection);

impl Plain {
    /// Made from the texts of an index.
    pub(crate) fn make(index: &Index, path: &Path) -> (Self, Cost) {
        let mut db = Connection::open(path).unwrap();
        db.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             CREATE TABLE message(
                 id INTEGER PRIMARY KEY, ms INTEGER, chat INTEGER, sender INTEGER, body TEXT);
             CREATE VIRTUAL TABLE part USING fts5(body, content='message', content_rowid='id',
                 tokenize=\"trigram remove_diacritics 1\");",
        )
        .unwrap();
        let start = Cost::now();
        let mut reading = Cost::default();
        let transaction = db.transaction().unwrap();
        let filter = index::Filter { doubles: index::Doubles::All, ..index::Filter::default() };
        let mut after = None;
        loop {
            let before = Cost::now();
            let page = index.page(&filter, after, 5000).unwrap();
            let texts: Vec<String> = page.lines.iter().map(text_of).collect();
            reading.add(before.until_now());
            for (line, text) in page.lines.iter().zip(texts) {
                let (chat, sender) = (line.chat.map(|chat| chat.0), line.sender.map(|sender| sender.0));
                let values = params![line.number.0, line.cursor().order_ms, chat, sender, text];
                let insert = "INSERT INTO message VALUES (?, ?, ?, ?, ?)";
                transaction.prepare_cached(insert).unwrap().execute(values).unwrap();
                let insert = "INSERT INTO part(rowid, body) VALUES (?, ?)";
                transaction.prepare_cached(insert).unwrap().execute(params![line.number.0, text]).unwrap();
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        transaction.execute_batch("CREATE INDEX by_time ON message(ms);").unwrap();
        transaction.commit().unwrap();
        drop(db);
        let cost = start.until_now().without(reading);
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        db.execute_batch("PRAGMA cache_size = -32768;").unwrap();
        (Self(db), cost)
    }

    pub(crate) fn search(&self, queries: &[Typed]) -> Measured {
        measured(queries, |query| {
            let (select, argument) = match &query.peer {
                Peer::Match(expression) => (
                    "SELECT m.id, m.ms, m.chat, m.sender, m.body FROM part CROSS JOIN message m
                     ON m.id = part.rowid WHERE part MATCH ? ORDER BY part.rowid LIMIT 50",
                    expression,
                ),
                Peer::Like(pattern) => {
                    ("SELECT id, ms, chat, sender, body FROM message WHERE body LIKE ? LIMIT 50", pattern)
                }
            };
            self.rows(select, params![argument])
        })
    }

    pub(crate) fn pages(&self, cursors: &[i64]) -> Measured {
        measured(cursors, |ms| {
            let select = "SELECT id, ms, chat, sender, body FROM message WHERE ms > ? ORDER BY ms LIMIT 50";
            self.rows(select, params![ms])
        })
    }

    fn rows(&self, select: &str, values: &[&dyn rusqlite::ToSql]) -> usize {
        let mut statement = self.0.prepare_cached(select).unwrap();
        let rows = statement.query_map(values, |row| row.get::<_, String>(4)).unwrap();
        rows.filter(|body| body.as_ref().is_ok_and(|body| !body.is_empty())).count()
    }
}

fn text_of(line: &index::Line) -> String {
    let parts = index::searched(&line.record, &[]);
    parts.iter().map(|part| part.text).collect::<Vec<_>>().join("\n")
}
