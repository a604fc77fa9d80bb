//! What the pipe costs: processor time of both processes together, and a bound that a mistake would break.

use std::io;
use std::ops::ControlFlow;

use confine::{Host, How, Limits, run};

use crate::world::worker;

/// Gives zeros, counts messages.
#[derive(Default)]
struct Cheap {
    messages: u64,
    bytes: u64,
}

impl Host for Cheap {
    fn read_at(&mut self, _: u32, _: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes += buffer.len() as u64;
        Ok(buffer.len())
    }

    fn message(&mut self, _: &[u8]) -> ControlFlow<()> {
        self.messages += 1;
        ControlFlow::Continue(())
    }
}

/// Processor seconds of this process and of its children that are gone, as Linux counts them.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ').collect();
    let ticks = |number: usize| fields.get(number).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12) + ticks(13) + ticks(14)) / 100.0
}

fn measure(act: &str, job: &[u8]) -> (f64, Cheap) {
    let mut host = Cheap::default();
    let before = cpu_seconds();
    let ending = run(&worker(act), &Limits::default(), job, &mut host).unwrap();
    assert_eq!(ending.how, How::Finished);
    (cpu_seconds() - before, host)
}

#[test]
fn starting_and_ending_a_worker() {
    let (seconds, _) = (0..20).fold((0.0, 0), |(sum, n), _| (sum + measure("nothing", b"").0, n + 1));
    eprintln!("20 workers that do nothing: {seconds:.2} CPU-s");
    assert!(seconds < 2.0);
}

#[test]
fn a_million_messages() {
    let (seconds, host) = measure("count", b"1000000 200");
    eprintln!("1,000,000 messages of 200 bytes: {seconds:.2} CPU-s");
    assert_eq!(host.messages, 1_000_000);
    assert!(seconds < if cfg!(debug_assertions) { 2.0 } else { 0.6 });
}

#[test]
fn a_gigabyte_in_order() {
    let (seconds, host) = measure("sum", &1_000_000_000_u64.to_le_bytes());
    eprintln!("1 GB read in order in pieces of 64 KiB: {seconds:.2} CPU-s");
    assert_eq!(host.bytes, 1_000_000_000);
    assert!(seconds < if cfg!(debug_assertions) { 5.0 } else { 2.0 });
}

#[test]
fn ten_thousand_pages_here_and_there() {
    let (seconds, host) = measure("random", &4_000_000_000_u64.to_le_bytes());
    eprintln!(
        "10,000 random pages of 4 KiB: {seconds:.2} CPU-s, {} MB over the pipe",
        host.bytes / 1_000_000
    );
    assert!(seconds < if cfg!(debug_assertions) { 5.0 } else { 2.0 });
}
