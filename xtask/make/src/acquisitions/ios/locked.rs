//! The encryption of a backup, as iOS makes it: a key bag behind a password, a key for every file wrapped
//! with the key of its class (RFC 3394), AES-256-CBC with a vector of zeros and PKCS#7. Layout as
//! `seal::foreign::Keybag` reads it. For invented data only: the keys come from a seed.

use aes::Aes256;
use aes_kw::KwAes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyInit, KeyIvInit};
use seal::foreign::{Pbkdf2Hash, pbkdf2};

use super::Locked;
use crate::acquisitions::{Outcome, Random};

/// The class of all files.
pub(super) const CLASS: u32 = 3;

/// Keys of a backup that is being made.
pub(super) struct Locks {
    class_key: [u8; 32],
    manifest_key: [u8; 32],
    keybag: Vec<u8>,
}

impl Locks {
    /// Keys for it; none if it is not locked.
    pub(super) fn new(locked: &Locked, random: &mut Random) -> Outcome<Option<Self>> {
        let Locked::With { password, first_rounds, rounds } = locked else { return Ok(None) };
        let (class_key, manifest_key) = (key(random), key(random));
        let (salt, first_salt) = (random.bytes(20), random.bytes(20));
        let first =
            pbkdf2(Pbkdf2Hash::Sha256, password.as_bytes(), &first_salt, *first_rounds, *first_rounds, 32)?;
        let second = pbkdf2(Pbkdf2Hash::Sha1, first.as_bytes(), &salt, *rounds, *rounds, 32)?;
        let number = |number: u32| number.to_be_bytes().to_vec();
        let fields: [(&[u8; 4], Vec<u8>); 15] = [
            (b"VERS", number(5)),
            (b"TYPE", number(1)),
            (b"UUID", random.bytes(16)),
            (b"HMCK", random.bytes(40)),
            (b"WRAP", number(0)),
            (b"SALT", salt),
            (b"ITER", number(*rounds)),
            (b"DPWT", number(1)),
            (b"DPIC", number(*first_rounds)),
            (b"DPSL", first_salt),
            (b"UUID", random.bytes(16)),
            (b"CLAS", number(CLASS)),
            (b"WRAP", number(2)),
            (b"KTYP", number(0)),
            (b"WPKY", wrap(second.as_bytes(), &class_key)?),
        ];
        let mut keybag = Vec::new();
        for (tag, value) in fields {
            keybag.extend(tag);
            keybag.extend(u32::try_from(value.len())?.to_be_bytes());
            keybag.extend(value);
        }
        Ok(Some(Self { class_key, manifest_key, keybag }))
    }

    /// `BackupKeyBag`.
    pub(super) fn keybag(&self) -> Vec<u8> {
        self.keybag.clone()
    }

    /// `ManifestKey`.
    pub(super) fn wrapped_manifest_key(&self) -> Outcome<Vec<u8>> {
        Ok(with_class(&wrap(&self.class_key, &self.manifest_key)?))
    }

    /// The list of files, encrypted.
    pub(super) fn lock_manifest(&self, plain: Vec<u8>) -> Outcome<Vec<u8>> {
        encrypt(&self.manifest_key, plain)
    }

    /// A file, encrypted, and its `EncryptionKey`.
    pub(super) fn lock(&self, plain: Vec<u8>, random: &mut Random) -> Outcome<(Vec<u8>, Vec<u8>)> {
        let key = key(random);
        Ok((encrypt(&key, plain)?, with_class(&wrap(&self.class_key, &key)?)))
    }
}

fn key(random: &mut Random) -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(&random.bytes(32));
    key
}

/// The class in front of a wrapped key.
fn with_class(wrapped: &[u8]) -> Vec<u8> {
    [&CLASS.to_le_bytes()[..], wrapped].concat()
}

fn wrap(with: &[u8], key: &[u8; 32]) -> Outcome<Vec<u8>> {
    let wrapper = KwAes256::new_from_slice(with).map_err(|_| "a key of 32 bytes")?;
    let mut out = vec![0; 40];
    wrapper.wrap_key(key, &mut out).map_err(|_| "a key that can be wrapped")?;
    Ok(out)
}

fn encrypt(key: &[u8; 32], mut bytes: Vec<u8>) -> Outcome<Vec<u8>> {
    let length = bytes.len();
    bytes.resize(length + 16 - length % 16, 0);
    cbc::Encryptor::<Aes256>::new(key.into(), &[0; 16].into())
        .encrypt_padded::<Pkcs7>(&mut bytes, length)
        .map_err(|_| "room for the padding")?;
    Ok(bytes)
}
