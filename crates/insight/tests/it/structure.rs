//! Rules of structure: what they tell, and ordinary talk that looks alike. Everything is invented.

use index::{ChatNumber, Cursor, PartyNumber, RecordNumber};
use insight::structure::{Asks, Moment, MomentSort, StructureHint, Watch};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A talk: time, sender, sort, whether it asks, codes.
fn told(
    talk: impl IntoIterator<Item = (i64, i64, MomentSort, bool, &'static [&'static str])>,
) -> Vec<StructureHint> {
    let (mut watch, mut found) = (Watch::default(), Vec::new());
    for (number, (at, sender, sort, asks, codes)) in (1..).zip(talk) {
        let moment = Moment {
            cursor: Cursor { order_ms: at, number: RecordNumber(number) },
            at_ms: Some(at),
            chat: (sort != MomentSort::UnansweredCall).then_some(ChatNumber(1)),
            sender: Some(PartyNumber(sender)),
            sort,
            asks: if asks { Asks::Yes } else { Asks::No },
            codes,
        };
        watch.see(&moment, &mut found);
    }
    found
}

fn rules(found: &[StructureHint]) -> Vec<&str> {
    found.iter().map(|hint| hint.rule).collect()
}

#[test]
fn twelve_questions_a_day_are_told_once_with_their_numbers() {
    let found = told((0..12).map(|n| (9 * HOUR + n * 40 * MINUTE, 1, MomentSort::Words, true, &[][..])));
    assert_eq!(rules(&found), ["repetition"]);
    let facts = &found[0].facts;
    assert_eq!((facts.count, facts.records.len(), found[0].code.as_str()), (8, 8, "monitor.location"));
    assert!(facts.from_ms < facts.until_ms);
}

#[test]
fn a_mother_every_evening_and_friends_who_look_for_each_other_are_ordinary() {
    let mother = (0..60).map(|day| (day * DAY + 20 * HOUR, 1, MomentSort::Words, true, &[][..]));
    assert_eq!(told(mother), []);
    let friends = (0..6).map(|n| (19 * HOUR + n * 7 * MINUTE, n % 3, MomentSort::Words, true, &[][..]));
    assert_eq!(told(friends), []);
}

#[test]
fn a_couple_with_many_messages_is_ordinary() {
    let sort = |n: i64| if n % 9 == 0 { MomentSort::Shows } else { MomentSort::Words };
    let talk = (0..2_000).map(|n| (n * 7 * MINUTE, n % 2, sort(n), n % 200 == 0, &[][..]));
    assert_eq!(told(talk), []);
}

#[test]
fn nights_count_and_evenings_do_not() {
    let night = (0..6).map(|day| (day * DAY + 2 * HOUR, 1, MomentSort::Words, true, &[][..]));
    assert_eq!(rules(&told(night)), ["night"]);
    let evening = (0..30).map(|day| (day * DAY + 21 * HOUR, 1, MomentSort::Words, true, &[][..]));
    assert_eq!(told(evening), []);
}

#[test]
fn pictures_right_after_the_question() {
    let duty = (0..6).flat_map(|n| {
        let at = n * DAY + 12 * HOUR;
        [(at, 1, MomentSort::Words, true, &[][..]), (at + 3 * MINUTE, 2, MomentSort::Shows, false, &[][..])]
    });
    assert_eq!(rules(&told(duty)), ["proof"]);
    let holiday = (0..40).map(|n| (n * HOUR, n % 2, MomentSort::Shows, false, &[][..]));
    assert_eq!(told(holiday), []);
}

#[test]
fn calls_without_end_and_one_emergency() {
    let flood = (0..12).map(|n| (n * 3 * MINUTE, 1, MomentSort::UnansweredCall, false, &[][..]));
    assert_eq!(rules(&told(flood)), ["calls"]);
    let emergency = (0..5).map(|n| (n * 2 * MINUTE, 1, MomentSort::UnansweredCall, false, &[][..]));
    assert_eq!(told(emergency), []);
}

#[test]
fn threats_that_grow_over_three_weeks() {
    const THREAT: &[&str] = &["threaten.family"];
    let week = |week: i64, count: i64| {
        (0..count).map(move |n| (week * 7 * DAY + n * HOUR, 1, MomentSort::Words, false, THREAT))
    };
    let growing: Vec<_> = week(10, 1).chain(week(11, 2)).chain(week(12, 4)).collect();
    let found = told(growing);
    assert_eq!(rules(&found), ["escalation"]);
    assert_eq!((found[0].code.as_str(), found[0].facts.count), ("threaten.family", 7));
    let level: Vec<_> = week(10, 3).chain(week(11, 3)).chain(week(12, 3)).collect();
    assert_eq!(told(level), []);
}

#[test]
fn a_new_number_after_a_block_needs_a_hint_of_its_own() {
    let block = (HOUR, 9, MomentSort::Block, false, &[][..]);
    let with = [block, (2 * HOUR, 5, MomentSort::Words, false, &["after.search"][..])];
    assert_eq!(rules(&told(with)), ["number"]);
    let without = [block, (2 * HOUR, 5, MomentSort::Words, false, &[][..])];
    assert_eq!(told(without), []);
    let late = [block, (200 * HOUR, 5, MomentSort::Words, false, &["after.search"][..])];
    assert_eq!(told(late), []);
}

#[test]
fn many_voices_cost_little_memory_and_nothing_panics() {
    let talk = (0..200_000).map(|n| (n * 1_000, n, MomentSort::Words, n % 3 == 0, &[][..]));
    assert_eq!(told(talk), []);
}
