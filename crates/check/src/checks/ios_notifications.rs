//! Apps whose notifications were switched off: `VersionedSectionInfo.plist`.
//!
//! One archived `BBSectionInfo` for each app; `authorizationStatus` 1 means denied, 2 allowed (values of the
//! programming interface; form of the file as in idb and public descriptions, 2026-11). Somebody who watches
//! may have silenced an app that would tell of it. Deliberately not read: sounds, badges, previews.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::{About, Check, FactSink, Flow, Input, Platform, Setting, Trace, TraceKind, lists};

/// `VersionedSectionInfo.plist`.
pub(crate) struct IosNotifications;

/// Most bytes of one app's archive, and of all.
const ARCHIVE_BYTES_MOST: usize = 256 << 10;
const ARCHIVE_BYTES_ALL: u64 = 64 << 20;

impl Check for IosNotifications {
    fn name(&self) -> &'static str {
        "ios_notifications"
    }

    fn about(&self) -> About {
        About {
            title: "Apps whose notifications were switched off (VersionedSectionInfo.plist)",
            platform: Platform::Ios,
            covers: "allowed or denied for each app",
            leaves_out: "sounds, badges, previews",
            answers: &[],
            source: "idb, public descriptions (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "VersionedSectionInfo.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let whole = input.seen(Place::Whole);
        let list = file.list();
        let sections = list.as_ref().and_then(PropertyList::top).and_then(|top| top.get("sectionInfo"));
        let Some(sections) = sections.filter(|sections| sections.is_dictionary()) else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a dictionary of apps", "");
        };
        let mut budget = lists::Budget::new(ARCHIVE_BYTES_ALL);
        for (id, archive) in sections.pairs() {
            let bytes = archive.bytes().unwrap_or_default();
            if bytes.len() > ARCHIVE_BYTES_MOST || !budget.take(bytes.len() as u64) {
                let expected = "smaller archives of notification settings";
                sink.trouble(&whole, ProblemKind::Limit, expected, "the others")?;
                break;
            }
            let id = crate::database::clipped(&id);
            let seen = input.seen(file.place(sections));
            let trace =
                Trace { kind: TraceKind::AppMention, value: id, at: None, app: Some(id), seen: &seen };
            sink.trace(&trace)?;
            let Some(list) = PropertyList::open(bytes) else { continue };
            let Some(allowed) = status(&list) else { continue };
            let value = if allowed { "on" } else { "off" }.to_owned();
            sink.says(&seen, Setting { space: "notifications".to_owned(), name: id.to_owned(), value })?;
        }
        Flow::Continue(())
    }
}

/// Whether notifications are allowed; none if nobody was asked, or that is not told.
fn status(list: &PropertyList<'_>) -> Option<bool> {
    let root = list.root().filter(|root| lists::is_small_dictionary(*root))?;
    let settings = ["sectionInfoSettings", "_sectionInfoSettings"].iter().find_map(|name| root.get(name));
    let settings = settings.filter(|settings| lists::is_small_dictionary(*settings)).unwrap_or(root);
    match settings.get("authorizationStatus").and_then(Value::integer) {
        Some(1) => return Some(false),
        Some(2..) => return Some(true),
        _ => {}
    }
    lists::truth(settings, "allowsNotifications")
}
