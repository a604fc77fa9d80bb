//! Backups of Signal of the second kind as a phone writes them into a folder: `metadata`, `main`, `files`.
//! The frames in `main` come out as one file, `frames.binproto`.
//!
//! Follows signalapp/libsignal rust/message-backup (b056faa, 2026) and Signal-Android's local archive
//! (2025): every key comes from the 64 characters of the recovery key by HKDF-SHA-256; `main` is a vector,
//! AES-256-CBC over gzip over the frames, zeros behind the gzip, and an HMAC-SHA-256 over all of it, which
//! is checked before anything is given out. Deliberately absent: the files of attachments beside the
//! folder, each under a key of its own, and the form that lies on Signal's servers.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::GzDecoder;
use model::ReadAt;
use model::record::ProblemKind;
use seal::foreign::{
    AesKey, CbcEnding, CbcView, Counter, ForeignError, ForeignHmacSha256, Padding, Part, Secret, ctr_decrypt,
    foreign_hkdf_sha256,
};
use zeroize::Zeroizing;

use super::bytes::read_at;
use super::{Container, Opened, Opening};
use crate::tree::{Candidate, Child, PartAt, ReadFrom, Unpacked};
use crate::wire;

/// Characters of a recovery key.
const KEY_CHARACTERS: usize = 64;
/// Bytes of the vector in front.
const IV_BYTES: u64 = 16;
/// Bytes of the check value behind.
const MAC_BYTES: u64 = 32;
/// More than any `metadata` has.
const METADATA_BYTES: usize = 4096;

/// The format.
pub(super) struct SignalSnapshot;

impl Container for SignalSnapshot {
    fn name(&self) -> &'static str {
        "signal_snapshot"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        if candidate.entry().name() != "main" {
            return false;
        }
        let beside = candidate.tree().sibling(candidate.number(), "metadata");
        let metadata = beside.and_then(|number| Candidate::new(candidate.tree(), number));
        metadata.is_some_and(|metadata| EncryptedId::parse(metadata.head()).is_some())
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let beside = |name| opening.tree.sibling(opening.file, name);
        let metadata = beside("metadata").and_then(|number| opening.tree.entry(number));
        let metadata = metadata.and_then(|entry| {
            let bytes = entry.content().random().ok()?;
            EncryptedId::parse(&read_at(&*bytes, 0, METADATA_BYTES).ok()?)
        });
        let main = opening.tree.entry(opening.file).and_then(|entry| entry.content().random().ok());
        let (Some(id), Some(main)) = (metadata, main) else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the backup");
        };
        let body = match main.size_bytes().checked_sub(IV_BYTES + MAC_BYTES) {
            Some(body) if body > 0 && body.is_multiple_of(16) => body,
            _ => return opening.failed(ProblemKind::Truncated, "whole blocks and a check value"),
        };
        let keys: Vec<Zeroizing<String>> = opening.keys.iter().filter_map(recovery_key).collect();
        if keys.is_empty() {
            return opening.failed(ProblemKind::NeedsKey, "the recovery key of 64 characters");
        }
        for key in &keys {
            match unlock(key, &id, &main, body) {
                Ok(view) => {
                    let takes = ["metadata", "files"].into_iter().filter_map(beside).collect();
                    return Opened { children: vec![frames(opening, view)], takes, ..Opened::default() };
                }
                Err(ForeignError::AuthenticationFailed { .. }) => {}
                Err(ForeignError::Io(_)) => {
                    return opening.failed(ProblemKind::Unreadable, "bytes of the backup");
                }
                Err(_) => return opening.failed(ProblemKind::Damaged, "encrypted data with its padding"),
            }
        }
        opening.failed(ProblemKind::WrongKey, "the recovery key of this backup, and bytes that fit it")
    }
}

/// The backup's id as it stands in `metadata`: field 2, with vector (1) and ciphertext (2).
struct EncryptedId {
    iv: [u8; 16],
    bytes: [u8; 16],
}

impl EncryptedId {
    fn parse(metadata: &[u8]) -> Option<Self> {
        let id = wire::bytes(metadata, 2)?;
        let short: [u8; 12] = wire::bytes(id, 1)?.try_into().ok()?;
        let mut iv = [0; 16];
        iv.iter_mut().zip(short).for_each(|(to, from)| *to = from);
        Some(Self { iv, bytes: wire::bytes(id, 2)?.try_into().ok()? })
    }
}

/// A recovery key as Signal computes with it: small letters, no spaces, and two signs that it shows for
/// letters which are easily mistaken.
fn recovery_key(shown: &str) -> Option<Zeroizing<String>> {
    let signs = shown.chars().filter(|sign| !sign.is_whitespace() && *sign != '-');
    let plain = signs.map(|sign| match sign.to_ascii_lowercase() {
        '#' => 'o',
        '=' => '0',
        other => other,
    });
    let key = Zeroizing::new(plain.collect::<String>());
    let fits = key.len() == KEY_CHARACTERS && key.bytes().all(|sign| sign.is_ascii_alphanumeric());
    fits.then_some(key)
}

/// The plaintext, once its check value fits.
fn unlock(key: &str, id: &EncryptedId, main: &Arc<dyn ReadAt>, body: u64) -> Result<CbcView, ForeignError> {
    let derive =
        |secret: &Secret, info: &[u8], bytes| foreign_hkdf_sha256(secret.as_bytes(), &[], info, bytes);
    let root = foreign_hkdf_sha256(key.as_bytes(), &[], b"20240801_SIGNAL_BACKUP_KEY", 32)?;
    let metadata_key = derive(&root, b"20241011_SIGNAL_LOCAL_BACKUP_METADATA_KEY", 32)?;
    let mut backup_id = id.bytes;
    ctr_decrypt(&metadata_key.to_aes_key()?, Counter::BigEndian128, &id.iv, &mut backup_id)?;
    let info = [b"20241007_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:".as_slice(), &backup_id].concat();
    let keys = derive(&root, &info, 64)?;
    let (mac_key, cipher_key) = keys.as_bytes().split_at_checked(32).unwrap_or_default();
    check(mac_key, main)?;
    let iv = read_at(&**main, 0, 16)?.try_into().map_err(|_| ForeignError::BadLength { what: "vector" })?;
    let part = Part::new(Arc::clone(main), IV_BYTES, body)?;
    CbcView::new(&AesKey::new(cipher_key)?, &iv, part, CbcEnding::Padding(Padding::Pkcs7))
}

/// Compares the check value with everything before it.
fn check(mac_key: &[u8], main: &Arc<dyn ReadAt>) -> Result<(), ForeignError> {
    let covered = main.size_bytes().saturating_sub(MAC_BYTES);
    let mut mac = ForeignHmacSha256::new(mac_key)?;
    let mut stream = ReadFrom::new(Arc::new(PartAt::new(Arc::clone(main), 0, covered)));
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = stream.read(&mut buffer)?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        mac.update(piece);
    }
    let fits = mac.matches(&read_at(&**main, covered, 32)?);
    if fits { Ok(()) } else { Err(ForeignError::AuthenticationFailed { offset_bytes: 0 }) }
}

/// The frames as a file; how long they are, the backup does not say.
fn frames(opening: &Opening<'_>, view: CbcView) -> Child {
    let view: Arc<dyn ReadAt> = Arc::new(view);
    let open = move || -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(GzDecoder::new(ReadFrom::new(Arc::clone(&view)))))
    };
    let content = Unpacked::new(0, opening.limits.unpacked_bytes, opening.spools, Box::new(open));
    let path = "frames.binproto".to_owned();
    Child { path, modified: None, stored_sha256: None, content: Arc::new(content) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_key_is_read_as_it_is_shown() {
        let shown = "ABCD EFGH #### ==== ".repeat(4);
        let key = recovery_key(&shown).unwrap();
        assert_eq!(key.as_str(), "abcdefghoooo0000".repeat(4));
        for wrong in ["", "1234", &"a".repeat(65), &"ä".repeat(32)] {
            assert!(recovery_key(wrong).is_none(), "{wrong}");
        }
    }
}
