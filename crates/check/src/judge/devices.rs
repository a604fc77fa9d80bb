//! Which facts belong to one device: several acquisitions of it make one picture.
//!
//! Facts of one container or one folder belong together. Groups whose device is the same, as far as they
//! tell, are one; a group that tells of no device belongs to the only device of its platform. Two serial
//! numbers are two devices, also in one folder if they lie in folders of it; a group that may be one of two
//! devices stands for itself.

use std::collections::{BTreeMap, BTreeSet};

use model::record::FileNumber;

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
    let mut folders: BTreeMap<FileNumber, Vec<String>> = BTreeMap::new();
    let facts = std::mem::take(&mut gathered.facts);
    for fact in &facts {
        let file = fact.seen.file;
        folders.entry(file).or_insert_with(|| self::folders(&(gathered.steps)(file)));
    }
    merged(grouped(facts, &folders, 1))
}

/// Deepest folder that is looked at to tell acquisitions apart.
const DEPTH_MOST: usize = 8;

/// The facts by their first folders. Where those tell of several devices, a level deeper tells them apart.
fn grouped(facts: Vec<Fact>, folders: &BTreeMap<FileNumber, Vec<String>>, depth: usize) -> Vec<DeviceFacts> {
    let mut groups: BTreeMap<&[String], Group> = BTreeMap::new();
    for fact in facts {
        let all = folders.get(&fact.seen.file).map(Vec::as_slice).unwrap_or_default();
        let group = groups.entry(all.get(..depth).unwrap_or(all)).or_default();
        group.is_deeper |= all.len() > depth;
        if let Says::Device(device) = &fact.says {
            group.serials.extend(device.serial.clone().filter(|_| group.serials.len() < 2));
        }
        group.facts.push(fact);
    }
    let mut found = Vec::new();
    for Group { facts, serials, is_deeper } in groups.into_values() {
        if serials.len() > 1 && is_deeper && depth < DEPTH_MOST {
            found.append(&mut grouped(facts, folders, depth.saturating_add(1)));
            continue;
        }
        let mut device = DeviceFact::new(Platform::Any);
        for fact in &facts {
            if let Says::Device(told) = &fact.says {
                add(&mut device, told);
            }
        }
        found.push(DeviceFacts { device, facts });
    }
    found
}

/// The facts of one folder.
#[derive(Default)]
struct Group {
    facts: Vec<Fact>,
    serials: BTreeSet<String>,
    is_deeper: bool,
}

/// The folders that a file lies in, outermost first; a container counts as one.
fn folders(steps: &[String]) -> Vec<String> {
    let below = |path: &str| {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    match steps {
        [] => Vec::new(),
        [path] => match (path.contains('/'), path.split_once(':')) {
            (true, _) => below(path),
            // Files of one capsule that lie in no folder.
            (false, Some((capsule, _))) if capsule.bytes().all(|digit| digit.is_ascii_digit()) => {
                vec![capsule.to_owned()]
            }
            _ => vec![String::new()],
        },
        [container, .., path] => {
            let mut folders = vec![container.clone()];
            folders.append(&mut below(path));
            folders
        }
    }
}

fn merged(groups: Vec<DeviceFacts>) -> Vec<DeviceFacts> {
    let (mut named, nameless): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| group.device.platform != Platform::Any);
    let mut devices: Vec<DeviceFacts> = Vec::new();
    // Those that tell a serial number first, so that the others find them.
    named.sort_by_key(|group| group.device.serial.is_none());
    let mut unsure: Vec<DeviceFacts> = Vec::new();
    for group in named {
        let mut same = devices.iter_mut().filter(|device| is_same(&device.device, &group.device));
        match (same.next(), same.next()) {
            (Some(device), None) => join(device, group),
            (None, _) => devices.push(group),
            // It may be either: what is said of the wrong phone is worse than a device more.
            (Some(_), Some(_)) => unsure.push(group),
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
    devices.append(&mut unsure);
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
    use model::record::Place;

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
    fn two_phones_in_one_folder_stay_two() {
        let paths: &[&[&str]] = &[
            &["phones/a/getprop.txt"],
            &["phones/a/packages.json"],
            &["phones/b/getprop.txt"],
            &["phones/b/dumpsys.txt"],
            &["phones/b/apks/x.apk"],
        ];
        let phones =
            || vec![device(0, Some("A1")), looked(1), device(2, Some("B2")), looked(3), device(4, None)];
        assert_eq!(counts(phones(), paths), [2, 3]);
        let paths: &[&[&str]] = &[
            &["all.zip", "a/getprop.txt"],
            &["all.zip", "a/packages.json"],
            &["all.zip", "b/getprop.txt"],
            &["all.zip", "b/dumpsys.txt"],
            &["all.zip", "b/x.apk"],
        ];
        assert_eq!(counts(phones(), paths), [2, 3]);
        let paths: &[&[&str]] = &[&["7:phone/a.txt"], &["7:phone/x/b.txt"], &["7:phone/y/c.txt"]];
        assert_eq!(counts(vec![device(0, Some("A1")), looked(1), device(2, Some("A1"))], paths), [3]);
    }

    #[test]
    fn what_may_be_of_either_phone_is_of_neither() {
        let paths: &[&[&str]] =
            &[&["a/getprop.txt"], &["b/getprop.txt"], &["bugreport.zip", "dumpstate.txt"]];
        let facts = vec![device(0, Some("A1")), device(1, Some("B2")), device(2, None), looked(2)];
        assert_eq!(counts(facts, paths), [1, 1, 2]);
    }

    #[test]
    fn files_beside_each_other_belong_together() {
        let facts = vec![looked(0), device(1, Some("A1")), device(2, Some("B2"))];
        assert_eq!(counts(facts, &[&["packages.json"], &["getprop.txt"], &["other/getprop.txt"]]), [2, 1]);
    }
}
