//! The parts of a mail with their places, found in one walk over its lines.

use std::ops::Range;

use mail_parser::ContentType;
use mail_parser::parsers::MessageStream;

use super::fields::{envelope, fields, is_field, is_known, without_coded_words};
use super::{Encoding, Field};

/// Most multiparts inside each other.
const DEPTH: usize = 32;
/// Most parts of one mail.
const PARTS: usize = 2_000;

/// What a mail is made of.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// The parts in order; the mail itself is the first.
    pub parts: Vec<Part>,
    /// Whether it is whole.
    pub shape: Shape,
    /// Where text stands between parts, before the first one of a multipart or after its last one; mail
    /// programs do not show it.
    pub beside: Vec<Range<usize>>,
}

/// Whether a mail is whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// As it should be.
    #[default]
    Whole,
    /// A multipart does not end.
    NoEnd,
    /// There are more parts than are looked at.
    TooManyParts,
}

/// A part of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where its header is.
    pub header: Range<usize>,
    /// Where its body is, as it is encoded.
    pub body: Range<usize>,
    /// The part it lies in.
    pub parent: Option<usize>,
    /// Whether other parts lie in it.
    pub is_multipart: bool,
    /// Its media type in small letters; `text/plain` if none is said.
    pub media_type: String,
    /// The character set it says.
    pub charset: Option<String>,
    /// How its body is encoded.
    pub encoding: Encoding,
    /// The name it gives itself.
    pub name: Option<String>,
    /// How it wants to be shown.
    pub disposition: Disposition,
    /// The identifier by which other parts name it.
    pub content_id: Option<String>,
}

/// How a part wants to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disposition {
    /// It does not say.
    #[default]
    Unsaid,
    /// In the mail.
    Inline,
    /// As an attachment.
    Attachment,
}

impl Part {
    /// Whether it is text of the mail itself, and not something attached.
    pub fn is_text(&self) -> bool {
        let of_text = matches!(self.media_type.as_str(), "text/plain" | "text/html");
        // A multipart that names no boundary can only be shown as it is.
        let broken = self.media_type.starts_with("multipart/");
        let stands_alone = self.name.is_none() || self.parent.is_none();
        !self.is_multipart
            && (of_text || broken)
            && stands_alone
            && self.disposition != Disposition::Attachment
    }
}

/// Finds the parts of a mail.
pub fn structure(mail: &[u8]) -> Structure {
    let mut walk = Walk { mail, found: Structure::default(), open: Vec::new() };
    walk.run();
    walk.found
}

/// Where the header ends that begins at `begin`: before its blank line, or before a line that is none of it.
pub(super) fn end_of_header(mail: &[u8], begin: usize) -> usize {
    let mut at = begin;
    while let Some((line, next)) = line_at(mail, at) {
        if line.is_empty() || !goes_on(mail, line, next) {
            return at;
        }
        at = next;
    }
    mail.len()
}

/// Whether a line belongs to a header: one that is no field does if the next one is a field of mails.
fn goes_on(mail: &[u8], line: &[u8], next: usize) -> bool {
    matches!(line.first(), Some(b' ' | b'\t'))
        || is_field(line)
        || line_at(mail, next).is_some_and(|(line, _)| fields(line).any(|field| is_known(field.name())))
}

/// The line at a place without its end, and where the next one begins.
fn line_at(mail: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = mail.get(at..).filter(|rest| !rest.is_empty())?;
    let end = memchr::memchr(b'\n', rest);
    let next = at.saturating_add(end.map_or(rest.len(), |end| end.saturating_add(1)));
    let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    Some((line.strip_suffix(b"\r").unwrap_or(line), next))
}

struct Walk<'m> {
    mail: &'m [u8],
    found: Structure,
    open: Vec<Open>,
}

/// A multipart whose end was not met yet.
struct Open {
    part: usize,
    boundary: Vec<u8>,
}

#[derive(Clone, Copy)]
enum State {
    /// In a header that began here.
    Header(usize),
    /// In the body of a part.
    Body(usize),
    /// Before the first or after the last part of a multipart, from here on.
    Between(usize),
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut at = envelope(self.mail);
        let mut state = State::Header(at);
        while let Some((line, next)) = line_at(self.mail, at) {
            if let Some((level, is_last)) = self.boundary(line) {
                self.end(state, self.before_break(at));
                self.close(level, is_last, at);
                state = if is_last { State::Between(next) } else { State::Header(next) };
            } else if let State::Header(begin) = state {
                if line.is_empty() {
                    state = self.begin(begin..at, next);
                } else if !goes_on(self.mail, line, next) {
                    state = self.begin(begin..at, at);
                }
            }
            if self.found.parts.len() >= PARTS {
                self.found.shape = Shape::TooManyParts;
                at = next;
                break;
            }
            at = next;
        }
        if matches!(state, State::Header(begin) if begin < at || self.found.parts.is_empty())
            || !matches!(state, State::Header(_))
        {
            self.end(state, at);
        }
        if !self.open.is_empty() {
            if self.found.shape == Shape::Whole {
                self.found.shape = Shape::NoEnd;
            }
            self.close(0, true, at);
        }
    }

    /// Which open multipart's boundary a line is, and whether it is the last one.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let line = line.strip_prefix(b"--")?;
        self.open.iter().enumerate().rev().find_map(|(level, open)| {
            let rest = line.strip_prefix(open.boundary.as_slice())?.trim_ascii_end();
            match rest {
                b"" => Some((level, false)),
                b"--" => Some((level, true)),
                _ => None,
            }
        })
    }

    /// A line break before a boundary belongs to the boundary.
    fn before_break(&self, at: usize) -> usize {
        let before = self.mail.get(..at).unwrap_or_default();
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        before.strip_suffix(b"\r").unwrap_or(before).len()
    }

    /// A header ended: the part it describes begins.
    fn begin(&mut self, header: Range<usize>, body: usize) -> State {
        let number = self.found.parts.len();
        let parent = self.open.last().map(|open| open.part);
        let digest = parent.and_then(|parent| self.found.parts.get(parent));
        let in_digest = digest.is_some_and(|part| part.media_type == "multipart/digest");
        let about = About::of(self.mail.get(header.clone()).unwrap_or_default(), in_digest);
        let boundary = about.boundary.filter(|_| self.open.len() < DEPTH);
        self.found.parts.push(Part {
            header,
            body: body..body,
            parent,
            is_multipart: boundary.is_some(),
            media_type: about.media_type,
            charset: about.charset,
            encoding: about.encoding,
            name: about.name,
            disposition: about.disposition,
            content_id: about.content_id,
        });
        match boundary {
            Some(boundary) => {
                self.open.push(Open { part: number, boundary });
                State::Between(body)
            }
            None => State::Body(number),
        }
    }

    /// What was being read ends here.
    fn end(&mut self, state: State, at: usize) {
        let part = match state {
            State::Between(begin) => {
                self.beside(begin..at);
                return;
            }
            State::Body(part) => part,
            State::Header(begin) => {
                let end = at.max(begin);
                match self.begin(begin..end, end) {
                    State::Body(part) => part,
                    _ => return,
                }
            }
        };
        if let Some(part) = self.found.parts.get_mut(part) {
            part.body.end = at.max(part.body.start);
        }
    }

    fn beside(&mut self, range: Range<usize>) {
        let text = self.mail.get(range.clone()).unwrap_or_default();
        if !text.trim_ascii().is_empty() && self.found.beside.len() < PARTS {
            self.found.beside.push(range);
        }
    }

    /// Multiparts deeper than this level end, and this one too if its last boundary was met.
    fn close(&mut self, level: usize, is_last: bool, at: usize) {
        let keep = if is_last { level } else { level.saturating_add(1) };
        while self.open.len() > keep
            && let Some(open) = self.open.pop()
        {
            if let Some(part) = self.found.parts.get_mut(open.part) {
                part.body.end = at.max(part.body.start);
            }
        }
    }
}

/// What the header of a part says about it.
#[derive(Default)]
struct About {
    media_type: String,
    boundary: Option<Vec<u8>>,
    charset: Option<String>,
    encoding: Encoding,
    name: Option<String>,
    disposition: Disposition,
    content_id: Option<String>,
}

impl About {
    fn of(header: &[u8], in_digest: bool) -> Self {
        let mut about = Self::default();
        let mut type_name = None;
        for field in fields(header).take(1_000) {
            if field.is("content-type") && about.media_type.is_empty() {
                type_name = about.content_type(field);
            } else if field.is("content-disposition") {
                about.content_disposition(field);
            } else if field.is("content-transfer-encoding") {
                about.encoding = Encoding::named(&field.raw());
            } else if field.is("content-id") {
                let id = field.raw();
                about.content_id = Some(id.trim_matches(['<', '>']).to_owned()).filter(|id| !id.is_empty());
            }
        }
        about.name = about.name.take().or(type_name);
        if about.media_type.is_empty() {
            let otherwise = if in_digest { "message/rfc822" } else { "text/plain" };
            otherwise.clone_into(&mut about.media_type);
        }
        about
    }

    fn content_type(&mut self, field: Field<'_>) -> Option<String> {
        let stream = field.stream();
        let value = MessageStream::new(&stream).parse_content_type();
        let value = value.as_content_type()?;
        let (main, sub) = (value.ctype(), value.subtype());
        self.media_type = match sub {
            Some(sub) => format!("{main}/{sub}").to_ascii_lowercase(),
            None if main.eq_ignore_ascii_case("text") => "text/plain".to_owned(),
            None => main.to_ascii_lowercase(),
        };
        self.charset = value.attribute("charset").map(str::to_owned).filter(|name| !name.is_empty());
        if self.media_type.starts_with("multipart/") {
            let boundary = value.attribute("boundary").unwrap_or_default();
            self.boundary = Some(boundary.as_bytes().to_vec()).filter(|boundary| !boundary.is_empty());
        }
        named(value, "name")
    }

    fn content_disposition(&mut self, field: Field<'_>) {
        let stream = field.stream();
        let value = MessageStream::new(&stream).parse_content_type();
        let Some(value) = value.as_content_type() else { return };
        self.disposition = match value.ctype() {
            kind if kind.eq_ignore_ascii_case("inline") => Disposition::Inline,
            kind if kind.eq_ignore_ascii_case("attachment") => Disposition::Attachment,
            _ => Disposition::Unsaid,
        };
        self.name = named(value, "filename");
    }
}

/// A name in a parameter; many programs put coded words there, which they should not.
fn named(value: &ContentType<'_>, parameter: &str) -> Option<String> {
    let name = value.attribute(parameter)?;
    let name = if name.contains("=?") { without_coded_words(name.as_bytes()) } else { name.to_owned() };
    Some(name).filter(|name| !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn seen(mail: &str) -> Vec<(String, String)> {
        let structure = structure(mail.as_bytes());
        let body = |part: &Part| mail.get(part.body.clone()).unwrap().to_owned();
        structure.parts.iter().map(|part| (part.media_type.clone(), body(part))).collect()
    }

    #[test]
    fn parts_are_found_with_their_places() {
        let mail = "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\nbefore\r\n--b\r\n\r\none\r\n--b\r\n\
                    Content-Type: text/html\r\n\r\n<p>two\r\n\r\n--b--\r\nafter\r\n";
        let parts = seen(mail);
        assert_eq!(parts[1], ("text/plain".to_owned(), "one".to_owned()));
        assert_eq!(parts[2], ("text/html".to_owned(), "<p>two\r\n".to_owned()));
        assert_eq!(parts.len(), 3);
        let structure = structure(mail.as_bytes());
        assert_eq!(structure.shape, Shape::Whole);
        let beside: Vec<_> = structure.beside.iter().map(|range| mail.get(range.clone()).unwrap()).collect();
        assert_eq!(beside, ["before", "after\r\n"]);
    }

    #[test]
    fn without_end_boundary_or_blank_line_there_are_still_parts() {
        let cut = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\nxy";
        assert_eq!(seen(cut)[1], ("image/png".to_owned(), "xy".to_owned()));
        assert_eq!(structure(cut.as_bytes()).shape, Shape::NoEnd);
        assert_eq!(seen("Subject: a\nno field here\nmore\n")[0].1, "no field here\nmore\n");
        assert_eq!(seen("no field here\nSubject: a\n\nmore\n")[0].1, "more\n");
        assert_eq!(seen("Content-Type: multipart/mixed\n\nx")[0].1, "x");
        assert_eq!(seen("Subject: only").len(), 1);
        assert_eq!(seen("").len(), 1);
    }

    #[test]
    fn names_come_decoded() {
        let mail = "Content-Disposition: attachment; filename*0*=utf-8''Gr%C3%BC; filename*1*=n.txt\n\nx";
        assert_eq!(structure(mail.as_bytes()).parts[0].name.as_deref(), Some("Gr\u{fc}n.txt"));
        let mail = "Content-Type: image/png; name=\"=?UTF-8?B?w7wucG5n?=\"\n\nx";
        assert_eq!(structure(mail.as_bytes()).parts[0].name.as_deref(), Some("\u{fc}.png"));
    }

    #[test]
    fn nesting_without_end_costs_no_stack() {
        let mut mail = String::new();
        for level in 0..50_000 {
            write!(mail, "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n").unwrap();
        }
        let structure = structure(mail.as_bytes());
        assert!(structure.parts.len() <= DEPTH + 1);
        assert_eq!(structure.shape, Shape::NoEnd);
    }

    const PIECES: &str =
        "(Content-Type: multipart/mixed; boundary=b\n|--b\n|--b--\n|\r?\n|[a-z:=; ]{0,9}){0,40}";

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(mail in PIECES) {
            let structure = structure(mail.as_bytes());
            for part in &structure.parts {
                proptest::prop_assert!(mail.as_bytes().get(part.body.clone()).is_some());
                proptest::prop_assert!(mail.as_bytes().get(part.header.clone()).is_some());
            }
        }
    }
}
