//! Texts in a package's table of resources, by number: enough to know what an app calls itself.
//!
//! Follows `ResourceTypes.h` of the Android Open Source Project (read 2026-11), with sparse and compact
//! entries. The text without any language is taken where there is one, else the first. Deliberately nothing
//! else of it.

use super::{Chunk, Front, Pool, chunks};

/// How often a resource may only name another one.
const STEPS_MOST: usize = 5;

/// The text of a resource; none if it is none, or is not there.
pub(crate) fn text_of(table: &[u8], id: u32) -> Option<String> {
    const TABLE: u16 = 2;
    let outer = chunks(table).next().filter(|chunk| chunk.kind == TABLE)?;
    let pool = chunks(outer.body).find(|chunk| chunk.kind == Pool::KIND).and_then(Pool::of)?;
    let mut id = id;
    for _ in 0..STEPS_MOST {
        match value_of(outer.body, id)? {
            (3, text) => return pool.get(text),
            (1, other) if other != id => id = other,
            _ => return None,
        }
    }
    None
}

/// Kind and data of a resource's value.
fn value_of(table: &[u8], id: u32) -> Option<(u8, u32)> {
    const PACKAGE: u16 = 0x0200;
    const TYPE: u16 = 0x0201;
    let [package, kind, high, low] = id.to_be_bytes();
    let entry = u16::from_be_bytes([high, low]);
    let mut first = None;
    for chunk in chunks(table).filter(|chunk| chunk.kind == PACKAGE) {
        if Front(chunk.header).u32()? != u32::from(package) {
            continue;
        }
        for typed in chunks(chunk.body).filter(|chunk| chunk.kind == TYPE) {
            if typed.header.first() != Some(&kind) {
                continue;
            }
            let Some(value) = value_in(typed, entry) else { continue };
            if is_for_all(typed.header) {
                return Some(value);
            }
            first = first.or(Some(value));
        }
    }
    first
}

/// Whether a list of values is for no language or device in particular.
fn is_for_all(header: &[u8]) -> bool {
    // After number, flags, count and start: the configuration, with its length first.
    header.get(16..).is_some_and(|configuration| configuration.iter().all(|byte| *byte == 0))
}

fn value_in(typed: Chunk<'_>, entry: u16) -> Option<(u8, u32)> {
    const SPARSE: u8 = 1;
    const SHORT: u8 = 2;
    let flags = *typed.header.get(1)?;
    let mut front = Front(typed.header.get(4..)?);
    let (count, start) = (usize::try_from(front.u32()?).ok()?, usize::try_from(front.u32()?).ok()?);
    let number = usize::from(entry);
    let offset = if flags & SPARSE != 0 {
        let pairs = typed.body.chunks_exact(4).take(count);
        let found = pairs.map(Front).find_map(|mut pair| (pair.u16()? == entry).then_some(pair.u16()?));
        usize::from(found?).checked_mul(4)?
    } else if number >= count {
        return None;
    } else if flags & SHORT != 0 {
        let short = Front(typed.body.get(number.checked_mul(2)?..)?).u16()?;
        usize::from(short).checked_mul(4).filter(|_| short != u16::MAX)?
    } else {
        let offset = Front(typed.body.get(number.checked_mul(4)?..)?).u32()?;
        usize::try_from(offset).ok().filter(|_| offset != u32::MAX)?
    };
    let mut front = Front(typed.whole.get(start.checked_add(offset)?..)?);
    let (_size, flags, key) = (front.u16()?, front.u16()?, front.u32()?);
    if flags & 0x0008 != 0 {
        let [_, kind] = flags.to_le_bytes();
        return Some((kind, key));
    }
    if flags & 1 != 0 {
        return None;
    }
    let (_size, kind, data) = (front.u16()?, front.u16()?, front.u32()?);
    let [_, kind] = kind.to_le_bytes();
    Some((kind, data))
}
