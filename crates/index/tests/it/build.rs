//! What is put in comes out, and nothing lies in clear.

use index::{Builder, Filter, Index, IndexError, IndexKey};
use model::record::{Counted, FileNumber, Place, Problem, ProblemKind, TimeReading, Unit, What};
use model::{Digest, EntryNumber};

use crate::given::{add, built, built_at, call, file, key, message, record, with_picture};

#[test]
fn what_is_put_in_comes_out() {
    let records = [message(1, Some(20), "eins"), call(2, 10, "Noa Muster"), with_picture(3, "IMG_1.jpg")];
    let built = built(&records);
    let stats = built.index.stats().unwrap();
    assert_eq!((stats.capsules, stats.files, stats.records, stats.media), (1, 2, 3, 1));
    assert_eq!((stats.chats, stats.parties, stats.doubled_keys), (1, 2, 0));
    let page = built.index.page(&Filter::default(), None, 10).unwrap();
    let mut out: Vec<_> = page.lines.iter().map(|line| (line.number, line.record.clone())).collect();
    out.sort_by_key(|(number, _)| *number);
    assert!(out.iter().map(|(_, record)| record).eq(records.iter()));
    assert!(page.lines.iter().all(|line| line.capsule == EntryNumber(3)));
    let media = built.index.media(None, 10).unwrap();
    assert_eq!(media[0].name.as_deref(), Some("IMG_1.jpg"));
    assert_eq!(built.index.steps(media[0].file.unwrap()).unwrap(), ["Übergabe.jpg"]);
    assert!(built.index.media(Some((media[0].record, 0)), 10).unwrap().is_empty());
    let files = built.index.files(None, 10).unwrap();
    assert_eq!(files[0].reader, Some(("whatsapp_android".to_owned(), 1)));
    assert_eq!(files.iter().map(|file| file.records).collect::<Vec<_>>(), [3, 0]);
}

#[test]
fn people_are_kept_as_they_are_named() {
    let mut second = message(2, Some(2), "zwei");
    if let What::Message(message) = &mut second.what {
        message.sender.as_mut().unwrap().name = Some("Mia B.".to_owned());
    }
    let built = built(&[message(1, Some(1), "eins"), second, call(3, 3, "Noa Muster")]);
    let parties = built.index.parties(None, 10).unwrap();
    let shown: Vec<_> =
        parties.iter().map(|party| (party.name.as_deref().unwrap(), party.sent, party.named)).collect();
    assert_eq!(shown, [("Mia Beispiel", 1, 0), ("Mia B.", 1, 0), ("Noa Muster", 0, 1)]);
    let named = built.index.named(parties[2].number, None, 10).unwrap();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].1, "call");
    let chats = built.index.chats(None, 10).unwrap();
    assert_eq!((chats[0].source_id.as_str(), chats[0].records), ("chat-1", 2));
    assert_eq!(chats[0].name.as_deref(), Some("Fahrt nach Köln"));
}

#[test]
fn records_are_found_by_their_identifier() {
    let built = built(&[message(1, Some(1), "eins"), message(2, Some(2), "zwei")]);
    let line = built.index.page(&Filter::default(), None, 1).unwrap().lines.remove(0);
    let digits = line.key.to_string();
    for length in [6, 12, 32] {
        assert_eq!(built.index.record(digits[..length].parse().unwrap()).unwrap(), line);
    }
    assert_eq!(built.index.numbered(line.number).unwrap(), line);
    assert!(matches!(built.index.record("ffffff".parse().unwrap()), Err(IndexError::NoRecord)));
}

#[test]
fn an_ambiguous_identifier_names_the_candidates() {
    // Among so many records two share their first six digits: 16^6 / 5000^2 is less than 1.4.
    let records: Vec<_> = (0..12_000).map(|row| message(row, None, "")).collect();
    let built = built(&records);
    let mut keys = Vec::new();
    let mut after = None;
    loop {
        let page = built.index.page(&Filter::default(), after, 5000).unwrap();
        keys.extend(page.lines.iter().map(|line| line.key.to_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    keys.sort();
    let pair = keys.windows(2).find(|pair| pair[0][..6] == pair[1][..6]).unwrap();
    match built.index.record(pair[0][..6].parse().unwrap()) {
        Err(IndexError::Ambiguous { candidates }) => {
            assert!(candidates.iter().any(|key| key.to_string() == pair[0]));
            assert!(candidates.iter().any(|key| key.to_string() == pair[1]));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_place_given_twice_is_counted_and_still_found() {
    let built = built(&[message(1, Some(1), "eins"), message(1, Some(1), "noch einmal")]);
    assert_eq!(built.index.stats().unwrap().doubled_keys, 1);
    let line = built.index.page(&Filter::default(), None, 1).unwrap().lines.remove(0);
    assert_eq!(built.index.record(line.key.into()).unwrap().number, line.number);
}

#[test]
fn problems_and_reckonings_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let mut builder = Builder::create(&path, &key()).unwrap();
    add(&mut builder, 3, &[]);
    let place = Place::bytes(5, 7);
    let problem = Problem {
        file: FileNumber(0),
        place,
        kind: ProblemKind::Damaged,
        expected: "a row".to_owned(),
        kept: String::new(),
        units: u64::MAX,
    };
    let counted = Counted { in_source: u64::MAX, ..Counted::new(FileNumber(0), Unit::Row, "message") };
    builder.problem(&problem).unwrap();
    builder.problem(&problem).unwrap();
    builder.counted(&counted).unwrap();
    builder.finish().unwrap();
    let index = Index::open(&path, &key()).unwrap();
    let problems = index.problems(None, 1).unwrap();
    assert_eq!(problems[0].problem, problem);
    assert_eq!(index.problems(Some(problems[0].number), 10).unwrap().len(), 1);
    assert_eq!(index.counted(None, 10).unwrap()[0].counted, counted);
    let sums = index.by_reader().unwrap();
    assert_eq!(sums.len(), 2);
    assert!(sums[1].in_source > 1 << 39 && sums[1].problems > 1 << 39, "hostile counts do not overflow");
}

#[test]
fn a_file_must_be_told_before_its_records() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::create(&folder.path().join("new"), &key()).unwrap();
    let first = message(1, Some(1), "eins");
    assert!(matches!(builder.record(&first), Err(IndexError::UnknownFile)));
    builder.capsule(EntryNumber(1), Digest([1; 32])).unwrap();
    assert!(matches!(builder.record(&first), Err(IndexError::UnknownFile)));
    builder.file(&file(0, "a", None)).unwrap();
    builder.record(&first).unwrap();
}

#[test]
fn nothing_lies_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let mut builder = Builder::create(&path, &key()).unwrap();
    let text = "ERFUNDENE-MARKE-8472 ".repeat(20);
    let records: Vec<_> = (0..3000).map(|row| message(row, Some(row), &text)).collect();
    add(&mut builder, 3, &records);
    let clean = |what: &str| {
        let mut files = 0;
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let bytes = std::fs::read(entry.path()).unwrap();
            for marker in [&b"MARKE-8472"[..], b"marke-8472", b"Beispiel", b"SQLite format", b"msgstore"] {
                let found = bytes.windows(marker.len()).any(|window| window == marker);
                assert!(!found, "{what}: {:?}", entry.file_name());
            }
            files += 1;
        }
        files
    };
    assert_eq!(clean("while building"), 1, "no journal beside it");
    builder.finish().unwrap();
    assert_eq!(clean("when finished"), 1);
    let index = Index::open(&path, &key()).unwrap();
    let query = text::Query::parse("marke", &text::Settings::default());
    assert!(!index.search(&query, &Filter::default(), None, 5).unwrap().hits.is_empty());
    index.page(&Filter::default(), None, 1000).unwrap();
    assert_eq!(clean("while reading"), 1);
}

#[test]
fn adding_keeps_the_old_and_appends() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    built_at(&old, &[message(1, Some(10), "alt")]);
    let before = std::fs::read(&old).unwrap();
    let mut builder = Builder::extend(&old, &new, &key()).unwrap();
    add(&mut builder, 4, &[message(1, Some(5), "neu"), call(2, 7, "Noa Muster")]);
    let stats = builder.finish().unwrap();
    assert_eq!((stats.capsules, stats.records, stats.chats), (2, 3, 2));
    assert_eq!(std::fs::read(&old).unwrap(), before);
    let index = Index::open(&new, &key()).unwrap();
    let lines = index.page(&Filter::default(), None, 10).unwrap().lines;
    assert_eq!(lines.iter().map(|line| line.capsule.0).collect::<Vec<_>>(), [4, 4, 3]);
    assert_ne!(lines[0].key, lines[2].key, "the same place in another capsule");
    for (typed, capsule) in [("alt", 3), ("neu", 4)] {
        let query = text::Query::parse(typed, &text::Settings::default());
        let hits = index.search(&query, &Filter::default(), None, 5).unwrap().hits;
        assert_eq!(hits.iter().map(|hit| hit.line.capsule.0).collect::<Vec<_>>(), [capsule]);
    }
}

#[test]
fn the_same_records_give_the_same_identifiers() {
    let records = [message(1, Some(20), "eins"), call(2, 10, "Noa Muster")];
    let keys = || {
        let built = built(&records);
        let lines = built.index.page(&Filter::default(), None, 10).unwrap().lines;
        lines.iter().map(|line| (line.number, line.key)).collect::<Vec<_>>()
    };
    assert_eq!(keys(), keys());
}

#[test]
fn every_kind_has_its_number() {
    let kinds = [
        What::Message(Box::default()),
        What::Call(Box::default()),
        What::Contact(Box::default()),
        What::Account(Box::default()),
        What::Location(Box::default()),
        What::App(Box::default()),
        What::Visit(Box::default()),
        What::Media(Box::default()),
        What::Event(Box::default()),
    ];
    let mut records: Vec<_> = (0..).zip(kinds).map(|(row, what)| record(row, what)).collect();
    let modified = Some(TimeReading::unix_ms(5));
    let fact = model::record::FileFact {
        size_bytes: 1,
        sha256: None,
        media_type: "application/pdf".to_owned(),
        modified,
        extra: Vec::new(),
    };
    records.push(record(99, What::File(Box::new(fact))));
    let built = built(&records);
    for kind in index::KINDS {
        let filter = Filter { kind: Some(kind.to_owned()), ..Filter::default() };
        let lines = built.index.page(&filter, None, 10).unwrap().lines;
        assert_eq!(lines.iter().map(|line| line.record.what.word()).collect::<Vec<_>>(), [kind]);
    }
}

#[test]
fn a_key_is_not_shown() {
    // A type without Debug, Clone and Serialize does not compile where one is wanted; this only holds the
    // way in open.
    let _: fn(zeroize::Zeroizing<[u8; 32]>) -> IndexKey = IndexKey::new;
}
