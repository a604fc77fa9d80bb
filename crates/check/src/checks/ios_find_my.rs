//! Whether the phone can be found: settings of "Find My" in a backup.
//!
//! `FMIPStateInfo.plist` says whether "Find My iPhone" is on and whether the phone is marked as lost;
//! `com.apple.icloud.searchpartyd.plist` says the same for the network of devices. Names from backups of
//! iOS 15 to 27 (public handbook of iOS forensics, 2026-11). With whom the location is shared stands in no
//! backup in the clear; see `ios_id_status` for what is left of it.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::{Candidate, Entry};

use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Setting, Sign, Wholly, lists};

/// Settings of "Find My".
pub(crate) struct IosFindMy;

/// The files, and the member that says that the phone can be found.
const FILES: &[(&str, &str)] = &[
    ("FMIPStateInfo.plist", "fmipActive"),
    ("com.apple.icloud.searchpartyd.plist", "FMIPStateManager.fmipState"),
];

impl Check for IosFindMy {
    fn name(&self) -> &'static str {
        "ios_find_my"
    }

    fn about(&self) -> About {
        About {
            title: "Find My iPhone (FMIPStateInfo.plist, com.apple.icloud.searchpartyd.plist)",
            platform: Platform::Ios,
            covers: "whether it is on, and the mark of a lost phone",
            leaves_out: "with whom the location is shared: no backup has it in the clear",
            answers: &[Question::LocationSharing],
            source: "public handbook of iOS forensics (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        FILES.iter().any(|(known, _)| *known == name)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        let name = input.entry().map(Entry::name).unwrap_or_default();
        let Some((_, member)) = FILES.iter().find(|(known, _)| *known == name) else {
            return Flow::Continue(());
        };
        if let Some(lost) = top.get("fmipLostModeType").and_then(Value::integer) {
            let (space, name) = ("find-my".to_owned(), "fmipLostModeType".to_owned());
            sink.says(&seen, Setting { space, name, value: lost.to_string() })?;
        }
        let Some(is_on) = lists::truth(top, member) else { return Flow::Continue(()) };
        let (space, name) = ("find-my".to_owned(), (*member).to_owned());
        sink.says(&seen, Setting { space, name, value: is_on.to_string() })?;
        if is_on {
            let (name, what) = ("find-my-on".to_owned(), (*member).to_owned());
            sink.says(&seen, Sign { name, app: None, what, at: None })?;
        }
        // Whether the phone can be found is a part of the question only.
        sink.looked(&seen, Question::LocationSharing, Wholly::No, 1)
    }
}
