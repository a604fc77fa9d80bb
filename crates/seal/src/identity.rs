//! An X25519 identity: the secret half of an age key pair (age v1, native X25519 recipient type).
//!
//! Curve arithmetic and text form are those of the age crate. Identities on tokens come only in identity
//! files.

use crate::{Recipient, SealError, bech32, random};
use age_core::secrecy::ExposeSecret;
use zeroize::Zeroizing;

const PREFIX: &str = "AGE-SECRET-KEY-";

/// A secret X25519 key; wiped when dropped.
pub struct Identity(age::x25519::Identity);

impl Identity {
    /// A new random identity.
    pub fn generate() -> Result<Self, SealError> {
        Self::from_secret(&Zeroizing::new(random()?))
    }

    /// The identity made of 32 secret bytes (the recovery split).
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, SealError> {
        Self::parse(&bech32::encode_upper(PREFIX, secret))
    }

    /// Reads `AGE-SECRET-KEY-1…`; white space around it is ignored.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        text.trim().parse().map(Self).map_err(|_| SealError::NotAnIdentity)
    }

    /// The text `AGE-SECRET-KEY-1…`, only ever to be sealed.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// The public half.
    pub fn recipient(&self) -> Recipient {
        Recipient::from_x25519(self.0.to_public())
    }

    pub(crate) fn as_age(&self) -> &age::x25519::Identity {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_both_ways() {
        let identity = Identity::generate().unwrap();
        let text = identity.to_secret_text();
        assert!(text.starts_with(PREFIX));
        let again = Identity::parse(&format!(" {}\r\n", *text)).unwrap();
        assert_eq!(again.recipient(), identity.recipient());
        assert_eq!(again.to_secret_text(), text);
        for bad in ["", "age1", &text[..text.len() - 1], &identity.recipient().to_string()] {
            assert!(matches!(Identity::parse(bad), Err(SealError::NotAnIdentity)));
        }
    }
}
