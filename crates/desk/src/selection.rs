//! How an item is named: `17` is what entry 17 sealed, `17:3` is leaf 3 in it.

use std::fmt;
use std::str::FromStr;

use custody::{CapsuleFacts, CaseState};
use model::EntryNumber;

use crate::DeskError;

/// A whole capsule or one file of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemName {
    /// The entry that sealed the capsule.
    pub capsule: EntryNumber,
    /// One file, or all.
    pub leaf: Option<u64>,
}

impl ItemName {
    /// Whether a file is meant by this name.
    pub(crate) fn covers(self, capsule: EntryNumber, leaf: u64) -> bool {
        self.capsule == capsule && self.leaf.is_none_or(|own| own == leaf)
    }

    /// The capsule meant; an error when there is none, when it was erased, or when the leaf is beyond its
    /// end.
    pub(crate) fn find(self, state: &CaseState) -> Result<&CapsuleFacts, DeskError> {
        let facts =
            state.capsules.get(&self.capsule).filter(|_| !state.erased.capsules.contains(&self.capsule));
        facts
            .filter(|facts| self.leaf.is_none_or(|leaf| leaf < facts.leaves))
            .ok_or(DeskError::Unknown(self.to_string()))
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.leaf {
            Some(leaf) => write!(f, "{}:{leaf}", self.capsule),
            None => write!(f, "{}", self.capsule),
        }
    }
}

impl FromStr for ItemName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "an item is named by numbers: 17 for a capsule, 17:3 for one file in it";
        let number = |part: &str| part.parse().map_err(|_| wrong);
        let (capsule, leaf) = match text.split_once(':') {
            Some((capsule, leaf)) => (number(capsule)?, Some(number(leaf)?)),
            None => (number(text)?, None),
        };
        Ok(Self { capsule: EntryNumber(capsule), leaf })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_numbers() {
        for text in ["17", "17:3"] {
            assert_eq!(text.parse::<ItemName>().map(|item| item.to_string()), Ok(text.to_owned()));
        }
        for bad in ["", "a", "17:", ":3", "17:3:4", "-1"] {
            assert!(bad.parse::<ItemName>().is_err(), "{bad}");
        }
    }
}
