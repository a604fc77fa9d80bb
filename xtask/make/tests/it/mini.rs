//! Single artefacts with one thing in them many times, where a whole acquisition would be too much.

use std::collections::BTreeSet;

use check::indicators::IndicatorKind;
use make::acquisitions::Files;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::known::Known;

/// The file that says that a folder is AndroidQF's.
pub(crate) fn acquisition() -> (String, Vec<u8>) {
    let text = json!({"uuid": "8a4b2f10-0000-4000-8000-000000000001", "androidqf_version": "1.8.3",
        "started": "2026-11-20T08:00:00Z", "completed": "2026-11-20T08:10:00Z"});
    ("erfunden/acquisition.json".to_owned(), text.to_string().into_bytes())
}

/// `packages.json` with apps signed with these certificates, by SHA-256 and by the name in them.
pub(crate) fn packages<'s>(signers: impl Iterator<Item = (&'s str, String)>) -> (String, Vec<u8>) {
    let apps = signers.enumerate().map(|(number, (signer, subject))| {
        let id = format!("com.example.erfunden{number}");
        let certificate = json!({"Md5": "", "Sha1": "", "Sha256": signer, "Issuer": subject,
            "Subject": subject});
        let file = json!({"path": format!("/data/app/{id}-1/base.apk"), "local_name": "", "sha256": "",
            "verified_certificate": true, "certificate": certificate, "trusted_certificate": false});
        json!({"name": id, "files": [file], "installer": "null", "uid": 10_000 + number, "disabled": false,
            "system": false, "third_party": true})
    });
    let list = Value::Array(apps.collect());
    ("erfunden/packages.json".to_owned(), list.to_string().into_bytes())
}

/// A STIX bundle of everything.
pub(crate) fn stix(all: &[Known], families: &BTreeSet<&str>) -> Vec<u8> {
    use IndicatorKind as K;
    let mut objects: Vec<Value> = families
        .iter()
        .map(|family| json!({"type": "malware", "id": format!("malware--{family}"), "name": family}))
        .collect();
    for (number, one) in all.iter().enumerate() {
        let path = match (one.kind, one.value.len()) {
            (K::App, _) => "app:id",
            (K::Signer, 40) => "app:cert.sha1",
            (K::Signer, _) => "app:cert.sha256",
            (K::FileHash, _) => "file:hashes.'SHA-256'",
            (K::FileName, _) => "file:name",
            (K::FilePath, _) => "file:path",
            (K::Process, _) => "process:name",
            (K::Profile, _) => "configuration-profile:id",
            (K::Property, _) => "android-property:name",
            (K::Mail, _) => "email-addr:value",
            (K::SignerOrganisation | K::SignerPattern, _) => continue,
            _ => "domain-name:value",
        };
        let id = format!("indicator--{number}");
        objects
            .push(json!({"type": "indicator", "id": id, "pattern": format!("[{path} = '{}']", one.value)}));
        let malware = format!("malware--{}", one.family);
        objects.push(json!({"type": "relationship", "id": format!("relationship--{number}"),
            "relationship_type": "indicates", "source_ref": id, "target_ref": malware}));
    }
    json!({"type": "bundle", "id": "bundle--1", "objects": objects}).to_string().into_bytes()
}

/// A list in Echap's form of everything that has a place in it.
pub(crate) fn echap(all: &[Known], families: &BTreeSet<&str>) -> String {
    use IndicatorKind as K;
    let mut text = String::new();
    for family in families {
        for part in ["- name: ", family, "\n  type: stalkerware\n"] {
            text.push_str(part);
        }
        let mut part = |head: &str, indent: &str, kinds: &[K]| {
            let mut values =
                all.iter().filter(|one| one.family == *family && kinds.contains(&one.kind)).peekable();
            if values.peek().is_some() {
                text.push_str(head);
            }
            for part in values.flat_map(|one| [indent, "- ", one.value.as_str(), "\n"]) {
                text.push_str(part);
            }
        };
        part("  packages:\n", "  ", &[K::App]);
        part("  certificates:\n", "  ", &[K::Signer]);
        part("  websites:\n", "  ", &[K::Website, K::Domain]);
        part("  distribution:\n", "  ", &[K::Distributor]);
        part("  c2:\n    domains:\n", "    ", &[K::CommandServer]);
    }
    text
}

/// A database with one table of one column of texts, and these rows.
pub(crate) fn database<'r>(table: &str, column: &str, rows: impl Iterator<Item = &'r str>) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let connection = Connection::open(file.path()).expect("a database");
    let create = format!("CREATE TABLE {table} (_id INTEGER PRIMARY KEY, {column} TEXT)");
    connection.execute(&create, []).expect("a table");
    let insert = format!("INSERT INTO {table}({column}) VALUES (?)");
    connection.execute("BEGIN", []).expect("a transaction");
    for row in rows {
        connection.prepare_cached(&insert).and_then(|mut insert| insert.execute([row])).expect("a row");
    }
    connection.execute("COMMIT", []).expect("a transaction");
    drop(connection);
    std::fs::read(file.path()).expect("the database")
}

/// `TCC.db` in which each of these may use the microphone.
pub(crate) fn tcc<'r>(apps: impl Iterator<Item = &'r str>) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let connection = Connection::open(file.path()).expect("a database");
    let create = "CREATE TABLE access (service TEXT NOT NULL, client TEXT NOT NULL, client_type INTEGER, \
                  auth_value INTEGER, last_modified INTEGER)";
    connection.execute(create, []).expect("a table");
    connection.execute("BEGIN", []).expect("a transaction");
    let insert = "INSERT INTO access VALUES ('kTCCServiceMicrophone', ?, 0, 2, 1795158000)";
    for app in apps {
        connection.execute(insert, [app]).expect("a row");
    }
    connection.execute("COMMIT", []).expect("a transaction");
    drop(connection);
    std::fs::read(file.path()).expect("the database")
}

/// A backup with these files more in its list, by domain and path; they are not there themselves.
pub(crate) fn backup_listing(mut files: Files, more: &[(&str, String)]) -> Files {
    let (_, list) = files.iter_mut().find(|(path, _)| path.ends_with("/Manifest.db")).expect("a list");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &list).expect("the list");
    let connection = Connection::open(file.path()).expect("a database");
    for (number, (domain, path)) in more.iter().enumerate() {
        let id = format!("{number:040x}");
        let insert = "INSERT INTO Files(fileID, domain, relativePath, flags) VALUES (?, ?, ?, 1)";
        connection.execute(insert, params![id, domain, path]).expect("a row");
    }
    drop(connection);
    *list = std::fs::read(file.path()).expect("the list");
    files
}

/// Android's intrusion log: each name looked up once, each address connected to once.
pub(crate) fn intrusion_log<'r>(hosts: impl Iterator<Item = &'r str>) -> (String, Vec<u8>) {
    let event = |host: &str| {
        let (at, app) = (1_795_158_000_000_i64, "com.example.browser");
        if super::known::is_address(host) {
            return json!({"connect_event": {"event_time": at, "package_name": app, "port": 443,
                "ip_address": host}});
        }
        json!({"dns_event": {"event_time": at, "package_name": app, "hostname": host,
            "ip_addresses": ["192.0.2.1"]}})
    };
    let lines: Vec<String> = hosts.map(|host| event(host).to_string()).collect();
    ("intrusion_logs/exported-events.txt".to_owned(), (lines.join("\n") + "\n").into_bytes())
}

/// The list of addresses that a phone asked Apple about.
pub(crate) fn id_status<'r>(mails: impl Iterator<Item = &'r str>) -> (String, Vec<u8>) {
    let entry = || {
        let mut entry = plist::Dictionary::new();
        entry.insert("IDStatus".to_owned(), plist::Value::Integer(1.into()));
        plist::Value::Dictionary(entry)
    };
    let mut service = plist::Dictionary::new();
    mails.for_each(|mail| drop(service.insert(format!("mailto:{mail}"), entry())));
    let mut top = plist::Dictionary::new();
    top.insert("com.apple.madrid".to_owned(), plist::Value::Dictionary(service));
    let mut bytes = Vec::new();
    plist::Value::Dictionary(top).to_writer_binary(&mut bytes).expect("a list");
    ("Library/Preferences/com.apple.identityservices.idstatuscache.plist".to_owned(), bytes)
}

/// A configuration profile with this UUID.
pub(crate) fn profile(uuid: &str) -> Vec<u8> {
    let text = |text: &str| plist::Value::String(text.to_owned());
    let mut top = plist::Dictionary::new();
    for (key, value) in [
        ("PayloadType", "Configuration"),
        ("PayloadIdentifier", "com.example.erfunden"),
        ("PayloadUUID", uuid),
        ("PayloadDisplayName", "Erfunden"),
    ] {
        top.insert(key.to_owned(), text(value));
    }
    top.insert("PayloadVersion".to_owned(), plist::Value::Integer(1.into()));
    top.insert("PayloadContent".to_owned(), plist::Value::Array(Vec::new()));
    let mut bytes = Vec::new();
    plist::Value::Dictionary(top).to_writer_xml(&mut bytes).expect("a profile");
    bytes
}

/// A name in a certificate that follows a signer's pattern.
pub(crate) fn name_after(pattern: &str) -> String {
    let sign = |sign| match sign {
        '#' => '7',
        '?' => ' ',
        '*' => '1',
        sign => sign,
    };
    pattern.chars().map(sign).collect()
}
