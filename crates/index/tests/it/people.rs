//! Everything around somebody: what they sent, where they are named, what stands in a chat of two with them.

use std::collections::BTreeSet;

use index::{Filter, Index, PartyKey, PartyNumber, party_key};
use model::Digest;
use model::record::{ChatKind, ChatRef, Direction, Message, Party, Record, TimeReading, What};
use proptest::prelude::*;

use crate::given::{built, call, message, party, record};

/// Numbers of the records on pages of this length.
fn found(index: &Index, filter: &Filter, limit: usize) -> Vec<i64> {
    let (mut numbers, mut after) = (Vec::new(), None);
    loop {
        let page = index.page(filter, after, limit).unwrap();
        numbers.extend(page.lines.iter().map(|line| line.number.0));
        after = page.next;
        if after.is_none() {
            return numbers;
        }
    }
}

/// The same by search: every text holds this word.
fn searched(index: &Index, filter: &Filter) -> BTreeSet<i64> {
    let query = text::Query::parse("wort", &text::Settings::default());
    let hits = index.search(&query, filter, None, 1000).unwrap().hits;
    hits.iter().map(|hit| hit.line.number.0).collect()
}

fn direct(row: i64, ms: i64, chat: &str, sender: Option<Party>) -> Record {
    let message = Message {
        app: "whatsapp".to_owned(),
        chat: ChatRef { id: chat.to_owned(), name: None, kind: ChatKind::Direct },
        direction: if sender.is_some() { Direction::Incoming } else { Direction::Outgoing },
        sender,
        sent: Some(TimeReading::unix_ms(ms)),
        text: Some("wort".to_owned()),
        ..Message::default()
    };
    record(row, What::Message(Box::new(message)))
}

#[test]
fn the_key_finds_them_and_tells_who_it_is() {
    let built = built(&[message(1, Some(1), "eins"), call(2, 2, "Noa Muster")]);
    let parties = built.index.parties(None, 10).unwrap();
    for seen in &parties {
        let who = Party { id: seen.source_id.clone(), name: seen.name.clone() };
        assert_eq!(seen.key, party_key(Digest([3; 32]), &seen.app, &who));
        assert_eq!(built.index.party(seen.key).unwrap().as_ref(), Some(seen));
    }
    assert_eq!(built.index.party(PartyKey([0; 16])).unwrap(), None);
}

#[test]
fn everything_around_somebody_in_the_order_of_time() {
    let mia = || Some(party("Mia", "mia@wa"));
    let mut quoting = message(5, Some(15), "wort");
    if let What::Message(message) = &mut quoting.what {
        message.recipients = vec![party("Noa", "noa@wa"), party("Noa", "noa@wa")];
        message.quoted = Some(model::record::Quoted { sender: mia(), ..model::record::Quoted::default() });
    }
    let built = built(&[
        direct(1, 30, "mia@wa", mia()),
        direct(2, 20, "mia@wa", None),
        direct(3, 10, "noa@wa", None),
        message(4, Some(5), "wort"),
        quoting,
        direct(6, 40, "noa@wa", Some(party("Noa", "noa@wa"))),
        call(7, 1, "Noa Muster"),
    ]);
    let of = |names: &[&str]| {
        let parties = built.index.parties(None, 20).unwrap();
        let parties = parties.iter().filter(|seen| names.contains(&seen.name.as_deref().unwrap()));
        let filter = Filter { parties: parties.map(|seen| seen.number).collect(), ..Filter::default() };
        let all = found(&built.index, &filter, 100);
        for limit in 1..4 {
            assert_eq!(found(&built.index, &filter, limit), all);
        }
        all
    };
    assert_eq!(of(&["Mia"]), [5, 2, 1]);
    assert_eq!(of(&["Noa"]), [3, 5, 6]);
    assert_eq!(of(&["Noa", "Noa Muster", "Mia"]), [7, 3, 5, 2, 1, 6]);
    let nobody = Filter { parties: vec![PartyNumber(99)], ..Filter::default() };
    assert!(found(&built.index, &nobody, 5).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn pages_and_search_agree_with_plain_looking(
        given in proptest::collection::vec((0_usize..150, 0_usize..4, 0_i64..9, any::<bool>()), 1..60),
        wanted in proptest::collection::btree_set(0_usize..4, 1..3),
        range in proptest::option::of((0_i64..9, 0_i64..9)),
    ) {
        let who = |at: usize| party("Wer", &format!("{at}@wa"));
        let records: Vec<_> = (0..).zip(&given).map(|(row, (chat, sender, ms, out))| {
            let chat = if *chat < 75 { format!("{}@wa", chat % 4) } else { format!("chat {chat}") };
            direct(row, *ms, &chat, (!*out).then(|| who(*sender)))
        }).collect();
        let built = built(&records);
        let parties = built.index.parties(None, 20).unwrap();
        let wanted: Vec<_> = parties.iter()
            .filter(|seen| wanted.iter().any(|at| Some(format!("{at}@wa")) == seen.source_id)).collect();
        prop_assume!(!wanted.is_empty());
        let is_wanted = |id: &str| wanted.iter().any(|seen| seen.source_id.as_deref() == Some(id));
        let time = range.map(|(from_ms, until_ms)| index::TimeRange { from_ms, until_ms });
        let chats: BTreeSet<_> = records.iter().filter_map(|record| match &record.what {
            What::Message(message) => {
                let sender = message.sender.as_ref().and_then(|sender| sender.id.clone());
                (is_wanted(&message.chat.id) || sender.is_some_and(|id| is_wanted(&id)))
                    .then(|| message.chat.id.clone())
            }
            _ => None,
        }).collect();
        let mut expected: Vec<(i64, i64)> = (1..).zip(&records).filter_map(|(number, record)| {
            let What::Message(message) = &record.what else { return None };
            let ms = message.sent.as_ref().unwrap().first_ms.unwrap();
            let within = time.is_none_or(|range| range.from_ms <= ms && ms < range.until_ms);
            (within && chats.contains(&message.chat.id)).then_some((ms, number))
        }).collect();
        expected.sort_unstable();
        let expected: Vec<i64> = expected.into_iter().map(|(_, number)| number).collect();
        let parties = wanted.iter().map(|seen| seen.number).collect();
        let filter = Filter { parties, time, ..Filter::default() };
        prop_assert_eq!(&found(&built.index, &filter, 7), &expected);
        prop_assert_eq!(searched(&built.index, &filter), expected.into_iter().collect());
    }
}
