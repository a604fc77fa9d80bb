//! The bytes of a member of a zip archive: decrypted, unpacked and checked as they are read.
//!
//! APPNOTE.TXT 6.3.10, 4.4.5; the ciphers are `seal::foreign`. Stored and deflated members are streamed; the
//! rarer methods (deflate64, bzip2, LZMA) are unpacked by the `zip` crate, which can only lend a reader, so
//! into a spool first. Size and CRC-32 are compared at the end: what came before is not yet proven.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::read::DeflateDecoder;
use model::ReadAt;
use seal::Spool;
use seal::foreign::{
    ForeignError, WinzipAesReader, WinzipAesStrength, ZIP_CRYPTO_HEADER_BYTES, ZipCryptoReader,
};
use zeroize::Zeroizing;
use zip::read::{ZipReadOptions, read_zipfile_from_stream_with_options};

use super::super::unavailable::Unavailable;
use super::directory::{Aes, DESCRIPTOR, ENCRYPTED, Member, STRONG};
use super::names::password_bytes;
use crate::tree::{Content, Keys, PartAt, ReadFrom, Spools, Unpacked};

type Reader = Box<dyn Read + Send>;

/// What all members of an archive share.
pub(super) struct Archive {
    /// The bytes of the archive.
    pub(super) bytes: Arc<dyn ReadAt>,
    keys: Vec<Zeroizing<Vec<u8>>>,
    /// The key that opened the last member: the first to try.
    last_key: AtomicUsize,
}

impl Archive {
    /// With the passwords that may open its members.
    pub(super) fn new(bytes: Arc<dyn ReadAt>, keys: &Keys) -> Self {
        let keys = keys.iter().flat_map(password_bytes).collect();
        Self { bytes, keys, last_key: AtomicUsize::new(0) }
    }

    /// The keys with their numbers, the likeliest first.
    fn keys(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let last = self.last_key.load(Ordering::Relaxed);
        let numbered = || self.keys.iter().map(|key| key.as_slice()).enumerate();
        numbered()
            .filter(move |(number, _)| *number == last)
            .chain(numbered().filter(move |(number, _)| *number != last))
    }
}

/// A member that can be opened.
pub(super) struct Openable {
    archive: Arc<Archive>,
    data_offset: u64,
    packed_bytes: u64,
    size_bytes: Option<u64>,
    crc: Option<u32>,
    method: u16,
    flags: u16,
    lock: Lock,
}

#[derive(Clone, Copy)]
enum Lock {
    Open,
    /// The bytes that may check a password.
    Traditional([u8; 2]),
    Aes(Aes),
}

impl Openable {
    /// None if its data is not there, or packed or encrypted in a way that is not read.
    pub(super) fn new(archive: &Arc<Archive>, member: &Member, data_offset: Option<u64>) -> Option<Self> {
        if !matches!(member.method, 0 | 8 | 9 | 12 | 14) || member.flags & STRONG != 0 {
            return None;
        }
        let [_, time] = member.dos_time.to_le_bytes();
        let [_, _, _, crc] = member.crc.unwrap_or(0).to_le_bytes();
        let lock = match member.aes {
            _ if member.flags & ENCRYPTED == 0 => Lock::Open,
            Some(aes) => Lock::Aes(aes),
            None if member.flags & DESCRIPTOR == 0 => Lock::Traditional([crc, crc]),
            // By the specification the time; some programs use the CRC all the same.
            None => Lock::Traditional([time, crc]),
        };
        Some(Self {
            archive: Arc::clone(archive),
            data_offset: data_offset?,
            packed_bytes: member.packed_bytes,
            size_bytes: member.size_bytes,
            crc: member.crc,
            method: member.method,
            flags: member.flags,
            lock,
        })
    }

    /// Whether it needs a password.
    pub(super) fn is_locked(&self) -> bool {
        !matches!(self.lock, Lock::Open)
    }

    /// Whether one of the keys opens it. Small members of the old encryption, which checks a password with
    /// but one byte, are read whole for it.
    pub(super) fn opens_with_a_key(&self) -> bool {
        const SMALL_BYTES: u64 = 64 << 10;
        if matches!(self.lock, Lock::Traditional(_)) && self.packed_bytes <= SMALL_BYTES && self.is_streamed()
        {
            let read = self.unlocked().and_then(|packed| io::copy(&mut self.unpack(packed), &mut io::sink()));
            return read.is_ok();
        }
        self.unlocked().is_ok()
    }

    fn is_streamed(&self) -> bool {
        matches!(self.method, 0 | 8)
    }

    fn stored(&self) -> Arc<dyn ReadAt> {
        Arc::new(PartAt::new(Arc::clone(&self.archive.bytes), self.data_offset, self.packed_bytes))
    }

    /// The packed bytes, decrypted.
    fn unlocked(&self) -> io::Result<Reader> {
        let stored = || ReadFrom::new(self.stored());
        match self.lock {
            Lock::Open => Ok(Box::new(stored())),
            Lock::Aes(aes) => {
                for (number, key) in self.archive.keys() {
                    match WinzipAesReader::new(stored(), key, aes.strength, self.packed_bytes) {
                        Ok(reader) => return Ok(self.with_key(number, Box::new(reader))),
                        Err(ForeignError::WrongKey) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                Err(ForeignError::WrongKey.into())
            }
            Lock::Traditional(checks) => self.unlocked_traditional(checks),
        }
    }

    /// One wrong password of 256 passes the check: of several that pass, the one whose bytes fit the CRC.
    fn unlocked_traditional(&self, [check, other]: [u8; 2]) -> io::Result<Reader> {
        let reader = |key: &[u8], check| ZipCryptoReader::new(ReadFrom::new(self.stored()), key, check);
        for check in [Some(check), Some(other).filter(|other| *other != check)].into_iter().flatten() {
            let passes = |(_, key): &(usize, &[u8])| reader(key, check).is_ok();
            let passing: Vec<(usize, &[u8])> = self.archive.keys().filter(passes).collect();
            let fits = |(_, key): &&(usize, &[u8])| {
                reader(key, check).is_ok_and(|packed| {
                    self.is_streamed()
                        && io::copy(&mut self.unpack(Box::new(packed)), &mut io::sink()).is_ok()
                })
            };
            let chosen = match passing.as_slice() {
                [] | [_] => passing.first(),
                several => several.iter().find(fits).or(several.first()),
            };
            if let Some((number, key)) = chosen {
                return Ok(self.with_key(*number, Box::new(reader(key, check)?)));
            }
        }
        Err(ForeignError::WrongKey.into())
    }

    fn with_key(&self, number: usize, reader: Reader) -> Reader {
        self.archive.last_key.store(number, Ordering::Relaxed);
        reader
    }

    /// The bytes out of packed ones, for the methods that are streamed.
    fn unpack(&self, packed: Reader) -> Reader {
        let unpacked: Reader = if self.method == 8 { Box::new(DeflateDecoder::new(packed)) } else { packed };
        Box::new(Checked::new(unpacked, self.size_bytes, self.crc))
    }

    /// The bytes.
    fn open(&self, most_bytes: u64, spools: &Arc<dyn Spools>) -> io::Result<Reader> {
        let packed = self.unlocked()?;
        if self.is_streamed() {
            Ok(self.unpack(packed))
        } else {
            self.unpack_rarer(packed, most_bytes, spools)
        }
    }

    fn unpack_rarer(&self, packed: Reader, most_bytes: u64, spools: &Arc<dyn Spools>) -> io::Result<Reader> {
        /// What is kept in memory instead of a spool file.
        const MEMORY_BYTES: usize = 4 << 20;
        let packed_bytes = self.packed_bytes.saturating_sub(match self.lock {
            Lock::Open => 0,
            Lock::Traditional(_) => ZIP_CRYPTO_HEADER_BYTES,
            Lock::Aes(aes) => overhead_bytes(aes.strength),
        });
        let mut options = ZipReadOptions::new().override_compressed_size(packed_bytes).ignore_crc32(true);
        if let Some(size) = self.size_bytes {
            options = options.override_uncompressed_size(size);
        }
        let header = plain_header(self.method, self.flags, packed_bytes, self.size_bytes);
        let mut stream = header.as_slice().chain(packed);
        let file = read_zipfile_from_stream_with_options(&mut stream, options).map_err(io::Error::from)?;
        let file = file.ok_or(io::ErrorKind::InvalidData)?;
        let spools = Arc::clone(spools);
        let mut spool = Spool::lent(MEMORY_BYTES, Box::new(move || spools.file()));
        io::copy(&mut file.take(most_bytes.saturating_add(1)), &mut spool)?;
        Ok(Box::new(Checked::new(Box::new(spool.finish()?), self.size_bytes, self.crc)))
    }
}

/// Salt, verifier and check value around the data.
fn overhead_bytes(strength: WinzipAesStrength) -> u64 {
    match strength {
        WinzipAesStrength::Bits128 => 8 + 2 + 10,
        WinzipAesStrength::Bits192 => 12 + 2 + 10,
        WinzipAesStrength::Bits256 => 16 + 2 + 10,
    }
}

/// A local header for data that is not encrypted.
fn plain_header(method: u16, flags: u16, packed_bytes: u64, size_bytes: Option<u64>) -> Vec<u8> {
    /// Bits 1 and 2 belong to the method.
    const OF_THE_METHOD: u16 = 0b110;
    let short = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX - 1).to_le_bytes();
    let mut header = b"PK\x03\x04\x3f\x00".to_vec();
    header.extend((flags & OF_THE_METHOD).to_le_bytes());
    header.extend(method.to_le_bytes());
    header.extend([0, 0, 0x21, 0, 0, 0, 0, 0]);
    header.extend(short(packed_bytes));
    header.extend(short(size_bytes.unwrap_or(0)));
    header.extend([1, 0, 0, 0, b'x']);
    header
}

/// The content of a member, or of one that cannot be opened.
pub(super) fn content(
    openable: Option<Openable>,
    size_bytes: Option<u64>,
    most_bytes: u64,
    spools: &Arc<dyn Spools>,
) -> Arc<dyn Content> {
    let claimed_bytes = size_bytes.unwrap_or(0);
    match openable {
        None => Arc::new(Unavailable::of_size(claimed_bytes)),
        Some(openable) if openable.method == 0 && !openable.is_locked() => Arc::new(Stored(openable)),
        Some(openable) => {
            let own_spools = Arc::clone(spools);
            let open = move || openable.open(most_bytes, &own_spools);
            Arc::new(Unpacked::new(claimed_bytes, most_bytes, spools, Box::new(open)))
        }
    }
}

/// Bytes that lie in the archive as they are.
struct Stored(Openable);

impl Content for Stored {
    fn size_bytes(&self) -> u64 {
        self.0.size_bytes.unwrap_or(self.0.packed_bytes)
    }

    fn stream(&self) -> io::Result<Reader> {
        Ok(self.0.unpack(Box::new(ReadFrom::new(self.0.stored()))))
    }

    fn random(&self) -> io::Result<Arc<dyn ReadAt>> {
        Ok(self.0.stored())
    }
}

/// Compares size and CRC-32 at the end.
struct Checked {
    inner: Reader,
    sum: flate2::Crc,
    done_bytes: u64,
    size_bytes: Option<u64>,
    crc: Option<u32>,
}

impl Checked {
    fn new(inner: Reader, size_bytes: Option<u64>, crc: Option<u32>) -> Self {
        Self { inner, sum: flate2::Crc::new(), done_bytes: 0, size_bytes, crc }
    }
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.done_bytes = self.done_bytes.saturating_add(count as u64);
        self.sum.update(buffer.get(..count).unwrap_or_default());
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        if self.size_bytes.is_some_and(|size| self.done_bytes > size) {
            return Err(wrong("more bytes than the archive says"));
        }
        if count == 0 && !buffer.is_empty() {
            if self.size_bytes.is_some_and(|size| self.done_bytes < size) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if self.crc.is_some_and(|crc| crc != self.sum.sum()) {
                return Err(wrong("CRC-32"));
            }
        }
        Ok(count)
    }
}
