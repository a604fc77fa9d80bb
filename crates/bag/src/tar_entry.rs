//! The bytes before and after a file in the archive: POSIX ustar headers, pax headers where one is needed.
//!
//! `docs/format.md`, section 5: mode 0600, owner 0/0 without names. Deliberately no GNU extensions and no
//! links.

use model::FileTime;
use tar::{EntryType, Header};

/// The unit of an archive.
pub(crate) const BLOCK_BYTES: u64 = 512;
/// The end of an archive: two zero blocks.
pub(crate) const END: [u8; 1024] = [0; 1024];
/// From here on a size or a time no longer fits eleven octal digits.
const OCTAL_END: u64 = 1 << 33;

/// What an entry's header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The whole path, from the top folder on; that of a folder ends in `/`.
    pub(crate) path: String,
    pub(crate) size_bytes: u64,
    pub(crate) mtime: FileTime,
}

impl Head {
    /// The header blocks of an entry that begins at `offset`: one, or three or more with a pax header.
    pub(crate) fn encode(&self, offset: u64) -> Vec<u8> {
        // A stand-in for a path that ustar cannot say; every reader of today takes the pax one.
        let top = self.path.split('/').next().unwrap_or_default();
        let stand_in = format!("{top}/pax/{}", offset / BLOCK_BYTES);
        let records = self.pax_records();
        let mut blocks = Vec::new();
        if !records.is_empty() {
            let size_bytes = records.len() as u64;
            blocks.extend(block(EntryType::XHeader, &stand_in, size_bytes, 0));
            blocks.extend_from_slice(&records);
            blocks.resize(blocks.len() + padding(size_bytes), 0);
        }
        let kind = if self.path.ends_with('/') { EntryType::Directory } else { EntryType::Regular };
        let path = if split(&self.path).is_some() { &self.path } else { &stand_in };
        let size_bytes = if self.size_bytes < OCTAL_END { self.size_bytes } else { 0 };
        let seconds = u64::try_from(self.mtime.seconds).ok().filter(|seconds| *seconds < OCTAL_END);
        blocks.extend(block(kind, path, size_bytes, seconds.unwrap_or(0)));
        blocks
    }

    fn pax_records(&self) -> Vec<u8> {
        let mut records = Vec::new();
        if split(&self.path).is_none() {
            records.extend(record("path", &self.path));
        }
        if self.size_bytes >= OCTAL_END {
            records.extend(record("size", &self.size_bytes.to_string()));
        }
        let whole = u64::try_from(self.mtime.seconds).is_ok_and(|seconds| seconds < OCTAL_END);
        if !whole || self.mtime.nanoseconds != 0 {
            records.extend(record("mtime", &self.mtime.to_string()));
        }
        records
    }
}

/// How many zero bytes follow a content of this size.
pub(crate) fn padding(size_bytes: u64) -> usize {
    let over = size_bytes % BLOCK_BYTES;
    usize::try_from((BLOCK_BYTES - over) % BLOCK_BYTES).unwrap_or(0)
}

/// The prefix and the name field of ustar, if the path fits and is ASCII.
fn split(path: &str) -> Option<(&str, &str)> {
    if !path.is_ascii() {
        return None;
    }
    if path.len() <= 100 {
        return Some(("", path));
    }
    // The first slash after which the rest fits.
    let from = path.len() - 101;
    let slash = from + path.get(from..)?.find('/')?;
    let (prefix, name) = (path.get(..slash)?, path.get(slash + 1..)?);
    (prefix.len() <= 155 && !name.is_empty()).then_some((prefix, name))
}

fn block(kind: EntryType, path: &str, size_bytes: u64, mtime: u64) -> [u8; 512] {
    let mut header = Header::new_ustar();
    if let (Some(ustar), Some((prefix, name))) = (header.as_ustar_mut(), split(path)) {
        ustar.prefix.iter_mut().zip(prefix.bytes()).for_each(|(to, from)| *to = from);
        ustar.name.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    }
    header.set_entry_type(kind);
    header.set_mode(if kind == EntryType::Directory { 0o700 } else { 0o600 });
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(size_bytes);
    header.set_mtime(mtime);
    header.set_cksum();
    *header.as_bytes()
}

/// `<length> <key>=<value>LF`, the length counting itself.
fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    format!("{length} {key}={value}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(path: &str, size_bytes: u64, seconds: i64, nanoseconds: u32) -> Head {
        Head { path: path.to_owned(), size_bytes, mtime: FileTime { seconds, nanoseconds } }
    }

    #[test]
    fn one_block_where_ustar_is_enough() {
        let blocks = head("top/data/a.txt", 5, 7, 0).encode(0);
        assert_eq!(blocks.len(), 512);
        assert_eq!(&blocks[257..265], b"ustar\x0000");
        assert_eq!(&blocks[100..108], b"0000600\0");
        assert_eq!(&blocks[124..136], b"00000000005\0");
        let long = format!("top/data/{}/{}", "d".repeat(120), "f".repeat(70));
        let blocks = head(&long, 0, 0, 0).encode(0);
        assert_eq!((blocks.len(), &blocks[..3], &blocks[345..353]), (512, &b"fff"[..], &b"top/data"[..]));
    }

    #[test]
    fn pax_where_it_is_not() {
        for (head, records) in [
            (head("top/data/ü", 1, 0, 0), "20 path=top/data/ü\n".to_owned()),
            (head("t/x", 1 << 33, 0, 0), "19 size=8589934592\n".to_owned()),
            (head("t/x", 9 << 30, 3, 500_000_000), "19 size=9663676416\n21 mtime=3.500000000\n".to_owned()),
            (head("t/x", 1, -1, 500_000_000), "22 mtime=-0.500000000\n".to_owned()),
            (head("t/x", 1, -2, 0), "22 mtime=-2.000000000\n".to_owned()),
            (head("t/x", 1, 1 << 33, 0), "30 mtime=8589934592.000000000\n".to_owned()),
            (head(&"n".repeat(101), 1, 0, 0), format!("111 path={}\n", "n".repeat(101))),
        ] {
            let blocks = head.encode(1024);
            assert_eq!((blocks.len(), blocks[156]), (1536, b'x'));
            assert!(blocks[512..].starts_with(records.as_bytes()), "{records}");
            assert_eq!(blocks[512 + records.len()], 0);
        }
        // The octal field of a huge file stays 0; readers take the pax one.
        assert_eq!(&head("t/x", 9 << 30, 0, 0).encode(0)[1024 + 124..1024 + 135], b"00000000000");
    }
}
