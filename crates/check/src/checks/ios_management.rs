//! Who manages an iPhone: `CloudConfigurationDetails.plist`, `MDM.plist`, `MDMAppManagement.plist`.
//!
//! A phone is supervised if it was set up through an organisation's program or a computer with Apple
//! Configurator; it is managed if a server may send it commands. Members as in libimobiledevice, go-ios and
//! backups of iOS 9 to 26 (2026-11). Deliberately not read: certificates of the supervisor.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::lists;
use crate::{
    About, Check, FactSink, Flow, Input, Platform, Question, Seen, Setting, Sign, Trace, TraceKind, Wholly,
};

/// Files about management.
pub(crate) struct IosManagement;

/// Members that are kept as settings.
const SETTINGS: &[&str] = &[
    "IsSupervised",
    "IsMDMUnremovable",
    "IsMandatory",
    "IsMultiUser",
    "AllowPairing",
    "ConfigurationSource",
    "OrganizationName",
    "ServerURL",
    "CheckInURL",
    "AccessRights",
    "Topic",
    "ManagingProfileIdentifier",
    "IsUserEnrollment",
    "EnrollmentMode",
    "EnrollmentID",
    "AssignedManagedAppleID",
];

impl Check for IosManagement {
    fn name(&self) -> &'static str {
        "ios_management"
    }

    fn about(&self) -> About {
        About {
            title: "Who manages an iPhone (CloudConfigurationDetails.plist, MDM.plist, \
                MDMAppManagement.plist)",
            platform: Platform::Ios,
            covers: "supervision, the server that may send commands, the apps it manages",
            leaves_out: "certificates and keys of the management",
            answers: &[Question::DeviceAdmin],
            source: "libimobiledevice, go-ios, public descriptions (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        match entry.name() {
            "CloudConfigurationDetails.plist" | "MDMAppManagement.plist" => true,
            "MDM.plist" => {
                ["ConfigurationProfiles/", "MCState/"].iter().any(|part| entry.path().contains(part))
            }
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) =
            list.as_ref().and_then(PropertyList::top).filter(|top| lists::is_small_dictionary(*top))
        else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a small dictionary", "");
        };
        if input.entry().is_some_and(|entry| entry.name() == "MDMAppManagement.plist") {
            return managed_apps(top, &seen, sink);
        }
        let mut count = 0_u64;
        for name in SETTINGS {
            let Some(value) = top.get(name).and_then(lists::shown) else { continue };
            let (space, name) = ("management".to_owned(), (*name).to_owned());
            sink.says(&seen, Setting { space, name, value })?;
            count = count.saturating_add(1);
        }
        if lists::truth(top, "IsSupervised") == Some(true) {
            let what = lists::text(top, "OrganizationName").unwrap_or_else(|| "IsSupervised".to_owned());
            sign("supervised", what, &seen, sink)?;
        }
        let servers = ["ServerURL", "CheckInURL", "ConfigurationURL", "ConfigurationWebURL"];
        let mut servers = servers.iter().filter_map(|name| lists::text(top, name));
        if let Some(server) = servers.next() {
            let (kind, value) = (TraceKind::Connection, server.as_str());
            sink.trace(&Trace { kind, value, at: None, app: None, seen: &seen })?;
            sign("mdm-enrolled", server, &seen, sink)?;
        } else if let Some(profile) = lists::text(top, "ManagingProfileIdentifier") {
            sign("mdm-enrolled", profile, &seen, sink)?;
        }
        if let Some(profile) = lists::text(top, "ManagingProfileIdentifier") {
            let (kind, value) = (TraceKind::Profile, profile.as_str());
            sink.trace(&Trace { kind, value, at: None, app: None, seen: &seen })?;
        }
        sink.looked(&seen, Question::DeviceAdmin, Wholly::Yes, count)
    }
}

fn sign(name: &str, what: String, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    sink.says(seen, Sign { name: name.to_owned(), app: None, what, at: None })
}

/// Apps that the management installed or may take away.
fn managed_apps(top: Value<'_>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    let mut count = 0_u64;
    let apps = top.get("metadataByBundleID").filter(|apps| apps.is_dictionary());
    for (id, about) in apps.into_iter().flat_map(Value::pairs).take(2000) {
        count = count.saturating_add(1);
        let id = crate::database::clipped(&id).to_owned();
        let trace = Trace { kind: TraceKind::AppMention, value: &id, at: None, app: Some(&id), seen };
        sink.trace(&trace)?;
        let state =
            lists::is_small_dictionary(about).then(|| about.get("State").or_else(|| about.get("state")));
        let value = state.flatten().and_then(lists::shown).unwrap_or_else(|| "managed".to_owned());
        sink.says(seen, Setting { space: "mdm-managed-app".to_owned(), name: id, value })?;
    }
    sink.looked(seen, Question::DeviceAdmin, Wholly::Yes, count)
}
