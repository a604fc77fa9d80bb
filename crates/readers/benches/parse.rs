//! Reads files as a confined worker does, but in this process and into counters: what reading alone costs.
//!
//!     cargo bench -p readers --bench parse -- FILE|FOLDER [KEY…]
//!
//! Grows the tree, plans, reads every unit, and prints one line of JSON: what was counted, seconds on a
//! processor (user and system, from Linux's `/proc/self/stat`, in hundredths), wall time, and peak memory
//! (`VmHWM`). Files are read by position and never held whole; spools are encrypted, as always.
//! `benches/readers/run` calls it. Deliberately left out: the pipe between worker and program, and the index;
//! `asservat read` is measured whole beside it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use model::record::{Counted, Problem, Record};
use model::{ReadAt, ReadLimits};
use readers::{Flow, Input, Options, Sink, plan, read_unit};
use source::tree::{Grown, Keys, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

fn main() {
    // Cargo adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(source) = arguments.next() else {
        eprintln!("cargo bench -p readers --bench parse -- FILE|FOLDER [KEY…]");
        return;
    };
    let keys = Keys::new(arguments.map(Zeroizing::new).collect());
    let started = Instant::now();
    let roots = roots(Path::new(&source));
    let bytes: u64 = roots.iter().map(|root| root.content.size_bytes()).sum();
    let listed = cpu_seconds();
    let spools: Arc<dyn Spools> = Arc::new(Nameless);
    let limits = ReadLimits::DEFAULT;
    let Grown { tree, problems } = grow(roots, &keys, &limits, &spools, &mut Open);
    let grown = cpu_seconds();
    let units = plan(&tree);
    let planned = cpu_seconds();
    let mut counting = Counting::default();
    for problem in &problems {
        counting.note(problem);
    }
    let options = Options::default();
    for unit in &units {
        let (before, seconds) = (counting.records, cpu_seconds());
        let input = Input {
            tree: &tree,
            file: unit.file,
            with: &unit.with,
            keys: &keys,
            limits: &limits,
            options: &options,
        };
        let _ = read_unit(unit, &input, &mut counting);
        let reader = counting.readers.entry(unit.reader()).or_default();
        reader.0 += counting.records - before;
        reader.1 += cpu_seconds() - seconds;
    }
    let total = cpu_seconds();
    let readers: BTreeMap<&str, serde_json::Value> = counting
        .readers
        .iter()
        .map(|(name, (records, seconds))| {
            (*name, serde_json::json!({ "records": records, "cpu_seconds": rounded(*seconds) }))
        })
        .collect();
    let line = serde_json::json!({
        "bytes": bytes,
        "files": tree.len(),
        "units": units.len(),
        "records": counting.records,
        "in_source": counting.in_source,
        "became_records": counting.became_records,
        "continuations": counting.continuations,
        "system": counting.system,
        "problems": counting.problem_kinds.values().sum::<u64>(),
        "problem_kinds": counting.problem_kinds,
        "adds_up": counting.adds_up,
        "cpu_seconds": rounded(total),
        "cpu_seconds_tree": rounded(grown - listed),
        "cpu_seconds_plan": rounded(planned - grown),
        "cpu_seconds_first_record": rounded(counting.first.unwrap_or(total)),
        "wall_seconds": rounded(started.elapsed().as_secs_f64()),
        "peak_kib": peak_kib(),
        "readers": readers,
    });
    println!("{line}");
}

/// A file of the file system, read by position.
struct OnDisk {
    path: PathBuf,
    open: Option<File>,
    size_bytes: u64,
}

impl ReadAt for OnDisk {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match &self.open {
            Some(file) => file.read_at(buffer, offset),
            None => File::open(&self.path)?.read_at(buffer, offset),
        }
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

/// The file, or all files below the folder.
fn roots(source: &Path) -> Vec<RootFile> {
    let (mut paths, mut folders) = (Vec::new(), Vec::new());
    if source.is_dir() {
        folders.push(source.to_owned());
    } else {
        paths.push(source.to_owned());
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let into = if entry.file_type().unwrap().is_dir() { &mut folders } else { &mut paths };
            into.push(entry.path());
        }
    }
    paths.sort();
    let top = if source.is_dir() { source } else { source.parent().unwrap() };
    // Half of what the system allows is left for spools.
    let are_kept_open = paths.len() < most_open() / 2;
    let root = |(path, leaf): (PathBuf, u64)| {
        let name = path.strip_prefix(top).unwrap().to_string_lossy().into_owned();
        let size_bytes = fs::metadata(&path).unwrap().len();
        let open = are_kept_open.then(|| File::open(&path).unwrap());
        let content = Arc::new(Plain(Arc::new(OnDisk { path, open, size_bytes })));
        RootFile { leaf, path: name, modified: None, sha256: None, content }
    };
    paths.into_iter().zip(0..).map(root).collect()
}

/// How many files the system lets this process have open.
fn most_open() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap_or(usize::MAX)
}

struct Nameless;

impl Spools for Nameless {
    fn file(&self) -> io::Result<Arc<File>> {
        tempfile::tempfile().map(Arc::new)
    }
}

struct Open;

impl Watch for Open {
    fn opening(&mut self, _: &Tree, _: model::record::FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Counts, and lets go of what it is given.
struct Counting {
    records: u64,
    in_source: u64,
    became_records: u64,
    continuations: u64,
    system: u64,
    problem_kinds: BTreeMap<&'static str, u64>,
    adds_up: bool,
    /// Seconds on a processor until the first record was there.
    first: Option<f64>,
    /// Records and seconds of each reader.
    readers: BTreeMap<&'static str, (u64, f64)>,
}

impl Default for Counting {
    fn default() -> Self {
        Self {
            records: 0,
            in_source: 0,
            became_records: 0,
            continuations: 0,
            system: 0,
            problem_kinds: BTreeMap::new(),
            adds_up: true,
            first: None,
            readers: BTreeMap::new(),
        }
    }
}

impl Counting {
    fn note(&mut self, problem: &Problem) {
        *self.problem_kinds.entry(problem.kind.word()).or_default() += problem.units;
    }
}

impl Sink for Counting {
    fn record(&mut self, _: Record) -> Flow {
        self.first.get_or_insert_with(cpu_seconds);
        self.records += 1;
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.note(&problem);
        Flow::Continue(())
    }

    fn counted(&mut self, counted: Counted) -> Flow {
        self.in_source += counted.in_source;
        self.became_records += counted.records;
        self.continuations += counted.continuations;
        self.system += counted.system;
        self.adds_up &= counted.adds_up();
        Flow::Continue(())
    }
}

/// Seconds that this process was on a processor.
fn cpu_seconds() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // Behind the name, which may hold anything, come the fields from the third on.
    let fields = stat.rsplit_once(") ").unwrap().1.split(' ');
    fields.skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / TICKS_A_SECOND
}

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 100.0).round() / 100.0
}
