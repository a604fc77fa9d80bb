//! Check digits: Luhn (ISO/IEC 7812-1), modulo 97 (ISO 7064), and those of ICAO 9303.

/// Whether the digits (ASCII) pass Luhn's test.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum = digits.iter().rev().enumerate().fold(0_u32, |sum, (at, digit)| {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        let value = if at % 2 == 1 { digit.saturating_mul(2) } else { digit };
        sum.saturating_add(if value > 9 { value.saturating_sub(9) } else { value })
    });
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// The rest by 97 of a number whose letters count from 10.
pub(super) fn rest_97(characters: impl Iterator<Item = u8>) -> u32 {
    characters.fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        b'a'..=b'z' => (rest * 100 + u32::from(byte - b'a') + 10) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => rest,
    })
}

/// The check digit of ICAO 9303 part 3 as an ASCII digit: weights 7, 3, 1, letters from 10, `<` nothing.
pub(super) fn icao(characters: &[u8]) -> u8 {
    let weights = [7_u32, 3, 1].into_iter().cycle();
    let sum = characters.iter().zip(weights).fold(0_u32, |sum, (byte, weight)| {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'A'..=b'Z' => u32::from(byte - b'A') + 10,
            b'a'..=b'z' => u32::from(byte - b'a') + 10,
            _ => 0,
        };
        sum.saturating_add(value.saturating_mul(weight))
    });
    b'0'.saturating_add((sum % 10).to_le_bytes().first().copied().unwrap_or_default())
}

/// The sum of digits with weights.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).fold(0, |sum, (digit, weight)| {
        sum.saturating_add(u32::from(digit.wrapping_sub(b'0')).saturating_mul(*weight))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples() {
        assert!(luhn(b"4111111111111111"));
        assert!(!luhn(b"4111111111111112"));
        // ICAO 9303 part 3, 4.9: the check digits of the specimen's dates and number.
        assert_eq!(icao(b"520727"), b'3');
        assert_eq!(icao(b"AB2134<<<"), b'5');
        // ISO 13616: GB82 WEST 1234 5698 7654 32, the first four behind.
        assert_eq!(rest_97(b"WEST12345698765432GB82".iter().copied()), 1);
    }
}
