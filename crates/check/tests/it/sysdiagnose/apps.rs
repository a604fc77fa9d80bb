//! Apps of an iPhone and who else has a hand in it: installations, App Store, power log, lists of tools,
//! provisioning profiles, restrictions, devices of the keychain.

use check::{AppOrigin, AppSays, Kept, Question, Says, TraceKind, Wholly};

use super::{ROOT, app_says, checked, database, has_trace, looked, one, signs, survives, xml};

pub(super) const INSTALL: &str =
    include_str!("../../../fixtures/ios_mobile_installation/ordinary/mobile_installation.log.1");
const UNINSTALL: &str =
    include_str!("../../../fixtures/ios_mobile_installation/ordinary/mobile_installation.log.0");

#[test]
fn installed_and_removed_apps_with_their_times() {
    let part = |number: u8, text: &str| {
        (format!("{ROOT}/logs/MobileInstallation/mobile_installation.log.{number}"), text.as_bytes().to_vec())
    };
    let kept = checked(vec![part(0, UNINSTALL), part(1, INSTALL)]);
    let watch = app_says(&kept, "com.example.watch");
    assert!(watch.contains(&&AppSays::Installed(AppOrigin::Added)));
    assert!(watch.contains(&&AppSays::Version("7.53".to_owned())));
    assert!(watch.contains(&&AppSays::Initiator("mobile_installation_proxy".to_owned())));
    let first = watch.iter().find_map(|says| match says {
        AppSays::FirstInstalled(at) => at.first_ms,
        _ => None,
    });
    assert_eq!(first, Some(1_744_006_432_000));
    let own = app_says(&kept, "com.example.own");
    assert!(own.contains(&&AppSays::Installer(Some("Developer".to_owned()))));
    assert!(matches!(app_says(&kept, "com.example.gone")[..], [AppSays::Removed(Some(_))]));
    assert!(has_trace(&kept, TraceKind::AppMention, "com.example.gone"));
    assert_eq!(looked(&kept, Question::RemovedApps), [(Wholly::Yes, 3)]);
    survives("logs/MobileInstallation/mobile_installation.log.0", INSTALL.as_bytes());
}

#[test]
fn a_hostile_log_of_installations_stays_small() {
    let mut text = String::new();
    for number in 0..40_000 {
        text.push_str(&UNINSTALL.replace("gone", &number.to_string()));
    }
    text.push_str(&"x".repeat(1 << 20));
    let kept = one("logs/MobileInstallation/mobile_installation.log.0", text);
    assert!(kept.facts.len() < 21_000);
    assert_eq!(looked(&kept, Question::RemovedApps)[0].0, Wholly::No);
}

#[test]
fn what_the_app_store_noted() {
    let bytes = database(
        "CREATE TABLE job_software (pid INTEGER PRIMARY KEY, bundle_id TEXT, item_name TEXT,
            store_account_name TEXT,
           client_id TEXT, is_beta INTEGER, timestamp REAL);
         INSERT INTO job_software VALUES (1, 'com.example.watch', 'Watch', 'invented@example.org',
            'com.apple.AppStore', 0, 765698032);
         INSERT INTO job_software VALUES (2, 'com.example.beta', 'Beta', NULL, 'com.apple.TestFlight', 1,
            1744006432);
         INSERT INTO job_software VALUES (3, NULL, NULL, NULL, NULL, NULL, NULL);
         CREATE TABLE asset (pid INTEGER PRIMARY KEY, sinfs_data BLOB);",
    );
    let path = "logs/appinstallation/appstored.sqlitedb";
    let kept = one(path, bytes.as_slice());
    let watch = app_says(&kept, "com.example.watch");
    assert!(watch.contains(&&AppSays::AcquiredBy("invented@example.org".to_owned())));
    assert!(watch.contains(&&AppSays::Mentioned) && watch.contains(&&AppSays::Name("Watch".to_owned())));
    assert!(
        app_says(&kept, "com.example.beta").contains(&&AppSays::Installer(Some("TestFlight".to_owned())))
    );
    // It lists no apps, so nothing is "not found" in it.
    assert!(looked(&kept, Question::Apps).is_empty());
    survives(path, &bytes);

    let bytes = database(
        "CREATE TABLE current_apps (pid INTEGER PRIMARY KEY, bundle_id TEXT, item_name TEXT,
            short_version TEXT,
           is_system_app INTEGER, deletion_date REAL);
         INSERT INTO current_apps VALUES (1, 'com.example.watch', 'Watch', '1.2', 0, NULL);
         INSERT INTO current_apps VALUES (2, 'com.example.gone', 'Gone', '1.2', 0, 765698032);
         INSERT INTO current_apps VALUES (3, 'com.apple.example', 'System', '1.2', 1, NULL);",
    );
    let kept = checked(vec![("storeUser.db".to_owned(), bytes)]);
    assert_eq!(looked(&kept, Question::Apps), [(Wholly::Yes, 3)]);
    assert!(app_says(&kept, "com.example.watch").contains(&&AppSays::Installed(AppOrigin::Added)));
    assert!(app_says(&kept, "com.apple.example").contains(&&AppSays::Installed(AppOrigin::Factory)));
    assert!(app_says(&kept, "com.example.gone").iter().any(|says| matches!(says, AppSays::Removed(Some(_)))));
}

#[test]
fn the_power_log_lists_apps_and_uses() {
    let bytes = database(
        "CREATE TABLE PLStorageOperator_EventForward_TimeOffset (ID INTEGER PRIMARY KEY, timestamp REAL,
            system REAL);
         INSERT INTO PLStorageOperator_EventForward_TimeOffset VALUES (1, 1744000000, 3600.0);
         CREATE TABLE PLApplicationAgent_EventNone_AllApps (ID INTEGER PRIMARY KEY, timestamp REAL,
            AppBundleId TEXT,
           AppName TEXT, AppBundleVersion TEXT, AppIs3rdParty INTEGER, AppDeletedDate REAL);
         INSERT INTO PLApplicationAgent_EventNone_AllApps VALUES (1, 1744000000, 'com.example.watch',
            'Watch', '7', 1, 0);
         INSERT INTO PLApplicationAgent_EventNone_AllApps VALUES (2, 1744000000, 'com.example.gone',
            'Gone', '7', 1, 1744000000);
         INSERT INTO PLApplicationAgent_EventNone_AllApps VALUES (3, 1744000000, 'com.apple.example',
            'E', '7', 0, 0);
         CREATE TABLE PLLocationAgent_EventForward_ClientStatus (ID INTEGER PRIMARY KEY, timestamp REAL,
            BundleId TEXT,
           Client TEXT, Executable TEXT, Type TEXT);
         INSERT INTO PLLocationAgent_EventForward_ClientStatus VALUES (1, 1744000100,
            'com.example.watch', NULL, NULL, 'Location');
         INSERT INTO PLLocationAgent_EventForward_ClientStatus VALUES (2, 1744000200,
            'com.example.watch', NULL, NULL, 'Location');
         CREATE TABLE PLProcessMonitorAgent_EventForward_ProcessID (ID INTEGER PRIMARY KEY,
            timestamp REAL, ProcessName TEXT, PID INTEGER);
         INSERT INTO PLProcessMonitorAgent_EventForward_ProcessID VALUES (1, 1744000100, 'rolexd', 412);",
    );
    let path = "logs/powerlogs/powerlog_2025-04-07_08-06_0A1B2C3D.PLSQL";
    let kept = one(path, bytes.as_slice());
    assert!(app_says(&kept, "com.example.watch").contains(&&AppSays::Installed(AppOrigin::Added)));
    assert!(app_says(&kept, "com.apple.example").contains(&&AppSays::Installed(AppOrigin::Factory)));
    assert!(app_says(&kept, "com.example.gone").iter().any(|says| matches!(says, AppSays::Removed(Some(_)))));
    let used: Vec<i64> = app_says(&kept, "com.example.watch")
        .iter()
        .filter_map(|says| match says {
            AppSays::Used(used) => used.at.as_ref()?.first_ms,
            _ => None,
        })
        .collect();
    assert_eq!(used, [1_744_003_800_000]);
    assert!(has_trace(&kept, TraceKind::Process, "rolexd"));
    assert_eq!(looked(&kept, Question::Apps), [(Wholly::Yes, 3)]);
    assert_eq!(looked(&kept, Question::SensorUse), [(Wholly::Yes, 2)]);
    survives(path, &bytes);
}

fn linked(kept: &Kept) -> Vec<(&str, &str)> {
    let linked = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Linked(linked) => Some((linked.service.as_str(), linked.name.as_str())),
        _ => None,
    });
    linked.collect()
}

#[test]
fn devices_of_the_keychain() {
    let status = include_str!("../../../fixtures/ios_keychain_circle/ordinary/otctl_status.txt");
    let kept = one("otctl_status.txt", status.as_bytes());
    assert_eq!(linked(&kept), [("icloud", "Somebody's iPad, iPad8,1, iOS 17 (21A1), S2")]);
    assert_eq!(looked(&kept, Question::LinkedDevices), [(Wholly::Yes, 1)]);
    survives("otctl_status.txt", status.as_bytes());
    assert_eq!(looked(&one("otctl_status.txt", "{}"), Question::LinkedDevices)[0].0, Wholly::No);

    let text = include_str!("../../../fixtures/ios_keychain_circle/ordinary/security-sysdiagnose.txt");
    let kept = one("security-sysdiagnose.txt", text);
    assert_eq!(
        linked(&kept),
        [("icloud", "Somebody's iPad, iPad, 15.7"), ("icloud-asks", "New one, Mac, 13")]
    );
    survives("security-sysdiagnose.txt", text.as_bytes());
}

#[test]
fn a_list_of_apps_made_by_a_tool() {
    let json = include_str!("../../../fixtures/ios_installed_list/ordinary/apps.json");
    let told = |kept: &Kept| {
        let watch = app_says(kept, "com.example.watch");
        assert!(watch.contains(&&AppSays::Installed(AppOrigin::Added)));
        assert!(watch.contains(&&AppSays::Installer(Some("iPhone Distribution: Example Ltd".to_owned()))));
        assert!(
            watch
                .iter()
                .any(|says| matches!(says, AppSays::Permission { name, .. } if name == "get-task-allow"))
        );
        let store = app_says(kept, "com.example.store");
        assert!(store.contains(&&AppSays::Installer(Some("com.apple.AppStore".to_owned()))));
        assert_eq!(app_says(kept, "com.apple.example"), [&AppSays::Installed(AppOrigin::Factory)]);
        assert_eq!(looked(kept, Question::Apps), [(Wholly::Yes, 3)]);
        assert_eq!(looked(kept, Question::AppSignatures).len(), 1);
    };
    let file = |name: &str, bytes: &[u8]| checked(vec![(name.to_owned(), bytes.to_vec())]);
    told(&file("apps.json", json.as_bytes()));
    let object: serde_json::Value = serde_json::from_str(json).unwrap();
    let array: Vec<&serde_json::Value> = object.as_object().unwrap().values().collect();
    told(&file("installed_apps.json", &serde_json::to_vec(&array).unwrap()));
    for binary in [true, false] {
        let list = plist::Value::Array(array.iter().map(|value| as_list(value)).collect());
        let mut bytes = Vec::new();
        if binary {
            list.to_writer_binary(&mut bytes).unwrap();
        } else {
            list.to_writer_xml(&mut bytes).unwrap();
        }
        told(&file("ideviceinstaller-apps.plist", &bytes));
        for at in (0..bytes.len()).step_by(bytes.len() / 50) {
            file("apps.plist", &bytes[..at]);
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(file("apps.plist", &flipped).facts.len() < 200);
        }
    }
    for at in 0..json.trim_end().len() {
        assert!(file("apps.json", &json.as_bytes()[..at]).facts.len() < 20);
    }
}

/// JSON as a property list.
fn as_list(value: &serde_json::Value) -> plist::Value {
    match value {
        serde_json::Value::Bool(truth) => (*truth).into(),
        serde_json::Value::Number(number) => number.as_i64().unwrap().into(),
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(array) => plist::Value::Array(array.iter().map(as_list).collect()),
        serde_json::Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), as_list(value)));
            plist::Value::Dictionary(members.collect())
        }
        serde_json::Value::Null => panic!("no property list has it"),
    }
}

#[test]
fn changed_restrictions() {
    let mut event = plist::Dictionary::new();
    event.insert("event".into(), "set".into());
    event.insert("process".into(), "profiled".into());
    let time = plist::Date::from_xml_format("2025-04-07T06:13:34Z").unwrap();
    event.insert("timestamp".into(), plist::Value::Date(time));
    let mut inner = plist::Dictionary::new();
    inner.insert("allowAppInstallation".into(), plist::Value::Dictionary(event));
    let mut outer = plist::Dictionary::new();
    outer.insert("EffectiveSettings".into(), plist::Value::Dictionary(inner));
    let bytes = xml(&plist::Value::Dictionary(outer));
    let path = "logs/MCState/Shared/MCSettingsEvents.plist";
    let kept = one(path, bytes.as_slice());
    let settings: Vec<&check::Setting> = kept
        .facts
        .iter()
        .filter_map(|fact| match &fact.says {
            Says::Setting(setting) => Some(setting),
            _ => None,
        })
        .collect();
    assert_eq!(settings[0].name, "EffectiveSettings.allowAppInstallation");
    assert_eq!(settings[0].value, "2025-04-07T06:13:34Z set profiled");
    assert_eq!(looked(&kept, Question::Profiles), [(Wholly::Yes, 1)]);
    survives(path, &bytes);
}

#[test]
fn provisioning_profiles_that_ios_keeps() {
    let bytes = database(
        "CREATE TABLE profiles (uuid TEXT, team_id TEXT, install_time REAL, name TEXT,
            is_for_all_devices INTEGER, is_beta INTEGER);
         INSERT INTO profiles VALUES ('0A1B', 'TEAM000001', 765698032, 'Example Distribution', 1, 0);",
    );
    let kept = one("ProvisioningProfiles/mis.db", bytes.as_slice());
    assert_eq!(signs(&kept, "app-provisioning")[0].what, "Example Distribution, TEAM000001, for any device");
    assert_eq!(looked(&kept, Question::AppSources), [(Wholly::Yes, 1)]);
    survives("ProvisioningProfiles/mis.db", &bytes);
}
