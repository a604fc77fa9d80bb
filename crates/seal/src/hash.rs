//! SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869). Nothing of
//! ours uses another hash.

use crate::SealError;
use hmac::{KeyInit, Mac};
use model::Digest;
use sha2::Digest as _;
use std::io;
use zeroize::Zeroizing;

/// An incremental SHA-256.
#[derive(Clone, Default)]
pub struct Sha256(sha2::Sha256);

impl Sha256 {
    /// Starts with nothing hashed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hashes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The SHA-256 of everything given.
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl io::Write for Sha256 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(bytes);
    hash.finish()
}

/// HMAC-SHA-256 of the parts one after the other, under a key of any length.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    mac(key, parts).finalize().into_bytes().into()
}

/// Compares in constant time.
pub(crate) fn hmac_sha256_matches(key: &[u8], message: &[u8], expected: &[u8; 32]) -> bool {
    mac(key, &[message]).verify_slice(expected).is_ok()
}

/// 32 bytes of HKDF-SHA-256 out of a secret; an empty salt means none.
pub(crate) fn hkdf_sha256(secret: &[u8], salt: &[u8], info: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let mut key = Zeroizing::new([0; 32]);
    hkdf::Hkdf::<sha2::Sha256>::new(Some(salt), secret)
        .expand(info, key.as_mut_slice())
        .map_err(|_| SealError::Cipher)?;
    Ok(key)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> hmac::Hmac<sha2::Sha256> {
    // RFC 2104: a key longer than a block is hashed first, a shorter one is filled up with zeros.
    let mut block = Zeroizing::new([0; 64]);
    let digest = if key.len() > block.len() { Some(sha256(key).0) } else { None };
    let key = digest.as_ref().map_or(key, <[u8; 32]>::as_slice);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = hmac::Hmac::<sha2::Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};

    #[test]
    fn sha256_of_fips_180() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc").to_string(), abc);
        let mut hash = Sha256::new();
        io::copy(&mut &b"abc"[..], &mut hash).unwrap();
        assert_eq!(hash.finish().to_string(), abc);
    }

    #[test]
    fn hmac_of_rfc_4231() {
        // Test cases 1, 2 and 6 (a key longer than a block).
        for (key, message, expected) in [
            (
                vec![0x0b; 20],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            let (first, second) = message.split_at(3);
            assert_eq!(encode_hex(&hmac_sha256(&key, &[first, second])), expected);
            let tag: [u8; 32] = decode_hex(expected).unwrap().try_into().unwrap();
            assert!(hmac_sha256_matches(&key, message, &tag));
            assert!(!hmac_sha256_matches(&key, message, &[0; 32]));
        }
    }

    #[test]
    fn hkdf_of_rfc_5869() {
        let salt = decode_hex("000102030405060708090a0b0c").unwrap();
        let info = decode_hex("f0f1f2f3f4f5f6f7f8f9").unwrap();
        let key = hkdf_sha256(&[0x0b; 22], &salt, &info).unwrap();
        assert_eq!(
            encode_hex(key.as_slice()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }
}
