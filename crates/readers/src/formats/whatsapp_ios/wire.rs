//! The wire form of protocol buffers, as far as WhatsApp's small messages need it: varints and lengths.
//!
//! Follows protobuf.dev/programming-guides/encoding (2024). Deliberately no schema and no groups.

/// A field: its number and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'w> {
    /// A number.
    Number(u32, u64),
    /// Bytes, a text or a message.
    Bytes(u32, &'w [u8]),
}

/// The fields up to the first that breaks off, and whether everything could be read.
pub(super) fn fields(mut rest: &[u8]) -> (Vec<Field<'_>>, Whole) {
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let Some(field) = field(&mut rest) else { return (fields, Whole::No) };
        fields.push(field);
    }
    (fields, Whole::Yes)
}

/// Whether all bytes could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// To the end.
    Yes,
    /// Not to the end.
    No,
}

/// The bytes of the first field of this number.
pub(super) fn bytes(message: &[u8], number: u32) -> Option<&[u8]> {
    fields(message).0.into_iter().find_map(|field| match field {
        Field::Bytes(known, bytes) if known == number => Some(bytes),
        _ => None,
    })
}

/// The text of the first field of this number; none if it is empty.
pub(super) fn text(message: &[u8], number: u32) -> Option<String> {
    bytes(message, number)
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .filter(|text| !text.is_empty())
}

/// The first number of this field.
pub(super) fn number(message: &[u8], number: u32) -> Option<u64> {
    fields(message).0.into_iter().find_map(|field| match field {
        Field::Number(known, value) if known == number => Some(value),
        _ => None,
    })
}

fn field<'w>(rest: &mut &'w [u8]) -> Option<Field<'w>> {
    let tag = varint(rest)?;
    let number = u32::try_from(tag >> 3).ok().filter(|number| *number != 0)?;
    Some(match tag & 7 {
        0 => Field::Number(number, varint(rest)?),
        1 => Field::Number(number, u64::from_le_bytes(take(rest, 8)?.try_into().ok()?)),
        2 => {
            let length = usize::try_from(varint(rest)?).ok()?;
            Field::Bytes(number, take(rest, length)?)
        }
        5 => Field::Number(number, u64::from(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?))),
        _ => return None,
    })
}

fn take<'w>(rest: &mut &'w [u8], length: usize) -> Option<&'w [u8]> {
    let (piece, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(piece)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_broken_ends() {
        let bytes_in = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x1d, 1, 0, 0, 0];
        assert_eq!(number(&bytes_in, 1), Some(150));
        assert_eq!(text(&bytes_in, 2).as_deref(), Some("hi"));
        assert_eq!(number(&bytes_in, 3), Some(1));
        assert_eq!(fields(&bytes_in).1, Whole::Yes);
        for broken in [&[0x08][..], &[0x12, 5, b'x'], &[0xff; 12], &[0x0b], &[0, 1]] {
            assert_eq!(fields(broken).1, Whole::No, "{broken:?}");
        }
    }
}
