//! Services of an iPhone and where their programs lie: `launchctl-*.txt` of a sysdiagnose.
//!
//! `launchctl list` is a table `PID Status Label`; `launchctl dumpstate` and `print` have blocks with
//! `path = …` of the description and `program = …` of each service (iOS 13 to 26, launchctl(1)). Apps that
//! run are services too: `UIKitApplication:com.example.app[0a1b][rb-legacy]`. Deliberately not read: states,
//! limits.

use model::record::Place;
use source::tree::Candidate;

use crate::ios_paths::Programs;
use crate::sysdiagnose::{each_line, is_in_root, made_of};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Trace, TraceKind, Wholly};

/// Services of a sysdiagnose.
pub(crate) struct IosServices;

impl Check for IosServices {
    fn name(&self) -> &'static str {
        "ios_services"
    }

    fn about(&self) -> About {
        About {
            title: "Services of an iPhone (launchctl)",
            platform: Platform::Ios,
            covers: "names and paths of services, and apps that run; launchctl-*.txt, iOS 13 to 26",
            leaves_out: "states, limits, connections",
            answers: &[Question::Processes, Question::SystemIntegrity],
            source: "launchctl(1), public write-ups on sysdiagnose (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        entry.name().starts_with("launchctl") && entry.extension() == "txt" && is_in_root(candidate)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let at = made_of(input);
        let (mut programs, mut count, mut table) = (Programs::default(), 0_u64, false);
        let wholly = each_line(input, sink, &mut |line, seen, sink| {
            let line = line.trim();
            if let Some(program) = line.strip_prefix("program = ") {
                count = count.saturating_add(1);
                return programs.ran(program.trim(), at.as_ref(), seen, sink);
            }
            if let Some(path) = line.strip_prefix("path = ") {
                return programs.loaded(path.trim(), at.as_ref(), seen, sink);
            }
            let mut words = line.split_whitespace();
            let row = (words.next(), words.next(), words.next());
            table |= row == (Some("PID"), Some("Status"), Some("Label"));
            let (Some(_), Some(_), Some(label)) = row else { return Flow::Continue(()) };
            if !table || label == "Label" {
                return Flow::Continue(());
            }
            count = count.saturating_add(1);
            if let Some(app) = label.strip_prefix("UIKitApplication:") {
                let value = app.split('[').next().unwrap_or(app);
                let kind = TraceKind::AppMention;
                return sink.trace(&Trace { kind, value, at: at.as_ref(), app: Some(value), seen });
            }
            programs.ran(label, at.as_ref(), seen, sink)
        })?;
        let whole = input.seen(Place::Whole);
        let wholly = if count == 0 { Wholly::No } else { wholly };
        sink.looked(&whole, Question::Processes, wholly, count)?;
        sink.looked(&whole, Question::SystemIntegrity, wholly, count)
    }
}
