//! Provisioning profiles of an iPhone: they let apps run that are not from the store.
//!
//! `*.mobileprovision` outside an app (from a sysdiagnose, below `MobileDevice/ProvisioningProfiles`, or got
//! by a tool): a signed property list with `Name`, `TeamName`, `Entitlements` and, for an organisation's own
//! apps, `ProvisionsAllDevices`; and `mis.db`, where iOS keeps them (names of tables from backups of 2026).
//! Deliberately not checked: signatures; not read: certificates, devices.

use model::record::{Place, ProblemKind};
use source::list_file::ListFile;
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::database::{self, clipped, text};
use crate::sysdiagnose::bytes;
use crate::{
    About, AppFact, AppSays, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind, lists,
};

/// Provisioning profiles.
pub(crate) struct IosProvisioning;

/// Most bytes of a profile, and most that are told of a database.
const PROFILE_BYTES_MOST: u64 = 4 << 20;
const PROFILES_MOST: u64 = 2_000;

impl Check for IosProvisioning {
    fn name(&self) -> &'static str {
        "ios_provisioning"
    }

    fn about(&self) -> About {
        About {
            title: "Provisioning profiles: apps that are not from the store (.mobileprovision, mis.db)",
            platform: Platform::Ios,
            covers: "name, team, app and day of installation or end of each profile",
            leaves_out: "signatures, certificates, the devices a profile is for; profiles inside apps",
            answers: &[Question::AppSources],
            source: "Apple's technote TN3125; backups of iOS 26 (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        if entry.name() == "mis.db" {
            return candidate.is_sqlite();
        }
        let inside_app = entry.path().contains(".app/") || entry.path().contains(".appex/");
        entry.extension() == "mobileprovision" && !inside_app
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        if input.entry().is_some_and(|entry| entry.name() == "mis.db") {
            return kept(input, sink);
        }
        let whole = input.seen(Place::Whole);
        let Some(bytes) = bytes(input, PROFILE_BYTES_MOST, sink)? else { return Flow::Continue(()) };
        // The list lies in the signature as it is.
        let start = memchr::memmem::find(&bytes, b"<?xml");
        let end = memchr::memmem::rfind(&bytes, b"</plist>").map(|at| at.saturating_add(8));
        let list = start.zip(end).and_then(|(start, end)| bytes.get(start..end)).map(<[u8]>::to_vec);
        let file = list.and_then(|list| ListFile::of_bytes(list).ok());
        let list = file.as_ref().and_then(ListFile::list);
        let top = list.as_ref().and_then(PropertyList::top);
        let Some(top) = top.filter(|top| top.members().is_some_and(|members| members < 500)) else {
            return sink.trouble(&whole, ProblemKind::Damaged, "a signed property list", "");
        };
        alone(top, input, sink)
    }
}

fn alone(top: Value<'_>, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let whole = input.seen(Place::Whole);
    let rights =
        top.get("Entitlements").filter(|rights| rights.members().is_some_and(|members| members < 500));
    let app = rights.and_then(|rights| lists::text(rights, "application-identifier"));
    // The team's number stands before the app's identifier; a star stands for any app.
    let app =
        app.and_then(|app| app.split_once('.').map(|(_, id)| id.to_owned())).filter(|id| !id.contains('*'));
    let everybody = lists::truth(top, "ProvisionsAllDevices") == Some(true);
    let kind = if everybody { "for every device" } else { "for some devices" };
    let team = lists::text(top, "TeamName").unwrap_or_default();
    let name = lists::text(top, "Name").unwrap_or_default();
    let what = clipped(&format!("{name}, {team}, {kind}")).to_owned();
    if let Some(id) = &app {
        let (kind, value) = (TraceKind::AppMention, id.as_str());
        sink.trace(&Trace { kind, value, at: None, app: Some(value), seen: &whole })?;
        sink.says(&whole, AppFact::new(id, AppSays::Mentioned))?;
    }
    let at = lists::time(top, "CreationDate");
    sink.says(&whole, Sign { name: "provisioning-profile".to_owned(), app, what, at })
}

/// The profiles that iOS keeps.
fn kept(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let whole = input.seen(Place::Whole);
    let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
    let wholly = database::condition(&database, input.file, sink)?;
    let Some(table) = database.table("profiles") else {
        return sink.trouble(&whole, ProblemKind::NotUnderstood, "a table of profiles", "");
    };
    let column = |name| table.column(name);
    let (name, team, since) = (column("name"), column("team_id"), column("install_time"));
    let (everybody, beta) = (column("is_for_all_devices"), column("is_beta"));
    let mut count = 0_u64;
    let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
        count = count.saturating_add(1);
        if count > PROFILES_MOST {
            return Flow::Continue(());
        }
        let kind = match (row.integer(everybody), row.integer(beta)) {
            (Some(1), _) => "for every device",
            (_, Some(1)) => "of a test",
            _ => "for some devices",
        };
        let (name, team) = (text(row, name).unwrap_or_default(), text(row, team).unwrap_or_default());
        let what = clipped(&format!("{name}, {team}, {kind}")).to_owned();
        let seen = input.seen(Place::row(table.name(), row.rowid()));
        let at = database::apple_time(row, since);
        sink.says(&seen, Sign { name: "provisioning-profile".to_owned(), app: None, what, at })
    })?;
    sink.looked(&whole, Question::AppSources, database::both(wholly, read.wholly), read.rows)
}
