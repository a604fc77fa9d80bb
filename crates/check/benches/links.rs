//! What checks of captures and message databases cost: made here, in memory and in a temporary folder.
//!
//!     cargo bench -p check --bench links [-- MESSAGES]
//!
//! Prints for each the seconds on a processor (user and system, from Linux's `/proc/self/stat`), and for a
//! tenth of it, so that a cost which grows faster than the input is seen. All content is invented.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench fails by panicking"
)]

#[path = "../tests/it/frames.rs"]
#[expect(dead_code, unreachable_pub, reason = "made for the tests; the bench needs some of it")]
mod frames;

use std::sync::Arc;
use std::time::Instant;

use check::{CHECKS, Fact, FactSink, Flow, Input, Trace};
use model::record::{FileNumber, Problem};
use model::{ReadAt, ReadLimits};
use source::tree::{Candidate, Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

struct Open;

impl Watch for Open {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> std::ops::ControlFlow<()> {
        std::ops::ControlFlow::Continue(())
    }
}

#[derive(Default)]
struct Counting {
    facts: u64,
    traces: u64,
    problems: u64,
}

impl FactSink for Counting {
    fn fact(&mut self, _: Fact) -> Flow {
        self.facts += 1;
        Flow::Continue(())
    }

    fn trace(&mut self, _: &Trace<'_>) -> Flow {
        self.traces += 1;
        Flow::Continue(())
    }

    fn problem(&mut self, _: Problem) -> Flow {
        self.problems += 1;
        Flow::Continue(())
    }
}

fn main() {
    for megabytes in [10, 100] {
        let capture = capture(megabytes << 20);
        measured(&format!("capture of {megabytes} MB"), "capture.pcap", Arc::new(capture));
    }
}

/// Runs every check that recognises a file, and prints what it cost.
fn measured(title: &str, path: &str, bytes: Arc<dyn ReadAt>) {
    let size_bytes = bytes.size_bytes();
    let content = Arc::new(Plain(bytes));
    let root = RootFile { leaf: 0, path: path.to_owned(), modified: None, sha256: None, content };
    let (keys, limits) = (Keys::default(), ReadLimits::DEFAULT);
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    let Grown { tree, .. } = grow(vec![root], &keys, &limits, &spools, &mut Open);
    let file = FileNumber(0);
    let candidate = Candidate::new(&tree, file).unwrap();
    for check in CHECKS.iter().filter(|check| check.recognise(&candidate)) {
        let (before, started) = (cpu_seconds(), Instant::now());
        let mut counting = Counting::default();
        let _ = check.read(&Input { tree: &tree, file, keys: &keys, limits: &limits }, &mut counting);
        let (cpu, wall) = (cpu_seconds() - before, started.elapsed().as_secs_f64());
        let Counting { facts, traces, problems } = counting;
        println!(
            "{title}: {} {cpu:.2} s CPU, {wall:.2} s, {size_bytes} bytes, {traces} traces, {facts} facts, \
             {problems} problems",
            check.name()
        );
    }
}

fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    // Clock ticks of a hundredth of a second, in user and system mode.
    let ticks = |at: usize| f64::from(fields[at].parse::<u32>().unwrap());
    (ticks(11) + ticks(12)) / 100.0
}

/// Ordinary traffic: names looked up, connections with TLS, and what they carry.
fn capture(size_bytes: usize) -> Vec<u8> {
    let mut packets = Vec::new();
    let (mut bytes, mut number) = (0, 0_u32);
    while bytes < size_bytes {
        let name = format!("host{}.example", number % 3000);
        let hello = frames::hello(&name);
        let mut connection = vec![
            frames::asks(&name),
            frames::to_server(443, number, 2, &[]),
            frames::from_server(443, number, 0x12, &[]),
            frames::to_server(443, number + 1, 0x18, &hello),
        ];
        connection
            .extend((0..60).map(|at| frames::from_server(443, number + 1 + at * 1400, 0x10, &[0x5a; 1400])));
        connection.extend((0..20).map(|at| frames::to_server(443, number + 700 + at, 0x10, &[])));
        bytes += connection.iter().map(|packet| packet.len() + 16).sum::<usize>();
        packets.append(&mut connection);
        number += 1;
    }
    frames::pcap(1, &packets)
}
