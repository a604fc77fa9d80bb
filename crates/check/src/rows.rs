//! Rows of a JSON document that is one long list, or objects one after the other: given one at a time.
//!
//! RFC 8259 read loosely: between rows only quotes and brackets are looked at, and `serde_json` reads the row
//! itself. Memory stays at one row. Where a row cannot be read, the next one is looked for by the key that
//! rows of this list begin with, a limited number of times, so that the cost stays linear. Deliberately no
//! tree of the document and no repair.

use std::io;
use std::ops::{ControlFlow, Range};

use memchr::memmem;
use model::record::{Place, Problem, ProblemKind};

use crate::{FactSink, Flow, Input, Seen, Wholly};

/// Longest row.
const MOST_BYTES: usize = 1 << 20;

/// How much is read at once.
const FILL_BYTES: usize = 256 << 10;

/// How often a row is looked for inside what another one swallowed.
const MOST_RESTARTS: u32 = 64;

/// How many problems are told one by one; the rest is told as one.
const MOST_TOLD: u64 = 16;

/// What the rows of a list look like.
pub(crate) struct Shape {
    /// The key that a row begins with, in quotes; empty if rows are no objects.
    pub(crate) first_key: &'static str,
    /// What a row is, in technical words.
    pub(crate) expected: &'static str,
}

/// What became of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was read.
    Kept,
    /// It is not what it should be.
    Broken,
}

/// Takes a row's bytes.
pub(crate) type TakeRow<'t> = dyn FnMut(&Seen, &[u8], &mut dyn FactSink) -> ControlFlow<(), Taken> + 't;

/// What was read of a document.
#[derive(Clone, Copy)]
pub(crate) struct Read {
    /// How many rows.
    pub(crate) rows: u64,
    /// Whether those are all.
    pub(crate) wholly: Wholly,
}

/// Gives every row to `take`; what cannot be read is told as a problem.
pub(crate) fn each(
    input: &Input<'_>,
    shape: &Shape,
    sink: &mut dyn FactSink,
    take: &mut TakeRow<'_>,
) -> ControlFlow<(), Read> {
    let mut read = Read { rows: 0, wholly: Wholly::Yes };
    let mut troubles = Troubles { told: 0, more: 0 };
    let Some(Ok(stream)) = input.entry().map(|entry| entry.content().stream()) else {
        sink.trouble(&input.seen(Place::Whole), ProblemKind::Unreadable, shape.expected, "")?;
        return ControlFlow::Continue(Read { wholly: Wholly::No, ..read });
    };
    let mut rows = Rows::new(stream, shape.first_key);
    while let Some(step) = rows.advance() {
        match step {
            Step::Row { offset, length } => {
                let seen = input.seen(Place::bytes(offset, length));
                if take(&seen, rows.row(), sink)? == Taken::Kept {
                    read.rows = read.rows.saturating_add(1);
                } else {
                    let place = Place::bytes(offset, rows.reject());
                    troubles.say(input, place, ProblemKind::Damaged, shape, sink)?;
                }
            }
            Step::Lost { offset, length, kind } => {
                troubles.say(input, Place::bytes(offset, length), kind, shape, sink)?;
            }
        }
    }
    if troubles.told > 0 {
        read.wholly = Wholly::No;
    }
    troubles.finish(input, shape, sink)?;
    ControlFlow::Continue(read)
}

/// Counts problems, so that a damaged list does not drown everything else.
struct Troubles {
    told: u64,
    more: u64,
}

impl Troubles {
    fn say(
        &mut self,
        input: &Input<'_>,
        place: Place,
        kind: ProblemKind,
        shape: &Shape,
        sink: &mut dyn FactSink,
    ) -> Flow {
        if self.told >= MOST_TOLD {
            self.more = self.more.saturating_add(1);
            return Flow::Continue(());
        }
        self.told = self.told.saturating_add(1);
        sink.trouble(&input.seen(place), kind, shape.expected, "the rows around it")
    }

    fn finish(&self, input: &Input<'_>, shape: &Shape, sink: &mut dyn FactSink) -> Flow {
        if self.more == 0 {
            return Flow::Continue(());
        }
        let (expected, kept) = (shape.expected.to_owned(), "the rows around them".to_owned());
        let (file, kind) = (input.file, ProblemKind::Damaged);
        sink.problem(Problem { file, place: Place::Whole, kind, expected, kept, units: self.more })
    }
}

/// What was met.
enum Step {
    /// A row; its bytes are [`Rows::row`].
    Row { offset: u64, length: u64 },
    /// Bytes that are no row.
    Lost { offset: u64, length: u64, kind: ProblemKind },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    /// Between the brackets of a list.
    List,
    /// Objects one after the other, without brackets.
    Bare,
    Ended,
}

struct Rows<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where the unread bytes begin in the buffer.
    begin: usize,
    /// Where the buffer begins in the document.
    base: u64,
    row: Range<usize>,
    stage: Stage,
    restarts: u32,
    failed: bool,
    key: &'static str,
    finder: memmem::Finder<'static>,
}

impl<R: io::Read> Rows<R> {
    fn new(input: R, key: &'static str) -> Self {
        let finder = memmem::Finder::new(key);
        let (begin, base, row, restarts, failed) = (0, 0, 0..0, 0, false);
        let (buffer, stage) = (Vec::new(), Stage::Start);
        Self { input, buffer, begin, base, row, stage, restarts, failed, key, finder }
    }

    /// The bytes of the row that was met last.
    fn row(&self) -> &[u8] {
        self.buffer.get(self.row.clone()).unwrap_or_default()
    }

    /// The row met last is none: if another begins inside it, that is the next. Gives how much is lost.
    fn reject(&mut self) -> u64 {
        let inside = self.find_start(self.row.start.saturating_add(1)..self.row.end);
        let end = match inside.filter(|_| self.restarts < MOST_RESTARTS) {
            Some(at) => {
                self.restarts = self.restarts.saturating_add(1);
                self.begin = at;
                at
            }
            None => self.row.end,
        };
        end.saturating_sub(self.row.start) as u64
    }

    fn advance(&mut self) -> Option<Step> {
        loop {
            let byte = self.next_byte();
            let offset = self.offset();
            match (self.stage, byte) {
                (Stage::Ended, _) | (Stage::Bare, None) => return None,
                (Stage::Start, Some(b'[')) => {
                    self.stage = Stage::List;
                    self.begin = self.begin.saturating_add(1);
                }
                (Stage::Start, Some(b'{')) => self.stage = Stage::Bare,
                // An empty list, as Go writes one.
                (Stage::Start, Some(b'n')) | (Stage::List, Some(b']')) => {
                    self.stage = Stage::Ended;
                    return None;
                }
                (Stage::Start, _) => {
                    self.stage = Stage::Ended;
                    let kind = if self.failed { ProblemKind::Unreadable } else { ProblemKind::NotUnderstood };
                    return Some(Step::Lost { offset, length: 0, kind });
                }
                (Stage::List, None) => {
                    self.stage = Stage::Ended;
                    return Some(Step::Lost { offset, length: 0, kind: self.why_ended() });
                }
                (_, Some(b'}' | b']' | b':')) => {
                    self.begin = self.begin.saturating_add(1);
                    return Some(Step::Lost { offset, length: 1, kind: ProblemKind::Damaged });
                }
                (_, Some(_)) => return Some(self.value()),
            }
        }
    }

    fn value(&mut self) -> Step {
        let mut scan = Scan::default();
        loop {
            let bytes = self.buffer.get(self.begin..).unwrap_or_default();
            let size = bytes.len();
            if let Some(length) = scan.end(bytes) {
                let offset = self.offset();
                self.row = self.begin..self.begin.saturating_add(length);
                self.begin = self.row.end;
                return Step::Row { offset, length: length as u64 };
            }
            if size > MOST_BYTES || !self.fill() {
                return self.lost();
            }
        }
    }

    /// The row that begins here has no end: goes on at the next one that begins as rows do.
    fn lost(&mut self) -> Step {
        let offset = self.offset();
        let within = self.begin.saturating_add(1)..self.buffer.len();
        let mut found = self.find_start(within).filter(|_| self.restarts < MOST_RESTARTS);
        if found.is_some() {
            self.restarts = self.restarts.saturating_add(1);
        }
        while found.is_none() {
            self.begin = self.buffer.len().saturating_sub(KEY_SPAN);
            if !self.fill() {
                self.stage = Stage::Ended;
                let end = self.base.saturating_add(self.buffer.len() as u64);
                self.begin = self.buffer.len();
                return Step::Lost { offset, length: end.saturating_sub(offset), kind: self.why_ended() };
            }
            found = self.find_start(self.begin.saturating_add(1)..self.buffer.len());
        }
        self.begin = found.unwrap_or(self.buffer.len());
        let length = self.offset().saturating_sub(offset);
        Step::Lost { offset, length, kind: ProblemKind::Damaged }
    }

    /// Where in a part of the buffer the next row begins.
    fn find_start(&self, within: Range<usize>) -> Option<usize> {
        if self.key.is_empty() {
            return None;
        }
        let from = within.start;
        let bytes = self.buffer.get(within)?;
        let mut keys = self.finder.find_iter(bytes);
        let at = keys.find_map(|key| {
            let before = bytes.get(key.saturating_sub(KEY_SPAN)..key)?;
            let bracket = before.trim_ascii_end();
            let space = before.len().saturating_sub(bracket.len()).saturating_add(1);
            bracket.ends_with(b"{").then(|| key.saturating_sub(space))
        })?;
        Some(from.saturating_add(at))
    }

    fn why_ended(&self) -> ProblemKind {
        if self.failed { ProblemKind::Unreadable } else { ProblemKind::Truncated }
    }

    fn offset(&self) -> u64 {
        self.base.saturating_add(self.begin as u64)
    }

    /// The next byte that is more than space between rows; not consumed.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            let bytes = self.buffer.get(self.begin..).unwrap_or_default();
            let is_space = |byte: &&u8| b" \t\r\n,\x1e\xef\xbb\xbf".contains(byte);
            let space = bytes.iter().take_while(is_space).count();
            self.begin = self.begin.saturating_add(space);
            if let Some(byte) = self.buffer.get(self.begin) {
                return Some(*byte);
            }
            if !self.fill() {
                return None;
            }
        }
    }

    /// Reads on, forgetting what was consumed; false at the end.
    fn fill(&mut self) -> bool {
        self.base = self.offset();
        self.buffer.drain(..self.begin.min(self.buffer.len()));
        self.begin = 0;
        let kept = self.buffer.len();
        self.buffer.resize(kept.saturating_add(FILL_BYTES), 0);
        let room = self.buffer.get_mut(kept..).unwrap_or_default();
        let count = loop {
            match self.input.read(room) {
                Ok(count) => break count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.failed = true;
                    break 0;
                }
            }
        };
        self.buffer.truncate(kept.saturating_add(count));
        count > 0
    }
}

/// How far before a row's first key its bracket may stand.
const KEY_SPAN: usize = 64;

/// The way to the end of a value, kept while more bytes come.
#[derive(Default)]
struct Scan {
    at: usize,
    depth: u32,
    in_text: bool,
}

impl Scan {
    /// How long the value at the front of these bytes is; none if it goes on behind them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        loop {
            let rest = bytes.get(self.at..)?;
            if self.in_text {
                let found = memchr::memchr2(b'"', b'\\', rest);
                let Some(found) = found else {
                    self.at = bytes.len();
                    return None;
                };
                self.at = self.at.saturating_add(found);
                if bytes.get(self.at) == Some(&b'\\') {
                    self.at = self.at.saturating_add(2);
                    continue;
                }
                self.in_text = false;
                self.at = self.at.saturating_add(1);
                if self.depth == 0 {
                    return Some(self.at);
                }
                continue;
            }
            let plain = rest.iter().position(|byte| is_structure(*byte));
            let Some(plain) = plain else {
                self.at = bytes.len();
                return None;
            };
            self.at = self.at.saturating_add(plain);
            match bytes.get(self.at)? {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth = self.depth.saturating_add(1),
                b'}' | b']' if self.depth > 0 => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(self.at.saturating_add(1));
                    }
                }
                // What ends a number or a word.
                _ if self.depth == 0 => return Some(self.at),
                _ => {}
            }
            self.at = self.at.saturating_add(1);
        }
    }
}

/// Whether a byte outside of texts means something for where a value ends.
fn is_structure(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &[u8], key: &'static str) -> Vec<String> {
        let mut rows = Rows::new(text, key);
        let mut seen = Vec::new();
        while let Some(step) = rows.advance() {
            seen.push(match step {
                Step::Row { offset, length } => {
                    let at = usize::try_from(offset).unwrap();
                    assert_eq!(&text[at..at + usize::try_from(length).unwrap()], rows.row());
                    if serde_json::from_slice::<serde_json::Value>(rows.row()).is_ok() {
                        String::from_utf8_lossy(rows.row()).into_owned()
                    } else {
                        format!("broken {offset}+{}", rows.reject())
                    }
                }
                Step::Lost { offset, length, kind } => format!("{} {offset}+{length}", kind.word()),
            });
        }
        seen
    }

    #[test]
    fn rows_of_every_kind_are_found() {
        assert_eq!(steps(b"[]", ""), [""; 0]);
        assert_eq!(steps(b"null\n", ""), [""; 0]);
        let text = br#" [ {"p":"a\"}{[","q":[1,{}]} , "x\\" ,5,true] rest"#;
        assert_eq!(steps(text, ""), [r#"{"p":"a\"}{[","q":[1,{}]}"#, r#""x\\""#, "5", "true"]);
        assert_eq!(steps(b"{\"a\":1}\n{\"a\":2}\n", ""), ["{\"a\":1}", "{\"a\":2}"]);
    }

    #[test]
    fn a_broken_row_costs_itself() {
        let text = br#"[{"p":"a"},{"p":"b,"s":1},{"p":"c"},{"p":"d"}]"#;
        let seen = steps(text, "\"p\"");
        assert!(seen.contains(&r#"{"p":"a"}"#.to_owned()), "{seen:?}");
        assert!(seen.contains(&r#"{"p":"c"}"#.to_owned()), "{seen:?}");
        assert!(seen.contains(&r#"{"p":"d"}"#.to_owned()), "{seen:?}");
        assert!(seen.len() < 7, "{seen:?}");
    }

    #[test]
    fn what_ends_early_says_so() {
        assert_eq!(steps(b"[{\"p\":1},{\"p\":", "\"p\""), ["{\"p\":1}", "truncated 9+5"]);
        assert_eq!(steps(b"[{\"p\":1},", "\"p\""), ["{\"p\":1}", "truncated 9+0"]);
        assert_eq!(steps(b"", ""), ["not-understood 0+0"]);
        assert_eq!(steps(b"<xml>", ""), ["not-understood 0+0"]);
        assert_eq!(steps(b"[}1]", ""), ["damaged 1+1", "1"]);
    }

    #[test]
    fn hostile_lists_cost_little() {
        let row = b"{\"p\":\"".repeat(300_000);
        assert!(steps(&[b"[", &row[..]].concat(), "\"p\"").len() < 1000);
        let deep = [&b"["[..], &b"[".repeat(3 << 20)].concat();
        assert_eq!(steps(&deep, "\"p\"").len(), 1);
        let long = [&b"[{\"p\":\""[..], &b"x".repeat(3 << 20), b"\"},{\"p\":2}]"].concat();
        assert_eq!(steps(&long, "\"p\"").last().map(String::as_str), Some("{\"p\":2}"));
        let space = [&b"["[..], &b" ".repeat(3 << 20)].concat();
        assert_eq!(steps(&space, "\"p\"").len(), 1);
    }
}
