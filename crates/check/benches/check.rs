//! Checks an acquisition as a confined worker does, but in this process: what the checks alone cost, and
//! which facts they give.
//!
//!     cargo bench -p check --bench check -- FILE|FOLDER [KEY…]
//!
//! Grows the tree, asks every check, holds everything against the built-in indicators, and prints one line of
//! JSON: facts and hits, seconds on a processor (user and system, from Linux's `/proc/self/stat`, in
//! hundredths) by step and check, wall time, peak memory (`VmHWM`). With `--facts` every fact is printed
//! first. Files are read by position and never held whole. Deliberately left out: the pipe between worker and
//! program, and the rules; `benches/check/run` measures `asservat check` whole.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench fails by panicking"
)]

mod cost;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use check::indicators::{Matching, built_in};
use check::{Fact, FactSink, Flow, Gathering, Says, Trace, gather, is_wanted};
use model::record::{FileNumber, Problem};
use model::{ReadAt, ReadLimits};
use source::tree::{Grown, Keys, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

use cost::cpu_seconds;

fn main() {
    // Cargo adds `--bench`.
    let is_option = |argument: &String| argument.starts_with("--");
    let are_facts_shown = std::env::args().any(|argument| argument == "--facts");
    let mut arguments = std::env::args().skip(1).filter(|argument| !is_option(argument));
    let Some(source) = arguments.next() else {
        eprintln!("cargo bench -p check --bench check -- FILE|FOLDER [KEY…] [--facts]");
        return;
    };
    let keys = Keys::new(arguments.map(Zeroizing::new).collect());
    let started = Instant::now();
    let indicators = built_in();
    let loaded = cpu_seconds();
    let roots = roots(Path::new(&source));
    let listed = cpu_seconds();
    let spools: Arc<dyn Spools> = Arc::new(Nameless);
    let limits = ReadLimits::DEFAULT;
    let Grown { tree, problems } = grow(roots, &keys, &limits, &spools, &mut Wanted);
    let grown = cpu_seconds();
    let mut counting = Counting { are_facts_shown, ..Counting::default() };
    for problem in &problems {
        counting.note(problem);
    }
    let gathering = Gathering { tree: &tree, keys: &keys, limits: &limits };
    let mut matching = Matching::new(&indicators, &mut counting);
    let _ = gather(&gathering, 0, &mut matching);
    let _ = matching.finish();
    let total = cpu_seconds();
    counting.turn(None);
    let by_check: BTreeMap<&str, f64> = std::mem::take(&mut counting.by_check)
        .into_iter()
        .map(|(name, seconds)| (name, rounded(seconds)))
        .collect();
    let line = serde_json::json!({
        "files": tree.len(),
        "facts": counting.facts,
        "hits": counting.hits,
        "problem_kinds": counting.problem_kinds,
        "cpu_seconds": rounded(total),
        "cpu_seconds_indicators": rounded(loaded),
        "cpu_seconds_listing": rounded(listed - loaded),
        "cpu_seconds_tree": rounded(grown - listed),
        "cpu_seconds_by_check": by_check,
        "wall_seconds": rounded(started.elapsed().as_secs_f64()),
        "peak_kib": peak_kib(),
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
    let top = source.parent().unwrap();
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
    line.split_whitespace().nth(3).unwrap().parse().unwrap_or(usize::MAX)
}

struct Nameless;

impl Spools for Nameless {
    fn file(&self) -> io::Result<Arc<File>> {
        tempfile::tempfile().map(Arc::new)
    }
}

/// Opens what the checks want opened.
struct Wanted;

impl Watch for Wanted {
    fn opening(&mut self, tree: &Tree, file: FileNumber) -> ControlFlow<()> {
        if is_wanted(tree, file) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Counts, and lets go of what it is given.
#[derive(Default)]
struct Counting {
    are_facts_shown: bool,
    facts: u64,
    hits: u64,
    problem_kinds: BTreeMap<&'static str, u64>,
    by_check: BTreeMap<&'static str, f64>,
    running: Option<(&'static str, f64)>,
}

impl Counting {
    fn note(&mut self, problem: &Problem) {
        *self.problem_kinds.entry(problem.kind.word()).or_default() += problem.units;
    }

    /// Another check begins, or none does.
    fn turn(&mut self, next: Option<&'static str>) {
        let now = cpu_seconds();
        if let Some((name, since)) = self.running {
            *self.by_check.entry(name).or_default() += now - since;
        }
        self.running = next.map(|name| (name, now));
    }
}

impl FactSink for Counting {
    fn fact(&mut self, fact: Fact) -> Flow {
        if self.are_facts_shown {
            println!("{:?}", fact.says);
        }
        self.facts += 1;
        self.hits += u64::from(matches!(fact.says, Says::Hit(_)));
        Flow::Continue(())
    }

    fn trace(&mut self, _: &Trace<'_>) -> Flow {
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        if self.are_facts_shown {
            println!("{problem:?}");
        }
        self.note(&problem);
        Flow::Continue(())
    }

    fn begins(&mut self, _: u64, _: FileNumber, check: &'static str) -> Flow {
        self.turn(Some(check));
        Flow::Continue(())
    }
}

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 100.0).round() / 100.0
}
