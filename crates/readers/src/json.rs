//! Walks a JSON document of any size in constant memory, and gives the parts that a reader wants whole.
//!
//! RFC 8259, one document or several one after the other (JSON lines), read loosely: inside a part nothing is
//! checked but quotes and brackets, so that one broken message costs itself and not the export (`serde_json`
//! then reads the part). Every part comes with its place. Deliberately no tree of the whole document.

use std::io::{self, BufRead, BufReader, Read};

/// One step of a path into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The member of an object.
    Key(String),
    /// The element of an array, counted from 0.
    Index(u64),
}

impl Step {
    /// Whether it is the member of this name.
    pub(crate) fn is(&self, name: &str) -> bool {
        matches!(self, Self::Key(key) if key == name)
    }
}

/// What the walk meets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Met<'w> {
    /// An object or array that is not given whole begins.
    Begin,
    /// It ends; the path is its own again.
    End,
    /// A scalar, or an object or array that was asked for whole.
    Value {
        /// Where it begins in the document.
        offset: u64,
        /// Its length in bytes.
        length: u64,
        /// Its bytes; cut at the limit, and then no JSON.
        bytes: &'w [u8],
    },
}

/// Why a walk cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JsonError {
    /// The bytes could not be had.
    #[error("reading the document")]
    Io(#[from] io::Error),
    /// It ends inside something.
    #[error("the document ends early")]
    Early,
    /// A character that cannot stand there.
    #[error("no JSON at byte {0}")]
    Broken(u64),
}

/// A walk over a document.
pub(crate) struct Walk<R> {
    input: BufReader<R>,
    offset: u64,
    path: Vec<Step>,
    open: Vec<Open>,
    value: Vec<u8>,
    most_bytes: usize,
    most_depth: usize,
    done: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Object,
    Array(u64),
}

impl<R: Read> Walk<R> {
    /// Parts are given with at most `most_bytes`.
    pub(crate) fn new(input: R, most_bytes: u64) -> Self {
        Self {
            input: BufReader::with_capacity(256 << 10, input),
            offset: 0,
            path: Vec::new(),
            open: Vec::new(),
            value: Vec::new(),
            most_bytes: usize::try_from(most_bytes).unwrap_or(usize::MAX),
            most_depth: 128,
            done: false,
        }
    }

    /// The path of what was met last.
    pub(crate) fn path(&self) -> &[Step] {
        &self.path
    }

    /// Where the walk is in the document.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes of the value that was met last.
    pub(crate) fn value(&self) -> &[u8] {
        &self.value
    }

    /// The next thing; none at the end. `whole` says of an object or array, by its path, whether it is wanted
    /// as one part.
    pub(crate) fn next(&mut self, whole: impl Fn(&[Step]) -> bool) -> Result<Option<Met<'_>>, JsonError> {
        if self.done {
            return Ok(None);
        }
        // The step of what was met last is over, unless that has just begun.
        if self.path.len() >= self.open.len() {
            self.path.pop();
        }
        loop {
            let Some(byte) = self.peek()? else {
                self.done = true;
                return if self.open.is_empty() { Ok(None) } else { Err(JsonError::Early) };
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | 0xef | 0xbb | 0xbf => self.skip(),
                b'}' | b']' => {
                    self.skip();
                    let closes = if byte == b'}' { Some(Open::Object) } else { None };
                    match (self.open.pop(), closes) {
                        (Some(Open::Object), Some(_)) | (Some(Open::Array(_)), None) => {}
                        _ => return Err(self.broken()),
                    }
                    return Ok(Some(Met::End));
                }
                _ => break,
            }
        }
        self.step()?;
        let Some(byte) = self.peek()? else { return Err(JsonError::Early) };
        if matches!(byte, b'{' | b'[') && !whole(&self.path) {
            if self.open.len() >= self.most_depth {
                return Err(self.broken());
            }
            self.skip();
            self.open.push(if byte == b'{' { Open::Object } else { Open::Array(0) });
            return Ok(Some(Met::Begin));
        }
        let offset = self.offset;
        self.part()?;
        let length = self.offset.saturating_sub(offset);
        Ok(Some(Met::Value { offset, length, bytes: &self.value }))
    }

    /// Reads the key or counts the element, and puts it on the path.
    fn step(&mut self) -> Result<(), JsonError> {
        match self.open.last_mut() {
            Some(Open::Array(next)) => {
                self.path.push(Step::Index(*next));
                *next = next.saturating_add(1);
            }
            Some(Open::Object) => {
                if self.peek()? != Some(b'"') {
                    return Err(self.broken());
                }
                self.part()?;
                let key = serde_json::from_slice(&self.value);
                let key = key.unwrap_or_else(|_| String::from_utf8_lossy(&self.value).into_owned());
                self.path.push(Step::Key(key));
                self.space()?;
                if self.peek()? != Some(b':') {
                    return Err(self.broken());
                }
                self.skip();
                self.space()?;
            }
            None => {}
        }
        Ok(())
    }

    /// Reads one value whole into `self.value`.
    fn part(&mut self) -> Result<(), JsonError> {
        self.value.clear();
        let mut depth: u64 = 0;
        let mut begun = false;
        loop {
            let Some(byte) = self.peek()? else {
                // A bare number or word may end with the document.
                return if depth == 0 && begun { Ok(()) } else { Err(JsonError::Early) };
            };
            match byte {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth = depth.saturating_add(1);
                    self.take(byte);
                }
                b'}' | b']' if depth > 0 => {
                    depth = depth.saturating_sub(1);
                    self.take(byte);
                }
                b'}' | b']' | b',' if depth == 0 && begun => return Ok(()),
                b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return Ok(()),
                b':' | b',' | b'}' | b']' if depth == 0 => return Err(self.broken()),
                _ => {
                    self.take(byte);
                    begun = true;
                    continue;
                }
            }
            begun = true;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Reads a string with its quotes.
    fn string(&mut self) -> Result<(), JsonError> {
        self.take(b'"');
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                return Err(JsonError::Early);
            }
            let at = memchr::memchr2(b'"', b'\\', available);
            let used = at.map_or(available.len(), |at| at.saturating_add(1));
            let last = available.get(used.saturating_sub(1)).copied();
            let room = self.most_bytes.saturating_sub(self.value.len());
            self.value.extend_from_slice(available.get(..used.min(room)).unwrap_or_default());
            self.input.consume(used);
            self.offset = self.offset.saturating_add(used as u64);
            match (at, last) {
                (Some(_), Some(b'"')) => return Ok(()),
                (Some(_), _) => {
                    let escaped = self.peek()?.ok_or(JsonError::Early)?;
                    self.take(escaped);
                }
                (None, _) => {}
            }
        }
    }

    fn space(&mut self) -> Result<(), JsonError> {
        while matches!(self.peek()?, Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.skip();
        }
        Ok(())
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn skip(&mut self) {
        self.input.consume(1);
        self.offset = self.offset.saturating_add(1);
    }

    fn take(&mut self, byte: u8) {
        if self.value.len() < self.most_bytes {
            self.value.push(byte);
        }
        self.skip();
    }

    fn broken(&mut self) -> JsonError {
        self.done = true;
        JsonError::Broken(self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(text: &str, whole: impl Fn(&[Step]) -> bool + Copy) -> Vec<String> {
        let mut walk = Walk::new(text.as_bytes(), 1 << 20);
        let mut seen = Vec::new();
        loop {
            let path = |walk: &Walk<&[u8]>| {
                let steps = walk.path().iter().map(|step| match step {
                    Step::Key(key) => key.clone(),
                    Step::Index(index) => index.to_string(),
                });
                steps.collect::<Vec<_>>().join(".")
            };
            let what = match walk.next(whole) {
                Ok(None) => return seen,
                Ok(Some(Met::Begin)) => "begin".to_owned(),
                Ok(Some(Met::End)) => "end".to_owned(),
                Ok(Some(Met::Value { offset, length, bytes })) => {
                    let (begin, end) = (offset.try_into().unwrap(), (offset + length).try_into().unwrap());
                    assert_eq!(text.as_bytes().get(begin..end), Some(bytes));
                    String::from_utf8_lossy(bytes).into_owned()
                }
                Err(error) => {
                    seen.push(error.to_string());
                    return seen;
                }
            };
            seen.push(format!("{}={what}", path(&walk)));
        }
    }

    #[test]
    fn parts_are_given_whole_with_their_paths() {
        let text = concat!(
            r#"{"name": "a\"b", "messages": [ {"id": 1, "t": "}]"}, {"id":2}], "#,
            r#""n": [1, true, "x"], "e": {}}"#
        );
        let whole = |path: &[Step]| matches!(path, [Step::Key(key), Step::Index(_)] if key == "messages");
        assert_eq!(
            met(text, whole),
            [
                "=begin",
                "name=\"a\\\"b\"",
                "messages=begin",
                "messages.0={\"id\": 1, \"t\": \"}]\"}",
                "messages.1={\"id\":2}",
                "messages=end",
                "n=begin",
                "n.0=1",
                "n.1=true",
                "n.2=\"x\"",
                "n=end",
                "e=begin",
                "e=end",
                "=end"
            ]
        );
    }

    #[test]
    fn what_breaks_off_or_is_no_json_says_so() {
        let none = |_: &[Step]| false;
        assert_eq!(met("", none), Vec::<String>::new());
        assert_eq!(met("17", none), ["=17"]);
        for early in ["{\"a\": ", "[1, ", "{\"a\": \"x", "[\"\\"] {
            assert_eq!(
                met(early, none).last().map(String::as_str),
                Some("the document ends early"),
                "{early}"
            );
        }
        for broken in ["[1}", "{1: 2}", "]", "{\"a\" 1}", "[:]"] {
            assert!(met(broken, none).last().is_some_and(|end| end.starts_with("no JSON")), "{broken}");
        }
        let deep = "[".repeat(10_000);
        assert!(met(&deep, none).last().is_some_and(|end| end.starts_with("no JSON")));
    }
}
