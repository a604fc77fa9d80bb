//! Single artefacts with one thing in them many times, where a whole acquisition would be too much.

use std::collections::BTreeSet;

use check::indicators::IndicatorKind;
use serde_json::{Value, json};

use super::known::Known;

/// The file that says that a folder is AndroidQF's.
pub(crate) fn acquisition() -> (String, Vec<u8>) {
    let text = json!({"uuid": "8a4b2f10-0000-4000-8000-000000000001", "androidqf_version": "1.8.3",
        "started": "2026-11-20T08:00:00Z", "completed": "2026-11-20T08:10:00Z"});
    ("erfunden/acquisition.json".to_owned(), text.to_string().into_bytes())
}

/// `packages.json` with apps signed with these certificates, by their SHA-256.
pub(crate) fn packages<'s>(signers: impl Iterator<Item = &'s str>) -> (String, Vec<u8>) {
    let apps = signers.enumerate().map(|(number, signer)| {
        let id = format!("com.example.erfunden{number}");
        let certificate = json!({"Md5": "", "Sha1": "", "Sha256": signer, "Issuer": "CN=Erfunden",
            "Subject": "CN=Erfunden"});
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
        objects.push(json!({"type": "relationship", "id": format!("relationship--{number}"),
            "relationship_type": "indicates", "source_ref": id, "target_ref": format!("malware--{}", one.family)}));
    }
    json!({"type": "bundle", "id": "bundle--1", "objects": objects}).to_string().into_bytes()
}

/// A list in Echap's form of everything that has a place in it.
pub(crate) fn echap(all: &[Known], families: &BTreeSet<&str>) -> String {
    use IndicatorKind as K;
    let mut text = String::new();
    for family in families {
        text.push_str(&format!("- name: {family}\n  type: stalkerware\n"));
        let mut part = |head: &str, indent: &str, kinds: &[K]| {
            let mut values =
                all.iter().filter(|one| one.family == *family && kinds.contains(&one.kind)).peekable();
            if values.peek().is_some() {
                text.push_str(head);
            }
            values.for_each(|one| text.push_str(&format!("{indent}- {}\n", one.value)));
        };
        part("  packages:\n", "  ", &[K::App]);
        part("  certificates:\n", "  ", &[K::Signer]);
        part("  websites:\n", "  ", &[K::Website, K::Domain]);
        part("  distribution:\n", "  ", &[K::Distributor]);
        part("  c2:\n    domains:\n", "    ", &[K::CommandServer]);
    }
    text
}
