//! What an iPhone backup says about the phone and its apps: `Info.plist` in its folder.
//!
//! Written by the computer that makes the backup (iTunes, Finder, libimobiledevice), never encrypted. Each
//! app that a store installed carries `iTunesMetadata`: who acquired it, when, and which store it came from.
//! Names as in backups of iOS 9 to 26 and in mvt's `backup_info` and `applications` (read 2026-11).
//! Deliberately not read: phone number, IMEI and other numbers that say nothing about monitoring; icons.

use std::collections::BTreeSet;

use model::record::{Place, ProblemKind};
use source::list_file::ListFile;
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::ios_versions;
use crate::lists::{self, Budget};
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, DeviceFact, FactSink, Flow, Input, Platform, Question, Seen,
    Trace, TraceKind, Wholly,
};

/// `Info.plist` of a backup.
pub(crate) struct IosBackupInfo;

/// Most bytes of what a store wrote about one app, and about all.
const METADATA_BYTES_MOST: usize = 1 << 20;
const METADATA_BYTES_ALL: u64 = 64 << 20;

impl Check for IosBackupInfo {
    fn name(&self) -> &'static str {
        "ios_backup_info"
    }

    fn about(&self) -> About {
        About {
            title: "iPhone backup: the phone and its apps (Info.plist)",
            platform: Platform::Ios,
            covers: "model, version, build, serial number, name, day of the backup; every app with its name, \
                     version, store, purchaser and day of purchase; whether the system was old on that day",
            leaves_out: "phone number and radio numbers; icons; apps that came with the phone",
            answers: &[Question::Apps, Question::AppSources, Question::SystemAge],
            source: "backups of iOS 9 to 26; mvt backup_info and applications (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        if name == "iTunesMetadata.plist" {
            return true;
        }
        let beside = ["Manifest.db", "Manifest.plist", "Status.plist", "Manifest.mbdb"];
        let has = |name: &str| candidate.tree().sibling(candidate.number(), name).is_some();
        name == "Info.plist" && beside.into_iter().any(has)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let Some(list) = file.list() else { return Flow::Continue(()) };
        let Some(top) = list.top().filter(|top| top.is_dictionary()) else {
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, "a dictionary", "");
        };
        let seen = input.seen(Place::Whole);
        if input.entry().is_some_and(|entry| entry.name() == "iTunesMetadata.plist") {
            let Some(id) = lists::text(top, "softwareVersionBundleId") else { return Flow::Continue(()) };
            sink.says(&seen, AppFact::new(&id, AppSays::Installed(AppOrigin::Added)))?;
            return metadata(&id, top, &seen, sink);
        }
        device(top, &seen, sink)?;
        Apps { file: &file, input, sink }.read(top)
    }
}

/// What phone it is, and how old its system.
fn device(top: Value<'_>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    let mut device = DeviceFact::new(Platform::Ios);
    device.model = lists::text(top, "Product Type").or_else(|| lists::text(top, "Product Name"));
    device.system = lists::text(top, "Product Version");
    device.build = lists::text(top, "Build Version");
    device.serial = lists::text(top, "Serial Number");
    device.name = lists::text(top, "Device Name").or_else(|| lists::text(top, "Display Name"));
    device.acquired = lists::time(top, "Last Backup Date");
    let Some(version) = device.system.clone() else { return sink.says(seen, device) };
    let at = device.acquired.clone();
    sink.says(seen, device)?;
    ios_versions::told(&version, at, seen, sink)
}

/// The apps of a backup.
struct Apps<'a, 's> {
    file: &'a ListFile,
    input: &'a Input<'a>,
    sink: &'s mut dyn FactSink,
}

impl Apps<'_, '_> {
    fn read(&mut self, top: Value<'_>) -> Flow {
        let applications = top.get("Applications").filter(|value| value.is_dictionary());
        let installed = top.get("Installed Applications").filter(|value| value.is_list());
        let whole = self.input.seen(Place::Whole);
        if applications.is_none() && installed.is_none() {
            let expected = "lists of installed apps";
            return self.sink.trouble(&whole, ProblemKind::NotUnderstood, expected, "the phone's own data");
        }
        let mut wholly = Wholly::Yes;
        let mut known = BTreeSet::new();
        let mut budget = Budget::new(METADATA_BYTES_ALL);
        if let Some(applications) = applications {
            for (id, app) in applications.pairs() {
                let id = crate::database::clipped(&id).to_owned();
                if known.contains(&id) {
                    continue;
                }
                if self.app(&id, app, &mut budget)? == Wholly::No {
                    wholly = Wholly::No;
                }
                known.insert(id);
            }
            if lists::is_cut(applications) {
                wholly = Wholly::No;
            }
        }
        for value in installed.into_iter().flat_map(Value::elements) {
            let Some(id) = lists::text_of(value).filter(|id| !known.contains(id)) else { continue };
            self.without_store(&id, &whole)?;
            known.insert(id);
        }
        let count = known.len() as u64;
        for question in [Question::Apps, Question::AppSources] {
            self.sink.looked(&whole, question, wholly, count)?;
        }
        Flow::Continue(())
    }

    /// An app with what its store wrote.
    fn app(&mut self, id: &str, app: Value<'_>, budget: &mut Budget) -> std::ops::ControlFlow<(), Wholly> {
        use std::ops::ControlFlow::Continue;
        let app = Some(app).filter(|app| lists::is_small_dictionary(*app));
        let seen = self.input.seen(app.map_or(Place::Whole, |app| self.file.place(app)));
        let bytes = app.and_then(|app| app.get("iTunesMetadata")).and_then(Value::bytes);
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
            self.without_store(id, &seen)?;
            return Continue(Wholly::Yes);
        };
        self.sink.says(&seen, AppFact::new(id, AppSays::Installed(AppOrigin::Added)))?;
        if bytes.len() > METADATA_BYTES_MOST || !budget.take(bytes.len() as u64) {
            let expected = "less that a store wrote about an app";
            self.sink.trouble(&seen, ProblemKind::Limit, expected, "the app's identifier")?;
            return Continue(Wholly::No);
        }
        let list = ListFile::of_bytes(bytes.to_vec());
        let list = list.as_ref().ok().and_then(ListFile::list);
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            let expected = "a property list that a store wrote about an app";
            self.sink.trouble(&seen, ProblemKind::Damaged, expected, "the app's identifier")?;
            return Continue(Wholly::No);
        };
        metadata(id, top, &seen, self.sink)?;
        Continue(Wholly::Yes)
    }

    /// An app that no store wrote about. Apple's own that came with the phone have no such record either.
    fn without_store(&mut self, id: &str, seen: &Seen) -> Flow {
        let value = id;
        self.sink.trace(&Trace { kind: TraceKind::AppMention, value, at: None, app: Some(id), seen })?;
        if id.starts_with("com.apple.") {
            return self.sink.says(seen, AppFact::new(id, AppSays::Installed(AppOrigin::Untold)));
        }
        self.sink.says(seen, AppFact::new(id, AppSays::Installed(AppOrigin::Added)))?;
        self.sink.says(seen, AppFact::new(id, AppSays::Installer(None)))
    }
}

/// What a store wrote about an app.
fn metadata(id: &str, top: Value<'_>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    if !lists::is_small_dictionary(top) {
        return sink.trouble(seen, ProblemKind::Limit, "fewer members in what a store wrote", "the app");
    }
    sink.trace(&Trace { kind: TraceKind::AppMention, value: id, at: None, app: Some(id), seen })?;
    let mut say = |says: Option<AppSays>| match says {
        Some(says) => sink.says(seen, AppFact::new(id, says)),
        None => Flow::Continue(()),
    };
    let name = lists::text(top, "itemName").or_else(|| lists::text(top, "bundleDisplayName"));
    say(name.map(AppSays::Name))?;
    let version = lists::text(top, "bundleShortVersionString");
    say(version.or_else(|| lists::text(top, "bundleVersion")).map(AppSays::Version))?;
    let app = lists::text(top, "sourceApp");
    say(installer(top, app.as_deref()).map(|installer| AppSays::Installer(Some(installer))))?;
    say(app.map(AppSays::Initiator))?;
    let info = top.get("com.apple.iTunesStore.downloadInfo").filter(|info| lists::is_small_dictionary(*info));
    let account =
        info.and_then(|info| info.get("accountInfo")).filter(|info| lists::is_small_dictionary(*info));
    let by = account.and_then(|account| lists::text(account, "AppleID"));
    say(by.or_else(|| lists::text(top, "appleId")).map(AppSays::AcquiredBy))?;
    let at = info.and_then(|info| lists::time(info, "purchaseDate"));
    say(at.or_else(|| lists::time(top, "purchaseDate")).map(AppSays::Acquired))
}

/// What brought it: another store by its own identifier, else the app that asked for it; a record with a
/// number of the App Store and without either comes from there.
fn installer(top: Value<'_>, app: Option<&str>) -> Option<String> {
    let inner = |dictionary: &str, key: &str| {
        top.get(dictionary)
            .filter(|inner| lists::is_small_dictionary(*inner))
            .and_then(|inner| lists::text(inner, key))
    };
    let distributor = lists::text(top, "distributorID")
        .or_else(|| lists::text(top, "DistributorID"))
        .or_else(|| inner("distributorInfo", "distributorID"))
        .or_else(|| inner("distributorInfo", "DistributorID"));
    let known = distributor.or_else(|| app.map(str::to_owned));
    known.or_else(|| top.get("itemId").map(|_| "com.apple.AppStore".to_owned()))
}
