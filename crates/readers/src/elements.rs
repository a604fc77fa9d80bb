//! Walks a JSON document whose lists hold messages, and finds the way back after a broken one.
//!
//! Where the document breaks off or a part is no JSON, the next message is looked for by the way messages
//! of this format begin (a bracket and a known first key), and the walk goes on there as if nothing had
//! been. So a lost quote costs the messages it swallowed in writing, not the rest of the export. What is
//! read again for it is limited, so that the cost stays linear. Deliberately no repair of what is broken.

use std::io::{Chain, Cursor, Read};
use std::sync::Arc;

use model::ReadAt;
use source::tree::{PartAt, ReadFrom};

use crate::json::{JsonError, Met, Step, Walk};
use crate::part::At;
use crate::window::Window;

/// How far behind a bracket is looked for what tells a message.
const LOOK_BYTES: usize = 256;

/// What a new start costs at least.
const START_BYTES: u64 = 256 << 10;

/// What may be read again, beside four times the document.
const REREAD_BYTES: u64 = 64 << 20;

/// What is met.
#[derive(Debug)]
pub(crate) enum Seen {
    /// An object or list begins.
    Begin,
    /// It ends.
    End,
    /// A scalar, or something that was asked for whole; its bytes are [`Elements::value`].
    Value(At),
    /// Bytes that could not be read as this format; the walk goes on behind them.
    Broken(At),
    /// The walk cannot go on from here.
    Stopped(At, Stop),
}

/// Why a walk cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The document ends early.
    Early,
    /// It is no JSON from here on.
    NoJson,
    /// The bytes could not be had.
    Unreadable,
}

/// How the messages of a format begin, and where they stand in a document whose outer part cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// The keys one of which comes first in a message.
    pub(crate) first_keys: &'static [&'static str],
    /// Of these one stands near its beginning; none needed if there is none.
    pub(crate) near: &'static [&'static str],
    /// The key of the list; empty if lists have any key, or none. An element of such a list at the top of the
    /// document must be wanted whole.
    pub(crate) list: &'static str,
}

type Rest = Walk<Chain<Cursor<Vec<u8>>, ReadFrom>>;

/// A walk that finds back.
pub(crate) struct Elements {
    bytes: Arc<dyn ReadAt>,
    walk: Rest,
    /// What the walk's offsets have to be raised by, and the length of what was put before.
    begin: u64,
    put_before: u64,
    /// How many beginnings stem from what was put before.
    hidden: usize,
    /// The list that the last message stood in.
    list: Vec<Step>,
    last_end: u64,
    reread_bytes: u64,
    most_bytes: u64,
    shape: Shape,
    ended: bool,
}

impl Elements {
    /// From the start of the document; parts are given with at most `most_bytes`.
    pub(crate) fn new(bytes: Arc<dyn ReadAt>, most_bytes: u64, shape: Shape) -> Self {
        Self {
            walk: rest(&bytes, 0, Vec::new(), most_bytes),
            bytes,
            begin: 0,
            put_before: 0,
            hidden: 0,
            list: match shape.list {
                "" => vec![Step::Index(0)],
                list => vec![Step::Key(list.to_owned()), Step::Index(0)],
            },
            last_end: 0,
            reread_bytes: 0,
            most_bytes,
            shape,
            ended: false,
        }
    }

    /// The path of what was met last. Numbers of elements count from the last break.
    pub(crate) fn path(&self) -> &[Step] {
        self.walk.path()
    }

    /// The bytes of the value that was met last; cut at the limit if it is longer.
    pub(crate) fn value(&self) -> &[u8] {
        self.walk.value()
    }

    /// Where the last thing ended.
    pub(crate) fn last_end(&self) -> u64 {
        self.last_end
    }

    /// The next thing; none at the end. `whole` as for [`Walk::next`].
    pub(crate) fn next(&mut self, whole: fn(&[Step]) -> bool) -> Option<Seen> {
        if self.ended {
            return None;
        }
        loop {
            match self.walk.next(whole) {
                Ok(None) => {
                    self.ended = true;
                    return None;
                }
                Ok(Some(Met::Begin)) if self.hidden > 0 => self.hidden = self.hidden.saturating_sub(1),
                Ok(Some(Met::Begin)) => {
                    self.note();
                    return Some(Seen::Begin);
                }
                Ok(Some(Met::End)) => {
                    self.note();
                    return Some(Seen::End);
                }
                Ok(Some(Met::Value { offset, length, .. })) => {
                    let at = At { offset: self.place(offset), length };
                    self.last_end = at.end();
                    if self.stands_in_list() {
                        self.list = self.walk.path().to_vec();
                    }
                    return Some(Seen::Value(at));
                }
                Err(error) => return Some(self.stopped(&error)),
            }
        }
    }

    /// The value met last is no message: if another begins inside it, the walk goes on there. Gives what is
    /// lost.
    pub(crate) fn recover(&mut self, at: At) -> At {
        match self.next_start(at.offset.saturating_add(1), at.end()) {
            Some(next) => {
                self.restart(next);
                At::between(at.offset, next)
            }
            None => at,
        }
    }

    fn stands_in_list(&self) -> bool {
        let list = self.shape.list;
        match self.walk.path() {
            [Step::Index(_)] => list.is_empty(),
            [.., Step::Key(key), Step::Index(_)] => list.is_empty() || key == list,
            _ => false,
        }
    }

    fn note(&mut self) {
        self.last_end = self.place(self.walk.offset());
    }

    fn place(&self, offset: u64) -> u64 {
        self.begin.saturating_add(offset.saturating_sub(self.put_before))
    }

    fn stopped(&mut self, error: &JsonError) -> Seen {
        let size = self.bytes.size_bytes();
        let from = self.past_space(self.last_end);
        let stop = match error {
            JsonError::Io(_) => Stop::Unreadable,
            JsonError::Early => Stop::Early,
            JsonError::Broken(_) => Stop::NoJson,
        };
        if stop != Stop::Unreadable
            && let Some(next) = self.next_start(from.saturating_add(1), size)
        {
            self.restart(next);
            return Seen::Broken(At::between(from, next));
        }
        self.ended = true;
        Seen::Stopped(At::between(from.min(size), size), stop)
    }

    /// The first byte from here on that is more than space between elements.
    fn past_space(&self, from: u64) -> u64 {
        let mut window = Window::new(Arc::clone(&self.bytes));
        let bytes = window.part(At { offset: from, length: 4096 }, 4096).unwrap_or_default();
        let space = bytes.iter().take_while(|byte| b" \t\r\n,".contains(byte)).count();
        from.saturating_add(space as u64)
    }

    /// Where the next message begins, if one does before `end` and the way back may be looked for once more.
    fn next_start(&self, from: u64, end: u64) -> Option<u64> {
        const STEP_BYTES: u64 = 256 << 10;
        let most = self.bytes.size_bytes().saturating_mul(4).saturating_add(REREAD_BYTES);
        if self.reread_bytes >= most {
            return None;
        }
        let mut window = Window::new(Arc::clone(&self.bytes));
        let mut from = from;
        while from < end {
            let step = end.saturating_sub(from).min(STEP_BYTES);
            let look = step.saturating_add(LOOK_BYTES as u64);
            let bytes = window.part(At { offset: from, length: look }, look).ok()?;
            let most = usize::try_from(step).unwrap_or(usize::MAX);
            let found = memchr::memchr_iter(b'{', bytes.get(..most).unwrap_or(bytes))
                .find(|at| self.begins(bytes.get(at.saturating_add(1)..).unwrap_or_default()));
            if let Some(at) = found {
                return Some(from.saturating_add(at as u64));
            }
            from = from.saturating_add(step);
        }
        None
    }

    fn begins(&self, behind_bracket: &[u8]) -> bool {
        let head = behind_bracket.get(..behind_bracket.len().min(LOOK_BYTES)).unwrap_or_default();
        let near = self.shape.near;
        let is_near = || near.iter().any(|text| memchr::memmem::find(head, text.as_bytes()).is_some());
        let key = head.trim_ascii_start();
        let is_first = self.shape.first_keys.iter().any(|first| {
            key.strip_prefix(b"\"")
                .and_then(|key| key.strip_prefix(first.as_bytes()))
                .is_some_and(|after| after.starts_with(b"\""))
        });
        is_first && (near.is_empty() || is_near())
    }

    fn restart(&mut self, offset: u64) {
        let mut before = String::new();
        for step in &self.list {
            match step {
                Step::Key(key) => {
                    before.push('{');
                    before.push_str(&serde_json::Value::from(key.as_str()).to_string());
                    before.push(':');
                }
                Step::Index(_) => before.push('['),
            }
        }
        let again = self.place(self.walk.offset()).saturating_sub(offset);
        self.reread_bytes = self.reread_bytes.saturating_add(again.max(START_BYTES));
        self.hidden = self.list.len();
        self.begin = offset;
        self.put_before = before.len() as u64;
        self.last_end = offset;
        self.walk = rest(&self.bytes, offset, before.into_bytes(), self.most_bytes);
    }
}

fn rest(bytes: &Arc<dyn ReadAt>, offset: u64, before: Vec<u8>, most_bytes: u64) -> Rest {
    let part = PartAt::new(Arc::clone(bytes), offset, bytes.size_bytes().saturating_sub(offset));
    Walk::new(Cursor::new(before).chain(ReadFrom::new(Arc::new(part))), most_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(path: &[Step]) -> bool {
        matches!(path, [.., Step::Key(list), Step::Index(_)] if list == "messages")
    }

    fn seen(text: &str) -> Vec<String> {
        let shape = Shape { first_keys: &["id"], near: &[], list: "messages" };
        let mut elements = Elements::new(Arc::new(text.as_bytes().to_vec()), 1 << 20, shape);
        let mut all = Vec::new();
        while let Some(seen) = elements.next(whole) {
            let cut = |at: At| {
                text.get(usize::try_from(at.offset).unwrap()..usize::try_from(at.end()).unwrap()).unwrap()
            };
            match seen {
                Seen::Value(at) if whole(elements.path()) => {
                    assert_eq!(cut(at).as_bytes(), elements.value());
                    if crate::part::value(elements.value()).is_some() {
                        all.push(cut(at).to_owned());
                    } else {
                        let lost = elements.recover(at);
                        all.push(format!("lost {}", cut(lost)));
                    }
                }
                Seen::Value(at) => all.push(format!("value {}", cut(at))),
                Seen::Broken(at) => all.push(format!("broken {}", cut(at))),
                Seen::Stopped(at, stop) => all.push(format!("{stop:?} {}", cut(at))),
                Seen::Begin | Seen::End => {}
            }
        }
        all
    }

    #[test]
    fn a_broken_message_costs_itself() {
        let text = r#"{"a":1,"messages":[{"id":1},{"id":2,"t":"x},{"id":3,"t":"y"},{"id":4}],"b":2}"#;
        assert_eq!(
            seen(text),
            [
                "value 1",
                r#"{"id":1}"#,
                r#"broken {"id":2,"t":"x},"#,
                r#"{"id":3,"t":"y"}"#,
                r#"{"id":4}"#,
                "value 2"
            ]
        );
        let text = r#"{"messages":[{"id":1}},{"id":2],{"id":3}],"b":2}"#;
        assert_eq!(seen(text), [r#"{"id":1}"#, "broken },", r#"lost {"id":2]"#, r#"{"id":3}"#, "value 2"]);
    }

    #[test]
    fn a_cut_document_keeps_what_came_before() {
        assert_eq!(seen(r#"{"messages":[{"id":1},{"id":2,"#), [r#"{"id":1}"#, r#"Early {"id":2,"#]);
        assert_eq!(seen("{this is none"), ["NoJson this is none"]);
        assert_eq!(seen(r#"{oops "messages":[{"id":1}]}"#), [r#"broken oops "messages":["#, r#"{"id":1}"#]);
    }

    #[test]
    fn the_way_back_is_looked_for_a_limited_number_of_times() {
        let text = format!("{{\"messages\":[{}]}}", r#"{"id":1}}"#.repeat(5000));
        let all = seen(&text);
        assert!(all.len() <= 2 * 257 + 2, "{}", all.len());
    }
}
