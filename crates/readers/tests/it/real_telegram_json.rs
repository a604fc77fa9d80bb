//! Sample exports of chat-history-manager, and what is too large for a fixture.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::record::{AttachmentState, State, What};
use readers::Options;

use crate::honesty;
use crate::reading::{files_of, read_files};
use crate::real_meta_json::{messages, samples};

#[test]
fn the_samples_of_chat_history_manager() {
    let counts = [
        ("telegram_2020-01", 50),
        ("telegram_2021-06_supergroup", 4),
        ("telegram_2023-08", 2),
        ("telegram_2024-01", 2),
    ];
    for (folder, count) in counts {
        let Some(path) = samples(&format!("chat-history-manager-rust/test/{folder}")) else { return };
        let read = read_files(files_of(&path), &[], &Options::default());
        honesty::check(&read, folder);
        assert!(read.kept.problems.is_empty(), "{folder}: {:?}", read.kept.problems);
        let messages = messages(&read);
        assert_eq!(messages.len(), count, "{folder}");
        assert!(messages.iter().all(|message| message.sent.is_some() && message.sender.is_some()));
        if folder != "telegram_2020-01" {
            continue;
        }
        let mut chats: BTreeMap<&str, usize> = BTreeMap::new();
        for message in &messages {
            *chats.entry(message.chat.id.as_str()).or_default() += 1;
        }
        let mut sizes: Vec<usize> = chats.into_values().collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [2, 5, 12, 31]);
        let attachments = || messages.iter().flat_map(|message| &message.attachments);
        assert!(attachments().any(|file| file.state == AttachmentState::Present));
        assert!(attachments().any(|file| file.state == AttachmentState::LeftOut));
        let edited = messages.iter().filter(|message| message.states.contains(&State::Edited)).count();
        assert!(edited < messages.len() / 2, "{edited} edited");
        let contacts = read.kept.records.iter().filter(|record| matches!(record.what, What::Contact(_)));
        // Six of the account, two cards beside messages.
        assert_eq!(contacts.count(), 8);
    }
}

/// A text of ten megabytes, and a chat of a hundred thousand messages, invented.
#[test]
fn large_texts_and_long_chats() {
    let long = "ein langer Text ".repeat(10 << 16);
    let mut chat = r#"{"name":"Lang","type":"personal_chat","id":7,"messages":["#.to_owned();
    for at in 0..100_000 {
        write!(
            chat,
            concat!(
                r#"{{"id":{},"type":"message","date":"2023-01-01T00:00:00","#,
                r#""from":"A","from_id":"user7","text":"x"}},"#
            ),
            at
        )
        .unwrap();
    }
    write!(chat, r#"{{"id":100000,"type":"message","text":["{long}",{{"type":"bold","text":"!"}}]}}]}}"#)
        .unwrap();
    let read = read_files(vec![("result.json".to_owned(), chat.into_bytes())], &[], &Options::default());
    honesty::check(&read, "a long chat");
    let messages = messages(&read);
    assert_eq!(messages.len(), 100_001);
    assert_eq!(messages[100_000].text.as_deref().map(str::len), Some(long.len() + 1));
    assert!(read.kept.problems.is_empty());
}
