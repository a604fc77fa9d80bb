//! Small text forms shared by notes, checkpoints, proofs and receipts, each with exactly one spelling.
//!
//! Base64 is RFC 4648 with padding; decimals have no sign and no leading zeros. Nothing here is lenient.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Digest;

/// Bytes as base64.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 as bytes; other alphabets, missing padding and stray bits are refused.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Base64 of exactly 32 bytes.
pub(crate) fn digest_from_base64(text: &str) -> Option<Digest> {
    from_base64(text)?.try_into().ok().map(Digest)
}

/// A decimal number without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_each() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "+1", "-1", "01", "00", " 1", "1 ", "18446744073709551616"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
        assert_eq!(from_base64("AA=="), Some(vec![0]));
        for bad in ["AB==", "AA", "AA=", "A A=", "AA==\n", "-_=="] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }
}
