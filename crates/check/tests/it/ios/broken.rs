//! Damaged and hostile backups: nothing ends the program, everything stays bounded.

use std::collections::BTreeMap;
use std::time::Instant;

use plist::Value;

use super::{
    Backup, Kind, PROFILES, archive, binary, checked, cpu_ms, database, dictionary, number, text, uid, xml,
};

/// One small file for every check, at its place.
fn one_of_each() -> Vec<(String, Vec<u8>)> {
    let list = |pairs| binary(&dictionary(pairs));
    let inner = |name: &'static str| dictionary(vec![(name, number(2))]);
    let action = dictionary(vec![("WFWorkflowActionIdentifier", text("is.workflow.actions.sendmessage"))]);
    let actions = model::encode_hex(&binary(&Value::Array(vec![action])));
    let profile = dictionary(vec![
        ("PayloadIdentifier", text("com.example.p")),
        (
            "PayloadContent",
            Value::Array(vec![dictionary(vec![
                ("PayloadType", text("com.apple.mdm")),
                ("ServerURL", text("https://m.example.com")),
            ])]),
        ),
    ]);
    let events = Value::Array(vec![dictionary(vec![("com.example.p", inner("operation"))])]);
    let configuration = archive(vec![
        dictionary(vec![("$class", uid(2)), ("VPN", uid(3)), ("Name", uid(4))]),
        dictionary(vec![("$classname", text("NEConfiguration"))]),
        dictionary(vec![("Enabled", Value::Boolean(true)), ("ServerAddress", uid(4))]),
        text("x.example.com"),
    ]);
    let member = dictionary(vec![("firstName", text("Max"))]);
    let family = dictionary(vec![("family", dictionary(vec![("members", Value::Array(vec![member]))]))]);
    let files = vec![
        ("p/profile-1.stub", binary(&profile)),
        ("p/PayloadManifest.plist", list(vec![("OrderedProfiles", Value::Array(vec![text("com.x")]))])),
        ("p/CloudConfigurationDetails.plist", list(vec![("IsSupervised", Value::Boolean(true))])),
        ("p/MCProfileEvents.plist", list(vec![("ProfileEvents", events)])),
        ("p/Truth.plist", list(vec![("restrictedBool", dictionary(vec![("allowX", inner("value"))]))])),
        ("RootDomain/Library/Caches/locationd/clients.plist", list(vec![("com.x", inner("Authorization"))])),
        ("h/com.apple.osanalytics.addaily.plist", list(vec![("netUsageBaseline", inner("x"))])),
        ("h/idstatuscache.plist", list(vec![("s", dictionary(vec![("mailto:a@b.c", inner("LookupDate"))]))])),
        ("h/.GlobalPreferences.plist", list(vec![("LDMGlobalEnabled", Value::Boolean(true))])),
        ("h/FMIPStateInfo.plist", list(vec![("fmipActive", Value::Boolean(true))])),
        ("h/JFamilyCircle.plist", list(vec![("circle", family)])),
        ("h/com.apple.MobileBluetooth.devices.plist", list(vec![("00", inner("LastSeenTime"))])),
        ("h/com.apple.networkextension.plist", configuration),
        ("h/VersionedSectionInfo.plist", list(vec![("sectionInfo", inner("com.x"))])),
        ("h/data_ark.plist", list(vec![("com.apple.iTunes.backup-LastBackupComputerName", text("R"))])),
        ("h/com.apple.mobile.ldbackup.plist", list(vec![("CloudBackupEnabled", Value::Boolean(true))])),
        ("m/ProvisioningProfiles/1", super::profiles::signed(&xml(&dictionary(vec![("Name", text("N"))])))),
        (
            "h/TCC.db",
            database(
                "PRAGMA page_size=512;
                 CREATE TABLE access (service TEXT, client TEXT, auth_value INTEGER, last_modified INTEGER);
                 INSERT INTO access VALUES ('s','c',2,1);",
            ),
        ),
        (
            "h/Shortcuts.sqlite",
            database(&format!(
                "PRAGMA page_size=512; CREATE TABLE ZSHORTCUT (Z_PK INTEGER PRIMARY KEY, ZNAME VARCHAR);
                 CREATE TABLE ZSHORTCUTACTIONS (Z_PK INTEGER PRIMARY KEY, ZSHORTCUT INTEGER, ZDATA BLOB);
                 INSERT INTO ZSHORTCUT VALUES (1,'x');
                 INSERT INTO ZSHORTCUTACTIONS VALUES (1,1,x'{actions}');"
            )),
        ),
        (
            "h/DataUsage.sqlite",
            database(
                "PRAGMA page_size=512;
                 CREATE TABLE ZPROCESS (Z_PK INTEGER PRIMARY KEY, ZPROCNAME VARCHAR, ZBUNDLENAME VARCHAR);
                 CREATE TABLE ZLIVEUSAGE (Z_PK INTEGER PRIMARY KEY, ZHASPROCESS INTEGER, ZWWANIN FLOAT);
                 INSERT INTO ZPROCESS VALUES (1,'x','com.x'),
                 (4,'y',NULL); INSERT INTO ZLIVEUSAGE VALUES (1,9,1.0);",
            ),
        ),
        (
            "h/Calendar.sqlitedb",
            database(
                "PRAGMA page_size=512; CREATE TABLE CalendarItem (summary TEXT, description TEXT);
                 INSERT INTO CalendarItem VALUES ('Meeting','Notes');",
            ),
        ),
        (
            "h/Accounts3.sqlite",
            database(
                "PRAGMA page_size=512; CREATE TABLE ZACCOUNT (Z_PK INTEGER PRIMARY KEY, ZUSERNAME VARCHAR);
                 INSERT INTO ZACCOUNT VALUES (1,'a@b.c');",
            ),
        ),
    ];
    let place =
        |path: &str| path.strip_prefix("p/").map_or(path.to_owned(), |name| format!("{PROFILES}/{name}"));
    files.into_iter().map(|(path, bytes)| (place(path), bytes)).collect()
}

#[test]
fn cut_and_flipped_files_harm_nothing() {
    let files = one_of_each();
    let whole: BTreeMap<String, Vec<u8>> = files.iter().cloned().collect();
    let kept = checked(&whole, &[]);
    assert!(kept.problems.is_empty(), "{:?}", kept.problems);
    let said = kept.facts.len();
    assert!(said > 40, "{said}");
    for (path, bytes) in &files {
        let step = (bytes.len() / 60).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let cut = BTreeMap::from([(path.clone(), bytes[..at].to_vec())]);
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            let changed = BTreeMap::from([(path.clone(), changed)]);
            for files in [cut, changed] {
                let kept = checked(&files, &[]);
                assert!(kept.facts.len() < 200, "{path} {at}");
            }
        }
    }
}

#[test]
fn the_files_of_the_backup_itself_may_be_broken() {
    let backup = Backup::default()
        .with("HomeDomain/Library/x", b"x".to_vec())
        .beside("Info.plist", xml(&dictionary(vec![("Product Type", text("x"))])));
    let files = backup.lying(Kind::Plain);
    for name in ["b/Manifest.db", "b/Manifest.plist", "b/Info.plist"] {
        let bytes = &files[name];
        for at in (0..bytes.len()).step_by((bytes.len() / 40).max(1)) {
            let mut changed = files.clone();
            changed.get_mut(name).unwrap()[at] ^= 0x55;
            checked(&changed, &[]);
            changed.get_mut(name).unwrap().truncate(at);
            checked(&changed, &[]);
        }
    }
}

/// A binary list whose top is a dictionary of `count` names that share one value; both are made by hand.
fn shared(count: usize, value: &[u8]) -> Vec<u8> {
    let mut bytes = b"bplist00".to_vec();
    let mut offsets = vec![bytes.len()];
    let length = u32::try_from(count).unwrap().to_be_bytes();
    bytes.extend([0xdf, 0x12]);
    bytes.extend(length);
    for _ in 0..count {
        bytes.extend([0, 0, 1]);
    }
    for _ in 0..count {
        bytes.extend([0, 0, 2]);
    }
    offsets.push(bytes.len());
    bytes.extend(b"\x55com.x");
    offsets.push(bytes.len());
    bytes.extend(value);
    let table = bytes.len();
    for offset in &offsets {
        bytes.extend(u32::try_from(*offset).unwrap().to_be_bytes());
    }
    bytes.extend([0, 0, 0, 0, 0, 0, 4, 3]);
    for number in [offsets.len(), 0, table] {
        bytes.extend((number as u64).to_be_bytes());
    }
    bytes
}

#[test]
fn hostile_lists_stay_bounded() {
    let long = |mark: u8, count: usize, unit: &[u8]| {
        [&[mark, 0x12][..], &u32::try_from(count).unwrap().to_be_bytes(), &unit.repeat(count)].concat()
    };
    // A long text, long bytes, an array of itself, a dictionary of the whole.
    let values = [
        long(0x5f, 4 << 20, b"a"),
        long(0x4f, 4 << 20, b"\x00"),
        long(0xaf, 10_000, &[0, 0, 2]),
        [&[0xdf, 0x12][..], &10_000_u32.to_be_bytes(), &[0, 0, 1].repeat(10_000), &[0, 0, 2].repeat(10_000)]
            .concat(),
        vec![0xd1, 0, 0, 1, 0, 0, 2],
    ];
    let names: Vec<String> = one_of_each().into_iter().map(|(path, _)| path).collect();
    let start = (cpu_ms(), Instant::now());
    for value in &values {
        let list = shared(10_000, value);
        let mut files: BTreeMap<String, Vec<u8>> = names
            .iter()
            .filter(|name| name.contains("list") || name.contains("stub"))
            .map(|name| (name.clone(), list.clone()))
            .collect();
        files.insert("b/Info.plist".into(), list.clone());
        files.insert("b/Manifest.plist".into(), list.clone());
        files.insert("b/Status.plist".into(), Vec::new());
        let kept = checked(&files, &[]);
        assert!(kept.facts.len() < 500_000, "{}", kept.facts.len());
    }
    println!("hostile lists: {} ms of the processor, {:?}", cpu_ms() - start.0, start.1.elapsed());
    assert!(cpu_ms() - start.0 < 60_000);
}

#[test]
fn deep_and_long_texts_stay_bounded() {
    let deep = [&b"<?xml version=\"1.0\"?><plist>"[..], &b"<dict><key>a</key>".repeat(200_000)].concat();
    let long = format!(
        "<?xml version=\"1.0\"?><plist><dict><key>Product Version</key><string>{}</string></dict></plist>",
        "1".repeat(1 << 20)
    );
    for bytes in [deep, long.into_bytes(), b"\xff\xfe<\0".repeat(1000), vec![0x30; 100_000]] {
        let mut files: BTreeMap<String, Vec<u8>> =
            one_of_each().into_iter().map(|(path, _)| (path, bytes.clone())).collect();
        files.insert("b/Info.plist".into(), bytes.clone());
        files.insert("b/Status.plist".into(), Vec::new());
        files.insert("b/x.mobileconfig".into(), bytes);
        let kept = checked(&files, &[]);
        let most = kept.facts.iter().map(|fact| format!("{fact:?}").len()).max().unwrap_or(0);
        assert!(most < 10_000, "{most}");
    }
}
