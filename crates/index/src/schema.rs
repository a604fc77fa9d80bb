//! The tables of an index.
//!
//! `user_version` holds [`SCHEMA_VERSION`]: any change of these tables, of the stored records (`model`), of
//! the shadow form (`text`) or of what is searched raises it, and an index of another version is made
//! again, never migrated. A record is stored whole (postcard, so numbers stand for the kinds), and beside
//! it only what pages are chosen and ordered by. The two full-text tables hold no text of their own
//! (`content=''`); it stands once, in `shadow`. `words` keeps positions, for phrases. `parts` holds every
//! run of three characters without positions: it only names candidates, and `shadow` decides. Behind every
//! field in `shadow` stand a line end, a character of private use and a line end: so no phrase reaches from
//! one field into the next, and every character begins a run of three, by which `vocabulary` finds shorter
//! terms. A record that says the same as one of another source has a row in `twin`, like that one: `first`
//! is the record that stands for all of them, `place` their order.

/// The version of the tables and of what stands in them.
pub const SCHEMA_VERSION: u32 = 2;

/// The kinds of records; the place in this list stands for the word in `record.kind`.
pub const KINDS: [&str; 10] =
    ["message", "call", "contact", "account", "location", "app", "visit", "media", "event", "file"];

/// Where records without a time stand: last.
pub(crate) const NO_TIME: i64 = i64::MAX;

/// Stands behind every field in `shadow`: a word of its own for the word table. A field holds no line ends.
pub(crate) const FIELD_END: &str = "\n\u{e000}\n";

pub(crate) const TABLES: &str = "
CREATE TABLE capsule(
    number INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, first_file INTEGER NOT NULL) STRICT;
CREATE TABLE file(
    id INTEGER PRIMARY KEY, capsule INTEGER NOT NULL, number INTEGER NOT NULL, steps TEXT NOT NULL,
    leaf INTEGER NOT NULL, size_bytes INTEGER NOT NULL, reader TEXT, reader_version INTEGER NOT NULL,
    records INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE app(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE chat(
    id INTEGER PRIMARY KEY, capsule INTEGER NOT NULL, app INTEGER NOT NULL, file INTEGER NOT NULL,
    source_id TEXT NOT NULL, name TEXT, kind INTEGER NOT NULL, records INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX chat_by_source ON chat(capsule, app, file, source_id);
CREATE TABLE party(
    id INTEGER PRIMARY KEY, capsule INTEGER NOT NULL, app INTEGER NOT NULL, source_id TEXT, name TEXT,
    key BLOB NOT NULL, sent INTEGER NOT NULL DEFAULT 0, named INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX party_by_source ON party(capsule, app, source_id, name);
CREATE INDEX party_by_key ON party(key);
CREATE TABLE seen(
    party INTEGER NOT NULL, order_ms INTEGER NOT NULL, record INTEGER NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY(party, order_ms, record, role)) STRICT, WITHOUT ROWID;
CREATE TABLE partner(
    party INTEGER NOT NULL, chat INTEGER NOT NULL, PRIMARY KEY(party, chat)) STRICT, WITHOUT ROWID;
CREATE TABLE record(
    id INTEGER PRIMARY KEY, key BLOB NOT NULL, capsule INTEGER NOT NULL, file INTEGER NOT NULL,
    kind INTEGER NOT NULL, app INTEGER, chat INTEGER, sender INTEGER, order_ms INTEGER NOT NULL,
    second_ms INTEGER, attachments INTEGER NOT NULL, sign INTEGER, clock INTEGER, body BLOB NOT NULL) STRICT;
CREATE INDEX record_by_second ON record(second_ms, order_ms) WHERE second_ms IS NOT NULL;
CREATE INDEX record_with_attachment ON record(order_ms) WHERE attachments > 0;
CREATE TABLE signed_file(file INTEGER PRIMARY KEY) STRICT;
CREATE TABLE twin(
    record INTEGER PRIMARY KEY, first INTEGER NOT NULL, place INTEGER NOT NULL) STRICT;
CREATE INDEX twin_by_first ON twin(first, place);
CREATE TABLE point(
    order_ms INTEGER NOT NULL, record INTEGER NOT NULL, number INTEGER NOT NULL, x REAL NOT NULL,
    y REAL NOT NULL, z REAL NOT NULL, PRIMARY KEY(order_ms, record, number)) STRICT, WITHOUT ROWID;
CREATE TABLE cell(
    cell INTEGER NOT NULL, order_ms INTEGER NOT NULL, record INTEGER NOT NULL, number INTEGER NOT NULL,
    x REAL NOT NULL, y REAL NOT NULL, z REAL NOT NULL,
    PRIMARY KEY(cell, order_ms, record, number)) STRICT, WITHOUT ROWID;
CREATE TABLE located(records INTEGER NOT NULL) STRICT;
CREATE TABLE day(
    sort INTEGER NOT NULL, of INTEGER NOT NULL, day INTEGER NOT NULL, records INTEGER NOT NULL,
    PRIMARY KEY(sort, of, day)) STRICT, WITHOUT ROWID;
CREATE TABLE shadow(id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE media(
    record INTEGER NOT NULL, number INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT, file INTEGER,
    PRIMARY KEY(record, number)) STRICT, WITHOUT ROWID;
CREATE TABLE problem(
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, units INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE counted(
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, in_source INTEGER NOT NULL, records INTEGER NOT NULL,
    continuations INTEGER NOT NULL, system INTEGER NOT NULL, problems INTEGER NOT NULL,
    body BLOB NOT NULL) STRICT;
CREATE TABLE tally(
    kind INTEGER NOT NULL, app INTEGER, capsule INTEGER NOT NULL, records INTEGER NOT NULL,
    with_attachment INTEGER NOT NULL) STRICT;
CREATE TABLE doubled(keys INTEGER NOT NULL) STRICT;
CREATE TABLE finished(at INTEGER PRIMARY KEY) STRICT;
";

/// The full-text tables.
pub(crate) fn text_tables() -> String {
    let (words, parts) = (text::WORD_TOKENIZER, text::TRIGRAM_TOKENIZER);
    format!(
        "CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, tokenize=\"{words}\");
         CREATE VIRTUAL TABLE parts USING fts5(
             text, content='', columnsize=0, detail=none, tokenize=\"{parts}\");
         CREATE VIRTUAL TABLE vocabulary USING fts5vocab(parts, row);"
    )
}

/// Made when everything is in: sorting once is cheaper than keeping order a million times. Those that hold
/// few records stand with the tables, because making them later reads every record.
pub(crate) const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS record_by_key ON record(key);
CREATE INDEX IF NOT EXISTS record_by_time ON record(order_ms);
CREATE INDEX IF NOT EXISTS record_by_kind ON record(kind, order_ms);
CREATE INDEX IF NOT EXISTS record_by_app ON record(app, order_ms) WHERE app IS NOT NULL;
CREATE INDEX IF NOT EXISTS record_by_file ON record(file, order_ms);
CREATE INDEX IF NOT EXISTS record_by_chat ON record(chat, order_ms) WHERE chat IS NOT NULL;
CREATE INDEX IF NOT EXISTS record_by_sender ON record(sender, order_ms) WHERE sender IS NOT NULL;
CREATE INDEX IF NOT EXISTS problem_by_file ON problem(file);
CREATE INDEX IF NOT EXISTS counted_by_file ON counted(file);
";

/// What reading needs to know before it chooses a way.
pub(crate) const FIGURES: &str = "
UPDATE file SET records = (SELECT count(*) FROM record WHERE record.file = file.id);
UPDATE chat SET records = (SELECT count(*) FROM record WHERE record.chat = chat.id);
UPDATE party SET sent = (SELECT count(*) FROM record WHERE record.sender = party.id),
    named = (SELECT count(DISTINCT record) FROM seen WHERE seen.party = party.id);
INSERT OR IGNORE INTO partner SELECT party.id, chat.id FROM chat CROSS JOIN party INDEXED BY party_by_source
    ON party.capsule = chat.capsule AND party.app = chat.app AND party.source_id = chat.source_id
    WHERE chat.kind = 1;
DELETE FROM located;
INSERT INTO located SELECT count(*) FROM point;
DELETE FROM doubled;
INSERT INTO doubled SELECT count(*) FROM (SELECT 1 FROM record GROUP BY key HAVING count(*) > 1);
";
