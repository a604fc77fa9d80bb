//! What the owner of an iPhone may no longer do: restrictions that profiles, management and screen time set.
//!
//! `EffectiveUserSettings.plist`, `Truth.plist` and `ProfileTruth.plist` hold `restrictedBool` with a value
//! for each restriction; `ClientTruth.plist` holds the same for each part of the system that asks for one.
//! Every phone has hundreds of them. Told are those that matter for monitoring, if they differ from the
//! ordinary. Names after Apple's device management schema (2026-11).

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::database::clipped;
use crate::{About, Check, FactSink, Flow, Input, Platform, Seen, Setting, lists};

/// Files with restrictions.
pub(crate) struct IosRestrictions;

const NAMES: &[&str] =
    &["EffectiveUserSettings.plist", "Truth.plist", "ProfileTruth.plist", "ClientTruth.plist"];

/// What may be forbidden: told if it is not allowed.
const ALLOWED: &[&str] = &[
    "allowAccountModification",
    "allowAppInstallation",
    "allowAppRemoval",
    "allowAppsToBeHidden",
    "allowAppsToBeLocked",
    "allowBluetoothModification",
    "allowDeviceNameModification",
    "allowEnablingRestrictions",
    "allowEraseContentAndSettings",
    "allowFingerprintModification",
    "allowFindMyDevice",
    "allowFindMyFriends",
    "allowFindMyFriendsModification",
    "allowHostPairing",
    "allowLockdownMode",
    "allowNotificationsModification",
    "allowPasscodeModification",
    "allowUIAppInstallation",
    "allowUIConfigurationProfileInstallation",
    "allowVPNCreation",
];
/// What may be forced: told if it is.
const FORCED: &[&str] = &[
    "allowRemoteScreenObservation",
    "forceEncryptedBackup",
    "forceClassroomUnpromptedScreenObservation",
    "forceWiFiPowerOn",
    "forceAutomaticDateAndTime",
    "forceUnpromptedManagedClassroomScreenObservation",
];

impl Check for IosRestrictions {
    fn name(&self) -> &'static str {
        "ios_restrictions"
    }

    fn about(&self) -> About {
        About {
            title: "Restrictions (EffectiveUserSettings, Truth, ProfileTruth, ClientTruth)",
            platform: Platform::Ios,
            covers: "restrictions that matter for monitoring and differ from the ordinary, and who set them",
            leaves_out: "all other settings",
            answers: &[],
            source: "Apple's device management schema; public descriptions (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let mut places = ["ConfigurationProfiles/", "MCState/"].into_iter();
        NAMES.contains(&entry.name()) && places.any(|part| entry.folder().contains(part))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        if input.entry().is_none_or(|entry| entry.name() != "ClientTruth.plist") {
            return restrictions("restriction", top, &seen, sink);
        }
        for (client, what) in top.pairs().take(1000) {
            let inner = lists::is_small_dictionary(what).then(|| what.get("clientRestrictions")).flatten();
            let Some(inner) = inner.filter(|inner| lists::is_small_dictionary(*inner)) else { continue };
            restrictions(clipped(&format!("restriction:{client}")), inner, &seen, sink)?;
        }
        Flow::Continue(())
    }
}

fn restrictions(space: &str, top: Value<'_>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    let Some(all) = top.get("restrictedBool").filter(|all| all.members() <= Some(2000)) else {
        return Flow::Continue(());
    };
    let names = ALLOWED.iter().map(|name| (name, false)).chain(FORCED.iter().map(|name| (name, true)));
    for (name, odd) in names {
        let Some(member) = all.get(name) else { continue };
        let inner = lists::is_small_dictionary(member).then(|| lists::truth(member, "value")).flatten();
        if inner.or_else(|| member.truth()) == Some(odd) {
            let (space, name, value) = (space.to_owned(), (*name).to_owned(), odd.to_string());
            sink.says(seen, Setting { space, name, value })?;
        }
    }
    Flow::Continue(())
}
