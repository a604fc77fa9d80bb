//! Reads an archive entry by entry, knows the exact form in which `tar_entry` would have written each header.
//!
//! Understands POSIX ustar and pax `path`, `size`, `mtime`. Deliberately refuses links, devices and GNU
//! extensions: an archive that holds them is not a capsule.

use std::io::{self, Read};

use model::FileTime;
use tar::{EntryType, Header};

use crate::tar_entry::{END, Head, padding};

/// Most bytes of a pax header; ours have at most three short records.
const PAX_BYTES: u64 = 4096;

/// An archive that is being read from front to back.
pub(crate) struct TarStream<R> {
    inner: R,
    offset: u64,
}

/// An entry whose content comes next in the stream.
pub(crate) struct Entry {
    pub(crate) head: Head,
    /// Where the content begins.
    pub(crate) offset: u64,
    pub(crate) form: Form,
}

/// Whether bytes are exactly those our writer gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Exact,
    Other,
}

/// Why an archive cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TarError {
    #[error("reading the archive")]
    Io(#[from] io::Error),
    #[error("the archive ends early")]
    Truncated,
    #[error("no header of an entry where there should be one")]
    Broken,
}

impl<R: Read> TarStream<R> {
    /// A stream that stands at `offset` of its archive, where an entry begins.
    pub(crate) fn new(inner: R, offset: u64) -> Self {
        Self { inner, offset }
    }

    /// How far the stream was read.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next entry, or none at the two zero blocks of the end. The content before must have been read.
    pub(crate) fn next_entry(&mut self) -> Result<Option<Entry>, TarError> {
        let start = self.offset;
        let mut bytes = self.block()?.to_vec();
        if bytes.iter().all(|&byte| byte == 0) {
            return if self.block()? == [0; 512] { Ok(None) } else { Err(TarError::Broken) };
        }
        let mut header = parse_header(&bytes)?;
        let mut pax = Pax::default();
        if header.entry_type() == EntryType::XHeader {
            let size_bytes = header.entry_size().map_err(|_| TarError::Broken)?;
            if size_bytes > PAX_BYTES {
                return Err(TarError::Broken);
            }
            let from = bytes.len();
            let padded = from + usize::try_from(size_bytes).unwrap_or(0) + padding(size_bytes);
            while bytes.len() < padded {
                bytes.extend_from_slice(&self.block()?);
            }
            let records = bytes.get(from..).and_then(|rest| rest.get(..usize::try_from(size_bytes).ok()?));
            pax = Pax::parse(records.ok_or(TarError::Broken)?).ok_or(TarError::Broken)?;
            let block = self.block()?;
            header = parse_header(&block)?;
            bytes.extend_from_slice(&block);
        }
        let head = pax.apply(&header).ok_or(TarError::Broken)?;
        let form = if head.encode(start) == bytes { Form::Exact } else { Form::Other };
        Ok(Some(Entry { head, offset: self.offset, form }))
    }

    /// Reads up to `buffer.len()` bytes of content; fewer only at the end of the stream.
    pub(crate) fn read_content(&mut self, buffer: &mut [u8]) -> Result<(), TarError> {
        self.inner.read_exact(buffer).map_err(early_end)?;
        self.offset += buffer.len() as u64;
        Ok(())
    }

    /// Reads the zero bytes after a content; tells whether they were zero.
    pub(crate) fn skip_padding(&mut self, size_bytes: u64) -> Result<Form, TarError> {
        let mut block = [0; 512];
        let rest = block.get_mut(..padding(size_bytes)).unwrap_or_default();
        self.read_content(rest)?;
        Ok(if rest.iter().all(|&byte| byte == 0) { Form::Exact } else { Form::Other })
    }

    /// After the end: whether nothing follows.
    pub(crate) fn at_end(&mut self) -> Result<bool, TarError> {
        let mut rest = Vec::new();
        self.inner.by_ref().take(END.len() as u64).read_to_end(&mut rest)?;
        Ok(rest.is_empty())
    }

    fn block(&mut self) -> Result<[u8; 512], TarError> {
        let mut block = [0; 512];
        self.read_content(&mut block)?;
        Ok(block)
    }
}

fn early_end(error: io::Error) -> TarError {
    if error.kind() == io::ErrorKind::UnexpectedEof { TarError::Truncated } else { TarError::Io(error) }
}

fn parse_header(bytes: &[u8]) -> Result<Header, TarError> {
    let mut header = Header::new_old();
    *header.as_mut_bytes() = bytes.try_into().map_err(|_| TarError::Broken)?;
    let sum: u32 = bytes
        .iter()
        .enumerate()
        .map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u32::from(byte) })
        .sum();
    let readable = header.as_ustar().is_some() && header.cksum().is_ok_and(|stored| stored == sum);
    if readable { Ok(header) } else { Err(TarError::Broken) }
}

#[derive(Default)]
struct Pax {
    path: Option<String>,
    size_bytes: Option<u64>,
    mtime: Option<FileTime>,
}

impl Pax {
    fn parse(mut bytes: &[u8]) -> Option<Self> {
        let mut pax = Self::default();
        while !bytes.is_empty() {
            let space = bytes.iter().position(|&byte| byte == b' ')?;
            let length: usize = std::str::from_utf8(bytes.get(..space)?).ok()?.parse().ok()?;
            let record = std::str::from_utf8(bytes.get(space + 1..length)?).ok()?;
            let (key, value) = record.strip_suffix('\n')?.split_once('=')?;
            match key {
                "path" => pax.path = Some(value.to_owned()),
                "size" => pax.size_bytes = Some(value.parse().ok()?),
                "mtime" => pax.mtime = Some(value.parse().ok()?),
                _ => return None,
            }
            bytes = bytes.get(length..)?;
        }
        Some(pax)
    }

    fn apply(self, header: &Header) -> Option<Head> {
        let kind = header.entry_type();
        let path = match self.path {
            Some(path) => path,
            None => ustar_path(header)?,
        };
        let seconds = i64::try_from(header.mtime().ok()?).ok()?;
        let size_bytes = match self.size_bytes {
            Some(size_bytes) => size_bytes,
            None => header.entry_size().ok()?,
        };
        let known = (kind == EntryType::Regular && !path.ends_with('/'))
            || (kind == EntryType::Directory && path.ends_with('/') && size_bytes == 0);
        let mtime = self.mtime.unwrap_or(FileTime { seconds, nanoseconds: 0 });
        known.then_some(Head { path, size_bytes, mtime })
    }
}

fn ustar_path(header: &Header) -> Option<String> {
    let ustar = header.as_ustar()?;
    let text = |field: &[u8]| {
        let used = field.split(|&byte| byte == 0).next().unwrap_or_default();
        std::str::from_utf8(used).ok().map(str::to_owned)
    };
    let (prefix, name) = (text(&ustar.prefix)?, text(&ustar.name)?);
    Some(if prefix.is_empty() { name } else { format!("{prefix}/{name}") })
}
