//! Devices that are trusted with an iPhone's iCloud keychain: `otctl_status.txt` and
//! `security-sysdiagnose.txt` of a sysdiagnose.
//!
//! `otctl_status.txt` is JSON: `contextDump` with `self` and `peers`, each with its model, name, system and
//! serial number (iOS 14 and later; iLEAPP, 2026). `security-sysdiagnose.txt` begins with the older circle:
//! `Peers: NAME DEVICE TRANSPORT ID … OS:VERSION` (Apple, Security, `SecurityTool/keychain_log.m`). Whoever
//! owns such a device reads along what the account shares. Deliberately not read: keys, events, requests.

use std::collections::BTreeSet;

use model::record::{Place, ProblemKind, TimeReading};
use serde::Deserialize;
use source::tree::Candidate;

use crate::database::clipped;
use crate::loose_json::{Loose, Many};
use crate::sysdiagnose::{bytes, each_line};
use crate::{About, Check, FactSink, Flow, Input, LinkedDevice, Platform, Question, Wholly};

/// Devices of the iCloud keychain.
pub(crate) struct IosKeychainCircle;

/// Most bytes of the status.
const STATUS_BYTES_MOST: u64 = 32 << 20;
/// Most devices that are told.
const DEVICES_MOST: u64 = 1_000;

impl Check for IosKeychainCircle {
    fn name(&self) -> &'static str {
        "ios_keychain_circle"
    }

    fn about(&self) -> About {
        About {
            title: "Devices of the iCloud keychain (otctl_status.txt, security-sysdiagnose.txt)",
            platform: Platform::Ios,
            covers: "trusted devices of the account with name, model and system, and devices that ask to be",
            leaves_out: "keys, events; devices that were put out or left",
            answers: &[Question::LinkedDevices],
            source: "iLEAPP (2026), Apple Security (open source)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        matches!(candidate.entry().name(), "otctl_status.txt" | "security-sysdiagnose.txt")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        if input.entry().is_some_and(|entry| entry.name() == "otctl_status.txt") {
            return octagon(input, sink);
        }
        circle(input, sink)
    }
}

/// The status of the trust.
#[derive(Default, Deserialize)]
struct Status {
    #[serde(rename = "contextDump")]
    dump: Option<Dump>,
}

#[derive(Default, Deserialize)]
struct Dump {
    #[serde(rename = "self")]
    own: Option<Peer>,
    #[serde(default)]
    peers: Many<Peer>,
}

#[derive(Default, Deserialize)]
struct Peer {
    #[serde(default, rename = "peerID")]
    id: Loose,
    #[serde(rename = "permanentInfo")]
    permanent: Option<Permanent>,
    #[serde(rename = "stableInfo")]
    stable: Option<Stable>,
    #[serde(rename = "dynamicInfo")]
    dynamic: Option<Dynamic>,
}

#[derive(Default, Deserialize)]
struct Permanent {
    #[serde(default)]
    model_id: Loose,
    #[serde(default)]
    creation_time: Loose,
}

#[derive(Default, Deserialize)]
struct Stable {
    #[serde(default)]
    device_name: Loose,
    #[serde(default)]
    os_version: Loose,
    #[serde(default)]
    serial_number: Loose,
}

#[derive(Default, Deserialize)]
struct Dynamic {
    #[serde(default)]
    included: Many<Loose>,
}

impl Peer {
    fn serial(&self) -> Option<&str> {
        self.stable.as_ref()?.serial_number.text()
    }

    fn linked(&self) -> LinkedDevice {
        let stable = |of: fn(&Stable) -> &Loose| self.stable.as_ref().and_then(|stable| of(stable).text());
        let permanent =
            |of: fn(&Permanent) -> &Loose| self.permanent.as_ref().and_then(|permanent| of(permanent).text());
        let model = permanent(|permanent| &permanent.model_id);
        let parts = [stable(|of| &of.device_name), model, stable(|of| &of.os_version), self.serial()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        // Milliseconds since 1970.
        let since = permanent(|permanent| &permanent.creation_time).and_then(|raw| raw.parse().ok());
        let since = since.filter(|ms: &i64| (1_000_000_000_000..4_000_000_000_000).contains(ms));
        let name =
            if parts.is_empty() { self.id.text().unwrap_or_default().to_owned() } else { parts.join(", ") };
        LinkedDevice {
            service: "icloud".to_owned(),
            name: clipped(&name).to_owned(),
            since: since.map(TimeReading::unix_ms),
            used: None,
        }
    }
}

fn octagon(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let whole = input.seen(Place::Whole);
    let Some(bytes) = bytes(input, STATUS_BYTES_MOST, sink)? else {
        return sink.looked(&whole, Question::LinkedDevices, Wholly::No, 0);
    };
    let dump = serde_json::from_slice::<Status>(&bytes).ok().and_then(|status| status.dump);
    let Some(Dump { own, peers }) = dump else {
        sink.trouble(&whole, ProblemKind::NotUnderstood, "the status of the keychain as JSON", "")?;
        return sink.looked(&whole, Question::LinkedDevices, Wholly::No, 0);
    };
    let own = own.unwrap_or_default();
    let included = own.dynamic.as_ref().map_or(&[][..], |dynamic| &dynamic.included.0);
    let included: BTreeSet<&str> = included.iter().filter_map(Loose::text).collect();
    // Devices that were put out stay in the list; one device may stand there more than once.
    let (mut count, mut told) = (0_u64, BTreeSet::new());
    for peer in &peers.0 {
        let is_own = (peer.serial().is_some() && peer.serial() == own.serial())
            || (peer.id.text().is_some() && peer.id == own.id);
        let trusted = included.is_empty() || peer.id.text().is_none_or(|id| included.contains(id));
        let linked = peer.linked();
        if is_own || !trusted || linked.name.is_empty() || !told.insert(linked.name.clone()) {
            continue;
        }
        count = count.saturating_add(1);
        if count <= DEVICES_MOST {
            sink.says(&whole, linked)?;
        }
    }
    let wholly = if count > DEVICES_MOST { Wholly::No } else { Wholly::Yes };
    sink.looked(&whole, Question::LinkedDevices, wholly, count)
}

fn circle(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let whole = input.seen(Place::Whole);
    let (mut count, mut status) = (0_u64, false);
    let wholly = each_line(input, sink, &mut |line, seen, sink| {
        status |= line.starts_with("ccstatus:");
        let Some((name, asks)) = peer(line).filter(|_| status) else { return Flow::Continue(()) };
        count = count.saturating_add(1);
        if count > DEVICES_MOST {
            return Flow::Continue(());
        }
        let service = if asks { "icloud-asks" } else { "icloud" };
        let (service, name) = (service.to_owned(), clipped(&name).to_owned());
        sink.says(seen, LinkedDevice { service, name, since: None, used: None })
    })?;
    if !status {
        return sink.trouble(&whole, ProblemKind::NotUnderstood, "the status of the circle (ccstatus)", "");
    }
    let wholly = if count > DEVICES_MOST { Wholly::No } else { wholly };
    sink.looked(&whole, Question::LinkedDevices, wholly, count)
}

/// Another device of the circle, and whether it only asks to be one.
fn peer(line: &str) -> Option<(String, bool)> {
    // The device itself has `me>` before it.
    let line = line.trim_start();
    let asks = line.strip_prefix("Applicants: ");
    let rest = line.strip_prefix("Peers: ").or(asks)?;
    // Name and kind of device are filled up to 16 characters; the name may be longer and have spaces.
    let (_, system) = rest.rsplit_once(" OS:")?;
    let fields: Vec<&str> = rest.split("  ").map(str::trim).filter(|field| !field.is_empty()).collect();
    let (name, device) = match fields.as_slice() {
        [name, device, ..] => (*name, *device),
        _ => (rest.split(" OS:").next()?.trim(), ""),
    };
    let parts: Vec<&str> =
        [name, device, system.trim()].into_iter().filter(|part| !part.is_empty()).collect();
    Some((parts.join(", "), asks.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_of_the_older_circle() {
        let line = "         Peers: Example's iPad   iPad             KVS     0A1B abcdef V2 OS:Version 15.7";
        assert_eq!(peer(line), Some(("Example's iPad, iPad, Version 15.7".to_owned(), false)));
        assert!(peer(&line.replacen("   ", "me>", 1)).is_none());
        assert!(peer("     Peers count: 2").is_none());
    }
}
