//! Reads a capsule's tar with random access: its names, single files, salts, proofs.
//!
//! `docs/format.md`, section 5. It trusts nothing it reads beyond what it parses strictly, but
//! deliberately does not check hashes: that is `check_stream`, which reads everything once.

use std::io::{self, BufReader, Read};

use model::{Digest, ReadAt, canonical};

use crate::capsule_json::CapsuleJson;
use crate::file_tree::{FileProof, FileTree, file_leaf_hash};
use crate::name_lines::{FileLine, NameLine};
use crate::names_reader::NamesReader;
use crate::read_at::Part;
use crate::tar_entry::padding;
use crate::tar_stream::{Entry, TarError, TarStream};

/// Most bytes of `capsule.json`.
const CAPSULE_JSON_BYTES: u64 = 16 << 20;
const SALT_LINE_BYTES: u64 = 65;

/// Why something in a capsule cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CapsuleReadError {
    /// The bytes could not be had.
    #[error("reading the capsule")]
    Io(#[from] io::Error),
    /// It is not laid out as a capsule, or ends early.
    #[error("not laid out as a capsule")]
    Layout,
    /// A line of `names.jsonl` or `salts` that is not in its one form.
    #[error("a line of a list is not in its one form")]
    Line,
    /// There is no such file or leaf in the capsule.
    #[error("nothing of this number in the capsule")]
    Absent,
}

impl From<TarError> for CapsuleReadError {
    fn from(error: TarError) -> Self {
        match error {
            TarError::Io(error) => Self::Io(error),
            TarError::Truncated | TarError::Broken => Self::Layout,
        }
    }
}

impl From<canonical::CanonicalError> for CapsuleReadError {
    fn from(_: canonical::CanonicalError) -> Self {
        Self::Line
    }
}

/// Where a content lies in the tar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes from the start of the tar.
    pub offset: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// A capsule's tar, open.
pub struct CapsuleReader<'a> {
    bytes: &'a dyn ReadAt,
    top: String,
    names: Place,
    salts: Place,
    capsule_json: Place,
}

/// The content of one file.
pub struct FileReader<'a> {
    part: Part<'a>,
    left: u64,
}

impl<'a> CapsuleReader<'a> {
    /// Opens a capsule. `names` is where the log says that `names.jsonl` lies; without it all headers are
    /// looked through.
    pub fn open(bytes: &'a dyn ReadAt, names: Option<Place>) -> Result<Self, CapsuleReadError> {
        let names = match names {
            Some(place) => place,
            None => find_names(bytes)?,
        };
        let (salts_path, salts) = entry_after(bytes, names)?;
        let top = salts_path.strip_suffix("/salts").ok_or(CapsuleReadError::Layout)?.to_owned();
        let (json_path, capsule_json) = entry_after(bytes, salts)?;
        if json_path != format!("{top}/capsule.json") || capsule_json.bytes > CAPSULE_JSON_BYTES {
            return Err(CapsuleReadError::Layout);
        }
        Ok(Self { bytes, top, names, salts, capsule_json })
    }

    /// The name of the top folder.
    pub fn top(&self) -> &str {
        &self.top
    }

    /// Where `names.jsonl` lies.
    pub fn names_place(&self) -> Place {
        self.names
    }

    /// How many leaves the file tree has, by the list of salts.
    pub fn leaves(&self) -> u64 {
        self.salts.bytes / SALT_LINE_BYTES
    }

    /// What is said about the capsule as a whole.
    pub fn about(&self) -> Result<CapsuleJson, CapsuleReadError> {
        let mut json = Vec::new();
        self.part(self.capsule_json).read_to_end(&mut json)?;
        CapsuleJson::parse(&json).ok_or(CapsuleReadError::Layout)
    }

    /// Everything in the capsule, in the order of the walk.
    pub fn names(&self) -> NamesReader<'a> {
        NamesReader::new(self.part(self.names))
    }

    /// The content of a file; an error of kind `UnexpectedEof` on reading if the tar ends before the file
    /// does.
    pub fn open_file(&self, line: &FileLine) -> Result<FileReader<'a>, CapsuleReadError> {
        let end = line.offset.checked_add(line.size).filter(|end| *end <= self.bytes.size_bytes());
        end.ok_or(CapsuleReadError::Layout)?;
        let place = Place { offset: line.offset, bytes: line.size };
        Ok(FileReader { part: self.part(place), left: line.size })
    }

    /// The salt of a leaf.
    pub fn salt(&self, leaf: u64) -> Result<[u8; 32], CapsuleReadError> {
        if leaf >= self.leaves() {
            return Err(CapsuleReadError::Absent);
        }
        let offset = leaf.checked_mul(SALT_LINE_BYTES).and_then(|start| start.checked_add(self.salts.offset));
        let place = Place { offset: offset.ok_or(CapsuleReadError::Absent)?, bytes: SALT_LINE_BYTES };
        read_salt(&mut self.part(place))
    }

    /// The whole file tree, from the names and the salts.
    pub fn file_tree(&self) -> Result<FileTree, CapsuleReadError> {
        let mut salts = BufReader::with_capacity(64 << 10, self.part(self.salts));
        let mut leaves: Vec<Digest> = Vec::new();
        for line in self.names() {
            if let NameLine::File(line) = line? {
                if line.leaf != leaves.len() as u64 {
                    return Err(CapsuleReadError::Line);
                }
                leaves.push(file_leaf_hash(&read_salt(&mut salts)?, &line)?);
            }
        }
        Ok(FileTree::new(leaves))
    }

    /// What proves this file; `tree` is the capsule's [`file_tree`](Self::file_tree).
    pub fn file_proof(&self, tree: &FileTree, line: &FileLine) -> Result<FileProof, CapsuleReadError> {
        Ok(FileProof {
            salt: self.salt(line.leaf)?,
            leaf_json: line.leaf_json()?,
            leaf: line.leaf,
            leaves: tree.leaves(),
            proof: tree.proof(line.leaf).ok_or(CapsuleReadError::Absent)?,
        })
    }

    fn part(&self, place: Place) -> Part<'a> {
        Part::new(self.bytes, place.offset, place.offset.saturating_add(place.bytes))
    }
}

impl Read for FileReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.part.read(buffer)?;
        if count == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        Ok(count)
    }
}

fn read_salt(from: &mut dyn Read) -> Result<[u8; 32], CapsuleReadError> {
    let mut line = [0; 65];
    from.read_exact(&mut line)?;
    parse_salt(&line).ok_or(CapsuleReadError::Line)
}

/// A salt from its line with LF.
pub(crate) fn parse_salt(line: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    model::decode_hex(text).ok()?.try_into().ok()
}

fn find_names(bytes: &dyn ReadAt) -> Result<Place, CapsuleReadError> {
    let mut offset = 0;
    loop {
        let entry = entry_at(bytes, offset)?;
        let place = Place { offset: entry.offset, bytes: entry.head.size_bytes };
        // A file of the payload with this name lies below `data/`.
        if entry.head.path.split_once('/').is_some_and(|(_, path)| path == "names.jsonl") {
            return Ok(place);
        }
        offset = end_of(place)?;
    }
}

fn entry_after(bytes: &dyn ReadAt, place: Place) -> Result<(String, Place), CapsuleReadError> {
    let entry = entry_at(bytes, end_of(place)?)?;
    Ok((entry.head.path, Place { offset: entry.offset, bytes: entry.head.size_bytes }))
}

fn entry_at(bytes: &dyn ReadAt, offset: u64) -> Result<Entry, CapsuleReadError> {
    let mut stream = TarStream::new(Part::new(bytes, offset, u64::MAX), offset);
    stream.next_entry()?.ok_or(CapsuleReadError::Layout)
}

fn end_of(place: Place) -> Result<u64, CapsuleReadError> {
    let end = place.offset.checked_add(place.bytes);
    let end = end.and_then(|end| end.checked_add(padding(place.bytes) as u64));
    end.ok_or(CapsuleReadError::Layout)
}
