//! Encrypted backups of WhatsApp on Android (`msgstore.db.crypt12`, `.crypt14`, `.crypt15` and the like): one
//! file inside, as it was before.
//!
//! Layouts from ElDavoo/wa-crypt-tools 57ec632, checked against its samples. Keys are the files `key` and
//! `encrypted_backup.key` anywhere in the tree, and passwords of 64 hexadecimal digits. Nothing is given out
//! before the tag of AES-GCM was checked. Deliberately absent: crypt5 to crypt10, and backups locked with a
//! password, whose key is kept by WhatsApp.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::ZlibDecoder;
use model::ReadAt;
use model::record::ProblemKind;
use seal::foreign::{
    AesKey, Crypt15Purpose, ForeignError, ForeignMd5, GcmIv, GcmTag, GcmView, Part, WhatsappKey,
};

use super::bytes::read_at;
use super::{Container, Opened, Opening, Turn};
use crate::tree::{Candidate, Child, Content, Plain, ReadFrom, Unpacked};
use crate::wire;

/// No key file is longer.
const KEY_FILE_BYTES: u64 = 512;

/// No more key files than this are tried.
const KEY_FILES: usize = 64;

/// The format.
pub(super) struct WhatsappCrypt;

impl Container for WhatsappCrypt {
    fn name(&self) -> &'static str {
        "whatsapp_crypt"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let ending = candidate.entry().extension();
        is_crypt(&ending) && Header::parse(candidate.head(), &ending).is_some()
    }

    fn turn(&self, name: &str) -> Turn {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let is_named = ending.is_some_and(|ending| is_crypt(&ending.to_ascii_lowercase()));
        if is_named { Turn::Last } else { Turn::InOrder }
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(entry) = opening.tree.entry(opening.file) else { return Opened::default() };
        let Ok(bytes) = entry.content().random() else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the backup");
        };
        let ending = entry.extension();
        let head = read_at(&*bytes, 0, 4096).unwrap_or_default();
        let Some(header) = Header::parse(&head, &ending) else {
            return opening.failed(ProblemKind::Damaged, "header of the backup");
        };
        let keys = keys(opening);
        if keys.is_empty() {
            let expected = match header.lock {
                Lock::Root => "the 64 digits or the file encrypted_backup.key",
                Lock::File { .. } => "the file named key",
            };
            return opening.failed(ProblemKind::NeedsKey, expected);
        }
        match header.open(&bytes, &keys) {
            Ok(found) => found.into_opened(opening, inner_name(entry.name(), &ending)),
            Err(ForeignError::WrongKey) => opening.failed(ProblemKind::WrongKey, "the key of this backup"),
            Err(ForeignError::Io(_)) => opening.failed(ProblemKind::Unreadable, "bytes of the backup"),
            Err(_) => opening.failed(ProblemKind::Damaged, "encrypted data that fits its tag"),
        }
    }
}

fn is_crypt(ending: &str) -> bool {
    matches!(ending, "crypt12" | "crypt14" | "crypt15")
}

/// `msgstore.db.crypt14` without its ending.
fn inner_name(name: &str, ending: &str) -> String {
    let length = name.len().saturating_sub(ending.len()).saturating_sub(1);
    name.get(..length).filter(|inner| !inner.is_empty()).unwrap_or("backup").to_owned()
}

/// Every key that may fit, files first.
fn keys(opening: &Opening<'_>) -> Vec<WhatsappKey> {
    let is_key = |name: &str| matches!(name, "key" | "encrypted_backup.key");
    let files = opening
        .tree
        .entries()
        .filter(|(_, entry)| is_key(entry.name()) && (1..=KEY_FILE_BYTES).contains(&entry.size_bytes()));
    let mut keys: Vec<WhatsappKey> = files
        .take(KEY_FILES)
        .filter_map(|(_, entry)| {
            let mut bytes = zeroize::Zeroizing::new(Vec::new());
            entry.content().stream().ok()?.take(KEY_FILE_BYTES).read_to_end(&mut bytes).ok()?;
            WhatsappKey::from_file(&bytes).ok()
        })
        .collect();
    keys.extend(opening.keys.iter().filter_map(|digits| WhatsappKey::from_digits(digits).ok()));
    keys
}

/// What stands before the encrypted data.
struct Header {
    iv: Vec<u8>,
    data_offset: u64,
    lock: Lock,
    /// What stands after the tag, at most.
    footer_bytes: u64,
}

/// What opens the backup.
enum Lock {
    /// The key file with this salt and id.
    File { server_salt: Vec<u8>, google_id: Vec<u8> },
    /// The root of the 64 digits.
    Root,
}

impl Header {
    fn parse(head: &[u8], ending: &str) -> Option<Self> {
        if ending == "crypt12" { Self::parse_12(head) } else { Self::parse_message(head) }
    }

    /// Cipher version (2), key version (1), server salt (32), Google id (16), initialisation vector (16).
    fn parse_12(head: &[u8]) -> Option<Self> {
        let (version, rest) = head.split_first_chunk::<2>()?;
        let (server_salt, rest) = rest.get(1..)?.split_first_chunk::<32>()?;
        let (google_id, rest) = rest.split_first_chunk::<16>()?;
        let iv = rest.get(..16)?.to_vec();
        let lock = Lock::File { server_salt: server_salt.to_vec(), google_id: google_id.to_vec() };
        (*version == [0, 1]).then_some(Self { iv, data_offset: 67, lock, footer_bytes: 20 })
    }

    /// Length, perhaps a mark, and a message: vector and lock in field 2 (crypt14) or 3 (crypt15).
    fn parse_message(head: &[u8]) -> Option<Self> {
        let (length, rest) = head.split_first()?;
        let has_mark = rest.first() == Some(&1);
        let rest = if has_mark { rest.get(1..)? } else { rest };
        let message = rest.get(..usize::from(*length))?;
        let data_offset = u64::from(*length).saturating_add(1).saturating_add(u64::from(has_mark));
        let with = |iv: &[u8], lock| Self { iv: iv.to_vec(), data_offset, lock, footer_bytes: 16 };
        if let Some(cipher) = wire::bytes(message, 3) {
            return Some(with(wire::bytes(cipher, 1).filter(|iv| iv.len() == 16)?, Lock::Root));
        }
        let cipher = wire::bytes(message, 2)?;
        let server_salt = wire::bytes(cipher, 3)?.to_vec();
        let google_id = wire::bytes(cipher, 4)?.to_vec();
        let iv = wire::bytes(cipher, 5).filter(|iv| iv.len() == 16)?;
        Some(with(iv, Lock::File { server_salt, google_id }))
    }

    /// The plaintext with the first key that fits. With the footer first: tag, then MD5; the backups in
    /// several files end with the tag.
    fn open(&self, bytes: &Arc<dyn ReadAt>, keys: &[WhatsappKey]) -> Result<Plaintext, ForeignError> {
        let keys: Vec<AesKey> = keys.iter().filter_map(|key| self.key(key)).collect();
        if keys.is_empty() {
            return Err(ForeignError::WrongKey);
        }
        for footer_bytes in [self.footer_bytes, 0] {
            for key in &keys {
                match self.verify(bytes, key, footer_bytes) {
                    Ok(view) => {
                        let has_wrong_md5 = footer_bytes > 0 && !has_own_md5(&**bytes, footer_bytes)?;
                        return Ok(Plaintext { bytes: Arc::new(view), has_wrong_md5 });
                    }
                    Err(ForeignError::Io(error)) => return Err(error.into()),
                    Err(_) => {}
                }
            }
        }
        // A key file that names the same salt was the right one.
        match self.lock {
            Lock::File { .. } => Err(ForeignError::AuthenticationFailed { offset_bytes: self.data_offset }),
            Lock::Root => Err(ForeignError::WrongKey),
        }
    }

    fn key(&self, key: &WhatsappKey) -> Option<AesKey> {
        match &self.lock {
            Lock::Root => key.for_crypt15(Crypt15Purpose::Backup).ok(),
            Lock::File { server_salt, google_id } => {
                AesKey::new(key.for_crypt14(server_salt, google_id).ok()?.as_bytes()).ok()
            }
        }
    }

    fn verify(
        &self,
        bytes: &Arc<dyn ReadAt>,
        key: &AesKey,
        footer_bytes: u64,
    ) -> Result<GcmView, ForeignError> {
        let too_short = || ForeignError::BadLength { what: "encrypted part" };
        let tag_offset = bytes.size_bytes().checked_sub(footer_bytes).and_then(|end| end.checked_sub(16));
        let tag_offset = tag_offset.ok_or_else(too_short)?;
        let length = tag_offset.checked_sub(self.data_offset).ok_or_else(too_short)?;
        let tag = read_at(&**bytes, tag_offset, 16)?.try_into().map_err(|_| too_short())?;
        let part = Part::new(Arc::clone(bytes), self.data_offset, length)?;
        GcmView::verify(key, GcmIv(&self.iv), &[], part, GcmTag(tag))
    }
}

/// Whether the MD5 in the footer is that of everything before it.
fn has_own_md5(bytes: &dyn ReadAt, footer_bytes: u64) -> io::Result<bool> {
    const PIECE_BYTES: u64 = 256 << 10;
    let end = bytes.size_bytes().saturating_sub(footer_bytes);
    let mut hash = ForeignMd5::new();
    let mut offset = 0_u64;
    while offset < end {
        let most = usize::try_from(end.saturating_sub(offset).min(PIECE_BYTES)).unwrap_or(0);
        let piece = read_at(bytes, offset, most)?;
        if piece.is_empty() {
            break;
        }
        hash.update(&piece);
        offset = offset.saturating_add(piece.len() as u64);
    }
    Ok(read_at(bytes, end, 16)? == hash.finish())
}

/// A backup whose tag was checked.
struct Plaintext {
    bytes: Arc<dyn ReadAt>,
    has_wrong_md5: bool,
}

impl Plaintext {
    fn into_opened(self, opening: &Opening<'_>, name: String) -> Opened {
        let head = read_at(&*self.bytes, 0, 4).unwrap_or_default();
        let is_zlib =
            matches!(head.first_chunk(), Some([0x78, flags]) if (0x7800 | u16::from(*flags)) % 31 == 0);
        let content: Arc<dyn Content> = if is_zlib {
            let bytes = Arc::clone(&self.bytes);
            let open = move || -> io::Result<Box<dyn Read + Send>> {
                Ok(Box::new(ZlibDecoder::new(ReadFrom::new(Arc::clone(&bytes)))))
            };
            // How large it gets is said nowhere.
            Arc::new(Unpacked::new(0, opening.limits.unpacked_bytes, opening.spools, Box::new(open)))
        } else {
            Arc::new(Plain(self.bytes))
        };
        let child = Child { path: name, modified: None, stored_sha256: None, content };
        let mut opened = Opened { children: vec![child], ..Opened::default() };
        if self.has_wrong_md5 {
            let mut problem = opening.problem(ProblemKind::Damaged, "an MD5 at the end that fits the file");
            "everything; its stronger check value fits".clone_into(&mut problem.kept);
            opened.problems.push(problem);
        }
        opened
    }
}
