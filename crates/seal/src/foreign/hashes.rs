//! Hashes and MACs as others use them, in pieces: SHA-1 and SHA-512 (FIPS 180-4), MD5 (RFC 1321), HMAC (RFC
//! 2104), HKDF-SHA-256 (RFC 5869).
//!
//! SHA-1 and MD5 prove nothing against somebody who means harm; they are here to find files by the names that
//! phone backups give them and to compare with footers. For SHA-256 there is `seal::Sha256`.

use super::{ForeignError, Secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Digest as _;
use std::io;

macro_rules! foreign_hash {
    ($name:ident, $inner:ty, $size:literal, $about:literal) => {
        #[doc = $about]
        #[derive(Clone, Default)]
        pub struct $name($inner);

        impl $name {
            /// Starts with nothing hashed.
            pub fn new() -> Self {
                Self::default()
            }

            /// Hashes more bytes.
            pub fn update(&mut self, bytes: &[u8]) {
                self.0.update(bytes);
            }

            /// The hash of everything given.
            pub fn finish(self) -> [u8; $size] {
                self.0.finalize().into()
            }

            /// The hash of some bytes.
            pub fn of(bytes: &[u8]) -> [u8; $size] {
                <$inner>::digest(bytes).into()
            }
        }

        impl io::Write for $name {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.update(bytes);
                Ok(bytes.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
    };
}

foreign_hash!(ForeignSha1, sha1::Sha1, 20, "SHA-1 in pieces: file names in phone backups.");
foreign_hash!(ForeignMd5, md5::Md5, 16, "MD5 in pieces: footers of messenger backups.");
foreign_hash!(ForeignSha512, sha2::Sha512, 64, "SHA-512 in pieces.");

macro_rules! foreign_hmac {
    ($name:ident, $hash:ty, $size:literal, $about:literal) => {
        #[doc = $about]
        pub struct $name(Hmac<$hash>);

        impl $name {
            /// Starts under a key of any length.
            pub fn new(key: &[u8]) -> Result<Self, ForeignError> {
                let mac = <Hmac<$hash> as KeyInit>::new_from_slice(key);
                mac.map(Self).map_err(|_| ForeignError::BadLength { what: "MAC key" })
            }

            /// A second one, as far as this one has come: saves the work of the key for many short pieces.
            #[must_use]
            pub fn fork(&self) -> Self {
                Self(self.0.clone())
            }

            /// Authenticates more bytes.
            pub fn update(&mut self, bytes: &[u8]) {
                self.0.update(bytes);
            }

            /// The MAC of everything given.
            pub fn finish(self) -> [u8; $size] {
                self.0.finalize().into_bytes().into()
            }

            /// Compares with the whole MAC or its first bytes (at least 8), in constant time.
            pub fn matches(self, expected: &[u8]) -> bool {
                expected.len() >= 8 && self.0.verify_truncated_left(expected).is_ok()
            }
        }
    };
}

foreign_hmac!(ForeignHmacSha1, sha1::Sha1, 20, "HMAC-SHA-1 in pieces: WinZip archives.");
foreign_hmac!(ForeignHmacSha256, sha2::Sha256, 32, "HMAC-SHA-256 in pieces: Signal backups.");
foreign_hmac!(ForeignHmacSha512, sha2::Sha512, 64, "HMAC-SHA-512 in pieces: pages of databases.");

/// So many bytes of HKDF-SHA-256 out of a secret; an empty salt means none.
pub fn foreign_hkdf_sha256(
    secret: &[u8],
    salt: &[u8],
    info: &[u8],
    length_bytes: usize,
) -> Result<Secret, ForeignError> {
    let too_long = ForeignError::BadLength { what: "derived key" };
    if length_bytes > 255 * 32 {
        return Err(too_long);
    }
    let mut key = Secret::zeros(length_bytes);
    let expanded = hkdf::Hkdf::<sha2::Sha256>::new(Some(salt), secret).expand(info, key.as_mut_bytes());
    expanded.map(|()| key).map_err(|_| too_long)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};

    #[test]
    fn hashes_of_their_standards() {
        assert_eq!(encode_hex(&ForeignSha1::of(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(encode_hex(&ForeignMd5::of(b"abc")), "900150983cd24fb0d6963f7d28e17f72");
        let sha512 = encode_hex(&ForeignSha512::of(b"abc"));
        assert!(sha512.starts_with("ddaf35a193617abacc417349ae204131") && sha512.ends_with("a54ca49f"));
        // The name of the message database in every phone backup.
        let mut name = ForeignSha1::new();
        io::copy(&mut &b"HomeDomain-Library/SMS/sms.db"[..], &mut name).unwrap();
        assert_eq!(encode_hex(&name.finish()), "3d0d7e5fb2ce288813306e4d4636395e047a3d28");
    }

    #[test]
    fn macs_of_rfc_2202_and_4231() {
        let mut mac = ForeignHmacSha1::new(&[0x0b; 20]).unwrap();
        mac.update(b"Hi There");
        assert_eq!(encode_hex(&mac.finish()), "b617318655057264e28bc0b6fb378c8ef146be00");
        let expected =
            decode_hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7").unwrap();
        for (length, fits) in [(32, true), (10, true), (8, true), (7, false), (0, false)] {
            let mut mac = ForeignHmacSha256::new(&[0x0b; 20]).unwrap();
            mac.update(b"Hi ");
            mac.update(b"There");
            assert_eq!(mac.matches(&expected[..length]), fits);
        }
        let mut mac = ForeignHmacSha512::new(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        assert!(encode_hex(&mac.finish()).starts_with("164b7a7bfcf819e2e395fbe73b56e0a3"));
        let mac = ForeignHmacSha256::new(&[]).unwrap();
        assert!(!mac.matches(&[0; 33]));
    }

    #[test]
    fn hkdf_of_rfc_5869() {
        let salt = decode_hex("000102030405060708090a0b0c").unwrap();
        let info = decode_hex("f0f1f2f3f4f5f6f7f8f9").unwrap();
        let key = foreign_hkdf_sha256(&[0x0b; 22], &salt, &info, 42).unwrap();
        assert_eq!(
            encode_hex(key.as_bytes()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        );
        assert!(foreign_hkdf_sha256(&[], &[], &[], 255 * 32 + 1).is_err());
    }
}
