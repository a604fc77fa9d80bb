//! Keyboards of other makers on an iPhone: `AppleKeyboards` in `.GlobalPreferences.plist`.
//!
//! Keyboards of the system are named by language (`de_DE@sw=QWERTZ;hw=Automatic`, `emoji@sw=Emoji`), those of
//! apps by the identifier of their extension. Whether one may send what is typed stands in the permissions
//! (`kTCCServiceKeyboardNetwork`). Form as in public backups of iOS 8 to 26 (2026-11).

use model::record::{Place, ProblemKind};
use source::property_list::PropertyList;
use source::tree::Candidate;

use crate::{
    About, AppFact, AppSays, Check, FactSink, Flow, Input, Platform, Question, ServiceState, Trace,
    TraceKind, Wholly, lists,
};

/// `AppleKeyboards` in `.GlobalPreferences.plist`.
pub(crate) struct IosKeyboards;

/// Most keyboards.
const KEYBOARDS_MOST: usize = 1000;

impl Check for IosKeyboards {
    fn name(&self) -> &'static str {
        "ios_keyboards"
    }

    fn about(&self) -> About {
        About {
            title: "Keyboards of other makers (.GlobalPreferences.plist)",
            platform: Platform::Ios,
            covers: "keyboards that are switched on",
            leaves_out: "whether one may send what is typed: that stands in the permissions",
            answers: &[Question::InputAndOverlay],
            source: "public backups (2026)",
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
        let Some(keyboards) = top.get("AppleKeyboards").filter(|keyboards| keyboards.is_list()) else {
            return Flow::Continue(());
        };
        let mut count = 0_u64;
        for id in keyboards.elements().take(KEYBOARDS_MOST).filter_map(lists::text_of) {
            if id.contains('@') || !id.contains('.') {
                continue;
            }
            count = count.saturating_add(1);
            let kind = TraceKind::AppMention;
            sink.trace(&Trace { kind, value: &id, at: None, app: Some(&id), seen: &seen })?;
            let says = AppSays::InputMethod { component: id.clone(), state: ServiceState::Enabled };
            sink.says(&seen, AppFact::new(&id, says))?;
        }
        let is_cut = keyboards.members().is_some_and(|members| members > KEYBOARDS_MOST as u64);
        let wholly = if is_cut { Wholly::No } else { Wholly::Yes };
        sink.looked(&seen, Question::InputAndOverlay, wholly, count)
    }
}
