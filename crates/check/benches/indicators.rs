//! What the lists cost: loading, and each sort of look-up, for 1,000, 10,000 and 100,000 indicators.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use check::indicators::{self, Family, Indicator, IndicatorKind, Indicators, List, Matching, Way};
use check::{FactSink, Fingerprint, FingerprintKind, Kept, Kind, Seen, Trace, TraceKind};
use model::record::{FileNumber, Place};

/// Look-ups for each figure.
const ROUNDS: u32 = 200_000;

fn main() {
    let mut out = std::io::stdout().lock();
    let mut line = |text: String| writeln!(out, "{text}").unwrap_or_default();
    let (built_in, took) = fastest(indicators::built_in);
    line(format!("built in: {} indicators loaded in {took:.2} ms", built_in.count()));
    line("indicators  load ms  app ns  hash ns  host ns  link ns  path ns  process ns".to_owned());
    for count in [1_000, 10_000, 100_000] {
        let list = invented(count);
        let text = indicators::write(&indicators::Header::default(), &list.families);
        let (table, took) = fastest(|| Indicators::of_text(&text));
        assert_eq!(table.count(), count, "every indicator is in the table");
        let print = Fingerprint { kind: FingerprintKind::Sha256, hex: "0".repeat(64) };
        let figures = [
            each(|| table.app("com.android.providers.telephony").len()),
            each(|| table.file_hash(&print).len()),
            each(|| table.address("www.shop.example.co.uk", Way::Connected).len()),
            each(|| table.address("https://www.example.org/a/b?c=d#e", Way::Read).len()),
            each(|| table.path("/storage/emulated/0/Android/media/com.example/Images/IMG_0001.jpg").len()),
            each(|| table.process("/usr/libexec/locationd").len()),
        ];
        let figures: Vec<String> = figures.iter().map(|ns| format!("{ns:7.0}")).collect();
        line(format!("{count:10} {took:8.2} {}", figures.join("  ")));
    }
    for (what, count, kind, values) in [
        ("texts of 100 bytes, every 25th with a link", 1_000_000, TraceKind::Text, texts()),
        ("paths", 500_000, TraceKind::Path, paths()),
        ("connections", 500_000, TraceKind::Connection, hosts()),
    ] {
        let took = held(&built_in, kind, &values, count);
        line(format!("{count} {what}: {took:.2} s"));
    }
}

/// Texts of a hundred bytes as people write them; every 25th has a link.
fn texts() -> Vec<String> {
    let text =
        "Ich komme heute etwas später nach Hause, warte bitte nicht mit dem Essen auf mich. Bis dann! ";
    let text = |number: usize| match number % 25 {
        0 => format!("{text}https://www.example{number}.org/a/b?c={number}"),
        _ => format!("{text}{number:06}"),
    };
    (0..1000).map(text).collect()
}

fn paths() -> Vec<String> {
    (0..1000)
        .map(|number| format!("/storage/emulated/0/Android/media/com.example/Images/IMG_{number:04}.jpg"))
        .collect()
}

fn hosts() -> Vec<String> {
    (0..1000).map(|number| format!("cdn{number}.shop.example.co.uk")).collect()
}

/// Seconds for so many traces, held against the lists as when a phone is checked.
fn held(table: &Indicators, kind: TraceKind, values: &[String], count: usize) -> f64 {
    let mut kept = Kept::default();
    let seen = Seen { file: FileNumber(0), place: Place::Whole };
    let begin = Instant::now();
    let mut matching = Matching::new(table, &mut kept);
    for value in values.iter().cycle().take(count) {
        let trace = Trace { kind, value, at: None, app: None, seen: &seen };
        assert!(matching.trace(&trace).is_continue(), "nothing stops");
    }
    let took = begin.elapsed().as_secs_f64();
    assert!(kept.facts.is_empty(), "what is ordinary leaves nothing");
    took
}

/// A list of so many indicators of all sorts.
fn invented(count: usize) -> List {
    let mut list = List::default();
    for number in 0..count {
        if number % 50 == 0 {
            list.families.push(Family::new(&format!("Family {number}"), Kind::Stalkerware));
        }
        let (kind, value) = match number % 5 {
            0 => (IndicatorKind::App, format!("com.example{number}.app")),
            1 | 2 => (IndicatorKind::FileHash, format!("{number:064x}")),
            3 => (IndicatorKind::CommandServer, format!("c2.example{number}.net")),
            _ => (IndicatorKind::FilePath, format!("/data/local/tmp/x{number}/run")),
        };
        let one = Indicator::new(kind, &value);
        if let (Some(family), Some(one)) = (list.families.last_mut(), one) {
            family.indicators.push(one);
        }
    }
    list
}

/// The result, and the best of eleven times in milliseconds.
fn fastest<T>(mut make: impl FnMut() -> T) -> (T, f64) {
    let mut best = f64::INFINITY;
    let mut last = make();
    for _ in 0..10 {
        let begin = Instant::now();
        last = black_box(make());
        best = best.min(begin.elapsed().as_secs_f64() * 1e3);
    }
    (last, best)
}

/// Nanoseconds for each look-up.
fn each(mut look: impl FnMut() -> usize) -> f64 {
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        black_box(look());
    }
    begin.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
}
