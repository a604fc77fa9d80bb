//! Mailboxes in one file: every mail is a range of its bytes, with the `From ` line before it.
//!
//! RFC 4155 and the writers mboxo and mboxrd (Thunderbird, Apple Mail, Google Takeout). A mail begins at a
//! line `From ` with a clock and a year in it that follows a blank line or is followed by a header field. The
//! file is read once from front to back; a mail is an offset and a length and nothing is copied, so a mailbox
//! of any size stays flat. Quoting (`>From `) is left as it stands: whether a writer added it cannot be told.
//! Deliberately not read: mboxcl, whose lengths programs do not keep true.

use std::io::Read;
use std::sync::Arc;

use model::ReadAt;
use model::record::{Place, Problem, ProblemKind};

use super::{Container, Opened, Opening};
use crate::mail::{fields, is_known};
use crate::tree::{Candidate, Child, PartAt, Plain, ReadFrom};

/// Mailboxes.
pub(super) struct Mbox;

impl Container for Mbox {
    fn name(&self) -> &'static str {
        "mbox"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let ending = candidate.entry().extension();
        if ending == "eml" {
            return false;
        }
        let head = candidate.head();
        let blank = head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let head = head.get(blank..).unwrap_or_default();
        let end = memchr::memchr(b'\n', head).unwrap_or(head.len());
        let (first, rest) = head.split_at_checked(end).unwrap_or_default();
        is_separator(first)
            && (ending == "mbox"
                || fields(rest.get(1..).unwrap_or_default()).take(40).any(|field| is_known(field.name())))
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(entry) = opening.tree.entry(opening.file) else { return Opened::default() };
        let Ok(bytes) = entry.content().random() else {
            return opening.failed(ProblemKind::Unreadable, "bytes that can be read at random");
        };
        let mut scan = Scan::new(opening.entries_left.saturating_add(1));
        let mut opened = Opened::default();
        if !scan.run(ReadFrom::new(Arc::clone(&bytes))) {
            let mut problem = opening.problem(ProblemKind::Unreadable, "bytes that can be read to the end");
            "the mails before".clone_into(&mut problem.kept);
            opened.problems.push(problem);
        }
        if let Some(first) = scan.mails.first()
            && scan.text_before > 0
        {
            opened.problems.push(Problem {
                place: Place::bytes(0, first.0),
                ..opening.problem(ProblemKind::NotUnderstood, "a mailbox that begins with a From line")
            });
        }
        opened.children = children(&scan.mails, &bytes);
        opened
    }
}

fn children(mails: &[(u64, u64)], bytes: &Arc<dyn ReadAt>) -> Vec<Child> {
    // One width for all, so that the order of names is the order of the mailbox.
    let width = mails.len().to_string().len().max(5);
    let child = |(number, (offset, length)): (usize, &(u64, u64))| Child {
        path: format!("{number:0width$}.eml"),
        modified: None,
        stored_sha256: None,
        content: Arc::new(Plain(Arc::new(PartAt::new(Arc::clone(bytes), *offset, *length)))),
    };
    (1..).zip(mails).map(child).collect()
}

/// Whether a line without its end separates mails: `From `, and somewhere in it a clock and a year.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let digits = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let words = || rest.trim_ascii_end().split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let is_clock = |word: &[u8]| {
        let parts: Vec<&[u8]> = word.split(|byte| *byte == b':').take(4).collect();
        matches!(parts.len(), 2 | 3) && parts.iter().all(|part| part.len() <= 2 && digits(part))
    };
    words().any(is_clock) && words().any(|word| word.len() == 4 && digits(word))
}

/// How much of a line is looked at.
const LINE_BYTES: usize = 512;

/// A walk over a mailbox.
struct Scan {
    /// Offset and length of each mail.
    mails: Vec<(u64, u64)>,
    /// Bytes before the first mail that are not blank.
    text_before: u64,
    most: usize,
    /// Where the line being read begins, and its first bytes.
    begin: u64,
    line: Vec<u8>,
    length: u64,
    /// The length of the blank line before, if the line before was blank.
    blank_before: Option<u64>,
    /// A line that separates if a header follows.
    doubtful: Option<u64>,
    open: Option<u64>,
}

impl Scan {
    fn new(most: usize) -> Self {
        Self {
            mails: Vec::new(),
            text_before: 0,
            most,
            begin: 0,
            line: Vec::new(),
            length: 0,
            blank_before: Some(0),
            doubtful: None,
            open: None,
        }
    }

    /// Reads to the end; false if the bytes broke off.
    fn run(&mut self, mut input: impl Read) -> bool {
        let mut buffer = vec![0; 256 << 10];
        let whole = loop {
            let count = match input.read(&mut buffer) {
                Ok(0) => break true,
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => break false,
            };
            let mut rest = buffer.get(..count).unwrap_or_default();
            while let Some(end) = memchr::memchr(b'\n', rest) {
                let (line, after) = rest.split_at(end.saturating_add(1));
                self.take(line);
                self.end_line();
                rest = after;
            }
            self.take(rest);
            if self.mails.len() >= self.most {
                break true;
            }
        };
        if self.length > 0 {
            self.end_line();
        }
        self.close(self.begin, self.blank_before.unwrap_or(0));
        whole
    }

    fn take(&mut self, bytes: &[u8]) {
        let room = LINE_BYTES.saturating_sub(self.line.len()).min(bytes.len());
        self.line.extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.length = self.length.saturating_add(bytes.len() as u64);
    }

    fn end_line(&mut self) {
        let line = self.line.trim_ascii_end();
        let is_blank = line.is_empty();
        let separates = is_separator(line);
        let is_header = fields(line).next().is_some_and(|field| is_known(field.name()));
        if let Some(begin) = self.doubtful.take().filter(|_| is_header) {
            self.open_at(begin, 0);
        }
        if separates {
            match self.blank_before {
                Some(blank) => self.open_at(self.begin, blank),
                None => self.doubtful = Some(self.begin),
            }
        } else if self.open.is_none() && !is_blank {
            self.text_before = self.text_before.saturating_add(self.length);
        }
        self.blank_before = is_blank.then_some(self.length);
        self.begin = self.begin.saturating_add(self.length);
        self.line.clear();
        self.length = 0;
    }

    fn open_at(&mut self, begin: u64, blank: u64) {
        self.close(begin, blank);
        self.open = Some(begin);
    }

    /// The mail that is open ends; the blank line before the next one belongs to the mailbox.
    fn close(&mut self, end: u64, blank: u64) {
        if let Some(begin) = self.open.take() {
            self.mails.push((begin, end.saturating_sub(blank).saturating_sub(begin)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(text: &str) -> Vec<&str> {
        let mut scan = Scan::new(1_000);
        assert!(scan.run(text.as_bytes()));
        let part = |(offset, length): &(u64, u64)| {
            let begin = usize::try_from(*offset).unwrap();
            text.get(begin..begin + usize::try_from(*length).unwrap()).unwrap()
        };
        scan.mails.iter().map(part).collect()
    }

    const FROM: &str = "From 17@xxx Mon Jan 06 10:00:00 +0000 2025";

    #[test]
    fn a_mail_begins_at_a_from_line_and_keeps_its_last_line() {
        let text = format!("{FROM}\nA: 1\n\none\n\n{FROM}\r\nB: 2\r\n\r\nFrom here on\n>{FROM}\ntwo");
        let first = format!("{FROM}\nA: 1\n\none\n");
        let second = format!("{FROM}\r\nB: 2\r\n\r\nFrom here on\n>{FROM}\ntwo");
        assert_eq!(mails(&text), [first.as_str(), second.as_str()]);
    }

    #[test]
    fn without_a_blank_line_a_header_must_follow() {
        let text = format!("{FROM}\nTo: a\n\none\n{FROM}\nnot a header\n{FROM}\nTo: b\n\nx\n");
        let found = mails(&text);
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with("not a header\n"));
    }

    #[test]
    fn what_is_no_separator() {
        for line in ["From me, at 10:00", "From: a 10:00 2025", "from a 10:00 2025", "From "] {
            assert!(!is_separator(line.as_bytes()), "{line}");
        }
        for line in ["From - Mon Jan  6 10:00:00 2025", "From a@b.example Mon Jan 6 10:00 2025", FROM] {
            assert!(is_separator(line.as_bytes()), "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_mails_lie_in_order_and_do_not_touch(text in "(From a 10:00 2025\n|A: 1\n|\n|x\r?\n){0,30}") {
            let mut scan = Scan::new(1_000);
            scan.run(text.as_bytes());
            let mut end = 0;
            for (offset, length) in &scan.mails {
                proptest::prop_assert!(*offset >= end);
                end = offset + length;
            }
            proptest::prop_assert!(end <= text.len() as u64);
        }
    }
}
