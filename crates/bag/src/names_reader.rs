//! Goes through the lines of `names.jsonl` one by one.
//!
//! A line that is not in the one form is given as an error and the next one follows: a reader never fails
//! whole.

use std::io::{BufRead, BufReader, Read};

use crate::capsule_reader::CapsuleReadError;
use crate::name_lines::NameLine;
use crate::read_at::Part;

/// Most bytes of a line: an original and a target of 64 KiB each, in base64, and the rest.
pub(crate) const LINE_BYTES: u64 = 256 << 10;

/// The lines of a capsule's `names.jsonl`.
pub struct NamesReader<'a> {
    lines: Lines<BufReader<Part<'a>>>,
}

impl<'a> NamesReader<'a> {
    pub(crate) fn new(part: Part<'a>) -> Self {
        Self { lines: Lines::new(BufReader::with_capacity(64 << 10, part)) }
    }
}

impl Iterator for NamesReader<'_> {
    type Item = Result<NameLine, CapsuleReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.lines.next_line() {
            Ok(Some(Ok(line))) => Some(NameLine::parse(line).map_err(|_| CapsuleReadError::Line)),
            Ok(Some(Err(LongLine))) => Some(Err(CapsuleReadError::Line)),
            Ok(None) => None,
            Err(error) => {
                self.lines.stop();
                Some(Err(CapsuleReadError::Io(error)))
            }
        }
    }
}

/// A line without LF at its end or longer than any line may be.
pub(crate) struct LongLine;

/// Lines with a limit.
pub(crate) struct Lines<R> {
    inner: R,
    line: Vec<u8>,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Reading,
    Stopped,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, line: Vec::new(), state: State::Reading }
    }

    /// The next line without its LF; none at the end.
    pub(crate) fn next_line(&mut self) -> std::io::Result<Option<Result<&[u8], LongLine>>> {
        self.line.clear();
        if self.state == State::Stopped {
            return Ok(None);
        }
        let count = self.inner.by_ref().take(LINE_BYTES).read_until(b'\n', &mut self.line)?;
        if count == 0 {
            return Ok(None);
        }
        if self.line.pop() == Some(b'\n') {
            return Ok(Some(Ok(&self.line)));
        }
        self.inner.skip_until(b'\n')?;
        Ok(Some(Err(LongLine)))
    }

    fn stop(&mut self) {
        self.state = State::Stopped;
    }
}
