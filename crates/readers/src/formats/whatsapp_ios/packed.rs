//! The small messages that WhatsApp keeps packed in a column: their fields as far as they can be read.
//!
//! Protocol buffers in the form of [`crate::wire`]. Of a field that comes twice the first counts; groups,
//! which WhatsApp does not write, end the message.

use crate::wire::{Field, Fields, Value};

/// Whether all bytes could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// To the end.
    Yes,
    /// Not to the end.
    No,
}

/// The fields up to the first that breaks off, and whether everything could be read.
pub(super) fn fields(message: &[u8]) -> (Vec<Field<'_>>, Whole) {
    let mut fields = Vec::new();
    for field in Fields::new(message) {
        match field {
            Ok(field) if field.value != Value::Group => fields.push(field),
            _ => return (fields, Whole::No),
        }
    }
    (fields, Whole::Yes)
}

/// The bytes of the first field of this number.
pub(super) fn bytes(message: &[u8], number: u32) -> Option<&[u8]> {
    fields(message).0.into_iter().filter(|field| field.number == number).find_map(|field| field.value.bytes())
}

/// The text of the first field of this number; none if it is empty.
pub(super) fn text(message: &[u8], number: u32) -> Option<String> {
    bytes(message, number)
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .filter(|text| !text.is_empty())
}

/// The first number of this field.
pub(super) fn number(message: &[u8], number: u32) -> Option<u64> {
    fields(message)
        .0
        .into_iter()
        .filter(|field| field.number == number)
        .find_map(|field| field.value.number())
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
