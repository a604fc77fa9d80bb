//! What a check remembers of the payload until the lists come: kept in spools, so memory stays flat.
//!
//! The records are private to one run and have no fixed format.

use std::io::{self, BufReader, Read, Write};

use model::{Digest, FileTime, ReadAt};
use seal::{Spool, SpoolReader};

use crate::read_at::Part;

/// A payload file as it was seen in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) sha256: Digest,
    pub(crate) size_bytes: u64,
    pub(crate) mtime: FileTime,
    pub(crate) offset: u64,
}

impl Seen {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.path.len());
        bytes.extend_from_slice(&self.sha256.0);
        bytes.extend_from_slice(&self.size_bytes.to_le_bytes());
        bytes.extend_from_slice(&self.mtime.seconds.to_le_bytes());
        bytes.extend_from_slice(&self.mtime.nanoseconds.to_le_bytes());
        bytes.extend_from_slice(&self.offset.to_le_bytes());
        bytes.extend_from_slice(self.path.as_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (sha256, rest) = bytes.split_first_chunk()?;
        let (size_bytes, rest) = rest.split_first_chunk()?;
        let (seconds, rest) = rest.split_first_chunk()?;
        let (nanoseconds, rest) = rest.split_first_chunk()?;
        let (offset, path) = rest.split_first_chunk()?;
        Some(Self {
            path: String::from_utf8(path.to_vec()).ok()?,
            sha256: Digest(*sha256),
            size_bytes: u64::from_le_bytes(*size_bytes),
            mtime: FileTime {
                seconds: i64::from_le_bytes(*seconds),
                nanoseconds: u32::from_le_bytes(*nanoseconds),
            },
            offset: u64::from_le_bytes(*offset),
        })
    }
}

/// A list of records that is being written.
pub(crate) struct Remember {
    spool: Spool,
    count: u64,
}

/// A list of records that can be gone through again and again.
pub(crate) struct Remembered {
    reader: SpoolReader,
    count: u64,
}

/// One pass over the records.
pub(crate) struct Recall<'a> {
    from: BufReader<Part<'a>>,
    left: u64,
}

impl Remember {
    pub(crate) fn new(spool: Spool) -> Self {
        Self { spool, count: 0 }
    }

    pub(crate) fn push(&mut self, record: &[u8]) -> io::Result<()> {
        let length = u32::try_from(record.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.spool.write_all(&length.to_le_bytes())?;
        self.spool.write_all(record)?;
        self.count += 1;
        Ok(())
    }

    pub(crate) fn push_seen(&mut self, seen: &Seen) -> io::Result<()> {
        self.push(&seen.encode())
    }

    pub(crate) fn finish(self) -> io::Result<Remembered> {
        Ok(Remembered { reader: self.spool.finish()?, count: self.count })
    }
}

impl Remembered {
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn recall(&self) -> Recall<'_> {
        let part = Part::new(&self.reader, 0, self.reader.size_bytes());
        Recall { from: BufReader::with_capacity(64 << 10, part), left: self.count }
    }
}

impl Recall<'_> {
    /// The next record; none after the last.
    pub(crate) fn next_record(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let mut length = [0; 4];
        self.from.read_exact(&mut length)?;
        let mut record = vec![0; u32::from_le_bytes(length) as usize];
        self.from.read_exact(&mut record)?;
        Ok(Some(record))
    }

    /// The next payload file.
    pub(crate) fn next_seen(&mut self) -> io::Result<Option<Seen>> {
        let record = self.next_record()?;
        record.map(|bytes| Seen::decode(&bytes).ok_or(io::ErrorKind::InvalidData.into())).transpose()
    }
}
