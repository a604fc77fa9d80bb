//! Ed25519 signatures (RFC 8032) and the public key in the forms that paper and `openssl` need.
//!
//! Verification is strict: non-canonical and small-order values are refused. What is signed is up to the
//! caller.

use crate::{SealError, random, sha256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer;
use model::Digest;
use zeroize::Zeroizing;

/// A signature that does not belong to this message and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not belong to this message and key")]
pub struct SignatureError;

/// The secret key with which an installation signs; wiped when dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A new random key.
    pub fn generate() -> Result<Self, SealError> {
        Ok(Self::from_seed(Zeroizing::new(random()?)))
    }

    /// The key of a 32-byte seed (the secret key of RFC 8032).
    #[expect(clippy::needless_pass_by_value, reason = "the seed is given up here and wiped")]
    pub fn from_seed(seed: Zeroizing<[u8; 32]>) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// The seed, for sealing it; never written in clear.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The signature of a message: 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The key others verify with.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }
}

/// A public Ed25519 key: its 32 raw bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// Checks a signature; bytes that are no valid key never verify anything.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), SignatureError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.0).map_err(|_| SignatureError)?;
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        key.verify_strict(message, &signature).map_err(|_| SignatureError)
    }

    /// SHA-256 of the 32 raw bytes: what is printed on paper.
    pub fn fingerprint(&self) -> Digest {
        sha256(&self.0)
    }

    /// `SubjectPublicKeyInfo` (RFC 8410) as PEM, for `openssl pkeyutl -verify -pubin -rawin`.
    pub fn to_pem(&self) -> String {
        // SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }
        let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        der.extend_from_slice(&self.0);
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};

    #[test]
    fn signatures_of_rfc_8032() {
        // Section 7.1, tests 1 and 3.
        for (seed, public, message, signature) in [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        ] {
            let key = SigningKey::from_seed(Zeroizing::new(decode_hex(seed).unwrap().try_into().unwrap()));
            let message = decode_hex(message).unwrap();
            assert_eq!(encode_hex(&key.public().0), public);
            assert_eq!(encode_hex(&key.sign(&message)), signature);
            assert_eq!(encode_hex(key.seed().as_slice()), seed);
            let signature = key.sign(&message);
            assert_eq!(key.public().verify(&message, &signature), Ok(()));
            assert_eq!(key.public().verify(b"other", &signature), Err(SignatureError));
            for byte in 0..64 {
                let mut changed = signature;
                changed[byte] ^= 1;
                assert_eq!(key.public().verify(&message, &changed), Err(SignatureError));
            }
        }
    }

    #[test]
    fn weak_and_invalid_keys_verify_nothing() {
        let signature = [0; 64];
        for key in [[0; 32], [0xff; 32], std::array::from_fn(|i| u8::from(i == 0))] {
            assert_eq!(PublicKey(key).verify(b"", &signature), Err(SignatureError));
        }
    }
}
