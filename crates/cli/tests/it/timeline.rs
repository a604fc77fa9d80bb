//! Timeline, search and tags end to end, on an invented case: two chats, text messages, cards, four scripts,
//! dates that can be read in two ways, and texts that try tricks.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::desk_of_one::DeskOfOne;

const KEYS: &str = "--signing-key-file me.key --key-file case.key";
/// Everything here is invented.
const SLASHES: &str = "3/4/24, 14:56 - Falke: erfunden, wann kommst du?\n\
                       3/5/24, 14:57 - Amsel: Wednesday\n";
const SMS: &str = r#"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="3">
  <sms address="+49 170 3920011" date="1709300000000" type="1"
    body="Ruf 0170/3920011 an, erfunden" contact_name="Falke" />
  <sms address="+49 170 3920011" date="1709300060000" type="2"
    body="Ich bin in Köln, in der Straße" contact_name="Falke" />
  <sms address="+49 170 3920099" date="1712500000000" type="1"
    body="Übergabe um 5" contact_name="Habicht" />
</smses>
"#;
const CARD: &str = "BEGIN:VCARD\nVERSION:3.0\nFN:Falke Erfunden\nTEL;TYPE=CELL:0170 3920011\nEND:VCARD\n";

/// Daily talk, twelve silent days, daily talk; texts in four scripts, and tricks.
fn chat() -> String {
    let mut chat = String::new();
    for day in (1..=8).chain(20..=27) {
        writeln!(chat, "{day:02}.03.24, 09:30 - Falke: Wo bist du? Tag {day}").unwrap();
        writeln!(chat, "{day:02}.03.24, 09:31 - Amsel: zuhause").unwrap();
    }
    for text in [
        "หนังสือเดินทางอยู่ที่ไหน",
        "我的护照在你那里吗",
        "أين جواز السفر",
        "Къде ми е паспортът, момиче",
        "RTL \u{202e}gnp.exe und \u{1b}[2J Steuerzeichen",
        "Gib mir den Pass, sonst sage ich es deinem Bruder",
        "Muenchen ist weit",
    ] {
        writeln!(chat, "28.03.24, 10:00 - Falke: {text}").unwrap();
    }
    let padding = "lang ".repeat(200_000);
    writeln!(chat, "28.03.24, 10:05 - Falke: {padding} Nadelkissen {padding}").unwrap();
    chat
}

/// The case, read; the first chat is in it twice, in two capsules.
pub(crate) fn case() -> DeskOfOne {
    let desk = DeskOfOne::with_case();
    fs::remove_dir_all(desk.at("bring")).unwrap();
    fs::create_dir_all(desk.at("bring")).unwrap();
    fs::create_dir_all(desk.at("again")).unwrap();
    fs::write(desk.at("bring/WhatsApp Chat mit Falke.txt"), chat()).unwrap();
    fs::write(desk.at("bring/WhatsApp Chat with Falke.txt"), SLASHES).unwrap();
    fs::write(desk.at("bring/sms-1.xml"), SMS).unwrap();
    fs::write(desk.at("bring/card.vcf"), CARD).unwrap();
    fs::write(desk.at("again/WhatsApp Chat mit Falke.txt"), chat()).unwrap();
    for folder in ["bring", "again"] {
        desk.run(&format!("secure case {folder} --source invented --gate no --signing-key-file me.key"))
            .done();
    }
    desk.run(&format!("read case {KEYS}")).done();
    desk
}

fn records(page: &Value) -> &Vec<Value> {
    page["records"].as_array().unwrap()
}

fn texts(page: &Value) -> Vec<&str> {
    records(page).iter().filter_map(|record| record["record"]["Message"]["text"].as_str()).collect()
}

/// Runs words that may hold blanks, with `--json`.
fn json(desk: &DeskOfOne, words: &[&str]) -> Value {
    let keys: Vec<&str> = KEYS.split(' ').chain(["--json"]).collect();
    desk.run_words(&[words, &keys].concat()).done().object()
}

#[test]
fn one_timeline_of_everything() {
    let desk = case();
    let all = desk.json(&format!("timeline case --most 1000 {KEYS}"));
    let times: Vec<Option<i64>> = records(&all)
        .iter()
        .map(|record| record["cursor"].as_str().unwrap().split('.').next().unwrap().parse().ok())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    let once = texts(&all).iter().filter(|text| **text == "Wo bist du? Tag 3").count();
    assert_eq!(once, 1, "the same message from two sources comes once");
    let doubled =
        records(&all).iter().find(|record| record["record"]["Message"]["text"] == "Wo bist du? Tag 3");
    assert_eq!(doubled.unwrap()["also_in"].as_array().map(Vec::len), Some(1), "{doubled:?}");
    let every_source = desk.json(&format!("timeline case --most 1000 --doubles {KEYS}"));
    assert_eq!(texts(&every_source).iter().filter(|text| **text == "Wo bist du? Tag 3").count(), 2);
    let without_time =
        records(&all).iter().filter(|record| record["cursor"].as_str().unwrap().starts_with("9223"));
    let kinds: Vec<&str> = without_time
        .map(|record| record["record"].as_object().unwrap().keys().next().unwrap().as_str())
        .collect();
    assert_eq!((kinds.as_slice(), &all["without_time"]), (&["Contact", "Event"][..], &2.into()), "{all}");
    // The silence of twelve days, and no other; a record with two readings does not fill it.
    let gaps = desk
        .json(&format!("timeline case --most 1000 --app whatsapp --from 2024-03-01 --to 2024-03-31 {KEYS}"));
    assert_eq!(gaps["gaps"].as_array().map(Vec::len), Some(1), "{}", gaps["gaps"]);
    assert_eq!(gaps["gaps"][0]["days"], 11);
    let none = desk.json(&format!("timeline case --most 1000 --app whatsapp --gap-days 0 {KEYS}"));
    assert_eq!(none["gaps"], serde_json::json!([]));
}

#[test]
fn in_words_a_person_reads() {
    let desk = case();
    for (language, wanted) in [
        (
            "de",
            [
                "Freitag, 01.03.2024",
                "09:30 (ohne Zone)",
                "kein Datensatz zwischen",
                "Auch in: Kapsel 4",
                "oder",
            ],
        ),
        ("en", ["Friday, 2024-03-01", "09:30 (no zone)", "no record between", "Also in: capsule 4", " or "]),
    ] {
        let shown = desk.run(&format!("timeline case --most 1000 --lang {language} {KEYS}")).done().out;
        for text in wanted {
            assert!(shown.contains(text), "{text}: {shown:.3000}");
        }
        for id in ["timeline-", "weekday-", "state-", "app-", "{ $"] {
            assert!(!shown.contains(id), "{id}: {shown:.3000}");
        }
        assert!(shown.chars().all(|c| !matches!(c, '\u{1b}' | '\u{202e}')), "tricks are escaped");
        assert!(shown.contains("\\u{202e}gnp.exe") && shown.contains("\\u{1b}[2J"));
        assert!(shown.contains("\u{2068}أين جواز السفر\u{2069}"), "kept apart");
        assert!(shown.lines().all(|line| line.len() < 2000), "a megabyte is cut");
    }
}

#[test]
fn pages_forwards_and_backwards() {
    let desk = case();
    let all = desk.json(&format!("timeline case --most 1000 {KEYS}"));
    let ids: Vec<&Value> = records(&all).iter().map(|record| &record["id"]).collect();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.json(&format!("timeline case --most 7 {after} {KEYS}"));
        assert_eq!(page["before"].is_null(), seen.is_empty(), "{}", page["before"]);
        seen.extend(records(&page).iter().map(|record| record["id"].clone()));
        let Some(next) = page["after"].as_str() else { break };
        after = format!("--after {next}");
    }
    assert_eq!(seen.iter().collect::<Vec<_>>(), ids);
    let id = ids[10].as_str().unwrap();
    let before = desk.json(&format!("timeline case --most 3 --before {} {KEYS}", &id[..12]));
    assert_eq!(records(&before).iter().map(|record| &record["id"]).collect::<Vec<_>>(), ids[7..10]);
    let behind = desk.json(&format!("timeline case --most 3 --after {} {KEYS}", &id[..12]));
    assert_eq!(records(&behind)[0]["id"], *ids[11]);
    desk.run(&format!("timeline case --after ffffffff {KEYS}")).refused(2, "record-unknown");
    desk.run(&format!("timeline case --after nonsense {KEYS}")).refused(2, "unknown");
}

#[test]
fn filters_leave_what_was_asked_for() {
    let desk = case();
    let count =
        |filter: &str| records(&desk.json(&format!("timeline case --most 1000 {filter} {KEYS}"))).len();
    assert_eq!(count("--app sms --kind message"), 3);
    assert_eq!(count("--kind contact"), 1);
    assert_eq!(count("--capsule 2 --reader sms_backup_restore --kind message"), 3);
    assert_eq!(count("--attachment yes"), 0);
    assert_eq!(count("--place"), 0);
    assert_eq!(count("--near 52.5,13.4,1000"), 0);
    assert_eq!(count("--app whatsapp --from 2024-03-08 --to 2024-03-08"), 2);
    // A date with two readings counts with both.
    assert_eq!(count("--app whatsapp --from 2024-04-03 --to 2024-04-03"), 1);
    assert!(count("--person Habicht") == 1 && count("--person +491703920099") == 1);
    let person = json(&desk, &["timeline", "case", "--person", "0170 3920011"]);
    assert!(person["person"].as_array().unwrap().len() >= 2, "{}", person["person"]);
    desk.run(&format!("timeline case --person Nobody {KEYS}")).refused(2, "unknown");
    desk.run(&format!("timeline case --chat Nowhere {KEYS}")).refused(2, "unknown");
    desk.run(&format!("timeline case --chat Falke {KEYS}")).refused(2, "several-chats");
    assert!(count("--chat 1") > 16);
    desk.run(&format!("timeline case --kind nonsense {KEYS}")).refused(2, "usage-value");
    desk.run(&format!("timeline case --near 1,2 {KEYS}")).refused(2, "usage-value");
    assert_eq!(count("--hint debt"), 0);
}

#[test]
fn a_name_is_everybody_whom_sources_name_so() {
    let desk = case();
    let chat = desk.json(&format!("timeline case --most 1000 --app whatsapp {KEYS}"));
    let all = desk.json(&format!("timeline case --most 1000 --person Falke {KEYS}"));
    let apps = all["person"].as_array().unwrap();
    assert!(
        apps.iter().any(|party| party["app"] == "sms") && apps.iter().any(|party| party["app"] == "whatsapp")
    );
    assert!(apps.iter().all(|party| party["confirmed"] == false));
    assert!(records(&all).len() > records(&chat).len() / 2);
}

#[test]
fn a_hit_says_why_and_shows_what_stands_around() {
    let desk = case();
    let found = json(&desk, &["search", "case", "Nadelkissen"]);
    let hit = &found["hits"][0];
    let passage = &hit["passages"];
    assert_eq!(found["hits"].as_array().map(Vec::len), Some(1));
    // So far behind in a text nothing is marked; the hit stands.
    assert_eq!(passage, &serde_json::json!([]), "{passage}");
    let found = desk.run(&format!("search case Bruder --context 1 {KEYS}")).done().out;
    assert!(found.contains("sage ich es deinem [Bruder]"), "{found}");
    assert!(found.contains("Bruder: as a word") && found.contains("Muenchen ist weit"), "{found}");
    let rule = |words: &[&str]| {
        let found = json(&desk, &[&["search", "case"], words].concat());
        found["hits"][0]["matched"][0]["rule"].as_str().unwrap_or_default().to_owned()
    };
    for (words, expected) in [
        (&["Bruder"][..], "word"),
        (&["brud*"], "beginning"),
        (&["*rude*"], "part"),
        (&["\"gib mir\""], "phrase"),
        (&["护照"], "short"),
        (&["เดินทาง"], "part"),
        (&["koln"], "letters"),
        (&["München"], "umlaut"),
        (&["momiche"], "other-script"),
        (&["0170 3920011", "--country", "+49", "--app", "sms"], "number-spelling"),
    ] {
        assert_eq!(rule(words), expected, "{words:?}");
    }
    let german = desk.run(&format!("search case 01703920011 --lang de {KEYS}")).done().out;
    assert!(german.contains("Kein Land ist genannt") && german.contains("durchgesehen"), "{german}");
    assert!(!german.contains("search-") && !german.contains("field-"), "{german}");
    let pages = desk.json(&format!("search case zuhause --most 5 {KEYS}"));
    let next = pages["after"].as_i64().unwrap();
    let more = desk.json(&format!("search case zuhause --most 100 --after {next} {KEYS}"));
    assert_eq!(pages["hits"].as_array().unwrap().len() + more["hits"].as_array().unwrap().len(), 16);
    let tricks = desk.run(&format!("search case Steuerzeichen {KEYS}")).done().out;
    assert!(tricks.chars().all(|c| !matches!(c, '\u{1b}' | '\u{202e}')), "{tricks}");
    let arabic = desk.run(&format!("search case السفر {KEYS}")).done().out;
    assert!(arabic.contains('\u{2068}') && arabic.contains("[السفر]"), "{arabic}");
}

#[test]
fn tags_and_notes_stand_beside_a_record() {
    let desk = case();
    let found = json(&desk, &["search", "case", "Bruder"]);
    let id = found["hits"][0]["id"].as_str().unwrap().to_owned();
    desk.run(&format!("tag case {} wichtig {KEYS}", &id[..12])).done();
    let about =
        ["note", "case", "Sie kennt den Satz\u{202e}", "--about", &id[..12], "--signing-key-file", "me.key"];
    desk.run_words(&about).done();
    let tagged = desk.json(&format!("timeline case --tag wichtig {KEYS}"));
    assert_eq!(records(&tagged).len(), 1);
    assert_eq!(records(&tagged)[0]["tags"], serde_json::json!(["wichtig"]));
    assert_eq!(records(&tagged)[0]["notes"][0]["text"], "Sie kennt den Satz\u{202e}");
    let listed = desk.run(&format!("tag case --lang de {KEYS}")).done().out;
    assert!(
        listed.contains("Merkmale: wichtig") && listed.contains("Sie kennt den Satz\\u{202e}"),
        "{listed}"
    );
    desk.run(&format!("tag case {} wichtig --off {KEYS}", &id[..12])).done();
    assert_eq!(records(&desk.json(&format!("tag case {KEYS}"))), &Vec::<Value>::new());
    desk.run(&format!("tag case ffffffff wichtig {KEYS}")).refused(2, "record-unknown");
    desk.run("note case text --about zz --signing-key-file me.key").refused(2, "usage-value");
    // That somebody looked is told, and nothing of what was looked for.
    let log = desk.json(&format!("log case {KEYS}")).to_string();
    for what in ["\"search\"", "\"timeline\"", "\"tags\""] {
        assert!(log.contains(what), "{what}");
    }
    assert!(!log.contains("Bruder"), "words of a search are nobody's business");
}

/// Every example in the page about searching does what the page says.
#[test]
fn the_examples_of_the_page_about_searching() {
    let page = include_str!("../../../../docs/search.md");
    let desk = case();
    let mut tried = 0;
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let query = cells[0].trim_start_matches("| ").trim_matches('`');
        let hits: usize = cells.last().unwrap().trim_end_matches(" |").trim().parse().unwrap();
        let found = json(&desk, &["search", "case", query, "--country", "+49", "--most", "1000"]);
        assert_eq!(found["hits"].as_array().map(Vec::len), Some(hits), "{line}: {}", found["notes"]);
        tried += 1;
    }
    assert!(tried >= 20, "{tried}");
}
