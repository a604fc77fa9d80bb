//! Names of holders, safe as file names on every system.

use std::fmt;
use std::str::FromStr;

/// The name of a holder of a case: 1 to 32 characters out of `a–z 0–9 -`, first a letter, no Windows
/// device name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct HolderName(String);

/// A name that cannot be a holder's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a holder's name has 1 to 32 characters out of a-z, 0-9 and -, and begins with a letter")]
pub struct HolderNameError;

impl HolderName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HolderName {
    type Err = HolderNameError;

    fn from_str(text: &str) -> Result<Self, HolderNameError> {
        let fits = (1..=32).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let device = matches!(text, "con" | "prn" | "aux" | "nul")
            || (text.len() == 4
                && (text.starts_with("com") || text.starts_with("lpt"))
                && text.ends_with(|c: char| c.is_ascii_digit()));
        // `epoch-<k>.age` lies in the same folder.
        if fits && !device && !text.starts_with("epoch-") {
            Ok(Self(text.to_owned()))
        } else {
            Err(HolderNameError)
        }
    }
}

impl fmt::Display for HolderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_safe_as_files() {
        for good in ["client", "lawyer-2", "a"] {
            assert!(good.parse::<HolderName>().is_ok(), "{good}");
        }
        for bad in ["", "2", "Client", "con", "lpt1", "a/b", "epoch-1", "ü", "a.b", &"a".repeat(33)] {
            assert!(bad.parse::<HolderName>().is_err(), "{bad}");
        }
    }
}
