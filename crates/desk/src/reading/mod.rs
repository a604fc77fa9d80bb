//! `read`, `reindex`, `records`: what lies in the capsules becomes records, and the records an index.
//!
//! The bytes are looked at by a confined worker only ([`reading_worker`]); this side decrypts, hands out
//! bytes and keeps what comes back. The index is a cache: it is made beside the old one and takes its place
//! when it is whole, and whatever is stopped or erased takes it away.

pub(crate) mod evidence_keys;
pub(crate) mod host;
pub(crate) mod index_file;
mod original;
pub(crate) mod records;
mod root_names;
pub(crate) mod words;
mod worker;

pub use evidence_keys::EvidenceKey;
pub use original::OriginalBytes;
pub use records::{FoundRecords, RecordsForm, ShownRecord};

use std::collections::BTreeSet;
use std::io;

use bag::{FileLine, NameLine};
use confine::Layers;
use custody::Fields;
use index::{Builder, FileLine as IndexedFile};
use model::EntryNumber;
use model::record::{Counted, Problem, Record};

use crate::reading::host::{CapsuleContents, Reading, Take};
use crate::reading::index_file::{Base, IndexFile};
use crate::reading::root_names::RootNames;
use crate::reading::words::{Task, TreeFile};
use crate::unseal::OpenCapsule;
use crate::{Desk, DeskError, OpenCase, Stage};

/// The hidden argument that makes the program a reading worker.
pub const READING_WORKER: &str = "reading-worker";

/// Which capsules are read, and how.
pub struct ReadForm {
    /// Only these; empty means every capsule that is not in the index yet.
    pub capsules: Vec<EntryNumber>,
    /// Make the index anew from all capsules.
    pub anew: Anew,
    /// What a person told in advance.
    pub options: readers::Options,
    /// How the worker is started.
    pub program: confine::Program,
    /// What the worker may use up.
    pub limits: confine::Limits,
}

/// Whether the index is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anew {
    /// Further capsules are added to it.
    No,
    /// It is made from nothing.
    Yes,
}

/// What reading gave.
#[derive(Debug, serde::Serialize)]
pub struct ReadOutcome {
    /// The entry that records it; none if there was nothing new to read.
    pub entry: Option<EntryNumber>,
    /// The capsules that were read now.
    pub capsules: Vec<EntryNumber>,
    /// Files in them, those in containers included.
    pub files: u64,
    /// Records.
    pub records: u64,
    /// Problems.
    pub problems: u64,
    /// Items that are stopped and were not looked at.
    pub stopped: u64,
    /// What each reader gave.
    pub readers: Vec<ReaderLine>,
    /// What could not be read, by sort.
    pub problem_kinds: std::collections::BTreeMap<&'static str, u64>,
    /// The first of them, file by file.
    pub problem_files: Vec<ProblemFile>,
    /// Workers that ended before they were done.
    pub workers_ended: u64,
    /// Protections around the worker that this system lacks.
    pub unprotected: Vec<&'static str>,
}

/// What could not be read in one file, by sort.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct ProblemFile {
    /// The paths that lead to it, outermost first. May hold any character: show them escaped.
    pub file: Vec<String>,
    /// What sort.
    pub kind: &'static str,
    /// How many units.
    pub units: u64,
}

/// What one reader gave.
#[derive(Debug, serde::Serialize)]
pub struct ReaderLine {
    /// The reader's name; empty for files that are read with another or shown by what is in them.
    pub reader: String,
    /// Files.
    pub files: u64,
    /// Records.
    pub records: u64,
    /// Units in these files: lines, rows, elements.
    pub in_source: u64,
    /// Units that could not be read.
    pub problems: u64,
}

/// Becomes the reading worker and ends when everything is read. The program calls it before anything else if
/// its first argument is [`READING_WORKER`].
pub fn reading_worker() -> io::Result<()> {
    worker::work(confine::enter().map_err(io::Error::other)?)
}

impl Desk<'_> {
    /// Reads capsules into the index.
    pub fn read(&mut self, case: &mut OpenCase, form: &ReadForm) -> Result<ReadOutcome, DeskError> {
        let file = IndexFile::of(case)?;
        let (base, known) =
            if form.anew == Anew::Yes { (Base::Nothing, BTreeSet::new()) } else { file.known(case)? };
        let wanted = wanted(case, form, &known)?;
        let mut outcome = ReadOutcome::of(&wanted);
        if wanted.is_empty() {
            return Ok(outcome);
        }
        let mut builder = file.begin(base)?;
        let keys = evidence_keys::of(case)?;
        for number in wanted {
            self.read_capsule(case, form, number, &keys, &mut builder, &mut outcome)?;
        }
        builder.finish()?;
        file.put()?;
        self.tell(case, outcome)
    }

    fn read_capsule(
        &self,
        case: &OpenCase,
        form: &ReadForm,
        number: EntryNumber,
        keys: &[EvidenceKey],
        builder: &mut Builder,
        outcome: &mut ReadOutcome,
    ) -> Result<(), DeskError> {
        let state = case.state()?;
        let facts = state.capsules.get(&number).ok_or_else(|| DeskError::Unknown(number.to_string()))?;
        let capsule = OpenCapsule::open(case, facts)?;
        let lines = shown_lines(case, number, &capsule, &mut outcome.stopped)?;
        builder.capsule(number, facts.sha256)?;
        self.progress.begin(Stage::Reading, Some(lines.iter().map(|shown| shown.line.size).sum()));
        let reading = Reading {
            contents: &CapsuleContents { tar: capsule.tar(), lines: &lines },
            keys,
            options: &form.options,
            program: &form.program,
            limits: &form.limits,
            progress: self.progress,
        };
        let mut taking = Taking { builder, outcome };
        let done = reading.read(&Task::Read, &mut taking)?;
        self.progress.end();
        outcome.workers_ended += done.workers_ended;
        outcome.unprotected = done.layers.as_ref().map(Layers::missing).unwrap_or_default();
        Ok(())
    }

    /// Writes the entry, and adds what the index knows.
    fn tell(&mut self, case: &mut OpenCase, mut outcome: ReadOutcome) -> Result<ReadOutcome, DeskError> {
        let numbers: Vec<u64> = outcome.capsules.iter().map(|number| number.0).collect();
        let fields = Fields::new()
            .with("capsules", numbers)
            .with("records", outcome.records)
            .with("problems", outcome.problems);
        outcome.entry = Some(self.append(case, "capsules.read", fields)?);
        let index = IndexFile::of(case)?.open()?;
        outcome.readers = index.by_reader()?.into_iter().map(ReaderLine::from).collect();
        outcome.problem_files = problem_files(&index, &outcome.capsules)?;
        Ok(outcome)
    }
}

impl ReadOutcome {
    fn of(capsules: &[EntryNumber]) -> Self {
        Self {
            entry: None,
            capsules: capsules.to_vec(),
            files: 0,
            records: 0,
            problems: 0,
            stopped: 0,
            readers: Vec::new(),
            problem_kinds: std::collections::BTreeMap::new(),
            problem_files: Vec::new(),
            workers_ended: 0,
            unprotected: Vec::new(),
        }
    }
}

impl From<index::ReaderSum> for ReaderLine {
    fn from(sum: index::ReaderSum) -> Self {
        let reader = sum.reader.unwrap_or_default();
        let index::ReaderSum { files, records, in_source, problems, .. } = sum;
        Self { reader, files, records, in_source, problems }
    }
}

/// The first problems of these capsules, those of one file and sort together.
fn problem_files(index: &index::Index, capsules: &[EntryNumber]) -> Result<Vec<ProblemFile>, DeskError> {
    /// Problems looked at, and files named; all are in the index.
    const LOOKED_AT: usize = 1000;
    const NAMED: usize = 20;
    let mut files: Vec<ProblemFile> = Vec::new();
    for line in index.problems(None, LOOKED_AT)? {
        let (kind, units) = (line.problem.kind.word(), line.problem.units);
        if !capsules.contains(&index.capsule_of(line.file)?) {
            continue;
        }
        let file = index.steps(line.file)?;
        if let Some(known) = files.iter_mut().find(|known| known.file == file && known.kind == kind) {
            known.units = known.units.saturating_add(units);
        } else if files.len() < NAMED {
            files.push(ProblemFile { file, kind, units });
        } else {
            break;
        }
    }
    Ok(files)
}

/// The capsules to read: those asked for, or all that are not known; never an erased one.
fn wanted(
    case: &OpenCase,
    form: &ReadForm,
    known: &BTreeSet<EntryNumber>,
) -> Result<Vec<EntryNumber>, DeskError> {
    let state = case.state()?;
    let there =
        |number: &EntryNumber| state.capsules.contains_key(number) && !state.erased.capsules.contains(number);
    if let Some(missing) = form.capsules.iter().find(|number| !there(number)) {
        return Err(DeskError::Unknown(missing.to_string()));
    }
    let asked = |number: &EntryNumber| form.capsules.is_empty() || form.capsules.contains(number);
    let all = state.capsules.keys().filter(|number| there(number) && asked(number));
    Ok(all.filter(|number| !known.contains(number)).copied().collect())
}

/// A file of a capsule that may be shown.
pub(crate) struct ShownLine {
    line: FileLine,
    /// The name under which it is read.
    path: String,
}

/// The files of a capsule that may be shown; a stopped one does not come near a reader.
pub(crate) fn shown_lines(
    case: &OpenCase,
    number: EntryNumber,
    capsule: &OpenCapsule,
    stopped: &mut u64,
) -> Result<Vec<ShownLine>, DeskError> {
    let state = case.state()?;
    let (mut lines, mut names) = (Vec::new(), RootNames::default());
    for line in capsule.reader()?.names() {
        let NameLine::File(line) = line? else { continue };
        let path = names.path(&line);
        if state.is_stopped(number, line.leaf) {
            *stopped += 1;
        } else {
            lines.push(ShownLine { line, path });
        }
    }
    Ok(lines)
}

/// Puts what the worker says into the index.
struct Taking<'t> {
    builder: &'t mut Builder,
    outcome: &'t mut ReadOutcome,
}

impl Take for Taking<'_> {
    fn file(&mut self, file: TreeFile) -> Result<(), DeskError> {
        self.outcome.files += 1;
        let TreeFile { number, leaf, steps, size_bytes, reader } = file;
        Ok(self.builder.file(&IndexedFile { number, steps, leaf, size_bytes, reader })?)
    }

    fn record(&mut self, record: &Record) -> Result<(), DeskError> {
        self.outcome.records += 1;
        self.builder.record(record)?;
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) -> Result<(), DeskError> {
        self.outcome.problems += 1;
        *self.outcome.problem_kinds.entry(problem.kind.word()).or_default() += problem.units;
        Ok(self.builder.problem(problem)?)
    }

    fn counted(&mut self, counted: &Counted) -> Result<(), DeskError> {
        Ok(self.builder.counted(counted)?)
    }
}
