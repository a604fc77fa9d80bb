//! Certificates with which apps come past the App Store: provisioning profiles.
//!
//! `MobileDeviceDomain/ProvisioningProfiles/…` of a backup, `embedded.mobileprovision` of an app: a signed
//! (CMS) list with the team, the app and whether it may run on any phone. Members as in Apple's TN3125
//! (2022). Testers and companies use them too. Deliberately not checked: signatures, certificates, devices.

use std::io::Read;

use model::record::{Place, ProblemKind};
use source::list_file::ListFile;
use source::tree::Candidate;

use crate::database::clipped;
use crate::{
    About, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind, Wholly, der, lists,
};

/// Provisioning profiles.
pub(crate) struct IosProvisioning;

/// Most bytes of one.
const BYTES_MOST: u64 = 4 << 20;

impl Check for IosProvisioning {
    fn name(&self) -> &'static str {
        "ios_provisioning"
    }

    fn about(&self) -> About {
        About {
            title: "Certificates with which apps come past the App Store (provisioning profiles)",
            platform: Platform::Ios,
            covers: "team, app, day, and whether it may run on any phone",
            leaves_out: "signatures; which app was really installed with it",
            answers: &[Question::AppSources],
            source: "Apple TN3125 (2022)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let is_stored = entry.folder().ends_with("ProvisioningProfiles/") && !entry.name().ends_with(".db");
        (is_stored || entry.name().ends_with(".mobileprovision")) && der::may_be_signed(candidate.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let seen = input.seen(Place::Whole);
        let mut bytes = Vec::new();
        let stream = input.entry().and_then(|entry| entry.content().stream().ok());
        let read = stream.map(|stream| stream.take(BYTES_MOST).read_to_end(&mut bytes));
        if !matches!(read, Some(Ok(_))) {
            let expected = "bytes of a provisioning profile that can be had";
            return sink.trouble(&seen, ProblemKind::Unreadable, expected, "");
        }
        let list = der::signed_content(&bytes).and_then(|content| lists::of_text_or_binary(content).ok());
        let list = list.as_ref().and_then(ListFile::list);
        let top = list.as_ref().and_then(|list| list.top()).filter(|top| lists::is_small_dictionary(*top));
        let Some(top) = top else {
            return sink.trouble(&seen, ProblemKind::Damaged, "a provisioning profile", "");
        };
        let rights = top.get("Entitlements").filter(|rights| lists::is_small_dictionary(*rights));
        let id = rights.and_then(|rights| lists::text(rights, "application-identifier"));
        // The team's identifier stands before the first dot.
        let id = id.and_then(|id| id.split_once('.').map(|(_, id)| id.to_owned()));
        let at = lists::time(top, "CreationDate");
        if let Some(value) = &id {
            let kind = TraceKind::AppMention;
            sink.trace(&Trace { kind, value, at: at.as_ref(), app: Some(value), seen: &seen })?;
        }
        let any = lists::truth(top, "ProvisionsAllDevices") == Some(true);
        let names = ["Name", "TeamName", "AppIDName"].iter().filter_map(|name| lists::text(top, name));
        let mut words: Vec<String> = names.collect();
        words.extend(any.then(|| "for any device".to_owned()));
        let what = clipped(&words.join(", ")).to_owned();
        sink.says(&seen, Sign { name: "app-provisioning".to_owned(), app: id, what, at })?;
        sink.looked(&seen, Question::AppSources, Wholly::Yes, 1)
    }
}
