//! `msgstore.db` of a real phone and one written down by hand, both public.

use model::record::{AttachmentState, Inside, Message, Place, ProblemKind, State, What};
use readers::Options;

use crate::honesty;
use crate::reading::{Read, database_of, read_files, sample};

fn messages(read: &Read) -> Vec<(&Place, &Message)> {
    let records = read.kept.records.iter();
    records
        .filter_map(|record| match &record.what {
            What::Message(message) => Some((&record.place, message.as_ref())),
            _ => None,
        })
        .collect()
}

/// Both tables: 10 rows in the old one, 1 in the new one, and in each the first is the program's own.
#[test]
fn a_database_of_the_transition_is_not_doubled() {
    let Some(bytes) = sample("wa-crypt-tools/res/msgstore.db") else { return };
    let read = read_files(vec![("msgstore.db".to_owned(), bytes)], &[], &Options::default());
    honesty::check(&read, "wa-crypt-tools");
    let counted = |part: &str| {
        let counted = read.kept.counted.iter().find(|counted| counted.part == part).unwrap();
        (counted.in_source, counted.records, counted.continuations, counted.system, counted.problems)
    };
    assert_eq!(counted("messages"), (10, 9, 0, 1, 0));
    assert_eq!(counted("message"), (1, 0, 0, 1, 0));
    assert_eq!(counted("message_media"), (2, 0, 2, 0, 0));
    assert_eq!(counted("chat"), (8, 8, 0, 0, 0));
    let messages = messages(&read);
    assert_eq!(messages.len(), 9);
    assert!(messages.iter().all(|(_, message)| message.chat.id == "status@broadcast"));
    assert!(messages.iter().all(|(_, message)| message.attachments.len() == 1));
    assert!(messages.iter().all(|(_, message)| message.sent.as_ref().unwrap().first_ms.is_none()));
    let gaps = read.kept.problems.iter().filter(|problem| problem.kind == ProblemKind::Gap);
    assert_eq!(gaps.map(|gap| gap.units).sum::<u64>(), 5 + 1 + 1);
    assert!(read.kept.problems.iter().all(|problem| problem.kind != ProblemKind::NotUnderstood));
}

/// 4 messages in 2 chats: edit 1, deleted 1, quoted 1, place 1.
#[test]
fn a_database_written_down_by_hand() {
    let folder = "chat-history-manager-rust/test/whatsapp-android_2023-10";
    let (Some(store), Some(contacts)) =
        (sample(&format!("{folder}/msgstore.sql")), sample(&format!("{folder}/wa.sql")))
    else {
        return;
    };
    let made = |bytes| database_of(&String::from_utf8(bytes).unwrap());
    let files = vec![("msgstore.db".to_owned(), made(store)), ("wa.db".to_owned(), made(contacts))];
    let read = read_files(files, &[], &Options::default());
    honesty::check(&read, folder);
    let messages = messages(&read);
    assert_eq!(messages.len(), 4);
    let with = |state: &State| messages.iter().filter(|(_, message)| message.states.contains(state)).count();
    assert_eq!((with(&State::Edited), with(&State::DeletedByOwner), with(&State::Forwarded)), (1, 1, 1));
    assert_eq!(messages.iter().filter(|(_, message)| message.quoted.is_some()).count(), 1);
    let live = |(_, message): &&(&Place, &Message)| {
        matches!(message.inside.as_slice(), [Inside::Location { live: true, point: Some(_), .. }])
    };
    assert_eq!(messages.iter().filter(live).count(), 1);
    let mut chats: Vec<&str> = messages.iter().map(|(_, message)| message.chat.id.as_str()).collect();
    chats.dedup();
    assert_eq!(chats, ["100000000000000001@g.us", "11111@s.whatsapp.net"]);
    assert!(messages.iter().all(|(_, message)| {
        message.attachments.iter().all(|attachment| attachment.state != AttachmentState::Present)
    }));
}
