//! Which configuration profiles a phone has: `PayloadManifest.plist`.
//!
//! Every phone has the file, so that "no profile" can be said. It names profiles in two lists, shown and
//! hidden; what is in them stands in the stubs beside it. Names as in backups of iOS 9 to 26 (2026-11).

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::lists;
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Setting, Trace, TraceKind, Wholly};

/// `PayloadManifest.plist`.
pub(crate) struct IosProfileList;

/// Most profiles that are named.
const PROFILES_MOST: usize = 2000;

impl Check for IosProfileList {
    fn name(&self) -> &'static str {
        "ios_profile_list"
    }

    fn about(&self) -> About {
        About {
            title: "Which configuration profiles an iPhone has (PayloadManifest.plist)",
            platform: Platform::Ios,
            covers: "identifiers of shown and hidden profiles",
            leaves_out: "what is in them: that stands in their stubs",
            answers: &[Question::Profiles, Question::RootCertificates, Question::DeviceAdmin],
            source: "backups of iOS 9 to 26 (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "PayloadManifest.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        let mut wholly = Wholly::Yes;
        let mut count = 0_u64;
        for (key, space) in [("OrderedProfiles", "profile-shown"), ("HiddenProfiles", "profile-hidden")] {
            let Some(names) = top.get(key).filter(|names| names.is_list()) else { continue };
            if names.members().is_some_and(|members| members > PROFILES_MOST as u64) {
                wholly = Wholly::No;
            }
            for name in names.elements().take(PROFILES_MOST) {
                let Some(name) = identifier(name) else { continue };
                count = count.saturating_add(1);
                let (kind, value) = (TraceKind::Profile, name.as_str());
                sink.trace(&Trace { kind, value, at: None, app: None, seen: &seen })?;
                let (space, value) = (space.to_owned(), "installed".to_owned());
                sink.says(&seen, Setting { space, name, value })?;
            }
        }
        // Without its stub nobody knows what a profile sets.
        let is_stub = |name: &str| name.starts_with("profile-");
        let stubs =
            input.tree.around(input.file).take(10_000).filter(|(_, entry)| is_stub(entry.name())).count();
        if (stubs as u64) < count {
            wholly = Wholly::No;
            let expected = "the contents of every profile beside their list";
            sink.trouble(&seen, ProblemKind::Gap, expected, "the identifiers")?;
        }
        for question in [Question::Profiles, Question::RootCertificates, Question::DeviceAdmin] {
            sink.looked(&seen, question, wholly, count)?;
        }
        Flow::Continue(())
    }
}

/// An identifier, alone or in a dictionary.
fn identifier(value: Value<'_>) -> Option<String> {
    let inner =
        || lists::is_small_dictionary(value).then(|| lists::text(value, "PayloadIdentifier")).flatten();
    lists::text_of(value).or_else(inner)
}
