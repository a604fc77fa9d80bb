//! WhatsApp's databases of a real phone with iOS 15, public as test data of iLEAPP.

use std::io::{Cursor, Read as _};

use model::record::{
    AttachmentState, Call, CallOutcome, Contact, Direction, Inside, Message, ProblemKind, What,
};
use readers::Options;

use crate::honesty;
use crate::reading::{Read, read_files, sample};

/// What is in the archives, unpacked in memory.
fn unpacked(names: &[&str]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for name in names {
        let bytes = sample(&format!("iLEAPP/whatsApp/testdata.whatsApp.{name}.josh_ios15_ffs.zip"))?;
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let (path, mut content) = (file.name().unwrap().into_owned(), Vec::new());
            file.read_to_end(&mut content).unwrap();
            if !files.iter().any(|(known, _)| *known == path) {
                files.push((path, content));
            }
        }
    }
    Some(files)
}

fn messages(read: &Read) -> Vec<&Message> {
    let records = read.kept.records.iter();
    records
        .filter_map(|record| match &record.what {
            What::Message(message) => Some(message.as_ref()),
            _ => None,
        })
        .collect()
}

#[test]
fn messages_of_a_phone() {
    let Some(files) = unpacked(&["whatsAppMessages", "whatsAppContacts"]) else { return };
    let read = read_files(files, &[], &Options::default());
    honesty::check(&read, "josh_ios15");
    let messages = messages(&read);
    assert_eq!(messages.len(), 32);
    let mut chats: Vec<&str> = messages.iter().map(|message| message.chat.id.as_str()).collect();
    chats.sort_unstable();
    chats.dedup();
    assert_eq!(chats.len(), 5);
    let of_type = |number: &str| {
        let is = |message: &&&Message| {
            message.extra.iter().any(|(name, value)| name == "ZMESSAGETYPE" && value == number)
        };
        messages.iter().filter(is).count()
    };
    assert_eq!(["1", "5", "6", "10"].map(of_type), [2, 4, 6, 5]);
    let placed = |message: &&&Message| {
        message.inside.iter().any(|inside| matches!(inside, Inside::Location { point: Some(_), .. }))
    };
    assert_eq!(messages.iter().filter(placed).count(), 4);
    let system = messages.iter().filter(|message| message.direction == Direction::System).count();
    assert_eq!(system, 11);
    assert!(messages.iter().all(|message| message.sent.as_ref().unwrap().first_ms.is_some()));
    let named = |message: &&&Message| {
        let sender = message.sender.as_ref();
        sender.is_some_and(|sender| sender.name.as_deref() == Some("This Is DFIR Two"))
    };
    assert!(messages.iter().filter(named).count() >= 9);

    // The answer to the message with the reaction.
    let quoted: Vec<_> = messages.iter().filter_map(|message| message.quoted.as_ref()).collect();
    let reacted: Vec<_> = messages.iter().filter(|message| !message.reactions.is_empty()).collect();
    assert_eq!((quoted.len(), reacted.len()), (1, 1));
    assert_eq!(quoted[0].id, reacted[0].id);
    assert!(reacted[0].text.as_deref().unwrap().starts_with(quoted[0].text.as_deref().unwrap().trim_end()));
    assert_eq!(reacted[0].reactions[0].sign, "👍");
    let pictures = messages.iter().flat_map(|message| &message.attachments);
    assert!(pictures.clone().all(|picture| picture.state == AttachmentState::NotFound));
    assert_eq!(pictures.count(), 2);

    let gaps: Vec<_> = read.kept.problems.iter().filter(|problem| problem.kind == ProblemKind::Gap).collect();
    assert!(gaps.iter().any(|gap| gap.place.to_string() == "row ZWAMESSAGE 27" && gap.units == 1));
    let wrong = [ProblemKind::NotUnderstood, ProblemKind::Damaged];
    assert!(read.kept.problems.iter().all(|problem| !wrong.contains(&problem.kind)));
}

#[test]
fn calls_and_contacts_of_a_phone() {
    let Some(files) = unpacked(&["whatsAppCallHistory"]) else { return };
    let read = read_files(files, &[], &Options::default());
    honesty::check(&read, "josh_ios15 calls");
    let calls: Vec<&Call> = read
        .kept
        .records
        .iter()
        .filter_map(|record| match &record.what {
            What::Call(call) => Some(call.as_ref()),
            _ => None,
        })
        .collect();
    let directions: Vec<Direction> = calls.iter().map(|call| call.direction).collect();
    let (out, inward) = (Direction::Outgoing, Direction::Incoming);
    assert_eq!(directions, [out, inward, out, inward]);
    let seconds: Vec<u64> = calls.iter().filter_map(|call| call.duration_seconds).collect();
    assert_eq!(seconds, [95, 100, 104, 103]);
    assert!(calls.iter().all(|call| call.outcome == CallOutcome::Answered));
    assert!(calls.iter().all(|call| call.others[0].name.as_deref() == Some("This Is DFIR Two")));
    let contacts: Vec<&Contact> = read
        .kept
        .records
        .iter()
        .filter_map(|record| match &record.what {
            What::Contact(contact) => Some(contact.as_ref()),
            _ => None,
        })
        .collect();
    assert_eq!(contacts.len(), 9);
}
