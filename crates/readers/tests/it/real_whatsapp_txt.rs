//! WhatsApp exports of real phones, where they lie beside the repository: counts that are known.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::fs;
use std::path::{Path, PathBuf};

use model::record::{Direction, Message, What};
use readers::Options;

use crate::honesty;
use crate::reading::{Read, read_files};

/// Where the real files lie, if they do.
fn shared() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let root = std::env::var_os("ASSERVAT_SHARED").map_or_else(beside, PathBuf::from);
    let folder = root.join("data/messages");
    if !folder.is_dir() {
        eprintln!("skipped: no real files beside the repository");
        return None;
    }
    Some(folder)
}

fn read(path: &Path) -> Option<Read> {
    let bytes = fs::read(path).ok()?;
    let name = path.file_name()?.to_str()?.to_owned();
    let read = read_files(vec![(name.clone(), bytes)], &[], &Options::default());
    honesty::check(&read, &name);
    assert_eq!(read.units[0].0, "whatsapp_txt", "{name}");
    Some(read)
}

fn messages(read: &Read) -> Vec<&Message> {
    let messages = read.kept.records.iter().map(|record| match &record.what {
        What::Message(message) => &**message,
        other => panic!("{}", other.word()),
    });
    messages.collect()
}

#[test]
fn exports_of_many_languages_have_all_their_messages() {
    let Some(folder) = shared() else { return };
    let known = [
        ("arabic_ios", 23),
        ("arabic2_ios", 23),
        ("czech_ios", 23),
        ("deutch_ios", 23),
        ("english_ios", 23),
        ("english_ios_media", 25),
        ("french_ios", 23),
        ("hindi_ios", 23),
        ("indonesian_ios", 23),
        ("italian_ios", 23),
        ("japanese_ios", 23),
        ("portugal_ios", 23),
        ("russian_ios", 23),
        ("spanish_ios", 23),
        ("thai_ios", 23),
        ("ukrainian_ios", 23),
        ("vietnamese_ios", 23),
        ("czech_android", 60),
        ("english_android", 60),
        ("english_android_media", 60),
        ("russian_android", 60),
        ("deutch_android_media", 41),
    ];
    let mut found = 0;
    for (name, count) in known {
        let path = folder.join("whats_json/languages").join(format!("{name}.txt"));
        let Some(read) = read(&path) else { continue };
        found += 1;
        let messages = messages(&read);
        assert_eq!(messages.len(), count, "{name}");
        let system = messages.iter().filter(|message| message.direction == Direction::System).count();
        assert_eq!(system, 1, "{name}: the notice of encryption");
        let at = |message: &Message| {
            message.sent.as_ref().and_then(|time| time.first_ms.zip(Some(time.second_ms)))
        };
        assert!(
            messages.iter().all(|message| at(message).is_some_and(|(_, second)| second.is_none())),
            "{name}"
        );
        if name.ends_with("_ios") {
            let notice = messages[0].sent.as_ref().and_then(|time| time.first_ms).unwrap();
            // 2022-03-18 14:56, some a second later.
            assert!((1_647_615_360_000..=1_647_615_361_000).contains(&notice), "{name}: {notice}");
        }
        let doubtful = read.kept.records.iter().filter(|record| format!("{record:?}").contains("Doubtful"));
        let nulls = messages.iter().filter(|message| message.text.as_deref() == Some("null")).count();
        assert_eq!(doubtful.count(), nulls, "{name}");
        assert_eq!(read.kept.problems, [], "{name}");
    }
    assert!(found > 5, "only {found} files");
}

#[test]
fn calendars_give_the_same_days() {
    let Some(folder) = shared() else { return };
    let folder = folder.join("whats_json/calendars");
    let times = |name: &str| -> Option<Vec<Option<i64>>> {
        let read = read(&folder.join(name))?;
        Some(
            messages(&read)
                .iter()
                .map(|message| message.sent.as_ref().and_then(|time| time.first_ms))
                .collect(),
        )
    };
    let Some(expected) = times("Gregorian iOS.txt") else { return };
    for name in ["Buddhist iOS.txt", "Japanese iOS.txt"] {
        if let Some(found) = times(name) {
            // Phones differ by a second in how they round.
            for (left, right) in found.iter().zip(&expected) {
                assert!((left.unwrap() - right.unwrap()).abs() <= 1000, "{name}");
            }
        }
    }
}

#[test]
fn a_chat_of_all_sorts_of_messages() {
    let Some(folder) = shared() else { return };
    let Some(read) = read(&folder.join("timelinize/whatsapp/_chat.txt")) else { return };
    let messages = messages(&read);
    assert_eq!(messages.len(), 19);
    let all = format!("{messages:?}");
    assert_eq!(all.matches("Poll {").count(), 2);
    assert_eq!(all.matches("Location {").count(), 2);
    assert_eq!(all.matches("Call {").count(), 2);
    assert_eq!(all.matches("Edited").count(), 1);
}
