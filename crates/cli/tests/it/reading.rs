//! What lies in capsules becomes records, in a worker that has nothing; every record leads back to its bytes;
//! what is stopped is gone; a hostile file costs itself.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

use crate::desk_of_one::DeskOfOne;
use crate::network;

const KEYS: &str = "--signing-key-file me.key --key-file case.key";
/// Invented, and it says so.
const CHAT: &str = "18.03.22, 14:56 - Amsel: Hallo, alles hier ist erfunden\n\
                    18.03.22, 14:57 - Falke: Wo bist du? Marderzaun\n\
                    18.03.22, 14:58 - Amsel: zuhause\nzweite Zeile\n";

/// A desk whose client brought these files.
fn desk_with(files: &[(&str, &[u8])]) -> DeskOfOne {
    let desk = DeskOfOne::with_case();
    fs::remove_dir_all(desk.at("bring")).unwrap();
    for (path, bytes) in files {
        let path = desk.at("bring").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    desk.run("secure case bring --source invented --gate no --signing-key-file me.key").done();
    desk
}

fn archive(files: &[(&str, &[u8])], password: Option<&str>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default();
        match password {
            Some(password) => {
                writer
                    .start_file(*name, options.with_deprecated_encryption(password.as_bytes()).unwrap())
                    .unwrap();
            }
            None => writer.start_file(*name, options).unwrap(),
        }
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn records(desk: &DeskOfOne, more: &str) -> Vec<Value> {
    let found = desk.json(&format!("records case --most 1000 {more} {KEYS}"));
    found["records"].as_array().unwrap().clone()
}

#[test]
fn a_chat_in_an_archive_becomes_messages_that_lead_back_to_their_bytes() {
    let chat = archive(&[("WhatsApp Chat mit Falke.txt", CHAT.as_bytes())], None);
    let desk = desk_with(&[("chat.zip", &chat), ("other.bin", b"\0\x01nothing known")]);
    let read = desk.json(&format!("read case {KEYS}"));
    assert_eq!(read["capsules"], serde_json::json!([2]), "{read}");
    assert_eq!(read["workers_ended"], 0, "{read}");
    let messages = records(&desk, "--kind message");
    assert_eq!(messages.len(), 3, "{messages:?}");
    let found = desk.json(&format!("records case --find marderzaun {KEYS}"));
    assert_eq!(found["records"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(
        found["records"][0]["file"],
        serde_json::json!(["bring/chat.zip", "WhatsApp Chat mit Falke.txt"])
    );
    let id = found["records"][0]["id"].as_str().unwrap();
    let shown = desk.json(&format!("show case {id} {KEYS}"));
    assert_eq!(shown["original_text"], "18.03.22, 14:57 - Falke: Wo bist du? Marderzaun\n", "{shown}");
    let opaque = records(&desk, "--kind file");
    assert!(
        opaque.iter().any(|record| record["file"] == serde_json::json!(["bring/other.bin"])),
        "{opaque:?}"
    );

    let again = desk.json(&format!("reindex case {KEYS}"));
    assert_eq!(again["records"], read["records"]);
    assert_eq!(records(&desk, ""), records(&desk, ""), "the same order");
    let ids = |records: Vec<Value>| records.iter().map(|record| record["id"].clone()).collect::<Vec<_>>();
    assert!(ids(records(&desk, "")).contains(&Value::from(id)), "the same identifiers after reading again");
    let nothing_new = desk.json(&format!("read case {KEYS}"));
    assert_eq!(nothing_new["capsules"], serde_json::json!([]));
}

#[test]
fn in_words_of_both_languages_and_as_lines() {
    let desk = desk_with(&[("WhatsApp Chat mit Falke.txt", CHAT.as_bytes())]);
    desk.run(&format!("records case {KEYS}")).refused(2, "no-index");
    for language in ["en", "de"] {
        let read = desk.run(&format!("reindex case --lang {language} {KEYS}")).done();
        assert!(read.out.contains("WhatsApp"), "{}", read.out);
        assert!(!read.out.contains("reader-") && !read.out.contains("problem-"), "{}", read.out);
        let listed = desk.run(&format!("records case --lang {language} {KEYS}")).done();
        let clock = if language == "en" { "clock of the phone" } else { "Uhr des Telefons" };
        assert!(listed.out.contains(clock) && listed.out.contains("Falke: "), "{}", listed.out);
    }
    let lines = desk.run(&format!("records case --lines {KEYS}")).done();
    assert_eq!(lines.out.lines().count(), 3);
    assert!(lines.out.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    desk.run(&format!("show case ffffffff {KEYS}")).refused(2, "record-unknown");
    desk.run(&format!("show case no-digits {KEYS}")).refused(2, "unknown");
}

#[test]
fn what_is_stopped_is_not_read_and_what_was_read_of_it_is_gone() {
    let chat = archive(&[("WhatsApp Chat mit Falke.txt", CHAT.as_bytes())], None);
    let desk = desk_with(&[("a.txt", b"plain"), ("chat.zip", &chat)]);
    desk.run(&format!("read case {KEYS}")).done();
    assert_eq!(records(&desk, "--kind message").len(), 3);
    desk.run(&format!("stop case 2:1 {KEYS}")).done();
    desk.run(&format!("records case {KEYS}")).refused(2, "no-index");
    let read = desk.json(&format!("read case {KEYS}"));
    assert_eq!(read["stopped"], 1, "{read}");
    assert!(records(&desk, "--kind message").is_empty());
    assert!(!records(&desk, "").iter().any(|record| record["file"][0] == "bring/chat.zip"));
}

#[test]
fn a_password_of_the_evidence_opens_it_and_is_kept() {
    let chat = archive(&[("WhatsApp Chat mit Falke.txt", CHAT.as_bytes())], Some("Erfundenes Passwort"));
    let desk = desk_with(&[("chat.zip", &chat)]);
    let closed = desk.json(&format!("read case {KEYS}"));
    assert!(closed["problem_kinds"]["needs-key"].as_u64().is_some(), "{closed}");
    fs::write(desk.at("wrong"), "something else\n").unwrap();
    let wrong = desk.json(&format!("read case --evidence-key-file wrong {KEYS}"));
    assert!(wrong["problem_kinds"]["wrong-key"].as_u64().is_some(), "{wrong}");
    fs::write(desk.at("right"), "Erfundenes Passwort\n").unwrap();
    desk.json(&format!("read case --evidence-key-file right {KEYS}"));
    assert_eq!(records(&desk, "--kind message").len(), 3);
    // It is kept: reading again needs it no more. And nothing of it lies in clear.
    desk.json(&format!("reindex case {KEYS}"));
    assert_eq!(records(&desk, "--kind message").len(), 3);
    for (path, bytes) in desk.files("case") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Erfundenes") && !text.contains("Marderzaun"), "{}", path.display());
    }
}

/// Archives that claim, nest and repeat without end, broken databases, and one honest chat among them.
#[test]
fn a_hostile_file_costs_itself_and_the_rest_is_read() {
    let mut bomb = archive(&[("zeros", &vec![0; 50 << 20])], None);
    for _ in 0..3 {
        bomb = archive(&[("inner.zip", &bomb), ("copy.zip", &bomb)], None);
    }
    let mut database = b"SQLite format 3\0".to_vec();
    database.extend_from_slice(&[0xff; 8192]);
    let entities = "<?xml version='1.0'?><!DOCTYPE s [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>\
                    <smses count='1'><sms address='&b;' date='1' type='1' body='&b;'/></smses>";
    let deep = "[".repeat(3 << 20);
    let mut claims = archive(&[("big.txt", b"small")], None);
    let at = claims.windows(4).rposition(|bytes| bytes == [0x50, 0x4b, 0x01, 0x02]).unwrap();
    claims[at + 24..at + 28].copy_from_slice(&[0xff, 0xff, 0xff, 0xf0]);
    let desk = desk_with(&[
        ("a_bomb.zip", &bomb),
        ("b_msgstore.db", &database),
        ("c_sms.xml", entities.as_bytes()),
        ("d_result.json", deep.as_bytes()),
        ("e_claims.zip", &claims),
        ("f_backup.ab", b"ANDROID BACKUP\n5\n1\nAES-256\nzz\n"),
        ("z/WhatsApp Chat mit Falke.txt", CHAT.as_bytes()),
    ]);
    let read = desk.json(&format!("read case {KEYS}"));
    assert_eq!(records(&desk, "--kind message --app whatsapp").len(), 3, "{read}");
    assert!(read["problems"].as_u64().unwrap() > 0, "{read}");
    let named = read["problem_files"].as_array().unwrap();
    assert!(!named.is_empty() && named.iter().all(|problem| problem["file"][0].is_string()), "{read}");
    let files: Vec<Value> =
        records(&desk, "--kind file").iter().map(|record| record["file"][0].clone()).collect();
    assert!(files.contains(&"bring/d_result.json".into()), "{files:?}");
}

/// A file that is more than the worker may hold ends the worker; it is named, and a new worker reads on.
#[test]
fn a_file_that_ends_the_worker_is_named_and_left_out() {
    let mut mail = b"From: a@example.invalid\r\nTo: b@example.invalid\r\nSubject: erfunden\r\n\
                     Content-Type: text/plain\r\n\r\n"
        .to_vec();
    mail.resize(60 << 20, b'x');
    let desk = desk_with(&[("a.eml", &mail), ("b/WhatsApp Chat mit Falke.txt", CHAT.as_bytes())]);
    let read = desk.json(&format!("read case --worker-memory 96 {KEYS}"));
    assert!(read["workers_ended"].as_u64().unwrap() > 0, "{read}");
    assert_eq!(read["problem_kinds"]["worker-ended"], read["workers_ended"], "{read}");
    assert_eq!(records(&desk, "--app whatsapp").len(), 3, "{read}");
    let enough = desk.json(&format!("reindex case {KEYS}"));
    assert_eq!(enough["workers_ended"], 0, "{enough}");
    // With enough of it the file is read, and its one text is said to be too long for a record.
    assert_eq!(enough["problem_kinds"]["limit"], 1, "{enough}");
}

/// More large packed files than a worker has spools, one after the other.
#[test]
fn every_large_file_of_an_archive_is_read() {
    let bytes = vec![7; (4 << 20) + 1];
    let mut movie = b"\0\0\0\x14ftypisom\0\0\0\0isom".to_vec();
    movie.extend_from_slice(&bytes);
    let names: Vec<String> = (0..70).map(|number| format!("{number:02}.mp4")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), movie.as_slice())).collect();
    let desk = desk_with(&[("videos.zip", &archive(&files, None))]);
    let read = desk.json(&format!("read case {KEYS}"));
    assert_eq!(read["problem_kinds"]["unreadable"], Value::Null, "{read}");
    assert_eq!(records(&desk, "").len(), 70, "{read}");
}

/// Two folders of one name, names that are no text: every record has an identifier of its own and leads
/// back to its own bytes.
#[test]
fn files_of_one_name_are_told_apart() {
    let desk = desk_with(&[("phone/DCIM/a.bin", b"of the phone"), ("card/DCIM/a.bin", b"of the card")]);
    desk.run(
        "secure case bring/phone/DCIM bring/card/DCIM --source invented --gate no --signing-key-file me.key",
    )
    .done();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        fs::create_dir(desk.at("bytes")).unwrap();
        for byte in [0xfe, 0xff] {
            let name = [b"name", &[byte][..]].concat();
            fs::write(desk.at("bytes").join(std::ffi::OsStr::from_bytes(&name)), [byte; 3]).unwrap();
        }
        desk.run("secure case bytes --source invented --gate no --signing-key-file me.key").done();
    }
    desk.json(&format!("read case {KEYS}"));
    let all = records(&desk, "");
    let ids: std::collections::BTreeSet<_> = all.iter().map(|record| record["id"].to_string()).collect();
    assert_eq!(ids.len(), all.len(), "{all:?}");
    let of = |file: &str, capsule: u64| {
        let found = all.iter().find(|record| record["file"][0] == file && record["capsule"] == capsule);
        let id = found.unwrap_or_else(|| panic!("{file}: {all:?}"))["id"].as_str().unwrap();
        desk.json(&format!("show case {id} {KEYS}"))
    };
    assert_eq!(of("DCIM/a.bin", 4)["original_text"], "of the phone");
    let second = of("DCIM (2)/a.bin", 4);
    assert_eq!((&second["original_text"], &second["leaf"]), (&"of the card".into(), &1.into()));
    #[cfg(unix)]
    assert_eq!(of("bytes/name\u{fffd}ff", 6)["leaf"], 1);
}

/// One message that is longer than the pipe takes, between others.
#[test]
fn a_record_too_long_costs_itself() {
    let long = "erfunden ".repeat(2 << 20);
    let chat = format!(
        "18.03.22, 14:56 - Amsel: eins\n18.03.22, 14:57 - Falke: {long}\n18.03.22, 14:58 - Amsel: drei\n"
    );
    let desk = desk_with(&[("WhatsApp Chat mit Falke.txt", chat.as_bytes())]);
    let read = desk.json(&format!("read case {KEYS}"));
    assert_eq!((&read["workers_ended"], &read["problem_kinds"]["limit"]), (&0.into(), &1.into()), "{read}");
    assert_eq!(records(&desk, "--kind message").len(), 2, "{read}");
}

/// Killed in the middle of reading: what was there is there.
#[test]
fn a_crash_leaves_the_old_index() {
    let desk = desk_with(&[("WhatsApp Chat mit Falke.txt", CHAT.as_bytes())]);
    desk.run(&format!("read case {KEYS}")).done();
    let before = records(&desk, "");
    let mut long = Vec::new();
    for minute in 0..200_000 {
        let (hour, minute) = (minute / 60 % 24, minute % 60);
        writeln!(long, "19.03.22, {hour:02}:{minute:02} - Amsel: erfunden und lang genug").unwrap();
    }
    fs::remove_dir_all(desk.at("bring")).unwrap();
    fs::create_dir(desk.at("bring")).unwrap();
    fs::write(desk.at("bring/WhatsApp Chat mit Amsel.txt"), long).unwrap();
    desk.run("secure case bring --source invented --gate no --signing-key-file me.key").done();
    let words: Vec<String> = format!("read case {KEYS}").split(' ').map(str::to_owned).collect();
    for wait_ms in [30, 150, 600] {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut child = desk.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(wait_ms));
        drop(child.kill());
        child.wait().unwrap();
        let now = records(&desk, "");
        assert!(now == before || now.len() > before.len(), "killed after {wait_ms} ms");
    }
    desk.run(&format!("read case {KEYS}")).done();
    let found = desk.json(&format!("records case --find genug --most 5 {KEYS}"));
    assert_eq!(found["more"], true, "{found}");
    assert!(!desk.at("case/index.db.new").exists());
}

/// The system itself is asked: neither the program nor its worker touches the network.
#[test]
fn reading_opens_no_socket() {
    let desk = desk_with(&[("WhatsApp Chat mit Falke.txt", CHAT.as_bytes())]);
    let Some(network) = network::calls(&desk, &format!("read case {KEYS}"), "network") else { return };
    assert!(network.is_empty(), "{network:?}");
    let trace = fs::read_to_string(desk.at("trace")).unwrap();
    assert_eq!(trace.matches("execve(").count(), 2, "the program and its worker: {trace}");
}

/// Everything under the shared samples goes through, where it is there.
#[test]
fn the_shared_samples_are_read() {
    let shared = std::env::var("ASSERVAT_SHARED").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        std::path::PathBuf::from,
    );
    let samples = shared.join("data/messages");
    let Ok(folders) = fs::read_dir(&samples) else {
        eprintln!("skipped: no samples at {}", samples.display());
        return;
    };
    let mut folders: Vec<_> =
        folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    for folder in folders {
        let desk = DeskOfOne::with_case();
        let path = folder.to_str().unwrap();
        desk.run_words(&[
            "secure",
            "case",
            path,
            "--source",
            "samples",
            "--gate",
            "no",
            "--signing-key-file",
            "me.key",
        ])
        .done();
        let read = desk.json(&format!("read case {KEYS}"));
        assert_eq!(read["workers_ended"], 0, "{path}: {read}");
        assert!(read["records"].as_u64().unwrap() > 0, "{path}: {read}");
    }
}
