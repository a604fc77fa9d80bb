//! The central directory of a zip archive: where it lies and what it lists.
//!
//! APPNOTE.TXT 6.3.10, 4.3.12 to 4.3.16 and 4.5; Info-ZIP's extended time stamp (0x5455) and Unicode Path
//! (0x7075) as in its proginfo/extrafld.txt. The headers are read until there is no more, whatever the end
//! record says; where both disagree, the local headers are walked for what is missing. A time of change is
//! given only where it is UTC: the plain MS-DOS time is a wall clock of no zone.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use model::FileTime;
use model::ReadAt;
use model::record::ProblemKind;
use seal::foreign::WinzipAesStrength;

use super::super::bytes::{Fields, read_at};
use super::local;
use super::names::{self, Stored};
use super::volumes::{self, Volumes};
use crate::tree::{PartAt, ReadFrom};

/// What was found.
#[derive(Default)]
pub(super) struct Directory {
    /// The files, in the order of the directory.
    pub(super) members: Vec<Member>,
    /// What was expected and is not so.
    pub(super) problems: Vec<(ProblemKind, String)>,
}

/// A file of the archive, as the directory (or its local header) has it.
pub(super) struct Member {
    /// Its path, `/` between the names.
    pub(super) name: String,
    /// Its name as it is stored, to compare with the local header.
    pub(super) stored_name: Box<[u8]>,
    /// The general purpose flags.
    pub(super) flags: u16,
    /// The method of compression; behind an AES header the one inside.
    pub(super) method: u16,
    /// CRC-32 of its bytes.
    pub(super) crc: Option<u32>,
    /// How many bytes it takes in the archive.
    pub(super) packed_bytes: u64,
    /// How many it has.
    pub(super) size_bytes: Option<u64>,
    /// Where its local header begins; none on a volume that is missing.
    pub(super) header_offset: Option<u64>,
    /// How it is encrypted with AES.
    pub(super) aes: Option<Aes>,
    /// The time of change in MS-DOS form, whose high byte checks a password.
    pub(super) dos_time: u16,
    /// When it was last modified, if that is said in UTC.
    pub(super) modified: Option<FileTime>,
}

/// WinZip's AES header.
#[derive(Clone, Copy)]
pub(super) struct Aes {
    /// How long the key is.
    pub(super) strength: WinzipAesStrength,
    /// AE-2 keeps no CRC.
    pub(super) has_crc: bool,
}

/// Bit 0 of the flags: encrypted.
pub(super) const ENCRYPTED: u16 = 1;
/// Bit 3: CRC and sizes follow the data.
pub(super) const DESCRIPTOR: u16 = 1 << 3;
/// Bits 6 and 13: PKWARE's strong encryption, masked headers.
pub(super) const STRONG: u16 = 1 << 6 | 1 << 13;
/// Bit 11: names are UTF-8.
const UTF8: u16 = 1 << 11;
/// The method number that stands for an AES header.
const METHOD_AES: u16 = 99;

/// Where the directory lies.
struct Found {
    begin: u64,
    /// What must be added to every offset, because something was put before the archive.
    shift: u64,
    total: u64,
    is_64: bool,
}

/// Reads at most `most` members and one more.
pub(super) fn read(volumes: &Volumes, most: usize) -> io::Result<Directory> {
    let bytes = &volumes.bytes;
    let tail = volumes::tail(&**bytes)?;
    let end = volumes::end_record(&tail);
    let found = match end {
        Some(at) => find(volumes, &tail, at)?,
        None => None,
    };
    let Some(found) = found else {
        let members = local::walk(bytes, most)?;
        let problems = vec![(ProblemKind::Truncated, "a central directory".to_owned())];
        return Ok(Directory { members, problems });
    };
    let (mut members, count) = headers(volumes, &found, most)?;
    let mut problems = Vec::new();
    let said = if found.is_64 { count == found.total } else { count & 0xffff == found.total & 0xffff };
    if !said && members.len() <= most {
        problems.push((ProblemKind::Damaged, "as many members as the end of the archive says".to_owned()));
        if count < found.total {
            let known: BTreeSet<u64> = members.iter().filter_map(|member| member.header_offset).collect();
            let walked = local::walk(bytes, most)?.into_iter();
            let new = |member: &Member| member.header_offset.is_none_or(|offset| !known.contains(&offset));
            members.extend(walked.filter(new));
        }
    }
    Ok(Directory { members, problems })
}

/// Finds the directory with the end record; none if neither the offset nor the size leads there.
fn find(volumes: &Volumes, tail: &[u8], at: usize) -> io::Result<Option<Found>> {
    let bytes = &*volumes.bytes;
    let tail_begin = bytes.size_bytes().saturating_sub(tail.len() as u64);
    let end_offset = tail_begin.saturating_add(at as u64);
    let Some(mut end) = tail.get(at..).and_then(end_record) else { return Ok(None) };
    let mut directory_end = end_offset;
    let is_64 = match end_record_64(volumes, end_offset)? {
        Some((found, offset)) => {
            end = found;
            directory_end = offset;
            true
        }
        None => false,
    };
    let claimed = volumes.place(end.disk, end.offset);
    let by_size = directory_end.checked_sub(end.size_bytes);
    for begin in [claimed, by_size].into_iter().flatten() {
        let is_there = read_at(bytes, begin, 4)? == *b"PK\x01\x02";
        if is_there || (end.total == 0 && begin == directory_end) {
            let shift = begin.saturating_sub(claimed.unwrap_or(begin));
            // An archive that begins at the start and ends with the directory of another one lost its own.
            if shift > 0 && read_at(bytes, 0, 4)? == *b"PK\x03\x04" {
                return Ok(None);
            }
            return Ok(Some(Found { begin, shift, total: end.total, is_64 }));
        }
    }
    Ok(None)
}

/// What an end record says.
struct End {
    disk: u32,
    total: u64,
    size_bytes: u64,
    offset: u64,
}

fn end_record(bytes: &[u8]) -> Option<End> {
    let mut fields = Fields(bytes.get(6..)?);
    let disk = u32::from(fields.u16()?);
    fields.u16()?;
    let total = u64::from(fields.u16()?);
    Some(End { disk, total, size_bytes: fields.u32()?.into(), offset: fields.u32()?.into() })
}

/// The end record of zip64 with its place, if its locator stands before the plain one.
fn end_record_64(volumes: &Volumes, end_offset: u64) -> io::Result<Option<(End, u64)>> {
    let bytes = &*volumes.bytes;
    let Some(locator_offset) = end_offset.checked_sub(20) else { return Ok(None) };
    let locator = read_at(bytes, locator_offset, 20)?;
    let mut fields = Fields(&locator);
    if fields.bytes(4) != Some(b"PK\x06\x07") {
        return Ok(None);
    }
    let (disk, offset) = (fields.u32().unwrap_or(0), fields.u64().unwrap_or(0));
    for place in [volumes.place(disk, offset), locator_offset.checked_sub(56)].into_iter().flatten() {
        let record = read_at(bytes, place, 56)?;
        if let Some(end) = parse_64(&record) {
            return Ok(Some((end, place)));
        }
    }
    Ok(None)
}

fn parse_64(record: &[u8]) -> Option<End> {
    let mut fields = Fields(record);
    if fields.bytes(4)? != b"PK\x06\x06" {
        return None;
    }
    fields.bytes(16)?;
    let disk = fields.u32()?;
    fields.u64()?;
    Some(End { disk, total: fields.u64()?, size_bytes: fields.u64()?, offset: fields.u64()? })
}

/// The headers from the begin of the directory on, and how many there were with those of folders.
fn headers(volumes: &Volumes, found: &Found, most: usize) -> io::Result<(Vec<Member>, u64)> {
    let bytes = Arc::clone(&volumes.bytes);
    let rest = bytes.size_bytes().saturating_sub(found.begin);
    let part: Arc<dyn ReadAt> = Arc::new(PartAt::new(bytes, found.begin, rest));
    let mut reader = BufReader::with_capacity(64 << 10, ReadFrom::new(part));
    let mut members = Vec::new();
    let mut count = 0_u64;
    while members.len() <= most {
        let Some(header) = next_header(&mut reader)? else { break };
        count = count.saturating_add(1);
        let mut member = header.member;
        if is_folder(&member) {
            continue;
        }
        let place = volumes.place(header.disk, header.offset);
        member.header_offset = place.and_then(|place| place.checked_add(found.shift));
        members.push(member);
    }
    Ok((members, count))
}

/// Whether it is a folder; those come with the files in them.
pub(super) fn is_folder(member: &Member) -> bool {
    member.name.ends_with('/') || member.name.is_empty()
}

struct Header {
    member: Member,
    disk: u32,
    offset: u64,
}

/// The next header of the directory; none where something else stands.
fn next_header(reader: &mut impl Read) -> io::Result<Option<Header>> {
    let mut fixed = Vec::with_capacity(46);
    reader.by_ref().take(46).read_to_end(&mut fixed)?;
    if fixed.len() < 46 || !fixed.starts_with(b"PK\x01\x02") {
        return Ok(None);
    }
    let length = |at: usize| Fields(fixed.get(at..).unwrap_or_default()).u16().unwrap_or(0);
    let (name, extra, comment) = (length(28), length(30), length(32));
    let wanted = u64::from(name).saturating_add(extra.into()).saturating_add(comment.into());
    let mut variable = Vec::new();
    reader.by_ref().take(wanted).read_to_end(&mut variable)?;
    if (variable.len() as u64) < wanted {
        return Ok(None);
    }
    Ok(parse_header(&fixed, &variable, usize::from(name), usize::from(extra)))
}

fn parse_header(fixed: &[u8], variable: &[u8], name: usize, extra: usize) -> Option<Header> {
    let mut fields = Fields(fixed.get(8..)?);
    let (flags, method, dos_time) = (fields.u16()?, fields.u16()?, fields.u16()?);
    fields.u16()?;
    let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
    fields.bytes(6)?;
    let disk = fields.u16()?;
    fields.bytes(6)?;
    let offset = fields.u32()?;
    let (name, rest) = variable.split_at_checked(name)?;
    let mut place = (u64::from(offset), u32::from(disk));
    let mut member = Member::new(name, flags, method, dos_time);
    member.crc = Some(crc);
    member.packed_bytes = packed.into();
    member.size_bytes = Some(size.into());
    member.read_extra(rest.get(..extra)?, Some((&mut place, offset == u32::MAX, disk == u16::MAX)));
    Some(Header { member, disk: place.1, offset: place.0 })
}

impl Member {
    /// One of which no more is known yet.
    pub(super) fn new(name: &[u8], flags: u16, method: u16, dos_time: u16) -> Self {
        let stored = if flags & UTF8 == 0 { Stored::Unsaid } else { Stored::Utf8 };
        Self {
            name: names::path(name, stored),
            stored_name: name.into(),
            flags,
            method,
            crc: None,
            packed_bytes: 0,
            size_bytes: None,
            header_offset: None,
            aes: None,
            dos_time,
            modified: None,
        }
    }

    /// Takes what the extra fields say. `place` is offset and disk of the local header, and whether each of
    /// them stands here instead.
    pub(super) fn read_extra(&mut self, extra: &[u8], place: Option<(&mut (u64, u32), bool, bool)>) {
        let mut place = place;
        let mut fields = Fields(extra);
        while let (Some(id), Some(length)) = (fields.u16(), fields.u16()) {
            let Some(body) = fields.bytes(usize::from(length)) else { break };
            match id {
                0x0001 => self.read_64(body, place.take()),
                0x5455 => self.modified = time_stamp(body).or(self.modified),
                0x7075 => self.read_unicode_path(body),
                0x9901 => self.read_aes(body),
                _ => {}
            }
        }
        if self.aes.is_some_and(|aes| !aes.has_crc) {
            self.crc = None;
        }
    }

    /// Sizes and place that do not fit into 32 bits, in this order and only where they do not.
    fn read_64(&mut self, body: &[u8], place: Option<(&mut (u64, u32), bool, bool)>) {
        const FULL: u64 = u32::MAX as u64;
        let mut fields = Fields(body);
        if self.size_bytes == Some(FULL) {
            self.size_bytes = fields.u64().or(self.size_bytes);
        }
        if self.packed_bytes == FULL {
            self.packed_bytes = fields.u64().unwrap_or(self.packed_bytes);
        }
        let Some((place, offset_is_here, disk_is_here)) = place else { return };
        if offset_is_here {
            place.0 = fields.u64().unwrap_or(place.0);
        }
        if disk_is_here {
            place.1 = fields.u32().unwrap_or(place.1);
        }
    }

    /// The name as UTF-8, if it still belongs to the name it was made from.
    fn read_unicode_path(&mut self, body: &[u8]) {
        let mut fields = Fields(body);
        let (version, crc) = (fields.u8(), fields.u32());
        let mut own = flate2::Crc::new();
        own.update(&self.stored_name);
        if version == Some(1) && crc == Some(own.sum()) && !fields.0.is_empty() {
            self.name = names::path(fields.0, Stored::Utf8);
        }
    }

    fn read_aes(&mut self, body: &[u8]) {
        let mut fields = Fields(body);
        let version = fields.u16();
        fields.u16();
        let strength = fields.u8().and_then(WinzipAesStrength::from_number);
        let method = fields.u16();
        if let (METHOD_AES, Some(version), Some(strength), Some(method)) =
            (self.method, version, strength, method)
        {
            self.method = method;
            self.aes = Some(Aes { strength, has_crc: version == 1 });
        }
    }
}

/// The time of change in Info-ZIP's extended time stamp.
fn time_stamp(body: &[u8]) -> Option<FileTime> {
    let mut fields = Fields(body);
    let which = fields.u8()?;
    let seconds = fields.u32()?.cast_signed();
    (which & 1 == 1).then_some(FileTime { seconds: seconds.into(), nanoseconds: 0 })
}
