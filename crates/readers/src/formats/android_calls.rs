//! Calls of Android phones: the table `calls` of `calllog.db` (Android 7 and later) and, before that, of
//! `contacts2.db`, which the reader of contacts claims and reads with what stands here.
//!
//! Numbers after android.provider.CallLog (Android 14); columns are looked up by name. Deliberately not read:
//! Samsung's `logs.db`, deleted rows in free pages.

use std::ops::ControlFlow;

use model::record::{Call, CallMedium, FileNumber, Party, Place, Record, What};
use source::tree::Candidate;
use sqlite::{Row, Table};

use crate::database::{self, Became};
use crate::tables::{self, Gaps, Kept, Tables, shown, text, unix_ms};
use crate::{About, Claim, Flow, Format, Input, Sink, telephony};

/// `calllog.db`.
pub(crate) struct AndroidCalls;

/// Columns that are kept as they are.
const KEPT: &[&str] = &[
    "type",
    "presentation",
    "features",
    "post_dial_digits",
    "via_number",
    "subscription_id",
    "subscription_component_name",
    "phone_account_address",
    "simid",
    "sim_id",
    "countryiso",
    "geocoded_location",
    "numbertype",
    "numberlabel",
    "normalized_number",
    "formatted_number",
    "voicemail_uri",
    "transcription",
    "deleted",
    "block_reason",
    "missed_reason",
    "call_screening_app_name",
    "call_screening_component_name",
    "subject",
    "location",
    "priority",
];

impl Format for AndroidCalls {
    fn name(&self) -> &'static str {
        "android_calls"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Calls of Android phones (calllog.db)",
            covers: "the table calls of Android 4 to 14: direction, outcome, video, SIM, place, hidden \
                     numbers, voicemail and what it says",
            leaves_out: "Samsung's logs.db; deleted rows in free pages",
            source: "android.provider.CallLog of the Android Open Source Project; public descriptions",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        tables::recognise(candidate, &["calllog.db"], "voicemail_status", &["calls"])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let mut tables = Tables::new(&database, input.file, sink)?;
        calls(input.file, &mut tables, sink)?;
        tables.finish(&["android_metadata", "properties", "voicemail_status"], sink)
    }
}

/// Reads the table of calls of a database that has one.
pub(super) fn calls(file: FileNumber, tables: &mut Tables<'_>, sink: &mut dyn Sink) -> Flow {
    let Some(table) = tables.take("calls") else { return Flow::Continue(()) };
    let kept = Kept::of(table, KEPT);
    let mut gaps = Gaps::new(file, "calls");
    tables.each(table, sink, |row, part, sink| {
        gaps.seen(row.rowid(), sink)?;
        let mut call = call(table, row);
        kept.add(row, &mut call.extra);
        let place = Place::row("calls", row.rowid());
        sink.record(Record { file, place, part, what: What::Call(Box::new(call)) })?;
        ControlFlow::Continue(Became::Record)
    })?;
    gaps.finish(tables.database, sink)
}

fn call(table: &Table, row: &Row<'_>) -> Call {
    let column = |name: &str| table.column(name);
    let seconds = row.integer(column("duration")).and_then(|seconds| u64::try_from(seconds).ok());
    let kind = row.integer(column("type"));
    let (direction, outcome) = telephony::call(kind, seconds);
    // A hidden number is stored as -1, -2 or nothing; `presentation` says why.
    let number = shown(row.get(column("number"))).filter(|number| !["-1", "-2", "-3"].contains(&&**number));
    let name = text(row, column("name"));
    let features = row.integer(column("features"));
    let component = text(row, column("subscription_component_name"));
    let package = component.as_deref().and_then(|component| component.split('/').next());
    Call {
        app: match package {
            None | Some("" | "com.android.phone" | "com.android.server.telecom") => "phone".to_owned(),
            Some(other) => other.to_owned(),
        },
        direction,
        others: if number.is_some() || name.is_some() {
            vec![Party { id: number, name }]
        } else {
            Vec::new()
        },
        began: unix_ms(row.get(column("date"))),
        duration_seconds: seconds,
        outcome,
        medium: match features {
            Some(features) if features & 1 != 0 => CallMedium::Video,
            Some(_) => CallMedium::Voice,
            None => CallMedium::Unknown,
        },
        ..Call::default()
    }
}
