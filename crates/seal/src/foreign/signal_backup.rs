//! The keys of a Signal backup of the first kind (Android), out of the 30 digits the person wrote down.
//!
//! Follows signalapp/Signal-Android `FullBackupBase` (as described by Backups.proto of 2026 and read back by
//! signalbackup-tools 2876846). The frames themselves are the reader's work: each is AES-256-CTR with a
//! counter in the first four bytes of the initialisation vector, and a 10-byte HMAC-SHA-256.

use super::{AesKey, ForeignError, Secret, foreign_hkdf_sha256};
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

/// How often the digits are hashed; fixed by the format.
const ROUNDS: u32 = 250_000;

const DIGITS: usize = 30;

/// What opens the frames of a backup.
pub struct SignalBackupKeys {
    /// AES-256-CTR, with `Counter::BigEndian128`.
    pub cipher_key: AesKey,
    /// HMAC-SHA-256.
    pub mac_key: Secret,
}

/// The keys out of the digits (white space does not count) and the salt of the backup's header.
pub fn signal_passphrase_key(digits: &str, salt: &[u8]) -> Result<SignalBackupKeys, ForeignError> {
    let digits = Zeroizing::new(digits.chars().filter(|sign| !sign.is_whitespace()).collect::<String>());
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ForeignError::BadField { what: "passphrase of 30 digits" });
    }
    let mut hash = Zeroizing::new([0_u8; 64]);
    let first = Sha512::new().chain_update(salt).chain_update(digits.as_bytes());
    *hash = first.chain_update(digits.as_bytes()).finalize().into();
    for _ in 1..ROUNDS {
        let next = Sha512::new().chain_update(hash.as_slice());
        *hash = next.chain_update(digits.as_bytes()).finalize().into();
    }
    let secret = hash.get(..32).unwrap_or_default();
    let keys = foreign_hkdf_sha256(secret, &[], b"Backup Export", 64)?;
    let (cipher_key, mac_key) = keys.as_bytes().split_at_checked(32).unwrap_or_default();
    Ok(SignalBackupKeys { cipher_key: AesKey::new(cipher_key)?, mac_key: Secret::new(mac_key) })
}

/// The initialisation vector of the frame or attachment with this counter; the first has the number that
/// stands in the first four bytes of the header's vector (big-endian), each one after it one more.
pub fn signal_frame_iv(header_iv: &[u8; 16], counter: u32) -> [u8; 16] {
    let mut iv = *header_iv;
    iv.iter_mut().zip(counter.to_be_bytes()).for_each(|(to, from)| *to = from);
    iv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_are_looked_at_before_the_work() {
        for wrong in ["", "12345", "1234567890123456789012345678901", "12345678901234567890123456789x"] {
            let error = signal_passphrase_key(wrong, &[0; 32]).err();
            assert!(matches!(error, Some(ForeignError::BadField { .. })));
        }
    }

    #[test]
    fn the_counter_takes_the_first_four_bytes() {
        let iv = signal_frame_iv(&[9; 16], 0x0102_0304);
        assert_eq!(iv, [1, 2, 3, 4, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
    }
}
