//! `Manifest.plist` of an iPhone backup: whether it is encrypted, whether the phone had a passcode, and the
//! apps whose data it holds.
//!
//! Never encrypted. Members as in backups of iOS 10 to 26 and libimobiledevice (read 2026-11). Deliberately
//! not read: keys, and groups and extensions of apps.

use model::record::{Place, ProblemKind};
use source::list_file::ListFile;
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::lists;
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, DeviceFact, FactSink, Flow, Input, Platform, Question,
    Setting, Trace, TraceKind, Wholly,
};

/// `Manifest.plist`.
pub(crate) struct IosBackupManifest;

/// Settings that are kept, as the file names them.
const SETTINGS: &[&str] = &["IsEncrypted", "WasPasscodeSet"];

impl Check for IosBackupManifest {
    fn name(&self) -> &'static str {
        "ios_backup_manifest"
    }

    fn about(&self) -> About {
        About {
            title: "iPhone backup: passcode, encryption, apps with data (Manifest.plist)",
            platform: Platform::Ios,
            covers: "IsEncrypted, WasPasscodeSet, the phone's own data, the apps with version and place",
            leaves_out: "keys; groups and extensions of apps",
            answers: &[Question::Apps],
            source: "backups of iOS 10 to 26; libimobiledevice (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let beside = |name| candidate.tree().sibling(candidate.number(), name).is_some();
        candidate.entry().name() == "Manifest.plist"
            && (beside("Manifest.db") || beside("Status.plist") || beside("Info.plist"))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        for name in SETTINGS {
            let Some(value) = lists::truth(top, name) else { continue };
            let (space, name, value) = ("backup".to_owned(), (*name).to_owned(), value.to_string());
            sink.says(&seen, Setting { space, name, value })?;
        }
        if let Some(phone) = top.get("Lockdown").filter(|phone| lists::is_small_dictionary(*phone)) {
            let mut device = DeviceFact::new(Platform::Ios);
            device.model = lists::text(phone, "ProductType");
            device.system = lists::text(phone, "ProductVersion");
            device.build = lists::text(phone, "BuildVersion");
            device.serial = lists::text(phone, "SerialNumber");
            device.name = lists::text(phone, "DeviceName");
            device.acquired = lists::time(top, "Date");
            sink.says(&seen, device)?;
        }
        apps(input, &file, top, sink)
    }
}

fn apps(input: &Input<'_>, file: &ListFile, top: Value<'_>, sink: &mut dyn FactSink) -> Flow {
    let Some(apps) = top.get("Applications").filter(|apps| apps.is_dictionary()) else {
        return Flow::Continue(());
    };
    let mut count = 0_u64;
    for (id, app) in apps.pairs() {
        let kind =
            lists::is_small_dictionary(app).then(|| lists::text(app, "ContainerContentClass")).flatten();
        // Groups and extensions have a kind of their own.
        if !lists::is_small_dictionary(app) || kind.is_some_and(|kind| kind != "Data/Application") {
            continue;
        }
        count = count.saturating_add(1);
        let seen = input.seen(file.place(app));
        let id = crate::database::clipped(&id);
        let path = lists::text(app, "Path");
        sink.trace(&Trace { kind: TraceKind::AppMention, value: id, at: None, app: Some(id), seen: &seen })?;
        sink.says(&seen, AppFact::new(id, AppSays::Installed(origin(path.as_deref()))))?;
        let version = lists::text(app, "CFBundleShortVersionString");
        if let Some(version) = version.or_else(|| lists::text(app, "CFBundleVersion")) {
            sink.says(&seen, AppFact::new(id, AppSays::Version(version)))?;
        }
        if let Some(path) = path {
            let trace = Trace { kind: TraceKind::Path, value: &path, at: None, app: Some(id), seen: &seen };
            sink.trace(&trace)?;
            sink.says(&seen, AppFact::new(id, AppSays::Path(path)))?;
        }
    }
    let wholly = if lists::is_cut(apps) { Wholly::No } else { Wholly::Yes };
    sink.looked(&input.seen(file.place(apps)), Question::Apps, wholly, count)
}

/// Apps of the system lie outside the folder for those that somebody installed.
fn origin(path: Option<&str>) -> AppOrigin {
    match path {
        Some(path) if path.contains("/containers/Bundle/Application/") => AppOrigin::Added,
        Some(path) if lists::is_of_system(path) => AppOrigin::Factory,
        _ => AppOrigin::Untold,
    }
}
