//! What iOS lets apps know of the location, and when they last did: locationd's `clients.plist`.
//!
//! `Authorization` is locationd's own number, not that of the programming interface: 1 never, 2 while in
//! use, 4 always, 5 this once; none: the next time it asks (The Forensic Scooter, 2021-09-20, tested; the
//! same numbers in tools that set them). Names of clients are `com.example.app`, or since iOS 16
//! `icom.example.app:`. Times as in mvt's `locationd` (2026-11).

use model::record::{Place, ProblemKind, TimeReading};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::lists;
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, FactSink, Flow, Input, LocationLeave, Platform, Question,
    Seen, Trace, TraceKind, Wholly,
};

/// locationd's `clients.plist`.
pub(crate) struct IosLocationClients;

/// Times at which a client stopped using the location.
const USED: &[&str] = &[
    "LocationTimeStopped",
    "ReceivingLocationInformationTimeStopped",
    "BackgroundLocationTimeStopped",
    "VisitTimeStopped",
    "SignificantTimeStopped",
    "NonPersistentSignificantTimeStopped",
    "FenceTimeStopped",
    "BeaconRegionTimeStopped",
    "ConsumptionPeriodBegin",
];

impl Check for IosLocationClients {
    fn name(&self) -> &'static str {
        "ios_location_clients"
    }

    fn about(&self) -> About {
        About {
            title: "What iOS lets apps know of the location (locationd clients.plist)",
            platform: Platform::Ios,
            covers: "always, while in use, never, this once; when each app last used the location",
            leaves_out: "where the phone was; parts of the system that are no apps",
            answers: &[Question::Permissions],
            source: "The Forensic Scooter (2021), mvt locationd (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        entry.name() == "clients.plist" && entry.folder().ends_with("locationd/")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            let expected = "a dictionary of clients";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        };
        let mut wholly = if lists::is_cut(top) { Wholly::No } else { Wholly::Yes };
        let mut count = 0_u64;
        for (key, client) in top.pairs() {
            if !client.is_dictionary() {
                continue;
            }
            if !lists::is_small_dictionary(client) {
                wholly = Wholly::No;
                continue;
            }
            count = count.saturating_add(1);
            tell(crate::database::clipped(&key), client, &input.seen(file.place(client)), sink)?;
        }
        sink.looked(&input.seen(Place::Whole), Question::Permissions, wholly, count)
    }
}

fn tell(key: &str, client: Value<'_>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    let bundle = lists::text(client, "BundleId");
    let id = bundle.as_deref().unwrap_or_else(|| id_of(key));
    let used = USED.iter().filter_map(|name| moment(client, name)).max_by_key(|time| time.first_ms);
    let last = key.rsplit('/').find(|part| !part.is_empty()).unwrap_or(key);
    let (at, app) = (used.as_ref(), Some(id));
    for value in [Some(last), bundle.as_deref()].into_iter().flatten() {
        sink.trace(&Trace { kind: TraceKind::Process, value, at, app, seen })?;
    }
    sink.trace(&Trace { kind: TraceKind::AppMention, value: id, at, app, seen })?;
    let mut of_system = key.starts_with("com.apple.locationd.");
    for path in ["BundlePath", "Executable", "Registered"] {
        if let Some(value) = lists::text(client, path).filter(|path| path.contains('/')) {
            of_system |= lists::is_of_system(&value);
            sink.trace(&Trace { kind: TraceKind::Path, value: &value, at, app, seen })?;
        }
    }
    // A part of the system that is no app has a path for its name; what it may do is no app's leave.
    if id.contains('/') {
        return Flow::Continue(());
    }
    if of_system {
        sink.says(seen, AppFact::new(id, AppSays::Installed(AppOrigin::Factory)))?;
    }
    let leave = match client.get("Authorization").and_then(Value::integer) {
        Some(1) => "never".to_owned(),
        Some(2) => "when-in-use".to_owned(),
        Some(4) => "always".to_owned(),
        Some(5) => "once".to_owned(),
        Some(0) | None => "not-asked".to_owned(),
        Some(number) => number.to_string(),
    };
    sink.says(seen, AppFact::new(id, AppSays::Location(LocationLeave { leave, used })))
}

/// The app of a client: `icom.example.app:` since iOS 16, otherwise as it is.
fn id_of(key: &str) -> &str {
    let inner = key.strip_suffix(':').and_then(|inner| inner.strip_prefix('i'));
    inner.filter(|inner| inner.contains('.')).unwrap_or(key)
}

fn moment(client: Value<'_>, name: &str) -> Option<TimeReading> {
    let value = client.get(name)?;
    if let Some(seconds) = value.real().filter(|seconds| *seconds > 0.0) {
        return Some(TimeReading::apple(seconds));
    }
    lists::time_of(value)
}
