//! Rules of structure: what they tell, and ordinary talk that looks alike. Everything is invented.

use index::{ChatNumber, Cursor, PartyNumber, RecordNumber};
use insight::structure::{Asks, Moment, MomentSort, StructureHint, Watch, When};

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
            at: When::At(at),
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
    const DEMAND: &[&str] = &["monitor.proof"];
    let demanded = (0..6).map(|day| (day * DAY + 2 * HOUR, 1, MomentSort::Words, false, DEMAND));
    assert_eq!(rules(&told(demanded)), ["night"]);
    let hourly = (0..30)
        .filter(|n| n % 5 < 3)
        .map(|n| (n / 5 * DAY + (n % 5) * HOUR, 1, MomentSort::Words, true, &[][..]));
    assert_eq!(rules(&told(hourly)), ["night"]);
    // A partner of a shift worker, or a father who waits: one plain question a night.
    let waiting = (0..60).map(|day| (day * DAY + 2 * HOUR, 1, MomentSort::Words, true, &[][..]));
    assert_eq!(told(waiting), []);
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
    let flood = |from: i64, count: i64| {
        (0..count).map(move |n| (from + n * 2 * MINUTE, 1, MomentSort::UnansweredCall, false, &[][..]))
    };
    let found = told(flood(0, 12).chain(flood(3 * DAY, 12)));
    assert_eq!(rules(&found), ["calls"]);
    assert!(found[0].facts.count >= 20 && found[0].facts.until_ms > 3 * DAY, "{found:?}");
    assert_eq!(rules(&told(flood(0, 25))), ["calls"]);
    // A friend who worries after days of silence, once; and the same again half a year later.
    assert_eq!(told(flood(0, 14)), []);
    assert_eq!(told(flood(0, 14).chain(flood(180 * DAY, 14))), []);
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

#[test]
fn questions_within_an_hour_or_in_both_directions_are_ordinary() {
    // Two who do not find each other in a crowd.
    let crowd = (0..20).map(|n| (19 * HOUR + n * 4 * MINUTE, 1, MomentSort::Words, true, &[][..]));
    assert_eq!(told(crowd), []);
    // A couple with 200 messages a day, each asking what the other does ten times a day.
    let couple = (0..200 * 60).map(|n| {
        let (day, of_day) = (n / 200, n % 200);
        (day * DAY + 8 * HOUR + of_day * 4 * MINUTE, n % 2, MomentSort::Words, of_day % 20 < 2, &[][..])
    });
    assert_eq!(told(couple), []);
    // They answer with pictures, both of them.
    let pictures = (0..40).flat_map(|n| {
        let at = n / 2 * DAY + (12 + n % 2) * HOUR;
        [
            (at, n % 2, MomentSort::Words, true, &[][..]),
            (at + MINUTE, 1 - n % 2, MomentSort::Shows, false, &[][..]),
        ]
    });
    assert_eq!(told(pictures), []);
}

#[test]
fn who_asks_whom_is_told_once_as_counts() {
    let talk = (0..20 * 40).map(|n| {
        let (day, of_day) = (n / 40, n % 40);
        let asks = matches!(of_day, 4 | 14 | 30) || (day, of_day) == (3, 7);
        (day * DAY + 8 * HOUR + of_day * 10 * MINUTE, n % 2, MomentSort::Words, asks, &[][..])
    });
    let found = told(talk);
    assert_eq!(rules(&found), ["questions"]);
    let facts = &found[0].facts;
    assert_eq!((facts.count, facts.other, facts.records.len()), (40, Some(1), 20));
}

#[test]
fn a_group_that_plans_a_party_is_left_out_and_counted() {
    let mut watch = Watch::default();
    let mut found = Vec::new();
    for n in 0..400_i64 {
        let at = n * 10 * MINUTE;
        let moment = Moment {
            cursor: Cursor { order_ms: at, number: RecordNumber(n) },
            at: if n % 50 == 49 { When::Either } else { When::At(at) },
            chat: Some(ChatNumber(1)),
            // One of them organises it and asks all the time.
            sender: Some(PartyNumber(if n % 2 == 0 { 1 } else { n % 5 })),
            sort: MomentSort::Words,
            asks: if n > 5 && n % 2 == 0 { Asks::Yes } else { Asks::No },
            codes: &[],
        };
        watch.see(&moment, &mut found);
    }
    assert_eq!(found, []);
    let left_out = watch.left_out();
    assert_eq!((left_out.either_time, left_out.without_time), (8, 0));
    assert!(left_out.in_groups > 380, "{left_out:?}");
}

#[test]
fn deleted_after_a_threat_time_and_again() {
    const THREAT: &[&str] = &["threaten.exposure"];
    const DELETE: &[&str] = &["access.deleted"];
    let taken_back = (0..4).flat_map(|n| {
        let at = n * 2 * DAY + 21 * HOUR;
        [(at, 1, MomentSort::Words, false, THREAT), (at + MINUTE, 1, MomentSort::Deleted, false, &[][..])]
    });
    assert_eq!(rules(&told(taken_back)), ["deleted"]);
    let told_to = [
        (HOUR, 1, MomentSort::Words, false, DELETE),
        (2 * HOUR, 2, MomentSort::Deleted, false, &[][..]),
        (3 * HOUR, 2, MomentSort::Deleted, false, &[][..]),
        (4 * HOUR, 2, MomentSort::Deleted, false, &[][..]),
    ];
    assert_eq!(rules(&told(told_to)), ["deleted"]);
    // Slips of the finger all day long, without anything before them.
    let slips = (0..50).map(|n| (n * HOUR, n % 2, MomentSort::Deleted, false, &[][..]));
    assert_eq!(told(slips), []);
}
