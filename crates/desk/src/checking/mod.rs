//! `check`: is somebody watching through this phone? On what was sealed, or read-only on a folder.
//!
//! A confined worker turns artefacts into facts and holds them against the lists of indicators; the judgement
//! over the facts happens here. Checking sealed evidence is an act and leaves an entry, without what was
//! found.

mod folder;
mod look;
mod originals;

pub use look::{Agreed, LookAnswer, LookForm};
pub use originals::folder_originals;

use std::collections::BTreeMap;
use std::path::PathBuf;

use check::judge::{DeviceReport, Gathered, judge};
use check::{CHECKS, Check, DeviceFact, Fact, Looked, Question, Says, Seen, Wholly, indicators};
use confine::Layers;
use custody::Fields;
use model::EntryNumber;
use model::record::{FileNumber, Place, Problem, ProblemKind};

use crate::checking::folder::FolderContents;
use crate::reading::evidence_keys;
use crate::reading::host::{CapsuleContents, Outcome, Reading, Take};
use crate::reading::shown_lines;
use crate::reading::words::{CheckedFile, ListRead, Task};
use crate::unseal::OpenCapsule;
use crate::{Desk, DeskError, EvidenceKey, OpenCase, Progress, Stage};

/// What is checked, and how.
pub struct CheckForm {
    /// Only these capsules; empty means every one.
    pub capsules: Vec<EntryNumber>,
    /// Files of indicators that a person added: name and bytes.
    pub lists: Vec<(String, Vec<u8>)>,
    /// How the worker is started.
    pub program: confine::Program,
    /// What the worker may use up.
    pub limits: confine::Limits,
    /// The day on which this is done, for how old a system is.
    pub today: model::Date,
}

/// The answer of a check.
#[derive(Debug, serde::Serialize)]
pub struct Checked {
    /// The entry that records it; none for a folder.
    pub entry: Option<EntryNumber>,
    /// What is said, device by device.
    pub devices: Vec<DeviceReport>,
    /// The files that were checked, and by which checks.
    pub inputs: Vec<CheckedInput>,
    /// What could not be read.
    pub problems: Vec<CheckProblem>,
    /// Further problems than those listed.
    pub problems_more: u64,
    /// Items that are stopped and were not looked at.
    pub stopped: u64,
    /// Files that could not be taken from the folder.
    pub gaps: u64,
    /// The lists that were used.
    pub lists: Vec<UsedList>,
    /// Workers that ended before they were done.
    pub workers_ended: u64,
    /// Protections around the worker that this system lacks.
    pub unprotected: Vec<&'static str>,
}

/// A file that was checked.
#[derive(Debug, serde::Serialize)]
pub struct CheckedInput {
    /// The paths that lead to it, outermost first. May hold any character: show them escaped.
    pub file: Vec<String>,
    /// The checks that read it.
    pub checks: Vec<String>,
}

/// Something that could not be read.
#[derive(Debug, serde::Serialize)]
pub struct CheckProblem {
    /// The paths that lead to the file, outermost first.
    pub file: Vec<String>,
    /// Where in it.
    pub place: String,
    /// What sort.
    pub kind: &'static str,
    /// What was expected, in technical words.
    pub expected: String,
    /// How many units.
    pub units: u64,
}

/// A list of indicators that was used.
#[derive(Debug, serde::Serialize)]
pub struct UsedList {
    /// Its name.
    pub name: String,
    /// Whose it is and under which licence; empty for one that a person added.
    pub attribution: String,
    /// Indicators in it.
    pub indicators: u64,
    /// Entries that were not understood.
    pub problems: u64,
}

impl Desk<'_> {
    /// Checks what lies in capsules.
    pub fn check(&mut self, case: &mut OpenCase, form: &CheckForm) -> Result<Checked, DeskError> {
        let wanted = wanted(case, form)?;
        let keys = evidence_keys::of(case)?;
        let mut taken = Taken::default();
        let mut stopped = 0;
        for number in &wanted {
            let state = case.state()?;
            let facts = state.capsules.get(number).ok_or_else(|| DeskError::Unknown(number.to_string()))?;
            let capsule = OpenCapsule::open(case, facts)?;
            let lines = shown_lines(case, *number, &capsule, &mut stopped)?;
            let contents = CapsuleContents { tar: capsule.tar(), lines: &lines };
            self.progress.begin(Stage::Checking, None);
            let reading = reading(&contents, &keys, form, self.progress);
            taken.begin(Some(*number));
            let outcome = reading.read(&form.task(), &mut taken)?;
            taken.end(&outcome);
            self.progress.end();
        }
        let mut checked = taken.judged(form);
        checked.stopped = stopped;
        if case.vault.access() == vault::Access::Write {
            let capsules: Vec<u64> = wanted.iter().map(|number| number.0).collect();
            let lists: Vec<&str> = checked.lists.iter().map(|list| list.name.as_str()).collect();
            let fields = Fields::new()
                .with("capsules", capsules)
                .with("files", checked.inputs.len() as u64)
                .with("lists", lists);
            checked.entry = Some(self.append(case, "check.run", fields)?);
        }
        Ok(checked)
    }
}

/// Checks a folder or file where it lies. Nothing is kept, nothing is written, no case is needed.
pub fn check_folder(
    path: PathBuf,
    keys: &[EvidenceKey],
    form: &CheckForm,
    progress: &dyn Progress,
) -> Result<Checked, DeskError> {
    let contents = FolderContents::list(path)?;
    progress.begin(Stage::Checking, Some(contents.bytes()));
    let mut taken = Taken::default();
    taken.begin(None);
    let outcome = reading(&contents, keys, form, progress).read(&form.task(), &mut taken)?;
    taken.end(&outcome);
    progress.end();
    let mut checked = taken.judged(form);
    checked.gaps = contents.gaps;
    Ok(checked)
}

fn reading<'r>(
    contents: &'r dyn crate::reading::host::Contents,
    keys: &'r [EvidenceKey],
    form: &'r CheckForm,
    progress: &'r dyn Progress,
) -> Reading<'r> {
    const OPTIONS: &readers::Options = &readers::Options { owner: None };
    let (program, limits) = (&form.program, &form.limits);
    Reading { contents, keys, options: OPTIONS, program, limits, progress }
}

impl CheckForm {
    fn task(&self) -> Task {
        Task::Check { lists: self.lists.clone() }
    }
}

/// The capsules to check: those asked for, or all; never an erased one.
fn wanted(case: &OpenCase, form: &CheckForm) -> Result<Vec<EntryNumber>, DeskError> {
    let state = case.state()?;
    let there =
        |number: &EntryNumber| state.capsules.contains_key(number) && !state.erased.capsules.contains(number);
    if let Some(missing) = form.capsules.iter().find(|number| !there(number)) {
        return Err(DeskError::Unknown(missing.to_string()));
    }
    let asked = |number: &EntryNumber| form.capsules.is_empty() || form.capsules.contains(number);
    Ok(state.capsules.keys().filter(|number| there(number) && asked(number)).copied().collect())
}

/// Most bytes of facts that are held, as the worker sends them; a phone has a few megabytes. What a list
/// knows has room of its own, so that nothing can be hidden behind a flood.
const FACT_BYTES_MOST: usize = 256 << 20;
const HIT_BYTES_MOST: usize = 64 << 20;
/// Most files that are named, and most problems that are listed.
const FILES_MOST: usize = 200_000;
const PROBLEMS_MOST: usize = 200;

/// What the workers said, capsule after capsule; files are numbered on.
#[derive(Default)]
struct Taken {
    facts: Vec<Fact>,
    files: BTreeMap<FileNumber, CheckedInput>,
    problems: Vec<CheckProblem>,
    problems_more: u64,
    capsule: Option<EntryNumber>,
    first: u32,
    highest: u32,
    lists: BTreeMap<u32, ListRead>,
    workers_ended: u64,
    unprotected: Vec<&'static str>,
    fact_bytes: usize,
    hit_bytes: usize,
    left_out: u64,
    /// The check that runs, for what a worker's end leaves unanswered.
    running: Option<&'static dyn Check>,
}

impl Taken {
    fn begin(&mut self, capsule: Option<EntryNumber>) {
        self.capsule = capsule;
        self.first = self.highest;
    }

    fn end(&mut self, outcome: &Outcome) {
        self.workers_ended = self.workers_ended.saturating_add(outcome.workers_ended);
        self.unprotected = outcome.layers.as_ref().map(Layers::missing).unwrap_or_default();
    }

    /// A file's number over all capsules.
    fn number(&mut self, file: FileNumber) -> FileNumber {
        let number = self.first.saturating_add(file.0);
        self.highest = self.highest.max(number.saturating_add(1));
        FileNumber(number)
    }

    fn steps(&self, file: FileNumber) -> Vec<String> {
        self.files.get(&file).map(|input| input.file.clone()).unwrap_or_default()
    }

    /// A question was looked into, but not wholly.
    fn looked_in_part(&mut self, question: Question, file: FileNumber) {
        let seen = Seen { file, place: Place::Whole };
        let says = Looked { question, wholly: Wholly::No, entries: 0 }.into();
        self.facts.push(Fact { seen, says });
    }

    fn judged(mut self, form: &CheckForm) -> Checked {
        if self.left_out > 0 {
            for question in Question::ALL {
                self.looked_in_part(*question, FileNumber(0));
            }
        }
        let facts = std::mem::take(&mut self.facts);
        let steps = |file: FileNumber| self.steps(file);
        let devices = judge(Gathered { facts, steps: &steps, today: Some(form.today) });
        Checked {
            entry: None,
            devices,
            lists: used_lists(form, &self.lists),
            inputs: self.files.into_values().filter(|input| !input.checks.is_empty()).collect(),
            problems: self.problems,
            problems_more: self.problems_more.saturating_add(self.left_out),
            stopped: 0,
            gaps: 0,
            workers_ended: self.workers_ended,
            unprotected: self.unprotected,
        }
    }
}

fn used_lists(form: &CheckForm, read: &BTreeMap<u32, ListRead>) -> Vec<UsedList> {
    let mut lists: Vec<UsedList> = indicators::sources()
        .iter()
        .map(|source| UsedList {
            name: source.name.to_owned(),
            attribution: format!("{}, {}, {}", source.authors, source.licence, source.version),
            indicators: source.count as u64,
            problems: 0,
        })
        .collect();
    for ((name, _), number) in form.lists.iter().zip(0..) {
        let read = read.get(&number);
        lists.push(UsedList {
            name: name.clone(),
            attribution: String::new(),
            indicators: read.map_or(0, |read| read.indicators),
            problems: read.map_or(0, |read| read.problems),
        });
    }
    lists
}

impl Take for Taken {
    fn checked(&mut self, file: CheckedFile) -> Result<(), DeskError> {
        let number = self.number(file.number);
        let CheckedFile { steps, check, .. } = file;
        let mut file = steps;
        if let (Some(capsule), Some(first)) = (self.capsule, file.first_mut()) {
            *first = format!("{capsule}:{first}");
        }
        // What only an Android phone has says that this is one.
        if self.files.len() >= FILES_MOST && !self.files.contains_key(&number) {
            return Err(DeskError::WorkerEnded("too-many"));
        }
        self.running = CHECKS.iter().copied().find(|known| known.name() == check);
        let platform = self.running.map(|known| known.about().platform);
        if let Some(platform) = platform.filter(|platform| *platform != check::Platform::Any)
            && !self.files.get(&number).is_some_and(|input| input.checks.contains(&check))
        {
            let seen = Seen { file: number, place: Place::Whole };
            self.facts.push(Fact { seen, says: DeviceFact::new(platform).into() });
        }
        let input = self.files.entry(number).or_insert(CheckedInput { file, checks: Vec::new() });
        // Containers are named so that their problems can be; they are no input of a check.
        if check != "container" && !input.checks.contains(&check) {
            input.checks.push(check);
        }
        Ok(())
    }

    fn fact(&mut self, mut fact: Fact, bytes: usize) -> Result<(), DeskError> {
        let is_hit = matches!(fact.says, Says::Hit(_));
        let (held, most) = if is_hit {
            (&mut self.hit_bytes, HIT_BYTES_MOST)
        } else {
            (&mut self.fact_bytes, FACT_BYTES_MOST)
        };
        *held = held.saturating_add(bytes).saturating_add(size_of::<Fact>());
        if *held > most {
            self.left_out = self.left_out.saturating_add(1);
            return Ok(());
        }
        fact.seen.file = self.number(fact.seen.file);
        self.facts.push(fact);
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) -> Result<(), DeskError> {
        if problem.kind == ProblemKind::WorkerEnded
            && let Some(check) = self.running.take()
        {
            let file = self.number(problem.file);
            for question in check.about().answers {
                self.looked_in_part(*question, file);
            }
        }
        if self.problems.len() >= PROBLEMS_MOST {
            self.problems_more = self.problems_more.saturating_add(1);
            return Ok(());
        }
        let number = self.number(problem.file);
        self.problems.push(CheckProblem {
            file: self.steps(number),
            place: problem.place.to_string(),
            kind: problem.kind.word(),
            expected: problem.expected.clone(),
            units: problem.units,
        });
        Ok(())
    }

    fn list(&mut self, list: ListRead) -> Result<(), DeskError> {
        self.lists.insert(list.number, list);
        Ok(())
    }
}
