//! Apps and programs that an iPhone's power log names: `powerlog_*.PLSQL` and `CurrentPowerlog.PLSQL`.
//!
//! A database with hundreds of tables `PLAgent_EventType_Name`; read are the list of all apps with what was
//! deleted, the programs that used power, and who used location and camera. The clock of the log runs
//! ahead of or behind that of the phone; `PLStorageOperator_EventForward_TimeOffset` says by how much
//! (APOLLO, S. Edwards; iLEAPP; EC-DIGIT-CSIRC/sysdiagnose, 2026; iOS 12 to 26). Deliberately not read:
//! battery, screen, networks. The log holds three days, its archive of packed files about a month.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use model::record::{Place, Precision, TimeReading};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Database, Row, Table};

use crate::database::{self, both, text};
use crate::ios_paths::Programs;
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, FactSink, Flow, Input, Platform, Question, Seen, Trace,
    TraceKind, Use, UseKind, Wholly,
};

/// The power log.
pub(crate) struct IosPowerlog;

/// Most apps that are remembered.
const APPS_MOST: usize = 50_000;

/// Tables with programs, and the columns that name one.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("PLProcessMonitorAgent_EventForward_ProcessID", &["ProcessName"]),
    ("PLProcessMonitorAgent_EventPoint_ProcessExit", &["ProcessName"]),
    ("PLProcessNetworkAgent_EventInterval_UsageDiff", &["ProcessName"]),
    ("PLCoalitionAgent_EventInterval_CoalitionInterval", &["LaunchdName"]),
    ("PLLocationAgent_EventForward_ClientStatus", &["Executable"]),
];

/// Tables with apps, and the columns that name one.
const MENTIONS: &[(&str, &[&str])] = &[
    ("PLCoalitionAgent_EventInterval_CoalitionInterval", &["BundleId"]),
    ("PLAppTimeService_Aggregate_AppRunTime", &["BundleID"]),
    ("PLApplicationAgent_EventForward_Application", &["identifier"]),
    ("PLProcessNetworkAgent_EventInterval_UsageDiff", &["BundleName"]),
];

/// Tables that tell who used something, and the columns that name an app.
const USES: &[(&str, &[&str], UseKind)] = &[
    ("PLLocationAgent_EventForward_ClientStatus", &["BundleId", "Client"], UseKind::Location),
    ("PLCameraAgent_EventForward_BackCamera", &["bundleId", "BundleId"], UseKind::Camera),
    ("PLCameraAgent_EventForward_FrontCamera", &["bundleId", "BundleId"], UseKind::Camera),
    ("PLCameraAgent_EventForward_Camera", &["bundleId", "BundleId", "Client"], UseKind::Camera),
];

const OFFSETS: &str = "PLStorageOperator_EventForward_TimeOffset";
const APPS: &str = "PLApplicationAgent_EventNone_AllApps";

impl Check for IosPowerlog {
    fn name(&self) -> &'static str {
        "ios_powerlog"
    }

    fn about(&self) -> About {
        About {
            title: "Apps and programs in the power log (.PLSQL)",
            platform: Platform::Ios,
            covers: "all apps with what was deleted, programs, who used location and camera; iOS 12 to 26",
            leaves_out: "battery, screen, networks; deleted rows in free pages",
            answers: &[Question::Apps, Question::RemovedApps, Question::SensorUse, Question::Processes],
            source: "APOLLO, iLEAPP, EC-DIGIT-CSIRC/sysdiagnose (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().extension() == "plsql" && candidate.is_sqlite()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let wholly = database::condition(&database, input.file, sink)?;
        let mut log = Log { input, database: &database, offset_seconds: 0.0 };
        log.offset_seconds = log.offset(sink)?;
        let whole = input.seen(Place::Whole);
        if let Some((rows, read)) = log.apps(sink)? {
            sink.looked(&whole, Question::Apps, both(wholly, read), rows)?;
            sink.looked(&whole, Question::RemovedApps, both(wholly, read), rows)?;
        }
        if let Some((rows, read)) = log.programs(sink)? {
            sink.looked(&whole, Question::Processes, both(wholly, read), rows)?;
        }
        log.mentions(sink)?;
        match log.uses(sink)? {
            Some((rows, read)) => sink.looked(&whole, Question::SensorUse, both(wholly, read), rows),
            None => Flow::Continue(()),
        }
    }
}

/// How many rows, if there was a table at all, and whether all could be read.
type Rows = ControlFlow<(), Option<(u64, Wholly)>>;

struct Log<'l> {
    input: &'l Input<'l>,
    database: &'l Database,
    /// What must be added to a time.
    offset_seconds: f64,
}

/// What hears of each name, with time and place.
type HearsName<'h> = dyn FnMut(&str, Option<&TimeReading>, &Seen, &mut dyn FactSink) -> Flow + 'h;

/// What hears of each row.
type Hears<'h> = dyn FnMut(&Row<'_>, &Seen, &mut dyn FactSink) -> Flow + 'h;

impl Log<'_> {
    fn each(
        &self,
        table: &Table,
        sink: &mut dyn FactSink,
        hears: &mut Hears<'_>,
    ) -> ControlFlow<(), (u64, Wholly)> {
        let read = database::each_row((self.database, table, self.input.file), sink, &mut |row, sink| {
            hears(row, &self.input.seen(Place::row(table.name(), row.rowid())), sink)
        })?;
        ControlFlow::Continue((read.rows, read.wholly))
    }

    /// By how much the clock was off when it was last looked at.
    fn offset(&self, sink: &mut dyn FactSink) -> ControlFlow<(), f64> {
        let Some(table) = self.database.table(OFFSETS) else { return ControlFlow::Continue(0.0) };
        let (mut offset, column) = (0.0, table.column("system"));
        self.each(table, sink, &mut |row, _, _| {
            offset = row.real(column).filter(|seconds| seconds.is_finite()).unwrap_or(offset);
            Flow::Continue(())
        })?;
        ControlFlow::Continue(offset)
    }

    fn time(&self, row: &Row<'_>, column: Option<ColumnNumber>) -> Option<TimeReading> {
        let raw = row.real(column).filter(|seconds| *seconds > 0.0)?;
        let seconds = raw + self.offset_seconds;
        #[expect(clippy::cast_possible_truncation, reason = "within the years that can be shown")]
        let ms = (seconds.abs() < 253_402_300_800.0).then(|| (seconds * 1000.0).round() as i64);
        Some(TimeReading::utc(raw.to_string(), ms, Precision::Second))
    }

    /// The list of all apps. It is written anew from time to time: the last row of an app counts.
    fn apps(&self, sink: &mut dyn FactSink) -> Rows {
        let Some(table) = self.database.table(APPS) else { return Rows::Continue(None) };
        let column = |name| table.column(name);
        let (id, name, version) = (column("AppBundleId"), column("AppName"), column("AppBundleVersion"));
        let (deleted, added) = (column("AppDeletedDate"), column("AppIs3rdParty"));
        let mut apps: BTreeMap<String, (Seen, Vec<AppSays>)> = BTreeMap::new();
        let read = self.each(table, sink, &mut |row, seen, _| {
            let Some(id) = text(row, id) else { return Flow::Continue(()) };
            if apps.len() >= APPS_MOST && !apps.contains_key(&id) {
                return Flow::Continue(());
            }
            let origin = match row.integer(added) {
                Some(0) => AppOrigin::Factory,
                Some(_) => AppOrigin::Added,
                None => AppOrigin::Untold,
            };
            let state = match self.time(row, deleted) {
                Some(at) => AppSays::Removed(Some(at)),
                None => AppSays::Installed(origin),
            };
            let says =
                [Some(state), text(row, name).map(AppSays::Name), text(row, version).map(AppSays::Version)];
            apps.insert(id, (seen.clone(), says.into_iter().flatten().collect()));
            Flow::Continue(())
        })?;
        let full = apps.len() >= APPS_MOST;
        for (id, (seen, says)) in apps {
            let (kind, value) = (TraceKind::AppMention, id.as_str());
            sink.trace(&Trace { kind, value, at: None, app: Some(value), seen: &seen })?;
            for says in says {
                sink.says(&seen, AppFact::new(&id, says))?;
            }
        }
        let (rows, wholly) = read;
        Rows::Continue(Some((rows, if full { Wholly::No } else { wholly })))
    }

    fn programs(&self, sink: &mut dyn FactSink) -> Rows {
        let mut programs = Programs::default();
        self.every(PROGRAMS, sink, &mut |name, at, seen, sink| programs.ran(name, at, seen, sink))
    }

    fn mentions(&self, sink: &mut dyn FactSink) -> Rows {
        let mut told = BTreeSet::new();
        self.every(MENTIONS, sink, &mut |id, at, seen, sink| {
            if told.len() >= APPS_MOST || !told.insert(id.to_owned()) {
                return Flow::Continue(());
            }
            sink.trace(&Trace { kind: TraceKind::AppMention, value: id, at, app: Some(id), seen })
        })
    }

    /// What stands in these columns of these tables, with time and place.
    fn every(&self, tables: &[(&str, &[&str])], sink: &mut dyn FactSink, hears: &mut HearsName<'_>) -> Rows {
        let mut all = None;
        for (name, columns) in tables {
            let Some(table) = self.database.table(name) else { continue };
            let (time, columns) = (table.column("timestamp"), found(table, columns));
            let (rows, wholly) = self.each(table, sink, &mut |row, seen, sink| {
                let Some(value) = columns.iter().find_map(|column| text(row, Some(*column))) else {
                    return Flow::Continue(());
                };
                hears(&value, self.time(row, time).as_ref(), seen, sink)
            })?;
            let (before, so_far) = all.unwrap_or((0_u64, Wholly::Yes));
            all = Some((before.saturating_add(rows), both(so_far, wholly)));
        }
        Rows::Continue(all)
    }

    /// Who used something last when.
    fn uses(&self, sink: &mut dyn FactSink) -> Rows {
        let mut all = None;
        for (name, columns, kind) in USES {
            let mut last: BTreeMap<String, (Option<TimeReading>, Seen)> = BTreeMap::new();
            let read = self.every(&[(name, columns)], sink, &mut |id, at, seen, _| {
                let ms = |at: &Option<TimeReading>| at.as_ref().and_then(|at| at.first_ms);
                let at = at.cloned();
                let later = last.get(id).is_none_or(|(kept, _)| ms(kept) <= ms(&at));
                if later && (last.len() < APPS_MOST || last.contains_key(id)) {
                    last.insert(id.to_owned(), (at, seen.clone()));
                }
                Flow::Continue(())
            })?;
            let Some((rows, wholly)) = read else { continue };
            for (id, (at, seen)) in last {
                let used = Use { kind: *kind, name: (*name).to_owned(), at, background: None };
                sink.says(&seen, AppFact::new(&id, AppSays::Used(used)))?;
            }
            let (before, so_far) = all.unwrap_or((0_u64, Wholly::Yes));
            all = Some((before.saturating_add(rows), both(so_far, wholly)));
        }
        Rows::Continue(all)
    }
}

/// The columns of these that a table has.
fn found(table: &Table, names: &[&str]) -> Vec<ColumnNumber> {
    names.iter().filter_map(|name| table.column(name)).collect()
}
