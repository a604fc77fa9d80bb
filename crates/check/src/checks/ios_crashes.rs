//! Crash reports of an iPhone and iPad, and the other reports beside them: `*.ips` and `*.crash`.
//!
//! The first line is JSON with `bug_type`, `name` and `timestamp`; what follows is JSON (iOS 15 and later) or
//! text (`Process:`, `Path:`, `Date/Time:`, `Binary Images:`). 109 and 309 are crashes; the reports on memory
//! (298), panics (210) and stacks (288) name every process that ran. Known from EC-DIGIT-CSIRC/sysdiagnose
//! and Apple's "Interpreting the JSON format of a crash report" (2026). Deliberately not read: stacks and
//! registers.

use model::record::{Place, ProblemKind, TimeReading};
use serde::Deserialize;
use source::tree::{Candidate, Entry};

use crate::database::clipped;
use crate::ios_paths::Programs;
use crate::loose_json::{Loose, Many};
use crate::sysdiagnose::{bytes, each_line, ends_in, written};
use crate::{About, Check, Crash, FactSink, Flow, Input, Platform, Question, Seen, Wholly};

/// Crash reports.
pub(crate) struct IosCrashes;

/// Most parts of a program that are told.
const LOADED_MOST: usize = 20_000;
/// Most bytes of a report.
const REPORT_BYTES_MOST: u64 = 64 << 20;

impl Check for IosCrashes {
    fn name(&self) -> &'static str {
        "ios_crashes"
    }

    fn about(&self) -> About {
        About {
            title: "Crash reports of an iPhone (.ips)",
            platform: Platform::Ios,
            covers: "crashes, memory reports, panics and stackshots with the processes they name; iOS 12 \
                     to 26",
            leaves_out: "stacks, registers; the unified log (tracev3) is not read by any check",
            answers: &[Question::Processes, Question::SystemIntegrity],
            source: "EC-DIGIT-CSIRC/sysdiagnose, Apple's documentation of crash reports (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let name = entry.name();
        if is_summary(entry) {
            return true;
        }
        let name = name.strip_suffix(".synced").or_else(|| name.strip_suffix(".beta")).unwrap_or(name);
        let named = match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("ips") => true,
            Some("crash") => entry.folder().contains("rash"),
            _ => false,
        };
        if !named || name.starts_with('.') {
            return false;
        }
        let head = String::from_utf8_lossy(candidate.head());
        head.starts_with("{\"") || head.contains("Incident Identifier:")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        if input.entry().is_some_and(is_summary) {
            return summary(input, sink);
        }
        let most = REPORT_BYTES_MOST.min(input.limits.unit_bytes);
        let mut report = Report::default();
        let mut wholly = Wholly::No;
        if let Some(bytes) = bytes(input, most, sink)? {
            let text = String::from_utf8_lossy(&bytes);
            wholly = if report.parse(&text) { Wholly::Yes } else { Wholly::No };
            if wholly == Wholly::No {
                let expected = "a report in a form that is known";
                sink.trouble(&whole, ProblemKind::Damaged, expected, "what could be found of it")?;
            }
        }
        report.tell(&whole, sink)?;
        sink.looked(&whole, Question::Processes, wholly, 1)?;
        sink.looked(&whole, Question::SystemIntegrity, wholly, 1)
    }
}

fn is_summary(entry: &Entry) -> bool {
    ends_in(entry.path(), "summaries/crashes_and_spins.log")
}

/// The list of all reports, also of those that are not there: `/path/NAME-2025-04-06-225042.ips, …`.
fn summary(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let (mut programs, mut count) = (Programs::default(), 0_u64);
    let wholly = each_line(input, sink, &mut |line, seen, sink| {
        let path = line.split(',').next().filter(|path| path.starts_with('/'));
        let Some(name) = path.and_then(|path| path.rsplit('/').next()) else { return Flow::Continue(()) };
        count = count.saturating_add(1);
        // The name of a program may have such signs too; the day begins with the year.
        let day = name.match_indices("-20").map(|(at, _)| at).find(|at| written_day(name, *at));
        programs.ran(day.and_then(|at| name.get(..at)).unwrap_or(name), None, seen, sink)
    })?;
    sink.looked(&input.seen(Place::Whole), Question::Processes, wholly, count)
}

/// Whether a day such as `-2025-04-06-` stands there.
fn written_day(name: &str, at: usize) -> bool {
    let day = name.as_bytes().get(at..at.saturating_add(11)).unwrap_or_default();
    let fits = |(at, byte): (usize, &u8)| {
        if matches!(at, 0 | 5 | 8) { *byte == b'-' } else { byte.is_ascii_digit() }
    };
    day.len() == 11 && day.iter().enumerate().all(fits)
}

/// The first line.
#[derive(Default, Deserialize)]
struct Head {
    #[serde(default)]
    bug_type: Loose,
    #[serde(default)]
    app_name: Loose,
    #[serde(default)]
    name: Loose,
    #[serde(default)]
    timestamp: Loose,
}

/// What follows it, if that is JSON.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default)]
    proc_name: Loose,
    #[serde(default)]
    proc_path: Loose,
    #[serde(default, rename = "userID")]
    user: Loose,
    #[serde(default)]
    capture_time: Loose,
    #[serde(default)]
    exception: Loose,
    #[serde(default)]
    parent_proc: Loose,
    #[serde(default)]
    responsible_proc: Loose,
    #[serde(default)]
    used_images: Many<Image>,
    #[serde(default)]
    processes: Many<Named>,
    #[serde(default)]
    process_by_pid: Many<Named>,
}

#[derive(Deserialize)]
struct Image {
    #[serde(default)]
    path: Loose,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: Loose,
    #[serde(default)]
    procname: Loose,
    #[serde(default)]
    path: Loose,
}

/// What a report says.
#[derive(Default)]
struct Report {
    kind: String,
    name: Option<String>,
    user: Option<u64>,
    at: Option<TimeReading>,
    is_crash: bool,
    /// Programs that it names, and what they had loaded.
    programs: Vec<String>,
    loaded: Vec<String>,
}

impl Report {
    /// False if a part of it is in no form that is known.
    fn parse(&mut self, text: &str) -> bool {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        if !first.starts_with('{') {
            return self.of_text(text);
        }
        let head: Option<Head> = serde_json::from_str(first.trim()).ok();
        let headed = head.is_some();
        let head = head.unwrap_or_default();
        head.bug_type.text().unwrap_or_default().clone_into(&mut self.kind);
        self.is_crash = matches!(self.kind.as_str(), "109" | "309");
        self.name = head.name.0.or(head.app_name.0);
        self.at = head.timestamp.text().and_then(written);
        let rest = rest.trim_start();
        if rest.is_empty() {
            // Some have nothing but the first line.
            return headed && !self.is_crash;
        }
        if !rest.starts_with('{') {
            return self.of_text(rest) && headed;
        }
        let body: Option<Body> = serde_json::from_str(rest).ok();
        let known = headed && body.is_some();
        self.of_body(body.unwrap_or_default());
        known
    }

    fn of_body(&mut self, body: Body) {
        self.is_crash |= body.exception.0.is_some();
        self.name = body.proc_name.0.or(self.name.take());
        self.user = body.user.number();
        self.at = body.capture_time.text().and_then(written).or(self.at.take());
        let named = body.processes.0.into_iter().chain(body.process_by_pid.0);
        let named = named.flat_map(|named| [named.path, named.name, named.procname]);
        self.loaded.extend(body.used_images.0.into_iter().filter_map(|image| image.path.0));
        let programs = [body.proc_path, body.parent_proc, body.responsible_proc].into_iter();
        self.programs
            .extend(programs.chain(named).filter_map(|loose| loose.0).filter(|text| !text.is_empty()));
    }

    /// The form with text. False if it names no process.
    fn of_text(&mut self, text: &str) -> bool {
        let mut named = false;
        let mut images = false;
        for line in text.lines() {
            if let Some(path) = line.find(" /").filter(|_| images).and_then(|at| line.get(at..)) {
                if self.loaded.len() < LOADED_MOST {
                    self.loaded.push(clipped(path.trim()).to_owned());
                }
                continue;
            }
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim() {
                "Process" | "Command" if !named => {
                    named = true;
                    let name = value.rsplit_once(" [").map_or(value, |(name, _)| name);
                    self.name = Some(clipped(name).to_owned());
                }
                "Path" if value.starts_with('/') => self.programs.push(clipped(value).to_owned()),
                "Parent Process" | "Responsible" | "Coalition" => {
                    let name = value.rsplit_once(" [").map_or(value, |(name, _)| name);
                    self.programs.push(clipped(name).to_owned());
                }
                "Date/Time" if self.at.is_none() => self.at = written(value),
                "Exception Type" => self.is_crash = true,
                "Binary Images" => images = true,
                _ => {}
            }
        }
        named || self.name.is_some()
    }

    fn tell(self, whole: &Seen, sink: &mut dyn FactSink) -> Flow {
        let mut programs = Programs::default();
        for program in self.name.iter().chain(&self.programs) {
            programs.ran(program, self.at.as_ref(), whole, sink)?;
        }
        for path in &self.loaded {
            programs.loaded(path, self.at.as_ref(), whole, sink)?;
        }
        match self.name.filter(|name| self.is_crash && !name.is_empty()) {
            Some(process) => sink.says(whole, Crash { process, user: self.user, at: self.at }),
            None => Flow::Continue(()),
        }
    }
}
