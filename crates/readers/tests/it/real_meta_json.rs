//! Sample exports of other projects, and what is too large for a fixture.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use model::record::{Message, ProblemKind, What};
use readers::Options;

use crate::honesty;
use crate::reading::{Read, files_of, read_files};

/// The folder of sample data; none if it is not here.
pub(crate) fn samples(folder: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ASSERVAT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("data/messages").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    #[expect(clippy::print_stdout, reason = "says what is not tested here")]
    {
        println!("skipped: no {folder}");
    }
    None
}

pub(crate) fn messages(read: &Read) -> Vec<&Message> {
    let messages = read.kept.records.iter().filter_map(|record| match &record.what {
        What::Message(message) => Some(message.as_ref()),
        _ => None,
    });
    messages.collect()
}

fn read(folder: &str) -> Option<Read> {
    let path = samples(&format!("msgvault/fbmessenger/testdata/{folder}"))?;
    let read = read_files(files_of(&path), &[], &Options::default());
    honesty::check(&read, folder);
    Some(read)
}

#[test]
fn the_samples_of_msgvault() {
    for (folder, count) in [("json_simple", 4), ("json_group", 3), ("e2ee_simple", 6), ("corrupt", 1)] {
        let Some(read) = read(folder) else { return };
        let messages = messages(&read);
        assert_eq!(messages.len(), count, "{folder}");
        assert!(messages.iter().all(|message| message.sent.is_some() && message.sender.is_some()));
        let times: Vec<_> =
            messages.iter().map(|m| (&m.chat.id, m.sent.as_ref().unwrap().first_ms)).collect();
        assert!(times.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].1 <= pair[1].1), "{folder}");
        let problems = read.kept.problems.len();
        assert_eq!(problems > 0, folder == "corrupt", "{folder}: {:?}", read.kept.problems);
    }
    let Some(read) = read("e2ee_simple") else { return };
    let texts: Vec<_> = messages(&read).iter().filter_map(|message| message.text.clone()).collect();
    assert!(texts.contains(&"café time?".to_owned()), "{texts:?}");
    assert!(messages(&read).iter().any(|m| m.attachments.iter().any(|a| a.file.is_some())));
}

/// A text of ten megabytes, and a thread of two hundred thousand messages, invented.
#[test]
fn large_texts_and_long_threads() {
    let long = "ein langer Text ".repeat(10 << 16);
    let mut thread = r#"{"participants":[{"name":"A"},{"name":"B"}],"messages":["#.to_owned();
    for at in (0..200_000).rev() {
        write!(
            thread,
            r#"{{"sender_name":"A","timestamp_ms":{},"content":"x"}},"#,
            1_600_000_000_000_u64 + at
        )
        .unwrap();
    }
    write!(thread, r#"{{"sender_name":"B","timestamp_ms":1500000000000,"content":"{long}"}}],"title":"B"}}"#)
        .unwrap();
    let files = vec![("messages/inbox/b_1/message_1.json".to_owned(), thread.into_bytes())];
    let read = read_files(files, &[], &Options::default());
    honesty::check(&read, "a long thread");
    let messages = messages(&read);
    assert_eq!(messages.len(), 200_001);
    assert_eq!(messages[0].text.as_deref().map(str::len), Some(long.len()));
    assert!(read.kept.problems.is_empty());
}

#[test]
fn a_million_broken_messages_cost_no_more_than_they_are() {
    let thread = format!(r#"{{"messages":[{}]}}"#, r#"{"sender_name":"A" "x},"#.repeat(200_000));
    let files = vec![("messages/inbox/b_1/message_1.json".to_owned(), thread.into_bytes())];
    let read = read_files(files, &[], &Options::default());
    honesty::check(&read, "broken messages");
    assert!(read.kept.problems.iter().any(|problem| problem.kind == ProblemKind::Damaged));
}
