//! Links in messages: in the databases of messengers, and through the readers.

use check::{Kept, Question, TraceKind, Wholly};
use model::record::ProblemKind;

use crate::databases::{attributed, database, database_of};
use crate::together::{looked, said_of, signs, traces};

fn links(kept: &Kept) -> Vec<&str> {
    traces(kept, TraceKind::Link)
}

const SMS: &str =
    "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT, attributedBody BLOB, subject TEXT,
        payload_data BLOB, message_summary_info BLOB, handle_id INTEGER, date INTEGER, is_from_me INTEGER);
    CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);
    CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, filename TEXT, transfer_name TEXT,
        created_date INTEGER, is_outgoing INTEGER);";

fn sms() -> Vec<u8> {
    database(|connection| {
        connection.execute_batch(SMS).unwrap();
        let add =
            "INSERT INTO message (text, attributedBody, subject, payload_data, handle_id, date, is_from_me)
            VALUES (?, ?, ?, ?, 1, 700000000000000000, ?)";
        let none: Option<Vec<u8>> = None;
        let body = |text: &str| Some(attributed(text));
        let long = format!("{} https://long.example/x", "ü".repeat(300));
        let rows = [
            (Some("Dein Paket: http://pakete.example/abc."), None, None, none.clone()),
            (None, body("Siehe www.only-body.example heute"), None, none.clone()),
            (None, body(&long), Some("re: https://subject.example"), none.clone()),
            (Some("no link"), body("no link http://other-target.example/"), None, none.clone()),
            (Some("x"), None, None, Some(b"bplist00\x5fhttps://preview.example/p\x08".to_vec())),
            (Some("ALERT: State-sponsored attackers may be targeting your iPhone"), None, None, none.clone()),
        ];
        for (text, body, subject, payload) in rows {
            connection.execute(add, rusqlite::params![text, body, subject, payload, 0]).unwrap();
        }
        let own = "alert: state-sponsored attackers may be targeting your iPhone, look";
        connection.execute(add, rusqlite::params![own, none, none, none, 1]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO handle VALUES (1, 'alerts@example.com');
            INSERT INTO attachment VALUES (1, '/var/tmp/x/abc.gif-1', 'abc.gif', 700000000000000000, 0),
                (2, '~/Library/SMS/Attachments/00/00/a/b.jpg', 'b.jpg', 0, 0), (3, '/var/tmp/q-1', 'q', 0, \
                1);",
            )
            .unwrap();
    })
}

#[test]
fn messages_of_an_iphone() {
    let kept = said_of(vec![("HomeDomain/Library/SMS/sms.db", sms())]);
    assert_eq!(
        links(&kept),
        [
            "http://pakete.example/abc",
            "www.only-body.example",
            "https://long.example/x",
            "https://subject.example",
            "http://other-target.example/",
            "https://preview.example/p",
        ]
    );
    assert_eq!(signs(&kept, "apple-warning-message"), ["alerts@example.com"]);
    assert_eq!(signs(&kept, "attachment-odd-path"), ["/var/tmp/x/abc.gif-1"]);
    assert!(traces(&kept, TraceKind::Path).contains(&"b.jpg"));
    assert_eq!(looked(&kept, Question::MessageLinks), Some((Wholly::Yes, 10)));
    assert_eq!(kept.problems, []);
}

#[test]
fn a_damaged_database_gives_the_rest_and_says_so() {
    let whole = sms();
    for length in (0..whole.len()).step_by(997) {
        let kept = said_of(vec![("sms.db", whole[..length].to_vec())]);
        let is_whole = looked(&kept, Question::MessageLinks).is_some_and(|(wholly, _)| wholly == Wholly::Yes);
        assert!(!is_whole, "{length}");
    }
    for at in (0..whole.len()).step_by(61) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        said_of(vec![("sms.db", damaged)]);
    }
    let kept = said_of(vec![("sms.db", database_of("CREATE TABLE other (a);"))]);
    assert_eq!(kept.problems[0].kind, ProblemKind::NotUnderstood);
    assert_eq!(looked(&kept, Question::MessageLinks), None);
}

#[test]
fn long_and_odd_texts_stay_bounded() {
    let texts = ["http://a.example/(", "www.", "a.b/", ".", "http://", "("];
    let kept = said_of(vec![(
        "sms.db",
        database(|connection| {
            connection.execute_batch(SMS).unwrap();
            for text in texts {
                let text = text.repeat(1_000_000 / text.len());
                let add = "INSERT INTO message (text, attributedBody) VALUES (?, ?)";
                connection.execute(add, rusqlite::params![text, text.as_bytes()]).unwrap();
            }
        }),
    )]);
    assert_eq!(looked(&kept, Question::MessageLinks), Some((Wholly::Yes, 6)));
}

#[test]
fn messages_of_messengers() {
    let kept = said_of(vec![
        (
            "AppDomainGroup-group.net.whatsapp.WhatsApp.shared/ChatStorage.sqlite",
            database_of(
                "CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZTEXT TEXT, ZMESSAGEDATE REAL);
                 CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZTITLE TEXT, ZMEDIALOCALPATH TEXT);
                 INSERT INTO ZWAMESSAGE VALUES (1, 'https://wa.example/1', 700000000.5);
                 INSERT INTO ZWAMEDIAITEM VALUES (1, 'bild https://wa.example/2', 'Media/a.jpg');",
            ),
        ),
        (
            "databases/msgstore.db",
            database_of(
                "CREATE TABLE message (_id INTEGER PRIMARY KEY, text_data TEXT, timestamp INTEGER);
                 INSERT INTO message VALUES (1, 'https://wa.example/3', 1760000000000);",
            ),
        ),
        (
            "databases/mmssms.db",
            database_of(
                "CREATE TABLE sms (_id INTEGER PRIMARY KEY, body TEXT, date INTEGER);
                 CREATE TABLE part (_id INTEGER PRIMARY KEY, text TEXT);
                 INSERT INTO sms VALUES (1, 'bit.example/abc oder evil.example/x', 1760000000000);
                 INSERT INTO part VALUES (1, 'http://mms.example');",
            ),
        ),
    ]);
    assert_eq!(
        links(&kept),
        [
            "https://wa.example/1",
            "https://wa.example/2",
            "bit.example/abc",
            "evil.example/x",
            "http://mms.example",
            "https://wa.example/3",
        ]
    );
    assert_eq!(traces(&kept, TraceKind::Path), ["Media/a.jpg"]);
}

#[test]
fn chats_and_mails_go_through_the_readers() {
    let chat = "01.02.24, 10:00 - Anna: Schau https://chat.example/x\n01.02.24, 10:01 - Ben: nein\n";
    let mail = "From: a@example.com\r\nTo: b@example.com\r\nDate: Thu, 1 Feb 2024 10:00:00 +0000\r\n\
                Subject: Hallo\r\nMessage-ID: <1@example.com>\r\nContent-Type: text/plain\r\n\r\n\
                Bitte https://mail.example/y\r\n";
    let kept = said_of(vec![
        ("WhatsApp Chat mit Anna/WhatsApp Chat mit Anna.txt", chat.into()),
        ("mails/eins.eml", mail.into()),
    ]);
    let texts = traces(&kept, TraceKind::Text);
    assert!(texts.contains(&"Schau https://chat.example/x"), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("https://mail.example/y")), "{texts:?}");
    assert!(looked(&kept, Question::MessageLinks).is_some_and(|(_, entries)| entries >= 3));
}
