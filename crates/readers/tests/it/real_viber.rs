//! A real `viber_data` of 2022 (plaso's test data): four calls, five contacts.

use model::record::{CallMedium, Direction, What};

use crate::real_ios_sms::shared;

#[test]
fn four_calls_and_the_phone_book() {
    let Some(read) = shared("plaso/test_data/android/viber_data", "viber_data") else { return };
    assert_eq!(read.units.first().unwrap().0, "viber_android_data");
    let mut calls = Vec::new();
    let mut contacts = Vec::new();
    for record in &read.kept.records {
        match &record.what {
            What::Call(call) => calls.push(call),
            What::Contact(contact) => contacts.push(contact),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(calls.len(), 4);
    let seen: Vec<_> =
        calls.iter().map(|call| (call.direction, call.medium, call.duration_seconds)).collect();
    assert_eq!(
        seen,
        [
            (Direction::Incoming, CallMedium::Voice, Some(98)),
            (Direction::Outgoing, CallMedium::Voice, Some(100)),
            (Direction::Incoming, CallMedium::Video, Some(95)),
            (Direction::Outgoing, CallMedium::Video, Some(105)),
        ]
    );
    assert_eq!(calls[0].began.as_ref().unwrap().first_ms, Some(1_669_408_465_582));
    // Five of the phone book, and one who uses Viber.
    assert_eq!(contacts.len(), 6);
    let numbers: usize = contacts.iter().map(|contact| contact.identifiers.len()).sum();
    assert_eq!(numbers, 7);
    assert!(read.kept.problems.is_empty(), "{:?}", read.kept.problems);
}
