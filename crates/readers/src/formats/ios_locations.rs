//! Programs that may use the location of an iPhone, and when they last did: `clients.plist` of `locationd`.
//!
//! Each program is a member of the list; its times count seconds since 2001 in UTC. Known from what MVT (2026)
//! reads and, for the numbers of the permission, from AppleSimulatorUtils. It says which program was given the
//! location, not where the phone was. Deliberately not read: routes and places (a backup without encryption does
//! not have those of Health; those of Maps have no public description).

use model::record::{Event, Extra, TimeReading, What};
use source::tree::Candidate;

use crate::lists::{self, Loaded, Told};
use crate::property_list::Value;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// `clients.plist` of `locationd`.
pub(crate) struct IosLocations;

/// `RootDomain-Library/Caches/locationd/clients.plist`, as a backup names it.
const IN_BACKUP: &str = "a690d7769cce8904ca2b67320b107c8fe5f79412";

impl Format for IosLocations {
    fn name(&self) -> &'static str {
        "ios_locations"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Programs with access to the location of an iPhone (clients.plist)",
            covers: "each program's permission and when it last used the location",
            leaves_out: "where the phone was: routes of Health (not in a backup without encryption), places and \
                         routes of Apple Maps and Google Maps",
            source: "MVT, AppleSimulatorUtils (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let (name, folder) = (candidate.entry().name(), candidate.entry().folder());
        let named = name == IN_BACKUP || name == "clients.plist" && folder.contains("locationd");
        let list = candidate.begins_with(b"bplist0") || candidate.begins_with(b"<?xml");
        (named && list).then(|| Claim::alone(Certainty::Certain))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(loaded) = Loaded::of(input, sink)? else { return Flow::Continue(()) };
        let list = loaded.list();
        let Some(top) = lists::dictionary(list.as_ref(), input.file, sink)? else {
            return Flow::Continue(());
        };
        let mut told = Told::new(input.file, &loaded);
        let mut seen = 0_u64;
        for (key, value) in top.pairs() {
            seen = seen.saturating_add(1);
            // Notes on moving from an earlier version are numbers.
            if value.integer().is_some() || value.truth().is_some() {
                told.system("settings");
            } else {
                told.tell("programs", value, sink, || program(&key, value))?;
            }
        }
        told.lost("programs", top, seen, sink)?;
        told.finish(sink)
    }
}

/// A program: its permission, and the last time it stopped using the location.
fn program(key: &str, value: Value<'_>) -> What {
    let mut extra = Extra::new();
    let permission = value.get("Authorization").and_then(Value::integer);
    let meaning = match permission {
        Some(0) => Some("not decided"),
        Some(1) => Some("never"),
        Some(2) => Some("while in use"),
        Some(4) => Some("always"),
        _ => None,
    };
    extra.extend(meaning.map(|meaning| ("permission".to_owned(), meaning.to_owned())));
    let mut last: Option<(TimeReading, String)> = None;
    for (name, member) in value.pairs().filter(|(name, _)| is_time(name)) {
        let Some(time) = member.real().filter(|seconds| *seconds > 0.0).map(TimeReading::apple) else {
            continue;
        };
        let shown = time.first_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        extra.extend(shown.map(|shown| (format!("{name} in UTC"), shown.to_string())));
        let later = last.as_ref().is_none_or(|(before, _)| time.first_ms > before.first_ms);
        if name.ends_with("TimeStopped") && later {
            last = Some((time, name));
        }
    }
    let (at, of) = last.map_or((None, None), |(time, name)| (Some(time), Some(name)));
    extra.extend(of.map(|of| ("time_of".to_owned(), of)));
    extra.push(("key".to_owned(), key.to_owned()));
    lists::keep_all(value, &[], &mut extra);
    let text = value.get("BundleId").and_then(Value::text).or_else(|| Some(key.to_owned()));
    let (app, kind) = ("location".to_owned(), "location-permission".to_owned());
    What::Event(Box::new(Event { app, kind, at, text, extra }))
}

/// Members that count seconds since 2001.
fn is_time(name: &str) -> bool {
    ["TimeStopped", "TimeStarted", "PeriodBegin"].iter().any(|end| name.ends_with(end))
}
