//! The tables of the second cache.
//!
//! `user_version` holds [`INSIGHT_VERSION`]; a file of another version is made again, never migrated. A hint
//! stands once in `hint` and once in `marked` for each beginning of its code up to a dot, the empty one
//! included; so every list of hints is one walk through `marked` in the order of time. All order is kept
//! while writing: nothing is sorted at the end, and memory stays flat.

/// The version of the tables.
pub const INSIGHT_VERSION: u32 = 1;

pub(super) const TABLES: &str = "
CREATE TABLE code(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, hints INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE hint(
    id INTEGER PRIMARY KEY, order_ms INTEGER NOT NULL, record INTEGER NOT NULL, part INTEGER NOT NULL,
    from_byte INTEGER NOT NULL, until_byte INTEGER NOT NULL, code INTEGER NOT NULL, language TEXT NOT NULL,
    rule TEXT NOT NULL, facts TEXT NOT NULL) STRICT;
CREATE INDEX hint_by_record ON hint(record);
CREATE INDEX hint_by_code ON hint(code, record);
CREATE TABLE marked(
    code INTEGER NOT NULL, order_ms INTEGER NOT NULL, record INTEGER NOT NULL, hint INTEGER NOT NULL,
    PRIMARY KEY(code, order_ms, record, hint)) STRICT, WITHOUT ROWID;
CREATE TABLE identifier(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, shown TEXT NOT NULL,
    occurrences INTEGER NOT NULL DEFAULT 0, first_ms INTEGER, last_ms INTEGER, UNIQUE(kind, key)) STRICT;
CREATE INDEX identifier_by_kind ON identifier(kind);
CREATE TABLE occurrence(
    identifier INTEGER NOT NULL, order_ms INTEGER NOT NULL, record INTEGER NOT NULL, part INTEGER NOT NULL,
    from_byte INTEGER NOT NULL, until_byte INTEGER NOT NULL,
    PRIMARY KEY(identifier, order_ms, record, part, from_byte, until_byte)) STRICT, WITHOUT ROWID;
CREATE TABLE basis(text TEXT NOT NULL) STRICT;
CREATE TABLE finished(at INTEGER PRIMARY KEY) STRICT;
";

/// What reading needs to know before it chooses a way. The time of a record without one is the greatest
/// number and counts for none.
pub(super) const FIGURES: &str = "
UPDATE code SET hints = (SELECT count(*) FROM marked WHERE marked.code = code.id);
UPDATE identifier SET (occurrences, first_ms, last_ms) = (
    SELECT count(*), min(order_ms) FILTER (WHERE order_ms < 9223372036854775807),
           max(order_ms) FILTER (WHERE order_ms < 9223372036854775807)
    FROM occurrence WHERE occurrence.identifier = identifier.id);
";
