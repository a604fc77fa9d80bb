//! What an Android package says of itself: its manifest, its name, who signed it.
//!
//! Used by the check of packages. Deliberately verifies no signature: whose certificate lies in a package is
//! a fact; whether the package would install is the phone's business.

mod archive;
mod axml;
mod manifest;
mod resources;
mod signers;

pub(crate) use archive::{Archive, Member};
pub(crate) use manifest::{ComponentKind, Label, Manifest};
pub(crate) use resources::text_of;
pub(crate) use signers::{signing_block_certificates, v1_certificates};

/// Numbers from the front of some bytes, little-endian.
#[derive(Clone, Copy)]
pub(crate) struct Front<'b>(pub(crate) &'b [u8]);

impl<'b> Front<'b> {
    /// The next so many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_le_bytes(*taken))
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*taken))
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*taken))
    }

    /// A piece with its length in front, in four bytes.
    pub(crate) fn piece(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        self.bytes(length)
    }
}

/// A part of a file of resources: kind, header and all of it.
#[derive(Clone, Copy)]
struct Chunk<'b> {
    kind: u16,
    /// What follows kind and lengths, up to the end of the header.
    header: &'b [u8],
    /// What follows the header.
    body: &'b [u8],
    /// All of it.
    whole: &'b [u8],
}

/// The chunks that lie one after the other.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let mut front = Front(rest);
        let (kind, header, size) = (front.u16()?, front.u16()?, front.u32()?);
        let header = usize::from(header).max(8);
        // What claims more than there is, is read as far as it goes.
        let size = usize::try_from(size).ok()?.min(rest.len()).max(8);
        let (whole, behind) = rest.split_at_checked(size)?;
        rest = behind;
        let header_end = header.min(whole.len());
        Some(Chunk { kind, header: whole.get(8..header_end)?, body: whole.get(header_end..)?, whole })
    })
}

/// A pool of texts.
#[derive(Clone, Copy)]
struct Pool<'b> {
    offsets: &'b [u8],
    texts: &'b [u8],
    is_utf8: bool,
}

/// Longest text that is taken out of a pool, in bytes or units.
const TEXT_MOST: usize = 1 << 10;

impl<'b> Pool<'b> {
    const KIND: u16 = 1;
    const UTF8: u32 = 1 << 8;

    fn of(chunk: Chunk<'b>) -> Option<Self> {
        let mut header = Front(chunk.header);
        let (count, _styles, flags) = (header.u32()?, header.u32()?, header.u32()?);
        let start = usize::try_from(header.u32()?).ok()?;
        let offsets = usize::try_from(count).ok()?.checked_mul(4)?.min(chunk.body.len());
        Some(Self {
            offsets: chunk.body.get(..offsets)?,
            texts: chunk.whole.get(start..)?,
            is_utf8: flags & Self::UTF8 != 0,
        })
    }

    /// The text of a number, cut where it is too long.
    fn get(&self, number: u32) -> Option<String> {
        let at = usize::try_from(number).ok()?.checked_mul(4)?;
        let offset = Front(self.offsets.get(at..)?).u32()?;
        let mut text = self.texts.get(usize::try_from(offset).ok()?..)?;
        if self.is_utf8 {
            length_8(&mut text)?;
            let length = length_8(&mut text)?.min(TEXT_MOST).min(text.len());
            return Some(String::from_utf8_lossy(text.get(..length)?).into_owned());
        }
        let length = length_16(&mut text)?.min(TEXT_MOST).saturating_mul(2).min(text.len());
        let units = text.get(..length)?.chunks_exact(2);
        let units = units.map(|unit| u16::from_le_bytes(unit.try_into().unwrap_or_default()));
        Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
    }
}

/// A length in one or two bytes.
fn length_8(text: &mut &[u8]) -> Option<usize> {
    let (first, rest) = text.split_first()?;
    if first & 0x80 == 0 {
        *text = rest;
        return Some(usize::from(*first));
    }
    let (second, rest) = rest.split_first()?;
    *text = rest;
    Some(usize::from(first & 0x7f) << 8 | usize::from(*second))
}

/// A length in one or two units of two bytes.
fn length_16(text: &mut &[u8]) -> Option<usize> {
    let mut front = Front(text);
    let first = front.u16()?;
    let length = if first & 0x8000 == 0 {
        usize::from(first)
    } else {
        usize::from(first & 0x7fff) << 16 | usize::from(front.u16()?)
    };
    *text = front.0;
    Some(length)
}
