//! The same message from two sources is shown once, and nothing else is.

use std::collections::BTreeSet;

use index::{Builder, Doubles, Filter, Index, TimeRange};
use model::record::{
    Attachment, ChatKind, ChatRef, Direction, FileNumber, Message, Party, Place, Precision, Record,
    TimeReading, What, Zone,
};
use model::{Digest, EntryNumber};
use proptest::prelude::*;

use crate::given::{file, key};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// 2023-11-14T22:13:20Z.
const START: i64 = 1_700_000_000_000;

/// A message of one source, before it is put in.
#[derive(Clone)]
struct Said {
    app: &'static str,
    chat: (&'static str, Option<&'static str>),
    direction: Direction,
    sent: TimeReading,
    text: String,
    attached: bool,
}

/// From a database: exact, in UTC, with numbers.
fn database(chat: &'static str, ms: i64, text: &str) -> Said {
    Said {
        app: "whatsapp",
        chat: (chat, Some("Mia")),
        direction: Direction::Incoming,
        sent: TimeReading::unix_ms(ms),
        text: text.to_owned(),
        attached: false,
    }
}

/// The same in a text export: a wall clock so many milliseconds ahead, to the minute, names only.
fn exported(said: &Said, ahead_ms: i64, name: Option<&'static str>) -> Said {
    let wall = said.sent.first_ms.map(|ms| (ms + ahead_ms).div_euclid(MINUTE) * MINUTE);
    Said {
        chat: ("", name),
        direction: Direction::Unknown,
        sent: TimeReading::wall("wall".to_owned(), wall, Precision::Minute),
        ..said.clone()
    }
}

fn record(row: i64, file: u32, said: &Said) -> Record {
    let (id, name) = said.chat;
    let message = Message {
        app: said.app.to_owned(),
        chat: ChatRef { id: id.to_owned(), name: name.map(str::to_owned), kind: ChatKind::Direct },
        direction: said.direction,
        sender: (said.direction != Direction::Outgoing).then(|| Party::named("Mia")),
        sent: Some(said.sent.clone()),
        text: Some(said.text.clone()),
        attachments: if said.attached { vec![Attachment::default()] } else { Vec::new() },
        ..Message::default()
    };
    let place = Place::row("message", row);
    Record { file: FileNumber(file), place, part: 0, what: What::Message(Box::new(message)) }
}

struct Built {
    index: Index,
    _folder: tempfile::TempDir,
}

/// Each source is a file of its own, two in a capsule.
fn built(sources: &[Vec<Said>]) -> Built {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let mut builder = Builder::create(&path, &key()).unwrap();
    for (at, source) in (0_u32..).zip(sources) {
        let capsule = u8::try_from(at / 2 + 1).unwrap();
        builder.capsule(EntryNumber(u64::from(capsule)), Digest([capsule; 32])).unwrap();
        builder.file(&file(at % 2, &format!("source {at}"), Some("reader"))).unwrap();
        for (row, said) in (0..).zip(source) {
            builder.record(&record(row, at % 2, said)).unwrap();
        }
    }
    builder.finish().unwrap();
    Built { index: Index::open(&path, &key()).unwrap(), _folder: folder }
}

impl Built {
    /// What is shown: the text, and from how many sources.
    fn shown(&self, filter: &Filter) -> Vec<(String, usize)> {
        let page = self.index.page(filter, None, 10_000).unwrap();
        let (mut by_one, mut after) = (Vec::new(), None);
        loop {
            let page = self.index.page(filter, after, 1).unwrap();
            by_one.extend(page.lines);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(page.lines, by_one);
        let lines = page.lines.iter();
        lines.map(|line| (text(line), 1 + self.index.twins(line.number).unwrap().len())).collect()
    }

    fn once(&self) -> Vec<(String, usize)> {
        self.shown(&Filter::default())
    }

    /// How many lines are hidden.
    fn hidden(&self) -> usize {
        let all = Filter { doubles: Doubles::All, ..Filter::default() };
        self.index.page(&all, None, 10_000).unwrap().lines.len() - self.once().len()
    }
}

fn text(line: &index::Line) -> String {
    match &line.record.what {
        What::Message(message) => message.text.clone().unwrap(),
        other => other.word().to_owned(),
    }
}

/// An ordinary conversation: texts that stand once, and `ok` in between.
fn conversation(chat: &'static str, many: i64) -> Vec<Said> {
    let texts = (0..many).map(|at| {
        let text = if at % 3 == 2 { "ok".to_owned() } else { format!("Nachricht in Worten {at}") };
        let direction = if at % 2 == 0 { Direction::Incoming } else { Direction::Outgoing };
        Said { direction, ..database(chat, START + at * 7 * MINUTE + at * at % 50 * 1000, &text) }
    });
    texts.collect()
}

fn exported_all(said: &[Said], ahead_ms: i64, name: Option<&'static str>) -> Vec<Said> {
    said.iter().map(|said| exported(said, ahead_ms, name)).collect()
}

#[test]
fn a_text_export_beside_the_database_in_any_zone() {
    let said = conversation("mia@wa", 12);
    // New York, London, Berlin, Kathmandu, Auckland.
    for ahead in [-5 * HOUR, 0, HOUR, 5 * HOUR + 45 * MINUTE, 13 * HOUR] {
        let built = built(&[said.clone(), exported_all(&said, ahead, Some("Freundin"))]);
        let once = built.once();
        assert_eq!(once.len(), 12, "{ahead}");
        assert!(once.iter().all(|(_, sources)| *sources == 2), "{ahead}: {once:?}");
        // The exact one stands for both.
        let lines = built.index.page(&Filter::default(), None, 100).unwrap().lines;
        assert!(lines.iter().all(|line| line.capsule == EntryNumber(1)), "{ahead}");
        assert!(lines.iter().all(|line| line.number.0 <= 12), "{ahead}");
    }
}

#[test]
fn a_difference_that_no_zone_has_makes_no_pair() {
    let said = conversation("mia@wa", 12);
    for ahead in [8 * MINUTE, 20 * HOUR, 30 * 24 * HOUR] {
        let built = built(&[said.clone(), exported_all(&said, ahead, Some("Mia"))]);
        assert_eq!(built.hidden(), 0, "{ahead}");
    }
}

#[test]
fn daylight_saving_has_two_differences() {
    let summer = conversation("mia@wa", 9);
    let winter: Vec<Said> = (0..9)
        .map(|at| database("mia@wa", START + 90 * 24 * HOUR + at * 7 * MINUTE, &format!("Winterlich {at}")))
        .collect();
    let mut export = exported_all(&summer, 2 * HOUR, None);
    export.extend(exported_all(&winter, HOUR, None));
    let built = built(&[[summer, winter].concat(), export]);
    assert_eq!((built.once().len(), built.hidden()), (18, 18));
}

#[test]
fn equal_messages_of_one_source_stay_as_many_as_they_are() {
    let mut said = conversation("mia@wa", 9);
    for seconds in [0, 20, 40] {
        said.push(database("mia@wa", START + 5 * HOUR + seconds * 1000, "ok"));
    }
    let built_alone = built(std::slice::from_ref(&said));
    assert_eq!(built_alone.hidden(), 0);
    // The export lacks one of the three within a minute.
    let mut export = exported_all(&said, HOUR, None);
    export.pop();
    let built = built(&[said, export]);
    let once = built.once();
    assert_eq!(once.len(), 12);
    let late: Vec<usize> = once.iter().rev().take(3).map(|(_, sources)| *sources).collect();
    assert_eq!(late.iter().sum::<usize>(), 5, "{late:?}");
}

#[test]
fn two_chats_with_the_same_texts_stay_two() {
    // The same five texts go to two people at the same time, beside what is said to each alone.
    let to = |chat: &'static str, seconds: i64| -> Vec<Said> {
        (0..5)
            .map(|at| {
                let said =
                    database(chat, START + at * HOUR + seconds * 1000, &format!("An alle: Nummer {at}"));
                Said { direction: Direction::Outgoing, chat: (chat, None), ..said }
            })
            .collect()
    };
    let alone = |chat: &'static str| -> Vec<Said> {
        let said = conversation(chat, 40).into_iter().map(move |said| {
            let text = format!("{} für {chat}", said.text);
            Said { text, chat: (chat, None), ..said }
        });
        said.collect()
    };
    let (mia, noa) =
        ([to("mia@wa", 1), alone("mia@wa")].concat(), [to("noa@wa", 2), alone("noa@wa")].concat());
    let both = [mia.clone(), noa.clone()].concat();
    // One file with both chats: nothing is hidden.
    assert_eq!(built(std::slice::from_ref(&both)).hidden(), 0);
    // One file for each chat: nothing is hidden either.
    assert_eq!(built(&[mia.clone(), noa.clone()]).hidden(), 0);
    // Nor if hardly anything else was said, for they are two numbers.
    let (one, other) = (to("491713920011@s.whatsapp.net", 1), to("447700900123@s.whatsapp.net", 2));
    assert_eq!(built(&[one, other]).hidden(), 0);
    // An export of one of them beside both: only its own is hidden.
    let built = built(&[both, exported_all(&noa, HOUR, None)]);
    assert_eq!(built.hidden(), noa.len());
    let lines = built.index.page(&Filter::default(), None, 1000).unwrap().lines;
    for line in lines.iter().filter(|line| !built.index.twins(line.number).unwrap().is_empty()) {
        let What::Message(message) = &line.record.what else { panic!("{line:?}") };
        assert_eq!(message.chat.id, "noa@wa");
    }
}

#[test]
fn chats_that_nothing_tells_apart_stay_apart() {
    let to = |chat: &'static str| -> Vec<Said> {
        let said = conversation("", 6).into_iter().map(move |said| Said { chat: (chat, None), ..said });
        said.collect()
    };
    let both = [to("mia@wa"), to("noa@wa")].concat();
    let export = exported_all(&to("mia@wa"), HOUR, None);
    assert_eq!(built(&[both, export]).hidden(), 0);
}

#[test]
fn days_and_months_that_can_be_read_in_two_ways() {
    let said = conversation("mia@wa", 10);
    let export: Vec<Said> = exported_all(&said, HOUR, Some("Mia"))
        .into_iter()
        .zip(0..)
        .map(|(mut said, at)| {
            let right = said.sent.first_ms;
            let wrong = right.map(|ms| ms - 200 * 24 * HOUR);
            let (first, second) = if at % 2 == 0 { (right, wrong) } else { (wrong, right) };
            said.sent = TimeReading::wall("10/11/23".to_owned(), first, Precision::Minute).or(second);
            said
        })
        .collect();
    let built = built(&[said, export]);
    assert_eq!((built.once().len(), built.hidden()), (10, 10));
}

#[test]
fn text_messages_from_two_backups() {
    let sms = |chat: &'static str, ms: i64, direction, text: &str| Said {
        app: "sms",
        chat: (chat, None),
        direction,
        ..database(chat, ms, text)
    };
    let seconds = |mut said: Said| {
        said.sent = TimeReading::unix_seconds(said.sent.first_ms.unwrap() / 1000);
        said
    };
    let one = vec![
        sms("+49 171 3920011", START + 123, Direction::Incoming, "Ihr Code lautet 4711"),
        sms("+49 171 3920011", START + HOUR, Direction::Outgoing, "Danke sehr"),
        sms("+44 7700 900123", START + 124, Direction::Incoming, "Ihr Code lautet 4711"),
    ];
    let mut other: Vec<Said> = one.iter().cloned().map(seconds).collect();
    // Another number, another direction, another picture.
    other.push(sms("+44 7700 900199", START + 123, Direction::Incoming, "Ihr Code lautet 4711"));
    let mut turned = seconds(sms("+49 171 3920011", START + 2 * HOUR, Direction::Incoming, "Hin und her"));
    other.push(turned.clone());
    turned.direction = Direction::Outgoing;
    let mut pictured = seconds(sms("+49 171 3920011", START + 3 * HOUR, Direction::Incoming, "Ein Bild"));
    other.push(pictured.clone());
    pictured.attached = true;
    for said in other.iter_mut().filter(|said| said.chat.0 == "+49 171 3920011") {
        said.chat.0 = "+491713920011";
    }
    let built = built(&[[one, vec![turned, pictured]].concat(), other]);
    assert_eq!(built.hidden(), 3, "{:?}", built.once());
    assert_eq!(built.once().iter().filter(|(_, sources)| *sources == 2).count(), 3);
}

#[test]
fn three_sources_and_filters_that_the_first_does_not_fit() {
    let said = conversation("mia@wa", 9);
    let sources =
        [exported_all(&said, HOUR, Some("Mia")), said.clone(), said.clone(), conversation("noa@wa", 0)];
    let built = built(&sources);
    let once = built.once();
    assert_eq!(once.len(), 9);
    assert!(once.iter().all(|(_, sources)| *sources == 3), "{once:?}");
    let of = |capsule: u64| {
        let filter = Filter { capsule: Some(EntryNumber(capsule)), ..Filter::default() };
        let lines = built.index.page(&filter, None, 100).unwrap().lines;
        lines.iter().map(|line| line.record.file.0).collect::<BTreeSet<_>>()
    };
    // In the first capsule the database (file 1) stands for the export; in the second it stands alone.
    assert_eq!((of(1), of(2)), (BTreeSet::from([1]), BTreeSet::from([0])));
    let files = built.index.files(None, 9).unwrap();
    let only = Filter { file: Some(files[0].id), ..Filter::default() };
    assert_eq!(built.shown(&only).len(), 9);
    let query = text::Query::parse("nachricht", &text::Settings::default());
    for (filter, hits) in [
        (Filter::default(), 6),
        (only.clone(), 6),
        (Filter { doubles: Doubles::All, ..Filter::default() }, 18),
    ] {
        assert_eq!(built.index.search(&query, &filter, None, 100).unwrap().hits.len(), hits);
    }
    // Only the wall clock lies in this hour.
    let last = START + 8 * 7 * MINUTE + HOUR;
    let time = Some(TimeRange { from_ms: last - 20 * MINUTE, until_ms: last + HOUR });
    let shown = built.index.page(&Filter { time, ..Filter::default() }, None, 100).unwrap().lines;
    assert!(!shown.is_empty());
    for line in shown {
        let What::Message(message) = &line.record.what else { panic!("{line:?}") };
        assert_eq!(message.sent.as_ref().unwrap().zone, Zone::Unknown);
    }
}

#[test]
fn a_source_that_is_added_later_finds_its_twins() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    let said = conversation("mia@wa", 9);
    let put = |builder: &mut Builder, capsule: u8, said: &[Said]| {
        builder.capsule(EntryNumber(u64::from(capsule)), Digest([capsule; 32])).unwrap();
        builder.file(&file(0, "chat", Some("reader"))).unwrap();
        for (row, said) in (0..).zip(said) {
            builder.record(&record(row, 0, said)).unwrap();
        }
    };
    let mut builder = Builder::create(&old, &key()).unwrap();
    put(&mut builder, 1, &exported_all(&said, HOUR, None));
    builder.finish().unwrap();
    for more in 2..4 {
        let mut builder = Builder::extend(&old, &new, &key()).unwrap();
        put(&mut builder, more, &said);
        builder.finish().unwrap();
        std::fs::rename(&new, &old).unwrap();
        let index = Index::open(&old, &key()).unwrap();
        let lines = index.page(&Filter::default(), None, 100).unwrap().lines;
        assert_eq!(lines.len(), 9);
        for line in lines {
            assert_eq!(line.capsule, EntryNumber(2), "the exact time stands for the others");
            assert_eq!(index.twins(line.number).unwrap().len(), usize::from(more) - 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// Whatever is said: nothing of one source is hidden behind another of the same, every hidden message
    /// has one that stands for it, and each text is shown as often as the source that has it most.
    #[test]
    fn nothing_is_lost(
        said in proptest::collection::vec((0_usize..6, 0_i64..40), 3..40),
        left_out in proptest::collection::btree_set(0_usize..40, 0..6),
        ahead in -40_i64..40,
    ) {
        let mut said: Vec<Said> = said.iter().map(|(text, minute)| {
            let text = ["ok", "ja", "Nachricht eins", "Nachricht zwei", "Wo bist du gerade?", "👍"][*text];
            database("mia@wa", START + minute * MINUTE, text)
        }).collect();
        said.extend(conversation("mia@wa", 9).into_iter().map(|mut said| {
            said.direction = Direction::Incoming;
            said.sent = TimeReading::unix_ms(said.sent.first_ms.unwrap() + 10 * HOUR);
            said
        }));
        said.sort_by_key(|said| said.sent.first_ms);
        // What only one source has is left out of the first hour, so that enough is left to tell the chat by.
        let is_late = |said: &Said| said.sent.first_ms.unwrap() > START + HOUR;
        let kept = said.iter().enumerate().filter(|(at, said)| is_late(said) || !left_out.contains(at));
        let export = kept.map(|(_, said)| exported(said, ahead * 15 * MINUTE, None)).collect::<Vec<_>>();
        let left = said.len() - export.len();
        let built = built(&[said.clone(), export]);
        let once = built.once();
        let doubled = once.iter().filter(|(_, sources)| *sources == 2).count();
        prop_assert!(once.iter().all(|(_, sources)| *sources <= 2));
        prop_assert_eq!(once.len(), said.len());
        prop_assert_eq!(doubled, said.len() - left);
    }
}
