//! What the list of a phone backup says of one file: the archived `MBFile` in the column `file`.
//!
//! Fields as seen in backups of iOS 10 to 18 (mvt's samples, crabapple 0.4.8): size, time of change in Unix
//! seconds, and the wrapped key behind four bytes of its protection class.

use model::FileTime;

use super::bplist::{Object, PropertyList};

/// Class and wrapped key.
pub(super) const KEY_BYTES: usize = 44;

/// What is needed of it.
pub(super) struct FileRecord {
    /// How many bytes the file has.
    pub(super) size_bytes: u64,
    /// When it was last modified.
    pub(super) modified: Option<FileTime>,
    /// Class and wrapped key, if it is encrypted.
    pub(super) key: Option<FileKey>,
}

/// How a file's key is there.
#[derive(Clone, Copy)]
pub(super) enum FileKey {
    /// Class (little-endian) and wrapped key.
    Wrapped([u8; KEY_BYTES]),
    /// In a form that is not known.
    Unknown,
}

impl FileRecord {
    /// Reads the archive; none if it is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let list = PropertyList::parse(bytes)?;
        let archive = list.top()?;
        let objects = list.get(archive, b"$objects")?;
        let followed = |object: Object<'_>| match object {
            Object::Uid(number) => list.element(objects, number),
            _ => None,
        };
        let root = list.get(list.get(archive, b"$top")?, b"root")?;
        let file = if let Object::Uid(number) = root { list.element(objects, number)? } else { return None };
        let mut found = Self { size_bytes: 0, modified: None, key: None };
        let mut has_size = false;
        for (name, value) in list.pairs(file) {
            match name {
                b"Size" => {
                    if let Some(Object::Number(size)) = list.object(value) {
                        found.size_bytes = u64::try_from(size).ok()?;
                        has_size = true;
                    }
                }
                b"LastModified" => {
                    if let Some(Object::Number(seconds)) = list.object(value) {
                        found.modified = Some(FileTime { seconds, nanoseconds: 0 });
                    }
                }
                b"EncryptionKey" => {
                    let object = list.object(value).map(|object| followed(object).unwrap_or(object));
                    found.key = object.and_then(|object| key(&list, object));
                }
                _ => {}
            }
        }
        has_size.then_some(found)
    }
}

/// The key out of an `NSData`, or plain bytes; none for `$null`.
fn key(list: &PropertyList<'_>, object: Object<'_>) -> Option<FileKey> {
    let bytes = match object {
        Object::Data(bytes) => Some(bytes),
        Object::Dictionary(_) => match list.get(object, b"NS.data") {
            Some(Object::Data(bytes)) => Some(bytes),
            _ => None,
        },
        Object::Text(b"$null") => return None,
        _ => None,
    };
    Some(bytes.and_then(|bytes| bytes.try_into().ok()).map_or(FileKey::Unknown, FileKey::Wrapped))
}
