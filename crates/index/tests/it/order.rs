//! Pages: every record once, in order, whatever is asked for.

use index::{Attachments, Cursor, Filter, Index, TimeRange};
use model::EntryNumber;
use model::record::{Record, TimeReading, What};
use proptest::prelude::*;

use crate::given::{add, built, call, key, message, with_picture};

fn texts(index: &Index, filter: &Filter, limit: usize) -> Vec<String> {
    let mut texts = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = index.page(filter, after, limit).unwrap();
        assert!(page.lines.len() <= limit);
        for line in &page.lines {
            texts.push(match &line.record.what {
                What::Message(message) => message.text.clone().unwrap(),
                other => other.word().to_owned(),
            });
        }
        after = page.next;
        if after.is_none() {
            return texts;
        }
        assert_eq!(page.lines.len(), limit);
    }
}

#[test]
fn by_time_then_by_source_and_without_time_last() {
    let built = built(&[
        message(1, None, "ohne"),
        message(2, Some(50), "spät"),
        message(3, Some(-5), "vor 1970"),
        message(4, Some(50), "gleich spät"),
        message(5, Some(20), "früh"),
        message(6, None, "auch ohne"),
    ]);
    for limit in 1..8 {
        assert_eq!(
            texts(&built.index, &Filter::default(), limit),
            ["vor 1970", "früh", "spät", "gleich spät", "ohne", "auch ohne"]
        );
    }
}

fn ambiguous(row: i64, first: i64, second: i64) -> Record {
    let mut record = message(row, Some(first), &format!("{first} oder {second}"));
    if let What::Message(message) = &mut record.what {
        message.sent = Some(TimeReading::unix_ms(first).or(Some(second)));
    }
    record
}

#[test]
fn a_time_that_can_be_read_in_two_ways_counts_with_both() {
    let mut records: Vec<_> = (0..20).map(|row| message(row, Some(row * 10), &format!("{row}"))).collect();
    records.push(ambiguous(90, 15, 1000));
    records.push(ambiguous(91, 500, 35));
    records.push(ambiguous(92, 30, 32));
    let built = built(&records);
    let within = |from_ms, until_ms| {
        let filter = Filter { time: Some(TimeRange { from_ms, until_ms }), ..Filter::default() };
        let query = text::Query::parse("oder", &text::Settings::default());
        let hits = built.index.search(&query, &filter, None, 10).unwrap().hits.len();
        (texts(&built.index, &filter, 1), texts(&built.index, &filter, 100), hits)
    };
    let (by_one, at_once, hits) = within(10, 40);
    assert_eq!(at_once, ["1", "15 oder 1000", "2", "3", "30 oder 32", "500 oder 35"]);
    assert_eq!((by_one, hits), (at_once, 3));
    assert_eq!(within(999, 1001), (vec!["15 oder 1000".to_owned()], vec!["15 oder 1000".to_owned()], 1));
    assert_eq!(within(40, 40).1, Vec::<String>::new());
}

#[test]
fn every_filter_leaves_out_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let mut builder = index::Builder::create(&path, &key()).unwrap();
    let mut other = message(2, Some(3), "anderer Chat");
    if let What::Message(message) = &mut other.what {
        message.chat.id = "chat-2".to_owned();
        message.app = "signal".to_owned();
        message.sender = Some(model::record::Party::named("Ada Erfunden"));
    }
    add(&mut builder, 1, &[message(1, Some(5), "eins"), other, with_picture(3, "a.jpg")]);
    add(&mut builder, 2, &[call(1, 4, "Noa Muster"), message(9, Some(1), "zwei")]);
    builder.finish().unwrap();
    let index = Index::open(&path, &key()).unwrap();
    let found = |filter: &Filter| texts(&index, filter, 2);
    let chats = index.chats(None, 9).unwrap();
    let parties = index.parties(None, 9).unwrap();
    let files = index.files(None, 9).unwrap();
    let all = Filter::default();
    assert_eq!(found(&all), ["zwei", "anderer Chat", "Bild", "call", "eins"]);
    let some = |filter| found(&filter);
    assert_eq!(some(Filter { capsule: Some(EntryNumber(2)), ..all.clone() }), ["zwei", "call"]);
    assert_eq!(some(Filter { kind: Some("call".to_owned()), ..all.clone() }), ["call"]);
    assert_eq!(some(Filter { app: Some("signal".to_owned()), ..all.clone() }), ["anderer Chat"]);
    assert_eq!(some(Filter { chat: Some(chats[1].number), ..all.clone() }), ["anderer Chat"]);
    let ada = parties.iter().find(|party| party.name.as_deref() == Some("Ada Erfunden")).unwrap();
    assert_eq!(some(Filter { sender: Some(ada.number), ..all.clone() }), ["anderer Chat"]);
    assert_eq!(some(Filter { file: Some(files[0].id), ..all.clone() }), ["anderer Chat", "Bild", "eins"]);
    assert_eq!(some(Filter { attachments: Attachments::Some, ..all.clone() }), ["Bild"]);
    assert_eq!(
        some(Filter { attachments: Attachments::None, capsule: Some(EntryNumber(1)), ..all.clone() }),
        ["anderer Chat", "eins"]
    );
    assert_eq!(some(Filter { reader: Some("whatsapp_android".to_owned()), ..all.clone() }).len(), 5);
    for nothing in [
        Filter { capsule: Some(EntryNumber(u64::MAX)), ..all.clone() },
        Filter { kind: Some("Call".to_owned()), ..all.clone() },
        Filter { app: Some("icq".to_owned()), ..all.clone() },
        Filter { reader: Some("'; DROP TABLE record".to_owned()), ..all.clone() },
        Filter { chat: Some(index::ChatNumber(99)), ..all.clone() },
        Filter { sender: Some(index::PartyNumber(-1)), ..all.clone() },
        Filter { chat: Some(chats[1].number), kind: Some("call".to_owned()), ..all.clone() },
    ] {
        assert!(found(&nothing).is_empty(), "{nothing:?}");
        let query = text::Query::parse("e", &text::Settings::default());
        assert!(index.search(&query, &nothing, None, 10).unwrap().hits.is_empty(), "{nothing:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_record_comes_once(
        times in proptest::collection::vec(proptest::option::of(-3_i64..4), 1..40),
        limit in 1_usize..10,
    ) {
        let records: Vec<_> =
            (0..).zip(&times).map(|(row, ms)| message(row, *ms, &row.to_string())).collect();
        let built = built(&records);
        let mut expected: Vec<_> = times.iter().enumerate().collect();
        expected.sort_by_key(|(row, ms)| (ms.unwrap_or(i64::MAX), *row));
        let expected: Vec<_> = expected.into_iter().map(|(row, _)| row.to_string()).collect();
        prop_assert_eq!(texts(&built.index, &Filter::default(), limit), expected);
    }
}
