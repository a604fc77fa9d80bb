//! Random chats, written in random forms, come back as the same messages, and every line is accounted for;
//! what is no chat is not taken for one; long messages stay whole.

use model::Date;
use model::record::{Message, What};
use proptest::prelude::*;
use readers::Options;

use crate::honesty;
use crate::reading::read_files;

/// A message that was invented by chance.
#[derive(Clone, Debug)]
struct Invented {
    minutes: i64,
    second: i64,
    sender: usize,
    lines: Vec<String>,
}

const SENDERS: [&str; 4] = ["Anna Erfunden", "Bogdan: der Zweite", "Chipo 🙂", "محمد"];

/// How a phone writes date and time; whether it writes seconds.
type Form = (fn(Clock) -> String, bool);

#[derive(Clone, Copy)]
struct Clock {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Clock {
    fn twelve(self) -> i64 {
        (self.hour + 11) % 12 + 1
    }

    fn half<'h>(self, morning: &'h str, afternoon: &'h str) -> &'h str {
        if self.hour < 12 { morning } else { afternoon }
    }
}

fn digits(text: &str, zero: char) -> String {
    let digit =
        |c: char| c.to_digit(10).and_then(|value| char::from_u32(u32::from(zero) + value)).unwrap_or(c);
    text.chars().map(digit).collect()
}

const FORMS: [Form; 12] = [
    (|c| format!("{:02}.{:02}.{:02}, {:02}:{:02} - ", c.day, c.month, c.year % 100, c.hour, c.minute), false),
    (
        |c| {
            format!(
                "{}/{}/{:02}, {}:{:02}\u{202f}{} - ",
                c.month,
                c.day,
                c.year % 100,
                c.twelve(),
                c.minute,
                c.half("AM", "PM")
            )
        },
        false,
    ),
    (|c| format!("{:02}/{:02}/{}, {:02}:{:02} - ", c.day, c.month, c.year, c.hour, c.minute), false),
    (|c| format!("{}-{:02}-{:02} {:02} h {:02} - ", c.year, c.month, c.day, c.hour, c.minute), false),
    (|c| format!("{:02}-{:02}-{} {:02}:{:02} - ", c.day, c.month, c.year, c.hour, c.minute), false),
    (
        |c| {
            format!(
                "{}년 {}월 {}일 {} {}:{:02} - ",
                c.year,
                c.month,
                c.day,
                c.half("오전", "오후"),
                c.twelve(),
                c.minute
            )
        },
        false,
    ),
    (|c| format!("{}. {:02}. {:02}. {:02}:{:02} - ", c.year, c.month, c.day, c.hour, c.minute), false),
    (
        |c| {
            format!(
                "[{}/{}/{:02}, {:02}:{:02}:{:02}] ",
                c.month,
                c.day,
                c.year % 100,
                c.hour,
                c.minute,
                c.second
            )
        },
        true,
    ),
    (
        |c| {
            format!(
                "[{:02}:{:02}:{:02}, {}/{}/{:02}] ",
                c.hour,
                c.minute,
                c.second,
                c.day,
                c.month,
                c.year % 100
            )
        },
        true,
    ),
    (|c| format!("[{}.{}.{} klo {}.{:02}.{:02}] ", c.day, c.month, c.year, c.hour, c.minute, c.second), true),
    (
        |c| {
            format!("[{}/{}/{} {:02}:{:02}:{:02}] ", c.day, c.month, c.year + 543, c.hour, c.minute, c.second)
        },
        true,
    ),
    (
        |c| {
            let half = c.half("ص", "م");
            let text = format!(
                "[{}\u{200f}/{}\u{200f}/{}، {}:{:02}:{:02}\u{a0}{half}] ",
                c.day,
                c.month,
                c.year,
                c.twelve(),
                c.minute,
                c.second
            );
            digits(&text, '٠')
        },
        true,
    ),
];

fn clock(minutes: i64, second: i64) -> Clock {
    let date = Date { days: minutes.div_euclid(1440) }.to_string();
    let part = |at: usize| date.split('-').nth(at).unwrap().parse().unwrap();
    let minute = minutes.rem_euclid(1440);
    Clock { year: part(0), month: part(1), day: part(2), hour: minute / 60, minute: minute % 60, second }
}

fn message() -> impl Strategy<Value = Invented> {
    let line = "[a-zA-Zäß €🙂\"'<>()/.,!?:-]{0,40}|[^\\r\\n\\x00]{0,20}";
    let lines =
        prop::collection::vec(line.prop_map(|text| format!("t{}", text.replace(['\r', '\n'], " "))), 1..4);
    (0..3000_i64, 0..60_i64, 0..SENDERS.len(), lines).prop_map(|(minutes, second, sender, lines)| Invented {
        minutes,
        second,
        sender,
        lines,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_messages_come_back(
        form in 0..FORMS.len(),
        start in 20_600_000..28_500_000_i64,
        crlf in any::<bool>(),
        mut messages in prop::collection::vec(message(), 2..40),
    ) {
        let (write, seconds) = FORMS[form];
        // A name with `: ` in it cannot be told from text, and is left out here.
        for message in &mut messages {
            if message.sender == 1 {
                message.sender = 0;
            }
        }
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = String::new();
        let mut expected = Vec::new();
        let mut now = start;
        // The twenty-eighth of a month decides the order of day and month.
        let first = Invented { minutes: 0, second: 0, sender: 0, lines: vec!["first".to_owned()] };
        while clock(now, 0).day != 28 {
            now += 1440;
        }
        messages.insert(0, first);
        let mut lines = 0;
        for message in &messages {
            now += message.minutes;
            let second = if seconds { message.second } else { 0 };
            text.push_str(&write(clock(now, second)));
            text.push_str(SENDERS[message.sender]);
            text.push_str(": ");
            text.push_str(&message.lines.join(end));
            text.push_str(end);
            lines += message.lines.len() as u64;
            let sent_ms = (now * 60 + second) * 1000;
            expected.push((SENDERS[message.sender].to_owned(), message.lines.join("\n"), sent_ms));
        }
        let read = read_files(vec![("_chat.txt".to_owned(), text.into_bytes())], &[], &Options::default());
        honesty::check(&read, "random");
        let found: Vec<(String, String, i64)> = read.kept.records.iter().map(|record| {
            let What::Message(message) = &record.what else { panic!("no message") };
            let Message { sender, text, sent, .. } = &**message;
            let sent = sent.as_ref().unwrap();
            assert_eq!(sent.second_ms, None, "{sent:?}");
            let name = sender.clone().unwrap_or_default().name.unwrap_or_default();
            (name, text.clone().unwrap_or_default(), sent.first_ms.unwrap())
        }).collect();
        prop_assert_eq!(found, expected);
        let counted = &read.kept.counted[0];
        prop_assert_eq!(counted.in_source, lines);
        prop_assert_eq!(counted.records, messages.len() as u64);
    }
}

fn reader(name: &str, text: &str) -> &'static str {
    let read = read_files(vec![(name.to_owned(), text.as_bytes().to_vec())], &[], &Options::default());
    honesty::check(&read, name);
    read.units[0].0
}

#[test]
fn other_texts_are_no_chats() {
    let others = [
        ("server.txt", "2024-03-15 10:00:00 - INFO: started\n2024-03-15 10:00:01 - ERROR: failed\n"),
        (
            "laravel.txt",
            "[2024-03-15 10:00:00] local.ERROR: a {\"a\":1}\n[2024-03-15 10:00:01] local.INFO: b\n",
        ),
        ("app.txt", "2024-03-15 10:00:00: worker: started\n2024-03-15 10:00:05: worker: ended\n"),
        (
            "python.txt",
            "2024-03-15 10:00:00,123 - root - DEBUG - x: y\n2024-03-15 10:00:00,124 - root - x: y\n",
        ),
        (
            "film.txt",
            "1\n00:00:01,000 --> 00:00:04,000\nAnna: Hallo\n\n2\n00:00:05,000 --> 00:00:07,000\nja\n",
        ),
        ("table.txt", "date,time,name\n14.03.24,10:00,Anna\n15.03.24,10:01,Bob\n"),
        ("letter.txt", "Berlin, 14.03.24\n\nLiebe Anna,\n\num 10:00 - pünktlich: am Bahnhof.\n"),
        ("empty.txt", ""),
    ];
    for (name, text) in others {
        assert_eq!(reader(name, text), "opaque", "{name}");
    }
    assert_eq!(reader("chat.md", "14.03.24, 10:00 - Anna: a\n14.03.24, 10:01 - Bob: b\n"), "opaque");
}

#[test]
fn chats_under_any_name_are_chats() {
    let two = "14.03.24, 10:00 - Anna Erfunden: a\n14.03.24, 10:01 - Bob Invented: b\n";
    assert_eq!(reader("mein chat.txt", two), "whatsapp_txt");
    assert_eq!(reader("_chat.txt", "[14.03.24, 10:00:00] Anna Erfunden: nur eine Zeile\r\n"), "whatsapp_txt");
    assert_eq!(reader("abc.TXT", &format!("Kopfzeile\n\n{two}")), "whatsapp_txt");
}

#[test]
fn a_message_of_a_megabyte_stays_whole() {
    let long = "Satz ohne Ende ".repeat(70_000);
    let lines = "noch eine Zeile\n".repeat(70_000);
    let text = format!("14.03.24, 10:00 - Anna Erfunden: {long}\n14.03.24, 10:01 - Bob Invented: {lines}");
    let read = read_files(vec![("_chat.txt".to_owned(), text.into_bytes())], &[], &Options::default());
    honesty::check(&read, "long");
    let lengths = read.kept.records.iter().map(|record| match &record.what {
        What::Message(message) => message.text.as_ref().unwrap().len(),
        _ => 0,
    });
    assert_eq!(lengths.collect::<Vec<_>>(), [long.len(), lines.len() - 1]);
    assert_eq!(read.kept.problems, []);
}
