//! The local headers of a zip archive: where the data of a member begins, and a walk from one to the next for
//! archives that lost their directory.
//!
//! APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.9. A member whose size follows its data ends where a descriptor stands
//! that tells just this size; failing that, where the next header begins.

use std::io;
use std::sync::Arc;

use memchr::memmem;
use model::ReadAt;

use super::super::bytes::{Fields, Window, read_at};
use super::directory::{DESCRIPTOR, ENCRYPTED, Member, is_folder};

/// Length of a local header without name and extra fields.
const FIXED_BYTES: usize = 30;

/// Reads local headers one after the other.
pub(super) struct Headers(Window);

/// Where the data of a member lies.
pub(super) struct Data {
    /// Its first byte.
    pub(super) offset: u64,
    /// Whether the local header says the same as the directory.
    pub(super) agrees: bool,
}

impl Headers {
    /// Of these bytes.
    pub(super) fn new(bytes: &Arc<dyn ReadAt>) -> Self {
        Self(Window::new(bytes))
    }

    /// Where the data of a member begins; an error if there is no header for it.
    pub(super) fn data_of(&mut self, member: &Member) -> io::Result<Data> {
        let start = member.header_offset.ok_or(io::ErrorKind::NotFound)?;
        let wanted = FIXED_BYTES.saturating_add(member.stored_name.len());
        let header = self.0.get(start, wanted)?;
        let fixed = Fixed::parse(header).ok_or(io::ErrorKind::InvalidData)?;
        let name = header.get(FIXED_BYTES..).unwrap_or_default();
        let same_name = usize::from(fixed.name) == member.stored_name.len()
            && name.starts_with(member.stored_name.get(..name.len()).unwrap_or_default());
        let same_kind = fixed.flags & ENCRYPTED == member.flags & ENCRYPTED
            && (fixed.method == member.method || member.aes.is_some());
        let says_crc = fixed.flags & DESCRIPTOR == 0;
        let same_crc = !says_crc || member.crc.is_none_or(|crc| crc == fixed.crc);
        let offset = start.saturating_add(fixed.bytes());
        Ok(Data { offset, agrees: same_name && same_kind && same_crc })
    }
}

/// A local header without name and extra fields.
struct Fixed {
    flags: u16,
    method: u16,
    dos_time: u16,
    crc: u32,
    packed: u32,
    size: u32,
    name: u16,
    extra: u16,
}

impl Fixed {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.bytes(4)? != b"PK\x03\x04" {
            return None;
        }
        fields.u16()?;
        let (flags, method, dos_time) = (fields.u16()?, fields.u16()?, fields.u16()?);
        fields.u16()?;
        let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
        Some(Self { flags, method, dos_time, crc, packed, size, name: fields.u16()?, extra: fields.u16()? })
    }

    fn bytes(&self) -> u64 {
        (FIXED_BYTES as u64).saturating_add(self.name.into()).saturating_add(self.extra.into())
    }
}

/// Every member that begins with a local header, at most `most` and one more.
pub(super) fn walk(bytes: &Arc<dyn ReadAt>, most: usize) -> io::Result<Vec<Member>> {
    let (window, finder) = (Window::new(bytes), memmem::Finder::new(b"PK"));
    let mut walk = Walk { bytes: &**bytes, window, finder, may_have_descriptors: true };
    let mut members = Vec::new();
    let mut next = Some(0);
    while let Some(from) = next
        && members.len() <= most
    {
        let Some(start) = walk.find(from, &[b"PK\x03\x04"])?.map(|(start, _)| start) else { break };
        next = match walk.member(start)? {
            Some((member, end)) => {
                if !is_folder(&member) {
                    members.push(member);
                }
                Some(end.max(start.saturating_add(4)))
            }
            None => start.checked_add(4),
        };
    }
    Ok(members)
}

/// What may stand at the end of data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A descriptor.
    Descriptor,
    /// The header of the next member, or of the directory.
    Header,
}

struct Walk<'b> {
    bytes: &'b dyn ReadAt,
    window: Window,
    finder: memmem::Finder<'static>,
    /// False once a search for a descriptor came to the end of the archive, so that no second one does.
    may_have_descriptors: bool,
}

impl Walk<'_> {
    /// The member whose header begins here, and where its data ends.
    fn member(&mut self, start: u64) -> io::Result<Option<(Member, u64)>> {
        let most = FIXED_BYTES.saturating_add(2 * 0xffff);
        let header = self.window.get(start, 4096)?.to_vec();
        let Some(fixed) = Fixed::parse(&header) else { return Ok(None) };
        let wanted = usize::try_from(fixed.bytes()).unwrap_or(most);
        let header = if wanted > header.len() { read_at(self.bytes, start, wanted)? } else { header };
        let name = FIXED_BYTES.checked_add(fixed.name.into()).and_then(|end| header.get(FIXED_BYTES..end));
        let Some(name) = name else { return Ok(None) };
        let mut member = Member::new(name, fixed.flags, fixed.method, fixed.dos_time);
        member.header_offset = Some(start);
        member.crc = Some(fixed.crc);
        member.packed_bytes = fixed.packed.into();
        member.size_bytes = Some(fixed.size.into());
        let extra = FIXED_BYTES.saturating_add(fixed.name.into());
        member.read_extra(header.get(extra..wanted.min(header.len())).unwrap_or_default(), None);
        let data = start.saturating_add(fixed.bytes());
        if fixed.flags & DESCRIPTOR != 0 && matches!(fixed.packed, 0 | u32::MAX) {
            self.look_for_end(&mut member, data)?;
        }
        let end = data.saturating_add(member.packed_bytes);
        Ok(Some((member, end)))
    }

    /// Finds the end of data whose size follows it.
    fn look_for_end(&mut self, member: &mut Member, data: u64) -> io::Result<()> {
        let mut first_header = None;
        let mut from = data;
        while let Some((place, mark)) = self.find_end(from)? {
            if self.may_have_descriptors
                && let Some((crc, packed, size)) = self.descriptor(data, place, mark)?
            {
                if member.aes.is_none_or(|aes| aes.has_crc) {
                    member.crc = Some(crc);
                }
                member.packed_bytes = packed;
                member.size_bytes = Some(size);
                return Ok(());
            }
            if mark == Mark::Header {
                first_header = first_header.or(Some(place));
                if !self.may_have_descriptors {
                    break;
                }
            }
            from = place.saturating_add(4);
        }
        self.may_have_descriptors = false;
        let end = first_header.unwrap_or(self.bytes.size_bytes());
        member.packed_bytes = end.saturating_sub(data);
        (member.crc, member.size_bytes) = (None, None);
        Ok(())
    }

    /// The next descriptor or header; says which.
    fn find_end(&mut self, from: u64) -> io::Result<Option<(u64, Mark)>> {
        let found = self.find(from, &[b"PK\x07\x08", b"PK\x03\x04", b"PK\x01\x02"])?;
        let mark = |which| if which == 0 { Mark::Descriptor } else { Mark::Header };
        Ok(found.map(|(place, which)| (place, mark(which))))
    }

    /// CRC and sizes, if they stand at this place and fit data that begins at `data`.
    fn descriptor(&mut self, data: u64, place: u64, mark: Mark) -> io::Result<Option<(u32, u64, u64)>> {
        // With its mark it begins there; without, it ends where the next header begins.
        let forms: [(i64, u64); 2] = match mark {
            Mark::Descriptor => [(4, 0), (4, 0)],
            Mark::Header => [(-12, 12), (-20, 20)],
        };
        for (wide, (to_fields, before)) in [false, true].into_iter().zip(forms) {
            let Some(end) = place.checked_sub(before) else { continue };
            let Some(length) = end.checked_sub(data) else { continue };
            let fields = self.window.get(place.saturating_add_signed(to_fields), 20)?;
            let mut fields = Fields(fields);
            let crc = fields.u32();
            let mut number = || if wide { fields.u64() } else { fields.u32().map(u64::from) };
            if let (Some(crc), Some(packed), Some(size)) = (crc, number(), number())
                && packed == length
            {
                return Ok(Some((crc, packed, size)));
            }
        }
        Ok(None)
    }

    /// The next place where one of these stands, and which.
    fn find(&mut self, from: u64, marks: &[&[u8; 4]]) -> io::Result<Option<(u64, usize)>> {
        let mut begin = from;
        loop {
            let piece = self.window.some(begin, 4)?;
            if piece.len() < 4 {
                return Ok(None);
            }
            for at in self.finder.find_iter(piece) {
                let mark = piece.get(at..).and_then(|rest| rest.get(..4));
                if let Some(which) = marks.iter().position(|known| mark == Some(&known[..])) {
                    return Ok(Some((begin.saturating_add(at as u64), which)));
                }
            }
            // The last three bytes may begin a mark.
            begin = begin.saturating_add((piece.len() as u64).saturating_sub(3));
        }
    }
}
