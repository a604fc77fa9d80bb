//! Processes that were running while AndroidQF looked: `processes.txt`, `processes.json`, `ps.txt`.
//!
//! Three forms: the lines of `ps -A` (Android 8 and later, with or without a column of labels), those of
//! older `ps`, and the JSON list that AndroidQF's helper writes, also under the name `processes.txt`
//! (mvt-project/androidqf, read 2026-11). Deliberately not read: times, memory, environments.

use std::borrow::Cow;
use std::ops::ControlFlow;

use model::record::Place;
use serde::Deserialize;
use source::tree::Candidate;

use crate::android_text::{app_of_process, clip, clipped, each_line};
use crate::rows::{self, Read, Shape, Taken};
use crate::{
    About, AppFact, AppSays, Check, FactSink, Flow, Input, Platform, Process, Question, Seen, Sign, Trace,
    TraceKind, Wholly,
};

/// `processes.txt` and the like.
pub(super) struct AndroidqfProcesses;

const SHAPE: Shape = Shape { first_key: "\"pid\"", expected: "a process as AndroidQF lists it" };

/// Most processes that become facts.
const MOST_TOLD: u64 = 20_000;

impl Check for AndroidqfProcesses {
    fn name(&self) -> &'static str {
        "androidqf_processes"
    }

    fn about(&self) -> About {
        About {
            title: "Running processes in an acquisition by AndroidQF (processes.txt, processes.json, ps.txt)",
            platform: Platform::Android,
            covers: "lines of ps of Android 5 and later, the list of AndroidQF's helper",
            leaves_out: "times, memory, environments; AndroidQF's own helper program",
            answers: &[Question::Processes],
            source: "mvt-project/androidqf, toybox ps (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        match candidate.entry().name() {
            "processes.txt" | "ps.txt" => is_json(candidate.head()) || has_title(candidate.head()),
            "processes.json" => is_json(candidate.head()),
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let head = Candidate::new(input.tree, input.file);
        let is_list = head.as_ref().is_some_and(|candidate| is_json(candidate.head()));
        let read = if is_list { read_list(input, sink)? } else { read_lines(input, sink)? };
        sink.looked(&input.seen(Place::Whole), Question::Processes, read.wholly, read.rows)
    }
}

fn is_json(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    (head.starts_with(b"[") && memchr::memmem::find(head, b"\"pid\"").is_some()) || head == b"null"
}

/// Whether the first line names the columns of Android's `ps`. That of other systems ends with `COMMAND`.
fn has_title(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_ascii_whitespace();
    words.clone().any(|word| word == "PID")
        && words.next_back().is_some_and(|word| matches!(word, "NAME" | "CMD"))
}

#[derive(Deserialize)]
struct Listed<'p> {
    #[serde(default)]
    pid: Option<u64>,
    #[serde(default)]
    uid: Option<i64>,
    #[serde(borrow, default)]
    filename: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    path: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    command_line: Option<Vec<Cow<'p, str>>>,
}

fn read_list(input: &Input<'_>, sink: &mut dyn FactSink) -> ControlFlow<(), Read> {
    let mut told = 0_u64;
    rows::each(input, &SHAPE, sink, &mut |seen, bytes, sink| {
        let Ok(listed) = serde_json::from_slice::<Listed<'_>>(bytes) else {
            return ControlFlow::Continue(Taken::Broken);
        };
        let short = listed.filename.as_deref().unwrap_or_default();
        let short = short.trim_start_matches('(').trim_end_matches(')');
        let path = listed.path.as_deref().unwrap_or_default();
        let command = listed.command_line.as_deref().and_then(<[_]>::first).map_or("", |first| &**first);
        let name = [command, path, short].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let user = listed.uid.map(|uid| uid.to_string()).unwrap_or_default();
        told = told.saturating_add(1);
        let one = One { name, user: &user, number: listed.pid.unwrap_or(0), seen };
        one.tell(told, sink)?;
        for other in [path, short].into_iter().filter(|other| !other.is_empty() && *other != name) {
            one.trace(other, sink)?;
        }
        ControlFlow::Continue(Taken::Kept)
    })
}

/// Where the columns are that matter.
struct Columns {
    user: usize,
    number: usize,
}

impl Columns {
    fn of(title: &str) -> Option<Self> {
        let at = |names: &[&str]| title.split_ascii_whitespace().position(|word| names.contains(&word));
        Some(Self { user: at(&["USER", "UID"]).unwrap_or(0), number: at(&["PID"])? })
    }
}

fn read_lines(input: &Input<'_>, sink: &mut dyn FactSink) -> ControlFlow<(), Read> {
    let mut columns = None;
    let mut told = 0_u64;
    let read = each_line(input, "lines of ps", sink, &mut |seen, line, sink| {
        let Some(columns) = &columns else {
            columns = Columns::of(line);
            return Flow::Continue(());
        };
        let words: Vec<&str> = line.split_ascii_whitespace().take(64).collect();
        let number = words.get(columns.number).and_then(|word| word.parse::<u64>().ok());
        let (Some(number), Some(user)) = (number, words.get(columns.user)) else { return Flow::Continue(()) };
        let Some(name) = name_in(&words, columns) else { return Flow::Continue(()) };
        told = told.saturating_add(1);
        let name = name.trim_start_matches('[').trim_end_matches(']');
        One { name, user, number, seen }.tell(told, sink)
    })?;
    let wholly = if told == 0 { Wholly::No } else { read.wholly };
    ControlFlow::Continue(Read { rows: told, wholly })
}

/// The name in a line: it follows the state, a letter or two, which not every form has a title for.
fn name_in<'w>(words: &[&'w str], columns: &Columns) -> Option<&'w str> {
    let is_state = |word: &&str| {
        (1..=2).contains(&word.len()) && word.bytes().all(|byte| b"RSDTtZXIWLNs<+".contains(&byte))
    };
    let from = columns.number.saturating_add(2);
    let state = words.iter().skip(from).position(is_state).map(|at| at.saturating_add(from));
    let named = state.and_then(|state| words.get(state.saturating_add(1)));
    named.or_else(|| words.last()).copied()
}

/// One process.
struct One<'p> {
    name: &'p str,
    user: &'p str,
    number: u64,
    seen: &'p Seen,
}

impl One<'_> {
    fn tell(&self, told: u64, sink: &mut dyn FactSink) -> Flow {
        if self.name.is_empty() {
            return Flow::Continue(());
        }
        self.trace(self.name, sink)?;
        if told > MOST_TOLD {
            return Flow::Continue(());
        }
        let (name, user) = (clipped(self.name), clipped(self.user));
        sink.says(self.seen, Process { name, user, number: self.number })?;
        if is_odd(self.name) {
            let (name, what) = ("process-odd-path".to_owned(), clipped(self.name));
            sink.says(self.seen, Sign { name, app: None, what, at: None })?;
        }
        match app_of_process(clip(self.name)) {
            Some(id) => {
                let (id, says) = (id.to_owned(), AppSays::Ran(None));
                sink.says(self.seen, AppFact { id, user: user_number(self.user), says })
            }
            None => Flow::Continue(()),
        }
    }

    fn trace(&self, value: &str, sink: &mut dyn FactSink) -> Flow {
        let value = clip(value);
        let app = app_of_process(value);
        sink.trace(&Trace { kind: TraceKind::Process, value, at: None, app, seen: self.seen })
    }
}

/// Whether a program runs from where programs do not lie.
fn is_odd(name: &str) -> bool {
    const OWN: &str = "/data/local/tmp/collector";
    const ODD: &[&str] =
        &["/data/local/", "/sdcard/", "/storage/", "/data/media/", "/dev/", "/tmp/", "/mnt/", "/cache/"];
    name != OWN && ODD.iter().any(|folder| name.starts_with(folder))
}

/// The user of the phone in `u0_a123` or in the number of a user of the system.
fn user_number(user: &str) -> Option<u32> {
    if let Some((number, _)) = user.strip_prefix('u').and_then(|rest| rest.split_once('_')) {
        return number.parse().ok();
    }
    user.parse::<u32>().ok().map(|uid| uid / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_form_of_ps() {
        let title = "USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME";
        let name = |title: &str, line: &str| {
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            name_in(&words, &Columns::of(title).unwrap()).map(str::to_owned)
        };
        let whole = "u0_a12  9 1 68696   2864 SyS_epoll 0 S com.example.app:remote";
        let without = "u0_a12  9 1 68696   2864 0 S com.example.app:remote";
        for line in [whole, without] {
            assert_eq!(name(title, line).as_deref(), Some("com.example.app:remote"));
        }
        let old = "USER     PID   PPID  VSIZE  RSS     WCHAN    PC        NAME";
        let line = "u0_a12    200   2     0      0     c0054f2c 00000000 S com.example.app";
        assert_eq!(name(old, line).as_deref(), Some("com.example.app"));
        let label = format!("LABEL {title}");
        assert_eq!(name(&label, &format!("u:r:app:s0 {whole}")).as_deref(), Some("com.example.app:remote"));
    }

    #[test]
    fn users_of_the_phone() {
        assert_eq!(user_number("u10_a12"), Some(10));
        assert_eq!(user_number("1010123"), Some(10));
        assert_eq!(user_number("10123"), Some(0));
        assert_eq!(user_number("system"), None);
    }
}
