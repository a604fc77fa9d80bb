//! Recipients, the public halves to seal to: X25519 (`age1…`) and age plugins (`age1<name>1…`).
//!
//! SSH keys and passphrases are deliberately no recipients.

use std::fmt;
use std::str::FromStr;

/// Text that is no recipient, told apart by what went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// It begins like a recipient, but a character is wrong or missing.
    #[error("the recipient is misspelt: a character is wrong or missing")]
    Misspelt,
    /// A secret key was given in its place. It has to be kept away from others.
    #[error("this is a secret key, not a recipient")]
    SecretKey,
    /// Something else.
    #[error("not an age recipient (age1…)")]
    NotARecipient,
}

/// Somebody to seal to; shown and parsed as `age1…`.
#[derive(Clone)]
pub struct Recipient(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    X25519(age::x25519::Recipient),
    Plugin(age::plugin::Recipient),
}

impl Recipient {
    /// The plugin that is needed to seal to this recipient, without `age-plugin-`; none for X25519.
    pub fn plugin_name(&self) -> Option<&str> {
        match &self.0 {
            Kind::X25519(_) => None,
            Kind::Plugin(recipient) => Some(recipient.plugin()),
        }
    }

    pub(crate) fn from_x25519(recipient: age::x25519::Recipient) -> Self {
        Self(Kind::X25519(recipient))
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        let upper = text.to_ascii_uppercase();
        if upper.starts_with("AGE-SECRET-KEY-") || upper.starts_with("AGE-PLUGIN-") {
            return Err(RecipientError::SecretKey);
        }
        if !upper.starts_with("AGE1") {
            return Err(RecipientError::NotARecipient);
        }
        let x25519 = text.parse().map(Kind::X25519);
        x25519.or_else(|_| text.parse().map(Kind::Plugin)).map(Self).map_err(|_| RecipientError::Misspelt)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::X25519(recipient) => recipient.fmt(f),
            Kind::Plugin(recipient) => recipient.fmt(f),
        }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Recipient {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identity;

    #[test]
    fn texts_that_are_and_are_not_recipients() {
        let identity = Identity::generate().unwrap();
        let text = identity.recipient().to_string();
        let recipient: Recipient = text.parse().unwrap();
        assert_eq!(recipient.to_string(), text);
        assert_eq!(recipient.plugin_name(), None);

        // The example of age's plugin specification.
        let plugin = "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t";
        let plugin: Recipient = plugin.parse().unwrap();
        assert_eq!(plugin.plugin_name(), Some("yubikey"));

        let mut misspelt = text.clone();
        misspelt.replace_range(9..10, if &text[9..10] == "q" { "p" } else { "q" });
        for (bad, error) in [
            (misspelt.as_str(), RecipientError::Misspelt),
            (&text[..30], RecipientError::Misspelt),
            ("ssh-ed25519 AAAA", RecipientError::NotARecipient),
            ("", RecipientError::NotARecipient),
            (&identity.to_secret_text(), RecipientError::SecretKey),
        ] {
            assert_eq!(bad.parse::<Recipient>().unwrap_err(), error);
        }
    }
}
