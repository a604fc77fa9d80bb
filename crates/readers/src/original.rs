//! The original bytes behind a record: every statement leads back to them.

use std::io;

use model::ReadLimits;
use model::record::{FileNumber, Place};
use source::tree::Tree;
use sqlite::{Database, Limits, Value};

use crate::database::write_ahead_log;

/// The bytes of a place, at most `most_bytes` of them; for a row of a database where it lies and its values,
/// one a line.
pub fn original(
    tree: &Tree,
    file: FileNumber,
    place: &Place,
    limits: &ReadLimits,
    most_bytes: usize,
) -> io::Result<Vec<u8>> {
    let entry = tree.entry(file).ok_or(io::ErrorKind::NotFound)?;
    let (offset, length) = match place {
        Place::Whole => (0, entry.size_bytes()),
        Place::Bytes { offset, length } => (*offset, *length),
        Place::Row { table, row: number } => {
            let mut text = row(tree, file, (table, *number), limits)?.into_bytes();
            text.truncate(most_bytes);
            return Ok(text);
        }
    };
    let bytes = entry.content().random()?;
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(most_bytes);
    let mut found = vec![0; length];
    let mut done = 0;
    while let Some(room) = found.get_mut(done..).filter(|room| !room.is_empty()) {
        let count = bytes.read_at(room, offset.saturating_add(done as u64))?;
        if count == 0 {
            break;
        }
        done = done.saturating_add(count);
    }
    found.truncate(done);
    Ok(found)
}

/// A row as text: where it lies, then each column with its value; bytes in hexadecimal digits.
fn row(tree: &Tree, file: FileNumber, of: (&str, i64), limits: &ReadLimits) -> io::Result<String> {
    let entry = tree.entry(file).ok_or(io::ErrorKind::NotFound)?;
    let log = write_ahead_log(tree, file).and_then(|log| tree.entry(log));
    let log = log.map(|entry| entry.content().random()).transpose()?;
    let limits = Limits { payload_bytes: limits.unit_bytes, ..Limits::DEFAULT };
    let database = Database::open(entry.content().random()?, log, limits).map_err(io::Error::other)?;
    let table = database.table(of.0).ok_or(io::ErrorKind::NotFound)?;
    let found = database.row(table, of.1).map_err(io::Error::other)?.ok_or(io::ErrorKind::NotFound)?;
    let (row, mut text) = (found.row(), String::new());
    let place = row.place();
    let head = format!("{}, page {}, {} at {}", table.name(), place.page, place.file, place.offset_bytes);
    text.push_str(&head);
    text.push('\n');
    for column in table.columns() {
        text.push_str(column.name());
        text.push_str(" = ");
        value(row.get(table.column(column.name())), &mut text);
        text.push('\n');
    }
    Ok(text)
}

fn value(value: Value<'_>, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Integer(number) => text.push_str(&number.to_string()),
        Value::Real(number) => text.push_str(&number.to_string()),
        Value::Text(words) => text.push_str(&words.lossy()),
        Value::Blob(bytes) => text.push_str(&model::encode_hex(bytes)),
    }
}
