//! Big-endian numbers and SQLite's variable-length integers out of a slice; nothing past its end.

/// Two bytes at this offset.
pub(crate) fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes.get(offset..)?.first_chunk().map(|chunk| u16::from_be_bytes(*chunk))
}

/// Four bytes at this offset.
pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|chunk| u32::from_be_bytes(*chunk))
}

/// The variable-length integer at this offset, and its length: 1 to 9 bytes, seven bits a byte, the ninth
/// byte whole.
#[inline]
pub(crate) fn varint_at(bytes: &[u8], offset: usize) -> Option<(u64, usize)> {
    let bytes = bytes.get(offset..)?;
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((u64::from(first), 1));
    }
    let mut value = u64::from(first & 0x7f);
    for (length, byte) in (2..).zip(bytes.iter().skip(1).take(8)) {
        if length == 9 {
            return Some((value << 8 | u64::from(*byte), 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if *byte < 0x80 {
            return Some((value, length));
        }
    }
    None
}

/// A size or offset as `usize`; what does not fit is larger than any buffer.
pub(crate) fn size(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// A signed 64-bit number out of the bits of an unsigned one.
pub(crate) fn signed(value: u64) -> i64 {
    i64::from_ne_bytes(value.to_ne_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_length_integers() {
        assert_eq!(varint_at(&[0x7f], 0), Some((0x7f, 1)));
        assert_eq!(varint_at(&[0, 0x81, 0x00], 1), Some((0x80, 2)));
        assert_eq!(varint_at(&[0xff; 9], 0), Some((u64::MAX, 9)));
        assert_eq!(varint_at(&[0x80, 0x80, 0x01], 0), Some((1, 3)));
        assert_eq!(varint_at(&[0xff; 8], 0), None);
        assert_eq!(varint_at(&[], 0), None);
        assert_eq!(varint_at(&[1], 2), None);
        assert_eq!(signed(u64::MAX), -1);
    }
}
