//! Writes an index: a new file, or a copy of one with further capsules.
//!
//! The caller gives a path where nothing is yet (`index.db.new`), and puts the file in the place of the old
//! one when [`Builder::finish`] has come back: only then is it whole and on disk. A builder that is dropped
//! earlier leaves a file that says of itself that it is unfinished. Adding copies the old index page by page
//! and appends, so the old one is never written to; what is in it stays in front, and the records keep the
//! order in which they were added.
//!
//! A failed write makes the builder useless, because without a journal nobody knows what arrived.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use model::record::{ChatKind, Counted, FileNumber, Inside, Party, Problem, Record, What};
use model::{Digest, EntryNumber};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension as _, params};
use seal::Sha256;

use crate::density;
use crate::error::IndexError;
use crate::key::{IndexKey, SignKey};
use crate::known::{Known, Within};
use crate::lists::Stats;
use crate::places;
use crate::record_key::{RecordKey, file_state};
use crate::schema::{FIGURES, INDEXES, KINDS, NO_TIME, SCHEMA_VERSION, TABLES, text_tables};
use crate::searched::{Shadow, searched};
use crate::store;
use crate::twins::{self, Signs};

/// Postings of the full-text tables kept in memory before a part of the index is written, in bytes. Measured:
/// 1 MiB costs a tenth more time, 32 MiB gain nothing.
const TEXT_BUFFER_BYTES: u32 = 8 << 20;
/// Pages copied at once when capsules are added.
const PAGES_AT_ONCE: i32 = 4096;

/// What the index is told of a file before its records come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// Its number in the tree of its capsule.
    pub number: FileNumber,
    /// The path in the capsule, then in each container.
    pub steps: Vec<String>,
    /// Its leaf, or that of the outermost container, in the capsule.
    pub leaf: u64,
    /// Its size.
    pub size_bytes: u64,
    /// Which reader read it, and that reader's version.
    pub reader: Option<(String, u32)>,
}

/// An index being written.
pub struct Builder {
    db: Connection,
    known: Known,
    sign_key: SignKey,
    signs: Signs,
    /// The file whose record was compared last.
    signed_file: i64,
    shadow: Shadow,
    body: Vec<u8>,
    capsule: Option<Capsule>,
    tally: BTreeMap<Sort, Tally>,
    state: State,
}

/// Kind, program and capsule of records.
type Sort = (i64, Option<i64>, i64);

/// How many records there are of a sort.
#[derive(Default)]
struct Tally {
    records: i64,
    with_attachment: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    Failed,
}

/// The capsule whose records come.
struct Capsule {
    number: i64,
    sha256: Digest,
    first_file: i64,
    /// The file whose records came last.
    open: Option<OpenFile>,
}

struct OpenFile {
    id: i64,
    steps: Vec<String>,
    hash: Sha256,
}

impl Builder {
    /// A new index at a path where nothing is yet.
    pub fn create(path: &Path, key: &IndexKey) -> Result<Self, IndexError> {
        let db = store::create(path, key)?;
        db.execute_batch("BEGIN")?;
        db.execute_batch(&format!("PRAGMA user_version = {SCHEMA_VERSION}; {TABLES} {}", text_tables()))?;
        Self::begun(db, key)
    }

    /// A copy of a finished index, to which capsules are added. The old file is only read.
    pub fn extend(old: &Path, new: &Path, key: &IndexKey) -> Result<Self, IndexError> {
        let from = store::open(old, key, SCHEMA_VERSION)?;
        let mut db = store::create(new, key)?;
        Backup::new(&from, &mut db)?.run_to_completion(PAGES_AT_ONCE, Duration::ZERO, None)?;
        // At once on its own, so that from now on the file says that it is unfinished.
        db.execute_batch("DELETE FROM finished;")?;
        // Made again at the end, which is cheaper than keeping its order.
        db.execute_batch("DROP INDEX IF EXISTS record_by_sign;")?;
        store::sound(&from, Ok(()))?;
        db.execute_batch("BEGIN")?;
        Self::begun(db, key)
    }

    fn begun(db: Connection, key: &IndexKey) -> Result<Self, IndexError> {
        for table in ["words", "parts"] {
            let set = format!("INSERT INTO {table}({table}, rank) VALUES ('hashsize', {TEXT_BUFFER_BYTES})");
            db.execute_batch(&set)?;
        }
        let (known, shadow, body) = (Known::default(), Shadow::default(), Vec::new());
        let (sign_key, signs) = (key.for_signs(), Signs::default());
        Ok(Self {
            db,
            known,
            sign_key,
            signs,
            signed_file: 0,
            shadow,
            body,
            capsule: None,
            tally: BTreeMap::new(),
            state: State::Whole,
        })
    }

    /// The capsule whose files and records come next. One that is in the index already is taken up again.
    pub fn capsule(&mut self, number: EntryNumber, sha256: Digest) -> Result<(), IndexError> {
        self.attempt(|builder| builder.begin_capsule(number, sha256))
    }

    /// A file of the capsule; before its records.
    pub fn file(&mut self, file: &FileLine) -> Result<(), IndexError> {
        self.attempt(|builder| builder.insert_file(file))
    }

    /// A record of a file of the capsule.
    pub fn record(&mut self, record: &Record) -> Result<RecordKey, IndexError> {
        self.attempt(|builder| builder.insert_record(record))
    }

    /// A problem in a file of the capsule.
    pub fn problem(&mut self, problem: &Problem) -> Result<(), IndexError> {
        self.attempt(|builder| {
            let file = builder.open_file(problem.file)?;
            let body = postcard::to_allocvec(problem).map_err(|_| IndexError::TooMuch)?;
            let insert = "INSERT INTO problem(file, units, body) VALUES (?, ?, ?)";
            builder.db.prepare_cached(insert)?.execute(params![file, whole(problem.units), body])?;
            Ok(())
        })
    }

    /// The reckoning of a file of the capsule.
    pub fn counted(&mut self, counted: &Counted) -> Result<(), IndexError> {
        self.attempt(|builder| {
            let file = builder.open_file(counted.file)?;
            let body = postcard::to_allocvec(counted).map_err(|_| IndexError::TooMuch)?;
            let insert = "INSERT INTO counted(
                              file, in_source, records, continuations, system, problems, body)
                          VALUES (?, ?, ?, ?, ?, ?, ?)";
            builder.db.prepare_cached(insert)?.execute(params![
                file,
                whole(counted.in_source),
                whole(counted.records),
                whole(counted.continuations),
                whole(counted.system),
                whole(counted.problems),
                body
            ])?;
            Ok(())
        })
    }

    /// Makes the indexes, writes everything to disk and closes the file.
    pub fn finish(mut self) -> Result<Stats, IndexError> {
        self.attempt(|builder| {
            let db = &builder.db;
            db.execute_batch("COMMIT")?;
            db.execute_batch("BEGIN")?;
            db.execute_batch(INDEXES)?;
            db.execute_batch(FIGURES)?;
            twins::find(db)?;
            density::fill(db)?;
            for ((kind, app, capsule), tally) in &builder.tally {
                let insert = "INSERT INTO tally VALUES (?, ?, ?, ?, ?)";
                db.execute(insert, params![kind, app, capsule, tally.records, tally.with_attachment])?;
            }
            db.execute_batch("COMMIT")?;
            store::finish(db)?;
            Stats::read(db)
        })
        .and_then(|stats| match self.db.close() {
            Ok(()) => Ok(stats),
            Err((_, error)) => Err(error.into()),
        })
    }

    /// Runs a step; after one that failed there is no other.
    fn attempt<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, IndexError>) -> Result<T, IndexError> {
        if self.state == State::Failed {
            return Err(IndexError::Failed);
        }
        let done = step(self);
        // What only was asked wrongly has written nothing.
        if !matches!(done, Ok(_) | Err(IndexError::UnknownFile)) {
            self.state = State::Failed;
        }
        done
    }

    fn begin_capsule(&mut self, number: EntryNumber, sha256: Digest) -> Result<(), IndexError> {
        let number = i64::try_from(number.0).map_err(|_| IndexError::TooMuch)?;
        let select = "SELECT first_file FROM capsule WHERE number = ?";
        let known = self.db.query_row(select, [number], |row| row.get(0)).optional()?;
        let first_file = match known {
            Some(first_file) => first_file,
            None => self.new_capsule(number, sha256)?,
        };
        self.known.forget();
        self.capsule = Some(Capsule { number, sha256, first_file, open: None });
        Ok(())
    }

    fn new_capsule(&self, number: i64, sha256: Digest) -> Result<i64, IndexError> {
        // Room for every file number a tree can have, so that a file's id needs no looking up.
        let select = "SELECT count(*) FROM capsule";
        let before: i64 = self.db.query_row(select, [], |row| row.get(0))?;
        let first_file = before.checked_shl(32).filter(|_| before < 1 << 30).ok_or(IndexError::TooMuch)?;
        let insert = "INSERT INTO capsule(number, sha256, first_file) VALUES (?, ?, ?)";
        self.db.execute(insert, params![number, sha256.0, first_file])?;
        Ok(first_file)
    }

    fn insert_file(&mut self, file: &FileLine) -> Result<(), IndexError> {
        let Some(capsule) = &mut self.capsule else { return Err(IndexError::UnknownFile) };
        capsule.open = None;
        let steps = serde_json::to_string(&file.steps).map_err(|_| IndexError::TooMuch)?;
        let (reader, version) = match &file.reader {
            Some((reader, version)) => (Some(reader), *version),
            None => (None, 0),
        };
        let insert = "INSERT INTO file(id, capsule, number, steps, leaf, size_bytes, reader, reader_version)
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        self.db.prepare_cached(insert)?.execute(params![
            capsule.id_of(file.number),
            capsule.number,
            file.number.0,
            steps,
            whole(file.leaf),
            whole(file.size_bytes),
            reader,
            version
        ])?;
        Ok(())
    }

    /// Makes a file the one whose records come; gives its id.
    fn open_file(&mut self, file: FileNumber) -> Result<i64, IndexError> {
        let Some(capsule) = &mut self.capsule else { return Err(IndexError::UnknownFile) };
        let id = capsule.id_of(file);
        if capsule.open.as_ref().is_some_and(|open| open.id == id) {
            return Ok(id);
        }
        let mut select = self.db.prepare_cached("SELECT steps FROM file WHERE id = ?")?;
        let steps: Option<String> = select.query_row([id], |row| row.get(0)).optional()?;
        let steps: Vec<String> =
            serde_json::from_str(&steps.ok_or(IndexError::UnknownFile)?).map_err(|_| IndexError::Damaged)?;
        let hash = file_state(capsule.sha256, &steps);
        capsule.open = Some(OpenFile { id, steps, hash });
        Ok(id)
    }

    fn insert_record(&mut self, record: &Record) -> Result<RecordKey, IndexError> {
        let file = self.open_file(record.file)?;
        let Some(capsule) = &self.capsule else { return Err(IndexError::UnknownFile) };
        let Some(open) = &capsule.open else { return Err(IndexError::UnknownFile) };
        let (db, within) = (&self.db, capsule.number);
        let what = &record.what;
        let key = RecordKey::within(&open.hash, &record.place, record.part, what);
        let word = app_of(what);
        let app = match word {
            Some(word) => Some(self.known.app(db, word)?),
            None => None,
        };
        let (sha256, word) = (capsule.sha256, word.unwrap_or_default());
        let named = Within { capsule: within, sha256, app: app.unwrap_or_default(), word };
        let (mut chat, mut sender, mut attachments) = (None, None, 0_usize);
        if let What::Message(message) = what {
            let number = self.known.chat(db, (within, file, named.app), &message.chat)?;
            chat = Some(number);
            if let Some(party) = &message.sender {
                sender = self.known.party(db, &named, party)?;
            }
            if let Some(sender) = sender.filter(|_| message.chat.kind == ChatKind::Direct) {
                self.known.partner(db, sender, number)?;
            }
            attachments = message.attachments.len();
        }
        let sign = match what {
            What::Message(message) => self.signs.of(&self.sign_key, message),
            _ => None,
        };
        if sign.is_some() && self.signed_file != file {
            self.signed_file = file;
            db.prepare_cached("INSERT OR IGNORE INTO signed_file(file) VALUES (?)")?.execute([file])?;
        }
        let time = what.time();
        let order_ms = time.and_then(|time| time.first_ms).unwrap_or(NO_TIME);
        self.body.clear();
        self.body =
            postcard::to_extend(record, std::mem::take(&mut self.body)).map_err(|_| IndexError::TooMuch)?;
        let insert = "INSERT INTO record(key, capsule, file, kind, app, chat, sender, order_ms, second_ms,
                          attachments, sign, clock, body)
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let id = db.prepare_cached(insert)?.insert(params![
            key.0,
            within,
            file,
            kind_of(what),
            app,
            chat,
            sender,
            order_ms,
            time.and_then(|time| time.second_ms),
            i64::try_from(attachments).unwrap_or(i64::MAX),
            sign.as_ref().map(|sign| sign.text),
            sign.as_ref().map(|sign| sign.clock),
            self.body
        ])?;
        let tally = self.tally.entry((kind_of(what), app, within)).or_default();
        tally.records = tally.records.saturating_add(1);
        tally.with_attachment = tally.with_attachment.saturating_add(i64::from(attachments > 0));
        let shadow = self.shadow.of(&searched(record, &open.steps));
        if !shadow.is_empty() {
            for insert in [
                "INSERT INTO shadow(id, text) VALUES (?, ?)",
                "INSERT INTO words(rowid, text) VALUES (?, ?)",
                "INSERT INTO parts(rowid, text) VALUES (?, ?)",
            ] {
                db.prepare_cached(insert)?.execute(params![id, shadow])?;
            }
        }
        let direct = match what {
            What::Message(message) => chat.filter(|_| message.chat.kind == ChatKind::Direct),
            _ => None,
        };
        insert_seen(db, &mut self.known, &named, record, &Placed { id, order_ms, direct })?;
        places::insert(db, what, id, order_ms)?;
        self.insert_media(record, id, file)?;
        Ok(key)
    }

    /// The files that the record names or stands for.
    fn insert_media(&mut self, record: &Record, id: i64, file: i64) -> Result<(), IndexError> {
        let Some(capsule) = &self.capsule else { return Err(IndexError::UnknownFile) };
        let insert = "INSERT INTO media(record, number, kind, name, file) VALUES (?, ?, ?, ?, ?)";
        match &record.what {
            What::Message(message) => {
                for (number, attachment) in (0_i64..).zip(&message.attachments) {
                    let file = attachment.file.map(|file| capsule.id_of(file));
                    let values = params![id, number, attachment.kind as i64, attachment.name, file];
                    self.db.prepare_cached(insert)?.execute(values)?;
                }
            }
            What::Media(fact) => {
                let name: Option<&str> = None;
                self.db.prepare_cached(insert)?.execute(params![id, 0, fact.kind as i64, name, file])?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Capsule {
    fn id_of(&self, file: FileNumber) -> i64 {
        self.first_file.saturating_add(i64::from(file.0)).saturating_add(1)
    }
}

/// The place of the kind's word in [`KINDS`].
pub(crate) fn kind_of(what: &What) -> i64 {
    let place = KINDS.iter().position(|word| *word == what.word());
    place.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1)
}

/// A count of the evidence. What no count can be is cut off, so that sums of hostile ones still fit.
fn whole(count: u64) -> i64 {
    const MOST: i64 = 1 << 40;
    i64::try_from(count).unwrap_or(MOST).min(MOST)
}

fn app_of(what: &What) -> Option<&str> {
    match what {
        What::Message(message) => Some(&message.app),
        What::Call(call) => Some(&call.app),
        What::Contact(contact) => Some(&contact.app),
        What::Account(account) => Some(&account.app),
        What::Location(fix) => Some(&fix.app),
        What::Visit(visit) => Some(&visit.app),
        What::Event(event) => Some(&event.app),
        What::App(_) | What::Media(_) | What::File(_) => None,
    }
}

/// Where a record stands.
struct Placed {
    id: i64,
    order_ms: i64,
    /// Its chat, if that is one of two people.
    direct: Option<i64>,
}

/// Everybody whom the record names beside its sender.
fn insert_seen(
    db: &Connection,
    known: &mut Known,
    within: &Within<'_>,
    record: &Record,
    placed: &Placed,
) -> Result<(), IndexError> {
    let mut failed = Ok(());
    each_other_party(&record.what, &mut |role, party| {
        let insert = "INSERT OR IGNORE INTO seen(party, order_ms, record, role) VALUES (?, ?, ?, ?)";
        let inserted = known.party(db, within, party).and_then(|party| {
            let Some(party) = party else { return Ok(()) };
            db.prepare_cached(insert)?.execute(params![party, placed.order_ms, placed.id, role])?;
            match placed.direct.filter(|_| role == "recipient") {
                Some(chat) => known.partner(db, party, chat),
                None => Ok(()),
            }
        });
        if failed.is_ok() {
            failed = inserted;
        }
    });
    failed
}

/// Calls with everybody named beside the sender, and the word for their part in it.
fn each_other_party(what: &What, take: &mut dyn FnMut(&'static str, &Party)) {
    match what {
        What::Message(message) => {
            for party in &message.recipients {
                take("recipient", party);
            }
            let reactors = message.reactions.iter().filter_map(|reaction| reaction.by.as_ref());
            for party in reactors {
                take("reaction", party);
            }
            let quoted = message.quoted.as_ref().and_then(|quoted| quoted.sender.as_ref());
            if let Some(party) = quoted {
                take("quoted", party);
            }
            for inside in &message.inside {
                if let Inside::Change { about, .. } = inside {
                    for party in about {
                        take("about", party);
                    }
                }
            }
        }
        What::Call(call) => {
            for party in &call.others {
                take("call", party);
            }
            if let Some(party) = &call.group {
                take("group", party);
            }
        }
        What::Contact(contact) => {
            each_identifier("contact", &contact.names, &contact.identifiers, take);
        }
        What::Account(account) => {
            each_identifier("owner", &account.names, &account.identifiers, take);
        }
        _ => {}
    }
}

/// An entry of an address book is somebody under each of its numbers, with its chief name.
fn each_identifier(
    role: &'static str,
    names: &[String],
    identifiers: &[model::record::Identifier],
    take: &mut dyn FnMut(&'static str, &Party),
) {
    let name = names.first().cloned();
    if identifiers.is_empty() {
        take(role, &Party { id: None, name });
        return;
    }
    for identifier in identifiers {
        take(role, &Party { id: Some(identifier.value.clone()), name: name.clone() });
    }
}

#[cfg(test)]
mod tests {
    use model::record::{Event, Place};

    use super::*;
    use crate::reader::Index;

    fn event(row: i64) -> Record {
        // Invented.
        let text = Some(format!("Ereignis {row} {}", "lang ".repeat(50)));
        let what = What::Event(Box::new(Event { text, ..Event::default() }));
        Record { file: FileNumber(0), place: Place::row("event", row), part: 0, what }
    }

    /// A disk that holds so many pages.
    fn on_a_small_disk(pages: u32, records: i64) -> (Result<Stats, IndexError>, IndexError) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let key = || IndexKey::new([7; 32].into());
        let mut builder = Builder::create(&path, &key()).unwrap();
        // Little memory, so that pages reach the disk before the end.
        let small = format!("PRAGMA max_page_count = {pages}; PRAGMA cache_size = 20;");
        builder.db.execute_batch(&small).unwrap();
        let written = builder.capsule(EntryNumber(1), Digest([1; 32])).and_then(|()| {
            let steps = vec!["events.db".to_owned()];
            builder.file(&FileLine { number: FileNumber(0), steps, leaf: 0, size_bytes: 1, reader: None })?;
            (0..records).try_for_each(|row| builder.record(&event(row)).map(|_| ()))
        });
        let finished = match written {
            Ok(()) => builder.finish(),
            Err(error) => {
                assert!(matches!(builder.record(&event(0)), Err(IndexError::Failed)));
                assert!(matches!(builder.finish(), Err(IndexError::Failed)));
                Err(error)
            }
        };
        (finished, Index::open(&path, &key()).err().unwrap_or(IndexError::Failed))
    }

    #[test]
    fn a_full_disk_is_said_at_whatever_page_it_comes() {
        let mut ends = [0, 0];
        for pages in (45..400).step_by(7) {
            let (finished, opened) = on_a_small_disk(pages, 700);
            match finished {
                Ok(stats) => {
                    assert_eq!(stats.records, 700);
                    ends[0] += 1;
                }
                Err(IndexError::Full) => {
                    assert!(
                        matches!(opened, IndexError::Unfinished | IndexError::Damaged),
                        "{pages}: {opened:?}"
                    );
                    ends[1] += 1;
                }
                Err(other) => panic!("{pages}: {other:?}"),
            }
        }
        assert!(ends[0] > 2 && ends[1] > 10, "{ends:?}");
    }
}
