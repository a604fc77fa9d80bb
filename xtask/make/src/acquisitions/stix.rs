//! A list of indicators in STIX 2.1 that names what is planted by list, and many that are nowhere: for a
//! comparison where no real list is at hand.

use serde_json::{Value, json};

use super::{Outcome, Planted, Random};

/// The list: what is planted and so many others.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn indicators(planted: &Planted, others: u64, seed: u64) -> Outcome<Vec<u8>> {
    let random = &mut Random::new(seed, "stix");
    let listed = planted.apps.iter().filter(|app| !app.id.starts_with("com.example"));
    let mut patterns: Vec<String> = Vec::new();
    for app in listed {
        patterns.push(format!("[app:id='{}']", app.id));
        if !app.sha256.is_empty() {
            patterns.push(format!("[app:cert.sha1='{}']", app.signer_sha1));
            patterns.push(format!("[file:hashes.sha256='{}']", app.sha256));
        }
    }
    patterns.extend(
        planted
            .apps
            .iter()
            .filter(|app| app.id.ends_with("umbenannt"))
            .map(|app| format!("[app:cert.sha1='{}']", app.signer_sha1)),
    );
    patterns.extend(planted.domains.iter().map(|domain| format!("[domain-name:value='{domain}']")));
    patterns.extend(planted.file_hashes.iter().map(|hash| format!("[file:hashes.sha256='{hash}']")));
    for number in 0..others {
        patterns.push(match number % 4 {
            0 => format!("[domain-name:value='c{number}.example.invalid']"),
            1 => format!("[app:id='invalid.example.app{number}']"),
            2 => format!("[app:cert.sha1='{}']", random.hex(20)),
            _ => format!("[file:hashes.sha256='{}']", random.hex(32)),
        });
    }
    let malware = "malware--00000000-0000-4000-8000-000000000001";
    let mut objects = vec![json!({"type": "malware", "spec_version": "2.1", "id": malware,
        "created": "2024-05-01T00:00:00Z", "modified": "2024-05-01T00:00:00Z", "name": "Erfunden",
        "is_family": true})];
    for (number, pattern) in patterns.iter().enumerate() {
        let id = format!("indicator--00000000-0000-4000-8000-{number:012}");
        objects.push(json!({"type": "indicator", "spec_version": "2.1", "id": id, "pattern": pattern,
            "created": "2024-05-01T00:00:00Z", "modified": "2024-05-01T00:00:00Z", "pattern_type": "stix",
            "pattern_version": "2.1", "valid_from": "2024-05-01T00:00:00Z",
            "indicator_types": ["malicious-activity"]}));
        objects.push(json!({"type": "relationship", "spec_version": "2.1",
            "id": format!("relationship--00000000-0000-4000-8000-{number:012}"),
            "created": "2024-05-01T00:00:00Z", "modified": "2024-05-01T00:00:00Z",
            "relationship_type": "indicates", "source_ref": id, "target_ref": malware}));
    }
    let bundle: Value = json!({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001",
        "objects": objects});
    Ok(serde_json::to_vec(&bundle)?)
}
