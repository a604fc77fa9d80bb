//! PBKDF2 (RFC 8018 5.2) with HMAC-SHA-1, SHA-256 or SHA-512, and a limit on the rounds a file may ask for.

use super::{ForeignError, Secret};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// The longest key that is made here.
const MAX_KEY_BYTES: usize = 1024;

/// Which hash works inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pbkdf2Hash {
    /// HMAC-SHA-1.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// A key of so many bytes out of a password; at least one round, at most `max_rounds`.
pub fn pbkdf2(
    hash: Pbkdf2Hash,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    max_rounds: u32,
    length_bytes: usize,
) -> Result<Secret, ForeignError> {
    if rounds == 0 {
        return Err(ForeignError::BadField { what: "number of rounds" });
    }
    if rounds > max_rounds {
        let (rounds, max_rounds) = (u64::from(rounds), u64::from(max_rounds));
        return Err(ForeignError::TooManyRounds { rounds, max_rounds });
    }
    if length_bytes > MAX_KEY_BYTES {
        return Err(ForeignError::BadLength { what: "derived key" });
    }
    let mut key = Secret::zeros(length_bytes);
    match hash {
        Pbkdf2Hash::Sha1 => ::pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, rounds, key.as_mut_bytes()),
        Pbkdf2Hash::Sha256 => ::pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, key.as_mut_bytes()),
        Pbkdf2Hash::Sha512 => ::pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, key.as_mut_bytes()),
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::encode_hex;

    #[test]
    fn pbkdf2_of_rfc_6070() {
        let key = |password: &[u8], salt: &[u8], rounds, length| {
            let key = pbkdf2(Pbkdf2Hash::Sha1, password, salt, rounds, 4096, length).unwrap();
            encode_hex(key.as_bytes())
        };
        assert_eq!(key(b"password", b"salt", 1, 20), "0c60c80f961f0e71f3a9b524af6012062fe037a6");
        assert_eq!(key(b"password", b"salt", 4096, 20), "4b007901b765489abead49d926f721d065a429c1");
        assert_eq!(
            key(b"passwordPASSWORDpassword", b"saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25),
            "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"
        );
        assert_eq!(key(b"pass\0word", b"sa\0lt", 4096, 16), "56fa6aa75548099dcc37d7f03425e0c3");
    }

    #[cfg(not(windows))]
    proptest::proptest! {
        #[test]
        fn all_three_are_as_openssl_has_them(
            password in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            salt in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..100),
            rounds in 1_u32..20,
            length in 1_usize..150,
        ) {
            use openssl::hash::MessageDigest;
            for (hash, digest) in [
                (Pbkdf2Hash::Sha1, MessageDigest::sha1()),
                (Pbkdf2Hash::Sha256, MessageDigest::sha256()),
                (Pbkdf2Hash::Sha512, MessageDigest::sha512()),
            ] {
                let mut oracle = vec![0; length];
                openssl::pkcs5::pbkdf2_hmac(&password, &salt, rounds as usize, digest, &mut oracle).unwrap();
                let key = pbkdf2(hash, &password, &salt, rounds, 20, length).unwrap();
                proptest::prop_assert_eq!(key.as_bytes(), &oracle[..]);
            }
        }
    }

    #[test]
    fn a_file_cannot_ask_for_any_work_it_likes() {
        let ask = |rounds, length| pbkdf2(Pbkdf2Hash::Sha256, b"p", b"s", rounds, 1000, length).err();
        let error = ask(1 << 31, 32);
        let expected = 1_u64 << 31;
        assert!(matches!(error, Some(ForeignError::TooManyRounds { rounds, .. }) if rounds == expected));
        assert!(matches!(ask(0, 32), Some(ForeignError::BadField { .. })));
        assert!(matches!(ask(1, 1 << 20), Some(ForeignError::BadLength { .. })));
    }
}
