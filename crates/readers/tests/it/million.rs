//! A million messages in, a million accounted for, line by line.

use std::fmt::Write;

use model::record::Unit;
use readers::Options;

use crate::honesty;
use crate::reading::read_files;

#[test]
fn a_million_lines_are_accounted_for() {
    const MESSAGES: u64 = 900_000;
    let mut text = String::new();
    let mut lines = 0_u64;
    for number in 0..MESSAGES {
        let (day, minute) = (number / 1440 % 28 + 1, number % 1440);
        let year = 20 + number / 1440 / 28 / 12 % 5;
        let month = number / 1440 / 28 % 12 + 1;
        let (hour, minute) = (minute / 60, minute % 60);
        writeln!(text, "{day:02}.{month:02}.{year}, {hour:02}:{minute:02} - Amsel: erfunden {number}")
            .unwrap();
        lines += 1;
        if number % 9 == 0 {
            text.push_str("zweite Zeile, erfunden\n");
            lines += 1;
        }
    }
    assert_eq!(lines, 1_000_000);
    let read = read_files(
        vec![("WhatsApp Chat mit Amsel.txt".to_owned(), text.into_bytes())],
        &[],
        &Options::default(),
    );
    honesty::check(&read, "a million lines");
    let counted = read.kept.counted.iter().find(|counted| counted.unit == Unit::Line).unwrap();
    assert_eq!((counted.in_source, counted.continuations), (lines, 100_000), "{counted:?}");
    assert_eq!(counted.records + counted.system, MESSAGES, "{counted:?}");
    assert_eq!(read.kept.records.len() as u64, MESSAGES);
}
