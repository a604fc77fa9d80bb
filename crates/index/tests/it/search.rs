//! Searching: every record that fits, none that does not, and where it says so.

use index::{Field, Filter, Hit, Index, RecordNumber};
use model::record::{Contact, Identifier, IdentifierKind, Message, Record, What};
use proptest::prelude::*;
use text::{Node, Origin, Query, Rule, Settings, Spellings};

use crate::given::{Built, built, message, record};

fn parsed(typed: &str) -> Query {
    Query::parse(typed, &Settings { country_prefix: Some("49"), spellings: Spellings::AsTyped })
}

/// The rows of the records that are found, drawn three at a time.
fn rows(index: &Index, query: &Query, filter: &Filter) -> Vec<i64> {
    let mut rows = Vec::new();
    let mut after: Option<RecordNumber> = None;
    loop {
        let hits = index.search(query, filter, after, 3).unwrap();
        rows.extend(hits.hits.iter().map(row));
        after = hits.next;
        if after.is_none() {
            return rows;
        }
    }
}

fn row(hit: &Hit) -> i64 {
    match hit.line.record.place {
        model::record::Place::Row { row, .. } => row,
        _ => panic!("{hit:?}"),
    }
}

fn index_of(texts: &[&str]) -> Built {
    let records: Vec<_> = (0..).zip(texts).map(|(row, text)| bare(row, text)).collect();
    built(&records)
}

/// A message with nothing but its text.
fn bare(row: i64, text: &str) -> Record {
    let message = Message { text: Some(text.to_owned()), ..Message::default() };
    record(row, What::Message(Box::new(message)))
}

#[test]
fn queries_find_what_fits_and_nothing_else() {
    let built = index_of(&[
        "Treffen am Bahnhof um 8",          // 0
        "Übergabe am Hauptbahnhof",         // 1
        "Паспорт у тёти",                   // 2
        "护照被拿走了",                     // 3
        "护照",                             // 4
        "Er hat meinen Pass. Ok?",          // 5
        "OK",                               // 6
        "ruf an: 0171 / 39 200-11 bitte",   // 7
        "+49171392001199",                  // 8
        "der Bahnhof, der alte; am Morgen", // 9
        "x",                                // 10
        "50 € für \"alles\"",               // 11
        "หนังสือเดินทางของฉัน",                 // 12
        "🍒 heute",
        "+43 171 39200 11", // 13
    ]);
    for (typed, expected) in [
        ("bahnhof", vec![0, 9]),
        ("*bahnhof*", vec![0, 1, 9]),
        ("ubergabe", vec![1]),
        ("ÜBERGABE", vec![1]),
        ("тети", vec![2]),
        ("护照", vec![3, 4]),
        ("护照被", vec![3]),
        ("照", vec![3, 4]),
        ("*ok*", vec![5, 6]),
        ("*x*", vec![10]),
        ("*8*", vec![0]),
        ("\"am bahnhof\"", vec![0]),
        ("am -bahnhof", vec![1]),
        ("-bahnhof am", vec![1]),
        ("bahnhof OR 护照", vec![0, 3, 4, 9]),
        ("bahnhof *um*", vec![0]),
        ("*ba* *8*", vec![0]),
        ("*ba* NOT *8*", vec![1, 9]),
        ("NOT *a*", vec![2, 3, 4, 6, 8, 10, 12, 13, 14]),
        ("0171 3920011", vec![7]),
        ("+43 171 3920011", vec![7, 14]),
        ("bahnhof NEAR/1 morgen", vec![]),
        ("bahnhof NEAR/4 morgen", vec![9]),
        ("+49 171 39200 11", vec![7]),
        ("00491713920011", vec![7]),
        ("หนังสือ", vec![12]),
        ("🍒", vec![13]),
        ("€", vec![11]),
        ("\"am", vec![]),
        ("pass*", vec![5]),
        ("(bahnhof OR *照*) NOT *alte*", vec![0, 3, 4]),
        ("gibtesnicht", vec![]),
        ("*qz*", vec![]),
        ("bahnhof *qz*", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(
            rows(&built.index, &parsed(typed), &Filter::default()),
            expected,
            "{typed}: {:?}",
            parsed(typed)
        );
    }
}

#[test]
fn a_phrase_does_not_reach_into_another_field() {
    let mut record = message(1, Some(1), "wir sind am Bahnhof");
    if let What::Message(message) = &mut record.what {
        message.subject = Some("Mia".to_owned());
    }
    let built = built(&[record]);
    for (typed, found) in [
        ("\"am bahnhof\"", 1),
        ("\"bahnhof mia\"", 0),
        ("*bahnhofmia*", 0),
        ("mia bahnhof", 1),
        ("bahnhof NEAR/5 mia", 0),
        ("bahnhof NEAR/5 wir", 1),
    ] {
        assert_eq!(rows(&built.index, &parsed(typed), &Filter::default()).len(), found, "{typed}");
    }
}

#[test]
fn names_numbers_and_cards_are_searched() {
    let card = Contact {
        app: "phone".to_owned(),
        names: vec!["Noa Muster".to_owned()],
        identifiers: vec![Identifier {
            kind: IdentifierKind::Phone,
            value: "+44 7700 900123".to_owned(),
            label: None,
        }],
        ..Contact::default()
    };
    let built = built(&[message(1, Some(1), "hallo"), record(2, What::Contact(Box::new(card)))]);
    for (typed, expected) in [
        ("beispiel", 1),
        ("köln", 1),
        ("0171 3920011", 1),
        ("muster", 2),
        ("+447700900123", 2),
        ("00447700900123", 2),
    ] {
        assert_eq!(rows(&built.index, &parsed(typed), &Filter::default()), [expected], "{typed}");
    }
}

#[test]
fn a_hit_says_by_which_rule_and_where() {
    let built = built(&[message(1, Some(1), "Die Übergabe, am Hauptbahnhof: 0171 3920011")]);
    let shown = |typed: &str| {
        let hits = built.index.search(&parsed(typed), &Filter::default(), None, 9).unwrap().hits;
        let line = &hits[0].line;
        let parts = index::searched(&line.record, &[]);
        hits[0]
            .marks
            .iter()
            .map(|mark| {
                assert_eq!(parts[mark.part].field, mark.field);
                (mark.field, parts[mark.part].text[mark.place.clone()].to_owned(), mark.leaf, mark.rule)
            })
            .collect::<Vec<_>>()
    };
    let one = |text: &str, leaf, rule| (Field::Text, text.to_owned(), leaf, rule);
    assert_eq!(shown("ubergabe"), [one("Übergabe", 0, Rule::Word)]);
    assert_eq!(shown("*bahn* *am*"), [one("bahn", 0, Rule::Trigram), one("am", 1, Rule::Scan)]);
    assert_eq!(shown("\"ubergabe am\""), [one("Übergabe, am", 0, Rule::Word)]);
    let numbers = shown("+49 171 3920011");
    assert_eq!(numbers[0], one("0171 3920011", 0, Rule::Number));
    assert_eq!(numbers.last().unwrap().0, Field::Identifier);
    let hits = built.index.search(&parsed("haupt*"), &Filter::default(), None, 9).unwrap().hits;
    let matched = hits[0].matched();
    assert_eq!((matched.len(), matched[0].rule, matched[0].origin), (1, Rule::Word, Origin::Typed));
}

#[test]
fn another_spelling_is_said_to_be_one() {
    let built = index_of(&["Паспорт", "Muenchen"]);
    let query = Query::parse("München", &Settings::default());
    let hits = built.index.search(&query, &Filter::default(), None, 9).unwrap().hits;
    assert_eq!(hits.iter().map(row).collect::<Vec<_>>(), [1]);
    assert_eq!(hits[0].matched()[0].origin, Origin::Umlaut);
}

#[test]
fn nothing_typed_breaks_the_search() {
    let built = index_of(&["Bahnhof", "\" ' * ( ) :"]);
    for typed in
        ["\"", "'", "*", "a\" OR \"b", "text:bahnhof", "^a", "NEAR(", ")", "{x}: y", "\0", "' OR 1=1 --"]
    {
        built.index.search(&parsed(typed), &Filter::default(), None, 9).unwrap();
    }
    assert_eq!(rows(&built.index, &parsed("*\"*"), &Filter::default()), [1]);
}

#[test]
fn long_texts_and_long_terms() {
    let long = "abcdefghij-klmno.".repeat(4000);
    let other = "abcdefghij-klmno:".repeat(4000);
    let built = index_of(&[&long, &other, "kurz"]);
    let term = format!("*{}*", &long[..400]);
    assert_eq!(rows(&built.index, &parsed(&term), &Filter::default()), [0]);
}

/// What a query means, told as simply as can be, for short words and parts only.
fn means(node: &Node, text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    match node {
        Node::Leaf(leaf) => leaf.forms.iter().any(|form| match form.rule {
            Rule::Word => words.contains(&form.text.as_str()),
            _ => text.contains(&form.text),
        }),
        Node::And(nodes) => nodes.iter().all(|node| means(node, text)),
        Node::Or(nodes) => nodes.iter().any(|node| means(node, text)),
        Node::Not(node) => !means(node, text),
        Node::Near(..) => panic!("not made here"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_tables_and_plain_looking_agree(
        texts in proptest::collection::vec("[ab照д]{1,4}( [ab照д]{1,5}){0,3}", 1..30),
        typed in proptest::collection::vec("(\\(|\\)| OR | -|\\*[ab照д]{1,4}\\*|[ab照д]{1,3} | ){1,6}", 6),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let built = index_of(&texts);
        for typed in &typed {
            let query = parsed(typed);
            let Some(root) = &query.root else { continue };
            let expected: Vec<i64> =
                (0..).zip(&texts).filter(|(_, text)| means(root, text)).map(|(row, _)| row).collect();
            prop_assert_eq!(rows(&built.index, &query, &Filter::default()), expected, "{}", typed);
        }
    }
}

#[test]
fn a_long_search_says_where_to_go_on() {
    let mut records: Vec<_> = (0..60_000).map(|row| bare(row, "ab")).collect();
    records.push(bare(60_000, "cd"));
    let built = built(&records);
    let query = parsed("NOT *ab*");
    let first = built.index.search(&query, &Filter::default(), None, 10).unwrap();
    assert!(first.hits.is_empty());
    assert_eq!(first.next, Some(RecordNumber(50_000)));
    assert_eq!(rows(&built.index, &query, &Filter::default()), [60_000]);
}
