//! What checks of captures and message databases cost: made here, in memory and in a temporary folder.
//!
//!     cargo bench -p check --bench links [-- MESSAGES]
//!
//! Prints for each the seconds on a processor (user and system, from Linux's `/proc/self/stat`), and for a
//! tenth of it, so that a cost which grows faster than the input is seen. All content is invented.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench fails by panicking"
)]

mod cost;

#[path = "../tests/it/frames.rs"]
#[expect(dead_code, reason = "made for the tests; the bench needs some of it")]
mod frames;

#[path = "../tests/it/databases.rs"]
#[expect(dead_code, reason = "made for the tests; the bench needs some of it")]
mod databases;

use std::sync::Arc;
use std::time::Instant;

use check::{CHECKS, Fact, FactSink, Flow, Input, Trace};
use model::record::{FileNumber, Problem};
use model::{ReadAt, ReadLimits};
use source::tree::{Candidate, Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

use cost::cpu_seconds;

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
    // Cargo adds `--bench`.
    let most = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    for megabytes in [10, 100] {
        let capture = capture(megabytes << 20);
        measured(&format!("capture of {megabytes} MB"), "capture.pcap", Arc::new(capture));
    }
    for megabytes in [10, 100] {
        let capture = openings(megabytes << 20);
        measured(&format!("capture of {megabytes} MB, openings only"), "capture.pcap", Arc::new(capture));
    }
    for count in [most / 10, most] {
        measured(&format!("{count} messages"), "sms.db", Arc::new(messages(count)));
    }
    for count in [most / 10, most] {
        measured(&format!("{count} visits, all redirects"), "History.db", Arc::new(visits(count)));
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

/// The dearest traffic: nothing but questions, first packets of TLS, and first packets of QUIC.
fn openings(size_bytes: usize) -> Vec<u8> {
    let path = format!("{}/fixtures/capture_pcap/quic_one.hex", env!("CARGO_MANIFEST_DIR"));
    let quic = model::decode_hex(&std::fs::read_to_string(path).unwrap().replace('\n', "")).unwrap();
    let mut packets = Vec::new();
    let (mut bytes, mut number) = (0, 0_u32);
    while bytes < size_bytes {
        let port = 1024 + u16::try_from(number % 60_000).unwrap();
        let name = format!("host{number}.example");
        let initial = frames::udp(port, 443, &quic);
        let some = [
            frames::asks(&name),
            frames::to_server(443, number, 0x18, &frames::hello(&name)),
            frames::ethernet(&frames::four([192, 168, 1, 7], [203, 0, 113, 9], 17, &initial)),
        ];
        bytes += some.iter().map(|packet| packet.len() + 16).sum::<usize>();
        packets.extend(some);
        number += 1;
    }
    frames::pcap(1, &packets)
}

/// Messages of an iPhone, half of them only in `attributedBody`, one in 25 with a link.
fn messages(count: u32) -> Vec<u8> {
    databases::database(|connection| {
        connection
            .execute_batch(
                "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, attributedBody BLOB,
                    subject TEXT, handle_id INTEGER, service TEXT, date INTEGER, is_from_me INTEGER);
                 BEGIN",
            )
            .unwrap();
        let mut add = connection
            .prepare("INSERT INTO message VALUES (?1, ?2, ?3, ?4, NULL, ?5, 'iMessage', ?6, 0)")
            .unwrap();
        for number in 0..count {
            let link = if number % 25 == 0 { "https://page.example/a?b=1 " } else { "" };
            let text = format!(
                "Kommst du heute um {}.30 Uhr? {link}Ich warte am Bahnhof, Nr. {number}.",
                number % 24
            );
            let (text, body) = match number % 2 {
                0 => (Some(text), None),
                _ => (None, Some(databases::attributed(&text))),
            };
            let guid = format!("00000000-0000-0000-0000-{number:012}");
            let date = 700_000_000_000_000_000_i64 + i64::from(number) * 1_000_000_000;
            add.execute(rusqlite::params![number + 1, guid, text, body, number % 500, date]).unwrap();
        }
        drop(add);
        connection.execute_batch("COMMIT").unwrap();
    })
}

/// Visits that each were sent on to the next.
fn visits(count: u32) -> Vec<u8> {
    databases::database(|connection| {
        connection
            .execute_batch(&format!(
                "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT);
                 CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL,
                    redirect_source INTEGER, redirect_destination INTEGER);
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                 INSERT INTO history_items SELECT i, 'http://host' || i || '.example/' FROM n;
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                 INSERT INTO history_visits SELECT i, i, 700000000 + i * 0.1, NULL, i + 1 FROM n;"
            ))
            .unwrap();
    })
}
