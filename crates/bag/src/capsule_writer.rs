//! Writes a capsule's tar in one pass: every file is read once, hashed, and written on.
//!
//! `docs/format.md`, section 5. Memory does not grow with the number of files: lines go to spools, salts
//! are computed from a seed. It deliberately neither opens files nor seals: it gets readers and a stream
//! to write to.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use model::{Date, Digest, FileTime, canonical};
use seal::Sha256;
use seal::tree::TreeBuilder;
use seal::{Spool, SpoolReader};
use zeroize::Zeroizing;

use crate::bagit;
use crate::capsule_json::{About, CapsuleJson, Counts};
use crate::file_tree::{file_leaf_hash, salt_from};
use crate::name_lines::{
    FileGap, FileGapKind, FileLine, FolderLine, GapLine, LinkLine, NAME_BYTES, NameLine, RawName, Refusal,
    RefusalKind,
};
use crate::names::{Namer, Stored};
use crate::tar_entry::{END, Head, padding};

/// Makes a fresh spool each time.
pub type SpoolMaker = Box<dyn FnMut() -> Spool + Send>;

/// How much is read at once.
const BUFFER_BYTES: usize = 512 << 10;
/// Most bytes of one file and of a whole capsule (`docs/format.md`, section 10).
const FILE_BYTES: u64 = 1 << 43;
const CAPSULE_BYTES: u64 = 1 << 45;

/// Why a capsule could not be written. Nothing of the source is in here: what cannot be read there becomes
/// a gap.
#[derive(Debug, thiserror::Error)]
pub enum CapsuleWriteError {
    /// The medium the capsule goes to refused it.
    #[error("writing the capsule")]
    Output(#[source] io::Error),
    /// The space for lists that are kept while writing refused it.
    #[error("keeping the lists of the capsule")]
    Spool(#[source] io::Error),
    /// A file over 2^43 bytes or a capsule over 2^45 bytes.
    #[error("larger than a capsule may be")]
    TooLarge,
    /// A number or text that has no canonical form.
    #[error("a value that cannot be written down")]
    Form(#[from] canonical::CanonicalError),
}

/// A capsule that is being written.
pub struct CapsuleWriter<W: Write> {
    out: Output<W>,
    top: String,
    namer: Namer,
    seed: Zeroizing<[u8; 32]>,
    tree: TreeBuilder,
    counts: Counts,
    names: Spool,
    names_bytes: u64,
    manifest: Spool,
    manifest_bytes: u64,
    tags: Vec<(&'static str, Digest)>,
    buffer: Vec<u8>,
}

/// How a file ended up in the capsule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOutcome {
    /// Its number in the file tree.
    pub leaf: u64,
    /// Where it is stored.
    pub stored: Stored,
    /// The SHA-256 of what is stored.
    pub sha256: Digest,
    /// What was not as it should be.
    pub gap: Option<FileGap>,
}

/// A capsule that is written to its end.
#[derive(Debug)]
pub struct Finished<W> {
    /// What it was written to, not flushed.
    pub out: W,
    /// The root of the file tree.
    pub root: Digest,
    /// The number of its leaves; the same as `files`.
    pub leaves: u64,
    /// Files in the payload.
    pub files: u64,
    /// Empty folders.
    pub folders: u64,
    /// Links.
    pub links: u64,
    /// How many gaps of each kind.
    pub gaps: BTreeMap<String, u64>,
    /// The bytes of all files.
    pub payload_bytes: u64,
    /// Where the content of `names.jsonl` begins in the tar.
    pub names_offset: u64,
    /// The bytes of `names.jsonl`.
    pub names_bytes: u64,
    /// The bytes of the whole tar.
    pub tar_bytes: u64,
}

impl<W: Write> CapsuleWriter<W> {
    /// Begins a capsule with the top folder `top` (`capsule-<8 hex>`); the salts come from `seed`, 32
    /// random bytes.
    pub fn new(
        out: W,
        top: &str,
        mut spools: SpoolMaker,
        seed: Zeroizing<[u8; 32]>,
    ) -> Result<Self, CapsuleWriteError> {
        let mut writer = Self {
            out: Output { out, offset: 0 },
            top: top.to_owned(),
            namer: Namer::new(),
            seed,
            tree: TreeBuilder::new(),
            counts: Counts::default(),
            names: spools(),
            names_bytes: 0,
            manifest: spools(),
            manifest_bytes: 0,
            tags: Vec::new(),
            buffer: vec![0; BUFFER_BYTES],
        };
        writer.tag("bagit.txt", bagit::declaration().as_bytes())?;
        // Without it a capsule without files would unpack to a bag without payload folder.
        writer.head("data/", 0, EPOCH)?;
        Ok(writer)
    }

    /// Stores a file of `size_bytes`, as it was when it was opened. `state_after` is asked once, after the
    /// last byte, whether the file changed meanwhile. A reader that ends or breaks off early gives a gap
    /// and zeros, not an error.
    pub fn file(
        &mut self,
        root: usize,
        original: &[u8],
        size_bytes: u64,
        mtime: FileTime,
        reader: &mut dyn Read,
        state_after: &mut dyn FnMut() -> Option<FileGapKind>,
    ) -> Result<FileOutcome, CapsuleWriteError> {
        if size_bytes > FILE_BYTES || self.out.offset + size_bytes > CAPSULE_BYTES {
            return Err(CapsuleWriteError::TooLarge);
        }
        let stored = self.namer.stored(root, original);
        let offset = self.head(stored.path(), size_bytes, mtime)?;
        let (sha256, bytes_read, broken_off) = self.content(size_bytes, reader)?;
        let kind = broken_off.or_else(state_after);
        let gap = kind.map(|kind| FileGap { bytes_read, kind });
        // Even a numbered path can be the one the file had.
        let same = stored.path().strip_prefix("data/").is_some_and(|path| path.as_bytes() == original);
        let original = if same { None } else { Some(raw(original)) };
        let leaf = self.counts.files;
        let path = stored.path().to_owned();
        let line = FileLine {
            gap,
            leaf,
            mtime,
            offset,
            original,
            path,
            root: root as u64,
            sha256,
            size: size_bytes,
        };
        self.tree.push(file_leaf_hash(&salt_from(&self.seed, leaf), &line)?);
        if let Some(gap) = gap {
            self.counts.gap(gap.kind.word());
        }
        self.counts.files += 1;
        self.counts.payload_bytes += size_bytes;
        self.line(&NameLine::File(line))?;
        let line = bagit::manifest_line(sha256, stored.path());
        self.manifest.write_all(line.as_bytes()).map_err(CapsuleWriteError::Spool)?;
        self.manifest_bytes += line.len() as u64;
        Ok(FileOutcome { leaf, stored, sha256, gap })
    }

    /// Records a link; it is not followed.
    pub fn link(&mut self, root: usize, original: &[u8], target: &[u8]) -> Result<(), CapsuleWriteError> {
        self.counts.links += 1;
        let (original, root, target) = (raw(original), root as u64, raw(target));
        self.line(&NameLine::Link(LinkLine { original, root, target }))
    }

    /// Records a folder with nothing in it.
    pub fn empty_folder(
        &mut self,
        root: usize,
        original: &[u8],
        mtime: FileTime,
    ) -> Result<(), CapsuleWriteError> {
        self.counts.folders += 1;
        self.line(&NameLine::Folder(FolderLine { mtime, original: raw(original), root: root as u64 }))
    }

    /// Records what could not be taken, with the reason in one word.
    pub fn gap(
        &mut self,
        root: usize,
        original: &[u8],
        kind: RefusalKind,
        reason: &str,
    ) -> Result<(), CapsuleWriteError> {
        self.counts.gap(kind.word());
        let gap = Refusal { kind, reason: reason.to_owned() };
        self.line(&NameLine::Gap(GapLine { gap, original: raw(original), root: root as u64 }))
    }

    /// Writes the tag files and the end; `date` is the bagging date.
    pub fn finish(self, about: &About, date: Date) -> Result<Finished<W>, CapsuleWriteError> {
        let names = self.names.finish().map_err(CapsuleWriteError::Spool)?;
        let manifest = self.manifest.finish().map_err(CapsuleWriteError::Spool)?;
        let mut tags = TagWriter { out: self.out, top: self.top, tags: self.tags };
        let names_offset = tags.copy("names.jsonl", self.names_bytes, names)?;
        tags.salts(&self.seed, self.counts.files)?;
        tags.write("capsule.json", &CapsuleJson::new(about, &self.counts).to_file()?)?;
        let oxum = format!("{}.{}", self.counts.payload_bytes, self.counts.files);
        let info = bagit::bag_info(&[
            ("Bagging-Date", &date.to_string()),
            ("Payload-Oxum", &oxum),
            ("Bag-Software-Agent", &about.program),
        ]);
        tags.write("bag-info.txt", info.as_bytes())?;
        tags.copy("manifest-sha256.txt", self.manifest_bytes, manifest)?;
        let lines: String =
            tags.tags.iter().map(|(path, sha256)| bagit::manifest_line(*sha256, path)).collect();
        tags.write("tagmanifest-sha256.txt", lines.as_bytes())?;
        tags.out.write(&END)?;
        let Counts { files, folders, links, gaps, payload_bytes } = self.counts;
        Ok(Finished {
            tar_bytes: tags.out.offset,
            out: tags.out.out,
            root: self.tree.root(),
            leaves: files,
            files,
            folders,
            links,
            gaps,
            payload_bytes,
            names_offset,
            names_bytes: self.names_bytes,
        })
    }

    fn head(&mut self, path: &str, size_bytes: u64, mtime: FileTime) -> Result<u64, CapsuleWriteError> {
        self.out.head(&self.top, path, size_bytes, mtime)
    }

    /// Writes exactly `size_bytes`; tells how many of them are real and why not all.
    fn content(
        &mut self,
        size_bytes: u64,
        reader: &mut dyn Read,
    ) -> Result<(Digest, u64, Option<FileGapKind>), CapsuleWriteError> {
        let mut hash = Sha256::new();
        let mut broken_off = None;
        let (mut left, mut bytes_read) = (size_bytes, 0);
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
            let buffer = self.buffer.get_mut(..most).unwrap_or_default();
            let count = if broken_off.is_some() {
                most
            } else {
                match reader.read(buffer) {
                    Ok(0) => 0,
                    Ok(count) => count.min(most),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(_) => {
                        broken_off = Some(FileGapKind::Unreadable);
                        buffer.fill(0);
                        continue;
                    }
                }
            };
            if count == 0 {
                broken_off = Some(FileGapKind::Shrunk);
                buffer.fill(0);
                continue;
            }
            let bytes = buffer.get(..count).unwrap_or_default();
            hash.update(bytes);
            self.out.write(bytes)?;
            left -= count as u64;
            if broken_off.is_none() {
                bytes_read += count as u64;
            }
        }
        self.out.pad(size_bytes)?;
        Ok((hash.finish(), bytes_read, broken_off))
    }

    fn tag(&mut self, path: &'static str, content: &[u8]) -> Result<(), CapsuleWriteError> {
        self.head(path, content.len() as u64, EPOCH)?;
        self.out.write(content)?;
        self.out.pad(content.len() as u64)?;
        self.tags.push((path, seal::sha256(content)));
        Ok(())
    }

    fn line(&mut self, line: &NameLine) -> Result<(), CapsuleWriteError> {
        let bytes = line.to_line()?;
        self.names.write_all(&bytes).map_err(CapsuleWriteError::Spool)?;
        self.names_bytes += bytes.len() as u64;
        Ok(())
    }
}

/// The time of all tag files.
const EPOCH: FileTime = FileTime { seconds: 0, nanoseconds: 0 };

fn raw(bytes: &[u8]) -> RawName {
    RawName(bytes.get(..NAME_BYTES).unwrap_or(bytes).to_vec())
}

/// Writes the tag files after the payload and remembers their hashes.
struct TagWriter<W> {
    out: Output<W>,
    top: String,
    tags: Vec<(&'static str, Digest)>,
}

impl<W: Write> TagWriter<W> {
    fn write(&mut self, path: &'static str, content: &[u8]) -> Result<(), CapsuleWriteError> {
        self.begin(path, content.len() as u64)?;
        self.out.write(content)?;
        self.end(path, content.len() as u64, seal::sha256(content))
    }

    fn copy(
        &mut self,
        path: &'static str,
        size_bytes: u64,
        mut from: SpoolReader,
    ) -> Result<u64, CapsuleWriteError> {
        let offset = self.begin(path, size_bytes)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = from.read(&mut buffer).map_err(CapsuleWriteError::Spool)?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            hash.update(bytes);
            self.out.write(bytes)?;
        }
        // A list that came back shorter would shift everything after it.
        if self.out.offset != offset + size_bytes {
            return Err(CapsuleWriteError::Spool(io::ErrorKind::UnexpectedEof.into()));
        }
        self.end(path, size_bytes, hash.finish())?;
        Ok(offset)
    }

    fn salts(&mut self, seed: &[u8; 32], leaves: u64) -> Result<(), CapsuleWriteError> {
        let size_bytes = leaves * 65;
        self.begin("salts", size_bytes)?;
        let mut hash = Sha256::new();
        for leaf in 0..leaves {
            let line = format!("{}\n", model::encode_hex(&salt_from(seed, leaf)));
            hash.update(line.as_bytes());
            self.out.write(line.as_bytes())?;
        }
        self.end("salts", size_bytes, hash.finish())
    }

    fn begin(&mut self, path: &'static str, size_bytes: u64) -> Result<u64, CapsuleWriteError> {
        self.out.head(&self.top, path, size_bytes, EPOCH)
    }

    fn end(&mut self, path: &'static str, size_bytes: u64, sha256: Digest) -> Result<(), CapsuleWriteError> {
        self.tags.push((path, sha256));
        self.out.pad(size_bytes)
    }
}

/// The stream and how far it is written.
struct Output<W> {
    out: W,
    offset: u64,
}

impl<W: Write> Output<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), CapsuleWriteError> {
        self.offset += bytes.len() as u64;
        self.out.write_all(bytes).map_err(CapsuleWriteError::Output)
    }

    /// Writes a header and tells where the content begins.
    fn head(
        &mut self,
        top: &str,
        path: &str,
        size_bytes: u64,
        mtime: FileTime,
    ) -> Result<u64, CapsuleWriteError> {
        let head = Head { path: format!("{top}/{path}"), size_bytes, mtime };
        let blocks = head.encode(self.offset);
        self.write(&blocks)?;
        Ok(self.offset)
    }

    fn pad(&mut self, size_bytes: u64) -> Result<(), CapsuleWriteError> {
        self.write(END.get(..padding(size_bytes)).unwrap_or_default())
    }
}
