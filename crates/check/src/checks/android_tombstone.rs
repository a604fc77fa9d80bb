//! Crashes of native programs on an Android system: `tombstone_00` and `tombstone_00.pb`.
//!
//! The text of debuggerd (Android 5 to 16) and the protocol buffer beside it since Android 12, after
//! `tombstone.proto` of the Android Open Source Project (read 2026-11): process, its user, when. A crash of a
//! process of the system's own users is a sign: some ways to break into a phone leave one. Deliberately not
//! read: threads, registers, memory and logs of the crashed process.

use model::record::{Place, ProblemKind, TimeReading};
use source::tree::Candidate;
use source::wire::{self, Fields};

use crate::android_text::{app_of_process, beginning, clip, clipped, moment};
use crate::{
    About, AppFact, AppSays, Check, Crash, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind,
    Wholly,
};

/// `tombstone_*`.
pub(super) struct AndroidTombstone;

/// What of a text is read: all that matters stands before the registers.
const TEXT_BYTES: u64 = 64 << 10;

/// Longest protocol buffer; most of it is memory and logs.
const WIRE_BYTES: u64 = 64 << 20;

/// The first lines of a text.
const STARS: &[u8] = b"*** *** ***";

impl Check for AndroidTombstone {
    fn name(&self) -> &'static str {
        "android_tombstone"
    }

    fn about(&self) -> About {
        About {
            title: "Crashes of native programs on Android (tombstone_00, tombstone_00.pb)",
            platform: Platform::Android,
            covers: "text and protocol buffer: process, user, time",
            leaves_out: "threads, registers, memory, logs",
            answers: &[Question::Processes],
            source: "debuggerd of the Android Open Source Project (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        if !name.starts_with("tombstone_") {
            return false;
        }
        candidate.head().trim_ascii_start().starts_with(STARS) || is_wire(candidate.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let seen = input.seen(Place::Whole);
        let is_text = Candidate::new(input.tree, input.file)
            .is_some_and(|candidate| candidate.head().trim_ascii_start().starts_with(STARS));
        let most = if is_text { TEXT_BYTES } else { WIRE_BYTES };
        let Some(bytes) = beginning(input, most, sink)? else { return Flow::Continue(()) };
        let told =
            if is_text { Told::of_text(&String::from_utf8_lossy(&bytes)) } else { Told::of_wire(&bytes) };
        if told.wholly == Wholly::No {
            sink.trouble(
                &seen,
                ProblemKind::Damaged,
                "process and time of a crash",
                "what was told of them",
            )?;
        }
        sink.looked(&seen, Question::Processes, told.wholly, 1)?;
        let names = [&told.command, &told.thread, &told.binary];
        let Some(process) = names.into_iter().find(|name| !name.is_empty()) else {
            return Flow::Continue(());
        };
        for value in names.into_iter().filter(|name| !name.is_empty()) {
            let (app, at) = (app_of_process(value), told.at.as_ref());
            sink.trace(&Trace { kind: TraceKind::Process, value, at, app, seen: &seen })?;
        }
        if let Some(app) = app_of_process(process) {
            sink.says(&seen, AppFact::new(app, AppSays::Ran(told.at.clone())))?;
        }
        // Root, the system, and what is started over adb.
        if let Some(user @ (0 | 1000 | 2000)) = told.user {
            let what = clipped(&format!("{process} ({user})"));
            let name = "crash-of-system-user".to_owned();
            sink.says(&seen, Sign { name, app: None, what, at: told.at.clone() })?;
        }
        let process = process.clone();
        sink.says(&seen, Crash { process, user: told.user, at: told.at })
    }
}

/// Whether these could be the first fields of the message: architecture, build, revision, time.
fn is_wire(head: &[u8]) -> bool {
    let mut fields = Fields::new(head).map_while(Result::ok).take(4);
    fields.any(|field| field.number == 2 && field.value.bytes().is_some_and(|bytes| bytes.contains(&b'/')))
}

/// What a crash is told to be.
struct Told {
    command: String,
    thread: String,
    binary: String,
    user: Option<u64>,
    at: Option<TimeReading>,
    wholly: Wholly,
}

impl Told {
    fn nothing() -> Self {
        let (command, thread, binary) = (String::new(), String::new(), String::new());
        Self { command, thread, binary, user: None, at: None, wholly: Wholly::No }
    }

    fn of_text(text: &str) -> Self {
        let mut told = Self::nothing();
        for line in text.lines().take(200) {
            if line.starts_with("backtrace:") {
                break;
            }
            if line.starts_with("pid: ") && told.thread.is_empty() {
                told.pid_line(line);
            } else if let Some((key, value)) = line.split_once(": ") {
                match key {
                    "Timestamp" => told.at = moment(value),
                    "Cmdline" => told.command = clipped(value.split(' ').next().unwrap_or_default()),
                    "uid" => told.user = value.trim().parse().ok(),
                    _ => {}
                }
            }
        }
        if !told.thread.is_empty() || !told.command.is_empty() {
            told.wholly = Wholly::Yes;
        }
        if told.command.is_empty() {
            told.command.clone_from(&told.binary);
        }
        told
    }

    /// `pid: 9850, tid: 9893, name: UsbFfs-worker  >>> /system/bin/adbd <<<`
    fn pid_line(&mut self, line: &str) {
        let (head, binary) = line.split_once(">>>").unwrap_or((line, ""));
        self.binary = clipped(binary.trim().trim_end_matches("<<<").trim());
        let name = head.split_once("name: ").map_or("", |(_, name)| name.trim());
        self.thread = clipped(name);
    }

    fn of_wire(bytes: &[u8]) -> Self {
        let mut told = Self::nothing();
        told.wholly = Wholly::Yes;
        let mut thread = None;
        for field in Fields::new(bytes) {
            let Ok(field) = field else {
                told.wholly = Wholly::No;
                break;
            };
            match field.number {
                4 => told.at = field.value.text().and_then(|text| moment(&text)),
                6 => thread = field.value.number(),
                7 => told.user = field.value.number(),
                9 if told.command.is_empty() => {
                    told.command = field.value.text().map(|text| clipped(&text)).unwrap_or_default();
                }
                // A map of threads by number: the one that crashed has a name.
                16 if told.thread.is_empty() => {
                    let entry = field.value.bytes().unwrap_or_default();
                    let number = wire::find(entry, 1).and_then(wire::Value::number);
                    let name = wire::find(entry, 2)
                        .and_then(wire::Value::bytes)
                        .and_then(|message| wire::find(message, 2))
                        .and_then(wire::Value::text);
                    if number == thread {
                        told.thread = name.map(|name| clip(&name).to_owned()).unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
        // Numbers that are 0 are not written.
        if told.user.is_none() && !told.command.is_empty() {
            told.user = Some(0);
        }
        if told.command.is_empty() && told.thread.is_empty() {
            told.wholly = Wholly::No;
        }
        told
    }
}
