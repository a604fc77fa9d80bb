//! Reads the wire form of protocol buffers: field by field, lending the bytes, without any schema.
//!
//! For the headers of backups here and for what readers find packed in files. Follows
//! protobuf.dev/programming-guides/encoding (2024): varints, fixed numbers, lengths; groups, which nobody
//! writes any more, are passed over. It never panics, and a message that breaks off or contradicts the form
//! gives its good fields first and then one error. Deliberately no schema and no packed lists: whoever reads
//! knows what a field means.

use std::borrow::Cow;

/// How deeply groups may be nested that are passed over.
const GROUP_DEPTH: u32 = 16;

/// The fields of a message, in the order in which they lie there.
#[derive(Clone, Debug)]
pub struct Fields<'w> {
    rest: &'w [u8],
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'w> {
    /// Its number.
    pub number: u32,
    /// Its value.
    pub value: Value<'w>,
}

/// A value as it lies on the wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'w> {
    /// A number of any length: integers, truth values, enumerations.
    Varint(u64),
    /// Eight bytes, little-endian.
    Fixed64(u64),
    /// Bytes, a text or a message.
    Bytes(&'w [u8]),
    /// Four bytes, little-endian.
    Fixed32(u32),
    /// A group that was passed over.
    Group,
}

/// The bytes are no message, or break off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no protocol buffer")]
pub struct WireError;

impl<'w> Fields<'w> {
    /// The fields of these bytes.
    pub fn new(bytes: &'w [u8]) -> Self {
        Self { rest: bytes }
    }

    #[inline]
    fn field(&mut self) -> Option<Field<'w>> {
        let tag = varint(&mut self.rest)?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| *number != 0)?;
        let value = match tag & 7 {
            0 => Value::Varint(varint(&mut self.rest)?),
            1 => Value::Fixed64(u64::from_le_bytes(self.fixed()?)),
            2 => Value::Bytes(piece(&mut self.rest)?),
            5 => Value::Fixed32(u32::from_le_bytes(self.fixed()?)),
            3 => {
                self.pass_over_group(number, GROUP_DEPTH)?;
                Value::Group
            }
            _ => return None,
        };
        Some(Field { number, value })
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*bytes)
    }

    fn pass_over_group(&mut self, number: u32, depth: u32) -> Option<()> {
        loop {
            let tag = varint(&mut self.rest)?;
            let inner = u32::try_from(tag >> 3).ok()?;
            match tag & 7 {
                0 => drop(varint(&mut self.rest)?),
                1 => drop(self.fixed::<8>()?),
                2 => drop(piece(&mut self.rest)?),
                5 => drop(self.fixed::<4>()?),
                3 => self.pass_over_group(inner, depth.checked_sub(1)?)?,
                4 => return (inner == number).then_some(()),
                _ => return None,
            }
        }
    }
}

impl<'w> Iterator for Fields<'w> {
    type Item = Result<Field<'w>, WireError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.rest = &[];
        }
        Some(field.ok_or(WireError))
    }
}

impl<'w> Value<'w> {
    /// The bytes; none for anything else.
    pub fn bytes(self) -> Option<&'w [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The bytes as text, what is no UTF-8 replaced; none for anything else.
    pub fn text(self) -> Option<Cow<'w, str>> {
        self.bytes().map(String::from_utf8_lossy)
    }

    /// A number; none for anything else.
    pub fn number(self) -> Option<u64> {
        match self {
            Self::Varint(number) | Self::Fixed64(number) => Some(number),
            Self::Fixed32(number) => Some(u64::from(number)),
            Self::Bytes(_) | Self::Group => None,
        }
    }
}

/// The value of the last field of this number; none if there is none or what is before it is broken.
pub fn find(message: &[u8], number: u32) -> Option<Value<'_>> {
    Fields::new(message).map_while(Result::ok).filter(|field| field.number == number).last().map(|f| f.value)
}

/// The bytes of the last field of this number that has bytes, up to the first group.
pub(crate) fn bytes(message: &[u8], number: u32) -> Option<&[u8]> {
    plain(message, number).filter_map(Value::bytes).last()
}

/// The value of the last field of this number that is a number of any length, up to the first group.
pub(crate) fn number(message: &[u8], number: u32) -> Option<u64> {
    let any_length = |value| if let Value::Varint(value) = value { Some(value) } else { None };
    plain(message, number).filter_map(any_length).last()
}

/// Fields as backups write them in their headers: what follows a group is not believed.
fn plain(message: &[u8], number: u32) -> impl Iterator<Item = Value<'_>> {
    let fields =
        Fields::new(message).map_while(|field| field.ok().filter(|field| field.value != Value::Group));
    fields.filter(move |field| field.number == number).map(|field| field.value)
}

/// Takes a number of any length off the front; of more than 64 bits there is none.
#[inline]
pub fn varint(rest: &mut &[u8]) -> Option<u64> {
    let (first, behind) = rest.split_first()?;
    // Most are of one byte.
    if *first < 0x80 {
        *rest = behind;
        return Some(u64::from(*first));
    }
    long_varint(rest)
}

fn long_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number: u64 = 0;
    let mut shift: u32 = 0;
    let bytes = *rest;
    for (byte, length) in bytes.iter().zip(1_usize..=10) {
        number |= u64::from(byte & 0x7f).wrapping_shl(shift);
        if byte & 0x80 == 0 {
            *rest = bytes.get(length..)?;
            return Some(number);
        }
        shift = shift.saturating_add(7);
    }
    None
}

/// Takes a length and so many bytes off the front.
#[inline]
fn piece<'w>(rest: &mut &'w [u8]) -> Option<&'w [u8]> {
    let length = usize::try_from(varint(rest)?).ok()?;
    let (piece, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8]) -> Vec<Result<Field<'_>, WireError>> {
        Fields::new(bytes).collect()
    }

    #[test]
    fn the_values_of_the_specification() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x1d, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0];
        let expected = [
            (1, Value::Varint(150)),
            (2, Value::Bytes(b"hi")),
            (3, Value::Fixed32(1)),
            (4, Value::Fixed64(2)),
        ];
        let expected = expected.map(|(number, value)| Ok(Field { number, value }));
        assert_eq!(fields(&bytes), expected);
        assert_eq!(find(&bytes, 1), Some(Value::Varint(150)));
        assert_eq!(find(&bytes, 9), None);
    }

    #[test]
    fn what_breaks_off_gives_its_good_fields_first() {
        assert_eq!(fields(&[0x08, 1, 0x12, 5, b'x']).len(), 2);
        assert_eq!(fields(&[0x08, 1, 0x12, 5, b'x']).last(), Some(&Err(WireError)));
        for broken in [&[0x08][..], &[0x00, 1], &[0x0f], &[0xff; 12], &[0x0c], &[0x0b, 0x08, 1]] {
            assert_eq!(fields(broken).last(), Some(&Err(WireError)), "{broken:?}");
        }
    }

    #[test]
    fn headers_are_read_until_something_is_wrong() {
        let header = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x1d, 1, 2, 3, 4, 0x12, 1, b'x', 0x0b];
        assert_eq!((number(&header, 1), bytes(&header, 2)), (Some(150), Some(&b"x"[..])));
        assert_eq!((number(&header, 3), bytes(&header, 1)), (None, None));
        assert_eq!(bytes(&[0x0b, 0x0c, 0x12, 1, b'x'], 2), None);
        assert_eq!((bytes(&[0x12, 0x7f, 1], 2), number(&[0xff; 20], 1)), (None, None));
    }

    #[test]
    fn groups_are_passed_over_but_not_endlessly() {
        assert_eq!(fields(&[0x0b, 0x10, 1, 0x0c, 0x10, 7]).len(), 2);
        assert_eq!(fields(&[0x0b; 10_000]), [Err(WireError)]);
    }

    #[test]
    fn a_number_takes_ten_bytes_at_most() {
        let mut most: &[u8] = &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 7];
        assert_eq!(varint(&mut most), Some(u64::MAX));
        assert_eq!(most, [7]);
        assert_eq!(varint(&mut &[0x80_u8; 11][..]), None);
    }
}
