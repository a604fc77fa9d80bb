//! Databases of a phone: permissions, accounts, processes, shortcuts, calendars and more.

use check::{AppSays, Grant, LinkedDevice, Question, Says, TraceKind, Wholly};
use model::encode_hex;
use plist::Value;

use super::{Backup, Kind, app, binary, database, dictionary, has, looked, signs, text};

#[test]
fn what_apps_may_use_in_all_three_schemas() {
    let rows = "INSERT INTO access VALUES ('kTCCServiceMicrophone','com.example.app',0,";
    let (new, old, oldest) = (
        "CREATE TABLE access (service TEXT, client TEXT, client_type INTEGER, auth_value INTEGER,
           auth_reason INTEGER, last_modified INTEGER);",
        "CREATE TABLE access (service TEXT, client TEXT, client_type INTEGER, allowed INTEGER,
           prompt_count INTEGER, last_modified INTEGER);",
        "CREATE TABLE access (service TEXT, client TEXT, client_type INTEGER, allowed INTEGER,
           prompt_count INTEGER);",
    );
    let cases = [
        (new, "2,3,1700000000", Grant::Given, true),
        (new, "3,3,1700000000", Grant::Given, true),
        (new, "0,3,1700000000", Grant::Refused, true),
        (new, "1,3,1700000000", Grant::Asked, true),
        (old, "1,3,1700000000", Grant::Given, true),
        (old, "0,3,1700000000", Grant::Refused, true),
        (oldest, "1,3", Grant::Given, false),
    ];
    for (schema, values, grant, has_time) in cases {
        let bytes = database(&format!("{schema}{rows}{values});"));
        let kept = Backup::default().with("HomeDomain/Library/TCC/TCC.db", bytes).checked(Kind::Encrypted);
        let says = app(&kept, "com.example.app");
        let [AppSays::Privacy(privacy)] = says[..] else { panic!("{says:?}") };
        assert_eq!((privacy.grant, privacy.at.is_some()), (grant, has_time), "{values}");
        assert!(has(&kept, TraceKind::Process, "com.example.app"));
        assert_eq!(looked(&kept, Question::Permissions), [(Wholly::Yes, 1)]);
    }
    let odd = database("CREATE TABLE access (x TEXT); CREATE TABLE other (y TEXT);");
    let kept = Backup::default().with("HomeDomain/Library/TCC/TCC.db", odd).checked(Kind::Plain);
    assert!(looked(&kept, Question::Permissions).is_empty());
    assert_eq!(kept.problems.len(), 1);
}

#[test]
fn rows_in_the_write_ahead_log_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;
             CREATE TABLE access (service TEXT, client TEXT, auth_value INTEGER, last_modified INTEGER);
             INSERT INTO access VALUES ('kTCCServiceCamera','com.example.log',2,1);",
        )
        .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let log = std::fs::read(folder.path().join("x.db-wal")).unwrap();
    drop(connection);
    let backup = Backup::default()
        .with("HomeDomain/Library/TCC/TCC.db", bytes)
        .with("HomeDomain/Library/TCC/TCC.db-wal", log);
    let kept = backup.checked(Kind::Plain);
    assert!(matches!(app(&kept, "com.example.log")[..], [AppSays::Privacy(_)]), "{:?}", kept.problems);
}

#[test]
fn accounts_with_service_and_day() {
    let bytes = database(
        "CREATE TABLE ZACCOUNTTYPE (Z_PK INTEGER PRIMARY KEY, ZIDENTIFIER VARCHAR,
        ZACCOUNTTYPEDESCRIPTION VARCHAR);
         CREATE TABLE ZACCOUNT (Z_PK INTEGER PRIMARY KEY, ZACCOUNTTYPE INTEGER, ZUSERNAME VARCHAR,
           ZACCOUNTDESCRIPTION VARCHAR, ZDATE TIMESTAMP);
         INSERT INTO ZACCOUNTTYPE VALUES (1,'com.apple.account.AppleAccount','iCloud');
         INSERT INTO ZACCOUNT VALUES (1,1,'mia@example.com',NULL,700000000),
           (2,1,'mia@example.com',NULL,700000000), (3,9,NULL,'Arbeit',NULL), (4,1,NULL,NULL,NULL);",
    );
    let kept =
        Backup::default().with("HomeDomain/Library/Accounts/Accounts3.sqlite", bytes).checked(Kind::Plain);
    let accounts: Vec<(&str, &str, bool)> = kept
        .facts
        .iter()
        .filter_map(|fact| match &fact.says {
            Says::Account(account) => Some((&*account.service, &*account.name, account.since.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(
        accounts,
        [("com.apple.account.AppleAccount", "mia@example.com", true), ("unknown", "Arbeit", false)]
    );
    assert!(has(&kept, TraceKind::Mail, "mia@example.com"));
    assert_eq!(looked(&kept, Question::Accounts), [(Wholly::Yes, 2)]);
}

const USAGE: &str = "CREATE TABLE ZPROCESS (Z_PK INTEGER PRIMARY KEY, ZFIRSTTIMESTAMP TIMESTAMP, \
    ZTIMESTAMP TIMESTAMP, ZBUNDLENAME VARCHAR, ZPROCNAME VARCHAR);
    CREATE TABLE ZLIVEUSAGE (Z_PK INTEGER PRIMARY KEY, ZHASPROCESS INTEGER, ZTIMESTAMP TIMESTAMP,
      ZWIFIIN FLOAT, ZWIFIOUT FLOAT, ZWWANIN FLOAT, ZWWANOUT FLOAT);";

#[test]
fn processes_their_traffic_and_who_wiped_some() {
    let bytes = database(&format!(
        "{USAGE}
         INSERT INTO ZPROCESS VALUES (1,600000000,700000000,'com.example.app','mDNSResponder/com.example.app'),
           (2,600000000,700000000,NULL,'erfundend'), (5,600000000,700000000,NULL,'bh');
         INSERT INTO ZLIVEUSAGE VALUES (1,1,700000000,1,2,3,4), (2,1,700000000,10,0,0,0),
         (3,4,650000000,1,1,1,1);"
    ));
    for name in ["DataUsage.sqlite", "netusage.sqlite"] {
        let path = format!("WirelessDomain/Library/Databases/{name}");
        let kept = Backup::default().with(&path, bytes.clone()).checked(Kind::Encrypted);
        let says = app(&kept, "com.example.app");
        assert!(matches!(says[..], [AppSays::Traffic { bytes: 20, at: Some(_) }]), "{says:?}");
        for process in ["mDNSResponder/com.example.app", "mDNSResponder", "com.example.app", "bh"] {
            assert!(has(&kept, TraceKind::Process, process), "{process}");
        }
        assert_eq!(signs(&kept, "process-entry-wiped"), ["process 4"]);
        assert_eq!(signs(&kept, "process-number-gap"), ["numbers 3 to 4 after erfundend"]);
        assert_eq!(looked(&kept, Question::Processes), [(Wholly::Yes, 3)]);
    }
    // Newer phones do not count Wi-Fi.
    let bytes = database(
        "CREATE TABLE ZPROCESS (Z_PK INTEGER PRIMARY KEY, ZTIMESTAMP TIMESTAMP, ZBUNDLENAME VARCHAR,
        ZPROCNAME VARCHAR);
         CREATE TABLE ZLIVEUSAGE (Z_PK INTEGER PRIMARY KEY, ZHASPROCESS INTEGER, ZWWANIN FLOAT,
         ZWWANOUT FLOAT);
         INSERT INTO ZPROCESS VALUES (1,700000000,'com.example.app','x'), (2,700000000,NULL,'y');
         INSERT INTO ZLIVEUSAGE VALUES (1,1,7,8), (2,NULL,1,1);",
    );
    let path = "WirelessDomain/Library/Databases/DataUsage.sqlite";
    let kept = Backup::default().with(path, bytes).checked(Kind::Plain);
    assert!(matches!(app(&kept, "com.example.app")[..], [AppSays::Traffic { bytes: 15, .. }]));
    assert!(signs(&kept, "process-entry-wiped").is_empty());
}

fn action(kind: &str, parameters: Vec<(&str, Value)>) -> Value {
    dictionary(vec![
        ("WFWorkflowActionIdentifier", text(kind)),
        ("WFWorkflowActionParameters", dictionary(parameters)),
    ])
}

#[test]
fn shortcuts_that_send_something_are_told() {
    let actions = |actions: Vec<Value>| encode_hex(&binary(&Value::Array(actions)));
    let sends = actions(vec![
        action("is.workflow.actions.getcurrentlocation", vec![]),
        action("is.workflow.actions.sendmessage", vec![("ShowWhenRun", Value::Boolean(false))]),
    ]);
    let inner = dictionary(vec![("Value", dictionary(vec![("string", text("https://take.example.net/u"))]))]);
    let posts = actions(vec![
        action("is.workflow.actions.getlastphoto", vec![]),
        action("is.workflow.actions.downloadurl", vec![("WFHTTPMethod", text("POST")), ("WFURL", inner)]),
    ]);
    let reads = actions(vec![action(
        "is.workflow.actions.downloadurl",
        vec![("WFURL", text("https://weather.example.com"))],
    )]);
    let bytes = database(&format!(
        "CREATE TABLE ZSHORTCUT (Z_PK INTEGER PRIMARY KEY, ZNAME VARCHAR, ZCREATIONDATE TIMESTAMP,
           ZMODIFICATIONDATE TIMESTAMP);
         CREATE TABLE ZSHORTCUTACTIONS (Z_PK INTEGER PRIMARY KEY, ZSHORTCUT INTEGER, ZDATA BLOB);
         CREATE TABLE ZTRIGGER (Z_PK INTEGER PRIMARY KEY, ZSHORTCUT INTEGER);
         INSERT INTO ZSHORTCUT VALUES (1,'Heim',700000000,710000000), (2,'Bilder',700000000,NULL),
         (3,'Wetter',1,1);
         INSERT INTO ZSHORTCUTACTIONS VALUES (1,1,x'{sends}'), (2,2,x'{posts}'), (3,3,x'{reads}'),
         (4,3,x'00');
         INSERT INTO ZTRIGGER VALUES (1,1);"
    ));
    let kept =
        Backup::default().with("HomeDomain/Library/Shortcuts/Shortcuts.sqlite", bytes).checked(Kind::Plain);
    assert_eq!(
        signs(&kept, "shortcut-sends"),
        [
            "automation “Heim”: sends a message, gathers the location",
            "shortcut “Bilder”: sends data to a server, gathers photos"
        ]
    );
    assert!(has(&kept, TraceKind::Text, "https://take.example.net/u"));
    assert!(has(&kept, TraceKind::Text, "https://weather.example.com"));
    // One row of actions was none.
    assert_eq!(looked(&kept, Question::Shortcuts), [(Wholly::No, 3)]);
    assert_eq!(kept.problems.len(), 1);
}

#[test]
fn calendars_give_addresses_links_and_the_mark_of_an_exploit() {
    let bytes = database(
        "CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY, summary TEXT, description TEXT, url TEXT,
           start_date REAL, organizer_id INTEGER);
         CREATE TABLE Participant (ROWID INTEGER PRIMARY KEY, email TEXT, owner_id INTEGER);
         INSERT INTO CalendarItem VALUES (1,'Meeting','Notes',NULL,600000000,1),
           (2,'Treffen','siehe https://call.example.org/1','https://example.net/i',600000000,NULL),
           (3,'Meeting',NULL,NULL,NULL,NULL);
         INSERT INTO Participant VALUES (1,'boss@example.com',1), (2,'mailto:gast@example.com',2),
         (3,NULL,2);",
    );
    let kept =
        Backup::default().with("HomeDomain/Library/Calendar/Calendar.sqlitedb", bytes).checked(Kind::Plain);
    assert_eq!(signs(&kept, "calendar-spyware-mark").len(), 1);
    assert!(
        has(&kept, TraceKind::Mail, "boss@example.com") && has(&kept, TraceKind::Mail, "gast@example.com")
    );
    assert!(has(&kept, TraceKind::Text, "siehe https://call.example.org/1"));
    assert!(has(&kept, TraceKind::Link, "https://example.net/i"));
}

fn linked(kept: &check::Kept) -> Vec<(&str, &str)> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Linked(LinkedDevice { service, name, .. }) => Some((&**service, &**name)),
        _ => None,
    });
    says.collect()
}

#[test]
fn screen_time_bluetooth_and_certificates() {
    let users = database(
        "CREATE TABLE ZCOREUSER (Z_PK INTEGER PRIMARY KEY, ZAPPLEID VARCHAR, ZGIVENNAME VARCHAR,
           ZFAMILYNAME VARCHAR, ZISFAMILYORGANIZER INTEGER, ZISPARENT INTEGER,
           ZLOCALUSERDEVICESTATE INTEGER);
         INSERT INTO ZCOREUSER VALUES (1,'max@example.com','Max','Erfunden',1,1,NULL),
         (2,NULL,NULL,NULL,0,0,NULL),
           (3,'mia@example.com','Mia','Erfunden',0,0,7);",
    );
    let devices = database(
        "CREATE TABLE PairedDevices (Uuid TEXT, Name TEXT, Address TEXT, LastConnectionTime INTEGER);
         INSERT INTO PairedDevices VALUES ('u','Kopfhörer','Public 00:11',123);",
    );
    let print = "ab".repeat(32);
    let store = database(&format!(
        "CREATE TABLE tsettings (sha256 BLOB PRIMARY KEY, subj BLOB, tset BLOB, data BLOB);
         INSERT INTO tsettings VALUES (x'{print}', x'00', x'00', x'3003');"
    ));
    let bluetooth = "SysSharedContainerDomain-systemgroup.com.apple.bluetooth/Library/Database";
    let kept = Backup::default()
        .with(
            "HomeDomain/Library/Application Support/com.apple.remotemanagementd/RMAdminStore-Local.sqlite",
            users,
        )
        .with(&format!("{bluetooth}/com.apple.MobileBluetooth.ledevices.paired.db"), devices)
        .with("ProtectedDomain/trustd/private/TrustStore.sqlite3", store)
        .checked(Kind::Encrypted);
    assert!(linked(&kept).contains(&("screen-time", "Max Erfunden <max@example.com> (organiser) (parent)")));
    assert_eq!(linked(&kept).len(), 2);
    assert!(linked(&kept).contains(&("bluetooth", "Kopfhörer (Public 00:11)")));
    let certificate = kept.facts.iter().find_map(|fact| match &fact.says {
        Says::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    let certificate = certificate.unwrap();
    assert_eq!(certificate.subject, "unknown");
    assert_eq!(certificate.fingerprint.as_ref().unwrap().hex, print);
    assert_eq!(looked(&kept, Question::RootCertificates), [(Wholly::Yes, 1)]);
    assert!(kept.problems.is_empty(), "{:?}", kept.problems);
}

#[test]
fn removed_apps_are_told_where_they_left_a_day() {
    let day = encode_hex(&binary(&super::date()));
    let path = "/private/var/containers/Bundle/Application/1/A.app";
    let inner = super::archive(vec![dictionary(vec![("bundlePath", super::uid(2))]), text(path)]);
    let info = encode_hex(&binary(&Value::Data(inner)));
    let bytes = database(&format!(
        "CREATE TABLE application_identifier_tab (id INTEGER PRIMARY KEY, application_identifier TEXT);
         CREATE TABLE key_tab (id INTEGER PRIMARY KEY, key TEXT);
         CREATE TABLE kvs (id INTEGER PRIMARY KEY, application_identifier INTEGER, key INTEGER, value BLOB);
         INSERT INTO application_identifier_tab VALUES (1,'com.example.gone'), (2,'com.example.there');
         INSERT INTO key_tab VALUES (1,'compatibilityInfo'), (2,'_UninstallDate');
         INSERT INTO kvs VALUES (1,1,2,x'{day}'), (2,2,1,x'{info}'), (3,9,1,x'00'), (4,2,2,x'00');"
    ));
    let path = "HomeDomain/Library/FrontBoard/applicationState.db";
    let kept = Backup::default().with(path, bytes).checked(Kind::Encrypted);
    let [AppSays::Removed(Some(at))] = app(&kept, "com.example.gone")[..] else { panic!("removed") };
    assert_eq!(at.first_ms, Some(1_741_064_767_000));
    let there = app(&kept, "com.example.there");
    assert!(there.contains(&&AppSays::Installed(check::AppOrigin::Added)), "{there:?}");
    assert_eq!(looked(&kept, Question::RemovedApps), [(Wholly::Yes, 2)]);
}
