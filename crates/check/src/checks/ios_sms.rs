//! Messages of iPhones (`sms.db`): links in them, attachments in odd places, Apple's own warning.
//!
//! Looked through are the text, the text in `attributedBody` (iOS 16 and later often have nothing else), the
//! subject, what apps and previews added, earlier texts of edited messages, and names of attachments. Schema
//! from the reader `ios_sms.rs`. The attachment path is the one that MVT (2026) describes of attacks on
//! iMessage; the warning's words are those of Apple's notices of 2021 and 2023 as published. Deliberately not
//! read: deleted rows, and whether a warning really came from Apple.

use std::ops::ControlFlow;

use memchr::memmem;
use model::record::{Place, ProblemKind};
use source::tree::Candidate;
use sqlite::{ColumnNumber, Database, Row, Table, Value};

use crate::address_tables::{in_bytes, in_words, sum};
use crate::database::{self, TableRead, apple_time, clipped, text};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Sign, Trace, TraceKind};

/// `sms.db`.
pub(crate) struct IosSms;

const NAMES: &[&str] = &["sms.db", "chat.db", "3d0d7e5fb2ce288813306e4d4636395e047a3d28"];

/// How Apple's warnings begin, in small letters.
const WARNINGS: [&str; 3] = [
    "alert: state-sponsored attackers may be targeting your iphone",
    "alert: apple detected a targeted mercenary spyware attack against your iphone",
    "alert: apple detected that you are being targeted by a mercenary spyware attack",
];

impl Check for IosSms {
    fn name(&self) -> &'static str {
        "ios_sms"
    }

    fn about(&self) -> About {
        About {
            title: "Messages of iPhone: links, odd attachments, Apple's warning (sms.db)",
            platform: Platform::Ios,
            covers: "SMS, iMessage and RCS since iOS 9: texts, also those only in attributedBody; subjects, \
                     previews, edited texts, attachments",
            leaves_out: "deleted rows; whether a warning really came from Apple",
            answers: &[Question::MessageLinks],
            source: "the reader ios_sms of this program; MVT (2026); Apple's published notices",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        database::is_named(candidate, NAMES)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
        let whole = input.seen(Place::Whole);
        let wholly = database::condition(&database, input.file, sink)?;
        let Some(table) = database.table("message") else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a table of messages", "");
        };
        let mut reads = vec![messages((&database, table), input, sink)?];
        if let Some(table) = database.table("attachment") {
            reads.push(attachments((&database, table), input, sink)?);
        }
        let (wholly, rows) = sum(&reads, wholly);
        sink.looked(&whole, Question::MessageLinks, wholly, rows)
    }
}

fn messages(
    (database, table): (&Database, &Table),
    input: &Input<'_>,
    sink: &mut dyn FactSink,
) -> ControlFlow<(), TableRead> {
    let columns = Columns::of(table);
    database::each_row((database, table, input.file), sink, &mut |row, sink| {
        let mut flow = Flow::Continue(());
        columns.links(row, &mut |link| {
            if flow.is_continue() {
                let seen = input.seen(Place::row("message", row.rowid()));
                let at = apple_time(row, columns.date);
                let (kind, at) = (TraceKind::Link, at.as_ref());
                flow = sink.trace(&Trace { kind, value: link, at, app: None, seen: &seen });
            }
        });
        flow?;
        if columns.is_warning(row) {
            let from = row.integer(columns.handle).and_then(|handle| handle_of(database, handle));
            let what = from.unwrap_or_else(|| "sender not told".to_owned());
            let seen = input.seen(Place::row("message", row.rowid()));
            let name = "apple-warning-message".to_owned();
            let at = apple_time(row, columns.date);
            sink.says(&seen, Sign { name, app: None, what, at })?;
        }
        Flow::Continue(())
    })
}

/// The address behind the number of a sender.
fn handle_of(database: &Database, handle: i64) -> Option<String> {
    let table = database.table("handle")?;
    let found = database.row(table, handle).ok().flatten()?;
    text(&found.row(), table.column("id"))
}

struct Columns {
    text: Option<ColumnNumber>,
    attributed: Option<ColumnNumber>,
    subject: Option<ColumnNumber>,
    payload: Option<ColumnNumber>,
    summary: Option<ColumnNumber>,
    date: Option<ColumnNumber>,
    handle: Option<ColumnNumber>,
    is_from_me: Option<ColumnNumber>,
}

impl Columns {
    fn of(table: &Table) -> Self {
        Self {
            text: table.column("text"),
            attributed: table.column("attributedBody"),
            subject: table.column("subject"),
            payload: table.column("payload_data"),
            summary: table.column("message_summary_info"),
            date: table.column("date"),
            handle: table.column("handle_id"),
            is_from_me: table.column("is_from_me"),
        }
    }

    fn links(&self, row: &Row<'_>, take: &mut dyn FnMut(&str)) {
        let text = row.text(self.text).unwrap_or_default();
        if !text.is_empty() {
            in_words(&text, take);
        }
        if let Some(bytes) = row.blob(self.attributed) {
            if text.is_empty()
                && let Some(words) = attributed(bytes)
            {
                let words = String::from_utf8_lossy(words);
                in_words(&words, take);
                in_bytes(bytes, &mut |link| told_otherwise(&words, link, take));
            } else {
                // The address behind a piece of text may be another one.
                in_bytes(bytes, &mut |link| told_otherwise(&text, link, take));
            }
        }
        if let Value::Text(subject) = row.get(self.subject) {
            in_words(&subject.lossy(), take);
        }
        for column in [self.payload, self.summary] {
            if let Some(bytes) = row.blob(column) {
                in_bytes(bytes, take);
            }
        }
    }

    fn is_warning(&self, row: &Row<'_>) -> bool {
        let begins = |text: &str| {
            let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            WARNINGS.iter().any(|warning| {
                text.get(..warning.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(warning))
            })
        };
        let is_own = row.integer(self.is_from_me) == Some(1);
        let Value::Text(text) = row.get(self.text) else {
            let words = row.blob(self.attributed).and_then(attributed);
            return !is_own && words.is_some_and(|words| begins(&String::from_utf8_lossy(head(words))));
        };
        !is_own && begins(&String::from_utf8_lossy(head(text.as_bytes())))
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..120).unwrap_or(bytes)
}

fn told_otherwise(text: &str, link: &str, take: &mut dyn FnMut(&str)) {
    if !text.contains(link) {
        take(link);
    }
}

/// The text in an archived attributed string, as its bytes. The archive names the class, then comes the text
/// with its length in one, three or five bytes.
fn attributed(archive: &[u8]) -> Option<&[u8]> {
    const BEFORE: &[u8] = b"\x84\x01+";
    let head = archive.get(..archive.len().min(256))?;
    let class = memmem::find(head, b"NSString").or_else(|| memmem::find(head, b"NSMutableString"))?;
    let begin = class.checked_add(memmem::find(head.get(class..)?, BEFORE)?)?.checked_add(BEFORE.len())?;
    let (first, rest) = archive.get(begin..)?.split_first()?;
    let (length, rest) = match first {
        0x81 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        0x82 => {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            (usize::try_from(u32::from_le_bytes(*length)).ok()?, rest)
        }
        length => (usize::from(*length), rest),
    };
    rest.get(..length)
}

fn attachments(
    (database, table): (&Database, &Table),
    input: &Input<'_>,
    sink: &mut dyn FactSink,
) -> ControlFlow<(), TableRead> {
    let (path, name) = (table.column("filename"), table.column("transfer_name"));
    let (created, outgoing) = (table.column("created_date"), table.column("is_outgoing"));
    database::each_row((database, table, input.file), sink, &mut |row, sink| {
        let seen = input.seen(Place::row("attachment", row.rowid()));
        let at = apple_time(row, created);
        for column in [path, name] {
            if let Some(value) = row.text(column) {
                let (kind, at) = (TraceKind::Path, at.as_ref());
                sink.trace(&Trace { kind, value: &value, at, app: None, seen: &seen })?;
            }
        }
        let Some(path) = row.text(path).filter(|path| is_odd(path)) else { return Flow::Continue(()) };
        if row.integer(outgoing) == Some(1) {
            return Flow::Continue(());
        }
        let name = "attachment-odd-path".to_owned();
        let what = clipped(&path).to_owned();
        sink.says(&seen, Sign { name, app: None, what, at })
    })
}

/// The system keeps attachments under `~/Library/SMS`; one with such a path was never put away.
fn is_odd(path: &str) -> bool {
    let path = path.strip_prefix("/private").unwrap_or(path);
    path.starts_with("/var/tmp/") && path.ends_with("-1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_attributed_strings() {
        let archive = |length: &[u8], text: &str| {
            let class = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\0\
                          \x84\x84\x08NSObject\0\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+";
            [class, length, text.as_bytes(), b"\x86\x84\x02iI"].concat()
        };
        let long = "ü".repeat(200);
        for (length, text) in [(&[3][..], "abc"), (&[0x81, 0x90, 1], &long), (&[0x82, 3, 0, 0, 0], "abc")] {
            assert_eq!(attributed(&archive(length, text)), Some(text.as_bytes()));
        }
        let whole = archive(&[9], "abc");
        for end in 0..whole.len() {
            attributed(&whole[..end]);
        }
        assert_eq!(attributed(&archive(&[200], "abc")), None);
    }
}
