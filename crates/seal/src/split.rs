//! The recovery split: Shamir's scheme over GF(2^8) with threshold two (`docs/format.md`, section 2).
//!
//! Any two shares of a set give the secret, one gives nothing. Whether the result is right shows only when
//! it opens something: two shares that belong to different splits are told apart by their set number and
//! no more.

use crate::gf256::{invert, multiply};
use zeroize::Zeroizing;

/// A share that cannot be read or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// A share has 28 words.
    #[error("a share has 28 words, these are {found}")]
    WordCount {
        /// How many there were.
        found: usize,
    },
    /// A word is not in the list.
    #[error("word {position} is not in the word list")]
    UnknownWord {
        /// Which word, counted from 1.
        position: usize,
    },
    /// All words exist, but together they do not make a share: some were swapped or taken for others.
    #[error("the words do not belong together: one was misread or two were swapped")]
    Check,
    /// The same share was given twice.
    #[error("the same share was given twice")]
    SameShare,
    /// The shares come from different splits.
    #[error("the shares belong to different sets ({first} and {second})")]
    DifferentSets {
        /// Set number of the first.
        first: u16,
        /// Set number of the second.
        second: u16,
    },
}

/// One share; wiped when dropped.
pub struct Share {
    pub(crate) number: u8,
    pub(crate) set: u16,
    pub(crate) value: Zeroizing<[u8; 32]>,
}

impl Share {
    /// Its number in the set, from 1 on.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// The number of the set it belongs to.
    pub fn set(&self) -> u16 {
        self.set
    }
}

/// Splits a secret into shares numbered from 1 on. `random` must be fresh random bytes, used for nothing
/// else.
pub fn split(secret: &[u8; 32], shares: u8, set: u16, random: &[u8; 32]) -> Vec<Share> {
    let share = |number: u8| {
        let mut value = Zeroizing::new([0; 32]);
        for (to, (secret, slope)) in value.iter_mut().zip(secret.iter().zip(random)) {
            *to = secret ^ multiply(*slope, number);
        }
        Share { number, set, value }
    };
    (1..=shares).map(share).collect()
}

/// The secret out of two different shares of one set.
pub fn combine(first: &Share, second: &Share) -> Result<Zeroizing<[u8; 32]>, SplitError> {
    if first.set != second.set {
        return Err(SplitError::DifferentSets { first: first.set, second: second.set });
    }
    if first.number == second.number {
        return Err(SplitError::SameShare);
    }
    // The line through both points, at 0.
    let scale = invert(first.number ^ second.number);
    let (first_weight, second_weight) = (multiply(second.number, scale), multiply(first.number, scale));
    let mut secret = Zeroizing::new([0; 32]);
    for (to, (one, two)) in secret.iter_mut().zip(first.value.iter().zip(second.value.iter())) {
        *to = multiply(*one, first_weight) ^ multiply(*two, second_weight);
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_example_by_hand() {
        // 0x53 + 0x02·x at x = 1, 2, 3.
        let shares = split(&[0x53; 32], 3, 7, &[0x02; 32]);
        let values: Vec<u8> = shares.iter().map(|share| share.value[31]).collect();
        assert_eq!(values, [0x51, 0x57, 0x55]);
    }

    proptest! {
        #[test]
        fn any_two_shares_give_the_secret(
            secret: [u8; 32], random: [u8; 32], count in 2..=255_u8, a: u8, b: u8) {
            let shares = split(&secret, count, 9, &random);
            prop_assert_eq!(shares.len(), usize::from(count));
            let one = &shares[usize::from(a % count)];
            let two = &shares[usize::from(b % count)];
            match combine(one, two) {
                Ok(found) => prop_assert_eq!(*found, secret),
                Err(error) => {
                    prop_assert_eq!(error, SplitError::SameShare);
                    prop_assert_eq!(one.number(), two.number());
                }
            }
            let other = split(&secret, 2, 10, &random);
            prop_assert_eq!(
                combine(one, &other[0]).err(), Some(SplitError::DifferentSets { first: 9, second: 10 }));
        }
    }
}
