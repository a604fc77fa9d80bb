//! Hints, people and pictures from the command line on a small invented case: every line leads back to a
//! record, what a person decides is an entry and can be undone, and nothing is a verdict.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::desk_of_one::DeskOfOne;

const KEYS: &str = "--signing-key-file me.key --key-file case.key";

/// A day of questions, a threat, an ordinary mother, numbers and accounts; all of it invented.
fn chat() -> String {
    let mut chat = String::from("18.03.22, 08:00 - Falke: Guten Morgen, wie geht es dir\n");
    for hour in 9..19 {
        writeln!(chat, "18.03.22, {hour:02}:05 - Falke: wo bist du?").unwrap();
        writeln!(chat, "18.03.22, {hour:02}:06 - Amsel: zuhause").unwrap();
    }
    chat.push_str("19.03.22, 10:00 - Falke: dein pass bleibt bei mir bis du alles abgearbeitet hast\n");
    chat.push_str("19.03.22, 10:01 - Amsel: ruf an unter +49 171 3920011 oder mia@example.org\n");
    chat.push_str("19.03.22, 10:02 - Mama: Kind, wo bist du? Das Essen wird kalt, ruf +49 171 3920011 an\n");
    chat
}

fn case() -> DeskOfOne {
    let desk = DeskOfOne::with_case();
    fs::remove_dir_all(desk.at("bring")).unwrap();
    fs::create_dir_all(desk.at("bring")).unwrap();
    fs::write(desk.at("bring/chat.txt"), chat()).unwrap();
    fs::write(
        desk.at("bring/book.vcf"),
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Falke Nord\r\nTEL:+49 171 3920011\r\nEND:VCARD\r\n\
         BEGIN:VCARD\r\nVERSION:3.0\r\nFN:=Formel\r\nTEL:0171 3920011\r\nEND:VCARD\r\n",
    )
    .unwrap();
    desk.run("secure case bring --source invented --gate no --signing-key-file me.key").done();
    desk.run(&format!("read case {KEYS}")).done();
    desk
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap()
}

#[test]
fn a_hint_is_a_mark_with_its_reason_and_a_person_decides() {
    let desk = case();
    let found = desk.json(&format!("hints case --language de {KEYS}"));
    let hints = list(&found, "hints");
    let of = |code: &str| {
        hints.iter().find(|hint| hint["code"] == code).unwrap_or_else(|| panic!("{code}: {hints:?}"))
    };
    let kept = of("docs.kept");
    assert!(
        kept["passages"].to_string().contains("pass bleibt") && !kept["rule"].as_str().unwrap().is_empty()
    );
    let often = of("monitor.location");
    assert_eq!((often["rule"].as_str(), often["facts"]["count"].as_i64()), (Some("repetition"), Some(8)));
    // The mother's one question stands alone.
    assert!(!hints.iter().any(|hint| hint["record"].to_string().contains("Mama")), "{hints:?}");

    let text = desk.run(&format!("hints case --language de --lang en {KEYS}")).done().out;
    for said in ["not a verdict", "[pass bleibt", "May also be", "languages: de"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let id = kept["record"]["id"].as_str().unwrap().to_owned();
    desk.run(&format!("hints case --record {id} --code docs.kept --dismiss --why pizza {KEYS}")).done();
    let without = desk.json(&format!("hints case --language de --code docs {KEYS}"));
    assert!(list(&without, "hints").is_empty() && without["dismissed"] == 1, "{without}");
    desk.run(&format!("hints case --record {id} --code docs.kept --undo {KEYS}")).done();
    desk.run(&format!("hints case --record {id} --code docs.kept --relabel debt.owed {KEYS}")).done();
    let other = desk.json(&format!("hints case --language de --code debt {KEYS}"));
    assert!(list(&other, "hints").iter().any(|hint| hint["decided"]["decision"] == "relabelled"), "{other}");
    desk.run(&format!("hints case --record {id} --code isolate.help --add {KEYS}")).done();
    let added = desk.json(&format!("hints case --language de --code isolate {KEYS}"));
    assert_eq!(list(&added, "hints")[0]["decided"]["decision"], "added");
    let timeline = desk.json(&format!("timeline case --hint monitor {KEYS}"));
    assert!(!list(&timeline, "records").is_empty());
    let log = desk.run(&format!("log case {KEYS}")).done().out;
    assert!(!log.contains("wo bist du"), "{log}");
}

#[test]
fn hints_without_a_case_and_wrong_names() {
    let desk = DeskOfOne::with_case();
    let told = desk.run("hints --explain docs.kept --lang de").done().out;
    assert!(told.contains("Kann auch sein") && told.contains("ILO"), "{told}");
    assert!(desk.run("hints --languages --lang en").done().out.contains("No native speaker"));
    desk.run("hints --explain nonsense").refused(2, "no-such-hint");
    desk.run(&format!("hints case --code nonsense {KEYS}")).refused(2, "unknown");
    desk.run(&format!("hints case --language xx {KEYS}")).refused(2, "unknown");
}

#[test]
fn persons_are_proposed_confirmed_and_parted_again() {
    let desk = case();
    let found = desk.json(&format!("people case --country DE {KEYS}"));
    let proposals = list(&found, "proposals");
    let number = proposals.iter().find(|proposal| proposal["reason"]["why"] == "same-number");
    let number = number.unwrap_or_else(|| panic!("{found}"));
    let (one, other) = (number["first"].as_str().unwrap(), number["second"].as_str().unwrap());
    let persons = list(&found, "persons").len();
    desk.run(&format!("people case --same {one} --with {other} --why number {KEYS}")).done();
    let after = desk.json(&format!("people case --country DE {KEYS}"));
    assert_eq!(list(&after, "persons").len(), persons - 1);
    assert!(!list(&after, "proposals").contains(number));
    let both = desk.json(&format!("timeline case --person {one} {KEYS}"));
    assert_eq!(list(&both, "person").len(), 2, "{both}");
    desk.run(&format!("people case --undo {one} --with {other} {KEYS}")).done();
    let again = desk.json(&format!("people case --country DE {KEYS}"));
    assert_eq!((list(&again, "persons").len(), list(&again, "proposals").contains(number)), (persons, true));
    desk.run(&format!("people case --same ffffff --with {one} {KEYS}")).refused(2, "unknown");
}

#[test]
fn links_as_list_table_and_graph() {
    let desk = case();
    let links = desk.json(&format!("people case --country DE --links phone {KEYS}"));
    let phone = &list(&links, "links")[0];
    assert_eq!(phone["key"], "+491713920011");
    assert!(phone["count"].as_i64().unwrap() >= 4 && list(phone, "with").len() >= 2, "{phone}");
    let table = desk.run(&format!("people case --links --csv --lang en {KEYS}")).done().out;
    assert!(table.contains("\"mail\",\"mia@example.org\"") && !table.contains("\"=Formel"), "{table}");
    let graph = desk.run(&format!("people case --graph {KEYS}")).done().out;
    assert!(graph.starts_with("<svg") && graph.contains("=Formel") && !graph.contains("<script"), "{graph}");
}

#[test]
fn pictures_have_a_title_a_description_and_a_table() {
    let desk = case();
    for (picture, said) in [("activity", "2022-03"), ("hours", "Friday"), ("places", "No places")] {
        let svg = desk.run(&format!("picture case {picture} --lang en {KEYS}")).done().out;
        for part in ["<svg", "role=\"img\"", "<title", "<desc", said] {
            assert!(svg.contains(part), "{picture} {part}: {svg}");
        }
        desk.run(&format!("picture case {picture} --table {KEYS}")).done();
    }
}
