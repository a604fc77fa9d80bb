//! Binary property lists, looked at in place: as far as the list of files of a phone backup needs them.
//!
//! Layout as in Apple's CFBinaryPList.c (format "bplist00"), and how NSKeyedArchiver lays objects into one. A
//! backup has one of them for each of hundreds of thousands of files: nothing is built, nothing is followed
//! deeper than asked. Deliberately absent: everything that does not stand in such a list.

/// A property list.
#[derive(Clone, Copy)]
pub(super) struct PropertyList<'a> {
    bytes: &'a [u8],
    offset_bytes: usize,
    reference_bytes: usize,
    objects: usize,
    top: usize,
    table: usize,
}

/// An object of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Object<'a> {
    /// False or true.
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// A number in floating point.
    Real(f64),
    /// Bytes.
    Data(&'a [u8]),
    /// A text of ASCII signs.
    Text(&'a [u8]),
    /// The number of an object in the archive.
    Uid(usize),
    /// References to objects.
    Array(&'a [u8]),
    /// References to keys, then as many to values.
    Dictionary(&'a [u8]),
    /// Anything else.
    Other,
}

impl<'a> PropertyList<'a> {
    /// Looks at the trailer.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(b"bplist0") {
            return None;
        }
        let trailer = bytes.len().checked_sub(32).and_then(|start| bytes.get(start..))?;
        let number = |at: usize| -> Option<usize> {
            let end = at.checked_add(8)?;
            usize::try_from(u64::from_be_bytes(trailer.get(at..end)?.try_into().ok()?)).ok()
        };
        let (offset_bytes, reference_bytes) = (*trailer.get(6)?, *trailer.get(7)?);
        let list = Self {
            bytes,
            offset_bytes: offset_bytes.into(),
            reference_bytes: reference_bytes.into(),
            objects: number(8)?,
            top: number(16)?,
            table: number(24)?,
        };
        let sizes = 1..=8;
        (sizes.contains(&list.offset_bytes) && sizes.contains(&list.reference_bytes)).then_some(list)
    }

    /// The outermost object.
    pub(super) fn top(&self) -> Option<Object<'a>> {
        self.object(self.top)
    }

    /// What belongs to a key of a dictionary.
    pub(super) fn get(&self, dictionary: Object<'a>, key: &[u8]) -> Option<Object<'a>> {
        self.pairs(dictionary).find(|(name, _)| *name == key).and_then(|(_, value)| self.object(value))
    }

    /// The keys of a dictionary with the numbers of their objects.
    pub(super) fn pairs(&self, dictionary: Object<'a>) -> impl Iterator<Item = (&'a [u8], usize)> {
        let references = if let Object::Dictionary(references) = dictionary { references } else { &[] };
        let (keys, values) = references.split_at(references.len() / 2);
        let size = self.reference_bytes.max(1);
        let both = keys.chunks_exact(size).zip(values.chunks_exact(size));
        both.filter_map(|(key, value)| match self.object(number(key)?)? {
            Object::Text(name) => Some((name, number(value)?)),
            _ => None,
        })
    }

    /// An element of an array.
    pub(super) fn element(&self, array: Object<'a>, index: usize) -> Option<Object<'a>> {
        let Object::Array(references) = array else { return None };
        let begin = index.checked_mul(self.reference_bytes)?;
        let end = begin.checked_add(self.reference_bytes)?;
        self.object(number(references.get(begin..end)?)?)
    }

    /// The object of a number.
    pub(super) fn object(&self, index: usize) -> Option<Object<'a>> {
        if index >= self.objects {
            return None;
        }
        let entry = self.table.checked_add(index.checked_mul(self.offset_bytes)?)?;
        let offset = number(self.bytes.get(entry..entry.checked_add(self.offset_bytes)?)?)?;
        let (marker, rest) = self.bytes.get(offset..)?.split_first()?;
        let low = usize::from(marker & 0x0f);
        Some(match marker >> 4 {
            0x0 if low == 8 => Object::Truth(false),
            0x0 if low == 9 => Object::Truth(true),
            0x1 => whole(rest, low)?,
            0x2 => real(rest, low)?,
            0x8 => Object::Uid(number(rest.get(..low.checked_add(1)?)?)?),
            kind @ (0x4 | 0x5 | 0xa | 0xd) => {
                let (count, rest) = count(low, rest)?;
                let size = match kind {
                    0x4 | 0x5 => count,
                    0xa => count.checked_mul(self.reference_bytes)?,
                    _ => count.checked_mul(self.reference_bytes)?.checked_mul(2)?,
                };
                let bytes = rest.get(..size)?;
                match kind {
                    0x4 => Object::Data(bytes),
                    0x5 => Object::Text(bytes),
                    0xa => Object::Array(bytes),
                    _ => Object::Dictionary(bytes),
                }
            }
            _ => Object::Other,
        })
    }
}

/// A count in the marker, or, from 15 on, in a number after it.
fn count(low: usize, rest: &[u8]) -> Option<(usize, &[u8])> {
    if low < 15 {
        return Some((low, rest));
    }
    let (marker, rest) = rest.split_first()?;
    let (bytes, rest) = rest.split_at_checked(1_usize.checked_shl(u32::from(marker & 0x0f))?)?;
    Some((number(bytes)?, rest))
}

/// A big-endian number of one to eight bytes; sixteen are given to numbers that need no sign, and are never
/// seen where this one is used.
fn number(bytes: &[u8]) -> Option<usize> {
    if bytes.len() > 8 {
        return None;
    }
    let value = bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    usize::try_from(value).ok()
}

fn whole(rest: &[u8], low: usize) -> Option<Object<'_>> {
    let bytes = rest.get(..1_usize.checked_shl(u32::try_from(low).ok()?)?)?;
    // Eight bytes have a sign; fewer have none.
    let value = bytes.iter().rev().take(8).rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    Some(Object::Number(value.cast_signed()))
}

fn real(rest: &[u8], low: usize) -> Option<Object<'_>> {
    match low {
        2 => Some(Object::Real(f32::from_be_bytes(*rest.first_chunk()?).into())),
        3 => Some(Object::Real(f64::from_be_bytes(*rest.first_chunk()?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plist::{Dictionary, Uid, Value};

    #[test]
    fn what_another_program_writes_is_found() {
        let mut dictionary = Dictionary::new();
        dictionary.insert("number".into(), Value::Integer(300_000.into()));
        dictionary.insert("negative".into(), Value::Integer((-2).into()));
        dictionary.insert("data".into(), Value::Data(vec![7; 300]));
        dictionary.insert("truth".into(), Value::Boolean(true));
        dictionary.insert("real".into(), Value::Real(1.5));
        dictionary
            .insert("array".into(), Value::Array(vec![Value::Uid(Uid::new(300)), Value::String("x".into())]));
        let mut bytes = Vec::new();
        Value::Dictionary(dictionary).to_writer_binary(&mut bytes).unwrap();
        let list = PropertyList::parse(&bytes).unwrap();
        let get = |key: &str| list.get(list.top().unwrap(), key.as_bytes()).unwrap();
        assert_eq!(get("number"), Object::Number(300_000));
        assert_eq!(get("negative"), Object::Number(-2));
        assert_eq!(get("data"), Object::Data(&[7; 300]));
        assert_eq!(get("truth"), Object::Truth(true));
        assert_eq!(get("real"), Object::Real(1.5));
        assert_eq!(list.element(get("array"), 0), Some(Object::Uid(300)));
        assert_eq!(list.element(get("array"), 1), Some(Object::Text(b"x")));
        assert_eq!(list.element(get("array"), 2), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_panic(
            mut bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..120),
        ) {
            bytes.splice(0..0, *b"bplist00");
            if let Some(list) = PropertyList::parse(&bytes) {
                for index in 0..40 {
                    if let Some(object) = list.object(index) {
                        list.pairs(object).count();
                        list.element(object, index);
                    }
                }
            }
        }
    }
}
