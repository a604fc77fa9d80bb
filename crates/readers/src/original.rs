//! The original bytes behind a record: every statement leads back to them.

use std::io;

use model::record::{FileNumber, Place};
use source::tree::Tree;

/// The bytes of a place, at most `most_bytes` of them; for a row of a database its values, one a line.
pub fn original(tree: &Tree, file: FileNumber, place: &Place, most_bytes: usize) -> io::Result<Vec<u8>> {
    let entry = tree.entry(file).ok_or(io::ErrorKind::NotFound)?;
    let (offset, length) = match place {
        Place::Whole => (0, entry.size_bytes()),
        Place::Bytes { offset, length } => (*offset, *length),
        Place::Row { .. } => return Err(io::ErrorKind::Unsupported.into()),
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
