//! The worker's side of reading: everything that looks at hostile bytes happens here, behind closed doors.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use check::indicators::{self, Matching};
use check::{Fact, FactSink, Trace};
use confine::Worker;
use model::ReadLimits;
use model::record::{Counted, FileNumber, Place, Problem, ProblemKind, Record};
use readers::{Flow, Input, Options, Reading, Sink, Unit, plan_watched, read_unit};
use source::tree::{Grown, Keys, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

use super::words::{CheckedFile, Job, JobFile, ListRead, Looks, Task, TreeFile, Wanted, Word};

/// Does what the job says. An error means that nobody listens any more, or that the job is no job.
pub(super) fn work(mut worker: Worker) -> io::Result<()> {
    let job = postcard::from_bytes(worker.job());
    worker.forget_job();
    let Job { files, keys, limits, options, closed, from_unit, task } =
        job.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let worker = Arc::new(worker);
    let keys = Keys::new(keys.into_iter().map(Zeroizing::new).collect());
    let spools: Arc<dyn Spools> = Arc::new(WorkerSpools(Arc::clone(&worker)));
    let looks = match &task {
        Task::Read => Looks::AtAll,
        Task::Check { .. } => Looks::AtWhatChecksRead,
        Task::Original { looks, .. } => *looks,
    };
    let mut said = Said { worker: &worker, closed: &closed, looks, failed: None };
    let Grown { tree, problems } = grow(roots(files, &worker), &keys, &limits, &spools, &mut said);
    let session = Session { tree: &tree, keys: &keys, limits: &limits, options: &options };
    let flow = match task {
        Task::Read => session.read(&mut said, problems, from_unit),
        Task::Check { lists } => session.check(&mut said, problems, from_unit, &lists),
        Task::Original { wanted, most_bytes, .. } => session.originals(&mut said, &wanted, most_bytes),
    };
    match (flow, said.failed) {
        (ControlFlow::Continue(()), None) => worker.finish(),
        (_, failed) => Err(failed.unwrap_or_else(|| io::ErrorKind::BrokenPipe.into())),
    }
}

fn roots(files: Vec<JobFile>, worker: &Worker) -> Vec<RootFile> {
    let root = |(file, number): (JobFile, u32)| RootFile {
        leaf: file.leaf,
        path: file.path,
        modified: Some(file.modified),
        sha256: file.sha256,
        content: Arc::new(Plain(worker.content(number, file.size_bytes))),
    };
    files.into_iter().zip(0..).map(root).collect()
}

/// A tree and all that readers may use.
struct Session<'s> {
    tree: &'s Tree,
    keys: &'s Keys,
    limits: &'s ReadLimits,
    options: &'s Options,
}

impl Session<'_> {
    /// Says the tree, then reads unit after unit of the plan.
    fn read(&self, said: &mut Said<'_>, problems: Vec<Problem>, from_unit: u64) -> Flow {
        let units = plan_watched(self.tree, &mut |file| said.looking_at(file));
        if from_unit == 0 {
            let mut reading = units.iter().peekable();
            for (number, entry) in self.tree.entries() {
                let steps = self.tree.steps(number).into_iter().map(str::to_owned).collect();
                let reader = reading.next_if(|unit| unit.file == number).map(reader);
                let (leaf, size_bytes) = (entry.leaf(), entry.size_bytes());
                said.say(&Word::File(TreeFile { number, leaf, steps, size_bytes, reader }))?;
            }
            for problem in problems {
                said.problem(problem)?;
            }
        }
        said.say(&Word::Planned { units: units.len() as u64 })?;
        for (unit, number) in units.iter().zip(0..).skip_while(|(_, number)| *number < from_unit) {
            said.say(&Word::Unit { number, file: unit.file })?;
            let Self { tree, keys, limits, options } = *self;
            let input = Input { tree, file: unit.file, with: &unit.with, keys, limits, options };
            read_unit(unit, &input, said)?;
        }
        Flow::Continue(())
    }

    /// Says the size of the tree, then checks file after file.
    fn check(
        &self,
        said: &mut Said<'_>,
        problems: Vec<Problem>,
        from_unit: u64,
        lists: &[(String, Vec<u8>)],
    ) -> Flow {
        let files = u32::try_from(self.tree.len()).unwrap_or(u32::MAX);
        said.say(&Word::Tree { files })?;
        if from_unit == 0 {
            for problem in problems {
                self.name(said, problem.file, "container")?;
                Sink::problem(said, problem)?;
            }
        }
        said.say(&Word::Planned { units: 0 })?;
        let mut known = indicators::built_in();
        for ((name, bytes), number) in lists.iter().zip(0..) {
            let indicators::Added { indicators, problems } = indicators::add(&mut known, name, bytes);
            said.say(&Word::List(ListRead { number, indicators, problems }))?;
        }
        let Self { tree, keys, limits, .. } = *self;
        let mut facts = Facts { said, tree };
        let mut sink = Matching::new(&known, &mut facts);
        check::gather(&check::Gathering { tree, keys, limits }, from_unit, &mut sink)?;
        sink.finish()
    }

    /// Names a file to the program.
    fn name(&self, said: &mut Said<'_>, number: FileNumber, check: &str) -> Flow {
        let steps = self.tree.steps(number).into_iter().map(str::to_owned).collect();
        said.say(&Word::Checked(CheckedFile { number, steps, check: check.to_owned() }))
    }

    /// Says the original bytes of each place.
    fn originals(&self, said: &mut Said<'_>, wanted: &[Wanted], most_bytes: u64) -> Flow {
        said.say_now(&Word::Planned { units: 0 })?;
        for Wanted { steps, place } in wanted {
            said.say(&Word::Original(self.original(steps, place, most_bytes)))?;
        }
        Flow::Continue(())
    }

    fn original(&self, steps: &[String], place: &Place, most_bytes: u64) -> Option<Vec<u8>> {
        let (mut container, mut found) = (None, None);
        for step in steps {
            found = self.tree.find(container, step);
            container = found;
            found?;
        }
        let most_bytes = usize::try_from(most_bytes).unwrap_or(usize::MAX);
        readers::original(self.tree, found?, place, self.limits, most_bytes).ok()
    }
}

/// A unit's reader and its version.
fn reader(unit: &Unit) -> (String, u32) {
    let version = match unit.reading {
        Reading::By(format) => format.version(),
        Reading::Opaque => 1,
    };
    (unit.reader().to_owned(), version)
}

/// What was said to the program, and what went wrong with saying it.
struct Said<'w> {
    worker: &'w Worker,
    closed: &'w [u32],
    looks: Looks,
    failed: Option<io::Error>,
}

impl Said<'_> {
    /// A file is about to be looked at, unless it ended a worker before.
    fn looking_at(&mut self, file: FileNumber) -> Flow {
        if self.closed.contains(&file.0) {
            return Flow::Break(());
        }
        self.say_now(&Word::Opening(file))
    }

    /// Says what must be known before what comes next ends the worker.
    fn say_now(&mut self, word: &Word) -> Flow {
        self.say(word)?;
        match self.worker.flush() {
            Ok(()) => Flow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                Flow::Break(())
            }
        }
    }

    fn say(&mut self, word: &Word) -> Flow {
        let said = postcard::to_allocvec(word)
            .map_err(|_| io::ErrorKind::InvalidData.into())
            .and_then(|bytes| self.worker.send(&bytes));
        match said {
            Ok(()) => Flow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                Flow::Break(())
            }
        }
    }
}

impl Sink for Said<'_> {
    fn record(&mut self, record: Record) -> Flow {
        let (file, place) = (record.file, record.place.clone());
        let flow = self.say(&Word::Record(record));
        // Nothing of it was sent; the records beside it are worth having.
        if self.failed.take_if(|error| error.kind() == io::ErrorKind::InvalidInput).is_none() {
            return flow;
        }
        let expected = "a record that is not too long to be passed on".to_owned();
        let kind = ProblemKind::Limit;
        self.problem(Problem { file, place, kind, expected, kept: String::new(), units: 1 })
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.say(&Word::Problem(problem))
    }

    fn counted(&mut self, counted: Counted) -> Flow {
        self.say(&Word::Counted(counted))
    }
}

impl Watch for Said<'_> {
    fn opening(&mut self, tree: &Tree, file: FileNumber) -> ControlFlow<()> {
        if self.looks == Looks::AtWhatChecksRead && !check::is_wanted(tree, file) {
            return Flow::Break(());
        }
        self.looking_at(file)
    }
}

/// Passes facts on, and says which file they come from.
struct Facts<'f, 's> {
    said: &'f mut Said<'s>,
    tree: &'f Tree,
}

impl FactSink for Facts<'_, '_> {
    fn fact(&mut self, fact: Fact) -> Flow {
        self.said.say(&Word::Fact(Box::new(fact)))
    }

    fn trace(&mut self, _: &Trace<'_>) -> Flow {
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        Sink::problem(self.said, problem)
    }

    fn begins(&mut self, unit: u64, file: FileNumber, check: &'static str) -> Flow {
        if self.said.closed.contains(&file.0) {
            return Flow::Break(());
        }
        let steps = self.tree.steps(file).into_iter().map(str::to_owned).collect();
        self.said.say(&Word::Checked(CheckedFile { number: file, steps, check: check.to_owned() }))?;
        self.said.say_now(&Word::Unit { number: unit, file })
    }
}

/// Spool files that were opened before the doors closed.
struct WorkerSpools(Arc<Worker>);

impl Spools for WorkerSpools {
    fn file(&self) -> io::Result<Arc<File>> {
        self.0.make_spool_file()
    }
}
