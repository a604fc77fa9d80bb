//! The tags and texts of a document, one after the other, with their places.

use std::io::{self, BufRead, BufReader, Read};

use crate::part::At;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `<tag …>`.
    Open,
    /// `</tag>`.
    Close,
    /// Text between tags.
    Text,
    /// A comment, a declaration.
    Other,
    /// A tag at whose end the document ends early, or that is longer than any tag.
    Broken,
}

/// Longer than any tag that a program wrote.
const MOST_TAG_BYTES: u64 = 256 << 10;

/// A document being read.
pub(crate) struct Tokens<R> {
    input: BufReader<R>,
    offset: u64,
    raw: Vec<u8>,
    most_bytes: usize,
}

impl<R: Read> Tokens<R> {
    /// Of a token at most `most_bytes` are kept.
    pub(crate) fn new(input: R, most_bytes: u64) -> Self {
        let most_bytes = usize::try_from(most_bytes).unwrap_or(usize::MAX);
        Self { input: BufReader::with_capacity(256 << 10, input), offset: 0, raw: Vec::new(), most_bytes }
    }

    /// The bytes of the last token, cut at the limit.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The next token; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<(Kind, At)>> {
        self.raw.clear();
        let begin = self.offset;
        let kind = match self.peek()? {
            None => return Ok(None),
            Some(b'<') => {
                self.take(b'<');
                match self.peek()? {
                    Some(b'/') => self.tag(Kind::Close)?,
                    Some(b'!' | b'?') => self.declaration()?,
                    Some(byte) if byte.is_ascii_alphabetic() => self.tag(Kind::Open)?,
                    _ => self.text()?,
                }
            }
            Some(_) => self.text()?,
        };
        Ok(Some((kind, At::between(begin, self.offset))))
    }

    /// Up to the next bracket.
    fn text(&mut self) -> io::Result<Kind> {
        loop {
            let available = self.input.fill_buf()?;
            let end = memchr::memchr(b'<', available);
            let used = end.unwrap_or(available.len());
            let room = self.most_bytes.saturating_sub(self.raw.len());
            self.raw.extend_from_slice(available.get(..used.min(room)).unwrap_or_default());
            self.input.consume(used);
            self.offset = self.offset.saturating_add(used as u64);
            if end.is_some() || used == 0 {
                return Ok(Kind::Text);
            }
        }
    }

    /// Up to the bracket that is not inside quotes. Exporters escape brackets inside quotes, so a bracket
    /// that opens there means that a quote was lost: the tag ends before it.
    fn tag(&mut self, kind: Kind) -> io::Result<Kind> {
        let begin = self.offset;
        let mut quote = None;
        let mut before = b' ';
        while let Some(byte) = self.peek()? {
            if byte == b'<' {
                return Ok(kind);
            }
            self.take(byte);
            match (quote, byte) {
                (None, b'>') => return Ok(kind),
                // Only here does a quote begin a value, so that a lost one costs little.
                (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
            if self.offset.saturating_sub(begin) > MOST_TAG_BYTES {
                break;
            }
        }
        Ok(Kind::Broken)
    }

    /// A comment up to its end, anything else up to the bracket.
    fn declaration(&mut self) -> io::Result<Kind> {
        let mut last = [0, 0];
        while let Some(byte) = self.peek()? {
            self.take(byte);
            let comment = self.raw.starts_with(b"<!--");
            if byte == b'>' && (!comment || (last == *b"--" && self.raw.len() > 6)) {
                return Ok(Kind::Other);
            }
            let [_, second] = last;
            last = [second, byte];
        }
        Ok(Kind::Broken)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn take(&mut self, byte: u8) {
        if self.raw.len() < self.most_bytes {
            self.raw.push(byte);
        }
        self.input.consume(1);
        self.offset = self.offset.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(Kind, String)> {
        let mut tokens = Tokens::new(text.as_bytes(), 1 << 20);
        let mut all = Vec::new();
        let mut end = 0;
        while let Some((kind, at)) = tokens.next().unwrap() {
            assert_eq!(at.offset, end);
            end = at.end();
            all.push((kind, String::from_utf8_lossy(tokens.raw()).into_owned()));
        }
        assert_eq!(end, text.len() as u64);
        all
    }

    #[test]
    fn tags_texts_and_comments_in_order() {
        let all = tokens("<!DOCTYPE html><!-- <p> > --><a href=\"x>y\">1 < 2</a>\n");
        let kinds: Vec<Kind> = all.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(
            kinds,
            [Kind::Other, Kind::Other, Kind::Open, Kind::Text, Kind::Text, Kind::Close, Kind::Text]
        );
        assert_eq!(all.get(2).map(|(_, raw)| raw.as_str()), Some("<a href=\"x>y\">"));
    }

    #[test]
    fn what_is_cut_is_broken() {
        for cut in ["<div class=\"a", "<!-- x", "</di"] {
            assert_eq!(tokens(cut).last().map(|(kind, _)| *kind), Some(Kind::Broken), "{cut}");
        }
        let all = tokens("<a class=\"x>1</a><b id=\"y\">");
        let raw: Vec<&str> = all.iter().map(|(_, raw)| raw.as_str()).collect();
        assert_eq!(raw, ["<a class=\"x>1", "</a>", "<b id=\"y\">"]);
        assert_eq!(tokens("a<").last().map(|(kind, _)| *kind), Some(Kind::Text));
    }
}
