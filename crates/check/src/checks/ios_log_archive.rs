//! Which programs ever wrote to the unified log of an iPhone: the `uuidtext` files of a log archive, the
//! statistics beside them, and `UUIDToBinaryLocations`.
//!
//! A `uuidtext` file `AB/414C1EC0233A05AF22029CC5E160EA` begins with 0x66778899, two numbers of its version
//! and a count of ranges of eight bytes; after the ranges' texts stands the path of the program (J. Metz,
//! "Apple Unified Logging and Activity Tracing formats", 2023). `logdata.statistics.*.txt` and `.jsonl` name
//! the programs that filled the log. Deliberately not read: the log itself (tracev3), the texts, `dsc`.

use model::ReadAt;
use model::record::{FileNumber, Place, ProblemKind, TimeReading};
use serde::Deserialize;
use source::property_list::PropertyList;
use source::tree::{Candidate, Entry, Tree};

use crate::ios_paths::Programs;
use crate::loose_json::{Loose, Many};
use crate::sysdiagnose::{each_line, ends_in};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Seen, Wholly, lists};

/// Programs of a log archive.
pub(crate) struct IosLogArchive;

/// The first of so many files of an archive that is a `uuidtext` stands for all of them.
const LOOKED_AT_MOST: usize = 32;
/// Most `uuidtext` files, and most ranges of one.
const FILES_MOST: u64 = 200_000;
const RANGES_MOST: u32 = 4096;
/// So many pairs of a dictionary are gone through.
const PAIRS_MOST: u64 = 10_000;
/// Longest path at the end of one.
const PATH_BYTES_MOST: u64 = 1024;

impl Check for IosLogArchive {
    fn name(&self) -> &'static str {
        "ios_log_archive"
    }

    fn about(&self) -> About {
        About {
            title: "Programs that wrote to the unified log (uuidtext, UUIDToBinaryLocations)",
            platform: Platform::Ios,
            covers: "paths of programs in a log archive, its statistics and logs/tailspindb, iOS 15 to 26",
            leaves_out: "the unified log itself (tracev3): what programs wrote is not read by any check",
            answers: &[Question::Processes, Question::SystemIntegrity],
            source: "libyal's format description (2023), EC-DIGIT-CSIRC/sysdiagnose (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        if ends_in(entry.path(), "logs/tailspindb/UUIDToBinaryLocations")
            || entry.name() == "UUIDToBinaryLocations"
        {
            return true;
        }
        if is_statistics(entry) {
            return true;
        }
        let Some(archive) = archive(entry) else { return false };
        let mut first = candidate.tree().below(entry.container(), archive).take(LOOKED_AT_MOST);
        first
            .find(|(_, other)| self::archive(other).is_some())
            .is_some_and(|(file, _)| file == candidate.number())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let (wholly, count) = if is_statistics(entry) {
            statistics(input, sink)?
        } else if let Some(archive) = archive(entry) {
            all(input, archive, sink)?
        } else {
            locations(input, sink)?
        };
        let whole = input.seen(Place::Whole);
        sink.looked(&whole, Question::Processes, wholly, count)?;
        sink.looked(&whole, Question::SystemIntegrity, wholly, count)
    }
}

type Read = std::ops::ControlFlow<(), (Wholly, u64)>;

/// The folder of the archive that a `uuidtext` file lies in; none for any other file.
fn archive(entry: &Entry) -> Option<&str> {
    let upper = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    let name = entry.name();
    let folder = entry.folder().strip_suffix('/')?;
    let two = folder.rsplit('/').next()?;
    let archive = folder.get(..folder.len().checked_sub(two.len())?)?;
    let known = archive.ends_with(".logarchive/") || archive.ends_with("uuidtext/");
    (name.len() == 30 && two.len() == 2 && upper(name) && upper(two) && known).then_some(archive)
}

fn is_statistics(entry: &Entry) -> bool {
    let name = entry.name();
    name.starts_with("logdata.statistics.")
        && [".txt", ".jsonl"].iter().any(|end| name.ends_with(end))
        && (entry.folder().ends_with("Extra/") || entry.folder().ends_with("diagnostics/"))
}

/// All `uuidtext` files of an archive.
fn all(input: &Input<'_>, archive: &str, sink: &mut dyn FactSink) -> Read {
    let tree: &Tree = input.tree;
    let container = input.entry().and_then(Entry::container);
    let (mut programs, mut count, mut damaged) = (Programs::default(), 0_u64, 0_u64);
    for (file, entry) in tree.below(container, archive) {
        if self::archive(entry) != Some(archive) {
            continue;
        }
        if count >= FILES_MOST {
            let expected = "at most 200,000 programs in a log";
            sink.trouble(&input.seen(Place::Whole), ProblemKind::Limit, expected, "those that came first")?;
            return Read::Continue((Wholly::No, count));
        }
        count = count.saturating_add(1);
        match path(entry) {
            Some((path, seen)) => programs.ran(&path, None, &at(file, seen), sink)?,
            None => damaged = damaged.saturating_add(1),
        }
    }
    if damaged > 0 {
        let expected = "files that end in the path of a program";
        sink.trouble(&input.seen(Place::Whole), ProblemKind::Damaged, expected, "the other files")?;
    }
    Read::Continue((if damaged > 0 { Wholly::No } else { Wholly::Yes }, count))
}

fn at(file: FileNumber, (offset, length): (u64, u64)) -> Seen {
    Seen { file, place: Place::bytes(offset, length) }
}

/// The path at the end of a `uuidtext` file, and where it stands.
fn path(entry: &Entry) -> Option<(String, (u64, u64))> {
    let bytes = entry.content().random().ok()?;
    let number = |offset: u64| {
        let mut buffer = [0_u8; 4];
        fill(&*bytes, &mut buffer, offset).then(|| u32::from_le_bytes(buffer))
    };
    let ranges = number(12).filter(|ranges| *ranges <= RANGES_MOST)?;
    if number(0)? != 0x6677_8899 {
        return None;
    }
    let mut heads = vec![0_u8; usize::try_from(ranges).ok()?.checked_mul(8)?];
    if !fill(&*bytes, &mut heads, 16) {
        return None;
    }
    let sizes = heads.chunks_exact(8).map(|head| u64::from(u32::from_le_bytes(last_four(head))));
    let offset = sizes.fold(16_u64.saturating_add(heads.len() as u64), u64::saturating_add);
    let length = bytes.size_bytes().checked_sub(offset)?.min(PATH_BYTES_MOST);
    let mut path = vec![0_u8; usize::try_from(length).ok()?];
    if !fill(&*bytes, &mut path, offset) {
        return None;
    }
    let end = memchr::memchr(0, &path).unwrap_or(path.len());
    let path = String::from_utf8_lossy(path.get(..end)?).into_owned();
    (!path.is_empty()).then_some((path, (offset, end as u64)))
}

fn last_four(head: &[u8]) -> [u8; 4] {
    head.get(4..8).and_then(|four| four.try_into().ok()).unwrap_or_default()
}

/// Fills the buffer; false if there is less.
fn fill(bytes: &dyn ReadAt, buffer: &mut [u8], offset: u64) -> bool {
    let mut done = 0_usize;
    while done < buffer.len() {
        let from = offset.saturating_add(done as u64);
        match buffer.get_mut(done..).map(|rest| bytes.read_at(rest, from)) {
            Some(Ok(count)) if count > 0 => done = done.saturating_add(count),
            _ => return false,
        }
    }
    true
}

/// A line of statistics that is JSON.
#[derive(Deserialize)]
struct Record {
    #[serde(default, rename = "unixTime")]
    time: Loose,
    #[serde(default, rename = "processList")]
    processes: Many<Writer>,
}

#[derive(Deserialize)]
struct Writer {
    #[serde(default)]
    process: Loose,
}

/// Paths in the statistics: of a list in JSON, or whatever is one, in quotation marks, brackets or alone.
fn statistics(input: &Input<'_>, sink: &mut dyn FactSink) -> Read {
    let (mut programs, mut count, mut damaged) = (Programs::default(), 0_u64, 0_u64);
    let mut wholly = each_line(input, sink, &mut |line, seen, sink| {
        if line.starts_with('{') {
            let Ok(record) = serde_json::from_str::<Record>(line) else {
                damaged = damaged.saturating_add(1);
                return Flow::Continue(());
            };
            let seconds = record.time.text().and_then(|time| time.split('.').next()?.parse().ok());
            let at = seconds.map(TimeReading::unix_seconds);
            for path in record.processes.0.iter().filter_map(|writer| writer.process.text()) {
                count = count.saturating_add(1);
                programs.ran(path, at.as_ref(), seen, sink)?;
            }
            return Flow::Continue(());
        }
        for part in line.split(['"', '\'', '\t', ',', '|', '(', ')', '[', ']', '{', '}']) {
            let path = part.trim();
            let path = path.find('/').and_then(|at| path.get(at..)).unwrap_or_default();
            // The log names its own files too.
            let own = path.contains("/db/diagnostics/") || path.contains(".tracev3");
            if !own && path.len() > 3 && path.get(1..).is_some_and(|rest| rest.contains('/')) {
                count = count.saturating_add(1);
                programs.ran(path, None, seen, sink)?;
            }
        }
        Flow::Continue(())
    })?;
    if damaged > 0 {
        wholly = Wholly::No;
        let expected = "lines that are JSON";
        sink.trouble(&input.seen(Place::Whole), ProblemKind::Damaged, expected, "the other lines")?;
    }
    Read::Continue((wholly, count))
}

/// `UUIDToBinaryLocations`: from the identifier of a program to its path.
fn locations(input: &Input<'_>, sink: &mut dyn FactSink) -> Read {
    let Some(file) = lists::load(input, sink)? else { return Read::Continue((Wholly::No, 0)) };
    let list = file.list();
    let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
        let expected = "a dictionary of paths";
        sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "")?;
        return Read::Continue((Wholly::No, 0));
    };
    let (mut programs, mut count) = (Programs::default(), 0_u64);
    for (_, value) in top.pairs() {
        let Some(path) = lists::shown(value) else { continue };
        count = count.saturating_add(1);
        let seen = input.seen(file.place(value));
        programs.ran(&path, None, &seen, sink)?;
    }
    let cut = top.members().is_some_and(|members| members > PAIRS_MOST);
    let wholly = if cut { Wholly::No } else { Wholly::Yes };
    if wholly == Wholly::No {
        let expected = "at most 10,000 paths";
        sink.trouble(&input.seen(Place::Whole), ProblemKind::Limit, expected, "those that came first")?;
    }
    Read::Continue((wholly, count))
}
