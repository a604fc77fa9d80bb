//! Whether an iPhone puts its backups into iCloud: `com.apple.mobile.ldbackup.plist`.
//!
//! Whoever knows the account's password can read such a backup from afar; that is how some programs that
//! watch iPhones work. Members from backups of iOS 15 to 27 (public handbook of iOS forensics, 2026-11).

use model::record::{Place, ProblemKind};
use source::property_list::PropertyList;
use source::tree::Candidate;

use crate::{About, Check, FactSink, Flow, Input, Platform, Setting, lists};

/// `com.apple.mobile.ldbackup.plist`.
pub(crate) struct IosCloudBackup;

const SETTINGS: &[&str] = &["CloudBackupEnabled", "LastCloudBackupDate", "WillEncrypt", "RequiresEncryption"];

impl Check for IosCloudBackup {
    fn name(&self) -> &'static str {
        "ios_cloud_backup"
    }

    fn about(&self) -> About {
        About {
            title: "Backups into iCloud (com.apple.mobile.ldbackup.plist)",
            platform: Platform::Ios,
            covers: "whether they are on, and the day of the last",
            leaves_out: "what is in them",
            answers: &[],
            source: "public handbook of iOS forensics (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        matches!(candidate.entry().name(), "com.apple.mobile.ldbackup.plist" | "com.apple.ldbackup.plist")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let top = list.as_ref().and_then(PropertyList::top).filter(|top| lists::is_small_dictionary(*top));
        let Some(top) = top else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a small dictionary", "");
        };
        for name in SETTINGS {
            let Some(value) = top.get(name).and_then(lists::shown) else { continue };
            let (space, name) = ("cloud-backup".to_owned(), (*name).to_owned());
            sink.says(&seen, Setting { space, name, value })?;
        }
        Flow::Continue(())
    }
}
