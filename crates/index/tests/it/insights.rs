//! The second cache: hints and identifiers come out in order, and filters find their records.

use std::fs;
use std::path::Path;

use index::{
    Cursor, Filter, HintFilter, HintLine, Index, IndexError, IndexKey, InsightBuilder, Insights,
    RecordNumber, SeenHint, Spot,
};

use crate::given::{Built, built, call, key, message};

fn spot(order_ms: i64, number: i64, from: u32) -> Spot {
    let cursor = Cursor { order_ms, number: RecordNumber(number) };
    Spot { cursor, part: 0, from, until: from + 3 }
}

fn hint(spot: Spot, code: &str) -> HintLine<'_> {
    HintLine { spot, code, language: "de", rule: "de.1", facts: r#"{"words":["Geld"]}"# }
}

/// Five records and what was found in them, put in out of order.
fn given() -> Built {
    let built = built(&[
        message(1, Some(50), "Du schuldest mir Geld, ruf 0171 3920011"),
        message(2, Some(10), "Gib mir deinen Pass"),
        message(3, Some(30), "0171 3920011 und 0171 3920011"),
        message(4, None, "Pass, Geld"),
        call(5, 40, "Noa Muster"),
    ]);
    let mut builder = InsightBuilder::create(&built.folder.path().join("insight.db"), &key()).unwrap();
    let phone = builder.identifier("phone", "+491713920011", "0171 3920011").unwrap();
    assert_eq!(builder.identifier("phone", "+491713920011", "another spelling").unwrap(), phone);
    let mail = builder.identifier("mail", "a@example.org", "A@example.org").unwrap();
    for (identifier, at) in [
        (phone, spot(30, 3, 17)),
        (phone, spot(50, 1, 27)),
        (phone, spot(30, 3, 0)),
        (phone, spot(30, 3, 0)),
        (mail, spot(i64::MAX, 4, 0)),
    ] {
        builder.occurrence(identifier, at).unwrap();
    }
    for (at, code) in [
        (spot(50, 1, 4), "debt.owed"),
        (spot(i64::MAX, 4, 6), "debt.owed"),
        (spot(10, 2, 15), "docs.taken"),
        (spot(50, 1, 18), "debt.amount"),
        (spot(i64::MAX, 4, 0), "docs"),
        (spot(30, 3, 0), "debtor"),
    ] {
        builder.hint(&hint(at, code)).unwrap();
    }
    builder.finish("index 1, rules 2").unwrap();
    built
}

fn insights(built: &Built) -> Insights {
    Insights::open(&built.folder.path().join("insight.db"), &key()).unwrap()
}

/// Code and place of the hints, drawn so many at a time.
fn drawn(insights: &Insights, filter: &HintFilter, limit: usize) -> Vec<(i64, u32, String)> {
    let mut all: Vec<SeenHint> = Vec::new();
    loop {
        let page = insights.hints(filter, all.last(), limit).unwrap();
        let whole = page.len() == limit;
        all.extend(page);
        if !whole {
            break;
        }
    }
    all.into_iter().map(|hint| (hint.spot.cursor.number.0, hint.spot.from, hint.code)).collect()
}

#[test]
fn hints_come_by_code_in_the_order_of_time() {
    let built = given();
    let insights = insights(&built);
    assert_eq!(insights.basis().unwrap(), "index 1, rules 2");
    let by = |code: Option<&str>, record: Option<i64>| {
        let filter = HintFilter { code: code.map(str::to_owned), record: record.map(RecordNumber) };
        let one_by_one = drawn(&insights, &filter, 1);
        assert_eq!(one_by_one, drawn(&insights, &filter, 100));
        one_by_one
            .into_iter()
            .map(|(record, from, code)| format!("{record}.{from} {code}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        by(None, None),
        ["2.15 docs.taken", "3.0 debtor", "1.4 debt.owed", "1.18 debt.amount", "4.6 debt.owed", "4.0 docs"]
    );
    assert_eq!(by(Some("debt"), None), ["1.4 debt.owed", "1.18 debt.amount", "4.6 debt.owed"]);
    assert_eq!(by(Some("debt.owed"), None), ["1.4 debt.owed", "4.6 debt.owed"]);
    assert_eq!(by(None, Some(1)), ["1.4 debt.owed", "1.18 debt.amount"]);
    assert_eq!(by(Some("docs"), Some(4)), ["4.0 docs"]);
    for (code, record) in
        [(Some("deb"), None), (Some("debt."), None), (Some("debt"), Some(2)), (None, Some(9))]
    {
        assert!(by(code, record).is_empty(), "{code:?} {record:?}");
    }
    let counts = insights.hint_counts().unwrap();
    let counts: Vec<_> =
        counts.iter().map(|count| (count.code.as_str(), count.hints, count.records)).collect();
    assert_eq!(
        counts,
        [("debt.amount", 1, 1), ("debt.owed", 2, 2), ("debtor", 1, 1), ("docs", 1, 1), ("docs.taken", 1, 1)]
    );
    let first = insights.hints(&HintFilter::default(), None, 1).unwrap().remove(0);
    assert_eq!((first.language.as_str(), first.rule.as_str()), ("de", "de.1"));
    assert_eq!(first.facts, r#"{"words":["Geld"]}"#);
}

#[test]
fn identifiers_say_how_often_and_when() {
    let built = given();
    let insights = insights(&built);
    let phones = insights.identifiers(Some("phone"), None, 10).unwrap();
    assert_eq!(phones.len(), 1);
    let phone = &phones[0];
    assert_eq!((phone.shown.as_str(), phone.count), ("0171 3920011", 3));
    assert_eq!((phone.first_ms, phone.last_ms), (Some(30), Some(50)));
    assert_eq!(insights.identifier("phone", "+491713920011").unwrap().as_ref(), Some(phone));
    assert_eq!(insights.identifier("mail", "+491713920011").unwrap(), None);
    let others = insights.identifiers(None, Some(phone.number), 10).unwrap();
    assert_eq!(
        others.iter().map(|other| (other.kind.as_str(), other.first_ms)).collect::<Vec<_>>(),
        [("mail", None)]
    );
    let mut spots = Vec::new();
    while let [spot] = insights.occurrences(phone.number, spots.last().copied(), 1).unwrap()[..] {
        spots.push(spot);
    }
    assert_eq!(spots, [spot(30, 3, 0), spot(30, 3, 17), spot(50, 1, 27)]);
}

#[test]
fn a_filter_finds_records_by_hint_and_identifier() {
    let built = given();
    let insights = insights(&built);
    let mut index = Index::open(&built.path, &key()).unwrap();
    let debt = Filter { hint: Some("debt".to_owned()), ..Filter::default() };
    assert!(matches!(index.page(&debt, None, 9), Err(IndexError::NoInsights)));
    for _ in 0..2 {
        index.attach_insights(&built.folder.path().join("insight.db"), &key()).unwrap();
        assert_eq!(found(&index, &debt), [1, 4]);
    }
    let phone = insights.identifier("phone", "+491713920011").unwrap().unwrap().number;
    let phone = Filter { identifier: Some(phone), ..Filter::default() };
    assert_eq!(found(&index, &phone), [3, 1]);
    assert_eq!(found(&index, &Filter { hint: Some("debt".to_owned()), ..phone.clone() }), [1]);
    assert_eq!(found(&index, &Filter { kind: Some("message".to_owned()), ..debt.clone() }), [1, 4]);
    assert_eq!(found(&index, &Filter { kind: Some("call".to_owned()), ..debt.clone() }), [0; 0]);
    for code in ["deb", "", "'"] {
        let all = found(&index, &Filter { hint: Some(code.to_owned()), ..Filter::default() });
        assert_eq!(all.len(), if code.is_empty() { 4 } else { 0 }, "the empty beginning is that of all");
    }
    let query = text::Query::parse("pass", &text::Settings::default());
    let hits = index.search(&query, &debt, None, 9).unwrap().hits;
    assert_eq!(hits.iter().map(|hit| hit.line.number.0).collect::<Vec<_>>(), [4]);
}

/// The numbers of the records on all pages, one at a time and all at once.
fn found(index: &Index, filter: &Filter) -> Vec<i64> {
    let (mut numbers, mut after) = (Vec::new(), None);
    loop {
        let page = index.page(filter, after, 1).unwrap();
        numbers.extend(page.lines.iter().map(|line| line.number.0));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let page = index.page(filter, None, 100).unwrap();
    assert!(page.lines.iter().map(|line| line.number.0).eq(numbers.iter().copied()));
    numbers
}

#[test]
fn what_is_wrong_with_the_file_is_told_apart() {
    let built = given();
    let path = built.folder.path().join("insight.db");
    let other = IndexKey::new([8; 32].into());
    let opened = |path: &Path, key: &IndexKey| {
        let alone = Insights::open(path, key).err().map(|error| format!("{error:?}"));
        let mut index = Index::open(&built.path, &crate::given::key()).unwrap();
        let attached = index.attach_insights(path, key).err().map(|error| format!("{error:?}"));
        assert_eq!(alone, attached);
        alone.unwrap_or_default()
    };
    assert_eq!(opened(&path, &key()), "");
    assert_eq!(opened(&path, &other), "WrongKey");
    assert_eq!(opened(&built.folder.path().join("nothing"), &key()), "Missing");
    let unfinished = built.folder.path().join("unfinished");
    drop(InsightBuilder::create(&unfinished, &key()).unwrap());
    assert_eq!(opened(&unfinished, &key()), "Unfinished");
    assert!(matches!(InsightBuilder::create(&path, &key()), Err(IndexError::NotEmpty)));
    let whole = fs::read(&path).unwrap();
    assert!(whole.windows(5).all(|bytes| bytes != b"phone"), "nothing lies in clear");
    let mut damaged = 0;
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 700] ^= 1;
        fs::write(&path, &bytes).unwrap();
        damaged += usize::from(matches!(read_all(&built, &path), Err(IndexError::Damaged)));
    }
    // Of two pages nothing is read: keys of `code` and of `identifier` by kind.
    assert!(damaged + 3 >= whole.len() / 4096, "{damaged} of {}", whole.len() / 4096);
}

/// Reads everything there is, also through the index.
fn read_all(built: &Built, path: &Path) -> Result<(), IndexError> {
    let insights = Insights::open(path, &key())?;
    insights.basis()?;
    insights.hints(&HintFilter::default(), None, 100)?;
    insights.hints(&HintFilter { record: Some(RecordNumber(1)), code: None }, None, 100)?;
    insights.hint_counts()?;
    for identifier in insights.identifiers(None, None, 100)? {
        insights.occurrences(identifier.number, None, 100)?;
        insights.identifier(&identifier.kind, &identifier.key)?;
    }
    let mut index = Index::open(&built.path, &key())?;
    index.attach_insights(path, &key())?;
    index.page(&Filter { hint: Some("debt".to_owned()), ..Filter::default() }, None, 100)?;
    Ok(())
}
