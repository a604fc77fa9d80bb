//! `Manifest.plist` of a phone backup: whether it is encrypted, and the keys that the password opens.
//!
//! As in jsharkey's iphone_backup.py and crabapple 0.4.8 (read 2026-11). Binary lists are looked at in place;
//! XML goes through the `plist` crate, after a look at how deep it nests.

use std::io::Cursor;

use model::record::ProblemKind;
use plist::Value;
use seal::foreign::{ClassKeys, ForeignError, Keybag};

use super::super::Opening;
use super::bplist::{Object, PropertyList};

/// What is needed of it.
#[derive(Default)]
pub(super) struct Manifest {
    is_encrypted: bool,
    keybag: Option<Vec<u8>>,
    /// The class and the wrapped key of `Manifest.db`; backups before iOS 10.2 have none.
    pub(super) database_key: Option<Vec<u8>>,
}

impl Manifest {
    /// Reads either form; none if it is neither.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let Some(list) = PropertyList::parse(bytes) else { return Self::parse_xml(bytes) };
        let top = list.top()?;
        let data = |key: &[u8]| match list.get(top, key) {
            Some(Object::Data(bytes)) => Some(bytes.to_vec()),
            _ => None,
        };
        Some(Self {
            is_encrypted: list.get(top, b"IsEncrypted") == Some(Object::Truth(true)),
            keybag: data(b"BackupKeyBag"),
            database_key: data(b"ManifestKey"),
        })
    }

    fn parse_xml(bytes: &[u8]) -> Option<Self> {
        if !is_shallow(bytes) {
            return None;
        }
        let value = Value::from_reader_xml(Cursor::new(bytes)).ok()?;
        let top = value.as_dictionary()?;
        let data = |key: &str| top.get(key).and_then(Value::as_data).map(<[u8]>::to_vec);
        Some(Self {
            is_encrypted: top.get("IsEncrypted").and_then(Value::as_boolean).unwrap_or(false),
            keybag: data("BackupKeyBag"),
            database_key: data("ManifestKey"),
        })
    }

    /// Whether a password is needed.
    pub(super) fn is_encrypted(&self) -> bool {
        self.is_encrypted || self.database_key.is_some()
    }

    /// The keys that one of the passwords opens.
    pub(super) fn unlock(&self, opening: &Opening<'_>) -> Result<ClassKeys, (ProblemKind, &'static str)> {
        let damaged = (ProblemKind::Damaged, "the keybag of the backup");
        let keybag = self.keybag.as_deref().ok_or(damaged)?;
        let keybag = Keybag::parse(keybag).map_err(|_| damaged)?;
        if opening.keys.is_empty() {
            return Err((ProblemKind::NeedsKey, "the password of the backup"));
        }
        for password in opening.keys.iter() {
            match keybag.unlock(password, opening.limits.key_rounds) {
                Ok(keys) => return Ok(keys),
                Err(ForeignError::WrongKey) => {}
                Err(ForeignError::TooManyRounds { .. }) => {
                    return Err((ProblemKind::Limit, "fewer rounds of key derivation"));
                }
                Err(_) => return Err(damaged),
            }
        }
        Err((ProblemKind::WrongKey, "the password of the backup"))
    }
}

/// Whether arrays and dictionaries nest less deeply than the XML reader can take.
fn is_shallow(bytes: &[u8]) -> bool {
    const MOST: usize = 64;
    let mut depth = 0_usize;
    for at in memchr::memchr_iter(b'<', bytes) {
        let tag = bytes.get(at.saturating_add(1)..).unwrap_or_default();
        if tag.starts_with(b"array") || tag.starts_with(b"dict") {
            depth = depth.saturating_add(1);
        } else if tag.starts_with(b"/array") || tag.starts_with(b"/dict") {
            depth = depth.saturating_sub(1);
        }
        if depth > MOST {
            return false;
        }
    }
    true
}
