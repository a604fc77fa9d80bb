//! A real `mmssms.db` of 2013 (plaso's test data): nine text messages.

use model::record::{Direction, What};

use crate::real_ios_sms::shared;

#[test]
fn nine_messages_of_2013() {
    let Some(read) = shared("plaso/test_data/android/mmssms.db", "mmssms.db") else { return };
    let messages: Vec<_> = read
        .kept
        .records
        .iter()
        .filter_map(|record| if let What::Message(message) = &record.what { Some(message) } else { None })
        .collect();
    assert_eq!((messages.len(), read.kept.records.len()), (9, 9));
    let outgoing = messages.iter().filter(|message| message.direction == Direction::Outgoing).count();
    assert_eq!(outgoing, 5);
    assert_eq!(messages[2].text.as_deref(), Some("What message?"));
    assert_eq!(messages[2].sent.as_ref().unwrap().raw, "1383066340000");
    assert_eq!(messages[2].times[0].1.raw, "1383066341303");
    assert!(read.kept.problems.is_empty(), "{:?}", read.kept.problems);
}
