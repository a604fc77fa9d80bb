//! Wireless networks that an iPhone knows: `com.apple.wifi.known-networks.plist` and its forerunners.
//!
//! Since iOS 14 each network is a member of the list, named `wifi.network.ssid.NAME`; before, all are in `List of
//! known networks` of `com.apple.wifi.plist`. The points that a network was joined at follow it, with coordinates
//! where the phone noted them. Known from public descriptions, iLEAPP, plaso and `mac_apt` (2026). Deliberately not
//! read: passwords (they are in the keychain), other settings of the list.

use model::record::{Event, LocationFix, Point, TimeReading, What};
use source::tree::Candidate;

use crate::lists::{self, Loaded, Told};
use crate::property_list::Value;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// Lists of known networks.
pub(crate) struct IosWifi;

const APP: &str = "wifi";

/// Names of the files, the last two as a backup names them.
const NAMES: &[&str] = &[
    "com.apple.wifi.known-networks.plist",
    "com.apple.wifi.plist",
    "com.apple.wifi-networks.plist.backup",
    "com.apple.wifi-private-mac-networks.plist",
    "0fa75546343ba224c9fe55adc73e8fdedc1029c3",
    "ade0340f576ee14793c607073bd7e8e409af07a8",
];

/// Lists in the forms of old, and what kind of event their networks are.
const LISTS: &[(&str, &str)] =
    &[("List of known networks", "wifi"), ("List of scanned networks with private mac", "wifi-seen")];

/// When a network was joined; the latest of them is its time.
const JOINED: &[&str] = &["JoinedByUserAt", "JoinedBySystemAt", "lastJoined", "lastAutoJoined"];
/// If it was not: the first of these.
const NOTED: &[&str] = &["prevJoined", "UpdatedAt", "lastUpdated", "AddedAt", "addedAt"];

/// Where the points of a network are.
const POINTS: &[&str] = &["BSSList", "networkKnownBSSListKey"];

impl Format for IosWifi {
    fn name(&self) -> &'static str {
        "ios_wifi"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Wireless networks an iPhone knows (com.apple.wifi.known-networks.plist)",
            covers: "networks with the times they were joined, their points with coordinates; forms before and \
                     since iOS 14",
            leaves_out: "passwords, settings that are not about one network",
            source: "public descriptions, iLEAPP, plaso, mac_apt (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let name = candidate.entry().name();
        let named = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
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
            if let Some((_, kind)) = LISTS.iter().find(|(name, _)| *name == key) {
                networks(&mut told, value, kind, sink)?;
            } else if key.starts_with("wifi.network.") {
                network(&mut told, (Some(&key), "wifi"), value, sink)?;
            } else {
                told.system("settings");
            }
        }
        told.lost("networks", top, seen, sink)?;
        told.finish(sink)
    }
}

/// The networks of a list of old.
fn networks(told: &mut Told<'_>, list: Value<'_>, kind: &str, sink: &mut dyn Sink) -> Flow {
    let mut seen = 0_u64;
    for value in list.elements() {
        seen = seen.saturating_add(1);
        network(told, (None, kind), value, sink)?;
    }
    told.lost("networks", list, seen, sink)
}

/// A network and its points.
fn network(
    told: &mut Told<'_>,
    (key, kind): (Option<&str>, &str),
    value: Value<'_>,
    sink: &mut dyn Sink,
) -> Flow {
    told.tell("networks", value, sink, || {
        let (at, of) = joined(value);
        let mut event = Event { app: APP.to_owned(), kind: kind.to_owned(), at, ..Event::default() };
        event.extra.extend(of.map(|of| ("time_of".to_owned(), of.to_owned())));
        event.extra.extend(key.map(|key| ("key".to_owned(), key.to_owned())));
        lists::keep_all(value, POINTS, &mut event.extra);
        event.text = name(key, value);
        What::Event(Box::new(event))
    })?;
    if told.is_full() {
        return Flow::Continue(());
    }
    for list in POINTS.iter().filter_map(|list| value.get(list)).filter(|list| list.is_list()) {
        let name = name(key, value);
        let mut seen = 0_u64;
        for point in list.elements() {
            seen = seen.saturating_add(1);
            told.tell("points", point, sink, || point_of(name.as_deref(), point))?;
        }
        told.lost("points", list, seen, sink)?;
    }
    Flow::Continue(())
}

/// The network's name: as text, as bytes, or as the list names it.
fn name(key: Option<&str>, value: Value<'_>) -> Option<String> {
    let written = value.get("SSID_STR").and_then(Value::text);
    let bytes = || value.get("SSID").and_then(Value::bytes).filter(|bytes| !bytes.is_empty());
    let from_bytes = || {
        let bytes = bytes()?;
        Some(std::str::from_utf8(bytes).map_or_else(|_| model::encode_hex(bytes), str::to_owned))
    };
    let plain = || value.get("SSID").and_then(Value::text);
    let from_key = || {
        let key = key?.strip_prefix("wifi.network.")?;
        key.split_once('.').map(|(_, name)| name.to_owned())
    };
    written.or_else(from_bytes).or_else(plain).or_else(from_key)
}

/// When the network was last joined or noted, and which member says so.
fn joined(value: Value<'_>) -> (Option<TimeReading>, Option<&'static str>) {
    let times = |names: &'static [&'static str]| {
        names.iter().filter_map(move |name| Some((value.get(name).and_then(lists::time)?, *name)))
    };
    let latest = times(JOINED).max_by_key(|(time, _)| time.first_ms);
    latest.or_else(|| times(NOTED).next()).map_or((None, None), |(time, name)| (Some(time), Some(name)))
}

/// A point of a network: a place, if the phone noted where it was.
fn point_of(name: Option<&str>, value: Value<'_>) -> What {
    let number = |key| value.get(key).and_then(Value::real);
    let time = |keys: [&str; 2]| keys.into_iter().find_map(|key| value.get(key).and_then(lists::time));
    let mut extra = vec![];
    lists::keep_all(value, &[], &mut extra);
    let place = number("LocationLatitude").zip(number("LocationLongitude"));
    // 0, 0 stands for no place.
    let place = place.filter(|(latitude, longitude)| *latitude != 0.0 || *longitude != 0.0);
    let app = APP.to_owned();
    let Some(point) = place.and_then(|(latitude, longitude)| Point::new(latitude, longitude)) else {
        let (at, kind) = (time(["LastAssociatedAt", "lastRoamed"]), "wifi-point".to_owned());
        return What::Event(Box::new(Event { app, kind, at, text: name.map(str::to_owned), extra }));
    };
    let at = time(["LocationTimestamp", "LastAssociatedAt"]);
    let accuracy_metres = number("LocationAccuracy").filter(|metres| metres.is_finite() && *metres >= 0.0);
    let name = name.map(str::to_owned);
    What::Location(Box::new(LocationFix { app, at, point: Some(point), accuracy_metres, name, extra }))
}
