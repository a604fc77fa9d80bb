//! What was running when a sysdiagnose was made, as the kernel tells it: `taskinfo.txt`, and the programs of
//! `spindump-nosymbols.txt` with their paths.
//!
//! taskinfo: `process: "launchd" [1] [unique ID: 1]` begins each process. spindump: `Process: name [number]`
//! and `Path: …` in its block, and at its end `0x… - 0x… name <UUID> path` of what it had loaded (iOS 15 to
//! 26, after EC-DIGIT-CSIRC/sysdiagnose, 2026). Deliberately not read: threads, stacks, loads.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::database::clipped;
use crate::ios_paths::Programs;
use crate::sysdiagnose::{each_line, is_in_root, made_of};
use crate::{About, Check, FactSink, Flow, Input, Platform, Process, Question, Wholly};

/// Tasks and stacks of a sysdiagnose.
pub(crate) struct IosSysdiagnoseTaskinfo;

/// Most processes told of one file.
const PROCESSES_MOST: u64 = 20_000;

impl Check for IosSysdiagnoseTaskinfo {
    fn name(&self) -> &'static str {
        "ios_sysdiagnose_taskinfo"
    }

    fn about(&self) -> About {
        About {
            title: "Tasks of an iPhone (taskinfo.txt, spindump-nosymbols.txt)",
            platform: Platform::Ios,
            covers: "names, numbers and paths of processes in a sysdiagnose, iOS 15 to 26",
            leaves_out: "threads, stacks, loads; the unified log (tracev3) is not read by any check",
            answers: &[Question::Processes, Question::SystemIntegrity],
            source: "EC-DIGIT-CSIRC/sysdiagnose (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        matches!(candidate.entry().name(), "taskinfo.txt" | "spindump-nosymbols.txt") && is_in_root(candidate)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let spindump = input.entry().is_some_and(|entry| entry.name() != "taskinfo.txt");
        // The processes of `ps.txt` are told already.
        let again = spindump || input.tree.sibling(input.file, "ps.txt").is_some();
        let at = made_of(input);
        let (mut programs, mut count, mut claimed) = (Programs::default(), 0_u64, None);
        let wholly = each_line(input, sink, &mut |line, seen, sink| {
            if let Some(path) = line.strip_prefix("Path:").filter(|_| spindump) {
                return programs.ran(path.trim(), at.as_ref(), seen, sink);
            }
            if let Some((_, path)) = line.split_once("> /").filter(|_| spindump && line.contains("0x")) {
                return programs.loaded(&format!("/{}", path.trim_end()), at.as_ref(), seen, sink);
            }
            if claimed.is_none() {
                claimed = line.strip_prefix("num tasks: ").and_then(|number| number.trim().parse().ok());
            }
            let named = if spindump { spindump_process(line) } else { task(line) };
            let Some((name, number)) = named else { return Flow::Continue(()) };
            count = count.saturating_add(1);
            programs.ran(name, at.as_ref(), seen, sink)?;
            if again || count > PROCESSES_MOST {
                return Flow::Continue(());
            }
            sink.says(seen, Process { name: clipped(name).to_owned(), user: String::new(), number })
        })?;
        let whole = input.seen(Place::Whole);
        let short = claimed.is_some_and(|claimed: u64| claimed > count);
        if short {
            sink.trouble(&whole, ProblemKind::Truncated, "as many tasks as it says", "those that are there")?;
        }
        let wholly = if count == 0 || short { Wholly::No } else { wholly };
        sink.looked(&whole, Question::Processes, wholly, count)?;
        sink.looked(&whole, Question::SystemIntegrity, wholly, count)
    }
}

/// `process: "name" [number] …`.
fn task(line: &str) -> Option<(&str, u64)> {
    let (name, rest) = line.trim_start().strip_prefix("process: \"")?.split_once("\" [")?;
    Some((name, rest.split(']').next()?.parse().ok()?))
}

/// `Process:          name [number]`.
fn spindump_process(line: &str) -> Option<(&str, u64)> {
    let (name, rest) = line.strip_prefix("Process:")?.trim().split_once(" [")?;
    Some((name, rest.split(']').next()?.parse().ok()?))
}
