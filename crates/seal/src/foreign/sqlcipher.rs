//! A database encrypted with SQLCipher 4 under a raw key, as Signal Desktop has it, to be read at any place
//! as the SQLite database inside.
//!
//! Layout of SQLCipher 4 (zetetic, "SQLCipher Design"): pages of 4096 bytes, of which the last 80 hold an
//! initialisation vector (16) and an HMAC-SHA-512 (64) over ciphertext, vector and page number; the first 16
//! bytes of the file are the salt in place of SQLite's magic. The MAC of a page is checked before a byte of
//! it is given out. As in SQLCipher itself a page of nothing but zeros counts as one that was never written.
//! Deliberately absent: keys from passwords, other page sizes, the settings of SQLCipher 1 to 3.

use super::cipher::{BLOCK_BYTES, BlockBytes, Cipher};
use super::hashes::ForeignHmacSha512;
use super::part::{Part, readable};
use super::{AesKey, ForeignError, Pbkdf2Hash, Secret, pbkdf2};
use model::ReadAt;
use std::io;
use zeroize::Zeroizing;

/// The size of a page.
const PAGE_BYTES: usize = 4096;

/// What of a page is ciphertext.
const TEXT_BYTES: usize = PAGE_BYTES - BLOCK_BYTES - 64;

/// The first bytes of every SQLite database.
const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The rounds between the key of the cipher and that of the MAC, fixed by SQLCipher.
const MAC_KEY_ROUNDS: u32 = 2;

/// What the salt of the MAC's key differs by.
const MAC_SALT_MASK: u8 = 0x3a;

/// Opens single pages: those of the database and those in its write-ahead log.
pub struct SqlcipherPages {
    cipher: Cipher,
    mac_key: Secret,
}

impl SqlcipherPages {
    /// `key` has 32 bytes; `salt` is the first 16 bytes of the database file.
    pub fn new(key: &AesKey, salt: &[u8; 16]) -> Result<Self, ForeignError> {
        if key.as_bytes().len() != 32 {
            return Err(ForeignError::BadLength { what: "database key" });
        }
        let mac_salt = salt.map(|byte| byte ^ MAC_SALT_MASK);
        let rounds = MAC_KEY_ROUNDS;
        let mac_key = pbkdf2(Pbkdf2Hash::Sha512, key.as_bytes(), &mac_salt, rounds, rounds, 32)?;
        Ok(Self { cipher: Cipher::new(key)?, mac_key })
    }

    /// Checks and decrypts a page in place; the first page has number 1. The last 80 bytes become zeros.
    pub fn open(&self, number: u32, page: &mut [u8; PAGE_BYTES]) -> Result<(), ForeignError> {
        if page.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let offset_bytes = u64::from(number).saturating_sub(1).saturating_mul(PAGE_BYTES as u64);
        let failed = ForeignError::AuthenticationFailed { offset_bytes };
        let salt_bytes = if number == 1 { SQLITE_MAGIC.len() } else { 0 };
        let (salt, rest) = page.split_at_mut_checked(salt_bytes).unwrap_or_default();
        let (text, tail) = rest.split_at_mut_checked(TEXT_BYTES - salt_bytes).unwrap_or_default();
        let (iv, mac) = tail.split_at_checked(BLOCK_BYTES).unwrap_or_default();
        let mut check = ForeignHmacSha512::new(self.mac_key.as_bytes())?;
        check.update(text);
        check.update(iv);
        check.update(&number.to_le_bytes());
        if !check.matches(mac) {
            return Err(failed);
        }
        let iv = BlockBytes::try_from(iv).map_err(|_| failed)?;
        self.cipher.cbc_decrypt(iv, text)?;
        salt.copy_from_slice(SQLITE_MAGIC.get(..salt_bytes).unwrap_or_default());
        tail.fill(0);
        Ok(())
    }
}

/// The decrypted database. Give it to something that reads whole pages or keeps what it read: every read
/// checks and decrypts all pages it touches.
pub struct SqlcipherView {
    pages: SqlcipherPages,
    part: Part,
    size_bytes: u64,
}

impl SqlcipherView {
    /// Reads the salt and checks the first page; `WrongKey` when its MAC does not fit. What is left over
    /// after the last whole page is not looked at.
    pub fn new(key: &AesKey, part: Part) -> Result<Self, ForeignError> {
        let page_bytes = PAGE_BYTES as u64;
        let size_bytes = part.size_bytes().saturating_sub(part.size_bytes() % page_bytes);
        if size_bytes == 0 || size_bytes / page_bytes > u64::from(u32::MAX) {
            return Err(ForeignError::BadLength { what: "database" });
        }
        let mut salt = [0; 16];
        part.read_exact(&mut salt, 0)?;
        let view = Self { pages: SqlcipherPages::new(key, &salt)?, part, size_bytes };
        match view.page(0) {
            // The first page is never one that was not written.
            Ok(page) if page.starts_with(SQLITE_MAGIC) => Ok(view),
            Ok(_) | Err(ForeignError::AuthenticationFailed { .. }) => Err(ForeignError::WrongKey),
            Err(other) => Err(other),
        }
    }

    /// The page that begins here.
    fn page(&self, offset_bytes: u64) -> Result<Zeroizing<[u8; PAGE_BYTES]>, ForeignError> {
        let number = u32::try_from(offset_bytes / PAGE_BYTES as u64 + 1);
        let number = number.map_err(|_| ForeignError::BadLength { what: "database" })?;
        let mut page = Zeroizing::new([0; PAGE_BYTES]);
        self.part.read_exact(page.as_mut_slice(), offset_bytes)?;
        self.pages.open(number, &mut page)?;
        Ok(page)
    }
}

impl ReadAt for SqlcipherView {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let wanted = readable(buffer, offset, self.size_bytes);
        let mut rest = buffer.get_mut(..wanted).unwrap_or_default();
        let mut position = offset;
        while !rest.is_empty() {
            let within_bytes = position % PAGE_BYTES as u64;
            let page = self.page(position.saturating_sub(within_bytes))?;
            let from = usize::try_from(within_bytes).ok().and_then(|start| page.get(start..));
            let count = io::Read::read(&mut from.unwrap_or_default(), rest)?;
            rest = std::mem::take(&mut rest).get_mut(count..).unwrap_or_default();
            position = position.saturating_add(count as u64);
        }
        Ok(wanted)
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

#[cfg(test)]
#[cfg(not(windows))]
mod tests {
    use super::*;
    use openssl::hash::MessageDigest;
    use openssl::symm::{Cipher as Oracle, Crypter, Mode};
    use std::sync::Arc;

    const KEY: [u8; 32] = [0x42; 32];
    const SALT: [u8; 16] = [0x17; 16];

    /// A database of these pages, sealed by OpenSSL as SQLCipher 4 does it.
    fn database(pages: &[[u8; PAGE_BYTES]]) -> Vec<u8> {
        let mut mac_key = [0; 32];
        openssl::pkcs5::pbkdf2_hmac(&KEY, &SALT.map(|b| b ^ 0x3a), 2, MessageDigest::sha512(), &mut mac_key)
            .unwrap();
        let mac_key = openssl::pkey::PKey::hmac(&mac_key).unwrap();
        let mut file = Vec::new();
        for (page, number) in pages.iter().zip(1_u32..) {
            let start = if number == 1 { 16 } else { 0 };
            let iv = [u8::try_from(number).unwrap(); 16];
            let mut crypter = Crypter::new(Oracle::aes_256_cbc(), Mode::Encrypt, &KEY, Some(&iv)).unwrap();
            crypter.pad(false);
            let mut text = vec![0; TEXT_BYTES + 16];
            let count = crypter.update(&page[start..TEXT_BYTES], &mut text).unwrap();
            text.truncate(count);
            text.extend_from_slice(&iv);
            let mut signer = openssl::sign::Signer::new(MessageDigest::sha512(), &mac_key).unwrap();
            signer.update(&text).unwrap();
            signer.update(&number.to_le_bytes()).unwrap();
            file.extend_from_slice(&SALT[..start]);
            file.extend_from_slice(&text);
            file.extend_from_slice(&signer.sign_to_vec().unwrap());
        }
        file
    }

    fn pages() -> Vec<[u8; PAGE_BYTES]> {
        let mut pages: Vec<[u8; PAGE_BYTES]> = (1..=4_u8)
            .map(|number| {
                std::array::from_fn(|at| if at < TEXT_BYTES { number ^ at.to_le_bytes()[0] } else { 0 })
            })
            .collect();
        pages[0][..16].copy_from_slice(SQLITE_MAGIC);
        pages
    }

    fn view(file: Vec<u8>, key: [u8; 32]) -> Result<SqlcipherView, ForeignError> {
        SqlcipherView::new(&AesKey::new(&key).unwrap(), Part::whole(Arc::new(file)))
    }

    #[test]
    fn every_read_gives_the_pages_inside() {
        let (pages, mut file) = (pages(), database(&pages()));
        file.extend_from_slice(b"rest");
        let view = view(file, KEY).unwrap();
        let plain = pages.concat();
        assert_eq!(view.size_bytes(), plain.len() as u64);
        for (offset, length) in
            [(0, 16), (0, 20_000), (10, 5000), (4090, 10), (8192, 4096), (16_380, 50), (99_999, 4)]
        {
            let (mut found, mut expected) = (vec![0; length], vec![0; length]);
            let count = view.read_at(&mut found, offset).unwrap();
            assert_eq!(count, plain.read_at(&mut expected, offset).unwrap());
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_changed_page_is_not_given_out_and_the_others_are() {
        let file = database(&pages());
        for place in [4096, 5000, 8191, 8111, 8112] {
            let mut changed = file.clone();
            changed[place] ^= 1;
            let view = view(changed, KEY).unwrap();
            let mut buffer = [0; 10];
            let error = view.read_at(&mut buffer, 4096).unwrap_err();
            assert_eq!((error.kind(), buffer), (io::ErrorKind::InvalidData, [0; 10]));
            assert_eq!(view.read_at(&mut buffer, 0).unwrap(), 10);
        }
        let mut swapped = file.clone();
        swapped.copy_within(4096..8192, 8192);
        assert!(view(swapped, KEY).unwrap().read_at(&mut [0; 1], 8192).is_err());
        let mut unwritten = file.clone();
        unwritten[8192..12288].fill(0);
        assert_eq!(view(unwritten, KEY).unwrap().read_at(&mut [1; 9], 8192).unwrap(), 9);
    }

    #[test]
    fn a_wrong_key_and_what_is_no_database_are_told() {
        let file = database(&pages());
        assert!(matches!(view(file.clone(), [0; 32]), Err(ForeignError::WrongKey)));
        for place in [0, 15, 16, 4095] {
            let mut changed = file.clone();
            changed[place] ^= 1;
            assert!(matches!(view(changed, KEY), Err(ForeignError::WrongKey)));
        }
        assert!(matches!(view(vec![0; 8192], KEY), Err(ForeignError::WrongKey)));
        assert!(matches!(view(file[..4095].to_vec(), KEY), Err(ForeignError::BadLength { .. })));
        assert!(SqlcipherPages::new(&AesKey::new(&[0; 16]).unwrap(), &SALT).is_err());
    }
}
