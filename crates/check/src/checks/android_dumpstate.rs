//! A bug report of Android, and the whole of `dumpsys` as AndroidQF keeps it.
//!
//! Found as `dumpstate*.txt`, `bugreport-*.txt`, Samsung's `dumpState_*.log`, `dumpsys.txt`, or by the name
//! in `main_entry.txt` beside it, in a folder or a zip (Android 8 to 15). Read in one pass, line by line;
//! each section goes to its reader in `dumpsys/`. Deliberately not read: the rest of a bug report's zip
//! (`FS/…`, `proto/…`), logs of events.

use std::io::Read;

use model::record::FileNumber;
use source::tree::{Candidate, Tree};

use crate::dumpsys::{self, Begins};
use crate::{About, Check, FactSink, Flow, Input, Platform};

/// Bug reports, and dumps of all services.
pub(crate) struct AndroidDumpstate;

impl Check for AndroidDumpstate {
    fn name(&self) -> &'static str {
        "android_dumpstate"
    }

    fn about(&self) -> About {
        About {
            title: "Bug report of Android, or what all its services say about themselves",
            platform: Platform::Android,
            covers: "dumpstate and bugreport texts in a folder or zip, dumpsys.txt of AndroidQF; Android 8 \
                to 15",
            leaves_out: "other files of a bug report, logs of events, content of notifications",
            answers: dumpsys::answers(),
            source: "AOSP's dumpstate and services (2026), spytrap's real dumps",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name().to_ascii_lowercase();
        let text = matches!(candidate.entry().extension().as_str(), "txt" | "log");
        let named = name == "dumpsys.txt" || name.starts_with("bugreport") || is_dumpstate(&name);
        text && (named || is_main_entry(candidate.tree(), candidate.number())) && is_wrapped(candidate.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        dumpsys::read(input, Begins::Wrapping, sink)
    }
}

/// The report itself: not its log, not what the board adds.
fn is_dumpstate(name: &str) -> bool {
    name.starts_with("dumpstate")
        && !name.starts_with("dumpstate_log")
        && !name.starts_with("dumpstate_board")
}

/// Whether `main_entry.txt` beside a file names it.
fn is_main_entry(tree: &Tree, file: FileNumber) -> bool {
    const NAME_BYTES: u64 = 1024;
    let Some(name) = tree.entry(file).map(source::tree::Entry::name) else { return false };
    let main = tree.sibling(file, "main_entry.txt").filter(|main| *main != file);
    let Some(Ok(stream)) = main.and_then(|main| tree.entry(main)).map(|main| main.content().stream()) else {
        return false;
    };
    let mut told = Vec::new();
    stream.take(NAME_BYTES).read_to_end(&mut told).is_ok() && told.trim_ascii() == name.as_bytes()
}

/// Whether a text begins with the head of dumpstate, a list of services, or a heading of one.
fn is_wrapped(head: &[u8]) -> bool {
    const MARKS: &[&[u8]] =
        &[b"== dumpstate: ", b"DUMP OF SERVICE ", b"Currently running services:", b"------ "];
    head.split(|byte| *byte == b'\n').any(|line| MARKS.iter().any(|mark| line.starts_with(mark)))
}

/// Whether the other check leaves a file to this one.
pub(super) fn takes(candidate: &Candidate<'_>) -> bool {
    AndroidDumpstate.recognise(candidate)
}
