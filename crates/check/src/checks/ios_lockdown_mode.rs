//! Whether lockdown mode is on: `.GlobalPreferences.plist`.
//!
//! `LDMGlobalEnabled`, since iOS 16; a phone on which it was never switched on may lack it, and then nothing
//! is said. As in mvt's `global_preferences` (2026-11). Deliberately not read: languages and keyboards.

use model::record::{Place, ProblemKind};
use source::property_list::PropertyList;
use source::tree::Candidate;

use crate::{About, Check, FactSink, Flow, Input, Platform, Sign, lists};

/// `.GlobalPreferences.plist`.
pub(crate) struct IosLockdownMode;

impl Check for IosLockdownMode {
    fn name(&self) -> &'static str {
        "ios_lockdown_mode"
    }

    fn about(&self) -> About {
        About {
            title: "Lockdown mode (.GlobalPreferences.plist)",
            platform: Platform::Ios,
            covers: "LDMGlobalEnabled of iOS 16 and later",
            leaves_out: "all other settings",
            answers: &[],
            source: "mvt global_preferences (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == ".GlobalPreferences.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        let name = match lists::truth(top, "LDMGlobalEnabled") {
            Some(true) => "lockdown-mode-on",
            Some(false) => "lockdown-mode-off",
            None => return Flow::Continue(()),
        };
        let (name, what) = (name.to_owned(), "LDMGlobalEnabled".to_owned());
        sink.says(&seen, Sign { name, app: None, what, at: None })
    }
}
