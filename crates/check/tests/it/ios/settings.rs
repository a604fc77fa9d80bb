//! Property lists of a phone: location, processes, addresses, Find My, family, VPN and more.

use check::{AppSays, LinkedDevice, LocationLeave, Question, Says, TraceKind, Trust, Vpn, Wholly};
use plist::Value;

use super::{
    Backup, Kind, app, archive, binary, date, dictionary, has, looked, number, setting, signs, text, uid, xml,
};

#[test]
fn what_apps_may_know_of_the_location() {
    let client = |pairs: Vec<(&str, Value)>| dictionary(pairs);
    let clients = dictionary(vec![
        (
            "com.example.always",
            client(vec![
                ("Authorization", number(4)),
                ("LocationTimeStopped", Value::Real(700_000_000.5)),
                ("BackgroundLocationTimeStopped", Value::Real(700_000_100.0)),
                ("BundlePath", text("/private/var/containers/Bundle/Application/1/A.app")),
            ]),
        ),
        ("icom.example.use:", client(vec![("Authorization", number(2))])),
        ("com.example.never", client(vec![("Authorization", number(1))])),
        ("com.example.once", client(vec![("Authorization", number(5))])),
        ("com.example.later", client(vec![("Registered", Value::Boolean(true))])),
        ("com.example.odd", client(vec![("Authorization", number(77))])),
        ("com.apple.locationd.executable-/usr/libexec/erfundend", client(vec![])),
        (
            "icom.apple.weather:",
            client(vec![
                ("Authorization", number(4)),
                ("BundlePath", text("/private/var/staged_system_apps/Weather.app")),
            ]),
        ),
        ("version", number(3)),
    ]);
    let path = "RootDomain/Library/Caches/locationd/clients.plist";
    let kept = Backup::default().with(path, binary(&clients)).checked(Kind::Encrypted);
    let leave = |id: &str| match app(&kept, id)[..] {
        [AppSays::Location(LocationLeave { leave, used })] => {
            (leave.as_str(), used.as_ref().and_then(|used| used.first_ms))
        }
        ref other => panic!("{id}: {other:?}"),
    };
    assert_eq!(leave("com.example.always"), ("always", Some(1_678_307_300_000)));
    assert_eq!(leave("com.example.use"), ("when-in-use", None));
    assert_eq!(leave("com.example.never"), ("never", None));
    assert_eq!(leave("com.example.once"), ("once", None));
    assert_eq!(leave("com.example.later"), ("not-asked", None));
    assert_eq!(leave("com.example.odd"), ("77", None));
    assert!(has(&kept, TraceKind::Process, "erfundend"));
    assert!(has(&kept, TraceKind::Path, "/private/var/containers/Bundle/Application/1/A.app"));
    assert!(app(&kept, "com.apple.locationd.executable-/usr/libexec/erfundend").is_empty());
    assert!(app(&kept, "com.apple.weather").contains(&&AppSays::Installed(check::AppOrigin::Factory)));
    assert_eq!(looked(&kept, Question::Permissions), [(Wholly::Yes, 8)]);
    // A file of this name somewhere else is something else.
    let kept = Backup::default().with("HomeDomain/x/clients.plist", binary(&clients)).checked(Kind::Plain);
    assert!(looked(&kept, Question::Permissions).is_empty());
}

#[test]
fn processes_and_addresses() {
    let counts = |bytes: i64| {
        Value::Array(vec![date(), number(bytes), number(1), number(2), number(3), number(1_000_000)])
    };
    let daily = dictionary(vec![(
        "netUsageBaseline",
        dictionary(vec![("erfundend", counts(5)), ("com.example.app", counts(7))]),
    )]);
    let looked_up =
        |seconds: f64| dictionary(vec![("LookupDate", Value::Real(seconds)), ("IDStatus", number(1))]);
    let cache = dictionary(vec![
        (
            "com.apple.madrid",
            dictionary(vec![
                ("mailto:odd\0\0@example.com", looked_up(1.0)),
                ("mailto:mia@example.com", looked_up(600_000_000.0)),
                ("tel:+4912345", looked_up(2.0)),
            ]),
        ),
        ("com.apple.private.alloy.fmf", dictionary(vec![("mailto:max@example.com", looked_up(3.0))])),
        ("version", number(1)),
    ]);
    let preferences = "HomeDomain/Library/Preferences";
    let kept = Backup::default()
        .with(&format!("{preferences}/com.apple.osanalytics.addaily.plist"), binary(&daily))
        .with(&format!("{preferences}/com.apple.identityservices.idstatuscache.plist"), binary(&cache))
        .checked(Kind::Plain);
    assert!(has(&kept, TraceKind::Process, "erfundend"));
    assert!(app(&kept, "erfundend").is_empty());
    assert!(matches!(app(&kept, "com.example.app")[..], [AppSays::Traffic { bytes: 13, at: Some(_) }]));
    assert!(has(&kept, TraceKind::Mail, "mia@example.com"));
    assert_eq!(signs(&kept, "account-id-odd"), ["mailto:odd\0\0@example.com (com.apple.madrid)"]);
    assert_eq!(signs(&kept, "location-shared"), ["mailto:max@example.com (com.apple.private.alloy.fmf)"]);
    assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 2)]);
}

#[test]
fn settings_that_matter() {
    let find = dictionary(vec![("fmipActive", Value::Boolean(true)), ("fmipLostModeType", number(0))]);
    let member = |name: &str, is_me: bool| {
        dictionary(vec![
            ("member-first-name", text(name)),
            ("member-apple-id", text("x@example.com")),
            ("is-me", Value::Boolean(is_me)),
            ("member-is-organizer", Value::Boolean(!is_me)),
            ("member-join-date-epoch", number(1_600_000_000_000)),
        ])
    };
    let members = Value::Array(vec![member("Mia", true), member("Max", false)]);
    let family = dictionary(vec![("circle", dictionary(vec![("family-members", members)]))]);
    let device = dictionary(vec![("Name", text("Auto")), ("LastSeenTime", number(1_700_000_000))]);
    let proxies = dictionary(vec![
        ("HTTPEnable", number(1)),
        ("HTTPProxy", text("proxy.example.net")),
        ("HTTPPort", number(8080)),
        ("SOCKSEnable", number(0)),
        ("SOCKSProxy", text("off.example.net")),
    ]);
    let service = dictionary(vec![("UserDefinedName", text("Wi-Fi")), ("Proxies", proxies)]);
    let networks = dictionary(vec![("NetworkServices", dictionary(vec![("0A", service)]))]);
    let trust = dictionary(vec![("HostName", text("Rechner")), ("HostID", text("ABC"))]);
    let settings = archive(vec![
        dictionary(vec![("sectionInfoSettings", uid(2))]),
        dictionary(vec![("authorizationStatus", number(1))]),
    ]);
    let sections =
        dictionary(vec![("sectionInfo", dictionary(vec![("com.example.app", Value::Data(settings))]))]);
    let preferences = "HomeDomain/Library/Preferences";
    let shared = "SysSharedContainerDomain-systemgroup.com.apple";
    let kept = Backup::default()
        .with(
            &format!("{preferences}/.GlobalPreferences.plist"),
            binary(&dictionary(vec![
                ("LDMGlobalEnabled", Value::Boolean(false)),
                (
                    "AppleKeyboards",
                    Value::Array(
                        ["de_DE@sw=QWERTZ;hw=Automatic", "com.example.board.keyboard"].map(text).to_vec(),
                    ),
                ),
            ])),
        )
        .with(
            &format!("{shared}.icloud.findmydevice.managed/Library/Preferences/FMIPStateInfo.plist"),
            binary(&find),
        )
        .with("HomeDomain/Library/Caches/FamilyCircle/CircleCache.plist", xml(&family))
        .with("SystemPreferencesDomain/SystemConfiguration/preferences.plist", xml(&networks))
        .with(
            &format!("{shared}.bluetooth/Library/Preferences/com.apple.MobileBluetooth.devices.plist"),
            binary(&dictionary(vec![("00:11", device)])),
        )
        .with("RootDomain/Library/Lockdown/pair_records/ABC.plist", xml(&trust))
        .with("HomeDomain/Library/BulletinBoard/VersionedSectionInfo.plist", binary(&sections))
        .with(
            &format!("{preferences}/com.apple.mobile.ldbackup.plist"),
            binary(&dictionary(vec![("CloudBackupEnabled", Value::Boolean(true))])),
        )
        .checked(Kind::Encrypted);
    assert_eq!(signs(&kept, "lockdown-mode-off").len(), 1);
    assert_eq!(signs(&kept, "find-my-on"), ["fmipActive"]);
    assert!(matches!(app(&kept, "com.example.board.keyboard")[..], [AppSays::InputMethod { .. }]));
    assert_eq!(looked(&kept, Question::InputAndOverlay), [(Wholly::Yes, 1)]);
    assert_eq!(setting(&kept, "network", "http_proxy"), Some("proxy.example.net:8080 (Wi-Fi)"));
    assert_eq!(looked(&kept, Question::Vpn), [(Wholly::Yes, 1)]);
    assert_eq!(setting(&kept, "notifications", "com.example.app"), Some("off"));
    assert_eq!(setting(&kept, "cloud-backup", "CloudBackupEnabled"), Some("true"));
    let linked: Vec<&LinkedDevice> = kept
        .facts
        .iter()
        .filter_map(|fact| match &fact.says {
            Says::Linked(linked) => Some(linked),
            _ => None,
        })
        .collect();
    let names: Vec<(&str, &str)> = linked.iter().map(|linked| (&*linked.service, &*linked.name)).collect();
    assert!(names.contains(&("family", "Max <x@example.com> (organiser)")));
    assert!(names.contains(&("bluetooth", "Auto (00:11)")) && names.len() == 2, "{names:?}");
    let trusts = Says::Trust(Trust { name: "Rechner".into(), key: "ABC".into(), used: None });
    assert!(kept.facts.iter().any(|fact| fact.says == trusts));
    assert_eq!(looked(&kept, Question::Family), [(Wholly::Yes, 1)]);
    assert!(kept.problems.is_empty(), "{:?}", kept.problems);
}

#[test]
fn vpns_and_filters_with_app_and_server() {
    let class = |name: &str| dictionary(vec![("$classname", text(name))]);
    let objects = vec![
        dictionary(vec![("$class", uid(2))]),
        class("NSMutableDictionary"),
        // 3: the configuration.
        dictionary(vec![
            ("$class", uid(4)),
            ("Name", uid(5)),
            ("Application", uid(6)),
            ("VPN", uid(7)),
            ("AppVPN", uid(0)),
            ("DNSSettings", uid(10)),
        ]),
        class("NEConfiguration"),
        text("Erfundenes VPN"),
        text("com.example.vpn"),
        dictionary(vec![
            ("Enabled", Value::Boolean(true)),
            ("OnDemandEnabled", Value::Boolean(true)),
            ("Protocol", uid(8)),
        ]),
        dictionary(vec![("ServerAddress", uid(9))]),
        text("vpn.example.net"),
        dictionary(vec![("Enabled", Value::Boolean(false))]),
    ];
    let path = "SystemPreferencesDomain/com.apple.networkextension.plist";
    let kept = Backup::default().with(path, archive(objects)).checked(Kind::Plain);
    let name = "Erfundenes VPN (com.example.vpn)".to_owned();
    let expected =
        Says::Vpn(Vpn { name: name.clone(), always: Some(true), server: Some("vpn.example.net".into()) });
    assert!(kept.facts.iter().any(|fact| fact.says == expected), "{:?}", kept.facts);
    assert!(has(&kept, TraceKind::Connection, "vpn.example.net"));
    assert_eq!(setting(&kept, "network-DNSSettings", &name), Some("off"));
    assert_eq!(looked(&kept, Question::Vpn), [(Wholly::Yes, 1)]);
    let kept = Backup::default().with(path, archive(vec![dictionary(vec![])])).checked(Kind::Plain);
    assert_eq!(looked(&kept, Question::Vpn), [(Wholly::Yes, 0)]);
}

#[test]
fn provisioning_profiles_are_told() {
    let profile = dictionary(vec![
        ("Name", text("Erfunden")),
        ("TeamName", text("Erfundene GmbH")),
        ("ProvisionsAllDevices", Value::Boolean(true)),
        ("CreationDate", date()),
        ("Entitlements", dictionary(vec![("application-identifier", text("ABCDE12345.com.example.side"))])),
    ]);
    let bytes = super::profiles::signed(&xml(&profile));
    let kept =
        Backup::default().with("MobileDeviceDomain/ProvisioningProfiles/0a-1b", bytes).checked(Kind::Plain);
    assert_eq!(signs(&kept, "app-provisioning"), ["Erfunden, Erfundene GmbH, for any device"]);
    assert!(has(&kept, TraceKind::AppMention, "com.example.side"));
}
