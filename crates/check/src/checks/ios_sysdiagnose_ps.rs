//! What was running when a sysdiagnose was made: `ps.txt`, and `ps_thread.txt` with the threads below.
//!
//! The output of `ps` with a line of headings; which columns there are changes (iOS 15: without `PRSNA` and
//! `F`), so they are found by their headings, and the command is the rest of the line (iOS 15 to 26, after
//! EC-DIGIT-CSIRC/sysdiagnose, 2026). Deliberately not read: memory, time and priority.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::database::clipped;
use crate::ios_paths::{Programs, program};
use crate::sysdiagnose::{each_line, is_in_root, made_of};
use crate::{About, Check, FactSink, Flow, Input, Platform, Process, Question, Wholly};

/// Running processes of a sysdiagnose.
pub(crate) struct IosSysdiagnosePs;

/// Most processes told of one file.
const PROCESSES_MOST: u64 = 20_000;

impl Check for IosSysdiagnosePs {
    fn name(&self) -> &'static str {
        "ios_sysdiagnose_ps"
    }

    fn about(&self) -> About {
        About {
            title: "Running processes of an iPhone (ps.txt)",
            platform: Platform::Ios,
            covers: "ps.txt, ps_thread.txt and psthread.txt of a sysdiagnose, iOS 15 to 26",
            leaves_out: "threads, memory, time, priority; the unified log (tracev3) is not read by any check",
            answers: &[Question::Processes, Question::SystemIntegrity],
            source: "EC-DIGIT-CSIRC/sysdiagnose, ps(1), public reports on odd paths (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        matches!(candidate.entry().name(), "ps.txt" | "ps_thread.txt" | "psthread.txt")
            && is_in_root(candidate)
            && Columns::of(&String::from_utf8_lossy(candidate.head())).is_some()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        // The same processes stand in both: told as facts once.
        let again = input.entry().is_some_and(|entry| entry.name() != "ps.txt")
            && input.tree.sibling(input.file, "ps.txt").is_some();
        let at = made_of(input);
        let (mut columns, mut programs, mut count, mut damaged) = (None, Programs::default(), 0_u64, 0_u64);
        let wholly = each_line(input, sink, &mut |line, seen, sink| {
            let Some(columns) = &columns else {
                columns = Columns::of(line);
                return Flow::Continue(());
            };
            // Lines of threads begin with a space.
            if line.is_empty() || line.starts_with([' ', '\t']) {
                return Flow::Continue(());
            }
            let Some(process) = columns.process(line) else {
                damaged = damaged.saturating_add(1);
                return Flow::Continue(());
            };
            count = count.saturating_add(1);
            programs.ran(&process.name, at.as_ref(), seen, sink)?;
            if again || count > PROCESSES_MOST {
                return Flow::Continue(());
            }
            sink.says(seen, process)
        })?;
        let whole = input.seen(Place::Whole);
        if damaged > 0 {
            sink.trouble(&whole, ProblemKind::Damaged, "lines with all columns", "the other lines")?;
        }
        let wholly = if count == 0 || damaged > 0 { Wholly::No } else { wholly };
        sink.looked(&whole, Question::Processes, wholly, count)?;
        sink.looked(&whole, Question::SystemIntegrity, wholly, count)
    }
}

/// Where the columns are.
struct Columns {
    user: Option<usize>,
    number: usize,
    command: usize,
}

impl Columns {
    /// By the first line of a text; none if it is no heading.
    fn of(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.lines().next()?.split_whitespace().take(40).collect();
        let find = |name: &str| words.iter().position(|word| *word == name);
        let (number, command) = (find("PID")?, find("COMMAND")?);
        (command.checked_add(1) == Some(words.len())).then(|| Self { user: find("USER"), number, command })
    }

    /// The process of a line.
    fn process(&self, line: &str) -> Option<Process> {
        let (mut rest, mut user, mut number) = (line, "", None);
        for column in 0..self.command {
            let word = rest.split_whitespace().next()?;
            if self.user == Some(column) {
                user = word;
            }
            if self.number == column {
                number = word.parse().ok();
            }
            rest = rest.trim_start().get(word.len()..)?;
        }
        let name = Some(program(rest)).filter(|name| !name.is_empty())?;
        Some(Process { name: clipped(name).to_owned(), user: clipped(user).to_owned(), number: number? })
    }
}
