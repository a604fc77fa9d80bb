//! The keys of WhatsApp's Android backups (crypt12, crypt14, crypt15): the key file or the 64 hex digits, and
//! the AES key for a backup out of them.
//!
//! Layouts from ElDavoo/wa-crypt-tools 57ec632, checked against its sample files. Key files are a byte array
//! as Java serialises it. Deliberately absent: the header of the backup (the reader's work; it is a protobuf)
//! and backups locked with a password, whose key is kept by WhatsApp.

use super::{AesKey, ForeignError, Secret};
use crate::hmac_sha256;
use zeroize::Zeroizing;

/// What Java writes before the bytes of a `byte[]`, up to the length.
const JAVA_BYTE_ARRAY: &[u8] = &[
    0xac, 0xed, 0x00, 0x05, 0x75, 0x72, 0x00, 0x02, 0x5b, 0x42, 0xac, 0xf3, 0x17, 0xf8, 0x06, 0x08, 0x54,
    0xe0, 0x02, 0x00, 0x00, 0x78, 0x70,
];

/// No key file is longer.
const MAX_FILE_BYTES: usize = 4096;

/// The length of the array in a key file of crypt12 and crypt14.
const FILE_KEY_BYTES: usize = 131;

/// What a key of crypt15 is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crypt15Purpose {
    /// The backup itself.
    Backup,
    /// The metadata of a backup in Google Drive.
    MetadataEncryption,
    /// The check value of that metadata.
    MetadataAuthentication,
}

/// A key for WhatsApp backups.
pub enum WhatsappKey {
    /// The file `key` of the phone: opens crypt12 and crypt14.
    File {
        /// The salt of the server; the header of a backup names the same.
        server_salt: [u8; 32],
        /// Belongs to the account; the header of a backup names the same.
        google_id: [u8; 16],
        /// The version of the key; the header of a backup names the same.
        key_version: u8,
        /// Opens the backup.
        key: AesKey,
    },
    /// The root of the end-to-end encrypted backup: opens crypt15.
    Root(Secret),
}

impl WhatsappKey {
    /// Reads a key file (`key`, `encrypted_backup.key`), a file with just the 32 bytes, or one with the 64
    /// digits as text.
    pub fn from_file(bytes: &[u8]) -> Result<Self, ForeignError> {
        let unknown = ForeignError::BadField { what: "WhatsApp key file" };
        if bytes.len() > MAX_FILE_BYTES {
            return Err(ForeignError::BadLength { what: "WhatsApp key file" });
        }
        if let Some(array) = java_byte_array(bytes) {
            return match array.len() {
                FILE_KEY_BYTES => file_key(array).ok_or(unknown),
                32 => Ok(Self::Root(Secret::new(array))),
                _ => Err(unknown),
            };
        }
        if bytes.len() == 32 {
            return Ok(Self::Root(Secret::new(bytes)));
        }
        std::str::from_utf8(bytes).map_err(|_| unknown).and_then(Self::from_digits)
    }

    /// Reads the 64 hex digits that the app showed; white space and upper case do not matter.
    pub fn from_digits(text: &str) -> Result<Self, ForeignError> {
        let wrong = || ForeignError::BadField { what: "key of 64 digits" };
        let signs = text.chars().filter(|sign| !sign.is_whitespace());
        let digits = Zeroizing::new(signs.map(|sign| sign.to_ascii_lowercase()).collect::<String>());
        if digits.len() != 64 {
            return Err(wrong());
        }
        let root = Zeroizing::new(model::decode_hex(&digits).map_err(|_| wrong())?);
        Ok(Self::Root(Secret::new(&root)))
    }

    /// The key for a backup of crypt12 or crypt14 with this salt and id in its header; `WrongKey` tells
    /// without any decryption that the key belongs to another backup.
    pub fn for_crypt14(&self, server_salt: &[u8], google_id: &[u8]) -> Result<&AesKey, ForeignError> {
        match self {
            Self::File { server_salt: own_salt, google_id: own_id, key, .. }
                if own_salt == server_salt && own_id == google_id =>
            {
                Ok(key)
            }
            _ => Err(ForeignError::WrongKey),
        }
    }

    /// The key for a backup of crypt15; whether it is the right one only the tag of the backup tells.
    pub fn for_crypt15(&self, purpose: Crypt15Purpose) -> Result<AesKey, ForeignError> {
        let Self::Root(root) = self else { return Err(ForeignError::WrongKey) };
        let label: &[u8] = match purpose {
            Crypt15Purpose::Backup => b"backup encryption",
            Crypt15Purpose::MetadataEncryption => b"metadata encryption",
            Crypt15Purpose::MetadataAuthentication => b"metadata authentication",
        };
        let private = Zeroizing::new(hmac_sha256(&[0; 32], &[root.as_bytes()]));
        let key = Zeroizing::new(hmac_sha256(private.as_slice(), &[label, &[1]]));
        AesKey::new(key.as_slice())
    }
}

/// The bytes of a serialised Java `byte[]`.
fn java_byte_array(bytes: &[u8]) -> Option<&[u8]> {
    let (length, array) = bytes.strip_prefix(JAVA_BYTE_ARRAY)?.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    (array.len() == length).then_some(array)
}

/// Cipher version (2), key version (1), server salt (32), Google id (16), its hash (32), zeros (16) and the
/// key (32).
fn file_key(array: &[u8]) -> Option<WhatsappKey> {
    let (_cipher_version, rest) = array.split_first_chunk::<2>()?;
    let ([key_version], rest) = rest.split_first_chunk::<1>()?;
    let (server_salt, rest) = rest.split_first_chunk::<32>()?;
    let (google_id, rest) = rest.split_first_chunk::<16>()?;
    let key = AesKey::new(rest.get(48..)?).ok()?;
    Some(WhatsappKey::File {
        server_salt: *server_salt,
        google_id: *google_id,
        key_version: *key_version,
        key,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn java(array: &[u8]) -> Vec<u8> {
        let length = u32::try_from(array.len()).unwrap().to_be_bytes();
        [JAVA_BYTE_ARRAY, &length, array].concat()
    }

    #[test]
    fn a_key_file_says_which_backup_it_fits() {
        let array: Vec<u8> = (0..131).collect();
        let key = WhatsappKey::from_file(&java(&array)).unwrap();
        let (salt, id) = (&array[3..35], &array[35..51]);
        assert_eq!(key.for_crypt14(salt, id).unwrap().as_bytes(), &array[99..]);
        assert!(matches!(key.for_crypt14(&[0; 32], id), Err(ForeignError::WrongKey)));
        assert!(matches!(key.for_crypt14(salt, &[0; 16]), Err(ForeignError::WrongKey)));
        assert!(matches!(key.for_crypt14(&[], &[]), Err(ForeignError::WrongKey)));
        assert!(matches!(key.for_crypt15(Crypt15Purpose::Backup), Err(ForeignError::WrongKey)));
    }

    #[test]
    fn a_root_is_read_in_all_its_forms() {
        let text = "AbcdEF0123456789 abcdef0123456789\nabcdef0123456789 abcdef0123456789\r\n";
        let root = model::decode_hex(&"abcdef0123456789".repeat(4)).unwrap();
        let expected = WhatsappKey::Root(Secret::new(&root)).for_crypt15(Crypt15Purpose::Backup).unwrap();
        for bytes in [text.as_bytes(), &root, &java(&root)] {
            let key = WhatsappKey::from_file(bytes).unwrap();
            assert_eq!(key.for_crypt15(Crypt15Purpose::Backup).unwrap().as_bytes(), expected.as_bytes());
            let other = key.for_crypt15(Crypt15Purpose::MetadataEncryption).unwrap();
            assert_ne!(other.as_bytes(), expected.as_bytes());
        }
        for wrong in [&b""[..], b"abc", &java(&root[1..]), &java(&root)[..58], &[0xff; 64], &[b'a'; 5000]] {
            assert!(WhatsappKey::from_file(wrong).is_err());
        }
        assert!(WhatsappKey::from_digits(&"ä".repeat(32)).is_err());
    }

    proptest! {
        #[test]
        fn any_file_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = WhatsappKey::from_file(&bytes);
            let _ = WhatsappKey::from_file(&java(&bytes));
        }
    }
}
