//! Computers that an iPhone trusts: pairing records, and the computer that last made a backup.
//!
//! `Lockdown/pair_records/*.plist` names each computer with its identifiers, `data_ark.plist` the one that
//! made the last backup. Members as in libimobiledevice and iLEAPP (2026-11). Ordinary backups hold them
//! seldom, whole file systems do. Deliberately not read: keys and certificates.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::{Candidate, Entry};

use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Setting, Trust, Wholly, lists};

/// Pairing records.
pub(crate) struct IosTrustedComputers;

/// Members of `data_ark.plist` that are kept.
const ARK: &[&str] = &[
    "com.apple.iTunes.backup-LastBackupComputerName",
    "com.apple.iTunes.backup-LastBackupComputerType",
    "com.apple.mobile.wireless_lockdown-EnableWifiConnections",
];

impl Check for IosTrustedComputers {
    fn name(&self) -> &'static str {
        "ios_trusted_computers"
    }

    fn about(&self) -> About {
        About {
            title: "Computers that an iPhone trusts (pair_records, data_ark.plist)",
            platform: Platform::Ios,
            covers: "name and identifiers of each computer; which one made the last backup",
            leaves_out: "keys and certificates",
            answers: &[Question::TrustedComputers],
            source: "libimobiledevice, iLEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        entry.name() == "data_ark.plist"
            || entry.folder().ends_with("pair_records/") && lists::has_extension(entry.name(), "plist")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let top = list.as_ref().and_then(PropertyList::top).filter(|top| lists::is_small_dictionary(*top));
        let Some(top) = top else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a small dictionary", "");
        };
        let name = input.entry().map(Entry::name).unwrap_or_default();
        if name == "data_ark.plist" {
            return ark(top, &seen, sink);
        }
        let stem = name.strip_suffix(".plist").unwrap_or(name);
        let key = ["HostID", "SystemBUID"].iter().find_map(|member| lists::text(top, member));
        let key = key.unwrap_or_else(|| crate::database::clipped(stem).to_owned());
        let name = lists::text(top, "HostName").unwrap_or_default();
        sink.says(&seen, Trust { name, key, used: None })?;
        sink.looked(&seen, Question::TrustedComputers, Wholly::Yes, 1)
    }
}

fn ark(top: Value<'_>, seen: &crate::Seen, sink: &mut dyn FactSink) -> Flow {
    for name in ARK {
        let Some(value) = top.get(name).and_then(lists::shown) else { continue };
        if name.ends_with("LastBackupComputerName") {
            let (name, key) = (value.clone(), "last backup".to_owned());
            sink.says(seen, Trust { name, key, used: None })?;
        }
        let (space, name) = ("lockdown".to_owned(), (*name).to_owned());
        sink.says(seen, Setting { space, name, value })?;
    }
    // One computer is named; others may be trusted too.
    sink.looked(seen, Question::TrustedComputers, Wholly::No, 1)
}
