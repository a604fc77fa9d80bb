//! The evidence's own passwords, as the person gave them: never a key of the case.

use zeroize::Zeroizing;

/// Passwords, passphrases and recovery codes that may open something in the tree; tried in order.
#[derive(Default)]
pub struct Keys(Vec<Zeroizing<String>>);

impl Keys {
    /// These.
    pub fn new(keys: Vec<Zeroizing<String>>) -> Self {
        Self(keys)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| key.as_str())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
