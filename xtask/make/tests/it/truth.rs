//! The table of truth: everything on the lists is planted in every artefact that can carry it, and everything
//! must be found there, as what it is, of whom it is, and nothing else.

use std::collections::BTreeSet;

use check::HitKind;
use check::indicators::{self, IndicatorKind, ListLimits};
use make::acquisitions::android::{self, AndroidSize};
use make::acquisitions::ios::{self, IosSize, Others};
use make::acquisitions::planted::{App, Device, Service, Where};
use make::acquisitions::{Files, Planted, capture};

use super::known::{
    ALL, CONNECTED, Known, READ, Told, apps, expected, expected_hosts, hosts, is_address, of, require, told,
    told_with,
};
use super::mini;

/// Small acquisitions: what is ordinary is there, too.
const ANDROID: AndroidSize = AndroidSize { apps: 10, files: 20, dumpstate_bytes: 0, ..AndroidSize::SMALL };
const IPHONE: IosSize = IosSize {
    messages: 20,
    whatsapp_messages: 20,
    visits: 20,
    apps: 5,
    others: 5,
    presence: Others::Absent,
    ..IosSize::SMALL
};

/// An app that is installed by hand and has every service there is.
fn app(device: Device, id: &str, signer: &str, sha256: &str) -> App {
    let class = |name: &str| name.to_owned();
    let services = match device {
        Device::Android => vec![
            Service::Accessibility(class("Reader")),
            Service::Listener(class("Listener")),
            Service::Admin(class("Admin")),
            Service::MessageReceiver(class("Messages")),
            Service::CallReceiver(class("Calls")),
            Service::BootReceiver(class("Boot")),
        ],
        Device::Iphone => Vec::new(),
    };
    App {
        device,
        id: id.to_owned(),
        label: "Erfunden".to_owned(),
        signer_sha1: signer.to_owned(),
        sha256: sha256.to_owned(),
        installer: None,
        permissions: vec!["android.permission.INTERNET".to_owned()],
        services,
    }
}

const NO_SIGNER: &str = "00000000000000000000000000000000000000a1";
const NO_HASH: &str = "00000000000000000000000000000000000000000000000000000000000000b1";

/// All apps of the lists on one device.
fn all_apps(device: Device) -> Planted {
    // Lists keep identifiers in small letters.
    let apps = apps().into_iter().map(|one| app(device, &one.value, NO_SIGNER, NO_HASH)).collect();
    Planted { apps, ..Planted::nothing() }
}

/// One file of an acquisition of AndroidQF, with the one that tells what it is.
fn qf(files: &Files, name: &str) -> Files {
    let some = files.iter().filter(|(path, _)| path == name || path == "acquisition.json");
    some.map(|(path, bytes)| (format!("erfunden/{path}"), bytes.clone())).collect()
}

#[test]
fn androidqf_carries_every_app() {
    let files = android::androidqf(&all_apps(Device::Android), &ANDROID, 1).expect("an acquisition");
    let apps = expected(&apps(), HitKind::App);
    for name in ["packages.json", "dumpsys.txt", "bugreport.zip"] {
        require(name, &told(qf(&files, name)), &apps);
    }
    // No phone has more services than fit into a line of the settings.
    let all = super::known::apps();
    for some in all.chunks(50) {
        let ids = some.iter().map(|one| app(Device::Android, &one.value, NO_SIGNER, NO_HASH)).collect();
        let planted = Planted { apps: ids, ..Planted::nothing() };
        let files = android::androidqf(&planted, &ANDROID, 1).expect("an acquisition");
        let settings = told(qf(&files, "settings_secure.txt"));
        let named: Vec<&Known> =
            all.iter().copied().filter(|one| some.iter().any(|other| other.value == one.value)).collect();
        require("settings_secure.txt", &settings, &expected(&named, HitKind::App));
    }
}

#[test]
fn androidqf_carries_every_process_of_an_app() {
    let processes = apps().iter().map(|one| (Device::Android, format!("{}:service", one.value))).collect();
    let planted = Planted { processes, ..Planted::nothing() };
    let files = android::androidqf(&planted, &ANDROID, 1).expect("an acquisition");
    require("processes.json", &told(qf(&files, "processes.json")), &expected(&apps(), HitKind::App));
}

#[test]
fn androidqf_carries_every_signer() {
    let signers = of(&[IndicatorKind::Signer]);
    let by_length = |length: usize| -> Vec<&Known> {
        signers.iter().copied().filter(|one| one.value.len() == length).collect()
    };
    let sha1 = by_length(40);
    let apps = |(number, one): (usize, &&Known)| {
        app(Device::Android, &format!("com.example.erfunden{number}"), &one.value.to_uppercase(), NO_HASH)
    };
    let planted = Planted { apps: sha1.iter().enumerate().map(apps).collect(), ..Planted::nothing() };
    let files = android::androidqf(&planted, &ANDROID, 1).expect("an acquisition");
    require("packages.json", &told(qf(&files, "packages.json")), &expected(&sha1, HitKind::Signer));

    let sha256 = by_length(64);
    assert_eq!(sha1.len() + sha256.len(), signers.len(), "every signer has one of the two");
    let files = vec![
        mini::acquisition(),
        mini::packages(sha256.iter().map(|one| (one.value.as_str(), "CN=Erfunden".to_owned()))),
    ];
    require("packages.json, SHA-256", &told(files), &expected(&sha256, HitKind::Signer));
}

#[test]
fn androidqf_carries_every_hash_and_every_path() {
    let hashes = of(&[IndicatorKind::FileHash]);
    let sha256: Vec<&Known> = hashes.into_iter().filter(|one| one.value.len() == 64).collect();
    let apps = |(number, one): (usize, &&Known)| {
        app(Device::Android, &format!("com.example.erfunden{number}"), NO_SIGNER, &one.value)
    };
    let mut planted = Planted { apps: sha256.iter().enumerate().map(apps).collect(), ..Planted::nothing() };
    let files = android::androidqf(&planted, &ANDROID, 1).expect("an acquisition");
    require("packages.json", &told(qf(&files, "packages.json")), &expected(&sha256, HitKind::FileHash));

    planted.apps.clear();
    planted.file_hashes = sha256.iter().map(|one| one.value.clone()).collect();
    planted.paths = paths().into_iter().map(|path| (Device::Android, path)).collect();
    let files = android::androidqf(&planted, &ANDROID, 1).expect("an acquisition");
    let mut all = expected(&sha256, HitKind::FileHash);
    all.extend(expected(&of(&[IndicatorKind::FilePath, IndicatorKind::FileName]), HitKind::FileName));
    require("files.json", &told(qf(&files, "files.json")), &all);
}

#[test]
fn androidqf_carries_every_name_of_a_signer() {
    let names = of(&[IndicatorKind::SignerOrganisation, IndicatorKind::SignerPattern]);
    let subject = |one: &&Known| match one.kind {
        IndicatorKind::SignerPattern => format!("CN={}, O=Erfunden", mini::name_after(&one.value)),
        _ => format!("CN=Erfunden, O={}, C=DE", one.value),
    };
    let signed = names.iter().map(|one| ("", subject(one)));
    let files = vec![mini::acquisition(), mini::packages(signed)];
    require("packages.json, names", &told(files), &expected(&names, HitKind::Signer));
}

/// A path that each indicator of a path or name must be found by.
fn paths() -> Vec<String> {
    let path = |one: &&Known| match one.kind {
        IndicatorKind::FileName => format!("/sdcard/erfunden/{}", one.value),
        _ if one.value.ends_with('/') => format!("{}erfunden", one.value),
        _ if one.value.starts_with('/') => one.value.clone(),
        _ => format!("/private/var/mobile/{}", one.value),
    };
    of(&[IndicatorKind::FilePath, IndicatorKind::FileName]).iter().map(path).collect()
}

#[test]
fn every_section_of_a_bug_report_that_names_apps_carries_every_one() {
    let planted = all_apps(Device::Android);
    let text = String::from_utf8(android::dumpstate(&planted, &ANDROID, 1)).expect("a text");
    let rule = text.lines().find(|line| line.len() > 60 && line.chars().all(|c| c == '-')).expect("a rule");
    let (head, _) = text.split_once("DUMP OF SERVICE ").expect("a section");
    let mut carriers = 0;
    for section in text.split("DUMP OF SERVICE ").skip(1) {
        let name = section.split([':', ' ']).next().expect("a name");
        let named: Vec<&Known> = apps()
            .into_iter()
            .filter(|one| {
                section
                    .split(|c: char| !c.is_alphanumeric() && !"._-".contains(c))
                    .any(|word| word == one.value)
            })
            .collect();
        if named.is_empty() {
            continue;
        }
        carriers += 1;
        let alone = format!("{head}DUMP OF SERVICE {section}\n{rule}\n");
        let files = vec![("bugreport/dumpstate-2026-11-20.txt".to_owned(), alone.into_bytes())];
        require(name, &told(files), &expected(&named, HitKind::App));
    }
    assert!(carriers >= 5, "only {carriers} sections name apps");
}

/// A backup of an iPhone in which this is planted.
fn backup(planted: &Planted) -> Files {
    let mut files = Files::new();
    let put = &mut |path: String, bytes| {
        files.push((format!("00008110-000000000000001E/{path}"), bytes));
        Ok(())
    };
    ios::backup(planted, &IPHONE, 1, put).expect("a backup");
    files
}

#[test]
fn a_backup_of_an_iphone_carries_every_app() {
    let files = backup(&all_apps(Device::Iphone));
    let apps = expected(&apps(), HitKind::App);
    require("backup", &told(files.clone()), &apps);
    // Without the list of files: what is told comes out of `Info.plist` alone.
    let lists = ["/Info.plist", "/Manifest.plist", "/Status.plist"];
    let is_list = |path: &str| lists.iter().any(|name| path.ends_with(name));
    let info: Files = files.into_iter().filter(|(path, _)| is_list(path)).collect();
    require("Info.plist", &told(info), &apps);
}

#[test]
fn a_sysdiagnose_carries_every_app_path_and_process() {
    let processes = of(&[IndicatorKind::Process]);
    let mut planted = all_apps(Device::Iphone);
    planted.paths = paths().into_iter().map(|path| (Device::Iphone, path)).collect();
    planted.processes = processes.iter().map(|one| (Device::Iphone, one.value.clone())).collect();
    let packed = ios::sysdiagnose(&planted, 5, 1).expect("a sysdiagnose");
    let files = vec![("sysdiagnose_2026.11.20_08-00-00.tar.gz".to_owned(), packed)];
    let told = told(files);
    let of_kind = |kinds: &[HitKind]| -> BTreeSet<Told> {
        told.iter().filter(|(kind, ..)| kinds.contains(kind)).cloned().collect()
    };
    require("sysdiagnose, apps", &of_kind(&[HitKind::App]), &expected(&apps(), HitKind::App));
    let mut running = expected(&processes, HitKind::Process);
    running.extend(expected(&of(&[IndicatorKind::FilePath, IndicatorKind::FileName]), HitKind::Process));
    require("sysdiagnose, processes", &of_kind(&[HitKind::Process]), &running);
}

#[test]
fn a_capture_carries_every_host() {
    let names: Vec<&Known> = hosts().into_iter().filter(|one| !is_address(&one.value)).collect();
    let domains = names.iter().map(|one| one.value.clone()).collect();
    let planted = Planted { domains, ..Planted::nothing() };
    let files = vec![("capture.pcap".to_owned(), capture::capture(&planted, 50, 1))];
    require("capture", &told(files), &expected_hosts(&names, CONNECTED));
}

#[test]
fn lists_that_a_person_adds_carry_everything() {
    let families: BTreeSet<&str> = ALL.iter().map(|one| one.family.as_str()).collect();
    let bundle = mini::stix(&ALL, &families);
    let list = indicators::stix(&bundle, "a file", ListLimits::default());
    assert_eq!(list.troubles, []);
    let mut table = indicators::Indicators::default();
    table.add("a file", &list);
    let planted = all_apps(Device::Android);
    let files = android::androidqf(&planted, &ANDROID, 1).expect("an acquisition");
    let apps = expected(&apps(), HitKind::App);
    require("STIX, packages.json", &told_with(&table, qf(&files, "packages.json")), &apps);

    let text = mini::echap(&ALL, &families);
    let list = indicators::echap(text.as_bytes(), ListLimits::default());
    assert_eq!(list.troubles, []);
    let mut table = indicators::Indicators::default();
    table.add("a file", &list);
    require("YAML, packages.json", &told_with(&table, qf(&files, "packages.json")), &apps);
    for one in hosts() {
        assert!(!table.address(&one.value, indicators::Way::Read).is_empty(), "{}", one.value);
    }
}

/// Hosts and addresses with a path, as links.
fn links() -> (Vec<&'static Known>, Vec<String>) {
    use IndicatorKind as K;
    let all = of(&[K::Website, K::CommandServer, K::Distributor, K::Domain]);
    let links = all.iter().map(|one| format!("https://{}/erfunden?x=1", one.value)).collect();
    (all, links)
}

#[test]
fn every_browser_carries_every_address() {
    let (all, links) = links();
    let expected = expected_hosts(&all, READ);
    for (name, table, column) in [
        ("Library/Safari/History.db", "history_items", "url"),
        ("com.android.chrome/app_chrome/Default/History", "urls", "url"),
        ("org.mozilla.firefox/files/places.sqlite", "moz_places", "url"),
    ] {
        let bytes = mini::database(table, column, links.iter().map(String::as_str));
        require(name, &told(vec![(name.to_owned(), bytes)]), &expected);
    }
}

#[test]
fn messages_carry_every_link() {
    let (all, links) = links();
    let expected = expected_hosts(&all, READ);
    let texts: Vec<String> = links.iter().map(|link| format!("Schau mal ({link}), bitte!")).collect();
    for (name, table, column) in [
        ("HomeDomain/Library/SMS/sms.db", "message", "text"),
        ("com.android.providers.telephony/databases/mmssms.db", "sms", "body"),
        ("com.whatsapp/databases/msgstore.db", "message", "text_data"),
        ("AppDomainGroup-group.net.whatsapp.WhatsApp.shared/ChatStorage.sqlite", "ZWAMESSAGE", "ZTEXT"),
    ] {
        let bytes = mini::database(table, column, texts.iter().map(String::as_str));
        require(name, &told(vec![(name.to_owned(), bytes)]), &expected);
    }
}

#[test]
fn every_place_of_a_link_in_a_backup_carries_it() {
    let (all, _) = links();
    for place in Where::ALL {
        // A text can hold many links; a visited page is one, and browsers are tried with all above.
        let most = if *place == Where::Visit { 1 } else { 200 };
        for some in all.chunks(most).take(50) {
            let text = some.iter().map(|one| one.value.as_str()).collect::<Vec<_>>().join(" https://");
            let mut domains = vec!["ordinary.example".to_owned(); Where::ALL.len()];
            domains[*place as usize] = text;
            let planted = Planted { domains, ..Planted::nothing() };
            let told = told(backup(&planted));
            let whole = all.iter().copied().filter(|one| some.iter().any(|other| other.value == one.value));
            let expected = expected_hosts(&whole.collect::<Vec<_>>(), READ);
            require(place.words(), &told, &expected);
        }
    }
}

#[test]
fn an_intrusion_log_carries_every_host() {
    let hosts = hosts();
    let files = vec![mini::intrusion_log(hosts.iter().map(|one| one.value.as_str()))];
    require("intrusion log", &told(files), &expected_hosts(&hosts, CONNECTED));
}

#[test]
fn the_list_of_a_backup_carries_every_path_that_can_be_in_it() {
    let home = "/private/var/mobile/";
    let paths = of(&[IndicatorKind::FilePath, IndicatorKind::FileName]);
    let mut planted = Vec::new();
    let mut files = Vec::new();
    for one in paths {
        let path = match one.kind {
            IndicatorKind::FileName => format!("Library/Erfunden/{}", one.value),
            _ if !one.value.starts_with('/') => one.value.clone(),
            _ => match one.value.strip_prefix(home) {
                Some(path) => path.to_owned(),
                None => continue,
            },
        };
        planted.push(one);
        files.push(("HomeDomain", path));
    }
    let files = mini::backup_listing(backup(&Planted::nothing()), &files);
    let mut told = told(files);
    // The file names of one list are parts of paths on the same list.
    let also = expected(&of(&[IndicatorKind::FilePath, IndicatorKind::FileName]), HitKind::FileName);
    let expected = expected(&planted, HitKind::FileName);
    told.retain(|one| expected.contains(one) || !also.contains(one));
    require("Manifest.db, paths", &told, &expected);
}

#[test]
fn a_backup_carries_every_permission_mail_and_profile() {
    let all = apps();
    let bytes = mini::tcc(all.iter().map(|one| one.value.as_str()));
    let files = vec![("HomeDomain/Library/TCC/TCC.db".to_owned(), bytes)];
    require("TCC.db", &told(files), &expected(&all, HitKind::App));

    let mails = of(&[IndicatorKind::Mail]);
    let files = vec![mini::id_status(mails.iter().map(|one| one.value.as_str()))];
    require("idstatuscache.plist", &told(files), &expected(&mails, HitKind::Mail));

    let profiles = of(&[IndicatorKind::Profile]);
    let files = profiles.iter().enumerate().map(|(number, one)| {
        (format!("Profile{number}.mobileconfig"), mini::profile(&one.value.to_uppercase()))
    });
    require("mobileconfig", &told(files.collect()), &expected(&profiles, HitKind::Profile));
}

#[test]
fn every_kind_on_the_lists_is_planted_above() {
    use IndicatorKind as K;
    let planted = [
        K::App,
        K::Signer,
        K::SignerOrganisation,
        K::SignerPattern,
        K::FileHash,
        K::FileName,
        K::FilePath,
        K::Process,
        K::CommandServer,
        K::Website,
        K::Distributor,
        K::Domain,
        K::Profile,
        K::Mail,
    ];
    let strays: Vec<&Known> = ALL.iter().filter(|one| !planted.contains(&one.kind)).collect();
    assert_eq!(strays, Vec::<&Known>::new(), "plant it in an artefact");
    let hashes = of(&[K::FileHash]);
    assert!(
        hashes.iter().all(|one| one.value.len() == 64),
        "a list has hashes that no artefact is tried with"
    );
}
