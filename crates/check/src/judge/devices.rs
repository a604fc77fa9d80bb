//! Which facts belong to one device: several acquisitions of it make one picture.
//!
//! Facts of one container or one folder belong together. Groups whose device is the same, as far as they
//! tell, are one; a group that tells of no device belongs to the only device of its platform. Two serial
//! numbers are two devices.

use std::collections::BTreeMap;

use crate::{DeviceFact, Fact, Platform, Says};

use super::Gathered;

/// The facts of one device.
pub(super) struct DeviceFacts {
    /// What is told about the device, put together.
    pub(super) device: DeviceFact,
    /// The facts.
    pub(super) facts: Vec<Fact>,
}

/// Puts the facts together by device, in the order of the tree.
pub(super) fn devices(gathered: &mut Gathered<'_>) -> Vec<DeviceFacts> {
    let mut groups: BTreeMap<String, DeviceFacts> = BTreeMap::new();
    let mut roots = BTreeMap::new();
    for fact in std::mem::take(&mut gathered.facts) {
        let root = roots.entry(fact.seen.file).or_insert_with(|| root(&(gathered.steps)(fact.seen.file)));
        let unknown = || DeviceFacts { device: DeviceFact::new(Platform::Any), facts: Vec::new() };
        let group = groups.entry(root.clone()).or_insert_with(unknown);
        if let Says::Device(device) = &fact.says {
            add(&mut group.device, device);
        }
        group.facts.push(fact);
    }
    merged(groups.into_values().collect())
}

/// The container of the capsule, or the folder, that a file belongs to.
fn root(steps: &[String]) -> String {
    match steps {
        [] => String::new(),
        [path] => match (path.split_once('/'), path.split_once(':')) {
            (Some((folder, _)), _) => folder.to_owned(),
            // Files of one capsule that lie in no folder.
            (None, Some((capsule, _))) if capsule.bytes().all(|digit| digit.is_ascii_digit()) => {
                capsule.to_owned()
            }
            _ => String::new(),
        },
        [path, ..] => path.clone(),
    }
}

fn merged(groups: Vec<DeviceFacts>) -> Vec<DeviceFacts> {
    let (mut named, nameless): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| group.device.platform != Platform::Any);
    let mut devices: Vec<DeviceFacts> = Vec::new();
    // Those that tell a serial number first, so that the others find them.
    named.sort_by_key(|group| group.device.serial.is_none());
    for group in named {
        match devices.iter_mut().find(|device| is_same(&device.device, &group.device)) {
            Some(device) => join(device, group),
            None => devices.push(group),
        }
    }
    let mut rest: Option<DeviceFacts> = None;
    for group in nameless {
        match (devices.as_mut_slice(), &mut rest) {
            ([device], _) => join(device, group),
            (_, Some(rest)) => join(rest, group),
            (_, None) => rest = Some(group),
        }
    }
    devices.extend(rest);
    devices
}

fn join(device: &mut DeviceFacts, mut group: DeviceFacts) {
    add(&mut device.device, &group.device);
    device.facts.append(&mut group.facts);
}

/// Whether nothing speaks against it.
fn is_same(one: &DeviceFact, other: &DeviceFact) -> bool {
    let agree = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    one.platform == other.platform && agree(&one.serial, &other.serial) && agree(&one.model, &other.model)
}

/// Adds what is told to what is known; what came first stays.
fn add(known: &mut DeviceFact, told: &DeviceFact) {
    if known.platform == Platform::Any {
        known.platform = told.platform;
    }
    let members = [
        (&mut known.model, &told.model),
        (&mut known.system, &told.system),
        (&mut known.patched, &told.patched),
        (&mut known.build, &told.build),
        (&mut known.serial, &told.serial),
        (&mut known.name, &told.name),
    ];
    for (known, told) in members {
        if known.is_none() {
            known.clone_from(told);
        }
    }
    if known.acquired.is_none() {
        known.acquired.clone_from(&told.acquired);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Looked, Question, Seen, Wholly};
    use model::record::{FileNumber, Place};

    fn device(file: u32, serial: Option<&str>) -> Fact {
        let mut device = DeviceFact::new(Platform::Android);
        device.serial = serial.map(str::to_owned);
        Fact { seen: Seen { file: FileNumber(file), place: Place::Whole }, says: device.into() }
    }

    fn looked(file: u32) -> Fact {
        let says = Looked { question: Question::Apps, wholly: Wholly::Yes, entries: 1 }.into();
        Fact { seen: Seen { file: FileNumber(file), place: Place::Whole }, says }
    }

    fn counts(facts: Vec<Fact>, paths: &[&[&str]]) -> Vec<usize> {
        let steps = |file: FileNumber| paths[file.0 as usize].iter().map(ToString::to_string).collect();
        let mut gathered = Gathered { facts, steps: &steps, today: None };
        devices(&mut gathered).iter().map(|device| device.facts.len()).collect()
    }

    #[test]
    fn several_acquisitions_make_one_device() {
        let paths: &[&[&str]] = &[&["qf/getprop.txt"], &["bugreport.zip", "dumpstate.txt"], &["a.pcap"]];
        let facts = vec![device(0, Some("A1")), device(1, None), looked(2)];
        assert_eq!(counts(facts, paths), [3]);
        let facts = vec![device(0, Some("A1")), device(1, Some("B2")), looked(2)];
        assert_eq!(counts(facts, paths), [1, 1, 1]);
    }

    #[test]
    fn files_beside_each_other_belong_together() {
        let facts = vec![looked(0), device(1, Some("A1")), device(2, Some("B2"))];
        assert_eq!(counts(facts, &[&["packages.json"], &["getprop.txt"], &["other/getprop.txt"]]), [2, 1]);
    }
}
