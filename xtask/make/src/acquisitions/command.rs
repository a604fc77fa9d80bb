//! The command: writes acquisitions into a folder, and `planted.json`, which says what is in each of them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::android::{self, AndroidSize, Resolvers};
use super::ios::{self, IosSize};
use super::planted::{Device, Where};
use super::{Outcome, Planted, capture, stix};

/// The password of locked backups.
pub const PASSWORD: &str = "erfunden";

/// How large what is made is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Small,
    Bench,
}

/// Writes one acquisition into a folder of its own.
type Make = fn(&Path, &Planted, Size, u64) -> Outcome<()>;

/// What can be made: name, of which device, how. Those with `large` or `tenth` in their name are made for a
/// bench only.
const KINDS: &[(&str, Device, Make)] = &[
    ("androidqf", Device::Android, |to, planted, size, seed| {
        androidqf(
            to,
            planted,
            &if size == Size::Small { AndroidSize::SMALL } else { AndroidSize::BENCH },
            seed,
        )
    }),
    ("androidqf-tenth", Device::Android, |to, planted, _, seed| {
        androidqf(to, planted, &AndroidSize::TENTH, seed)
    }),
    ("androidqf-zip", Device::Android, |to, planted, _, seed| {
        let files = android::androidqf(planted, &AndroidSize::SMALL, seed)?;
        write(to, "8a4b2f10-0000-4000-8000-000000000001.zip", &android::zipped(&files)?)
    }),
    ("bugreport", Device::Android, |to, planted, _, seed| {
        let size = AndroidSize { resolvers: Resolvers::Each, ..AndroidSize::SMALL };
        write(to, "bugreport-erfunden.zip", &android::bugreport(planted, &size, seed)?)
    }),
    ("ios-locked", Device::Iphone, |to, planted, size, seed| {
        let small = IosSize::small_locked(PASSWORD);
        backup(
            to,
            planted,
            &if size == Size::Small { small } else { IosSize::bench_locked(PASSWORD, 20_000) },
            seed,
        )
    }),
    ("ios-locked-tenth", Device::Iphone, |to, planted, _, seed| {
        backup(to, planted, &IosSize::bench_locked(PASSWORD, 2_000), seed)
    }),
    ("ios-large", Device::Iphone, |to, planted, _, seed| {
        backup(to, planted, &IosSize::bench_large(1_000_000, 500_000), seed)
    }),
    ("ios-large-tenth", Device::Iphone, |to, planted, _, seed| {
        backup(to, planted, &IosSize::bench_large(100_000, 50_000), seed)
    }),
    ("ios-plain", Device::Iphone, |to, planted, _, seed| backup(to, planted, &IosSize::SMALL, seed)),
    ("sysdiagnose", Device::Iphone, |to, planted, _, seed| {
        write(to, "sysdiagnose_erfunden.tar.gz", &ios::sysdiagnose(planted, 300, seed)?)
    }),
    ("capture", Device::Android, |to, planted, size, seed| {
        let connections = if size == Size::Small { 200 } else { 100_000 };
        write(to, "erfunden.pcap", &capture::capture(planted, connections, seed))
    }),
];

/// The subcommand: `OUT [--seed 1] [--size small|bench] [--only NAME] [--ordinary]`. With `--ordinary`
/// nothing is planted.
///
/// # Errors
/// When an argument is not known or something cannot be made or written.
pub fn command(arguments: &[String]) -> Outcome<()> {
    let mut arguments = arguments.iter();
    let out = PathBuf::from(arguments.next().ok_or("where to? make acquisitions OUT")?);
    let (mut seed, mut size, mut only, mut planted) = (1, Size::Small, None, Planted::example());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--seed" => seed = value()?.parse()?,
            "--size" => size = if value()? == "bench" { Size::Bench } else { Size::Small },
            "--only" => only = Some(value()?.clone()),
            "--ordinary" => planted = Planted::nothing(),
            _ => return Err(format!("unknown: {argument}").into()),
        }
    }
    let mut truth = Map::new();
    for (name, device, make) in KINDS {
        let is_for_bench = name.contains("large") || name.contains("tenth");
        let is_wanted = only.as_ref().map_or(size == Size::Bench || !is_for_bench, |only| only == name);
        if is_wanted {
            make(&out.join(name), &planted, size, seed)?;
        }
        truth.insert((*name).to_owned(), planted_in(&planted, *device, name));
    }
    write(&out, "planted.json", &serde_json::to_vec_pretty(&Value::Object(truth))?)?;
    write(&out, "indicators.stix2", &stix::indicators(&planted, 6_000, seed)?)
}

/// What is planted in an acquisition: a value that must be told, what it is, and whether lists know it.
fn planted_in(planted: &Planted, device: Device, name: &str) -> Value {
    let mut found = Vec::new();
    let mut say = |value: &str, what: &str, is_listed: bool| {
        found.push(json!({"value": value, "what": what, "listed": is_listed}));
    };
    if name == "capture" {
        planted.domains.iter().for_each(|domain| say(domain, "look-up and connection", true));
        return Value::Array(found);
    }
    // A bug report and a sysdiagnose name no links; a sysdiagnose has the log of installed apps.
    for app in planted.apps_of(device) {
        let is_known_by_signer_only = name == "bugreport" && app.id.ends_with("umbenannt");
        let what = if is_known_by_signer_only { "app, its signer not told" } else { "app" };
        let is_known_by_signer = name.starts_with("androidqf") && app.id.ends_with("umbenannt");
        say(&app.id, what, is_known_by_signer || !app.id.starts_with("com.example"));
    }
    for place in Where::ALL.iter().filter(|_| name.starts_with("ios")) {
        planted.domain(*place).iter().for_each(|domain| say(domain, place.words(), true));
    }
    if name.starts_with("androidqf") {
        planted.domain(Where::Message).iter().for_each(|domain| say(domain, Where::Message.words(), true));
        planted.file_hashes.iter().for_each(|hash| say(hash, "file", true));
    }
    for path in planted.paths_of(device).filter(|_| name.starts_with("androidqf") || name == "sysdiagnose") {
        say(path, "path", false);
    }
    for profile in planted.profiles.iter().filter(|_| device == Device::Iphone) {
        say(profile.id(), "profile", false);
    }
    Value::Array(found)
}

fn androidqf(to: &Path, planted: &Planted, size: &AndroidSize, seed: u64) -> Outcome<()> {
    android::androidqf(planted, size, seed)?.iter().try_for_each(|(path, bytes)| write(to, path, bytes))
}

fn backup(to: &Path, planted: &Planted, size: &IosSize, seed: u64) -> Outcome<()> {
    ios::backup(planted, size, seed, &mut |path, bytes| write(to, &path, &bytes))
}

fn write(folder: &Path, path: &str, bytes: &[u8]) -> Outcome<()> {
    let path = folder.join(path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(planted: &Planted, seed: u64) -> Vec<(String, Vec<u8>)> {
        let mut files = android::androidqf(planted, &AndroidSize::SMALL, seed).unwrap();
        let mut put = |path, bytes| {
            files.push((path, bytes));
            Ok(())
        };
        ios::backup(planted, &IosSize::small_locked(PASSWORD), seed, &mut put).unwrap();
        files.push(("s".into(), ios::sysdiagnose(planted, 20, seed).unwrap()));
        files.push(("c".into(), capture::capture(planted, 20, seed)));
        files.push(("i".into(), stix::indicators(planted, 20, seed).unwrap()));
        files
    }

    #[test]
    fn the_same_arguments_give_the_same_bytes() {
        let planted = Planted::example();
        assert!(bytes(&planted, 1) == bytes(&planted, 1));
        assert!(bytes(&planted, 1) != bytes(&planted, 2));
    }

    #[test]
    fn what_is_not_planted_is_nowhere() {
        let ordinary = bytes(&Planted::nothing(), 1);
        let all: Vec<u8> = ordinary.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        for word in ["com.systemservice", "thetruthspy", "wlanhelfer", "com.apple.mdm"] {
            assert!(!all.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn a_locked_backup_opens_with_its_password() {
        let files = bytes(&Planted::example(), 1);
        let (_, manifest) = files.iter().find(|(path, _)| path == "Manifest.plist").unwrap();
        let manifest = plist::Value::from_reader(std::io::Cursor::new(manifest)).unwrap();
        let bag = manifest.as_dictionary().unwrap().get("BackupKeyBag").unwrap().as_data().unwrap();
        let bag = seal::foreign::Keybag::parse(bag).unwrap();
        assert!(bag.unlock(PASSWORD, 100_000).is_ok());
        assert!(bag.unlock("falsch", 100_000).is_err());
    }

    #[test]
    fn everything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().to_str().unwrap().to_owned();
        command(&[to, "--only".into(), "sysdiagnose".into()]).unwrap();
        let truth = fs::read_to_string(folder.path().join("planted.json")).unwrap();
        assert!(truth.contains("roleaccountd"));
        assert!(folder.path().join("sysdiagnose/sysdiagnose_erfunden.tar.gz").exists());
        assert!(!folder.path().join("ios-plain").exists());
        assert!(command(&["x".into(), "--what".into()]).is_err());
    }
}
