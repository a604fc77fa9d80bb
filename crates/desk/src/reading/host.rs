//! The program's side of a worker: gives it bytes, takes what it says, and goes on after a worker that ended.

use std::io;
use std::ops::ControlFlow;

use confine::{Ending, How, Layers, Program, Why};
use model::ReadAt;
use model::record::{Counted, FileNumber, Place, Problem, ProblemKind, Record};
use zeroize::Zeroizing;

use super::ShownLine;
use super::words::{CheckedFile, Job, JobFile, ListRead, Looks, Task, TreeFile, Wanted, Word};
use crate::{DeskError, Progress};

/// How many workers one capsule may cost. Every one that ends is a file that is reported and left out.
const WORKERS_MAX: usize = 64;

/// Takes what a worker gives, in order. What is not asked for is not taken.
pub(crate) trait Take {
    /// A file of the tree.
    fn file(&mut self, _: TreeFile) -> Result<(), DeskError> {
        Ok(())
    }

    /// A record.
    fn record(&mut self, _: &Record) -> Result<(), DeskError> {
        Ok(())
    }

    /// Something that could not be read.
    fn problem(&mut self, _: &Problem) -> Result<(), DeskError> {
        Ok(())
    }

    /// A reckoning.
    fn counted(&mut self, _: &Counted) -> Result<(), DeskError> {
        Ok(())
    }

    /// A file that is checked, and by which check.
    fn checked(&mut self, _: CheckedFile) -> Result<(), DeskError> {
        Ok(())
    }

    /// A fact about a device, and how many bytes it was sent in.
    fn fact(&mut self, _: check::Fact, _: usize) -> Result<(), DeskError> {
        Ok(())
    }

    /// A file of indicators that a person added was read: its place among those given, entries, problems.
    fn list(&mut self, _: ListRead) -> Result<(), DeskError> {
        Ok(())
    }
}

/// The files that a worker reads, and their bytes.
pub(crate) trait Contents {
    /// The files; the number of a content is its place here.
    fn files(&self) -> Vec<JobFile>;

    /// Bytes of a content from an offset on. Numbers and offsets are the worker's and may be nonsense.
    fn read_at(&self, content: u32, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// The files of a capsule that may be shown.
pub(crate) struct CapsuleContents<'c> {
    /// The tar of the capsule, decrypted.
    pub(crate) tar: &'c dyn ReadAt,
    /// The files, with where they lie in the tar.
    pub(crate) lines: &'c [ShownLine],
}

impl Contents for CapsuleContents<'_> {
    fn files(&self) -> Vec<JobFile> {
        let file = |ShownLine { line, path }: &ShownLine| JobFile {
            leaf: line.leaf,
            path: path.clone(),
            size_bytes: line.size,
            modified: line.mtime,
            sha256: Some(line.sha256),
        };
        self.lines.iter().map(file).collect()
    }

    fn read_at(&self, content: u32, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let shown = self.lines.get(content as usize).ok_or(io::ErrorKind::NotFound)?;
        let line = &shown.line;
        let left = usize::try_from(line.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let Some(buffer) = buffer.get_mut(..most).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        self.tar.read_at(buffer, line.offset.saturating_add(offset))
    }
}

/// What a worker is to read, and with what.
pub(crate) struct Reading<'r> {
    /// The files.
    pub(crate) contents: &'r dyn Contents,
    /// The evidence's own passwords.
    pub(crate) keys: &'r [Zeroizing<String>],
    /// What a person told in advance.
    pub(crate) options: &'r readers::Options,
    /// How the worker is started.
    pub(crate) program: &'r Program,
    /// What the worker may use up.
    pub(crate) limits: &'r confine::Limits,
    /// Hears of progress.
    pub(crate) progress: &'r dyn Progress,
}

/// What came of it beside the records.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The protections around the worker.
    pub(crate) layers: Option<Layers>,
    /// Workers that ended before they were done.
    pub(crate) workers_ended: u64,
}

impl Reading<'_> {
    /// Reads or checks everything.
    pub(crate) fn read(&self, task: &Task, take: &mut dyn Take) -> Result<Outcome, DeskError> {
        let mut outcome = Outcome::default();
        let mut closed = Vec::new();
        let mut from_unit = 0;
        let mut known = Known::default();
        for _ in 0..WORKERS_MAX {
            let job = self.job(&closed, from_unit, task.clone())?;
            let mut host =
                Host { reading: self, take, known, at: At::Start, failed: None, originals: Vec::new() };
            let ending = confine::run(self.program, self.limits, &job, &mut host)?;
            let (at, failed) = (host.at, host.failed.take());
            known = host.known;
            outcome.layers = outcome.layers.or(ending.layers);
            if let Some(error) = failed {
                return Err(error);
            }
            let Some(why) = died(&ending) else { return Ok(outcome) };
            outcome.workers_ended += 1;
            match at {
                At::Opening(file) if known.files == 0 && !closed.contains(&file.0) => {
                    closed.push(file.0);
                    known.unsaid.push(ended(file, why));
                }
                // The tree was grown before: what ended this worker was no file, or not it alone.
                At::Opening(file) if file.0 < known.files => {}
                At::Unit(number, file) => {
                    from_unit = number.saturating_add(1);
                    take.problem(&ended(file, why))?;
                }
                At::Start | At::Opening(_) | At::Planned => return Err(DeskError::WorkerEnded(word(why))),
            }
        }
        if known.files == 0 {
            return Err(DeskError::WorkerEnded("too-many"));
        }
        let expected = format!("fewer than {WORKERS_MAX} files that end a worker");
        take.problem(&problem(FileNumber(0), ProblemKind::Limit, expected))?;
        Ok(outcome)
    }

    /// The original bytes of places, one after the other; none where they cannot be had.
    pub(crate) fn originals(
        &self,
        wanted: Vec<Wanted>,
        most_bytes: u64,
        looks: Looks,
    ) -> Result<Vec<Option<Vec<u8>>>, DeskError> {
        let count = wanted.len();
        let task = Task::Original { wanted, most_bytes, looks };
        let mut closed = Vec::new();
        for _ in 0..WORKERS_MAX {
            let job = self.job(&closed, 0, task.clone())?;
            let mut nothing = Nothing;
            let known = Known::default();
            let mut host = Host {
                reading: self,
                take: &mut nothing,
                known,
                at: At::Start,
                failed: None,
                originals: Vec::new(),
            };
            let ending = confine::run(self.program, self.limits, &job, &mut host)?;
            if let Some(error) = host.failed {
                return Err(error);
            }
            match (died(&ending), host.at) {
                (None, _) => {
                    let mut originals = host.originals;
                    originals.resize(count, None);
                    return Ok(originals);
                }
                // As when it was read: a file that ends a worker stays closed, and the others are there.
                (Some(_), At::Opening(file)) if !closed.contains(&file.0) => closed.push(file.0),
                (Some(why), _) => return Err(DeskError::WorkerEnded(word(why))),
            }
        }
        Err(DeskError::WorkerEnded("too-many"))
    }

    fn job(&self, closed: &[u32], from_unit: u64, task: Task) -> Result<Zeroizing<Vec<u8>>, DeskError> {
        let job = Job {
            files: self.contents.files(),
            keys: self.keys.iter().map(|key| key.to_string()).collect(),
            limits: model::ReadLimits::DEFAULT,
            options: self.options.clone(),
            closed: closed.to_vec(),
            from_unit,
            task,
        };
        let bytes = postcard::to_allocvec(&job).map(Zeroizing::new);
        job.keys.into_iter().for_each(|key| drop(Zeroizing::new(key)));
        bytes.map_err(|_| DeskError::BadInput("reading-job"))
    }
}

/// Where the worker was when it was last heard of.
#[derive(Clone, Copy)]
enum At {
    Start,
    Opening(FileNumber),
    Planned,
    Unit(u64, FileNumber),
}

/// What is known of the tree across workers.
#[derive(Default)]
struct Known {
    /// How many files the tree has; they are numbered from 0.
    files: u32,
    /// Problems of containers that ended a worker before the tree was known.
    unsaid: Vec<Problem>,
}

struct Host<'h> {
    reading: &'h Reading<'h>,
    take: &'h mut dyn Take,
    known: Known,
    at: At,
    failed: Option<DeskError>,
    originals: Vec<Option<Vec<u8>>>,
}

impl confine::Host for Host<'_> {
    fn read_at(&mut self, content: u32, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reading.contents.read_at(content, offset, buffer)?;
        self.reading.progress.advance(count as u64);
        Ok(count)
    }

    fn message(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        let heard = match postcard::from_bytes(bytes) {
            Ok(word) => self.hear(word, bytes.len()),
            Err(_) => Err(DeskError::WorkerEnded("bad-word")),
        };
        match heard {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl Host<'_> {
    fn hear(&mut self, word: Word, bytes: usize) -> Result<(), DeskError> {
        match word {
            Word::Opening(file) => self.at = At::Opening(file),
            Word::File(file) => {
                if file.number.0 != self.known.files {
                    return Err(DeskError::WorkerEnded("bad-word"));
                }
                self.known.files = self.known.files.saturating_add(1);
                self.take.file(file)?;
            }
            Word::Planned { .. } => {
                self.at = At::Planned;
                for problem in std::mem::take(&mut self.known.unsaid) {
                    self.is_known(problem.file)?;
                    self.take.problem(&problem)?;
                }
            }
            Word::Unit { number, file } => self.at = At::Unit(number, self.is_known(file)?),
            Word::Record(record) => {
                self.is_known(record.file)?;
                self.take.record(&record)?;
            }
            Word::Problem(problem) => {
                self.is_known(problem.file)?;
                self.take.problem(&problem)?;
            }
            Word::Counted(counted) => {
                self.is_known(counted.file)?;
                self.take.counted(&counted)?;
            }
            Word::Original(original) => self.keep_original(original)?,
            Word::Tree { files } => self.known.files = self.known.files.max(files),
            Word::Checked(file) => {
                self.is_known(file.number)?;
                self.take.checked(file)?;
            }
            Word::Fact(fact) => {
                self.is_known(fact.seen.file)?;
                self.take.fact(*fact, bytes)?;
            }
            Word::List(list) => self.take.list(list)?,
        }
        Ok(())
    }

    /// More than was asked for is nothing that a worker of ours says.
    fn keep_original(&mut self, original: Option<Vec<u8>>) -> Result<(), DeskError> {
        /// More places than are ever asked for at once.
        const MOST: usize = 100_000;
        if self.originals.len() >= MOST {
            return Err(DeskError::WorkerEnded("bad-word"));
        }
        self.originals.push(original);
        Ok(())
    }

    /// A worker that names a file it never told of is not believed.
    fn is_known(&self, file: FileNumber) -> Result<FileNumber, DeskError> {
        if file.0 < self.known.files { Ok(file) } else { Err(DeskError::WorkerEnded("bad-word")) }
    }
}

/// Takes nothing: for a question about one place.
struct Nothing;

impl Take for Nothing {}

fn died(ending: &Ending) -> Option<Why> {
    match ending.how {
        How::Finished | How::Stopped => None,
        How::Died { why } => Some(why),
    }
}

/// Why a worker ended, in one word.
fn word(why: Why) -> &'static str {
    match why {
        Why::Memory => "memory",
        Why::Time => "time",
        Why::Silence => "silence",
        Why::Spool => "spool",
        Why::Signal(_) => "signal",
        Why::Exit(_) => "exit",
        Why::BadWord => "bad-word",
    }
}

fn ended(file: FileNumber, why: Why) -> Problem {
    problem(file, ProblemKind::WorkerEnded, format!("a worker that reads to the end ({})", word(why)))
}

fn problem(file: FileNumber, kind: ProblemKind, expected: String) -> Problem {
    let kept = "what was read before".to_owned();
    Problem { file, place: Place::Whole, kind, expected, kept, units: 1 }
}
