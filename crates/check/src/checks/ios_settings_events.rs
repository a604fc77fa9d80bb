//! Who changed what an iPhone's owner may do, and when: `MCSettingsEvents.plist`.
//!
//! Nested dictionaries by the name of a setting, at the end of each one with `event`, `process` and
//! `timestamp` (EC-DIGIT-CSIRC/sysdiagnose, 2026; iOS 13 to 26), in a sysdiagnose below `logs/MCState/` and
//! in a backup beside the profiles. Deliberately no values: they stand in other files.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::database::clipped;
use crate::ios_paths::Programs;
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Setting, Wholly, lists};

/// `MCSettingsEvents.plist`.
pub(crate) struct IosSettingsEvents;

/// Deepest nesting, and most dictionaries that are gone through.
const DEPTH_MOST: usize = 8;
const DICTIONARIES_MOST: usize = 20_000;

impl Check for IosSettingsEvents {
    fn name(&self) -> &'static str {
        "ios_settings_events"
    }

    fn about(&self) -> About {
        About {
            title: "Who changed restrictions, and when (MCSettingsEvents.plist)",
            platform: Platform::Ios,
            covers: "each setting that a profile, a management or the system changed, iOS 13 to 26",
            leaves_out: "the values",
            answers: &[Question::Profiles],
            source: "EC-DIGIT-CSIRC/sysdiagnose mcsettingsevents (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "MCSettingsEvents.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a dictionary of settings", "");
        };
        let mut events = Events { programs: Programs::default(), gone_through: 0, count: 0, cut: false };
        let mut open: Vec<(String, Value<'_>, usize)> = vec![(String::new(), top, 0)];
        while let Some((name, value, depth)) = open.pop() {
            events.gone_through = events.gone_through.saturating_add(1);
            if events.gone_through > DICTIONARIES_MOST || depth > DEPTH_MOST {
                events.cut = true;
                continue;
            }
            if lists::time(value, "timestamp").is_some() {
                events.tell(&name, value, &input.seen(file.place(value)), sink)?;
                continue;
            }
            let room = DICTIONARIES_MOST.saturating_sub(open.len());
            let inner = value.pairs().filter(|(_, value)| value.is_dictionary()).take(room);
            let joined = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
            let below: Vec<_> = inner
                .map(|(key, value)| (clipped(&joined(&key)).to_owned(), value, depth.saturating_add(1)))
                .collect();
            open.extend(below.into_iter().rev());
        }
        if events.cut {
            let expected = "fewer settings, nested less deep";
            sink.trouble(&whole, ProblemKind::Limit, expected, "those that came first")?;
        }
        let wholly = if events.cut { Wholly::No } else { Wholly::Yes };
        sink.looked(&whole, Question::Profiles, wholly, events.count)
    }
}

struct Events {
    programs: Programs,
    gone_through: usize,
    count: u64,
    cut: bool,
}

impl Events {
    fn tell(&mut self, name: &str, event: Value<'_>, seen: &crate::Seen, sink: &mut dyn FactSink) -> Flow {
        self.count = self.count.saturating_add(1);
        let at = lists::time(event, "timestamp");
        let process = lists::text(event, "process").unwrap_or_default();
        self.programs.ran(&process, at.as_ref(), seen, sink)?;
        let what = lists::text(event, "event").unwrap_or_default();
        let when = at.and_then(|at| at.first_ms).and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        let when = when.map(|when| when.to_string()).unwrap_or_default();
        let value = format!("{when} {what} {process}");
        let (space, value) = ("settings-event".to_owned(), clipped(value.trim()).to_owned());
        sink.says(seen, Setting { space, name: name.to_owned(), value })
    }
}
