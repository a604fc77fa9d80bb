//! Signal's formats on files that other programs wrote, where they are at hand.

use std::fs;
use std::path::PathBuf;

use model::record::{AttachmentState, Direction, Message, State, Unit, What};
use readers::Options;

use crate::honesty;
use crate::reading::{Read, read_files};

/// A folder of the samples; none if they are not here.
fn samples(folder: &str) -> Option<PathBuf> {
    let beside = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into();
    let shared: PathBuf = std::env::var_os("ASSERVAT_SHARED").map_or_else(beside, Into::into);
    let folder = shared.join("data/messages").join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stdout, reason = "a test says what it skips")]
    {
        println!("skipped: {} is not here", folder.display());
    }
    None
}

fn messages(read: &Read) -> Vec<&Message> {
    let whats = read.kept.records.iter().map(|record| &record.what);
    whats.filter_map(|what| if let What::Message(message) = what { Some(&**message) } else { None }).collect()
}

#[test]
fn five_hundred_messages_of_an_encrypted_backup() {
    let Some(folder) = samples("synthetic-signal") else { return };
    let bytes = fs::read(folder.join("signal-v1-hv0-500.backup")).unwrap();
    let files = vec![("signal.backup".to_owned(), bytes)];
    let read = read_files(files, &["12345 67890 12345 67890 12345 67890"], &Options::default());
    honesty::check(&read, "synthetic-signal");
    assert_eq!(read.kept.problems, []);
    let all = messages(&read);
    assert_eq!(all.len(), 500);
    let went = |direction| all.iter().filter(|message| message.direction == direction).count();
    assert_eq!((went(Direction::Incoming), went(Direction::Outgoing)), (259, 241));
    assert_eq!(all.iter().map(|message| message.reactions.len()).sum::<usize>(), 18);
    let deleted = all.iter().filter(|message| message.states.contains(&State::DeletedBySender));
    assert_eq!(deleted.count(), 3);
    let attachments: Vec<_> = all.iter().flat_map(|message| &message.attachments).collect();
    assert_eq!(attachments.len(), 15);
    assert!(attachments.iter().all(|attachment| attachment.state == AttachmentState::Present));
    let size = |attachment: &&model::record::Attachment| {
        read.tree.entry(attachment.file.unwrap()).unwrap().size_bytes()
    };
    assert_eq!(attachments.iter().map(size).sum::<u64>(), 38_449);
    assert!(all.iter().all(|message| message.chat.name.is_some() && message.sent.is_some()));
}

#[test]
fn the_canonical_backup_says_the_same_in_both_forms() {
    let Some(folder) = samples("libsignal/rust/message-backup/tests/res") else { return };
    let of = |name: &str| {
        let files = vec![(name.to_owned(), fs::read(folder.join(name)).unwrap())];
        let read = read_files(files, &[], &Options::default());
        honesty::check(&read, name);
        assert_eq!(read.kept.problems, []);
        read
    };
    let lines = of("canonical-backup.takeout-export.expected.jsonl");
    let proto = of("canonical-backup.binproto");
    assert_eq!(lines.units[0].0, "signal_takeout");
    assert_eq!(proto.units[0].0, "signal_proto");
    let whats = |read: &Read| read.kept.records.iter().map(|record| record.what.clone()).collect::<Vec<_>>();
    assert_eq!(whats(&lines), whats(&proto));
    // Account, story list and call link; header, owner and release notes are the program's own.
    for (read, unit) in [(&lines, Unit::Line), (&proto, Unit::Frame)] {
        let counted = &read.kept.counted[0];
        assert_eq!((counted.unit, counted.in_source), (unit, 6));
        assert_eq!((counted.records, counted.system), (3, 3));
    }
    let What::Account(account) = &lines.kept.records[0].what else { panic!("no account") };
    assert_eq!(account.names, ["Boba Fett"]);
}
