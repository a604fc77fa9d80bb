//! The field GF(2^8) with the polynomial 0x11B, without tables and branches that depend on secrets.

/// The product of two elements.
pub(crate) fn multiply(left: u8, right: u8) -> u8 {
    let (mut product, mut shifted) = (0, left);
    for bit in 0..8 {
        // All ones if the bit is set, else zero.
        product ^= shifted & (right >> bit & 1).wrapping_neg();
        shifted = shifted << 1 ^ 0x1b & (shifted >> 7).wrapping_neg();
    }
    product
}

/// The inverse, as the 254th power; zero for zero.
pub(crate) fn invert(element: u8) -> u8 {
    // 254 = 2 + 4 + 8 + 16 + 32 + 64 + 128
    let (mut power, mut product) = (element, 1);
    for _ in 0..7 {
        power = multiply(power, power);
        product = multiply(product, power);
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_field_of_fips_197() {
        // The examples of FIPS 197, section 4.2.
        assert_eq!(multiply(0x57, 0x83), 0xc1);
        assert_eq!(multiply(0x57, 0x13), 0xfe);
        assert_eq!(invert(0), 0);
        for a in 1..=255 {
            assert_eq!(multiply(a, invert(a)), 1, "{a}");
            assert_eq!(multiply(a, 1), a);
            for b in 0..=255 {
                assert_eq!(multiply(a, b), multiply(b, a));
                assert_eq!(multiply(a, b ^ 0x53), multiply(a, b) ^ multiply(a, 0x53));
            }
        }
    }
}
