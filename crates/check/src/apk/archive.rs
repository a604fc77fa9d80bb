//! The few files of a package that say what it is, out of its zip archive.
//!
//! Read as leniently as Android's own `libziparchive` does (Android Open Source Project, read 2026-11),
//! because packages that hide are made so that others stumble: only the central directory counts, a method
//! that is not deflate is none, and a file that claims to be encrypted is not. The tree does not open
//! packages. Deliberately no listing of everything in them.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::DeflateDecoder;
use model::ReadAt;
use source::tree::{PartAt, ReadFrom};

use super::Front;

/// Largest directory.
const DIRECTORY_BYTES: u64 = 64 << 20;

/// A package's archive.
pub(crate) struct Archive {
    bytes: Arc<dyn ReadAt>,
    /// Where the directory begins.
    directory_offset: u64,
    directory: Vec<u8>,
}

/// A file in it.
pub(crate) struct Member {
    /// Its path.
    pub(crate) path: String,
    is_deflated: bool,
    packed_bytes: u64,
    bytes: u64,
    header_offset: u64,
}

impl Archive {
    /// Opens one; none if there is no directory.
    pub(crate) fn open(bytes: &Arc<dyn ReadAt>) -> Option<Self> {
        let (directory_offset, size) = directory_span(&**bytes)?;
        let left = bytes.size_bytes().checked_sub(directory_offset)?;
        let size = size.min(left).min(DIRECTORY_BYTES);
        let mut directory = vec![0; usize::try_from(size).ok()?];
        read_exact(&**bytes, &mut directory, directory_offset).ok()?;
        Some(Self { bytes: Arc::clone(bytes), directory_offset, directory })
    }

    /// All of it.
    pub(crate) fn bytes(&self) -> &dyn ReadAt {
        &*self.bytes
    }

    /// Where the directory begins.
    pub(crate) fn directory_offset(&self) -> u64 {
        self.directory_offset
    }

    /// The files in the order of the directory.
    pub(crate) fn members(&self) -> impl Iterator<Item = Member> {
        let mut front = Front(&self.directory);
        std::iter::from_fn(move || member(&mut front))
    }

    /// The bytes of a file, if they are at most so many.
    pub(crate) fn read(&self, member: &Member, most_bytes: u64) -> Option<Vec<u8>> {
        let mut header = [0; 30];
        read_exact(&*self.bytes, &mut header, member.header_offset).ok()?;
        let mut lengths = Front(header.get(26..)?);
        let skipped = u64::from(lengths.u16()?).checked_add(u64::from(lengths.u16()?))?.checked_add(30)?;
        let offset = member.header_offset.checked_add(skipped)?;
        let length = if member.is_deflated { member.packed_bytes } else { member.bytes };
        let part = ReadFrom::new(Arc::new(PartAt::new(Arc::clone(&self.bytes), offset, length)));
        let mut bytes = Vec::new();
        let most = most_bytes.checked_add(1)?;
        if member.is_deflated {
            DeflateDecoder::new(io::BufReader::new(part)).take(most).read_to_end(&mut bytes).ok()?;
        } else {
            part.take(most).read_to_end(&mut bytes).ok()?;
        }
        (bytes.len() as u64 <= most_bytes).then_some(bytes)
    }
}

/// The next file of a directory.
fn member(front: &mut Front<'_>) -> Option<Member> {
    const MAGIC: &[u8] = b"PK\x01\x02";
    const DEFLATE: u16 = 8;
    if front.bytes(4)? != MAGIC {
        return None;
    }
    let _versions_and_flags = front.bytes(6)?;
    let method = front.u16()?;
    let _time_and_check_value = front.bytes(8)?;
    let (packed, plain) = (front.u32()?, front.u32()?);
    let (name, extra, comment) = (front.u16()?, front.u16()?, front.u16()?);
    let _volume_and_attributes = front.bytes(8)?;
    let header_offset = u64::from(front.u32()?);
    let path = String::from_utf8_lossy(front.bytes(usize::from(name))?).into_owned();
    front.bytes(usize::from(extra).checked_add(usize::from(comment))?)?;
    let (packed_bytes, bytes) = (u64::from(packed), u64::from(plain));
    Some(Member { path, is_deflated: method == DEFLATE, packed_bytes, bytes, header_offset })
}

/// Where the archive's directory begins and how long it is, as its end says.
fn directory_span(bytes: &dyn ReadAt) -> Option<(u64, u64)> {
    const END: &[u8] = b"PK\x05\x06";
    let most = bytes.size_bytes().min(65_557);
    let begin = bytes.size_bytes().checked_sub(most)?;
    let mut tail = vec![0; usize::try_from(most).ok()?];
    read_exact(bytes, &mut tail, begin).ok()?;
    let at = memchr::memmem::rfind(&tail, END)?;
    let mut front = Front(tail.get(at.checked_add(12)?..)?);
    let (size, offset) = (front.u32()?, front.u32()?);
    (offset != u32::MAX).then(|| (u64::from(offset), u64::from(size)))
}

/// Fills the whole room.
pub(super) fn read_exact(bytes: &dyn ReadAt, mut room: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !room.is_empty() {
        match bytes.read_at(room, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                room = std::mem::take(&mut room).get_mut(count..).unwrap_or_default();
                offset = offset.saturating_add(count as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
