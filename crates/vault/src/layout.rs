//! The names of the files of a case (docs/format.md, section 1).

use model::EntryNumber;

pub(crate) const CASE_JSON: &str = "case.json";
pub(crate) const RECIPIENT_NOTE: &str = "keys/recipient.note";
pub(crate) const CHECKPOINT: &str = "log/checkpoint";
pub(crate) const LEAVES: &str = "log/leaves";
pub(crate) const VKEYS: &str = "log/vkeys";
/// The index, the insights worked out from it, and those being made that will take their places, with what
/// the database puts beside them.
pub(crate) const INDEX: [&str; 16] = [
    "index.db",
    "index.db-journal",
    "index.db-shm",
    "index.db-wal",
    "index.db.new",
    "index.db.new-journal",
    "index.db.new-shm",
    "index.db.new-wal",
    "insight.db",
    "insight.db-journal",
    "insight.db-shm",
    "insight.db-wal",
    "insight.db.new",
    "insight.db.new-journal",
    "insight.db.new-shm",
    "insight.db.new-wal",
];

/// A line of `log/leaves`: 64 hexadecimal digits and a line feed.
pub(crate) const LEAF_LINE_BYTES: u64 = 65;

/// Most bytes of a small file of a case: note, keyring, list of keys.
pub(crate) const SMALL_FILE_BYTES: u64 = 1 << 20;

/// Most bytes of the sealed body of an entry: the body, the age header, the frames of its chunks.
pub(crate) const SEALED_BODY_BYTES: u64 = (1 << 20) + (128 << 10);

pub(crate) fn keyring(holder: &str) -> String {
    format!("keys/{holder}.age")
}

pub(crate) fn epoch(number: u64) -> String {
    format!("keys/epoch-{number}.age")
}

pub(crate) fn entry(number: EntryNumber) -> String {
    format!("log/entries/{}.age", number.file_stem())
}

pub(crate) fn open_body(number: EntryNumber) -> String {
    format!("log/open/{}.json", number.file_stem())
}

/// The folder of the branch that an entry joined, with `/` at its end.
pub(crate) fn fork(number: EntryNumber) -> String {
    format!("log/forks/{}/", number.file_stem())
}

pub(crate) fn pending(number: EntryNumber, key: &str) -> String {
    format!("pending/{}/{key}", number.file_stem())
}

/// The number of an entry in a file name: decimal, at least six digits, no more zeros than needed.
pub(crate) fn number(stem: &str) -> Option<EntryNumber> {
    let number = EntryNumber(stem.parse().ok()?);
    (number.file_stem() == stem).then_some(number)
}

/// The number in a name like `log/entries/000017.age`.
pub(crate) fn number_in(name: &str, before: &str, after: &str) -> Option<EntryNumber> {
    number(name.strip_prefix(before)?.strip_suffix(after)?)
}

/// The number at the start of `capsules/<n>-<h>.age`.
pub(crate) fn capsule_number(name: &str) -> Option<EntryNumber> {
    number(name.strip_prefix("capsules/")?.split_once('-')?.0)
}

/// Whether a file of `keys/` is a sealed one.
pub(crate) fn is_key(name: &str) -> bool {
    name.strip_prefix("keys/").is_some_and(|name| name.strip_suffix(".age").is_some())
}

/// Whether a finished act may put a file of this name.
pub(crate) fn may_be_put(name: &str) -> bool {
    name == VKEYS || ["keys/", "capsules/", "log/forks/"].iter().any(|folder| name.starts_with(folder))
}

/// Whether a finished act may remove a file of this name.
pub(crate) fn may_be_removed(name: &str) -> bool {
    INDEX.contains(&name)
        || ["keys/", "capsules/", "log/forks/", "log/entries/"].iter().any(|folder| name.starts_with(folder))
}
