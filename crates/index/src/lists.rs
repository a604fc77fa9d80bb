//! What an index holds beside records: files, chats, people seen, media, problems, reckonings.
//!
//! Lists come in the order of their numbers, each behind the last one of the page before, so that none is
//! ever whole in memory.

use model::EntryNumber;
use model::record::{ChatKind, Counted, MediaKind, Problem};
use rusqlite::{Connection, Row, params};

use crate::error::IndexError;
use crate::page::LONGEST_PAGE;
use crate::party_key::PartyKey;
use crate::reader::Index;
use crate::row::{ChatNumber, FileId, PartyNumber, RecordNumber};

/// How much an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Capsules.
    pub capsules: u64,
    /// Files.
    pub files: u64,
    /// Records.
    pub records: u64,
    /// Chats.
    pub chats: u64,
    /// People as sources name them.
    pub parties: u64,
    /// Files that records name or stand for.
    pub media: u64,
    /// Problems.
    pub problems: u64,
    /// Identifiers that more than one record has: a reader gave the same place twice.
    pub doubled_keys: u64,
}

impl Stats {
    pub(crate) fn read(db: &Connection) -> Result<Self, IndexError> {
        let select = "SELECT (SELECT count(*) FROM capsule), (SELECT count(*) FROM file),
            (SELECT ifnull(sum(records), 0) FROM tally), (SELECT count(*) FROM chat),
            (SELECT count(*) FROM party), (SELECT count(*) FROM media), (SELECT count(*) FROM problem),
            (SELECT ifnull(sum(keys), 0) FROM doubled)";
        Ok(db.query_row(select, [], |row| {
            Ok(Self {
                capsules: count(row, 0)?,
                files: count(row, 1)?,
                records: count(row, 2)?,
                chats: count(row, 3)?,
                parties: count(row, 4)?,
                media: count(row, 5)?,
                problems: count(row, 6)?,
                doubled_keys: count(row, 7)?,
            })
        })?)
    }
}

/// A file of a capsule, or in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its number in this index.
    pub id: FileId,
    /// The entry of the log that secured its capsule.
    pub capsule: EntryNumber,
    /// Its path in the capsule, then in each container.
    pub steps: Vec<String>,
    /// Its leaf, or that of the outermost container, in the capsule.
    pub leaf: u64,
    /// Its size.
    pub size_bytes: u64,
    /// Which reader read it, and that reader's version.
    pub reader: Option<(String, u32)>,
    /// How many records it gave.
    pub records: u64,
}

/// A chat as one source has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenChat {
    /// Its number in this index.
    pub number: ChatNumber,
    /// The capsule.
    pub capsule: EntryNumber,
    /// The program.
    pub app: String,
    /// The source's identifier; empty where it has none.
    pub source_id: String,
    /// The name it had when it was first met.
    pub name: Option<String>,
    /// What sort, in the word of the model.
    pub kind: ChatKind,
    /// How many records stand in it.
    pub records: u64,
}

/// Somebody as one source names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenParty {
    /// Their number in this index.
    pub number: PartyNumber,
    /// Their stable name.
    pub key: PartyKey,
    /// The capsule.
    pub capsule: EntryNumber,
    /// The program; empty where a record has none.
    pub app: String,
    /// The source's identifier.
    pub source_id: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// How many records they sent.
    pub sent: u64,
    /// In how many other records they are named: called, written to, in an address book.
    pub named: u64,
}

/// A file that a record names or stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The record.
    pub record: RecordNumber,
    /// Counts the files of one record, from 0.
    pub number: u32,
    /// What sort.
    pub kind: MediaKind,
    /// Its name, as the record has it.
    pub name: Option<String>,
    /// The file, if it is there.
    pub file: Option<FileId>,
}

/// A problem with the file as the index numbers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemLine {
    /// Its number in this index.
    pub number: i64,
    /// The file.
    pub file: FileId,
    /// The problem.
    pub problem: Problem,
}

/// The reckoning of a file with the file as the index numbers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedLine {
    /// Its number in this index.
    pub number: i64,
    /// The file.
    pub file: FileId,
    /// The reckoning.
    pub counted: Counted,
}

/// What a reader read in all its files, or what no reader read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderSum {
    /// The reader; nothing for files without one.
    pub reader: Option<String>,
    /// Its files.
    pub files: u64,
    /// Their records.
    pub records: u64,
    /// Units in its files, whatever they are.
    pub in_source: u64,
    /// Units that became a problem.
    pub problems: u64,
}

impl Index {
    /// How much there is.
    pub fn stats(&self) -> Result<Stats, IndexError> {
        self.sound(Stats::read(&self.db))
    }

    /// The files behind one.
    pub fn files(&self, after: Option<FileId>, limit: usize) -> Result<Vec<File>, IndexError> {
        let select = "SELECT id, capsule, steps, leaf, size_bytes, reader, reader_version, records FROM file
                      WHERE id > ? ORDER BY id LIMIT ?";
        self.list(select, after.map(|after| after.0), limit, |row| {
            let steps: String = row.get(2)?;
            let reader: Option<String> = row.get(5)?;
            let version = row.get(6)?;
            Ok(File {
                id: FileId(row.get(0)?),
                capsule: EntryNumber(count(row, 1)?),
                steps: serde_json::from_str(&steps).map_err(|_| IndexError::Damaged)?,
                leaf: count(row, 3)?,
                size_bytes: count(row, 4)?,
                reader: reader.map(|reader| (reader, version)),
                records: count(row, 7)?,
            })
        })
    }

    /// The chats behind one.
    pub fn chats(&self, after: Option<ChatNumber>, limit: usize) -> Result<Vec<SeenChat>, IndexError> {
        let select = "SELECT chat.id, capsule, word, source_id, name, kind, records
                      FROM chat LEFT JOIN app ON app.id = chat.app
                      WHERE chat.id > ? ORDER BY chat.id LIMIT ?";
        self.list(select, after.map(|after| after.0), limit, |row| {
            Ok(SeenChat {
                number: ChatNumber(row.get(0)?),
                capsule: EntryNumber(count(row, 1)?),
                app: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                source_id: row.get(3)?,
                name: row.get(4)?,
                kind: chat_kind(row.get(5)?),
                records: count(row, 6)?,
            })
        })
    }

    /// The people seen behind one.
    pub fn parties(&self, after: Option<PartyNumber>, limit: usize) -> Result<Vec<SeenParty>, IndexError> {
        let select = format!("SELECT {PARTY_COLUMNS} WHERE party.id > ? ORDER BY party.id LIMIT ?");
        self.list(&select, after.map(|after| after.0), limit, seen_party)
    }

    /// Somebody by their stable name.
    pub fn party(&self, key: PartyKey) -> Result<Option<SeenParty>, IndexError> {
        let select = format!("SELECT {PARTY_COLUMNS} WHERE party.key = ? ORDER BY party.id LIMIT 1");
        Ok(self.sound(self.listed(&select, params![key.0], seen_party))?.pop())
    }

    /// The records in which somebody is named beside the sender, behind one in the order of time, and as
    /// what.
    pub fn named(
        &self,
        party: PartyNumber,
        after: Option<RecordNumber>,
        limit: usize,
    ) -> Result<Vec<(RecordNumber, String)>, IndexError> {
        let select = "SELECT record, role FROM seen WHERE party = ?1 AND (order_ms, record) >
                          (ifnull((SELECT order_ms FROM record WHERE id = ?2), ?3), ?2)
                      ORDER BY order_ms, record, role LIMIT ?4";
        let record = after.map_or(0, |after| after.0);
        self.sound(self.listed(select, params![party.0, record, i64::MIN, most(limit)], |row| {
            Ok((RecordNumber(row.get(0)?), row.get(1)?))
        }))
    }

    /// The media behind the last ones of a record.
    pub fn media(&self, after: Option<(RecordNumber, u32)>, limit: usize) -> Result<Vec<Media>, IndexError> {
        let select = "SELECT record, number, kind, name, file FROM media WHERE (record, number) > (?, ?)
                      ORDER BY record, number LIMIT ?";
        let (record, number) = after.map_or((0, -1), |(record, number)| (record.0, i64::from(number)));
        self.sound(self.listed(select, params![record, number, most(limit)], |row| {
            Ok(Media {
                record: RecordNumber(row.get(0)?),
                number: row.get(1)?,
                kind: media_kind(row.get(2)?),
                name: row.get(3)?,
                file: row.get::<_, Option<i64>>(4)?.map(FileId),
            })
        }))
    }

    /// The problems behind one.
    pub fn problems(&self, after: Option<i64>, limit: usize) -> Result<Vec<ProblemLine>, IndexError> {
        let select = "SELECT id, file, body FROM problem WHERE id > ? ORDER BY id LIMIT ?";
        self.list(select, after, limit, |row| {
            Ok(ProblemLine { number: row.get(0)?, file: FileId(row.get(1)?), problem: body(row, 2)? })
        })
    }

    /// The reckonings behind one.
    pub fn counted(&self, after: Option<i64>, limit: usize) -> Result<Vec<CountedLine>, IndexError> {
        let select = "SELECT id, file, body FROM counted WHERE id > ? ORDER BY id LIMIT ?";
        self.list(select, after, limit, |row| {
            Ok(CountedLine { number: row.get(0)?, file: FileId(row.get(1)?), counted: body(row, 2)? })
        })
    }

    /// What each reader read.
    pub fn by_reader(&self) -> Result<Vec<ReaderSum>, IndexError> {
        let select = "SELECT reader, count(*), sum(records),
                          sum((SELECT ifnull(sum(in_source), 0) FROM counted WHERE counted.file = file.id)),
                          sum((SELECT ifnull(sum(units), 0) FROM problem WHERE problem.file = file.id))
                      FROM file GROUP BY reader ORDER BY reader LIMIT ?2 OFFSET ?1";
        self.list(select, None, LONGEST_PAGE, |row| {
            Ok(ReaderSum {
                reader: row.get(0)?,
                files: count(row, 1)?,
                records: count(row, 2)?,
                in_source: count(row, 3)?,
                problems: count(row, 4)?,
            })
        })
    }

    fn list<T>(
        &self,
        select: &str,
        after: Option<i64>,
        limit: usize,
        read: impl Fn(&Row<'_>) -> Result<T, IndexError>,
    ) -> Result<Vec<T>, IndexError> {
        self.sound(self.listed(select, params![after.unwrap_or(0), most(limit)], read))
    }

    fn listed<T>(
        &self,
        select: &str,
        values: &[&dyn rusqlite::ToSql],
        read: impl Fn(&Row<'_>) -> Result<T, IndexError>,
    ) -> Result<Vec<T>, IndexError> {
        let mut statement = self.db.prepare_cached(select)?;
        let mut rows = statement.query(values)?;
        let mut list = Vec::new();
        while let Some(row) = rows.next()? {
            list.push(read(row)?);
        }
        Ok(list)
    }
}

const PARTY_COLUMNS: &str = "party.id, party.capsule, app.word, party.source_id, party.name, party.sent,
    party.named, party.key FROM party LEFT JOIN app ON app.id = party.app";

fn seen_party(row: &Row<'_>) -> Result<SeenParty, IndexError> {
    Ok(SeenParty {
        number: PartyNumber(row.get(0)?),
        key: PartyKey(row.get(7)?),
        capsule: EntryNumber(count(row, 1)?),
        app: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
        source_id: row.get(3)?,
        name: row.get(4)?,
        sent: count(row, 5)?,
        named: count(row, 6)?,
    })
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit.clamp(1, LONGEST_PAGE)).unwrap_or(i64::MAX)
}

fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}

fn body<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, IndexError> {
    let body = row.get_ref(column)?.as_blob().map_err(|_| IndexError::Damaged)?;
    postcard::from_bytes(body).map_err(|_| IndexError::Damaged)
}

fn chat_kind(number: i64) -> ChatKind {
    let kinds = [ChatKind::Unknown, ChatKind::Direct, ChatKind::Group, ChatKind::Broadcast, ChatKind::Own];
    kinds.into_iter().find(|kind| *kind as i64 == number).unwrap_or_default()
}

fn media_kind(number: i64) -> MediaKind {
    let kinds = [
        MediaKind::Unknown,
        MediaKind::Picture,
        MediaKind::Video,
        MediaKind::Audio,
        MediaKind::Voice,
        MediaKind::Animation,
        MediaKind::Sticker,
        MediaKind::Document,
        MediaKind::ContactCard,
    ];
    kinds.into_iter().find(|kind| *kind as i64 == number).unwrap_or_default()
}
