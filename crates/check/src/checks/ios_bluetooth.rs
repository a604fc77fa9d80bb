//! Devices that are paired with an iPhone over Bluetooth: `com.apple.MobileBluetooth.devices.plist` and
//! `com.apple.MobileBluetooth.ledevices.paired.db`.
//!
//! Headphones, cars, watches. Members as in iLEAPP's `bluetooth` (2026-11). Deliberately not read: devices
//! that only came near (`…other.db`); times of the database, whose unit is not known, stay as they are.

use model::record::{Place, Precision, ProblemKind, TimeReading};
use source::property_list::PropertyList;
use source::tree::Candidate;

use crate::database::{self, text};
use crate::{About, Check, FactSink, Flow, Input, LinkedDevice, Platform, Question, Wholly, lists};

/// Lists of paired devices.
pub(crate) struct IosBluetooth;

const LIST: &str = "com.apple.MobileBluetooth.devices.plist";
const DATABASE: &str = "com.apple.MobileBluetooth.ledevices.paired.db";
/// Most devices.
const DEVICES_MOST: u64 = 5000;

impl Check for IosBluetooth {
    fn name(&self) -> &'static str {
        "ios_bluetooth"
    }

    fn about(&self) -> About {
        About {
            title: "Paired Bluetooth devices",
            platform: Platform::Ios,
            covers: "name and address of each, when it was last seen where that is told",
            leaves_out: "devices that only came near",
            answers: &[Question::LinkedDevices],
            source: "iLEAPP bluetooth (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == LIST || database::is_named(candidate, &[DATABASE])
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        if input.entry().is_some_and(|entry| entry.name() == LIST) {
            return list(input, sink);
        }
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let wholly = database::condition(&database, input.file, sink)?;
        let Some(table) = database.table("PairedDevices") else {
            let expected = "a table PairedDevices";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        };
        let column = |name| table.column(name);
        let (name, address, used) = (column("Name"), column("Address"), column("LastConnectionTime"));
        let mut count = 0_u64;
        let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
            count = count.saturating_add(1);
            if count > DEVICES_MOST {
                return Flow::Continue(());
            }
            let used = row.real(used).filter(|raw| *raw > 0.0);
            let used = used.map(|raw| TimeReading::utc(raw.to_string(), None, Precision::Second));
            let name = shown(text(row, name), text(row, address).as_deref());
            let seen = input.seen(Place::row("PairedDevices", row.rowid()));
            let service = "bluetooth".to_owned();
            sink.says(&seen, LinkedDevice { service, name, since: None, used })
        })?;
        let wholly = if count > DEVICES_MOST { Wholly::No } else { database::both(wholly, read.wholly) };
        sink.looked(&input.seen(Place::Whole), Question::LinkedDevices, wholly, count)
    }
}

fn list(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
    let list = file.list();
    let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
        let expected = "a dictionary of devices";
        return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
    };
    let mut wholly = if top.members() > Some(DEVICES_MOST) { Wholly::No } else { Wholly::Yes };
    let mut count = 0_u64;
    for (address, device) in top.pairs().take(5000) {
        if !lists::is_small_dictionary(device) {
            wholly = Wholly::No;
            continue;
        }
        count = count.saturating_add(1);
        let name = ["UserNameKey", "Name", "DefaultName"].iter().find_map(|key| lists::text(device, key));
        let seconds = device.get("LastSeenTime").and_then(source::property_list::Value::integer);
        let used = seconds.filter(|seconds| *seconds > 0).map(TimeReading::unix_seconds);
        let (service, name) = ("bluetooth".to_owned(), shown(name, Some(&address)));
        sink.says(&input.seen(file.place(device)), LinkedDevice { service, name, since: None, used })?;
    }
    sink.looked(&input.seen(Place::Whole), Question::LinkedDevices, wholly, count)
}

fn shown(name: Option<String>, address: Option<&str>) -> String {
    let address = address.map(|address| format!("({})", database::clipped(address)));
    let parts: Vec<String> = [name, address].into_iter().flatten().collect();
    database::clipped(&parts.join(" ")).to_owned()
}
