//! Checks a capsule's tar in one sequential pass: form, order, every hash, every list, the file tree.
//!
//! `docs/format.md`, section 5. It never stops at the first problem and keeps flat memory: what was seen
//! of the payload waits in spools for the lists. Whether the root is the one of the log is deliberately
//! left to the caller.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

use model::{Date, Digest, FileTime};
use seal::tree::TreeBuilder;
use seal::{Sha256, Spool};

use crate::bagit;
use crate::capsule_json::{CapsuleJson, Counts};
use crate::capsule_reader::parse_salt;
use crate::check_lines::{Remember, Remembered, Seen};
use crate::check_names::check_names;
use crate::names::is_stored;
use crate::names_reader::Lines;
use crate::problem::{BagProblemKind as Kind, Problems};
use crate::tar_stream::{Entry, Form, TarError, TarStream};
use crate::unpack::{Content, TAG_FILES, is_top};

/// Most bytes of a tag file that is read into memory.
const SMALL_BYTES: u64 = 16 << 20;

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct CapsuleReport {
    /// The name of the top folder.
    pub top: Option<String>,
    /// The root of the file tree, if names and salts give one.
    pub root: Option<Digest>,
    /// Files in the payload.
    pub files: u64,
    /// Empty folders, as listed.
    pub folders: u64,
    /// Links, as listed.
    pub links: u64,
    /// Gaps of each kind, as listed.
    pub gaps: BTreeMap<String, u64>,
    /// The bytes of all files.
    pub payload_bytes: u64,
    /// Where the content of `names.jsonl` begins in the tar.
    pub names_offset: u64,
    /// The bytes of `names.jsonl`.
    pub names_bytes: u64,
    /// How many bytes of the tar were read.
    pub tar_bytes: u64,
    /// What `capsule.json` says, if it is in form.
    pub about: Option<CapsuleJson>,
    /// Everything that is wrong.
    pub problems: Problems,
}

/// Reads a whole tar. `on_file` is told each payload file and its size after it was read. An error is one
/// of reading or of the spools; what is wrong with the capsule is in the report.
pub fn check_stream(
    reader: &mut dyn Read,
    spools: &mut dyn FnMut() -> Spool,
    on_file: &mut dyn FnMut(&str, u64),
) -> io::Result<CapsuleReport> {
    let mut stream = TarStream::new(reader, 0);
    let mut check = Check {
        payload: Payload::Coming(Remember::new(spools())),
        spools,
        on_file,
        report: CapsuleReport::default(),
        rank: None,
        tags: Vec::new(),
        listed: None,
    };
    match check.archive(&mut stream) {
        Ok(()) => {}
        Err(TarError::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
        Err(TarError::Truncated | TarError::Io(_)) => check.problem("", Kind::Truncated),
        Err(TarError::Broken) => check.problem("", Kind::BrokenArchive),
    }
    check.report.tar_bytes = stream.offset();
    check.count();
    Ok(check.report)
}

struct Check<'a> {
    spools: &'a mut dyn FnMut() -> Spool,
    on_file: &'a mut dyn FnMut(&str, u64),
    report: CapsuleReport,
    payload: Payload,
    /// The place in the order of the entry read last.
    rank: Option<usize>,
    /// The tag files read so far.
    tags: Vec<(String, Digest)>,
    /// What `names.jsonl` gave.
    listed: Option<Listed>,
}

/// The files of the payload: first they come, then they are compared with the lists.
enum Payload {
    Coming(Remember),
    Complete(Remembered),
}

/// What the lines of `names.jsonl` add up to.
pub(crate) struct Listed {
    pub(crate) counts: Counts,
    /// The leaves of the file tree without their salts.
    pub(crate) leaves: Remembered,
    /// The highest index of a root.
    pub(crate) last_root: Option<u64>,
}

/// The folder of the payload, and its files, come after `bagit.txt` and before all other tag files.
const RANK_FOLDER: usize = 1;
const RANK_FILES: usize = 2;

fn rank(path: &str) -> Option<usize> {
    if path == "data/" {
        Some(RANK_FOLDER)
    } else if path.starts_with("data/") {
        Some(RANK_FILES)
    } else {
        let tag = TAG_FILES.iter().position(|tag| *tag == path)?;
        Some(if tag == 0 { 0 } else { tag + RANK_FILES })
    }
}

impl Check<'_> {
    fn archive<R: Read>(&mut self, stream: &mut TarStream<R>) -> Result<(), TarError> {
        while let Some(entry) = stream.next_entry()? {
            let (first, path) = entry.head.path.split_once('/').ok_or(TarError::Broken)?;
            if entry.form == Form::Other {
                self.problem(path, Kind::HeaderForm);
            }
            if !is_top(first) || self.report.top.get_or_insert_with(|| first.to_owned()) != first {
                self.problem(path, Kind::Unexpected);
            }
            let size_bytes = entry.head.size_bytes;
            let mut content = Hashing { inner: Content { stream, left: size_bytes }, hash: Sha256::new() };
            self.entry(path, &entry, &mut content)?;
            io::copy(&mut content, &mut io::sink())?;
            let sha256 = content.hash.finish();
            self.after(path, &entry, sha256)?;
            if stream.skip_padding(size_bytes)? == Form::Other {
                self.problem(path, Kind::HeaderForm);
            }
        }
        if !stream.at_end()? {
            self.problem("", Kind::TrailingBytes);
        }
        Ok(())
    }

    /// Before the content is read to its end.
    fn entry(&mut self, path: &str, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let Some(rank) = rank(path) else {
            self.problem(path, Kind::Unexpected);
            return Ok(());
        };
        if self.rank.is_some_and(|before| rank < before || (rank == before && rank != RANK_FILES)) {
            self.problem(path, Kind::Order);
            return Ok(());
        }
        for missing in TAG_FILES {
            let between =
                self::rank(missing).is_some_and(|at| at < rank && self.rank.is_none_or(|before| at > before));
            if between {
                self.problem(missing, Kind::Missing);
            }
        }
        if rank >= RANK_FOLDER && self.rank.is_none_or(|before| before < RANK_FOLDER) && rank != RANK_FOLDER {
            self.problem("data/", Kind::Missing);
        }
        self.rank = Some(rank);
        if rank != RANK_FILES && entry.head.mtime != (FileTime { seconds: 0, nanoseconds: 0 }) {
            self.problem(path, Kind::HeaderForm);
        }
        match path {
            "bagit.txt" => {
                let text = self.small(path, entry, content)?;
                self.require(text == bagit::declaration().as_bytes(), path, Kind::Form);
            }
            "names.jsonl" => self.names(entry, content)?,
            "salts" => self.salts(content)?,
            "capsule.json" => self.capsule_json(entry, content)?,
            "bag-info.txt" => self.bag_info(entry, content)?,
            "manifest-sha256.txt" => self.manifest(content)?,
            "tagmanifest-sha256.txt" => self.tag_manifest(entry, content)?,
            _ => {}
        }
        Ok(())
    }

    /// When the hash of the content is known.
    fn after(&mut self, path: &str, entry: &Entry, sha256: Digest) -> io::Result<()> {
        match rank(path) {
            Some(RANK_FILES) => {
                self.require(is_stored(path), path, Kind::Name);
                let (size_bytes, mtime) = (entry.head.size_bytes, entry.head.mtime);
                let seen = Seen { path: path.to_owned(), sha256, size_bytes, mtime, offset: entry.offset };
                if let Payload::Coming(files) = &mut self.payload {
                    files.push_seen(&seen)?;
                    self.report.files += 1;
                    self.report.payload_bytes = self.report.payload_bytes.saturating_add(size_bytes);
                }
                (self.on_file)(path, size_bytes);
            }
            Some(RANK_FOLDER) | None => {}
            Some(_) => self.tags.push((path.to_owned(), sha256)),
        }
        Ok(())
    }

    fn names(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        (self.report.names_offset, self.report.names_bytes) = (entry.offset, entry.head.size_bytes);
        self.complete_payload()?;
        if let Payload::Complete(files) = &self.payload {
            let leaves = Remember::new((self.spools)());
            let listed = check_names(&mut BufReader::new(content), files, leaves, &mut self.report.problems)?;
            self.report.folders = listed.counts.folders;
            self.report.links = listed.counts.links;
            self.report.gaps.clone_from(&listed.counts.gaps);
            self.listed = Some(listed);
        }
        Ok(())
    }

    fn salts(&mut self, content: &mut dyn Read) -> io::Result<()> {
        let Some(listed) = &self.listed else { return Ok(()) };
        let mut content = BufReader::new(content);
        let mut leaves = listed.leaves.recall();
        let mut tree = TreeBuilder::new();
        let mut problem = None;
        while let Some(leaf) = leaves.next_record()? {
            let mut line = Vec::with_capacity(65);
            content.by_ref().take(65).read_to_end(&mut line)?;
            let Some(salt) = parse_salt(&line) else {
                problem = Some(Kind::Form);
                break;
            };
            tree.push(seal::tree::leaf_hash(&[&salt, &leaf]));
        }
        if io::copy(&mut content, &mut io::sink())? > 0 && problem.is_none() {
            problem = Some(Kind::CountDiffers);
        }
        match problem {
            Some(kind) => self.problem("salts", kind),
            None => self.report.root = Some(tree.root()),
        }
        Ok(())
    }

    fn capsule_json(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let bytes = self.small("capsule.json", entry, content)?;
        self.report.about = CapsuleJson::parse(&bytes);
        self.require(self.report.about.is_some(), "capsule.json", Kind::Form);
        Ok(())
    }

    fn bag_info(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let bytes = self.small("bag-info.txt", entry, content)?;
        let text = String::from_utf8(bytes).unwrap_or_default();
        let oxum = format!("{}.{}", self.report.payload_bytes, self.report.files);
        let value = |label: &str| {
            let mut values = text.lines().filter_map(|line| line.strip_prefix(label)?.strip_prefix(": "));
            values.next().unwrap_or_default().to_owned()
        };
        let (date, program) = (value("Bagging-Date"), value("Bag-Software-Agent"));
        let (counted, dated) = (value("Payload-Oxum") == oxum, date.parse::<Date>().is_ok());
        let labels =
            [("Bagging-Date", date.as_str()), ("Payload-Oxum", &oxum), ("Bag-Software-Agent", &program)];
        let in_form = text == bagit::bag_info(&labels);
        let same_program = self.report.about.as_ref().is_none_or(|about| about.program == program);
        self.require(counted, "bag-info.txt", Kind::CountDiffers);
        self.require(!counted || (dated && in_form && same_program), "bag-info.txt", Kind::Form);
        Ok(())
    }

    fn manifest(&mut self, content: &mut dyn Read) -> io::Result<()> {
        self.complete_payload()?;
        let Payload::Complete(files) = &self.payload else { return Ok(()) };
        let mut lines = Lines::new(BufReader::new(content));
        let mut files = files.recall();
        while let Some(seen) = files.next_seen()? {
            let expected = bagit::manifest_line(seen.sha256, &seen.path);
            let same = match lines.next_line()? {
                Some(Ok(line)) => expected.strip_suffix('\n').is_some_and(|text| text.as_bytes() == line),
                _ => false,
            };
            if !same {
                self.report.problems.add(&seen.path, Kind::ManifestDiffers);
            }
        }
        if lines.next_line()?.is_some() {
            self.report.problems.add("manifest-sha256.txt", Kind::ManifestDiffers);
        }
        Ok(())
    }

    fn tag_manifest(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let bytes = self.small("tagmanifest-sha256.txt", entry, content)?;
        let text = String::from_utf8(bytes).unwrap_or_default();
        let lines: Vec<String> =
            self.tags.iter().map(|(path, sha256)| bagit::manifest_line(*sha256, path)).collect();
        let tags = std::mem::take(&mut self.tags);
        for ((path, _), line) in tags.iter().zip(&lines) {
            self.require(
                text.split_inclusive('\n').any(|found| found == line),
                path,
                Kind::TagManifestDiffers,
            );
        }
        self.require(text == lines.concat(), "tagmanifest-sha256.txt", Kind::Form);
        Ok(())
    }

    fn complete_payload(&mut self) -> io::Result<()> {
        if let Payload::Coming(_) = self.payload {
            let next = Payload::Coming(Remember::new((self.spools)()));
            if let Payload::Coming(files) = std::mem::replace(&mut self.payload, next) {
                self.payload = Payload::Complete(files.finish()?);
            }
        }
        Ok(())
    }

    /// At the end: what never came, and the counts.
    fn count(&mut self) {
        for tag in TAG_FILES {
            if rank(tag).is_some_and(|at| self.rank.is_none_or(|last| at > last)) {
                self.problem(tag, Kind::Missing);
            }
        }
        let (Some(about), Some(listed)) = (&self.report.about, &self.listed) else { return };
        let mut counted = listed.counts.clone();
        counted.payload_bytes = self.report.payload_bytes;
        let roots = listed.last_root.is_none_or(|last| last < about.roots.len() as u64);
        let same = about.counts() == counted && roots && counted.files == self.report.files;
        self.require(same, "capsule.json", Kind::CountDiffers);
    }

    /// A tag file of a size that fits into memory.
    fn small(&mut self, path: &str, entry: &Entry, content: &mut dyn Read) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if entry.head.size_bytes > SMALL_BYTES {
            self.problem(path, Kind::TooLarge);
        } else {
            content.read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    fn require(&mut self, holds: bool, path: &str, kind: Kind) {
        if !holds {
            self.problem(path, kind);
        }
    }

    fn problem(&mut self, path: &str, kind: Kind) {
        self.report.problems.add(path, kind);
    }
}

/// Hashes what is read.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
