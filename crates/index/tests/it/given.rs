//! What tests are made of. All people, numbers and chats are invented.

use std::path::{Path, PathBuf};

use index::{Builder, FileLine, Index, IndexKey, Stats};
use model::record::{
    Attachment, Call, ChatKind, ChatRef, Direction, FileNumber, MediaKind, Message, Party, Place, Record,
    TimeReading, What,
};
use model::{Digest, EntryNumber};

pub(crate) fn key() -> IndexKey {
    IndexKey::new([7; 32].into())
}

pub(crate) fn party(name: &str, id: &str) -> Party {
    Party { id: Some(id.to_owned()), name: Some(name.to_owned()) }
}

/// A message of `Mia Beispiel` in the chat `Fahrt`.
pub(crate) fn message(row: i64, ms: Option<i64>, text: &str) -> Record {
    let message = Message {
        app: "whatsapp".to_owned(),
        chat: ChatRef {
            id: "chat-1".to_owned(),
            name: Some("Fahrt nach Köln".to_owned()),
            kind: ChatKind::Group,
        },
        direction: Direction::Incoming,
        sender: Some(party("Mia Beispiel", "+49 171 3920011")),
        sent: ms.map(TimeReading::unix_ms),
        text: Some(text.to_owned()),
        ..Message::default()
    };
    record(row, What::Message(Box::new(message)))
}

pub(crate) fn with_picture(row: i64, name: &str) -> Record {
    let mut record = message(row, Some(row), "Bild");
    if let What::Message(message) = &mut record.what {
        let name = Some(name.to_owned());
        let kind = MediaKind::Picture;
        message.attachments.push(Attachment {
            kind,
            name,
            file: Some(FileNumber(1)),
            ..Attachment::default()
        });
    }
    record
}

pub(crate) fn call(row: i64, ms: i64, name: &str) -> Record {
    let call = Call {
        app: "phone".to_owned(),
        others: vec![party(name, "+44 7700 900123")],
        began: Some(TimeReading::unix_ms(ms)),
        ..Call::default()
    };
    record(row, What::Call(Box::new(call)))
}

pub(crate) fn record(row: i64, what: What) -> Record {
    Record { file: FileNumber(0), place: Place::row("message", row), part: 0, what }
}

pub(crate) fn file(number: u32, name: &str, reader: Option<&str>) -> FileLine {
    FileLine {
        number: FileNumber(number),
        steps: vec![name.to_owned()],
        leaf: u64::from(number),
        size_bytes: 1000,
        reader: reader.map(|reader| (reader.to_owned(), 1)),
    }
}

/// Puts a capsule with two files and these records in.
pub(crate) fn add(builder: &mut Builder, capsule: u64, records: &[Record]) {
    let digest = Digest([u8::try_from(capsule).unwrap(); 32]);
    builder.capsule(EntryNumber(capsule), digest).unwrap();
    builder.file(&file(0, "msgstore.db", Some("whatsapp_android"))).unwrap();
    builder.file(&file(1, "Übergabe.jpg", None)).unwrap();
    for record in records {
        builder.record(record).unwrap();
    }
}

pub(crate) fn built_at(path: &Path, records: &[Record]) -> Stats {
    let mut builder = Builder::create(path, &key()).unwrap();
    add(&mut builder, 3, records);
    builder.finish().unwrap()
}

/// An index in a folder of its own.
pub(crate) struct Built {
    pub(crate) index: Index,
    pub(crate) path: PathBuf,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn built(records: &[Record]) -> Built {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index.db.new");
    built_at(&path, records);
    Built { index: Index::open(&path, &key()).unwrap(), path, folder }
}
