//! Signing keys as notes name them: the verifier key line, and the signer that writes under its own
//! fingerprint.
//!
//! Follows C2SP signed-note, type byte 0x01 (Ed25519), and docs/format.md, sections 0 and 8. Deliberately
//! keeps no list of trusted keys: whom to trust is decided by comparing a fingerprint with paper.

use std::fmt;
use std::str::FromStr;

use model::{Digest, decode_hex, encode_hex};

use crate::text;

/// The type byte of Ed25519 keys in signed notes.
const ED25519: u8 = 0x01;

/// A public key with its name; text form `<name>+<8 hex of key id>+<base64(0x01 ‖ public key)>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    /// The name in signature lines: not empty, no white space, no `+`.
    pub name: String,
    /// The Ed25519 public key.
    pub public: seal::PublicKey,
}

/// The key of an installation, ready to sign notes under its own name.
pub struct Signer {
    /// `asservat-` and the first 16 hexadecimal digits of the fingerprint.
    pub name: String,
    /// The Ed25519 key.
    pub key: seal::SigningKey,
}

/// Text that is not a verifier key line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifierKeyError {
    /// Not `<name>+<key id>+<key>`, or the key is not an Ed25519 key.
    #[error("not a line that names an Ed25519 key")]
    Shape,
    /// The key id does not belong to this name and key: the line was mistyped or altered.
    #[error("the key id does not fit the name and the key")]
    KeyId,
}

impl VerifierKey {
    /// SHA-256 of the raw public key: what is compared with paper.
    pub fn fingerprint(&self) -> Digest {
        self.public.fingerprint()
    }

    /// The four bytes that stand before each signature of this key.
    pub fn key_id(&self) -> [u8; 4] {
        let mut named = self.name.as_bytes().to_vec();
        named.extend_from_slice(&[b'\n', ED25519]);
        named.extend_from_slice(&self.public.0);
        let Digest([a, b, c, d, ..]) = seal::sha256(&named);
        [a, b, c, d]
    }
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(line: &str) -> Result<Self, VerifierKeyError> {
        let mut parts = line.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VerifierKeyError::Shape);
        };
        let bytes = text::from_base64(key).ok_or(VerifierKeyError::Shape)?;
        let Some((&ED25519, public)) = bytes.split_first() else { return Err(VerifierKeyError::Shape) };
        let public = seal::PublicKey(public.try_into().map_err(|_| VerifierKeyError::Shape)?);
        if !is_key_name(name) {
            return Err(VerifierKeyError::Shape);
        }
        let key = Self { name: name.to_owned(), public };
        if decode_hex(id).as_deref() == Ok(&key.key_id()) { Ok(key) } else { Err(VerifierKeyError::KeyId) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519];
        typed.extend_from_slice(&self.public.0);
        write!(f, "{}+{}+{}", self.name, encode_hex(&self.key_id()), text::to_base64(&typed))
    }
}

impl Signer {
    /// A signer under the name that belongs to the key.
    pub fn new(key: seal::SigningKey) -> Self {
        let name = format!("asservat-{}", key.public().fingerprint().short(16));
        Self { name, key }
    }

    /// The public half, as it is listed and printed.
    pub fn vkey(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), public: self.key.public() }
    }
}

/// A name that can stand in a signature line.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '+' || c < ' ' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the C2SP specification of signed notes.
    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_example_of_the_specification() {
        let key: VerifierKey = EXAMPLE.parse().unwrap();
        assert_eq!(key.name, "example.com/foo");
        assert_eq!(key.key_id(), [0x53, 0x0d, 0x90, 0x3a]);
        assert_eq!(key.to_string(), EXAMPLE);
    }

    #[test]
    fn altered_lines_are_refused() {
        for (bad, error) in [
            (EXAMPLE.replace("foo", "fop"), VerifierKeyError::KeyId),
            (EXAMPLE.replace("530d903a", "530D903A"), VerifierKeyError::KeyId),
            (EXAMPLE.replace("AekyeR", "AekyeS"), VerifierKeyError::KeyId),
            (EXAMPLE.replace("+Aeky", "+Beky"), VerifierKeyError::Shape),
            (EXAMPLE.replace("foo", "f oo"), VerifierKeyError::Shape),
            (EXAMPLE.replace("example.com/foo", ""), VerifierKeyError::Shape),
            (EXAMPLE.replace("3U2k", "3U2"), VerifierKeyError::Shape),
            ("a+b".to_owned(), VerifierKeyError::Shape),
            (String::new(), VerifierKeyError::Shape),
        ] {
            assert_eq!(bad.parse::<VerifierKey>(), Err(error), "{bad}");
        }
    }

    #[test]
    fn a_signer_names_itself_by_its_fingerprint() {
        let signer = Signer::new(seal::SigningKey::from_seed([5; 32].into()));
        let vkey = signer.vkey();
        assert_eq!(vkey.name, format!("asservat-{}", vkey.fingerprint().short(16)));
        assert_eq!(vkey.to_string().parse(), Ok(vkey));
    }
}
