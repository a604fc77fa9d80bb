//! The blocks of a document that hold a message each: where they lie.

use std::io::{self, Read};

use super::{Kind, Tag, Tokens};
use crate::part::At;

/// Longer than any title.
const MOST_TITLE_BYTES: usize = 4096;

/// What is met.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A block, whole or cut.
    Message(At, Ended),
    /// The text of the first heading or title.
    Title(String),
}

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With its own end.
    Whole,
    /// With the beginning of the next, without its own end.
    Open,
    /// With the document.
    Cut,
}

/// A document being gone through.
pub(crate) struct Blocks<R> {
    tokens: Tokens<R>,
    begins: fn(&Tag) -> bool,
    is_title: fn(&Tag) -> bool,
    /// Where the block began, and the names of what is open in it.
    block: Option<(u64, Vec<String>)>,
    title: Option<(String, String)>,
    end: u64,
    /// Whether the end of the document was met.
    pub(crate) closed: Closed,
}

/// Whether a document was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// `</html>` or `</body>` was there.
    Yes,
    /// It was not.
    No,
}

impl<R: Read> Blocks<R> {
    /// `begins` says of a tag whether a message begins with it, `is_title` whether its text is the title.
    pub(crate) fn new(input: R, begins: fn(&Tag) -> bool, is_title: fn(&Tag) -> bool) -> Self {
        /// Tags are short, and of texts only the title is wanted.
        const MOST_BYTES: u64 = 64 << 10;
        let tokens = Tokens::new(input, MOST_BYTES);
        let closed = Closed::No;
        Self { tokens, begins, is_title, block: None, title: None, end: 0, closed }
    }

    /// The next block or title; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Block>> {
        while let Some((kind, at)) = self.tokens.next()? {
            self.end = at.end();
            let found = match kind {
                Kind::Open => self.open(at),
                Kind::Close => self.close(at),
                Kind::Text => {
                    if let Some((_, title)) =
                        self.title.as_mut().filter(|(_, title)| title.len() < MOST_TITLE_BYTES)
                    {
                        title
                            .push_str(&super::entities::decoded(&String::from_utf8_lossy(self.tokens.raw())));
                    }
                    None
                }
                Kind::Other | Kind::Broken => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        let last = self.block.take();
        Ok(last.map(|(begin, _)| Block::Message(At::between(begin, self.end), Ended::Cut)))
    }

    fn open(&mut self, at: At) -> Option<Block> {
        let tag = Tag::new(self.tokens.raw());
        if tag.is_void() {
            return None;
        }
        if (self.begins)(&tag) {
            let before = self.block.replace((at.offset, vec![tag.name]));
            return before.map(|(begin, _)| Block::Message(At::between(begin, at.offset), Ended::Open));
        }
        match &mut self.block {
            Some((_, open)) => {
                /// Deeper than any message; what is deeper does not count.
                const MOST_DEPTH: usize = 256;
                if open.len() < MOST_DEPTH {
                    open.push(tag.name);
                }
            }
            None if self.title.is_none() && (self.is_title)(&tag) => {
                self.title = Some((tag.name, String::new()));
            }
            None => {}
        }
        None
    }

    fn close(&mut self, at: At) -> Option<Block> {
        let name = Tag::new(self.tokens.raw()).name;
        if let Some((begin, open)) = &mut self.block {
            let begin = *begin;
            let closed = matches!(name.as_str(), "html" | "body" | "main");
            let position = open.iter().rposition(|other| *other == name);
            if let Some(position) = position {
                open.truncate(position);
            }
            if open.is_empty() || (closed && position.is_none()) {
                let end = if open.is_empty() { at.end() } else { at.offset };
                let ended = if open.is_empty() { Ended::Whole } else { Ended::Open };
                self.block = None;
                if closed {
                    self.closed = Closed::Yes;
                }
                return Some(Block::Message(At::between(begin, end), ended));
            }
            return None;
        }
        if matches!(name.as_str(), "html" | "body") {
            self.closed = Closed::Yes;
        }
        let (tag, text) = self.title.take()?;
        if tag != name {
            self.title = Some((tag, text));
            return None;
        }
        let title = text.trim();
        (!title.is_empty()).then(|| Block::Title(title.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> (Vec<(String, Option<Ended>)>, Closed) {
        let is_message = |tag: &Tag| tag.has_class("m");
        let mut blocks = Blocks::new(text.as_bytes(), is_message, |tag| tag.name == "title");
        let mut all = Vec::new();
        while let Some(block) = blocks.next().unwrap() {
            all.push(match block {
                Block::Title(title) => (title, None),
                Block::Message(at, ended) => {
                    let (begin, end) =
                        (usize::try_from(at.offset).unwrap(), usize::try_from(at.end()).unwrap());
                    (text.get(begin..end).unwrap().to_owned(), Some(ended))
                }
            });
        }
        (all, blocks.closed)
    }

    #[test]
    fn blocks_whole_open_and_cut() {
        let text = "<html><title> A &amp; B </title><div class=m>1<br><div>x</div></div> <p>no</p>\
                    <div class=m>2<div class=m>3</div></body></html>";
        let (all, closed) = blocks(text);
        let expected = [
            ("A & B", None),
            ("<div class=m>1<br><div>x</div></div>", Some(Ended::Whole)),
            ("<div class=m>2", Some(Ended::Open)),
            ("<div class=m>3</div>", Some(Ended::Whole)),
        ];
        let all: Vec<(&str, Option<Ended>)> =
            all.iter().map(|(text, ended)| (text.as_str(), *ended)).collect();
        assert_eq!((all.as_slice(), closed), (&expected[..], Closed::Yes));
        let (all, closed) = blocks("<div class=m>1<b>x");
        assert_eq!((all.len(), all[0].1, closed), (1, Some(Ended::Cut), Closed::No));
    }
}
