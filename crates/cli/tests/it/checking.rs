//! Is somebody watching? On a folder and on what was sealed: findings with their bytes, honest answers,
//! safety questions before anything that leaves a trace, nothing left behind.

use std::fs;

use serde_json::{Value, json};

use crate::desk_of_one::DeskOfOne;
use crate::network;

const KEYS: &str = "--signing-key-file me.key --key-file case.key";
const SAFE: &str = "--answer danger-now=no,watched=no,noticed-now=no,plan=yes,preserved=yes,wants=yes";
/// An app of the open lists (TheTruthSpy), here on an invented phone.
const KNOWN: &str = "com.systemservice";

fn package(name: &str, installer: &Value, system: bool) -> Value {
    json!({
        "name": name, "installer": installer, "uid": 10_123, "disabled": false,
        "system": system, "third_party": !system,
        "files": [{ "path": format!("/data/app/{name}/base.apk"), "local_name": "", "md5": "", "sha1": "",
                    "sha256": "aa".repeat(32), "sha512": "", "error": "", "verified_certificate": false,
                    "certificate": null, "certificate_error": "" }],
    })
}

/// An invented acquisition of an Android phone in `bring`.
fn bring(desk: &DeskOfOne) {
    fs::remove_dir_all(desk.at("bring")).unwrap();
    fs::create_dir_all(desk.at("bring/phone")).unwrap();
    let packages = json!([
        package(KNOWN, &Value::Null, false),
        package("com.example.notes", &json!("com.android.vending"), false),
        package("com.android.settings", &Value::Null, true),
    ]);
    fs::write(desk.at("bring/phone/packages.json"), packages.to_string()).unwrap();
    let component = format!("{KNOWN}/.ReadScreen\n");
    let secure = format!("enabled_accessibility_services={component}adb_enabled=1\n");
    fs::write(desk.at("bring/phone/settings_secure.txt"), secure).unwrap();
    fs::write(desk.at("bring/phone/settings_global.txt"), "package_verifier_enable=0\n").unwrap();
    let properties = "[ro.product.model]: [Erfunden 1]\n[ro.build.version.release]: [13]\n";
    fs::write(desk.at("bring/phone/getprop.txt"), properties).unwrap();
}

fn finding(checked: &Value) -> &Value {
    let findings = checked["devices"][0]["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["subject"]["id"] == KNOWN).unwrap()
}

#[test]
fn a_folder_is_checked_before_anything_is_kept() {
    let desk = DeskOfOne::new();
    bring(&desk);
    let before = desk.files("bring");
    let checked = desk.json("check --folder bring");
    let finding = finding(&checked);
    assert_eq!((&finding["kind"], &finding["sure"]), (&json!("stalkerware"), &json!("known")), "{finding}");
    assert_eq!(finding["known"][0]["family"], "TheTruthSpy");
    assert!(finding["seen"].as_array().unwrap().iter().all(|seen| !seen["place"]["file"][0].is_null()));
    assert!(checked["lists"].as_array().is_some_and(|lists| !lists.is_empty()));
    assert_eq!((&checked["entry"], &checked["workers_ended"]), (&Value::Null, &json!(0)));
    assert_eq!(desk.files("bring"), before, "nothing of the source changes");
    assert!(!desk.at("home").exists(), "no installation is needed");
    let told = desk.run("check --folder bring --lang de").done().out;
    for words in ["Befund 1 (bekannt)", KNOWN, "Das heißt nicht, dass es sicher ist", "Konnte hiermit nicht"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(told.contains("Prüfung von Apps") || told.contains("Play Protect"), "{told}");
}

#[test]
fn what_was_sealed_is_checked_and_leads_back_to_its_bytes() {
    let desk = DeskOfOne::with_case();
    bring(&desk);
    desk.run("secure case bring --source invented --gate no --signing-key-file me.key").done();
    let checked = desk.json(&format!("check case {KEYS}"));
    assert_eq!(finding(&checked)["kind"], "stalkerware", "{checked}");
    let number = finding(&checked)["number"].as_u64().unwrap();
    let line = format!("check case --finding {number} --original {KEYS}");
    let shown = desk.run(&line).done().out;
    assert!(shown.contains(&format!("\"name\":\"{KNOWN}\"")), "{shown}");
    let log = desk.run(&format!("log case {KEYS}")).done().out;
    assert!(log.contains("checked for monitoring") && !log.contains(KNOWN), "{log}");
    let leaked = |bytes: &[u8]| bytes.windows(KNOWN.len()).any(|part| part == KNOWN.as_bytes());
    let leaks: Vec<_> = desk.files("case").into_iter().filter(|(_, bytes)| leaked(bytes)).collect();
    assert!(leaks.is_empty(), "{:?}", leaks.iter().map(|(path, _)| path).collect::<Vec<_>>());
    // A stopped item is not looked at.
    let items = desk.json(&format!("show case {KEYS}"));
    let items = items["capsules"][0]["items"].as_array().unwrap();
    let packages = items.iter().find(|item| item["path"].as_str().unwrap().ends_with("packages.json"));
    let item = packages.unwrap()["item"].as_str().unwrap();
    desk.run(&format!("stop case {item} {KEYS}")).done();
    let again = desk.json(&format!("check case {KEYS}"));
    assert_eq!(again["stopped"], 1);
    assert!(
        again["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .all(|input| { !input["file"][0].as_str().unwrap().ends_with("packages.json") })
    );
}

#[test]
fn advice_that_changes_something_comes_after_the_safety_questions() {
    let desk = DeskOfOne::new();
    bring(&desk);
    let withheld = |line: &str| {
        let checked = desk.json(line);
        checked["told"][0]["findings"][0]["withheld"].as_u64().unwrap()
    };
    assert!(withheld("check --folder bring") > 0);
    desk.run("check --folder bring --removal").refused(3, "safety-missing");
    assert!(withheld("check --folder bring --removal --answer danger-now=yes") > 0);
    assert!(withheld("check --folder bring --removal --answer danger-now=no,watched=no") > 0);
    assert_eq!(withheld(&format!("check --folder bring --removal {SAFE}")), 0);
    desk.run("check --folder bring --removal --answer plan=maybe").refused(2, "safety-answer");
}

#[test]
fn guides_come_after_the_safety_questions() {
    let desk = DeskOfOne::new();
    let list = desk.run("guide --lang de").done().out;
    assert!(list.contains("androidqf") && list.contains("ios_backup"), "{list}");
    desk.run("guide ios_backup").refused(3, "safety-missing");
    desk.run("guide ios_backup --answer danger-now=yes,watched=no").refused(3, "safety-first");
    desk.run("guide nothing").refused(2, "no-such-guide");
    for (language, word) in [("de", "Was auf dem Telefon zurückbleibt"), ("en", "What stays on the phone")] {
        let shown = desk.run(&format!("guide ios_backup {SAFE} --lang {language}")).done().out;
        assert!(shown.contains(word) && shown.contains("  1. "), "{shown}");
    }
}

#[test]
fn the_guided_look_is_written_down_only_with_her_leave() {
    let desk = DeskOfOne::with_case();
    let steps = desk.json("look --platform ios");
    let step = steps["steps"][0]["id"].as_str().unwrap().to_owned();
    assert!(desk.run(&format!("look --step {step}")).done().out.contains("  1. "));
    let line = format!("look case --step {step} --said unknown-thing --words invented {KEYS}");
    desk.run(&line).refused(3, "not-agreed");
    desk.run("look --step nothing").refused(2, "no-such-step");
    let wrong = format!("look case --step {step} --said perhaps --agreed {KEYS}");
    desk.run(&wrong).refused(2, "look-answer");
    let written = desk.json(&format!("{line} --agreed"));
    assert!(written["entry"].is_u64(), "{written}");
    let checked = desk.json(&format!("check case {KEYS}"));
    assert_eq!(checked["look"][0]["step"], step.as_str(), "{checked}");
    assert_eq!(checked["look"][0]["words"], "invented");
}

#[test]
fn wrong_input_gets_a_sentence_and_costs_nothing() {
    let desk = DeskOfOne::new();
    bring(&desk);
    desk.run("check --folder nowhere").refused(5, "path-unreadable");
    desk.run("check").refused(2, "usage-missing");
    desk.run("check --folder bring --finding 99").refused(2, "no-such-finding");
    fs::create_dir(desk.at("empty")).unwrap();
    assert!(desk.run("check --folder empty").done().out.contains("nothing in it that the check knows"));
    fs::write(desk.at("list.stix2"), "{ no list").unwrap();
    let checked = desk.json("check --folder bring --list list.stix2");
    let list = checked["lists"].as_array().unwrap().last().unwrap();
    assert_eq!((&list["name"], &list["indicators"]), (&json!("list.stix2"), &json!(0)), "{list}");
    assert!(list["problems"].as_u64().unwrap() > 0, "{list}");
    // Whatever lies there, one file, damaged, hostile names.
    let dump = "ACCESSIBILITY MANAGER (dumpsys accessibility)\n\u{202e}<script>alert(1)</script>{{{";
    fs::write(desk.at("dumpsys_accessibility.txt"), dump).unwrap();
    let told = desk.run("check --folder dumpsys_accessibility.txt").done().out;
    assert!(!told.contains('\u{202e}'), "{told}");
}

#[test]
fn a_list_that_a_person_adds_is_used() {
    let desk = DeskOfOne::new();
    bring(&desk);
    let list = json!({ "type": "bundle", "objects": [
        { "type": "malware", "id": "malware--1", "name": "Erfundenes", "is_family": false,
          "description": "stalkerware" },
        { "type": "indicator", "id": "indicator--1", "pattern": "[app:id='com.example.notes']",
          "pattern_type": "stix" },
        { "type": "relationship", "id": "relationship--1", "relationship_type": "indicates",
          "source_ref": "indicator--1", "target_ref": "malware--1" },
    ] });
    fs::write(desk.at("own.stix2"), list.to_string()).unwrap();
    let checked = desk.json("check --folder bring --list own.stix2");
    let findings = checked["devices"][0]["findings"].as_array().unwrap();
    let notes = findings.iter().find(|finding| finding["subject"]["id"] == "com.example.notes");
    assert_eq!(notes.unwrap()["known"][0]["family"], "Erfundenes", "{checked}");
}

#[test]
fn checking_opens_no_socket_and_writes_nothing() {
    let desk = DeskOfOne::new();
    bring(&desk);
    let sorts = "network,openat,creat,rename,renameat2,unlink,mkdir";
    let Some(calls) = network::calls(&desk, "check --folder bring", sorts) else { return };
    // Opened for reading, or nameless: the spools, whose content is sealed under a key in memory.
    let writes = |call: &&String| {
        let is_open = call.contains("openat(");
        !is_open || ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| call.contains(flag))
    };
    let writes: Vec<_> = calls.iter().filter(writes).filter(|call| !call.contains("O_TMPFILE")).collect();
    assert!(writes.is_empty(), "{writes:?}");
}
