//! The tags of an XML document of any size with their places, read in constant memory.
//!
//! For exports whose whole content stands in attributes. Values longer than the limit are passed over and
//! their length is told, so an attachment in an attribute costs nothing. Deliberately no text between tags,
//! no namespaces, and no entities beyond the five of XML and numbers: a document type is passed over, so
//! nothing can be blown up. Halves of characters beyond 16 bits written as two numbers (`&#55357;&#56832;`),
//! which XML forbids and Android programs write, are put together.

use std::io::{self, BufRead, BufReader, Read};

/// A walk from tag to tag.
pub(crate) struct Tags<R> {
    input: BufReader<R>,
    offset: u64,
    most_bytes: usize,
}

/// A tag.
#[derive(Debug)]
pub(crate) struct Tag {
    /// What sort.
    pub(crate) kind: TagKind,
    /// Its name.
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) offset: u64,
    /// Its length in bytes.
    pub(crate) length: u64,
    /// Its attributes in their order.
    pub(crate) attributes: Vec<Attribute>,
    /// Whether it ended as it should.
    pub(crate) end: TagEnd,
}

/// What sort of tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagKind {
    /// An element begins.
    Open,
    /// An element without content.
    Empty,
    /// An element ends.
    Close,
    /// A document type; it was passed over.
    DocumentType,
}

/// How a tag ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagEnd {
    /// As it should.
    Whole,
    /// In the middle: another tag begins, or the document ends.
    Broken,
}

/// An attribute.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// Its name.
    pub(crate) name: String,
    /// Its value as it stands, cut at the limit.
    pub(crate) raw: Vec<u8>,
    /// Where the value begins.
    pub(crate) offset: u64,
    /// The length of the value in bytes.
    pub(crate) length: u64,
}

/// Most attributes of one tag that are kept.
const ATTRIBUTES_MOST: usize = 200;
/// The longest name that is kept.
const NAME_MOST: usize = 200;

impl<R: Read> Tags<R> {
    /// Values of attributes are kept with at most `most_bytes`.
    pub(crate) fn new(input: R, most_bytes: usize) -> Self {
        Self { input: BufReader::with_capacity(256 << 10, input), offset: 0, most_bytes }
    }

    /// The next tag; none at the end.
    pub(crate) fn next_tag(&mut self) -> io::Result<Option<Tag>> {
        loop {
            if self.until(|byte| byte == b'<', None)?.is_none() {
                return Ok(None);
            }
            let offset = self.offset;
            self.skip();
            match self.peek()? {
                None => return Ok(None),
                Some(b'?') => self.pass_over(b"?>")?,
                Some(b'!') => {
                    if let Some(tag) = self.declaration(offset)? {
                        return Ok(Some(tag));
                    }
                }
                Some(b'/') => {
                    self.skip();
                    return self.tag(offset, TagKind::Close).map(Some);
                }
                Some(_) => return self.tag(offset, TagKind::Open).map(Some),
            }
        }
    }

    fn tag(&mut self, offset: u64, kind: TagKind) -> io::Result<Tag> {
        let name = self.name()?;
        let mut tag = Tag { kind, name, offset, length: 0, attributes: Vec::new(), end: TagEnd::Whole };
        loop {
            match self.peek()? {
                None | Some(b'<') => {
                    tag.end = TagEnd::Broken;
                    break;
                }
                Some(b'>') => {
                    self.skip();
                    break;
                }
                Some(b'/') => {
                    self.skip();
                    if self.peek()? == Some(b'>') && tag.kind == TagKind::Open {
                        tag.kind = TagKind::Empty;
                    }
                }
                Some(byte) if byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'') => {
                    self.skip();
                }
                Some(_) => {
                    let attribute = self.attribute(&mut tag.end)?;
                    if tag.attributes.len() < ATTRIBUTES_MOST {
                        tag.attributes.push(attribute);
                    }
                }
            }
        }
        tag.length = self.offset.saturating_sub(offset);
        Ok(tag)
    }

    fn attribute(&mut self, end: &mut TagEnd) -> io::Result<Attribute> {
        let name = self.name()?;
        let mut attribute = Attribute { name, raw: Vec::new(), offset: self.offset, length: 0 };
        self.space()?;
        if self.peek()? != Some(b'=') {
            return Ok(attribute);
        }
        self.skip();
        self.space()?;
        let quote = self.peek()?;
        let quote = quote.filter(|quote| matches!(quote, b'"' | b'\''));
        if quote.is_some() {
            self.skip();
        }
        attribute.offset = self.offset;
        let ends = |byte: u8| match quote {
            Some(quote) => byte == quote || byte == b'<',
            None => byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<'),
        };
        let stopped = self.until(ends, Some(&mut attribute.raw))?;
        attribute.length = self.offset.saturating_sub(attribute.offset);
        if quote.is_some() && stopped == quote {
            self.skip();
        } else if quote.is_some() {
            *end = TagEnd::Broken;
        }
        Ok(attribute)
    }

    fn name(&mut self) -> io::Result<String> {
        let mut name = Vec::new();
        let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/' | b'>' | b'<');
        self.until(ends, Some(&mut name))?;
        name.truncate(NAME_MOST);
        Ok(String::from_utf8_lossy(&name).into_owned())
    }

    fn space(&mut self) -> io::Result<()> {
        self.until(|byte| !byte.is_ascii_whitespace(), None).map(|_| ())
    }

    /// A comment, a CDATA section or a document type.
    fn declaration(&mut self, offset: u64) -> io::Result<Option<Tag>> {
        self.skip();
        match self.peek()? {
            Some(b'-') => self.pass_over(b"-->")?,
            Some(b'[') => self.pass_over(b"]]>")?,
            _ => {
                let mut depth = 0_u32;
                while let Some(byte) = self.until(|byte| matches!(byte, b'[' | b']' | b'>'), None)? {
                    self.skip();
                    match byte {
                        b'[' => depth = depth.saturating_add(1),
                        b']' => depth = depth.saturating_sub(1),
                        _ if depth == 0 => break,
                        _ => {}
                    }
                }
                let length = self.offset.saturating_sub(offset);
                let (kind, end) = (TagKind::DocumentType, TagEnd::Whole);
                return Ok(Some(Tag {
                    kind,
                    name: String::new(),
                    offset,
                    length,
                    attributes: Vec::new(),
                    end,
                }));
            }
        }
        Ok(None)
    }

    fn pass_over(&mut self, end: &[u8]) -> io::Result<()> {
        let mut last = [0_u8; 3];
        while let Some(byte) = self.peek()? {
            self.skip();
            last = [last[1], last[2], byte];
            if last.ends_with(end) {
                break;
            }
        }
        Ok(())
    }

    /// Goes on to the first byte that ends; gives it without passing it, and keeps what came before it.
    fn until(&mut self, ends: impl Fn(u8) -> bool, mut kept: Option<&mut Vec<u8>>) -> io::Result<Option<u8>> {
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(None);
            }
            let at = available.iter().position(|byte| ends(*byte));
            let used = at.unwrap_or(available.len());
            if let Some(kept) = kept.as_deref_mut() {
                let room = self.most_bytes.saturating_sub(kept.len()).min(used);
                kept.extend_from_slice(available.get(..room).unwrap_or_default());
            }
            let stopped = at.and_then(|at| available.get(at)).copied();
            self.input.consume(used);
            self.offset = self.offset.saturating_add(used as u64);
            if stopped.is_some() {
                return Ok(stopped);
            }
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.fill_buf() {
                Ok(available) => return Ok(available.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn skip(&mut self) {
        self.input.consume(1);
        self.offset = self.offset.saturating_add(1);
    }
}

impl Tag {
    /// The attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The value of the attribute of this name, as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.attribute(name).map(|attribute| unescaped(&attribute.raw))
    }
}

/// A value with its references resolved.
pub(crate) fn unescaped(raw: &[u8]) -> String {
    let raw = String::from_utf8_lossy(raw);
    let mut text = String::with_capacity(raw.len());
    let mut rest = &*raw;
    let mut high: Option<u16> = None;
    while let Some((before, after)) = rest.split_once('&') {
        settle(&mut high, !before.is_empty(), &mut text);
        text.push_str(before);
        let reference = after.split_once(';').filter(|(name, _)| name.len() <= 12 && !name.contains('&'));
        let Some((name, behind)) = reference else {
            settle(&mut high, true, &mut text);
            text.push('&');
            rest = after;
            continue;
        };
        rest = behind;
        match number(name) {
            Some(half @ 0xd800..=0xdbff) => {
                settle(&mut high, true, &mut text);
                high = u16::try_from(half).ok();
            }
            Some(half @ 0xdc00..=0xdfff) => {
                let pair = [high.take(), u16::try_from(half).ok()].into_iter().flatten();
                text.extend(char::decode_utf16(pair).map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            Some(code) => {
                settle(&mut high, true, &mut text);
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            None => {
                settle(&mut high, true, &mut text);
                match name {
                    "amp" => text.push('&'),
                    "lt" => text.push('<'),
                    "gt" => text.push('>'),
                    "quot" => text.push('"'),
                    "apos" => text.push('\''),
                    other => text.extend(["&", other, ";"]),
                }
            }
        }
    }
    settle(&mut high, true, &mut text);
    text.push_str(rest);
    text
}

/// A first half that no second half follows.
fn settle(high: &mut Option<u16>, alone: bool, text: &mut String) {
    if alone && high.take().is_some() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('#')?;
    match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &str) -> Vec<Tag> {
        let mut walk = Tags::new(text.as_bytes(), 16);
        std::iter::from_fn(|| walk.next_tag().unwrap()).collect()
    }

    #[test]
    fn tags_with_places_and_values() {
        let text = "<?xml version='1.0'?><!-- <x/> --><a n=\"1\"> <b v='x>y' /></a>";
        let read = tags(text);
        let kinds: Vec<(TagKind, &str)> = read.iter().map(|tag| (tag.kind, tag.name.as_str())).collect();
        assert_eq!(kinds, [(TagKind::Open, "a"), (TagKind::Empty, "b"), (TagKind::Close, "a")]);
        let place = usize::try_from(read[1].offset).unwrap();
        assert_eq!(&text[place..place + usize::try_from(read[1].length).unwrap()], "<b v='x>y' />");
        assert_eq!(read[1].text("v").as_deref(), Some("x>y"));
    }

    #[test]
    fn long_values_are_passed_over_and_their_length_is_told() {
        let read = tags(&format!("<p data=\"{}\" x=\"1\"/>", "A".repeat(1000)));
        let data = read[0].attribute("data").unwrap();
        assert_eq!((data.raw.len(), data.length, data.offset), (16, 1000, 9));
        assert_eq!(read[0].text("x").as_deref(), Some("1"));
    }

    #[test]
    fn halves_are_put_together_and_bombs_stay_small() {
        assert_eq!(unescaped(b"a&#55357;&#56832;b"), "a😀b");
        assert_eq!(
            unescaped(b"&#55357;x &#56832; &#55357;&#55357;&#56832;"),
            "\u{fffd}x \u{fffd} \u{fffd}😀"
        );
        assert_eq!(unescaped(b"&lt;&amp;&#10;&#x41; &bomb; & &#0; &#x110000;"), "<&\nA &bomb; & \0 \u{fffd}");
        let read = tags("<!DOCTYPE a [<!ENTITY b \"<c/>\">]><a v=\"&b;\"/>");
        assert_eq!((read.len(), read[0].kind), (2, TagKind::DocumentType));
        assert_eq!(read[1].text("v").as_deref(), Some("&b;"));
    }

    #[test]
    fn a_tag_that_breaks_off_does_not_swallow_the_next() {
        let read = tags("<a v=\"open <b w=\"2\"/><c");
        assert_eq!((read[0].end, read[1].end, read[2].end), (TagEnd::Broken, TagEnd::Whole, TagEnd::Broken));
        assert_eq!(read[1].text("w").as_deref(), Some("2"));
    }
}
