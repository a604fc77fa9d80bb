//! Processes with their network traffic: `DataUsage.sqlite`, and `netusage.sqlite` of whole file systems.
//!
//! Core Data stores: `ZPROCESS` names each process with first and last use, `ZLIVEUSAGE` counts bytes. A
//! count whose process is gone was wiped by somebody: the system does not do that (Amnesty International,
//! forensic methodology report, 2021). Missing numbers between processes are told as ranges; they arise in
//! ordinary use too. As in mvt's `net_base` (2026-11). Deliberately not read: deleted rows.

use std::collections::BTreeMap;

use model::record::{Place, ProblemKind, TimeReading};
use source::tree::Candidate;
use sqlite::{Database, Row};

use crate::database::{self, apple_time, text};
use crate::{
    About, AppFact, AppSays, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind, Wholly,
};

/// `DataUsage.sqlite` and `netusage.sqlite`.
pub(crate) struct IosDataUsage;

/// Most processes that are kept, and most signs of one sort.
const PROCESSES_MOST: usize = 200_000;
const SIGNS_MOST: usize = 500;

impl Check for IosDataUsage {
    fn name(&self) -> &'static str {
        "ios_data_usage"
    }

    fn about(&self) -> About {
        About {
            title: "Processes with their network traffic (DataUsage.sqlite, netusage.sqlite)",
            platform: Platform::Ios,
            covers: "processes and apps with first and last use and bytes; processes that were wiped; gaps \
                in \
                     their numbers",
            leaves_out: "deleted rows; where the data went",
            answers: &[Question::Processes],
            source: "mvt net_base; Amnesty International, forensic methodology report (2021)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, &["DataUsage.sqlite", "netusage.sqlite"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let wholly = database::condition(&database, input.file, sink)?;
        let mut usage = Usage { input, database: &database, wholly, processes: BTreeMap::new() };
        if database.table("ZPROCESS").is_none() {
            let expected = "a table ZPROCESS";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        }
        usage.processes(sink)?;
        let wiped = usage.counts(sink)?;
        usage.tell(sink)?;
        usage.wiped(&wiped, sink)?;
        // Rows that could not be read leave gaps that nobody made.
        if usage.wholly == Wholly::Yes {
            usage.gaps(sink)?;
        }
        let count = usage.processes.len() as u64;
        sink.looked(&input.seen(Place::Whole), Question::Processes, usage.wholly, count)
    }
}

/// A process.
struct Process {
    name: String,
    bundle: Option<String>,
    first: Option<TimeReading>,
    last: Option<TimeReading>,
    bytes: u64,
}

struct Usage<'u> {
    input: &'u Input<'u>,
    database: &'u Database,
    wholly: Wholly,
    processes: BTreeMap<i64, Process>,
}

/// Numbers of processes that are gone, with the time of a count that names them.
type Wiped = BTreeMap<i64, (i64, Option<TimeReading>)>;

impl Usage<'_> {
    fn processes(&mut self, sink: &mut dyn FactSink) -> Flow {
        let Some(table) = self.database.table("ZPROCESS") else { return Flow::Continue(()) };
        let column = |name| table.column(name);
        let (name, bundle) = (column("ZPROCNAME"), column("ZBUNDLENAME"));
        let (first, last) = (column("ZFIRSTTIMESTAMP"), column("ZTIMESTAMP"));
        let processes = &mut self.processes;
        let mut is_full = false;
        let read = database::each_row((self.database, table, self.input.file), sink, &mut |row, _| {
            if processes.len() >= PROCESSES_MOST {
                is_full = true;
                return Flow::Continue(());
            }
            let (first, last) = (apple_time(row, first), apple_time(row, last));
            let name = text(row, name).unwrap_or_default();
            let process = Process { name, bundle: text(row, bundle), first, last, bytes: 0 };
            processes.insert(row.rowid(), process);
            Flow::Continue(())
        })?;
        if is_full {
            self.wholly = Wholly::No;
        }
        self.wholly = database::both(self.wholly, read.wholly);
        Flow::Continue(())
    }

    /// Adds up the counts; gives those whose process is gone.
    fn counts(&mut self, sink: &mut dyn FactSink) -> std::ops::ControlFlow<(), Wiped> {
        let mut wiped = Wiped::new();
        let Some(table) = self.database.table("ZLIVEUSAGE") else {
            return std::ops::ControlFlow::Continue(wiped);
        };
        let process = table.column("ZHASPROCESS");
        let at = table.column("ZTIMESTAMP");
        let bytes = ["ZWIFIIN", "ZWIFIOUT", "ZWWANIN", "ZWWANOUT"].map(|name| table.column(name));
        let processes = &mut self.processes;
        let sum = |row: &Row<'_>| {
            let each = bytes.iter().filter_map(|column| row.real(*column)).filter(|bytes| *bytes > 0.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to what fits"
            )]
            let sum = each.sum::<f64>().clamp(0.0, 9e18) as u64;
            sum
        };
        let read = database::each_row((self.database, table, self.input.file), sink, &mut |row, _| {
            let Some(number) = row.integer(process) else { return Flow::Continue(()) };
            if let Some(process) = processes.get_mut(&number) {
                process.bytes = process.bytes.saturating_add(sum(row));
            } else if wiped.len() < SIGNS_MOST {
                wiped.entry(number).or_insert_with(|| (row.rowid(), apple_time(row, at)));
            }
            Flow::Continue(())
        })?;
        self.wholly = database::both(self.wholly, read.wholly);
        std::ops::ControlFlow::Continue(wiped)
    }

    fn tell(&self, sink: &mut dyn FactSink) -> Flow {
        for (number, process) in &self.processes {
            let seen = self.input.seen(Place::row("ZPROCESS", *number));
            let at = process.last.as_ref().or(process.first.as_ref());
            let app = process.bundle.as_deref();
            let trace = Trace { kind: TraceKind::Process, value: &process.name, at, app, seen: &seen };
            sink.trace(&trace)?;
            // The part behind a slash is the process of an app or extension.
            let parts = process.name.split('/').filter(|part| !part.is_empty() && *part != process.name);
            for value in parts.take(8) {
                sink.trace(&Trace { value, ..trace })?;
            }
            if let Some(id) = app {
                sink.trace(&Trace { kind: TraceKind::AppMention, value: id, ..trace })?;
                let says = AppSays::Traffic { bytes: process.bytes, at: at.cloned() };
                sink.says(&seen, AppFact::new(id, says))?;
            }
        }
        Flow::Continue(())
    }

    fn wiped(&self, wiped: &Wiped, sink: &mut dyn FactSink) -> Flow {
        if self.wholly == Wholly::No {
            return Flow::Continue(());
        }
        for (number, (row, at)) in wiped {
            let seen = self.input.seen(Place::row("ZLIVEUSAGE", *row));
            let what = format!("process {number}");
            let name = "process-entry-wiped".to_owned();
            sink.says(&seen, Sign { name, app: None, what, at: at.clone() })?;
        }
        Flow::Continue(())
    }

    /// Numbers that are missing between two processes.
    fn gaps(&self, sink: &mut dyn FactSink) -> Flow {
        let mut told = 0_usize;
        let mut before: Option<(i64, &Process)> = None;
        for (number, process) in &self.processes {
            if let Some((last, prior)) = before
                && let Some(first) = last.checked_add(1).filter(|first| first < number)
                && told < SIGNS_MOST
            {
                told = told.saturating_add(1);
                let end = number.saturating_sub(1);
                let missing = if first == end { format!("{first}") } else { format!("{first} to {end}") };
                let what = format!("numbers {missing} after {}", prior.name);
                let seen = self.input.seen(Place::row("ZPROCESS", *number));
                let at = prior.first.clone();
                sink.says(&seen, Sign { name: "process-number-gap".to_owned(), app: None, what, at })?;
            }
            before = Some((*number, process));
        }
        Flow::Continue(())
    }
}
