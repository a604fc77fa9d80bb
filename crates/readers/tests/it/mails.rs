//! Mails that are many, nested or written to cost time: what is read stays bounded, and says where it stops.

use std::fmt::Write as _;

use model::ReadLimits;
use model::record::{ProblemKind, What};
use readers::Options;

use crate::honesty;
use crate::reading::{Read, read_files, read_within};

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Read {
    let read = read_files(vec![(name.to_owned(), bytes.into())], &[], &Options::default());
    honesty::check(&read, name);
    read
}

fn mails(read: &Read) -> usize {
    read.kept.records.iter().filter(|record| matches!(record.what, What::Message(_))).count()
}

/// A mailbox of invented mails.
fn mailbox(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(
            text,
            "From {number}@xxx Mon Jan 06 10:00:00 +0000 2025\nFrom: mara@erfunden.example\n\
             Date: Mon, 6 Jan 2025 10:00:00 +0000\nMessage-ID: <{number}@erfunden.example>\n\
             Subject: invented {number}\n\nText number {number}.\n"
        )
        .unwrap();
    }
    text
}

#[test]
fn every_mail_of_a_mailbox_is_a_record_in_its_order() {
    let read = read("Alle.mbox", mailbox(1_200));
    assert_eq!(mails(&read), 1_200);
    let subjects = read.kept.records.iter().filter_map(|record| match &record.what {
        What::Message(message) => message.subject.clone(),
        _ => None,
    });
    assert!(subjects.enumerate().all(|(number, subject)| subject == format!("invented {number}")));
}

#[test]
fn a_mail_over_the_limit_gives_what_fits() {
    let mail = format!("From: a@erfunden.example\nSubject: long\n\n{}", "text\n".repeat(1_000));
    let limits = ReadLimits { unit_bytes: 1_000, ..ReadLimits::DEFAULT };
    let read = read_within(vec![("lang.eml".to_owned(), mail.into())], &[], &Options::default(), limits);
    honesty::check(&read, "over the limit");
    let [record] = read.kept.records.as_slice() else { panic!("{:?}", read.kept) };
    let What::Message(message) = &record.what else { panic!("{record:?}") };
    assert_eq!(message.subject.as_deref(), Some("long"));
    assert!(message.text.as_ref().is_some_and(|text| text.len() < 1_000));
    assert!(read.kept.problems.iter().all(|problem| problem.kind == ProblemKind::Limit));
}

#[test]
fn mails_in_mails_end_at_the_depth_of_containers() {
    let mut mail = String::new();
    for level in 0..100_000 {
        write!(mail, "From: a@erfunden.example\nContent-Type: message/rfc822\nX: {level}\n\n").unwrap();
    }
    let read = read("tief.eml", mail);
    assert_eq!(mails(&read), 8);
    assert!(read.kept.problems.iter().any(|problem| problem.kind == ProblemKind::Limit));
}

#[test]
fn parts_without_end_stop_at_a_limit() {
    let mut mail = "From: a@erfunden.example\nContent-Type: multipart/mixed; boundary=b\n\n".to_owned();
    mail.push_str(&"--b\nContent-Type: image/png\n\nx\n".repeat(20_000));
    let read = read("viele.eml", mail);
    assert_eq!(mails(&read), 1);
    assert!(read.kept.problems.iter().any(|problem| problem.kind == ProblemKind::Limit));
    assert!(read.kept.records.len() < 3_000);
}

#[test]
fn fields_written_to_cost_time_are_read_in_little() {
    let long = |piece: &str| piece.repeat((1 << 20) / piece.len());
    for (name, piece) in [
        ("Subject", "=?"),
        ("Subject", "=?utf-8?q?"),
        ("Subject", "=?utf-8?b?QQ==?= "),
        ("From", "=?utf-8?q?a"),
        ("To", "(\""),
        ("To", "a@b.example,"),
        ("To", "g:"),
        ("Received", "from a by b ("),
        ("References", "<a"),
        ("Date", "(Mon, "),
        ("Content-Type", "a/b;a=\""),
        ("Content-Type", "a/b; a*0*=b'c'd;"),
        ("Content-Type", ";a=b"),
    ] {
        let mail = format!("X-A: 1\nFrom: a@erfunden.example\n{name}: {}\n\ntext\n", long(piece));
        let begun = std::time::Instant::now();
        let read = read("lang.eml", mail);
        let took = begun.elapsed();
        println!("{name}: {piece:?} {took:?}");
        assert_eq!(mails(&read), 1, "{name} {piece}");
        assert!(took.as_secs() < 60, "{name} {piece}");
    }
}
