//! Programs that hung on an Android system: `FS/data/anr/…` in a bug report.
//!
//! Text of the runtime: a block for each process, `----- pid 1234 at 2023-05-03 10:00:00 -----` and `Cmd
//! line: org.example.app` (Android Open Source Project, Android 8 to 16, read 2026-11). Each process named
//! there ran at that time. Deliberately not read: stacks.

use std::collections::BTreeSet;

use model::record::{Place, TimeReading};
use source::tree::Candidate;

use crate::android_text::{app_of_process, clip, each_line, moment};
use crate::{About, AppFact, AppSays, Check, FactSink, Flow, Input, Platform, Question, Trace, TraceKind};

/// `anr_*`, `traces.txt`.
pub(super) struct AndroidAnr;

/// Most apps of one file that become facts.
const MOST_APPS: usize = 500;

impl Check for AndroidAnr {
    fn name(&self) -> &'static str {
        "android_anr"
    }

    fn about(&self) -> About {
        About {
            title: "Programs that hung on Android (FS/data/anr)",
            platform: Platform::Android,
            covers: "every process named there, with the time",
            leaves_out: "stacks",
            answers: &[Question::Processes],
            source: "Android Open Source Project (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let is_named = entry.folder().ends_with("anr/")
            && (entry.name().starts_with("anr_") || entry.name().starts_with("traces"));
        is_named && memchr::memmem::find(candidate.head(), b"----- pid ").is_some()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let mut at: Option<TimeReading> = None;
        let mut apps: BTreeSet<String> = BTreeSet::new();
        let mut count = 0_u64;
        let read = each_line(input, "lines of stacks", sink, &mut |seen, line, sink| {
            if let Some(rest) = line.strip_prefix("----- pid ") {
                at = rest.split_once(" at ").and_then(|(_, time)| moment(time.trim_end_matches([' ', '-'])));
                return Flow::Continue(());
            }
            let Some(process) = line.strip_prefix("Cmd line: ") else { return Flow::Continue(()) };
            let process = clip(process.split(' ').next().unwrap_or_default());
            let app = app_of_process(process);
            count = count.saturating_add(1);
            sink.trace(&Trace { kind: TraceKind::Process, value: process, at: at.as_ref(), app, seen })?;
            match app {
                Some(app) if apps.len() < MOST_APPS && apps.insert(app.to_owned()) => {
                    sink.says(seen, AppFact::new(app, AppSays::Ran(at.clone())))
                }
                _ => Flow::Continue(()),
            }
        })?;
        sink.looked(&input.seen(Place::Whole), Question::Processes, read.wholly, count)
    }
}
