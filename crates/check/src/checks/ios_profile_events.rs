//! When configuration profiles came and went: `MCProfileEvents.plist`.
//!
//! Each event names a profile, what was done with it, which process did it, and when. Names as in mvt's
//! `profile_events` (2026-11). Deliberately no judgement on who did it.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::lists::{self, Budget};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind, Wholly};

/// `MCProfileEvents.plist`.
pub(crate) struct IosProfileEvents;

/// Most events that are told.
const EVENTS_MOST: u64 = 5000;

impl Check for IosProfileEvents {
    fn name(&self) -> &'static str {
        "ios_profile_events"
    }

    fn about(&self) -> About {
        About {
            title: "When configuration profiles came and went (MCProfileEvents.plist)",
            platform: Platform::Ios,
            covers: "profile, operation, process and time of each event",
            leaves_out: "nothing",
            answers: &[Question::Profiles],
            source: "mvt profile_events (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "MCProfileEvents.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let list = file.list();
        let events = list.as_ref().and_then(PropertyList::top).and_then(|top| top.get("ProfileEvents"));
        let Some(events) = events.filter(|events| events.is_list()) else {
            let expected = "a list of events";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        };
        let mut budget = Budget::new(EVENTS_MOST);
        let mut wholly = if lists::is_cut(events) { Wholly::No } else { Wholly::Yes };
        let mut count = 0_u64;
        for event in events.elements() {
            if !lists::is_small_dictionary(event) {
                wholly = Wholly::No;
                continue;
            }
            for (id, what) in event.pairs() {
                if !budget.take(1) || !lists::is_small_dictionary(what) {
                    wholly = Wholly::No;
                    break;
                }
                count = count.saturating_add(1);
                let seen = input.seen(file.place(what));
                tell(crate::database::clipped(&id), what, &seen, sink)?;
            }
        }
        if wholly == Wholly::No {
            let expected = "fewer events, each a small dictionary";
            sink.trouble(&input.seen(Place::Whole), ProblemKind::Limit, expected, "the others")?;
        }
        sink.looked(&input.seen(file.place(events)), Question::Profiles, wholly, count)
    }
}

fn tell(id: &str, event: Value<'_>, seen: &crate::Seen, sink: &mut dyn FactSink) -> Flow {
    let member = |name: &str| {
        let key = event.pairs().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(key, _)| key);
        key.and_then(|key| event.get(&key))
    };
    let at = member("timestamp").and_then(lists::time_of);
    let process = member("process").and_then(lists::text_of);
    let operation = member("operation").and_then(lists::shown).unwrap_or_default();
    let trace = Trace { kind: TraceKind::Profile, value: id, at: at.as_ref(), app: None, seen };
    sink.trace(&trace)?;
    if let Some(process) = &process {
        sink.trace(&Trace { kind: TraceKind::Process, value: process, ..trace })?;
    }
    let by = process.map(|process| format!(" by {process}")).unwrap_or_default();
    let what = crate::database::clipped(&format!("{operation} {id}{by}")).to_owned();
    sink.says(seen, Sign { name: "profile-event".to_owned(), app: None, what, at })
}
