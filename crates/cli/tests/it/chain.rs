//! The whole way once: what she brings, what she agrees to, what leaves, what she keeps.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::desk_of_one::DeskOfOne;

const KEYS: &str = "--signing-key-file me.key --key-file case.key";

#[test]
fn from_a_folder_to_a_package_and_back_from_her_stick() {
    for language in ["en", "de"] {
        let desk = DeskOfOne::with_capsule();
        let run = |line: &str| desk.run(&format!("{line} --lang {language} {KEYS}")).done();
        run("consent case give --to Police --purpose complaint --until 2199-12-31 --how sheet --items 2:0");
        run("handover case --to Police --consent c3 package");
        assert!(desk.at("package/bag/data/2/bring/chat.txt").exists());
        assert!(!desk.at("package/bag/data/2/bring/pictures/one.jpg").exists());
        let verified = run("verify package");
        let fact = if language == "en" { "1 items proved" } else { "1 Stücke am Protokoll belegt" };
        assert!(verified.out.contains(fact), "{}", verified.out);
        let truth =
            if language == "en" { "does not say that anything is true" } else { "nicht, dass etwas wahr" };
        assert!(verified.out.contains(truth), "{}", verified.out);

        run("unseal case 2 --to out");
        assert_eq!(
            fs::read(desk.at("out/bring/chat.txt")).unwrap(),
            fs::read(desk.at("bring/chat.txt")).unwrap()
        );
        let given = run("give case stick --to client");
        assert!(given.out.contains("stick") && given.out.contains(".receipt"), "{}", given.out);
        assert!(desk.files("case").is_empty());
        desk.run("take stick --into back --signing-key-file me.key").done();
        run("verify back");
        let shown = run("log back");
        let (given, taken) = if language == "en" {
            ("case given", "case taken back")
        } else {
            ("Fall mitgegeben", "Fall zurückgenommen")
        };
        assert!(shown.out.contains(given) && shown.out.contains(taken), "{}", shown.out);
    }
}

#[test]
fn every_step_in_json() {
    let desk = DeskOfOne::with_capsule();
    let json = |line: &str| desk.json(&format!("{line} {KEYS}"));
    let shown = json("show case");
    let items = shown["capsules"][0]["items"].as_array().unwrap();
    let names: Vec<&Value> = items.iter().map(|item| &item["item"]).collect();
    assert_eq!(names, ["2:0", "2:1"], "{shown}");
    assert_eq!(items[0]["path"], "bring/chat.txt");

    let given = json("consent case give --to Police --purpose p --until 2199-12-31 --how sheet");
    let id = given["consent"].as_str().unwrap();
    let listed = json("consent case list");
    assert_eq!(listed["consents"][0]["id"], id);
    assert_eq!(listed["consents"][0]["withdrawn"], Value::Null);
    let handed = json(&format!("handover case --to Police --consent {id} package"));
    assert_eq!(handed["items"], 2);
    let fingerprint = desk.json("fingerprint --signing-key-file me.key")["fingerprint"].clone();
    assert_eq!(handed["fingerprint"], fingerprint);
    let package = desk.json("verify package");
    assert_eq!(package["subject"], "package");
    assert_eq!(package["problems"], serde_json::json!([]));
    json(&format!("consent case withdraw {id}"));
    desk.run(&format!("handover case --to Police --consent {id} again {KEYS}"))
        .refused(3, "consent-withdrawn");

    let given = json("give case stick --to client");
    let receipt = given["receipt"].as_str().unwrap();
    assert!(receipt.ends_with(".receipt"), "{given}");
    assert!(given["unreachable"].as_array().unwrap().contains(&"copies".into()), "{given}");
    let checked = desk.run_words(&["verify", receipt, "--against", "stick", "--json"]).done().object();
    assert_eq!(checked["subject"], "receipt");
    let taken = desk.json("take stick --into back --from client --signing-key-file me.key");
    assert!(taken["entry"].is_u64(), "{taken}");
}

#[test]
fn consent_is_needed_word_for_word() {
    let desk = DeskOfOne::with_capsule();
    let run = |line: &str| desk.run(&format!("{line} {KEYS}"));
    run("consent case give --to Police --purpose p --until 2199-12-31 --how sheet --items 2:0").done();
    run("handover case --to Lawyer --consent c3 out").refused(3, "consent-other-recipient");
    run("handover case --to Police --consent c3 --items 2:1 out").refused(3, "consent-not-covered");
    assert!(!desk.at("out").exists() && !desk.at("out.part").exists());
    run("stop case 2:0").done();
    run("handover case --to Police --consent c3 out").refused(3, "nothing-to-hand-over");
    run("unseal case 2:0 --to out").refused(7, "stopped");
    let shown = run("show case").done();
    assert!(shown.out.contains("(stopped)") && !shown.out.contains("chat.txt"), "{}", shown.out);
}

#[test]
fn a_receipt_alone_tells_nothing_and_proves_the_capsule() {
    let desk = DeskOfOne::with_capsule();
    let printed = desk.run(&format!("receipt case {KEYS}")).done();
    desk.run(&format!("receipt case --to kept.receipt {KEYS}")).done();
    let kept = fs::read_to_string(desk.at("kept.receipt")).unwrap();
    for text in [&printed.out, &kept] {
        assert!(!text.contains("Amsel") && !text.contains("invented") && !text.contains("chat"), "{text}");
    }
    let capsule = desk.files("case/capsules")[0].0.clone();
    let capsule = capsule.to_str().unwrap();
    desk.run_words(&["verify", "kept.receipt", "--against", capsule]).done();
    desk.run_words(&["verify", capsule, "--against", "kept.receipt"]).done();
    desk.run("verify kept.receipt --against bring/chat.txt").refused(8, "not-ours");
    desk.run_words(&["verify", capsule, "--against", "case"]).refused(2, "not-evidence");
    let mut bytes = fs::read(capsule).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(capsule, bytes).unwrap();
    let ran = desk.run_words(&["verify", "kept.receipt", "--against", capsule]);
    assert_eq!(ran.exit, 1, "{}", ran.out);
    assert!(ran.out.contains("was changed"), "{}", ran.out);
    let ran = desk.run("verify case --lang de");
    assert_eq!(ran.exit, 1, "{}", ran.out);
    assert!(ran.out.contains("Es weicht ab:") && ran.out.contains("capsules/000002-"), "{}", ran.out);
}

#[test]
fn notes_from_the_input_and_holds() {
    let desk = DeskOfOne::with_capsule();
    fs::write(desk.at("text"), "two\nlines\u{202e}").unwrap();
    let input = fs::File::open(desk.at("text")).unwrap();
    let words = ["note", "case", "-", "--about", "2:0", "--signing-key-file", "me.key"];
    let ran = desk.command(&words).stdin(Stdio::from(input)).output().unwrap();
    assert!(ran.status.success());
    let log = desk.run(&format!("log case {KEYS}")).done();
    assert!(log.out.contains("two\\nlines\\u{202e}"), "{}", log.out);
    desk.run("hold case on --reason appeal --signing-key-file me.key").done();
    desk.run(&format!("erase case --capsule 2 --reason over --yes {KEYS}")).refused(7, "on-hold");
    desk.run("hold case off --reason over --signing-key-file me.key").done();
}

#[test]
fn the_demo_asks_nothing_and_ends() {
    let desk = DeskOfOne::new();
    let ran = desk.run("demo --lang de").done();
    assert!(ran.out.starts_with("Erfundenes Material"), "{}", ran.out);
    assert!(ran.out.contains("Alles liegt in asservat-demo"), "{}", ran.out);
    assert!(!desk.at("home").exists(), "the demo uses an installation of its own");
    let own = desk.json("demo bring --gate no --folder second");
    assert!(own["steps"].as_array().unwrap().iter().any(|step| step["verb"] == "handover"), "{own}");
    desk.run("demo --folder second").refused(5, "target-exists");
}
