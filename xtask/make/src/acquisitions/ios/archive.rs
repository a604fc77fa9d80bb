//! What stands in `Manifest.db` for a file: an `MBFile` of NSKeyedArchiver as a binary property list.

use plist::{Dictionary, Uid, Value};

use super::locked::CLASS;
use crate::acquisitions::Outcome;

/// A file or folder as it is listed.
pub(super) struct Listed<'l> {
    pub(super) path: &'l str,
    pub(super) size: u64,
    pub(super) modified: i64,
    pub(super) mode: u32,
    /// Its wrapped key with the class in front, if it is locked.
    pub(super) key: Option<Vec<u8>>,
}

/// A dictionary of these pairs.
pub(super) fn dictionary(pairs: Vec<(&str, Value)>) -> Value {
    Value::Dictionary(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Dictionary>())
}

/// A binary property list.
pub(super) fn binary(value: &Value) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    value.to_writer_binary(&mut bytes)?;
    Ok(bytes)
}

/// The archive of a file.
pub(super) fn archived(listed: &Listed<'_>) -> Outcome<Vec<u8>> {
    let number = |number: i64| Value::Integer(number.into());
    let uid = |number| Value::Uid(Uid::new(number));
    let class = |names: &[&str]| {
        let names = names.iter().map(|name| Value::String((*name).to_owned()));
        ("$classes", Value::Array(names.collect()))
    };
    let mut file = vec![
        ("$class", uid(3)),
        ("Birth", number(listed.modified - 86_400)),
        ("Flags", number(0)),
        ("GroupID", number(501)),
        ("InodeNumber", number(4711)),
        ("LastModified", number(listed.modified)),
        ("LastStatusChange", number(listed.modified)),
        ("Mode", number(listed.mode.into())),
        ("ProtectionClass", number(CLASS.into())),
        ("RelativePath", uid(2)),
        ("Size", Value::Integer(listed.size.into())),
        ("UserID", number(501)),
    ];
    let mut objects = vec![
        Value::String("$null".into()),
        Value::Boolean(false),
        Value::String(listed.path.into()),
        dictionary(vec![class(&["MBFile", "NSObject"]), ("$classname", Value::String("MBFile".into()))]),
    ];
    if let Some(key) = &listed.key {
        file.push(("EncryptionKey", uid(4)));
        objects.push(dictionary(vec![("$class", uid(5)), ("NS.data", Value::Data(key.clone()))]));
        objects.push(dictionary(vec![
            class(&["NSMutableData", "NSData", "NSObject"]),
            ("$classname", Value::String("NSMutableData".into())),
        ]));
    }
    if let Some(slot) = objects.get_mut(1) {
        *slot = dictionary(file);
    }
    binary(&dictionary(vec![
        ("$archiver", Value::String("NSKeyedArchiver".into())),
        ("$objects", Value::Array(objects)),
        ("$top", dictionary(vec![("root", uid(1))])),
        ("$version", number(100_000)),
    ]))
}
