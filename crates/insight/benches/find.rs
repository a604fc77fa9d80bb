//! What finding costs: invented messages of the labelled sets over and over, and texts that try to cost more.
//!
//!     cargo bench -p insight --bench find [-- MESSAGES]
//!
//! Prints the seconds on a processor for so many messages and for a tenth of them, and for hostile texts of
//! one megabyte and a quarter of it, so that a cost which grows faster than the input is seen.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a bench fails by panicking"
)]

mod cost;

use std::fs;

use cost::cpu_seconds;
use insight::find::{Context, find};

const LARGE_BYTES: usize = 1 << 20;
const HOSTILE: [&str; 12] = [
    "1",
    "1 ",
    "1.",
    "+1 ",
    "0171 3920011 ",
    "http://a.b ",
    "t.me/a ",
    "t.me/a,",
    "@a.b ",
    "a (at) b dot c ",
    "insta: a_b ",
    "1°1'N 1°1'E ",
];

fn main() {
    // Cargo adds `--bench`.
    let most: usize =
        std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let messages = messages();
    let with_digits = messages.iter().filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())).count();
    println!("{} messages in the sets, {with_digits} of them with digits", messages.len());
    for count in [most / 10, most] {
        measured(&format!("{count} messages"), messages.iter().cycle().take(count));
    }
    for unit in HOSTILE {
        for bytes in [LARGE_BYTES / 4, LARGE_BYTES] {
            measured(&format!("{unit:?} in {bytes} bytes"), [&unit.repeat(bytes / unit.len())].into_iter());
        }
    }
}

fn measured<'m>(name: &str, messages: impl Iterator<Item = &'m String>) {
    let context = Context::of_countries(["DE", "RO"]);
    let (mut count, mut bytes) = (0, 0);
    let began = cpu_seconds();
    for message in messages {
        count += find(message, &context).len();
        bytes += message.len();
    }
    println!("{name}: {:.2} s, {} kB, {count} found", cpu_seconds() - began, bytes / 1_000);
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
