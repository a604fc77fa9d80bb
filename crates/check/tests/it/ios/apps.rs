//! The phone, its apps, and every path.

use check::{AppOrigin, AppSays, Platform, Question, Says, TraceKind, Wholly};
use plist::Value;

use super::{Backup, Kind, app, binary, date, dictionary, has, looked, number, setting, signs, text, xml};

fn metadata(pairs: Vec<(&str, Value)>) -> Value {
    let info = dictionary(vec![
        ("accountInfo", dictionary(vec![("AppleID", text("andere@example.com"))])),
        ("purchaseDate", text("2024-05-06T07:08:09Z")),
    ]);
    let mut all = vec![
        ("itemName", text("Erfundene App")),
        ("bundleShortVersionString", text("1.2")),
        ("com.apple.iTunesStore.downloadInfo", info),
    ];
    all.extend(pairs);
    dictionary(vec![("iTunesMetadata", Value::Data(binary(&dictionary(all))))])
}

fn info() -> Vec<u8> {
    let store = metadata(vec![("sourceApp", text("com.apple.AppStore"))]);
    let market = dictionary(vec![("distributorID", text("com.example.market"))]);
    let market = metadata(vec![("distributorInfo", market), ("sourceApp", text("com.apple.AppStore"))]);
    let old = metadata(vec![("itemId", number(12))]);
    xml(&dictionary(vec![
        ("Product Type", text("iPhone14,5")),
        ("Product Version", text("17.5.1")),
        ("Build Version", text("21F90")),
        ("Serial Number", text("ERFUNDEN1")),
        ("Device Name", text("Telefon von Mia")),
        ("Last Backup Date", date()),
        (
            "Applications",
            dictionary(vec![
                ("com.example.store", store),
                ("com.example.market.app", market),
                ("com.example.old", old),
                ("com.example.side", dictionary(vec![("PlaceholderIcon", Value::Data(vec![1, 2]))])),
                ("com.example.odd", dictionary(vec![("iTunesMetadata", Value::Data(vec![7; 30]))])),
            ]),
        ),
        (
            "Installed Applications",
            Value::Array(["com.example.store", "com.example.loaded", "com.apple.clock"].map(text).to_vec()),
        ),
    ]))
}

#[test]
fn the_phone_and_where_its_apps_come_from() {
    for kind in [Kind::Plain, Kind::Encrypted] {
        let kept = Backup::default().beside("Info.plist", info()).checked(kind);
        let device = kept.facts.iter().find_map(|fact| match &fact.says {
            Says::Device(device) if device.model.is_some() => Some(device),
            _ => None,
        });
        let device = device.unwrap();
        assert_eq!((device.platform, device.system.as_deref()), (Platform::Ios, Some("17.5.1")));
        assert_eq!(device.name.as_deref(), Some("Telefon von Mia"));
        assert_eq!(device.acquired.as_ref().unwrap().first_ms, Some(1_741_064_767_000));
        let store = app(&kept, "com.example.store");
        assert!(store.contains(&&AppSays::Installer(Some("com.apple.AppStore".into()))));
        assert!(store.contains(&&AppSays::AcquiredBy("andere@example.com".into())));
        assert!(
            store
                .iter()
                .any(|says| matches!(says, AppSays::Acquired(at) if at.first_ms == Some(1_714_979_289_000)))
        );
        let installer = |id: &str| {
            app(&kept, id).into_iter().find_map(|says| match says {
                AppSays::Installer(installer) => Some(installer.clone()),
                _ => None,
            })
        };
        assert_eq!(installer("com.example.market.app"), Some(Some("com.example.market".into())));
        assert_eq!(installer("com.example.old"), Some(Some("com.apple.AppStore".into())));
        assert_eq!(installer("com.example.side"), Some(None));
        assert_eq!(installer("com.example.loaded"), Some(None));
        assert_eq!(installer("com.apple.clock"), None);
        // One record could not be read.
        assert_eq!(looked(&kept, Question::AppSources), [(Wholly::No, 7)]);
        assert_eq!(looked(&kept, Question::SystemAge), [(Wholly::Yes, 1)]);
        assert_eq!(kept.problems.len(), 1);
        assert!(has(&kept, TraceKind::AppMention, "com.example.store"));
        // The list of apps with data.
        assert!(app(&kept, "com.example.kalender").contains(&&AppSays::Installed(AppOrigin::Added)));
        assert!(app(&kept, "com.example.clock").contains(&&AppSays::Installed(AppOrigin::Factory)));
        assert!(app(&kept, "group.com.example.kalender").is_empty());
        assert_eq!(setting(&kept, "backup", "WasPasscodeSet"), Some("false"));
    }
}

#[test]
fn every_path_is_held_against_the_lists() {
    let backup = Backup::default()
        .with("AppDomain-com.example.app/Library/WebKit/https_www.example.com_0.localstorage", b"x".to_vec())
        .with("HomeDomain/Library/Preferences/com.saurik.Cydia.plist", b"x".to_vec());
    for (kind, count) in [(Kind::Plain, 2), (Kind::Encrypted, 2)] {
        let kept = backup.checked(kind);
        assert!(has(&kept, TraceKind::Path, "Library/Preferences/com.saurik.Cydia.plist"), "{kind:?}");
        assert!(has(&kept, TraceKind::Connection, "www.example.com"));
        assert!(app(&kept, "com.example.app").contains(&&AppSays::Mentioned));
        assert_eq!(looked(&kept, Question::Files), [(Wholly::Yes, count)]);
        assert!(signs(&kept, "jailbreak-trace").is_empty());
    }
    // Folders and files that are not there stand in a plain list only.
    let backup = backup
        .with_row("AppDomain-xyz.willy.zebra/Library", 2)
        .with_row("HomeDomain/Library/weg.txt", 1)
        .with_row("HomeDomain/Documents/Checkra1n.log", 1);
    let kept = backup.checked(Kind::Plain);
    assert!(has(&kept, TraceKind::Path, "Library/weg.txt"));
    assert_eq!(
        signs(&kept, "jailbreak-trace"),
        ["AppDomain-xyz.willy.zebra/Library", "HomeDomain/Documents/Checkra1n.log"]
    );
    assert_eq!(looked(&kept, Question::SystemIntegrity), [(Wholly::Yes, 5)]);
    // Without the password nothing is looked into.
    let kept = super::checked(&backup.lying(Kind::Encrypted), &[]);
    assert!(looked(&kept, Question::Files).is_empty());
}

#[test]
#[ignore = "measures: half a million rows"]
fn half_a_million_paths_are_held_against_the_lists() {
    let mut backup = Backup::default();
    for number in 0..500_000 {
        let path = format!(
            "AppDomain-com.example.app{}/Library/Caches/erfunden_{}/datei{number}.bin",
            number % 300,
            number % 977
        );
        backup = backup.with_row(&path, 1);
    }
    let files = backup.lying(Kind::Plain);
    let keys = source::tree::Keys::default();
    let grown = super::tree(&files, &keys);
    let tree = &grown.tree;
    let file = tree.find(None, "b/Manifest.db").unwrap();
    let check = check::CHECKS.iter().find(|check| check.name() == "ios_backup_files").unwrap();
    let input = check::Input { tree, file, keys: &keys, limits: &model::ReadLimits::DEFAULT };
    let mut sink = Counting::default();
    let before = super::cpu_ms();
    let _ = check.read(&input, &mut sink);
    println!(
        "{} traces, {} facts: {} ms of the processor",
        sink.traces,
        sink.facts,
        super::cpu_ms() - before
    );
    assert!(sink.traces >= 500_000);
}

#[test]
#[ignore = "measures: half a million files that no check reads"]
fn asking_every_check_about_half_a_million_files_is_cheap() {
    use std::sync::Arc;
    let content: Arc<dyn model::ReadAt> = Arc::new(vec![0_u8; 64]);
    let root = |leaf: u64| source::tree::RootFile {
        leaf,
        path: format!("AppDomain-com.example.app{}/Library/Caches/erfunden/datei{leaf}.bin", leaf % 300),
        modified: None,
        sha256: None,
        content: Arc::new(source::tree::Plain(Arc::clone(&content))),
    };
    let keys = source::tree::Keys::default();
    let spools: Arc<dyn source::tree::Spools> = Arc::new(source::tree::NoSpools);
    let limits = model::ReadLimits::DEFAULT;
    let files = (0..500_000).map(root).collect();
    let grown = source::tree::grow(files, &keys, &limits, &spools, &mut super::Nothing);
    let before = super::cpu_ms();
    let kept = super::kept(&grown.tree, &keys);
    println!("{} checks: {} ms of the processor", check::CHECKS.len(), super::cpu_ms() - before);
    assert!(kept.facts.is_empty());
}

/// Counts only.
#[derive(Default)]
struct Counting {
    facts: u64,
    traces: u64,
}

impl check::FactSink for Counting {
    fn fact(&mut self, _fact: check::Fact) -> check::Flow {
        self.facts += 1;
        check::Flow::Continue(())
    }

    fn trace(&mut self, _trace: &check::Trace<'_>) -> check::Flow {
        self.traces += 1;
        check::Flow::Continue(())
    }

    fn problem(&mut self, _problem: model::record::Problem) -> check::Flow {
        check::Flow::Continue(())
    }
}
