//! Percent signs in addresses: `%61` is `a`.
//!
//! What is no such sign, or no UTF-8 afterwards, stays as it is.

use std::borrow::Cow;

/// An address with its percent signs read, once.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        match after.split_first_chunk::<2>() {
            Some((digits, behind)) if first == b'%' => match value(*digits) {
                Some(byte) => {
                    bytes.push(byte);
                    rest = behind;
                }
                None => bytes.push(first),
            },
            _ => bytes.push(first),
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn value(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high?.checked_mul(16)?.checked_add(low?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_read_once() {
        for (text, expected) in
            [("a%20b", "a b"), ("%2541", "%41"), ("%", "%"), ("%g1", "%g1"), ("%ff", "%ff"), ("%c3%bc", "ü")]
        {
            assert_eq!(decoded(text), expected);
        }
    }
}
