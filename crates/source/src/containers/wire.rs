//! The wire format of Protocol Buffers, as far as headers of backups need it: fields with numbers, varints
//! and byte strings.
//!
//! Follows protobuf.dev/programming-guides/encoding. Groups are not read; whatever is wrong ends the fields.

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// Its number.
    pub(super) number: u64,
    /// Its value.
    pub(super) value: Value<'a>,
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A varint.
    Number(u64),
    /// Bytes: a string, bytes or a message.
    Bytes(&'a [u8]),
    /// A number of fixed length.
    Fixed,
}

/// The fields of a message, one after the other.
pub(super) struct Message<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Message<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        field
    }
}

impl<'a> Message<'a> {
    /// The last byte string with this number.
    pub(super) fn bytes(self, number: u64) -> Option<&'a [u8]> {
        let is_it = self.filter(|field| field.number == number);
        is_it
            .filter_map(|field| if let Value::Bytes(bytes) = field.value { Some(bytes) } else { None })
            .last()
    }

    /// The last varint with this number.
    pub(super) fn number(self, number: u64) -> Option<u64> {
        let is_it = self.filter(|field| field.number == number);
        is_it
            .filter_map(|field| if let Value::Number(value) = field.value { Some(value) } else { None })
            .last()
    }

    fn field(&mut self) -> Option<Field<'a>> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            5 => self.take(4).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.take(length)?)
            }
            _ => return None,
        };
        Some(Field { number: key >> 3, value })
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_until_something_is_wrong() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 1, 2, 3, 4, 0x12, 0x01, b'x', 0x0b];
        assert_eq!(Message(&bytes).number(1), Some(150));
        assert_eq!(Message(&bytes).bytes(2), Some(&b"x"[..]));
        assert_eq!(Message(&bytes).count(), 4);
        assert_eq!(Message(&[0x12, 0x7f, 1]).count(), 0);
        assert_eq!(Message(&[0xff; 20]).count(), 0);
    }
}
