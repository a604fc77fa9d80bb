//! Pages backwards, what stands around a record, places, certain records, and how many a day.

use std::collections::{BTreeMap, BTreeSet};

use index::{
    Attachments, Bucket, Cursor, Filter, Index, IndexError, Located, NearPoint, RecordKey, Span, TimeRange,
};
use model::Date;
use model::record::{ChatKind, Inside, LocationFix, MediaFact, Point, Record, TimeReading, What};
use proptest::prelude::*;

use crate::given::{built, call, message, record, with_picture};

const DAY_MS: i64 = 86_400_000;

/// Numbers of the records, page after page, forwards.
fn forwards(index: &Index, filter: &Filter) -> Vec<i64> {
    let (mut numbers, mut after) = (Vec::new(), None);
    loop {
        let page = index.page(filter, after, 3).unwrap();
        numbers.extend(page.lines.iter().map(|line| line.number.0));
        after = page.next;
        if after.is_none() {
            return numbers;
        }
    }
}

/// The same from the end.
fn backwards(index: &Index, filter: &Filter) -> Vec<i64> {
    let mut before = Cursor { order_ms: i64::MAX, number: index::RecordNumber(i64::MAX) };
    let mut numbers = Vec::new();
    loop {
        let page = index.page_before(filter, before, 3).unwrap();
        let lines: Vec<i64> = page.lines.iter().map(|line| line.number.0).collect();
        numbers.splice(0..0, lines);
        match page.next {
            Some(next) => before = next,
            None => return numbers,
        }
    }
}

fn fix(row: i64, ms: Option<i64>, latitude: f64, longitude: f64) -> Record {
    let point = Some(Point { latitude, longitude });
    let at = ms.map(TimeReading::unix_ms);
    record(row, What::Location(Box::new(LocationFix { at, point, ..LocationFix::default() })))
}

#[test]
fn a_record_with_what_stands_around_it_in_its_chat() {
    let mut records: Vec<_> = (0..9).map(|row| message(row, Some(row * 10), &format!("{row}"))).collect();
    records.push(call(20, 41, "Noa Muster"));
    let mut other = message(21, Some(42), "anderer Chat");
    if let What::Message(message) = &mut other.what {
        message.chat.id = "chat-2".to_owned();
        message.chat.kind = ChatKind::Direct;
    }
    records.push(other);
    let built = built(&records);
    let around = built.index.around(index::RecordNumber(5), 2, 3).unwrap();
    let numbers = |lines: &[index::Line]| lines.iter().map(|line| line.number.0).collect::<Vec<_>>();
    assert_eq!(around.line.number.0, 5);
    assert_eq!((numbers(&around.before), numbers(&around.after)), (vec![3, 4], vec![6, 7, 8]));
    let at_the_end = built.index.around(index::RecordNumber(9), 1, 5).unwrap();
    assert_eq!((numbers(&at_the_end.before), numbers(&at_the_end.after)), (vec![8], vec![]));
    let alone = built.index.around(index::RecordNumber(10), 5, 5).unwrap();
    assert!(alone.before.is_empty() && alone.after.is_empty());
    let none = built.index.around(index::RecordNumber(2), 0, 0).unwrap();
    assert!(none.before.is_empty() && none.after.is_empty());
    assert!(matches!(built.index.around(index::RecordNumber(99), 1, 1), Err(IndexError::NoRecord)));
}

#[test]
fn everything_with_a_place_and_what_is_near() {
    let mut shared = message(3, Some(30), "hier");
    if let What::Message(message) = &mut shared.what {
        let point = |latitude, longitude| Some(Point { latitude, longitude });
        for point in [point(52.5001, 13.4), point(52.5, 13.4001), None] {
            message.inside.push(Inside::Location { point, name: None, live: false });
        }
    }
    let fact = MediaFact { point: Some(Point { latitude: 52.6, longitude: 13.4 }), ..MediaFact::default() };
    let built = built(&[
        fix(1, Some(50), 52.5, 13.4),
        fix(2, None, -33.86, 151.2),
        shared,
        record(4, What::Media(Box::new(fact))),
        message(5, Some(5), "ohne"),
        fix(6, Some(1), 95.0, 13.4),
        fix(7, Some(2), f64::NAN, 13.4),
        fix(8, Some(60), 0.0, 179.999),
        fix(9, Some(70), 89.99, 100.0),
    ]);
    let near = |latitude, longitude, metres| {
        let near = NearPoint { point: Point { latitude, longitude }, metres };
        let filter = Filter { located: Some(Located::Within(near)), ..Filter::default() };
        let found = forwards(&built.index, &filter);
        assert_eq!(found, backwards(&built.index, &filter));
        found
    };
    let somewhere = Filter { located: Some(Located::Somewhere), ..Filter::default() };
    assert_eq!(forwards(&built.index, &somewhere), [3, 1, 8, 9, 2, 4]);
    assert_eq!(near(52.5, 13.4, 1.0), [1]);
    assert_eq!(near(52.5, 13.4, 20.0), [3, 1]);
    assert_eq!(near(52.5, 13.4, 12_000.0), [3, 1, 4]);
    assert_eq!(near(52.5, 13.4, 30_000_000.0), [3, 1, 8, 9, 2, 4], "half the way round is everywhere");
    assert_eq!(near(0.0, -179.999, 500.0), [8], "behind the date line");
    assert_eq!(near(89.99, -80.0, 5_000.0), [9], "over the pole");
    for (latitude, longitude, metres) in
        [(91.0, 0.0, 5e7), (0.0, f64::NAN, 5e7), (0.0, 0.0, -1.0), (0.0, 0.0, f64::NAN)]
    {
        assert!(near(latitude, longitude, metres).is_empty());
    }
    let picture = Filter { kind: Some("media".to_owned()), ..somewhere };
    assert_eq!(forwards(&built.index, &picture), [4]);
}

#[test]
fn certain_records_only() {
    let records: Vec<_> = (0..20).map(|row| message(row, Some(100 - row), "wort")).collect();
    let built = built(&records);
    let keys: Vec<RecordKey> =
        built.index.page(&Filter::default(), None, 50).unwrap().lines.iter().map(|line| line.key).collect();
    let of = |keys: Vec<RecordKey>| Filter { records: Some(keys), ..Filter::default() };
    let some = of(vec![keys[7], keys[2], RecordKey([0; 16]), keys[2]]);
    assert_eq!(forwards(&built.index, &some), [18, 13]);
    assert_eq!(backwards(&built.index, &some), [18, 13]);
    let query = text::Query::parse("wort", &text::Settings::default());
    let hits = built.index.search(&query, &some, None, 50).unwrap().hits;
    assert_eq!(hits.iter().map(|hit| hit.line.number.0).collect::<Vec<_>>(), [13, 18]);
    assert!(forwards(&built.index, &of(Vec::new())).is_empty());
    let narrow = Filter { time: Some(TimeRange { from_ms: 0, until_ms: 85 }), ..some };
    assert_eq!(forwards(&built.index, &narrow), [18]);
}

#[test]
fn how_many_there_are_each_day_and_month() {
    let day = |text: &str| text.parse::<Date>().unwrap().days * DAY_MS;
    let mut records = vec![
        message(1, Some(day("2024-02-29")), "eins"),
        message(2, Some(day("2024-02-29") + DAY_MS - 1), "zwei"),
        message(3, Some(day("2024-03-01")), "drei"),
        message(4, None, "ohne"),
        call(5, day("2024-02-01") + 5, "Noa Muster"),
        message(6, Some(day("1969-12-31") + 7), "alt"),
    ];
    let mut with_one = with_picture(7, "a.jpg");
    if let What::Message(message) = &mut with_one.what {
        message.sent = Some(TimeReading::unix_ms(day("2024-03-02")));
    }
    records.push(with_one);
    let built = built(&records);
    let all = TimeRange { from_ms: i64::MIN, until_ms: i64::MAX };
    let told = |filter: &Filter, range, span| {
        let buckets = built.index.density(filter, range, span).unwrap();
        buckets
            .into_iter()
            .map(|Bucket { first_day, records }| format!("{first_day} {records}"))
            .collect::<Vec<_>>()
    };
    let none = Filter::default();
    assert_eq!(
        told(&none, all, Span::Day),
        ["1969-12-31 1", "2024-02-01 1", "2024-02-29 2", "2024-03-01 1", "2024-03-02 1"]
    );
    assert_eq!(told(&none, all, Span::Month), ["1969-12-01 1", "2024-02-01 3", "2024-03-01 2"]);
    let february = TimeRange { from_ms: day("2024-02-01"), until_ms: day("2024-03-01") };
    assert_eq!(told(&none, february, Span::Month), ["2024-02-01 3"]);
    let noon = TimeRange { from_ms: day("2024-02-29") + 1, until_ms: day("2024-03-01") + 1 };
    assert_eq!(told(&none, noon, Span::Day), ["2024-02-29 1", "2024-03-01 1"]);
    let messages = Filter { kind: Some("message".to_owned()), ..Filter::default() };
    assert_eq!(told(&messages, february, Span::Month), ["2024-02-01 2"]);
    assert_eq!(
        told(&Filter { app: Some("phone".to_owned()), ..none.clone() }, all, Span::Day),
        ["2024-02-01 1"]
    );
    for word in ["Message", "icq"] {
        let kind = Filter { kind: Some(word.to_owned()), ..none.clone() };
        let app = Filter { app: Some(word.to_owned()), ..none.clone() };
        assert!(told(&kind, all, Span::Day).is_empty() && told(&app, all, Span::Day).is_empty());
    }
    let pictures = Filter { attachments: Attachments::Some, ..none };
    assert_eq!(told(&pictures, all, Span::Day), ["2024-03-02 1"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn backwards_is_forwards_and_days_add_up(
        given in proptest::collection::vec((proptest::option::of(-3_i64..4), 0_u8..4), 1..40),
        range in proptest::option::of((-3_i64..4, -3_i64..5)),
    ) {
        let records: Vec<_> = (0..).zip(&given).map(|(row, (day, sort))| {
            let ms = day.map(|day| day * DAY_MS);
            match sort {
                0 => fix(row, ms, 52.0, 13.0),
                1 => {
                    let mut two = message(row, ms, "zwei");
                    if let (What::Message(message), Some(ms)) = (&mut two.what, ms) {
                        message.sent = Some(TimeReading::unix_ms(ms).or(Some(-ms)));
                    }
                    two
                }
                _ => message(row, ms, "eins"),
            }
        }).collect();
        let built = built(&records);
        let time = range.map(|(from, until)| TimeRange { from_ms: from * DAY_MS, until_ms: until * DAY_MS });
        for located in [None, Some(Located::Somewhere)] {
            let filter = Filter { time, located, ..Filter::default() };
            let there = forwards(&built.index, &filter);
            prop_assert_eq!(&there, &backwards(&built.index, &filter));
            let once: BTreeSet<_> = there.iter().collect();
            prop_assert_eq!(once.len(), there.len());
            let all = time.unwrap_or(TimeRange { from_ms: i64::MIN, until_ms: i64::MAX });
            let mut expected: BTreeMap<i64, u64> = BTreeMap::new();
            for (day, sort) in &given {
                let Some(day) = day else { continue };
                let fits = (all.from_ms..all.until_ms).contains(&(day * DAY_MS));
                if fits && (located.is_none() || *sort == 0) {
                    *expected.entry(*day).or_default() += 1;
                }
            }
            let days = built.index.density(&filter, all, Span::Day).unwrap();
            let days: BTreeMap<_, _> = days.iter().map(|day| (day.first_day.days, day.records)).collect();
            prop_assert_eq!(days, expected);
        }
    }
}
