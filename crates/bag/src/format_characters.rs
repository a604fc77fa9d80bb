//! The format characters of Unicode (general category Cf): they are invisible and can make one name look
//! like another.
//!
//! Source: UnicodeData.txt of Unicode 15.0, unchanged in 16.0 and 17.0; written as ranges. Deliberately a
//! fixed table, so that two programs of different age name the same files alike.

const RANGES: [(u32, u32); 21] = [
    (0x00AD, 0x00AD),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0x1_10BD, 0x1_10BD),
    (0x1_10CD, 0x1_10CD),
    (0x1_3430, 0x1_343F),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0001, 0xE_0001),
    (0xE_0020, 0xE_007F),
];

/// Whether a character is a format character.
pub(crate) fn is_format(character: char) -> bool {
    let point = u32::from(character);
    RANGES.iter().any(|&(first, last)| (first..=last).contains(&point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_ascend_and_count_as_in_unicode_15() {
        assert!(RANGES.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert_eq!(RANGES.iter().map(|(first, last)| last - first + 1).sum::<u32>(), 170);
        assert!(is_format('\u{202e}') && is_format('\u{200b}') && !is_format('a') && !is_format('\u{2028}'));
    }
}
