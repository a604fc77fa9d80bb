//! A real `chat.db` of 2015/16 (plaso's test data): ten messages are left, 226 were deleted.

use model::record::{Direction, Place, ProblemKind, What};
use readers::Options;

use crate::honesty;
use crate::reading::{Read, read_files};

/// A file of the shared test data under the name it is read by; none if the data are not here.
#[expect(clippy::print_stderr, reason = "a test says that it was skipped")]
pub(crate) fn shared(path: &str, name: &str) -> Option<Read> {
    let shared = std::env::var("ASSERVAT_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let path = format!("{shared}/data/messages/{path}");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("skipped: {path} is not there");
        return None;
    };
    let read = read_files(vec![(name.to_owned(), bytes)], &[], &Options::default());
    honesty::check(&read, &path);
    Some(read)
}

#[test]
fn messages_of_2015_and_what_is_left_of_the_deleted_ones() {
    let Some(read) = shared("plaso/test_data/sqlite/imessage_chat.db", "chat.db") else { return };
    let messages: Vec<_> = read
        .kept
        .records
        .iter()
        .filter_map(|record| if let What::Message(message) = &record.what { Some(message) } else { None })
        .collect();
    assert_eq!(messages.len(), 10);
    assert_eq!(messages[0].sent.as_ref().unwrap().first_ms, Some(1_448_215_786_000));
    assert_eq!(messages[0].sent.as_ref().unwrap().raw, "469908586");
    assert_eq!(messages[0].sender.as_ref().unwrap().id.as_deref(), Some("447775455555"));
    assert_eq!(messages[0].chat.id, "iMessage;-;+447775446518");
    let outgoing = messages.iter().filter(|message| message.direction == Direction::Outgoing).count();
    assert_eq!(outgoing, 5);
    assert!(messages.iter().all(|message| message.text.is_some()));
    let gone =
        read.kept.records.iter().filter(|record| record.place.to_string().contains("deleted_messages"));
    assert_eq!(gone.count(), 226);
    let gap = read.kept.problems.iter().find(|problem| problem.place == Place::row("message", 11)).unwrap();
    assert_eq!((gap.kind, gap.units), (ProblemKind::Gap, 226));
}
