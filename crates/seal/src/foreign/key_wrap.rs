//! The AES key wrap of RFC 3394, opened: a key encrypted under another key, with its own check value.

use super::{AesKey, ForeignError, Secret};
use aes_kw::{AesKw, KeyInit};

/// The shortest and the longest wrapped key that is looked at.
const WRAPPED_BYTES: std::ops::RangeInclusive<usize> = 24..=1024;

/// The key inside; `WrongKey` when the check value does not fit.
pub fn unwrap_key(key: &AesKey, wrapped: &[u8]) -> Result<Secret, ForeignError> {
    let wrong_length = ForeignError::BadLength { what: "wrapped key" };
    if !WRAPPED_BYTES.contains(&wrapped.len()) || !wrapped.len().is_multiple_of(8) {
        return Err(wrong_length);
    }
    let mut unwrapped = Secret::zeros(wrapped.len().saturating_sub(8));
    let buffer = unwrapped.as_mut_bytes();
    let bytes = key.as_bytes();
    let result = match bytes.len() {
        16 => AesKw::<aes::Aes128>::new_from_slice(bytes).map(|kw| kw.unwrap_key(wrapped, buffer).map(drop)),
        24 => AesKw::<aes::Aes192>::new_from_slice(bytes).map(|kw| kw.unwrap_key(wrapped, buffer).map(drop)),
        _ => AesKw::<aes::Aes256>::new_from_slice(bytes).map(|kw| kw.unwrap_key(wrapped, buffer).map(drop)),
    };
    match result {
        Ok(Ok(())) => Ok(unwrapped),
        Ok(Err(_)) => Err(ForeignError::WrongKey),
        Err(_) => Err(ForeignError::BadLength { what: "AES key" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};

    #[test]
    fn key_wrap_of_rfc_3394() {
        let key: Vec<u8> = (0..32).collect();
        // Sections 4.1, 4.2, 4.3 and 4.6.
        for (length, wrapped, expected) in [
            (16, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5", "00112233445566778899aabbccddeeff"),
            (24, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d", "00112233445566778899aabbccddeeff"),
            (32, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7", "00112233445566778899aabbccddeeff"),
            (
                32,
                "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
                "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
            ),
        ] {
            let key = AesKey::new(&key[..length]).unwrap();
            let mut wrapped = decode_hex(wrapped).unwrap();
            assert_eq!(encode_hex(unwrap_key(&key, &wrapped).unwrap().as_bytes()), expected);
            wrapped[3] ^= 1;
            assert!(matches!(unwrap_key(&key, &wrapped), Err(ForeignError::WrongKey)));
            for wrong in [&[][..], &wrapped[..8], &wrapped[..16], &wrapped[..23], &[0; 2048]] {
                assert!(matches!(unwrap_key(&key, wrong), Err(ForeignError::BadLength { .. })));
            }
        }
    }
}
