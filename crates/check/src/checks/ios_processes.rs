//! Processes that used the network, as the analysis of iOS summed them up a day:
//! `com.apple.osanalytics.addaily.plist`.
//!
//! `netUsageBaseline` names each process with the day of its count and bytes over Wi-Fi and mobile network.
//! As in mvt's `osanalytics_addaily` (2026-11). Deliberately not read: other counters of the file.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::lists::{self, Budget};
use crate::{
    About, AppFact, AppSays, Check, FactSink, Flow, Input, Platform, Question, Trace, TraceKind, Wholly,
};

/// `com.apple.osanalytics.addaily.plist`.
pub(crate) struct IosProcesses;

impl Check for IosProcesses {
    fn name(&self) -> &'static str {
        "ios_processes"
    }

    fn about(&self) -> About {
        About {
            title: "Processes that used the network (com.apple.osanalytics.addaily.plist)",
            platform: Platform::Ios,
            covers: "processes with bytes and day",
            leaves_out: "other counters of the file",
            answers: &[Question::Processes],
            source: "mvt osanalytics_addaily (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "com.apple.osanalytics.addaily.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            let expected = "a dictionary of counters";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        };
        // A phone that was just set up has no counts yet.
        let counts = top.get("netUsageBaseline").filter(|counts| counts.is_dictionary());
        let mut wholly = if counts.is_some_and(lists::is_cut) { Wholly::No } else { Wholly::Yes };
        let mut count = 0_u64;
        let mut budget = Budget::new(100_000);
        for (name, values) in counts.into_iter().flat_map(Value::pairs) {
            if !budget.take(values.members().unwrap_or(1).clamp(1, 10_000)) {
                wholly = Wholly::No;
                break;
            }
            count = count.saturating_add(1);
            let name = crate::database::clipped(&name);
            let seen = input.seen(file.place(values));
            let mut values = values.elements();
            let at = values.next().and_then(lists::time_of);
            let bytes = values.take(4).filter_map(Value::real).filter(|bytes| *bytes > 0.0).sum::<f64>();
            let trace =
                Trace { kind: TraceKind::Process, value: name, at: at.as_ref(), app: None, seen: &seen };
            sink.trace(&trace)?;
            // Names of apps have a dot; those of processes have none.
            if name.contains('.') && !name.contains('/') {
                sink.trace(&Trace { kind: TraceKind::AppMention, app: Some(name), ..trace })?;
                let says = AppSays::Traffic { bytes: whole(bytes), at: at.clone() };
                sink.says(&seen, AppFact::new(name, says))?;
            }
        }
        sink.looked(&input.seen(Place::Whole), Question::Processes, wholly, count)
    }
}

/// A count of bytes that was stored as a number with a point.
fn whole(bytes: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
    let bytes = bytes.clamp(0.0, 9e18) as u64;
    bytes
}
