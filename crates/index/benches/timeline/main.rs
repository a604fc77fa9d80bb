//! What an index costs: making it, opening it, pages, filters, search; beside a plain table.
//!
//!     cargo bench -p index --bench timeline [-- SIZE … --folder FOLDER --keep FIGURES --plot PICTURE]
//!
//! Without sizes 10,000, 100,000 and 1,000,000 records. `--folder`: where the files come and stay out of the
//! way (a folder of its own is made in it and removed); `--keep`: figures are added to this file, one line of
//! JSON a size; `--plot`: draws all figures of that file as SVG; `--alone`: without the peer; `--show`: each
//! query with its cost. All content is invented.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::arithmetic_side_effects,
    reason = "a bench fails by panicking; its numbers are small"
)]

mod data;
mod measure;
mod peer;
mod plot;
mod queries;

use std::path::{Path, PathBuf};

use index::{
    Attachments, Builder, Cursor, Filter, Index, IndexKey, Insights, Located, NearPoint, RecordNumber, Span,
    TimeRange,
};
use model::record::Point;
use serde_json::json;
use text::{Query, Settings};

use data::{Chance, FIRST_MS};
use measure::{Cost, Measured, measured};
use queries::Typed;

const PAGE: usize = 50;
const DAY_MS: i64 = 86_400_000;

#[derive(Default)]
struct Asked {
    sizes: Vec<u64>,
    folder: Option<PathBuf>,
    keep: Option<PathBuf>,
    plot: Option<PathBuf>,
    alone: bool,
    show: bool,
}

fn main() {
    let mut asked = Asked::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--folder" => asked.folder = arguments.next().map(PathBuf::from),
            "--keep" => asked.keep = arguments.next().map(PathBuf::from),
            "--plot" => asked.plot = arguments.next().map(PathBuf::from),
            "--alone" => asked.alone = true,
            "--show" => asked.show = true,
            // Cargo adds `--bench`.
            other => asked.sizes.extend(other.parse::<u64>()),
        }
    }
    if asked.sizes.is_empty() && asked.plot.is_none() {
        asked.sizes = vec![10_000, 100_000, 1_000_000];
    }
    for size in &asked.sizes {
        let figures = one_size(*size, &asked);
        println!("{figures}");
        if let Some(keep) = &asked.keep {
            let before = std::fs::read_to_string(keep).unwrap_or_default();
            std::fs::write(keep, format!("{before}{figures}\n")).unwrap();
        }
    }
    if let (Some(picture), Some(keep)) = (&asked.plot, &asked.keep) {
        std::fs::write(picture, plot::svg(&std::fs::read_to_string(keep).unwrap())).unwrap();
    }
}

fn key() -> IndexKey {
    IndexKey::new([7; 32].into())
}

fn one_size(size: u64, asked: &Asked) -> serde_json::Value {
    let folder = match &asked.folder {
        Some(above) => tempfile::tempdir_in(above),
        None => tempfile::tempdir(),
    };
    let folder = folder.unwrap();
    let (path, insights) = (folder.path().join("index.db"), folder.path().join("insight.db"));
    let start = Cost::now();
    let mut builder = Builder::create(&path, &key()).unwrap();
    let records = data::fill(&mut builder, size);
    let filled = start.until_now();
    builder.finish().unwrap();
    let built = start.until_now();
    let mut index = Index::open(&path, &key()).unwrap();
    let start = Cost::now();
    data::fill_insights(&index, &insights, &key());
    println!("{size}: insights {:.1} s CPU", start.until_now().cpu / 1e3);
    index.attach_insights(&insights, &key()).unwrap();
    let bytes = |path: &Path| std::fs::metadata(path).unwrap().len();
    println!(
        "{size}: {records} records, made in {:.1} s CPU, {:.1} of them after the last, {} and {} bytes, \
         {} MiB at most",
        built.cpu / 1e3,
        (built.cpu - filled.cpu) / 1e3,
        bytes(&path),
        bytes(&insights),
        peak_mib()
    );
    let mut lines = vec![("opening", opening(&path, &insights))];
    let edges = cursors(size);
    let first = measured(&[(); 20], |()| index.page(&Filter::default(), None, PAGE).unwrap().lines.len());
    lines.push(("first page", first));
    let any = |cursor: &Cursor| index.page(&Filter::default(), Some(*cursor), PAGE).unwrap().lines.len();
    lines.push(("any page", measured(&edges, any)));
    let back = |cursor: &Cursor| index.page_before(&Filter::default(), *cursor, PAGE).unwrap().lines.len();
    lines.push(("any page, backwards", measured(&edges, back)));
    let known = Insights::open(&insights, &key()).unwrap();
    for (name, filter) in filters(&index, &known) {
        let page = |cursor: &Cursor| index.page(&filter, Some(*cursor), PAGE).unwrap().lines.len();
        lines.push((name, measured(&edges[..50], page)));
    }
    let numbers: Vec<i64> = (0..200).map(|at| 1 + Chance(at).below(records) as i64).collect();
    let around = |number: &i64| index.around(RecordNumber(*number), 5, 5).unwrap().before.len();
    lines.push(("around a record", measured(&numbers, around)));
    lines.extend(densities(&index));
    lines.extend(searches(&index, asked.show));
    for (name, cost) in &lines {
        show(size, name, cost);
    }
    let mut figures = json!({ "size": size, "records": records, "bytes": bytes(&path),
        "insight_bytes": bytes(&insights), "made_cpu_s": built.cpu / 1e3, "peak_mib": peak_mib() });
    for (name, cost) in lines {
        figures[name] = as_json(&cost);
    }
    if !asked.alone {
        let (plain, made) = peer::Plain::make(&index, &folder.path().join("plain.db"));
        figures["peer"] =
            json!({ "made_cpu_s": made.cpu / 1e3, "bytes": bytes(&folder.path().join("plain.db")) });
        let moments: Vec<i64> = edges.iter().map(|cursor| cursor.order_ms).collect();
        for (name, cost) in [
            ("any page", plain.pages(&moments)),
            ("search", plain.search(&queries::mix())),
            ("short terms", plain.search(&queries::short())),
        ] {
            show(size, &format!("peer, {name}"), &cost);
            figures["peer"][name] = as_json(&cost);
        }
    }
    figures
}

fn opening(path: &Path, insights: &Path) -> Measured {
    measured(&[(); 20], |()| {
        let mut index = Index::open(path, &key()).unwrap();
        index.attach_insights(insights, &key()).unwrap();
        index.capsules().unwrap().len()
    })
}

/// 200 places in the five years.
fn cursors(size: u64) -> Vec<Cursor> {
    let mut chance = Chance(size);
    let mut cursor = || {
        let order_ms = FIRST_MS + chance.below(1_825) as i64 * DAY_MS + chance.below(86_400_000) as i64;
        Cursor { order_ms, number: RecordNumber(1) }
    };
    (0..200).map(|_| cursor()).collect()
}

fn filters(index: &Index, insights: &Insights) -> Vec<(&'static str, Filter)> {
    let all = Filter::default;
    let parties = index.parties(None, 200).unwrap();
    let seldom = parties.iter().filter(|party| party.sent > 0).min_by_key(|party| party.sent).unwrap();
    let chats = index.chats(None, 200).unwrap();
    let small = chats.iter().min_by_key(|chat| chat.records).unwrap();
    let phone = insights.identifiers(Some("phone"), None, 1).unwrap().remove(0);
    let near =
        |metres| Located::Within(NearPoint { point: Point { latitude: 52.5, longitude: 13.4 }, metres });
    let records = index.page(&all(), None, 500).unwrap().lines.iter().map(|line| line.key).collect();
    let time = TimeRange { from_ms: FIRST_MS + 300 * DAY_MS, until_ms: FIRST_MS + 700 * DAY_MS };
    vec![
        ("filter: kind", Filter { kind: Some("call".to_owned()), ..all() }),
        ("filter: app", Filter { app: Some("sms".to_owned()), ..all() }),
        ("filter: chat", Filter { chat: Some(small.number), ..all() }),
        ("filter: file", Filter { file: Some(index.files(None, 9).unwrap()[2].id), ..all() }),
        ("filter: capsule", Filter { capsule: Some(model::EntryNumber(2)), ..all() }),
        ("filter: reader", Filter { reader: Some("telegram".to_owned()), ..all() }),
        ("filter: sender", Filter { sender: Some(seldom.number), ..all() }),
        ("filter: one person", Filter { parties: vec![seldom.number], ..all() }),
        (
            "filter: person of ten parties",
            Filter { parties: parties.iter().take(10).map(|party| party.number).collect(), ..all() },
        ),
        ("filter: time", Filter { time: Some(time), ..all() }),
        ("filter: attachments", Filter { attachments: Attachments::Some, ..all() }),
        ("filter: hint", Filter { hint: Some("debt".to_owned()), ..all() }),
        ("filter: identifier", Filter { identifier: Some(phone.number), ..all() }),
        ("filter: located", Filter { located: Some(Located::Somewhere), ..all() }),
        ("filter: within 200 m", Filter { located: Some(near(200.0)), ..all() }),
        ("filter: within 5 km", Filter { located: Some(near(5_000.0)), ..all() }),
        ("filter: 500 records", Filter { records: Some(records), ..all() }),
        ("filter: doubles too", Filter { doubles: index::Doubles::All, ..all() }),
    ]
}

fn densities(index: &Index) -> Vec<(&'static str, Measured)> {
    let range = TimeRange { from_ms: FIRST_MS, until_ms: FIRST_MS + 2_000 * DAY_MS };
    let chats = index.chats(None, 200).unwrap();
    let large = chats.iter().max_by_key(|chat| chat.records).unwrap();
    let filters = [
        ("density, all", Filter::default()),
        ("density, messages", Filter { kind: Some("message".to_owned()), ..Filter::default() }),
        ("density, largest chat", Filter { chat: Some(large.number), ..Filter::default() }),
    ];
    let density = |filter: &Filter| index.density(filter, range, Span::Day).unwrap().len();
    filters.map(|(name, filter)| (name, measured(std::slice::from_ref(&filter), density))).to_vec()
}

fn searches(index: &Index, show: bool) -> Vec<(&'static str, Measured)> {
    let settings = Settings { country_prefix: Some("49"), ..Settings::default() };
    let one = |typed: &Typed| {
        let query = Query::parse(&typed.typed, &settings);
        let (mut hits, mut after) = (0, None);
        // Until there are fifty: a search may stop before and say where to go on.
        loop {
            let found = index.search(&query, &Filter::default(), after, PAGE - hits).unwrap();
            hits += found.hits.len();
            after = found.next;
            if hits >= PAGE || after.is_none() {
                return hits;
            }
        }
    };
    if show {
        for typed in queries::mix().iter().chain(&queries::short()) {
            let cost = measured(std::slice::from_ref(typed), one);
            println!("{:8.2} ms {:4} hits  {}", cost.p50, cost.found, typed.typed);
        }
    }
    vec![("search", measured(&queries::mix(), one)), ("short terms", measured(&queries::short(), one))]
}

fn show(size: u64, name: &str, cost: &Measured) {
    let Measured { calls, p50, p99, cpu_sum, found } = cost;
    println!(
        "{size}: {name}: {p50:.2} ms, p99 {p99:.2} ms; {calls} calls, {:.2} s CPU, {found} found",
        cpu_sum / 1e3
    );
}

fn as_json(cost: &Measured) -> serde_json::Value {
    json!({ "p50": cost.p50, "p99": cost.p99, "cpu_sum": cost.cpu_sum, "found": cost.found })
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
