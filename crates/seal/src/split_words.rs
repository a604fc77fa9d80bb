//! Shares on paper: 28 words of the English list of BIP-39 (`docs/format.md`, section 2).
//!
//! Reading forgives what typing and scanning bring along: capitals, spaces, line breaks, numbering. It
//! does not guess words. These are not BIP-39 mnemonics; the check is our own.

use crate::Sha256;
use crate::split::{Share, SplitError};
use bip39::Language;
use zeroize::Zeroizing;

const WORDS: usize = 28;
const WORD_BITS: u32 = 11;
/// Number, set and value, without the check.
const SHARE_BYTES: usize = 1 + 2 + 32;
/// 308 bits, filled up to whole bytes with four zero bits.
const BYTES: usize = 39;

impl Share {
    /// The 28 words with a space between.
    pub fn to_words(&self) -> Zeroizing<String> {
        let bytes = self.to_bytes();
        let mut text = Zeroizing::new(String::with_capacity(WORDS * 9));
        let (mut pending, mut bits) = (0_u32, 0);
        for byte in bytes.iter() {
            pending = (pending << 8 | u32::from(*byte)) & 0x000f_ffff;
            bits += 8;
            if bits >= WORD_BITS {
                bits -= WORD_BITS;
                let index = usize::try_from(pending >> bits & 0x7ff).unwrap_or_default();
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(Language::English.word_list().get(index).copied().unwrap_or_default());
            }
        }
        text
    }

    /// Reads 28 words; anything but letters separates words, so numbering like `1.` and line breaks do no
    /// harm.
    pub fn from_words(text: &str) -> Result<Self, SplitError> {
        let lower = Zeroizing::new(text.to_lowercase());
        let words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let (mut pending, mut bits, mut found) = (0_u32, 0, 0);
        let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES));
        for word in words {
            found += 1;
            let index =
                Language::English.find_word(word).ok_or(SplitError::UnknownWord { position: found })?;
            pending = (pending << WORD_BITS | u32::from(index)) & 0x0007_ffff;
            bits += WORD_BITS;
            while bits >= 8 {
                bits -= 8;
                bytes.push((pending >> bits & 0xff).to_le_bytes()[0]);
            }
        }
        if found != WORDS {
            return Err(SplitError::WordCount { found });
        }
        bytes.push((pending << (8 - bits) & 0xff).to_le_bytes()[0]);
        Self::from_bytes(&bytes)
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES));
        bytes.push(self.number);
        bytes.extend_from_slice(&self.set.to_be_bytes());
        bytes.extend_from_slice(self.value.as_slice());
        let check = check(&bytes);
        bytes.extend_from_slice(&check);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, SplitError> {
        let (share, found) = bytes.split_at_checked(SHARE_BYTES).ok_or(SplitError::Check)?;
        let ([number, high, low], value) = share.split_first_chunk().ok_or(SplitError::Check)?;
        // Share 0 would be the secret itself; nobody makes it.
        if found != check(share) || *number == 0 {
            return Err(SplitError::Check);
        }
        let mut share =
            Self { number: *number, set: u16::from_be_bytes([*high, *low]), value: Zeroizing::new([0; 32]) };
        share.value.iter_mut().zip(value).for_each(|(to, from)| *to = *from);
        Ok(share)
    }
}

/// The first 28 bits of the hash, then four zero bits.
fn check(share: &[u8]) -> [u8; 4] {
    let mut hash = Sha256::new();
    hash.update(b"asservat/share/v1");
    hash.update(share);
    let [a, b, c, d, ..] = hash.finish().0;
    [a, b, c, d & 0xf0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha256;
    use proptest::prelude::*;

    fn share(number: u8, set: u16, value: [u8; 32]) -> Share {
        Share { number, set, value: Zeroizing::new(value) }
    }

    #[test]
    fn the_word_list_is_that_of_bip_39() {
        // SHA-256 of english.txt as published with BIP-39: one word a line.
        let text = Language::English.word_list().join("\n") + "\n";
        let expected = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda";
        assert_eq!(sha256(text.as_bytes()).to_string(), expected);
    }

    #[test]
    fn forgives_form_but_not_words() {
        let words = share(1, 513, std::array::from_fn(|i| i.to_le_bytes()[0])).to_words();
        let list: Vec<&str> = words.split(' ').collect();
        assert_eq!(list.len(), 28);
        let numbered: Vec<String> = list
            .iter()
            .enumerate()
            .map(|(i, word)| format!(" {}.\t{}", i + 1, word.to_uppercase()))
            .collect();
        for text in [words.to_uppercase(), numbered.join("\r\n"), list.join(", ")] {
            let again = Share::from_words(&text).unwrap();
            assert_eq!((again.number(), again.set()), (1, 513));
            assert_eq!(again.to_words(), words);
        }

        let mut wrong = list.clone();
        wrong[4] = "evidenz";
        assert_eq!(Share::from_words(&wrong.join(" ")).err(), Some(SplitError::UnknownWord { position: 5 }));
        assert_eq!(Share::from_words(&list[1..].join(" ")).err(), Some(SplitError::WordCount { found: 27 }));
        assert_eq!(Share::from_words("").err(), Some(SplitError::WordCount { found: 0 }));
        let mut swapped = list.clone();
        swapped.swap(3, 20);
        assert_eq!(Share::from_words(&swapped.join(" ")).err(), Some(SplitError::Check));
        assert_eq!(Share::from_words(&share(0, 1, [7; 32]).to_words()).err(), Some(SplitError::Check));
    }

    proptest! {
        #[test]
        fn words_go_both_ways(
            number in 1..=255_u8, set: u16, value: [u8; 32], position in 0_usize..28,
            other in 0_usize..2048) {
            let words = share(number, set, value).to_words();
            let again = Share::from_words(&words).unwrap();
            prop_assert_eq!((again.number, again.set, *again.value), (number, set, value));

            let mut list: Vec<&str> = words.split(' ').collect();
            let misread = Language::English.word_list()[other];
            if list[position] != misread {
                list[position] = misread;
                prop_assert_eq!(Share::from_words(&list.join(" ")).err(), Some(SplitError::Check));
            }
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,300}") {
            let _ = Share::from_words(&text);
        }
    }
}
