//! What hints cost: invented messages of the labelled sets over and over, one in ten with a tactic and nine
//! ordinary ones (most of them hard look-alikes), all languages switched on.
//!
//!     cargo bench -p insight --bench hints [-- MESSAGES]
//!
//! Prints the seconds on a processor for so many messages and for a tenth of them, and for one long text, so
//! that a cost which grows faster than the input is seen.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a bench fails by panicking"
)]

mod cost;

use std::fs;

use cost::cpu_seconds;
use insight::tactics::{Engine, engine, tags};

fn main() {
    // Cargo adds `--bench`.
    let most: usize =
        std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let messages = messages();
    let all: Vec<&str> = tags().collect();
    let began = cpu_seconds();
    let ready = engine(&all).unwrap();
    println!("{} languages ready: {:.2} s", all.len(), cpu_seconds() - began);
    for count in [most / 10, most] {
        measured(
            &format!("{count} messages, {} languages", all.len()),
            &ready,
            messages.iter().cycle().take(count),
        );
    }
    let first = engine(&["de", "en"]).unwrap();
    measured(&format!("{most} messages, 2 languages"), &first, messages.iter().cycle().take(most));
    let long = messages.join(" ").repeat(4).chars().take(200_000).collect::<String>();
    measured("100 texts of 200,000 characters", &ready, std::iter::repeat_n(&long, 100));
    let hostile = "wenn du ".repeat(25_000);
    measured("100 texts of one phrase over and over", &ready, std::iter::repeat_n(&hostile, 100));
}

fn measured<'m>(name: &str, engine: &Engine, messages: impl Iterator<Item = &'m String>) {
    let mut finder = engine.finder();
    let (mut marks, mut count, mut bytes) = (Vec::new(), 0, 0);
    let began = cpu_seconds();
    for message in messages {
        finder.find(message, &mut marks);
        count += marks.len();
        bytes += message.len();
    }
    let seconds = cpu_seconds() - began;
    println!("{name}: {seconds:.2} s, {} MB, {count} marks", bytes / 1_000_000);
}

/// The messages of all sets, in an order that mixes languages; one in ten has a tactic.
fn messages() -> Vec<String> {
    let sets = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/make/fixtures/hints/written");
    let (mut ordinary, mut others) = (Vec::new(), Vec::new());
    for file in fs::read_dir(sets).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for (label, text) in text.lines().filter_map(|line| line.split_once('\t')) {
            let order = text.bytes().fold(7_u64, |order, byte| order.wrapping_mul(31) ^ u64::from(byte));
            let list = if label == "-" { &mut ordinary } else { &mut others };
            list.push((order, text.to_owned()));
        }
    }
    ordinary.sort();
    others.sort();
    let mut ordinary = ordinary.iter().cycle();
    let mut mixed = Vec::new();
    for (_, other) in others {
        mixed.push(other);
        mixed.extend(ordinary.by_ref().take(9).map(|(_, text)| text.clone()));
    }
    mixed
}
