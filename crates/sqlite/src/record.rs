//! The record format: the head with one type per value, read once, and the values, each read when asked for.

use crate::bytes::{size, u16_at, u32_at, varint_at};
use crate::problem::What;
use crate::value::{Encoding, Text, Value};

/// SQLite allows no table with more columns.
pub(crate) const COLUMNS_MAX: usize = 32_767;

/// One value of a record: its type and where it begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    serial: u64,
    offset: usize,
}

/// Whether all of a payload is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    Cut,
}

/// Reads the head of a record; of more than `most` values only the first.
pub(crate) fn fields(payload: &[u8], extent: Extent, most: usize, into: &mut Vec<Field>) -> Result<(), What> {
    into.clear();
    let (head_bytes, mut at) = varint_at(payload, 0).ok_or(What::Record)?;
    let head_bytes = size(head_bytes);
    let head = payload.get(..head_bytes).ok_or(What::Record)?;
    let mut offset = head_bytes;
    while at < head_bytes {
        if into.len() >= most.min(COLUMNS_MAX) {
            return Ok(());
        }
        let (serial, length) = varint_at(head, at).ok_or(What::Record)?;
        at += length;
        into.push(Field { serial, offset });
        offset = value_bytes(serial).and_then(|bytes| offset.checked_add(bytes)).ok_or(What::Record)?;
    }
    // In a sound record the values end where the payload does.
    let sound = match extent {
        Extent::Whole => at == head_bytes && offset == payload.len(),
        Extent::Cut => at == head_bytes,
    };
    if sound { Ok(()) } else { Err(What::Record) }
}

/// The length of a value of this type; nothing for the types that no file has.
#[inline]
fn value_bytes(serial: u64) -> Option<usize> {
    Some(match serial {
        0 | 8 | 9 => 0,
        1..=4 => size(serial),
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => size((serial - 12) / 2),
    })
}

/// Reads one value. Of a cut payload a text or blob comes as far as it goes, anything else is null.
pub(crate) fn value(payload: &[u8], field: Field, encoding: Encoding) -> Value<'_> {
    let rest = payload.get(field.offset..).unwrap_or_default();
    match field.serial {
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        1..=7 => number(rest, field.serial).unwrap_or(Value::Null),
        12.. => {
            let length = size((field.serial - 12) / 2).min(rest.len());
            let bytes = rest.get(..length).unwrap_or_default();
            if field.serial.is_multiple_of(2) {
                Value::Blob(bytes)
            } else {
                Value::Text(Text::new(bytes, encoding))
            }
        }
        _ => Value::Null,
    }
}

fn number(bytes: &[u8], serial: u64) -> Option<Value<'static>> {
    let high = |shift: u32| {
        // The sign stands in the first byte.
        bytes.first().map(|byte| i64::from(byte.cast_signed()) << shift)
    };
    let eight = || bytes.first_chunk::<8>();
    Some(match serial {
        1 => Value::Integer(high(0)?),
        2 => Value::Integer(high(8)? | i64::from(*bytes.get(1)?)),
        3 => Value::Integer(high(16)? | i64::from(u16_at(bytes, 1)?)),
        4 => Value::Integer(i64::from(u32_at(bytes, 0)?.cast_signed())),
        5 => Value::Integer(high(40)? | i64::from(*bytes.get(1)?) << 32 | i64::from(u32_at(bytes, 2)?)),
        6 => Value::Integer(i64::from_be_bytes(*eight()?)),
        _ => {
            let number = f64::from_be_bytes(*eight()?);
            if number.is_nan() { Value::Null } else { Value::Real(number) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &[u8]) -> Option<Vec<Value<'_>>> {
        let mut found = Vec::new();
        fields(payload, Extent::Whole, 10, &mut found).ok()?;
        Some(found.iter().map(|field| value(payload, *field, Encoding::Utf8)).collect())
    }

    #[test]
    fn numbers_of_every_length() {
        let cases: &[(u8, &[u8], Value<'_>)] = &[
            (0, &[], Value::Null),
            (1, &[0xfe], Value::Integer(-2)),
            (2, &[0xff, 0xfe], Value::Integer(-2)),
            (3, &[0x7f, 0xff, 0xfe], Value::Integer(0x7f_fffe)),
            (4, &[0xff, 0xff, 0xff, 0xfe], Value::Integer(-2)),
            (5, &[0x80, 0, 0, 0, 0, 1], Value::Integer(-(1 << 47) + 1)),
            (6, &i64::MIN.to_be_bytes(), Value::Integer(i64::MIN)),
            (7, &1.5_f64.to_be_bytes(), Value::Real(1.5)),
            (7, &f64::NAN.to_be_bytes(), Value::Null),
            (9, &[], Value::Integer(1)),
            (14, b"x", Value::Blob(b"x")),
        ];
        for (serial, bytes, expected) in cases {
            let payload = [&[2, *serial], *bytes].concat();
            assert_eq!(read(&payload), Some(vec![*expected]));
        }
    }

    #[test]
    fn a_record_that_does_not_fit_is_found() {
        assert!(read(&[2, 1]).is_none());
        assert!(read(&[2, 1, 0, 0]).is_none());
        assert!(read(&[2, 10]).is_none());
        assert!(read(&[9, 1]).is_none());
        assert!(read(&[2, 0x81]).is_none());
        assert!(read(&[]).is_none());
    }

    #[test]
    fn a_cut_record_gives_what_is_there() {
        let payload = [4, 19, 1, 2, b'a', b'b'];
        let mut found = Vec::new();
        assert!(fields(&payload, Extent::Cut, 10, &mut found).is_ok());
        let values: Vec<_> = found.iter().map(|field| value(&payload, *field, Encoding::Utf8)).collect();
        assert_eq!(values[0], Value::Text(Text::new(b"ab", Encoding::Utf8)));
        assert_eq!(values[1..], [Value::Null, Value::Null]);
    }
}
